"""Floor 9: the stages of a build as tasks that need nothing but files, for a cluster to run.

Each task reads files and writes files of one folder that all machines see; a file is there whole or
not at all, so that a task can be run again, and one that was done is not.

    parts/<n>.sqlite    the records of an input file
    shards/<n>.nq.zst   statements, as N-Quads
    totals/<n>          what the papers of a shard add to what is counted over all, and shared nodes
"""

import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import zstandard

from kg.model import Source
from kg.pipeline.papers import Batch, Component, PaperStage
from kg.pipeline.reading import InputFile, read_inputs
from kg.pipeline.settings import BuildSettings, say_nothing
from kg.store.records import RecordStore
from kg.vocabulary.compiling import open_lexicon

_BATCH = 100
_UNFINISHED = ".unfinished"

PARTS, SHARDS, TOTALS = "parts", "shards", "totals"


@dataclass(frozen=True, slots=True, kw_only=True)
class LexiconFiles:
    """Which lexicon a worker opens: the vocabularies and the tables of own names."""

    vocabularies: tuple[str, ...]
    own_names: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """A file of statements: its name, how many there are, its size in bytes, and its digest."""

    name: str
    statements: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The records of one input file, and the keys that they are filed under."""

    path: Path
    records: int


def read_part(each: InputFile, folder: Path, number: int) -> Part:
    """Read an input file into a part."""
    path = folder / PARTS / f"{number:05}.sqlite"
    if not path.exists():
        with whole_file(path) as unfinished:
            records = RecordStore.create(unfinished)
            read_inputs([each], records, say_nothing)
            records.finish()
            records.close()
    store = RecordStore.open(path)
    part = Part(path=path, records=store.count())
    store.close()
    return part


def write_part(
    part: Part,
    elsewhere: frozenset[int],
    folder: Path,
    number: int,
    lexicon: LexiconFiles,
    settings: BuildSettings,
) -> Shard:
    """Write the papers of a part, but those of records that other parts say more of."""
    store = RecordStore.open(part.path)
    try:
        groups = (group for group in store.components() if elsewhere.isdisjoint(group))
        named = {number: source for number, (source, _) in store.sources().items()}
        rows = _rows(groups, store)
        return _write(rows, named, folder, number, lexicon, settings)
    finally:
        store.close()


def write_joined(
    groups: Sequence[Sequence[tuple[Path, int]]],
    folder: Path,
    number: int,
    lexicon: LexiconFiles,
    settings: BuildSettings,
) -> Shard:
    """Write the papers of records that stand in several parts."""
    stores = {path: RecordStore.open(path) for path in {path for one in groups for path, _ in one}}
    sources: dict[int, Source] = {}
    try:
        components: list[Component] = []
        for group in groups:
            component = []
            for path, record in group:
                [kept] = stores[path].load([record]).values()
                source = stores[path].sources()[kept.source][0]
                place = int(source.sha256[:12], 16)
                sources[place] = source
                component.append(kept.of_source(place))
            components.append(component)
        return _write(iter([components]), sources, folder, number, lexicon, settings)
    finally:
        for store in stores.values():
            store.close()


def _rows(groups: Iterable[list[int]], store: RecordStore) -> Iterator[list[Component]]:
    waiting = iter(groups)
    while some := list(islice(waiting, _BATCH)):
        kept = store.load([number for group in some for number in group])
        yield [[kept[number] for number in group] for group in some]


def _write(
    rows: Iterator[list[Component]],
    sources: dict[int, Source],
    folder: Path,
    number: int,
    lexicon: LexiconFiles,
    settings: BuildSettings,
) -> Shard:
    name = f"{number:05}.nq.zst"
    totals = folder / TOTALS / f"{number:05}.pickle"
    if totals.exists() and (folder / SHARDS / name).exists():
        return describe_shard(folder / SHARDS / name)
    stage = _stage(lexicon, settings)
    stage.forget()

    def chunks() -> Iterator[bytes]:
        with whole_file(totals) as unfinished, unfinished.open("wb") as stream:
            for components in rows:
                batch = stage.run(components, sources)
                yield batch.lines
                batch.lines = b""
                pickle.dump(batch, stream, pickle.HIGHEST_PROTOCOL)

    return write_shard(folder / SHARDS / name, chunks())


def read_totals(folder: Path, number: int) -> Iterator[Batch]:
    """Yield what a shard's papers come to, their statements apart."""
    with (folder / TOTALS / f"{number:05}.pickle").open("rb") as stream:
        while True:
            try:
                batch = pickle.load(stream)  # noqa: S301 (written by a task of ours)
            except EOFError:
                return
            assert isinstance(batch, Batch)  # noqa: S101
            yield batch


def write_shard(path: Path, chunks: Iterable[bytes]) -> Shard:
    """Write statements, one a line, as a compressed file."""
    with whole_file(path) as unfinished, unfinished.open("wb") as stream:
        packer = zstandard.ZstdCompressor(level=3, threads=0)
        with packer.stream_writer(stream, closefd=False) as packed:
            for chunk in chunks:
                packed.write(chunk)
    return describe_shard(path)


def describe_shard(path: Path) -> Shard:
    """Return the name, the size and the digest of a shard, and count its statements."""
    digest = sha256()
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            digest.update(piece)
    with path.open("rb") as stream:
        statements = sum(chunk.count(b"\n") for chunk in unpack_shard(stream))
    return Shard(
        name=path.name,
        statements=statements,
        size=path.stat().st_size,
        sha256=digest.hexdigest(),
    )


def unpack_shard(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the text of a shard in chunks of whole lines, some megabytes each."""
    rest = b""
    with zstandard.ZstdDecompressor().stream_reader(stream) as text:
        while piece := text.read(8 << 20):
            block = rest + piece
            end = block.rfind(b"\n") + 1
            if end:
                yield block[:end]
            rest = block[end:]
    if rest:
        yield rest


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a path to write to; what was written gets its name when the block is done."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}{_UNFINISHED}")
    unfinished.unlink(missing_ok=True)
    try:
        yield unfinished
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


@cache
def _stage(lexicon: LexiconFiles, settings: BuildSettings) -> PaperStage:
    opened = open_lexicon(vocabularies=lexicon.vocabularies, own_names=lexicon.own_names)
    return PaperStage(opened, settings)


Task = Callable[..., Part | Shard]
