"""Floor 5: numbered rows of text in a file that is read in place.

The file tells first where each row begins and the last one ends (32 bits each, in the machine's
byte order, since it is a cache of this machine), then holds the rows in UTF-8. A row is found by
its number without a search, in a quarter of the time that a table of SQLite takes.
"""

import mmap
import sys
from array import array
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path


class Rows:
    """The rows of a file that `write_rows` wrote."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as stream:
            self._content = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        # The first row begins where the bounds end.
        end = int.from_bytes(self._content[:4], sys.byteorder)
        self._view = memoryview(self._content)
        self._bounds = self._view[:end].cast("I")

    def __getitem__(self, number: int) -> str:
        """Return a row by its number, from 0."""
        return self._content[self._bounds[number] : self._bounds[number + 1]].decode()

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self._bounds) - 1

    def close(self) -> None:
        """Close the file."""
        self._bounds.release()
        self._view.release()
        self._content.close()


def write_rows(path: Path, rows: Sequence[str]) -> None:
    """Write rows of text, to be opened as `Rows`."""
    encoded = [row.encode() for row in rows]
    begin = 4 * (len(encoded) + 1)
    bounds = array("I", accumulate(map(len, encoded), initial=begin))
    with path.open("wb") as stream:
        stream.write(bounds.tobytes())
        stream.writelines(encoded)
