"""Floor 10: the pages of things: papers, entities, ontologies, and whatever else there is."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from markupsafe import Markup, escape
from pyoxigraph import NamedNode, Quad

from kg.descriptions import Description, Edge, Edges, Readable
from kg.descriptions.entities import read_entity
from kg.descriptions.naming import cut
from kg.descriptions.ontology import KINDS, read_terms
from kg.descriptions.papers import Sentence, read_paper
from kg.exports.things import Wording, place_mentions
from kg.namespaces import DCTERMS, KG, OBO, OWL, RDF, RDFS, SKOS, curie_to_page, iri_to_curie
from kg.rdf.nodes import CLASS_OF_TYPE
from kg.service.negotiation import PAGES
from kg.service.pages.addresses import is_web_address
from kg.service.pages.rendering import render, visible
from kg.service.pages.shown import Link, Shown, Value, outside

_ENTITY_CLASSES = frozenset(f"{KG}{name}" for name in CLASS_OF_TYPE.values())
_REPLACED = (f"{DCTERMS}isReplacedBy", f"{OBO}IAO_0100001")
_ABOVE = {
    f"{RDFS}subClassOf": "kind of",
    f"{SKOS}broader": "narrower than",
    f"{KG}memberOf": "member of",
    f"{KG}componentOf": "part of the complex",
    f"{KG}inTaxon": "organism",
}
_NOTICES = {
    f"{KG}retractedIn": "Retracted by",
    f"{KG}concernIn": "Expression of concern:",
    f"{KG}correctedIn": "Corrected by",
}
FORMAT_NAMES = {
    "turtle": "Turtle",
    "jsonld": "JSON-LD",
    "ntriples": "N-Triples",
    "rdfxml": "RDF/XML",
    "nquads": "N-Quads",
    "trig": "TriG",
}


def formats(shown: Shown, iri: str, more: Mapping[str, str] | None = None) -> list[dict[str, str]]:
    """Return what a page can be had as beside HTML: names, media types, addresses."""
    return [
        {
            "name": FORMAT_NAMES[offer.name],
            "type": offer.media_type,
            "href": shown.addresses.with_parameters(iri, {**(more or {}), "format": offer.name}),
        }
        for offer in PAGES
        if offer.name in FORMAT_NAMES
    ]


def write_thing_page(graph: Readable, shown: Shown, description: Description) -> bytes:
    """Return the page of a thing, such as its kind has it."""
    types = set(description.texts(f"{RDF}type"))
    values = _common(shown, description)
    if f"{KG}Publication" in types:
        return _render(shown, "paper.html", {**values, **_paper(graph, shown, description)})
    if types & _ENTITY_CLASSES:
        return _render(shown, "entity.html", {**values, **_entity(graph, shown, description)})
    if f"{OWL}Ontology" in types:
        terms = _terms(graph, shown, description.iri)
        if terms:
            return _render(shown, "ontology.html", {**values, "sections": terms})
    return _render(shown, "thing.html", values)


def write_edges_page(shown: Shown, iri: str, edges: Edges) -> bytes:
    """Return the page of statements of one property."""
    parameters = {
        "predicate": edges.predicate,
        "direction": "in" if edges.is_incoming else "out",
        **({"after": edges.begin} if edges.begin else {}),
    }
    values = {
        **_head(shown, iri, parameters),
        "group": shown.group(iri, edges, None),
        "first": shown.page(iri, edges) if edges.begin else "",
        "next": shown.page(iri, edges, edges.after) if edges.after else "",
    }
    return _render(shown, "edges.html", values)


def write_graph_page(shown: Shown, iri: str, quads: Sequence[Quad]) -> bytes:
    """Return the page of a named graph, which shows some of its statements."""
    rows = [
        {
            "subject": shown.value(Edge(value=quad.subject)),
            "property": Value(
                link=shown.link(quad.predicate.value, shown.names.property(quad.predicate.value))
            ),
            "value": shown.value(Edge(value=quad.object)),
        }
        for quad in quads
    ]
    return _render(shown, "graph.html", {**_head(shown, iri), "rows": rows})


def _render(shown: Shown, template: str, values: Mapping[str, object]) -> bytes:
    return render(template, shown.addresses.server, **values)


def _head(shown: Shown, iri: str, parameters: Mapping[str, str] | None = None) -> dict[str, object]:
    """Return what all pages of things begin and end with."""
    return {
        "title": shown.names.of(iri) if shown.names.is_named(iri) else shown.names.short(iri),
        "iri": iri,
        "short": shown.names.short(iri),
        "here": Link(
            text=cut(shown.names.of(iri), 80),
            href=shown.addresses.document(iri),
            short=shown.names.short(iri),
        ),
        "is_address": is_web_address(iri) and not iri.startswith(shown.addresses.base),
        "kinds": shown.kinds(iri),
        "formats": formats(shown, iri, parameters),
    }


def _common(shown: Shown, description: Description) -> dict[str, object]:
    """Return what the pages of all things have."""
    replaced = {each for name in _REPLACED for each in description.texts(name)}
    return {
        **_head(shown, description.iri),
        "is_deprecated": description.text(f"{OWL}deprecated") == "true",
        "replaced": shown.links(replaced),
        "outgoing": shown.groups(description.iri, description.outgoing),
        "incoming": shown.groups(description.iri, description.incoming),
        "is_whole": description.is_whole,
        "same": shown.links(_same(description)),
    }


def _same(description: Description) -> list[str]:
    """Return the things that say that they are the same as this one."""
    return [
        edge.value.value
        for edges in description.incoming
        if edges.predicate == f"{SKOS}exactMatch"
        for edge in edges.edges
        if isinstance(edge.value, NamedNode)
    ]


def _pages(description: Description) -> list[dict[str, str]]:
    """Return the pages on other sites that tell of a thing: its own, and those that it names."""
    found: dict[str, str] = {}
    curie = iri_to_curie(description.iri)
    if curie:
        found[curie_to_page(curie)] = curie
    for address in outside(description.values(f"{RDFS}seeAlso")):
        found.setdefault(address, iri_to_curie(address) or address.split("/")[2])
    for address in outside(description.values(f"{SKOS}exactMatch")):
        same = iri_to_curie(address)
        found.setdefault(curie_to_page(same) if same else address, same or address)
    return [{"href": href, "name": name} for href, name in found.items() if is_web_address(href)]


def _paper(graph: Readable, shown: Shown, description: Description) -> dict[str, object]:
    """Return what the page of a paper has: its citation, its texts, what they say."""
    paper = read_paper(graph, description.iri)
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
            *(each for some in notices.values() for each in some),
        ]
    )
    numbers = {one.iri: number for number, one in enumerate(paper.sentences, start=1)}
    return {
        "byline": description.text(f"{KG}byline"),
        "journal": shown.link(journal) if journal else None,
        "year": description.text(f"{KG}year"),
        "place": _place(description),
        "is_retracted": description.text(f"{KG}retracted") == "true",
        "notices": [
            (_NOTICES[name], link) for name, some in notices.items() for link in shown.links(some)
        ],
        **_title(shown, description, paper.sentences),
        "texts": _texts(shown, paper.sentences, numbers),
        "said": [
            {
                "link": shown.link(one.assertion),
                "number": numbers.get(one.sentence),
                "negated": one.negated,
                "speculative": one.speculative,
            }
            for one in paper.said
        ],
        "mentioned": shown.links(mentioned),
        "pages": _pages(description),
    }


def _title(
    shown: Shown, description: Description, sentences: Sequence[Sentence]
) -> dict[str, object]:
    """Return the title with what it mentions marked, where it is one sentence."""
    titles = [one for one in sentences if one.field == "title"]
    if len(titles) == 1 and titles[0].text == description.text(f"{DCTERMS}title"):
        return {"marked": _marked(shown, titles[0]), "first_text": 1}
    return {"marked": None, "first_text": 0}


def _place(description: Description) -> str:
    """Return where in a journal a paper stands: "5(2):21-33"."""
    volume, issue, pages = (
        description.text(f"{KG}{each}") for each in ("volume", "issue", "pages")
    )
    return f"{volume}{f'({issue})' if issue else ''}{f':{pages}' if pages else ''}"


def _texts(
    shown: Shown, sentences: Iterable[Sentence], numbers: Mapping[str, int]
) -> list[dict[str, object]]:
    """Return the texts of a paper, part by part, with what is mentioned in them marked."""
    parts = []
    for (field, section), group in groupby(sentences, key=lambda one: (one.field, one.section)):
        parts.append(
            {
                "name": section.capitalize()
                if section.isupper()
                else section or field.replace("-", " "),
                "sentences": [
                    {
                        "number": numbers[one.iri],
                        "href": shown.addresses.of(one.iri),
                        "text": None if one.text is None else _marked(shown, one),
                        "mentioned": shown.links({entity for _, entity in one.mentioned}),
                    }
                    for one in group
                ],
            }
        )
    return parts


def _marked(shown: Shown, one: Sentence) -> Markup:
    """Return a sentence in which the words that name an entity are links to it."""
    text = visible(one.text or "")
    wordings = [
        Wording(iri="", words=words, entity=entity, others=(), score=None, method="")
        for words, entity in one.mentioned
    ]
    parts: list[Markup] = []
    done = 0
    for place in place_mentions(text, one.start, one.starts, wordings):
        begin, end = place.start - one.start, place.end - one.start
        if begin < done:
            continue
        link = shown.link(place.wording.entity)
        parts.append(escape(text[done:begin]))
        parts.append(
            Markup('<a class="mention {}" href="{}" title="{}">{}</a>').format(
                link.style, link.href, f"{link.text} ({link.short})", text[begin:end]
            )
        )
        done = end
    parts.append(escape(text[done:]))
    return Markup("").join(parts)


def _entity(graph: Readable, shown: Shown, description: Description) -> dict[str, object]:
    """Return what the page of an entity has: its names, what it is, what papers say of it."""
    entity = read_entity(graph, description.iri)
    shown.names.read(
        [
            *(paper for paper, _ in entity.papers),
            *(one.assertion for one in entity.statements),
            *(one.entity for one in entity.together),
        ]
    )
    total = next((each for each in description.incoming if each.predicate == f"{KG}mentions"), None)
    return {
        "names": sorted(description.texts(f"{SKOS}altLabel"), key=str.casefold),
        "loose": sorted(description.texts(f"{SKOS}hiddenLabel"), key=str.casefold),
        "definition": description.text(f"{SKOS}definition"),
        "summary": description.text(f"{DCTERMS}description"),
        "above": [
            (said, link)
            for name, said in _ABOVE.items()
            for link in shown.links(description.texts(name))
        ],
        "style": shown.link(description.iri).style,
        "pages": _pages(description),
        "papers": [(shown.link(paper), year) for paper, year in entity.papers],
        "all_papers": shown.group(description.iri, total, 0) if total else None,
        "said": [
            {
                "link": shown.link(one.assertion),
                "papers": one.papers,
                "negated": one.negated,
                "speculative": one.speculative,
            }
            for one in entity.statements
        ],
        "together": [
            (shown.link(one.entity), one.papers, shown.addresses.of(one.node))
            for one in entity.together
        ],
    }


def _terms(graph: Readable, shown: Shown, ontology: str) -> list[dict[str, object]]:
    """Return the terms of an ontology, kind by kind."""
    terms = read_terms(graph, ontology)
    shown.names.read(
        each for term in terms for each in (term.iri, *term.above, *term.domain, *term.range)
    )
    return [
        {
            "name": KINDS[kind],
            "terms": [
                {
                    "anchor": term.iri.partition("#")[2],
                    "label": term.label or term.iri.partition("#")[2],
                    "short": shown.names.short(term.iri),
                    "href": shown.addresses.document(term.iri),
                    "definition": term.definition,
                    "above": shown.links(term.above),
                    "domain": shown.links(term.domain),
                    "range": shown.links(term.range),
                }
                for term in of_kind
            ],
        }
        for kind, of_kind in groupby(terms, key=lambda term: term.kind)
    ]
