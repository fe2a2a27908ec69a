"""Reading floor: the fields of a BibTeX entry -> `Record`.

Pure. Names of fields are those of BibTeX, BibLaTeX, and the tools that write them: Zotero and
Better BibTeX, JabRef, Mendeley, EndNote, TeXMed, Europe PMC, Scopus, Web of Science, publishers.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from kg.model import Author, Heading, Indexing, Locator, Problem, Record, Text
from kg.readers.addresses import find_doi, read_address
from kg.readers.bibtex_fields import BibtexFields
from kg.readers.bibtex_names import parse_names
from kg.readers.byline import attach_orcids
from kg.readers.citation import expand_pages
from kg.readers.fields import (
    find_issns,
    find_language,
    find_year,
    make_titles,
    name_journal,
    split_sections,
    squeeze,
    strip_markup,
)
from kg.readers.headings import find_heading
from kg.readers.latex import latex_to_text
from kg.readers.paper_identifiers import find_noted, settle_identifiers

# What an entry takes over from the one that it refers to by crossref.
INHERITED = (
    "booktitle", "journal", "journaltitle", "shortjournal", "fjournal", "issn", "year", "date",
    "volume", "number", "editor", "publisher", "language",
)  # fmt: skip
_JOURNAL_NAMES = ("journaltitle", "fjournal", "journal-full", "journal", "booktitle")
_JOURNAL_ABBREVIATIONS = (
    "shortjournal", "abbrev_source_title", "journal-iso", "journal-abbreviation", "journalabbr",
    "journalabbreviation", "iso-source-abbreviation", "journal_abbrev", "jabbrv",
)  # fmt: skip
_ISSNS = ("issn", "eissn", "e-issn", "pissn", "issn-linking", "issn_online", "issn_print")
_KEYWORDS = ("keywords", "keyword", "author_keywords", "author-keywords", "keywords-plus", "mesh")
_ADDRESSES = ("url", "howpublished", "link", "bdsk-url-1", "bdsk-url-2", "eprint", "ee", "pmlink")
_NOTES = ("note", "annote", "annotation", "addendum", "pubmed", "howpublished", "extra")
_PMIDS = ("pmid", "pubmed-id", "pubmedid", "pubmed_id", "medline")
_PMCIDS = ("pmcid", "pmc")
# Languages as BibLaTeX calls them.
_LANGUAGES = {"american": "en", "british": "en", "usenglish": "en", "ukenglish": "en",
              "ngerman": "de", "naustrian": "de", "brazilian": "pt", "mexican": "es"}  # fmt: skip

_PMID = re.compile(r"(?:PMID:?\s*)?0*([1-9]\d{0,8})", re.IGNORECASE)
_PMCID = re.compile(r"(?:PMCID:?\s*)?(?:PMC)?0*([1-9]\d{0,8})(?:\.\d+)?", re.IGNORECASE)
_KEYED_PMID = re.compile(r"(?:PMID[:_-]?|MED:)(\d{1,9})", re.IGNORECASE)
_ESCAPED = re.compile(r"\{?\\([_%&#~$])(?:\{\})?\}?")
_BETWEEN = re.compile(r"\\(?:url|href)\b|\}\s*\{")
_BRACES = re.compile(r"[{}]")
_RANGE = re.compile(r"\s*(?:--?-?|[‐-―−])\s*")
_ENDS_TITLE = re.compile(r"[.:;?!–—-]\Z")
_LIST = re.compile(r"\s*[;\n]\s*")
_COMMAS = re.compile(r"\s*,\s*")


def make_record(
    fields: BibtexFields, problems: Iterable[Problem], locator: Locator, position: int
) -> Record | None:
    """Return the record of an entry, None where it has no text and no identifier."""
    values = _Values(fields.values)
    identifiers, conflicts = settle_identifiers(_find_identifiers(fields, values), locator)
    texts = tuple(_read_texts(values))
    if not texts and not identifiers:
        return None
    authors, et_al = _read_authors(fields.values)
    journal, journal_title = name_journal(
        values.all(*_JOURNAL_ABBREVIATIONS), values.all(*_JOURNAL_NAMES)
    )
    pages = _read_pages(values)
    first_page, last_page = expand_pages(pages)
    years = (find_year(value) for value in values.all("date", "year", "issued", "da"))
    record = Record(
        locator=locator,
        texts=texts,
        authors=authors,
        et_al=et_al,
        journal=journal,
        journal_title=journal_title,
        issns=find_issns(" ".join(values.all(*_ISSNS))),
        year=next((year for year in years if year is not None), None),
        volume=values.first("volume"),
        issue=values.first("number", "issue"),
        pages=pages,
        first_page=first_page,
        last_page=last_page,
        identifiers=identifiers,
        indexing=_read_indexing(values),
        position=position,
    )
    unknown = [_report_command(name, locator) for name in sorted(values.unknown)]
    return replace(record, problems=(*problems, *conflicts, *unknown))


class _Values:
    """The fields as text, and the commands of LaTeX in them that are not known."""

    def __init__(self, latex: Mapping[str, str]) -> None:
        self._latex = latex
        self.unknown: set[str] = set()

    def all(self, *names: str) -> list[str]:
        """Return the texts of the fields of these names that there are, in this order."""
        return [text for name in names if (text := self._read(name))]

    def first(self, *names: str) -> str:
        """Return the first of these fields that there is, on one line, or an empty string."""
        return squeeze(next(iter(self.all(*names)), ""))

    def _read(self, name: str) -> str:
        if name not in self._latex:
            return ""
        text, unknown = latex_to_text(self._latex[name])
        self.unknown |= unknown
        return strip_markup(text).strip()


def _read_texts(values: _Values) -> Iterator[Text]:
    title, subtitle = values.first("title"), values.first("subtitle")
    if title and subtitle:
        title += (" " if _ENDS_TITLE.search(title) else ": ") + subtitle
    yield from make_titles(title or subtitle, values.first("origtitle", "vernaculartitle"))
    abstract = values.first("abstract", "abstr")
    if any(map(str.isalnum, abstract)):
        yield split_sections(abstract)


def _read_authors(latex: Mapping[str, str]) -> tuple[tuple[Author, ...], bool]:
    """Return the byline; Web of Science has ORCIDs in a field of their own."""
    authors, et_al = parse_names(latex.get("author") or latex.get("authors") or "")
    return attach_orcids(authors, latex_to_text(latex.get("orcid-numbers", ""))[0]), et_al


def _read_pages(values: _Values) -> str:
    """Return pages as "1-10"; where there are none, the number of the article."""
    pages = values.first(
        "pages", "eid", "article-number", "art_number", "articleno", "elocation-id"
    )
    return _RANGE.sub("-", pages)


def _read_indexing(values: _Values) -> Indexing:
    keywords: list[str] = []
    headings: list[Heading] = []
    for value in values.all(*_KEYWORDS):
        pattern = _LIST if _LIST.search(value.strip()) else _COMMAS
        for keyword in filter(None, map(squeeze, pattern.split(value))):
            heading = find_heading(keyword)
            if heading is not None:
                headings.append(heading)
            elif keyword.strip("*/ "):
                keywords.append(keyword.strip("* "))
    named = re.split(r"\s*(?:,|;|\band\b)\s*", values.first("language", "langid"))
    languages = [find_language(_LANGUAGES.get(name.lower(), name)) for name in named if name]
    return Indexing(
        languages=tuple(dict.fromkeys(filter(None, languages))),
        keywords=tuple(dict.fromkeys(keywords)),
        headings=tuple(dict.fromkeys(headings)),
    )


def _find_identifiers(fields: BibtexFields, values: _Values) -> Iterator[tuple[str, str, str]]:
    """Yield prefix, identifier and field, the most trusted first.

    Neither is taken from the abstract, which may name other papers.
    """
    plain = {name: _unescape(value) for name, value in fields.values.items()}
    for name in _PMIDS:
        if match := _PMID.fullmatch(plain.get(name, "")):
            yield "PMID", match[1], name
    kind = plain.get("eprinttype") or plain.get("archiveprefix") or ""
    match = _PMID.fullmatch(plain.get("eprint", ""))
    if match is not None and kind.lower() in {"pubmed", "pmid", "medline"}:
        yield "PMID", match[1], "eprint"
    for name in _PMCIDS:
        if match := _PMCID.fullmatch(plain.get(name, "")):
            yield "PMCID", f"PMC{match[1]}", name
    if doi := find_doi("".join(plain.get("doi", "").split())):
        yield "DOI", doi, "doi"
    for prefix, value in find_noted(values.all(*_NOTES)):
        yield prefix, value, "note"
    for name in _ADDRESSES:
        for prefix, value in read_address(plain.get(name, "")):
            yield prefix, value, name
    if match := _KEYED_PMID.fullmatch(fields.key):
        yield "PMID", match[1], "key"


def _unescape(value: str) -> str:
    r"""Return an identifier or address without LaTeX: "10.1/a\_b", "{\_}", "\url{...}"."""
    value = _ESCAPED.sub(r"\1", value)
    return _BRACES.sub("", _BETWEEN.sub(" ", value)).strip()


def _report_command(name: str, locator: Locator) -> Problem:
    message = f"the command {name} of LaTeX is not known; it is left out, its argument is kept"
    return Problem(locator=locator, code="unknown-command", message=message, raw=name)
