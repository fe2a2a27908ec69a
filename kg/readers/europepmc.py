"""Reading floor: JSON answers of Europe PMC's REST service -> `Record`.

Answers of `search` (resultType lite, core and idlist), of `article`, several pages one behind the
other or in a list, and bare results in a list or one a line. Abstracts have tags of HTML for their
sections, and bare "<" beside them ("P <.001").
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

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
from kg.readers.byline import parse_listed_name
from kg.readers.citation import expand_pages
from kg.readers.fields import (
    clean_title,
    find_issns,
    find_language,
    find_orcid,
    find_year,
    join_sections,
    make_author,
    make_group,
    make_text,
    name_journal,
    split_sections,
    squeeze,
    strip_markup,
)
from kg.readers.json_items import outline_json, read_items
from kg.readers.json_values import list_at, text_at

# Where results stand in what is saved.
_PLACES = (
    "resultList.result[]",
    "[].resultList.result[]",
    "result",
    "[].result",
    "[]",
)
_RESULTS = ("", "[].", "result.", "resultList.result[].", "[].resultList.result[].", "[].result.")
# No other format has these keys.
_TELLING = frozenset(
    "authorString isOpenAccess inEPMC pubYear journalInfo hasTextMinedTerms citedByCount".split()
)
_HEADING = re.compile(r"<(h4|title)\b[^<>]*>(.*?)</\1>", re.IGNORECASE | re.DOTALL)
_SUFFIX = re.compile(r"(?:Jr|Sr|[IV]{2,3}|1st|2nd|3rd|\dth)\.?")
# Types of article in JATS, which stand among MeSH's publication types.
_ARTICLE_TYPES = frozenset(
    """
    abstract addendum announcement article-commentary book-review brief-report case-report
    collection correction data-paper discussion editorial-material expression-of-concern in-brief
    introduction meeting-report methods-article news-item obituary-notice oration other
    partial-retraction product-review protocol rapid-communication reply reprint research-article
    retraction review-article systematic-review technical-note translation
    """.split()
)
_BEGINNING = re.compile(r"(?:\A|(?<=[\s.-]))[a-z]")
_ROMAN = re.compile(r"\b(?:ii|iii|iv)\b", re.IGNORECASE)
_RELATIONS = {
    "comment in": RelationKind.COMMENT_IN,
    "comment on": RelationKind.COMMENT_ON,
    "erratum in": RelationKind.CORRECTED_IN,
    "erratum for": RelationKind.CORRECTION_FOR,
    "corrected and republished in": RelationKind.REPUBLISHED_IN,
    "corrected and republished from": RelationKind.REPUBLISHED_FROM,
    "republished in": RelationKind.REPUBLISHED_IN,
    "republished from": RelationKind.REPUBLISHED_FROM,
    "retracted and republished in": RelationKind.RETRACTED_IN,
    "retracted and republished from": RelationKind.REPUBLISHED_FROM,
    "retraction in": RelationKind.RETRACTED_IN,
    "retraction of": RelationKind.RETRACTION_OF,
    "expression of concern in": RelationKind.CONCERN_IN,
    "expression of concern for": RelationKind.CONCERN_FOR,
    "summary for patients in": RelationKind.SUMMARY_IN,
    "original report in": RelationKind.ORIGINAL_REPORT_IN,
    "update in": RelationKind.UPDATED_IN,
    "update of": RelationKind.UPDATE_OF,
    # A preprint and the paper that came of it, which PubMed calls an update.
    "preprint in": RelationKind.UPDATE_OF,
    "preprint of": RelationKind.UPDATED_IN,
    "associated dataset": RelationKind.DATASET_IN,
    "cites": RelationKind.CITES,
}
_IDENTIFIERS = {"MED": "PMID", "PMC": "PMCID"}


class EuropePmcReader:
    """Reads what Europe PMC's REST service answers in JSON."""

    name = "europepmc-json"
    suffixes = (".json", ".jsonl")

    def sniff(self, head: bytes) -> bool:
        """Tell whether JSON is an answer of Europe PMC, or holds results of one."""
        keys = outline_json(head)
        if "resultList" in keys and ("hitCount" in keys or "request" in keys):
            return True
        for place in _RESULTS:
            own = {key[len(place) :] for key in keys if key.startswith(place)}
            if {"id", "source"} <= own and own & _TELLING:
                return True
        return False

    def read(self, stream: BinaryIO, path: str) -> Iterator[Record | Problem]:
        """Yield the records and problems of a file, in its order.

        Problem codes: missing-title, unknown-relation, those of `read_items`.
        """
        for item in read_items(stream, path, self.name, _PLACES):
            if isinstance(item, Problem):
                yield item
            else:
                locator = Locator(path=path, format=self.name, line=item.line)
                yield _make_record(item.value, locator, item.position)


def _make_record(result: object, locator: Locator, position: int) -> Record:
    problems: list[Problem] = []
    texts = tuple(_read_texts(result))
    if not texts or texts[0].field != "title":
        message = "the result has no title"
        problems.append(
            Problem(locator=locator, code="missing-title", message=message, field="title")
        )
    authors, et_al = _read_authors(result)
    journal, journal_title = _read_journal(result)
    pages = text_at(result, "pageInfo")
    first_page, last_page = expand_pages(pages)
    year = text_at(result, "pubYear") or text_at(result, "journalInfo", "yearOfPublication")
    return Record(
        locator=locator,
        texts=texts,
        authors=authors,
        et_al=et_al,
        journal=journal,
        journal_title=journal_title,
        issns=_read_issns(result),
        year=find_year(year) or find_year(text_at(result, "firstPublicationDate")),
        volume=text_at(result, "journalInfo", "volume") or text_at(result, "journalVolume"),
        issue=text_at(result, "journalInfo", "issue") or text_at(result, "issue"),
        pages=pages,
        first_page=first_page,
        last_page=last_page,
        identifiers=_read_identifiers(result),
        indexing=_read_indexing(result, locator, problems),
        position=position,
        problems=tuple(problems),
    )


def _read_identifiers(result: object) -> dict[str, str]:
    identifiers = {
        "PMID": text_at(result, "pmid"),
        "PMCID": text_at(result, "pmcid"),
        "DOI": text_at(result, "doi"),
    }
    prefix = _IDENTIFIERS.get(text_at(result, "source"))
    if prefix is not None and not identifiers[prefix]:
        identifiers[prefix] = text_at(result, "id")
    return {prefix: value for prefix, value in identifiers.items() if value}


def _read_texts(result: object) -> Iterator[Text]:
    title = clean_title(strip_markup(_with_tags(text_at(result, "title"))))
    if title:
        yield make_text("title", title)
    abstract = _read_abstract(text_at(result, "abstractText"))
    if abstract.text:
        yield abstract


def _with_tags(text: str) -> str:
    """Return a text with its tags as such, which some results have as entities."""
    return text.replace("&lt;", "<").replace("&gt;", ">")


def _read_abstract(text: str) -> Text:
    """Return an abstract by its sections, which open like "<h4>Methods</h4>"."""
    before, *rest = _HEADING.split(_with_tags(text))
    pairs = [("", before), *zip(rest[1::3], rest[2::3], strict=True)]
    parts = [(squeeze(strip_markup(label)), squeeze(strip_markup(body))) for label, body in pairs]
    parts = [(label, body) for label, body in parts if body]
    if len(parts) == 1 and parts[0][0].casefold().strip(":.") in {"", "abstract", "summary"}:
        return split_sections(parts[0][1])
    return join_sections(parts)


def _read_authors(result: object) -> tuple[tuple[Author, ...], bool]:
    """Return the authors, and whether the list was cut; lite results have them in one text."""
    authors = [_read_author(one) for one in list_at(result, "authorList", "author")]
    if authors:
        return tuple(author for author in authors if author is not None), False
    names = [squeeze(name) for name in text_at(result, "authorString").rstrip(".").split(",")]
    names = [name for name in names if name]
    et_al = bool(names) and names[-1].casefold().rstrip(".") == "et al"
    return tuple(parse_listed_name(name) for name in names[: len(names) - et_al]), et_al


def _read_author(author: object) -> Author | None:
    group = strip_markup(text_at(author, "collectiveName"))
    if group:
        return make_group(group)
    family, name = text_at(author, "lastName"), squeeze(text_at(author, "fullName"))
    if not family:
        return parse_listed_name(name) if name else None
    kind, value = text_at(author, "authorId", "type"), text_at(author, "authorId", "value")
    suffix = name.rpartition(" ")[2]
    return make_author(
        family,
        text_at(author, "firstName"),
        initials=text_at(author, "initials"),
        suffix=suffix if _SUFFIX.fullmatch(suffix) and suffix not in _initials(author) else "",
        orcid=find_orcid(value) if kind.casefold() == "orcid" else "",
    )


def _initials(author: object) -> tuple[str, str]:
    return text_at(author, "initials"), text_at(author, "lastName").rpartition(" ")[2]


def _read_journal(result: object) -> tuple[str, str]:
    journal = ("journalInfo", "journal")
    short = [text_at(result, *journal, key) for key in ("medlineAbbreviation", "isoabbreviation")]
    names = [text_at(result, *journal, "title"), text_at(result, "journalTitle")]
    names.append(text_at(result, "bookOrReportDetails", "publisher"))
    return name_journal([name for name in short if name], [name for name in names if name])


def _read_issns(result: object) -> tuple[str, ...]:
    found = [text_at(result, "journalInfo", "journal", key) for key in ("issn", "essn")]
    return find_issns("; ".join([*found, text_at(result, "journalIssn")]))


def _read_indexing(result: object, locator: Locator, problems: list[Problem]) -> Indexing:
    language = text_at(result, "language")
    keywords = (strip_markup(text_at(one)) for one in list_at(result, "keywordList", "keyword"))
    return Indexing(
        languages=tuple(filter(None, [find_language(language)])),
        publication_types=tuple(_read_types(result)),
        keywords=tuple(dict.fromkeys(filter(None, keywords))),
        headings=tuple(_read_headings(result)),
        substances=tuple(_read_substances(result)),
        grants=tuple(dict.fromkeys(_read_grants(result))),
        relations=tuple(_read_relations(result, locator, problems)),
    )


def _read_types(result: object) -> Iterator[str]:
    """Yield the publication types; lite results have them in one text, in small letters."""
    for one in list_at(result, "pubTypeList", "pubType"):
        name = text_at(one)
        if name and not name.islower():
            yield name
    for name in text_at(result, "pubType").split(";"):
        bare = squeeze(name)
        if bare and bare not in _ARTICLE_TYPES:
            capital = _BEGINNING.sub(lambda match: match[0].upper(), bare)
            yield _ROMAN.sub(lambda match: match[0].upper(), capital)


def _read_headings(result: object) -> Iterator[Heading]:
    for one in list_at(result, "meshHeadingList", "meshHeading"):
        name = text_at(one, "descriptorName")
        if name:
            yield Heading(
                name=name,
                major=text_at(one, "majorTopic_YN") == "Y",
                qualifiers=tuple(
                    Qualifier(
                        name=text_at(each, "qualifierName"),
                        major=text_at(each, "majorTopic_YN") == "Y",
                    )
                    for each in list_at(one, "meshQualifierList", "meshQualifier")
                    if text_at(each, "qualifierName")
                ),
            )


def _read_substances(result: object) -> Iterator[Substance]:
    for one in list_at(result, "chemicalList", "chemical"):
        name, registry = text_at(one, "name"), text_at(one, "registryNumber")
        if name:
            yield Substance(name=name, registry="" if registry == "0" else registry)


def _read_grants(result: object) -> Iterator[str]:
    for one in list_at(result, "grantsList", "grant"):
        grant = "/".join(
            filter(None, (text_at(one, key) for key in ("grantId", "acronym", "agency")))
        )
        if grant:
            yield grant


def _read_relations(
    result: object, locator: Locator, problems: list[Problem]
) -> Iterator[Relation]:
    for one in list_at(result, "commentCorrectionList", "commentCorrection"):
        name, citation = text_at(one, "type"), text_at(one, "reference")
        kind = _RELATIONS.get(name.casefold().rstrip(":"))
        if kind is None:
            message = f"'{name[:80]}' is no relation to another paper that is known; it is left out"
            problems.append(
                Problem(
                    locator=locator,
                    code="unknown-relation",
                    message=message,
                    field="relations",
                    raw=citation[:200],
                )
            )
            continue
        prefix, number = _IDENTIFIERS.get(text_at(one, "source")), text_at(one, "id")
        identifiers = {prefix: number} if prefix and number else {}
        if citation or identifiers:
            yield Relation(kind=kind, citation=citation, identifiers=identifiers)
