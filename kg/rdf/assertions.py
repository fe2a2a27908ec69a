"""Floor 6: what papers assert as N-Triples: evidence paper by paper, assertions at the end.

Evidence is written as it comes. Of an assertion, only counts and the confidence of its best
evidence in each paper are kept until all papers were read.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import prod

from kg.model import AnnotatedPublication, AnnotatedSentence, Evidence, Predicate
from kg.namespaces import BIOLINK, KG, PROV, RDF, RDFS, content_hash, curie_to_iri
from kg.rdf.nodes import evidence_node, mention_node, sentence_node
from kg.rdf.ntriples import boolean, decimal, integer, iri, text, triple

"""The relations that hold both ways: their subject is the entity whose CURIE comes first."""

_TYPE = f"{RDF}type"

# subject, predicate, object, negated
Statement = tuple[str, Predicate, str, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class PredicateCounts:
    """How many assertions have a predicate, and how many of them are negated or speculative."""

    assertions: int
    negated: int
    speculative: int


@dataclass(slots=True)
class Support:
    """What is kept of an assertion: `best` has the confidence of each paper's best evidence."""

    sentences: int = 0
    speculative: bool = True
    best: "array[float]" = field(default_factory=lambda: array("d"))


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is known of the assertions of some papers: to be added to those of others."""

    statements: dict[Statement, Support]
    evidence: int


class AssertionWriter:
    """Writes evidence and assertions under one base IRI.

    `version` is that of the software, `table_sha256` the digest of the table that its rules work
    by; together they name the method by which all evidence of a graph was found. `evidence` counts
    the pieces of evidence written so far.
    """

    def __init__(self, base: str, *, version: str, table_sha256: str) -> None:
        self._base = base
        self._version = version
        self._table_sha256 = table_sha256
        self._method = iri(f"{base}method/rules-{content_hash(version, table_sha256)}")
        self._gathered: dict[Statement, Support] = {}
        self.evidence = 0

    def write_evidence(self, annotated: AnnotatedPublication) -> Iterator[str]:
        """Yield the statements of a paper's evidence, each tied to its assertion; none is repeated.

        A paper is to be written once: its sentences are counted.
        """
        key = annotated.publication.key
        best: dict[Statement, float] = {}
        for one in annotated.sentences:
            stated: set[Statement] = set()
            for node, evidence in self._distinct(key, one).items():
                statement = _statement(evidence)
                stated.add(statement)
                best[statement] = max(best.get(statement, 0.0), evidence.confidence)
                gathered = self._gathered.setdefault(statement, Support())
                gathered.speculative &= evidence.speculative
                self.evidence += 1
                yield triple(self.assertion_node(statement), f"{KG}evidence", node)
                yield from self._evidence(node, key, one, evidence)
            for statement in stated:
                self._gathered[statement].sentences += 1
        for statement, confidence in best.items():
            self._gathered[statement].best.append(confidence)

    def take(self) -> "Gathered":
        """Return what was gathered of the papers written so far, and begin anew."""
        taken = Gathered(self._gathered, self.evidence)
        self._gathered, self.evidence = {}, 0
        return taken

    def add(self, gathered: "Gathered") -> None:
        """Add what was gathered elsewhere, of other papers."""
        for statement, more in gathered.statements.items():
            known = self._gathered.setdefault(statement, Support())
            known.sentences += more.sentences
            known.speculative &= more.speculative
            known.best.extend(more.best)
        self.evidence += gathered.evidence

    def write_assertions(self) -> Iterator[str]:
        """Yield the method, the assertions of all papers in order, and the plain triples.

        A plain triple stands for an assertion that is neither negated nor speculative.
        """
        yield from self.write_method()
        yield from self.write_gathered()

    def write_gathered(self) -> Iterator[str]:
        """Yield the assertions and the plain triples alone."""
        for statement in sorted(self._gathered):
            yield from self.write_assertion(statement, self._gathered[statement])

    def write_method(self) -> Iterator[str]:
        """Yield the statements of what found all evidence: stated once, not of each piece."""
        yield triple(self._method, _TYPE, iri(f"{PROV}SoftwareAgent"))
        yield triple(self._method, f"{RDFS}label", text("litkg assertion rules"))
        yield triple(self._method, f"{KG}version", text(self._version))
        yield triple(self._method, f"{KG}sha256", text(self._table_sha256))
        yield triple(self._method, f"{BIOLINK}agent_type", text("text_mining_agent"))
        yield triple(self._method, f"{BIOLINK}knowledge_level", text("not_provided"))

    def count_predicates(self) -> dict[str, PredicateCounts]:
        """Return what was asserted so far by predicate, in the order of the ontology's relations.

        Relations of which nothing is asserted are left out.
        """
        counts: dict[str, PredicateCounts] = {}
        for predicate in Predicate:
            of_it = [(key, each) for key, each in self._gathered.items() if key[1] is predicate]
            if of_it:
                counts[predicate.value] = PredicateCounts(
                    assertions=len(of_it),
                    negated=sum(negated for (_, _, _, negated), _ in of_it),
                    speculative=sum(each.speculative for _, each in of_it),
                )
        return counts

    def _distinct(self, key: str, one: AnnotatedSentence) -> dict[str, Evidence]:
        """Return the evidence of a sentence by its node; of what is said twice, the surer one."""
        found: dict[str, Evidence] = {}
        for evidence in one.evidence:
            node = evidence_node(self._base, key, one.sentence, evidence)
            if node not in found or evidence.confidence > found[node].confidence:
                found[node] = evidence
        return found

    def assertion_node(self, statement: Statement) -> str:
        """Return the node of an assertion."""
        subject, predicate, object_, negated = statement
        hashed = content_hash(subject, predicate, object_, "not" if negated else "")
        return iri(f"{self._base}assertion/{hashed}")

    def _evidence(
        self, node: str, key: str, one: AnnotatedSentence, evidence: Evidence
    ) -> Iterator[str]:
        place = one.sentence
        subject, object_ = evidence.subject, evidence.object
        if _is_turned(evidence):
            subject, object_ = object_, subject
        yield triple(node, _TYPE, iri(f"{KG}Evidence"))
        yield triple(node, f"{KG}evidenceSentence", sentence_node(self._base, key, place))
        for name, mention in (("subjectMention", subject), ("objectMention", object_)):
            named = mention_node(self._base, mention.text, mention.groundings)
            yield triple(node, f"{KG}{name}", named)
        yield triple(node, f"{KG}trigger", text(evidence.trigger))
        yield triple(node, f"{KG}start", integer(evidence.start))
        yield triple(node, f"{KG}negated", boolean(evidence.negated))
        yield triple(node, f"{KG}speculative", boolean(evidence.speculative))
        yield triple(node, f"{KG}method", text(evidence.method))
        yield triple(node, f"{KG}confidence", decimal(evidence.confidence))

    def write_assertion(self, statement: Statement, gathered: Support) -> Iterator[str]:
        """Yield the statements of an assertion, those that lead to its evidence apart."""
        subject, predicate, object_, negated = statement
        node = self.assertion_node(statement)
        ends = iri(curie_to_iri(subject)), iri(curie_to_iri(object_))
        relation = f"{KG}{predicate}"
        yield triple(node, _TYPE, iri(f"{KG}Assertion"))
        yield triple(node, f"{KG}subject", ends[0])
        yield triple(node, f"{KG}predicate", iri(relation))
        yield triple(node, f"{KG}object", ends[1])
        yield triple(node, f"{KG}negated", boolean(negated))
        yield triple(node, f"{KG}speculative", boolean(gathered.speculative))
        yield triple(node, f"{KG}paperCount", integer(len(gathered.best)))
        yield triple(node, f"{KG}sentenceCount", integer(gathered.sentences))
        yield triple(node, f"{KG}confidence", decimal(combine_confidences(gathered.best)))
        if not negated and not gathered.speculative:
            yield triple(ends[0], relation, ends[1])


def _is_turned(evidence: Evidence) -> bool:
    """Tell whether the assertion's subject is what the evidence has as its object."""
    return evidence.predicate.symmetric and evidence.object.best.term < evidence.subject.best.term


def _statement(evidence: Evidence) -> Statement:
    subject, object_ = evidence.subject.best.term, evidence.object.best.term
    if _is_turned(evidence):
        subject, object_ = object_, subject
    return subject, evidence.predicate, object_, evidence.negated


def combine_confidences(confidences: "array[float]") -> float:
    """Return how sure it is that one at least of independent readings is right, from 0 to 1.

    They are multiplied in order of size: a product of floats depends on its order, and that of the
    papers is not to matter.
    """
    return 1.0 - prod(1.0 - each for each in sorted(confidences))
