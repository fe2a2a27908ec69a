"""Floor 9: what the tasks of a sharded build find written down: what is built, and how it is cut.

`plan.json` says what is built. `work/layout.json` is written when all records are read: records are
numbered through all files, in the order of these, from 1.
"""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from kg.errors import StoreError
from kg.model import Source
from kg.pipeline.reading import InputFile
from kg.pipeline.settings import Annotations, BuildSettings
from kg.pipeline.shard_files import WORK, Shard, read_json
from kg.rdf.assertions import PredicateCounts

PLAN = "plan.json"
LAYOUT = "layout.json"
TOTALS = "totals.json"
JOINED = "joined.sqlite"

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedInput:
    """An input file: its path as given, its place on the disk that all machines see, its source."""

    path: str
    place: str
    source: Source

    def to_read(self, plan: "Plan") -> InputFile:
        """Return it as the readers take it."""
        return InputFile(
            path=Path(self.path),
            source=self.source,
            format_name=plan.format_name,
            encoding=plan.encoding,
            place=Path(self.place),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is built, and where the tasks find the lexicon and the table of triggers.

    `table_sha256` is the digest of the triggers, `settings_hash` that of all but the inputs.
    """

    kg_version: str
    build_hash: str
    settings_hash: str
    table_sha256: str
    base: str
    annotations: Annotations
    lexicon: str
    triggers: str | None
    inputs: tuple[PlannedInput, ...]
    format_name: str | None = None
    encoding: str | None = None

    @property
    def settings(self) -> BuildSettings:
        """What a build depends on beside its files."""
        triggers = None if self.triggers is None else Path(self.triggers)
        return BuildSettings(base=self.base, triggers=triggers, annotations=self.annotations)

    @property
    def identity(self) -> str:
        """What two commands have in common that build the same shards."""
        read_as = f"{self.build_hash}\n{self.format_name}\n{self.encoding}\n"
        return sha256(read_as.encode()).hexdigest()

    @property
    def sources(self) -> dict[int, Source]:
        """The sources by the numbers of their files, from 0."""
        return {number: each.source for number, each in enumerate(self.inputs)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The records of one input file, as a file: how many they are, its size, and its digest."""

    name: str
    records: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Span:
    """The records that one task writes of, from `first` to `last`.

    They are those of one file, by its number in `part`; or where that is None, records that share
    keys with others, told by the first record of each group.
    """

    part: int | None
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How the records are cut.

    `before` has for each file how many records those before it have; `joins` and `buckets` are into
    how many shares keys and counts are parted.
    """

    before: tuple[int, ...]
    records: int
    joins: int
    buckets: int
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalCounts:
    """What the counting of a bucket depends on: the papers, and those that mention each entity."""

    papers: int
    mentioned: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What a bucket came to, and the shard that it is in."""

    shard: Shard
    co_mentions: int
    predicates: dict[str, PredicateCounts]


def load_plan(folder: Path) -> Plan:
    """Return the plan of a folder, for a task.

    Raises:
        StoreError: if the folder is not there, as this machine sees it.
    """
    return _load(folder / PLAN, Plan)


def load_layout(folder: Path) -> Layout:
    """Return the layout of a folder, for a task; errors as `load_plan`."""
    return _load(folder / WORK / LAYOUT, Layout)


def load_totals(folder: Path) -> GlobalCounts:
    """Return what was counted over all papers, for a task; errors as `load_plan`."""
    return _load(folder / WORK / TOTALS, GlobalCounts)


def _load(path: Path, kind: type[_T]) -> _T:
    try:
        status = path.stat()
        found = _read(path, kind, status.st_mtime_ns, status.st_size)
    except FileNotFoundError:
        raise StoreError(
            f"{path}: is not there for a worker; the folder of the shards and the input files have "
            "to be on a disk that all machines see under the same path"
        ) from None
    assert isinstance(found, kind)  # noqa: S101
    return found


@lru_cache(maxsize=8)
def _read(path: Path, kind: type[_T], _changed: int, _size: int) -> _T:
    return read_json(path, kind)
