"""Reading floor: the XML of EndNote, which Zotero, Rayyan and others write too -> `Record`.

    <xml><records><record><titles><title><style>A title</style></title></titles>...

The stream is split at the ends of records, as PubMed's XML is; fields have the meanings of RIS's.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from kg.model import Locator, Problem, Record
from kg.readers.markup import flatten
from kg.readers.pieces import Piece
from kg.readers.ris_record import make_record
from kg.readers.tagged import Entry, Field, report_lacks
from kg.readers.xml_parsing import Defect, parse_piece
from kg.readers.xml_pieces import ElementNames, split_elements

if TYPE_CHECKING:
    from lxml.etree import _Element

_NAMES = ElementNames(records=("record",), wrappers=("xml", "records"))
_SNIFFED = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>\s*)?<xml>\s*<records>")
_SHOWN = 2000
# Where fields stand in a record, and the tags of RIS that mean the same.
_RIS_TAGS = {
    "contributors/authors/author": "AU",
    "titles/title": "TI",
    "titles/secondary-title": "T2",
    "titles/translated-title": "TT",
    "titles/short-title": "ST",
    "periodical/full-title": "JF",
    "periodical/abbr-1": "J2",
    "alt-periodical/abbr-1": "J2",
    "dates/year": "PY",
    "dates/pub-dates/date": "DA",
    "volume": "VL",
    "number": "IS",
    "pages": "SP",
    "abstract": "AB",
    "keywords/keyword": "KW",
    "isbn": "SN",
    "electronic-resource-num": "DO",
    "accession-num": "AN",
    "custom2": "C2",
    "custom7": "C7",
    "remote-database-name": "DB",
    "remote-database-provider": "DP",
    "urls/related-urls/url": "UR",
    "notes": "N1",
    "language": "LA",
    "work-type": "M3",
}


class EndnoteXmlReader:
    """Reads EndNote's XML."""

    name = "endnote-xml"
    suffixes = (".xml",)

    def sniff(self, head: bytes) -> bool:
        """Tell whether a document begins as EndNote's do, with records in an element "xml"."""
        return _SNIFFED.match(head) is not None

    def read(self, stream: BinaryIO, path: str) -> Iterator[Record | Problem]:
        """Yield the records and problems of a file, in its order."""
        for piece in self.split(stream):
            yield self.parse(piece, path)

    def split(self, stream: BinaryIO) -> Iterator[Piece]:
        """Yield the records of a stream, not parsed yet, each by itself."""
        return split_elements(stream, _NAMES)

    def parse(self, piece: Piece, path: str) -> Record | Problem:
        """Return the record that a piece is, or the problem with it."""
        locator = Locator(path=path, format=self.name, line=piece.line)
        root = parse_piece(piece, "EndNote's XML")
        if isinstance(root, Defect):
            shown = piece.data[:_SHOWN].decode("utf-8", "replace").replace("\0", "\ufffd")
            return Problem(
                locator=locator, code=root.code, message=root.message, raw=shown, lost=True
            )
        entry = Entry(piece.line, piece.position, list(_read_fields(root)), is_closed=True)
        return report_lacks(make_record(entry, locator), entry, locator)


def _read_fields(root: "_Element") -> Iterator[Field]:
    """Yield the fields of a record; EndNote writes line ends within them as CR."""
    for path, tag in _RIS_TAGS.items():
        for element in root.iterfind(path):
            if lines := [line for line in flatten(element).splitlines() if line.strip()]:
                yield Field(tag, lines)
