"""Floor 10: pages of an answer: cursors, and the rows that the next page is cut from.

A cursor names the row that the page before ended with: by its place, and by a digest of it. A
generation never changes and every saved query orders its rows in full, so that the row behind it is
the next one; where the digest tells otherwise, there is no page, rather than a wrong one.
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import msgspec
from pyoxigraph import QuerySolution, QuerySolutions

from kg.errors import KgError, ParameterError, QueryError
from kg.queries import Queryable
from kg.queries.run import Asked

MOST_ROWS = 10_000
"""Rows that a page may have."""

_CELLS = 20_000
_KEPT = 80_000
_DIGEST = 9


class CursorError(KgError):
    """A cursor that no longer leads on: the graph has changed since it was given."""


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """Where a page ended: behind the first `place` rows of an answer.

    `generation`, `question` and `row` (the last one of the page) are digests.
    """

    generation: bytes
    question: bytes
    place: int
    row: bytes

    def encode(self) -> str:
        """Return the cursor as it stands in an address."""
        return urlsafe_b64encode(msgspec.msgpack.encode(self)).decode().rstrip("=")


def read_cursor(text: str, generation: str, asked: Asked) -> Cursor:
    """Return the cursor that a client gives to go on with.

    Raises:
        ParameterError: if it is none of this question.
        CursorError: if it is of another generation.
    """
    try:
        packed = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        cursor = msgspec.msgpack.decode(packed, type=Cursor)
    except (ValueError, binascii.Error, msgspec.DecodeError) as error:
        raise ParameterError(
            "after is no cursor of this server; leave it out to begin with the first page",
            parameter="after",
            value=text[:200],
        ) from error
    if cursor.question != digest_of(question_of(asked)) or cursor.place < 1:
        raise ParameterError(
            "after is a cursor of another question; it goes with the parameters that it was given "
            "with",
            parameter="after",
            value=text[:200],
        )
    if cursor.generation != digest_of(generation):
        raise _changed()
    return cursor


def _changed() -> CursorError:
    return CursorError(
        "the graph has changed since the page before was given; "
        "leave out after, to begin with the first page"
    )


def digest_of(text: str) -> bytes:
    """Return a short digest of a text."""
    return sha256(text.encode("utf-8", "surrogatepass")).digest()[:_DIGEST]


def question_of(asked: Asked) -> str:
    """Return what tells one question from others, whatever words it was asked in."""
    limit = asked.limit
    return asked.bind(None if limit is None else 1)


@dataclass(frozen=True, slots=True)
class Window:
    """Rows of an answer from its row `start` on; `is_last` where none come behind them."""

    columns: tuple[str, ...]
    start: int
    rows: Sequence[QuerySolution]
    is_last: bool

    @property
    def cells(self) -> int:
        """How many cells it has."""
        return len(self.rows) * len(self.columns)

    def covers(self, start: int, end: int) -> bool:
        """Tell whether the rows from one place to another are here, as far as there are any."""
        held = self.start + len(self.rows)
        return self.start <= start and (end <= held or (self.is_last and start <= held))


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of an answer, and the cursor behind them where there are more."""

    columns: tuple[str, ...]
    rows: Sequence[QuerySolution]
    next: Cursor | None


class Windows:
    """Gives pages, and keeps rows behind them for the pages to come.

    A window has so many `cells`, or what one page asks for; together they have as many as are
    `kept`, or there is but one. A cell takes some 400 bytes.
    """

    def __init__(self, cells: int = _CELLS, kept: int = _KEPT) -> None:
        self._cells = cells
        self._most = kept
        self._kept: OrderedDict[tuple[str, str, str], Window] = OrderedDict()

    def page(
        self,
        graph: Queryable,
        generation: str,
        asked: Asked,
        count: int,
        after: Cursor | None,
        *,
        kept_as: str = "",
    ) -> Page:
        """Return the page of so many rows behind a cursor, or the first one.

        What was read is used again for the same `generation`, and the same `kept_as`.

        The query is run for as many rows as are kept, and so once for many pages: all queries sort
        their rows, so that a hundred of them take as long as thousands.

        Raises:
            CursorError: if the row that the cursor names is not where it was.
            QueryError: if the query cannot be run.
        """
        start = 0 if after is None else after.place
        # The row before, to know it again, and the row behind, to know that there is one.
        begin, end = max(0, start - 1), start + count + 1
        question = question_of(asked)
        key = (generation, kept_as, question)
        window = self._kept.get(key)
        if window is None or not window.covers(begin, end):
            window = self._read(graph, asked, begin, end)
            self._kept[key] = window
        self._kept.move_to_end(key)
        held = sum(each.cells for each in self._kept.values())
        while held > self._most and len(self._kept) > 1:
            held -= self._kept.popitem(last=False)[1].cells
        offset = start - window.start
        if after is not None and (
            offset > len(window.rows) or _digest_of_row(window.rows[offset - 1]) != after.row
        ):
            raise _changed()
        rows = window.rows[offset : offset + count]
        following = None
        if len(window.rows) > offset + count:
            following = Cursor(
                digest_of(generation), digest_of(question), start + count, _digest_of_row(rows[-1])
            )
        return Page(window.columns, rows, following)

    def _read(self, graph: Queryable, asked: Asked, begin: int, end: int) -> Window:
        end = max(end, begin + self._cells // max(1, len(asked.query.columns)))
        result = graph.query(asked.bind(end))
        if not isinstance(result, QuerySolutions):
            raise QueryError(f"{asked.query.name} gives no rows, and so no pages")
        rows = [row for place, row in enumerate(result) if place >= begin]
        columns = tuple(variable.value for variable in result.variables)
        return Window(columns, begin, rows, begin + len(rows) < end)


def _digest_of_row(row: QuerySolution) -> bytes:
    return digest_of("\t".join("" if term is None else str(term) for term in row))
