"""Floor 5: which keys of names are spelt much like another, without going through all of them.

For each pair of letters there is a row of bits, one a key, that tells which keys have it. Rows are
added up as whole numbers (bit-sliced: one number a binary digit of all sums), so that the keys that
share most pairs with a text are found among 700,000 in a few milliseconds, and only these are
compared letter by letter. Pairs share `_ROWS` rows by a hash. Keys are in the order of their
lengths, since a key that is much longer or shorter is not alike.

The file holds how many keys there are of each length, the number of each key in the trie, and the
rows. It is read in place, and only the rows that are asked for.
"""

import mmap
import re
import sys
from array import array
from collections.abc import Iterator, Sequence
from functools import cache
from operator import add
from pathlib import Path
from zlib import crc32

import marisa_trie

SPELLINGS = "spellings.bits"
"""The file's name in the folder of a lexicon."""

_ROWS = 256
_ONE = ord("1")
_SET = re.compile(rb"[^\0]", re.DOTALL)
_LEAST = 0.2
"""What two texts have in common at the least of their pairs, to be compared at all."""

# Of keys: how long they are, where the first one is, and its byte in a row; how many there are.
_Group = tuple[int, int, int, int]


def write_spellings(path: Path, trie: marisa_trie.Trie) -> None:
    """Write the rows of all keys of a trie."""
    by_length: dict[int, list[str]] = {}
    for key in trie.iterkeys():
        by_length.setdefault(len(key), []).append(key)
    numbers = array("I")
    rows = [bytearray() for _ in range(_ROWS)]
    bounds = array("I", [len(by_length)])
    for length in sorted(by_length):
        keys = by_length[length]
        flags = _Flags(len(keys))
        for place, key in enumerate(keys, start=1):
            for pair in _pairs(key):
                flags[pair][-place] = _ONE
        # Keys of a length begin with a byte of their own.
        for row, flagged in zip(rows, flags.rows, strict=True):
            row.extend(int(flagged, 2).to_bytes(_width(len(keys)), "little"))
        bounds.extend((length, len(keys)))
        numbers.extend(trie[key] for key in keys)
    with path.open("wb") as stream:
        stream.write(bounds.tobytes())
        stream.write(numbers.tobytes())
        stream.writelines(rows)


class _Flags(dict[str, bytearray]):
    """For each pair of letters the row that it is in: a digit a key, the last one first."""

    def __init__(self, count: int) -> None:
        self.rows = [bytearray(b"0" * count) for _ in range(_ROWS)]

    def __missing__(self, pair: str) -> bytearray:
        self[pair] = self.rows[_row(pair)]
        return self[pair]


class Spellings:
    """The rows of a file that `write_spellings` wrote, of this trie.

    Raises:
        ValueError: if the file is of another trie, or cut.
    """

    def __init__(self, path: Path, trie: marisa_trie.Trie) -> None:
        self._trie = trie
        with path.open("rb") as stream:
            self._content = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        kinds = int.from_bytes(self._content[:4], sys.byteorder)
        self._numbers = 4 + 8 * kinds
        bounds = array("I", self._content[4 : self._numbers])
        self._groups: list[_Group] = []
        key = byte = 0
        for length, count in zip(bounds[::2], bounds[1::2], strict=True):
            self._groups.append((length, key, byte, count))
            key += count
            byte += _width(count)
        self._width = byte
        self._begin = self._numbers + 4 * key
        if key != len(trie) or len(self._content) != self._begin + _ROWS * byte:
            raise ValueError(f"{path}: is of other names")

    def close(self) -> None:
        """Close the file."""
        self._content.close()

    def near(self, key: str, ratio: float, most: int) -> list[str]:
        """Return keys that have many pairs of letters in common with another, `most` or so.

        `ratio` (0 to 1) is how alike they are to be: what two texts have in common, of both. It
        bounds their lengths.
        """
        wanted = sorted(_rows_of(key))
        groups = [
            group
            for group in self._groups
            if 2 * min(group[0], len(key)) >= ratio * (group[0] + len(key))
        ]
        if not groups or not wanted:
            return []
        begin, end = groups[0][2], groups[-1][2] + _width(groups[-1][3])
        sums = [each.to_bytes(end - begin, "little") for each in self._sums(wanted, begin, end)]
        by_share = sorted(
            (
                (-2 * shared / (len(wanted) + group[0]), shared, group)
                for group in groups
                for shared in range(1, len(wanted) + 1)
            ),
        )
        found: list[str] = []
        for share, shared, (_, first, byte, count) in by_share:
            if -share < _LEAST or len(found) >= most:
                break
            part = slice(byte - begin, byte - begin + _width(count))
            found += (self._key(first + place) for place in _places(sums, part, count, shared))
        return found

    def _sums(self, wanted: Sequence[int], begin: int, end: int) -> list[int]:
        """Return how many of some rows each key is in, as the binary digits of all sums."""
        digits: list[int] = []
        for row in wanted:
            place = self._begin + row * self._width
            carry = int.from_bytes(self._content[place + begin : place + end], "little")
            for number, digit in enumerate(digits):
                digits[number], carry = digit ^ carry, digit & carry
                if not carry:
                    break
            if carry:
                digits.append(carry)
        return digits

    def _key(self, place: int) -> str:
        at = self._numbers + 4 * place
        number = int.from_bytes(self._content[at : at + 4], sys.byteorder)
        return str(self._trie.restore_key(number))


def _width(count: int) -> int:
    """Return how many bytes of a row so many keys take."""
    return (count + 7) // 8


def _places(sums: Sequence[bytes], part: slice, count: int, wanted: int) -> Iterator[int]:
    """Yield which of the keys in a part of the rows have a sum, whose digits these are."""
    if wanted >> len(sums):
        return
    having = (1 << count) - 1
    for number, digits in enumerate(sums):
        digit = int.from_bytes(digits[part], "little")
        having &= digit if wanted >> number & 1 else ~digit
        if not having:
            return
    for found in _SET.finditer(having.to_bytes(_width(count), "little")):
        bits, begin = found[0][0], found.start() * 8
        yield from (begin + bit for bit in range(8) if bits >> bit & 1)


def _rows_of(key: str) -> set[int]:
    """Return the rows of the pairs of letters that a key has."""
    return set(map(_row, _pairs(key)))


def _pairs(key: str) -> Iterator[str]:
    """Return the pairs of letters of a key; a space stands before it."""
    return map(add, f" {key}", key)


@cache
def _row(pair: str) -> int:
    return crc32(pair.encode()) % _ROWS
