"""Floor 9: files of statements -> a store elsewhere, over the SPARQL 1.1 protocols.

Statements go in bounded batches, by POST of the Graph Store Protocol, or as INSERT DATA. A batch
may be sent twice without harm, since a graph is a set. What the store has taken in is written down
beside the files, so that a load that was cut goes on behind it.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal
from urllib.parse import quote, urlsplit

from kg.errors import InputError, ServiceError
from kg.pipeline.settings import Progress, say_nothing
from kg.pipeline.shard_files import hash_file, read_json, write_json
from kg.pipeline.statement_files import (
    ShardFolder,
    StatementFile,
    check_folder,
    find_statements,
    read_text,
    split_by_graph,
)
from kg.rdf.ntriples import iri
from kg.web.client import RefusedError, WebClient

Protocol = Literal["graph-store", "update"]

BATCH: dict[Protocol, int] = {"graph-store": 50_000, "update": 10_000}
"""How many statements go at once: some 7 MB of text, and 1.5 MB that a store parses as SPARQL."""

_UNAUTHORISED = (401, 403)
_TOO_LARGE = 413
_NOT_THERE = (404, 405)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A store elsewhere: where it takes statements, how, and into which graph.

    `url` is that of its Graph Store Protocol, or of its updates. `graph` is the IRI of the graph
    for what stands in the default one ("": the store's default graph). `batch` is how many
    statements go at once.
    """

    url: str
    protocol: Protocol = "graph-store"
    graph: str = ""
    token: str = ""
    batch: int = 0

    @property
    def shown(self) -> str:
        """The address without a password."""
        parts = urlsplit(self.url)
        return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()

    @property
    def most(self) -> int:
        """How many statements go at once."""
        return self.batch or BATCH[self.protocol]


@dataclass(frozen=True, slots=True, kw_only=True)
class SendReport:
    """What was sent: files, statements, and those among them that an earlier run had sent."""

    files: int
    statements: int
    before: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    """How far a load is: the file that is being sent, and how many statements of it are done.

    `sent` is how many statements are done in all files.
    """

    endpoint: str
    file: int = 0
    statements: int = 0
    sent: int = 0


def send_statements(
    paths: Sequence[Path],
    endpoint: Endpoint,
    client: WebClient,
    *,
    restart: bool = False,
    progress: Progress | None = None,
) -> SendReport:
    """Send shards, or other files of statements, to a store; go on where an earlier run was cut.

    With `restart` all is sent again.

    Raises:
        InputError: if a file is missing or damaged, or is none of statements.
        StoreError: if shards are not complete, cut or changed.
        ServiceError: if the store cannot be reached, or refuses.
    """
    tell = progress or say_nothing
    _check(endpoint)
    folders, files = find_statements(paths)
    for folder in folders:
        check_folder(folder, tell)
    return _Sending(folders, files, endpoint, client, tell).run(restart=restart)


def _check(endpoint: Endpoint) -> None:
    if urlsplit(endpoint.url).scheme not in ("http", "https") or not urlsplit(endpoint.url).netloc:
        raise ServiceError(f"'{endpoint.url}' is no address of an endpoint (http:// or https://)")
    if endpoint.graph and (
        ":" not in endpoint.graph or iri(endpoint.graph) != f"<{endpoint.graph}>"
    ):
        raise ServiceError(f"'{endpoint.graph}' is no IRI of a graph")


class _Sending:
    """One load into a store elsewhere."""

    def __init__(
        self,
        folders: Sequence[ShardFolder],
        files: Sequence[StatementFile],
        endpoint: Endpoint,
        client: WebClient,
        tell: Progress,
    ) -> None:
        self._files = files
        self._endpoint = endpoint
        self._client = client
        self._tell = tell
        digests = [
            file.shard.sha256 if file.shard is not None else hash_file(file.path) for file in files
        ]
        where = (endpoint.shown, endpoint.protocol, endpoint.graph, str(endpoint.most))
        name = sha256("\n".join((*where, *digests)).encode()).hexdigest()[:12]
        beside = folders[0].path if folders else files[0].path.parent
        self._path = beside / f"load-{name}.json"

    def run(self, *, restart: bool) -> SendReport:
        """Send what an earlier run has not sent."""
        started = time.monotonic()
        state = None if restart else self._load()
        state = before = state or _State(endpoint=self._endpoint.shown)
        for number in range(state.file, len(self._files)):
            for count, text in self._batches(number, state.statements):
                # Shards hold the default graph alone, and need not be parsed again.
                is_shard = self._files[number].shard is not None
                self._send({"": text} if is_shard else split_by_graph(text))
                state = _State(
                    endpoint=state.endpoint,
                    file=number,
                    statements=state.statements + count,
                    sent=state.sent + count,
                )
                self._save(state)
                self._progress(state)
            state = _State(endpoint=state.endpoint, file=number + 1, sent=state.sent)
        self._path.unlink(missing_ok=True)
        return SendReport(
            files=len(self._files),
            statements=state.sent,
            before=before.sent,
            seconds=time.monotonic() - started,
        )

    def _batches(self, number: int, done: int) -> Iterator[tuple[int, bytes]]:
        """Yield what is left of a file in batches, each with how many statements it has."""
        waiting: list[bytes] = []
        passed = 0
        for line in _lines(read_text(self._files[number])):
            passed += 1
            if passed <= done:
                continue
            waiting.append(line)
            if len(waiting) == self._endpoint.most:
                yield len(waiting), b"".join(waiting)
                waiting = []
        if waiting:
            yield len(waiting), b"".join(waiting)

    def _send(self, graphs: Mapping[str, bytes]) -> None:
        """Send statements, parted by the graph that they are in."""
        endpoint = self._endpoint
        headers = {"Authorization": f"Bearer {endpoint.token}"} if endpoint.token else {}
        try:
            if endpoint.protocol == "update":
                headers["Content-Type"] = "application/sparql-update"
                body = b"".join(
                    self._insert(graph or endpoint.graph, lines) for graph, lines in graphs.items()
                )
                self._client.send(endpoint.url, b"INSERT DATA {\n" + body + b"}", headers)
                return
            headers["Content-Type"] = "application/n-triples"
            for graph, lines in graphs.items():
                named = graph or endpoint.graph
                which = f"graph={quote(named, safe='')}" if named else "default"
                mark = "&" if urlsplit(endpoint.url).query else "?"
                self._client.send(f"{endpoint.url}{mark}{which}", lines, headers)
        except RefusedError as error:
            raise ServiceError(f"{error}{self._hint(error.status)}") from error
        except ServiceError as error:
            raise ServiceError(
                f"{error}; what was sent is noted in {self._path}, and the same command goes on"
            ) from error

    def _insert(self, graph: str, lines: bytes) -> bytes:
        return lines if not graph else b"GRAPH %s {\n%s}\n" % (iri(graph).encode(), lines)

    def _hint(self, status: int) -> str:
        other = "update" if self._endpoint.protocol == "graph-store" else "graph-store"
        if status in _UNAUTHORISED:
            given = "the token is wrong" if self._endpoint.token else "a token is needed"
            return f"; {given} (--token or KG_TOKEN)"
        if status == _TOO_LARGE:
            return f"; send fewer statements at once (--batch, now {self._endpoint.most})"
        if status in _NOT_THERE:
            return (
                f"; is this the address for --protocol {self._endpoint.protocol}, or for {other}?"
            )
        return ""

    def _progress(self, state: _State) -> None:
        shards = [file.shard for file in self._files]
        known = [shard.statements for shard in shards if shard is not None]
        total = sum(known) if len(known) == len(shards) else None
        self._tell(f"sending {self._files[state.file].path.name}", state.sent, total)

    def _load(self) -> _State | None:
        with suppress(FileNotFoundError):
            return read_json(self._path, _State)
        return None

    def _save(self, state: _State) -> None:
        try:
            write_json(self._path, state)
        except OSError as error:
            raise InputError(
                f"{self._path}: how far the load is cannot be noted there ({error.strerror}); copy "
                "the files to where you can write"
            ) from error


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        yield from chunk.splitlines(keepends=True)
