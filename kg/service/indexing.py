"""Floor 10: has the text index of each generation made that becomes live, by a process of its own.

The server's first process watches, so that one index is made however many processes answer. Until
it is there, they answer from that of the generation before.
"""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from kg.errors import KgError
from kg.search import find_index
from kg.service.generations import stamp_of
from kg.store.folders import CURRENT, read_current

FOLDER = "search"
"""Where in the folder that the processes share an index is, if the graph cannot be written to."""

_LOOK_SECONDS = 0.2
_AGAIN_SECONDS = 2
_LONGEST_PAUSE = 60
_END_SECONDS = 5

# A process that is forked while another is begun would keep the pipe open on which that one tells
# that it runs, and whoever begins it would wait for as long as the forked one lives.
_FORKING = threading.Lock()
os.register_at_fork(
    before=_FORKING.acquire, after_in_parent=_FORKING.release, after_in_child=_FORKING.release
)


class Indexer:
    """Makes indexes until `stop`; `spare` takes those of a graph that cannot be written to."""

    def __init__(self, folder: Path, spare: Path) -> None:
        self._folder = folder
        self._spare = spare
        self._stamp = (0, 0)
        self._making: subprocess.Popen[bytes] | None = None
        self._not_before = 0.0
        self._pause = _AGAIN_SECONDS
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to watch, in a thread of its own."""
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the watch, and what it has begun."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()

    def _watch(self) -> None:
        while not self._stopped.is_set():
            self._look()
            self._stopped.wait(_LOOK_SECONDS)
        if self._making is not None:
            self._making.terminate()
            try:
                self._making.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                self._making.kill()
                self._making.wait()

    def _look(self) -> None:
        """Begin to make the index of the live generation, where there is none."""
        if self._making is not None:
            code = self._making.poll()
            if code is None:
                # One at a time: a generation that comes meanwhile has its turn after.
                return
            self._making = None
            if code:
                # It may be a passing state, or one that lasts, such as a disk that is full.
                self._stamp = (0, 0)
                self._not_before = time.monotonic() + self._pause
                self._pause = min(2 * self._pause, _LONGEST_PAUSE)
            else:
                self._pause = _AGAIN_SECONDS
        stamp = stamp_of(self._folder / CURRENT)
        if stamp == self._stamp or time.monotonic() < self._not_before:
            return
        try:
            generation = read_current(self._folder)
        except (KgError, OSError):
            return
        self._stamp = stamp
        if generation and find_index(self._folder, generation, self._spare) is None:
            command = [sys.executable, "-m", "kg.search"]
            with _FORKING:
                self._making = subprocess.Popen(  # noqa: S603 (ourselves)
                    [*command, str(self._folder), generation, str(self._spare)],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                )
