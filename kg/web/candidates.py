"""Web floor: how well a citation fits a paper that a service gives. Pure.

The score, from 0 to 1, is the sum over four parts, each with its weight: title 0.6, first author
0.15, first page 0.15, year 0.1. A part agrees (1), does not (0), or lies between; what one side
lacks counts half, since it speaks neither for nor against. A title alone thus gives no more than
0.8: "Reply" and "Interleukin-7" are titles of many papers.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from rapidfuzz import fuzz

from kg.model import Record
from kg.publications import normalise_identifier, normalise_title
from kg.readers.byline import parse_author
from kg.readers.citation import expand_pages
from kg.readers.fields import clean_title, find_year, squeeze

WEIGHTS = {"title": 0.6, "author": 0.15, "page": 0.15, "year": 0.1}
AGREES = 0.9
_UNKNOWN = 0.5
# Titles that differ in a number ("IL-7" and "IL-17", "Part I" and "Part II") are of two papers.
_OTHER_NUMBER = 0.5
_NUMBER = re.compile(r"\d+|\b[ivx]+\b")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A paper that a service gives for a citation.

    `titles` are all that it goes by (with and without its subtitle), `years` all that it may be
    cited with (in print, online). A preprint has no page: to a citation with one it is another
    version of the paper, with a DOI of its own.
    """

    identifiers: dict[str, str]
    titles: tuple[str, ...] = ()
    first_author: str = ""
    first_page: str = ""
    years: tuple[int, ...] = ()
    is_preprint: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How well a candidate fits: the score, and the parts that agree."""

    score: float
    agreed: tuple[str, ...] = field(default=())


def compare(record: Record, candidate: Candidate) -> Fit:
    """Return how well a candidate fits a record's citation."""
    parts = {
        "title": _compare_titles(record.title, candidate.titles),
        "author": _compare_authors(record, candidate.first_author),
        "page": _compare_pages(record.first_page, candidate),
        "year": _compare_years(record.year, candidate.years),
    }
    score = sum(
        WEIGHTS[name] * (_UNKNOWN if part is None else part) for name, part in parts.items()
    )
    agreed = tuple(name for name, part in parts.items() if part is not None and part >= AGREES)
    return Fit(score=round(score, 3), agreed=agreed)


def compare_titles(one: str, other: str) -> float:
    """Return how alike two titles are, from 0 to 1.

    >>> compare_titles("Interleukin-7 in mice.", "Interleukin 7 in Mice")
    1.0
    >>> compare_titles("Interleukin-7 in mice", "Interleukin-17 in mice")
    0.5
    """
    mine, theirs = normalise_title(one), normalise_title(other)
    if mine == theirs:
        return 1.0
    alike = fuzz.ratio(mine, theirs) / 100
    return alike if _numbers(one) == _numbers(other) else min(alike, _OTHER_NUMBER)


def _numbers(title: str) -> list[str]:
    return sorted(_NUMBER.findall(title.casefold()))


def _compare_titles(title: str, candidates: Sequence[str]) -> float | None:
    if not title or not candidates:
        return None
    return max(compare_titles(title, candidate) for candidate in candidates)


def _compare_authors(record: Record, first_author: str) -> float | None:
    if not record.authors or not first_author:
        return None
    families = {record.authors[0].family, record.authors[0].name}
    theirs = {parse_author(first_author).family, first_author}
    alike = max(
        fuzz.ratio(normalise_title(one), normalise_title(other)) / 100
        for one in families
        for other in theirs
    )
    return alike if alike >= 0.8 else 0.0


def _compare_pages(page: str, candidate: Candidate) -> float | None:
    """Return whether two first pages are the same; "e123", "123" and "0123" are."""
    other = candidate.first_page
    if page and candidate.is_preprint:
        return 0.0
    if not page or not other:
        return None
    if normalise_title(page) == normalise_title(other):
        return 1.0
    mine, theirs = _DIGITS.findall(page), _DIGITS.findall(other)
    return float([one.lstrip("0") for one in mine] == [one.lstrip("0") for one in theirs] != [])


def _compare_years(year: int | None, years: Sequence[int]) -> float | None:
    """Return whether a year is among several; one beside it is half right (online, then print)."""
    if year is None or not years:
        return None
    return {0: 1.0, 1: 0.5}.get(min(abs(year - other) for other in years), 0.0)


def read_summary(pmid: int, summary: dict[str, Any]) -> Candidate:
    """Return the paper of a summary of PubMed (esummary 2.0)."""
    identifiers = {"PMID": str(pmid)}
    for one in _dicts(summary.get("articleids")):
        prefix = {"doi": "DOI", "pmc": "PMCID"}.get(str(one.get("idtype")))
        value = normalise_identifier(prefix, str(one.get("value", ""))) if prefix else None
        if prefix and value:
            identifiers.setdefault(prefix, value)
    authors = list(_dicts(summary.get("authors")))
    first_page, _ = expand_pages(str(summary.get("pages") or ""))
    dates = (str(summary.get(name) or "") for name in ("pubdate", "epubdate"))
    vernacular = str(summary.get("vernaculartitle") or "")
    return Candidate(
        identifiers=identifiers,
        titles=_clean_titles([str(summary.get("title") or ""), vernacular]),
        first_author=str(authors[0].get("name") or "") if authors else "",
        first_page=first_page,
        years=tuple(dict.fromkeys(year for one in dates if (year := find_year(one)))),
    )


def read_work(work: dict[str, Any]) -> Candidate | None:
    """Return the paper of a work of Crossref, None without a DOI."""
    doi = normalise_identifier("DOI", str(work.get("DOI") or ""))
    if doi is None:
        return None
    titles = [one for one in work.get("title") or () if isinstance(one, str)]
    subtitles = [one for one in work.get("subtitle") or () if isinstance(one, str)]
    titles += [f"{title}: {subtitle}" for title in titles for subtitle in subtitles]
    author = next(_dicts(work.get("author")), {})
    page = str(work.get("page") or work.get("article-number") or "")
    dates = (work.get(name) for name in ("issued", "published-print", "published-online"))
    return Candidate(
        identifiers={"DOI": doi},
        titles=_clean_titles(titles),
        first_author=str(author.get("family") or author.get("name") or ""),
        first_page=expand_pages(page)[0],
        years=tuple(dict.fromkeys(year for one in dates if (year := _year_of(one)))),
        is_preprint=work.get("type") == "posted-content",
    )


def _year_of(issued: object) -> int | None:
    """Return the year of one of Crossref's dates: {"date-parts": [[2008, 2, 15]]}."""
    parts = issued.get("date-parts") if isinstance(issued, dict) else None
    try:
        year = parts[0][0] if parts else None
    except (LookupError, TypeError):
        return None
    return year if isinstance(year, int) else None


def _clean_titles(titles: Sequence[str]) -> tuple[str, ...]:
    """Return titles without markup ("<i>", "&lt;i&gt;", "&amp;"), empty ones left out."""
    plain = (_TAG.sub("", unescape(_TAG.sub("", title))) for title in titles)
    return tuple(dict.fromkeys(filter(None, (clean_title(squeeze(title)) for title in plain))))


def _dicts(value: object) -> Iterator[dict[str, Any]]:
    return (one for one in (value if isinstance(value, list) else ()) if isinstance(one, dict))
