"""Reading floor: PubMed's own XML, as efetch and the files of the baseline and its updates have it.

Articles, books and chapters, and MEDLINE citations by themselves. The stream is split at the ends
of its records (`kg.readers.xml_pieces`) and each is parsed by itself, so that a broken record is
one `Problem`, memory is that of a record, and no document type is ever read, fetched or expanded.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from kg.model import Locator, Problem, Record
from kg.readers.pieces import Piece
from kg.readers.xml_parsing import Defect, parse_piece
from kg.readers.xml_pieces import ElementNames, split_elements

if TYPE_CHECKING:
    from lxml.etree import _Element

_NAMES = ElementNames(
    records=("PubmedArticle", "PubmedBookArticle", "MedlineCitation", "BookDocument"),
    others=("DeleteCitation", "DeleteDocument"),
    wrappers=("PubmedArticleSet", "PubmedBookArticleSet", "BookDocumentSet", "MedlineCitationSet"),
)
_PMID = re.compile(rb"<PMID[^>]{0,40}>\s*(\d{1,12})")
_SHOWN = 2000
_NAMED = 20


class PubmedXmlReader:
    """Reads PubMed's XML."""

    name = "pubmed-xml"
    suffixes = (".xml",)

    def sniff(self, head: bytes) -> bool:
        """Tell whether a document begins with one of PubMed's elements, or says it will."""
        return _NAMES.recognise(head)

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
        root = parse_piece(piece, "PubMed's XML")
        if isinstance(root, Defect):
            return _report(locator, piece, root.code, root.message)
        if root.tag in {"DeleteCitation", "DeleteDocument"}:
            return _report_deleted(root, locator)
        record = _read_record(root, locator, piece.position)
        return record or _report(locator, piece, "empty-record", "the record is empty")


def _read_record(root: "_Element", locator: Locator, position: int) -> Record | None:
    from kg.readers.pubmed_book import read_book  # noqa: PLC0415
    from kg.readers.pubmed_record import read_article  # noqa: PLC0415

    if root.tag == "MedlineCitation":
        return read_article(root, None, locator, position)
    if root.tag == "BookDocument":
        return read_book(root, None, locator, position)
    parts = {part.tag: part for part in root}
    if root.tag == "PubmedArticle":
        citation, data = parts.get("MedlineCitation"), parts.get("PubmedData")
        return read_article(citation, data, locator, position)
    document, data = parts.get("BookDocument"), parts.get("PubmedBookData")
    return read_book(document, data, locator, position)


def _report(locator: Locator, piece: Piece, code: str, message: str) -> Problem:
    """Return the problem of a record that is lost, with its PMID where it can be seen."""
    shown = piece.data[:_SHOWN]
    pmid = _PMID.search(shown)
    return Problem(
        locator=locator,
        code=code,
        message=f"PMID {pmid[1].decode()}: {message}" if pmid else message,
        raw=shown.decode("utf-8", "replace").replace("\0", "\ufffd"),
        lost=True,
    )


def _report_deleted(root: "_Element", locator: Locator) -> Problem:
    """Return the problem that names the citations that PubMed took back."""
    pmids = [(pmid.text or "").strip() for pmid in root.iter("PMID")]
    named = ", ".join(pmids[:_NAMED]) + (", ..." if len(pmids) > _NAMED else "")
    return Problem(
        locator=locator,
        code="deleted-citation",
        message=f"PubMed has deleted {len(pmids)} citations: {named}; what the graph has of them "
        "stays: take them out with `kg remove --paper PMID:...`",
        raw=" ".join(pmids),
    )
