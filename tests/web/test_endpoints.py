"""Asking SPARQL endpoints over HTTP: a real server, and servers that hang, redirect and lie."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from kg.errors import ServiceError
from kg.web.endpoints import ENDPOINTS, EndpointClient, read_allowed
from tests.endpoints import free_port, oxigraph_server

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
QUERY = "SELECT ?s WHERE { ?s ?p ?o }"
JSON = "application/sparql-results+json"
ONE = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"http://a/s"}}]}}'
EVIL = ONE.replace(b"http://a/s", b"http://a/> } ?x")


class Server:
    """Answers as the path says; `paths` are those asked for, `agents` those who asked."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.agents: list[str] = []
        self.stopped = threading.Event()
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        # Closed at the end, however they hang.
        self.http.daemon_threads = False
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}"


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            server.paths.append(self.path)
            server.agents.append(self.headers["User-Agent"])
            kind, _, rest = self.path.lstrip("/").partition("/")
            if kind in ("to", "loop"):
                self.send_response(int(rest or 302))
                self.send_header("Location", "/ok" if kind == "to" else self.path)
                self.end_headers()
                return
            if kind == "hang":
                server.stopped.wait(20)
                return
            body, media_type, status = {
                "ok": (ONE, JSON, 200),
                "charset": (ONE, f"{JSON}; charset=utf-8", 200),
                "evil": (EVIL, JSON, 200),
                "html": (b"<html>hello</html>", "text/html", 200),
                "cut": (ONE[:-20], JSON, 200),
                "boolean": (b'{"head":{},"boolean":true}', JSON, 200),
                "error": (b"<h1>Virtuoso: estimated time exceeds</h1>", "text/html", 500),
                "drip": (ONE, JSON, 200),
            }[kind]
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            for byte in body if kind == "drip" else [body]:
                self.wfile.write(byte if isinstance(byte, bytes) else bytes([byte]))
                if kind == "drip" and server.stopped.wait(0.2):
                    return

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.http.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.stopped.set()
    server.http.shutdown()
    server.http.server_close()
    thread.join()


def client(*allowed: str, timeout: float = 10) -> EndpointClient:
    return EndpointClient(allowed=allowed, agent="kg/test", timeout=timeout)


def complain(url: str, timeout: float = 10) -> str:
    with pytest.raises(ServiceError) as caught:
        client(url, timeout=timeout).ask(url, QUERY)
    assert url in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("path", ["ok", "charset"])
def test_rows_come_back(server: Server, path: str) -> None:
    url = f"{server.url}/{path}"
    rows = client(url).ask(url, QUERY)
    assert rows.variables == ("s",)
    assert [str(term) for row in rows.rows for term in row] == ["<http://a/s>"]
    assert server.agents == ["kg/test"]


def test_a_real_server_answers() -> None:
    with oxigraph_server() as url:
        rows = client(f"{url}/query").ask(f"{url}/query", "SELECT (1 + 1 AS ?two) {}")
        assert [str(row[0]) for row in rows.rows] == [
            '"2"^^<http://www.w3.org/2001/XMLSchema#integer>'
        ]
        assert "400" in complain_of_query(f"{url}/query", "SELECT nonsense")


def complain_of_query(url: str, query: str) -> str:
    with pytest.raises(ServiceError) as caught:
        client(url).ask(url, query)
    return str(caught.value)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("html", "'text/html', no form of SPARQL results"),
        ("cut", "damaged SPARQL results"),
        ("evil", "damaged SPARQL results"),
        ("boolean", "yes or no"),
        ("error", "refuses: 500 Internal Server Error (Virtuoso: estimated time exceeds)"),
    ],
)
def test_answers_that_cannot_be_used(server: Server, path: str, said: str) -> None:
    assert said in complain(f"{server.url}/{path}")


@pytest.mark.parametrize("path", ["hang", "drip"])
def test_endpoint_that_hangs_is_left(server: Server, path: str) -> None:
    started = time.monotonic()
    said = complain(f"{server.url}/{path}", timeout=0.5)
    assert time.monotonic() - started < 3
    assert "in time" in said or "within 0.5 seconds; --service-timeout" in said


def test_nobody_there() -> None:
    assert "the connection was refused" in complain(f"http://127.0.0.1:{free_port()}/")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirection_leads_only_where_it_may(server: Server, status: int) -> None:
    url = f"{server.url}/to/{status}"
    assert f"sends on to '{server.url}/ok', which is not allowed" in complain(url)
    assert server.paths == [f"/to/{status}"]
    rows = client(url, f"{server.url}/ok").ask(url, QUERY)
    assert len(rows.rows) == 1


def test_redirections_end(server: Server) -> None:
    loop = f"{server.url}/loop"
    with pytest.raises(ServiceError, match="sends on more than 3 times"):
        client(loop).ask(loop, QUERY)
    assert server.paths == ["/loop"] * 4


def test_what_a_person_gives() -> None:
    assert read_allowed(["bgee"]) == {ENDPOINTS["bgee"]: ENDPOINTS["bgee"]}
    assert read_allowed(["https://e.org/s?a=b"]) == {"https://e.org/s?a=b": "https://e.org/s?a=b"}
    mirror = "http://localhost:1/query"
    assert read_allowed([f"https://e.org/s={mirror}"]) == {"https://e.org/s": mirror}
    # The last word on an address holds, so that a mirror goes before --online.
    assert read_allowed(["bgee", f"bgee={mirror}"]) == {ENDPOINTS["bgee"]: mirror}


@pytest.mark.parametrize("word", ["", "bgee2", "e.org", "ftp://e.org", "file:///etc", "a b", "=x"])
def test_what_is_no_endpoint(word: str) -> None:
    with pytest.raises(ServiceError, match="is no endpoint"):
        read_allowed([word])
