"""Web floor: Crossref's works that may be a citation.

Written from "Tips for using the Crossref REST API" and "Access and authentication": one query with
the whole citation (`query.bibliographic`) and few rows, the fields that are needed, who asks
(`mailto`), one request at a time, and the pace that the answers name.
"""

import json
import re
from typing import Any

from kg.model import Record
from kg.web.candidates import Candidate, read_work
from kg.web.client import Answer, TryAgainError, WebClient
from kg.web.services import Settings

ROWS = 5
_FIELDS = (
    "DOI,type,title,subtitle,author,issued,published-print,published-online,page,article-number"
)
_LONGEST_QUERY = 800
_AUTHORS = 3
_INTERVAL = re.compile(r"(\d+)\s*s")


class Crossref:
    """Crossref's search of works."""

    def __init__(self, client: WebClient, settings: Settings) -> None:
        self._client = client
        self._url = settings.crossref_url
        self._email = settings.email

    def search(self, record: Record) -> list[Candidate]:
        """Return the works that are most like a record's citation, best first.

        Raises:
            ServiceError: if Crossref refuses, or cannot be reached.
        """
        fields = {
            "query.bibliographic": cite(record)[:_LONGEST_QUERY],
            "rows": str(ROWS),
            "select": _FIELDS,
        }
        if self._email:
            fields["mailto"] = self._email
        works = self._client.get(f"{self._url}/works", fields, self._read)
        return [candidate for work in works if (candidate := read_work(work)) is not None]

    def _read(self, answer: Answer) -> list[dict[str, Any]]:
        self._follow_pace(answer)
        try:
            document = json.loads(answer.body)
            items = document["message"]["items"]
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            raise TryAgainError("the answer is no list of works") from error
        return [one for one in items if isinstance(one, dict)]

    def _follow_pace(self, answer: Answer) -> None:
        """Ask no more often than the headers allow: so many requests in so many seconds."""
        limit = answer.headers.get("X-Rate-Limit-Limit", "")
        seconds = _INTERVAL.fullmatch(answer.headers.get("X-Rate-Limit-Interval", "").strip())
        if seconds is not None and limit.isdecimal() and int(limit) > 0:
            self._client.interval = max(self._client.interval, int(seconds[1]) / int(limit))


def cite(record: Record) -> str:
    """Return a record's citation as one line, without its identifiers."""
    authors = ", ".join(author.name for author in record.authors[:_AUTHORS])
    place = f"{record.year or ''};{record.volume}:{record.pages}".strip(";:")
    return ". ".join(filter(None, (authors, record.title, record.journal, place)))
