"""Reading floor: what BioC documents tell of a paper beside its texts, in infons of many names.

Pure. PubTator has one infon for the citation, BioC-PMC one for each part of it. The infons of
references ("pub-id_pmid") are never asked.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from kg.model import Author, Record
from kg.readers.addresses import find_doi
from kg.readers.byline import parse_listed_name
from kg.readers.citation import expand_pages
from kg.readers.fields import find_year, make_author, name_journal, squeeze

_PMID = re.compile(r"(?:PMID:?\s*)?(\d{1,9})", re.ASCII | re.IGNORECASE)
_PMCID = re.compile(r"(?:PMC)?(\d{1,9})(?:\.\d+)?", re.ASCII | re.IGNORECASE)
# As PubTator has it: "J Z. 2001 Jan 5;16(2):1-9. doi: ...", "J Z; 2001 Jan 16 (2) 1-9. doi:...".
_CITATION = re.compile(
    r"(?P<journal>[^;]{1,200}?)[.;]\s*"
    r"(?P<date>(?:1[6-9]|20)\d\d(?: [A-Z][a-z]{2}(?: \d{1,2}(?!\d|\s*\())?)?)"
    r"(?:[;\s]\s*(?P<volume>\d+[A-Za-z]?)?\s*(?:\((?P<issue>[^()]*)\))?[:\s]?"
    r"\s*(?P<pages>[A-Za-z]?\d[\w-]*)?)?(?=\.(?:\s|\Z)|\Z|\s|;)"
)
_NAME_KEY = re.compile(r"name_\d+")
_MOST_AUTHORS = 20_000


def read_identifiers(document: str, infons: Mapping[str, str]) -> dict[str, str]:
    """Return the identifiers of a paper: those of its infons, else what its document is called.

    The documents of full texts, which open with a "front", are called by the number of the PMCID.

    >>> read_identifiers("3166167", {"article-id_pmc": "3166167", "type": "front"})
    {'PMCID': 'PMC3166167'}
    >>> read_identifiers("26094", {"journal": "J Z; 2001 1 (2) 3. doi:10.5555/z"})
    {'PMID': '26094', 'DOI': '10.5555/z'}
    """
    pmid = _find(_PMID, infons, "article-id_pmid", "pmid")
    pmcid = _find(_PMCID, infons, "article-id_pmc", "article-id_pmcid", "pmcid")
    number = document.strip()
    if number.upper().startswith("PMC") or infons.get("type") == "front":
        pmcid = pmcid or _find(_PMCID, {"id": number}, "id")
    elif not pmid:
        pmid = _find(_PMID, {"id": number}, "id")
    doi = infons.get("article-id_doi") or infons.get("doi") or ""
    identifiers = {
        "PMID": pmid,
        "PMCID": f"PMC{pmcid}" if pmcid else "",
        "DOI": find_doi(doi) or find_doi(infons.get("journal", "")),
    }
    return {prefix: value for prefix, value in identifiers.items() if value}


def _find(pattern: re.Pattern[str], infons: Mapping[str, str], *keys: str) -> str:
    for key in keys:
        match = pattern.fullmatch(infons.get(key, "").strip())
        if match is not None:
            return match[1]
    return ""


def read_authors(names: Iterable[str], infons: Mapping[str, str]) -> tuple[Author, ...]:
    """Return the authors: BioC-PMC has an infon for each, PubTator one for all, or a list.

    >>> [one.name for one in read_authors((), {"name_0": "surname:Yeh;given-names:Ellen"})]
    ['Yeh E']
    >>> [one.name for one in read_authors((), {"authors": "Deng X, Luo S, "})]
    ['Deng X', 'Luo S']
    """
    keys = [key for key in infons if _NAME_KEY.fullmatch(key)]
    if keys:
        keys.sort(key=lambda key: int(key.partition("_")[2][:9]))
        return tuple(filter(None, (_read_author(infons[key]) for key in keys[:_MOST_AUTHORS])))
    listed = [squeeze(name) for name in names] or map(squeeze, infons.get("authors", "").split(","))
    return tuple(parse_listed_name(name) for name in listed if name)


def _read_author(text: str) -> Author | None:
    parts = dict(part.split(":", 1) for part in text.split(";") if ":" in part)
    family = squeeze(parts.get("surname", ""))
    if not family:
        return parse_listed_name(squeeze(text)) if text.strip() and not parts else None
    return make_author(family, parts.get("given-names", ""), suffix=parts.get("suffix", ""))


def add_citation(record: Record, infons: Mapping[str, str]) -> Record:
    """Return a record with journal, year, volume and pages, as far as infons tell them.

    >>> from kg.model import Locator
    >>> record = Record(locator=Locator(path="a", format="bioc-xml", line=1), texts=())
    >>> cited = add_citation(record, {"journal": "J Z. 2001 Jan 5;16(2):1-9. doi: 10.5555/z"})
    >>> cited.journal, cited.year, cited.volume, cited.issue, cited.last_page
    ('J Z', 2001, '16', '2', '9')
    """
    told = squeeze(infons.get("journal", ""))
    match = _CITATION.match(told)
    part = {key: value or "" for key, value in (match.groupdict() if match else {}).items()}
    name = part.get("journal", "") or infons.get("journal_name", "")
    name = name or ("" if find_doi(told) else told)
    journal, journal_title = name_journal([name] if name else [], [])
    pages = part.get("pages", "") or infons.get("elocation-id", "")
    if infons.get("fpage"):
        last = infons.get("lpage", "")
        pages = infons["fpage"] + (f"-{last}" if last and last != infons["fpage"] else "")
    first_page, last_page = expand_pages(pages)
    return replace(
        record,
        journal=journal,
        journal_title=journal_title,
        year=find_year(infons.get("year", "")) or find_year(part.get("date", "")),
        volume=infons.get("volume", "") or part.get("volume", ""),
        issue=infons.get("issue", "") or part.get("issue", ""),
        pages=pages,
        first_page=first_page,
        last_page=last_page,
    )
