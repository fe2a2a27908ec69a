"""What the tests of loading into a store elsewhere share: a real server, and a gate before it."""

import http.client
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import requests


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def oxigraph_server(*options: str) -> Iterator[str]:
    """Run `oxigraph serve`, its store in memory; give its address."""
    url = f"http://127.0.0.1:{free_port()}"
    command = [str(Path(sys.executable).with_name("oxigraph")), "serve"]
    process = subprocess.Popen(
        [*command, *options, "--bind", url.removeprefix("http://")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 60
        while True:
            try:
                requests.get(url, timeout=5).close()
                break
            except requests.ConnectionError:
                assert process.poll() is None, "the server has ended"
                assert time.monotonic() < until, "the server does not answer"
                time.sleep(0.05)
        yield url
    finally:
        process.kill()
        process.wait()


def ask(url: str, query: str) -> list[list[str]]:
    """Return the rows of a query, as the server writes them in TSV."""
    answer = requests.post(
        f"{url}/query",
        data=query,
        headers={
            "Content-Type": "application/sparql-query",
            "Accept": "text/tab-separated-values",
        },
        timeout=60,
    )
    answer.raise_for_status()
    return [line.split("\t") for line in answer.text.splitlines()[1:]]


def count_statements(url: str, graph: str = "") -> int:
    pattern = f"GRAPH <{graph}> {{ ?s ?p ?o }}" if graph else "?s ?p ?o"
    [[count]] = ask(url, f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}")
    return int(count.strip('"').split('"')[0])


def clear(url: str) -> None:
    requests.post(
        f"{url}/update",
        data="DROP ALL",
        headers={"Content-Type": "application/sparql-update"},
        timeout=60,
    ).raise_for_status()


class Gate:
    """Passes requests on to a server, in `passed`; some it cuts, or turns away.

    `cuts` are the requests, by their number from 0, of which the connection is cut: before the
    server sees them, or behind that (`behind`), so that only the answer is lost. `token` is asked
    of all; `most` is the size of a body that is taken.
    """

    def __init__(self, server: str) -> None:
        self.server = server
        self.cuts: set[int] = set()
        self.behind: set[int] = set()
        self.token = ""
        self.most = 1 << 30
        self.passed: list[tuple[str, bytes]] = []
        self.count = 0
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


def _handler(gate: Gate) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            number, gate.count = gate.count, gate.count + 1
            length = int(self.headers["Content-Length"])
            if number in gate.cuts:
                self.rfile.read(length // 2)
                return self._cut()
            body = self.rfile.read(length)
            if gate.token and self.headers["Authorization"] != f"Bearer {gate.token}":
                return self._answer(401, b"who are you?")
            if length > gate.most:
                return self._answer(413, b"too much")
            answer = http.client.HTTPConnection(urlsplit(gate.server).netloc, timeout=60)
            kind = {"Content-Type": self.headers["Content-Type"]}
            answer.request("POST", self.path, body, kind)
            got = answer.getresponse()
            said = got.read()
            answer.close()
            gate.passed.append((self.path, body))
            if number in gate.behind:
                return self._cut()
            return self._answer(got.status, said)

        def _cut(self) -> None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            if status != 204:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if status != 204:
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler
