"""Reading floor: an item of CSL-JSON -> `Record`.

Pure. The same keys hold texts in CSL and lists in Crossref; both are read. Titles and abstracts
have tags of HTML and JATS in them.
"""

import re
from collections.abc import Iterator, Mapping

from kg.model import Author, Heading, Indexing, Locator, Record, Relation, RelationKind, Text
from kg.readers.addresses import find_doi, read_address
from kg.readers.byline import parse_listed_name
from kg.readers.citation import expand_pages
from kg.readers.fields import (
    find_issns,
    find_language,
    find_orcid,
    find_year,
    join_particles,
    make_author,
    make_group,
    make_titles,
    name_journal,
)
from kg.readers.headings import find_heading
from kg.readers.jats import flatten_markup, read_abstract
from kg.readers.json_values import list_at, text_at
from kg.readers.paper_identifiers import find_noted, settle_identifiers

_DATES = ("issued", "published-print", "published", "published-online", "published-other")
_ABBREVIATIONS = (
    "container-title-short", "journalAbbreviation", "short-container-title",
    "container-title_short",
)  # fmt: skip
_PMID = re.compile(r"(?:PMID:?\s*)?0*([1-9]\d{0,8})", re.IGNORECASE)
_PMCID = re.compile(r"(?:PMCID:?\s*)?(?:PMC)?0*([1-9]\d{0,8})(?:\.\d+)?", re.IGNORECASE)
_KEYS = (
    ("PMID", "PMID", _PMID),
    ("pmid", "PMID", _PMID),
    ("PMCID", "PMCID", _PMCID),
    ("pmcid", "PMCID", _PMCID),
)
_KEYED = re.compile(
    r"(?:(?P<pmid>pmid[:_-]?\d{1,9})|(?P<pmcid>(?:pmcid:)?PMC\d{1,9}))", re.IGNORECASE
)
_OTHERS = re.compile(r"(?:and )?others|et\.? ?al\.?", re.IGNORECASE)
_RANGE = re.compile(r"\s*(?:--?-?|[‐-―−])\s*")
_ENDS_TITLE = re.compile(r"[.:;?!–—-]\Z")
_KEYWORDS = re.compile(r"\s*[;\n]\s*")
_COMMAS = re.compile(r"\s*,\s*")
# Notices of Crossref's Crossmark, and what they mean for the record that has them.
_UPDATES = {
    "retraction": RelationKind.RETRACTION_OF,
    "partial_retraction": RelationKind.RETRACTION_OF,
    "withdrawal": RelationKind.RETRACTION_OF,
    "removal": RelationKind.RETRACTION_OF,
    "correction": RelationKind.CORRECTION_FOR,
    "corrigendum": RelationKind.CORRECTION_FOR,
    "erratum": RelationKind.CORRECTION_FOR,
    "expression_of_concern": RelationKind.CONCERN_FOR,
}
_UPDATED = {
    RelationKind.RETRACTION_OF: RelationKind.RETRACTED_IN,
    RelationKind.CORRECTION_FOR: RelationKind.CORRECTED_IN,
    RelationKind.CONCERN_FOR: RelationKind.CONCERN_IN,
}


def make_record(item: Mapping[str, object], locator: Locator, position: int) -> Record | None:
    """Return the record of an item, None where it has no text and no identifier."""
    identifiers, conflicts = settle_identifiers(_find_identifiers(item), locator)
    texts = tuple(_read_texts(item))
    if not texts and not identifiers:
        return None
    authors, et_al = _read_authors(item)
    journal, journal_title = name_journal(
        [flatten_markup(name) for key in _ABBREVIATIONS for name in _texts(item, key)],
        [flatten_markup(name) for name in _texts(item, "container-title")],
    )
    pages = _RANGE.sub("-", _first(item, "page", "article-number", "number", "page-first"))
    first_page, last_page = expand_pages(pages)
    return Record(
        locator=locator,
        texts=texts,
        authors=authors,
        et_al=et_al,
        journal=journal,
        journal_title=journal_title,
        issns=find_issns("; ".join([*_texts(item, "ISSN"), *_texts(item, "issn")])),
        year=_read_year(item),
        volume=_first(item, "volume"),
        issue=_first(item, "issue"),
        pages=pages,
        first_page=first_page,
        last_page=last_page,
        identifiers=identifiers,
        indexing=_read_indexing(item),
        position=position,
        problems=conflicts,
    )


def _texts(item: object, *keys: str) -> list[str]:
    """Return the texts under a key, be it one or a list of them."""
    return [text for value in list_at(item, *keys) if (text := text_at(value))]


def _first(item: object, *keys: str) -> str:
    return next((text for key in keys for text in _texts(item, key)), "")


def _read_texts(item: object) -> Iterator[Text]:
    title, subtitle = _first(item, "title"), _first(item, "subtitle")
    if title and subtitle and subtitle.casefold() not in title.casefold():
        title += (" " if _ENDS_TITLE.search(title) else ": ") + subtitle
    title, vernacular = map(flatten_markup, (title or subtitle, _first(item, "original-title")))
    yield from make_titles(title, "" if vernacular == title else vernacular)
    abstract = read_abstract(_first(item, "abstract"))
    if any(map(str.isalnum, abstract.text)):
        yield abstract


def _read_authors(item: object) -> tuple[tuple[Author, ...], bool]:
    authors = []
    et_al = False
    for value in list_at(item, "author"):
        name = text_at(value, "family") or text_at(value, "literal") or text_at(value, "name")
        if _OTHERS.fullmatch(name):
            et_al = True
        elif (author := _read_author(value)) is not None:
            authors.append(author)
    return tuple(authors), et_al


def _read_author(value: object) -> Author | None:
    if isinstance(value, str):
        return parse_listed_name(text_at(value)) if text_at(value) else None
    family, given = _name_at(value, "family"), _name_at(value, "given")
    if family and given:
        particles = [_name_at(value, f"{kind}-particle") for kind in ("dropping", "non-dropping")]
        return make_author(
            join_particles(*particles, family),
            given,
            suffix=text_at(value, "suffix").rstrip("."),
            orcid=find_orcid(text_at(value, "ORCID")),
        )
    literal = _name_at(value, "literal") or _name_at(value, "name")
    if literal:
        author = parse_listed_name(literal)
        # A literal is what has no parts; DataCite has persons among them, written "Doe, Jane".
        return author if "," in literal and author.initials else make_group(literal)
    name = family or given
    return parse_listed_name(name) if name else None


def _name_at(value: object, key: str) -> str:
    return flatten_markup(text_at(value, key))


def _read_year(item: Mapping[str, object]) -> int | None:
    for key in _DATES:
        value = item.get(key)
        parts = list_at(value, "date-parts")
        first = parts[0] if parts else None
        found = text_at(first[0]) if isinstance(first, list) and first else text_at(first)
        for text in (found, text_at(value), text_at(value, "raw"), text_at(value, "literal")):
            if (year := find_year(text)) is not None:
                return year
    return find_year(text_at(item, "year"))


def _read_indexing(item: object) -> Indexing:
    keywords: list[str] = []
    headings: list[Heading] = []
    for value in [*_texts(item, "keyword"), *_texts(item, "categories")]:
        pattern = _KEYWORDS if _KEYWORDS.search(value) else _COMMAS
        for keyword in filter(None, map(flatten_markup, pattern.split(value))):
            heading = find_heading(keyword)
            if heading is not None:
                headings.append(heading)
            elif keyword.strip("*/ "):
                keywords.append(keyword.strip("* "))
    is_preprint = "preprint" in {text_at(item, "subtype"), text_at(item, "genre").casefold()}
    return Indexing(
        languages=tuple(filter(None, [find_language(text_at(item, "language"))])),
        publication_types=("Preprint",) if is_preprint else (),
        keywords=tuple(dict.fromkeys(keywords)),
        headings=tuple(dict.fromkeys(headings)),
        grants=tuple(dict.fromkeys(_read_grants(item))),
        relations=tuple(_read_relations(item)),
    )


def _read_grants(item: object) -> Iterator[str]:
    for funder in list_at(item, "funder"):
        name = text_at(funder, "name")
        awards = _texts(funder, "award")
        yield from (f"{award}/{name}" for award in awards)
        if name and not awards:
            yield name


def _read_relations(item: object) -> Iterator[Relation]:
    """Yield what Crossref tells of retractions and corrections."""
    for key, is_notice in (("update-to", True), ("updated-by", False)):
        for update in list_at(item, key):
            kind = _UPDATES.get(text_at(update, "type").casefold().replace("-", "_"))
            doi = find_doi(text_at(update, "DOI"))
            if kind is not None and doi:
                kind = kind if is_notice else _UPDATED[kind]
                yield Relation(kind=kind, identifiers={"DOI": doi})


def _find_identifiers(item: Mapping[str, object]) -> Iterator[tuple[str, str, str]]:
    """Yield prefix, identifier and key, the most trusted first; those of references are others'."""
    for where in (item, item.get("custom")):
        for key, prefix, pattern in _KEYS:
            if match := pattern.fullmatch(text_at(where, key)):
                yield prefix, f"PMC{match[1]}" if prefix == "PMCID" else match[1], key
    for key in ("DOI", "doi"):
        if doi := find_doi(text_at(item, key)):
            yield "DOI", doi, key
    for prefix, value in find_noted([text_at(item, "note")]):
        yield prefix, value, "note"
    identifier = text_at(item, "id")
    if match := _KEYED.fullmatch(identifier):
        number = re.sub(r"\D", "", match[0])
        yield ("PMID", number, "id") if match["pmid"] else ("PMCID", f"PMC{number}", "id")
    for key, address in (("URL", text_at(item, "URL")), ("id", identifier)):
        for prefix, value in read_address(address):
            yield prefix, value, key
