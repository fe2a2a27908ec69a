"""Floor 10: starts the server: processes that share an address, each with workers of its own."""

from functools import partial

from granian import Granian
from granian.constants import Interfaces

from kg.service.app import Service, Settings


def serve(settings: Settings, *, host: str, port: int, processes: int) -> None:
    """Serve a graph until the process is ended."""
    server = Granian(
        "kg.service.app:Service",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=processes,
        log_access=False,
        respawn_failed_workers=True,
    )
    server.serve(target_loader=partial(_load, settings), wrap_loader=False)


def _load(settings: Settings, *_: object) -> Service:
    return Service(settings)
