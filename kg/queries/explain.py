"""Floor 8: the case for a link between two entities: what sentences say of it, for and against.

    two names -> assertions in both directions, sentences that only name both, paths -> Explanation

It is put together from the answers of saved queries: how-acts-on, papers-connecting and
connected-through.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pyoxigraph import Literal, QuerySolutions

from kg.errors import ParameterError
from kg.namespaces import KG
from kg.queries.parameters import Lexicon, Queryable, Resolved, resolve_parameter
from kg.queries.run import Value, find_pages, find_unmentioned, run_query
from kg.queries.saved import Parameter, ParameterType

Row = Mapping[str, Value]

# How many entities that the two are joined through are given where nothing else joins them.
PATHS = 10

_SPECULATIVE = " (speculative)"


class Stance(StrEnum):
    """Where an assertion stands to what most sentences say of the link."""

    FOR = "for"
    AGAINST = "against"
    SPECULATIVE = "speculative"
    REVERSE = "reverse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """An assertion, and the sentences that it stands on.

    `text` is the assertion in words, `id` its IRI, `predicate` and `sign` as the saved queries give
    them. `rows` are those of how-acts-on, newest first, one for each sentence; their `speculative`
    is the sentence's.
    """

    id: str
    text: str
    predicate: str
    sign: str
    negated: bool
    stance: Stance
    confidence: float
    rows: tuple[Row, ...]

    @property
    def speculative(self) -> bool:
        """Whether every sentence only puts it forward as possible."""
        return all(row["speculative"] for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What a graph has on a link.

    `together` are the rows of papers-connecting: the sentences that name both, whether they say
    something of them or not. `papers` is how many papers mention both anywhere. `log_likelihood` is
    Dunning's of the two over papers, signed, and None where the graph has none. `paths` are the
    rows of connected-through, given only where no sentence names both. `unmentioned` are the
    entities that no paper names. `links` are the pages of the papers.
    """

    subject: tuple[Resolved, ...]
    object: tuple[Resolved, ...]
    findings: tuple[Finding, ...]
    together: tuple[Row, ...]
    papers: int
    log_likelihood: float | None
    paths: tuple[Row, ...]
    unmentioned: tuple[Resolved, ...]
    links: Mapping[str, str]

    def standing(self, stance: Stance) -> tuple[Finding, ...]:
        """Return the findings of a stance: the one with the most sentences first."""
        return tuple(each for each in self.findings if each.stance is stance)


def explain_link(graph: Queryable, subject: str, obj: str, lexicon: Lexicon | None) -> Explanation:
    """Gather what a graph has on a link from one entity to another, each given by a name.

    A family stands for its members too, and a cell type or disease for its subtypes.

    Raises:
        ParameterError: if a name is unknown or ambiguous, or both stand for one entity.

    """
    first = _resolve("SUBJECT", subject, graph, lexicon)
    second = _resolve("OBJECT", obj, graph, lexicon)
    if {each.term for each in first} & {each.term for each in second}:
        raise ParameterError(f"'{subject}' and '{obj}' are both {first[0].label} ({first[0].id})")
    iris = [each.term.value for each in first], [each.term.value for each in second]
    pair = dict(zip(("entity_a", "entity_b"), iris, strict=True))
    turned = dict(zip(("entity_a", "entity_b"), reversed(iris), strict=True))
    there = run_query(graph, "how-acts-on", pair, lexicon).rows
    back = run_query(graph, "how-acts-on", turned, lexicon).rows
    named = run_query(graph, "papers-connecting", pair, lexicon)
    together = tuple(named.rows)
    paths: tuple[Row, ...] = ()
    if not together:
        paths = tuple(run_query(graph, "connected-through", pair, lexicon, limit=PATHS).rows)
    rows = [*there, *back, *together]
    return Explanation(
        subject=first,
        object=second,
        findings=find_stances(there, back),
        together=together,
        papers=_count_papers(graph, first, second),
        log_likelihood=_log_likelihood(graph, first, second),
        paths=paths,
        unmentioned=tuple(find_unmentioned(graph, named)),
        links=find_pages(graph, [str(row["paper"]) for row in rows]),
    )


def _resolve(
    name: str, given: str, graph: Queryable, lexicon: Lexicon | None
) -> tuple[Resolved, ...]:
    parameter = Parameter(
        name=name,
        type=ParameterType.ENTITY,
        description="an entity",
        required=True,
        positional=True,
    )
    return resolve_parameter(parameter, [given], graph, lexicon)


def find_stances(there: Sequence[Row], back: Sequence[Row]) -> tuple[Finding, ...]:
    """Put rows of how-acts-on, in both directions, together by assertion, each with its stance.

    What has no direction is in both, and counts as there. For: what is stated, unless its sign is
    the opposite of what more sentences state. Against: that, and what is denied.
    """
    lead = _leading_sign(there)
    found = [_finding(rows, lead) for rows in _by_fact(there)]
    seen = {each.id for each in found}
    found += [
        _finding(rows, lead, Stance.REVERSE)
        for rows in _by_fact(back)
        if rows[0]["fact"] not in seen
    ]
    order = list(Stance)
    return tuple(
        sorted(found, key=lambda each: (order.index(each.stance), -len(each.rows), each.text))
    )


def _by_fact(rows: Sequence[Row]) -> list[list[Row]]:
    facts: dict[Value, list[Row]] = {}
    for row in rows:
        facts.setdefault(row["fact"], []).append(row)
    return list(facts.values())


def _leading_sign(rows: Sequence[Row]) -> str:
    """Return the sign that more sentences state outright; of two alike, the surer one's."""
    weights: dict[str, tuple[int, float]] = {}
    for sign in ("positive", "negative"):
        stated = [
            row
            for row in rows
            if row["sign"] == sign and not row["negated"] and not row["speculative"]
        ]
        surest = max((float(row["confidence"] or 0) for row in stated), default=0.0)
        weights[sign] = (count_sentences(stated), surest)
    return max(weights, key=lambda sign: weights[sign])


def _finding(rows: Sequence[Row], lead: str, stance: Stance | None = None) -> Finding:
    first = rows[0]
    sign = str(first["sign"] or "")
    speculative = all(row["speculative"] for row in rows)
    if stance is None:
        if first["negated"]:
            stance = Stance.AGAINST
        elif speculative:
            stance = Stance.SPECULATIVE
        else:
            stance = Stance.FOR if sign in ("", lead) else Stance.AGAINST
    text = str(first["assertion"]).removesuffix(_SPECULATIVE)
    return Finding(
        id=str(first["fact"]),
        text=f"{text}{_SPECULATIVE}" if speculative else text,
        predicate=str(first["predicate"]),
        sign=sign,
        negated=bool(first["negated"]),
        stance=stance,
        confidence=float(first["fact_confidence"] or 0),
        rows=tuple(rows),
    )


def count_sentences(rows: Sequence[Row]) -> int:
    """Return how many sentences rows stand for; one that says several things has several rows."""
    return len({(row["paper"], row["field"], row["sentence"]) for row in rows})


def count_papers(rows: Sequence[Row]) -> int:
    """Return how many papers rows stand for."""
    return len({row["paper"] for row in rows})


def _values(name: str, resolved: Sequence[Resolved]) -> str:
    return f"VALUES ?{name} {{ {' '.join(str(each.term) for each in resolved)} }}"


def _count_papers(graph: Queryable, first: Sequence[Resolved], second: Sequence[Resolved]) -> int:
    """Return how many papers mention both, or what stands below them."""
    found = graph.query(
        f"PREFIX kg: <{KG}> SELECT (COUNT(DISTINCT ?paper) AS ?papers) WHERE {{ "
        f"{{ SELECT DISTINCT ?paper WHERE {{ {_values('a', first)} "
        "?one kg:ancestor? ?a . ?paper kg:mentions ?one } LIMIT 999999 } "
        f"{{ SELECT DISTINCT ?paper WHERE {{ {_values('b', second)} "
        "?two kg:ancestor? ?b . ?paper kg:mentions ?two } LIMIT 999999 } }"
    )
    assert isinstance(found, QuerySolutions)  # noqa: S101
    counts = [row["papers"] for row in found]
    return sum(int(each.value) for each in counts if isinstance(each, Literal))


def _log_likelihood(
    graph: Queryable, first: Sequence[Resolved], second: Sequence[Resolved]
) -> float | None:
    """Return how far from chance two entities stand together; of several pairs, the furthest."""
    found = graph.query(
        f"PREFIX kg: <{KG}> SELECT (MAX(?value) AS ?most) WHERE {{ "
        f"{_values('a', first)} ?pair kg:coMentioned ?a . {_values('b', second)} "
        "?pair kg:coMentioned ?b ; kg:logLikelihood ?value }"
    )
    assert isinstance(found, QuerySolutions)  # noqa: S101
    values = [row["most"] for row in found]
    return next((float(each.value) for each in values if isinstance(each, Literal)), None)
