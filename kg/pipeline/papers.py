"""Floor 9: records that may be one paper -> publications, annotated, as lines of N-Triples.

The stage that takes the time, and that runs in several processes: batches in, batches out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from kg import __version__
from kg.annotate.annotator import Annotator
from kg.annotate.indexed import IndexingReader
from kg.assertions.reading import AssertionReader
from kg.model import AnnotatedPublication, Problem, Publication, Source
from kg.pipeline.settings import BuildSettings
from kg.publications import merge_records
from kg.rdf.assertions import AssertionWriter, Gathered
from kg.rdf.comentions import Pairs
from kg.rdf.papers import PaperWriter, mentioned_terms, occurring_terms
from kg.store.records import Kept, unpack_record
from kg.vocabulary.lexicon import Lexicon

Component = Sequence[Kept]
"""The records that share keys."""


@dataclass(slots=True)
class Batch:
    """What some papers come to.

    `lines` are the statements that each paper alone makes, `shared` the nodes that papers share,
    with their statements. `conflicts` are problems of merging, each with the number of a record.
    `replaced` counts obsolete identifiers that came with the records, and were replaced.
    """

    lines: bytes
    statements: int
    shared: dict[str, tuple[str, ...]]
    gathered: Gathered
    pairs: Pairs
    mentioned: set[str] = field(default_factory=set)
    occurring: set[str] = field(default_factory=set)
    conflicts: list[tuple[int, Problem]] = field(default_factory=list)
    papers: int = 0
    sentences: int = 0
    mentions: int = 0
    replaced: int = 0


class PaperStage:
    """Recognises, reads and writes papers; one is made in each process."""

    def __init__(self, lexicon: Lexicon, settings: BuildSettings) -> None:
        self._annotator = Annotator(lexicon, annotations=settings.annotations)
        self._indexing = IndexingReader(lexicon)
        self._reader = AssertionReader(settings.triggers)
        self._papers = PaperWriter(settings.base)
        self._assertions = AssertionWriter(
            settings.base, version=__version__, table_sha256=self._reader.table_sha256
        )
        self._told: set[int] = set()

    def publish(
        self, component: Component, sources: Mapping[int, Source]
    ) -> tuple[list[Publication], list[tuple[int, Problem]]]:
        """Return the publications that some records come to, and where the records disagree."""
        entries = [(unpack_record(kept.body), sources[kept.source]) for kept in component]
        publications, problems = merge_records(entries)
        numbers = {
            record.locator: kept.id for (record, _), kept in zip(entries, component, strict=True)
        }
        return publications, [(numbers[problem.locator], problem) for problem in problems]

    def annotate(self, publication: Publication) -> AnnotatedPublication:
        """Return a publication with its mentions and what its sentences state of them."""
        annotated = self._annotator.annotate_publication(publication)
        indexed = self._indexing.read_terms(publication.indexing)
        return replace(self._reader.read_publication(annotated), indexed=indexed)

    def write(self, annotated: AnnotatedPublication) -> list[str]:
        """Return the statements that a paper alone makes."""
        return [*self._papers.own(annotated), *self._assertions.write_evidence(annotated)]

    def forget(self) -> None:
        """Begin a file of its own: shared nodes are to be told in it again."""
        self._told.clear()

    def run(self, components: Iterable[Component], sources: Mapping[int, Source]) -> Batch:
        """Return what the papers of some components come to.

        Nodes that were told in an earlier batch of this process are not told again.
        """
        lines: list[str] = []
        batch = Batch(b"", 0, {}, Gathered({}, 0), Pairs())
        replaced = self._replaced
        for component in components:
            publications, conflicts = self.publish(component, sources)
            batch.conflicts += conflicts
            for annotated in map(self.annotate, publications):
                lines += self.write(annotated)
                batch.papers += 1
                batch.sentences += len(annotated.sentences)
                batch.mentions += sum(len(one.mentions) for one in annotated.sentences)
                batch.mentioned |= mentioned_terms(annotated)
                batch.occurring |= occurring_terms(annotated)
                batch.pairs.add(annotated)
                batch.shared.update(self._papers.shared(annotated, self._is_untold))
        batch.lines = "\n".join((*lines, "")).encode()
        batch.statements = len(lines)
        batch.gathered = self._assertions.take()
        batch.replaced = self._replaced - replaced
        return batch

    @property
    def _replaced(self) -> int:
        return self._annotator.replaced + self._indexing.replaced

    def _is_untold(self, node: str) -> bool:
        """Tell whether a shared node was not told yet, and count it as told."""
        known = hash(node)
        is_untold = known not in self._told
        self._told.add(known)
        return is_untold


def open_stage(lexicon: Path, settings: BuildSettings) -> PaperStage:
    """Make the stage with a lexicon that is compiled already, as another process has it open."""
    return PaperStage(Lexicon(lexicon), settings)
