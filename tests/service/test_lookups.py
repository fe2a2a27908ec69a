import pytest

from kg.service.lookups import is_small


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?o WHERE { <http://a/b> ?p ?o }",
        "select ?p ?o where{<http://a/b> ?p ?o.}LIMIT 10",
        "PREFIX e: <http://a/e#>\nSELECT * { <http://a/b> e:label ?l }",
        "ASK { <http://a/b> a <http://a/C> }",
    ],
)
def test_what_a_graph_says_of_one_thing_is_small(query: str) -> None:
    assert is_small(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p ?o }",
        "SELECT * { ?s ?p <http://a/b> }",
        "SELECT DISTINCT ?x { <http://a/b> ?p ?o }",
        "SELECT * { <http://a/b> ?x ?x }",
        "ASK { <http://a/b> ?x $x }",
        "SELECT * { <http://a/b> ?p ?o . ?o ?q ?r }",
        "SELECT * { <http://a/b> ?p ?o ; ?q ?r }",
        "SELECT * { <http://a/b> ?p ?o , ?r }",
        "SELECT * { <http://a/b> <http://a/p>* ?o }",
        "SELECT * { <http://a/b> !a ?o }",
        "SELECT * { <http://a/b> ?p ?o FILTER(?o = 1) }",
        "SELECT * { <http://a/b> ?p ?o } ORDER BY ?o",
        "SELECT (COUNT(*) AS ?n) { <http://a/b> ?p ?o }",
        "SELECT * { SERVICE <http://a/b> { ?s ?p ?o } }",
        "SELECT * FROM <http://a/g> { <http://a/b> ?p ?o }",
        "CONSTRUCT { ?s ?p ?o } { <http://a/b> ?p ?o }",
        "DESCRIBE <http://a/b>",
        "SELECT * { <http://a/b> ?p ?o } # " + "x" * 1000,
    ],
)
def test_what_may_grow_with_the_graph_is_not(query: str) -> None:
    assert not is_small(query)
