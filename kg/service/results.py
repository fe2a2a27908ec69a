"""Floor 10: rows -> a SPARQL result document, in any of its formats. Pure."""

from collections.abc import Sequence

import msgspec
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolution,
    QuerySolutions,
    Triple,
    parse_query_results,
)

from kg.namespaces import XSD

_STRING = f"{XSD}string"


def write_rows(
    columns: Sequence[str], rows: Sequence[QuerySolution], form: QueryResultsFormat
) -> bytes:
    r"""Return rows as a document of SPARQL results.

    Oxigraph writes whole answers only, so that a page goes to it as one, by way of JSON.

    >>> write_rows(["a"], [], QueryResultsFormat.CSV)
    b'a\r\n'
    """
    bindings = [
        {
            name: _term(term)
            for name, term in zip(columns, row, strict=True)
            if isinstance(term, NamedNode | BlankNode | Literal | Triple)
        }
        for row in rows
    ]
    document = msgspec.json.encode({"head": {"vars": columns}, "results": {"bindings": bindings}})
    if form == QueryResultsFormat.JSON:
        return document
    result = parse_query_results(document, QueryResultsFormat.JSON)
    assert isinstance(result, QuerySolutions)  # noqa: S101
    return result.serialize(format=form) or b""


def _term(term: NamedNode | BlankNode | Literal | Triple) -> dict[str, object]:
    """Return a term as the JSON format has it, with the triple terms of SPARQL 1.2."""
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, Triple):
        names = ("subject", "predicate", "object")
        return {"type": "triple", "value": {name: _term(getattr(term, name)) for name in names}}
    said: dict[str, object] = {"type": "literal", "value": term.value}
    if term.language is not None:
        said["xml:lang"] = term.language
        if term.direction is not None:
            said["its:dir"] = str(term.direction)
    elif term.datatype.value != _STRING:
        said["datatype"] = term.datatype.value
    return said
