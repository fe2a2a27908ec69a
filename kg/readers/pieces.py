"""Reading floor: pieces of a file that can be parsed by themselves, in any process.

A reader that offers `split(stream) -> Iterator[Piece]` and `parse(piece, path) -> Item` can be read
by many: one process splits, which is cheap, and others parse.
"""

from enum import StrEnum
from typing import NamedTuple


class Fault(StrEnum):
    """Why a piece cannot be parsed; `NONE` where it may be."""

    NONE = ""
    CUT = "cut"  # A record that ends before its end.
    LONG = "long"  # A record that is longer than one may be.
    UNKNOWN = "unknown"  # What stands between records and is no part of the format.
    ENTITIES = "entities"  # A declaration that could make a parser expand or fetch something.
    END = "end"  # The file ends where it should not.


class Piece(NamedTuple):
    """One record's bytes, in UTF-8: the line where it begins (from 1), its number (from 1).

    `position` is 0 where the piece is no record. With a `fault`, `data` is only a beginning.
    """

    line: int
    position: int
    data: bytes
    fault: Fault = Fault.NONE
