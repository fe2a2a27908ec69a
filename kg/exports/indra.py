"""Floor 8: assertions as INDRA Statements in JSON (Gyori et al. 2017, Mol Syst Biol 20177651).

INDRA tells a denial by its evidence, not by its statement: what the graph asserts and what it
denies of the same two entities is one statement. It is believed as far as the one is and the other
is not, which is how INDRA's own scorer weighs them.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from kg.exports.reading import GraphReader
from kg.exports.things import Assertion, Evidence, Sentence
from kg.exports.view import View, Written
from kg.namespaces import SKOS, content_hash, iri_to_curie

_SOURCE = "litkg"
# INDRA's names of registries, and those whose identifiers it writes with their prefix.
_NAMESPACES = {
    "UniProt": "UP",
    "NCBIGene": "EGID",
    "NCBITaxon": "TAXONOMY",
    "Orphanet": "ORPHANET",
}
_UNKNOWN = frozenset({"OMIMPS"})
_WITH_PREFIX = frozenset({"CHEBI", "GO", "DOID", "HP", "CL", "UBERON", "MGI"})

_Json = dict[str, Any]


class IndraProfile:
    """INDRA Statements, as a JSON list."""

    name = "indra"
    summary = "assertions as INDRA Statements with their evidence (JSON)"
    suffix = ".json"

    def write(self, view: View, target: Path) -> Written:
        """Write the assertions that INDRA has a statement for, one a line, with all evidence.

        Activation, Inhibition, IncreaseAmount, DecreaseAmount and Complex are of agents; Influence
        (with a polarity where the relation has one) and Association are of events. Of a relation
        that none of these fits nothing is written, and that is counted.

        Raises:
            KgError: if the graph is damaged.

        """
        writer = _Writer(GraphReader(view), view.base_iri)
        with target.open("w", encoding="utf-8", newline="\n") as out:
            out.write("[")
            before = "\n"
            for statement in writer.statements():
                out.write(before + json.dumps(statement, ensure_ascii=False))
                before = ",\n"
            out.write("\n]\n")
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(writer.kinds.items()))
        total = f"{sum(writer.kinds.values())} statements"
        return Written(
            files={target: f"{total}: {kinds}" if kinds else total},
            notes=tuple(writer.notes()),
        )


def db_ref(curie: str) -> tuple[str, str]:
    """Return a CURIE as INDRA has it: the namespace, and the identifier in it.

    >>> db_ref("HGNC:6023"), db_ref("GO:0006915"), db_ref("UniProt:P13232")
    (('HGNC', '6023'), ('GO', 'GO:0006915'), ('UP', 'P13232'))
    """
    prefix, _, local = curie.partition(":")
    return _NAMESPACES.get(prefix, prefix), curie if prefix in _WITH_PREFIX else local


def _two(kind: str, **more: str) -> Callable[[_Json, _Json], _Json]:
    """Return what makes a statement of two agents."""
    return lambda subject, object_: {"type": kind, "subj": subject, "obj": object_, **more}


def _complex(subject: _Json, object_: _Json) -> _Json:
    return {"type": "Complex", "members": [subject, object_]}


def _event(concept: _Json, polarity: int | None = None) -> _Json:
    delta: _Json = {"type": "QualitativeDelta", "polarity": polarity, "adjectives": []}
    return {"type": "Event", "concept": concept, "delta": delta}


def _influence(polarity: int | None) -> Callable[[_Json, _Json], _Json]:
    """Return what makes a statement that one event influences another, for or against it."""
    return lambda subject, object_: {
        "type": "Influence",
        "subj": _event(subject),
        "obj": _event(object_, polarity),
    }


def _association(subject: _Json, object_: _Json) -> _Json:
    """Return an association, whose members are events to INDRA's code, and agents to its schema.

    Each has what either asks for.
    """
    return {"type": "Association", "members": [_event(each) | each for each in (subject, object_)]}


# Without: expressed_in and marker_of, which INDRA has no statement for.
_STATEMENTS: dict[str, Callable[[_Json, _Json], _Json]] = {
    "activates": _two("Activation", obj_activity="activity"),
    "inhibits": _two("Inhibition", obj_activity="activity"),
    "upregulates": _two("IncreaseAmount"),
    "downregulates": _two("DecreaseAmount"),
    "binds": _complex,
    "regulates": _influence(None),
    "promotes": _influence(1),
    "protects_from": _influence(-1),
    "treats": _influence(-1),
    "required_for": _influence(None),
    "associated_with": _association,
}


class _Writer:
    """Makes statements of the assertions of a graph, and counts them."""

    def __init__(self, reader: GraphReader, base: str) -> None:
        self._reader = reader
        self._base = base
        self.kinds: Counter[str] = Counter()
        self._left_out: Counter[str] = Counter()
        self._without_text = 0

    def notes(self) -> Iterator[str]:
        """Yield what was left out, by relation."""
        if self._left_out:
            counts = ", ".join(f"{count} {name}" for name, count in sorted(self._left_out.items()))
            yield f"left out, since INDRA has no statement for them: {counts}"
        if self._without_text:
            yield f"{self._without_text} pieces of evidence have no text: it was left out"

    def statements(self) -> Iterator[_Json]:
        """Yield the statements in the order of the assertions."""
        for assertion in self._reader.assertions():
            make = _STATEMENTS.get(assertion.predicate)
            if make is None:
                self._left_out[assertion.predicate] += 1
                continue
            opposite = self._find_opposite(assertion)
            if opposite is not None and assertion.negated:
                continue  # It is told with what it denies.
            statement = make(self._agent(assertion.subject), self._agent(assertion.object))
            statement["id"] = str(uuid5(NAMESPACE_URL, assertion.iri))
            for number, event in enumerate(_events(statement)):
                event["id"] = str(uuid5(NAMESPACE_URL, f"{assertion.iri}#{number}"))
            told = [assertion] if opposite is None else [assertion, opposite]
            statement["belief"] = round(_believe(told), 6)
            statement["evidence"] = [item for each in told for item in self._evidence(each)]
            self.kinds[statement["type"]] += 1
            yield statement

    def _find_opposite(self, assertion: Assertion) -> Assertion | None:
        """Return the assertion that denies this one, or that this one denies.

        It is found by its IRI, which is made of what it says.
        """
        ends = [self._reader.entity(each).curie for each in (assertion.subject, assertion.object)]
        negated = "" if assertion.negated else "not"
        hashed = content_hash(ends[0], assertion.predicate, ends[1], negated)
        iri = f"{self._base}assertion/{hashed}"
        return self._reader.assertion(iri) if self._reader.node(iri) else None

    def _agent(self, iri: str) -> _Json:
        """Return an entity as an agent or concept, with its identifiers elsewhere."""
        entity = self._reader.entity(iri)
        namespace, identifier = db_ref(entity.curie)
        refs: dict[str, list[str]] = {namespace: [identifier]}
        for each in self._reader.node(iri).all(f"{SKOS}exactMatch"):
            curie = iri_to_curie(each)
            if curie is not None and curie.partition(":")[0] not in _UNKNOWN:
                other, local = db_ref(curie)
                if other != namespace:
                    refs.setdefault(other, []).append(local)
        # INDRA takes one identifier of a registry, and of several cannot tell which is meant.
        single = {name: found[0] for name, found in sorted(refs.items()) if len(found) == 1}
        return {"name": entity.label, "db_refs": single}

    def _evidence(self, assertion: Assertion) -> Iterator[_Json]:
        for iri in assertion.evidence:
            one = self._reader.evidence(iri)
            if one is not None:
                yield self._piece(one, self._reader.sentence(one.sentence))

    def _piece(self, one: Evidence, sentence: Sentence) -> _Json:
        """Return a piece of evidence; offsets are those in its text."""
        paper = iri_to_curie(sentence.paper) or sentence.paper
        prefix, _, local = paper.partition(":")
        piece: _Json = {"source_api": _SOURCE, "source_id": one.iri}
        if prefix == "PMID":
            piece["pmid"] = local
        refs = {prefix: local} if prefix in ("PMID", "PMCID", "DOI") else {"URL": paper}
        piece["text_refs"] = refs
        if sentence.text is None:
            self._without_text += 1
        else:
            piece["text"] = sentence.text
        piece["annotations"] = {
            **self._find_agents(one, sentence),
            "trigger": one.trigger,
            "rule": one.method,
            "section": sentence.section or sentence.field,
        }
        if one.start is not None and sentence.text is not None:
            start = one.start - sentence.start
            piece["annotations"]["trigger_coords"] = [start, start + len(one.trigger)]
        if one.confidence is not None:
            piece["annotations"]["confidence"] = one.confidence
        piece["epistemics"] = {
            **({"negated": True} if one.negated else {}),
            **({"hypothesis": True} if one.speculative else {}),
        }
        return piece

    def _find_agents(self, one: Evidence, sentence: Sentence) -> _Json:
        """Return the words of the agents and where they stand, as INDRA's readers give them."""
        wordings = [self._reader.wording(each) for each in (one.subject, one.object) if each]
        agents: _Json = {"raw_text": [each.words for each in wordings]}
        places = [sentence.find(each.iri, one.start) for each in wordings]
        if sentence.text is not None and all(places):
            agents["coords"] = [
                [place.start - sentence.start, place.end - sentence.start]
                for place in places
                if place is not None
            ]
        return {"agents": agents}


def _events(statement: _Json) -> list[_Json]:
    """Return the events in a statement, which INDRA takes for statements with ids of their own."""
    parts = [*statement.get("members", ()), statement.get("subj"), statement.get("obj")]
    return [each for each in parts if each and each.get("type") == "Event"]


def _believe(told: list[Assertion]) -> float:
    """Return how far a statement is believed: stated, and not denied.

    >>> from kg.exports.indra import _believe
    >>> one = {"iri": "", "subject": "", "predicate": "", "object": "", "speculative": False}
    >>> one |= {"papers": 1, "sentences": 1, "evidence": ()}
    >>> _believe([Assertion(negated=True, confidence=0.8, **one)])
    0.0
    """
    belief = 0.0
    for each in told:
        if not each.negated:
            belief = each.confidence or 0.0
    for each in told:
        if each.negated:
            belief *= 1.0 - (each.confidence or 0.0)
    return belief
