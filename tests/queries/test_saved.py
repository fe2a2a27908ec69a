"""Reading saved queries, and what is checked of them before they are asked."""

import re
import shlex
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import QuerySolutions, QueryTriples, RdfFormat, Store

from kg.errors import QueryError
from kg.model import Predicate
from kg.queries import ParameterType, SavedQuery, load_saved_queries, load_saved_query
from kg.queries.saved import QueryForm, parse_saved_query
from kg.queries.scopes import check_saved_query

QUERIES = load_saved_queries()
SAMPLE = Path(__file__).parent / "sample.ttl"


@pytest.fixture(scope="module")
def store() -> Store:
    loaded = Store()
    loaded.load(path=str(SAMPLE), format=RdfFormat.TURTLE)
    return loaded


@pytest.fixture(scope="module")
def rdflib_graph() -> rdflib.Graph:
    return rdflib.Graph().parse(SAMPLE)


def saved(body: str, parameters: str = "a: {type: text, description: x}", **header: str) -> str:
    """A small saved query around a body."""
    lines = {
        "summary": "s",
        "description": "d",
        "parameters": f"{{{parameters}}}",
        "columns": "{x: the x}",
        "example": "{parameters: {a: b}, contains: [{x: y}]}",
        "budget": "100",
    } | header
    return "".join(f"#+ {key}: {value}\n" for key, value in lines.items() if value) + body


GOOD = 'SELECT ?x { VALUES ?a { "b" }  # @param a\n ?x ?p ?a }'


def test_there_are_enough() -> None:
    assert len(QUERIES) >= 14
    assert any(query.form is QueryForm.CONSTRUCT for query in QUERIES.values())


@pytest.mark.parametrize("query", QUERIES.values(), ids=lambda query: query.name)
def test_shipped_query_is_sound(query: SavedQuery) -> None:
    check_saved_query(query)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", query.name)
    assert query.keywords
    assert all(column.description for column in query.columns)
    # It runs in any tool, so it declares its prefixes, each once, and only those that it uses.
    declared = re.findall(r"^PREFIX (\w+):", query.text, re.MULTILINE)
    body = re.sub(r"^(#|PREFIX).*$", "", query.text, flags=re.MULTILINE)
    assert declared == sorted(set(declared))
    for prefix in declared:
        assert re.search(rf"\b{prefix}:", body), prefix


@pytest.mark.parametrize(
    "query", [each for each in QUERIES.values() if not each.online], ids=lambda query: query.name
)
def test_oxigraph_and_rdflib_agree_on_it_as_it_stands(
    query: SavedQuery, store: Store, rdflib_graph: rdflib.Graph
) -> None:
    ours = store.query(query.text)
    if isinstance(ours, QuerySolutions):
        rows = Counter(tuple(map(lexical, solution)) for solution in ours)
    else:
        assert isinstance(ours, QueryTriples)
        rows = Counter(tuple(map(lexical, triple)) for triple in set(ours))
    theirs = Counter(tuple(map(lexical, row)) for row in read_rows(rdflib_graph, query.text))
    assert rows == theirs


def read_rows(graph: rdflib.Graph, text: str) -> Iterator[tuple[object, ...]]:
    for row in graph.query(text):
        assert isinstance(row, tuple)
        yield row


def lexical(term: object) -> str | None:
    """The text of a term of either library."""
    if term is None or isinstance(term, rdflib.term.Node):
        return None if term is None else str(term)
    return str(getattr(term, "value", term))


def test_papers_connecting_has_the_columns_that_others_rely_on() -> None:
    query = QUERIES["papers-connecting"]
    assert [column.name for column in query.columns] == (
        "paper title year journal sentence field text_a text_b assertion retracted".split()
    )
    defaults = {each.name: (each.required, each.default) for each in query.parameters}
    assert defaults == {
        "entity_a": (True, None),
        "entity_b": (True, None),
        "level": (False, "sentence"),
        "subtypes": (False, "true"),
        "retracted": (False, None),
    }
    assert query.parameters[0].type is ParameterType.ENTITY


def test_good_query_parses() -> None:
    query = parse_saved_query("good", saved(GOOD))
    check_saved_query(query)
    assert query.parameters[0].required
    assert query.example.parameters == {"a": ("b",)}


RELATION = re.compile(r'^ *\(kg:([a-z_]+)((?: "[^"]*")+)\)$', re.MULTILINE)


def test_relations_are_worded_alike_everywhere() -> None:
    """Each query that words relations has a table of them: all, or all that regulate."""
    words = {
        query.name: {name: shlex.split(rest) for name, rest in RELATION.findall(query.text)}
        for query in QUERIES.values()
    }
    whole = words["how-acts-on"]
    assert set(whole) == set(Predicate)
    for name, (label, affirmed, denied) in whole.items():
        assert label == name.replace("_", " ")
        assert affirmed.endswith(label.split(maxsplit=1)[-1])
        assert denied.split()[:2] in (["does", "not"], ["is", "not"])
    for name, table in words.items():
        for relation, row in table.items():
            assert row == whole[relation][-len(row) :], (name, relation)
        assert len(table) in (0, 8, len(whole)), name
    assert sum(1 for table in words.values() if table) == 8


def test_unknown_name_is_told_with_near_ones() -> None:
    with pytest.raises(QueryError, match="did you mean papers-connecting"):
        load_saved_query("papers-conecting")
    with pytest.raises(QueryError, match="there are cell-types-for-gene"):
        load_saved_query("zzz")


def test_file_is_named_in_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "bad.rq").write_text("SELECT * { ?s ?p ?o }", encoding="utf-8")
    with pytest.raises(QueryError, match=r"bad\.rq: there is no header"):
        load_saved_queries(tmp_path)
    (tmp_path / "bad.rq").write_bytes(b"\xff\xfe")
    with pytest.raises(QueryError, match="cannot be read"):
        load_saved_queries(tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (saved(GOOD, summary=""), "no summary"),
        (saved(GOOD, summary="a: b: c"), "line 1: the header is no YAML"),
        ("#+ - a\n" + GOOD, "no mapping"),
        (saved(GOOD, budget="soon"), "no budget"),
        (saved(GOOD, "a: {type: number, description: x}"), "'number' is not a valid"),
        (saved(GOOD, "a: {type: text}"), "no description"),
        (saved(GOOD, "a: {type: text, description: x, colour: red}"), "entry 'colour'"),
        (saved(GOOD, "a: {type: choice, description: x}"), "choices go with"),
        (saved(GOOD, "a: {type: text, types: [Gene], description: x}"), "types go with"),
        (saved(GOOD, example="{parameters: {a: b}}"), "does not say what its answer contains"),
        (
            saved(GOOD, example="{parameters: {a: b}, contains: []}"),
            "does not say what its answer contains",
        ),
        (saved(GOOD, example="{parameters: {}, contains: [{x: y}]}"), "no value for 'a'"),
        (saved(GOOD, example="{parameters: {a: b, c: d}, contains: [{x: y}]}"), "'c'"),
        (saved(GOOD, example="{parameters: {a: b}, contains: [{z: y}]}"), "'z', which is no"),
        (saved("SELECT ?x { ?x ?p ?a }"), "no block marked '# @param a'"),
        (saved(GOOD, parameters=""), "does not name the parameter 'a'"),
        (saved(GOOD + "\n# @param a"), "stands neither after"),
        (saved(GOOD.replace("?x ?p ?a", 'VALUES ?a { "c" } ?x ?p ?a')), "has no mark"),
        (saved(GOOD + " LIMIT 5"), "LIMIT of the query has no mark"),
        (saved(GOOD + " LIMIT 5  # @param a"), "integer parameter called 'limit'"),
        (saved("?a {}"), "no SELECT"),
    ],
)
def test_malformed_query_is_refused(text: str, said: str) -> None:
    with pytest.raises(QueryError, match=re.escape(said)):
        parse_saved_query("bad", text)


BLOCK = 'VALUES ?a { "b" }  # @param a\n'


@pytest.mark.parametrize(
    "body",
    [
        f"SELECT ?x {{ {BLOCK} {{ SELECT ?x {{ ?x ?p ?a }} }} }}",
        f"SELECT ?x {{ {BLOCK} ?x ?p ?o {{ ?x ?q ?a }} UNION {{ ?x ?r ?o }} }}",
        f"SELECT ?x {{ {{ {BLOCK} ?x ?q ?a }} UNION {{ ?x ?r ?o FILTER(?o = ?a) }} }}",
        f"SELECT ?x {{ {BLOCK} ?x ?p ?o MINUS {{ ?x ?q ?a }} }}",
        f"SELECT ?x {{ {BLOCK} ?x ?p ?o OPTIONAL {{ ?x ?q ?z BIND(?a AS ?y) }} }}",
        f"SELECT ?x {{ {BLOCK} ?x ?p ?o OPTIONAL {{ ?x ?q ?a }} }}",
        f"SELECT ?x {{ ?x ?p ?o FILTER NOT EXISTS {{ {BLOCK} ?x ?q ?a }} FILTER(?o = ?a) }}",
        f"SELECT ?x {{ BIND(?a AS ?x) {BLOCK} }}",
        f"SELECT ?x {{ GRAPH ?g {{ ?x ?p ?a }} {BLOCK} }}",
        f"SELECT ?x {{ {{ SELECT ?x {{ {BLOCK} ?x ?p ?a }} }} ?x ?q ?a }}",
        f"SELECT (?a AS ?x) {{ {{ SELECT ?y {{ {BLOCK} ?y ?p ?a }} }} }}",
        f"SELECT ?x {{ ?x ?p ?o FILTER EXISTS {{ {BLOCK} ?x ?q ?a }} }} ORDER BY ?a",
    ],
)
def test_parameter_outside_its_scope_is_refused(body: str) -> None:
    query = parse_saved_query("bad", saved(body))
    with pytest.raises(QueryError, match="the parameter 'a' is used in"):
        check_saved_query(query)


@pytest.mark.parametrize(
    "body",
    [
        f"SELECT ?x {{ {BLOCK} ?x ?p ?o FILTER NOT EXISTS {{ ?x ?q ?a }} }} ORDER BY ?a",
        f"SELECT ?x {{ {BLOCK} ?x ?p ?o FILTER EXISTS {{ ?x ?q ?o FILTER(?o = ?a) }} }}",
        f"SELECT ?x {{ {{ SELECT ?x ?a {{ {BLOCK} ?x ?p ?a }} }} }} ORDER BY ?a",
        f"SELECT ?x {{ {{ {BLOCK} ?x ?p ?a }} UNION {{ {BLOCK} ?x ?q ?a }} }}",
        f"SELECT ?x {{ {BLOCK} BIND(?a AS ?x) OPTIONAL {{ {BLOCK} ?x ?q ?a }} }}",
    ],
)
def test_parameter_within_its_scope_passes(body: str) -> None:
    check_saved_query(parse_saved_query("good", saved(body)))


def test_columns_are_those_of_the_select() -> None:
    query = parse_saved_query("bad", saved(GOOD.replace("SELECT ?x", "SELECT ?x ?p")))
    with pytest.raises(QueryError, match="columns are x, but the query gives x, p"):
        check_saved_query(query)
    ask = parse_saved_query("ask", saved(GOOD.replace("SELECT ?x", "ASK")))
    with pytest.raises(QueryError, match="the query gives answer"):
        check_saved_query(ask)


def test_sparql_that_does_not_parse_is_refused() -> None:
    query = parse_saved_query("bad", saved(GOOD + " }"))
    with pytest.raises(QueryError, match="bad: the SPARQL does not parse"):
        check_saved_query(query)
