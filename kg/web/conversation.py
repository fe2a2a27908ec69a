"""Web floor: one request to a SPARQL endpoint and its answer: within a time, a size, an origin.

The request is made in a thread, which hands the answer on piece by piece: no time-out of a socket
covers a name that is looked up for ever, or an answer that comes drop by drop. It is a daemon,
which nobody waits for at the end; it ends by itself where nobody wants the answer any more.
"""

import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urljoin

import requests

from kg.errors import ServiceError, ServiceTimeoutError
from kg.web.client import describe_failure, describe_status

FORM = "application/x-www-form-urlencoded"
TABLES = "application/sparql-results+json, application/sparql-results+xml;q=0.8"
_CONNECT_SECONDS = 20.0
_CHUNK = 1 << 16
_WAITING = 8
_HOPS = 3
_REDIRECTIONS = frozenset((301, 302, 303, 307, 308))
_SHOWN_OF_REFUSAL = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How an endpoint is asked.

    `name` is what it is called in messages. It has `seconds` for its whole answer, of `max_bytes`
    (unpacked) at most; `longer` says how to give it more time. A redirection is followed where
    `may_ask` says so; `elsewhere` says how to allow an address that stands in place of `{}`.
    `authorization` goes to the addresses that are asked.
    """

    name: str
    seconds: float
    longer: str
    max_bytes: int
    may_ask: Callable[[str], bool]
    elsewhere: str
    authorization: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is sent, by POST: parameters of the address, headers, and the body."""

    url: str
    body: bytes
    headers: Mapping[str, str]
    parameters: tuple[tuple[str, str], ...] = ()


class Reply:
    """An answer that has begun: its status and headers; its body comes by `read`, as from a file.

    `is_bounded` tells whether the answer says itself where it ends: if not, one that is cut looks
    like a whole one.
    """

    def __init__(self, terms: Terms, response: requests.Response, conversation: "_Thread") -> None:
        self.status = response.status_code
        self.reason = response.reason or ""
        self.headers = response.headers
        self.media_type = response.headers.get("Content-Type", "")
        chunked = "chunked" in response.headers.get("Transfer-Encoding", "").lower()
        self.is_bounded = chunked or "Content-Length" in response.headers
        self._terms = terms
        self._conversation = conversation
        self._rest = memoryview(b"")
        self._count = 0
        self._is_over = False

    def read(self, size: int = -1) -> bytes:
        """Return up to so many bytes of the body, or the rest of it; nothing at its end.

        Raises:
            ServiceError: if it is cut, too large, or takes too long.
        """
        if size < 0:
            return b"".join(iter(lambda: self.read(_CHUNK), b""))
        if not self._rest and not self._is_over:
            self._rest = memoryview(self._next())
        piece, self._rest = self._rest[:size], self._rest[size:]
        return bytes(piece)

    def describe(self) -> str:
        """Return the status, and the beginning of what was said with it."""
        return describe_status(self.status, self.reason, self.read(_SHOWN_OF_REFUSAL))

    def _next(self) -> bytes:
        piece = self._conversation.receive()
        if not isinstance(piece, bytes):
            self._is_over = True
            return b""
        self._count += len(piece)
        if self._count > self._terms.max_bytes:
            raise ServiceError(
                f"{self._terms.name}: an answer of more than {self._terms.max_bytes:,} bytes; "
                "ask for less, with LIMIT or a narrower pattern"
            )
        return piece


class _Thread:
    """What goes on behind a reply, and how its pieces come from there."""

    def __init__(self, terms: Terms, request: Request, session: requests.Session) -> None:
        self._terms = terms
        self._request = request
        self._session = session
        self._until = time.monotonic() + terms.seconds
        self._pieces: queue.Queue[requests.Response | bytes | Exception | None] = queue.Queue(
            _WAITING
        )
        self._stopped = threading.Event()
        self._response: requests.Response | None = None
        self._is_over = False
        threading.Thread(target=self._work, daemon=True).start()

    def reply(self) -> Reply:
        response = self.receive()
        assert isinstance(response, requests.Response)  # noqa: S101
        self._response = response
        return Reply(self._terms, response, self)

    def receive(self) -> requests.Response | bytes | None:
        """Return what came next: the response, the pieces of its body, None at its end."""
        name = self._terms.name
        try:
            piece = self._pieces.get(timeout=max(self._until - time.monotonic(), 0.0))
        except queue.Empty:
            raise self._too_late() from None
        self._is_over = piece is None or isinstance(piece, Exception)
        if isinstance(piece, requests.RequestException):
            if _is_timeout(piece):
                raise self._too_late() from piece
            raise ServiceError(f"{name} cannot be asked: {describe_failure(piece)}") from piece
        if isinstance(piece, Exception):
            raise piece
        return piece

    def stop(self) -> None:
        """Let the thread end, which may be waiting for the endpoint, or to hand on a piece."""
        self._stopped.set()
        if self._response is not None and not self._is_over:
            # It may have come to its end meanwhile.
            with suppress(RuntimeError, ValueError, OSError):
                self._response.raw.shutdown()
        while not self._pieces.empty():
            self._pieces.get_nowait()

    def _too_late(self) -> ServiceTimeoutError:
        return ServiceTimeoutError(
            f"{self._terms.name} did not answer within {self._terms.seconds:g} seconds"
            f"{self._terms.longer}"
        )

    def _work(self) -> None:
        try:
            with self._follow() as response:
                self._pieces.put(response)
                for chunk in response.iter_content(_CHUNK):
                    self._pieces.put(chunk)
                    if self._stopped.is_set():
                        return
                self._pieces.put(None)
        except Exception as error:  # noqa: BLE001 (it is raised again by `receive`)
            self._pieces.put(error)

    def _follow(self) -> requests.Response:
        terms, request = self._terms, self._request
        asked = request.url
        for _ in range(_HOPS + 1):
            response = self._session.post(
                asked,
                params=request.parameters,
                data=request.body,
                headers=request.headers,
                auth=_authorise(terms.authorization),
                timeout=(min(_CONNECT_SECONDS, terms.seconds), terms.seconds),
                stream=True,
                allow_redirects=False,
            )
            if response.status_code not in _REDIRECTIONS:
                return response
            response.close()
            asked = urljoin(asked, response.headers.get("Location", ""))
            if not terms.may_ask(asked):
                raise ServiceError(
                    f"{terms.name} sends on to '{asked}', {terms.elsewhere.format(asked)}"
                )
        raise ServiceError(f"{terms.name} sends on more than {_HOPS} times")


@contextmanager
def ask(terms: Terms, request: Request, session: requests.Session) -> Iterator[Reply]:
    """Send a request, and give its answer; the connection is let go when the block ends.

    Raises:
        ServiceTimeoutError: if there is no answer in time.
        ServiceError: if the endpoint cannot be reached, or sends on to where nobody may ask.
    """
    conversation = _Thread(terms, request, session)
    try:
        yield conversation.reply()
    finally:
        conversation.stop()


def _authorise(
    authorization: str,
) -> Callable[[requests.PreparedRequest], requests.PreparedRequest]:
    """Return what puts a header into a request, and nothing from the files of the machine."""

    def put(request: requests.PreparedRequest) -> requests.PreparedRequest:
        if authorization:
            request.headers["Authorization"] = authorization
        return request

    return put


def _is_timeout(error: requests.RequestException) -> bool:
    # That a body takes too long is told as a broken connection.
    return isinstance(error, requests.Timeout) or "timed out" in str(error)
