"""Reading floor: EndNote's tagged text (`.enw`, also called refer or BibIX) -> `Record`.

    %0 Journal Article
    %A Doe, Jane
    %T A title

EndNote, Google Scholar, Zotero and publishers write it. Its tags have the meanings of RIS's.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from kg.model import Locator, Problem, Record
from kg.readers.ris_record import make_record
from kg.readers.tagged import Entry, read_entries

_TAGGED = re.compile(r"%([0-9A-Z!@#$&()*+=?<>~^\[\]\\:;|])(?: +(.*)|\s*\Z)", re.DOTALL)
_SNIFFED = re.compile(
    r"\A\ufeff?\s*%[0-9A-Z] +\S.*\n(?:(?!%).*\n)*?%[0-9A-Z!@#$&()*+=?<>~^] ?"
    r"|^%0 +(?:[A-Z][a-z]+ ?){1,4}$",
    re.MULTILINE,
)
# Tags that stand once in a record: behind a blank line, a second one is another record's.
_ONCE = frozenset("TDJVNPX")
_RIS_TAGS = {
    "A": "AU",
    "Q": "TT",
    "T": "TI",
    "B": "BT",
    "J": "T2",
    "O": "J2",
    "D": "PY",
    "8": "DA",
    "V": "VL",
    "N": "IS",
    "P": "SP",
    "R": "DO",
    "U": "UR",
    "X": "AB",
    "K": "KW",
    "@": "SN",
    "M": "AN",
    "~": "DB",
    "W": "DP",
    "2": "C2",
    "Z": "N1",
    "9": "M3",
    "G": "LA",
    "!": "ST",
}
_ABBREVIATION = re.compile(r"[^\W\d_][\w.&' -]{1,60}")


class _Grammar:
    def split(self, text: str) -> tuple[str, str] | None:
        match = _TAGGED.match(text.lstrip())
        return (match[1], match[2] or "") if match else None

    def opens(self, tag: str, entry: Entry, *, after_blank: bool) -> bool:
        if tag == "0":
            return True
        # Without %0, blank lines part the records.
        return after_blank and (not entry.has("0") or (tag in _ONCE and entry.has(tag)))

    def closes(self, tag: str) -> bool:  # noqa: ARG002 - there is no such tag
        return False

    def parts(self, text: str, entry: Entry) -> bool:  # noqa: ARG002
        return not entry.has("0")

    def is_padding(self, text: str) -> bool:  # noqa: ARG002
        return False


class EndnoteReader:
    """Reads EndNote's tagged text."""

    name = "endnote"
    suffixes = (".enw", ".txt")

    def sniff(self, head: bytes) -> bool:
        """Tell whether a text begins with tagged lines, or has one that opens a record."""
        text = re.sub(r"\r\n?", "\n", head.decode("utf-8", "replace"))
        return _SNIFFED.search(text) is not None

    def read(self, stream: BinaryIO, path: str) -> Iterator[Record | Problem]:
        """Yield the records and problems of a file, in its order."""
        return read_entries(self, stream, path)

    def grammar(self) -> _Grammar:
        """Return how lines are told apart: records begin with %0, or behind a blank line."""
        return _Grammar()

    def has_end(self, entry: Entry) -> bool:  # noqa: ARG002
        """Return False: nothing marks the end of a record."""
        return False

    def is_identifier(self, tag: str) -> bool:
        """Tell whether a field may hold an identifier."""
        return tag in set("RMU2Z@")

    def make_record(self, entry: Entry, locator: Locator) -> Record | None:
        """Return the record of an entry, None where it has no text and no identifier."""
        tags = dict(_RIS_TAGS)
        if not all(_ABBREVIATION.fullmatch(value) for value in entry.all("O")):
            del tags["O"]  # EndNote's other name of a journal; elsewhere any note.
        if entry.has("T"):
            tags["B"] = "T2"  # of what contains it; alone, it is the book itself
        return make_record(entry.renamed(tags), locator)
