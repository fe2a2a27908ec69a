"""An endpoint to put tests to, and a client of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import requests

from kg.store import write_generation
from tests.service.conftest import served

AUTHORITY = "www.example"
TOKEN = "conformance"
"""Who may write; where `served` runs a server, `KG_TOKEN` is to be this."""


class Endpoint:
    """The endpoint at an address, to which anything may be written."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._token = {"authorization": f"Bearer {TOKEN}"}
        self._session = requests.Session()

    def send(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> requests.Response:
        """Send a request as a test has it."""
        told = {"host": AUTHORITY, **self._token, **headers}
        return self._session.request(
            method, f"{self.url}{path}", data=body, headers=told, timeout=60
        )

    def clear(self) -> None:
        """Empty the store."""
        self.update("DROP ALL")

    def update(self, text: str) -> requests.Response:
        """Run an update that is right."""
        answer = self.try_update(text)
        assert answer.ok, answer.text
        return answer

    def try_update(self, text: str) -> requests.Response:
        """Run an update that may be wrong."""
        headers = {"content-type": "application/sparql-update"}
        return self.send("POST", "/sparql", text.encode(), headers)

    def put(self, data: bytes, media_type: str, graph: str = "") -> None:
        """Put statements into a graph."""
        where = f"?graph={quote(graph, safe='')}" if graph else "?default"
        answer = self.send("PUT", f"/store{where}", data, {"content-type": media_type})
        assert answer.ok, answer.text

    def query(self, text: str, accept: str) -> requests.Response:
        """Ask a query."""
        headers = {"content-type": "application/sparql-query", "accept": accept}
        return self.send("POST", "/sparql", text.encode(), headers)


@contextmanager
def serve_empty(folder: Path, *allowed: str) -> Iterator[Endpoint]:
    """Run `kg serve` on a graph that holds nothing; SERVICE may ask the endpoints that are allowed.

    An address stands by itself, or with "=" and the one that is asked in its place.
    """
    with write_generation(folder, build_hash="0" * 12) as writer:
        writer.finish({"quads": 0})
    options = [word for each in allowed for word in ("--allow-service", each)]
    # The tests call it so.
    options += ["--public-url", f"http://{AUTHORITY}"]
    with served(folder, "--processes", "1", "--workers", "1", *options) as url:
        yield Endpoint(url)
