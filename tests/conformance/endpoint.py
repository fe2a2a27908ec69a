"""A client of the endpoint under test."""

from urllib.parse import quote

import requests

AUTHORITY = "www.example"


class Endpoint:
    """The address of a server, and the token to write with."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self._token = {"authorization": f"Bearer {token}"}
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
        answer = self.send(
            "POST", "/sparql", text.encode(), {"content-type": "application/sparql-update"}
        )
        assert answer.ok, answer.text
        return answer

    def put(self, data: bytes, media_type: str, graph: str = "") -> None:
        """Put statements into a graph."""
        where = f"?graph={quote(graph, safe='')}" if graph else "?default"
        answer = self.send("PUT", f"/store{where}", data, {"content-type": media_type})
        assert answer.ok, answer.text

    def query(self, text: str, accept: str) -> requests.Response:
        """Ask a query."""
        headers = {"content-type": "application/sparql-query", "accept": accept}
        return self.send("POST", "/sparql", text.encode(), headers)
