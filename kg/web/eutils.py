"""Web floor: NCBI's E-utilities for PubMed: what is asked, and how the answers are read.

Written from "The E-utilities In-Depth" (NBK25499) and its "General Introduction" (NBK25497).
Requests are POSTs, which carry long queries and long lists, and keep an API key out of addresses.
Errors come in three ways, as statuses, as an ERROR element in an answer of status 200, and as
answers that are cut; all three are seen here.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lxml import etree

from kg.web.client import Answer, RefusedError, TryAgainError, WebClient
from kg.web.services import TOOL, Settings

# PubMed shows the first 9,999 records of a search and no more (its documentation says 10,000).
MOST_SHOWN = 9_999
# What PubMed's dates stand between (its oldest papers are of 1781); both ends must be given.
FIRST_DAY = date(1700, 1, 1)
LAST_DAY = date(3000, 12, 31)
_HISTORY = re.compile(r"history|webenv|query[_ ]?key|obtain query", re.IGNORECASE)
_RECORDS = ("PubmedArticle", "PubmedBookArticle")
_PMIDS = {
    "PubmedArticle": "MedlineCitation/PMID",
    "PubmedBookArticle": "BookDocument/PMID",
}
_MATCHED = re.compile(r"\|kg(\d+)\|(.*)\Z")
_PMID = re.compile(r"[1-9]\d*")


class HistoryLostError(Exception):
    """NCBI does not know a search any more: its History server keeps them for some hours."""


class _SaidError(TryAgainError):
    """An error that stands in an answer of status 200."""

    def __init__(self, said: str) -> None:
        super().__init__(f"it answers with an error: {said}")
        self.said = said


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Where NCBI keeps the result of a search or a posted list."""

    web_env: str
    query_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found: how many, the PMIDs that are shown, in order, and where they are kept.

    `notes` are PubMed's warnings: phrases that were not found, fields that it does not know.
    `translation` is the query as PubMed read it.
    """

    count: int
    pmids: tuple[int, ...]
    history: History
    notes: tuple[str, ...] = ()
    translation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRange:
    """Days from `first` to `last`, both in it, on which records were entered into PubMed."""

    first: date
    last: date

    def as_fields(self) -> dict[str, str]:
        """Return the range as esearch takes it."""
        return {
            "datetype": "edat",
            "mindate": f"{self.first:%Y/%m/%d}",
            "maxdate": f"{self.last:%Y/%m/%d}",
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Records of one answer of efetch: (PMID, the record's XML) each, and the document type."""

    records: tuple[tuple[int, bytes], ...]
    doctype: str = ""


class Eutils:
    """The E-utilities, for PubMed."""

    def __init__(self, client: WebClient, settings: Settings) -> None:
        self._client = client
        self._url = settings.eutils_url
        self._fields = {"db": "pubmed", "tool": TOOL}
        if settings.email:
            self._fields["email"] = settings.email
        if settings.api_key:
            self._fields["api_key"] = settings.api_key

    def search(
        self,
        term: str,
        *,
        days: DateRange | None = None,
        most: int = MOST_SHOWN,
        field: str = "",
        sort: str = "pub_date",
    ) -> Found:
        """Return what a query finds, the newest publications first, and keep it in the history.

        `field` limits all words of the query to one field ("title"); `sort` may be "relevance".

        Raises:
            ServiceError: if PubMed refuses the query, or cannot be reached.
        """
        fields = self._fields | {
            "term": term,
            "usehistory": "y",
            "retmax": str(most),
            "sort": sort,
            "retmode": "xml",
            **(days.as_fields() if days is not None else {}),
            **({"field": field} if field else {}),
        }
        found = self._client.post(f"{self._url}/esearch.fcgi", fields, _read_search)
        expected = min(found.count, most)
        if len(found.pmids) < expected:
            # Once more; a count that does not hold even then is found out record by record.
            found = self._client.post(f"{self._url}/esearch.fcgi", fields, _read_search)
        return found

    def post(self, pmids: Sequence[int]) -> History:
        """Post a list of at most 10,000 PMIDs to the history."""
        fields = self._fields | {"id": ",".join(map(str, pmids))}
        return self._client.post(f"{self._url}/epost.fcgi", fields, _read_post)

    def fetch_page(self, history: History, start: int, count: int) -> Page:
        """Return records of the history, by their place from 0.

        Raises:
            HistoryLostError: if NCBI does not keep the history any more.
            ServiceError: if it refuses, or cannot be reached.
        """
        place = {
            "WebEnv": history.web_env,
            "query_key": history.query_key,
            "retstart": str(start),
            "retmax": str(count),
        }
        try:
            return self._fetch(place, _read_page_of_history)
        except RefusedError as error:
            if _HISTORY.search(str(error)):
                raise HistoryLostError(str(error)) from error
            raise

    def fetch(self, pmids: Sequence[int]) -> Page:
        """Return the records of PMIDs, as many as there are."""
        return self._fetch({"id": ",".join(map(str, pmids))}, _read_page)

    def summaries(self, pmids: Sequence[int]) -> dict[int, dict[str, Any]]:
        """Return the summaries (esummary 2.0, JSON) of PMIDs; those without one are left out."""
        if not pmids:
            return {}
        fields = self._fields | {
            "id": ",".join(map(str, pmids)),
            "retmode": "json",
            "version": "2.0",
        }
        return self._client.post(f"{self._url}/esummary.fcgi", fields, _read_summaries)

    def match_citations(self, lines: Sequence[str]) -> list[tuple[int, ...]]:
        """Return the PMIDs that ECitMatch gives for citations, none, one or several each.

        A line is "journal|year|volume|first page|author", none of them with a bar in it.
        """
        data = "\r".join(f"{line}|kg{number}|" for number, line in enumerate(lines))
        fields = self._fields | {"retmode": "xml", "rettype": "xml", "bdata": data}
        matched = self._client.post(f"{self._url}/ecitmatch.cgi", fields, _read_matches)
        return [matched.get(number, ()) for number in range(len(lines))]

    def _fetch(self, which: dict[str, str], read: Callable[[Answer], Page]) -> Page:
        fields = self._fields | which | {"retmode": "xml"}
        return self._client.post(f"{self._url}/efetch.fcgi", fields, read)


def _parse(answer: Answer, tag: str) -> etree._Element:
    """Return the root of an answer, which should be of that tag.

    Entities stay unresolved and nothing is fetched, whatever the document type asks for.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_blank_text=False
    )
    try:
        root = etree.fromstring(answer.body, parser)
    except etree.XMLSyntaxError as error:
        raise TryAgainError(
            _json_error(answer.body) or f"the answer is no whole XML ({error.msg})"
        ) from error
    if said := root.findtext("ERROR"):
        raise _SaidError(" ".join(said.split()))
    if root.tag != tag:
        raise TryAgainError(f"the answer is a <{root.tag}>, not a <{tag}>")
    return root


def _json_error(body: bytes) -> str:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    return str(document.get("error", "")) if isinstance(document, dict) else ""


def _read_search(answer: Answer) -> Found:
    root = _parse(answer, "eSearchResult")
    count = root.findtext("Count", "")
    if not count.isdecimal():
        raise TryAgainError("the answer to the search does not say how many were found")
    pmids = [(one.text or "").strip() for one in root.iterfind("IdList/Id")]
    if not all(map(_PMID.fullmatch, pmids)):
        raise TryAgainError("the answer to the search holds something else than PMIDs")
    return Found(
        count=int(count),
        pmids=tuple(int(one) for one in pmids),
        history=_read_history(root, is_needed=int(count) > 0),
        notes=tuple(_read_notes(root)),
        translation=root.findtext("QueryTranslation", ""),
    )


_NOTES = {
    "PhraseNotFound": "not found: {}",
    "QuotedPhraseNotFound": "not found as a phrase: {}",
    "FieldNotFound": "no such field, searched in all: {}",
    "PhraseIgnored": "left out of the search: {}",
    "OutputMessage": "{}",
}


def _read_notes(root: etree._Element) -> Iterator[str]:
    for parent in ("ErrorList", "WarningList"):
        for one in root.iterfind(f"{parent}/*"):
            text = " ".join((one.text or "").split())
            # How far it shows a search is known, and dealt with.
            if text and not text.startswith("Restrictions achieved"):
                yield _NOTES.get(str(one.tag), "{}").format(text)


def _read_history(root: etree._Element, *, is_needed: bool) -> History:
    history = History(
        web_env=root.findtext("WebEnv", "").strip(), query_key=root.findtext("QueryKey", "").strip()
    )
    if is_needed and not (history.web_env and history.query_key):
        raise TryAgainError("the answer does not say where the result is kept")
    return history


def _read_post(answer: Answer) -> History:
    return _read_history(_parse(answer, "ePostResult"), is_needed=True)


def _read_page_of_history(answer: Answer) -> Page:
    try:
        return _read_page(answer)
    except _SaidError as error:
        if _HISTORY.search(error.said):
            raise HistoryLostError(error.said) from error
        raise


def _read_page(answer: Answer) -> Page:
    root = _parse(answer, "PubmedArticleSet")
    records = []
    for record in root.iterchildren(*_RECORDS):
        pmid = (record.findtext(_PMIDS[str(record.tag)]) or "").strip()
        if not _PMID.fullmatch(pmid):
            raise TryAgainError("a record has no PMID")
        records.append((int(pmid), etree.tostring(record, encoding="utf-8", with_tail=False)))
    info = root.getroottree().docinfo
    public, system = info.public_id, getattr(info, "system_url", None)  # not in lxml's stubs
    doctype = f'<!DOCTYPE {root.tag} PUBLIC "{public}" "{system}">' if public and system else ""
    return Page(records=tuple(records), doctype=doctype)


def _read_summaries(answer: Answer) -> dict[int, dict[str, Any]]:
    try:
        # NCBI's JSON may hold bare line breaks in its texts.
        document = json.loads(answer.body, strict=False)
    except (ValueError, RecursionError) as error:
        raise TryAgainError(f"the answer is no whole JSON ({error})") from error
    result = document.get("result") if isinstance(document, dict) else None
    if not isinstance(result, dict):
        raise TryAgainError(f"the answer holds no summaries ({answer.body[:100]!r})")
    return {
        int(uid): one
        for uid, one in result.items()
        if uid.isdecimal() and isinstance(one, dict) and "error" not in one
    }


def _read_matches(answer: Answer) -> dict[int, tuple[int, ...]]:
    """Return the PMIDs by the number of the citation.

    A line ends in the key and a PMID, NOT_FOUND (with a reason), or AMBIGUOUS (with PMIDs where
    they are few). Lines that are missing were not looked at.
    """
    text = answer.body.decode("utf-8", "replace")
    if text.lstrip().startswith(("<", "{")):
        said = " ".join(re.sub(r"<[^>]*>", " ", text).split())
        raise TryAgainError(f"the answer is no list of citations ({said[:100]})")
    matched = {}
    for line in re.split(r"[\r\n]+", text):
        match = _MATCHED.search(line.rstrip())
        if match is None:
            continue
        said = match[2].strip().removeprefix("AMBIGUOUS").strip()
        pmids = [one.strip() for one in said.split(",")]
        if all(_PMID.fullmatch(one) for one in pmids):
            matched[int(match[1])] = tuple(map(int, pmids))
    return matched
