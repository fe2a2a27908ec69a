"""Reading floor: PubMed's own XML, as efetch and the files of the baseline and its updates have it.

Articles, books and chapters, and MEDLINE citations by themselves. The stream is split at the ends
of its records (`kg.readers.xml_pieces`) and each is parsed by itself, so that a broken record is
one `Problem`, memory is that of a record, and no document type is ever read, fetched or expanded.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, BinaryIO

from kg.model import Locator, Problem, Record
from kg.readers.markup import MATHML
from kg.readers.pieces import Fault, Piece
from kg.readers.xml_pieces import MAX_RECORD, ElementNames, split_elements

if TYPE_CHECKING:
    from lxml.etree import XMLParser, XMLSyntaxError, _Element

_NAMES = ElementNames(
    records=("PubmedArticle", "PubmedBookArticle", "MedlineCitation", "BookDocument"),
    others=("DeleteCitation", "DeleteDocument"),
    wrappers=("PubmedArticleSet", "PubmedBookArticleSet", "BookDocumentSet", "MedlineCitationSet"),
)
_FAULTS = {
    Fault.CUT: (
        "cut-record",
        "the record ends before its end tag: the file was cut here, or joined badly",
    ),
    Fault.LONG: ("long-record", f"the record is longer than {MAX_RECORD:,} bytes"),
    Fault.UNKNOWN: ("unknown-content", "what stands here is no part of PubMed's XML"),
    Fault.ENTITIES: (
        "declared-entities",
        "the head of the file declares things that could be expanded or fetched; nothing is read",
    ),
    Fault.END: ("cut-file", "the file ends too early; fetch it again"),
}
_PMID = re.compile(rb"<PMID[^>]{0,40}>\s*(\d{1,12})")
_PREFIX = re.compile(rb"</?([A-Za-z_][\w.-]{0,20}):")
_MOST_PREFIXES = 9
_SHOWN = 2000
_NAMED = 20
# A record of more elements and attributes than this would take hundreds of megabytes.
_MOST_NODES = 500_000
_LARGE = 1 << 20


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
        from lxml.etree import XMLSyntaxError  # noqa: PLC0415

        locator = Locator(path=path, format=self.name, line=piece.line)
        if piece.fault:
            return _report(locator, piece, *_FAULTS[piece.fault])
        if len(piece.data) > _LARGE and _count_nodes(piece.data) > _MOST_NODES:
            return _report(locator, piece, "long-record", "the record has too many elements")
        try:
            root = _parse(piece.data)
        except XMLSyntaxError as error:
            return _report(locator, piece, *_explain(piece, error))
        if root.tag in {"DeleteCitation", "DeleteDocument"}:
            return _report_deleted(root, locator)
        record = _read_record(root, locator, piece.position)
        return record or _report(locator, piece, "empty-record", "the record is empty")


@cache
def _make_parser() -> "XMLParser":
    """Return a parser that expands, loads and fetches nothing, one for all of a process."""
    from lxml.etree import XMLParser  # noqa: PLC0415

    return XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )


def _parse(data: bytes) -> "_Element":
    from lxml.etree import XMLSyntaxError, fromstring  # noqa: PLC0415

    try:
        return fromstring(data, _make_parser())
    except XMLSyntaxError as error:
        if not str(error).startswith("Namespace prefix"):
            raise
    # Whoever wrote the file again declares MathML, the only namespace there is, in its head.
    prefixes = sorted(set(_PREFIX.findall(data)))[:_MOST_PREFIXES]
    declared = b" ".join(b'xmlns:%b="%b"' % (prefix, MATHML.encode()) for prefix in prefixes)
    return fromstring(b"<all %b>%b</all>" % (declared, data), _make_parser())[0]


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


def _count_nodes(data: bytes) -> int:
    return data.count(b"<") + data.count(b'="') + data.count(b"='")


def _explain(piece: Piece, error: "XMLSyntaxError") -> tuple[str, str]:
    """Return the code and message of a record that cannot be parsed."""
    try:
        piece.data.decode("utf-8")
    except UnicodeDecodeError as wrong:
        line = piece.line + piece.data.count(b"\n", 0, wrong.start)
        return "bad-encoding", (
            f"byte 0x{piece.data[wrong.start]:02x} on line {line} is not UTF-8; name the encoding "
            "of the file with --encoding"
        )
    if b"\0" in piece.data:
        line = piece.line + piece.data.count(b"\n", 0, piece.data.index(b"\0"))
        return "nul-byte", f"line {line} holds a NUL byte, which no XML may"
    reason = re.sub(r", line \d+, column \d+.*", "", error.msg or "no well-formed XML")
    return "broken-xml", f"{reason} (line {piece.line + (error.lineno or 1) - 1})"


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
