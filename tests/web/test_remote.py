"""A store elsewhere in the place of a graph: a real one, and stores that cut, hang and lie."""

import resource
from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest
import requests
from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples

from kg.errors import KgError, QueryError, ServiceBusyError, ServiceError, ServiceTimeoutError
from kg.store import Services, SparqlError
from kg.web.endpoints import EndpointClient
from kg.web.remote import RemoteGraph
from kg.web.results import Verbatim
from tests.endpoints import free_port, oxigraph_server
from tests.web.stores import ONE, Store, misbehaving_store

pytestmark = pytest.mark.allow_hosts(["127.0.0.1", "localhost"])

ROWS = "SELECT ?s WHERE { ?s ?p ?o }"
TRIPLES = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
TRIG = """
@prefix : <http://e.org/> .
:a :knows :b ; :name "A\\tB é"@en . :b :knows :c .
:g { :a :age 7 }
"""


@pytest.fixture(scope="module")
def oxigraph() -> Iterator[str]:
    with oxigraph_server() as url:
        kind = {"Content-Type": "application/trig"}
        requests.post(f"{url}/store", data=TRIG.encode(), headers=kind, timeout=60)
        yield f"{url}/query"


@pytest.fixture
def store() -> Iterator[Store]:
    with misbehaving_store() as store:
        yield store


def graph(url: str, seconds: float = 20, token: str = "") -> RemoteGraph:
    return RemoteGraph(url, seconds=seconds, agent="kg/test", token=token)


def rows_of(remote: RemoteGraph, query: str) -> list[str]:
    found = remote.query(query, prefixes={"e": "http://e.org/"})
    assert isinstance(found, QuerySolutions)
    return sorted(" ".join(map(str, row)) for row in found)


def read_streamed(remote: RemoteGraph, query: str) -> int:
    with remote.stream(query) as found:
        try:
            return 1 if isinstance(found, QueryBoolean) else len(list(found))
        finally:
            # What failed would keep it, and another thread may let go of that.
            del found


def read_passed_on(remote: RemoteGraph) -> bytes:
    with remote.pass_on(ROWS) as found:
        assert isinstance(found, Verbatim)
        return found.read()


def complain(url: str, query: str = ROWS, seconds: float = 20) -> KgError:
    """What a query fails with, whether its answer is held or streamed: the same."""
    with pytest.raises((ServiceError, QueryError)) as held:
        graph(url, seconds).query(query)
    with pytest.raises((ServiceError, QueryError)) as streamed:
        read_streamed(graph(url, seconds), query)
    assert str(streamed.value) == str(held.value)
    assert type(streamed.value) is type(held.value)
    assert url.partition("?")[0] in str(held.value)
    return held.value


# --- a real store --------------------------------------------------------------------------------


def test_every_form_of_a_query(oxigraph: str) -> None:
    remote = graph(oxigraph)
    assert rows_of(remote, "SELECT ?o { e:a ?p ?o }") == ['"A\\tB é"@en', "<http://e.org/b>"]
    assert remote.query("ASK { <http://e.org/a> ?p ?o }")
    assert not remote.query("ASK { <http://e.org/z> ?p ?o }")
    for query in (TRIPLES, "DESCRIBE <http://e.org/a> <http://e.org/b>"):
        found = remote.query(query)
        assert isinstance(found, QueryTriples)
        assert len(list(found)) == 3
    with remote.stream(TRIPLES) as streamed:
        assert not isinstance(streamed, QueryBoolean | QuerySolutions)
        assert len(list(streamed)) == 3
    remote.close()


def test_prefixes_and_base_are_declared_where_they_are_missing(oxigraph: str) -> None:
    remote = graph(oxigraph)
    found = remote.query("SELECT * { <a> <knows> ?o }", base_iri="http://e.org/")
    assert isinstance(found, QuerySolutions)
    assert [str(row["o"]) for row in found] == ["<http://e.org/b>"]
    own = "PREFIX e: <http://nothing.org/> ASK { e:a ?p ?o }"
    assert not remote.query(own, prefixes={"e": "http://e.org/"})


def test_dataset_of_the_protocol(oxigraph: str) -> None:
    def count(**dataset: list[str]) -> int:
        found = graph(oxigraph).query(
            "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }",
            default_graphs=dataset.get("default"),
            named_graphs=dataset.get("named"),
        )
        assert isinstance(found, QuerySolutions)
        return len(list(found))

    assert count() == 4
    assert count(default=["http://e.org/g"], named=[]) == 1
    assert count(default=[], named=["http://e.org/g"]) == 1
    assert count(default=["http://e.org/g"], named=["http://e.org/g"]) == 2
    assert graph(oxigraph).contains_named_graph("http://e.org/g")
    assert not graph(oxigraph).contains_named_graph("http://e.org/h")


def test_query_too_large_for_a_form_is_sent_as_it_is(oxigraph: str, store: Store) -> None:
    values = " ".join(f"<http://e.org/{number}>" for number in range(9_000))
    query = f"SELECT ?s {{ VALUES ?s {{ {values} <http://e.org/a> }} ?s ?p ?o }}"
    assert rows_of(graph(oxigraph), query) == ["<http://e.org/a>"] * 2
    graph(f"{store.url}/ok?key=1").query(query, default_graphs=["http://e.org/g"])
    graph(f"{store.url}/ok?key=1").query(ROWS, default_graphs=["http://e.org/g"])
    large, small = store.asked
    assert large.headers["Content-Type"] == "application/sparql-query"
    assert large.body.startswith(b"SELECT ?s { VALUES")
    assert large.path == "/ok?key=1&default-graph-uri=http%3A%2F%2Fe.org%2Fg"
    assert small.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert parse_qs(small.body.decode()) == {
        "query": [ROWS],
        "default-graph-uri": ["http://e.org/g"],
    }
    assert small.path == "/ok?key=1"


def test_mistakes_are_told_before_anything_is_sent(store: Store) -> None:
    with pytest.raises(SparqlError) as caught:
        graph(f"{store.url}/ok").query("SELECT *\nWHERE { ?s ?p }")
    assert (caught.value.line, caught.value.column) == (2, 15)
    for text, said in (
        ("DROP ALL", "SPARQL Update"),
        ("SELECT * { SERVICE <http://a/> { ?s ?p ?o } }", "SERVICE is refused"),
        ("SELECT * { \\u0053ERVICE <http://a/> { ?s ?p ?o } }", "not expected"),
    ):
        with pytest.raises(QueryError, match=said):
            graph(f"{store.url}/ok").query(text)
    assert store.asked == []


def test_what_stores_read_differently_is_not_sent(store: Store) -> None:
    """Of some stores escapes are read first, so that a comment may hold the end of its line."""
    graph(f"{store.url}/ok").query(
        "#\\u000AINSERT DATA { <a:a> <a:b> '''\n"
        "SELECT ?s { ?s ?p '\\u0022 \\u0027 \\u0041', <http://a/\\u00e9> } #'''}"
    )
    sent = parse_qs(store.asked[0].body.decode())["query"][0]
    assert sent.split() == "SELECT ?s { ?s ?p '\\\" \\' A', <http://a/é> }".split()


def test_service_is_answered_here(oxigraph: str) -> None:
    client = EndpointClient(allowed=[oxigraph], agent="kg/test")
    services = Services(allowed={"http://other.org/": oxigraph}, ask=client.ask)
    query = "SELECT ?c { <http://e.org/a> ?p ?b SERVICE <http://other.org/> { ?b ?q ?c } }"
    found = graph(oxigraph).query(query, services=services)
    assert isinstance(found, QuerySolutions)
    assert [str(row["c"]) for row in found] == ["<http://e.org/c>"]


# --- how stores answer ---------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["ok", "xml", "meta", "gzip", "same", "open"])
def test_rows_in_the_ways_that_stores_write_them(store: Store, path: str) -> None:
    remote = graph(f"{store.url}/{path}")
    assert rows_of(remote, ROWS) == ["<http://a/s>"]
    with remote.stream(ROWS) as found:
        assert isinstance(found, QuerySolutions)
        assert len(list(found)) == 1
    assert store.asked[0].headers["User-Agent"] == "kg/test"
    remote.close()


@pytest.mark.parametrize("path", ["virtuoso", "boolean"])
def test_yes_in_the_ways_that_stores_write_it(store: Store, path: str) -> None:
    assert bool(graph(f"{store.url}/{path}").query("ASK {}"))


def test_no_as_virtuoso_writes_it(store: Store) -> None:
    answer = graph(f"{store.url}/virtuoso-no").query("ASK {}")
    assert isinstance(answer, QueryBoolean)
    assert not answer
    assert "rows where yes or no was asked for" in str(complain(f"{store.url}/ok", "ASK {}"))


@pytest.mark.parametrize("path", ["ntriples", "turtle"])
def test_triples_in_the_ways_that_stores_write_them(store: Store, path: str) -> None:
    found = graph(f"{store.url}/{path}").query(TRIPLES)
    assert isinstance(found, QueryTriples)
    [triple] = found
    subject = {"ntriples": "<http://a/s>", "turtle": f"<{store.url}/s>"}[path]
    assert str(triple.subject) == subject


@pytest.mark.parametrize("path", ["ok", "meta", "gzip"])
def test_rows_are_passed_on_as_they_are(store: Store, path: str) -> None:
    assert read_passed_on(graph(f"{store.url}/{path}")) == ONE
    assert store.asked[0].headers["Accept"].startswith("application/sparql-results+json")


@pytest.mark.parametrize(("path", "query"), [("xml", ROWS), ("open", ROWS), ("boolean", "ASK {}")])
def test_what_cannot_be_passed_on_is_read(store: Store, path: str, query: str) -> None:
    with graph(f"{store.url}/{path}").pass_on(query) as found:
        assert isinstance(found, QuerySolutions | QueryBoolean)


# --- what is wrong, where, and what to do --------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "kind", "said"),
    [
        ("400", QueryError, "refuses the query: 400 Bad Request (status 400)"),
        ("401", ServiceError, "401 Unauthorized (status 401); put its token, or NAME:PASSWORD"),
        ("403", ServiceError, "403 Forbidden (status 403); put its token"),
        ("404", ServiceError, "404 Not Found (status 404); the address of an endpoint often ends"),
        ("405", ServiceError, "is no SPARQL endpoint: 405"),
        ("408", ServiceTimeoutError, "has no time for the query: 408"),
        ("504", ServiceTimeoutError, "has no time for the query: 504"),
        ("429", ServiceBusyError, "has no room for the query: 429"),
        ("503", ServiceBusyError, "try again"),
        ("500", ServiceError, "fails: 500 Internal Server Error (status 500)"),
        ("206", ServiceTimeoutError, "answers in part only"),
        ("partial", ServiceTimeoutError, "answers in part only"),
        ("rows", ServiceError, "gives 10000 rows of an answer and no more; ask for fewer"),
        ("html", ServiceError, "answers in 'text/html', not with SPARQL results (Sign in); is"),
        ("said", ServiceError, "not with SPARQL results (Parse error: line 1)"),
        ("csv", ServiceError, "answers in 'text/csv', not with SPARQL results"),
        ("ntriples", ServiceError, "not with SPARQL results"),
        ("error", ServiceError, "answers with what is damaged, or cut"),
        ("boolean", ServiceError, "answers with yes or no where rows were asked for"),
        ("half", ServiceError, "answers with what is damaged, or cut"),
        ("half-xml", ServiceError, "answers with what is damaged, or cut"),
        ("tail", ServiceError, "answers with what is damaged, or cut"),
        ("cut", ServiceError, "the connection was cut before the answer was whole"),
        ("cut-chunks", ServiceError, "the connection was cut before the answer was whole"),
        ("gone", ServiceError, "the connection was cut"),
        ("loop", ServiceError, "sends on more than 3 times"),
    ],
)
def test_answers_that_are_none(store: Store, path: str, kind: type[Exception], said: str) -> None:
    error = complain(f"{store.url}/{path}")
    assert type(error) is kind
    assert said in str(error)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("ok", "not with RDF"),
        ("half-turtle", "answers with what is damaged, or cut"),
        ("cut-triples", "the connection was cut before the answer was whole"),
        ("open-triples", "does not tell where its answer ends, so that it may be cut"),
    ],
)
def test_triples_that_are_none(store: Store, path: str, said: str) -> None:
    assert said in str(complain(f"{store.url}/{path}", TRIPLES))


@pytest.mark.parametrize("path", ["tail", "half", "cut-chunks", "error"])
def test_what_is_passed_on_has_an_end(store: Store, path: str) -> None:
    with pytest.raises(ServiceError):
        read_passed_on(graph(f"{store.url}/{path}"))


@pytest.mark.parametrize("path", ["hang", "drip"])
def test_store_that_hangs_is_left(store: Store, path: str) -> None:
    error = complain(f"{store.url}/{path}", seconds=0.4)
    assert type(error) is ServiceTimeoutError
    assert "did not answer within 0.4 seconds; --endpoint-timeout SECONDS" in str(error)


def test_connection_is_let_go_with_the_block(store: Store) -> None:
    with graph(f"{store.url}/trickle").stream(ROWS) as found:
        assert isinstance(found, QuerySolutions)
        next(found)
    assert store.left.wait(10)


def test_nobody_there() -> None:
    assert "the connection was refused" in str(complain(f"http://127.0.0.1:{free_port()}/"))


def test_redirection_to_another_server_is_not_followed(store: Store) -> None:
    with misbehaving_store() as other:
        for elsewhere in (f"{other.url}/ok", store.url.replace("127.0.0.1", "localhost") + "/ok"):
            store.elsewhere = elsewhere
            said = str(complain(f"{store.url}/away"))
            assert f"sends on to '{elsewhere}', which is another server" in said
        assert other.asked == []
    assert {asked.path for asked in store.asked} == {"/away"}


def test_secrets_of_who_asks(store: Store) -> None:
    url = f"{store.url}/token"
    assert rows_of(graph(url, token="me:secret\n"), ROWS) == ["<http://a/s>"]
    graph(f"{store.url}/ok?key=hidden", token="abc").query(ROWS)
    assert store.asked[-1].headers["Authorization"] == "Bearer abc"
    graph(f"{store.url}/ok").query(ROWS)
    assert "Authorization" not in store.asked[-1].headers
    assert "401" in str(complain(url))
    assert "hidden" not in str(complain(f"{store.url}/404?key=hidden"))
    with pytest.raises(ServiceError, match="no token may hold"):
        graph(url, token="a b\nc")


@pytest.mark.parametrize(
    "address", ["", "e.org", "ftp://e.org/", "http://", "http://e.org/a b", "http://e.org:x/"]
)
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(ServiceError, match="is no address of an endpoint"):
        graph(address)


def test_address_with_a_password_is_refused_and_not_told() -> None:
    with pytest.raises(ServiceError, match="KG_ENDPOINT_TOKEN") as caught:
        graph("http://me:secret@e.org/sparql")
    assert "secret" not in str(caught.value)


# --- what is large -------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["large", "bomb"])
def test_answer_held_in_memory_has_a_bound(store: Store, path: str) -> None:
    with pytest.raises(ServiceError, match="an answer of more than 134,217,728 bytes; ask for"):
        graph(f"{store.url}/{path}").query(ROWS)
    assert store.sent < 1 << 28


def test_value_without_end_is_given_up(store: Store) -> None:
    with pytest.raises(ServiceError, match="damaged, or cut: Reached the buffer"):
        read_streamed(graph(f"{store.url}/word"), ROWS)


def test_large_answer_is_streamed_in_little_memory(store: Store) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with graph(f"{store.url}/large", seconds=100).stream(ROWS) as found:
        assert isinstance(found, QuerySolutions)
        count = sum(1 for _, _ in zip(found, range(1_000_000), strict=False))
    assert count == 1_000_000
    # Kilobytes on Linux; the million rows have 40 MB.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000
