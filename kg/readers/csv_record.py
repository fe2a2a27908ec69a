"""Reading floor: a row of a table -> `Record`, by what its columns hold.

Pure.
"""

import re
from collections.abc import Iterator, Sequence

from kg.model import Author, Heading, Indexing, Locator, Record, Substance, Text
from kg.readers.addresses import find_doi, read_address
from kg.readers.byline import attach_orcids, parse_listed_name
from kg.readers.citation import expand_pages
from kg.readers.csv_columns import Columns
from kg.readers.csv_names import parse_authors
from kg.readers.fields import (
    find_issns,
    find_language,
    find_year,
    make_titles,
    name_journal,
    squeeze,
)
from kg.readers.headings import find_heading, parse_heading
from kg.readers.jats import flatten_markup, read_abstract
from kg.readers.paper_identifiers import find_noted, settle_identifiers
from kg.readers.publication_types import find_publication_type

_EMPTY = frozenset(("", "0", "na", "n/a", "nan", "none", "null", "-", "--", "?"))
_NOT_ABSTRACTS = re.compile(
    r"\[?(?:no abstract (?:is )?available|abstract not available)[^\n]{0,40}", re.IGNORECASE
)
# Spreadsheets make numbers of what looks like them.
_FLOAT = re.compile(r"(\d+)\.0+")
# Keeps a spreadsheet from taking a text for a number.
_FORMULA = re.compile(r'\A="(.*)"\Z', re.DOTALL)
_POWER = re.compile(r"\d\.\d{3,8}E\+?0?\d", re.IGNORECASE)
_RANGE = re.compile(r"\s*(?:--?-?|[‐-―−])\s*")
_LIST = re.compile(r"\s*[;|\n]\s*")
_COMMAS = re.compile(r"\s*,\s*")
_QUOTED_LIST = re.compile(r"'([^']*)'|\"([^\"]*)\"")
# Cochrane's "PUBMED 17265423,EMBASE 46177123"
_NAMED_PMID = re.compile(r"\bPUBMED[ :]{1,2}(\d{4,9})\b")
# "J Immunol. 2007 Feb 15;178(4):2123-31. doi: 10.5555/1.", PubMed's.
_PUBMED = re.compile(
    r"(?P<journal>[^;]{1,200}?)\. (?P<year>\d{4})\b[^;:]{0,40};\s*(?P<volume>[^:;()]{0,60}?)\s*"
    r"(?:\((?P<issue>[^()]{0,60})\))?(?::\s*(?P<pages>[^.;\s][^.;]{0,60}))?[.;](?:\s|\Z)"
)
# "Endoscopic Ultrasound (2014) 3:3 (152-160). Date of Publication: 2014", Embase's.
_EMBASE = re.compile(
    r"(?P<journal>.{1,200}?) \((?P<year>\d{4})\)(?: (?P<volume>[^:()]{1,30}?))?"
    r"(?::(?P<issue>[^()]{1,30}?))?(?: \((?P<pages>[^()]{1,40})\))?\.?(?: |\Z)"
)
_ARTICLE_NUMBER = re.compile(r"Article Number: (\w+)")
_DATABASES = frozenset("scopus pubmed embase medline wos crossref cinahl psycinfo".split())


def make_record(
    row: Sequence[str], columns: Columns, locator: Locator, position: int
) -> Record | None:
    """Return the record of a row, None where it has no text and no identifier."""
    cells = _Cells(row, columns)
    identifiers, conflicts = settle_identifiers(_find_identifiers(cells), locator)
    texts = tuple(_read_texts(cells))
    if not texts and not identifiers:
        return None
    authors, et_al = _read_authors(cells)
    citation = _read_citation(cells.first("source"))
    journal, journal_title = name_journal(
        cells.all("journal_abbreviation"),
        cells.all("journal") or [each for each in [citation.get("journal", "")] if each],
    )
    pages = _read_pages(cells) or _RANGE.sub("-", citation.get("pages", ""))
    first_page, last_page = expand_pages(pages)
    volume = cells.first("volume") or citation.get("volume", "")
    years = (find_year(text) for text in [*cells.all("year"), citation.get("year", "")])
    return Record(
        locator=locator,
        texts=texts,
        authors=authors,
        et_al=et_al,
        journal=journal,
        journal_title=journal_title,
        issns=find_issns("; ".join(cells.all("issn"))),
        year=next((year for year in years if year is not None), None),
        volume=volume,
        issue=cells.first("issue", *(["number"] if volume else [])) or citation.get("issue", ""),
        pages=pages,
        first_page=first_page,
        last_page=last_page,
        identifiers=identifiers,
        indexing=_read_indexing(cells),
        position=position,
        problems=conflicts,
    )


class _Cells:
    """The cells of a row by what they hold; words for nothing count as nothing."""

    def __init__(self, row: Sequence[str], columns: Columns) -> None:
        self._row = row
        self._columns = columns

    def raw(self, field: str) -> list[str]:
        """Return the cells of a field as they are, the best column first."""
        found = (_FORMULA.sub(r"\1", cell) for cell in self._columns.all(self._row, field))
        return [cell for cell in found if cell.strip().casefold() not in _EMPTY]

    def all(self, field: str) -> list[str]:
        """Return the cells of a field on one line each, numbers without the mark of a float."""
        return [
            _FLOAT.sub(r"\1", text) if _FLOAT.fullmatch(text) else text
            for text in map(squeeze, map(flatten_markup, self.raw(field)))
        ]

    def first(self, *fields: str) -> str:
        """Return the first cell of the first of these fields that has one, or an empty string."""
        return next((text for field in fields for text in self.all(field)), "")

    def listed(self, field: str) -> Iterator[str]:
        """Yield the parts of the cells of a field that are lists."""
        for cell in self.raw(field):
            if cell.startswith("[") and cell.endswith("]"):
                parts = [single or double for single, double in _QUOTED_LIST.findall(cell)]
            else:
                parts = (_LIST if _LIST.search(cell.strip()) else _COMMAS).split(cell)
            yield from filter(None, map(flatten_markup, parts))


def _read_texts(cells: _Cells) -> Iterator[Text]:
    yield from make_titles(cells.first("title"), cells.first("vernacular_title"))
    for cell in cells.raw("abstract"):
        abstract = read_abstract(cell)
        if any(map(str.isalnum, abstract.text)) and not _NOT_ABSTRACTS.fullmatch(abstract.text):
            yield abstract
            break


def _read_authors(cells: _Cells) -> tuple[tuple[Author, ...], bool]:
    """Return the byline: with full names where there are, groups at the end."""
    cell = next(iter([*cells.raw("full_authors"), *cells.raw("authors")]), "")
    authors, et_al = parse_authors(cell.removesuffix(".") if "., " not in cell else cell)
    groups = [parse_listed_name(f"{name},") for name in cells.listed("group_authors")]
    known = {author.name.casefold() for author in authors}
    authors += tuple(group for group in groups if group.name.casefold() not in known)
    return attach_orcids(authors, cells.first("orcids")), et_al


def _read_citation(source: str) -> dict[str, str]:
    """Return the parts of a citation in one cell, PubMed's or Embase's, or of a journal's name."""
    for pattern in (_PUBMED, _EMBASE):
        if match := pattern.match(source):
            parts = {name: (value or "").strip() for name, value in match.groupdict().items()}
            number = _ARTICLE_NUMBER.search(source)
            return parts if parts["pages"] or not number else {**parts, "pages": number[1]}
    is_journal = source and source.casefold() not in _DATABASES and len(source) <= 200
    return {"journal": source} if is_journal else {}


def _read_pages(cells: _Cells) -> str:
    pages = cells.first("pages")
    first, last = cells.first("first_page"), cells.first("last_page")
    if not pages and first:
        pages = f"{first}-{last}" if last and last != first and "-" not in first else first
    return _RANGE.sub("-", pages or cells.first("article_number"))


def _read_indexing(cells: _Cells) -> Indexing:
    keywords: list[str] = []
    headings: list[Heading] = []
    for keyword in cells.listed("keywords"):
        heading = find_heading(keyword)
        if heading is not None:
            headings.append(heading)
        elif keyword.strip("*/ "):
            keywords.append(keyword.strip("* "))
    headings += [find_heading(term) or parse_heading(term) for term in cells.listed("mesh")]
    languages = (find_language(name) for name in cells.listed("language"))
    types = [find_publication_type(name) for name in cells.listed("publication_type")]
    if cells.first("retracted").casefold() in {"true", "yes", "1"}:
        types.append("Retracted Publication")
    return Indexing(
        languages=tuple(dict.fromkeys(filter(None, languages))),
        publication_types=tuple(dict.fromkeys(filter(None, types))),
        keywords=tuple(dict.fromkeys(keywords)),
        headings=tuple(dict.fromkeys(heading for heading in headings if heading.name)),
        substances=tuple(Substance(name=name) for name in cells.listed("substances")),
        grants=tuple(dict.fromkeys(cells.listed("grants"))),
    )


def _find_identifiers(cells: _Cells) -> Iterator[tuple[str, str, str]]:
    """Yield prefix, identifier and column, the most trusted first."""
    for field in ("pmid", "pmcid"):
        for cell in cells.all(field):
            prefix = field.upper()
            found = [value for kind, value in read_address(cell) if kind == prefix]
            found += _NAMED_PMID.findall(cell) if prefix == "PMID" else []
            yield prefix, found[0] if found else _mend_number(cell), f"the column of {prefix}s"
    for cell in cells.all("doi"):
        yield "DOI", find_doi(cell) or cell, "the column of DOIs"
    for prefix, value in find_noted(cells.raw("notes")):
        yield prefix, value, "the notes"
    for cell in cells.raw("address"):
        for prefix, value in read_address(cell):
            yield prefix, value, "the address"
    if doi := find_doi(cells.first("source").partition("doi: ")[2]):
        yield "DOI", doi, "the citation"


def _mend_number(cell: str) -> str:
    """Return a number that a spreadsheet wrote as a power, where no digit of it is gone."""
    if not _POWER.fullmatch(cell):
        return cell
    number = float(cell)
    digits, _, power = cell.upper().partition("E")
    return str(int(number)) if len(digits) - 2 >= int(power) else cell
