"""Reading floor: bytes -> numbered lines of text, or `InputError` saying on which line it failed.

Ends of lines are LF, CR LF or CR alone; a byte order mark is dropped. Memory is that of a line.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from kg.errors import InputError

_CHUNK = 1 << 16
# A text with no line ends at all is no list of records; this also bounds the work on one line.
MAX_LINE = 1 << 20
_BOM = b"\xef\xbb\xbf"
_LINE_END = re.compile(rb"\r\n|\n|\r")


def read_lines(stream: BinaryIO, path: str) -> Iterator[tuple[int, str]]:
    r"""Yield the number (from 1) and text of every line, without its end.

    `InputError` if a line is not UTF-8, holds a NUL, or is longer than `MAX_LINE` bytes.

    >>> from io import BytesIO
    >>> list(read_lines(BytesIO(b"one\r\ntwo\rthree"), "list.txt"))
    [(1, 'one'), (2, 'two'), (3, 'three')]
    """
    number = 0
    for number, line in enumerate(_split(stream, path), start=1):
        yield number, _decode(line.removeprefix(_BOM) if number == 1 else line, number, path)


def _split(stream: BinaryIO, path: str) -> Iterator[bytes]:
    rest = b""
    number = 0
    while chunk := stream.read(_CHUNK):
        block = rest + chunk
        # A CR at the very end may be the first half of a CR LF: it waits for the next chunk.
        start = 0
        for end in _LINE_END.finditer(block):
            if end.end() == len(block) and end[0] == b"\r":
                break
            number += 1
            yield block[start : end.start()]
            start = end.end()
        rest = block[start:]
        if len(rest) > MAX_LINE:
            raise InputError(
                f"{path}:{number + 1}: the line is longer than {MAX_LINE:,} bytes; "
                "this is no list of records"
            )
    if rest:
        yield rest.removesuffix(b"\r")


def _decode(line: bytes, number: int, path: str) -> str:
    if b"\0" in line:
        raise InputError(f"{path}:{number}: holds a NUL byte; this is a binary file, not text")
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as error:
        byte = line[error.start]
        raise InputError(
            f"{path}:{number}: byte 0x{byte:02x} at column {error.start + 1} is not UTF-8; "
            "save the file as UTF-8 and try again"
        ) from error
