"""Reading floor: bytes -> numbered lines of text, each with what is wrong with it, if anything.

Ends of lines are LF, CR LF or CR alone; byte order marks at their beginnings are dropped, since
files that were put together of several have them in the middle too. Nothing is raised: a line that
cannot be read comes with a `Fault`, and the reader loses the record that it belongs to, not those
behind it. Memory is that of a line, and a line is cut at `MAX_LINE` bytes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

_CHUNK = 1 << 16
# A text with no line ends at all is no list of records; this also bounds the work on one line.
MAX_LINE = 1 << 20
# Characters of one record: room for fifteen thousand collaborators, as papers have had.
MAX_RECORD = 1 << 23
# What a line costs beside its characters, so that many short ones are bounded too.
_LINE_COST = 64
_SHOWN = 200
_BOM = b"\xef\xbb\xbf"
_DAMAGED = re.compile("[\0\udc80-\udcff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why a line cannot be read: the code and message of the `Problem` of its record."""

    code: str
    message: str


class Line(NamedTuple):
    """A line without its end; `number` counts from 1.

    Where it has a fault, bytes that are not UTF-8 stand in `text` as lone surrogates (the way of
    "surrogateescape"), and of a line that is too long only the beginning. Only the last line of a
    file can lack its end (`is_ended`), and is often cut then.
    """

    number: int
    text: str
    fault: Fault | None = None
    is_ended: bool = True


@dataclass(slots=True)
class Gauge:
    """Measures a record as its lines come, so that one without end is not kept in memory."""

    size: int = 0

    def add(self, text: str) -> Fault | None:
        """Return the fault of a record that this line makes longer than `MAX_RECORD`."""
        self.size += len(text) + _LINE_COST
        if self.size <= MAX_RECORD:
            return None
        message = f"the record is longer than {MAX_RECORD:,} characters; it is not read"
        return Fault(code="long-record", message=message)


def read_lines(stream: BinaryIO) -> Iterator[Line]:
    r"""Yield every line of a stream of UTF-8.

    The codes of faults are `not-utf-8`, `nul` and `long-line`, for more than `MAX_LINE` bytes.

    >>> from io import BytesIO
    >>> [(line.number, line.text) for line in read_lines(BytesIO(b"one\r\ntwo\rthree"))]
    [(1, 'one'), (2, 'two'), (3, 'three')]
    >>> [line] = read_lines(BytesIO(b"caf\xe9 au lait\n"))
    >>> line.fault.code, show_damage(line.text)
    ('not-utf-8', 'caf� au lait')
    """
    for number, piece in enumerate(_split(stream), start=1):
        line = piece.line.removeprefix(_BOM)
        fault = None
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError as error:
            text = line.decode("utf-8", "surrogateescape")
            fault = _report_encoding(line, number, error)
        if not piece.is_whole:
            message = f"line {number} is longer than {MAX_LINE:,} bytes; it is not read"
            fault = Fault(code="long-line", message=message)
        elif "\0" in text:
            fault = _report_nul(text, number)
        yield Line(number, text, fault, piece.is_ended)


def is_damaged(text: str) -> bool:
    r"""Tell whether a text holds what came of bytes that are not UTF-8, or a NUL.

    For readers that put lines together before they know where a record ends.

    >>> is_damaged("caf\udce9"), is_damaged("café")
    (True, False)
    """
    return _DAMAGED.search(text) is not None


def show_damage(text: str) -> str:
    r"""Return a text that can be printed: bytes that are not UTF-8 as U+FFFD, NULs as U+2400.

    >>> show_damage("caf\udce9 au\0 lait")
    'caf� au␀ lait'
    """
    return _DAMAGED.sub(lambda match: "␀" if match[0] == "\0" else "\ufffd", text)


class _Piece(NamedTuple):
    """A line without its end; only its beginning where it is not whole."""

    line: bytes
    is_whole: bool = True
    is_ended: bool = True


def _split(stream: BinaryIO) -> Iterator[_Piece]:
    rest, beginning = b"", b""
    is_whole = True
    while chunk := stream.read(_CHUNK):
        lines = (rest + chunk).splitlines(keepends=True)
        # A CR at the very end may be the first half of a CR LF: it waits for the next chunk.
        rest = b"" if lines[-1].endswith(b"\n") else lines.pop()
        for ended in lines:
            line = ended.rstrip(b"\r\n")
            if is_whole and len(line) <= MAX_LINE:
                yield _Piece(line)
            else:
                yield _Piece(line[:_SHOWN] if is_whole else beginning, is_whole=False)
                is_whole = True
        if is_whole and len(rest) > MAX_LINE + 1:
            is_whole, beginning = False, rest[:_SHOWN]
        if not is_whole:
            rest = b"\r" if rest.endswith(b"\r") else b""
    line, is_ended = rest.removesuffix(b"\r"), rest.endswith(b"\r")
    if not is_whole or len(line) > MAX_LINE:
        yield _Piece(line[:_SHOWN] if is_whole else beginning, is_whole=False, is_ended=is_ended)
    elif rest:
        yield _Piece(line, is_ended=is_ended)


def _report_nul(text: str, number: int) -> Fault:
    message = (
        f"line {number}, column {text.index(chr(0)) + 1}: a NUL byte, which no text has; the file "
        "is damaged, or of an encoding that --encoding has to name (utf-16, utf-32)"
    )
    return Fault(code="nul", message=message)


def _report_encoding(line: bytes, number: int, error: UnicodeDecodeError) -> Fault:
    column = len(line[: error.start].decode("utf-8")) + 1
    message = (
        f"line {number}, column {column}: byte 0x{line[error.start]:02x} is not UTF-8; name the "
        "encoding of the file with --encoding (cp1252, latin-1, gbk, ...)"
    )
    return Fault(code="not-utf-8", message=message)
