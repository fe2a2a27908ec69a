"""Floor 10: a process that runs one query after the other, and may be ended at any moment.

pyoxigraph can neither be told to stop nor held to an amount of memory; a process can. It holds one
generation, read-only; a job that names another has it opened first. Run as
`python -m kg.service.worker FD FOLDER MEGABYTES`.
"""

import resource
import signal
import socket
import sys
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO, cast

import msgspec
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, serialize

from kg.errors import InputError, KgError, QueryError
from kg.queries.formats import query_prefixes
from kg.service.messages import (
    BODY,
    END,
    FAILED,
    HEAD,
    HEADER,
    LENGTH,
    READY,
    Done,
    Failure,
    Head,
    Job,
    Write,
)
from kg.service.multipart import MULTIPART, join_parts
from kg.service.negotiation import GRAPHS, TABLES, Offer, choose, named
from kg.store import (
    Graph,
    GraphBusyError,
    GraphMissingError,
    SparqlError,
    delete_graph,
    open_graph,
    post_graph,
    put_graph,
    update_graph,
)
from kg.store.sparql_dataset import with_dataset

_PIECE = 1 << 16
"""Bytes that are sent together: Oxigraph writes 8 kB at a time."""

_ROW_ENDS = {"json": b'}},{"', "xml": b"</result>", "csv": b"\r\n", "tsv": b"\n"}
_TRIPLE_END = b" .\n"


class TooLargeError(Exception):
    """An answer that goes past its limit of rows or bytes."""


class NotAcceptableError(Exception):
    """A format that cannot be had for this kind of query."""


class _Sender:
    """Takes what is serialised, gathers it, and sends it; a file for `serialize` to write to."""

    def __init__(self, link: socket.socket, job: Job, offer: Offer) -> None:
        self._link = link
        self._job = job
        self._gathered = bytearray()
        self._bytes = self._rows = 0
        self._row_end = _ROW_ENDS.get(offer.name, b"")
        link.sendall(_frame(HEAD, msgspec.msgpack.encode(Head(offer.content_type))))

    def write(self, piece: bytes) -> int:
        """Take a piece.

        Raises:
            TooLargeError: if that is more than may be sent.
        """
        self._bytes += len(piece)
        if self._row_end:
            # Counted by what parts rows, which stands in no value; a cut piece may hide one.
            self._rows += piece.count(self._row_end)
        job = self._job
        if job.max_bytes and self._bytes > job.max_bytes:
            raise TooLargeError(f"the answer is larger than {job.max_bytes:,} bytes")
        if job.max_rows and self._rows > job.max_rows:
            raise TooLargeError(f"the answer has more than {job.max_rows:,} rows")
        self._gathered += piece
        if len(self._gathered) >= _PIECE:
            self.flush()
        return len(piece)

    def flush(self) -> None:
        """Send what was gathered."""
        if self._gathered:
            self._link.sendall(_frame(BODY, self._gathered))
            self._gathered = bytearray()


class Worker:
    """Runs the jobs that come over a link, until it is closed."""

    def __init__(self, link: socket.socket, folder: Path) -> None:
        self._link = link
        self._folder = folder
        self._held = ExitStack()
        self._graph: Graph | None = None
        self._prefixes = query_prefixes()

    def run(self, megabytes: int) -> None:
        """Open the live generation, say so, and run jobs, none with more memory than that."""
        # Where there is none, the first job says so to whoever asks.
        with suppress(KgError):
            self._open("")
        _limit_memory(megabytes)
        self._link.sendall(_frame(READY))
        while (head := self._receive(LENGTH.size)) is not None:
            packed = self._receive(LENGTH.unpack(head)[0])
            if packed is None:
                break
            self._link.sendall(self._answer(msgspec.msgpack.decode(packed, type=Job | Write)))

    def _answer(self, job: Job | Write) -> bytes:
        """Run a job, and return the frame that ends its answer."""
        try:
            if isinstance(job, Write):
                return _frame(END, msgspec.msgpack.encode(self._write(job)))
            self._query(job)
        except SparqlError as error:
            return _failed(400, str(error), error.line, error.column)
        except NotAcceptableError as error:
            return _failed(406, str(error))
        except GraphMissingError as error:
            return _failed(404, str(error))
        except GraphBusyError as error:
            return _failed(503, str(error))
        except InputError as error:
            return _failed(400, str(error))
        except QueryError as error:
            return _failed(400, str(error))
        except TooLargeError as error:
            return _failed(413, f"{error}; ask for less, with LIMIT or a narrower pattern")
        except KgError as error:
            return _failed(500, str(error))
        except (RuntimeError, ValueError, OSError) as error:
            # Found while it was answered: an overflow, a file that is damaged.
            return _failed(500, f"the query cannot be run to its end: {error}")
        return _frame(END)

    def _query(self, job: Job) -> None:
        graph = self._open(job.generation)
        result = graph.query(
            job.text,
            prefixes=self._prefixes,
            base_iri=job.base_iri or None,
            default_graphs=job.default_graphs,
            named_graphs=job.named_graphs,
        )
        if isinstance(result, QuerySolutions | QueryBoolean):
            offer = _offer(job, TABLES)
            assert isinstance(offer.form, QueryResultsFormat)  # noqa: S101
            sender = _Sender(self._link, job, offer)
            result.serialize(cast("IO[bytes]", sender), offer.form)
        else:
            offer = _offer(job, GRAPHS)
            assert isinstance(offer.form, RdfFormat)  # noqa: S101
            sender = _Sender(self._link, job, offer)
            serialize(result, cast("IO[bytes]", sender), offer.form, prefixes=self._prefixes)
        sender.flush()

    def _write(self, write: Write) -> Done:
        base = write.base_iri or None
        if write.kind == "update":
            text = write.data.decode("utf-8")
            if write.using is not None:
                text = with_dataset(text, write.using, write.using_named or ())
            written = update_graph(
                self._folder,
                text,
                prefixes=self._prefixes,
                base_iri=base,
                wait=write.wait,
            )
        elif write.kind == "delete":
            written = delete_graph(self._folder, graph=write.graph, wait=write.wait)
        else:
            change = put_graph if write.kind == "put" else post_graph
            data, media_type = write.data, write.media_type
            if media_type.startswith(MULTIPART):
                data = join_parts(data, media_type, write.base_iri)
                media_type = RdfFormat.N_TRIPLES.media_type
            written = change(
                self._folder,
                data,
                media_type=media_type,
                graph=write.graph,
                base_iri=base,
                wait=write.wait,
            )
        return Done(written.generation, written.created)

    def _open(self, generation: str) -> Graph:
        if self._graph is None or generation not in ("", self._graph.generation):
            self._graph = None
            self._held.close()
            self._graph = self._held.enter_context(open_graph(self._folder, generation))
        return self._graph

    def _receive(self, size: int) -> bytes | None:
        received = self._link.recv(size, socket.MSG_WAITALL)
        return received if len(received) == size else None


def _offer(job: Job, offers: tuple[Offer, ...]) -> Offer:
    offer = named(job.form, offers) if job.form else choose(job.accept, offers)
    if offer is None:
        known = ", ".join(each.name for each in offers)
        raise NotAcceptableError(f"this query gives {known}; none of them was asked for")
    return offer


def _frame(kind: bytes, payload: bytes | bytearray = b"") -> bytes:
    return HEADER.pack(kind, len(payload)) + payload


def _failed(status: int, message: str, line: int = 0, column: int = 0) -> bytes:
    return _frame(FAILED, msgspec.msgpack.encode(Failure(status, message, line, column)))


def _limit_memory(megabytes: int) -> None:
    """Let the process end where it asks for more memory than it has now and so much beside."""
    status = Path("/proc/self/statm")
    if megabytes and status.exists():
        pages = int(status.read_text(encoding="ascii").split()[0])
        most = pages * resource.getpagesize() + (megabytes << 20)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def main() -> None:
    """Serve the link that the process was given."""
    # Ctrl-C is for the server, which ends its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    descriptor, folder, megabytes = sys.argv[1:]
    with socket.socket(fileno=int(descriptor)) as link:
        worker = Worker(link, Path(folder))
        # The server has gone.
        with suppress(BrokenPipeError, ConnectionResetError):
            worker.run(int(megabytes))


if __name__ == "__main__":
    main()
