"""Reading floor: an entry with the tags of RIS -> `Record`.

Pure. The other formats of reference managers, which have tags with the same meanings, are brought
to these first.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from kg.model import Author, Heading, Indexing, Locator, Record, Text
from kg.readers.byline import parse_listed_name
from kg.readers.citation import expand_pages
from kg.readers.fields import (
    find_issns,
    find_language,
    find_orcid,
    find_year,
    make_titles,
    name_journal,
    split_sections,
    strip_markup,
)
from kg.readers.headings import find_heading, parse_heading
from kg.readers.publication_types import find_publication_type
from kg.readers.ris_identifiers import find_identifiers, is_from_medline
from kg.readers.tagged import Entry

_COPYRIGHT = re.compile(r"Copyright of .{1,300} is the property of ", re.IGNORECASE)
_LISTED = re.compile(r"\s*;\s*")
_ET_AL = re.compile(r"(?:,?\s*\bet\.? al\.?|\band others)\Z", re.IGNORECASE)


def make_record(entry: Entry, locator: Locator) -> Record | None:
    """Return the record of an entry, None where it has no text and no identifier."""
    identifiers, problems = find_identifiers(entry, locator)
    texts = tuple(_read_texts(entry))
    if not texts and not identifiers:
        return None
    authors, et_al = _read_authors(entry)
    journal, journal_title = _read_journal(entry)
    pages = _read_pages(entry)
    first_page, last_page = expand_pages(pages)
    return Record(
        locator=locator,
        texts=texts,
        authors=authors,
        et_al=et_al,
        journal=journal,
        journal_title=journal_title,
        issns=find_issns(" ".join(entry.each_line("SN", "EI"))),
        year=_read_year(entry),
        volume=entry.first("VL"),
        issue=entry.first("IS", "CP"),
        pages=pages,
        first_page=first_page,
        last_page=last_page,
        identifiers=identifiers,
        indexing=_read_indexing(entry),
        position=entry.position,
        problems=problems,
    )


def _read_texts(entry: Entry) -> Iterator[Text]:
    title = strip_markup(entry.first("TI", "T1", "CT", "BT", "ST"))
    yield from make_titles(title, strip_markup(entry.first("TT")))
    # EBSCO puts a note on the copyright into a second AB.
    parts = [part for part in entry.all("AB") if not _COPYRIGHT.match(part)]
    parts = parts or entry.all("N2")
    abstract = strip_markup(" ".join(parts))
    if any(char.isalnum() for char in abstract):
        yield split_sections(abstract)


def _read_authors(entry: Entry) -> tuple[tuple[Author, ...], bool]:
    """Return the byline, and whether it is cut. A2 and others are editors, or even cited authors.

    Ovid gives ORCIDs in fields of their own: "Doe, Jane; ORCID: https://orcid.org/...".
    """
    orcids = {}
    for value in entry.all("AI"):
        name, _, rest = value.partition(";")
        orcids[name.strip()] = find_orcid(rest)
    names = [
        name
        for value in entry.all("AU", "A1")
        for name in (_LISTED.split(value) if ";" in value else [value])
    ]
    authors = []
    et_al = False
    for name in names:
        kept = _ET_AL.sub("", name).strip()
        et_al = et_al or kept != name
        if kept.strip(" ,."):
            authors.append(replace(parse_listed_name(kept), orcid=orcids.get(kept, "")))
    return tuple(authors), et_al


def _read_journal(entry: Entry) -> tuple[str, str]:
    """Return the journal; JO is its full name where there is no JF or T2, else its abbreviation."""
    names = entry.all("JF") or entry.all("T2") or entry.all("JO")
    if entry.has("TI", "T1"):
        names += entry.all("BT")  # the book of a chapter; alone, it is the title
    abbreviations = [
        value for tag in ("J2", "JI", "JA", "J1", "NL", "JO", "J9") for value in entry.all(tag)
    ]
    return name_journal(abbreviations, names)


def _read_year(entry: Entry) -> int | None:
    years = (find_year(value) for tag in ("PY", "DA", "Y1", "YR") for value in entry.all(tag))
    return next((year for year in years if year is not None), None)


def _read_pages(entry: Entry) -> str:
    """Return pages as "152-160": SP holds the first one, or both; C7 the number of an article."""
    start = entry.first("SP", "PG") or entry.first("C7", "AR")
    start = re.sub(r"\s*[-‐–—]\s*", "-", start)
    end = entry.first("EP")
    if not start or not end or end == start or "-" in start:
        return start
    return f"{start}-{end}"


def _read_indexing(entry: Entry) -> Indexing:
    keywords, headings = _read_keywords(entry)
    types = [part for value in entry.all("M3", "M1", "PT") for part in _LISTED.split(value)]
    if is_from_medline(entry):
        types += entry.each_line("N1")
    named = map(find_publication_type, types)
    languages = (find_language(part) for value in entry.all("LA") for part in value.split(";"))
    grants = (part for value in entry.all("FU") for part in value.split("; "))
    return Indexing(
        languages=tuple(dict.fromkeys(filter(None, languages))),
        publication_types=tuple(dict.fromkeys(filter(None, named))),
        keywords=keywords,
        headings=headings,
        grants=tuple(dict.fromkeys(grants)),
    )


def _read_keywords(entry: Entry) -> tuple[tuple[str, ...], tuple[Heading, ...]]:
    """Return keywords, and the MeSH headings among them, where they can be told.

    What comes from MEDLINE and has a star is one without qualifiers.
    """
    values = entry.each_line("KW")
    if len(values) == 1:
        values = _LISTED.split(values[0])
    keywords, headings = [], []
    for value in map(strip_markup, values):
        is_starred = value.startswith("*") and "/" not in value and is_from_medline(entry)
        heading = parse_heading(value) if is_starred else find_heading(value)
        if heading is not None:
            headings.append(heading)
        elif value.strip("*/ "):
            keywords.append(value.strip("* "))
    return tuple(dict.fromkeys(keywords)), tuple(dict.fromkeys(headings))
