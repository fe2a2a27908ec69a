"""Floor 9: what is counted over all papers, written when the last one has been read."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from kg import __version__
from kg.model import Problem, Source, Topic
from kg.pipeline.manifest import BuildReport
from kg.pipeline.papers import Batch
from kg.rdf.assertions import AssertionWriter
from kg.rdf.comentions import CoMentions
from kg.rdf.entities import close_upwards, write_entities
from kg.rdf.ontology_classes import ontology_lines
from kg.rdf.papers import PaperWriter
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.ontologies import OntologyFile


class Topics:
    """What sources are about: `descriptions` has summaries by the term that they tell of."""

    def __init__(
        self, sources: Iterable[tuple[Source, Topic | None]], lexicon: Lexicon, base: str
    ) -> None:
        self.terms: set[str] = set()
        self.lines: list[str] = []
        writer = PaperWriter(base)
        descriptions: dict[str, list[str]] = defaultdict(list)
        for source, topic in sources:
            term = _topic_term(topic, lexicon)
            if topic is not None and term is not None:
                self.terms.add(term)
                if topic.summary:
                    descriptions[term].append(topic.summary)
            self.lines += writer.write_source(source, topic, term)
        self.descriptions: Mapping[str, list[str]] = descriptions


class Totals:
    """Gathers batches, and writes the entities, the assertions and the co-mentions of all."""

    def __init__(self, base: str, table_sha256: str) -> None:
        self.assertions = AssertionWriter(base, version=__version__, table_sha256=table_sha256)
        self.co_mentions = CoMentions(base)
        self.mentioned: set[str] = set()
        self.occurring: set[str] = set()
        self.papers = self.sentences = self.mentions = self.replaced = self.statements = 0
        self._shared: set[int] = set()

    def add(self, batch: Batch) -> Iterator[str]:
        """Count a batch in, and yield the statements of the nodes that are new with it."""
        self.papers += batch.papers
        self.sentences += batch.sentences
        self.mentions += batch.mentions
        self.replaced += batch.replaced
        self.mentioned |= batch.mentioned
        self.occurring |= batch.occurring
        self.statements += batch.statements
        self.assertions.add(batch.gathered)
        self.co_mentions.pairs.merge(batch.pairs)
        for node, statements in batch.shared.items():
            if (known := hash(node)) not in self._shared:
                self._shared.add(known)
                yield from self.counted(statements)

    def counted(self, lines: Iterable[str]) -> Iterator[str]:
        """Yield statements, and count them."""
        for line in lines:
            self.statements += 1
            yield line

    def write(
        self, lexicon: Lexicon, topics: Topics, ontologies: OntologyFile | None = None
    ) -> Iterator[str]:
        """Yield the statements of the entities, then of the assertions and the co-mentions.

        What is mentioned together is told by the vocabularies' hierarchy alone, so that adding an
        ontology changes no counts.
        """
        closed = close_upwards(self.occurring | topics.terms, lexicon)
        if ontologies is None:
            yield from write_entities(
                closed, lexicon, topics.descriptions, mentioned=self.mentioned
            )
        else:
            yield from ontology_lines(ontologies.descriptions)
            yield from write_entities(
                close_upwards({*closed, *ontologies.whole_terms()}, lexicon, ontologies),
                lexicon,
                topics.descriptions,
                mentioned=self.mentioned,
                ontologies=ontologies,
            )
        yield from self.assertions.write_assertions()
        yield from self.co_mentions.write(closed)

    def report(
        self, folder: Path, lexicon: Lexicon, problems: tuple[Problem, ...], seconds: float
    ) -> BuildReport:
        """Return what all comes to."""
        mentioned = filter(None, map(lexicon.term, self.mentioned))
        return BuildReport(
            folder=folder,
            papers=self.papers,
            sentences=self.sentences,
            mentions=self.mentions,
            replaced=self.replaced,
            entities=dict(Counter(term.type for term in mentioned)),
            evidence=self.assertions.evidence,
            predicates=self.assertions.count_predicates(),
            co_mentions=self.co_mentions.written,
            quads=self.statements,
            problems=problems,
            seconds=seconds,
        )


def _topic_term(topic: Topic | None, lexicon: Lexicon) -> str | None:
    """Return the term that a reading list is about, or None where its name does not tell one."""
    candidates = lexicon.candidates(topic.name) if topic is not None else []
    return candidates[0].curie if candidates else None
