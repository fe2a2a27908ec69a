"""Floor 10: starts the server: processes that share an address, each with workers of its own."""

import contextlib
import http.client
import os
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.utils.proxies import wrap_asgi_with_proxy_headers

from kg.errors import KgError, ServiceError
from kg.service.accesslog import can_append
from kg.service.app import Service
from kg.service.connections import most_connections, raise_open_files
from kg.service.errorlog import CONFIG
from kg.service.gate import known_hosts
from kg.service.indexing import FOLDER as INDEXES
from kg.service.indexing import Indexer
from kg.service.meter import FOLDER
from kg.service.publishing import Publisher
from kg.service.settings import Settings
from kg.service.starting import end_with_parent, tell_failed
from kg.service.supervisor import Supervisor

_HEAD_MILLISECONDS = 10_000
"""How long a client may take to send the head of a request, and may be silent between two."""

_HEAD_BYTES = 128 << 10
"""What is kept of a connection before a request has come whole, and before it is taken to be read.

An address may have 64 kB.
"""

_BACKLOG = 1_024
_ASK_SECONDS = 0.05


def serve(
    settings: Settings, *, host: str, port: int, processes: int, started: Callable[[], None]
) -> None:
    """Serve a graph until the process is ended; `state` and `hosts` of the settings are made here.

    Without `texts` a copy of the graph is served from which they were taken out; nobody may write
    to it. `started` is called when the server can be asked.

    Raises:
        ServiceError: if it cannot listen at that address, or write its log, or its processes cannot
            start.
        StoreError: if there is no graph, or no room for the copy.
    """
    _check_address(host, port)
    complaint = can_append(settings.access_log)
    if complaint:
        raise ServiceError(f"{settings.access_log}: the access log cannot be written: {complaint}")
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
        indexer = Indexer(settings.source.folder, Path(state, INDEXES))
        if not settings.source.endpoint:
            indexer.start()
        figures = Path(state, "figures")
        figures.mkdir()
        os.environ[FOLDER] = str(figures)
        server = Supervisor(
            "kg.service.app:Service",
            state=Path(state),
            address=host,
            port=port,
            interface=Interfaces.ASGI,
            workers=processes,
            # A proxy in front speaks the others; each is one more way in.
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(
                header_read_timeout=_HEAD_MILLISECONDS, max_buffer_size=_HEAD_BYTES
            ),
            # As many connections as a process accepts; others wait in the system's queue for them.
            backpressure=most_connections(raise_open_files()),
            backlog=_BACKLOG,
            log_level=LogLevels.error,
            log_dictconfig=CONFIG,
            websockets=False,
            workers_kill_timeout=10,
        )
        hosts = known_hosts(host, settings.public_url)
        loader = partial(_load, replace(settings, state=Path(state), hosts=hosts))
        threading.Thread(target=_tell_when_ready, args=(host, port, started), daemon=True).start()
        try:
            server.serve(target_loader=loader, wrap_loader=False)
        finally:
            indexer.stop()
            if publisher is not None:
                publisher.stop()
        if server.failure:
            raise ServiceError(server.failure)


def _check_address(host: str, port: int) -> None:
    """Make sure that the server can listen there, before anything is begun.

    Raises:
        ServiceError: if it cannot.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror as error:
        raise ServiceError(f"'{host}' is no address to listen at: {error.strerror}") from error
    except OSError as error:
        raise ServiceError(
            f"cannot listen at {host}, port {port}: {(error.strerror or str(error)).lower()}; "
            "choose another with --host and --port"
        ) from error


def _tell_when_ready(host: str, port: int, started: Callable[[], None]) -> None:
    """Ask the server whether it is ready until it says so, and tell that."""
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 (compared)
    while True:
        asking = http.client.HTTPConnection(reached, port, timeout=5)
        with contextlib.closing(asking), contextlib.suppress(OSError, http.client.HTTPException):
            asking.request("GET", "/readyz", headers={"host": "localhost"})
            if asking.getresponse().status == 200:
                started()
                return
        time.sleep(_ASK_SECONDS)


def _load(settings: Settings, *_: object) -> Any:  # noqa: ANN401
    end_with_parent()
    try:
        service = Service(settings)
    except KgError as error:
        tell_failed(settings.state, str(error))
        sys.exit(1)
    except Exception as error:
        tell_failed(settings.state, f"{type(error).__name__}: {error}")
        raise
    if settings.proxies:
        return wrap_asgi_with_proxy_headers(service.__call__, list(settings.proxies))
    return service
