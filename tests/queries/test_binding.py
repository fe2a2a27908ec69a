"""Putting values into the text of a query, and nothing but values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from kg.errors import QueryError
from kg.queries.binding import Term, bind_values, find_blocks, read_tokens
from kg.queries.run import to_value

TEXT = 'SELECT ?a { VALUES ?a { "x" }  # @param a\n}'


def values_of(text: str) -> list[str]:
    found = Store().query(text)
    assert isinstance(found, QuerySolutions)
    return ["" if row["a"] is None else str(to_value(row["a"])) for row in found]


def test_rows_are_replaced_typed_and_deduplicated() -> None:
    terms: list[Term] = [NamedNode("http://e/1"), Literal(5), Literal(True), Literal(5)]
    bound = bind_values(TEXT, {"a": terms})
    assert '"5"^^<http://www.w3.org/2001/XMLSchema#integer>' in bound
    assert values_of(bound) == ["http://e/1", "5", "True"]


def test_all_blocks_of_a_name_are_replaced_together() -> None:
    text = (
        'SELECT * { { VALUES ?a { "x" }  # @param a\n } UNION { VALUES ?a\n{\n "x" "y"\n}'
        "  # @param a\n } }"
    )
    assert len(find_blocks(text)) == 2
    assert values_of(bind_values(text, {"a": [Literal("z")]})) == ["z", "z"]


def test_no_value_leaves_the_parameter_unbound() -> None:
    assert values_of(bind_values(TEXT, {"a": []})) == [""]


def test_limit_is_a_number() -> None:
    text = 'SELECT ?a { VALUES ?a { "x" "y" } } LIMIT 20  # @param limit'
    assert values_of(bind_values(text, {"limit": [Literal(1)]})) == ["x"]


@pytest.mark.parametrize(
    "injection",
    [
        '"} DROP ALL #',
        '" } } ; DROP ALL ; SELECT * { { "',
        "\n} # @param a\n",
        "\\",
        '\\"',
        "'''",
        '"""',
        "> <http://evil>",
        "?a",
        "${a}",
        "\x00\x1b\x7f",
        "\u2028\u2029",
        "# @param b",
    ],
)
def test_text_stays_text(injection: str) -> None:
    bound = bind_values(TEXT, {"a": [Literal(injection)]})
    assert values_of(bound) == [injection]
    assert [block.name for block in find_blocks(bound)] == ["a"]


@given(st.text(st.characters(codec="utf-8")))
def test_any_text_stays_text(text: str) -> None:
    assert values_of(bind_values(TEXT, {"a": [Literal(text)]})) == [text]


def test_bound_text_can_be_bound_again() -> None:
    first = bind_values(TEXT, {"a": [Literal('}"{ # @param a')]})
    assert values_of(bind_values(first, {"a": [Literal("z")]})) == ["z"]


def test_an_iri_that_would_end_early_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="Invalid IRI"):
        NamedNode("http://e/> } DROP ALL #")


def test_every_parameter_must_be_bound() -> None:
    with pytest.raises(QueryError, match="'a' has no value"):
        bind_values(TEXT, {})
    with pytest.raises(QueryError, match="no parameter 'b'"):
        bind_values(TEXT, {"a": [Literal("x")], "b": [Literal("x")]})


def test_marks_in_strings_and_iris_are_no_marks() -> None:
    text = "SELECT * { ?s <http://e/#@param> \"VALUES ?a { 1 }  # @param a\" , '}' }"
    assert find_blocks(text) == []
    assert [token.depth for token in read_tokens(text) if token.text in "{}"] == [0, 0]


@pytest.mark.parametrize(
    "text",
    [
        "# @param a",
        "SELECT * { ?s ?p ?o  # @param a\n}",
        "SELECT * { VALUES ?b { 1 }  # @param a\n}",
        "SELECT * { VALUES (?a ?b) { (1 2) }  # @param a\n}",
        "SELECT * { ?s ?p ?o } LIMIT ten  # @param limit",
    ],
)
def test_mark_without_a_block_is_refused(text: str) -> None:
    with pytest.raises(QueryError, match="stands neither after"):
        find_blocks(text)
