"""Floor 8: nodes and edges as KGX reads them, in TSV or JSON Lines, in terms of the Biolink Model.

A folder of three files: nodes, edges (an edge an assertion), and edges of co-mentions apart, so
that who wants only what is asserted leaves that file alone. The columns are slots of Biolink where
it has one.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TextIO

from kg.exports.biolink import COMPLEX, category_of, relate, to_biolink
from kg.exports.reading import GraphReader
from kg.exports.things import Assertion, CoMention, Entity
from kg.exports.view import View, Written
from kg.namespaces import KG, SKOS, iri_to_curie

_Value = str | int | float | bool | list[str] | list[int]
_Row = Mapping[str, _Value]

SOURCE = "infores:litkg"
_NODE_COLUMNS = ("id", "category", "name", "description", "xref", "synonym", "in_taxon", "iri")
_EDGE_COLUMNS = (
    "id",
    "subject",
    "predicate",
    "object",
    "category",
    "qualified_predicate",
    "object_aspect_qualifier",
    "object_direction_qualifier",
    "negated",
    "speculative",
    "original_predicate",
    "knowledge_level",
    "agent_type",
    "primary_knowledge_source",
    "has_confidence_score",
    "evidence_count",
    "publications",
    "has_evidence",
    "supporting_text",
    "supporting_text_section_type",
    "subject_location_in_text",
    "object_location_in_text",
)
_CO_MENTION_COLUMNS = (
    "id",
    "subject",
    "predicate",
    "object",
    "category",
    "knowledge_level",
    "agent_type",
    "primary_knowledge_source",
    "concept_pair_count",
    "sentence_count",
    "log_likelihood",
)
_TSV = dict.fromkeys(map(ord, "\t\n\r\x0b\x0c\x85\u2028\u2029"), " ")
# KGX parts lists at "|", and knows no way to write one that is meant.
_IN_LIST = _TSV | {ord("|"): "\u00a6"}


class _KgxProfile(ABC):
    """What the two forms of KGX share."""

    name: str
    suffix = ""
    _ending: str

    def write(self, view: View, target: Path) -> Written:
        """Write the folder: entities that papers mention or an edge has, and the edges.

        Raises:
            KgError: if the graph is damaged.

        """
        maker = _Maker(GraphReader(view))
        target.mkdir()
        counts = {}
        for name, columns, rows, noun in (
            ("edges", _EDGE_COLUMNS, maker.edges(), "assertions"),
            ("co_mention_edges", _CO_MENTION_COLUMNS, maker.co_mentions(), "co-mentions"),
            # Last, since what an edge leads to has to be among them.
            ("nodes", _NODE_COLUMNS, maker.nodes(), "nodes"),
        ):
            path = target / f"{name}{self._ending}"
            with path.open("w", encoding="utf-8", newline="\n") as out:
                counts[path] = f"{self._write_rows(out, columns, rows)} {noun}"
        return Written(files=counts, notes=tuple(maker.notes()))

    @abstractmethod
    def _write_rows(self, out: TextIO, columns: tuple[str, ...], rows: Iterator[_Row]) -> int:
        """Write a file, and return how many rows it has."""


class KgxProfile(_KgxProfile):
    """KGX in TSV."""

    name = "kgx"
    summary = "nodes and edges in terms of Biolink, as KGX reads them (TSV)"
    _ending = ".tsv"

    def _write_rows(self, out: TextIO, columns: tuple[str, ...], rows: Iterator[_Row]) -> int:
        out.write("\t".join(columns) + "\n")
        count = 0
        for count, row in enumerate(rows, 1):  # noqa: B007
            out.write("\t".join(_write_cell(row.get(column)) for column in columns) + "\n")
        return count


class KgxJsonLinesProfile(_KgxProfile):
    """KGX in JSON Lines; what is empty is left out."""

    name = "kgx-jsonl"
    summary = "nodes and edges in terms of Biolink, as KGX reads them (JSON Lines)"
    _ending = ".jsonl"

    def _write_rows(self, out: TextIO, columns: tuple[str, ...], rows: Iterator[_Row]) -> int:
        count = 0
        for count, row in enumerate(rows, 1):  # noqa: B007
            filled = {name: row[name] for name in columns if row.get(name) not in (None, "", [])}
            out.write(json.dumps(filled, ensure_ascii=False) + "\n")
        return count


def _write_cell(value: _Value | None) -> str:
    """Return a value as a cell: KGX takes any text in `negated` for true, "False" too.

    >>> _write_cell(False), _write_cell(True), _write_cell(["a|b", "c"])
    ('', 'True', 'a¦b|c')
    """
    if value is None or value is False:
        return ""
    if isinstance(value, list):
        return "|".join(str(each).translate(_IN_LIST) for each in value)
    return str(value).translate(_TSV)


class _Maker:
    """Makes rows of a graph, and remembers which entities they lead to."""

    def __init__(self, reader: GraphReader) -> None:
        self._reader = reader
        self._needed: set[str] = set()
        self._without_text = self._foreign = 0

    def notes(self) -> Iterator[str]:
        """Yield what a user is to know of what was written."""
        if self._without_text:
            yield (
                f"supporting_text is empty where texts were left out: {self._without_text} edges"
            )
        if self._foreign:
            yield (
                f"biolink:related_to stands for {self._foreign} relations that are not of the "
                "ontology (original_predicate has them)"
            )

    def edges(self) -> Iterator[_Row]:
        for assertion in self._reader.assertions():
            yield self._edge(assertion)

    def co_mentions(self) -> Iterator[_Row]:
        for each in self._reader.co_mentions():
            yield self._co_mention(each)

    def nodes(self) -> Iterator[_Row]:
        entities = self._reader.entities
        for iri in sorted(entities.keys() | self._needed):
            if iri in self._needed or self._reader.has("mentions", iri):
                yield self._node(self._reader.entity(iri))

    def _node(self, entity: Entity) -> _Row:
        node = self._reader.node(entity.iri)
        xrefs = (iri_to_curie(each) or each for each in node.all(f"{SKOS}exactMatch"))
        taxa = (iri_to_curie(each) or each for each in node.all("inTaxon"))
        return {
            "id": to_biolink(entity.curie),
            "category": [self._category(entity)],
            "name": entity.label,
            "description": node.text(f"{SKOS}definition"),
            "xref": sorted({to_biolink(each) for each in xrefs}),
            "synonym": node.all(f"{SKOS}altLabel"),
            "in_taxon": sorted(map(to_biolink, taxa)),
            "iri": entity.iri,
        }

    def _category(self, entity: Entity) -> str:
        if entity.kind == "GeneFamily" and self._reader.has("componentOf", entity.iri):
            return COMPLEX
        return category_of(entity.kind)

    def _edge(self, assertion: Assertion) -> _Row:
        subject, object_ = map(self._reader.entity, (assertion.subject, assertion.object))
        self._needed.update((subject.iri, object_.iri))
        relation = relate(assertion.predicate, self._category(subject), self._category(object_))
        is_own = ":" not in assertion.predicate
        self._foreign += not is_own
        return {
            "id": assertion.iri,
            "subject": to_biolink(subject.curie),
            "predicate": relation.predicate,
            "object": to_biolink(object_.curie),
            "category": ["biolink:Association"],
            "qualified_predicate": relation.qualified_predicate,
            "object_aspect_qualifier": relation.aspect,
            "object_direction_qualifier": relation.direction,
            "negated": assertion.negated,
            "speculative": assertion.speculative,
            "original_predicate": f"{KG}{assertion.predicate}" if is_own else assertion.predicate,
            "knowledge_level": "not_provided",
            "agent_type": "text_mining_agent",
            "primary_knowledge_source": SOURCE,
            **({} if assertion.confidence is None else _score(assertion.confidence)),
            "evidence_count": len(assertion.evidence),
            **self._support(assertion),
        }

    def _support(self, assertion: Assertion) -> _Row:
        """Return the papers of an assertion, and its evidence as lists that run side by side.

        Offsets are those of the words in the supporting text, two for each text; -1 where the words
        are not there.
        """
        publications: set[str] = set()
        evidence: list[str] = []
        texts: list[str] = []
        sections: list[str] = []
        places: tuple[list[int], list[int]] = ([], [])
        for iri in assertion.evidence:
            one = self._reader.evidence(iri)
            if one is None:
                continue
            sentence = self._reader.sentence(one.sentence)
            publications.add(to_biolink(iri_to_curie(sentence.paper) or sentence.paper))
            evidence.append(iri)
            sections.append(sentence.section or sentence.field)
            if sentence.text is None:
                continue
            texts.append(sentence.text)
            for found, wording in zip(places, (one.subject, one.object), strict=True):
                place = sentence.find(wording, one.start)
                start = sentence.start
                found.extend((place.start - start, place.end - start) if place else (-1, -1))
        if len(texts) < len(evidence):
            self._without_text += 1
            texts, places = [], ([], [])
        return {
            "publications": sorted(publications),
            "has_evidence": evidence,
            "supporting_text": texts,
            "supporting_text_section_type": sections,
            "subject_location_in_text": places[0],
            "object_location_in_text": places[1],
        }

    def _co_mention(self, pair: CoMention) -> _Row:
        self._needed.update((pair.first, pair.second))
        first, second = map(self._reader.entity, (pair.first, pair.second))
        return {
            "id": pair.iri,
            "subject": to_biolink(first.curie),
            "predicate": "biolink:occurs_together_in_literature_with",
            "object": to_biolink(second.curie),
            "category": ["biolink:Association"],
            "knowledge_level": "text_co_occurrence",
            "agent_type": "text_mining_agent",
            "primary_knowledge_source": SOURCE,
            "concept_pair_count": pair.papers,
            "sentence_count": pair.sentences,
            **({} if pair.log_likelihood is None else {"log_likelihood": pair.log_likelihood}),
        }


def _score(confidence: float) -> dict[str, float]:
    return {"has_confidence_score": confidence}
