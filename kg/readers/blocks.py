"""Reading floor: bytes -> pieces of bytes with LF as the only end of lines.

For readers that cut records out of bytes themselves: those of formats in which a line means
nothing. `kg.readers.lines` is for the others.
"""

from collections.abc import Iterator
from typing import BinaryIO

_BOM = b"\xef\xbb\xbf"
_SIZE = 1 << 16


def read_blocks(stream: BinaryIO) -> Iterator[bytes]:
    r"""Yield a stream in pieces, none empty, without a byte order mark; the text is not checked.

    >>> from io import BytesIO
    >>> b"".join(read_blocks(BytesIO(b"\xef\xbb\xbfone\r\ntwo\rthree\r")))
    b'one\ntwo\nthree\n'
    """
    rest = b""
    is_first = True
    while True:
        chunk = stream.read(_SIZE)
        block = rest + chunk
        if is_first:
            block, is_first = block.removeprefix(_BOM), False
        # A CR at the very end may be the first half of a CR LF: it waits for the next piece.
        rest = b"\r" if chunk and block.endswith(b"\r") else b""
        block = block[: len(block) - len(rest)]
        if b"\r" in block:
            block = block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if block:
            yield block
        if not chunk:
            return
