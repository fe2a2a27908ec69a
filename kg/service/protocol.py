"""Floor 10: an HTTP request -> what is asked of the graph (SPARQL 1.1 Protocol). Pure.

The operations, with what is wrong with a request as a `RefusalError` that has its status:

    GET   ?query=...                                        query
    POST  application/x-www-form-urlencoded: query=...      query
    POST  application/sparql-query: ...                     query
    POST  application/x-www-form-urlencoded: update=...     update
    POST  application/sparql-update: ...                    update
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import parse_qsl

from kg.errors import KgError

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"

_IRI = re.compile(r"[a-z][a-z0-9+.-]*:[^<>\"{}|^`\\\x00-\x20]*", re.IGNORECASE)
_LEAST_SECONDS = 0.1

_OF_QUERY = ("default-graph-uri", "named-graph-uri")
_OF_UPDATE = ("using-graph-uri", "using-named-graph-uri")


class RefusalError(KgError):
    """A request that is not answered as asked: `status` of HTTP, and `headers` that go with it.

    `details` are for programs: a JSON object, or nothing.
    """

    def __init__(
        self,
        status: int,
        message: str,
        headers: Sequence[tuple[str, str]] = (),
        details: bytes = b"",
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = tuple(headers)
        self.details = details


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request of HTTP: the query string as sent, the body whole, header names in lower case."""

    method: str
    query_string: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryAsked:
    """A query, with the dataset that the protocol gives it: None where it gives none.

    `form` is the name of a format from `?format=`, or several, parted by commas; `seconds` the
    limit that the client asks for.
    """

    text: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    form: str = ""
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateAsked:
    """An update, with the dataset that its WHERE reads: None where the protocol gives none."""

    text: str
    using: tuple[str, ...] | None = None
    using_named: tuple[str, ...] | None = None


def read_request(request: Request) -> QueryAsked | UpdateAsked | None:
    """Return what a request to the endpoint asks, or None where it asks for its description.

    Raises:
        RefusalError: if it asks for nothing that the protocol knows.

    >>> read_request(Request(method="GET", query_string="query=ASK%7B%7D", headers={})).text
    'ASK{}'
    """
    parameters = decode_parameters(request.query_string)
    if request.method in ("GET", "HEAD"):
        if "query" not in parameters:
            if "update" in parameters:
                _refuse(400, "an update is sent by POST, not by GET")
            return None
        return _query(parameters, single(parameters, "query"))
    if request.method != "POST":
        raise RefusalError(
            405, f"{request.method} is not for this address", [("allow", "GET, HEAD, POST")]
        )
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == FORM:
        return _form(parameters, request)
    if media_type not in (QUERY, UPDATE):
        _refuse(
            415, f"the body is to be {FORM}, {QUERY} or {UPDATE}, not {media_type or 'untyped'}"
        )
    text = text_of(request)
    if media_type == QUERY:
        if "query" in parameters:
            _refuse(400, "the query stands both in the body and in the address")
        return _query(parameters, text)
    return _update(parameters, text)


def _form(parameters: dict[str, list[str]], request: Request) -> QueryAsked | UpdateAsked:
    for name, values in decode_parameters(text_of(request)).items():
        parameters.setdefault(name, []).extend(values)
    if "query" in parameters and "update" in parameters:
        _refuse(400, "the form has a query and an update; send one of them")
    if "query" in parameters:
        return _query(parameters, single(parameters, "query"))
    if "update" in parameters:
        return _update(parameters, single(parameters, "update"))
    raise RefusalError(400, "the form has neither a query nor an update")


def _query(parameters: Mapping[str, list[str]], text: str) -> QueryAsked:
    _forbid(parameters, _OF_UPDATE, "a query")
    default, named = _dataset(parameters, _OF_QUERY)
    return QueryAsked(
        text=text,
        default_graphs=default,
        named_graphs=named,
        form=",".join(parameters.get("format", ())),
        seconds=seconds_of(parameters),
    )


def _update(parameters: Mapping[str, list[str]], text: str) -> UpdateAsked:
    _forbid(parameters, _OF_QUERY, "an update")
    using, using_named = _dataset(parameters, _OF_UPDATE)
    return UpdateAsked(text=text, using=using, using_named=using_named)


def _dataset(
    parameters: Mapping[str, list[str]], names: tuple[str, str]
) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    """Return the graphs that are named; where one kind is, the other is empty and not all.

    A field of a form that was left empty names none.
    """
    for name in names:
        for iri in filter(None, parameters.get(name, ())):
            if _IRI.fullmatch(iri) is None:
                _refuse(400, f"{name}: '{iri[:200]}' is no whole IRI of a graph")
    default, named = (tuple(filter(None, parameters.get(name, ()))) for name in names)
    return (default, named) if default or named else (None, None)


def seconds_of(parameters: Mapping[str, list[str]]) -> float | None:
    """Return the time that a client asks for by `timeout`.

    Raises:
        RefusalError: if it is no number of seconds.
    """
    if "timeout" not in parameters:
        return None
    text = single(parameters, "timeout")
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not _LEAST_SECONDS <= seconds < float("inf"):
        _refuse(400, f"timeout is a number of seconds from {_LEAST_SECONDS} on, not '{text[:40]}'")
    return seconds


def _forbid(parameters: Mapping[str, list[str]], names: Sequence[str], what: str) -> None:
    for name in names:
        if name in parameters:
            _refuse(400, f"{name} does not go with {what}")


def single(parameters: Mapping[str, list[str]], name: str) -> str:
    """Return a parameter that may be given once only.

    Raises:
        RefusalError: if it is given more often.
    """
    values = parameters[name]
    if len(values) > 1:
        _refuse(400, f"{name} is given {len(values)} times")
    return values[0]


def text_of(request: Request) -> str:
    """Return the body of a request as text.

    Raises:
        RefusalError: if it is not in UTF-8.
    """
    charset = "utf-8"
    for parameter in request.headers.get("content-type", "").split(";")[1:]:
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "charset":
            charset = value.strip(' "').lower()
    if charset not in ("utf-8", "utf8", "us-ascii"):
        _refuse(415, f"the body is to be in UTF-8, not in {charset[:40]}")
    try:
        return request.body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RefusalError(400, f"the body is no text in UTF-8 (byte {error.start})") from error


def decode_parameters(text: str) -> dict[str, list[str]]:
    """Return the parameters of a query string or a form, each with its values in order.

    Raises:
        RefusalError: if they are not percent-encoded UTF-8, or too many.
    """
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=1000)
    except ValueError as error:
        raise RefusalError(
            400, "the parameters are not percent-encoded UTF-8, or too many"
        ) from error
    parameters: dict[str, list[str]] = {}
    for name, value in pairs:
        parameters.setdefault(name, []).append(value)
    return parameters


def _refuse(status: int, message: str) -> NoReturn:
    raise RefusalError(status, message)
