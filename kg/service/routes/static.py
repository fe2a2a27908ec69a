"""Floor 10: `/static/...`: what pages are shown with."""

import hashlib
from functools import cache

from kg.service.engine import Engine
from kg.service.exchange import Exchange
from kg.service.negotiation import choose_coding
from kg.service.pages.rendering import is_lasting, packed_file, static_file
from kg.service.protocol import RefusalError

PATH = "/static/"

_CACHED = (b"cache-control", b"public, max-age=86400")
_LASTING = (b"cache-control", b"public, max-age=31536000, immutable")


async def answer_static(_engine: Engine, exchange: Exchange) -> None:
    """Give a file that pages use.

    Raises:
        RefusalError: if there is no such one.
    """
    exchange.check_method("GET", "HEAD")
    name = exchange.path.removeprefix(PATH)
    found = static_file(name)
    if found is None:
        raise RefusalError(404, f"there is no file {exchange.path[:200]}")
    content_type, plain = found
    packed = packed_file(name)
    coding = choose_coding(exchange.headers.get("accept-encoding", ""), tuple(packed))
    body = packed.get(coding, plain)
    # Each form has an ETag of its own.
    etag = f'"{_digest(name, coding)}"'.encode()
    told = [(b"etag", etag), _LASTING if is_lasting(name) else _CACHED]
    if packed:
        told.append((b"vary", b"accept-encoding"))
    if exchange.has(etag):
        await exchange.answer_empty(304, told)
    else:
        told += [(b"content-encoding", coding.encode())] if coding else []
        await exchange.answer(200, content_type.encode(), body, told)


@cache
def _digest(name: str, coding: str) -> str:
    """Return what tells a file, as it is or packed, from any other."""
    found = static_file(name)
    assert found is not None  # noqa: S101
    return hashlib.sha256(packed_file(name).get(coding, found[1])).hexdigest()[:24]
