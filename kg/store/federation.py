"""Floor 7: SERVICE: other endpoints asked for their part of a query, before Oxigraph gets it.

    a query -> its SERVICE parts, each allowed or refused -> what the local pattern before it binds
            -> rows from there -> VALUES in its place

Oxigraph would send the pattern of a SERVICE to any address, unbound (all proteins of UniProt), and
wait for ever. Here it never sees one: a SERVICE is replaced by the rows that its endpoint gave,
which is what it stands for. What joins with it is computed first and sent along, in batches.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions

from kg.errors import KgError, QueryError
from kg.store.service_tokens import Part, Query, read_query

Row = tuple[object | None, ...]
Select = Callable[[str], QuerySolutions]

# A batch of bindings goes with each request; more than the most would be a crawl of the endpoint.
_BATCH = 200
_MOST_BINDINGS = 10_000
_MOST_ROWS = 200_000
# RDF 1.1, section 3.5: what blank nodes of elsewhere are called, since VALUES can hold none.
_GENID = "https://w3id.org/litkg/.well-known/genid/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What an endpoint answered: variables without their "?", and a term or None for each."""

    variables: tuple[str, ...]
    rows: tuple[Row, ...]


Ask = Callable[[str, str], Rows]


def _ask_nobody(address: str, query: str) -> Rows:  # noqa: ARG001
    raise QueryError(f"nothing is there to ask '<{address}>' with")


def _say_nothing(message: str) -> None:
    """Take a message, and do nothing with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Which endpoints a query may ask, and how; none, unless told.

    `allowed` leads from an address as queries write it to the one that is asked, the same or that
    of a mirror. `ask` sends a query to an address, and raises `KgError` where it fails; `tell` is
    told before each endpoint is asked, and where SILENT hides a failure.
    """

    allowed: Mapping[str, str] = field(default_factory=dict)
    ask: Ask = _ask_nobody
    tell: Callable[[str], None] = _say_nothing


def answer_services(
    text: str,
    prefixes: Mapping[str, str],
    services: Services,
    select: Select,
    base_iri: str = "",
) -> str:
    """Return a query with each SERVICE replaced by what its endpoint answered.

    `select` runs a SELECT on the graph itself; relative IRIs go by `base_iri`. All addresses are
    checked before any is asked.

    Raises:
        QueryError: if an address is not allowed, or too much would be sent or came back.
        KgError: as `services.ask`, but for SERVICE SILENT, which then binds nothing.

    """
    check_allowed(read_query(text, prefixes, base_iri), services)
    while True:
        query = read_query(text, prefixes, base_iri)
        if not query.parts:
            return text
        part = query.parts[0]
        text = text[: part.start] + _answer(query, part, services, select) + text[part.end :]


def check_allowed(query: Query, services: Services) -> None:
    """Make sure that each address of a query may be asked, SILENT or not.

    Raises:
        QueryError: if one may not; it says which, and how to allow it.

    """
    for part in query.every_part():
        if part.address not in services.allowed:
            raise QueryError(
                f"SERVICE is refused: '<{part.address}>' is not allowed, and nothing is asked that "
                "is not; allow this address with --allow-service, or in KG_ALLOW_SERVICE"
            )


def _answer(query: Query, part: Part, services: Services, select: Select) -> str:
    """Return the group to put in the place of a SERVICE."""
    bindings = _bindings(query, part, select)
    if bindings is not None and not bindings.rows:
        # Nothing joins with it, whatever it holds.
        return f"{{ VALUES {_variables(bindings.variables)} {{}} }}"
    address = services.allowed[part.address]
    found: list[Rows] = []
    services.tell(_what_is_asked(part.address, address, bindings))
    try:
        for names, batch in _batches(bindings):
            found.append(services.ask(address, query.request(part, names, batch)))
            if sum(len(each.rows) for each in found) > _MOST_ROWS:
                raise QueryError(
                    f"SERVICE '<{part.address}>' gives more than {_MOST_ROWS:,} rows; "
                    "ask for less with it"
                )
    except KgError as error:
        if not part.silent:
            raise
        services.tell(f"SERVICE SILENT '<{part.address}>' failed, and binds nothing: {error}")
        return "{ }"
    return _inline(found)


def _what_is_asked(address: str, asked: str, bindings: Rows | None) -> str:
    where = f"'<{address}>'" + (f" at '<{asked}>'" if asked != address else "")
    if bindings is None:
        return f"asking {where}"
    names = " and ".join(f"?{name}" for name in bindings.variables)
    return f"asking {where} for {len(bindings.rows):,} of {names}"


def _bindings(query: Query, part: Part, select: Select) -> Rows | None:
    """Return what the pattern before a SERVICE binds of its variables; None if it binds none.

    A variable that is unbound or a blank node in some row restricts nothing there, and is left out.
    """
    asked = query.local_bindings(part)
    if asked is None:
        return None
    solutions = select(asked)
    names = [variable.value for variable in solutions.variables]
    rows: dict[Row, None] = {}
    for solution in solutions:
        rows[tuple(solution)] = None
        if len(rows) > _MOST_BINDINGS:
            raise QueryError(
                f"what stands before SERVICE '<{part.address}>' gives more than "
                f"{_MOST_BINDINGS:,} bindings to ask it for; narrow it"
            )
    kept = [
        place
        for place in range(len(names))
        if all(isinstance(row[place], NamedNode | Literal) for row in rows)
    ]
    if not kept:
        return None
    return Rows(
        variables=tuple(names[place] for place in kept),
        rows=tuple(dict.fromkeys(tuple(row[place] for place in kept) for row in rows)),
    )


def _batches(bindings: Rows | None) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the variables and the VALUES to send, one a request; nothing of both if none are."""
    if bindings is None:
        yield (), ""
        return
    for start in range(0, len(bindings.rows), _BATCH):
        batch = bindings.rows[start : start + _BATCH]
        yield bindings.variables, _values(bindings.variables, batch)


def _inline(found: Sequence[Rows]) -> str:
    variables = tuple(dict.fromkeys(name for each in found for name in each.variables))
    rows: list[Row] = []
    for number, each in enumerate(found):
        places = [each.variables.index(v) if v in each.variables else -1 for v in variables]
        rows += [
            tuple(_named(row[place], number) if place >= 0 else None for place in places)
            for row in each.rows
        ]
    return f"{{ {_values(variables, rows)} }}"


def _named(term: object | None, answer: int) -> object | None:
    """Return a term as VALUES can hold it; a blank node is one node within an answer."""
    if isinstance(term, BlankNode):
        return NamedNode(_GENID + sha256(f"{answer} {term.value}".encode()).hexdigest()[:20])
    return term


def _values(variables: Sequence[str], rows: Iterable[Row]) -> str:
    lines = (
        f"({' '.join('UNDEF' if term is None else str(term) for term in row)})" for row in rows
    )
    return f"VALUES {_variables(variables)} {{ {' '.join(lines)} }}"


def _variables(names: Sequence[str]) -> str:
    return f"({' '.join(f'?{name}' for name in names)})"
