"""Floor 10: which generation is served, here and by the other processes of the server.

Each process looks at CURRENT a few times a second. It tells the others what it serves by a file of
its own in a folder that all of them know, so that who has written can wait until all have read it.
"""

import asyncio
import os
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

from kg.errors import KgError
from kg.store import Graph, open_graph

_LOOK_SECONDS = 0.2
_WAIT_SECONDS = 0.01


class Served:
    """The generation that this process serves; `changed` is called when there is another one."""

    def __init__(self, folder: Path, state: Path, changed: Callable[[], None]) -> None:
        self._folder = folder
        self._state = state
        self._changed = changed
        self._held = ExitStack()
        self._stamp = (0, 0)
        self.graph: Graph | None = None

    @property
    def generation(self) -> str:
        """The name of the generation that is served; empty where there is none."""
        return "" if self.graph is None else self.graph.generation

    async def answers(self) -> bool:
        """Tell whether there is a graph."""
        return self.graph is not None

    def look(self) -> None:
        """Open the live generation if it is not open yet.

        Raises:
            StoreError: if there is none; the one before is served on.
        """
        stamp = stamp_of(self._folder / "CURRENT")
        if stamp == self._stamp:
            return
        held = ExitStack()
        graph = held.enter_context(open_graph(self._folder))
        before, self._held = self._held, held
        self.graph, self._stamp = graph, stamp
        before.close()
        self._changed()
        told = self._state / f".{os.getpid()}"
        told.write_text(graph.generation, encoding="ascii")
        told.replace(self._state / str(os.getpid()))

    async def watch(self) -> None:
        """Go on looking."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            with suppress(KgError, OSError):
                self.look()

    async def wait_for_all(self, generation: str, seconds: float) -> bool:
        """Wait until every process serves a generation or a later one; False where one does not."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not self._have_all(generation):
                    await asyncio.sleep(_WAIT_SECONDS)
                return True
        return False

    def _have_all(self, generation: str) -> bool:
        for path in self._state.glob("[0-9]*"):
            try:
                os.kill(int(path.name), 0)
                served = path.read_text(encoding="ascii")
            except ProcessLookupError:
                path.unlink(missing_ok=True)
                continue
            except FileNotFoundError:
                continue
            if served < generation:  # they begin with their sequence number
                return False
        return True

    def close(self) -> None:
        """Let go of the generation."""
        self._held.close()
        (self._state / str(os.getpid())).unlink(missing_ok=True)


def stamp_of(path: Path) -> tuple[int, int]:
    """Return what tells one state of a file from another; zeros where it is not there."""
    try:
        status = path.stat()
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_ino
