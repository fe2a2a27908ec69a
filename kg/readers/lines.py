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
# Characters of one record; the largest of PubMed, with thousands of authors, have under 3 million.
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
    "surrogateescape"), and of a line that is too long only the beginning.
    """

    number: int
    text: str
    fault: Fault | None = None


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
    for number, (line, is_whole) in enumerate(_split(stream), start=1):
        line = line.removeprefix(_BOM)  # noqa: PLW2901 - the line goes on without its mark
        if not is_whole:
            message = f"line {number} is longer than {MAX_LINE:,} bytes; it is not read"
            text = line.decode("utf-8", "surrogateescape")
            yield Line(number, text, Fault(code="long-line", message=message))
        elif b"\0" in line:
            yield _report_nul(line, number)
        else:
            try:
                yield Line(number, line.decode("utf-8"))
            except UnicodeDecodeError as error:
                yield _report_encoding(line, number, error)


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


def _split(stream: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """Yield every line without its end, and whether it is whole; else it is its beginning."""
    # What a damaged gzip file still gives comes with `read1`, before the error.
    read = getattr(stream, "read1", stream.read)
    rest, beginning = b"", b""
    is_whole = True
    while chunk := read(_CHUNK):
        lines = (rest + chunk).splitlines(keepends=True)
        # A CR at the very end may be the first half of a CR LF: it waits for the next chunk.
        rest = b"" if lines[-1].endswith(b"\n") else lines.pop()
        for ended in lines:
            line = ended.rstrip(b"\r\n")
            if is_whole and len(line) <= MAX_LINE:
                yield line, True
            else:
                yield (line[:_SHOWN] if is_whole else beginning), False
                is_whole = True
        if is_whole and len(rest) > MAX_LINE + 1:
            is_whole, beginning = False, rest[:_SHOWN]
        if not is_whole:
            rest = b"\r" if rest.endswith(b"\r") else b""
    line = rest.removesuffix(b"\r")
    if not is_whole or len(line) > MAX_LINE:
        yield (line[:_SHOWN] if is_whole else beginning), False
    elif rest:
        yield line, True


def _report_nul(line: bytes, number: int) -> Line:
    before = line[: line.index(b"\0")].decode("utf-8", "surrogateescape")
    message = (
        f"line {number}, column {len(before) + 1}: a NUL byte, which no text has; the file is "
        "damaged, or of an encoding that --encoding has to name (utf-16, utf-32)"
    )
    fault = Fault(code="nul", message=message)
    return Line(number, line.decode("utf-8", "surrogateescape"), fault)


def _report_encoding(line: bytes, number: int, error: UnicodeDecodeError) -> Line:
    column = len(line[: error.start].decode("utf-8")) + 1
    message = (
        f"line {number}, column {column}: byte 0x{line[error.start]:02x} is not UTF-8; name the "
        "encoding of the file with --encoding (cp1252, latin-1, gbk, ...)"
    )
    fault = Fault(code="not-utf-8", message=message)
    return Line(number, line.decode("utf-8", "surrogateescape"), fault)
