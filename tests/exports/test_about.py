"""What a graph says of itself is true, and the same for the same input."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, QuerySolutions

from kg.exports.about import count_figures
from kg.namespaces import DEFAULT_BASE, KG, about_graph
from kg.pipeline import build_graph
from kg.store import Graph, open_graph
from kg.vocabulary.lexicon import Lexicon
from tests.test_updating import LIST

PREFIXES = f"""
PREFIX kg: <{KG}> PREFIX void: <http://rdfs.org/ns/void#> PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""


@pytest.fixture(scope="module")
def graph(il7_graph: Path) -> Iterator[Graph]:
    with open_graph(il7_graph) as opened:
        yield opened


def ask(graph: Graph, columns: str, pattern: str) -> list[tuple[str, ...]]:
    """Return what the graph on itself answers, all columns as text."""
    rows = graph.query(
        f"{PREFIXES} SELECT {columns} {{ GRAPH <{about_graph(DEFAULT_BASE)}> {{ {pattern} }} }}"
    )
    assert isinstance(rows, QuerySolutions)
    return sorted(tuple(each.value for each in row if each is not None) for row in rows)


def count(graph: Graph, pattern: str) -> int:
    rows = graph.query(f"{PREFIXES} SELECT (COUNT(*) AS ?n) {{ {pattern} }}")
    assert isinstance(rows, QuerySolutions)
    [row] = rows
    return int(row["n"].value)


def test_every_class_and_property_is_counted_right(graph: Graph) -> None:
    classes = ask(
        graph,
        "?class ?n",
        "?set void:classPartition ?part . ?part void:class ?class ; void:entities ?n",
    )
    assert len(classes) > 20
    for class_, number in classes:
        assert count(graph, f"?s a <{class_}>") == int(number)
    properties = ask(
        graph,
        "?p ?n",
        "?set void:propertyPartition ?part . ?part void:property ?p ; void:triples ?n",
    )
    assert sum(int(number) for _, number in properties) == count(graph, "?s ?p ?o")
    for predicate, number in properties:
        assert count(graph, f"?s <{predicate}> ?o") == int(number)


def test_the_whole_is_counted_right(graph: Graph) -> None:
    dataset = f"<{DEFAULT_BASE}dataset>"
    [(triples, example)] = ask(
        graph, "?n ?x", f"{dataset} void:triples ?n ; void:exampleResource ?x"
    )
    assert int(triples) == count(graph, "?s ?p ?o")
    assert count(graph, f"<{example}> a kg:Publication") == 1
    figures = count_figures(graph.store)
    papers, entities = graph.manifest["counts"]["papers"], count(graph, "?s kg:curie ?o")
    assert papers + entities < figures.things < figures.triples


def test_links_are_counted_by_registry(graph: Graph) -> None:
    rows = ask(
        graph,
        "?space ?n",
        "?links void:linkPredicate skos:exactMatch ; void:triples ?n ; void:objectsTarget "
        "[ void:uriSpace ?space ]",
    )
    assert "http://purl.uniprot.org/uniprot/" in {space for space, _ in rows}
    for space, number in rows:
        pattern = f"?s skos:exactMatch ?o FILTER(STRSTARTS(STR(?o), '{space}'))"
        assert count(graph, pattern) == int(number)


def test_inputs_versions_and_licences_are_told(graph: Graph) -> None:
    digests = ask(graph, "?sha256", "?build prov:used ?source . ?source kg:sha256 ?sha256")
    manifest = graph.manifest
    assert {digest for (digest,) in digests} == {
        each["sha256"] for each in (*manifest["inputs"], *manifest["vocabularies"])
    }
    assert ask(graph, "?x", "?table rdfs:label 'cl.tsv.zst' ; dcterms:license ?x") == [
        ("https://creativecommons.org/licenses/by/4.0/",)
    ]
    assert len(ask(graph, "?agent", "?build prov:wasAssociatedWith ?agent")) == 2
    assert ask(graph, "?id", f"<{DEFAULT_BASE}dataset> dcterms:identifier ?id") == [
        (f"sha256:{manifest['build_hash']}",)
    ]


def test_there_is_nothing_of_it_in_the_default_graph_and_no_time(graph: Graph) -> None:
    about = list(
        graph.store.quads_for_pattern(None, None, None, NamedNode(about_graph(DEFAULT_BASE)))
    )
    assert len(about) > 500
    assert all("XMLSchema#date" not in str(quad) for quad in about)
    [dataset] = {quad.subject for quad in about if str(quad.subject).endswith("/dataset>")}
    assert not any(graph.store.quads_for_pattern(dataset, None, None, DefaultGraph()))
    assert graph.manifest["quads"] == len(graph)


def test_two_builds_say_the_same(graph: Graph, tmp_path: Path, lexicon: Lexicon) -> None:
    build_graph([LIST], tmp_path / "again.kg", lexicon)
    with open_graph(tmp_path / "again.kg") as again:
        assert again.manifest["build_hash"] == graph.manifest["build_hash"]
        assert set(again.quads()) == set(graph.quads())
