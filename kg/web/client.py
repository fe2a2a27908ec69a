"""Web floor: requests to one service: with a pace, retries that back off, and deadlines.

A request is asked again when another try may help: a connection cut or refused, a time-out, 429 and
5xx, and an answer that its reader finds unusable (`TryAgainError`). Anything else is a
`ServiceError` at once. The clock, sleep and chance are given, so that tests do not wait.
"""

import random
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import urlencode

import requests

from kg.errors import ServiceError

Warn = Callable[[str], None]
T = TypeVar("T")

# Statuses of a passing state: too many requests, and a server or a gateway in trouble.
_PASSING = frozenset((408, 425, 429, 500, 502, 503, 504))
# What a server says that took in what was sent to it: OK, Created, No Content.
_TAKEN = frozenset((200, 201, 204))
_CONNECT_SECONDS = 20
_SILENCE_SECONDS = 120
# A body that comes drop by drop is given up too.
_BODY_SECONDS = 900
_BODY_BYTES = 1 << 28
_CHUNK = 1 << 16
_FIRST_DELAY = 1.0
_LONGEST_DELAY = 60.0
# A service that asks for a longer pause than this is better asked again by hand.
_LONGEST_ASKED = 600.0
_TOLD_DELAY = 5.0
_SHOWN = 200
_TAG = re.compile(rb"<[^>]*>")


def ignore(message: str) -> None:
    """Take a warning, and do nothing with it."""


class TryAgainError(Exception):
    """An answer that cannot be used, where another try may help; `delay` is what it asks for."""

    def __init__(self, message: str, delay: float | None = None) -> None:
        super().__init__(message)
        self.delay = delay


class RefusedError(ServiceError):
    """A request that a service refuses with a status, so that asking again is of no use."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


class UnusableError(ServiceError):
    """Answers that came whole each time and could not be used once."""


class NothingFoundError(ServiceError):
    """A search that finds nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a service answered with a status of 200: the body, unpacked, and the headers."""

    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """What is sent to a service that is no form, with the headers that say what it is."""

    body: bytes
    headers: Mapping[str, str]


@dataclass(slots=True, kw_only=True)
class WebClient:
    """Asks one service.

    `name` is the service's, for messages; `interval` the seconds from the start of one request to
    that of the next; `attempts` how often one request is made at most; `agent` the User-Agent.
    """

    name: str
    interval: float = 0.0
    attempts: int = 6
    agent: str = "kg"
    warn: Warn = ignore
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random
    _session: requests.Session = field(default_factory=requests.Session)
    _last_start: float = float("-inf")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def get(self, url: str, params: Mapping[str, str], read: Callable[[Answer], T]) -> T:
        """Return what `read` makes of the answer to a GET request.

        `read` raises `TryAgainError` for an answer that should be asked for again.

        Raises:
            ServiceError: if the service refuses, or every attempt failed.
        """
        return self._ask("GET", url, params, read)

    def post(self, url: str, form: Mapping[str, str], read: Callable[[Answer], T]) -> T:
        """Return what `read` makes of the answer to a POST request; else like `get`."""
        return self._ask("POST", url, form, read)

    def send(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Send data by a POST request that may be made again without harm; else like `get`.

        A redirection is refused: what is sent would be lost on its way.
        """
        payload = Payload(body=body, headers=headers)
        self._ask("POST", url, {}, lambda _: None, payload)

    def _ask(
        self,
        method: str,
        url: str,
        fields: Mapping[str, str],
        read: Callable[[Answer], T],
        payload: Payload | None = None,
    ) -> T:
        reason, failure = "", ServiceError
        for attempt in range(1, self.attempts + 1):
            self._keep_pace()
            asked_delay, failure = None, ServiceError
            try:
                answer = self._request(method, url, fields, payload)
                failure = UnusableError
                return read(answer)
            except TryAgainError as error:
                reason, asked_delay = str(error), error.delay
            except requests.RequestException as error:
                if isinstance(error, ValueError):
                    raise ServiceError(f"{self.name}: '{url}' is no address to ask") from error
                reason = describe_failure(error)
            if attempt < self.attempts:
                self._back_off(attempt, asked_delay, reason)
        times = "once" if self.attempts == 1 else f"{self.attempts} times"
        raise failure(f"{self.name} failed {times}, the last time: {reason}")

    def _keep_pace(self) -> None:
        pause = self._last_start + self.interval - self.clock()
        if pause > 0:
            self.sleep(pause)
        self._last_start = self.clock()

    def _back_off(self, attempt: int, asked: float | None, reason: str) -> None:
        """Wait before the next attempt: as long as asked, else twice as long each time, and more.

        The share that is left to chance keeps those apart who were turned away together.
        """
        if asked is not None and asked > _LONGEST_ASKED:
            raise ServiceError(
                f"{self.name} asks to wait {asked:,.0f} seconds ({reason}); try again then"
            )
        delay = min(_FIRST_DELAY * 2 ** (attempt - 1), _LONGEST_DELAY)
        delay = max(delay, asked or 0.0) + delay * self.chance()
        if delay >= _TOLD_DELAY:
            self.warn(f"{self.name}: {reason}; next try in {delay:.0f} seconds")
        self.sleep(delay)

    def _request(
        self, method: str, url: str, fields: Mapping[str, str], payload: Payload | None
    ) -> Answer:
        started = self.clock()
        headers = {"User-Agent": self.agent}
        data = None
        taken = frozenset((requests.codes.ok,))
        if payload is not None:
            headers |= payload.headers
            data, taken = payload.body, _TAKEN
        elif method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            # ECitMatch wants its bars as they are; they do no harm elsewhere.
            data = urlencode(fields, safe="|").encode()
        with self._session.request(
            method,
            url,
            params=fields if method == "GET" else None,
            data=data,
            headers=headers,
            timeout=(_CONNECT_SECONDS, _SILENCE_SECONDS),
            stream=True,
            allow_redirects=payload is None,
        ) as response:
            body = bytearray()
            for chunk in response.iter_content(_CHUNK):
                body += chunk
                if len(body) > _BODY_BYTES:
                    raise ServiceError(f"{self.name}: an answer of more than {_BODY_BYTES:,} bytes")
                if self.clock() - started > _BODY_SECONDS:
                    raise TryAgainError(f"the answer did not end within {_BODY_SECONDS} seconds")
            if response.status_code in _PASSING:
                raise TryAgainError(
                    describe_status(response.status_code, response.reason, bytes(body)),
                    _delay_of(response.headers),
                )
            if response.status_code not in taken:
                said = describe_status(response.status_code, response.reason, bytes(body))
                raise RefusedError(f"{self.name} refuses: {said}", response.status_code)
            return Answer(body=bytes(body), headers=response.headers)


def _delay_of(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that a Retry-After asks for: a number, or a date by the server's clock."""
    value = headers.get("Retry-After", "").strip()
    if value.isdecimal():
        return float(value)
    try:
        until = parsedate_to_datetime(value)
        now = parsedate_to_datetime(headers.get("Date", ""))
        return max((until - now).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None


def describe_status(code: int, reason: str | None, body: bytes) -> str:
    """Return a status, and the beginning of what was said with it."""
    said = plain_text(body)
    return f"{code} {reason or ''}".rstrip() + (f" ({said})" if said else "")


def plain_text(body: bytes) -> str:
    r"""Return the beginning of an answer as one line, without tags.

    NCBI's JSON of 429 repeats the API key or the caller's address, so that only its message counts.

    >>> plain_text(b'{"error":"API rate limit exceeded","api-key":"192.0.2.1","count":"4"}')
    'API rate limit exceeded'
    >>> plain_text(b"<html><h1>Service\n  Unavailable</h1></html>")
    'Service Unavailable'
    """
    message = re.search(rb'"(?:error|errMsg|message)"\s*:\s*"((?:[^"\\]|\\.)*)"', body[:4096])
    if message is not None:
        body = message[1]
    elif body.lstrip().startswith(b"{"):
        return ""
    text = " ".join(_TAG.sub(b" ", body[:4096]).decode("utf-8", "replace").split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def describe_failure(error: requests.RequestException) -> str:
    """Return what went wrong with a connection, without the address and its parameters."""
    if isinstance(error, ValueError):
        return "this is no address"
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return f"no connection within {_CONNECT_SECONDS} seconds"
    if isinstance(error, requests.Timeout):
        return f"no answer within {_SILENCE_SECONDS} seconds"
    if isinstance(error, requests.exceptions.SSLError):
        return "the connection is not secure (its certificate does not hold)"
    if isinstance(error, requests.exceptions.ProxyError):
        return "the proxy cannot be reached, or refuses"
    if isinstance(error, requests.exceptions.ContentDecodingError):
        return "the answer is damaged"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "the connection was cut before the answer was whole"
    if isinstance(error, requests.ConnectionError):
        text = str(error)
        if "resolve" in text or "getaddrinfo" in text:
            return "its name cannot be resolved; is there a connection to the internet?"
        return f"the connection was {'refused' if 'refused' in text else 'cut'}"
    return type(error).__name__
