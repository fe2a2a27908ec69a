"""Floor 10: the page of a paper: its citation, its texts, what they say, and where it was read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from pyoxigraph import NamedNode

from kg.descriptions import Description, Readable, read_page
from kg.descriptions.papers import Record, Said, read_authors, read_paper
from kg.descriptions.sentences import Sentence
from kg.descriptions.statements import Statement, read_statements
from kg.exports.citations import Citation, make_key, write_bibtex, write_ris
from kg.namespaces import DCTERMS, KG, RDFS, SKOS, curie_to_page, iri_to_curie
from kg.service.pages.addresses import anchor_of
from kg.service.pages.kinds import KINDS
from kg.service.pages.marking import link_mentions
from kg.service.pages.outside import find_outside
from kg.service.pages.quotes import in_words
from kg.service.pages.shown import Link, Shown, outside

_NOTICES = {
    f"{KG}retractedIn": "Retracted by",
    f"{KG}concernIn": "Expression of concern:",
    f"{KG}correctedIn": "Corrected by",
}
_NAMED = {"PMID": "pmid", "PMCID": "pmcid", "DOI": "doi"}


def paper_values(graph: Readable, shown: Shown, description: Description) -> dict[str, object]:
    """Return what the template of a paper is filled with."""
    paper = read_paper(graph, description.iri)
    statements = read_statements(graph, {one.assertion for one in paper.said})
    mentioned = dict.fromkeys(
        entity for one in paper.sentences for _, entity in one.mentioned
    ) | dict.fromkeys(description.texts(f"{KG}mentions"))
    journal = description.text(f"{KG}publishedIn")
    notices = {name: description.texts(name) for name in _NOTICES}
    shown.names.read(
        [
            *([journal] if journal else []),
            *mentioned,
            *(one.assertion for one in paper.said),
            *(iri for one in statements.values() for iri in one.names),
            *(each for some in notices.values() for each in some),
        ]
    )
    numbers = {one.iri: number for number, one in enumerate(paper.sentences, start=1)}
    year = description.text(f"{KG}year")
    citation = cite(graph, description, journal and shown.names.of(journal))
    return {
        "byline": description.text(f"{KG}byline"),
        "journal": shown.link(journal) if journal else None,
        "year": year,
        "year_href": shown.addresses.papers(year=int(year)) if year.isdecimal() else "",
        "place": _place(description),
        "is_retracted": description.text(f"{KG}retracted") == "true",
        "notices": [
            (_NOTICES[name], link) for name, some in notices.items() for link in shown.links(some)
        ],
        **_title(shown, description, paper.sentences),
        "texts": _texts(shown, paper.sentences, numbers, say(shown, paper.said, statements)),
        "has_said": bool(paper.said),
        "mentioned": by_kind(shown, mentioned),
        "keys": _other_keys(graph, shown, description.iri),
        "records": [_record(shown, one) for one in paper.records],
        "pages": find_outside(description),
        "bibtex": write_bibtex(citation),
        "ris": write_ris(citation).replace("\r\n", "\n"),
        "cited_as": [
            (name, shown.addresses.with_parameters(description.iri, {"format": form}))
            for name, form in (("BibTeX", "bibtex"), ("RIS", "ris"), ("Turtle", "turtle"))
        ],
    }


def cite(graph: Readable, description: Description, journal: str) -> Citation:
    """Return what reference managers keep of a paper that was published in a journal."""
    known: dict[str, str] = {}
    same = outside(description.values(f"{SKOS}exactMatch"))
    for iri in (description.iri, *same, *outside(description.values(f"{RDFS}seeAlso"))):
        prefix, _, local = (iri_to_curie(iri) or "").partition(":")
        if prefix in _NAMED:
            known.setdefault(_NAMED[prefix], local)
    year = description.text(f"{KG}year")
    if "pmid" in known:
        url = curie_to_page(f"PMID:{known['pmid']}")
    elif "doi" in known:
        url = curie_to_page(f"DOI:{known['doi']}")
    else:
        url = next(iter(outside(description.values(f"{RDFS}seeAlso"))), "")
    byline = description.text(f"{KG}byline")
    citation = Citation(
        key=description.iri.rstrip("/").rpartition("/")[2],
        title=description.text(f"{DCTERMS}title"),
        authors=read_authors(graph, description.iri, byline) if byline else (),
        et_al=byline.endswith(", et al"),
        journal=journal,
        year=int(year) if year.isdecimal() else None,
        volume=description.text(f"{KG}volume"),
        issue=description.text(f"{KG}issue"),
        pages=description.text(f"{KG}pages"),
        doi=known.get("doi", ""),
        pmid=known.get("pmid", ""),
        pmcid=known.get("pmcid", ""),
        url=url,
    )
    return replace(citation, key=make_key(citation))


def _title(
    shown: Shown, description: Description, sentences: Sequence[Sentence]
) -> dict[str, object]:
    """Return the title with what it mentions marked, where it is one sentence."""
    titles = [one for one in sentences if one.field == "title"]
    if len(titles) == 1 and titles[0].text == description.text(f"{DCTERMS}title"):
        return {"marked": link_mentions(shown, titles[0])}
    return {"marked": None}


def _place(description: Description) -> str:
    """Return where in a journal a paper stands: "5(2):21-33"."""
    volume, issue, pages = (
        description.text(f"{KG}{each}") for each in ("volume", "issue", "pages")
    )
    place = f"{volume}{f'({issue})' if issue else ''}"
    return ":".join(part for part in (place, pages) if part)


def say(
    shown: Shown, said: Iterable[Said], statements: Mapping[str, Statement]
) -> dict[str, list[dict[str, object]]]:
    """Return what sentences say, by their IRIs."""
    found: dict[str, list[dict[str, object]]] = {}
    for one in said:
        statement = statements.get(one.assertion)
        if statement is not None:
            found.setdefault(one.sentence, []).append(
                {
                    "link": shown.link(one.assertion),
                    "subject": shown.link(statement.subject),
                    "verb": in_words(
                        shown.names.property(statement.predicate), negated=one.negated
                    ),
                    "object": shown.link(statement.object),
                    "sign": statement.sign,
                    "negated": one.negated,
                    "speculative": one.speculative,
                    "papers": statement.papers,
                }
            )
    return found


def _texts(
    shown: Shown,
    sentences: Iterable[Sentence],
    numbers: Mapping[str, int],
    said: Mapping[str, list[dict[str, object]]],
) -> list[dict[str, object]]:
    """Return the texts of a paper, part by part, with what is mentioned in them marked."""
    parts = []
    for (field, section), group in groupby(sentences, key=lambda one: (one.field, one.section)):
        rows: list[dict[str, object]] = [
            {
                "number": numbers[one.iri],
                "anchor": anchor_of(one.iri),
                "href": shown.addresses.of(one.iri),
                "text": None if one.text is None else link_mentions(shown, one),
                "mentioned": shown.links({entity for _, entity in one.mentioned}),
                "said": said.get(one.iri, []),
            }
            for one in group
        ]
        parts.append(
            {
                "field": field,
                "name": words_of_field(field, section),
                "has_words": any(row["text"] is not None for row in rows),
                "has_said": any(row["said"] for row in rows),
                "sentences": rows,
            }
        )
    return parts


def words_of_field(field: str, section: str) -> str:
    """Return what a part of a paper is called.

    >>> words_of_field("abstract", "METHODS"), words_of_field("snippet-2", "")
    ('Methods', 'snippet 2')
    """
    return section.capitalize() if section.isupper() else section or field.replace("-", " ")


def by_kind(shown: Shown, mentioned: Iterable[str]) -> list[dict[str, object]]:
    """Return what a paper or a sentence mentions, kind by kind."""
    links = shown.links(mentioned)
    known: list[dict[str, object]] = [
        {"name": kind.several, "links": [link for link in links if link.style == kind.style]}
        for kind in KINDS
    ]
    styles = {kind.style for kind in KINDS}
    known.append({"name": "others", "links": [link for link in links if link.style not in styles]})
    return [each for each in known if each["links"]]


def _other_keys(graph: Readable, shown: Shown, iri: str) -> list[Link]:
    """Return what else a paper goes by; each leads to itself, and not back here."""
    replaced = read_page(graph, iri, f"{DCTERMS}isReplacedBy", is_incoming=True, shown=50)
    others = [edge.value.value for edge in replaced.edges if isinstance(edge.value, NamedNode)]
    return [shown.link(other, shown.names.short(other), stay=True) for other in others]


def _record(shown: Shown, one: Record) -> dict[str, object]:
    return {
        "name": one.name or shown.names.short(one.source),
        "href": shown.addresses.of(one.source),
        "format": one.format,
        "line": one.line,
        "section": one.section,
        "position": one.position,
    }
