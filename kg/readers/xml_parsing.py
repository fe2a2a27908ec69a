"""Reading floor: pieces of XML parsed, each by itself; nothing is expanded, loaded or fetched."""

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from kg.readers.markup import MATHML
from kg.readers.pieces import Fault, Piece
from kg.readers.xml_pieces import MAX_RECORD

if TYPE_CHECKING:
    from lxml.etree import XMLParser, XMLSyntaxError, _Element

_FAULTS = {
    Fault.CUT: (
        "cut-record",
        "the record ends before its end tag: the file was cut here, or joined badly",
    ),
    Fault.LONG: ("long-record", f"the record is longer than {MAX_RECORD:,} bytes"),
    Fault.UNKNOWN: ("unknown-content", "what stands here is no part of {format}"),
    Fault.ENTITIES: (
        "declared-entities",
        "the head of the file declares things that could be expanded or fetched; nothing is read",
    ),
    Fault.END: ("cut-file", "the file ends too early; fetch it again"),
}
_PREFIX = re.compile(rb"</?([A-Za-z_][\w.-]{0,20}):")
_MOST_PREFIXES = 9
# A record of more elements and attributes than this would take hundreds of megabytes.
_MOST_NODES = 500_000
_LARGE = 1 << 20


class Defect(NamedTuple):
    """Why a piece cannot be parsed: the code and the message of its problem."""

    code: str
    message: str


def parse_piece(piece: Piece, format_name: str) -> "_Element | Defect":
    """Return the element that a piece is, or what is wrong with it.

    >>> parse_piece(Piece(7, 1, b"<r>1</r>"), "XML").text
    '1'
    >>> parse_piece(Piece(7, 1, b"<r>1</s>"), "XML").code
    'broken-xml'
    """
    from lxml.etree import XMLSyntaxError  # noqa: PLC0415

    if piece.fault:
        code, message = _FAULTS[piece.fault]
        return Defect(code, message.format(format=format_name))
    if len(piece.data) > _LARGE and _count_nodes(piece.data) > _MOST_NODES:
        return Defect("long-record", "the record has too many elements")
    try:
        return _parse(piece.data)
    except XMLSyntaxError as error:
        return _explain(piece, error)


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


def _count_nodes(data: bytes) -> int:
    return data.count(b"<") + data.count(b'="') + data.count(b"='")


def _explain(piece: Piece, error: "XMLSyntaxError") -> Defect:
    """Return the code and message of a record that cannot be parsed."""
    try:
        piece.data.decode("utf-8")
    except UnicodeDecodeError as wrong:
        line = piece.line + piece.data.count(b"\n", 0, wrong.start)
        return Defect(
            "bad-encoding",
            f"byte 0x{piece.data[wrong.start]:02x} on line {line} is not UTF-8; name the encoding "
            "of the file with --encoding",
        )
    if b"\0" in piece.data:
        line = piece.line + piece.data.count(b"\n", 0, piece.data.index(b"\0"))
        return Defect("nul-byte", f"line {line} holds a NUL byte, which no XML may")
    reason = re.sub(r", line \d+, column \d+.*", "", error.msg or "no well-formed XML")
    return Defect("broken-xml", f"{reason} (line {piece.line + (error.lineno or 1) - 1})")
