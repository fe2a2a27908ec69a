"""Floor 9: the tasks of a sharded build. Each needs nothing but the files of one folder.

A task is given the folder and a number, and may be run again: what was done is not done again, and
what is written is there whole or not at all. A process runs one at a time.

    read_part       an input file -> its records
    find_shared     a share of all keys -> the records that have one in common
    write_span      records -> the statements of their papers, and what is to be counted
    count_bucket    a share of what is to be counted -> its statements
"""

import gc
import sqlite3
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import lru_cache
from itertools import islice
from pathlib import Path
from threading import Lock

from kg import __version__
from kg.errors import WorkerError
from kg.model import Predicate
from kg.pipeline.counts import Bucket, Counts, CountsWriter, Summary, bucket_of
from kg.pipeline.papers import Component, PaperStage
from kg.pipeline.reading import read_inputs
from kg.pipeline.settings import BuildSettings, say_nothing
from kg.pipeline.shard_files import (
    RECORDS,
    SUFFIX,
    WORK,
    Shard,
    do_once,
    hash_file,
    whole_file,
    write_shard,
)
from kg.pipeline.shard_plan import (
    JOINED,
    Counted,
    Layout,
    Part,
    Plan,
    Span,
    load_layout,
    load_plan,
    load_spans,
    load_totals,
)
from kg.rdf.assertions import AssertionWriter, Gathered, PredicateCounts, Support
from kg.rdf.comentions import Pairs, PairWriter
from kg.rdf.entities import close_upwards
from kg.store.records import Kept, RecordStore
from kg.vocabulary.lexicon import Lexicon

_GROUPS = 100
"""Groups of records in one batch."""

_JOINED_GROUPS = 1000
"""The same, where the records stand in several files, each of which is opened for a batch."""

_KEY_BITS = 63
_TEXT = 1 << 20

_one_at_a_time = Lock()


# --- records ------------------------------------------------------------------------------------


def read_part(folder: Path, number: int) -> Part:
    """Read an input file into a file of records."""

    def task() -> Part:
        plan = _plan(folder)
        path = part_path(folder, number)
        with whole_file(path) as unfinished:
            records = RecordStore.create(unfinished)
            try:
                read_inputs([plan.inputs[number].to_read(plan)], records, say_nothing)
                records.finish()
                count = records.count()
            finally:
                records.close()
        return Part(
            name=f"{RECORDS}/{path.name}",
            records=count,
            bytes=path.stat().st_size,
            sha256=hash_file(path),
        )

    return do_once(folder, f"read-{number:05}", Part, task)


def part_path(folder: Path, number: int) -> Path:
    """Return where the records of a file are."""
    return folder / RECORDS / f"{number:05}.sqlite"


def find_shared(folder: Path, number: int) -> int:
    """Find the keys in a share of all that several records have; return how many more have them.

    What is written is pairs of records: the first that has a key, and each other.
    """

    def task() -> int:
        layout = load_layout(folder)
        low, high = ((each << _KEY_BITS) // layout.joins for each in (number, number + 1))
        first: dict[int, int] = {}
        pairs = array("Q")
        for part, before in enumerate(layout.before):
            records = RecordStore.open(part_path(folder, part))
            for key, record in records.keys_between(low, high - 1):
                known = first.setdefault(key, before + record)
                if known != before + record:
                    pairs.extend((known, before + record))
            records.close()
        with whole_file(shared_path(folder, number)) as unfinished, unfinished.open("wb") as stream:
            pairs.tofile(stream)
        return len(pairs) // 2

    return do_once(folder, f"share-{number:05}", int, task)


def shared_path(folder: Path, number: int) -> Path:
    """Return where the pairs of records with a common key are, of a share of the keys."""
    return folder / WORK / "shared" / f"{number:05}"


# --- papers -------------------------------------------------------------------------------------


def write_span(folder: Path, number: int) -> Shard:
    """Write the statements of the papers of some records, and leave the rest to be counted."""

    def task() -> Shard:
        plan, layout = _plan(folder), load_layout(folder)
        span = load_spans(folder)[number]
        kind = "joined" if span.part is None else "papers"
        path = folder / f"{kind}-{number:05}{SUFFIX}"
        with _one_at_a_time, CountsWriter(counts_path(folder, number), layout.buckets) as counts:
            written = _Written()
            take = _joined_rows if span.part is None else _rows
            rows = take(folder, layout, span)
            shard = write_shard(path, written.run(plan, rows, counts))
            counts.finish(written.summary, written.buckets(layout.buckets))
        return shard

    return do_once(folder, f"write-{number:05}", Shard, task)


def counts_path(folder: Path, number: int) -> Path:
    """Return where that is which the papers of a span leave to be counted."""
    return folder / WORK / "counts" / f"{number:05}"


class _Written:
    """What the papers of a span come to."""

    def __init__(self) -> None:
        self.summary = Summary()
        self._gathered = AssertionWriter("", version="", table_sha256="")
        self._pairs = Pairs()
        self._named: set[str] = set()
        self._occurring: set[str] = set()

    def run(
        self, plan: Plan, rows: Iterable[list[Component]], counts: CountsWriter
    ) -> Iterator[bytes]:
        """Yield the statements of papers, and gather the rest."""
        stage = _stage(plan.lexicon, plan.settings, plan.settings_hash)
        stage.forget()
        summary, sources = self.summary, plan.sources
        for components in rows:
            batch = stage.run(components, sources)
            yield batch.lines
            for node, statements in batch.shared.items():
                counts.add_shared(node, statements)
            self._gathered.add(batch.gathered)
            self._pairs.merge(batch.pairs)
            self._named |= batch.mentioned
            self._occurring |= batch.occurring
            summary.papers += batch.papers
            summary.sentences += batch.sentences
            summary.mentions += batch.mentions
            summary.conflicts += batch.conflicts

    def buckets(self, count: int) -> list[Bucket]:
        """Return what is to be counted, bucket by bucket, in a fixed order; and sum up."""
        buckets = [Bucket() for _ in range(count)]
        gathered = self._gathered.take()
        for statement, support in sorted(gathered.statements.items(), key=lambda each: each[0]):
            subject, predicate, object_, negated = statement
            found = (support.sentences, support.speculative, list(support.best))
            bucket = buckets[bucket_of(f"{subject} {object_}", count)]
            bucket.assertions.append((subject, predicate.value, object_, negated, *found))
        for first in sorted(self._pairs.terms):
            if together := self._pairs.together_with(first):
                bucket = buckets[bucket_of(first, count)]
                bucket.together[first] = dict(sorted(together.items()))
        terms = self._pairs.terms
        mentioned = {terms[number]: papers for number, papers in self._pairs.mentioned.items()}
        self.summary.mentioned = dict(sorted(mentioned.items()))
        self.summary.named = sorted(self._named)
        self.summary.occurring = sorted(self._occurring)
        self.summary.evidence = gathered.evidence
        return buckets


def _rows(folder: Path, layout: Layout, span: Span) -> Iterator[list[Component]]:
    """Yield the records of one file that share no key with others, some at a time."""
    assert span.part is not None  # noqa: S101
    with _open_joined(folder) as rows:
        found = rows.execute(
            "SELECT record FROM joined WHERE record BETWEEN ? AND ?", (span.first, span.last)
        )
        joined = {record for (record,) in found}
    alone = (each for each in range(span.first, span.last + 1) if each not in joined)
    while some := list(islice(alone, _GROUPS)):
        kept = _load(folder, layout, span.part, some)
        yield [[kept[number]] for number in some]


def _joined_rows(folder: Path, layout: Layout, span: Span) -> Iterator[list[Component]]:
    """Yield groups of records that share keys, some at a time."""
    with _open_joined(folder) as rows:
        found = rows.execute(
            "SELECT root, record FROM joined WHERE root BETWEEN ? AND ? ORDER BY root, record",
            (span.first, span.last),
        )
        groups: defaultdict[int, list[int]] = defaultdict(list)
        for root, record in found:
            groups[root].append(record)
    waiting = iter(groups.values())
    while some := list(islice(waiting, _JOINED_GROUPS)):
        of_part: defaultdict[int, list[int]] = defaultdict(list)
        for record in sorted(record for group in some for record in group):
            of_part[_part_of(layout, record)].append(record)
        kept: dict[int, Kept] = {}
        for part, records in of_part.items():
            kept |= _load(folder, layout, part, records)
        yield [[kept[record] for record in group] for group in some]


def _load(folder: Path, layout: Layout, part: int, records: list[int]) -> dict[int, Kept]:
    """Return records of one file, by the numbers that they have among those of all files."""
    store = RecordStore.open(part_path(folder, part))
    before = layout.before[part]
    found = store.load([record - before for record in records])
    store.close()
    return {before + each.id: Kept(before + each.id, part, each.body) for each in found.values()}


def _part_of(layout: Layout, record: int) -> int:
    return bisect_left(layout.before, record) - 1


def _open_joined(folder: Path) -> closing[sqlite3.Connection]:
    path = folder / WORK / JOINED
    return closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True))


# --- counts -------------------------------------------------------------------------------------


def count_bucket(folder: Path, number: int) -> Counted:
    """Count what the papers of all spans leave in a bucket, and write its statements."""

    def task() -> Counted:
        plan = _plan(folder)
        totals = load_totals(folder)
        with _one_at_a_time:
            lexicon = _lexicon(plan.lexicon, plan.settings_hash)
            counting = _Counting(plan)
            files = [counts_path(folder, span) for span in range(len(load_spans(folder)))]

            def lines() -> Iterator[bytes]:
                yield from counting.gather(files, number)
                for line in counting.write_assertions():
                    yield f"{line}\n".encode()
                terms = counting.terms
                writer = PairWriter(
                    plan.base, totals.mentioned, totals.papers, close_upwards(terms, lexicon)
                )
                for first in sorted(counting.together):
                    for line in writer.write(first, counting.together[first]):
                        yield f"{line}\n".encode()
                counting.co_mentions = writer.written

            shard = write_shard(folder / f"shared-{number:05}{SUFFIX}", in_pieces(lines()))
        return Counted(
            shard=shard, co_mentions=counting.co_mentions, predicates=counting.predicates
        )

    return do_once(folder, f"count-{number:05}", Counted, task)


class _Counting:
    """The counts of one bucket."""

    def __init__(self, plan: Plan) -> None:
        self._assertions = AssertionWriter(
            plan.base, version=__version__, table_sha256=plan.table_sha256
        )
        self.together: dict[str, dict[str, tuple[int, int]]] = {}
        self.co_mentions = 0

    def gather(self, files: Iterable[Path], number: int) -> Iterator[bytes]:
        """Yield the nodes that papers share, each once, and gather what is to be counted."""
        told: set[bytes] = set()
        for path in files:
            with Counts(path) as counts:
                for node, statements in counts.shared(number):
                    if node not in told:
                        told.add(node)
                        yield statements
                self._add(counts.bucket(number))

    def _add(self, bucket: Bucket) -> None:
        statements = {}
        for subject, predicate, object_, negated, sentences, speculative, best in bucket.assertions:
            support = Support(sentences, speculative, array("d", best))
            statements[subject, Predicate(predicate), object_, negated] = support
        self._assertions.add(Gathered(statements, 0))
        for first, seconds in bucket.together.items():
            known = self.together.setdefault(first, {})
            for second, (papers, sentences) in seconds.items():
                before = known.get(second, (0, 0))
                known[second] = before[0] + papers, before[1] + sentences

    @property
    def terms(self) -> set[str]:
        """All entities that are together with others."""
        return set(self.together).union(*self.together.values())

    def write_assertions(self) -> Iterator[str]:
        """Yield the assertions, without what all of them are attributed to."""
        yield from self._assertions.write_gathered()

    @property
    def predicates(self) -> dict[str, PredicateCounts]:
        """How many assertions there are, by their predicates."""
        return self._assertions.count_predicates()


def in_pieces(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield lines joined to pieces of about a megabyte."""
    waiting = bytearray()
    for line in lines:
        waiting += line
        if len(waiting) > _TEXT:
            yield bytes(waiting)
            waiting.clear()
    if waiting:
        yield bytes(waiting)


# --- what a process keeps -----------------------------------------------------------------------


def _plan(folder: Path) -> Plan:
    plan = load_plan(folder)
    if plan.kg_version != __version__:
        raise WorkerError(
            f"a worker has kg {__version__}, and {plan.kg_version} was started; install the same "
            "version on all machines"
        )
    return plan


@lru_cache(maxsize=1)
def _lexicon(folder: str, _settings_hash: str) -> Lexicon:
    """Return the lexicon; a worker may outlive a build, and find other names in the same place."""
    return Lexicon(Path(folder))


@lru_cache(maxsize=1)
def _stage(folder: str, settings: BuildSettings, settings_hash: str) -> PaperStage:
    stage = PaperStage(_lexicon(folder, settings_hash), settings)
    gc.collect()
    # What is loaded once is never garbage: the collector need not look at it again and again.
    gc.freeze()
    return stage
