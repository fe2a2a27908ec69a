"""Floor 8: what an export reads of a graph: its entities once, all else thing by thing.

    View -> Entity, Paper, Sentence (with the places of its mentions), Assertion, Evidence

Memory is that of a table of the entities: papers, assertions and co-mentions are put in order on
disk, and each is read when its turn comes. The order is that of IRIs, so that the same graph gives
the same bytes, whatever the store that holds it.
"""

from collections.abc import Iterator
from functools import cached_property

from pyoxigraph import DefaultGraph, Literal, NamedNode

from kg.errors import KgError
from kg.exports.sorting import sort_texts
from kg.exports.things import (
    Assertion,
    CoMention,
    Entity,
    Evidence,
    Paper,
    Sentence,
    Wording,
    find_key,
    place_mentions,
)
from kg.exports.view import View
from kg.model import Predicate
from kg.namespaces import DCTERMS, KG, RDF, RDFS, iri_to_curie

ENTITY_CLASSES = (
    "Gene",
    "GeneFamily",
    "CellType",
    "Disease",
    "Organism",
    "AnatomicalStructure",
    "BiologicalProcess",
    "Chemical",
)

_DEFAULT = DefaultGraph()
_TYPE = NamedNode(f"{RDF}type")
_LABEL, _CURIE = NamedNode(f"{RDFS}label"), NamedNode(f"{KG}curie")
_MENTIONS, _IN_PUBLICATION = NamedNode(f"{KG}mentions"), NamedNode(f"{KG}inPublication")
_SIGN = NamedNode(f"{KG}sign")
_SIGNS = {1: "positive", -1: "negative"}
_RELATIONS = frozenset(Predicate)
_REPLACED = NamedNode(f"{DCTERMS}isReplacedBy")
_EVIDENCE_OF, _SENTENCE_OF = NamedNode(f"{KG}evidence"), NamedNode(f"{KG}evidenceSentence")
# Wordings that are remembered: some 50 MB.
WORDINGS = 50_000


class Node:
    """What is stated of one thing in the default graph: values by the IRI of the property."""

    def __init__(self, view: View, iri: str) -> None:
        self.iri = iri
        self._values: dict[str, list[str]] = {}
        for quad in view.store.quads_for_pattern(NamedNode(iri), None, None, _DEFAULT):
            if isinstance(quad.object, NamedNode | Literal):
                self._values.setdefault(quad.predicate.value, []).append(quad.object.value)

    def __bool__(self) -> bool:
        return bool(self._values)

    def all(self, name: str) -> list[str]:
        """Return the values of a property in order; those of `kg:` go by their name alone."""
        return sorted(self._values.get(name) or self._values.get(KG + name) or ())

    def text(self, name: str) -> str:
        """Return the value of a property, the first of several, or an empty text."""
        return next(iter(self.all(name)), "")

    def need(self, name: str) -> str:
        """Return the value of a property that has to be there.

        Raises:
            KgError: if it is not.

        """
        found = self.text(name)
        if not found:
            raise KgError(
                f"<{self.iri}> has no kg:{name}, which the export needs; "
                "was it written by hand, or is the graph of another version?"
            )
        return found

    def integer(self, name: str) -> int | None:
        """Return a value that is a whole number."""
        text = self.text(name)
        try:
            return int(text) if text else None
        except ValueError:
            raise self._wrong(name, text, "a whole number") from None

    def number(self, name: str) -> float | None:
        """Return a value that is a number."""
        text = self.text(name)
        try:
            return float(text) if text else None
        except ValueError:
            raise self._wrong(name, text, "a number") from None

    def flag(self, name: str) -> bool:
        """Tell whether a property is true."""
        return self.text(name) in ("true", "1")

    def _wrong(self, name: str, text: str, wanted: str) -> KgError:
        return KgError(f"<{self.iri}> has '{text}' as its kg:{name}, which is not {wanted}")


class GraphReader:
    """Reads the things of a view, those of a kind in the order of their IRIs."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._store = view.store
        self._wordings: dict[str, Wording] = {}

    @cached_property
    def entities(self) -> dict[str, Entity]:
        """All entities by IRI, in order."""
        kinds: dict[str, str] = {}
        for kind in (*ENTITY_CLASSES, "Entity"):
            for iri in self._members(f"{KG}{kind}"):
                kinds.setdefault(iri, "" if kind == "Entity" else kind)
        return {iri: self._read_entity(iri, kinds[iri]) for iri in sorted(kinds)}

    def entity(self, iri: str) -> Entity:
        """Return an entity; of one that the view only refers to, what its IRI tells."""
        return self.entities.get(iri) or self._read_entity(iri, "")

    def node(self, iri: str) -> Node:
        """Return all that is stated of a thing."""
        return Node(self._view, iri)

    def count_papers(self, entity: str) -> int:
        """Return how many papers mention an entity."""
        found = self._store.quads_for_pattern(None, _MENTIONS, NamedNode(entity), _DEFAULT)
        return sum(1 for _ in found)

    def has(self, predicate: str, value: str) -> bool:
        """Tell whether anything has a value for a property of `kg:`."""
        found = self._store.quads_for_pattern(
            None, NamedNode(KG + predicate), NamedNode(value), _DEFAULT
        )
        return next(iter(found), None) is not None

    def sign(self, predicate: str) -> str:
        """Return the sign of a relation ("positive", "negative"), empty where it has none.

        A part of a graph may have left the ontology out; its own relations are known without it.
        """
        iri = predicate if ":" in predicate else KG + predicate
        found = self._literal(NamedNode(iri), _SIGN)
        if not found and predicate in _RELATIONS:
            found = _SIGNS.get(Predicate(predicate).sign, "")
        return found

    def papers(self) -> Iterator[Paper]:
        """Yield the papers."""
        for iri in sort_texts(self._members(f"{KG}Publication")):
            yield self._read_paper(iri)

    def sentences(self, paper: str) -> list[Sentence]:
        """Return the sentences of a paper as they follow each other."""
        iris = self._subjects(_IN_PUBLICATION, paper)
        return sorted(map(self.sentence, iris), key=_reading_order)

    def sentence(self, iri: str) -> Sentence:
        """Return a sentence with the places of its mentions."""
        node = self.node(iri)
        start, texts = node.integer("start"), node.all("text")
        text = texts[0] if texts else None
        wordings = tuple(self.wording(each) for each in node.all("hasMention"))
        starts = [int(each) for each in node.all("mentionAt") if each.isdecimal()]
        return Sentence(
            iri=iri,
            paper=node.need("inPublication"),
            field=node.text("field") or "abstract",
            start=start or 0,
            text=text,
            section=node.text("section"),
            wordings=wordings,
            places=tuple(place_mentions(text or "", start or 0, starts, wordings)),
        )

    def wording(self, iri: str) -> Wording:
        """Return a wording, from memory where it was met lately."""
        found = self._wordings.get(iri)
        if found is None:
            if len(self._wordings) >= WORDINGS:
                self._wordings.clear()
            node = self.node(iri)
            found = self._wordings[iri] = Wording(
                iri=iri,
                words=node.text("exact"),
                entity=node.text("refersTo"),
                others=tuple(node.all("mayReferTo")),
                score=node.number("score"),
                method=node.text("method"),
            )
        return found

    def assertions(self) -> Iterator[Assertion]:
        """Yield the assertions."""
        for iri in sort_texts(self._members(f"{KG}Assertion")):
            yield self.assertion(iri)

    def assertion(self, iri: str) -> Assertion:
        """Return an assertion.

        Raises:
            KgError: if its subject, predicate or object is missing.

        """
        node = self.node(iri)
        return Assertion(
            iri=iri,
            subject=node.need("subject"),
            predicate=node.need("predicate").removeprefix(KG),
            object=node.need("object"),
            negated=node.flag("negated"),
            speculative=node.flag("speculative"),
            papers=node.integer("paperCount") or 0,
            sentences=node.integer("sentenceCount") or 0,
            confidence=node.number("confidence"),
            evidence=tuple(node.all("evidence")),
        )

    def evidence(self, iri: str) -> Evidence | None:
        """Return a piece of evidence; None where the view only refers to it."""
        node = self.node(iri)
        if not node:
            return None
        return Evidence(
            iri=iri,
            sentence=node.need("evidenceSentence"),
            subject=node.text("subjectMention"),
            object=node.text("objectMention"),
            trigger=node.text("trigger"),
            start=node.integer("start"),
            negated=node.flag("negated"),
            speculative=node.flag("speculative"),
            method=node.text("method"),
            confidence=node.number("confidence"),
        )

    def evidence_in(self, sentence: str) -> list[Evidence]:
        """Return the evidence that a sentence gives."""
        found = map(self.evidence, self._subjects(_SENTENCE_OF, sentence))
        return [each for each in found if each is not None]

    def assertions_on(self, evidence: str) -> list[str]:
        """Return the assertions that stand on a piece of evidence."""
        return self._subjects(_EVIDENCE_OF, evidence)

    def co_mentions(self) -> Iterator[CoMention]:
        """Yield the co-mentions that have both their ends."""
        for iri in sort_texts(self._members(f"{KG}CoMention")):
            node = self.node(iri)
            ends = node.all("coMentioned")
            if len(ends) == 2:
                yield CoMention(
                    iri=iri,
                    first=ends[0],
                    second=ends[1],
                    papers=node.integer("paperCount") or 0,
                    sentences=node.integer("sentenceCount") or 0,
                    log_likelihood=node.number("logLikelihood"),
                )

    def _members(self, class_iri: str) -> Iterator[str]:
        for quad in self._store.quads_for_pattern(None, _TYPE, NamedNode(class_iri), _DEFAULT):
            if isinstance(quad.subject, NamedNode):
                yield quad.subject.value

    def _subjects(self, predicate: NamedNode, value: str) -> list[str]:
        quads = self._store.quads_for_pattern(None, predicate, NamedNode(value), _DEFAULT)
        return sorted(q.subject.value for q in quads if isinstance(q.subject, NamedNode))

    def _literal(self, node: NamedNode, predicate: NamedNode) -> str:
        quads = self._store.quads_for_pattern(node, predicate, None, _DEFAULT)
        return min((q.object.value for q in quads if isinstance(q.object, Literal)), default="")

    def _read_entity(self, iri: str, kind: str) -> Entity:
        node = NamedNode(iri)
        curie = self._literal(node, _CURIE) or iri_to_curie(iri) or iri
        label = self._literal(node, _LABEL) or curie
        return Entity(iri=iri, curie=curie, label=label, kind=kind)

    def _read_paper(self, iri: str) -> Paper:
        node = self.node(iri)
        identifiers: dict[str, str] = {}
        for each in (iri, *self._subjects(_REPLACED, iri)):
            prefix, _, local = (iri_to_curie(each) or "").partition(":")
            if prefix in ("PMID", "PMCID", "DOI"):
                identifiers.setdefault(prefix, local)
        journal = node.text("publishedIn")
        return Paper(
            iri=iri,
            key=find_key(iri),
            curie=iri_to_curie(iri) or iri,
            identifiers=identifiers,
            title=node.text(f"{DCTERMS}title"),
            journal=self._literal(NamedNode(journal), _LABEL) if journal else "",
            year=node.integer("year"),
            volume=node.text("volume"),
            issue=node.text("issue"),
            pages=node.text("pages"),
            byline=node.text("byline"),
        )


def _reading_order(one: Sentence) -> tuple[bool, str, int, int, str]:
    """Order sentences: the title first, then field by field ("snippet-2" before "snippet-10")."""
    name, _, number = one.field.partition("-")
    rank = int(number) if number.isdecimal() else 0
    return one.field != "title", name, rank, one.start, one.iri
