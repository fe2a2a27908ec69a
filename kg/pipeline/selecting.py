"""Floor 9: which papers a person means: by identifier, by an entity, by the answer to a query."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from pyoxigraph import NamedNode, QuerySolutions

from kg.errors import InputError, QueryError
from kg.namespaces import DCTERMS, DEFAULT_BASE, KG, curie_to_iri
from kg.pipeline.removing import identifier_of
from kg.queries import Parameter, ParameterType, Resolved, load_saved_queries, run_query
from kg.queries.parameters import resolve_parameter
from kg.queries.saved import SavedQuery
from kg.store import Graph
from kg.vocabulary.lexicon import Lexicon

_EVERYTHING = "999999999"
"""The limit that stands for none, for queries that have one unless told otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The papers that are meant, by their IRIs, and what names were taken for."""

    papers: frozenset[str]
    taken: tuple[Resolved, ...] = ()


def choose_papers(
    graph: Graph,
    open_lexicon: Callable[[], Lexicon],
    *,
    papers: Sequence[str] = (),
    entities: Sequence[str] = (),
    query: SavedQuery | None = None,
    parameters: Mapping[str, Sequence[str]] | None = None,
) -> Chosen:
    """Return the papers that are named, that mention an entity, or that a saved query finds.

    A paper that any of these names is meant. An entity stands for its subtypes and members too.

    Raises:
        InputError: if a paper is not in the graph, or nothing is found.
        ParameterError: if a name is unknown or ambiguous, or a parameter is wrong.
        QueryError: if the query's answer has no papers.
    """
    found = set(find_paper_nodes(graph, papers))
    taken: list[Resolved] = []
    with ExitStack() as opened:
        lexicon: Lexicon | None = None
        if entities or (query is not None and _takes_entities(query)):
            lexicon = open_lexicon()
            opened.callback(lexicon.close)
        for name in entities:
            resolved = resolve_parameter(_ENTITY, [name], graph, lexicon)
            taken += resolved
            for each in resolved:
                found |= set(_mentioning(graph, each))
        if query is not None:
            of_query, taken_for = _answering(graph, query, dict(parameters or {}), lexicon)
            found |= of_query
            taken += taken_for
    if not found:
        raise InputError("no paper of this graph is among what was asked for")
    return Chosen(papers=frozenset(found), taken=tuple(taken))


_ENTITY = Parameter(
    name="--entity",
    type=ParameterType.ENTITY,
    description="a name or identifier",
    required=True,
    positional=True,
)


def find_paper_nodes(graph: Graph, names: Sequence[str]) -> Iterator[str]:
    """Yield the IRI of each paper, by PMID, PMCID, DOI, any IRI of these, or the key made for it.

    Raises:
        InputError: if a name is none of these, or no paper of the graph has it.
    """
    base = str(graph.manifest.get("base_iri") or DEFAULT_BASE)
    for name in names:
        node = _node_of(name.strip(), base)
        rows = graph.query(
            f"SELECT ?paper {{ {{ VALUES ?paper {{ {node} }} }} "
            f"UNION {{ {node} <{DCTERMS}isReplacedBy> ?paper }} "
            f"?paper a <{KG}Publication> }}"
        )
        found = _column(rows, "paper")
        if not found:
            raise InputError(f"no paper '{name}' is in the graph")
        yield from found


def _node_of(name: str, base: str) -> NamedNode:
    local = name.removeprefix(f"{base}paper/")
    if local != name or local.startswith("cit-"):
        return _named(f"{base}paper/{local}", name)
    if (identifier := identifier_of(name)) is not None:
        return NamedNode(curie_to_iri(":".join(identifier)))
    if name.startswith(("http://", "https://")):
        return _named(name, name)
    raise InputError(
        f"'{name}' names no paper; give a PMID, a PMCID (PMC...), a DOI (10....), or the paper's "
        "IRI"
    )


def _named(iri: str, given: str) -> NamedNode:
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise InputError(f"'{given}' is no IRI ({error})") from error


def _mentioning(graph: Graph, entity: Resolved) -> list[str]:
    rows = graph.query(
        f"PREFIX kg: <{KG}> SELECT DISTINCT ?paper {{ "
        f"{{ ?paper kg:mentions {entity.term} }} UNION "
        f"{{ ?below kg:ancestor {entity.term} . ?paper kg:mentions ?below }} "
        "?paper a kg:Publication }"
    )
    found = _column(rows, "paper")
    if not found:
        raise InputError(f"no paper of this graph mentions {entity.label} ({entity.id})")
    return found


def _answering(
    graph: Graph,
    query: SavedQuery,
    parameters: dict[str, Sequence[str]],
    lexicon: Lexicon | None,
) -> tuple[set[str], list[Resolved]]:
    if all(column.name != "paper" for column in query.columns):
        fitting = ", ".join(
            name
            for name, each in load_saved_queries().items()
            if any(column.name == "paper" for column in each.columns)
        )
        raise QueryError(
            f"the answer to {query.name} has no column 'paper', so it names no papers; "
            f"those of these queries do: {fitting}"
        )
    if query.parameter("limit") is not None:
        parameters.setdefault("limit", [_EVERYTHING])
    answer = run_query(graph, query, parameters, lexicon)
    found = {row["paper"] for row in answer.rows}
    resolved = [
        each
        for values in answer.parameters.values()
        for each in values
        if isinstance(each.term, NamedNode)
    ]
    nodes = sorted(each for each in found if isinstance(each, str))
    return set(find_paper_nodes(graph, nodes)), resolved


def _takes_entities(query: SavedQuery) -> bool:
    return any(each.type is ParameterType.ENTITY for each in query.parameters)


def _column(rows: object, name: str) -> list[str]:
    assert isinstance(rows, QuerySolutions)  # noqa: S101
    return sorted({row[name].value for row in rows if isinstance(row[name], NamedNode)})
