"""Floor 10: starts the server: processes that share an address, each with workers of its own."""

import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path

from granian import Granian
from granian.constants import Interfaces

from kg.service.app import Service, Settings


def serve(settings: Settings, *, host: str, port: int, processes: int) -> None:
    """Serve a graph until the process is ended; `state` of the settings is made here."""
    with tempfile.TemporaryDirectory(prefix="kg-serve-") as state:
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
        server.serve(target_loader=loader, wrap_loader=False)


def _load(settings: Settings, *_: object) -> Service:
    return Service(settings)
