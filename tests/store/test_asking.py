"""What is done to a query before a store elsewhere gets it."""

import pytest
from pyoxigraph import QuerySolutions, Store

from kg.errors import QueryError
from kg.queries import load_saved_queries
from kg.queries.formats import query_prefixes
from kg.store import SparqlError
from kg.store.asking import check_syntax, find_form, spell_out, with_columns_as_named

PREFIXES = {"e": "http://e.org/", "service": "http://s.org/"}


def rows(query: str) -> list[str]:
    store = Store()
    store.update("INSERT DATA { <http://e.org/a> <http://e.org/b> 'c', <http://e.org/é> }")
    found = store.query(query)
    assert isinstance(found, QuerySolutions)
    return sorted(str(row) for row in found)


@pytest.mark.parametrize(
    ("query", "sent"),
    [
        ("SELECT * { e:a e:b ?o }", "PREFIX e: <http://e.org/>\nSELECT * { e:a e:b ?o }"),
        ("PREFIX e: <http://e.org/> SELECT * { e:a ?p ?o }", None),
        ("prefix E: <http://e.org/> SELECT * { E:a ?p ?o }", None),
        ("SELECT * { ?s ?p 'e:a' . _:e ?p <e:a> }", None),
        ("# e:a\nSELECT *#\r\n{ ?s ?p ?o }#", " \nSELECT * \n{ ?s ?p ?o } "),
        ("SELECT * { ?s ?p '''a\n# b''' }", None),
        ("SELECT * { ?s ?p ?o FILTER(?o<5 && ?o>3) }", None),
        ("SELECT * { ?s ?p '\\\\u0041' }", None),
        ("SELECT * { ?s ?p '\\u00e9\\U0001F600\\u000a' }", "SELECT * { ?s ?p 'é😀\\n' }"),
        ("SELECT * { ?s ?p <http://a/\\u0061> }", "SELECT * { ?s ?p <http://a/a> }"),
        ("SELECT * { <a> ?p ?o }", "BASE <http://b.org/>\nSELECT * { <a> ?p ?o }"),
        ("BASE <c/> SELECT * { <a> ?p ?o }", "BASE <http://b.org/>\nBASE <c/> SELECT * {"),
    ],
)
def test_what_is_sent(query: str, sent: str | None) -> None:
    assert spell_out(query, PREFIXES, "http://b.org/").startswith(query if sent is None else sent)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p 'Service' }",
        "SELECT * { e:service ?p ?o }",
        "SELECT * { ?s ?p <http://s.org/service> } # SERVICE",
        "SELECT * { ?s <http://s.org/\\u0053ervice> '\\u0073ervice' }",
    ],
)
def test_harmless_words_stay_harmless_and_mean_the_same(query: str) -> None:
    sent = spell_out(query, PREFIXES)
    assert "service" not in sent.lower().replace("\\u0053", "_").replace("\\u0073", "_")
    check_syntax(sent, {})


@pytest.mark.parametrize(
    "query", ["SELECT * { ?s ?p <http://a/\\u0020b> }", "SELECT * { ?s ?p '\\uD800' }"]
)
def test_escapes_for_what_may_not_stand_there(query: str) -> None:
    with pytest.raises(QueryError, match="the query has '"):
        spell_out(query, {})


def test_syntax_is_that_of_the_text_as_given() -> None:
    with pytest.raises(SparqlError) as caught:
        check_syntax("#\nSELECT * { e:a ?p }", PREFIXES)
    assert (caught.value.line, caught.value.column) == (2, 19)
    check_syntax("SELECT * { <a> e:b ?o }", PREFIXES, "http://e.org/")
    with pytest.raises(SparqlError, match="is no whole IRI"):
        check_syntax("SELECT * { <a> e:b ?o }", PREFIXES)
    # Functions of other stores are for these to know.
    check_syntax("SELECT * { ?s ?p ?o FILTER(e:within(?o)) }", PREFIXES)


def test_what_is_sent_means_what_was_given() -> None:
    query = "SELECT * { e:a ?p ?o FILTER(?o = '\\u0063' || ?o = <\\u00e9>) }"
    sent = spell_out(query, PREFIXES, "http://e.org/")
    assert len(rows(sent)) == 2


def test_saved_queries_declare_all_that_they_use() -> None:
    for query in load_saved_queries().values():
        assert find_form(query.text) == query.form
        if not query.online:
            sent = spell_out(query.text, query_prefixes(), "http://b.org/")
            assert not sent.startswith("BASE")
            assert "\nPREFIX" not in sent.split("SELECT", 1)[0].split("PREFIX", 1)[0]
            check_syntax(sent, {})


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ("SELECT * { ?s ?p ?o }", ["s", "p", "o"]),
        ("select distinct*where{?s ?p ?o}", ["s", "p", "o"]),
        ("SELECT * { ?z a ?b } ORDER BY ?a ?b", ["z", "b"]),
        ("SELECT * { $z $a $b . FILTER NOT EXISTS { ?z ?inside ?b } }", ["z", "a", "b"]),
        ("SELECT * { { SELECT (COUNT(*) AS ?n) { ?x ?y ?z } } ?n ?m ?a }", ["n", "m", "a"]),
        ("PREFIX select: <http://e.org/> SELECT * # * ?a\n{ ?s select:p ?a }", ["s", "a"]),
        ('SELECT * { ?o ?p "?a SELECT * { ?z" . ?b <http://e.org/?a*> ?a }', ["o", "p", "b", "a"]),
        ("SELECT ?p ?o ?s { ?s ?p ?o . { SELECT * { ?s ?p ?o } } }", ["p", "o", "s"]),
        ("SELECT (1 * 2 AS ?z) ?a { ?b ?c ?a }", ["z", "a"]),
        ("SELECT * {}", []),
    ],
)
def test_columns_come_as_the_query_names_them(query: str, columns: list[str]) -> None:
    found = Store().query(with_columns_as_named(query, {}))
    assert isinstance(found, QuerySolutions)
    assert [each.value for each in found.variables] == columns


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p }",
        "ASK { ?s ?p ?o . { SELECT * { ?s ?p ?o } } }",
        "SELECT * { ?s x:y ?o }",
    ],
)
def test_what_is_no_such_query_is_left_as_it_is(query: str) -> None:
    assert with_columns_as_named(query, {}) == query


@pytest.mark.parametrize(
    "query",
    [
        "select " * 2_000_000,
        f"select {' ' * 10_000_000}?",
        f"SELECT * {{ {'?s ?p ?o . ' * 10_000}}}",
    ],
    ids=["one word", "spaces", "a pattern"],
)
def test_a_long_query_is_not_gone_through(query: str) -> None:
    assert with_columns_as_named(query, {}) is query


@pytest.mark.parametrize("query", ["select " * 9_000, f"select {' ' * 60_000}?"])
def test_hostile_text_is_left_as_it_is(query: str) -> None:
    assert with_columns_as_named(query, {}) is query
