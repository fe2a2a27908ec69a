"""A report as RDF: the same in Turtle and in JSON-LD, and what SHACL asks of it."""

import json

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from kg.validation import Report, read_shapes, report_json, report_turtle, validate_store
from tests.validation.broken import update, valid_store

SH = "http://www.w3.org/ns/shacl#"
CHANGE = """
    INSERT DATA {
        pmid:1 kg:year "2004" ; kg:mentions <http://example.org/nobody> .
        hgnc:6023 rdfs:label "IL-7"@en .
    } ;
    DELETE WHERE { ?sentence kg:text ?text } ;
    DELETE DATA { assertion:1 kg:evidence evidence:1 }"""


def broken() -> Report:
    store = valid_store()
    update(store, CHANGE)
    return validate_store(store, read_shapes())


def canonical(quads: list[Quad]) -> list[str]:
    """Return what a report says without the names of its blank nodes."""
    store = Store()
    store.extend(quads)
    lines = []
    for result in store.quads_for_pattern(None, NamedNode(f"{SH}result"), None):
        said = []
        for quad in store.quads_for_pattern(result.object, None, None):  # type: ignore[arg-type]
            value = str(quad.object)
            if value.startswith("_:"):
                inner = store.quads_for_pattern(quad.object, None, None)  # type: ignore[arg-type]
                value = " ".join(f"{each.predicate} {each.object}" for each in inner)
            said.append(f"{quad.predicate} {value}")
        lines.append(" ; ".join(sorted(said)))
    return sorted(lines)


def test_turtle_and_json_say_the_same() -> None:
    report = broken()
    turtle = list(parse(report_turtle(report), format=RdfFormat.TURTLE))
    json_ld = list(parse(report_json(report), format=RdfFormat.JSON_LD))
    assert canonical(turtle) == canonical(json_ld)
    assert len(canonical(turtle)) == len(report.results) > 6
    inverse = [quad for quad in turtle if quad.predicate.value == f"{SH}inversePath"]
    assert [quad.object.value for quad in inverse] == ["https://w3id.org/litkg/ontology#evidence"]


def test_a_report_has_what_shacl_asks_of_it() -> None:
    report = broken()
    graph = list(parse(report_turtle(report), format=RdfFormat.TURTLE))
    predicates = {quad.predicate.value.removeprefix(SH) for quad in graph}
    assert {
        "conforms",
        "result",
        "focusNode",
        "resultPath",
        "value",
        "resultSeverity",
    } <= predicates
    assert {"sourceConstraintComponent", "sourceShape", "resultMessage"} <= predicates
    assert not report.conforms


def test_json_reads_as_plain_json() -> None:
    found = json.loads(report_json(broken()))
    assert found["conforms"] is False
    year = next(each for each in found["results"] if each["shape"].endswith("#Publication-year"))
    assert year["focus"] == "http://www.ncbi.nlm.nih.gov/pubmed/1"
    assert year["path"] == "https://w3id.org/litkg/ontology#year"
    assert year["value"] == "2004"
    assert year["severity"] == "Violation"


def test_warnings_do_not_fail() -> None:
    store = valid_store()
    update(store, "INSERT DATA { pmid:1 kg:yaer 2004 }")
    report = validate_store(store, read_shapes())
    assert [str(each.severity) for each in report.results] == ["Warning"]
    assert report.conforms
