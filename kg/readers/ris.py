"""Reading floor: RIS, as reference managers and databases really write it -> `Record`.

    TY  - JOUR
    AU  - Doe, Jane
    TI  - A title
    ER  -

The format has a loose specification and many dialects: each tool has tags of its own for title,
journal, abstract and dates, puts fields over several lines or several values in one, spaces the
hyphen its own way, numbers its records, and leaves the end out. Which identifiers are the paper's
own is told in `kg.readers.ris_identifiers`.

(The `rispy` library, 0.10, reads a file whole, and loses without a word: the first record behind a
byte order mark, the last one without ER, any record behind one without ER, all of them where the
hyphen has one space before it, and every second ISSN or abstract.)
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from kg.model import Locator, Problem, Record
from kg.readers.ris_record import make_record
from kg.readers.tagged import Entry, read_entries

_TAGGED = re.compile(r"([A-Z][A-Z0-9])  - *(.*)", re.DOTALL)
# Where the type is not spaced as it should be, nothing else is.
_LOOSELY_TAGGED = re.compile(r"\s*([A-Z][A-Z0-9])\s{0,3}-(?:\s+(.*)|\Z)", re.DOTALL)
_TYPE = re.compile(r"\s*TY\s{0,3}-\s*[A-Z]")
_END = re.compile(r"\s*ER\s{0,3}-\s*\Z")
_SNIFFED = re.compile(
    r"^\ufeff?(?:(?P<ris> *TY {0,3}- *[A-Z][A-Za-z ]{2,30}$)|(?P<medline>PMID- ?\d))", re.MULTILINE
)
_PADDING = re.compile(
    r"\s*(?:Record #?\d+ of \d+|Provider:.*|Database:.*|Content:.*|<?\d+[.>]?|[-=_*]+|EF)\s*\Z"
)


class _Grammar:
    """Takes the spacing of a record from its first line."""

    def __init__(self) -> None:
        self._pattern = _TAGGED

    def split(self, text: str) -> tuple[str, str] | None:
        if _END.match(text):
            return "ER", ""
        if _TYPE.match(text):
            self._pattern = _TAGGED if _TAGGED.match(text) else _LOOSELY_TAGGED
        match = self._pattern.match(text)
        return (match[1], match[2] or "") if match else None

    def opens(self, tag: str, entry: Entry, *, after_blank: bool) -> bool:  # noqa: ARG002
        return tag == "TY"

    def closes(self, tag: str) -> bool:
        return tag == "ER"

    def parts(self, text: str, entry: Entry) -> bool:  # noqa: ARG002 - ER ends a record
        return False

    def is_padding(self, text: str) -> bool:
        return _PADDING.match(text) is not None


class RisReader:
    """Reads RIS."""

    name = "ris"
    suffixes = (".ris", ".txt")

    def sniff(self, head: bytes) -> bool:
        """Tell whether a line gives the type of a record, before any record of MEDLINE."""
        text = re.sub(r"\r\n?", "\n", head.decode("utf-8", "replace"))
        match = _SNIFFED.search(text)
        return match is not None and match["ris"] is not None

    def read(self, stream: BinaryIO, path: str) -> Iterator[Record | Problem]:
        """Yield the records and problems of a file, in its order."""
        return read_entries(self, stream, path)

    def grammar(self) -> _Grammar:
        """Return how lines are told apart: records go from TY to ER."""
        return _Grammar()

    def has_end(self, entry: Entry) -> bool:
        """Tell whether an entry has its ER."""
        return entry.is_closed

    def is_identifier(self, tag: str) -> bool:
        """Tell whether a field may hold an identifier."""
        return tag not in {"TI", "T1", "AB", "N2", "KW", "AU", "A1"}

    def make_record(self, entry: Entry, locator: Locator) -> Record | None:
        """Return the record of an entry, None where it has no text and no identifier."""
        return make_record(entry, locator)
