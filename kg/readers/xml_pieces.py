"""Reading floor: splits a stream of XML at the end of its records, without parsing it.

Records are elements of known names that stand beside each other in known wrappers. Each is a
`Piece` by itself, so that a broken one costs nothing but itself, and nothing that the head of a
document declares ever reaches a parser. The end tag of a record inside a comment or a CDATA section
is taken for its end: such a record is broken, the next one is not. Memory is that of a record.
"""

import codecs
import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from kg.readers.pieces import Fault, Piece

# The longest real records are those of papers with fifteen thousand collaborators: 7 MB.
MAX_RECORD = 16 << 20
_BLOCK = 1 << 20
# How much is kept of what cannot be read.
_SHOWN = 2000
# No tag that is looked for is longer; one that a block cuts is found with the next block.
_OVERLAP = 64
_BOM = b"\xef\xbb\xbf"
_NO_SPACE = re.compile(rb"[^ \t\r\n]")
_DECLARED = re.compile(rb"\s*<\?xml[^>]*\bencoding\s*=\s*[\"']([A-Za-z][\w.:-]*)[\"']")


class ElementNames:
    """The names of the elements that a format's records are, and of those that hold them.

    `others` are elements beside the records that are pieces too, but have no number.
    """

    def __init__(
        self, *, records: Sequence[str], wrappers: Sequence[str], others: Sequence[str] = ()
    ) -> None:
        self.records = frozenset(name.encode() for name in records)
        pieces, sets = "|".join((*records, *others)), "|".join(wrappers)
        # What can stand between two records: the beginning of one, or what is passed over.
        self.token = re.compile(
            rf"(?P<piece><({pieces})(?:\s[^<>]*?)?(?P<empty>/)?>)"
            rf"|(?P<open><(?:{sets})(?:\s[^<>]*)?>)|(?P<close></(?:{sets})\s*>|<(?:{sets})\s*/>)"
            r"|(?P<subset><!DOCTYPE[^\[<>]*\[)"
            r"|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[<>]*>".encode(),
            re.DOTALL,
        )
        # Where reading goes on behind what is no part of the format.
        self.resume = re.compile(rf"<(?:{pieces}|/?(?:{sets}))(?=[\s/>])".encode())
        self._head = re.compile(
            r"(?>\s+|<\?.*?\?>|<!--.*?-->)*+"
            rf"<(?:!DOCTYPE\s+)?(?:{pieces}|{sets})(?=[\s/>\[])".encode(),
            re.DOTALL,
        )

    def recognise(self, head: bytes) -> bool:
        """Tell whether a document begins with one of the elements, or declares that it does."""
        return self._head.match(head.removeprefix(_BOM)) is not None


def split_elements(stream: BinaryIO, names: ElementNames) -> Iterator[Piece]:
    r"""Yield the records of a stream, and, with their `Fault`, the parts that cannot be read.

    Nothing is read behind a document type declaration that declares things of its own.

    >>> from io import BytesIO
    >>> names = ElementNames(records=["r"], wrappers=["rs"])
    >>> for piece in split_elements(BytesIO(b"<rs>\n<r>1</r>\n<r>2"), names):
    ...     print(piece.line, piece.position, piece.data, piece.fault.name)
    2 1 b'<r>1</r>' NONE
    3 2 b'<r>2' CUT
    """
    return _Splitter(stream, names).split()


class _Splitter:
    """A stream that is being split: what was read of it, and how far that has been used."""

    def __init__(self, stream: BinaryIO, names: ElementNames) -> None:
        self._stream = stream
        self._names = names
        self._buffer = b""
        self._place = 0
        self._ended = False
        # `_line` is the number of the line at `_counted`, which is at or before `_place`.
        self._line = 1
        self._counted = 0
        self._has_returns = False
        self._position = 0
        self._in_wrapper = False

    def split(self) -> Iterator[Piece]:
        self._fill()
        if self._buffer.startswith(_BOM):
            self._place = self._counted = len(_BOM)
        encoding = _find_encoding(self._buffer[self._place :])
        for piece in self._find_pieces():
            yield piece if encoding is None else _recode(piece, encoding)

    def _find_pieces(self) -> Iterator[Piece]:
        while self._skip_space():
            token = self._names.token.match(self._buffer, self._place)
            if token is None:
                if not self._ended and self._pending() <= _BLOCK:
                    self._fill()
                    continue
                yield self._take_unknown()
            elif token["piece"] is not None:
                yield self._take_piece(token)
            elif token["subset"] is not None:
                yield self._make_piece(self._place + _SHOWN, Fault.ENTITIES)
                return
            else:
                self._in_wrapper |= token["open"] is not None
                self._in_wrapper &= token["close"] is None
                self._place = token.end()
        if self._in_wrapper:
            yield self._make_piece(self._place, Fault.END)

    def _take_piece(self, token: re.Match[bytes]) -> Piece:
        """Return the piece that begins here, and go on behind it."""
        name, position = token[2], 0
        if name in self._names.records:
            self._position += 1
            position = self._position
        opening, closing = b"<%b>" % name, b"</%b>" % name
        end = token.end() if token["empty"] else self._find_end(closing)
        # A record that begins inside another: the first was cut, as where files were joined.
        stop = end if end >= 0 else len(self._buffer)
        inner = self._buffer.find(opening, self._place + 1, stop)
        if inner >= 0:
            piece = self._make_piece(min(inner, self._place + _SHOWN), Fault.CUT, position)
            self._place = inner
        elif end >= 0:
            piece = self._make_piece(end, Fault.NONE, position)
            self._place = end
        else:
            fault = Fault.CUT if self._ended else Fault.LONG
            piece = self._make_piece(self._place + _SHOWN, fault, position)
            self._skip_to(re.compile(b"</?%b>" % name))
            if self._buffer.startswith(closing, self._place):
                self._place += len(closing)
        return piece

    def _find_end(self, closing: bytes) -> int:
        """Return where the element that begins here ends, reading on as need be; -1 if nowhere."""
        while (end := self._buffer.find(closing, self._place)) < 0:
            if self._pending() > MAX_RECORD or not self._fill():
                return -1
        return end + len(closing)

    def _take_unknown(self) -> Piece:
        """Return the beginning of what stands here and is not known, and go on behind all of it."""
        end = self._place + _SHOWN
        if (found := self._names.resume.search(self._buffer, self._place + 1, end)) is not None:
            end = found.start()
        shown = self._buffer[self._place : end]
        is_cut = self._ended and shown.startswith(b"<") and b">" not in shown
        piece = self._make_piece(end, Fault.END if is_cut else Fault.UNKNOWN)
        self._skip_to(self._names.resume)
        return piece

    def _skip_to(self, pattern: re.Pattern[bytes]) -> None:
        """Go on where a pattern is found behind here, and keep nothing of what is passed over."""
        self._place += 1
        while (found := pattern.search(self._buffer, self._place)) is None:
            self._place = max(self._place, len(self._buffer) - _OVERLAP)
            if not self._fill():
                self._place = len(self._buffer)
                self._in_wrapper = False  # That the file ends too early has been told.
                return
        self._place = found.start()

    def _make_piece(self, end: int, fault: Fault, position: int = 0) -> Piece:
        """Return what stands between here and `end`."""
        self._count_lines()
        return Piece(self._line, position, self._buffer[self._place : end], fault)

    def _skip_space(self) -> bool:
        """Go to the next thing that is no white space; tell whether there is one."""
        while (found := _NO_SPACE.search(self._buffer, self._place)) is None:
            self._place = len(self._buffer)
            if not self._fill():
                return False
        self._place = found.start()
        return True

    def _pending(self) -> int:
        return len(self._buffer) - self._place

    def _fill(self) -> bool:
        """Read one more block, and drop what is done with; tell whether there was one."""
        block = self._stream.read(_BLOCK)
        if not block:
            self._ended = True
            return False
        self._count_lines()
        self._buffer = self._buffer[self._counted :] + block
        self._place -= self._counted
        self._counted = 0
        self._has_returns = self._has_returns or b"\r" in block
        return True

    def _count_lines(self) -> None:
        """Count the lines up to where we are; a CR that an LF may follow waits for it."""
        buffer, start, stop = self._buffer, self._counted, self._place
        if self._has_returns:
            if buffer[stop - 1 : stop] == b"\r" and buffer[stop : stop + 1] in (b"", b"\n"):
                stop = max(start, stop - 1)
            self._line += buffer.count(b"\r", start, stop) - buffer.count(b"\r\n", start, stop)
        self._line += buffer.count(b"\n", start, stop)
        self._counted = stop


def _find_encoding(head: bytes) -> str | None:
    """Return the encoding that a document declares, where it is not UTF-8 or the like of ASCII."""
    declared = _DECLARED.match(head)
    try:
        encoding = codecs.lookup(declared[1].decode()).name if declared else "utf-8"
        # What is not told by its bytes alone has been made UTF-8 when the file was opened.
        is_plain = b"<a>".decode(encoding) == "<a>"
    except (LookupError, ValueError):
        return None
    return encoding if is_plain and encoding not in {"utf-8", "ascii"} else None


def _recode(piece: Piece, encoding: str) -> Piece:
    """Return a piece in UTF-8, unless it is so already, as where a file was opened with another."""
    try:
        piece.data.decode("utf-8")
    except UnicodeDecodeError:
        try:
            return piece._replace(data=piece.data.decode(encoding).encode("utf-8"))
        except ValueError:
            pass
    return piece
