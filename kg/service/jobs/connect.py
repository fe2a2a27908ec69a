"""Floor 10: what joins two entities: papers, sentences, assertions, and what stands between."""

import re
from collections.abc import Mapping

from pyoxigraph import NamedNode, QuerySolutions

from kg.descriptions import Names, Readable, is_known
from kg.descriptions.sentences import find_quoted
from kg.errors import ParameterError
from kg.queries import SavedQuery
from kg.queries.parameters import Resolved, resolve_parameter
from kg.queries.run import Asked, Value, to_value
from kg.service.jobs.context import Context, Out
from kg.service.jobs.lists import give_page, shown_of
from kg.service.jobs.saved import saved_queries
from kg.service.messages import Connect
from kg.service.pages.connect import Joined, Rows, Side, key_of, write_connect_page

_SENTENCES, _ASSERTED, _THROUGH = 40, 40, 12
_AS_CHOSEN = re.compile(r".*\(([^()\s:]+:[^()\s]+)\)")
"""How a suggestion is put into the form: "IL7 (HGNC:6023)"."""

# What programs are told says how parameters are given.
_MESSAGES = {
    "unknown": "nothing is called '{given}' in this graph and its vocabularies",
    "ambiguous": "'{given}' can mean several things",
}


def answer_connect(context: Context, job: Connect, out: Out) -> None:
    """Answer with the page of what joins two entities, or of what may be meant by their names."""
    graph = context.graph(job.generation)
    shown = shown_of(context, graph, job)
    sides = [_resolve(context, graph, given) for given in (job.a, job.b)]
    first, second = (side.resolved for side in sides)
    joined = None
    if first is not None and second is not None and first.term != second.term:
        joined = _join(context, graph, first, second)
    page = write_connect_page(shown, sides[0], sides[1], joined)
    unclear = any(side.given and side.resolved is None for side in sides)
    give_page(job, out, page, status=422 if unclear else 200)


def _resolve(context: Context, graph: Readable, given: str) -> Side:
    """Return what a name was taken for, as saved queries take it; or why it was taken for none."""
    if not given:
        return Side(given="")
    chosen = _AS_CHOSEN.fullmatch(given)
    parameter = _query("papers-connecting").parameter("entity_a")
    assert parameter is not None  # noqa: S101
    try:
        (resolved, *more) = resolve_parameter(
            parameter, [chosen[1] if chosen else given], graph, context.lexicon
        )
    except ParameterError as error:
        if error.reason == "unknown" and _is_iri(graph, given):
            return Side(given=given, resolved=_as_iri(graph, given))
        message = _MESSAGES.get(error.reason, "{error}").format(given=given, error=error)
        return Side(given=given, message=message, candidates=error.candidates)
    if more:
        return Side(given=given, message=f"'{given}' is several names; give one on each side")
    return Side(given=given, resolved=resolved)


def _is_iri(graph: Readable, given: str) -> bool:
    """Tell whether what was given is an IRI of the graph, of a form that nobody else knows."""
    try:
        return ":" in given and is_known(graph, given)
    except ValueError:
        return False


def _as_iri(graph: Readable, given: str) -> Resolved:
    names = Names(graph, "", {})
    names.read([given])
    return Resolved(given=given, id=given, label=names.of(given), term=NamedNode(given))


def _join(context: Context, graph: Readable, first: Resolved, second: Resolved) -> Joined:
    ends = {"entity_a": first, "entity_b": second}
    turned = {"entity_a": second, "entity_b": first}
    sentences = _ask(context, graph, "papers-connecting", ends, _SENTENCES)
    papers = None
    if not sentences.rows:
        papers = _ask(context, graph, "papers-connecting", ends, _SENTENCES, level="paper")
    acts = _ask(context, graph, "how-acts-on", ends, _ASSERTED)
    acts_back = _ask(context, graph, "how-acts-on", turned, _ASSERTED)
    shown = (papers or sentences, acts, acts_back)
    quoted = (key_of(row) for some in shown for row in some.rows)
    return Joined(
        sentences=sentences,
        papers=papers,
        acts=acts,
        acts_back=acts_back,
        quoted=find_quoted(graph, quoted),
        through=_ask(context, graph, "connected-through", ends, _THROUGH),
    )


def _ask(
    context: Context,
    graph: Readable,
    name: str,
    ends: Mapping[str, Resolved],
    most: int,
    **more: str,
) -> Rows:
    """Return the first rows of a saved query, and the text of all of it."""
    query = _query(name)
    taken: dict[str, tuple[Resolved, ...]] = {each: (end,) for each, end in ends.items()}
    for parameter in query.parameters:
        if parameter.name not in taken:
            value = more.get(parameter.name, parameter.default)
            given = () if value is None else (value,)
            taken[parameter.name] = resolve_parameter(parameter, given, graph, context.lexicon)
    asked = Asked(query=query, parameters=taken)
    result = graph.query(asked.bind(most + 1))
    assert isinstance(result, QuerySolutions)  # noqa: S101
    columns = [variable.value for variable in result.variables]
    rows: list[dict[str, Value]] = [
        {column: to_value(row[column]) for column in columns} for row in result
    ]
    lines = asked.bind().splitlines(keepends=True)
    return Rows(
        query=name,
        parameters={each: _name(end) for each, end in ends.items()} | more,
        text="".join(line for line in lines if not line.startswith("#+")),
        rows=tuple(rows[:most]),
        is_cut=len(rows) > most,
    )


def _name(end: Resolved) -> str:
    return end.id or (end.term.value if isinstance(end.term, NamedNode) else end.given)


def _query(name: str) -> SavedQuery:
    return saved_queries()[name]
