"""Reading floor: MEDLINE, PubMed's tagged format (`.nbib`) -> `Record`.

    PMID- 17265423
    TI  - A title that goes on
          over several lines.
    FAU - Doe, Jane
    AU  - Doe J

Its tags are in PubMed's help ("PubMed format"). The numbers of other papers stand in fields of
their own (CIN, CON, EIN, ...): only PMID, PMC, and AID and LID marked "[doi]" are the paper's. (The
`nbib` library has had no release since 2021.)
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from kg.model import (
    Author,
    Heading,
    Indexing,
    Locator,
    Problem,
    Record,
    Relation,
    RelationKind,
    Substance,
    Text,
)
from kg.readers.addresses import find_doi
from kg.readers.byline import parse_author, parse_listed_name
from kg.readers.citation import expand_pages
from kg.readers.fields import (
    find_issns,
    find_orcid,
    find_year,
    make_author,
    make_group,
    make_initials,
    make_titles,
    name_journal,
    split_sections,
)
from kg.readers.headings import parse_heading
from kg.readers.tagged import Entry, read_entries

# Four columns for the tag, then a hyphen.
_TAGGED = re.compile(r"(?=.{4}-)([A-Z][A-Z0-9]{1,3}) *- ?(.*)", re.DOTALL)
_SNIFFED = re.compile(
    r"^\ufeff?(?:(?P<medline>(?:PMID|UI  )- ?\d|OWN - [A-Z])|(?P<ris> *TY {1,3}- ))", re.MULTILINE
)
_FIRST_TAGS = ("PMID", "UI")
# Tags that stand once in a record: behind a blank line, a second one is another record's.
_ONCE = frozenset(("PMID", "UI", "OWN", "STAT", "DP", "TI", "TA", "JT", "SO"))
_SUFFIX = re.compile(r"(?P<given>.*?)\s+(?P<suffix>Jr|Sr|[IV]{2,3}|1st|2nd|3rd|\dth)\.?")
_SUBSTANCE = re.compile(r"(?P<registry>\S+|EC \S+) \((?P<name>.*)\)")
_CITED_PMID = re.compile(r"\bPMID:\s*0*([1-9]\d{0,8})\b")
_CITED_DOI = re.compile(r"\bdoi:\s*(10\.\S+)", re.IGNORECASE)
# "e80092" and "103640" are printed where others have pages; "S1769-7212(19)30059-X" is not.
_ARTICLE_NUMBER = re.compile(r"([A-Za-z]{0,4}\d{1,8}[A-Za-z]?)(?: \[pii\])?")
_WRITTEN_BY = re.compile(r"(?:AAMC|AIDS|KIE|PIP|NASA|Publisher|plain-language-summary): ")
_ELSEWHERE = "Abstract available from the publisher"
_RELATIONS = {
    "CIN": RelationKind.COMMENT_IN,
    "CON": RelationKind.COMMENT_ON,
    "EIN": RelationKind.CORRECTED_IN,
    "EFR": RelationKind.CORRECTION_FOR,
    "CRI": RelationKind.REPUBLISHED_IN,  # "corrected and republished"
    "CRF": RelationKind.REPUBLISHED_FROM,
    "DDIN": RelationKind.DATASET_OF,
    "DRIN": RelationKind.DATASET_IN,
    "ECI": RelationKind.CONCERN_IN,
    "ECF": RelationKind.CONCERN_FOR,
    "ORI": RelationKind.ORIGINAL_REPORT_IN,
    "RIN": RelationKind.RETRACTED_IN,
    "ROF": RelationKind.RETRACTION_OF,
    "RPI": RelationKind.REPUBLISHED_IN,
    "RPF": RelationKind.REPUBLISHED_FROM,
    "RRI": RelationKind.RETRACTED_IN,  # "retracted and republished": see `_read_relations`
    "RRF": RelationKind.REPUBLISHED_FROM,
    "SPIN": RelationKind.SUMMARY_IN,
    "UIN": RelationKind.UPDATED_IN,
    "UOF": RelationKind.UPDATE_OF,
}


class _Grammar:
    def split(self, text: str) -> tuple[str, str] | None:
        match = _TAGGED.match(text)
        return (match[1], match[2]) if match else None

    def opens(self, tag: str, entry: Entry, *, after_blank: bool) -> bool:
        if after_blank and tag in _ONCE:
            return tag in _FIRST_TAGS or entry.has(tag)
        return tag in _FIRST_TAGS and entry.has(tag)

    def closes(self, tag: str) -> bool:  # noqa: ARG002 - MEDLINE has no such tag
        return False

    def parts(self, text: str, entry: Entry) -> bool:  # noqa: ARG002
        return not text.startswith(" ")

    def is_padding(self, text: str) -> bool:  # noqa: ARG002
        return False


class MedlineReader:
    """Reads PubMed's exports in the format "PubMed", and MEDLINE files older than it."""

    name = "medline"
    suffixes = (".nbib", ".txt", ".medline")

    def sniff(self, head: bytes) -> bool:
        """Tell whether a record of MEDLINE begins before any of RIS does."""
        text = re.sub(r"\r\n?", "\n", head.decode("utf-8", "replace"))
        match = _SNIFFED.search(text)
        return match is not None and match["medline"] is not None

    def read(self, stream: BinaryIO, path: str) -> Iterator[Record | Problem]:
        """Yield the records and problems of a file, in its order."""
        return read_entries(self, stream, path)

    def grammar(self) -> _Grammar:
        """Return how lines are told apart: records begin with a PMID, behind a blank line."""
        return _Grammar()

    def has_end(self, entry: Entry) -> bool:
        """Tell whether an entry has its source, the last field of PubMed's records."""
        return entry.has("SO")

    def is_identifier(self, tag: str) -> bool:
        """Tell whether a field is an identifier."""
        return tag in {"PMID", "UI", "PMC"}

    def make_record(self, entry: Entry, locator: Locator) -> Record | None:
        """Return the record of an entry, None where it has no text and no identifier."""
        identifiers = dict(_find_identifiers(entry))
        texts = tuple(_read_texts(entry))
        if not texts and not identifiers:
            return None
        # A chapter has a title of its own beside that of its book.
        books = entry.all("BTI", "CTI") if entry.first("TI") else entry.all("CTI")
        journal, journal_title = name_journal(entry.all("TA"), [*entry.all("JT"), *books])
        pages = entry.first("PG") or _find_article_number(entry)
        first_page, last_page = expand_pages(pages)
        return Record(
            locator=locator,
            texts=texts,
            authors=tuple(_read_authors(entry)),
            journal=journal,
            journal_title=journal_title,
            issns=find_issns(" ".join(entry.all("IS"))),
            year=find_year(entry.first("DP", "DEP")),
            volume=entry.first("VI"),
            issue=entry.first("IP"),
            pages=pages,
            first_page=first_page,
            last_page=last_page,
            identifiers=identifiers,
            indexing=_read_indexing(entry),
            position=entry.position,
        )


def _find_identifiers(entry: Entry) -> Iterator[tuple[str, str]]:
    if pmid := entry.first("PMID"):
        yield "PMID", pmid.split()[0]
    if pmcid := entry.first("PMC"):
        yield "PMCID", pmcid
    # AID is the publisher's list of identifiers, LID what is printed; both also hold a "[pii]".
    for value in (*entry.all("AID"), *entry.all("LID")):
        identifier, _, kind = value.rpartition(" ")
        if kind.casefold() == "[doi]" and identifier:
            yield "DOI", identifier
            return


def _find_article_number(entry: Entry) -> str:
    matches = map(_ARTICLE_NUMBER.fullmatch, entry.all("LID"))
    return next((match[1] for match in matches if match is not None), "")


def _read_texts(entry: Entry) -> Iterator[Text]:
    yield from make_titles(entry.first("TI", "BTI"), entry.first("TT"))
    if abstract := entry.first("AB") or _find_other_abstract(entry):
        yield split_sections(abstract)


def _find_other_abstract(entry: Entry) -> str:
    """Return an abstract in English that somebody else wrote; OABL is the language of its OAB."""
    found = ""
    for each in entry.fields:
        if each.tag == "OAB" and not found:
            found = _WRITTEN_BY.sub("", each.value, count=1)
            found = "" if found.startswith(_ELSEWHERE) else found
        elif each.tag == "OABL" and each.value != "eng":
            found = ""
    return found


@dataclass(slots=True)
class _Person:
    full: str = ""
    short: str = ""
    group: str = ""
    orcid: str = ""

    def make(self) -> Author:
        if self.group:
            return replace(make_group(self.group), orcid=self.orcid)
        family, _, given = self.full.partition(",")
        if not given.strip():
            return _make_short(self.short or self.full, self.orcid)
        suffix = ""
        if (match := _SUFFIX.fullmatch(given.strip())) is not None:
            given, suffix = match["given"], match["suffix"]
        rest = self.short.removeprefix(family.strip()).split() if self.short else []
        initials = rest[0] if rest and rest[0] != suffix else ""
        return make_author(family, given, initials=initials, suffix=suffix, orcid=self.orcid)


def _make_short(name: str, orcid: str) -> Author:
    """Return an author of whom only AU is given: "Doe JA", "Suharto", or "Doe, Jane" by ERIC."""
    if "," in name:
        return replace(parse_listed_name(name), orcid=orcid)
    author = parse_author(name)
    if not author.initials:
        return replace(author, collective=False, orcid=orcid)
    return make_author(author.family, initials=make_initials(author.initials), orcid=orcid)


def _read_authors(entry: Entry) -> Iterator[Author]:
    """Yield authors and groups in order; FAU, AU and AUID that follow each other are one's."""
    people: list[_Person] = []
    of_author = False
    for tag, value in ((each.tag, each.value) for each in entry.fields):
        last = people[-1] if people else None
        if tag in {"FAU", "AU", "CN"} and value:
            of_author = True
            if tag == "AU" and last is not None and last.full and not last.short:
                last.short = value
            elif tag == "FAU":
                people.append(_Person(full=value))
            elif tag == "AU":
                people.append(_Person(short=value))
            else:
                people.append(_Person(group=value))
        elif tag in {"FED", "ED", "FIR", "IR"}:
            of_author = False  # What follows is an editor's or investigator's.
        elif tag == "AUID" and last is not None and of_author:
            last.orcid = last.orcid or find_orcid(value)
    for person in people:
        yield person.make()


def _read_indexing(entry: Entry) -> Indexing:
    # NM holds supplementary concepts; before 2010, substances.
    supplements = [value for value in entry.all("NM") if not _SUBSTANCE.fullmatch(value)]
    substances = [value for value in entry.all("RN", "NM") if value not in supplements]
    headings = [*map(parse_heading, entry.all("MH")), *(Heading(name=name) for name in supplements)]
    return Indexing(
        languages=tuple(dict.fromkeys(entry.all("LA"))),
        publication_types=tuple(dict.fromkeys(entry.all("PT"))),
        keywords=tuple(dict.fromkeys(value.lstrip("*").strip() for value in entry.all("OT"))),
        headings=tuple(dict.fromkeys(headings)),
        substances=tuple(dict.fromkeys(map(_read_substance, substances))),
        grants=tuple(dict.fromkeys(entry.all("GR"))),
        relations=tuple(_read_relations(entry)),
    )


def _read_relations(entry: Entry) -> Iterator[Relation]:
    for each in entry.fields:
        if each.tag in _RELATIONS and each.value:
            relation = read_relation(_RELATIONS[each.tag], each.value)
            yield relation
            if each.tag == "RRI":
                yield replace(relation, kind=RelationKind.REPUBLISHED_IN)


def _read_substance(text: str) -> Substance:
    match = _SUBSTANCE.fullmatch(text)
    if match is None:
        return Substance(name=text)
    registry = match["registry"]
    return Substance(name=match["name"], registry="" if registry == "0" else registry)


def read_relation(kind: RelationKind, text: str) -> Relation:
    """Return a paper referred to as "J Exp Med. 2008;205(7):1701-14. doi: 10.1/x. PMID: 18573906".

    >>> relation = read_relation(RelationKind.COMMENT_ON, "Blood. 2001;1:2. PMID: 123")
    >>> relation.citation, relation.identifiers
    ('Blood. 2001;1:2', {'PMID': '123'})
    """
    identifiers = {}
    if (pmid := _CITED_PMID.search(text)) is not None:
        identifiers["PMID"] = pmid[1]
        text = text[: pmid.start()]
    if (match := _CITED_DOI.search(text)) is not None and (doi := find_doi(match[1])):
        identifiers["DOI"] = doi
    return Relation(kind=kind, citation=text.strip().removesuffix("."), identifiers=identifiers)
