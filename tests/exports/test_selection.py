"""Parts of a graph: as if built of these papers alone, and nothing that leads nowhere."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from kg.exports import Selection, open_view
from kg.namespaces import DEFAULT_BASE, KG, RDF, RDFS, about_graph
from kg.pipeline import build_graph
from kg.store import Graph, open_graph, update_graph
from kg.vocabulary.lexicon import Lexicon
from tests.test_updating import split_list

DEFAULT = DefaultGraph()
INFERRED = f"{DEFAULT_BASE}graph/inferred"


def term(name: str) -> NamedNode:
    return NamedNode(f"{KG}{name}")


def papers_of(store: Store) -> list[str]:
    found = store.quads_for_pattern(None, NamedNode(f"{RDF}type"), term("Publication"), DEFAULT)
    return sorted(quad.subject.value for quad in found if isinstance(quad.subject, NamedNode))


def default_graph(store: Store) -> set[Quad]:
    return set(store.quads_for_pattern(None, None, None, DEFAULT))


@pytest.fixture(scope="module")
def graph(lexicon: Lexicon, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    """A graph of two lists."""
    folder = tmp_path_factory.mktemp("two")
    build_graph(split_list(folder)[:2], folder / "two.kg", lexicon)
    with open_graph(folder / "two.kg") as opened:
        yield opened


def test_everything_is_the_graph_itself(graph: Graph) -> None:
    with open_view(graph, Selection()) as view:
        assert view.store is graph.store


def test_all_papers_give_all_statements(graph: Graph) -> None:
    selection = Selection(papers=frozenset(papers_of(graph.store)))
    with open_view(graph, selection) as view:
        assert default_graph(view.store) == default_graph(graph.store)


@pytest.mark.parametrize("number", [0, 1])
def test_the_papers_of_a_list_give_the_graph_of_that_list(
    lexicon: Lexicon, tmp_path: Path, graph: Graph, number: int
) -> None:
    parts = split_list(tmp_path)
    build_graph([parts[number]], tmp_path / "one.kg", lexicon)
    with open_graph(tmp_path / "one.kg") as alone:
        selection = Selection(papers=frozenset(papers_of(alone.store)))
        with open_view(graph, selection) as view:
            expected, found = default_graph(alone.store), default_graph(view.store)
    # The summary of the first list's topic is said of an entity, which stays if it is mentioned.
    described = {
        quad for quad in found if quad.predicate.value == "http://purl.org/dc/terms/description"
    }
    assert found - described == expected - described


@pytest.mark.parametrize("texts", [True, False])
def test_nothing_leads_to_what_only_the_whole_graph_describes(graph: Graph, texts: bool) -> None:
    for paper in papers_of(graph.store)[::7]:
        selection = Selection(papers=frozenset([paper]), texts=texts)
        with open_view(graph, selection) as view:
            assert papers_of(view.store) == [paper]
            for quad in default_graph(view.store):
                assert not is_lost(quad.object, graph.store, view.store), str(quad)


def is_lost(node: object, whole: Store, part: Store) -> bool:
    """Tell whether a node is of our own making, and described in the whole graph alone."""
    if not isinstance(node, NamedNode) or not node.value.startswith(DEFAULT_BASE):
        return False
    return any(whole.quads_for_pattern(node, None, None, DEFAULT)) and not any(
        part.quads_for_pattern(node, None, None, DEFAULT)
    )


def test_entities_of_a_part_are_described_with_all_above_them(graph: Graph) -> None:
    selection = Selection(papers=frozenset(papers_of(graph.store)[:3]))
    with open_view(graph, selection) as view:
        for predicate in ("refersTo", "mayReferTo", "ancestor", "inTaxon", "memberOf", "mentions"):
            for quad in view.store.quads_for_pattern(None, term(predicate), None, DEFAULT):
                assert isinstance(quad.object, NamedNode)
                label = NamedNode(f"{RDFS}label")
                assert any(view.store.quads_for_pattern(quad.object, label, None, DEFAULT))


def test_texts_go_and_titles_stay(graph: Graph) -> None:
    before = {
        quad.subject: quad.object.value
        for quad in graph.store.quads_for_pattern(None, term("text"), None, DEFAULT)
        if isinstance(quad.object, Literal)
    }
    with open_view(graph, Selection(texts=False)) as view:
        store = view.store

        def value(node: object, name: str) -> str:
            [quad] = store.quads_for_pattern(node, term(name), None, DEFAULT)  # type: ignore[arg-type]
            assert isinstance(quad.object, Literal)
            return quad.object.value

        kept = 0
        for sentence, text in before.items():
            if value(sentence, "field") == "title":
                kept += 1
                assert value(sentence, "text") == text
                assert not any(store.quads_for_pattern(sentence, term("textSha256"), None))
                continue
            assert not any(store.quads_for_pattern(sentence, term("text"), None))
            assert value(sentence, "textSha256") == sha256(text.encode()).hexdigest()
            assert int(value(sentence, "end")) - int(value(sentence, "start")) == len(text)
        assert 0 < kept < len(before)
        # No sentence stands anywhere else, in a literal or in what the build noted.
        literals = {quad.object.value for quad in store if isinstance(quad.object, Literal)}
        titles = {
            quad.object.value
            for quad in store.quads_for_pattern(None, term("text"), None)
            if isinstance(quad.object, Literal)
        }
        assert not (set(before.values()) - titles) & literals
        assert "problems" not in view.manifest


def test_what_is_inferred_goes(tmp_path: Path, lexicon: Lexicon) -> None:
    parts = split_list(tmp_path)
    build_graph(parts[:1], tmp_path / "a.kg", lexicon)
    with open_graph(tmp_path / "a.kg") as built:
        paper, other = papers_of(built.store)[:2]
    update_graph(
        tmp_path / "a.kg",
        f"INSERT DATA {{ GRAPH <{INFERRED}> {{ <{paper}> a <{KG}Inferred> . "
        f"<{paper}> <{KG}cites> <{other}> }} }}",
    )
    inferred = NamedNode(INFERRED)
    with open_graph(tmp_path / "a.kg") as changed:
        with open_view(changed, Selection(inferred=False)) as view:
            assert not any(view.store.quads_for_pattern(None, term("ancestor"), None))
            assert not any(view.store.quads_for_pattern(None, None, None, inferred))
            assert any(view.store.quads_for_pattern(None, term("mentions"), None))
            stated = NamedNode(f"{RDFS}subClassOf")
            assert any(view.store.quads_for_pattern(None, stated, None))
        # Of one paper, what was inferred of it stays, if all it leads to is there.
        with open_view(changed, Selection(papers=frozenset([paper, other]))) as view:
            assert [
                quad.predicate for quad in view.store.quads_for_pattern(None, None, None, inferred)
            ] == [term("cites")]
        with open_view(changed, Selection(papers=frozenset([paper]))) as view:
            assert not any(view.store.quads_for_pattern(None, None, None, inferred))


def test_a_part_says_what_it_is(graph: Graph) -> None:
    selection = Selection(papers=frozenset(papers_of(graph.store)[:2]), texts=False)
    with open_view(graph, selection) as view:
        about = NamedNode(about_graph(DEFAULT_BASE))
        said = {
            quad.object.value
            for quad in view.store.quads_for_pattern(None, None, None, about)
            if isinstance(quad.object, Literal)
        }
        assert "A part of the whole: 2 papers, without the texts of sentences" in said
        assert view.manifest["quads"] == len(view.store)
        assert "counts" not in view.manifest


def test_the_store_of_a_part_is_gone_afterwards(graph: Graph) -> None:
    with open_view(graph, Selection(texts=False)):
        pass
    with open_view(graph, Selection()) as view:
        assert any(view.store.quads_for_pattern(None, term("text"), None))
