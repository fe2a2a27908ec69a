"""JSON-LD for people: the same statements, in words that read well."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import rdflib
from pyld import jsonld
from pyoxigraph import Quad, RdfFormat, Store, parse

from kg.errors import KgError
from kg.exports import Selection, View, find_profile, open_view, write_profile
from kg.exports.jsonld_context import Context
from kg.namespaces import DEFAULT_BASE, KG
from kg.prefixes import PREFIXES
from kg.resources import resource_path
from kg.store import open_graph
from tests.test_exports import NAMED, SAMPLE, statements

# rdflib's own readers of datasets use what rdflib has deprecated.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Dataset.default_context:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
]

# What stands at two places, or at none, and names that only look like something else.
ODD = """
<@base/sentence/a> <@kg#inPublication> <@pubmed/1> .
<@base/sentence/a> <@kg#inPublication> <@pubmed/17265423> .
<@base/sentence/alone> <@kg#inPublication> <@pubmed/2> .
<@base/sentence/alone> <@kg#start> "007"^^<@xsd#integer> .
<@pubmed/1> <@type> <@kg#Publication> .
<@pubmed/1> <http://www.w3.org/ns/prov#wasDerivedFrom> <@base/record/r> .
<@base/record/r> <@kg#line> "12345678901234567890"^^<@xsd#integer> .
<@base/evidence/e> <@kg#evidenceSentence> <@base/sentence/a> .
<@base/evidence/f> <@kg#evidenceSentence> <@base/sentence/alone> .
<@base/assertion/x> <@kg#evidence> <@base/evidence/e> .
<@base/assertion/x> <@kg#evidence> <@base/evidence/f> .
<@base/assertion/x> <@kg#predicate> <@kg#activates> .
<@base/assertion/x> <@kg#predicate> <http://example.org/predicate> .
<@base/assertion/x> <@kg#negated> "1"^^<@xsd#boolean> .
<@base/assertion/x> <@kg#subject> "a literal" .
<@base/assertion/x> <@kg#confidence> "0.5"^^<@xsd#double> .
<https://doi.org/10.1/a> <@replacedBy> <@pubmed/1> .
<https://doi.org/10.1/a> <@label> "has more than that" .
<https://doi.org//b> <@label> "two slashes" .
<@base/a//b> <@label> "an empty step" .
<@base/a/../b> <@label> "a step back" .
<@base/a/..b> <@label> "none" .
<HGNC:6023> <@label> "an IRI that looks like a short one" .
<@base/c> <http://example.org/none/> "a property of no name" .
<@kg#> <@kg#> <@kg#> .
_:b <@label> "blank" .
<@base/c> <@seeAlso> _:b .
"""


def view_of(text: str) -> View:
    store = Store()
    store.load("\n".join(statements(text)).encode(), format=RdfFormat.N_QUADS, lenient=True)
    return View(store=store, manifest={"base_iri": DEFAULT_BASE})


@pytest.fixture(params=["sample", "odd", "built", "no text"])
def view(request: pytest.FixtureRequest, il7_graph: Path) -> Iterator[View]:
    if request.param in ("sample", "odd"):
        yield view_of(SAMPLE + NAMED if request.param == "sample" else ODD.replace("HGNC:", "x:"))
        return
    with (
        open_graph(il7_graph) as graph,
        open_view(graph, Selection(texts=request.param == "built")) as opened,
    ):
        yield opened


def write(view: View, target: Path) -> Path:
    write_profile(find_profile("jsonld"), view, target)
    return target


def quads(found: Any) -> set[Quad]:
    """Return statements with every blank node under one name: no test has more than one."""
    return {parse_one(str(quad)) for quad in found}


def parse_one(text: str) -> Quad:
    quad: Quad
    [quad] = parse(re.sub(r"_:\w+", "_:b", text) + " .", RdfFormat.N_QUADS, lenient=True)
    return quad


def test_the_same_statements_in_oxigraph(view: View, tmp_path: Path) -> None:
    path = write(view, tmp_path / "a.jsonld")
    read = parse(path.read_bytes(), RdfFormat.JSON_LD, lenient=True)
    assert quads(map(str, read)) == quads(map(str, view.store))


def test_the_same_statements_in_pyld(view: View, tmp_path: Path) -> None:
    document = json.loads(write(view, tmp_path / "a.jsonld").read_text(encoding="utf-8"))
    text = jsonld.to_rdf(document, {"format": "application/n-quads"})
    read = parse(text, RdfFormat.N_QUADS, lenient=True)
    # PyLD writes every double in its canonical form, whatever it was.
    found, expected = (
        {each for each in quads(map(str, some)) if "XMLSchema#double" not in str(each)}
        for some in (read, view.store)
    )
    assert found == expected


def test_the_same_number_of_statements_in_rdflib(il7_graph: Path, tmp_path: Path) -> None:
    with open_graph(il7_graph) as graph:
        view = View(store=graph.store, manifest=graph.manifest)
        path = write(view, tmp_path / "a.jsonld")
        expected = rdflib.Dataset()
        expected.parse(data="".join(f"{quad} .\n" for quad in graph.store), format="nquads")
    found = rdflib.Dataset()
    found.parse(path, format="json-ld")
    assert set(found.quads()) == set(expected.quads())


def test_it_reads_well(il7_graph: Path, tmp_path: Path) -> None:
    with open_graph(il7_graph) as graph:
        path = write(View(store=graph.store, manifest=graph.manifest), tmp_path / "a.jsonld")
    nodes = json.loads(path.read_text(encoding="utf-8"))["@graph"]
    papers = [node for node in nodes if node.get("type") == "Publication"]
    assert nodes[: len(papers)] == papers
    [paper] = [node for node in papers if "promotes Glut1 trafficking" in node["title"]]
    assert paper["year"] == 2008
    assert {"HGNC:6023", "FPLX:STAT5"} <= set(paper["mentions"])
    title = paper["sentences"][0]
    assert title["field"] == "title"
    assert title["text"] == paper["title"]
    assert title["mentionAt"] == sorted(title["mentionAt"])
    said = {one["trigger"]: one for one in title["says"]}
    assert said["promotes"]["negated"] is False
    by_id = {node["id"]: node for node in nodes}
    [assertion] = said["promotes"]["supports"]
    assert by_id[assertion]["predicate"] == "promotes"
    # What stands in a paper does not stand beside it as well.
    assert not {"Sentence", "Evidence", "Record"} & {str(node.get("type")) for node in nodes}


def test_the_context_names_every_property_of_the_ontology() -> None:
    ontology = rdflib.Graph().parse(resource_path("ontology", "litkg.ttl"))
    context = Context(DEFAULT_BASE)
    kinds = (rdflib.OWL.ObjectProperty, rdflib.OWL.DatatypeProperty)
    for kind in kinds:
        for term in ontology.subjects(rdflib.RDF.type, kind):
            name = str(term).removeprefix(KG)
            if name == str(term):
                continue
            said = context.document[name]
            assert said["@id"] == f"kg:{name}"
            assert (said.get("@type") in ("@id", "@vocab")) == (kind is rdflib.OWL.ObjectProperty)
            functional = (term, rdflib.RDF.type, rdflib.OWL.FunctionalProperty) in ontology
            assert (said.get("@container") == "@set") is not functional, name


def test_the_context_has_every_registry() -> None:
    document = Context(DEFAULT_BASE).document
    for prefix in PREFIXES.values():
        said = document[prefix.name]
        assert (said if isinstance(said, str) else said["@id"]) == prefix.iri.partition("$1")[0]


def test_another_base(tmp_path: Path) -> None:
    store = Store()
    line = '<https://lab.example/kg/journal/a> <http://www.w3.org/2000/01/rdf-schema#label> "B" .'
    store.load(line.encode(), format=RdfFormat.N_TRIPLES)
    path = write(
        View(store=store, manifest={"base_iri": "https://lab.example/kg/"}), tmp_path / "a"
    )
    document = json.loads(path.read_text(encoding="utf-8"))
    assert document["@graph"] == [{"id": "journal/a", "label": "B"}]
    assert set(parse(path.read_bytes(), RdfFormat.JSON_LD)) == set(store)


def test_triple_terms_are_refused(tmp_path: Path) -> None:
    store = Store()
    store.load(b"<a:s> <a:p> <<( <a:s> <a:p> <a:o> )>> .", format=RdfFormat.N_TRIPLES)
    with pytest.raises(KgError, match="triple term"):
        write(View(store=store, manifest={}), tmp_path / "a.jsonld")
    assert not list(tmp_path.iterdir())
