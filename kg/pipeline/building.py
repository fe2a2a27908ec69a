"""Floor 9: the build, top to bottom: files, records, papers, mentions, assertions, a graph."""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

from kg.assertions.reading import AssertionReader
from kg.errors import InputError
from kg.model import Source
from kg.pipeline.manifest import BuildReport, hash_build, hash_settings, make_manifest
from kg.pipeline.papers import Batch, Component, PaperStage
from kg.pipeline.reading import find_inputs, read_inputs
from kg.pipeline.settings import BuildSettings, Progress, available_cores, say_nothing
from kg.pipeline.totals import Topics, Totals
from kg.pipeline.workers import Workers, stage_here
from kg.rdf.ontology import named_ontology_lines
from kg.store import GenerationWriter, write_generation
from kg.store.records import NAME as RECORDS
from kg.store.records import RecordStore
from kg.vocabulary.lexicon import Lexicon

_BATCH = 100
"""Groups of records in one batch."""

_ALONE = 400
"""Up to this many records, starting processes costs more than it gains."""

_Task = tuple[Path, BuildSettings, list[Component], dict[int, Source]]


def build_graph(
    paths: Sequence[Path],
    folder: Path,
    lexicon: Lexicon,
    *,
    settings: BuildSettings | None = None,
    format_name: str | None = None,
    encoding: str | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Build the graph of some input files as the live generation of a folder.

    The same inputs, whatever their order and the number of processes (`jobs`, by default one a
    core), give the same graph. `format_name` and `encoding` overrule what the files' content tells.

    Raises:
        InputError: if a file cannot be read; nothing is written then.
        StoreError: if the graph cannot be written; what was live stays live.
        WorkerError: if a process was ended from outside; what was live stays live.
    """
    started = time.monotonic()
    tell = progress or say_nothing
    chosen = settings or BuildSettings()
    inputs = find_inputs(paths, format_name=format_name, encoding=encoding)
    table = AssertionReader(chosen.triggers).table_sha256
    build_hash = hash_build((each.source for each in inputs), lexicon, table, chosen)
    with ExitStack() as held:
        generation = held.enter_context(write_generation(folder, build_hash=build_hash))
        workers = held.enter_context(Workers(jobs or available_cores()))
        records = RecordStore.create(generation.add_file(RECORDS))
        held.callback(records.close)
        read_inputs(inputs, records, tell)
        if not records.count():
            raise InputError(f"{', '.join(map(str, paths))}: holds no record that could be read")
        records.finish()
        totals = Totals(chosen.base, table)
        _load(generation, records, lexicon, chosen, workers, totals, tell)
        tell("switching to the new graph", 0, None)
        problems = tuple(records.problems())
        sources = list(records.sources().values())
        records.close()
        report = totals.report(folder, lexicon, problems, time.monotonic() - started)
        manifest = make_manifest(
            report,
            build_hash=build_hash,
            settings_hash=hash_settings(lexicon, table, chosen),
            settings=chosen,
            sources=sources,
            lexicon=lexicon,
            action={"kind": "build", "inputs": [each.source.name for each in inputs]},
        )
        generation.finish(manifest)
    return report


def _load(
    generation: GenerationWriter,
    records: RecordStore,
    lexicon: Lexicon,
    settings: BuildSettings,
    workers: Workers,
    totals: Totals,
    tell: Progress,
) -> None:
    """Load all statements: ontology, sources, papers, and what is counted over all of them."""
    named = records.sources()
    sources = {number: source for number, (source, _) in named.items()}
    topics = Topics(
        ((source, details.topic) for source, details in named.values()), lexicon, settings.base
    )
    generation.add_lines(totals.counted([*named_ontology_lines(), *topics.lines]))
    count = records.count()
    components = _load_components(records)
    if count <= _ALONE or workers.jobs == 1:
        stage = PaperStage(lexicon, settings)
        batches: Iterable[Batch] = (stage.run(some, sources) for some in components)
    else:
        tasks = ((lexicon.folder, settings, some, sources) for some in components)
        batches = workers.map(_run, tasks)

    def chunks() -> Iterator[bytes]:
        for batch in batches:
            records.add_conflicts(batch.conflicts)
            yield batch.lines
            shared = list(totals.add(batch))
            yield "\n".join((*shared, "")).encode()
            tell("annotating", totals.papers, count)

    generation.load(chunks())
    tell("counting what is mentioned together", 0, None)
    generation.add_lines(totals.counted(totals.write(lexicon, topics)))


def _load_components(records: RecordStore) -> Iterator[list[Component]]:
    groups = records.components()
    while some := list(islice(groups, _BATCH)):
        kept = records.load([number for group in some for number in group])
        yield [[kept[number] for number in group] for group in some]


def _run(task: _Task) -> Batch:
    lexicon, settings, components, sources = task
    return stage_here(lexicon, settings).run(components, sources)
