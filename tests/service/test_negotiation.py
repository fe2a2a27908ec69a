import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, QueryResultsFormat, QuerySolutions, Store

from kg.service.negotiation import GRAPHS, TABLES, Offer, RowCounter, choose, named


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        ("", "json"),
        ("*/*", "json"),
        ("application/sparql-results+xml", "xml"),
        ("text/csv;q=0.4, text/tab-separated-values;q=0.8", "tsv"),
        ("text/*", "xml"),
        ("text/*;q=0.5, text/csv", "csv"),
        ("*/*;q=0.1, text/csv;q=0.2", "csv"),
        ("application/sparql-results+json;q=0, application/json;q=0, */*", "xml"),
        ("application/json; charset=utf-8", "json"),
        ("TEXT/CSV", "csv"),
        ("text/html, application/xhtml+xml, */*;q=0.8", "json"),
        ("text/csv;q=nonsense, text/tab-separated-values;q=0.1", "tsv"),
    ],
)
def test_the_format_wanted_most(accept: str, wanted: str) -> None:
    offer = choose(accept, TABLES)
    assert offer is not None
    assert offer.name == wanted


@pytest.mark.parametrize("accept", ["image/png", "text/csv;q=0", "*/*;q=0", "application/pdf, x/y"])
def test_nothing_that_can_be_had_is_wanted(accept: str) -> None:
    assert choose(accept, TABLES) is None


def test_graphs_are_turtle_unless_asked_for_otherwise() -> None:
    for accept, wanted in (("", "turtle"), ("application/ld+json, text/turtle;q=0.9", "jsonld")):
        offer = choose(accept, GRAPHS)
        assert offer is not None
        assert offer.name == wanted


def test_a_format_by_its_name_or_media_type() -> None:
    for name in ("csv", "CSV", "text/csv"):
        offer = named(name, TABLES)
        assert offer is not None
        assert offer.name == "csv"
    assert named("pdf", TABLES) is None


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        ("json", "jsonld"),
        ("xml", "rdfxml"),
        ("n3", "turtle"),
        ("json-ld,application/ld+json,application/x-json+ld", "jsonld"),
        ("unheard-of, nt", "ntriples"),
        ("application/n-quads", "nquads"),
    ],
)
def test_the_names_that_others_have_for_formats(names: str, wanted: str) -> None:
    offer = named(names, GRAPHS)
    assert offer is not None
    assert offer.name == wanted


def test_text_says_its_encoding() -> None:
    assert [offer.content_type for offer in TABLES] == [
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv; charset=utf-8",
        "text/tab-separated-values; charset=utf-8",
    ]


@given(st.integers(0, 5), st.integers(1, 40), st.sampled_from(TABLES))
def test_rows_are_counted_however_an_answer_is_cut(rows: int, size: int, offer: Offer) -> None:
    store = Store()
    for number in range(rows):
        tricky = Literal(f'{number}}}}},{{"<result>\n')
        store.add(Quad(NamedNode(f"http://a/{number}"), NamedNode("http://a/p"), tricky))
    solutions = store.query("SELECT * { ?s ?p ?o }")
    assert isinstance(solutions, QuerySolutions)
    assert isinstance(offer.form, QueryResultsFormat)
    body = solutions.serialize(format=offer.form)
    assert body is not None
    counter = RowCounter(offer)
    counted = [counter.count(body[at : at + size]) for at in range(0, len(body), size)]
    assert counted[-1] == rows
