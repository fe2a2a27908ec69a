"""Reading floor: the tagged plain text of Web of Science (and SciELO) -> `Record`.

    PT J
    AU Doe, J
       Roe, B
    TI A title
    ER

A line with a tag begins a field, three spaces go on with it; lists have an item a line. Cited
references (CR) are other papers'.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from kg.model import Locator, Problem, Record
from kg.readers.ris_record import make_record
from kg.readers.tagged import Entry, Field, read_entries

_TAGGED = re.compile(r"([A-Z][A-Z0-9])(?: (.*)|\s*\Z)", re.DOTALL)
_SNIFFED = re.compile(
    r"^\ufeff?(?:FN .+\nVR \d|PT [A-Z]\s*\n(?:AU|AF|BA|BE|CA|TI|GP) )", re.MULTILINE
)
_AROUND = ("FN", "VR", "EF")
_ITEMS = ("AU", "AF", "CA")
_RIS_TAGS = {
    "AU": "AU",
    "CA": "AU",
    "TI": "TI",
    "FT": "TT",
    "SO": "T2",
    "JI": "JI",
    "J9": "J9",
    "PY": "PY",
    "PD": "DA",
    "VL": "VL",
    "IS": "IS",
    "BP": "SP",
    "EP": "EP",
    "AR": "C7",
    "DI": "DO",
    "PM": "PM",
    "UT": "AN",
    "AB": "AB",
    "DE": "KW",
    "ID": "KW",
    "SN": "SN",
    "EI": "SN",
    "DT": "M3",
    "LA": "LA",
    "FU": "FU",
}


class _Grammar:
    def split(self, text: str) -> tuple[str, str] | None:
        match = _TAGGED.match(text)
        return (match[1], match[2] or "") if match and match[1] not in _AROUND else None

    def opens(self, tag: str, entry: Entry, *, after_blank: bool) -> bool:  # noqa: ARG002
        return tag == "PT"

    def closes(self, tag: str) -> bool:
        return tag == "ER"

    def parts(self, text: str, entry: Entry) -> bool:  # noqa: ARG002 - ER ends a record
        return False

    def is_padding(self, text: str) -> bool:
        return text.startswith(_AROUND)


class WosReader:
    """Reads the plain text of Web of Science."""

    name = "wos"
    suffixes = (".ciw", ".txt", ".isi")

    def sniff(self, head: bytes) -> bool:
        """Tell whether a file has the heading of Web of Science, or a record of it."""
        text = re.sub(r"\r\n?", "\n", head.decode("utf-8", "replace"))
        return _SNIFFED.search(text) is not None

    def read(self, stream: BinaryIO, path: str) -> Iterator[Record | Problem]:
        """Yield the records and problems of a file, in its order."""
        return read_entries(self, stream, path)

    def grammar(self) -> _Grammar:
        """Return how lines are told apart: records go from PT to ER."""
        return _Grammar()

    def has_end(self, entry: Entry) -> bool:
        """Tell whether an entry has its ER."""
        return entry.is_closed

    def is_identifier(self, tag: str) -> bool:
        """Tell whether a field is an identifier."""
        return tag in {"DI", "PM", "UT"}

    def make_record(self, entry: Entry, locator: Locator) -> Record | None:
        """Return the record of an entry, None where it has no text and no identifier."""
        tags = dict(_RIS_TAGS)
        if len(entry.each_line("AF")) == len(entry.each_line("AU")):
            tags["AF"] = tags.pop("AU")  # full names
        listed = entry.renamed(tags, _ITEMS)
        keywords = [part for value in listed.all("KW") for part in value.split("; ")]
        fields = [each for each in listed.fields if each.tag != "KW"]
        fields += [Field("KW", keywords)] if keywords else []
        fields += [
            Field("AI", [part.strip().replace("/", "; ", 1)])
            for value in entry.all("OI")
            for part in value.split(";")
        ]
        return make_record(listed.with_fields(fields), locator)
