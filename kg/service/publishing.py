"""Floor 10: a graph without the texts of its sentences, kept up to date for a server to show."""

import threading
from contextlib import suppress
from pathlib import Path

from kg.errors import KgError
from kg.exports import leave_out_texts
from kg.service.generations import stamp_of
from kg.store import open_graph, publish_copy

_LOOK_SECONDS = 0.2


class Publisher:
    """Makes a copy without texts of each generation that becomes live."""

    def __init__(self, folder: Path, published: Path) -> None:
        self._folder = folder
        self._published = published
        self._stamp = (0, 0)
        self._stopped = threading.Event()

    def look(self) -> None:
        """Publish what is live, if it is not published yet.

        Raises:
            StoreError: if there is no graph, or the disk is full.
        """
        stamp = stamp_of(self._folder / "CURRENT")
        if stamp != self._stamp:
            with open_graph(self._folder) as graph:
                publish_copy(graph, self._published, leave_out_texts)
            self._stamp = stamp

    def watch(self) -> None:
        """Go on looking, until `stop`."""
        while not self._stopped.wait(_LOOK_SECONDS):
            with suppress(KgError, OSError):
                self.look()

    def stop(self) -> None:
        """End the watch."""
        self._stopped.set()
