"""Floor 10: one request over HTTP and its answer: what came, and what is sent."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec

from kg.service.negotiation import HTML, Offer, choose
from kg.service.pages.rendering import POLICY, render_error
from kg.service.protocol import RefusalError
from kg.service.room import Room
from kg.service.settings import Settings

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = Iterable[tuple[bytes, bytes]]

TEXT = b"text/plain; charset=utf-8"
PROBLEM = b"application/problem+json"
VARY = (b"vary", b"accept")

_PROTECTING = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
)
_POLICY = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")


PAGE_POLICY = (POLICY[0].encode(), POLICY[1].encode())

_WORDS = (Offer(name="text", media_type="text/plain", form=None), HTML)


class Exchange:
    """A request, and the way to answer it.

    `path` is below the server's own address, `base` (without a slash at its end), and `raw_path`
    the same as it was sent, percent-encoded; `headers` have names in lower case. `status` and
    `sent` (bytes of bodies) tell what was answered so far, `rows` how many rows that was, `asked`
    what was asked (for the log). What is refused is told in words (on a page, where that is
    preferred), or `as_problem` (RFC 9457), for programs. `client` is the address of who asks.
    `more_headers` go with whatever is answered. `shows_ends` tells whether the client can tell an
    answer that ends from one that breaks off, which HTTP/1.0 cannot where the length is not known.
    """

    __slots__ = (
        "_bodies",
        "_receive",
        "_send",
        "_settings",
        "_taken",
        "as_problem",
        "asked",
        "base",
        "client",
        "headers",
        "method",
        "more_headers",
        "path",
        "query_string",
        "raw_path",
        "rows",
        "sent",
        "shows_ends",
        "status",
    )

    def __init__(
        self, scope: Scope, receive: Receive, send: Send, settings: Settings, bodies: Room
    ) -> None:
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.raw_path: str = (scope.get("raw_path") or quote(self.path).encode()).decode("latin-1")
        self.query_string: str = scope["query_string"].decode("latin-1")
        self.headers: dict[str, str] = {
            key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]
        }
        host = self.headers.get("host", "localhost")
        self.base = settings.public_url or f"{scope.get('scheme', 'http')}://{host}"
        below = urlsplit(settings.public_url).path
        if below and f"{self.path}/".startswith(f"{below}/"):
            # The proxy in front passed on the whole path.
            self.path = self.path[len(below) :] or "/"
            self.raw_path = self.raw_path[len(quote(below)) :] or "/"
        self.client: str = (scope.get("client") or ("",))[0]
        self.more_headers: list[tuple[bytes, bytes]] = []
        self.shows_ends = scope.get("http_version") not in ("1", "1.0")
        self.as_problem = False
        self.asked = ""
        self.status = self.sent = self.rows = 0
        self._receive = receive
        self._send = send
        self._settings = settings
        self._bodies = bodies
        self._taken = 0

    @property
    def accept(self) -> str:
        """What the client wants to have, as it says it."""
        return self.headers.get("accept", "")

    @property
    def only_head(self) -> bool:
        """Whether the client asks for the head of the answer alone."""
        return self.method == "HEAD"

    def has(self, etag: bytes) -> bool:
        """Tell whether the client has an answer with this ETag already (RFC 9110, 13.1.2)."""
        known = self.headers.get("if-none-match", "").split(",")
        # On its way through a proxy that packs it, an answer's ETag becomes a weak one.
        wanted = etag.decode("latin-1").removeprefix("W/")
        return wanted in (each.strip().removeprefix("W/") for each in known)

    def check_method(self, *allowed: str) -> None:
        """Make sure that the method is one of these.

        Raises:
            RefusalError: if it is not.
        """
        if self.method not in allowed:
            raise RefusalError(
                405, f"{self.method} is not for this address", [("allow", ", ".join(allowed))]
            )

    async def body(self) -> bytes:
        """Return the body of the request.

        Raises:
            RefusalError: if it is too large, comes too slowly, is not sent to its end, or is
                compressed.
        """
        coding = self.headers.get("content-encoding", "identity").strip().lower()
        if coding != "identity":
            raise RefusalError(
                415,
                f"the body is to be sent as it is, not in {coding[:40]}",
                [("accept-encoding", "identity")],
            )
        most = self._settings.max_body
        too_large = RefusalError(413, f"a request may have {most:,} bytes")
        length = self.headers.get("content-length", "")
        if length.isdigit() and int(length) > most:
            raise too_large
        body = bytearray()
        try:
            async with asyncio.timeout(self._settings.body_seconds):
                while True:
                    message = await self._receive()
                    if message["type"] == "http.disconnect":
                        raise RefusalError(400, "the request was not sent to its end")
                    piece = message.get("body", b"")
                    if len(body) + len(piece) > most:
                        raise too_large
                    if not self._bodies.take(len(piece)):
                        raise RefusalError(
                            503, "too much arrives at once; try again", [("retry-after", "2")]
                        )
                    self._taken += len(piece)
                    body += piece
                    if not message.get("more_body"):
                        return bytes(body)
        except TimeoutError as error:
            raise RefusalError(408, "the request took too long to arrive") from error

    def close(self) -> None:
        """Let go of the request, once it was answered."""
        self._bodies.give(self._taken)
        self._taken = 0

    async def gone(self) -> None:
        """Return when the client has gone."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def answer(
        self, status: int, content_type: bytes, body: bytes, headers: Headers = ()
    ) -> None:
        """Send an answer of which the length is known; to HEAD, all but its body."""
        length = (b"content-length", str(len(body)).encode())
        await self._start(status, [(b"content-type", content_type), length, *headers])
        await self._end(b"" if self.only_head else body)

    async def answer_empty(self, status: int, headers: Headers = ()) -> None:
        """Send an answer without a body."""
        await self._start(status, list(headers))
        await self._end(b"")

    async def begin(self, status: int, content_type: bytes, headers: Headers = ()) -> None:
        """Begin an answer of which the length is not known."""
        await self._start(status, [(b"content-type", content_type), *headers])

    async def add(self, piece: bytes) -> None:
        """Send more of an answer that was begun."""
        self.sent += len(piece)
        await self._send({"type": "http.response.body", "body": piece, "more_body": True})

    async def end(self) -> None:
        """End an answer that was begun."""
        await self._end(b"")

    async def refuse(self, error: RefusalError) -> None:
        """Say what is wrong."""
        told = [(key.encode(), value.encode()) for key, value in error.headers]
        if self.as_problem:
            problem = {
                "type": "about:blank",
                "title": HTTPStatus(error.status).phrase,
                "status": error.status,
                "detail": str(error),
                **(msgspec.json.decode(error.details) if error.details else {}),
            }
            await self.answer(error.status, PROBLEM, msgspec.json.encode(problem), told)
        elif choose(self.accept, _WORDS) is HTML:
            page = render_error(self.base, error.status, str(error))
            await self.answer(
                error.status, HTML.content_type.encode(), page, [PAGE_POLICY, VARY, *told]
            )
        else:
            await self.answer(error.status, TEXT, f"{error}\n".encode(), [VARY, *told])

    async def _start(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        self.status = status
        # What is not modified keeps the policy that it was sent with.
        is_told = any(name == b"content-security-policy" for name, _ in headers)
        if not is_told and status != HTTPStatus.NOT_MODIFIED:
            headers.append(_POLICY)
        headers += self.more_headers
        headers += _PROTECTING
        await self._send({"type": "http.response.start", "status": status, "headers": headers})

    async def _end(self, body: bytes) -> None:
        self.sent += len(body)
        await self._send({"type": "http.response.body", "body": body, "more_body": False})
