"""Web floor: SPARQL results as endpoints write them, read as the standard has them."""

import io
import re
from typing import IO, Protocol, cast

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, parse_query_results

_CHUNK = 1 << 16
_TAIL = 1 << 12
# QLever adds its "meta" and Comunica its "metadata" behind the results.
_REMARK = re.compile(
    rb"(?P<end>[\]e]\s*\}?\s*),\s*"
    rb'"(?!head"|results"|boolean")[^"\\]*"\s*:\s*\{[^{}]*\}\s*(?P<last>\}\s*)\Z'
)
# How rows end that are whole; the head may come last, and remarks on the rows behind them.
_END = re.compile(rb'\]\s*(?:,\s*"\w+"\s*:\s*(?:true|false|\d+)\s*)*\}\s*\}\s*\Z')


class Readable(Protocol):
    """What bytes can be read from."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to so many bytes; nothing at the end."""


def read_results(
    source: Readable | bytes, kind: QueryResultsFormat
) -> QuerySolutions | QueryBoolean:
    """Return results; rows are read from their source as they are asked for.

    What an endpoint adds behind the results, in JSON, is left out: Oxigraph's parser would take it
    for damage.

    Raises:
        SyntaxError: if they are damaged, or cut; reading rows raises it too.

    >>> read_results(b'{"head":{},"boolean":true,"meta":{"ms":1}}', QueryResultsFormat.JSON)
    <QueryBoolean true>
    """
    if isinstance(source, bytes):
        source = io.BytesIO(source)
    if kind == QueryResultsFormat.JSON:
        source = _WithoutRemark(source)
    return parse_query_results(cast("IO[bytes]", source), kind)


class _WithoutRemark:
    """A file of JSON, but for an object that stands behind the results."""

    def __init__(self, source: Readable) -> None:
        self._source = source
        self._ready = memoryview(b"")
        self._tail = b""
        self._is_over = False

    def read(self, size: int = -1, /) -> bytes:
        if size < 0:
            return b"".join(iter(lambda: self.read(_CHUNK), b""))
        while not self._ready and not self._is_over:
            self._refill()
        piece, self._ready = self._ready[:size], self._ready[size:]
        return bytes(piece)

    def _finish(self, tail: bytes) -> bytes:
        """Return what is given of the last bytes."""
        return _REMARK.sub(rb"\g<end>\g<last>", tail)

    def _refill(self) -> None:
        """Take in a piece, of which the end is held back: it may be that of the whole."""
        piece = self._source.read(_CHUNK)
        held = self._tail + piece
        if piece:
            cut = max(len(held) - _TAIL, 0)
            self._ready, self._tail = memoryview(held)[:cut], held[cut:]
        else:
            self._is_over = True
            self._ready = memoryview(self._finish(held))


class Verbatim(_WithoutRemark):
    """Rows in JSON as the bytes that an endpoint sends for them, if these have an end.

    Reading what has none raises `SyntaxError` where the end should be.
    """

    def _finish(self, tail: bytes) -> bytes:
        tail = super()._finish(tail)
        if _END.search(tail) is None:
            raise SyntaxError("the results have no end")
        return tail
