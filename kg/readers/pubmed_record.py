"""Reading floor: one parsed element of PubMed's XML -> `Record`.

Follows the PubMed DTD (https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd) and, where names
were others, its ancestors. Each element's children are looked at once: there are 37 million papers.
What is not kept: affiliations, investigators, dates but the year, accession numbers of data banks,
gene symbols, personal name subjects, statements of interest, other citation subsets.
"""

import re
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from kg.model import (
    Author,
    Heading,
    Indexing,
    Locator,
    Problem,
    Qualifier,
    Record,
    Relation,
    RelationKind,
    Substance,
    Text,
)
from kg.readers.citation import expand_pages
from kg.readers.fields import (
    find_issns,
    find_orcid,
    find_year,
    join_sections,
    make_author,
    make_group,
    make_titles,
    name_journal,
    squeeze,
    strip_markup,
)
from kg.readers.markup import flatten

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element

    Parts = defaultdict[str, list[_Element]]

_RELATIONS: dict[str, tuple[RelationKind, ...]] = {
    "AssociatedDataset": (RelationKind.DATASET_IN,),
    "AssociatedPublication": (RelationKind.DATASET_OF,),
    "Cites": (RelationKind.CITES,),
    "CommentIn": (RelationKind.COMMENT_IN,),
    "CommentOn": (RelationKind.COMMENT_ON,),
    "CorrectedandRepublishedFrom": (RelationKind.REPUBLISHED_FROM,),
    "CorrectedandRepublishedIn": (RelationKind.REPUBLISHED_IN,),
    "ErratumFor": (RelationKind.CORRECTION_FOR,),
    "ErratumIn": (RelationKind.CORRECTED_IN,),
    "ExpressionOfConcernFor": (RelationKind.CONCERN_FOR,),
    "ExpressionOfConcernIn": (RelationKind.CONCERN_IN,),
    "OriginalReportIn": (RelationKind.ORIGINAL_REPORT_IN,),
    # A part of a paper that is taken back corrects it: the rest of it stands.
    "PartialRetractionIn": (RelationKind.CORRECTED_IN,),
    "PartialRetractionOf": (RelationKind.CORRECTION_FOR,),
    "ReprintIn": (RelationKind.REPUBLISHED_IN,),
    "ReprintOf": (RelationKind.REPUBLISHED_FROM,),
    "RepublishedFrom": (RelationKind.REPUBLISHED_FROM,),
    "RepublishedIn": (RelationKind.REPUBLISHED_IN,),
    "RetractedandRepublishedFrom": (RelationKind.REPUBLISHED_FROM,),
    "RetractedandRepublishedIn": (RelationKind.RETRACTED_IN, RelationKind.REPUBLISHED_IN),
    "RetractionIn": (RelationKind.RETRACTED_IN,),
    "RetractionOf": (RelationKind.RETRACTION_OF,),
    "SummaryForPatientsIn": (RelationKind.SUMMARY_IN,),
    "UpdateIn": (RelationKind.UPDATED_IN,),
    "UpdateOf": (RelationKind.UPDATE_OF,),
}
_PREFIXES = {"pubmed": "PMID", "doi": "DOI", "pmc": "PMCID", "pmcid": "PMCID"}
_NAME_PARTS = (
    "Author", "LastName", "ForeName", "FirstName", "MiddleName", "Initials", "Suffix",
    "CollectiveName", "Identifier",
)  # fmt: skip
# An article's number ("e1001234", "bar031"), not a publisher's item number ("S0091-6749(11)...").
_ARTICLE_NUMBER = re.compile(r"[A-Za-z]{0,4}\d{1,8}[A-Za-z]?")


def read_article(
    citation: "_Element | None", data: "_Element | None", locator: Locator, position: int
) -> Record | None:
    """Return the record of a MedlineCitation and the PubmedData beside it; None where it is empty.

    A paper's own identifiers stand in its PMID, in the list right under PubmedData and in its
    ELocationIDs; those of what it cites stand deeper, and are looked for only there.
    """
    outer = group_children(citation)
    article = group_children(first(outer, "Article"))
    rest = group_children(data)
    if not article and not text_of(outer, "PMID"):
        return None
    texts = (
        *read_titles(text_of(article, "ArticleTitle"), text_of(article, "VernacularTitle")),
        *read_abstract(article["Abstract"], outer["OtherAbstract"]),
    )
    journal = group_children(first(article, "Journal"))
    issue = group_children(first(journal, "JournalIssue"))
    info = group_children(first(outer, "MedlineJournalInfo"))
    name, full_name = _name_journal(
        text_of(info, "MedlineTA") or text_of(journal, "ISOAbbreviation"),
        text_of(journal, "Title"),
    )
    pages = read_pages(first(article, "Pagination"), article["ELocationID"])
    first_page, last_page = expand_pages(pages)
    relations, problems = read_corrections(outer["CommentsCorrectionsList"], locator)
    authors, et_al = read_authors(article["AuthorList"])
    if not texts or texts[0].field != "title":
        problems.append(_report(locator, "missing-title", "the record has no title", "title"))
    return Record(
        locator=locator,
        texts=texts,
        authors=authors,
        et_al=et_al,
        journal=name,
        journal_title=full_name,
        issns=find_issns(" ".join(map(flatten, journal["ISSN"] + info["ISSNLinking"]))),
        year=read_year(issue["PubDate"] + article["ArticleDate"]),
        volume=text_of(issue, "Volume"),
        issue=text_of(issue, "Issue"),
        pages=pages,
        first_page=first_page,
        last_page=last_page,
        identifiers=read_identifiers(outer["PMID"], rest["ArticleIdList"], article["ELocationID"]),
        indexing=Indexing(
            languages=texts_of(article["Language"]),
            publication_types=texts_of(children_of(article["PublicationTypeList"])),
            keywords=texts_of(children_of(outer["KeywordList"])),
            headings=(
                *read_headings(children_of(outer["MeshHeadingList"])),
                *_read_supplements(children_of(outer["SupplMeshList"])),
            ),
            substances=tuple(_read_substances(children_of(outer["ChemicalList"]))),
            grants=read_grants(children_of(article["GrantList"])),
            relations=(*relations, *read_references(rest["ReferenceList"])),
        ),
        position=position,
        problems=tuple(problems),
    )


def group_children(element: "_Element | None") -> "Parts":
    """Return the children of an element by name, in their order."""
    parts: Parts = defaultdict(list)
    if element is not None:
        for child in element:
            parts[child.tag].append(child)
    return parts


def children_of(elements: "Iterable[_Element]") -> "Iterator[_Element]":
    """Yield the children of elements that are lists."""
    for element in elements:
        yield from element


def first(parts: "Parts", name: str) -> "_Element | None":
    """Return the first child of a name, or None."""
    found = parts.get(name)
    return found[0] if found else None


def text_of(parts: "Parts", name: str) -> str:
    """Return the text of the first child of a name, or an empty string."""
    found = parts.get(name)
    return squeeze(flatten(found[0])) if found else ""


def texts_of(elements: "Iterable[_Element]") -> tuple[str, ...]:
    """Return the texts of elements, each once, without empty ones."""
    texts = dict.fromkeys(squeeze(flatten(element)) for element in elements)
    texts.pop("", None)
    return tuple(texts)


@lru_cache(maxsize=1 << 12)
def _name_journal(abbreviation: str, name: str) -> tuple[str, str]:
    # A file has many papers of few journals.
    return name_journal(*([one] if one else [] for one in (abbreviation, name)))


def read_titles(title: str, vernacular: str) -> tuple[Text, ...]:
    """Return the titles of a record; some hold tags that were escaped ("&lt;i&gt;")."""
    return make_titles(strip_markup(title), strip_markup(vernacular))


def read_abstract(own: "list[_Element]", others: "list[_Element]") -> tuple[Text, ...]:
    """Return the abstract, in a tuple that is empty where there is none.

    An abstract that somebody else wrote, in English, stands in for one that is missing; one in
    another language does not.
    """
    english = (other for other in others if other.get("Language", "eng") == "eng")
    for abstract in (*own[:1], *english):
        parts = [
            (part.get("Label", ""), strip_markup(flatten(part)))
            for part in abstract
            if part.tag == "AbstractText"
        ]
        text = join_sections(parts)
        if text.text:
            return (text,)
    return ()


def read_authors(lists: "list[_Element]") -> tuple[tuple[Author, ...], bool]:
    """Return the authors of all lists, and whether a list says that it is not complete.

    A name that is marked as wrong (ValidYN "N") stands beside the right one, and is left out.
    """
    authors = [
        author
        for element in lists
        for parts in _read_people(element)
        if (author := _make_author(parts)) is not None
    ]
    return tuple(authors), any(element.get("CompleteYN") == "N" for element in lists)


def _read_people(listed: "_Element") -> "Iterator[dict[str, str]]":
    """Yield the parts of each author's name; one walk over all is faster than one each."""
    parts: dict[str, str] = {}
    for part in listed.iter(*_NAME_PARTS):
        kind = part.tag
        if kind == "Author":
            yield parts
            parts = {"ValidYN": "N"} if part.get("ValidYN") == "N" else {}
        elif kind == "Identifier":
            if part.get("Source", "").upper() == "ORCID":
                parts.setdefault(kind, part.text or "")
        else:
            parts[kind] = flatten(part)
    yield parts


def _make_author(parts: dict[str, str]) -> Author | None:
    if "ValidYN" in parts:
        return None
    family, given = parts.get("LastName", "").strip(), parts.get("ForeName", "").strip()
    if "FirstName" in parts and not given:  # before 2006
        given = f"{parts['FirstName']} {parts.get('MiddleName', '')}"
    if not family:
        if not given:
            group = squeeze(parts.get("CollectiveName", ""))
            return make_group(group) if group else None
        return make_author(given)
    return make_author(
        family,
        given,
        initials=parts.get("Initials", ""),
        suffix=parts.get("Suffix", ""),
        orcid=find_orcid(parts["Identifier"]) if "Identifier" in parts else "",
    )


def read_year(dates: "Iterable[_Element]") -> int | None:
    """Return the year of the first date that has one, written out or in a MedlineDate."""
    for date in dates:
        for part in date:
            if part.tag in {"Year", "MedlineDate"} and (year := find_year(flatten(part))):
                return year
    return None


def read_pages(pagination: "_Element | None", locations: "Iterable[_Element]") -> str:
    """Return pages as printed, or the number that an article has in their stead."""
    parts = group_children(pagination)
    if pages := text_of(parts, "MedlinePgn"):
        return pages
    if begin := text_of(parts, "StartPage"):
        end = text_of(parts, "EndPage")
        return f"{begin}-{end}" if end and end != begin else begin
    for location in locations:
        number = (location.text or "").strip()
        if location.get("EIdType") == "pii" and _ARTICLE_NUMBER.fullmatch(number):
            return number
    return ""


def read_identifiers(
    pmids: "Iterable[_Element]",
    lists: "Iterable[_Element]",
    locations: "Iterable[_Element]" = (),
) -> dict[str, str]:
    """Return identifiers by prefix, the first of each; a location that is marked wrong is none."""
    found: dict[str, str] = {}
    for element in pmids:
        if value := (element.text or "").strip():
            found.setdefault("PMID", value)
    for element in children_of(lists):
        _add_identifier(element, found)
    for element in locations:
        is_doi = element.get("EIdType") == "doi" and element.get("ValidYN") != "N"
        if is_doi and (value := (element.text or "").strip()):
            found.setdefault("DOI", value)
    return found


def _add_identifier(element: "_Element", found: dict[str, str]) -> None:
    prefix = _PREFIXES.get(element.get("IdType", "pubmed"))
    if prefix is not None and (value := (element.text or "").strip()):
        found.setdefault(prefix, value)


def read_headings(elements: "Iterable[_Element]") -> "Iterator[Heading]":
    """Yield MeSH headings with their qualifiers."""
    for element in elements:
        name, attributes, qualifiers = "", element.attrib, []
        for part in element:
            if part.tag == "DescriptorName":
                name, attributes = squeeze(flatten(part)), part.attrib
            elif part.tag == "QualifierName":
                qualifier = Qualifier(
                    name=squeeze(flatten(part)),
                    id=part.get("UI", ""),
                    major=part.get("MajorTopicYN") == "Y",
                )
                qualifiers.append(qualifier)
        if name:
            yield Heading(
                name=name,
                id=attributes.get("UI", ""),
                major=attributes.get("MajorTopicYN") == "Y",
                qualifiers=tuple(qualifiers),
            )


def _read_supplements(elements: "Iterable[_Element]") -> "Iterator[Heading]":
    for element in elements:
        if name := squeeze(flatten(element)):
            yield Heading(name=name, id=element.get("UI", ""))


def _read_substances(elements: "Iterable[_Element]") -> "Iterator[Substance]":
    for element in elements:
        parts = group_children(element)
        named = first(parts, "NameOfSubstance")
        if named is not None and (name := squeeze(flatten(named))):
            registry = text_of(parts, "RegistryNumber")
            yield Substance(
                name=name, id=named.get("UI", ""), registry="" if registry == "0" else registry
            )


def read_grants(elements: "Iterable[_Element]") -> tuple[str, ...]:
    """Return grants as PubMed prints them: "R01 AI123/AI/NIAID NIH HHS/United States"."""
    names = ("GrantID", "Acronym", "Agency", "Country")
    grants = []
    for element in elements:
        parts = group_children(element)
        grants.append("/".join(filter(None, (text_of(parts, name) for name in names))))
    return tuple(dict.fromkeys(filter(None, grants)))


def read_corrections(
    lists: "Iterable[_Element]", locator: Locator
) -> tuple[list[Relation], list[Problem]]:
    """Return the comments, corrections and retractions of a record, by what they are to it."""
    relations, problems = [], []
    for element in children_of(lists):
        kind = element.get("RefType", "")
        parts = group_children(element)
        citation = text_of(parts, "RefSource")
        identifiers = read_identifiers(parts["PMID"], ())
        if kind not in _RELATIONS:
            message = f"how the paper is tied to '{citation}' is not known: '{kind}'; left out"
            problems.append(_report(locator, "unknown-relation", message, "relations", citation))
        relations += [
            Relation(kind=relation, citation=citation, identifiers=dict(identifiers))
            for relation in _RELATIONS.get(kind, ())
        ]
    return relations, problems


def read_references(lists: "Iterable[_Element]") -> "Iterator[Relation]":
    """Yield what a paper cites; lists of references may hold lists."""
    for element in lists:
        citation = ""
        identifiers: dict[str, str] = {}
        for part in element.iter("Reference", "Citation", "ArticleId"):
            kind = part.tag
            if kind == "ArticleId":
                _add_identifier(part, identifiers)
            elif kind == "Citation":
                citation = squeeze(flatten(part))
            elif citation or identifiers:
                yield _cite(citation, identifiers)
                citation, identifiers = "", {}
        if citation or identifiers:
            yield _cite(citation, identifiers)


def _cite(citation: str, identifiers: dict[str, str]) -> Relation:
    return Relation(kind=RelationKind.CITES, citation=citation, identifiers=identifiers)


def _report(locator: Locator, code: str, message: str, field: str, raw: str = "") -> Problem:
    return Problem(locator=locator, code=code, message=message, field=field, raw=raw)
