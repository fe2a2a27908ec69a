"""A store that speaks HTTP and answers as its path says, mostly as it should not.

At the path `/chosen` it answers as a query says that names `<urn:x:...>`.
"""

import gzip
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote_plus

JSON = "application/sparql-results+json"
XML = "application/sparql-results+xml"
NTRIPLES = "application/n-triples"

ROW = b'{"s":{"type":"uri","value":"http://a/s"}}'
HEAD = b'{"head":{"vars":["s"]},"results":{"bindings":['
ONE = HEAD + ROW + b"]}}"
ONE_IN_XML = (
    b'<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head>'
    b'<variable name="s"/></head><results><result><binding name="s"><uri>http://a/s</uri>'
    b"</binding></result></results></sparql>"
)
TRIPLE = b"<http://a/s> <http://a/p> <http://a/o> .\n"
ASKED_OF_VIRTUOSO = (
    b'{ "head": { "link": [], "vars": ["__ASK_RETVAL"] },\n  "results": { "distinct": false, '
    b'"ordered": true, "bindings": [\n    { "__ASK_RETVAL": { "type": "typed-literal", '
    b'"datatype": "http://www.w3.org/2001/XMLSchema#integer", "value": "1" }} ] } }'
)
META = b',"meta":{"query-time-ms":1,"result-size-total":1}}'

# What is answered whole, and at once: body, media type, status, headers.
Whole = tuple[bytes, str, int, dict[str, str]]
WHOLE: dict[str, Whole] = {
    "ok": (ONE, JSON, 200, {}),
    "xml": (ONE_IN_XML, f"{XML}; charset=UTF-8", 200, {}),
    "meta": (ONE[:-1] + META, JSON, 200, {}),
    "virtuoso": (ASKED_OF_VIRTUOSO, JSON, 200, {}),
    "virtuoso-no": (ASKED_OF_VIRTUOSO.partition(b'{ "__A')[0] + b"] } }", JSON, 200, {}),
    "boolean": (b'{"head":{},"boolean":true}', JSON, 200, {}),
    "ntriples": (TRIPLE, NTRIPLES, 200, {}),
    "turtle": (b"<s> a <o> .", "text/turtle;charset=utf-8", 200, {}),
    "gzip": (gzip.compress(ONE), JSON, 200, {"Content-Encoding": "gzip"}),
    "html": (b"<html><h1>Sign in</h1></html>", "text/html", 200, {}),
    "said": (b"Parse error: line 1", "text/plain", 200, {}),
    "error": (b'{"error":"syntax error"}', JSON, 200, {}),
    "csv": (b"s\r\nhttp://a/s\r\n", "text/csv", 200, {}),
    "half": (ONE[:-20], JSON, 200, {}),
    "tail": (HEAD + ROW + b"\n!!! an error occurred", JSON, 200, {}),
    "half-xml": (ONE_IN_XML[:-20], XML, 200, {}),
    "half-turtle": (b"<s> a <o", "text/turtle", 200, {}),
    "partial": (ONE, JSON, 200, {"X-SQL-State": "S1TAT"}),
    "rows": (ONE, JSON, 200, {"X-SPARQL-MaxRows": "10000"}),
    **{
        str(status): (f"<h1>status {status}</h1>".encode(), "text/html", status, {})
        for status in (206, 400, 401, 403, 404, 405, 408, 429, 500, 503, 504)
    },
}


class Asked:
    """A request: its path with parameters, its headers, its body."""

    def __init__(self, path: str, headers: dict[str, str], body: bytes) -> None:
        self.path = path
        self.headers = headers
        self.body = body


class _Server(ThreadingHTTPServer):
    # They wait for the next request of a connection that is kept open.
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """Say nothing of clients that go."""


class Store:
    """The server; `asked` are the requests, `left` is set when a client goes before the end."""

    def __init__(self, port: int = 0) -> None:
        self.asked: list[Asked] = []
        self.left = threading.Event()
        self.stopped = threading.Event()
        self.elsewhere = ""
        self.sent = 0
        self.http = _Server(("127.0.0.1", port), type("_", (_Handler,), {"store": self}))
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}"


@contextmanager
def misbehaving_store(port: int = 0) -> Iterator[Store]:
    store = Store(port)
    thread = threading.Thread(target=store.http.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield store
    finally:
        store.stopped.set()
        store.http.shutdown()
        store.http.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    store: Store

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.store.asked.append(Asked(self.path, dict(self.headers.items()), body))
        kind = self.path.lstrip("/").partition("?")[0].partition("/")[0]
        if kind == "chosen":
            named = re.search(r"<urn:x:([\w-]+)>", unquote_plus(body.decode()))
            kind = named[1] if named is not None else "ok"
        if kind in WHOLE:
            self.whole(*WHOLE[kind])
            return
        do: Callable[[], None] = getattr(self, f"do_{kind.replace('-', '_')}")
        try:
            do()
        except OSError:
            self.store.left.set()
            self.close_connection = True

    def whole(self, body: bytes, kind: str, status: int, headers: dict[str, str]) -> None:
        self.begin(kind, status, {**headers, "Content-Length": str(len(body))})
        self.wfile.write(body)

    def begin(self, kind: str, status: int = 200, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()

    def chunk(self, piece: bytes) -> None:
        self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
        self.store.sent += len(piece)

    def cut(self) -> None:
        self.close_connection = True
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)

    def do_cut(self) -> None:
        """Close the connection before as many bytes have come as were told."""
        self.begin(JSON, headers={"Content-Length": "1000"})
        self.wfile.write(ONE)
        self.cut()

    def do_cut_chunks(self) -> None:
        """Close it after rows that look whole, without the last chunk."""
        self.begin(JSON, headers={"Transfer-Encoding": "chunked"})
        self.chunk(ONE)
        self.cut()

    def do_cut_late(self) -> None:
        """Close it when much has been sent."""
        self.begin(JSON, headers={"Transfer-Encoding": "chunked"})
        self.chunk(HEAD + ROW)
        for _ in range(20):
            self.chunk((b"," + ROW) * 10_000)
        self.cut()

    def do_much(self) -> None:
        """Send two hundred megabytes of rows, all of which are wanted."""
        self.begin(JSON, headers={"Transfer-Encoding": "chunked"})
        self.chunk(HEAD + ROW)
        for _ in range(250):
            self.chunk((b"," + ROW) * 20_000)
        self.chunk(b"]}}")
        self.wfile.write(b"0\r\n\r\n")

    def do_cut_triples(self) -> None:
        self.begin(NTRIPLES, headers={"Transfer-Encoding": "chunked"})
        self.chunk(TRIPLE * 10)
        self.cut()

    def do_gone(self) -> None:
        self.cut()

    def do_open(self) -> None:
        """Do not tell where rows end, but close the connection there, as HTTP/1.0 did."""
        self.begin(JSON)
        self.wfile.write(ONE)
        self.cut()

    def do_open_triples(self) -> None:
        self.begin(NTRIPLES)
        self.wfile.write(TRIPLE)
        self.cut()

    def do_same(self) -> None:
        self.begin("text/plain", 307, {"Location": "/ok", "Content-Length": "0"})

    def do_away(self) -> None:
        self.begin("text/plain", 302, {"Location": self.store.elsewhere, "Content-Length": "0"})

    def do_loop(self) -> None:
        self.begin("text/plain", 301, {"Location": "/loop", "Content-Length": "0"})

    def do_token(self) -> None:
        right = self.headers["Authorization"] == "Basic bWU6c2VjcmV0"
        self.whole(*WHOLE["ok" if right else "401"])

    def do_hang(self) -> None:
        """Say nothing until the client has gone."""
        self.connection.settimeout(0.05)
        while not self.store.stopped.is_set():
            try:
                if not self.connection.recv(1):
                    raise OSError
            except TimeoutError:
                continue

    def do_drip(self) -> None:
        self.begin(JSON, headers={"Content-Length": str(len(ONE))})
        for byte in ONE:
            self.wfile.write(bytes([byte]))
            if self.store.stopped.wait(0.1):
                return

    def do_trickle(self) -> None:
        """Send a row now and then, without end."""
        self.begin(JSON, headers={"Transfer-Encoding": "chunked"})
        self.chunk(HEAD + ROW)
        while not self.store.stopped.wait(0.05):
            self.chunk(b"," + ROW * 1000)

    def do_large(self) -> None:
        """Send a gigabyte of rows, or until the client goes."""
        rows = (b"," + ROW) * 20_000
        self.begin(JSON, headers={"Transfer-Encoding": "chunked"})
        self.chunk(HEAD + ROW)
        while self.store.sent < 1 << 30:
            self.chunk(rows)
        self.chunk(b"]}}")
        self.wfile.write(b"0\r\n\r\n")

    def do_word(self) -> None:
        """Send a value that has no end."""
        self.begin(JSON, headers={"Transfer-Encoding": "chunked"})
        self.chunk(HEAD + b'{"s":{"type":"literal","value":"')
        until = time.monotonic() + 20
        while time.monotonic() < until and not self.store.stopped.is_set():
            self.chunk(b"a" * 100_000)

    def do_bomb(self) -> None:
        """Send what is small as long as it is packed."""
        packed = gzip.compress(HEAD + ROW + (b"," + ROW) * 5_000_000 + b"]}}", 9)
        self.whole(packed, JSON, 200, {"Content-Encoding": "gzip"})

    def log_message(self, *_: Any) -> None:
        pass
