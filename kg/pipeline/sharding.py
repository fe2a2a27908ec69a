"""Floor 9: a build for many machines: input files -> shards of statements, which any store loads.

The same graph as `kg.pipeline.building` makes, in tasks that a cluster runs:

1. each input file is read into a file of records (`read_part`);
2. records that share keys are found (`find_shared`) and joined to groups (`kg.pipeline.joining`);
3. records are annotated and written as shards, file by file, those of groups apart (`write_span`);
4. what is counted over all papers, and what they share, is put together (`count_bucket`).

Tasks leave files and return little, so that memory grows here by a few bytes a record. A build that
was stopped goes on where it was.
"""

import shutil
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from itertools import accumulate, chain
from pathlib import Path
from typing import Any, Protocol, TypeVar

import msgspec

from kg import __version__
from kg.assertions.reading import AssertionReader
from kg.errors import InputError
from kg.model import Predicate, Problem, Source
from kg.pipeline.counts import Counts, Summary
from kg.pipeline.joining import cut_groups, join_records
from kg.pipeline.manifest import BuildReport, hash_build, hash_settings, make_manifest, read_report
from kg.pipeline.reading import InputFile, find_inputs
from kg.pipeline.settings import BuildSettings, Progress, say_nothing
from kg.pipeline.shard_files import (
    MANIFEST,
    RECORDS,
    SUFFIX,
    WORK,
    Shard,
    hash_file,
    read_json,
    remove_unfinished,
    whole_file,
    write_json,
    write_shard,
)
from kg.pipeline.shard_plan import (
    CONFLICTS,
    JOINED,
    LAYOUT,
    PLAN,
    SPANS,
    TOTALS,
    Counted,
    GlobalCounts,
    Layout,
    Part,
    Plan,
    PlannedInput,
    Span,
    Spans,
    open_folder,
)
from kg.pipeline.shard_tasks import (
    count_bucket,
    counts_path,
    find_shared,
    in_pieces,
    part_path,
    read_part,
    shared_path,
    write_span,
)
from kg.pipeline.totals import Topics
from kg.rdf.assertions import AssertionWriter, PredicateCounts
from kg.rdf.entities import close_upwards, write_entities
from kg.rdf.ontology import named_ontology_lines
from kg.store.records import RecordStore, SourceDetails, place_of
from kg.vocabulary.lexicon import Lexicon

_SPAN = 15_000
"""Records that one task writes of at most: under a minute, and a shard of some tens of MB."""

_JOINED = 15_000
"""The same, of records in groups, which stand in several files."""

_OF_A_JOIN = 300_000
"""Records for each share of the keys: a task holds some four keys of each."""

_OF_A_BUCKET = 75_000
"""Records for each bucket of what is counted: two million pairs of entities at most."""

_MOST = 1024
"""Shares and buckets at most: each task opens a file of every other one."""

_R = TypeVar("_R")


class Runner(Protocol):
    """What runs tasks: processes, here or on other machines."""

    shares_lexicon: bool
    """Whether its machines see the cache of compiled lexicons of this one."""

    def map(
        self, task: Callable[[Path, int], _R], folder: Path, numbers: Sequence[int]
    ) -> Iterator[tuple[int, _R]]:
        """Yield what a task makes of each number, as it is done, with that number."""


def build_shards(
    paths: Sequence[Path],
    folder: Path,
    lexicon: Lexicon,
    runner: Runner,
    *,
    settings: BuildSettings | None = None,
    format_name: str | None = None,
    encoding: str | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Build the shards of some input files in a folder, or go on with it where it was stopped.

    Loaded, they are the graph that `build_graph` makes of the same files. All machines have to see
    the folder, and the files, under the same paths.

    Raises:
        InputError: if a file cannot be read.
        StoreError: if the folder holds something else, or cannot be written.
        WorkerError: if a task was lost for good.
    """
    started = time.monotonic()
    tell = progress or say_nothing
    chosen = settings or BuildSettings()
    inputs = find_inputs(paths, format_name=format_name, encoding=encoding, tell=tell)
    table = AssertionReader(chosen.triggers).table_sha256
    sources = [each.source for each in inputs]
    plan = Plan(
        kg_version=__version__,
        build_hash=hash_build(sources, lexicon, table, chosen),
        settings_hash=hash_settings(lexicon, table, chosen),
        table_sha256=table,
        base=chosen.base,
        annotations=chosen.annotations,
        lexicon=str(lexicon.folder.resolve()),
        triggers=None if chosen.triggers is None else str(chosen.triggers.resolve()),
        inputs=tuple(map(_planned, inputs)),
        format_name=format_name,
        encoding=encoding,
    )
    with open_folder(folder, plan):
        if (folder / MANIFEST).exists():
            return read_report(read_json(folder / MANIFEST, dict[str, Any]), folder)
        report = _Build(folder.resolve(), plan, lexicon, runner, tell).run(started)
    return replace(report, folder=folder)


def _planned(each: InputFile) -> PlannedInput:
    return PlannedInput(path=str(each.path), place=str(each.path.resolve()), source=each.source)


class _Build:
    """One build of shards, from the files to the manifest."""

    def __init__(
        self, folder: Path, plan: Plan, lexicon: Lexicon, runner: Runner, tell: Progress
    ) -> None:
        self._folder = folder
        self._work = folder / WORK
        self._lexicon = lexicon
        self._runner = runner
        self._tell = tell
        self._plan = self._bring(plan)
        write_json(folder / PLAN, self._plan)

    def run(self, started: float) -> BuildReport:
        """Do stage after stage; what is done already is not done again."""
        remove_unfinished(self._folder)
        parts = self._read()
        layout, spans = self._join(parts)
        papers = self._write(spans)
        total = self._sum_up(len(spans))
        counted = self._map("counting what is mentioned together", count_bucket, layout.buckets)
        named = self._sources()
        shards = [*papers, *(each.shard for each in counted), self._write_terms(named, total)]
        shards = [shard for shard in shards if shard.statements]
        problems = [problem for _, details in named for problem in details.problems]
        conflicts = self._write_conflicts(total.conflicts)
        report = BuildReport(
            folder=self._folder,
            papers=total.papers,
            sentences=total.sentences,
            mentions=total.mentions,
            entities=self._count_entities(total.named),
            evidence=total.evidence,
            predicates=_add_predicates(counted),
            co_mentions=sum(each.co_mentions for each in counted),
            quads=sum(each.statements for each in shards),
            problems=(*problems, *(problem for _, problem in total.conflicts)),
            seconds=time.monotonic() - started,
        )
        manifest = make_manifest(
            report,
            build_hash=self._plan.build_hash,
            settings_hash=self._plan.settings_hash,
            settings=self._plan.settings,
            sources=named,
            lexicon=self._lexicon,
            action={"kind": "build", "inputs": [each.source.name for each in self._plan.inputs]},
            before={},
        )
        manifest["shards"] = [asdict(each) for each in shards]
        manifest["records"] = [asdict(each) for each in (*parts, conflicts)]
        write_json(self._folder / MANIFEST, manifest)
        self._clear(shards)
        return report

    def _bring(self, plan: Plan) -> Plan:
        """Put the lexicon and the triggers where all machines see them."""
        if self._runner.shares_lexicon:
            return plan
        self._tell("copying the names", 0, None)
        folder = self._work / f"lexicon-{plan.settings_hash[:12]}"
        if not folder.exists():
            unfinished = self._work / "lexicon.unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            shutil.copytree(plan.lexicon, unfinished)
            unfinished.rename(folder)
        triggers = None
        if plan.triggers is not None:
            path = self._work / f"triggers-{plan.table_sha256[:12]}.tsv"
            with whole_file(path) as copied:
                shutil.copyfile(plan.triggers, copied)
            triggers = str(path)
        return replace(plan, lexicon=str(folder), triggers=triggers)

    def _map(
        self,
        stage: str,
        task: Callable[[Path, int], _R],
        count: int,
        weights: Sequence[int] | None = None,
    ) -> list[_R]:
        """Return what a task makes of each number, in their order; weights are for the bar."""
        total = sum(weights) if weights is not None else count
        results: dict[int, _R] = {}
        done = 0
        self._tell(stage, 0, total)
        for number, result in self._runner.map(task, self._folder, range(count)):
            results[number] = result
            done += 1 if weights is None else weights[number]
            self._tell(stage, done, total)
        return [results[number] for number in range(count)]

    def _read(self) -> list[Part]:
        sizes = [Path(each.place).stat().st_size for each in self._plan.inputs]
        parts = self._map("reading", read_part, len(sizes), sizes)
        if not sum(part.records for part in parts):
            names = ", ".join(each.path for each in self._plan.inputs)
            raise InputError(f"{names}: holds no record that could be read")
        return parts

    def _join(self, parts: Sequence[Part]) -> tuple[Layout, tuple[Span, ...]]:
        """Join the records that share keys, and cut all into spans."""
        with suppress(FileNotFoundError):
            layout = read_json(self._work / LAYOUT, Layout)
            return layout, read_json(self._work / SPANS, Spans).spans
        counts = [part.records for part in parts]
        records = sum(counts)
        layout = Layout(
            before=tuple(accumulate(counts[:-1], initial=0)),
            records=records,
            joins=min(1 + records // _OF_A_JOIN, _MOST),
            buckets=min(1 + records // _OF_A_BUCKET, _MOST),
        )
        write_json(self._work / LAYOUT, layout)
        self._map("finding records of one paper", find_shared, layout.joins)
        files = [shared_path(self._folder, number) for number in range(layout.joins)]
        join_records(records, files, self._work / JOINED)
        spans = tuple(self._cut(layout, counts))
        write_json(self._work / SPANS, Spans(spans=spans))
        return layout, spans

    def _cut(self, layout: Layout, counts: Sequence[int]) -> Iterator[Span]:
        for part, (before, count) in enumerate(zip(layout.before, counts, strict=True)):
            end = before + count
            for first in range(before + 1, end + 1, _SPAN):
                yield Span(part=part, first=first, last=min(first + _SPAN - 1, end))
        for first, last in cut_groups(self._work / JOINED, _JOINED):
            yield Span(part=None, first=first, last=last)

    def _write(self, spans: Sequence[Span]) -> list[Shard]:
        weights = [1 + each.last - each.first if each.part is not None else 0 for each in spans]
        return self._map("annotating", write_span, len(spans), weights)

    def _sum_up(self, spans: int) -> Summary:
        """Add up what the papers of all spans come to."""
        total, named, occurring = Summary(), set[str](), set[str]()
        mentioned: Counter[str] = Counter()
        for number in range(spans):
            self._tell("adding up", number, spans)
            with Counts(counts_path(self._folder, number)) as counts:
                summary = counts.summary()
            total.papers += summary.papers
            total.sentences += summary.sentences
            total.mentions += summary.mentions
            total.evidence += summary.evidence
            total.conflicts += summary.conflicts
            named.update(summary.named)
            occurring.update(summary.occurring)
            mentioned.update(summary.mentioned)
        total.named, total.occurring = sorted(named), sorted(occurring)
        total.mentioned = dict(mentioned)
        totals = GlobalCounts(papers=total.papers, mentioned=total.mentioned)
        write_json(self._work / TOTALS, totals)
        return total

    def _sources(self) -> list[tuple[Source, SourceDetails]]:
        """Return the sources in the order of their digests, with what was found out about them."""
        named: list[tuple[Source, SourceDetails]] = []
        for number in range(len(self._plan.inputs)):
            records = RecordStore.open(part_path(self._folder, number))
            named += records.sources().values()
            records.close()
        return named

    def _write_terms(self, named: Sequence[tuple[Source, SourceDetails]], total: Summary) -> Shard:
        """Write the ontology, the sources, the entities, and what all evidence is attributed to."""
        base = self._plan.base
        topics = Topics(((source, details.topic) for source, details in named), self._lexicon, base)
        closed = close_upwards({*total.occurring, *topics.terms}, self._lexicon)
        writer = AssertionWriter(base, version=__version__, table_sha256=self._plan.table_sha256)
        lines = chain(
            named_ontology_lines(),
            topics.lines,
            write_entities(closed, self._lexicon, topics.descriptions, mentioned=set(total.named)),
            writer.write_method(),
        )
        text = in_pieces(f"{line}\n".encode() for line in lines)
        return write_shard(self._folder / f"terms{SUFFIX}", text)

    def _write_conflicts(self, conflicts: list[tuple[int, Problem]]) -> Part:
        """Write where records do not agree, in a fixed order, each with the number of a record."""
        conflicts.sort(key=lambda each: (place_of(each[1]), each[0]))
        path = self._folder / RECORDS / CONFLICTS
        with whole_file(path) as unfinished:
            unfinished.write_bytes(msgspec.json.Encoder().encode_lines(conflicts))
        return Part(
            name=f"{RECORDS}/{CONFLICTS}",
            records=len(conflicts),
            bytes=path.stat().st_size,
            sha256=hash_file(path),
        )

    def _count_entities(self, named: Iterable[str]) -> dict[str, int]:
        terms = filter(None, map(self._lexicon.term, named))
        return dict(Counter(term.type for term in terms))

    def _clear(self, shards: Sequence[Shard]) -> None:
        """Remove what only the tasks needed, and shards of nothing."""
        remove_unfinished(self._folder)  # of workers that were lost
        shutil.rmtree(self._work, ignore_errors=True)
        named = {shard.name for shard in shards}
        for path in self._folder.glob(f"*{SUFFIX}"):
            if path.name not in named:
                path.unlink()


def _add_predicates(counted: Iterable[Counted]) -> dict[str, PredicateCounts]:
    """Return how many assertions there are in all buckets, in the order of the relations."""
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for each in counted:
        for name, counts in each.predicates.items():
            sums[name].update(asdict(counts))
    return {each.value: PredicateCounts(**sums[each]) for each in Predicate if each in sums}
