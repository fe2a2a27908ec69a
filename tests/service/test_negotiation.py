import pytest

from kg.service.negotiation import GRAPHS, TABLES, choose, named


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


def test_text_says_its_encoding() -> None:
    assert [offer.content_type for offer in TABLES] == [
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv; charset=utf-8",
        "text/tab-separated-values; charset=utf-8",
    ]
