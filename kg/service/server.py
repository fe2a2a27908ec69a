"""Floor 10: starts the server: processes that share an address, each with workers of its own."""

import tempfile
import threading
from dataclasses import replace
from functools import partial
from pathlib import Path

from granian import Granian
from granian.constants import Interfaces

from kg.service.app import Service
from kg.service.publishing import Publisher
from kg.service.settings import Settings


def serve(settings: Settings, *, host: str, port: int, processes: int) -> None:
    """Serve a graph until the process is ended; `state` of the settings is made here.

    Without `texts` a copy of the graph is served from which they were taken out; nobody may write
    to it.

    Raises:
        StoreError: if there is no graph, or no room for the copy.
    """
    with tempfile.TemporaryDirectory(prefix="kg-serve-", ignore_cleanup_errors=True) as state:
        publisher = None
        if not settings.texts:
            published = Path(state, "published.kg")
            publisher = Publisher(settings.source.folder, published)
            publisher.look()
            threading.Thread(target=publisher.watch, daemon=True).start()
            settings = replace(
                settings, source=replace(settings.source, folder=published), token=""
            )
        server = Granian(
            "kg.service.app:Service",
            address=host,
            port=port,
            interface=Interfaces.ASGI,
            workers=processes,
            log_access=False,
            respawn_failed_workers=True,
            respawn_interval=0.1,
            websockets=False,
            workers_kill_timeout=10,
        )
        loader = partial(_load, replace(settings, state=Path(state)))
        try:
            server.serve(target_loader=loader, wrap_loader=False)
        finally:
            if publisher is not None:
                publisher.stop()


def _load(settings: Settings, *_: object) -> Service:
    return Service(settings)
