"""Floor 8: a report as RDF (sh:ValidationReport) and as JSON-LD that reads as plain JSON."""

import json
from collections.abc import Iterator
from io import BytesIO

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from kg.namespaces import RDF, RDFS, XSD
from kg.validation.model import SH, SHAPES, Report, Result, Term

_TYPE = NamedNode(f"{RDF}type")

_CONTEXT = {
    "sh": SH,
    "conforms": "sh:conforms",
    "results": {"@id": "sh:result", "@container": "@set"},
    "focus": {"@id": "sh:focusNode", "@type": "@id"},
    "path": {"@id": "sh:resultPath", "@type": "@id"},
    "value": "sh:value",
    "component": {"@id": "sh:sourceConstraintComponent", "@type": "@vocab"},
    "severity": {"@id": "sh:resultSeverity", "@type": "@vocab"},
    "shape": {"@id": "sh:sourceShape", "@type": "@id"},
    "message": "sh:resultMessage",
    "inversePath": {"@id": "sh:inversePath", "@type": "@id"},
    "@vocab": SH,
}


def report_turtle(report: Report) -> bytes:
    """Return a report as a sh:ValidationReport in Turtle."""
    output = BytesIO()
    prefixes = {"sh": SH, "kgs": SHAPES, "kg": "https://w3id.org/litkg/ontology#"}
    serialize(_triples(report), output, format=RdfFormat.TURTLE, prefixes=prefixes)
    return output.getvalue()


def report_json(report: Report) -> bytes:
    """Return a report as JSON: a sh:ValidationReport in JSON-LD, whose names are plain words."""
    document = {
        "@context": _CONTEXT,
        "@type": "sh:ValidationReport",
        "conforms": report.conforms,
        "results": [_entry(result) for result in report.results],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _triples(report: Report) -> Iterator[Triple]:
    whole = BlankNode("report")
    yield Triple(whole, _TYPE, NamedNode(f"{SH}ValidationReport"))
    conforms = Literal("true" if report.conforms else "false", datatype=NamedNode(f"{XSD}boolean"))
    yield Triple(whole, NamedNode(f"{SH}conforms"), conforms)
    for number, result in enumerate(report.results, 1):
        node = BlankNode(f"result{number}")
        yield Triple(whole, NamedNode(f"{SH}result"), node)
        yield Triple(node, _TYPE, NamedNode(f"{SH}ValidationResult"))
        for name, term in _properties(result):
            yield Triple(node, NamedNode(f"{SH}{name}"), term)
        if result.path is not None:
            yield from _path(node, result.path, BlankNode(f"path{number}"))


def _properties(result: Result) -> Iterator[tuple[str, Term]]:
    yield "focusNode", result.focus
    if result.value is not None:
        yield "value", result.value
    yield "resultSeverity", NamedNode(f"{SH}{result.severity}")
    yield "sourceConstraintComponent", NamedNode(f"{SH}{result.component}")
    if not result.shape.startswith("_:"):
        # A shape without an IRI has no meaning outside its file.
        yield "sourceShape", NamedNode(result.shape)
    if result.message:
        yield "resultMessage", Literal(result.message)


def _path(node: BlankNode, path: str, inverse: BlankNode) -> Iterator[Triple]:
    if path.startswith("("):
        # Of several steps: told in words, which RDF has no path for.
        yield Triple(node, NamedNode(f"{RDFS}comment"), Literal(path))
    elif path.startswith("^"):
        yield Triple(node, NamedNode(f"{SH}resultPath"), inverse)
        yield Triple(inverse, NamedNode(f"{SH}inversePath"), NamedNode(path[1:]))
    else:
        yield Triple(node, NamedNode(f"{SH}resultPath"), NamedNode(path))


def _entry(result: Result) -> dict[str, object]:
    entry: dict[str, object] = {"@type": "sh:ValidationResult", "focus": _id(result.focus)}
    if result.path is not None and not result.path.startswith("("):
        path = result.path
        entry["path"] = {"inversePath": path[1:]} if path.startswith("^") else path
    if result.value is not None:
        entry["value"] = _value(result.value)
    entry |= {"component": result.component, "severity": str(result.severity)}
    if not result.shape.startswith("_:"):
        entry["shape"] = result.shape
    if result.message:
        entry["message"] = result.message
    return entry


def _id(term: Term) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)


def _value(term: Term) -> object:
    if not isinstance(term, Literal):
        return {"@id": _id(term)}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype.value == f"{XSD}string":
        return term.value
    return {"@value": term.value, "@type": term.datatype.value}
