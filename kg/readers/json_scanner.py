"""Reading floor: goes over JSON byte by byte, and cuts values out of it without parsing them.

Strings and brackets are told apart, nothing else is checked. What is in memory is a block of the
stream, and what is kept behind a mark, up to `MAX_RECORD` bytes.
"""

import re
from typing import BinaryIO

from kg.readers.blocks import read_blocks

# A full text with all its annotations takes 2 MB.
MAX_RECORD = 1 << 24
_MAX_KEY = 1 << 16
_MAX_DEPTH = 200
_MAX_INDENT = 64

_FILLER = re.compile(rb"(?:[\s,]++|\xef\xbb\xbf)*+")  # files put together have marks inside
_COLON = re.compile(rb"\s*:")
_KEY = re.compile(rb'"((?:[^"\\\n]++|\\.)*+)("?)')
_REST_OF_STRING = re.compile(rb'(?:[^"\\\n]++|\\.)*+("?)')
_TOKEN = re.compile(rb'"(?:[^"\\\n]++|\\.)*+("?)|[{}\[\]]')
_SCALAR = re.compile(rb'[^\s,:\[\]{}"]*')
_OPENING = {ord("}"): ord("{"), ord("]"): ord("[")}
# What may stand before a bracket that opens, by the bracket that it stands in.
_BEFORE = {ord("{"): b":", ord("["): b"[,"}


class BrokenJsonError(Exception):
    """The bytes at the scanner's place are no JSON."""


class CutJsonError(Exception):
    """The file ends where more must follow."""


class JsonScanner:
    """Goes over the bytes of a file, and keeps those behind a mark."""

    def __init__(self, stream: BinaryIO, longest: int = MAX_RECORD) -> None:
        self.longest = longest
        self._blocks = read_blocks(stream)
        self._data = b""
        self._place = 0
        self._gone = 0  # bytes of the file before `_data`
        self._line = 1  # the line at `_counted`, up to which lines are counted
        self._counted = 0
        self._column = 0  # bytes before `_data` on its first line
        self._mark: int | None = None
        self._kept: list[bytes] = []
        self._size = 0
        self._floor = 0  # where the record that is kept began, in the file

    def line(self) -> int:
        """Return the number of the line at the scanner's place, from 1."""
        self._line += self._data.count(b"\n", self._counted, self._place)
        self._counted = max(self._counted, self._place)
        return self._line

    def column(self) -> int:
        """Return how many bytes stand before the scanner's place on its line."""
        start = self._data.rfind(b"\n", 0, self._place) + 1
        return self._place - start + (0 if start else self._column)

    def mark(self) -> None:
        """Keep the bytes from here on, and forget those kept before."""
        self._mark, self._kept, self._size = self._place, [], 0
        self._floor = self._gone + self._place

    def unmark(self) -> None:
        """Keep nothing."""
        self._mark, self._kept = None, []

    def kept(self) -> bytes | None:
        """Return the bytes since the mark, or None where they are too many to be kept."""
        if self._mark is None:
            return None
        return b"".join([*self._kept, self._data[self._mark : self._place]])

    def peek(self) -> int | None:
        """Go over white space and commas, and return the byte behind them, or None at the end."""
        while True:
            self._go_over(_FILLER)
            if self._place < len(self._data):
                return self._data[self._place]
            if not self._fill():
                return None

    def step(self) -> None:
        """Go over one byte."""
        self._place += 1

    def take_key(self) -> str:
        """Go over a key and its colon, and return the key, its escapes as they are."""
        while True:
            match = _KEY.match(self._data, self._place)
            if match is None:
                raise BrokenJsonError
            rest = self._data[match.end() :]
            if match[2] and (colon := _COLON.match(rest)) is not None:
                self._place = match.end() + colon.end()
                return match[1].decode("utf-8", "replace")
            is_open = not rest.strip() if match[2] else rest in (b"", b"\\")
            if not is_open or len(self._data) - self._place > _MAX_KEY:
                raise BrokenJsonError
            if not self._fill():
                raise CutJsonError

    def skip_value(self) -> None:
        """Go over one value, whatever it is."""
        start = self.peek()
        if start is None:
            raise CutJsonError
        if start == ord('"'):
            self._place += 1
            self._skip_rest_of_string()
        elif start in b"{[":
            self._skip_container()
        elif start in b"}]:":
            self._place += 1
            raise BrokenJsonError
        else:
            self._skip_scalar()

    def restart(self, column: int) -> bool:
        """Go to the next line that begins with a `{` not further in; return whether there is one.

        Records that stand below each other begin in one column, and what is in them further in.
        """
        self.unmark()
        indent = min(column, _MAX_INDENT)
        pattern = re.compile(rb"\n[ \t]{0,%d}(?:,[ \t]{0,8})?(?=\{)" % indent)
        self.line()
        # The place that is broken may be the beginning of the next record.
        place = len(self._data[: self._place].rstrip(b"{[ \t\n"))
        place = max(place, self._floor - self._gone)
        while True:
            match = pattern.search(self._data, place)
            if match is not None:
                self._place = match.end()
                self._floor = self._gone + match.end()
                return True
            end = len(self._data)
            last = self._data.rfind(b"\n", place)
            self._place = last if last >= 0 and end - last <= 2 * _MAX_INDENT else end
            if not self._fill():
                return False
            place = 0

    def _go_over(self, pattern: re.Pattern[bytes]) -> re.Match[bytes] | None:
        match = pattern.match(self._data, self._place)
        if match is not None:
            self._place = match.end()
        return match

    def _skip_container(self) -> None:
        stack = bytearray()
        while True:
            match = _TOKEN.search(self._data, self._place)
            if match is None:
                self._place = len(self._data)
                if not self._fill():
                    raise CutJsonError
                continue
            token = self._data[match.start()]
            if token == ord('"'):
                self._place = match.end()
                if not match[1]:
                    self._skip_rest_of_string()
                continue
            self._place = match.start()
            if token in b"{[":
                if (stack and not self._may_open_in(stack[-1])) or len(stack) >= _MAX_DEPTH:
                    raise BrokenJsonError
                stack.append(token)
            elif stack.pop() != _OPENING[token]:
                raise BrokenJsonError
            self._place += 1
            if not stack:
                return

    def _may_open_in(self, bracket: int) -> bool:
        """Tell whether what stands before the scanner's place lets a bracket open there."""
        before = self._data[max(0, self._place - 400) : self._place].rstrip(b" \t\n")
        return not before or before[-1] in _BEFORE[bracket]

    def _skip_rest_of_string(self) -> None:
        while True:
            match = self._go_over(_REST_OF_STRING)
            if match is not None and match[1]:
                return
            # Only a backslash may wait for what follows: a line does not end inside a string.
            if self._data[self._place :] not in (b"", b"\\"):
                raise BrokenJsonError
            if not self._fill():
                raise CutJsonError

    def _skip_scalar(self) -> None:
        while True:
            self._go_over(_SCALAR)
            if self._place < len(self._data) or not self._fill():
                return

    def _fill(self) -> bool:
        """Get the next bytes of the file, and let go of those that were gone over."""
        block = next(self._blocks, None)
        if block is None:
            return False
        self._column = self.column()
        self.line()
        if self._mark is not None:
            piece = self._data[self._mark : self._place]
            self._kept.append(piece)
            self._size += len(piece)
            self._mark = 0
            if self._size > self.longest:
                self.unmark()
        self._gone += self._place
        self._counted -= self._place
        self._data = self._data[self._place :] + block
        self._place = 0
        return True
