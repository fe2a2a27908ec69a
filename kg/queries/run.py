"""Floor 8: asks a graph a saved query: parameters in as text, an `Answer` out.

An answer says what each parameter was taken for, and whether it is complete.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions, Triple

from kg.errors import ParameterError
from kg.namespaces import KG, RDFS, XSD, curie_to_page, iri_to_curie
from kg.queries.binding import bind_values, find_blocks
from kg.queries.parameters import Lexicon, Queryable, Resolved, parse_integer, resolve_parameter
from kg.queries.saved import ParameterType, QueryForm, SavedQuery, load_saved_query

Value = str | int | float | bool | None
RdfTerm = object  # what pyoxigraph gives: NamedNode, Literal, BlankNode or Triple

_INTEGERS = frozenset(
    f"{XSD}{name}" for name in ("integer", "int", "long", "short", "nonNegativeInteger")
)
_FRACTIONS = frozenset(f"{XSD}{name}" for name in ("decimal", "double", "float"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A saved query and what its parameters were taken for; `bind` puts them into its text."""

    query: SavedQuery
    parameters: Mapping[str, tuple[Resolved, ...]]

    @property
    def limit(self) -> int | None:
        """The most rows to give by the parameter `limit`, of a query that has one in its text."""
        if not any(block.is_limit for block in find_blocks(self.query.text)):
            return None
        return parse_integer("limit", self.parameters["limit"][0].label)

    def bind(self, rows: int | None = None) -> str:
        """Return the text to run, for as many rows at the most, or as many as there are.

        `rows` stands for the parameter `limit` where there is one.
        """
        values: dict[str, tuple[NamedNode | Literal, ...]] = {
            name: tuple(each.term for each in resolved)
            for name, resolved in self.parameters.items()
        }
        if self.limit is not None:
            if rows is not None:
                values["limit"] = (Literal(rows),)
            return bind_values(self.query.text, values)
        text = bind_values(self.query.text, values)
        return text if rows is None else f"{text}\nLIMIT {rows}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A saved query ready to be asked: its text bound, and what its parameters were taken for.

    `limit` is the number of rows to give; the text asks for one more, to tell whether there are.
    """

    query: SavedQuery
    text: str
    parameters: Mapping[str, tuple[Resolved, ...]]
    limit: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a graph answered: rows of RDF terms (None where unbound), in the order of `columns`.

    CONSTRUCT and DESCRIBE give the columns subject, predicate and object, and `triples`; ASK gives
    the column answer.
    `complete` is false where a limit left rows out.
    """

    query: SavedQuery
    parameters: Mapping[str, tuple[Resolved, ...]]
    columns: tuple[str, ...]
    terms: tuple[tuple[RdfTerm | None, ...], ...]
    complete: bool
    triples: tuple[Triple, ...] = ()

    @property
    def rows(self) -> list[dict[str, Value]]:
        """The rows as plain values: numbers, truth values, texts, and IRIs as text."""
        return [
            {name: to_value(term) for name, term in zip(self.columns, row, strict=True)}
            for row in self.terms
        ]


def run_query(
    graph: Queryable,
    query: SavedQuery | str,
    parameters: Mapping[str, str | Sequence[str]],
    lexicon: Lexicon | None,
    *,
    limit: int | None = None,
) -> Answer:
    """Ask a graph a saved query, by name or as read from a file.

    Raises:
        ParameterError: if a parameter is missing, unknown, of the wrong type or ambiguous.
        QueryError: if there is no such query, or it does not run.

    """
    prepared = prepare_query(graph, query, parameters, lexicon, limit=limit)
    query = prepared.query
    result = graph.query(prepared.text)
    triples: tuple[Triple, ...] = ()
    if isinstance(result, QuerySolutions):
        columns = tuple(variable.value for variable in result.variables)
        terms = tuple(tuple(solution) for solution in result)
    elif isinstance(result, QueryBoolean):
        columns, terms = ("answer",), ((Literal(bool(result)),),)
    else:
        columns = ("subject", "predicate", "object")
        # A CONSTRUCT gives a triple as often as it finds it; a graph holds it once.
        triples = tuple(dict.fromkeys(result))
        terms = tuple((each.subject, each.predicate, each.object) for each in triples)
    count = prepared.limit
    return Answer(
        query=query,
        parameters=prepared.parameters,
        columns=columns,
        terms=terms[:count],
        complete=count is None or len(terms) <= count,
        triples=triples,
    )


def prepare_query(
    graph: Queryable,
    query: SavedQuery | str,
    parameters: Mapping[str, str | Sequence[str]],
    lexicon: Lexicon | None,
    *,
    limit: int | None = None,
) -> Prepared:
    """Resolve the parameters of a saved query and put them into its text.

    `limit` is the most rows to give; it stands for the parameter of that name where there is one.

    Raises:
        ParameterError: if a parameter is missing, unknown, of the wrong type or ambiguous.
        QueryError: if there is no such query.

    """
    asked = resolve_query(graph, query, parameters, lexicon, limit=limit)
    rows = limit if asked.limit is None else asked.limit
    text = asked.bind(None if rows is None else rows + 1)
    return Prepared(query=asked.query, text=text, parameters=asked.parameters, limit=rows)


def resolve_query(
    graph: Queryable,
    query: SavedQuery | str,
    parameters: Mapping[str, str | Sequence[str]],
    lexicon: Lexicon | None,
    *,
    limit: int | None = None,
) -> Asked:
    """Resolve the parameters of a saved query.

    `limit` stands for the parameter of that name where there is one.

    Raises:
        ParameterError: if a parameter is missing, unknown, of the wrong type or ambiguous.
        QueryError: if there is no such query.

    """
    if isinstance(query, str):
        query = load_saved_query(query)
    given = {
        name: (value,) if isinstance(value, str) else tuple(value)
        for name, value in parameters.items()
    }
    if limit is not None:
        given = _with_limit(query, given, limit)
    _check_names(query, given)
    resolved: dict[str, tuple[Resolved, ...]] = {}
    for parameter in query.parameters:
        default = () if parameter.default is None else (parameter.default,)
        taken = given.get(parameter.name) or default
        resolved[parameter.name] = resolve_parameter(parameter, taken, graph, lexicon)
    return Asked(query=query, parameters=resolved)


def _with_limit(
    query: SavedQuery, given: dict[str, tuple[str, ...]], limit: int
) -> dict[str, tuple[str, ...]]:
    if limit < 1:
        raise ParameterError(
            f"limit takes a number from 1 on, not {limit}", parameter="limit", value=str(limit)
        )
    if query.form is not QueryForm.SELECT:
        raise ParameterError(
            f"{query.name} gives no rows that could be limited",
            parameter="limit",
            reason="no-parameter",
        )
    if query.parameter("limit") is None:
        return given
    if given.get("limit", (str(limit),)) != (str(limit),):
        raise ParameterError("limit is given twice", parameter="limit")
    return {**given, "limit": (str(limit),)}


def _check_names(query: SavedQuery, given: Mapping[str, Sequence[str]]) -> None:
    known = [parameter.name for parameter in query.parameters]
    for name in given:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"it has {', '.join(known) or 'none'}"
            raise ParameterError(
                f"{query.name} has no parameter '{name}'; {hint}",
                parameter=name,
                reason="no-parameter",
            )
    missing = [
        parameter
        for parameter in query.parameters
        if parameter.required and not given.get(parameter.name)
    ]
    if missing:
        kinds = ", ".join(
            f"{parameter.name} ({describe_kind(parameter.type)}: {parameter.description})"
            for parameter in missing
        )
        raise ParameterError(
            f"{query.name} needs {kinds}", parameter=missing[0].name, reason="missing"
        )


def find_unmentioned(graph: Queryable, answer: Answer | Asked) -> list[Resolved]:
    """Return the entities asked about that no paper of the graph names, nor anything below them.

    They explain an empty answer: the vocabularies know them, the literature in the graph does not.
    """
    return [
        each
        for resolved in answer.parameters.values()
        for each in resolved
        if isinstance(each.term, NamedNode)
        and not graph.query(
            f"PREFIX kg: <{KG}> "
            f"ASK {{ ?named kg:ancestor? {each.term} . ?paper kg:mentions ?named }}"
        )
    ]


def find_pages(graph: Queryable, papers: Sequence[str]) -> dict[str, str]:
    """Return for each of these papers the page that a person can open, where there is one."""
    curies = {paper: iri_to_curie(paper) for paper in papers}
    pages = {paper: curie_to_page(curie) for paper, curie in curies.items() if curie is not None}
    values = " ".join(str(NamedNode(paper)) for paper in curies if paper not in pages)
    rows = graph.query(
        f"PREFIX rdfs: <{RDFS}> SELECT ?paper (MIN(?seen) AS ?page) WHERE {{ "
        f"VALUES ?paper {{ {values} }} ?paper rdfs:seeAlso ?see . BIND(STR(?see) AS ?seen) "
        "} GROUP BY ?paper"
    )
    assert isinstance(rows, QuerySolutions)  # noqa: S101
    return pages | {row["paper"].value: row["page"].value for row in rows}


def describe_kind(kind: ParameterType) -> str:
    """Return what a type of parameter is, in words.

    >>> describe_kind(ParameterType.ENTITY)
    'a name or identifier'
    """
    return {
        ParameterType.ENTITY: "a name or identifier",
        ParameterType.TEXT: "text",
        ParameterType.INTEGER: "a whole number",
        ParameterType.BOOLEAN: "true or false",
        ParameterType.CHOICE: "one of a few words",
    }[kind]


def to_value(term: RdfTerm | None) -> Value:
    """Return an RDF term as a plain value: IRIs and texts as text, what is unbound as None.

    >>> to_value(Literal(2009)), to_value(NamedNode("http://example.org/a")), to_value(None)
    (2009, 'http://example.org/a', None)
    """
    if term is None:
        return None
    if isinstance(term, Literal):
        return _literal_value(term)
    if isinstance(term, Triple):
        return str(term)
    return term.value if isinstance(term, NamedNode) else str(term)


def _literal_value(literal: Literal) -> Value:
    datatype = literal.datatype.value
    try:
        if datatype in _INTEGERS:
            return int(literal.value)
        if datatype in _FRACTIONS:
            return float(literal.value)
    except ValueError:
        # A store keeps ill-typed literals ("about 5"^^xsd:integer) as they came.
        return literal.value
    if datatype == f"{XSD}boolean":
        return literal.value in ("true", "1")
    return literal.value
