"""Web floor: a search of Europe PMC -> its results as JSON lines, one a line.

Written from "Articles RESTful API" (europepmc.org/RestfulWebService) and the Web Service Reference
Guide: `search`, or `searchPOST` for a long query, with resultType=core and cursorMark. A page names
the mark of the next; the last one names none, or its own.
"""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from kg.web.client import (
    Answer,
    NothingFoundError,
    RefusedError,
    TryAgainError,
    Warn,
    WebClient,
    ignore,
)
from kg.web.download import Download
from kg.web.pubmed import Fetched, Tell
from kg.web.services import Settings

PAGE = 200
_FIRST_MARK = "*"
# What still fits into an address everywhere.
_LONGEST_GET = 1500
_STAGE = "Fetching records from Europe PMC"


@dataclass(frozen=True, slots=True, kw_only=True)
class EuropePmcPage:
    """One page of a search: how many there are in all, the results, the mark of the next page."""

    count: int
    results: tuple[dict[str, Any], ...]
    next_mark: str = ""


class EuropePmc:
    """Europe PMC's search."""

    def __init__(self, client: WebClient, settings: Settings) -> None:
        self._client = client
        self._url = settings.europepmc_url
        self._email = settings.email

    def search(self, query: str, mark: str, size: int) -> EuropePmcPage:
        """Return a page of a search; the first one has the mark "*".

        Raises:
            ServiceError: if Europe PMC refuses the query, or cannot be reached.
        """
        fields = {
            "query": query,
            "resultType": "core",
            "format": "json",
            "pageSize": str(size),
            "cursorMark": mark,
        }
        if self._email:
            fields["email"] = self._email
        if len(query) > _LONGEST_GET:
            return self._client.post(f"{self._url}/searchPOST", fields, _read_page)
        return self._client.get(f"{self._url}/search", fields, _read_page)


def _read_page(answer: Answer) -> EuropePmcPage:
    try:
        document = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise TryAgainError(f"the answer is no whole JSON ({error})") from error
    if isinstance(document, dict) and "errMsg" in document:
        raise RefusedError(f"Europe PMC refuses: {document['errMsg']}")
    try:
        results = tuple(document["resultList"]["result"])
        page = EuropePmcPage(
            count=int(document["hitCount"]),
            results=results,
            next_mark=str(document.get("nextCursorMark") or ""),
        )
    except (LookupError, TypeError, ValueError) as error:
        raise TryAgainError("the answer is no page of results") from error
    if not all(isinstance(one, dict) for one in results):
        raise TryAgainError("the answer holds something else than results")
    return page


def add_since(query: str, since: date | None) -> str:
    """Return a query that finds only what Europe PMC first indexed on a day or later.

    >>> add_since("IL-7 OR IL-15", date(2024, 3, 1))
    '(IL-7 OR IL-15) AND FIRST_IDATE:[2024-03-01 TO 3000-12-31]'
    """
    if since is None:
        return query
    return f"({query}) AND FIRST_IDATE:[{since.isoformat()} TO 3000-12-31]"


def fetch_europepmc(
    service: EuropePmc,
    download: Download,
    query: str,
    *,
    most: int | None = None,
    tell: Tell = lambda stage, done, total: None,  # noqa: ARG005
    warn: Warn = ignore,
) -> Fetched:
    """Fetch what a search finds, in Europe PMC's order; goes on where the download left off.

    Europe PMC is known to count more than it gives; the difference is `Fetched.beyond`.

    Raises:
        NothingFoundError: if it finds nothing.
        ServiceError: if Europe PMC fails; the download can be gone on with.
    """
    mark = str(download.place.get("mark", _FIRST_MARK))
    total = int(download.place.get("total", 0))
    while mark and (most is None or download.records < most):
        page = _fetch_whole_page(service, query, mark, download.records, warn)
        total = page.count
        results = page.results[: None if most is None else most - download.records]
        next_mark = page.next_mark if page.next_mark != mark and page.results else ""
        place = {"mark": next_mark, "total": total}
        download.append(b"".join(map(_to_line, results)), len(results), place)
        mark = next_mark
        tell(_STAGE, download.records, total if most is None else min(total, most))
    if not download.records:
        download.drop()
        raise NothingFoundError(f"Europe PMC finds nothing for '{query}'")
    download.finish()
    expected = total if most is None else min(total, most)
    return Fetched(records=download.records, beyond=max(expected - download.records, 0))


def _fetch_whole_page(
    service: EuropePmc, query: str, mark: str, had: int, warn: Warn
) -> EuropePmcPage:
    """Return a page; one that is shorter than it should be is asked for once more."""
    page = service.search(query, mark, PAGE)
    expected = min(PAGE, page.count - had)
    if len(page.results) < expected:
        warn(f"Europe PMC gives {len(page.results)} of {expected} records; it is asked again")
        again = service.search(query, mark, PAGE)
        page = again if len(again.results) > len(page.results) else page
    return page


def _to_line(result: dict[str, Any]) -> bytes:
    try:
        return json.dumps(result, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:
        # Half of a surrogate pair, which JSON can hold ("\\ud800") and UTF-8 cannot.
        return json.dumps(result).encode() + b"\n"
