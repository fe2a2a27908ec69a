"""What a query gave, against what it was to give.

Two tables are the same if they have the same variables, and their rows, in any order, are the same
but for what the blank nodes are called. Numbers and truths are compared by their value within
their datatype (2.0 and 2.00), and language tags without regard to case (RDF 1.1, section 3.3).
"""

import csv
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from io import BytesIO, StringIO

import rdflib
from rdflib.compare import isomorphic
from rdflib.namespace import RDF, XSD
from rdflib.query import Result
from rdflib.term import Node

RS = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
MEDIA = {
    ".srx": "application/sparql-results+xml",
    ".srj": "application/sparql-results+json",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
}
_FORMS = {".srx": "xml", ".srj": "json", ".tsv": "tsv"}

_INTEGERS = {
    XSD[name]
    for name in (
        "integer nonPositiveInteger negativeInteger nonNegativeInteger positiveInteger long int "
        "short byte unsignedLong unsignedInt unsignedShort unsignedByte"
    ).split()
}
_VALUES: dict[Node, Callable[[str], object]] = {
    **dict.fromkeys(_INTEGERS, int),
    XSD.decimal: lambda text: Decimal(text).normalize() + 0,
    XSD.double: lambda text: float(text.replace("INF", "inf")),
    XSD.float: lambda text: float(text.replace("INF", "inf")),
    XSD.boolean: {"true": True, "1": True, "false": False, "0": False}.__getitem__,
}


def check_table(found: bytes, expected: bytes, suffix: str) -> None:
    """Make sure that two tables or truths in the format of a file's suffix are the same."""
    assert isomorphic(_read(found, suffix), _read(expected, suffix)), _shown(found)


def check_result_set(found: bytes, suffix: str, expected: rdflib.Graph) -> None:
    """Make sure that a table is the one that is written down as RDF."""
    assert isomorphic(_read(found, suffix), _of_result_set(expected)), _shown(found)


def check_statements(found: bytes, expected: rdflib.Graph, where: str = "") -> None:
    """Make sure that N-Triples are what was to be."""
    graph = rdflib.Graph().parse(data=found, format="nt")
    assert isomorphic(_compared(graph), _compared(expected)), f"gave {_shown(found)}{where}"


def _read(data: bytes, suffix: str) -> rdflib.Graph:
    if suffix == ".csv":
        return _of_csv(data.decode())
    result = Result.parse(BytesIO(data), format=_FORMS[suffix])
    if result.type == "ASK":
        return _truth(bool(result.askAnswer))
    rows = ({str(name): value for name, value in row.items()} for row in result.bindings)
    return _table([str(name) for name in result.vars or ()], rows)


def _of_csv(text: str) -> rdflib.Graph:
    names, *rows = csv.reader(StringIO(text, newline=""))
    return _table(names, ({n: _of_cell(v) for n, v in zip(names, r, strict=True)} for r in rows))


def _of_cell(text: str) -> Node:
    """Return what a cell of CSV is compared by; it does not tell one kind of term from another."""
    if text.startswith("_:"):
        return rdflib.BNode(text)
    try:
        return rdflib.Literal(float(text))
    except ValueError:
        return rdflib.Literal(text)


def _of_result_set(given: rdflib.Graph) -> rdflib.Graph:
    for truth in given.objects(None, RS.boolean):
        assert isinstance(truth, rdflib.Literal)
        return _truth(str(truth) in ("true", "1"))
    names = [str(each) for each in given.objects(None, RS.resultVariable)]
    rows = []
    for solution in given.objects(None, RS.solution):
        bindings = list(given.objects(solution, RS.binding))
        rows.append({_name(given, each): _value(given, each) for each in bindings})
    return _table(names, rows)


def _name(given: rdflib.Graph, binding: Node) -> str:
    return str(given.value(binding, RS.variable))


def _value(given: rdflib.Graph, binding: Node) -> Node:
    value = given.value(binding, RS.value)
    assert value is not None
    return value


def _truth(truth: bool) -> rdflib.Graph:
    graph = rdflib.Graph()
    graph.add((rdflib.BNode(), RS.boolean, rdflib.Literal(truth)))
    return graph


def _table(names: Iterable[str], rows: Iterable[Mapping[str, Node]]) -> rdflib.Graph:
    """Return a table as statements, each row a node, so that blank nodes can be matched."""
    graph = rdflib.Graph()
    for name in names:
        graph.add((RS.ResultSet, RS.resultVariable, rdflib.Literal(name)))
    for row in rows:
        node = rdflib.BNode()
        graph.add((node, RDF.type, RS.solution))
        for name, value in row.items():
            graph.add((node, RS[f"variable-{name}"], _plain(value)))
    return graph


def _compared(graph: rdflib.Graph) -> rdflib.Graph:
    same = rdflib.Graph()
    for subject, predicate, value in graph:
        same.add((subject, predicate, _plain(value)))
    return same


def _plain(value: Node) -> Node:
    """Return a term as it is compared: a plain literal is one of xsd:string, a number its value."""
    if not isinstance(value, rdflib.Literal):
        return value
    if value.language:
        return rdflib.Literal(str(value), lang=value.language.lower())
    text, datatype = str(value), value.datatype or XSD.string
    if datatype in _VALUES:
        try:
            text = str(_VALUES[datatype](text))
        except (KeyError, ValueError, ArithmeticError):
            text = f"ill-typed {text}"
    return rdflib.Literal(text, datatype=datatype, normalize=False)


def _shown(found: bytes) -> str:
    return found.decode("utf-8", "replace")
