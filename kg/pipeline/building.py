"""Floor 9: the build, top to bottom: files, records, papers, mentions, assertions, a graph."""

import gc
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from pyoxigraph import QuerySolutions

from kg.assertions.reading import AssertionReader
from kg.model import Source
from kg.namespaces import DEFAULT_BASE, KG
from kg.pipeline.checking import validate_build
from kg.pipeline.describing import describe
from kg.pipeline.manifest import BuildReport, hash_build, hash_settings, make_manifest
from kg.pipeline.ontologies import open_ontologies, take_over_ontologies
from kg.pipeline.papers import Batch, Component, PaperStage
from kg.pipeline.reading import find_inputs, nothing_read, read_inputs
from kg.pipeline.settings import BuildOptions, BuildSettings, Progress, available_cores
from kg.pipeline.totals import Topics, Totals
from kg.pipeline.workers import Workers, stage_here
from kg.rdf.ontology import named_ontology_lines
from kg.reasoning.graphs import KEY as REASONING
from kg.reasoning.graphs import describe as describe_inferred
from kg.reasoning.graphs import infer
from kg.store import GenerationWriter, Graph, open_graph, write_generation
from kg.store.records import NAME as RECORDS
from kg.store.records import RecordStore
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.ontologies import OntologyFile

_BATCH = 100
"""Groups of records in one batch."""

_ALONE = 400
"""Up to this many records, starting processes costs more than it gains."""

_Task = tuple[Path, BuildSettings, tuple[list[Component], ...], dict[int, Source]]


def build_graph(
    paths: Sequence[Path],
    folder: Path,
    lexicon: Lexicon,
    *,
    settings: BuildSettings | None = None,
    format_name: str | None = None,
    encoding: str | None = None,
    options: BuildOptions | None = None,
) -> BuildReport:
    """Build the graph of some input files as the live generation of a folder.

    The same inputs, whatever their order and the number of processes (`options.jobs`),
    give the same graph. `format_name` and `encoding` overrule what the files' content tells.

    Raises:
        InputError: if a file cannot be read; nothing is written then.
        StoreError: if the graph cannot be written; what was live stays live.
        WorkerError: if a process was ended from outside; what was live stays live.
    """
    started = time.monotonic()
    how = options or BuildOptions()
    chosen = settings or BuildSettings()
    inputs = find_inputs(paths, format_name=format_name, encoding=encoding)
    with ExitStack() as held:
        generation = held.enter_context(_begin(folder, how))
        workers = held.enter_context(Workers(how.jobs or available_cores()))
        records = RecordStore.create(generation.add_file(RECORDS))
        held.callback(records.close)
        read_inputs(inputs, records, how.progress, workers)
        if not records.count():
            raise nothing_read(map(str, paths), records.problems())
        records.finish()
        action = {"kind": "build", "inputs": [each.source.name for each in inputs]}
        return _build(generation, records, lexicon, chosen, workers, action, how, started)


def rebuild_graph(
    folder: Path,
    lexicon: Lexicon,
    *,
    triggers: Path | None = None,
    options: BuildOptions | None = None,
) -> BuildReport:
    """Build a graph anew from the records that it keeps, with other words or a newer version.

    Raises:
        StoreError: if there is no graph, it keeps no records, or it cannot be written.
        WorkerError: if a process was ended from outside; what was live stays live.
    """
    started = time.monotonic()
    how = options or BuildOptions()
    with open_graph(folder) as graph, ExitStack() as held:
        manifest = graph.manifest
        settings = BuildSettings(
            base=str(manifest.get("base_iri", DEFAULT_BASE)),
            triggers=triggers,
            annotations=manifest.get("annotations", "both"),
        )
        RecordStore.open(graph.path / RECORDS).close()
        generation = held.enter_context(_begin(folder, how))
        workers = held.enter_context(Workers(how.jobs or available_cores()))
        assert generation.live is not None  # noqa: S101 (it is open here)
        path = generation.add_file(RECORDS)
        shutil.copyfile(generation.live.path / RECORDS, path)
        records = RecordStore.open(path, write=True)
        held.callback(records.close)
        records.remove_conflicts()
        action: dict[str, Any] = {"kind": "rebuild", "inputs": []}
        # What was inferred before, is inferred again.
        how = replace(how, reason=how.reason or REASONING in manifest)
        report = _build(generation, records, lexicon, settings, workers, action, how, started)
        return replace(report, succeeded=_succeeded(graph, lexicon))


def _succeeded(graph: Graph, lexicon: Lexicon) -> tuple[tuple[str, str], ...]:
    """Return the terms that a graph mentions and a lexicon knows as obsolete, with the new ones."""
    found = graph.query(
        f"SELECT ?id {{ {{ SELECT DISTINCT ?entity {{ ?paper <{KG}mentions> ?entity }} }} "
        f"?entity <{KG}curie> ?id }} ORDER BY ?id"
    )
    assert isinstance(found, QuerySolutions)  # noqa: S101 (it is a SELECT)
    ids = [row["id"].value for row in found]
    return tuple((one, new) for one in ids if (new := lexicon.successor(one)))


def _begin(folder: Path, how: BuildOptions) -> AbstractContextManager[GenerationWriter]:
    return write_generation(
        folder,
        build_hash=None,
        discard_updates=how.discard_updates,
        wait=how.wait,
        waiting=how.waiting,
    )


def _build(
    generation: GenerationWriter,
    records: RecordStore,
    lexicon: Lexicon,
    settings: BuildSettings,
    workers: Workers,
    action: dict[str, Any],
    how: BuildOptions,
    started: float,
) -> BuildReport:
    tell = how.progress
    table = AssertionReader(settings.triggers).table_sha256
    with open_ontologies(take_over_ontologies(generation)) as ontologies:
        added = ontologies.descriptions if ontologies is not None else ()
        build_hash = hash_records(records, lexicon, table, settings)
        totals = Totals(settings.base, table)
        fill_generation(generation, records, lexicon, settings, workers, totals, tell, ontologies)
    inferred = None
    if how.reason:
        tell("inferring what follows", 0, None)
        inferred = infer(generation, settings.base)
    problems = tuple(records.problems())
    sources = list(records.sources().values())
    records.close()
    report = totals.report(generation.folder, lexicon, problems, time.monotonic() - started)
    if inferred is not None:
        report = replace(report, quads=report.quads + inferred.lines)
    manifest = make_manifest(
        report,
        build_hash=build_hash,
        settings_hash=hash_settings(lexicon, table, settings),
        settings=settings,
        sources=sources,
        lexicon=lexicon,
        action=action,
        before=generation.live.manifest if generation.live is not None else {},
        ontologies=added,
    )
    if inferred is not None:
        manifest[REASONING] = describe_inferred(inferred)
    tell("counting what the graph holds", 0, None)
    manifest, _ = describe(generation, manifest)
    tell("switching to the new graph", 0, None)
    generation.finish(manifest)
    report = replace(report, quads=manifest["quads"], failures=generation.failures)
    if not how.validate:
        return report
    # As a reader sees it. What is found is told, and the graph stays: it is what the files gave.
    found = validate_build(generation.folder, report.quads, tell)
    return replace(report, validation=found, seconds=time.monotonic() - started)


def fill_generation(
    generation: GenerationWriter,
    records: RecordStore,
    lexicon: Lexicon,
    settings: BuildSettings,
    workers: Workers,
    totals: Totals,
    tell: Progress,
    ontologies: OntologyFile | None = None,
) -> None:
    """Load all statements: ontology, sources, papers, and what is counted over all of them."""
    named = records.sources()
    sources = {number: source for number, (source, _) in named.items()}
    topics = Topics(
        ((source, details.topic) for source, details in named.values()), lexicon, settings.base
    )
    generation.add_lines(totals.counted([*named_ontology_lines(), *topics.lines]))
    count = records.count()
    batches = batches_of(
        ((some,) for some in _load_components(records)), count, sources, lexicon, settings, workers
    )

    def chunks() -> Iterator[bytes]:
        for (batch,) in batches:
            records.add_conflicts(batch.conflicts)
            yield batch.lines
            shared = list(totals.add(batch))
            yield "\n".join((*shared, "")).encode()
            tell("annotating", totals.papers, count)

    generation.load(chunks())
    tell("counting what is mentioned together", 0, None)
    generation.add_lines(totals.counted(totals.write(lexicon, topics, ontologies)))


def batches_of(
    rows: Iterable[tuple[list[Component], ...]],
    records: int,
    sources: dict[int, Source],
    lexicon: Lexicon,
    settings: BuildSettings,
    workers: Workers,
) -> Iterator[tuple[Batch, ...]]:
    """Yield what each component comes to, row by row: here, or in processes if there are many."""
    if records <= _ALONE or workers.jobs == 1:
        stage = PaperStage(lexicon, settings)
        for row in rows:
            yield tuple(stage.run(components, sources) for components in row)
    else:
        tasks = ((lexicon.folder, settings, row, sources) for row in rows)
        yield from workers.map(_run, tasks)


def hash_records(
    records: RecordStore, lexicon: Lexicon, table: str, settings: BuildSettings
) -> str:
    """Return the build hash of what is in a file of records."""
    sources = [source for source, _ in records.sources().values()]
    return hash_build(sources, lexicon, table, settings, records.removed())


def _load_components(records: RecordStore) -> Iterator[list[Component]]:
    groups = records.components()
    while some := list(islice(groups, _BATCH)):
        kept = records.load([number for group in some for number in group])
        yield [[kept[number] for number in group] for group in some]


def _run(task: _Task) -> tuple[Batch, ...]:
    lexicon, settings, row, sources = task
    stage = stage_here(lexicon, settings)
    batches = tuple(stage.run(components, sources) for components in row)
    # What is remembered from batch to batch is no garbage, but the collector would look at all of
    # it again and again, which takes a tenth of the time.
    gc.freeze()
    return batches
