"""Floor 9: input files -> the records of a generation, a few hundred at a time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from kg.errors import InputError
from kg.model import Problem, Record, Source, Topic
from kg.pipeline.settings import Progress, say_nothing
from kg.pipeline.workers import Workers
from kg.readers import (
    Item,
    SplittingReader,
    find_reader,
    read_file,
    source_of,
    split_file,
)
from kg.readers.pieces import Piece
from kg.store.records import Filed, RecordStore, SourceDetails, pack_record

_TOGETHER = 200

_LARGE = 1 << 20
"""Bytes from which on several processes are worth their while."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFile:
    """A file to read, and what identifies it; `format_name` and `encoding` overrule its content.

    `path` is as it was given; `place` is its absolute path, for those with another working folder.
    """

    path: Path
    source: Source
    format_name: str | None = None
    encoding: str | None = None
    place: Path | None = None

    @property
    def size(self) -> int:
        """How many bytes it has.

        Raises:
            InputError: if it is not there any more, or not on this machine.
        """
        place = self.place or self.path
        try:
            return place.stat().st_size
        except OSError as error:
            raise InputError(f"{place}: cannot be opened: {error.strerror}") from error


@dataclass(slots=True)
class _Packed:
    """What some items come to: records as they are kept, problems, and a topic if there is one."""

    filed: list[Filed]
    problems: list[Problem]
    topic: Topic | None = None


def nothing_read(names: Iterable[str], problems: Iterable[Problem]) -> InputError:
    """Return the error for files of which no record could be read, with what is wrong first."""
    named = ", ".join(names)
    lost = next((problem for problem in problems if problem.lost), None)
    reason = f" ({lost.locator}: {lost.message})" if lost is not None else ""
    return InputError(f"{named}: holds no record that could be read{reason}")


def find_inputs(
    paths: Sequence[Path],
    *,
    format_name: str | None = None,
    encoding: str | None = None,
    tell: Progress = say_nothing,
) -> list[InputFile]:
    """Return the files to read, each content once, in the order of their digests.

    Raises:
        InputError: if a file cannot be opened, or its format is not known.
    """
    found: dict[str, InputFile] = {}
    for number, path in enumerate(paths):
        tell("looking at the input files", number, len(paths))
        source = source_of(path, format_name=format_name, encoding=encoding)
        found.setdefault(
            source.sha256,
            InputFile(path=path, source=source, format_name=format_name, encoding=encoding),
        )
    return [found[sha256] for sha256 in sorted(found)]


def read_inputs(
    inputs: Sequence[InputFile],
    records: RecordStore,
    tell: Progress,
    workers: Workers | None = None,
) -> dict[int, list[int]]:
    """Read files into the records; return the numbers of these by those of the sources.

    Large files that can be split are parsed by the workers, where there are several.
    """
    numbers: dict[int, list[int]] = {}
    total = sum(each.size for each in inputs)
    before = 0
    for each in inputs:
        source = records.add_source(each.source)
        added = numbers.setdefault(source, [])
        problems: list[Problem] = []
        topic = None
        size = each.size
        tell(f"reading {each.path.name}", before, total)
        for packed in _read_in_pieces(each, workers) if _is_large(each, workers) else _read(each):
            added += records.add_records(source, packed.filed)
            problems += packed.problems
            topic = packed.topic or topic
            tell(f"reading {each.path.name}: {len(added):,} records", before, total)
        details = SourceDetails(topic=topic, problems=tuple(problems), records=len(added))
        records.describe_source(source, details)
        before += size
    return numbers


def _is_large(each: InputFile, workers: Workers | None) -> bool:
    return workers is not None and workers.jobs > 1 and each.size > _LARGE


def _read(each: InputFile) -> Iterator[_Packed]:
    place = each.place or each.path
    items = read_file(place, format_name=each.format_name, encoding=each.encoding)
    if each.place is not None:
        items = (_locate(item, str(each.path)) for item in items)
    while batch := list(islice(items, _TOGETHER)):
        yield _pack(batch)


def _read_in_pieces(each: InputFile, workers: Workers | None) -> Iterator[_Packed]:
    """Split a file here, and have its pieces parsed elsewhere, in order."""
    reader = find_reader(each.source.format)
    if workers is None or not isinstance(reader, SplittingReader):
        yield from _read(each)
        return
    told: list[Problem] = []

    def batches() -> Iterator[tuple[str, str, list[Piece]]]:
        batch: list[Piece] = []
        for piece in split_file(each.path, reader, each.encoding):
            if isinstance(piece, Problem):
                told.append(piece)
                continue
            batch.append(piece)
            if len(batch) == _TOGETHER:
                yield reader.name, str(each.path), batch
                batch = []
        if batch:
            yield reader.name, str(each.path), batch

    yield from workers.map(_parse, batches())
    yield _Packed([], told)


def _parse(batch: tuple[str, str, list[Piece]]) -> _Packed:
    name, path, pieces = batch
    reader = find_reader(name)
    assert isinstance(reader, SplittingReader)  # noqa: S101
    return _pack(reader.parse(piece, path) for piece in pieces)


def _pack(items: Iterable[Item]) -> _Packed:
    packed = _Packed([], [])
    for item in items:
        match item:
            case Record():
                packed.filed.append(pack_record(item))
                packed.problems += item.problems
            case Problem():
                packed.problems.append(item)
            case Topic():
                packed.topic = item
    return packed


def _locate(item: Item, path: str) -> Item:
    """Return an item with the path as it was given in its locators."""
    located = replace(item, locator=replace(item.locator, path=path))
    if isinstance(located, Record) and located.problems:
        problems = (
            replace(one, locator=replace(one.locator, path=path)) for one in located.problems
        )
        return replace(located, problems=tuple(problems))
    return located
