"""Reading floor: tables with a header (CSV, TSV), and lists of identifiers -> `Record`.

As PubMed, Scopus, Web of Science, Embase, Zotero, Dimensions, Cochrane and Rayyan export them, and
as people write them: columns are known by the names in the header, the delimiter by which names it
gives. Problem codes: unknown-header, unknown-column, bare-identifiers, broken-row, short-row,
no-record, cut-file, and those of `kg.readers.lines`.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from kg.model import Locator, Problem, Record
from kg.readers.csv_columns import Columns, read_header
from kg.readers.csv_record import make_record
from kg.readers.csv_rows import DELIMITERS, Row, RowReader
from kg.readers.lines import Line, show_damage

# Dimensions and spreadsheets have lines before the header.
_MOST_BEFORE = 10
_MOST_NAMED = 20
_LONGEST_HEADER = 20_000
_SEPARATOR = re.compile(r"\ufeff?\"?sep=(.)\"?\s*", re.IGNORECASE)
# How formats begin whose lines may hold anything: "TY  - ", "%A ", "@article", JSON and XML.
_TAGGED = re.compile(rb"[A-Z][A-Z0-9]{1,3} {0,3}- |[%@][A-Za-z]|[\[{<]")
_IDENTIFIER = re.compile(
    r"\s*(?:(?P<PMID>(?:PMID:?\s*)?\d{4,9})|(?P<PMCID>(?:PMCID:?\s*)?PMC\d{4,9})"
    r"|(?P<DOI>(?:doi:\s*|https?://(?:dx\.)?doi\.org/)?10\.\d{4,9}/\S+?))\s*[,;]?\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Header:
    """The header of a table: its columns, their delimiter, and how many lines it takes to it."""

    columns: Columns
    delimiter: str
    lines: int


class CsvReader:
    """Reads CSV and TSV with a header, and lists of identifiers, one a line."""

    name = "csv"
    suffixes = (".csv", ".tsv", ".tab", ".txt")

    def sniff(self, head: bytes) -> bool:
        """Tell whether a line names the columns of a table of papers, or all are identifiers."""
        lines = re.split(r"\r\n|\n|\r", head.decode("utf-8", "replace").removeprefix("\ufeff"))
        if _TAGGED.match(head.removeprefix(b"\xef\xbb\xbf").lstrip()):
            return False
        if _find_header(lines[: _MOST_BEFORE + 1]) is not None:
            return True
        # The last line of the beginning may be cut.
        whole = [line for line in (lines[:-1] or lines) if line.strip()]
        return bool(whole) and all(map(_IDENTIFIER.fullmatch, whole))

    def read(self, stream: BinaryIO, path: str) -> Iterator[Record | Problem]:
        """Yield the records and problems of a table, in its order."""
        rows = RowReader(stream)
        beginning = rows.peek(_MOST_BEFORE + 1)
        header = _find_header([line.text for line in beginning])
        if header is not None:
            rows.skip(header.lines)
            rows.expect(header.delimiter, header.columns.count)
            table = _Table(path, self.name, header.columns)
            yield from table.open(beginning[header.lines - 1].number)
            for row in rows.rows():
                yield from table.take(row)
        elif any(_IDENTIFIER.fullmatch(line.text) for line in beginning):
            yield from _List(path, self.name).read(rows)
        else:
            place = Locator(path=path, format=self.name, line=1)
            message = "no line names the columns of a table, one of them of titles or identifiers"
            yield Problem(locator=place, code="unknown-header", message=message, lost=True)


def _find_header(lines: list[str]) -> _Header | None:
    """Return the first line that names two columns, or one and has no other."""
    delimiters: tuple[str, ...] = DELIMITERS
    for number, line in enumerate(lines, start=1):
        if number == 1 and (match := _SEPARATOR.fullmatch(line)):
            delimiters = (match[1],)
        if len(line) > _LONGEST_HEADER:
            continue
        found = [(_read_header_line(line, delimiter), delimiter) for delimiter in delimiters]
        columns, delimiter = max(found, key=lambda each: each[0].known)
        is_alone = columns.count == 1 and columns.known == 1
        if columns.is_of_papers and (columns.known > 1 or is_alone):
            return _Header(columns, delimiter, number)
    return None


def _read_header_line(line: str, delimiter: str) -> Columns:
    try:
        return read_header(next(csv.reader([line], delimiter=delimiter), []))
    except csv.Error:
        return read_header([])


@dataclass(slots=True)
class _Table:
    """A table whose header is known."""

    path: str
    format: str
    columns: Columns
    position: int = 0

    def open(self, line: int) -> Iterator[Problem]:
        """Yield what is to be said of the columns."""
        if self.columns.unknown:
            named = [f"'{name}'" for name in self.columns.unknown]
            more = [f"and {len(named) - _MOST_NAMED} more"] if len(named) > _MOST_NAMED else []
            names = show_damage(", ".join(named[:_MOST_NAMED] + more))
            message = f"these columns are not known, what is in them is left out: {names}"
            yield self._report(line, "unknown-column", message)
        if self.columns.is_bare:
            yield self._report(line, "bare-identifiers", _BARE)

    def take(self, row: Row) -> Iterator[Record | Problem]:
        """Yield what comes of a row."""
        self.position += 1
        cells, problem = self._fit(row)
        if problem is not None:
            yield problem
        if problem is not None and problem.lost:
            return
        place = Locator(path=self.path, format=self.format, line=row.line)
        record = make_record(cells, self.columns, place, self.position)
        if record is not None:
            yield record
        else:
            message = "the row has neither a title nor an abstract nor an identifier"
            yield self._report(row.line, "no-record", message, row.raw, lost=True)

    def _fit(self, row: Row) -> tuple[tuple[str, ...], Problem | None]:
        """Return the cells of a row as the header has them, and what is wrong with them."""
        if row.fault is not None:
            return (), self._report(row.line, row.fault.code, row.fault.message, row.raw, lost=True)
        cells, count = row.cells, self.columns.count
        if len(cells) == count + 1 and cells[0] == str(self.position):
            cells = cells[1:]  # R numbers the rows, and gives this column no name.
        if len(cells) == count or (not any(map(str.strip, cells[count:])) and len(cells) > count):
            return cells[:count], None
        counted = f"the row has {len(cells)} cells and the header {count}"
        if len(cells) > count:
            message = f"{counted}; it is left out (is a delimiter inside a cell in no quotes?)"
            return (), self._report(row.line, "broken-row", message, row.raw, lost=True)
        if row.is_broken_off:
            message = f"{counted}; the file ends here, and the row is lost"
            return (), self._report(row.line, "cut-file", message, row.raw, lost=True)
        if not self._is_sound(cells):
            message = f"{counted}; it is left out"
            return (), self._report(row.line, "broken-row", message, row.raw, lost=True)
        message = f"{counted}; it is read with what it has"
        return cells, self._report(row.line, "short-row", message, row.raw)

    def _is_sound(self, cells: tuple[str, ...]) -> bool:
        """Tell whether a row that is too short has its title and identifiers in their places."""
        if not self.columns.first(cells, "title"):
            return False
        numbers = self.columns.all(cells, "pmid", "pmcid", "doi")
        return all(number == "0" or _IDENTIFIER.fullmatch(number) for number in numbers)

    def _report(
        self, line: int, code: str, message: str, raw: str = "", *, lost: bool = False
    ) -> Problem:
        place = Locator(path=self.path, format=self.format, line=line)
        return Problem(locator=place, code=code, message=message, raw=raw, lost=lost)


_BARE = "there are only identifiers here; 'kg fetch' gets the titles and abstracts to them"


@dataclass(frozen=True, slots=True)
class _List:
    """A list of identifiers, one a line, without a header."""

    path: str
    format: str

    def read(self, rows: RowReader) -> Iterator[Record | Problem]:
        """Yield a record with an identifier only for each line."""
        place = Locator(path=self.path, format=self.format, line=1)
        yield Problem(locator=place, code="bare-identifiers", message=_BARE)
        position = 0
        while lines := rows.peek(1):
            rows.skip(1)
            if lines[0].text.strip():
                position += 1
                yield self._read_line(lines[0], position)

    def _read_line(self, line: Line, position: int) -> Record | Problem:
        place = Locator(path=self.path, format=self.format, line=line.number)
        match = _IDENTIFIER.fullmatch(line.text) if line.fault is None else None
        if match is not None:
            identifiers = {name: value for name, value in match.groupdict().items() if value}
            return Record(locator=place, texts=(), identifiers=identifiers, position=position)
        code = line.fault.code if line.fault is not None else "broken-row"
        message = line.fault.message if line.fault is not None else "this is no identifier"
        raw = show_damage(line.text[:200])
        return Problem(locator=place, code=code, message=message, raw=raw, lost=True)
