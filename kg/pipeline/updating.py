"""Floor 9: files added to a graph and taken out of it, at the cost of what changes.

The records that share a key with those that come or go are merged and annotated anew, as they were
and as they will be; what differs is put in and taken out. The result is the graph that a build of
all files gives, statement by statement.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from kg import __version__
from kg.assertions.reading import AssertionReader
from kg.errors import StoreError
from kg.model import Predicate, Source
from kg.pipeline.building import batches_of, hash_records
from kg.pipeline.checking import Touched, validate_update
from kg.pipeline.describing import describe
from kg.pipeline.lookups import Lookups
from kg.pipeline.manifest import BuildReport, hash_settings, make_manifest
from kg.pipeline.ontologies import open_ontologies
from kg.pipeline.papers import Component
from kg.pipeline.reading import InputFile, find_inputs, nothing_read, read_inputs
from kg.pipeline.removing import find_papers, find_sources
from kg.pipeline.settings import BuildOptions, BuildSettings, Progress, available_cores
from kg.pipeline.shared import (
    Change,
    PairChange,
    Side,
    change_assertions,
    change_entities,
    change_shared,
)
from kg.pipeline.totals import Topics
from kg.pipeline.workers import Workers
from kg.rdf.assertions import AssertionWriter, PredicateCounts
from kg.reasoning.graphs import KEY as REASONING
from kg.reasoning.graphs import update_inferred
from kg.store import GenerationWriter, open_graph, write_generation
from kg.store.records import NAME as RECORDS
from kg.store.records import RecordStore
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.ontologies.files import NAME as ONTOLOGIES

_BATCH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateReport:
    """What an update came to: the graph after it, and how many statements and papers it changed."""

    graph: BuildReport
    files: tuple[str, ...]
    added: int
    removed: int
    papers_before: int


@dataclass(slots=True)
class _Plan:
    """What is to come and go: records that are new in the file of records, and numbers to go."""

    action: dict[str, Any]
    come: list[int] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    sources_gone: list[int] = field(default_factory=list)


def add_files(
    paths: Sequence[Path],
    folder: Path,
    lexicon: Lexicon,
    *,
    format_name: str | None = None,
    encoding: str | None = None,
    triggers: Path | None = None,
    options: BuildOptions | None = None,
) -> UpdateReport | None:
    """Add files to a graph; None where it holds the content of all of them already.

    Raises:
        InputError: if a file cannot be read.
        StoreError: if there is no graph, it was built with other settings, or it cannot be written.
    """
    inputs = find_inputs(paths, format_name=format_name, encoding=encoding)
    with open_graph(folder) as graph:
        if not _unknown(inputs, graph.manifest):
            return None

    def plan(records: RecordStore, manifest: dict[str, Any], tell: Progress) -> _Plan:
        new = _unknown(inputs, manifest)
        if not new:
            return _Plan({})  # another writer added them while this one waited
        with Workers((options or BuildOptions()).jobs or available_cores()) as workers:
            numbers = read_inputs(new, records, tell, workers)
        come = [number for each in numbers.values() for number in each]
        names = [each.source.name for each in new]
        if not come:
            raise nothing_read(names, records.problems())
        return _Plan({"kind": "add", "inputs": names}, come=come)

    return _update(folder, lexicon, plan, triggers, options or BuildOptions())


def remove_files(
    folder: Path,
    lexicon: Lexicon,
    *,
    sources: Sequence[str] = (),
    papers: Sequence[str] = (),
    triggers: Path | None = None,
    options: BuildOptions | None = None,
) -> UpdateReport | None:
    """Take sources out (by name, path or digest), or papers (by PMID, PMCID, DOI, IRI or key).

    Raises:
        InputError: if there is no such source or paper, or a name is that of several.
        StoreError: if there is no graph, it was built with other settings, or it cannot be written.
    """

    def plan(records: RecordStore, manifest: dict[str, Any], _tell: Progress) -> _Plan:
        chosen = find_sources(sources, records)
        found = find_papers(papers, records, str(manifest["base_iri"]))
        gone = {number for source in chosen for number in records.of_source(source)}
        named = records.sources()
        action = {
            "kind": "remove",
            "inputs": [named[source][0].name for source in chosen],
            "papers": list(papers),
        }
        return _Plan(action, gone=sorted(gone | set(found)), sources_gone=chosen)

    return _update(folder, lexicon, plan, triggers, options or BuildOptions())


def _unknown(inputs: Iterable[InputFile], manifest: dict[str, Any]) -> list[InputFile]:
    known = {each["sha256"] for each in manifest.get("inputs", ())}
    return [each for each in inputs if each.source.sha256 not in known]


def _update(
    folder: Path,
    lexicon: Lexicon,
    plan: Callable[[RecordStore, dict[str, Any], Progress], _Plan],
    triggers: Path | None,
    options: BuildOptions,
) -> UpdateReport | None:
    started = time.monotonic()
    table = AssertionReader(triggers).table_sha256
    with write_generation(
        folder, build_hash=None, from_live=True, wait=options.wait, waiting=options.waiting
    ) as generation:
        update = _Update(generation, lexicon, table, triggers, options)
        try:
            return update.run(plan, started)
        finally:
            update.close()


class _Update:
    """One update, from the plan to the switch."""

    def __init__(
        self,
        generation: GenerationWriter,
        lexicon: Lexicon,
        table: str,
        triggers: Path | None,
        options: BuildOptions,
    ) -> None:
        assert generation.live is not None  # noqa: S101 (begun from it)
        self._generation = generation
        self._manifest = dict(generation.live.manifest)
        self._lexicon = lexicon
        self._table = table
        self._options = options
        self._settings = BuildSettings(
            base=str(self._manifest.get("base_iri")),
            triggers=triggers,
            annotations=self._manifest.get("annotations", "both"),
        )
        self._settings_hash = hash_settings(lexicon, table, self._settings)
        if self._manifest.get("settings_hash") != self._settings_hash:
            raise StoreError(
                f"{generation.folder}: the graph was built with other words, vocabularies or "
                "triggers, or by another version of kg; give the same --lexicon, --vocabulary and "
                "--triggers, or build it anew from its records with kg rebuild"
            )
        self._records = RecordStore.open(generation.add_file(RECORDS), write=True)
        self._held = ExitStack()
        self._ontologies = self._held.enter_context(
            open_ontologies(generation.live.path / ONTOLOGIES)
        )
        self._before = Lookups(generation.open_live())
        self._now = Lookups(generation.store)
        self._touched = Touched()
        self.added = self.removed = 0
        self._changed: set[str] = set()

    def close(self) -> None:
        """Close the files."""
        self._records.close()
        self._held.close()

    def run(
        self, make_plan: Callable[[RecordStore, dict[str, Any], Progress], _Plan], started: float
    ) -> UpdateReport | None:
        """Change papers, then what they share, then what is counted; and switch."""
        tell = self._options.progress
        records = self._records
        topics_before = self._topics()
        plan = make_plan(records, self._manifest, tell)
        if not plan.come and not plan.gone and not plan.sources_gone:
            self._generation.abandon()
            return None
        groups = records.reached_from([*plan.come, *plan.gone])
        sources = {number: source for number, (source, _) in records.sources().items()}
        old, new = self._change_papers(groups, plan, sources)
        for source in plan.sources_gone:
            records.remove_source(source)
        records.remove_records(plan.gone)
        topics = self._topics()
        self._apply(Change(topics_before.lines, topics.lines))
        self._apply(change_shared(old, new, self._now))
        descriptions = (topics_before.descriptions, topics.descriptions)
        terms = (topics_before.terms, topics.terms)
        self._apply(
            change_entities(
                old,
                new,
                self._before,
                self._now,
                self._lexicon,
                descriptions,
                terms,
                self._ontologies,
            )
        )
        writer = AssertionWriter(self._settings.base, version=__version__, table_sha256=self._table)
        statements = old.statements | new.statements
        change, predicates = change_assertions(statements, self._before, self._now, writer)
        self._apply(change)
        tell("counting what is mentioned together", 0, None)
        counts = dict(self._manifest["counts"])
        papers = (int(counts["papers"]), int(counts["papers"]) + new.papers - old.papers)
        pairs = PairChange(self._settings.base, papers, self._before, self._now, self._lexicon)
        self._apply(pairs.change(old, new), pairs=True)
        self._apply(pairs.change_likelihoods(), pairs=True)
        inferred = {}
        if REASONING in self._manifest:
            tell("inferring what follows", 0, None)
            base = self._settings.base
            inferred = {REASONING: update_inferred(self._generation, base, self._changed)}
        tell("counting what the graph holds", 0, None)
        report = BuildReport(
            folder=self._generation.folder,
            papers=papers[1],
            sentences=counts["sentences"] + new.sentences - old.sentences,
            mentions=counts["mentions"] + new.mentions - old.mentions,
            replaced=counts.get("replaced", 0) + new.replaced - old.replaced,
            entities=self._count_entities(counts["entities"], old, new),
            evidence=counts["evidence"] + new.evidence - old.evidence,
            predicates=_count_predicates(counts["assertions_by_predicate"], predicates),
            co_mentions=counts["co_mentions"] + pairs.written,
            quads=self._generation.quads,
            problems=tuple(records.problems()),
            seconds=time.monotonic() - started,
        )
        named = list(records.sources().values())
        build_hash = hash_records(records, self._lexicon, self._table, self._settings)
        records.close()
        manifest, described = describe(
            self._generation,
            make_manifest(
                report,
                build_hash=build_hash,
                settings_hash=self._settings_hash,
                settings=self._settings,
                sources=named,
                lexicon=self._lexicon,
                action={
                    **plan.action,
                    "gained": max(0, papers[1] - papers[0]),
                    "lost": max(0, papers[0] - papers[1]),
                },
                before=self._manifest,
                ontologies=self._ontologies.descriptions if self._ontologies is not None else (),
            )
            | inferred,
        )
        self.added += described.added
        self.removed += described.removed
        tell("switching to the new graph", 0, None)
        # Who still looks into the store would keep it open, and it be tidied while it is counted.
        del pairs
        self._now.close()
        self._generation.finish(manifest)
        report = replace(report, quads=manifest["quads"], failures=self._generation.failures)
        if self._options.validate:
            found = validate_update(report.folder, self._touched, tell)
            seconds = time.monotonic() - started
            report = replace(report, validation=found, seconds=seconds)
        return UpdateReport(
            graph=report,
            files=tuple(plan.action["inputs"]),
            added=self.added,
            removed=self.removed,
            papers_before=papers[0],
        )

    def _topics(self) -> Topics:
        named = self._records.sources().values()
        return Topics(
            ((source, details.topic) for source, details in named),
            self._lexicon,
            self._settings.base,
        )

    def _change_papers(
        self, groups: list[list[int]], plan: _Plan, sources: dict[int, Source]
    ) -> tuple[Side, Side]:
        """Take out what the changed papers say now, and put in what they will say."""
        old, new = Side(), Side()
        come, gone = set(plan.come), set(plan.gone)
        done = 0
        with Workers(self._options.jobs or available_cores()) as workers:
            pairs = self._pairs_of_components(groups, come, gone)
            for before, after in batches_of(
                pairs, sum(map(len, groups)), sources, self._lexicon, self._settings, workers
            ):
                old.add(before)
                new.add(after)
                self._records.add_conflicts(after.conflicts)
                lines = before.lines.decode().splitlines(), after.lines.decode().splitlines()
                self._apply(Change(*lines))
                done += after.papers
                self._options.progress("annotating", done, len(groups))
        return old, new

    def _pairs_of_components(
        self, groups: list[list[int]], come: set[int], gone: set[int]
    ) -> Iterator[tuple[list[Component], list[Component]]]:
        """Yield some groups at a time: their records as they were, and as they will be."""
        waiting = iter(groups)
        while some := list(islice(waiting, _BATCH)):
            kept = self._records.load([number for group in some for number in group])
            self._records.remove_conflicts(kept)
            sides: tuple[list[Component], list[Component]] = ([], [])
            for side, absent in zip(sides, (come, gone), strict=True):
                for group in some:
                    if present := [kept[number] for number in group if number not in absent]:
                        side.append(present)
            yield sides

    def _apply(self, change: Change, *, pairs: bool = False) -> None:
        added = dict.fromkeys(change.added)
        removed = [line for line in dict.fromkeys(change.removed) if line not in added]
        if REASONING in self._manifest:
            self._changed.update(removed, added)
        if self._options.validate:
            self._touched.add(removed, added, pairs=pairs)
        changed = self._generation.apply(removed, added)
        self.added += changed.added
        self.removed += changed.removed

    def _count_entities(self, before: dict[str, int], old: Side, new: Side) -> dict[str, int]:
        """Return how many entities of each type are mentioned now."""
        counts = dict(before)
        for curie in old.mentioned | new.mentioned:
            term = self._lexicon.term(curie)
            if term is not None:
                change = self._now.is_mentioned(curie) - self._before.is_mentioned(curie)
                counts[term.type] = counts.get(term.type, 0) + change
        return {name: count for name, count in counts.items() if count}


def _count_predicates(
    before: dict[str, dict[str, int]],
    changed: dict[str, tuple[PredicateCounts, PredicateCounts]],
) -> dict[str, PredicateCounts]:
    counts = {}
    for predicate in Predicate:
        known = PredicateCounts(**before[predicate]) if predicate in before else _NONE
        old, new = changed.get(predicate, (_NONE, _NONE))
        counted = PredicateCounts(
            assertions=known.assertions - old.assertions + new.assertions,
            negated=known.negated - old.negated + new.negated,
            speculative=known.speculative - old.speculative + new.speculative,
        )
        if counted.assertions:
            counts[predicate.value] = counted
    return counts


_NONE = PredicateCounts(assertions=0, negated=0, speculative=0)
