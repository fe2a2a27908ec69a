"""Floor 9: what the tasks of a sharded build find written down: what is built, and how it is cut.

`plan.json` says what is built. `work/layout.json` is written when all records are read, and
`work/spans.json` when those that share keys are known. Records are numbered through all files, in
the order of these, from 1.
"""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from kg.annotate.imported import Annotations
from kg.errors import InputError, StoreError
from kg.model import Source
from kg.pipeline.reading import InputFile
from kg.pipeline.settings import BuildSettings
from kg.pipeline.shard_files import WORK, Shard, read_json
from kg.rdf.assertions import PredicateCounts

PLAN = "plan.json"
LAYOUT = "layout.json"
SPANS = "spans.json"
TOTALS = "totals.json"
JOINED = "joined.sqlite"
CONFLICTS = "conflicts.jsonl"
_LOCK = "lock"

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The records that one task writes of, from `first` to `last`.

    They are those of one file, by its number in `part`; or where that is None, records that share
    keys with others, told by the first record of each group.
    """

    part: int | None
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spans:
    """All spans, by their numbers."""

    spans: tuple[Span, ...]


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


@contextmanager
def open_folder(folder: Path, plan: Plan) -> Iterator[None]:
    """Hold the folder of a build, which is new, or that of the same build.

    Raises:
        StoreError: if it holds something else, another process is at work in it, or it cannot be
            written.
    """
    if folder.exists() and not folder.is_dir():
        raise StoreError(f"{folder}: is a file, not a folder of shards; choose another with -o")
    is_new = not folder.exists() or not any(folder.iterdir())
    if not is_new and not (folder / PLAN).exists():
        raise StoreError(
            f"{folder}: holds other files and is no folder of shards, so nothing is written there; "
            "choose another with -o"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / _LOCK).open("w") as lock:
            # Some file systems of clusters have no locks; what is written is whole even so.
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise StoreError(f"{folder}: another kg is building these shards now") from None
            except OSError:
                pass
            if not is_new and read_json(folder / PLAN, Plan).identity != plan.identity:
                raise StoreError(
                    f"{folder}: holds the shards of another build (other files, words, "
                    "vocabularies or settings, or another version of kg); choose another folder "
                    "with -o, or remove this one"
                )
            yield
    except InputError:
        # Nothing could be read: a folder that was made for it is not to stay.
        if is_new:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    except OSError as error:
        raise StoreError(f"{folder}: the shards cannot be written ({error})") from error


def load_plan(folder: Path) -> Plan:
    """Return the plan of a folder, for a task.

    Raises:
        StoreError: if the folder is not there, as this machine sees it.
    """
    return _load(folder / PLAN, Plan)


def load_layout(folder: Path) -> Layout:
    """Return the layout of a folder, for a task; errors as `load_plan`."""
    return _load(folder / WORK / LAYOUT, Layout)


def load_spans(folder: Path) -> tuple[Span, ...]:
    """Return the spans of a folder, for a task; errors as `load_plan`."""
    return _load(folder / WORK / SPANS, Spans).spans


def load_totals(folder: Path) -> GlobalCounts:
    """Return what was counted over all papers, for a task; errors as `load_plan`."""
    return _load(folder / WORK / TOTALS, GlobalCounts)


def _load(path: Path, kind: type[_T]) -> _T:
    cached: object = kind
    try:
        status = path.stat()
        found = _read(path, cached, status.st_mtime_ns, status.st_size)
    except FileNotFoundError:
        raise StoreError(
            f"{path}: is not there for a worker; the folder of the shards and the input files have "
            "to be on a disk that all machines see under the same path"
        ) from None
    assert isinstance(found, kind)  # noqa: S101
    return found


@lru_cache(maxsize=8)
def _read(path: Path, kind: object, _changed: int, _size: int) -> object:
    assert isinstance(kind, type)  # noqa: S101
    return read_json(path, kind)
