"""Floor 10: a store elsewhere in the place of a graph: what is known of it, and if it answers."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

from kg import __version__
from kg.errors import KgError

AGENT = f"kg/{__version__} (https://w3id.org/litkg/)"
NAME = "the store behind this server"
"""What it is called to clients, whom its address does not concern."""

CHECK = "SELECT ?s ?p ?o WHERE { ?s ?p ?o } LIMIT 1"
CHECK_SECONDS = 5.0
"""What a store is asked to see whether it answers, and in how many seconds."""

_FRESH_SECONDS = 2.0


class Elsewhere:
    """Stands for the generation of a graph that is elsewhere, and has none.

    It may change at any time, unseen. What was answered is therefore forgotten after `keep`
    seconds: `generation` is another name then, and `changed` is called.
    """

    graph = None

    def __init__(self, address: str, keep: float, changed: Callable[[], None]) -> None:
        self._address = address
        self._keep = keep
        self._changed = changed
        self._count = 0
        self._checking = asyncio.Lock()
        self._checked = float("-inf")
        self._answers = False

    @property
    def generation(self) -> str:
        """A name for what is answered now."""
        return f"elsewhere-{self._count}"

    def look(self) -> None:
        """Nothing can be seen of the store."""

    async def watch(self) -> None:
        """Forget what was answered, again and again."""
        while True:
            await asyncio.sleep(self._keep or 1)
            self._count += 1
            self._changed()

    async def wait_for_all(self, generation: str, seconds: float) -> bool:  # noqa: ARG002
        """Nobody writes here."""
        return False

    async def answers(self) -> bool:
        """Tell whether the store answers; it is asked every other second at most."""
        async with self._checking:
            if time.monotonic() - self._checked > _FRESH_SECONDS:
                self._answers = await asyncio.to_thread(does_answer, self._address)
                self._checked = time.monotonic()
        return self._answers

    def close(self) -> None:
        """Nothing is held."""


def does_answer(address: str) -> bool:
    """Tell whether a store answers a query."""
    from kg.web.remote import connect  # noqa: PLC0415 (a server of a folder need not read it)

    with suppress(KgError):
        remote = connect(address, seconds=CHECK_SECONDS, agent=AGENT, name=NAME)
        try:
            remote.query(CHECK)
        finally:
            remote.close()
        return True
    return False
