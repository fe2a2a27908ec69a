"""Floor 7: the records that a generation was built from, in one SQLite file beside its store.

What is read from the input files is kept as it was read, so that a file can be added or removed
without reading the others again, and memory does not grow with them. Records are filed under
hashes of their keys (`kg.publications.make_keys`): those that share one may be one paper.
"""

import sqlite3
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

import msgspec
import zstandard

from kg.errors import StoreError
from kg.model import Problem, Record, Source, Topic
from kg.publications import make_keys

NAME = "records.sqlite"
"""The file in a generation's folder."""

_SCHEMA = """
    CREATE TABLE sources (
        id INTEGER PRIMARY KEY, sha256 TEXT UNIQUE, name TEXT, format TEXT, body BLOB);
    CREATE TABLE records (id INTEGER PRIMARY KEY, source INTEGER, body BLOB);
    CREATE TABLE keys (key INTEGER, record INTEGER);
    CREATE TABLE conflicts (record INTEGER, body BLOB);
    CREATE TABLE removed (sha256 TEXT, place TEXT, PRIMARY KEY (sha256, place)) WITHOUT ROWID;
"""
_INDEXES = """
    CREATE INDEX records_of_source ON records (source);
    CREATE INDEX records_of_key ON keys (key, record);
    CREATE INDEX keys_of_record ON keys (record);
    CREATE INDEX conflicts_of_record ON conflicts (record);
"""
_SMALL = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDetails:
    """What is kept of a source beside its name: its topic, and what was wrong in it."""

    topic: Topic | None = None
    problems: tuple[Problem, ...] = ()
    records: int = 0


@dataclass(frozen=True, slots=True)
class Filed:
    """A record as it is kept: packed, with the hashes of its keys."""

    body: bytes
    keys: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """A record as it is kept, with its number and that of its source; `unpack_record` reads it."""

    id: int
    source: int
    body: bytes

    def of_source(self, number: int) -> "Kept":
        """Return the record under another number of its source."""
        return Kept(self.id, number, self.body)


_encode = msgspec.msgpack.Encoder().encode
_decode_record = msgspec.msgpack.Decoder(Record).decode
_decode_details = msgspec.msgpack.Decoder(SourceDetails).decode
_decode_problem = msgspec.msgpack.Decoder(Problem).decode


def hash_key(key: str) -> int:
    """Return 63 bits of a key's hash: two keys that meet by chance cost a comparison, no more."""
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big") >> 1


def pack_record(record: Record) -> Filed:
    """Return a record as it is kept; its problems are left out, they are kept with its source."""
    body = zstandard.compress(_encode(replace(record, problems=())), 1)
    return Filed(body, tuple({hash_key(key) for key in make_keys(record)}))


def unpack_record(body: bytes) -> Record:
    """Return a record that `pack_record` packed."""
    return _decode_record(zstandard.decompress(body))


class RecordStore:
    """The file of records, open for reading or writing.

    Nothing is on the disk for good before `close`; a generation is synced as a whole.
    """

    def __init__(self, path: Path, rows: sqlite3.Connection) -> None:
        self.path = path
        self._rows = rows
        self._is_open = True

    @classmethod
    def create(cls, path: Path) -> "RecordStore":
        """Make an empty file of records."""
        # With URIs, by which `absorb` names other files.
        rows = sqlite3.connect(path, uri=True, isolation_level=None)
        # A generation that is not finished is thrown away whole, so no journal is needed.
        rows.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_SCHEMA} BEGIN")
        return cls(path, rows)

    @classmethod
    def open(cls, path: Path, *, write: bool = False) -> "RecordStore":
        """Open a file of records that `finish` has completed.

        Raises:
            StoreError: if it is not there.
        """
        if not path.is_file():
            raise StoreError(
                f"{path}: the records of the graph are not there; build it again from its files"
            )
        mode = "rw" if write else "ro&immutable=1"
        uri = f"{path.resolve().as_uri()}?mode={mode}"
        rows = sqlite3.connect(uri, uri=True, isolation_level=None)
        if write:
            rows.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN")
        return cls(path, rows)

    def finish(self) -> None:
        """Make what was added findable; call it once, when a new file has its records."""
        self._rows.executescript(_INDEXES)

    def close(self) -> None:
        """Write what there is to write, and close the file; nothing where it is closed."""
        if self._is_open:
            self._is_open = False
            if self._rows.in_transaction:
                self._rows.execute("COMMIT")
            self._rows.close()

    # --- sources ---------------------------------------------------------------------------------

    def add_source(self, source: Source) -> int:
        """Take a source in, and return its number."""
        added = self._rows.execute(
            "INSERT INTO sources (sha256, name, format) VALUES (?, ?, ?)",
            (source.sha256, source.name, source.format),
        )
        assert added.lastrowid is not None  # noqa: S101
        return added.lastrowid

    def describe_source(self, number: int, details: SourceDetails) -> None:
        """Keep what was found out about a source while it was read."""
        self._rows.execute("UPDATE sources SET body = ? WHERE id = ?", (_encode(details), number))

    def sources(self) -> dict[int, tuple[Source, SourceDetails]]:
        """Return all sources by their numbers, in the order of their digests."""
        rows = self._rows.execute("SELECT id, sha256, name, format, body FROM sources")
        found = {
            number: (
                Source(name=name, format=format_name, sha256=sha256),
                _decode_details(body) if body else SourceDetails(),
            )
            for number, sha256, name, format_name, body in rows
        }
        return dict(sorted(found.items(), key=lambda item: item[1][0].sha256))

    def of_source(self, number: int) -> list[int]:
        """Return the numbers of a source's records."""
        rows = self._rows.execute("SELECT id FROM records WHERE source = ? ORDER BY id", (number,))
        return [record for (record,) in rows]

    def remove_source(self, number: int) -> None:
        """Take a source out; its records go by `remove_records`."""
        self._rows.execute(
            "DELETE FROM removed WHERE sha256 = (SELECT sha256 FROM sources WHERE id = ?)",
            (number,),
        )
        self._rows.execute("DELETE FROM sources WHERE id = ?", (number,))

    # --- records ---------------------------------------------------------------------------------

    def add_records(self, source: int, records: Iterable[Filed]) -> list[int]:
        """File records of a source, and return their numbers."""
        (last,) = self._rows.execute("SELECT coalesce(max(id), 0) FROM records").fetchone()
        numbers = []
        rows, keys = [], []
        for number, filed in enumerate(records, start=last + 1):
            numbers.append(number)
            rows.append((number, source, filed.body))
            keys += [(key, number) for key in filed.keys]
        self._rows.executemany("INSERT INTO records VALUES (?, ?, ?)", rows)
        self._rows.executemany("INSERT INTO keys VALUES (?, ?)", keys)
        return numbers

    def remove_records(self, records: Sequence[int]) -> None:
        """Take records out; of a source that stays it is kept in mind that they are missing."""
        missing: Counter[int] = Counter()
        for kept in self.load(records).values():
            record = unpack_record(kept.body)
            missing[kept.source] += 1
            self._rows.execute(
                "INSERT OR IGNORE INTO removed SELECT sha256, ? FROM sources WHERE id = ?",
                (f"{record.locator.line} {record.position}", kept.source),
            )
        named = self.sources()
        for number in missing.keys() & named.keys():
            details = named[number][1]
            self.describe_source(
                number, replace(details, records=details.records - missing[number])
            )
        for table, column in (("records", "id"), ("keys", "record"), ("conflicts", "record")):
            self._rows.executemany(
                f"DELETE FROM {table} WHERE {column} = ?",  # noqa: S608 (names of ours)
                [(record,) for record in records],
            )

    def absorb(self, path: Path) -> None:
        """Take in all that another finished file of records holds, behind what is here.

        To be called before `finish`. The numbers of the other file go on from the last ones here.
        """
        # Nothing can be attached inside a transaction.
        self._rows.execute("COMMIT")
        self._rows.execute("ATTACH ? AS other", (f"{path.resolve().as_uri()}?mode=ro&immutable=1",))
        (sources,) = self._rows.execute("SELECT coalesce(max(id), 0) FROM main.sources").fetchone()
        (records,) = self._rows.execute("SELECT coalesce(max(id), 0) FROM main.records").fetchone()
        self._rows.execute("BEGIN")
        self._rows.execute(
            "INSERT INTO main.sources SELECT id + ?, sha256, name, format, body FROM other.sources",
            (sources,),
        )
        self._rows.execute(
            "INSERT INTO main.records SELECT id + ?, source + ?, body FROM other.records",
            (records, sources),
        )
        self._rows.execute(
            "INSERT INTO main.keys SELECT key, record + ? FROM other.keys", (records,)
        )
        self._rows.execute("COMMIT")
        self._rows.execute("DETACH other")
        self._rows.execute("BEGIN")

    def removed(self) -> list[tuple[str, str]]:
        """Return the digests and places of records that are missing of sources that are there."""
        return list(self._rows.execute("SELECT sha256, place FROM removed ORDER BY 1, 2"))

    def load(self, records: Sequence[int]) -> dict[int, Kept]:
        """Return records by their numbers, as they are kept."""
        found: dict[int, Kept] = {}
        for start in range(0, len(records), _SMALL):
            some = records[start : start + _SMALL]
            marks = ",".join("?" * len(some))
            query = f"SELECT id, source, body FROM records WHERE id IN ({marks})"  # noqa: S608
            found |= {row[0]: Kept(*row) for row in self._rows.execute(query, some)}
        return found

    def count(self) -> int:
        """Return the number of records."""
        return int(self._rows.execute("SELECT count(*) FROM records").fetchone()[0])

    # --- what may be one paper -------------------------------------------------------------------

    def components(self) -> Iterator[list[int]]:
        """Yield all records in groups: those that share a key, directly or through others.

        Groups come in the order of their first record. Memory is 8 bytes a record, and 16 a record
        that shares a key.
        """
        (last,) = self._rows.execute("SELECT coalesce(max(id), 0) FROM records").fetchone()
        parents = array("Q", range(last + 1))

        def find(one: int) -> int:
            while parents[one] != one:
                parents[one] = parents[parents[one]]
                one = parents[one]
            return one

        before = -1
        first = 0
        for key, record in self._rows.execute("SELECT key, record FROM keys ORDER BY key, record"):
            if key == before:
                one, other = sorted((find(first), find(record)))
                parents[other] = one
            else:
                before, first = key, record
        joined: dict[int, list[int]] = {}
        for one in range(1, last + 1):
            root = find(one)
            if root != one:
                joined.setdefault(root, [root]).append(one)
        for (one,) in self._rows.execute("SELECT id FROM records ORDER BY id"):
            if parents[one] == one:
                yield joined.get(one, [one])

    def reached_from(self, records: Iterable[int]) -> list[list[int]]:
        """Return the groups that hold the given records, as `components` would."""
        waiting = set(records)
        groups = []
        while waiting:
            group = {waiting.pop()}
            open_ends = list(group)
            while open_ends:
                sharing = self._rows.execute(
                    "SELECT DISTINCT other.record FROM keys AS mine JOIN keys AS other USING (key) "
                    "WHERE mine.record = ?",
                    (open_ends.pop(),),
                )
                found = {record for (record,) in sharing} - group
                group |= found
                open_ends += found
            waiting -= group
            groups.append(sorted(group))
        return sorted(groups)

    def find_key(self, key: str) -> list[int]:
        """Return the records that are filed under a key."""
        rows = self._rows.execute(
            "SELECT record FROM keys WHERE key = ? ORDER BY record", (hash_key(key),)
        )
        return [record for (record,) in rows]

    def keys_between(self, low: int, high: int) -> Iterator[tuple[int, int]]:
        """Yield the hashes of keys from `low` to `high`, both included, with their records."""
        yield from self._rows.execute(
            "SELECT key, record FROM keys WHERE key BETWEEN ? AND ?", (low, high)
        )

    # --- conflicts -------------------------------------------------------------------------------

    def add_conflicts(self, conflicts: Iterable[tuple[int, Problem]]) -> None:
        """Keep what was at odds when records were merged, each under a record of the group."""
        self._rows.executemany(
            "INSERT INTO conflicts VALUES (?, ?)",
            [(record, _encode(problem)) for record, problem in conflicts],
        )

    def remove_conflicts(self, records: Iterable[int] | None = None) -> None:
        """Forget what was at odds between records, or between all."""
        if records is None:
            self._rows.execute("DELETE FROM conflicts")
            return
        self._rows.executemany(
            "DELETE FROM conflicts WHERE record = ?", [(record,) for record in records]
        )

    def problems(self) -> list[Problem]:
        """Return what was wrong in the sources, then what is at odds, in a fixed order."""
        found: list[Problem] = []
        for _, details in self.sources().values():
            found += details.problems
        rows = self._rows.execute("SELECT body FROM conflicts")
        conflicts = [_decode_problem(body) for (body,) in rows]
        return found + sorted(conflicts, key=place_of)


def place_of(problem: Problem) -> tuple[str, int, str, str, str, str]:
    """Return what the problems of merging are sorted by."""
    place = problem.locator
    return place.path, place.line, problem.code, problem.field, problem.raw, problem.message
