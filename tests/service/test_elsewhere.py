"""`kg serve` in front of another store: a real one, and one that cuts, hangs and lies."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
import requests

from kg.cli import main
from tests.endpoints import free_port, oxigraph_server
from tests.service.conftest import running
from tests.web.stores import ONE, Store, misbehaving_store

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

ROWS = "SELECT ?s WHERE { ?s ?p ?o }"
NAMES = "SELECT ?s ?o { ?s <http://example.org/name> ?o }"
GRAPH = "http://example.org/g"
PEOPLE = 100_000


@pytest.fixture(scope="module")
def oxigraph() -> Iterator[str]:
    """A server with a hundred thousand people in its default graph, and one in another."""
    with oxigraph_server() as url:
        lines = [
            f'<http://example.org/{number}> <http://example.org/name> "Person {number}" .'
            for number in range(PEOPLE)
        ]
        lines.append(f'<http://example.org/z> <http://example.org/name> "Z" <{GRAPH}> .')
        kind = {"Content-Type": "application/n-quads"}
        body = "\n".join(lines).encode()
        requests.post(f"{url}/store", data=body, headers=kind, timeout=60).raise_for_status()
        yield url


@pytest.fixture(scope="module")
def url(oxigraph: str) -> Iterator[str]:
    with running(
        "--endpoint", f"{oxigraph}/query", "--processes", "1", "--endpoint-cache", "2"
    ) as address:
        yield address


def ask(url: str, query: str, accept: str = "", **parameters: str) -> requests.Response:
    return requests.post(
        f"{url}/sparql",
        data={"query": query, **parameters},
        headers={"Accept": accept} if accept else {},
        timeout=60,
    )


def first_row(answer: requests.Response) -> list[str]:
    return [term["value"] for term in answer.json()["results"]["bindings"][0].values()]


# --- a real store --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "start"),
    [
        ("application/sparql-results+json", b'{"head":{"vars":["o"]}'),
        ("application/sparql-results+xml", b"<?xml"),
        ("text/csv", b"o\r\nPerson 7\r\n"),
        ("text/tab-separated-values", b'?o\n"Person 7"\n'),
    ],
)
def test_rows_in_each_format(url: str, accept: str, start: bytes) -> None:
    answer = ask(url, "SELECT ?o { <http://example.org/7> ?p ?o }", accept)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith(accept)
    assert answer.content.startswith(start)
    assert b"Person 7" in answer.content


def test_graphs_and_truth(url: str) -> None:
    triples = ask(url, "DESCRIBE <http://example.org/7>", "application/n-triples")
    assert triples.text == '<http://example.org/7> <http://example.org/name> "Person 7" .\n'
    assert ask(url, "ASK { <http://example.org/7> ?p ?o }").json()["boolean"] is True
    assert ask(url, "ASK {}", "image/png").status_code == 406


def test_prefixes_and_base_are_those_of_the_server(url: str) -> None:
    assert first_row(ask(url, "SELECT (kg:Gene AS ?x) (<a> AS ?y) {}")) == [
        "https://w3id.org/litkg/ontology#Gene",
        f"{url}/a",
    ]


def test_long_answers_are_passed_on_or_read_and_written_whole(url: str) -> None:
    for accept in ("application/sparql-results+json", "text/csv"):
        answer = ask(url, NAMES, accept)
        assert answer.status_code == 200
        assert answer.text.count("Person ") == PEOPLE
    answer = ask(url, f"CONSTRUCT WHERE {{ {NAMES.split('{')[1]}", "text/turtle")
    assert answer.text.count("Person ") == PEOPLE


def test_dataset_of_the_protocol(url: str) -> None:
    answer = ask(url, NAMES, **{"default-graph-uri": GRAPH})
    assert first_row(answer) == ["http://example.org/z", "Z"]


def test_graph_store_is_read_only(url: str) -> None:
    address = f"{url}/store"
    found = requests.get(address, {"graph": GRAPH}, timeout=60)
    assert (found.status_code, '"Z"' in found.text) == (200, True)
    assert requests.get(address, {"graph": f"{GRAPH}2"}, timeout=60).status_code == 404
    assert requests.get(address, {"graph": "a b:c"}, timeout=60).status_code == 400
    assert requests.get(f"{address}?default", timeout=60).text.count("Person ") == PEOPLE
    put = requests.put(f"{address}?default", data=b"<a:a> <a:b> <a:c> .", timeout=60)
    assert put.status_code == 403
    update = requests.post(
        f"{url}/sparql",
        data=b"DROP ALL",
        headers={"Content-Type": "application/sparql-update"},
        timeout=60,
    )
    assert update.status_code == 403
    assert ask(url, "DROP ALL").status_code == 400
    assert ask(url, "ASK { <http://example.org/7> ?p ?o }").json()["boolean"] is True


def test_description_says_nothing_of_what_it_does_not_know(url: str) -> None:
    answer = requests.get(f"{url}/sparql", headers={"Accept": "application/n-triples"}, timeout=60)
    assert answer.status_code == 200
    assert "SPARQL11Query" in answer.text
    assert "SPARQL11Update" not in answer.text
    assert "void#triples" not in answer.text


def test_mistakes_and_service(url: str, oxigraph: str) -> None:
    mistake = ask(url, "SELECT *\n{ ?s ?p }")
    assert mistake.status_code == 400
    assert mistake.text.startswith("line 2, column 9 of the query:")
    refused = ask(url, f"SELECT * {{ SERVICE <{oxigraph}/query> {{ ?s ?p ?o }} }}")
    assert refused.status_code == 400
    assert "SERVICE is refused" in refused.text


def test_what_was_answered_is_kept_for_a_while(url: str, oxigraph: str) -> None:
    query = "ASK { <http://example.org/new> ?p ?o }"
    assert ask(url, query).json()["boolean"] is False
    requests.post(
        f"{oxigraph}/update",
        data="INSERT DATA { <http://example.org/new> <http://example.org/is> 'here' }",
        headers={"Content-Type": "application/sparql-update"},
        timeout=60,
    ).raise_for_status()
    until = time.monotonic() + 20
    while ask(url, query).json()["boolean"] is False:
        assert time.monotonic() < until
        time.sleep(0.05)
    answer = ask(url, query)
    same = requests.post(
        f"{url}/sparql",
        data={"query": query},
        headers={"If-None-Match": answer.headers["ETag"]},
        timeout=60,
    )
    assert same.status_code == 304


# --- limits, and who goes ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def limited(oxigraph: str) -> Iterator[str]:
    with running(
        *("--endpoint", f"{oxigraph}/query", "--processes", "1"),
        *("--max-rows", "20000", "--max-megabytes", "2"),
    ) as address:
        yield address


@pytest.mark.parametrize("accept", ["application/sparql-results+json", "text/csv"])
def test_rows_and_bytes_have_limits(limited: str, accept: str) -> None:
    assert ask(limited, f"{NAMES} LIMIT 10000", accept).text.count("Person ") == 10_000
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        ask(limited, f"{NAMES} LIMIT 30000", accept)
    # Ten thousand rows, of many bytes.
    long = f"SELECT ?s ?o ?o2 ?o3 ?o4 {NAMES[12:-1]} BIND(CONCAT(?o, STR(?s), STR(?s)) AS ?o2) "
    long += "BIND(CONCAT(?o2, ?o2) AS ?o3) BIND(CONCAT(?o3, ?o3) AS ?o4) } LIMIT 10000"
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        ask(limited, long, accept)


def test_triples_have_a_limit_too(limited: str) -> None:
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        requests.get(f"{limited}/store?default", timeout=60)


# --- stores that are none ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bad() -> Iterator[Store]:
    with misbehaving_store() as store:
        yield store


@pytest.fixture(scope="module")
def before(bad: Store) -> Iterator[str]:
    """A server before the store, with little memory for a query."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KG_ENDPOINT_TOKEN", "me:secret")
        with running(
            *("--endpoint", f"{bad.url}/chosen", "--processes", "1", "--workers", "2"),
            *("--memory", "64", "--timeout", "20", "--endpoint-cache", "0"),
        ) as address:
            yield address


def asking(behaviour: str) -> str:
    return f"SELECT ?s {{ ?s ?p <urn:x:{behaviour}> }}"


@pytest.mark.parametrize(
    ("behaviour", "status", "said"),
    [
        ("400", 400, "the store behind this server refuses the query: 400"),
        ("401", 502, "the store behind this server refuses: 401"),
        ("404", 502, "is no SPARQL endpoint: 404"),
        ("429", 503, "has no room for the query: 429"),
        ("500", 502, "the store behind this server fails: 500"),
        ("503", 503, "try again"),
        ("504", 504, "has no time for the query: 504"),
        ("partial", 504, "answers in part only"),
        ("rows", 502, "gives 10000 rows of an answer and no more"),
        ("html", 502, "answers in 'text/html', not with SPARQL results (Sign in)"),
        ("error", 502, "answers with what is damaged, or cut"),
        ("half", 502, "answers with what is damaged, or cut"),
        ("tail", 502, "answers with what is damaged, or cut"),
        ("cut", 502, "the connection was cut before the answer was whole"),
        ("cut-chunks", 502, "the connection was cut before the answer was whole"),
    ],
)
@pytest.mark.parametrize("accept", ["application/sparql-results+json", "text/csv"])
def test_failures_of_the_store_are_told_as_such(
    before: str, behaviour: str, status: int, said: str, accept: str
) -> None:
    answer = ask(before, asking(behaviour), accept)
    assert (answer.status_code, said in answer.text) == (status, True), answer.text
    assert "127.0.0.1" not in answer.text
    assert "KG_ENDPOINT" not in answer.text


@pytest.mark.parametrize("accept", ["application/sparql-results+json", "text/csv"])
def test_answer_that_is_cut_late_is_broken_off(before: str, accept: str) -> None:
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        ask(before, asking("cut-late"), accept)


@pytest.mark.parametrize("accept", ["application/sparql-results+json", "text/csv"])
def test_large_answer_goes_through_little_memory(before: str, accept: str) -> None:
    answer = requests.post(
        f"{before}/sparql",
        data={"query": asking("much")},
        headers={"Accept": accept},
        stream=True,
        timeout=60,
    )
    assert answer.status_code == 200
    rows = sum(piece.count(b"http") for piece in answer.iter_content(1 << 20))
    # A piece may end within the word.
    assert rows > 4_990_000


def test_token_is_sent_to_the_store(before: str) -> None:
    assert ask(before, asking("token")).content == ONE


def test_query_that_takes_too_long_lets_go_of_the_store(before: str, bad: Store) -> None:
    bad.left.clear()
    answer = ask(before, asking("hang"), timeout="0.5")
    assert answer.status_code == 503
    assert "longer than its limit of 0.5 seconds" in answer.text
    assert bad.left.wait(10)


@pytest.mark.parametrize("behaviour", ["hang", "trickle"])
def test_client_that_goes_lets_go_of_the_store(before: str, bad: Store, behaviour: str) -> None:
    bad.left.clear()
    sent = {"query": asking(behaviour)}
    with (
        suppress(requests.ReadTimeout),
        requests.post(f"{before}/sparql", data=sent, stream=True, timeout=(5, 0.5)) as answer,
    ):
        assert next(answer.iter_content(100)).startswith(ONE[:20])
    assert bad.left.wait(10)
    assert ask(before, asking("ok")).content == ONE


def test_store_that_goes_and_comes() -> None:
    port = free_port()
    with misbehaving_store(port) as store:
        options = ["--processes", "1", "--endpoint-cache", "0"]
        held = running("--endpoint", f"{store.url}/ok", *options)
        url = held.__enter__()
    try:
        until = time.monotonic() + 30
        while requests.get(f"{url}/readyz", timeout=30).status_code == 200:
            assert time.monotonic() < until
            time.sleep(0.1)
        gone = ask(url, ROWS)
        assert gone.status_code == 502
        assert "the connection was" in gone.text
        assert requests.get(f"{url}/healthz", timeout=30).status_code == 200
        with misbehaving_store(port):
            assert ask(url, ROWS).content == ONE
            while requests.get(f"{url}/readyz", timeout=30).status_code != 200:
                assert time.monotonic() < until
                time.sleep(0.1)
    finally:
        held.__exit__(None, None, None)


# --- the command ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--endpoint", "http://127.0.0.1:9/", "--no-text"], "are for a graph here"),
        (["--endpoint", "http://127.0.0.1:9/", "--token-file", __file__], "are for a graph here"),
        (["--endpoint", "e.org"], "is no address of an endpoint"),
    ],
)
def test_what_an_endpoint_does_not_do(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["serve", *words])
    assert said in capsys.readouterr().err


def test_store_that_is_not_there_yet_is_told_of() -> None:
    address = f"http://127.0.0.1:{free_port()}/query"
    command = [sys.executable, "-m", "kg", "serve", "--port", str(free_port())]
    process = subprocess.Popen([*command, "--endpoint", address], stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        assert process.stderr.readline() == (
            f"kg: {address} cannot be asked: the connection was refused; "
            "it is asked again when a question comes\n"
        )
        assert process.poll() is None
    finally:
        process.terminate()
        process.wait(20)
        process.stderr.close()
