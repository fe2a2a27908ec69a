"""Reading floor: BibTeX -> its entries, each as the text that it is.

Streaming, line by line. An entry ends where its braces are closed, or where a line begins another:
so one whose braces do not match is lost alone. What stands between entries is a comment to BibTeX.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from kg.readers.lines import Fault, Gauge, Line, read_lines, show_damage

_LONGEST_RAW = 2_000
# One entry; BibTeX is parsed by steps of a few letters, which takes its time.
_LONGEST_ENTRY = 1 << 21

_OPENING = re.compile(r"@\s*(?P<type>[A-Za-z]+)\s*(?P<bracket>[{(])")
_OPENING_BEGUN = re.compile(r"@\s*[A-Za-z]+\s*\Z")
_OPENING_LINE = re.compile(r"\s*@\s*[A-Za-z]+\s*[{(]")
_BRACES = re.compile(r"[{}]")
_BRACES_AND_QUOTES = re.compile(r'[{}()"]')
_BROKEN = Fault(
    code="broken-entry",
    message="the braces of the entry are not closed where the next one begins; it is left out",
)
_CUT = Fault(code="cut-file", message="the file ends inside this entry, which is lost")
_TOO_LONG = Fault(
    code="long-record",
    message=f"the entry is longer than {_LONGEST_ENTRY:,} characters; it is left out",
)


@dataclass(slots=True)
class BibtexEntry:
    """An entry: its type in small letters, its line, its body as text, and why it cannot be read.

    `body` is what stands between its brackets. `position` counts the entries that may be papers.
    """

    type: str
    line: int
    position: int
    is_round: bool
    fault: Fault | None = None
    body: str = ""
    _parts: list[str] = field(default_factory=list)
    _depth: int = 0
    _in_quotes: bool = False
    _gauge: Gauge = field(default_factory=Gauge)

    @property
    def is_paper(self) -> bool:
        """Tell whether the entry is a record, and not BibTeX's own book-keeping."""
        return self.type not in {"string", "preamble", "comment"}

    @property
    def raw(self) -> str:
        """The beginning of the entry in a form to print."""
        return show_damage(f"@{self.type}{{{self.body[:_LONGEST_RAW]}")

    def add(self, text: str, start: int) -> int | None:
        """Take a line from a place on; return the place behind the entry's end, or None."""
        end = self._find_end(text, start)
        part = text[start:] if end is None else text[start:end]
        if self._gauge.add(part) or self._gauge.size > _LONGEST_ENTRY:
            self.fault = self.fault or _TOO_LONG
            del self._parts[1:]
        else:
            self._parts.append(part)
        return None if end is None else end + 1

    def finish(self, fault: Fault | None = None) -> "BibtexEntry":
        """Return the entry as it is when its end, or that of the file, is reached."""
        self.body = "\n".join(self._parts)
        self.fault = self.fault or fault
        return self

    def _find_end(self, text: str, start: int) -> int | None:
        """Return where the bracket that closes the entry stands, if it does."""
        if not self.is_round:
            for match in _BRACES.finditer(text, start):
                self._depth += 1 if match[0] == "{" else -1
                if self._depth < 0:
                    return match.start()
            return None
        for match in _BRACES_AND_QUOTES.finditer(text, start):
            sign = match[0]
            if sign in "{}":
                self._depth = max(0, self._depth + (1 if sign == "{" else -1))
            elif sign == '"' and not self._depth:
                self._in_quotes = not self._in_quotes
            elif sign == ")" and not self._depth and not self._in_quotes:
                return match.start()
        return None


def read_entries(stream: BinaryIO) -> Iterator[BibtexEntry | Line]:
    r"""Yield the entries of a file, and lines between them that cannot be read.

    >>> from io import BytesIO
    >>> entries = read_entries(BytesIO(b"@book{a, title={A {B}}} @misc{b,\n@misc{c}"))
    >>> [(entry.type, entry.body, entry.fault and entry.fault.code) for entry in entries]
    [('book', 'a, title={A {B}}', None), ('misc', 'b,', 'broken-entry'), ('misc', 'c', None)]
    """
    entry: BibtexEntry | None = None
    position = 0
    begun, begun_line = "", 0  # an "@article" whose brace stands on the next line
    for line in read_lines(stream):
        text, number = line.text, line.number
        if begun:
            text, number = f"{begun}\n{text}", begun_line
            begun = ""
        # What is commented out may hold entries.
        if entry is not None and entry.type != "comment" and _OPENING_LINE.match(text):
            yield entry.finish(_BROKEN)
            entry = None
        place: int | None = 0
        while place is not None:
            if entry is None:
                opening = _find_opening(text, place)
                if opening is None:
                    break
                entry = _open(opening, number, position)
                position = entry.position
                place = opening.end()
            entry.fault = entry.fault or line.fault
            place = entry.add(text, place)
            if place is not None:
                yield entry.finish()
                entry = None
        if entry is None and place == 0 and line.fault is not None:
            yield line
        elif entry is None and (match := _OPENING_BEGUN.search(text, place or 0)):
            begun, begun_line = match[0][:_LONGEST_RAW], number
    if entry is not None:
        yield entry.finish(_CUT)


def _find_opening(text: str, place: int) -> re.Match[str] | None:
    """Return where the next entry opens; on a line behind a `%` none does."""
    opening = _OPENING.search(text, place)
    if opening is None or text.lstrip().startswith("%"):
        return None
    return opening


def _open(opening: re.Match[str], line: int, position: int) -> BibtexEntry:
    entry = BibtexEntry(
        type=opening["type"].lower(),
        line=line,
        position=position,
        is_round=opening["bracket"] == "(",
    )
    entry.position += entry.is_paper
    return entry
