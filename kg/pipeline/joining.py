"""Floor 9: which records of all input files may be one paper, found in bounded memory.

Tasks find the records that have a key in common; here they are joined to groups. Memory is five
bytes a record; the groups go to a file that the next tasks look into.
"""

import sqlite3
from array import array
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from kg.pipeline.shard_files import whole_file

_MANY = 1 << 16


def join_records(records: int, files: Iterable[Path], target: Path) -> int:
    """Join the records that share keys, directly or through others; return how many there are.

    `files` are those of `find_shared`. The target is an SQLite file: each record of a group, with
    the first of it.
    """
    parents = array("I" if records < 1 << 32 else "Q", range(records + 1))

    def find(one: int) -> int:
        while parents[one] != one:
            parents[one] = parents[parents[one]]
            one = parents[one]
        return one

    for path in files:
        for first, other in _read_pairs(path):
            one, two = sorted((find(first), find(other)))
            parents[two] = one
    # Every record points at a smaller one or itself, so that one pass makes all point at the first.
    is_joined = bytearray(records + 1)
    for one in range(1, records + 1):
        root = parents[one] = parents[parents[one]]
        if root != one:
            is_joined[one] = is_joined[root] = True
    joined = ((one, parents[one]) for one in range(1, records + 1) if is_joined[one])
    with (
        whole_file(target) as unfinished,
        closing(sqlite3.connect(unfinished, isolation_level=None)) as rows,
    ):
        rows.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
            "CREATE TABLE joined (record INTEGER PRIMARY KEY, root INTEGER); BEGIN"
        )
        rows.executemany("INSERT INTO joined VALUES (?, ?)", joined)
        rows.execute("CREATE INDEX records_of_root ON joined (root, record)")
        (count,) = rows.execute("SELECT count(*) FROM joined").fetchone()
        rows.execute("COMMIT")
    return int(count)


def cut_groups(path: Path, most: int) -> Iterator[tuple[int, int]]:
    """Yield ranges of first records whose groups have about `most` records together."""
    first, count, last = 0, 0, 0
    with closing(sqlite3.connect(path)) as rows:
        groups = rows.execute("SELECT root, count(*) FROM joined GROUP BY root ORDER BY root")
        for root, size in groups:
            if count and count + size > most:
                yield first, last
                count = 0
            first = first if count else root
            last = root
            count += size
    if count:
        yield first, last


def _read_pairs(path: Path) -> Iterator[tuple[int, int]]:
    with path.open("rb") as stream:
        while piece := stream.read(16 * _MANY):
            numbers = array("Q", piece)
            yield from zip(numbers[::2], numbers[1::2], strict=True)
