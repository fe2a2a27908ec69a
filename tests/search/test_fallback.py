"""Search where there is no index: the graph itself is asked."""

import pytest

from kg.search import Found, Kind, search_graph, suggest_names
from kg.store import Graph
from tests.searching import BASE, IL7, PMID


def iris(found: Found, kind: Kind) -> set[str]:
    return {hit.iri for hit in found.hits if hit.kind is kind}


@pytest.mark.parametrize("name", ["IL-7", "il7", "interleukin 7"])
def test_entities_by_name_and_what_mentions_them(graph: Graph, name: str) -> None:
    found = search_graph(graph, name)
    assert found.hits[0].iri == IL7
    assert iris(found, Kind.PAPER) == {f"{PMID}1", f"{PMID}2"}
    assert iris(found, Kind.SENTENCE) == {f"{BASE}s2a", f"{BASE}s3a"}
    assert found.is_complete


def test_all_words_are_looked_for_in_titles_and_sentences(graph: Graph) -> None:
    assert iris(search_graph(graph, "alive keeps"), Kind.PAPER) == {f"{PMID}1"}
    assert iris(search_graph(graph, "stromal factor"), Kind.SENTENCE) == {f"{BASE}s2a"}
    assert iris(search_graph(graph, "TNF-α"), Kind.SENTENCE) == {f"{BASE}s4a"}
    assert search_graph(graph, "stromal xyzzy").hits == ()


def test_one_kind_and_so_many(graph: Graph) -> None:
    found = search_graph(graph, "IL-7", Kind.PAPER, limit=1)
    assert [hit.kind for hit in found.hits] == [Kind.PAPER]
    assert not found.is_complete
    assert search_graph(graph, "IL-7", is_first=False).hits == ()


def test_suggestions_begin_so(graph: Graph) -> None:
    assert [each.name for each in suggest_names(graph, "interleukin-7 r")] == [
        "interleukin 7 receptor"
    ]
    assert suggest_names(graph, "xyzzy") == []


@pytest.mark.parametrize("query", ["", '"', "\\", '" ) } #', "a.*b", "[", "\0", "😀", "x" * 10_000])
def test_no_query_is_syntax_or_an_error(graph: Graph, query: str) -> None:
    assert len(search_graph(graph, query).hits) <= 60
    assert len(suggest_names(graph, query)) <= 10
