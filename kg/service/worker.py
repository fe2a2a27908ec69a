"""Floor 10: a process that does one job after the other, and may be ended at any moment.

pyoxigraph can neither be told to stop nor held to an amount of memory; a process can. It holds one
generation, read-only; a job that names another has it opened first.
"""

import math
import signal
import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from kg.errors import (
    InputError,
    KgError,
    ParameterError,
    QueryError,
    ServiceBusyError,
    ServiceError,
    ServiceTimeoutError,
    UnknownQueryError,
)
from kg.service.jobs.about import answer_about
from kg.service.jobs.connect import answer_connect
from kg.service.jobs.context import Context, NotAcceptableError, NotFoundError, Out, TooLargeError
from kg.service.jobs.dataset import answer_dataset
from kg.service.jobs.editor import answer_editor, answer_editor_terms
from kg.service.jobs.lists import list_entities, list_papers
from kg.service.jobs.network import answer_network, answer_quotes
from kg.service.jobs.query import answer_graph, answer_query
from kg.service.jobs.saved import ForbiddenError, answer_saved, describe_api, details_of, list_saved
from kg.service.jobs.saved_page import answer_saved_page
from kg.service.jobs.search import answer_search, answer_suggest
from kg.service.jobs.things import answer_thing
from kg.service.jobs.write import run_write
from kg.service.memory import limit_memory
from kg.service.messages import (
    BODY,
    END,
    FAILED,
    HEAD,
    HEADER,
    LENGTH,
    READY,
    About,
    ApiDescription,
    Asked,
    Connect,
    Dataset,
    Editor,
    EditorTerms,
    Entities,
    Failure,
    Finished,
    Head,
    NamedGraph,
    Network,
    Papers,
    Query,
    Quotes,
    Saved,
    SavedList,
    SavedPage,
    Search,
    Suggest,
    Thing,
    Write,
)
from kg.service.paging import CursorError
from kg.service.settings import Source
from kg.service.wellformed import NotXmlError
from kg.store import (
    DiskFullError,
    GraphBusyError,
    GraphMissingError,
    GraphReadOnlyError,
    OtherGraphError,
)

_PIECE = 1 << 16
"""Bytes that are sent together: Oxigraph writes 8 kB at a time."""

_GRACE_SECONDS = 10

_ANSWERS: dict[type, Callable[[Context, Any, Out], None]] = {
    NamedGraph: answer_graph,
    Query: answer_query,
    Search: answer_search,
    Suggest: answer_suggest,
    Thing: answer_thing,
    Dataset: answer_dataset,
    Saved: answer_saved,
    SavedList: list_saved,
    ApiDescription: describe_api,
    About: answer_about,
    Papers: list_papers,
    Entities: list_entities,
    Connect: answer_connect,
    Editor: answer_editor,
    EditorTerms: answer_editor_terms,
    SavedPage: answer_saved_page,
    Network: answer_network,
    Quotes: answer_quotes,
}

_STATUSES: tuple[tuple[type[KgError], int], ...] = (
    (NotAcceptableError, 406),
    (NotXmlError, 406),
    (NotFoundError, 404),
    (GraphMissingError, 404),
    (GraphBusyError, 503),
    (GraphReadOnlyError, 403),
    (DiskFullError, 507),
    (TooLargeError, 413),
    (ForbiddenError, 403),
    (CursorError, 410),
    (UnknownQueryError, 404),
    (ParameterError, 422),
    (OtherGraphError, 422),
    (InputError, 400),
    (QueryError, 400),
    (ServiceTimeoutError, 504),
    (ServiceBusyError, 503),
    (ServiceError, 502),
    (KgError, 500),
)
"""What to tell of an error, by the first class that it is of."""


class _Sender:
    """Takes an answer, gathers it, and sends it."""

    def __init__(self, link: socket.socket, max_bytes: int) -> None:
        self.rows = 0
        self._link = link
        self._most = max_bytes
        self._gathered = bytearray()
        self._begun = b""
        self._bytes = 0

    def begin(
        self,
        content_type: str,
        *,
        status: int = 200,
        headers: Iterable[tuple[str, str]] = (),
        keep: bool = True,
    ) -> None:
        head = Head(content_type, status, tuple(headers), keep)
        self._begun = _frame(HEAD, msgspec.msgpack.encode(head))

    def write(self, piece: bytes) -> int:
        self._bytes += len(piece)
        if self._most and self._bytes > self._most:
            raise TooLargeError(f"the answer is larger than {self._most:,} bytes")
        self._gathered += piece
        if len(self._gathered) >= _PIECE:
            self._link.sendall(self.rest())
        return len(piece)

    def flush(self) -> None:
        """Leave what was gathered to be sent with the end of the answer."""

    def rest(self) -> bytes:
        """Return what is to be sent still, of which the sender takes leave."""
        body = _frame(BODY, self._gathered) if self._gathered else b""
        rest = self._begun + body
        self._begun, self._gathered = b"", bytearray()
        return rest


class Worker:
    """Does the jobs that come over a link, until it is closed."""

    def __init__(self, link: socket.socket, source: Source, seconds: float) -> None:
        self._link = link
        self._context = Context(source)
        self._seconds = math.ceil(seconds) + _GRACE_SECONDS

    def run(self, megabytes: int) -> None:
        """Open the live generation, say so, and do jobs, none with more memory than that."""
        # Where there is none, the first job says so to whoever asks.
        with suppress(KgError):
            self._context.graph()
        limit_memory(megabytes)
        self._link.sendall(_frame(READY))
        while (head := self._receive(LENGTH.size)) is not None:
            packed = self._receive(LENGTH.unpack(head)[0])
            if packed is None:
                break
            # The server ends what takes too long. If it is gone itself, the alarm does, since it is
            # heard in the midst of a query.
            signal.alarm(self._seconds)
            self._link.sendall(self._answer(msgspec.msgpack.decode(packed, type=Asked | Write)))
            signal.alarm(0)

    def _answer(self, job: Asked | Write) -> bytes:
        """Do a job, and return the frame that ends its answer."""
        try:
            if isinstance(job, Write):
                return _frame(END, msgspec.msgpack.encode(run_write(self._context, job)))
            sender = _Sender(self._link, job.max_bytes)
            _ANSWERS[type(job)](self._context, job, sender)
        except KgError as error:
            status = next(status for kind, status in _STATUSES if isinstance(error, kind))
            hint = "; ask for less, with LIMIT or a narrower pattern" if status == 413 else ""
            return self._failed(status, f"{error}{hint}", details_of(error))
        except (RuntimeError, ValueError, OSError) as error:
            # Found while it was answered: an overflow, a file that is damaged.
            return self._failed(500, f"the query cannot be run to its end: {error}")
        return sender.rest() + _frame(END, msgspec.msgpack.encode(Finished(sender.rows)))

    def _failed(self, status: int, message: str, details: bytes = b"") -> bytes:
        told = without_folder(message, self._context.source.folder)
        return _frame(FAILED, msgspec.msgpack.encode(Failure(status, told, details)))

    def _receive(self, size: int) -> bytes | None:
        received = self._link.recv(size, socket.MSG_WAITALL)
        return received if len(received) == size else None


def without_folder(message: str, folder: Path) -> str:
    """Return a message without the place of the graph, which is not for those who ask over HTTP.

    >>> without_folder("/srv/il7.kg: the disk is full", Path("/srv/il7.kg"))
    'the disk is full'
    """
    for place in {str(folder), str(folder.absolute())}:
        message = message.replace(f"{place}: ", "").replace(place, "the graph")
    return message


def _frame(kind: bytes, payload: bytes | bytearray = b"") -> bytes:
    return HEADER.pack(kind, len(payload)) + payload


def serve_link(link: socket.socket, source: Source, megabytes: int, seconds: float) -> None:
    """Do the jobs that come over a link, each in so much memory and time, until it is closed."""
    # The server has gone.
    with suppress(BrokenPipeError, ConnectionResetError):
        Worker(link, source, seconds).run(megabytes)
