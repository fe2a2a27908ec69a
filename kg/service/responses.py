"""Floor 10: what is sent: whole answers, the beginnings of long ones, and refusals."""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from kg.service.protocol import RefusalError

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = Iterable[tuple[bytes, bytes]]

TEXT = b"text/plain; charset=utf-8"

_PROTECTING = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)


async def send_whole(
    send: Send,
    status: int,
    content_type: bytes,
    body: bytes,
    headers: Headers = (),
    *,
    only_head: bool = False,
) -> None:
    """Send an answer of which the length is known; with `only_head`, all but its body."""
    length = (b"content-length", str(len(body)).encode())
    told = [(b"content-type", content_type), length, *headers, *_PROTECTING]
    await send({"type": "http.response.start", "status": status, "headers": told})
    await send({"type": "http.response.body", "body": b"" if only_head else body})


async def send_empty(send: Send, status: int, headers: Headers = ()) -> None:
    """Send an answer without a body."""
    told = [*headers, *_PROTECTING]
    await send({"type": "http.response.start", "status": status, "headers": told})
    await send({"type": "http.response.body", "body": b""})


async def send_head(send: Send, content_type: str, headers: Headers = ()) -> None:
    """Begin an answer of which the length is not known."""
    told = [(b"content-type", content_type.encode()), *headers, *_PROTECTING]
    await send({"type": "http.response.start", "status": 200, "headers": told})


async def send_piece(send: Send, piece: bytes) -> None:
    """Send more of an answer that was begun."""
    await send({"type": "http.response.body", "body": piece, "more_body": True})


async def send_end(send: Send) -> None:
    """End an answer that was begun."""
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def send_refusal(send: Send, error: RefusalError, headers: Headers = ()) -> None:
    """Say what is wrong, in words."""
    told = [*((key.encode(), value.encode()) for key, value in error.headers), *headers]
    await send_whole(send, error.status, TEXT, f"{error}\n".encode(), told)
