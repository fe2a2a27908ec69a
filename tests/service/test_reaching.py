"""Nothing that is sent to the server makes it reach another address or a file, however disguised.

A server on this machine notes each connection; one of its addresses is allowed as an endpoint, so
that all of what asks other endpoints is at work.
"""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests

from tests.service.conftest import served, write_people

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

TOKEN = {"authorization": "Bearer correct horse"}
UPDATE = {**TOKEN, "content-type": "application/sparql-update"}


class Trap(ThreadingHTTPServer):
    """Notes who connects, and answers as an endpoint with no rows."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.connections = 0
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def process_request(self, *arguments: Any) -> None:
        self.connections += 1
        super().process_request(*arguments)


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = json.dumps({"head": {"vars": []}, "results": {"bindings": []}}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/sparql-results+json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST  # noqa: N815

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def trap() -> Iterator[Trap]:
    with Trap() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def url(trap: Trap, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("reaching") / "people.kg"
    write_people(folder, 20, "8" * 12)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KG_TOKEN", "correct horse")
        allowed = ("--allow-service", f"{trap.url}/allowed")
        with served(folder, "--processes", "1", *allowed) as address:
            yield address


def test_what_is_allowed_is_asked(url: str, trap: Trap) -> None:
    before = trap.connections
    query = f"SELECT * {{ SERVICE <{trap.url}/allowed> {{ ?s ?p ?o }} }}"
    assert requests.get(f"{url}/sparql", params={"query": query}, timeout=60).status_code == 200
    assert trap.connections > before


# T is the address of the trap that is not allowed, A that which is, U the trap without a path.
QUERIES = [
    "SELECT * { SERVICE <T> { ?s ?p ?o } }",
    "select * { sErViCe silent <T> { ?s ?p ?o } }",
    "SELECT * { SERVICE# a remark\n<T>#\n{ ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o # {\n . SERVICE <T> { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o . {SERVICE<T>{?s ?p ?o}} }",
    "SELECT * { \\u0053ERVICE <T> { ?s ?p ?o } }",
    "SELECT * { SER\\U00000056ICE <T> { ?s ?p ?o } }",
    "SELECT * { SERVICE <http\\u003A//T> { ?s ?p ?o } }",
    "PREFIX t: <U/> SELECT * { SERVICE t:other { ?s ?p ?o } }",
    "PREFIX t: <A> PREFIX t: <U/> SELECT * { SERVICE t: { ?s ?p ?o } }",
    "PREFIX : <U/> SELECT * { SERVICE:other { ?s ?p ?o } }",
    "BASE <U/> SELECT * { SERVICE <other> { ?s ?p ?o } }",
    "BASE <A> SELECT * { SERVICE <../other> { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT ?to { ?s ?p ?o } }",
    "SELECT * { BIND(<T> AS ?to) SERVICE ?to { ?s ?p ?o } }",
    "SELECT * { VALUES ?to { <A> <T> } SERVICE SILENT $to { ?s ?p ?o } }",
    "SELECT * { { SELECT ?s { { SELECT * { SERVICE <T> { ?s ?p ?o } } } } } }",
    "ASK { FILTER EXISTS { SERVICE <T> { ?s ?p ?o } } }",
    "ASK { ?s ?p ?o FILTER(NOT EXISTS{?s ?p ?o . SERVICE<T>{?s ?p ?o}}) }",
    "SELECT (EXISTS { SERVICE <T> { ?s ?p ?o } } AS ?x) {}",
    "SELECT * { ?s ?p ?o } ORDER BY (EXISTS { SERVICE <T> { ?s ?p ?o } })",
    "SELECT * { OPTIONAL { SERVICE <T> { ?s ?p ?o } } }",
    "SELECT * { { ?s ?p ?o } UNION { SERVICE <T> { ?s ?p ?o } } }",
    "SELECT * { ?s ?p ?o MINUS { SERVICE <T> { ?s ?p ?o } } }",
    "SELECT * { GRAPH ?g { SERVICE <T> { ?s ?p ?o } } }",
    "SELECT * { SERVICE <A> { SERVICE <T> { ?s ?p ?o } } }",
    "SELECT * { SERVICE <A> {} SERVICE <T> { ?s ?p ?o } }",
    "CONSTRUCT { ?s ?p ?o } { SERVICE <T> { ?s ?p ?o } }",
    "DESCRIBE ?s { SERVICE <T> { ?s ?p ?o } }",
    "SELECT * { ?s ?p 1SERVICE <T> { ?s ?p ?o } }",
    "SELECT * { ?s ?p trueSERVICE <T> { ?s ?p ?o } }",
    "SELECT * { ?s ?p 'a''b'SERVICE <T> { ?s ?p ?o } }",
    "SELECT * { ?s ?p '''a''SERVICE' SERVICE <T> { ?s ?p ?o } }",
    "SELECT * { ?s <a>?x SERVICE <T> { ?s ?p ?o } }",
    "SELECT * { _:a ?p _:b.SERVICE <T> { ?s ?p ?o } }",
    "SELECT * { ?s ?p 1.SERVICE <T> { ?s ?p ?o } }",
    "SELECT * FROM <T> { ?s ?p ?o . SERVICE <T> { ?s ?p ?o } }",
]


def spelled(text: str, trap: Trap) -> str:
    plain = text.replace("http\\u003A//T", f"http\\u003A//{trap.url[7:]}/other")
    for name, path in (("T", "/other"), ("A", "/allowed"), ("U/", "/")):
        plain = plain.replace(f"<{name}>", f"<{trap.url}{path}>")
    return plain


@pytest.mark.parametrize("query", QUERIES)
def test_no_query_reaches_another_address(url: str, trap: Trap, query: str) -> None:
    text, before = spelled(query, trap), trap.connections
    for answer in (
        requests.get(f"{url}/sparql", params={"query": text}, timeout=60),
        requests.post(f"{url}/sparql", data={"query": text}, timeout=60),
        requests.post(
            f"{url}/sparql",
            data=text.encode(),
            headers={"content-type": "application/sparql-query"},
            timeout=60,
        ),
    ):
        assert answer.status_code == 400, answer.text
    assert trap.connections == before


def test_no_dataset_is_fetched(url: str, trap: Trap) -> None:
    before = trap.connections
    for query in (f"SELECT * FROM <{trap.url}/other> {{ ?s ?p ?o }}", "SELECT * { ?s ?p ?o }"):
        for name in ("default-graph-uri", "named-graph-uri"):
            answer = requests.get(
                f"{url}/sparql", params={"query": query, name: f"{trap.url}/other"}, timeout=60
            )
            assert answer.json()["results"]["bindings"] == []
    for path in (f"/store?graph={trap.url}/other", f"/entity?iri={trap.url}/other"):
        assert requests.get(f"{url}{path}", timeout=60).status_code == 404
    assert trap.connections == before


UPDATES = [
    "LOAD <T>",
    "lOaD SILENT <T> INTO GRAPH <urn:g>",
    "LOAD#\n<T>",
    "LOAD<T>",
    "\\u004COAD <T>",
    "LO\\U00000041D <T>",
    "PREFIX t: <U/> LOAD t:other",
    "PREFIX : <U/> LOAD:other",
    "BASE <U/> LOAD <other>",
    "PREFIX x: <urn:x>LOAD<T>",
    "INSERT DATA {};LOAD<T>",
    "INSERT DATA { <urn:a> <urn:b> '''a''' };#\nLOAD <T>",
    "CLEAR ALL ; # LOAD\n BASE <U/> PREFIX t: <other> LOAD t:",
    "LOAD <file:///etc/passwd>",
    "INSERT { ?s ?p ?o } WHERE { SERVICE <T> { ?s ?p ?o } }",
    "INSERT { ?s ?p ?o } WHERE { SERVICE <A> { ?s ?p ?o } }",
    "INSERT { ?s ?p ?o } USING <urn:g> WHERE { SERVICE SILENT <T> { ?s ?p ?o } }",
    "WITH <urn:g> DELETE { ?s ?p ?o } WHERE { { SELECT * { SERVICE ?to { ?s ?p ?o } } } }",
    "DELETE { ?s ?p ?o } WHERE { ?s ?p ?o FILTER EXISTS { \\u0053ERVICE <T> { ?s ?p ?o } } }",
    "DELETE { ?s ?p ?o } WHERE { ?s ?p 1SERVICE <T> { ?s ?p ?o } }",
    "DELETE WHERE { SERVICE <T> { ?s ?p ?o } }",
]


@pytest.mark.parametrize("update", UPDATES)
def test_no_update_reaches_another_address_or_a_file(url: str, trap: Trap, update: str) -> None:
    text, before = spelled(update, trap), trap.connections
    form = {"update": text}
    answers = [
        requests.post(f"{url}/sparql", data=form, headers=TOKEN, timeout=60),
        requests.post(f"{url}/update", data=text.encode(), headers=UPDATE, timeout=60),
    ]
    if "USING" not in text and "WITH" not in text:
        named = {**form, "using-graph-uri": f"{trap.url}/other"}
        answers.append(requests.post(f"{url}/sparql", data=named, headers=TOKEN, timeout=60))
    assert [answer.status_code for answer in answers] == [400] * len(answers)
    patch = {"graph": "urn:g"}
    answer = requests.patch(
        f"{url}/store", params=patch, data=text.encode(), headers=UPDATE, timeout=60
    )
    assert answer.status_code in (400, 422)
    assert trap.connections == before


RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XML = (
    f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:a="urn:a:">'
    '<rdf:Description rdf:about="urn:x"><a:b>&x;</a:b></rdf:Description></rdf:RDF>'
)
GROWING = "".join(f'<!ENTITY x{n} "{f"&x{n + 1};" * 10}">' for n in range(1, 10))
STATEMENTS = {
    "an external entity": f'<!DOCTYPE r [<!ENTITY x SYSTEM "T">]>{XML}',
    "a file as an entity": f'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>{XML}',
    "a document type elsewhere": f'<!DOCTYPE r SYSTEM "T">{XML.replace("&x;", "x")}',
    "entities of entities": (
        f'<!DOCTYPE r [<!ENTITY x10 "aaaaaaaaaa">{GROWING}<!ENTITY x "&x1;">]>{XML}'
    ),
    "a context elsewhere": '{"@context": "T", "@id": "urn:x", "urn:b": "c"}',
    "an import of a context": (
        '{"@context": {"@version": 1.1, "@import": "T"}, "@id": "urn:x", "urn:b": "c"}'
    ),
}


@pytest.mark.parametrize("kind", STATEMENTS)
def test_no_statements_reach_another_address_or_a_file(url: str, trap: Trap, kind: str) -> None:
    text = STATEMENTS[kind].replace('"T"', f'"{trap.url}/other"')
    media_type = "application/rdf+xml" if text.startswith("<") else "application/ld+json"
    before = trap.connections
    graph = {"graph": "urn:g"}
    answer = requests.put(
        f"{url}/store",
        params=graph,
        data=text,
        headers={**TOKEN, "content-type": media_type},
        timeout=60,
    )
    # What grows without end is stopped with the process that reads it.
    assert answer.status_code in (201, 204, 400, 503)
    assert "root:" not in answer.text
    got = requests.get(f"{url}/store", params=graph, timeout=60)
    assert "root:" not in got.text
    assert len(got.content) < 10_000
    assert trap.connections == before
