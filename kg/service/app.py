"""Floor 10: the ASGI application: requests in, answers out, in whatever way is cheapest.

An answer that was given before for the same generation is given again; a lookup of one thing is run
here; everything else goes to a worker that can be stopped.
"""

import asyncio
import contextlib
import hmac
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast
from uuid import uuid4

from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    serialize,
)

from kg.errors import KgError
from kg.queries.formats import query_prefixes
from kg.service.cache import LARGEST, Cache, Known
from kg.service.description import SD, VOID, describe
from kg.service.generations import Served
from kg.service.graphstore import PATH as STORE
from kg.service.graphstore import GraphAsked, read_graph
from kg.service.lookups import is_small
from kg.service.messages import Job, Write
from kg.service.multipart import MULTIPART
from kg.service.negotiation import GRAPHS, TABLES, choose, named
from kg.service.pool import Answer, AnswerCutError, Limits, Pool
from kg.service.protocol import QueryAsked, RefusalError, Request, UpdateAsked, read_request
from kg.service.responses import (
    TEXT,
    Receive,
    Scope,
    Send,
    send_empty,
    send_end,
    send_head,
    send_piece,
    send_refusal,
    send_whole,
)
from kg.store import Graph

_ENDPOINTS = frozenset(("/sparql", "/sparql/", "/query", "/update"))
_VARY = (b"vary", b"accept")
_SWITCH_SECONDS = 10
_GRACE_SECONDS = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a server is to serve, and how.

    `state` is a folder that the processes of the server share. Who sends `token` may write; without
    one nobody may. Without `texts` the sentences of abstracts are left out. `max_body` is the most
    bytes that a request may have, `body_seconds` how long it may take to arrive. `public_url` is
    what clients call the server, if it is not what they send.
    """

    folder: Path
    state: Path
    limits: Limits
    token: str = ""
    texts: bool = True
    public_url: str = ""
    max_body: int = 10 << 20
    body_seconds: float = 30
    cache_bytes: int = 64 << 20


class _ShortAnswer:
    """A file for an answer that is short: writing more fails, which ends the query."""

    def __init__(self) -> None:
        self.body = bytearray()

    def write(self, piece: bytes) -> int:
        """Take a piece.

        Raises:
            OSError: if that is more than a short answer has.
        """
        self.body += piece
        if len(self.body) > LARGEST:
            raise OSError
        return len(piece)

    def flush(self) -> None:
        """Nothing waits."""


class Service:
    """One process of a server; an ASGI application."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pool = Pool(settings.folder, settings.limits)
        self._cache = Cache(settings.cache_bytes)
        self._served = Served(settings.folder, settings.state, self._cache.clear)
        self._prefixes = query_prefixes()
        self._watching: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or begin and end with the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            try:
                await self._route(scope, receive, send)
            except RefusalError as error:
                await send_refusal(send, error)
            except KgError as error:
                await send_refusal(send, RefusalError(500, str(error)))

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._served.look()
                self._pool.start()
                self._watching = asyncio.get_running_loop().create_task(self._served.watch())
                await send({"type": "lifespan.startup.complete"})
            else:
                if self._watching is not None:
                    self._watching.cancel()
                self._pool.close()
                self._served.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path in _ENDPOINTS:
            await self._sparql(scope, receive, send)
        elif path == STORE or path.startswith(f"{STORE}/"):
            await self._store(scope, receive, send)
        elif path == "/healthz":
            await send_whole(send, 200, TEXT, b"ok\n")
        elif path == "/readyz":
            is_ready = self._served.graph is not None and self._pool.is_ready
            body = b"ready\n" if is_ready else b"not ready\n"
            await send_whole(send, 200 if is_ready else 503, TEXT, body)
        else:
            raise RefusalError(404, f"there is nothing at {path[:200]}")

    async def _sparql(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = _headers(scope)
        asked = read_request(
            Request(
                method=scope["method"],
                query_string=scope["query_string"].decode("latin-1"),
                headers=headers,
                body=await self._body(receive, headers) if scope["method"] == "POST" else b"",
            )
        )
        if isinstance(asked, UpdateAsked):
            self._check_token(headers)
            write = Write(
                kind="update",
                data=asked.text.encode(),
                using=asked.using,
                using_named=asked.using_named,
                base_iri=f"{self._public_url(scope, headers)}{scope['path']}",
                wait=self._settings.limits.max_seconds,
            )
            await self._write(write)
            await send_empty(send, 204)
        elif asked is None:
            await self._describe(scope, headers, send)
        else:
            base_iri = f"{self._public_url(scope, headers)}{scope['path']}"
            await self._query(asked, base_iri, scope["method"], headers, receive, send)

    async def _describe(self, scope: Scope, headers: dict[str, str], send: Send) -> None:
        offer = choose(headers.get("accept", ""), GRAPHS)
        if offer is None:
            known = ", ".join(each.media_type for each in GRAPHS)
            raise RefusalError(406, f"the description of this endpoint can be had as {known}")
        graph = self._graph()
        triples = describe(
            f"{self._public_url(scope, headers)}{scope['path']}",
            statements=int(graph.manifest["quads"]),
            named_graphs=[
                name.value for name in graph.store.named_graphs() if isinstance(name, NamedNode)
            ],
            writable=bool(self._settings.token),
        )
        assert isinstance(offer.form, RdfFormat)  # noqa: S101
        body = serialize(triples, format=offer.form, prefixes={"sd": SD, "void": VOID}) or b""
        told = [_VARY]
        is_head = scope["method"] == "HEAD"
        await send_whole(send, 200, offer.content_type.encode(), body, told, only_head=is_head)

    async def _store(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = _headers(scope)
        method = scope["method"]
        address = f"{self._public_url(scope, headers)}{STORE}"
        query_string = scope["query_string"].decode("latin-1")
        asked = read_graph(method, scope["path"], query_string, address)
        if method in ("GET", "HEAD"):
            await self._get_graph(asked, method, headers, receive, send)
            return
        self._check_token(headers)
        media_type = _media_type(headers)
        graph = f"{address}/{uuid4()}" if asked.is_new else asked.iri
        write = Write(
            kind=method.lower(),
            data=b"" if method == "DELETE" else await self._body(receive, headers),
            media_type=media_type,
            graph=graph,
            base_iri=graph or f"{address}?default",
            wait=self._settings.limits.max_seconds,
        )
        created = await self._write(write)
        location = [(b"location", graph.encode())] if asked.is_new else []
        await send_empty(send, 201 if created or asked.is_new else 204, location)

    async def _get_graph(
        self,
        asked: GraphAsked,
        method: str,
        headers: dict[str, str],
        receive: Receive,
        send: Send,
    ) -> None:
        graph = self._graph()
        pattern = "?s ?p ?o"
        if asked.iri:
            name = _graph_name(asked.iri)
            if not graph.store.contains_named_graph(name):
                raise RefusalError(404, f"there is no graph {name} here")
            pattern = f"GRAPH {name} {{ ?s ?p ?o }}"
        text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}"
        await self._query(QueryAsked(text=text), "", method, headers, receive, send)

    async def _query(
        self,
        asked: QueryAsked,
        base_iri: str,
        method: str,
        headers: dict[str, str],
        receive: Receive,
        send: Send,
    ) -> None:
        graph = self._graph()
        accept = headers.get("accept", "")
        key = (graph.generation, asked, accept, base_iri)
        known = self._cache.get(key)
        if known is None and is_small(asked.text):
            found = self._look_up(graph, asked, accept)
            known = None if found is None else self._keep(key, *found)
        if known is not None:
            await _send_known(send, known, method, headers)
            return
        limits = self._settings.limits
        job = Job(
            text=asked.text,
            generation=graph.generation,
            default_graphs=asked.default_graphs,
            named_graphs=asked.named_graphs,
            form=asked.form,
            accept=accept,
            base_iri=base_iri,
            max_rows=limits.max_rows,
            max_bytes=limits.max_bytes,
        )
        gone = asyncio.ensure_future(_gone(receive))
        running = asyncio.ensure_future(self._pool.run(job, asked.seconds))
        try:
            await asyncio.wait((gone, running), return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                answer = running.result()
                async with contextlib.aclosing(answer.pieces):
                    body = await _pass_on(answer, send, gone, only_head=method == "HEAD")
                if body is not None:
                    known = self._keep(key, answer.content_type, body)
                    await _send_known(send, known, method, headers)
        finally:
            gone.cancel()
            if not running.done():
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)

    def _keep(self, key: tuple[str, QueryAsked, str, str], content_type: str, body: bytes) -> Known:
        """Keep an answer for who asks the same again, if both are small."""
        _, asked, accept, base_iri = key
        graphs = "".join((*(asked.default_graphs or ()), *(asked.named_graphs or ())))
        size = sum(map(len, (asked.text, asked.form, graphs, accept, base_iri)))
        return self._cache.put(key, size, content_type, body)

    def _look_up(self, graph: Graph, asked: QueryAsked, accept: str) -> tuple[str, bytes] | None:
        """Run a small query here, and return the content type and the answer.

        None where it is for a worker: to say what is wrong with it, or since its answer is long.
        """
        offer = named(asked.form, TABLES) if asked.form else choose(accept, TABLES)
        if offer is None or asked.default_graphs is not None:
            return None
        assert isinstance(offer.form, QueryResultsFormat)  # noqa: S101
        answer = _ShortAnswer()
        try:
            result = graph.query(asked.text, prefixes=self._prefixes)
            assert isinstance(result, QuerySolutions | QueryBoolean)  # noqa: S101
            result.serialize(cast("IO[bytes]", answer), offer.form)
        except (KgError, OSError, RuntimeError):
            return None
        return offer.content_type, bytes(answer.body)

    async def _write(self, write: Write) -> bool:
        """Run a write until each process serves what it made; tell whether it made a graph."""
        done = await self._pool.write(write)
        self._served.look()
        await self._served.wait_for_all(done.generation, _SWITCH_SECONDS)
        return done.created

    def _graph(self) -> Graph:
        if self._served.graph is None:
            raise RefusalError(503, "there is no graph yet", [("retry-after", "5")])
        return self._served.graph

    def _check_token(self, headers: dict[str, str]) -> None:
        wanted = self._settings.token
        if not wanted:
            raise RefusalError(403, "this graph is served for reading only")
        kind, _, given = headers.get("authorization", "").partition(" ")
        is_right = hmac.compare_digest(given.strip().encode(), wanted.encode())
        if kind.lower() != "bearer" or not is_right:
            raise RefusalError(
                401, "writing needs the token of this server", [("www-authenticate", "Bearer")]
            )

    def _public_url(self, scope: Scope, headers: dict[str, str]) -> str:
        told = self._settings.public_url
        return told or f"{scope.get('scheme', 'http')}://{headers.get('host', 'localhost')}"

    async def _body(self, receive: Receive, headers: dict[str, str]) -> bytes:
        most = self._settings.max_body
        too_large = RefusalError(413, f"a request may have {most:,} bytes")
        length = headers.get("content-length", "")
        if length.isdigit() and int(length) > most:
            raise too_large
        body = bytearray()
        try:
            async with asyncio.timeout(self._settings.body_seconds):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise RefusalError(400, "the request was not sent to its end")
                    body += message.get("body", b"")
                    if len(body) > most:
                        raise too_large
                    if not message.get("more_body"):
                        return bytes(body)
        except TimeoutError as error:
            raise RefusalError(408, "the request took too long to arrive") from error


async def _pass_on(
    answer: Answer, send: Send, gone: "asyncio.Future[None]", *, only_head: bool
) -> bytes | None:
    """Send a long answer as it comes, or return a short one whole; the client may go meanwhile.

    Raises:
        AnswerCutError: if it cannot be sent to its end: nothing may look like a whole answer that
            is none, and the connection breaks off.
        RefusalError: if it fails before anything was sent.
    """
    first: list[bytes] = []
    size = 0
    is_begun = False
    try:
        # A client that reads slowly has as long as the query; the worker's own limit comes first.
        async with asyncio.timeout(answer.until - time.monotonic() + _GRACE_SECONDS):
            async for piece in answer.pieces:
                if gone.done():
                    return None
                size += len(piece)
                if not is_begun and (not first or size <= LARGEST):
                    first.append(piece)
                    continue
                if not is_begun:
                    is_begun = True
                    await send_head(send, answer.content_type, [_VARY])
                    if only_head:
                        break
                    await send_piece(send, b"".join(first))
                await send_piece(send, piece)
            if is_begun:
                await send_end(send)
    except (RefusalError, TimeoutError) as error:
        if is_begun or not isinstance(error, RefusalError):
            raise AnswerCutError(str(error)) from error
        raise
    return None if is_begun else b"".join(first)


async def _send_known(send: Send, known: Known, method: str, headers: dict[str, str]) -> None:
    told = [(b"etag", known.etag), _VARY]
    if headers.get("if-none-match", "").encode() == known.etag:
        await send_empty(send, 304, told)
    else:
        is_head = method == "HEAD"
        await send_whole(send, 200, known.content_type, known.body, told, only_head=is_head)


async def _gone(receive: Receive) -> None:
    """Return when the client has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _graph_name(iri: str) -> NamedNode:
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise RefusalError(400, f"'{iri[:200]}' is no IRI that a graph can have") from error


def _media_type(headers: dict[str, str]) -> str:
    """Return the media type of statements that are sent; that of a form is kept whole."""
    whole = headers.get("content-type", "text/turtle")
    media_type = whole.partition(";")[0].strip().lower()
    if media_type == MULTIPART:
        return f"{MULTIPART};{whole.partition(';')[2]}"
    if RdfFormat.from_media_type(media_type) is None:
        raise RefusalError(415, f"'{media_type[:100]}' is no media type of RDF that can be read")
    return media_type


def _headers(scope: Scope) -> dict[str, str]:
    return {key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]}
