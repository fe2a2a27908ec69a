"""SERVICE: which addresses are asked, for what, and that the answer is what SPARQL says it is."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QuerySolutions,
    RdfFormat,
    Store,
)

from kg.errors import KgError, QueryError, ServiceError
from kg.store import (
    FederatedGraph,
    Graph,
    Rows,
    Services,
    SparqlError,
    open_graph,
    write_generation,
)
from kg.store.asking import with_columns_as_named

EX = "http://example.org/"
A, B = "https://a.example/sparql", "https://b.example/sparql"
HERE = """
ex:gene1 a ex:Gene ; ex:same u:P1 ; ex:name "one" .
ex:gene2 a ex:Gene ; ex:same u:P2 ; ex:name "two" .
ex:gene3 a ex:Gene ; ex:name "three" .
ex:other a ex:Thing ; ex:same u:P9 .
"""
THERE = """
u:P1 ex:label "protein 1"@en ; ex:size 10 ; ex:part u:D1 , u:D2 .
u:P2 ex:label "protein 2"@en ; ex:size 20 .
u:P9 ex:label "protein 9"@en ; ex:size 90 .
u:D1 ex:size 1 . u:D2 ex:size 2 .
_:x ex:label "nameless" ; ex:size 5 .
"""
HEAD = f"PREFIX ex: <{EX}> PREFIX u: <http://purl.uniprot.org/uniprot/> "


def turtle(text: str) -> Store:
    store = Store()
    head = HEAD.replace("PREFIX", "@prefix").replace("> ", "> .\n")
    store.load((head + text).encode(), format=RdfFormat.TURTLE)
    return store


class Endpoint:
    """An endpoint in memory, which keeps what it was asked."""

    def __init__(self, *stores: tuple[str, Store], fails: str = "") -> None:
        self.stores = dict(stores)
        self.asked: list[tuple[str, str]] = []
        self.told: list[str] = []
        self.fails = fails

    def ask(self, address: str, query: str) -> Rows:
        self.asked.append((address, query))
        if address == self.fails:
            raise ServiceError(f"{address} is down")
        found = self.stores[address].query(query)
        assert isinstance(found, QuerySolutions)
        names = tuple(variable.value for variable in found.variables)
        return Rows(variables=names, rows=tuple(tuple(row) for row in found))

    def services(self, *allowed: str) -> Services:
        return Services(
            allowed={each: each for each in allowed}, ask=self.ask, tell=self.told.append
        )


@pytest.fixture
def graph(tmp_path: Path) -> Iterator[Graph]:
    with write_generation(tmp_path / "a.kg", build_hash="0123456789ab") as writer:
        lines = [f"{quad.triple} ." for quad in turtle(HERE)]
        writer.add_lines(lines)
        writer.finish({"quads": len(lines)})
    with open_graph(tmp_path / "a.kg") as opened:
        yield opened


@pytest.fixture
def endpoint() -> Endpoint:
    return Endpoint((A, turtle(THERE)), (B, turtle("u:P1 ex:kind ex:Enzyme .")))


@pytest.fixture
def rows(graph: Graph, endpoint: Endpoint) -> Callable[[str], list[tuple[str, ...]]]:
    """Run a query that may ask both endpoints, and return its rows as text, sorted."""

    def run(query: str) -> list[tuple[str, ...]]:
        found = FederatedGraph(graph, endpoint.services(A, B)).query(HEAD + query)
        assert isinstance(found, QuerySolutions)
        return sorted(tuple("" if term is None else str(term) for term in row) for row in found)

    return run


def as_specified(query: str) -> list[tuple[str, ...]]:
    """The rows of a query by Oxigraph itself: each SERVICE is the graph of that name, all of it."""
    store = turtle(HERE)
    for address, text in ((A, THERE), (B, "u:P1 ex:kind ex:Enzyme .")):
        for quad in turtle(text):
            store.add(type(quad)(quad.subject, quad.predicate, quad.object, NamedNode(address)))
    for word in ("SERVICE SILENT", "SERVICE"):
        query = query.replace(word, "GRAPH")
    found = store.query(with_columns_as_named(HEAD + query, {}))
    assert isinstance(found, QuerySolutions)
    return sorted(tuple("" if term is None else str(term) for term in row) for row in found)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?g ex:same ?p SERVICE <A> { ?p ex:label ?l } }",
        "SELECT ?g ?l { ?g a ex:Gene ; ex:same ?p . SERVICE <A> { ?p ex:label ?l } }",
        "SELECT ?g ?l { SERVICE <A> { ?p ex:label ?l } ?g ex:same ?p }",
        "SELECT ?n ?l { ?g ex:name ?n OPTIONAL { ?g ex:same ?p } SERVICE <A> { ?p ex:label ?l } }",
        "SELECT ?n ?l { ?g ex:name ?n OPTIONAL { ?g ex:same ?p SERVICE <A> { ?p ex:label ?l } } }",
        (
            "SELECT ?n ?l { ?g ex:same ?p OPTIONAL { SERVICE <A> { ?p ex:label ?l } } "
            "OPTIONAL { ?g ex:name ?n } }"
        ),
        "SELECT ?g ?x { ?g ex:same ?p { ?g ex:name ?x } UNION { SERVICE <A> { ?p ex:size ?x } } }",
        "SELECT ?g ?x { ?g ex:same ?p { SERVICE <A> { ?p ex:size ?x } } UNION { ?g ex:name ?x } }",
        "SELECT ?g { ?g ex:same ?p MINUS { SERVICE <A> { ?p ex:size 10 } } }",
        "SELECT ?g { ?g ex:same ?p FILTER NOT EXISTS { SERVICE <A> { ?p ex:size 10 } } }",
        "SELECT ?g ?s { ?g ex:same ?p FILTER(?s > 15) SERVICE <A> { ?p ex:size ?s } }",
        "SELECT ?g ?s { ?g ex:same ?p FILTER(?p = u:P1) SERVICE <A> { ?p ex:size ?s } }",
        (
            "SELECT ?g ?s { ?g a ex:Gene FILTER EXISTS { ?g ex:same ?q } ?g ex:same ?p "
            "SERVICE <A> { ?p ex:size ?s } }"
        ),
        "SELECT ?g ?s { ?g ex:same ?p SERVICE <A> { ?p ex:size ?s FILTER(?s < 15) } }",
        "SELECT ?g ?s { ?g ex:same ?p SERVICE <A> { ?x ex:size ?s FILTER(BOUND(?p)) } }",
        "SELECT ?g ?s { ?g ex:same ?p SERVICE <A> { ?x ex:size ?s FILTER(!BOUND(?p)) } }",
        "SELECT ?g ?s { ?g ex:same ?p SERVICE <A> { { SELECT (MAX(?n) AS ?s) { ?p ex:size ?n }}}}",
        (
            "SELECT ?g ?s { ?g ex:same ?p SERVICE <A> { SELECT ?p ?s { ?p ex:size ?s } "
            "ORDER BY DESC(?s) LIMIT 1 } }"
        ),
        "SELECT ?g ?s { ?g ex:same ?p SERVICE <A> { BIND(u:P1 AS ?p) ?p ex:size ?s } }",
        "SELECT ?g ?s { ?g ex:same ?p SERVICE <A> { VALUES ?p { UNDEF u:P2 } ?p ex:size ?s } }",
        (
            "SELECT ?g ?s { VALUES ?p { UNDEF } FILTER(?p = u:P1) ?g a ex:Gene "
            "SERVICE <A> { ?p ex:size ?s } }"
        ),
        "SELECT ?g ?d { ?g ex:same ?p SERVICE <A> { ?p ex:part ?d } }",
        "SELECT (COUNT(*) AS ?n) { ?g ex:same ?p SERVICE <A> { ?p ex:part|ex:size ?d } }",
        "SELECT ?l { ?g ex:same ?p SERVICE <A> { ?p ex:label ?l } SERVICE <B> { ?p ex:kind ?k } }",
        "SELECT ?g ?l { { SELECT ?p ?l { SERVICE <A> { ?p ex:label ?l } } } ?g ex:same ?p }",
        (
            "SELECT ?g ?l { ?g ex:same ?p { SELECT ?p (SAMPLE(?x) AS ?l) "
            "{ SERVICE <A> { ?p ex:label ?x } } GROUP BY ?p } }"
        ),
        "SELECT ?g ?l { ?g ex:same ?p . SERVICE SILENT <A> { ?p ex:label ?l } VALUES ?p { u:P2 } }",
        "SELECT ?p { SERVICE <A> { ?p ex:label 'protein 1'@en ; ex:size ?s FILTER(?s>=9&&?s!=1)}}",
        (
            'SELECT ?s { ?g ex:name "one" SERVICE <A> { ?p ex:size ?s ; ex:label ?l '
            "FILTER(?l IN ('protein 1'@en, \"x\"^^<http://x.org/t>)) } }"
        ),
        "SELECT ?g ?l { ?g ex:same ?p . ?g ex:nothing ?z SERVICE <A> { ?p ex:label ?l } }",
    ],
)
def test_answer_is_what_sparql_says(
    rows: Callable[[str], list[tuple[str, ...]]], query: str
) -> None:
    query = query.replace("<A>", f"<{A}>").replace("<B>", f"<{B}>")
    assert rows(query) == as_specified(query)


def test_only_what_joins_is_asked_for(
    rows: Callable[[str], list[tuple[str, ...]]], endpoint: Endpoint
) -> None:
    rows(f"SELECT ?g ?l {{ ?g a ex:Gene ; ex:same ?p SERVICE <{A}> {{ ?p ex:label ?l }} }}")
    [(address, query)] = endpoint.asked
    assert address == A
    assert "SELECT ?p ?l WHERE { VALUES (?p) { (<http" in query
    assert "/P1>" in query
    assert "/P2>" in query
    assert "/P9>" not in query
    assert endpoint.told == [f"asking '<{A}>' for 2 of ?p"]


def test_bindings_go_in_batches(endpoint: Endpoint, tmp_path: Path) -> None:
    count = 450
    with write_generation(tmp_path / "b.kg", build_hash="0123456789ab") as writer:
        writer.add_lines(f"<{EX}{i}> <{EX}same> <{EX}p{i}> ." for i in range(count))
        writer.finish({"quads": count})
    endpoint.stores[A] = turtle("".join(f"ex:p{i} ex:size {i} ." for i in range(0, 900, 2)))
    with open_graph(tmp_path / "b.kg") as graph:
        asked = f"SELECT ?g ?s {{ ?g ex:same ?p SERVICE <{A}> {{ ?p ex:size ?s }} }}"
        found = FederatedGraph(graph, endpoint.services(A)).query(HEAD + asked)
        assert isinstance(found, QuerySolutions)
        assert len(list(found)) == count / 2
    assert [query.count(f"<{EX}p") for _, query in endpoint.asked] == [200, 200, 50]


def test_no_bindings_no_request(
    rows: Callable[[str], list[tuple[str, ...]]], endpoint: Endpoint
) -> None:
    assert rows(f"SELECT * {{ ?g ex:nothing ?p SERVICE <{A}> {{ ?p ex:label ?l }} }}") == []
    assert endpoint.asked == []


def test_endpoint_that_fails(graph: Graph, endpoint: Endpoint) -> None:
    endpoint.fails = A
    asked = FederatedGraph(graph, endpoint.services(A))
    query = f"{HEAD}SELECT ?g ?l {{ ?g ex:same ?p SERVICE <{A}> {{ ?p ex:label ?l }} }}"
    with pytest.raises(ServiceError, match="is down"):
        asked.query(query)
    found = asked.query(query.replace("SERVICE", "SERVICE SILENT"))
    assert isinstance(found, QuerySolutions)
    assert {str(row["l"]) for row in found} == {"None"}
    assert "is down" in endpoint.told[-1]


def test_terms_of_every_kind_come_back_as_they_were(graph: Graph) -> None:
    terms = [
        Literal('a "quote" \\ SERVICE <http://x/> { } \n line'),
        Literal("x", language="de-at"),
        Literal("2001-01-01", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#date")),
        NamedNode("http://example.org/service/é"),
        None,
    ]

    def ask(address: str, query: str) -> Rows:
        assert (address, "?x" in query) == (A, True)
        return Rows(variables=("x",), rows=(*((term,) for term in terms), (BlankNode("b"),)))

    services = Services(allowed={A: A}, ask=ask)
    found = graph.query(f"SELECT ?x {{ SERVICE <{A}> {{ ?s ?p ?x }} }}", services=services)
    assert isinstance(found, QuerySolutions)
    *back, skolem = [row["x"] for row in found]
    assert back == terms
    assert isinstance(skolem, NamedNode)
    assert "/.well-known/genid/" in skolem.value


ALLOWED = ["https://a.example/sparql"]
# Each asks an address that is not the allowed one, however it is written.
REFUSED = [
    "SELECT * { SERVICE <https://a.example/sparql/> { ?s ?p ?o } }",
    "SELECT * { SERVICE <https://a.example/sparql?x> { ?s ?p ?o } }",
    "SELECT * { SERVICE <http://a.example/sparql> { ?s ?p ?o } }",
    "SELECT * { SERVICE <https://A.example/sparql> { ?s ?p ?o } }",
    "SELECT * { SERVICE <https://a.example/sparql@evil.example/> { ?s ?p ?o } }",
    "SELECT * { service silent <https://evil.example/> { ?s ?p ?o } }",
    "SELECT * { SERVICE # <https://a.example/sparql>\n <https://evil.example/> { ?s ?p ?o } }",
    "PREFIX a: <https://a.example/> SELECT * { SERVICE a:sparql2 { ?s ?p ?o } }",
    (
        "PREFIX a: <https://a.example/> PREFIX a: <https://evil.example/> "
        "SELECT * { SERVICE a:sparql { ?s ?p ?o } }"
    ),
    "BASE <https://evil.example/> SELECT * { SERVICE <sparql> { ?s ?p ?o } }",
    "SELECT * { SERVICE <https://a.example/sparql> { SERVICE <https://evil.example/> {} } }",
    "SELECT * { { SELECT * { SERVICE <https://evil.example/> { ?s ?p ?o } } } }",
    "ASK { FILTER EXISTS { SERVICE <https://evil.example/> { ?s ?p ?o } } }",
    "ASK { FILTER(1 < 2 && EXISTS{SERVICE<https://evil.example/>{}}) }",
    "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <https://evil.example/> { ?s ?p ?o } }",
    "DESCRIBE ?s { SERVICE <https://evil.example/> { ?s ?p ?o } }",
    "SELECT * { SERVICE <https://a.example/sparql> {} SERVICE <https://evil.example/> {} }",
    "SELECT * { VALUES ?x { <https://a.example/sparql> } SERVICE ?x { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT $x { ?s ?p ?o } }",
    "SELECT * { SERVICEex:a { ?s ?p ?o } }",
    "SELECT * { ?s ?p 1SERVICE <https://a.example/sparql> { ?s ?p ?o } }",
    "SELECT * { ?s ?p trueSERVICE <https://a.example/sparql> { ?s ?p ?o } }",
    "SELECT * { \\u0053ERVICE <https://a.example/sparql> { ?s ?p ?o } }",
    "SELECT * { SERVICE <https://a.example/sparql> 'x' { ?s ?p ?o } }",
    "SELECT * { SERVICE 'https://a.example/sparql' { ?s ?p ?o } }",
    "SELECT * { SERVICE <https://a.example/sparql> { ?s ?p ?o }",
]


@pytest.mark.parametrize("query", REFUSED)
def test_nothing_else_is_asked(graph: Graph, endpoint: Endpoint, query: str) -> None:
    with pytest.raises(QueryError):
        graph.query(query, services=endpoint.services(*ALLOWED))
    assert endpoint.asked == []


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <https://a.example/sparql> { ?s ex:size ?o } }",
        "select * { service silent<https://a.example/sparql>{ ?s ex:size ?o } }",
        "PREFIX a: <https://a.example/> SELECT * { SERVICE a:sparql { ?s ex:size ?o } }",
        "BASE <https://a.example/x/> SELECT * { SERVICE <../sparql> { ?s ex:size ?o } }",
        "SELECT * { SERVICE <https://a.exampl\\u0065/sparql> { ?s ex:size ?o } }",
        "SELECT * { SERVICE # a remark { \n <https://a.example/sparql> # } \n { ?s ex:size ?o } }",
    ],
)
def test_address_is_understood_however_it_is_written(
    graph: Graph, endpoint: Endpoint, query: str
) -> None:
    found = graph.query(query, prefixes={"ex": EX}, services=endpoint.services(*ALLOWED))
    assert isinstance(found, QuerySolutions)
    assert len(list(found)) == 6
    assert [address for address, _ in endpoint.asked] == [A]


def test_relative_iris_go_by_the_base_here_and_there(graph: Graph, endpoint: Endpoint) -> None:
    query = (
        "PREFIX ex: <http://example.org/> SELECT ?size "
        "{ ?gene ex:same ?p ; ex:name 'one' . SERVICE <sparql> { ?p <size> ?size } }"
    )
    found = graph.query(query, base_iri=A, services=endpoint.services(A))
    assert isinstance(found, QuerySolutions)
    assert list(found) == []
    assert "BASE <https://a.example/sparql>" in endpoint.asked[-1][1]
    services = Services(allowed={f"{EX}sparql": A}, ask=endpoint.ask)
    found = graph.query(query, base_iri=EX, services=services)
    assert isinstance(found, QuerySolutions)
    assert [row["size"].value for row in found] == ["10"]


def test_refusal_says_which_and_how(graph: Graph) -> None:
    with pytest.raises(QueryError, match="SERVICE is refused") as caught:
        graph.query(f"ASK {{ SERVICE <{A}> {{ ?s ?p ?o }} }}")
    assert f"'<{A}>'" in str(caught.value)
    assert "--allow-service" in str(caught.value)
    assert "KG_ALLOW_SERVICE" in str(caught.value)


def test_mistake_beside_a_service_is_told_at_its_place(graph: Graph, endpoint: Endpoint) -> None:
    query = f"SELECT * {{\n SERVICE <{A}> {{ ?s ?p ?o }}\n ?x ?y }}"
    with pytest.raises(SparqlError, match="line 3, column 8 of the query: '}' is not expected"):
        graph.query(query, services=endpoint.services(A))
    assert endpoint.asked == []


def test_too_much_is_refused(
    graph: Graph, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = FederatedGraph(graph, endpoint.services(A))
    query = f"{HEAD}SELECT * {{ ?g ex:same ?p SERVICE <{A}> {{ ?p ex:size ?s }} }}"
    monkeypatch.setattr("kg.store.federation._MOST_BINDINGS", 2)
    with pytest.raises(KgError, match="more than 2 bindings"):
        asked.query(query)
    monkeypatch.undo()
    monkeypatch.setattr("kg.store.federation._MOST_ROWS", 2)
    with pytest.raises(KgError, match="more than 2 rows"):
        asked.query(query)


def test_mirror_is_asked_in_its_place(graph: Graph, endpoint: Endpoint) -> None:
    services = Services(allowed={A: B}, ask=endpoint.ask, tell=endpoint.told.append)
    graph.query(f"{HEAD}ASK {{ SERVICE <{A}> {{ ?p ex:kind ?k }} }}", services=services)
    assert [address for address, _ in endpoint.asked] == [B]
    assert endpoint.told == [f"asking '<{A}>' at '<{B}>'"]
