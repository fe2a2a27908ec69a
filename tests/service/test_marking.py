"""Words that are marked in sentences: within each other, over each other, and of several things."""

import pytest

from kg.descriptions import Names
from kg.descriptions.sentences import Sentence
from kg.service.pages.addresses import Addresses
from kg.service.pages.marking import (
    Span,
    cut_pieces,
    find_spans,
    link_mentions,
    mark_entities,
    mark_words,
)
from kg.service.pages.shown import Shown
from kg.store import Graph, open_graph

A, B = "http://example.org/a", "http://example.org/b"


@pytest.fixture
def shown(sample_graph: Graph) -> Shown:
    with open_graph(sample_graph) as graph:  # type: ignore[arg-type]
        return Shown(Names(graph, "https://a.b/", {}), Addresses("http://here", "https://a.b/"))


def sentence(text: str, starts: tuple[int, ...], *mentioned: tuple[str, str]) -> Sentence:
    return Sentence(
        iri="https://a.b/sentence/1",
        field="abstract",
        section="",
        start=10,
        text=text,
        mentioned=mentioned,
        starts=tuple(10 + start for start in starts),
    )


def test_spans_that_lap_over_each_other_are_cut_into_pieces() -> None:
    first, second = Span(0, 6, (A,)), Span(4, 9, (B,))
    pieces = cut_pieces(10, [first, second])
    assert [(begin, end, over) for begin, end, over in pieces] == [
        (0, 4, (first,)),
        (4, 6, (second, first)),
        (6, 9, (second,)),
        (9, 10, ()),
    ]
    assert cut_pieces(3, [Span(2, 7)]) == [(0, 3, ())]


def test_what_is_within_another_leads_to_itself(shown: Shown) -> None:
    one = sentence("acute T cell leukemia", (0, 6), ("acute T cell leukemia", A), ("T cell", B))
    page = str(link_mentions(shown, one))
    assert page.count("<a ") == 3
    assert page.count("</a>") == 3
    assert 'href="http://here/entity?iri=http%3A%2F%2Fexample.org%2Fb"' in page
    assert "nested" in page
    assert f"also {A}" in page
    assert str(mark_entities(shown, one, {B})).count("<mark>") == 1


def test_words_that_were_taken_for_several_things_lead_to_one_and_name_the_others(
    shown: Shown,
) -> None:
    one = sentence("p70 & <p70>", (0, 7), ("p70", A), ("p70", B))
    assert [(span.begin, span.entities) for span in find_spans(one)] == [(0, (A, B)), (7, (A, B))]
    page = str(link_mentions(shown, one))
    assert page.count("<a ") == 2
    assert page.count("&lt;<a") == 1
    assert f"also {B}" in page


def test_a_trigger_is_marked_where_it_stands(shown: Shown) -> None:
    one = sentence("A binds and binds B", (0,), ("A", A))
    page = str(mark_entities(shown, one, {A}, "binds", 10 + 12))
    assert page.endswith('and <mark class="trigger">binds</mark> B')
    assert "trigger" not in str(mark_entities(shown, one, {A}, "binds", 10 + 3))
    assert "trigger" not in str(mark_entities(shown, one, {A}, "binds", -1))


@pytest.mark.parametrize(
    ("words", "marked"),
    [
        (["IL-7"], "<mark>IL-7</mark> and IL-7R &lt;b&gt;"),
        (["IL-7", "IL-7R"], "<mark>IL-7</mark> and <mark>IL-7R</mark> &lt;b&gt;"),
        (["", "(["], "IL-7 and IL-7R &lt;b&gt;"),
        (["<b>"], "IL-7 and IL-7R <mark>&lt;b&gt;</mark>"),
    ],
)
def test_words_are_marked_where_they_stand_by_themselves(words: list[str], marked: str) -> None:
    assert str(mark_words("IL-7 and IL-7R <b>", words)) == marked
