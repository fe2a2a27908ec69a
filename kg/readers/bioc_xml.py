"""Reading floor: BioC in XML: the collections of corpora, of PubTator and of BioC's services.

The stream is split at the ends of documents, as PubMed's XML is. (The `bioc` library keeps all that
it has read of a file in memory, expands entities, and loses the document before the place where a
file breaks off.)
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from kg.model import Locator, Problem, Record
from kg.readers.bioc import BiocAnnotation, BiocDocument, BiocPassage, make_record
from kg.readers.pieces import Piece
from kg.readers.xml_parsing import Defect, parse_piece
from kg.readers.xml_pieces import ElementNames, split_elements

if TYPE_CHECKING:
    from lxml.etree import _Element

# What is told of a collection stands beside its documents.
_NAMES = ElementNames(
    records=("document",), others=("source", "date", "key", "infon"), wrappers=("collection",)
)
_SHOWN = 2000


class BiocXmlReader:
    """Reads the titles and abstracts of BioC documents in XML, with their annotations."""

    name = "bioc-xml"
    suffixes = (".xml",)

    def sniff(self, head: bytes) -> bool:
        """Tell whether XML is a collection of documents."""
        return _NAMES.recognise(head) and (b"<document" in head or b"BioC.dtd" in head)

    def read(self, stream: BinaryIO, path: str) -> Iterator[Record | Problem]:
        """Yield the records and problems of a file, in its order.

        Problem codes: those of pieces of XML and of `kg.readers.bioc`.
        """
        for piece in self.split(stream):
            yield self.parse(piece, path)

    def split(self, stream: BinaryIO) -> Iterator[Piece]:
        """Yield the documents of a stream, not parsed yet, each by itself."""
        return (one for one in split_elements(stream, _NAMES) if one.position or one.fault)

    def parse(self, piece: Piece, path: str) -> Record | Problem:
        """Return the record that a piece is, or the problem with it."""
        locator = Locator(path=path, format=self.name, line=piece.line)
        root = parse_piece(piece, "BioC")
        if isinstance(root, Defect):
            shown = piece.data[:_SHOWN].decode("utf-8", "replace").replace("\0", "\ufffd")
            return Problem(
                locator=locator, code=root.code, message=root.message, raw=shown, lost=True
            )
        return make_record(_read_document(root), locator, piece.position)


def _read_document(root: "_Element") -> BiocDocument:
    return BiocDocument(
        id=_text(root, "id").strip(),
        infons=_read_infons(root),
        passages=tuple(
            part for passage in root.iterfind("passage") for part in _read_passage(passage)
        ),
        annotations=_read_annotations(root),
    )


def _read_passage(passage: "_Element") -> Iterator[BiocPassage]:
    """Yield a passage, or the sentences that it has in place of a text."""
    infons = _read_infons(passage)
    parts = [passage]
    if passage.find("text") is None:
        parts = passage.findall("sentence") or parts
    for part in parts:
        annotations = _read_annotations(part)
        if part is not passage and part is parts[0]:
            annotations += _read_annotations(passage)
        yield BiocPassage(
            infons=infons,
            offset=_number(_text(part, "offset")),
            text=_text(part, "text"),
            annotations=annotations,
        )


def _read_annotations(parent: "_Element") -> tuple[BiocAnnotation, ...]:
    found = []
    for one in parent.iterfind("annotation"):
        spans = []
        for location in one.iterfind("location"):
            offset, length = _number(location.get("offset")), _number(location.get("length"))
            if offset is not None and length:
                spans.append((offset, offset + length))
        found.append(
            BiocAnnotation(infons=_read_infons(one), text=_text(one, "text"), spans=tuple(spans))
        )
    return tuple(found)


def _read_infons(parent: "_Element") -> dict[str, str]:
    infons: dict[str, str] = {}
    for one in parent.iterfind("infon"):
        key, value = one.get("key") or "", "".join(map(str, one.itertext())).strip()
        if key and value:
            infons.setdefault(key, value)
    return infons


def _text(parent: "_Element", name: str) -> str:
    child = parent.find(name)
    return "" if child is None else "".join(map(str, child.itertext()))


def _number(text: str | None) -> int | None:
    text = (text or "").strip()
    return int(text) if len(text) < 10 and text.isascii() and text.isdigit() else None
