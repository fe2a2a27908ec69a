"""Floor 10: `/static/...`: what pages are shown with."""

import hashlib

from kg.service.engine import Engine
from kg.service.exchange import Exchange
from kg.service.pages.rendering import is_lasting, static_file
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
    content_type, body = found
    etag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'.encode()
    told = [(b"etag", etag), _LASTING if is_lasting(name) else _CACHED]
    if exchange.has(etag):
        await exchange.answer_empty(304, told)
    else:
        await exchange.answer(200, content_type.encode(), body, told)
