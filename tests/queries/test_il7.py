"""The saved queries on the graph of the real list: their examples, and a reader's answers."""

from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
import yaml
from pyoxigraph import QueryBoolean

from kg.queries import SavedQuery, Value, load_saved_queries, run_query
from kg.store import Graph, open_graph
from kg.vocabulary.lexicon import Lexicon

# Those that ask elsewhere are tested with what they ask, in test_online.
QUERIES = {name: query for name, query in load_saved_queries().items() if not query.online}
# A reading list has none of what databases add to a record; test_run asks these of the sample.
ANSWERED = [query for query in QUERIES.values() if "indexing" not in query.keywords]
ANSWERS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[1] / "golden" / "answers.yaml").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def graph(il7_graph: Path) -> Iterator[Graph]:
    with open_graph(il7_graph) as opened:
        yield opened


@pytest.mark.parametrize("query", ANSWERED, ids=lambda query: query.name)
def test_example_contains_what_it_says(query: SavedQuery, graph: Graph, lexicon: Lexicon) -> None:
    rows = run_query(graph, query, query.example.parameters, lexicon).rows
    assert rows
    for wanted in query.example.contains:
        assert any(
            all(shown(row[column]) == value for column, value in wanted.items()) for row in rows
        ), wanted


def shown(value: Value) -> str:
    """A value as the header of a query writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("query", QUERIES.values(), ids=lambda query: query.name)
def test_example_as_it_stands_is_the_example_bound(
    query: SavedQuery, graph: Graph, lexicon: Lexicon
) -> None:
    """The values written into the file are those that its example's names stand for."""
    bound = run_query(graph, query, query.example.parameters, lexicon)
    found = graph.query(query.text)
    assert not isinstance(found, QueryBoolean)
    as_it_stands = {str(row) for row in found}
    assert len(as_it_stands) == len(bound.terms)


@pytest.mark.parametrize("query", QUERIES.values(), ids=lambda query: query.name)
def test_example_stays_within_its_budget(query: SavedQuery, graph: Graph, lexicon: Lexicon) -> None:
    started = perf_counter()
    run_query(graph, query, query.example.parameters, lexicon)
    assert (perf_counter() - started) * 1000 < query.budget


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer["question"][:50])
def test_answer_is_a_readers(answer: dict[str, Any], graph: Graph, lexicon: Lexicon) -> None:
    rows = run_query(graph, answer["query"], answer["parameters"], lexicon).rows
    found = {row["title"] for row in rows}
    papers = set(answer["papers"])
    assert papers - found == set()
    assert found - papers - set(answer.get("may", ())) == set()


def test_stat5_answer_shows_the_sentences(graph: Graph, lexicon: Lexicon) -> None:
    answer = run_query(
        graph, "papers-connecting", {"entity_a": "IL-7", "entity_b": "STAT5"}, lexicon
    )
    assert answer.columns == (
        "paper",
        "title",
        "year",
        "journal",
        "sentence",
        "field",
        "text_a",
        "text_b",
        "assertion",
        "retracted",
    )
    for row in answer.rows:
        assert isinstance(row["year"], int)
        assert str(row["text_a"]) in str(row["sentence"])
        assert row["text_b"] == "STAT5"
    said = {row["title"]: row["assertion"] for row in answer.rows}
    title = (
        "Murine and human IL-7 activate STAT5 and induce proliferation of normal human pro-B cells"
    )
    assert said[title] == "IL7 activates STAT5"
    assert [resolved.id for resolved in answer.parameters["entity_a"]] == ["HGNC:6023"]
    assert [resolved.id for resolved in answer.parameters["entity_b"]] == ["FPLX:STAT5"]
    assert answer.complete


def test_entity_known_but_not_mentioned_gives_no_rows(graph: Graph, lexicon: Lexicon) -> None:
    answer = run_query(graph, "papers-mentioning", {"entity": "melanoma"}, lexicon)
    assert answer.rows == []
    assert not answer.parameters["entity"][0].in_graph
