"""Web floor: a SPARQL 1.1 store elsewhere, asked like a graph of ours.

`RemoteGraph` has of `kg.store.Graph` what queries use. A query is checked here before it is sent,
so that what is wrong with it is told the same way, and nothing but a query of standard SPARQL
arrives there. What comes back is whole, or an error.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.cookiejar import DefaultCookiePolicy
from typing import IO, TypedDict, Unpack, cast
from urllib.parse import urlencode

import requests
from pyoxigraph import (
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    parse,
)

from kg.errors import QueryError, ServiceBusyError, ServiceError, ServiceTimeoutError
from kg.store import Services
from kg.store.asking import check_syntax, find_form, spell_out, with_services_answered
from kg.web.addresses import TOKEN, origin_of, read_token, show_address
from kg.web.client import plain_text
from kg.web.conversation import FORM, TABLES, Reply, Request, Terms, ask
from kg.web.results import Verbatim, read_results

_Dataset = tuple[tuple[str, str], ...]
Streamed = QuerySolutions | QueryBoolean | Iterable[Triple]
_Kind = QueryResultsFormat | RdfFormat

_QUERY = "application/sparql-query"
_GRAPHS = "application/n-triples, text/turtle;q=0.9, application/rdf+xml;q=0.5"
# These show by themselves where they end; a cut answer in another format may look whole.
_CLOSED = frozenset((QueryResultsFormat.JSON, QueryResultsFormat.XML, RdfFormat.RDF_XML))
_READ = _CLOSED | {RdfFormat.N_TRIPLES, RdfFormat.TURTLE}
# Virtuoso answers ASK with rows (seen in 7.2.5): one with a 1 for yes, none for no.
_VIRTUOSO_ASKED = "__ASK_RETVAL"
_YES, _NO = b'{"head":{},"boolean":true}', b'{"head":{},"boolean":false}'
# Servers in Java take forms of 200 kB by default.
_LARGEST_FORM = 150_000
# What is held in memory, and what is read piece by piece.
_MOST_BYTES = 1 << 27
_MOST_STREAMED = 1 << 36
_CHUNK = 1 << 16


class Given(TypedDict, total=False):
    """What may be given to a query beside its text, as to `kg.store.Graph.query`."""

    prefixes: Mapping[str, str] | None
    base_iri: str | None
    default_graphs: Sequence[str] | None
    named_graphs: Sequence[str] | None
    services: Services | None


def connect(address: str, *, seconds: float, agent: str, name: str = "") -> "RemoteGraph":
    """Return the graph at an endpoint, who asks being told by `KG_ENDPOINTTOKEN`; asks nothing.

    Raises:
        ServiceError: if that is no address of an endpoint, or no token.
    """
    token = os.environ.get(TOKEN, "")
    return RemoteGraph(address, seconds=seconds, agent=agent, token=token, name=name)


class RemoteGraph:
    """A store elsewhere, at the address of its SPARQL endpoint; `close` lets its connections go.

    A query has `seconds` for its whole answer. `token` is a bearer token, or NAME:PASSWORD. `name`
    is what the store is called in messages; without one it is its address, and they tell what to do
    about it in words of the command line.
    """

    generation = ""

    def __init__(
        self, address: str, *, seconds: float, agent: str, token: str = "", name: str = ""
    ) -> None:
        self.address = address
        self.name = name or show_address(address)
        self._is_for_people = not name
        self._seconds = seconds
        self._agent = agent
        self._authorization = read_token(token)
        self._session = requests.Session()
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def close(self) -> None:
        """Let go of the connections."""
        self._session.close()

    def query(
        self, sparql: str, **given: Unpack[Given]
    ) -> QuerySolutions | QueryBoolean | QueryTriples:
        """Run a SPARQL 1.1 query, as `kg.store.Graph.query`; its answer is held in memory.

        Raises:
            SparqlError: if it does not parse; it says at which line and column.
            QueryError: if it uses a SERVICE that is not allowed, or the store cannot run it.
            ServiceTimeoutError: if the store does not answer in time.
            ServiceError: if it cannot be reached, refuses, fails, answers with what is no whole
                answer to a query, or with more than 128 MB; or a service fails.
        """
        text, dataset = self._prepared(sparql, given)
        with self._asked(text, dataset, _MOST_BYTES) as (reply, kind):
            body = reply.read()
            if isinstance(kind, RdfFormat):
                store = Store()
                store.load(body, kind, base_iri=self.address)
                found = store.query("CONSTRUCT WHERE { ?s ?p ?o }")
                assert isinstance(found, QueryTriples)  # noqa: S101
                return found
            known = self._read_through(body, kind, text)
            return read_results(body, kind) if known is None else known

    @contextmanager
    def stream(self, sparql: str, **given: Unpack[Given]) -> Iterator[Streamed]:
        """Run a query as `query` does, but give its answer as it comes, until the block ends.

        The block raises what `query` does, when it reads what is damaged, or comes too late.
        """
        with self._streamed(sparql, given) as (reply, kind, text):
            yield self._parsed(reply, kind, text)

    @contextmanager
    def pass_on(self, sparql: str, **given: Unpack[Given]) -> Iterator[Streamed | Verbatim]:
        """Run a query as `stream` does, but give rows as the bytes that the store sends.

        That is, where these are JSON; nothing of them is looked at but their end. (In XML some
        stores write control characters that no XML may have.)
        """
        with self._streamed(sparql, given) as (reply, kind, text):
            is_json = kind == QueryResultsFormat.JSON
            if is_json and reply.is_bounded and find_form(text) == "SELECT":
                yield Verbatim(reply)
            else:
                yield self._parsed(reply, kind, text)

    def contains_named_graph(self, iri: str) -> bool:
        """Tell whether the store has statements in a graph of that name.

        Raises:
            ServiceError: as `query`.
        """
        return bool(self.query(f"ASK {{ GRAPH {NamedNode(iri)} {{ ?s ?p ?o }} }}"))

    def _prepared(self, sparql: str, given: Given) -> tuple[str, _Dataset]:
        """Return the text to send, and the dataset that is sent with it."""
        prefixes = given.get("prefixes") or {}
        known = {name: iri for name, iri in prefixes.items() if f"{name}:" in sparql}
        base_iri = given.get("base_iri")
        dataset = _dataset(given.get("default_graphs"), given.get("named_graphs"))

        alone: Given = {**given}
        alone["services"] = None

        def select(text: str) -> QuerySolutions:
            found = self.query(text, **alone)
            assert isinstance(found, QuerySolutions)  # noqa: S101
            return found

        services = given.get("services") or Services()
        asked = with_services_answered(sparql, known, services, select, base_iri)
        check_syntax(asked, known, base_iri)
        return spell_out(asked, known, base_iri), dataset

    @contextmanager
    def _streamed(self, sparql: str, given: Given) -> Iterator[tuple[Reply, _Kind, str]]:
        text, dataset = self._prepared(sparql, given)
        with self._asked(text, dataset, _MOST_STREAMED) as (reply, kind):
            yield reply, kind, text

    def _parsed(self, reply: Reply, kind: _Kind, text: str) -> Streamed:
        if isinstance(kind, QueryResultsFormat):
            return self._results(reply, kind, text)
        quads = parse(cast("IO[bytes]", reply), kind, base_iri=self.address)
        return (quad.triple for quad in quads)

    @contextmanager
    def _asked(self, text: str, dataset: _Dataset, most: int) -> Iterator[tuple[Reply, _Kind]]:
        """Send a query; give the reply and what it is in, and tell what is damaged in it."""
        is_graph = find_form(text) in ("CONSTRUCT", "DESCRIBE")
        request = self._request(text, dataset, _GRAPHS if is_graph else TABLES)
        with ask(self._terms(most), request, self._session) as reply:
            self._check(reply)
            kind = self._kind(reply, is_graph=is_graph)
            try:
                yield reply, kind
            except (SyntaxError, MemoryError) as error:
                # The parsers of RDF raise the second where a term has no end.
                if isinstance(error, MemoryError) and "buffer" not in str(error):
                    raise
                raise ServiceError(
                    f"{self.name} answers with what is damaged, or cut: {error}"
                ) from error

    def _request(self, text: str, dataset: _Dataset, accept: str) -> Request:
        headers = {"Accept": accept, "Accept-Encoding": "gzip", "User-Agent": self._agent}
        form = urlencode([("query", text), *dataset]).encode()
        if len(form) <= _LARGEST_FORM:
            return Request(url=self.address, body=form, headers={**headers, "Content-Type": FORM})
        return Request(
            url=self.address,
            body=text.encode(),
            headers={**headers, "Content-Type": _QUERY},
            parameters=dataset,
        )

    def _terms(self, most: int) -> Terms:
        return Terms(
            name=self.name,
            seconds=self._seconds,
            longer=self._hint("; --endpoint-timeout SECONDS gives it longer"),
            max_bytes=most,
            may_ask=lambda address: origin_of(address) == origin_of(self.address),
            elsewhere="which is another server; where that is meant, give its address",
            authorization=self._authorization,
        )

    def _check(self, reply: Reply) -> None:
        """Make sure that a reply is an answer, and a whole one."""
        status, name = reply.status, self.name
        # Virtuoso tells of answers that it cuts by these; of those that it gives up half-way by a
        # status or by a header, depending on its version.
        if "X-SPARQL-MaxRows" in reply.headers:
            most = reply.headers["X-SPARQL-MaxRows"][:20]
            raise ServiceError(
                f"{name} gives {most} rows of an answer and no more; ask for fewer, with LIMIT"
            )
        if status == requests.codes.partial or "X-SQL-State" in reply.headers:
            raise ServiceTimeoutError(
                f"{name} answers in part only, as it has no more time for the query; ask for less"
            )
        if status == requests.codes.ok:
            return
        said = reply.describe()
        if status == requests.codes.bad_request:
            raise QueryError(f"{name} refuses the query: {said}")
        if status in (requests.codes.unauthorized, requests.codes.forbidden):
            hint = self._hint(f"; put its token, or NAME:PASSWORD, into {TOKEN}")
            raise ServiceError(f"{name} refuses: {said}{hint}")
        if status in (requests.codes.not_found, requests.codes.not_allowed, requests.codes.gone):
            hint = self._hint("; the address of an endpoint often ends in /sparql or /query")
            raise ServiceError(f"{name} is no SPARQL endpoint: {said}{hint}")
        if status in (requests.codes.request_timeout, requests.codes.gateway_timeout):
            raise ServiceTimeoutError(f"{name} has no time for the query: {said}; ask for less")
        if status in (requests.codes.too_many_requests, requests.codes.unavailable):
            raise ServiceBusyError(f"{name} has no room for the query: {said}; try again")
        raise ServiceError(f"{name} fails: {said}")

    def _kind(self, reply: Reply, *, is_graph: bool) -> _Kind:
        """Return the format of a reply."""
        kinds = RdfFormat if is_graph else QueryResultsFormat
        kind = kinds.from_media_type(reply.media_type)
        if kind is None or kind not in _READ:
            said = plain_text(reply.read(_CHUNK))
            hint = self._hint("; is this the address of its SPARQL endpoint?")
            raise ServiceError(
                f"{self.name} answers in '{reply.media_type}', not with "
                f"{'RDF' if is_graph else 'SPARQL results'}{f' ({said})' if said else ''}{hint}"
            )
        if kind not in _CLOSED and not reply.is_bounded:
            raise ServiceError(
                f"{self.name} does not tell where its answer ends, so that it may be cut"
            )
        return kind

    def _read_through(
        self, body: bytes, kind: QueryResultsFormat, text: str
    ) -> QueryBoolean | None:
        """Read rows once to the end, as what is damaged is found when it is reached.

        Yes or no is returned.
        """
        found: QuerySolutions | QueryBoolean | None = None
        try:
            found = self._results(body, kind, text)
            if isinstance(found, QueryBoolean):
                return found
            found.serialize(cast("IO[bytes]", _Nowhere()), QueryResultsFormat.CSV)
            return None
        finally:
            # A traceback would keep it, and then any thread that collects garbage might let it go.
            del found

    def _results(
        self, source: bytes | Reply, kind: QueryResultsFormat, text: str
    ) -> QuerySolutions | QueryBoolean:
        """Return what is in an answer, which is to be of the kind that was asked for."""
        found = read_results(source, kind)
        wants_boolean = find_form(text) == "ASK"
        if wants_boolean and isinstance(found, QuerySolutions):
            names = [variable.value for variable in found.variables]
            if names == [_VIRTUOSO_ASKED]:
                return _boolean(any(row[0] == Literal(1) for row in found))
        if isinstance(found, QueryBoolean) != wants_boolean:
            del found
            said = (
                "rows where yes or no was asked for"
                if wants_boolean
                else "yes or no where rows were asked for"
            )
            raise ServiceError(f"{self.name} answers with {said}")
        return found

    def _hint(self, text: str) -> str:
        return text if self._is_for_people else ""


def _dataset(default: Sequence[str] | None, named: Sequence[str] | None) -> _Dataset:
    """Return the parameters that give a query its dataset; there are none where it has its own."""
    return (
        *(("default-graph-uri", iri) for iri in default or ()),
        *(("named-graph-uri", iri) for iri in named or ()),
    )


def _boolean(answer: bool) -> QueryBoolean:  # noqa: FBT001
    known = read_results(_YES if answer else _NO, QueryResultsFormat.JSON)
    assert isinstance(known, QueryBoolean)  # noqa: S101
    return known


class _Nowhere:
    """A file in which nothing stays."""

    def write(self, piece: bytes) -> int:
        return len(piece)

    def flush(self) -> None:
        """Nothing waits."""
