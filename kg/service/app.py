"""Floor 10: the ASGI application: requests in, answers out, in whatever way is cheapest.

An answer that was given before for the same generation is kept and given again; a lookup of one
thing is run here; everything else goes to a worker that can be stopped.
"""

import asyncio
import contextlib
import hashlib
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions

from kg.errors import KgError
from kg.queries.formats import query_prefixes
from kg.service.lookups import is_small
from kg.service.messages import Job
from kg.service.negotiation import TABLES, choose, named
from kg.service.pool import AnswerCutError, Limits, Pool
from kg.service.protocol import QueryAsked, RefusalError, Request, UpdateAsked, read_request
from kg.store import Graph, open_graph

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

_CACHED_BYTES = 64 << 20
_CACHED_ANSWER = 1 << 16
_LOOK_SECONDS = 0.2
_PROTECTING: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a server is to serve, and how.

    `max_body` is the most bytes that a request may have, `body_seconds` how long it may take to
    arrive.
    """

    folder: Path
    limits: Limits
    max_body: int = 10 << 20
    body_seconds: float = 30


class Cache:
    """Answers that were given, by what was asked of which generation; the least used goes first."""

    def __init__(self, size: int = _CACHED_BYTES) -> None:
        self._size = size
        self._held = 0
        self._answers: OrderedDict[tuple[object, ...], tuple[bytes, bytes, bytes]] = OrderedDict()

    def get(self, key: tuple[object, ...]) -> tuple[bytes, bytes, bytes] | None:
        """Return content type, body and ETag of an answer that is known."""
        answer = self._answers.get(key)
        if answer is not None:
            self._answers.move_to_end(key)
        return answer

    def put(self, key: tuple[object, ...], content_type: str, body: bytes) -> bytes:
        """Keep an answer, and return its ETag."""
        etag = f'"{hashlib.sha256(repr(key).encode()).hexdigest()[:24]}"'.encode()
        self._answers[key] = (content_type.encode(), body, etag)
        self._held += len(body)
        while self._held > self._size:
            _, (_, old, _) = self._answers.popitem(last=False)
            self._held -= len(old)
        return etag

    def clear(self) -> None:
        """Forget all, as a new generation has come."""
        self._answers.clear()
        self._held = 0


class Service:
    """One process of a server; an ASGI application."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pool = Pool(settings.folder, settings.limits)
        self._cache = Cache()
        self._prefixes = query_prefixes()
        self._held = ExitStack()
        self._graph: Graph | None = None
        self._watching: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or begin and end with the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        if scope["type"] != "http":
            return
        try:
            await self._route(scope, receive, send)
        except RefusalError as error:
            await _refuse(send, error)
        except KgError as error:
            await _refuse(send, RefusalError(500, str(error)))

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._open()
                self._pool.start()
                self._watching = asyncio.get_running_loop().create_task(self._watch())
                await send({"type": "lifespan.startup.complete"})
            else:
                if self._watching is not None:
                    self._watching.cancel()
                self._pool.close()
                self._held.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    def _open(self) -> None:
        """Open the live generation; what runs on the one before goes on."""
        held = ExitStack()
        self._graph = held.enter_context(open_graph(self._settings.folder))
        before, self._held = self._held, held
        before.close()
        self._cache.clear()

    async def _watch(self) -> None:
        """See to it that a new generation is served within a second."""
        current = self._settings.folder / "CURRENT"
        known = _stamp(current)
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            if (now := _stamp(current)) != known:
                with contextlib.suppress(KgError):
                    self._open()
                    known = now

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path in ("/sparql", "/query"):
            await self._sparql(scope, receive, send)
        elif path == "/healthz":
            await _send(send, 200, b"text/plain; charset=utf-8", b"ok\n")
        elif path == "/readyz":
            is_ready = self._graph is not None and self._pool.is_ready
            body = b"ready\n" if is_ready else b"not ready\n"
            await _send(send, 200 if is_ready else 503, b"text/plain; charset=utf-8", body)
        else:
            raise RefusalError(404, f"there is nothing at {path[:200]}")

    async def _sparql(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {
            key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]
        }
        body = await self._body(receive, headers) if scope["method"] == "POST" else b""
        asked = read_request(
            Request(
                method=scope["method"],
                query_string=scope["query_string"].decode("latin-1"),
                headers=headers,
                body=body,
            )
        )
        if isinstance(asked, UpdateAsked):
            raise RefusalError(403, "this graph is served for reading only")
        if asked is None:
            raise RefusalError(400, "give a query: ?query=...")
        await self._query(asked, scope["method"], headers, receive, send)

    async def _query(
        self,
        asked: QueryAsked,
        method: str,
        headers: dict[str, str],
        receive: Receive,
        send: Send,
    ) -> None:
        graph = self._graph
        if graph is None:
            raise RefusalError(503, "there is no graph yet", [("retry-after", "5")])
        accept = headers.get("accept", "")
        key = (graph.generation, asked, accept)
        known = self._cache.get(key)
        if known is None and is_small(asked.text):
            known = self._look_up(graph, asked, accept, key)
        if known is not None:
            content_type, body, etag = known
            told = [(b"etag", etag), (b"vary", b"accept")]
            if headers.get("if-none-match", "").encode() == etag:
                await _send(send, 304, content_type, b"", told)
            else:
                await _send(send, 200, content_type, b"" if method == "HEAD" else body, told)
            return
        job = Job(
            text=asked.text,
            generation=graph.generation,
            default_graphs=asked.default_graphs,
            named_graphs=asked.named_graphs,
            form=asked.form,
            accept=accept,
            max_rows=self._settings.limits.max_rows,
            max_bytes=self._settings.limits.max_bytes,
        )
        await self._run(job, asked.seconds, key, method, receive, send)

    def _look_up(
        self, graph: Graph, asked: QueryAsked, accept: str, key: tuple[object, ...]
    ) -> tuple[bytes, bytes, bytes] | None:
        """Run a small query here; None where a worker is to say what is wrong with it."""
        offer = named(asked.form, TABLES) if asked.form else choose(accept, TABLES)
        if offer is None or asked.default_graphs is not None:
            return None
        try:
            result = graph.query(asked.text, prefixes=self._prefixes)
        except KgError:
            return None
        assert isinstance(result, QuerySolutions | QueryBoolean)  # noqa: S101
        assert isinstance(offer.form, QueryResultsFormat)  # noqa: S101
        body = result.serialize(format=offer.form)
        assert body is not None  # noqa: S101
        if len(body) > _CACHED_ANSWER:
            return offer.content_type.encode(), body, b'""'
        etag = self._cache.put(key, offer.content_type, body)
        return offer.content_type.encode(), body, etag

    async def _run(
        self,
        job: Job,
        seconds: float | None,
        key: tuple[object, ...],
        method: str,
        receive: Receive,
        send: Send,
    ) -> None:
        """Have a worker run a query, and send what it gives as it comes."""
        gone = asyncio.ensure_future(_gone(receive))
        running = asyncio.ensure_future(self._pool.run(job, seconds))
        try:
            await asyncio.wait((gone, running), return_when=asyncio.FIRST_COMPLETED)
            if not running.done():
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)
                return
            answer = running.result()
            first: list[bytes] = []
            size = 0
            begun = False
            async for piece in answer.pieces:
                if gone.done():
                    return
                if begun:
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
                    continue
                first.append(piece)
                size += len(piece)
                if size > _CACHED_ANSWER:
                    begun = True
                    await _begin(send, answer.content_type)
                    await send(
                        {"type": "http.response.body", "body": b"".join(first), "more_body": True}
                    )
            if begun:
                await send({"type": "http.response.body", "body": b"", "more_body": False})
                return
            body = b"".join(first)
            etag = self._cache.put(key, answer.content_type, body)
            told = [(b"etag", etag), (b"vary", b"accept")]
            shown = b"" if method == "HEAD" else body
            await _send(send, 200, answer.content_type.encode(), shown, told)
        except RefusalError as error:
            if running.done() and not running.cancelled() and running.exception() is None and begun:
                # Nothing may look like a whole answer that is none: the connection breaks off.
                raise AnswerCutError(str(error)) from error
            raise
        finally:
            gone.cancel()

    async def _body(self, receive: Receive, headers: dict[str, str]) -> bytes:
        most = self._settings.max_body
        length = headers.get("content-length", "")
        if length.isdigit() and int(length) > most:
            raise RefusalError(413, f"a request may have {most:,} bytes")
        body = bytearray()
        until = time.monotonic() + self._settings.body_seconds
        try:
            async with asyncio.timeout(until - time.monotonic()):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise RefusalError(400, "the request was not sent to its end")
                    body += message.get("body", b"")
                    if len(body) > most:
                        raise RefusalError(413, f"a request may have {most:,} bytes")
                    if not message.get("more_body"):
                        return bytes(body)
        except TimeoutError as error:
            raise RefusalError(408, "the request took too long to arrive") from error


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_ino


async def _gone(receive: Receive) -> None:
    """Return when the client has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _begin(send: Send, content_type: str) -> None:
    headers = [(b"content-type", content_type.encode()), (b"vary", b"accept"), *_PROTECTING]
    await send({"type": "http.response.start", "status": 200, "headers": headers})


async def _send(
    send: Send, status: int, content_type: bytes, body: bytes, headers: Headers | None = None
) -> None:
    told = [
        (b"content-type", content_type),
        (b"content-length", str(len(body)).encode()),
        *(headers or ()),
        *_PROTECTING,
    ]
    await send({"type": "http.response.start", "status": status, "headers": told})
    await send({"type": "http.response.body", "body": body})


async def _refuse(send: Send, error: RefusalError) -> None:
    headers = [(key.encode(), value.encode()) for key, value in error.headers]
    body = f"{error}\n".encode()
    await _send(send, error.status, b"text/plain; charset=utf-8", body, headers)
