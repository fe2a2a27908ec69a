"""Floor 9: the build, top to bottom: files, records, publications, mentions, assertions, a graph.

Each stage is a function over iterables; this is the only module that puts them together.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from kg import __version__
from kg.annotate.annotator import Annotator
from kg.assertions.reading import AssertionReader
from kg.errors import InputError
from kg.model import Problem, Publication, Record, Source, Topic
from kg.namespaces import DEFAULT_BASE
from kg.publications import merge_records
from kg.rdf.assertions import AssertionWriter, PredicateCounts
from kg.rdf.comentions import CoMentions
from kg.rdf.entities import close_upwards, write_entities
from kg.rdf.ontology import named_ontology_lines
from kg.rdf.papers import PaperWriter, mentioned_terms, occurring_terms
from kg.readers import read_file, source_of
from kg.store import write_generation
from kg.vocabulary.lexicon import Lexicon

FORMAT_VERSION = 2

# stage, what is done so far, what there is to do (None where it is not known)
Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a build made, for its summary. `seconds` is wall-clock time.

    `predicates` tells of each relation how many assertions have it; `assertions` is their sum.
    """

    folder: Path
    papers: int
    sentences: int
    mentions: int
    entities: dict[str, int]
    evidence: int
    predicates: dict[str, PredicateCounts]
    co_mentions: int
    quads: int
    problems: tuple[Problem, ...]
    seconds: float

    @property
    def assertions(self) -> int:
        """How many assertions there are, those that are negated or speculative among them."""
        return sum(each.assertions for each in self.predicates.values())


@dataclass(slots=True)
class _Counts:
    papers: int = 0
    sentences: int = 0
    mentions: int = 0
    lines: int = 0
    entities: Counter[str] = field(default_factory=Counter)
    evidence: int = 0
    predicates: dict[str, PredicateCounts] = field(default_factory=dict)
    co_mentions: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Inputs:
    records: list[tuple[Record, Source]]
    topics: list[tuple[Source, Topic | None]]
    problems: list[Problem]


def build_graph(
    paths: Sequence[Path],
    folder: Path,
    lexicon: Lexicon,
    *,
    base: str = DEFAULT_BASE,
    triggers: Path | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Build the graph of some input files as the live generation of a folder.

    The same inputs, whatever their order, give the same graph. `triggers` is a table of words that
    state relations, which overrule those that ship (`kg.assertions.triggers`).

    Raises:
        InputError: if a file cannot be read; nothing is written then.
        StoreError: if the graph cannot be written; what was live stays live.
    """
    started = time.monotonic()
    tell = progress or (lambda _stage, _done, _total: None)
    inputs = _read_inputs(paths, tell)
    publications, conflicts = merge_records(inputs.records)
    problems = (*inputs.problems, *conflicts)
    counts = _Counts()
    reader = AssertionReader(triggers)
    build_hash = _hash_build(inputs.topics, lexicon, reader.table_sha256, base)
    with write_generation(folder, build_hash=build_hash) as generation:
        lines = _write_graph(publications, inputs.topics, lexicon, reader, base, counts, tell)
        generation.add_lines(_count_lines(lines, counts))
        tell("switching to the new graph", 0, None)
        report = BuildReport(
            folder=folder,
            papers=counts.papers,
            sentences=counts.sentences,
            mentions=counts.mentions,
            entities=dict(counts.entities),
            evidence=counts.evidence,
            predicates=counts.predicates,
            co_mentions=counts.co_mentions,
            quads=counts.lines,
            problems=problems,
            seconds=time.monotonic() - started,
        )
        generation.finish(_manifest(report, build_hash, base, inputs, lexicon))
    return report


def _read_inputs(paths: Sequence[Path], tell: Progress) -> _Inputs:
    records: list[tuple[Record, Source]] = []
    topics: list[tuple[Source, Topic | None]] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for number, path in enumerate(paths):
        tell("reading", number, len(paths))
        source = source_of(path)
        if source.sha256 in seen:
            continue  # the same bytes twice say nothing more
        seen.add(source.sha256)
        topic: Topic | None = None
        for item in read_file(path):
            match item:
                case Record():
                    records.append((item, source))
                    problems.extend(item.problems)
                case Problem():
                    problems.append(item)
                case Topic():
                    topic = item
        topics.append((source, topic))
    if not records:
        raise InputError(f"{', '.join(map(str, paths))}: holds no record that could be read")
    return _Inputs(
        records=records,
        topics=sorted(topics, key=lambda pair: pair[0].sha256),
        problems=problems,
    )


def _count_lines(lines: Iterable[str], counts: _Counts) -> Iterator[str]:
    for line in lines:
        counts.lines += 1
        yield line


def _write_graph(
    publications: list[Publication],
    topics: list[tuple[Source, Topic | None]],
    lexicon: Lexicon,
    reader: AssertionReader,
    base: str,
    counts: _Counts,
    tell: Progress,
) -> Iterator[str]:
    writer = PaperWriter(base)
    assertions = AssertionWriter(base, version=__version__, table_sha256=reader.table_sha256)
    co_mentions = CoMentions(base)
    yield from named_ontology_lines()
    descriptions: dict[str, list[str]] = defaultdict(list)
    mentioned: set[str] = set()
    occurring: set[str] = set()
    for source, topic in topics:
        term = _topic_term(topic, lexicon)
        if topic is not None and term is not None and topic.summary:
            descriptions[term].append(topic.summary)
        if term is not None:
            occurring.add(term)
        yield from writer.write_source(source, topic, term)
    annotator = Annotator(lexicon)
    for number, publication in enumerate(publications):
        if number % 20 == 0:
            tell("annotating", number, len(publications))
        annotated = reader.read_publication(annotator.annotate_publication(publication))
        counts.papers += 1
        counts.sentences += len(annotated.sentences)
        counts.mentions += sum(len(one.mentions) for one in annotated.sentences)
        mentioned |= mentioned_terms(annotated)
        occurring |= occurring_terms(annotated)
        co_mentions.add(annotated)
        yield from writer.write(annotated)
        yield from assertions.write_evidence(annotated)
    tell("annotating", len(publications), len(publications))
    counts.entities.update(term.type for term in filter(None, map(lexicon.term, mentioned)))
    tell("counting what is mentioned together", 0, None)
    closed = close_upwards(occurring, lexicon)
    yield from write_entities(closed, lexicon, descriptions, mentioned=mentioned)
    yield from assertions.write_assertions()
    yield from co_mentions.write(closed)
    counts.evidence = assertions.evidence
    counts.predicates = assertions.count_predicates()
    counts.co_mentions = co_mentions.written


def _topic_term(topic: Topic | None, lexicon: Lexicon) -> str | None:
    """Return the term that a reading list is about, or None where its name does not tell one."""
    candidates = lexicon.candidates(topic.name) if topic is not None else []
    return candidates[0].curie if candidates else None


def _hash_build(
    topics: Iterable[tuple[Source, Topic | None]],
    lexicon: Lexicon,
    table_sha256: str,
    base: str,
) -> str:
    """Return the hash of all that a graph depends on: code, settings, inputs, vocabularies, rules.

    The rules that read assertions are told by the version and by the sha256 of their table.
    """
    digest = sha256(f"{FORMAT_VERSION}\n{__version__}\n{base}\n{table_sha256}\n".encode())
    for source, _ in topics:
        digest.update(f"{source.name}\x1f{source.format}\x1f{source.sha256}\n".encode())
    for table in lexicon.vocabularies:
        digest.update(f"{table['file']}\x1f{table['sha256']}\n".encode())
    return digest.hexdigest()


def _manifest(
    report: BuildReport, build_hash: str, base: str, inputs: _Inputs, lexicon: Lexicon
) -> dict[str, object]:
    records = Counter(source.sha256 for _, source in inputs.records)
    return {
        "format_version": FORMAT_VERSION,
        "build_hash": build_hash,
        "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(report.seconds, 3),
        "kg_version": __version__,
        "base_iri": base,
        "quads": report.quads,
        "inputs": [
            {
                "name": source.name,
                "format": source.format,
                "sha256": source.sha256,
                "records": records[source.sha256],
            }
            for source, _ in inputs.topics
        ],
        "vocabularies": lexicon.vocabularies,
        "counts": {
            "papers": report.papers,
            "sentences": report.sentences,
            "mentions": report.mentions,
            "entities": report.entities,
            "evidence": report.evidence,
            "assertions": report.assertions,
            "assertions_by_predicate": {
                name: asdict(each) for name, each in report.predicates.items()
            },
            "co_mentions": report.co_mentions,
        },
        "problems": [
            {
                "path": problem.locator.path,
                "line": problem.locator.line,
                "code": problem.code,
                "message": problem.message,
                "field": problem.field,
                "raw": problem.raw,
                "lost": problem.lost,
            }
            for problem in report.problems
        ],
    }
