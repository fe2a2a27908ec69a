"""Web floor: SPARQL endpoints, asked over the SPARQL 1.1 Protocol, within a time that is set.

An address that was not allowed is never asked, by way of a redirection either. An endpoint that
hangs, at whatever point, is left when its time is over.
"""

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlencode

import requests
from pyoxigraph import QueryResultsFormat, QuerySolutions

from kg.errors import ServiceError
from kg.store import Row, Rows
from kg.web.conversation import FORM, TABLES, Request, Terms, ask
from kg.web.results import read_results

# The known endpoints, by the names that may be given for them.
ENDPOINTS = {
    "bgee": "https://www.bgee.org/sparql/",
    "ubergraph": "https://ubergraph.apps.renci.org/sparql",
    "uniprot": "https://sparql.uniprot.org/sparql",
    "wikidata": "https://query.wikidata.org/sparql",
}
TIMEOUT = 60.0
_MOST_BYTES = 1 << 27


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
        terms = Terms(
            name=address,
            seconds=self.timeout,
            longer="; --service-timeout SECONDS gives it longer",
            max_bytes=_MOST_BYTES,
            may_ask=self.allowed.__contains__,
            elsewhere="which is not allowed; allow it with --allow-service '{}'",
        )
        request = Request(
            url=address,
            body=urlencode({"query": query}).encode(),
            headers={"Content-Type": FORM, "Accept": TABLES, "User-Agent": self.agent},
        )
        with requests.Session() as session, ask(terms, request, session) as reply:
            if reply.status != requests.codes.ok:
                raise ServiceError(f"{address} refuses: {reply.describe()}")
            return _read(address, reply.media_type, reply.read())


def _read(address: str, media_type: str, body: bytes) -> Rows:
    form = QueryResultsFormat.from_media_type(media_type)
    if form is None:
        raise ServiceError(f"{address} answers in '{media_type}', no form of SPARQL results")
    rows: list[Row] = []
    found: object = None
    try:
        found = read_results(body, form)
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
