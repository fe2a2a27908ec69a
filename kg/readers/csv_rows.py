"""Reading floor: tables of text -> rows of cells, by Python's csv, with what is wrong with them.

Streaming, a row at a time. Cells in quotes may go over lines; where a quote is never closed, the
row that it opened is lost, and reading goes on with the next line that has as many cells as it
should.
"""

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from kg.readers.lines import Fault, Gauge, Line, read_lines, show_damage

DELIMITERS = (",", "\t", ";", "|")
# One row: csv keeps four bytes a letter, and refuses cells of more than 131,072 unless told.
_LONGEST_ROW = 1 << 22
_MOST_LINES = 20_000
_MOST_RAW = 1_000
# Tables with these delimiters are often written without any quoting.
_OFTEN_BARE = "\t|"


@dataclass(frozen=True, slots=True)
class Row:
    """A row: the line it begins on, its cells, and why it cannot be read, if so.

    `is_broken_off` is true of the last row of a file whose last line has no end.
    """

    line: int
    cells: tuple[str, ...]
    fault: Fault | None = None
    is_broken_off: bool = False

    @property
    def raw(self) -> str:
        """The beginning of the row in a form to print."""
        return show_damage(" | ".join(self.cells)[:_MOST_RAW])


class _EndlessRowError(Exception):
    """A row has too many lines or letters to be kept."""


class RowReader:
    """Reads the rows of a table; how many cells they should have may be told once it is known."""

    def __init__(self, stream: BinaryIO) -> None:
        self._lines = _Lines(read_lines(stream))
        self._delimiter = ","
        self._width = 0

    def peek(self, count: int) -> list[Line]:
        """Return the next lines without going over them."""
        return self._lines.peek(count)

    def skip(self, count: int) -> None:
        """Go over lines."""
        for _ in range(count):
            self._lines.take()

    def expect(self, delimiter: str, width: int) -> None:
        """Tell how cells are parted, and how many a row has."""
        self._delimiter, self._width = delimiter, width

    def rows(self) -> Iterator[Row]:
        """Yield the rows, empty ones left out."""
        csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_ROW))
        while True:
            self._lines.begin_row()
            try:
                cells = self._read_bare() or next(
                    csv.reader(self._lines, delimiter=self._delimiter)
                )
            except StopIteration:
                return
            except (csv.Error, _EndlessRowError):
                yield self._give_up("long-record", "the row does not end; it is left out")
                self._skip_rest()
                continue
            row = self._lines.row
            if any(map(str.strip, cells)) or any(line.fault for line in row):
                yield self._judge(cells, row)

    def _read_bare(self) -> list[str] | None:
        """Return the cells of a line in which quotation marks are but that, or None."""
        if self._delimiter not in _OFTEN_BARE or not self._width:
            return None
        line = next(iter(self._lines.peek(1)), None)
        if line is None or line.fault is not None:
            return None
        cells = line.text.split(self._delimiter)
        are_closed = all(cell.count('"') % 2 == 0 for cell in cells if cell.startswith('"'))
        if len(cells) != self._width or not are_closed:
            return None
        next(self._lines)
        return [_unquote(cell) for cell in cells]

    def _judge(self, cells: list[str], lines: list[Line]) -> Row:
        """Return a row of cells, or where its quotes take in other rows, its first line alone."""
        if self._lines.is_cut:
            message = "the file ends inside a cell in quotes; the row is lost"
            return self._give_up("cut-file", message)
        # A line of a text may well have as many commas as a row, but hardly as many tabs.
        is_doubtful = len(cells) != self._width or self._delimiter == "\t"
        if is_doubtful and any(map(self._is_row, lines[1:])):
            return self._give_up("broken-row", "a quote of this row is never closed")
        fault = next((line.fault for line in lines if line.fault), None)
        return Row(lines[0].number, tuple(cells), fault, not lines[-1].is_ended)

    def _give_up(self, code: str, message: str) -> Row:
        """Lose a row, and go back to the first of its further lines that is a row by itself."""
        first, *others = self._lines.row
        for place, line in enumerate(others):
            if self._is_row(line):
                self._lines.go_back(others[place:])
                if code == "cut-file":
                    code, message = "broken-row", "a quote of this row is never closed"
                break
        fault = first.fault or Fault(code=code, message=message)
        return Row(first.number, (first.text[:_MOST_RAW],), fault)

    def _skip_rest(self) -> None:
        """Go over what is left of a row whose line was too long to be read."""
        while (lines := self._lines.peek(1)) and not self._may_begin_row(lines[0]):
            self._lines.take()

    def _may_begin_row(self, line: Line) -> bool:
        """Tell whether a line is a row, or one up to a cell in quotes that goes on behind it."""
        return self._width < 2 or line.fault is not None or self._count(line) in {self._width, None}

    def _is_row(self, line: Line) -> bool:
        return self._width > 1 and line.fault is None and self._count(line) == self._width

    def _count(self, line: Line) -> int | None:
        """Return how many cells a line has, -1 if it is none, None where the last does not end."""
        try:
            return len(next(csv.reader([line.text], delimiter=self._delimiter, strict=True), []))
        except csv.Error as error:
            return None if "unexpected end" in str(error) else -1


class _Lines:
    """Hands lines to csv one by one, and keeps those of the row that is being read."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._waiting: deque[Line] = deque()
        self._gauge = Gauge()
        self.row: list[Line] = []
        self.is_cut = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.take()
        if line is None:
            self.is_cut = bool(self.row)
            raise StopIteration
        self.row.append(line)
        self._gauge.add(line.text)
        is_endless = self._gauge.size > _LONGEST_ROW or len(self.row) > _MOST_LINES
        if is_endless or (line.fault is not None and line.fault.code == "long-line"):
            raise _EndlessRowError
        return f"{line.text}\n"

    def begin_row(self) -> None:
        """Forget the lines of the last row."""
        self._gauge, self.row, self.is_cut = Gauge(), [], False

    def peek(self, count: int) -> list[Line]:
        """Return the next lines without going over them."""
        while len(self._waiting) < count and (line := next(self._lines, None)) is not None:
            self._waiting.append(line)
        return [self._waiting[place] for place in range(min(count, len(self._waiting)))]

    def take(self) -> Line | None:
        """Go over a line and return it, or None at the end."""
        return self._waiting.popleft() if self._waiting else next(self._lines, None)

    def go_back(self, lines: list[Line]) -> None:
        """Let lines that were gone over come again."""
        self._waiting.extendleft(reversed(lines))


def _unquote(cell: str) -> str:
    is_quoted = len(cell) > 1 and cell.startswith('"') and cell.endswith('"')
    inner = cell[1:-1].replace('""', "")
    return cell[1:-1].replace('""', '"') if is_quoted and '"' not in inner else cell
