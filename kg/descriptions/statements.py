"""Floor 8: what is asserted of an entity, and the sentences that it rests on, the newest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from kg.descriptions.model import Readable, nodes, number_of, select, text_of
from kg.namespaces import KG

_STATEMENTS = 5_000
_EVIDENCE = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """An assertion: what it says, how many papers have it, whether it is denied or supposed.

    `sign` is that of its relation: "positive", "negative", or nothing.
    """

    assertion: str
    subject: str
    predicate: str
    object: str
    papers: int
    negated: bool
    speculative: bool
    sign: str = ""

    @property
    def names(self) -> tuple[str, str, str]:
        """What is named in it: the subject, the relation, the object."""
        return self.subject, self.predicate, self.object


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A sentence that says what an assertion says, with the words by which it does."""

    assertion: str
    sentence: str
    paper: str
    year: int
    negated: bool
    speculative: bool
    subject: str = ""
    object: str = ""
    trigger: str = ""
    at: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """Assertions that most papers have, and how many there are; more than that if `is_least`."""

    statements: tuple[Statement, ...] = ()
    total: int = 0
    is_least: bool = False


def read_stated(graph: Readable, iri: str, *, as_object: bool, shown: int) -> Stated:
    """Return what is asserted of an entity as the subject, or as the object, of assertions.

    Raises:
        ValueError: if it is no IRI.
    """
    end = "object" if as_object else "subject"
    rows = select(
        graph,
        f"SELECT ?a ?papers {{ ?a <{KG}{end}> {NamedNode(iri)} ; <{KG}paperCount> ?papers }} "
        f"LIMIT {_STATEMENTS}",
    )
    papers = {row["a"].value: number_of(row, "papers") for row in rows}
    ranked = sorted(papers, key=lambda each: (-papers[each], each))
    found = read_statements(graph, ranked[:shown])
    return Stated(
        statements=tuple(found[each] for each in ranked[:shown] if each in found),
        total=len(papers),
        is_least=len(papers) == _STATEMENTS,
    )


def read_statements(graph: Readable, assertions: Iterable[str]) -> dict[str, Statement]:
    """Return assertions by their IRIs; what is none is left out.

    Raises:
        ValueError: if one of these is no IRI.
    """
    wanted = nodes(list(dict.fromkeys(assertions)))
    if not wanted:
        return {}
    return {one.assertion: one for one in _read(graph, f"VALUES ?a {{ {wanted} }}")}


def _read(graph: Readable, pattern: str) -> list[Statement]:
    signs = {
        row["p"].value: text_of(row, "sign")
        for row in select(graph, f"SELECT ?p ?sign {{ ?p <{KG}sign> ?sign }} LIMIT 1000")
    }
    rows = select(
        graph,
        f"SELECT ?a ?subject ?p ?object ?papers ?not ?maybe {{ {pattern} "
        f"?a <{KG}subject> ?subject ; <{KG}predicate> ?p ; <{KG}object> ?object ; "
        f"<{KG}paperCount> ?papers ; <{KG}negated> ?not ; <{KG}speculative> ?maybe }}",
    )
    found = {
        row["a"].value: Statement(
            assertion=row["a"].value,
            subject=row["subject"].value,
            predicate=row["p"].value,
            object=row["object"].value,
            papers=number_of(row, "papers"),
            negated=text_of(row, "not") == "true",
            speculative=text_of(row, "maybe") == "true",
            sign=signs.get(row["p"].value, ""),
        )
        for row in rows
    }
    return list(found.values())


def read_evidence(
    graph: Readable, assertions: Iterable[str], each: int
) -> dict[str, tuple[Evidence, ...]]:
    """Return the newest sentences that assertions rest on, `each` of them at the most.

    Raises:
        ValueError: if one of these is no IRI.
    """
    wanted = nodes(list(dict.fromkeys(assertions)))
    if not wanted:
        return {}
    rows = select(
        graph,
        f"SELECT ?a ?e ?s ?paper ?year {{ {{ SELECT ?a ?e {{ VALUES ?a {{ {wanted} }} "
        f"?a <{KG}evidence> ?e }} LIMIT {_EVIDENCE} }} ?e <{KG}evidenceSentence> ?s . "
        f"?s <{KG}inPublication> ?paper . OPTIONAL {{ ?paper <{KG}year> ?year }} }}",
    )
    by_assertion: dict[str, list[tuple[int, str, str, str]]] = {}
    for row in rows:
        place = (-number_of(row, "year"), row["paper"].value, row["s"].value, row["e"].value)
        by_assertion.setdefault(row["a"].value, []).append(place)
    chosen = {a: sorted(set(found))[:each] for a, found in by_assertion.items()}
    details = _details(graph, [node for found in chosen.values() for *_, node in found])
    return {
        assertion: tuple(
            Evidence(
                assertion=assertion,
                sentence=sentence,
                paper=paper,
                year=-year,
                negated=said.negated,
                speculative=said.speculative,
                subject=said.subject,
                object=said.object,
                trigger=said.trigger,
                at=said.at,
            )
            for year, paper, sentence, node in found
            for said in (details.get(node, _NOTHING),)
        )
        for assertion, found in chosen.items()
    }


@dataclass(frozen=True, slots=True)
class _Words:
    """How a sentence says it."""

    negated: bool = False
    speculative: bool = False
    subject: str = ""
    object: str = ""
    trigger: str = ""
    at: int = -1


_NOTHING = _Words()


def _details(graph: Readable, evidence: Sequence[str]) -> dict[str, _Words]:
    if not evidence:
        return {}
    rows = select(
        graph,
        f"SELECT * {{ VALUES ?e {{ {nodes(list(evidence))} }} "
        f"OPTIONAL {{ ?e <{KG}negated> ?not }} OPTIONAL {{ ?e <{KG}speculative> ?maybe }} "
        f"OPTIONAL {{ ?e <{KG}subjectMention>/<{KG}exact> ?subject }} "
        f"OPTIONAL {{ ?e <{KG}objectMention>/<{KG}exact> ?object }} "
        f"OPTIONAL {{ ?e <{KG}trigger> ?trigger }} OPTIONAL {{ ?e <{KG}start> ?at }} }}",
    )
    return {
        row["e"].value: _Words(
            negated=text_of(row, "not") == "true",
            speculative=text_of(row, "maybe") == "true",
            subject=text_of(row, "subject"),
            object=text_of(row, "object"),
            trigger=text_of(row, "trigger"),
            at=number_of(row, "at") if isinstance(row["at"], Literal) else -1,
        )
        for row in rows
    }
