"""Web floor: SPARQL endpoints, asked over the SPARQL 1.1 Protocol, within a time that is set.

An address that was not allowed is never asked, by way of a redirection either. An endpoint that
hangs, at whatever point, is left when its time is over.
"""

import queue
import threading
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urljoin

import requests
from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

from kg.errors import ServiceError
from kg.store import Row, Rows
from kg.web.client import describe_status

# The known endpoints, by the names that may be given for them.
ENDPOINTS = {
    "bgee": "https://www.bgee.org/sparql/",
    "ubergraph": "https://ubergraph.apps.renci.org/sparql",
    "uniprot": "https://sparql.uniprot.org/sparql",
    "wikidata": "https://query.wikidata.org/sparql",
}
TIMEOUT = 60.0
_CONNECT_SECONDS = 20.0
_MOST_BYTES = 1 << 27
_CHUNK = 1 << 16
_HOPS = 3
_ACCEPT = "application/sparql-results+json, application/sparql-results+xml;q=0.8"
_REDIRECTIONS = frozenset((301, 302, 303, 307, 308))


def read_allowed(words: Collection[str]) -> dict[str, str]:
    """Return which addresses may be asked, and where each is, of what a person gave.

    A word is an address or the name of a known one, by itself or with `=` and another address that
    is asked in its place, such as that of a mirror.

    Raises:
        ServiceError: if a word is neither an address nor a name that is known.

    >>> read_allowed(["uniprot=http://localhost:7878/query"])
    {'https://sparql.uniprot.org/sparql': 'http://localhost:7878/query'}
    """
    allowed = {}
    for word in words:
        name, equals, asked = word.partition("=")
        if not (equals and _is_address(asked) and (name in ENDPOINTS or _is_address(name))):
            name, asked = word, ""
        address = ENDPOINTS.get(name, name)
        if not _is_address(address):
            known = ", ".join(sorted(ENDPOINTS))
            raise ServiceError(
                f"'{word}' is no endpoint: give its address, https://..., or a name ({known}); "
                "NAME=ADDRESS asks a mirror in its place"
            )
        allowed[address] = asked or address
    return allowed


def _is_address(text: str) -> bool:
    return text.startswith(("http://", "https://")) and not set(text) & set(' <>"{}|\\^`')


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointClient:
    """Asks endpoints; `allowed` are the addresses that it may ask, `timeout` is in seconds.

    `agent` is the User-Agent: Wikidata turns away those who do not say who they are.
    """

    allowed: Collection[str]
    agent: str
    timeout: float = TIMEOUT

    def ask(self, address: str, query: str) -> Rows:
        """Return what an endpoint answers to a SELECT.

        Raises:
            ServiceError: if it cannot be reached, refuses, redirects to what is not allowed, takes
                too long, or answers with what are no solutions.

        """
        answers: queue.SimpleQueue[_Answer | Exception] = queue.SimpleQueue()

        def work() -> None:
            try:
                answers.put(self._ask(address, query))
            except Exception as error:  # noqa: BLE001 (it is raised again below)
                answers.put(error)

        # A thread, since no time-out of a socket covers a name that is looked up for ever, and an
        # answer that comes drop by drop. It is a daemon, which nobody waits for at the end.
        threading.Thread(target=work, daemon=True).start()
        try:
            answer = answers.get(timeout=self.timeout)
        except queue.Empty:
            raise ServiceError(
                f"{address} did not answer within {self.timeout:g} seconds; "
                "--service-timeout SECONDS gives it longer"
            ) from None
        if isinstance(answer, requests.RequestException):
            raise ServiceError(f"{address} cannot be asked: {_reason(answer)}") from answer
        if isinstance(answer, Exception):
            raise answer
        return _read(address, answer)

    def _ask(self, address: str, query: str) -> _Answer:
        asked = address
        for _ in range(_HOPS + 1):
            with requests.post(
                asked,
                data={"query": query},
                headers={"Accept": _ACCEPT, "User-Agent": self.agent},
                timeout=(min(_CONNECT_SECONDS, self.timeout), self.timeout),
                stream=True,
                allow_redirects=False,
            ) as response:
                if response.status_code not in _REDIRECTIONS:
                    return _receive(address, response)
                asked = urljoin(asked, response.headers.get("Location", ""))
            if asked not in self.allowed:
                raise ServiceError(
                    f"{address} sends on to '{asked}', which is not allowed; "
                    f"allow it with --allow-service '{asked}'"
                )
        raise ServiceError(f"{address} sends on more than {_HOPS} times")


def _receive(address: str, response: requests.Response) -> _Answer:
    body = bytearray()
    for chunk in response.iter_content(_CHUNK):
        body += chunk
        if len(body) > _MOST_BYTES:
            raise ServiceError(f"{address}: an answer of more than {_MOST_BYTES:,} bytes")
    if response.status_code != requests.codes.ok:
        said = describe_status(response.status_code, response.reason, bytes(body))
        raise ServiceError(f"{address} refuses: {said}")
    return _Answer(media_type=response.headers.get("Content-Type", ""), body=bytes(body))


def _read(address: str, answer: _Answer) -> Rows:
    """Return what an answer says; not in the other thread, as its rows stay where they are made."""
    form = QueryResultsFormat.from_media_type(answer.media_type)
    if form is None:
        raise ServiceError(f"{address} answers in '{answer.media_type}', no form of SPARQL results")
    rows: list[Row] = []
    found: object = None
    try:
        found = parse_query_results(answer.body, format=form)
        if isinstance(found, QuerySolutions):
            variables = tuple(variable.value for variable in found.variables)
            for row in found:
                rows.append(tuple(row))  # noqa: PERF401 (see below)
            return Rows(variables=variables, rows=tuple(rows))
    except (SyntaxError, ValueError) as error:
        raise ServiceError(f"{address} answers with damaged SPARQL results: {error}") from error
    finally:
        # A traceback would keep it, and then any thread that collects garbage might let it go.
        del found
    raise ServiceError(f"{address} answers with yes or no where rows were asked for")


def _reason(error: requests.RequestException) -> str:
    if isinstance(error, requests.exceptions.SSLError):
        return "the connection is not secure (its certificate does not hold)"
    if isinstance(error, requests.Timeout):
        return "no connection, or no answer, in time"
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.MissingSchema):
        return "this is no address"
    text = str(error)
    if "resolve" in text or "getaddrinfo" in text:
        return "its name cannot be resolved; is there a connection to the internet?"
    if isinstance(error, requests.ConnectionError):
        return f"the connection was {'refused' if 'refused' in text else 'cut'}"
    return type(error).__name__
