"""Floor 8: what the statements of a graph are that some of its papers make, and lead to.

The result is the graph that a build of these papers alone would give: what is counted over papers
is counted over these, and nothing leads to what is not there.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store

from kg.model import Predicate
from kg.namespaces import DCTERMS, KG, PROV, RDF, RDFS, SKOS, SSSOM
from kg.rdf.assertions import Support, combine_confidences
from kg.rdf.comentions import CoMentions
from kg.rdf.entities import Parents
from kg.rdf.ntriples import boolean, decimal, integer, iri, triple
from kg.rdf.ontology import named_ontology_lines

_DEFAULT = DefaultGraph()
_TYPE = NamedNode(f"{RDF}type")
_CURIE = NamedNode(f"{KG}curie")
_ANCESTOR = NamedNode(f"{KG}ancestor")
_MENTIONS = NamedNode(f"{KG}mentions")
_HAS_MENTION = NamedNode(f"{KG}hasMention")
_REFERS_TO = NamedNode(f"{KG}refersTo")
_IN_PUBLICATION = NamedNode(f"{KG}inPublication")
_EVIDENCE = NamedNode(f"{KG}evidence")
_EVIDENCE_SENTENCE = NamedNode(f"{KG}evidenceSentence")
_CONFIDENCE = NamedNode(f"{KG}confidence")
_SPECULATIVE = NamedNode(f"{KG}speculative")
_NEGATED = NamedNode(f"{KG}negated")
_SUBJECT_ID = NamedNode(f"{SSSOM}subject_id")
_REPLACED_BY = NamedNode(f"{DCTERMS}isReplacedBy")

_UP = {
    f"{RDFS}subClassOf",
    f"{SKOS}broader",
    f"{KG}memberOf",
    f"{KG}componentOf",
}
"""What leads from an entity to one above it, a step at a time."""

_TO_ENTITIES = {
    *_UP,
    *(f"{KG}{name}" for name in ("ancestor", "inTaxon", "mentions", "refersTo", "mayReferTo")),
    *(f"{KG}{name}" for name in ("subject", "object", "topic")),
}
"""What leads to an entity that is to be described as well."""

_PLAIN = {f"{KG}{predicate.value}" for predicate in Predicate}
_COUNTED = {
    f"{KG}{name}"
    for name in ("evidence", "speculative", "paperCount", "sentenceCount", "confidence")
}
"""What an assertion says of its evidence, which is told anew."""


@dataclass(slots=True)
class _Found:
    """What the papers lead to, to be described when all of them have been read."""

    entities: set[NamedNode] = field(default_factory=set)
    nodes: set[NamedNode] = field(default_factory=set)
    assertions: dict[NamedNode, Support] = field(default_factory=dict)


class Subset:
    """The part of a graph that some papers make; `statements` gives it as lines of N-Triples.

    `papers` are their IRIs. In memory are the nodes that papers share, not what they say.
    """

    def __init__(self, store: Store, base: str, papers: Iterable[str]) -> None:
        self._store = store
        self._base = base
        self._papers = [NamedNode(paper) for paper in sorted(papers)]
        self._chosen = set(self._papers)
        self._mentioned: set[NamedNode] = set()
        self._curies: dict[NamedNode, str] = {}
        self._found = _Found()
        self._pairs = CoMentions(base)

    def statements(self) -> Iterator[str]:
        """Yield the statements of the default graph, a few of them twice."""
        yield from self._ontology()
        for paper in self._papers:
            yield from self._paper(paper)
        yield from self._shared()
        closed: dict[str, Parents] = {}
        yield from self._entities(closed)
        yield from self._assertions()
        if any(True for _ in self._instances(f"{KG}CoMention")):
            yield from self._pairs.write(closed)

    def _about(self, node: NamedNode | BlankNode) -> Iterator[Quad]:
        yield from self._store.quads_for_pattern(node, None, None, _DEFAULT)

    def _leading_to(self, predicate: NamedNode, node: NamedNode) -> Iterator[NamedNode]:
        for quad in self._store.quads_for_pattern(None, predicate, node, _DEFAULT):
            if isinstance(quad.subject, NamedNode):
                yield quad.subject

    def _instances(self, class_: str) -> Iterator[NamedNode]:
        yield from self._leading_to(_TYPE, NamedNode(class_))

    def _ontology(self) -> Iterator[str]:
        """Yield what the graph says of the ontology's terms, and of the methods behind evidence."""
        terms = {line.partition(" ")[0] for line in named_ontology_lines()}
        nodes = [NamedNode(term[1:-1]) for term in sorted(terms)]
        for node in (*nodes, *self._instances(f"{PROV}SoftwareAgent")):
            yield from (_line(quad) for quad in self._about(node))

    def _paper(self, paper: NamedNode) -> Iterator[str]:
        """Yield what a paper says, and note what it leads to."""
        in_paper = set()
        for quad in self._about(paper):
            value = quad.object
            if isinstance(value, NamedNode):
                if self._is_other_paper(value):
                    continue
                self._note(quad.predicate, value)
                if quad.predicate == _MENTIONS:
                    in_paper.add(value)
            yield _line(quad)
        self._mentioned |= in_paper
        for key in self._leading_to(_REPLACED_BY, paper):
            yield _line(Quad(key, _REPLACED_BY, paper))
        best: dict[NamedNode, float] = {}
        in_sentences = []
        for sentence in sorted(self._leading_to(_IN_PUBLICATION, paper), key=str):
            terms = set()
            for quad in self._about(sentence):
                yield _line(quad)
                if isinstance(quad.object, NamedNode):
                    self._note(quad.predicate, quad.object)
                    if quad.predicate == _HAS_MENTION:
                        terms |= self._terms_of(quad.object)
            in_sentences.append(terms)
            yield from self._evidence(sentence, best)
        for assertion, confidence in best.items():
            self._found.assertions[assertion].best.append(confidence)
        self._pairs.pairs.add_paper(in_sentences, filter(None, map(self._curie, in_paper)))

    def _evidence(self, sentence: NamedNode, best: dict[NamedNode, float]) -> Iterator[str]:
        """Yield the evidence in a sentence, and count it for what it is the evidence of."""
        stated = set()
        for evidence in sorted(self._leading_to(_EVIDENCE_SENTENCE, sentence), key=str):
            confidence, speculative = 0.0, False
            for quad in self._about(evidence):
                yield _line(quad)
                if isinstance(quad.object, NamedNode):
                    self._note(quad.predicate, quad.object)
                elif quad.predicate == _CONFIDENCE:
                    confidence = float(_value(quad))
                elif quad.predicate == _SPECULATIVE:
                    speculative = _value(quad) == "true"
            for assertion in self._leading_to(_EVIDENCE, evidence):
                yield _line(Quad(assertion, _EVIDENCE, evidence))
                support = self._found.assertions.setdefault(assertion, Support())
                support.speculative &= speculative
                best[assertion] = max(best.get(assertion, 0.0), confidence)
                stated.add(assertion)
        for assertion in stated:
            self._found.assertions[assertion].sentences += 1

    def _is_other_paper(self, node: NamedNode) -> bool:
        """Tell whether a node is a paper that was not chosen, and of which the graph alone knows.

        What has a PMID is a paper wherever it stands, and a link to it leads somewhere.
        """
        return node.value.startswith(f"{self._base}paper/") and node not in self._chosen

    def _note(self, predicate: NamedNode, value: NamedNode) -> None:
        """Note what a statement leads to."""
        if predicate.value in _TO_ENTITIES:
            self._found.entities.add(value)
        elif value.value.startswith(self._base) and value not in self._chosen:
            self._found.nodes.add(value)

    def _terms_of(self, mention: NamedNode) -> set[str]:
        found = self._store.quads_for_pattern(mention, _REFERS_TO, None, _DEFAULT)
        entities = (quad.object for quad in found if isinstance(quad.object, NamedNode))
        return set(filter(None, map(self._curie, entities)))

    def _curie(self, entity: NamedNode) -> str:
        """Return the CURIE of an entity; empty where the graph gives it none."""
        known = self._curies.get(entity)
        if known is None:
            found = self._store.quads_for_pattern(entity, _CURIE, None, _DEFAULT)
            known = self._curies[entity] = next((_value(quad) for quad in found), "")
        return known

    def _shared(self) -> Iterator[str]:
        """Yield what is said of the nodes that papers lead to, and of those that these lead to."""
        done: set[NamedNode] = set()
        while waiting := sorted(self._found.nodes - done, key=str):
            for node in waiting:
                done.add(node)
                for quad in self._about(node):
                    yield _line(quad)
                    if isinstance(quad.object, NamedNode):
                        self._note(quad.predicate, quad.object)

    def _entities(self, closed: dict[str, Parents]) -> Iterator[str]:
        """Yield what is said of entities and of all above them; put into `closed` what is above.

        As in a build, all that is above stands with those that papers mention, and each step with
        every entity. Plain triples come with their assertions, mappings
        (SSSOM) with what they are of.
        """
        above: list[tuple[str, str, NamedNode]] = []
        done: set[NamedNode] = set()
        while waiting := sorted(self._found.entities - done, key=str):
            for entity in waiting:
                done.add(entity)
                for quad in self._about(entity):
                    predicate = quad.predicate.value
                    if predicate in _PLAIN:
                        continue
                    if quad.predicate == _ANCESTOR and entity not in self._mentioned:
                        continue
                    yield _line(quad)
                    if isinstance(quad.object, NamedNode):
                        self._note(quad.predicate, quad.object)
                        if predicate in _UP:
                            above.append((self._curie(entity), predicate, quad.object))
                for mapping in self._leading_to(_SUBJECT_ID, entity):
                    yield from (_line(quad) for quad in self._about(mapping))
        closed.update((self._curie(entity), {}) for entity in done)
        for curie, predicate, parent in above:
            closed[curie][self._curie(parent)] = predicate

    def _assertions(self) -> Iterator[str]:
        """Yield the assertions that the evidence leads to, and the plain triples of those stated.

        A plain triple stands for what is neither negated nor speculative, by this evidence.
        """
        for assertion, support in sorted(
            self._found.assertions.items(), key=lambda each: each[0].value
        ):
            values: dict[str, str] = {}
            negated = False
            for quad in self._about(assertion):
                if quad.predicate.value not in _COUNTED:
                    yield _line(quad)
                    values[quad.predicate.value] = str(quad.object)
                if quad.predicate == _NEGATED:
                    negated = _value(quad) == "true"
            node = iri(assertion.value)
            yield triple(node, f"{KG}speculative", boolean(support.speculative))
            yield triple(node, f"{KG}paperCount", integer(len(support.best)))
            yield triple(node, f"{KG}sentenceCount", integer(support.sentences))
            yield triple(node, f"{KG}confidence", decimal(combine_confidences(support.best)))
            ends = [values.get(f"{KG}{name}") for name in ("subject", "predicate", "object")]
            if all(ends) and not negated and not support.speculative:
                yield f"{' '.join(map(str, ends))} ."


def _line(quad: Quad) -> str:
    return f"{quad.triple} ."


def _value(quad: Quad) -> str:
    """Return the lexical form of a literal, or empty text for anything else."""
    return quad.object.value if isinstance(quad.object, Literal) else ""
