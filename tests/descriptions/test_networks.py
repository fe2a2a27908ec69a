"""Entities and what joins them, read from the graph of the reading list."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.descriptions.networks import read_network, read_quoted
from kg.namespaces import KG
from kg.store import Graph, open_graph

IL7 = "http://identifiers.org/hgnc/6023"
STAT5 = "https://identifiers.org/fplx:STAT5"


@pytest.fixture(scope="module")
def graph(il7_graph: Path) -> Iterator[Graph]:
    with open_graph(il7_graph) as opened:
        yield opened


def test_edges_are_the_assertions_around_an_entity(graph: Graph) -> None:
    network = read_network(graph, [IL7], limit=2_000)
    around = [edge for edge in network.edges if IL7 in (edge.source, edge.target)]
    rows = graph.query(
        f"SELECT (COUNT(DISTINCT ?a) AS ?n) {{ ?a kg:subject|kg:object <{IL7}> }}",
        prefixes={"kg": KG},
    )
    assert len(around) == int(next(iter(rows))["n"].value)  # type: ignore[arg-type]
    assert not network.is_cut
    # The rest joins neighbours with each other.
    near = {end for edge in around for end in (edge.source, edge.target)}
    assert all({edge.source, edge.target} <= near for edge in network.edges)
    assert len(network.edges) > len(around)


def test_edges_tell_sign_and_years(graph: Graph) -> None:
    edges = read_network(graph, [IL7], limit=2_000).edges
    by_relation = {edge.predicate.removeprefix(KG): edge.sign for edge in edges}
    assert by_relation["activates"] == "+"
    assert by_relation["inhibits"] == "-"
    assert by_relation["expressed_in"] == ">"
    assert by_relation["binds"] == ""
    assert all(sum(papers for _, papers in edge.years) == edge.papers for edge in edges)
    assert any(edge.negated for edge in edges)
    assert any(edge.speculative for edge in edges)


def test_a_limit_keeps_what_most_papers_have(graph: Graph) -> None:
    whole = read_network(graph, [IL7], limit=2_000).edges
    few = read_network(graph, [IL7], limit=5)
    assert few.is_cut
    assert few.edges == whole[:5]
    assert few.edges[0].papers == max(edge.papers for edge in whole)


def test_what_is_mentioned_together_comes_behind(graph: Graph) -> None:
    network = read_network(graph, [IL7, STAT5], limit=2_000, together=True)
    kinds = [
        bool(edge.predicate) for edge in network.edges if {IL7, STAT5} & {edge.source, edge.target}
    ]
    assert kinds == sorted(kinds, reverse=True)
    pairs = [frozenset((edge.source, edge.target)) for edge in network.edges if not edge.predicate]
    assert len(pairs) == len(set(pairs)) > 100


def test_what_is_no_entity_has_no_network(graph: Graph) -> None:
    assert read_network(graph, ["http://example.org/none"]).edges == ()
    with pytest.raises(ValueError, match="IRI"):
        read_network(graph, ["no iri"])


def test_an_assertion_has_the_sentences_that_say_so(graph: Graph) -> None:
    edge = next(
        edge
        for edge in read_network(graph, [IL7], limit=2_000).edges
        if edge.predicate == f"{KG}activates" and edge.target == STAT5
    )
    quoted = read_quoted(graph, edge.iri)
    assert len(quoted) == edge.sentences
    assert [one.year or 0 for one in quoted] == sorted(
        (one.year or 0 for one in quoted), reverse=True
    )
    assert all(one.trigger and one.trigger in one.text for one in quoted)
    assert read_quoted(graph, "http://example.org/none") == []
