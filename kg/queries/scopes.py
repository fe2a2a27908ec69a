"""Floor 8: proves that every parameter reaches every place of a saved query that uses it.

SPARQL evaluates a sub-select, a branch of UNION, a MINUS and any other group by itself first: a
parameter whose VALUES stand outside is unbound in it, and the answer is wrong without a word.
So each group that uses a parameter must hold a VALUES block of its own. Only (NOT) EXISTS sees
what is bound around it.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeGuard

from kg.errors import QueryError
from kg.queries.saved import QueryForm, SavedQuery

if TYPE_CHECKING:
    from rdflib.plugins.sparql.parserutils import CompValue


def check_saved_query(query: SavedQuery) -> None:
    """Check a saved query's SPARQL against its header, with rdflib's parser.

    Raises:
        QueryError: if it does not parse, its columns are not those of the header, or a parameter
            is used where it has no VALUES block.

    """
    from rdflib.plugins.sparql.algebra import translateQuery  # noqa: PLC0415
    from rdflib.plugins.sparql.parser import parseQuery  # noqa: PLC0415

    try:
        parsed = parseQuery(query.text)
        _check_scopes(query, parsed[1])
        algebra = translateQuery(parsed).algebra
    except QueryError:
        raise
    except Exception as error:  # rdflib has no error class of its own for what it cannot parse
        raise QueryError(f"{query.name}: the SPARQL does not parse: {error}") from error
    columns = tuple(column.name for column in query.columns)
    if query.form is QueryForm.SELECT:
        expected = tuple(str(variable) for variable in algebra.PV)
    else:
        expected = (
            ("answer",) if query.form is QueryForm.ASK else ("subject", "predicate", "object")
        )
    if columns != expected:
        raise QueryError(
            f"{query.name}: the header's columns are {', '.join(columns)}, "
            f"but the query gives {', '.join(expected)}"
        )


def _check_scopes(query: SavedQuery, body: "CompValue") -> None:
    names = frozenset(parameter.name for parameter in query.parameters)
    seen = _check_group(query.name, body.where, names, frozenset())
    # What is left of a query: the SELECT clause or template, and the modifiers.
    outside = {key: value for key, value in body.items() if key not in ("where", "valuesClause")}
    _require(query.name, _variables(outside, names), seen, "SELECT, CONSTRUCT or ORDER BY")


def _check_group(
    query: str, group: "CompValue", names: frozenset[str], inherited: frozenset[str]
) -> frozenset[str]:
    """Check a group and those inside it; return the parameters bound in it, to be seen outside."""
    if group.name == "SubSelect":
        inner = _check_group(query, group.where, names, frozenset())
        outside = {key: value for key, value in group.items() if key != "where"}
        _require(query, _variables(outside, names), inner, "a sub-select")
        shown = _variables(group.get("projection") or [], names)
        return inner & shown if group.get("projection") else inner
    parts = list(group.get("part") or [])
    own = frozenset(inherited)
    for part in parts:
        own |= _bound_by(part, names)
    seen = set(own)
    so_far = set(inherited)
    for part in parts:
        so_far |= _bound_by(part, names)
        if part.name == "InlineData":
            continue
        used = _variables(part, names)
        if part.name == "Bind":
            # A BIND sees only what stands before it.
            _require(query, used, frozenset(so_far), "a BIND, before its VALUES block")
        _require(query, used, own, _KINDS.get(part.name, "a pattern"))
        exists = part.name == "Filter"
        for inner_group in _groups(part):
            inner = _check_group(query, inner_group, names, own if exists else frozenset())
            if part.name == "MinusGraphPattern" or exists:
                continue
            seen |= inner
    return frozenset(seen)


_KINDS = {"Filter": "a FILTER", "Bind": "a BIND", "TriplesBlock": "a triple pattern"}


def _require(query: str, used: frozenset[str], bound: frozenset[str], where: str) -> None:
    for name in sorted(used - bound):
        raise QueryError(
            f"{query}: the parameter '{name}' is used in {where} "
            f"where no block 'VALUES ?{name} {{ ... }}  # @param {name}' stands in the same group"
        )


def _bound_by(part: "CompValue", names: frozenset[str]) -> frozenset[str]:
    """Return the parameter whose own VALUES block a part is; a table of several binds none."""
    if part.name != "InlineData":
        return frozenset()
    variables = part.get("var")
    listed = variables if isinstance(variables, list) else [variables]
    return frozenset(str(each) for each in listed) & names if len(listed) == 1 else frozenset()


def _is_group(value: object) -> "TypeGuard[CompValue]":
    return getattr(value, "name", "") in ("GroupGraphPatternSub", "SubSelect")


def _children(value: object) -> Iterator[object]:
    from pyparsing import ParseResults  # noqa: PLC0415

    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list | tuple | ParseResults):
        yield from value


def _groups(value: object) -> "Iterator[CompValue]":
    """Yield the nearest groups below a part."""
    for child in _children(value):
        if _is_group(child):
            yield child
        else:
            yield from _groups(child)


def _variables(value: object, names: frozenset[str]) -> frozenset[str]:
    """Return the parameters used in a part, but not in the groups below it."""
    from rdflib import Variable  # noqa: PLC0415

    if isinstance(value, Variable):
        return frozenset([str(value)]) & names
    found: frozenset[str] = frozenset()
    for child in _children(value):
        if not _is_group(child):
            found |= _variables(child, names)
    return found
