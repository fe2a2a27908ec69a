"""Floor 10: the page of an entity: its names, what it is, what papers say of it, and where."""

from collections.abc import Iterable, Mapping

from kg.descriptions import Description, Readable
from kg.descriptions.entities import Entity, Together, read_entity
from kg.descriptions.literature import count_mentioning
from kg.namespaces import DCTERMS, KG, RDFS, SKOS
from kg.service.pages.charts import draw_years
from kg.service.pages.kinds import KINDS
from kg.service.pages.outside import find_outside
from kg.service.pages.quotes import Quotes, read_cited
from kg.service.pages.shown import Shown

_ABOVE = {
    f"{RDFS}subClassOf": "kind of",
    f"{SKOS}broader": "narrower than",
    f"{KG}memberOf": "member of",
    f"{KG}componentOf": "part of the complex",
    f"{KG}inTaxon": "organism",
}
_BELOW = {
    f"{RDFS}subClassOf": "kinds of it",
    f"{SKOS}broader": "narrower",
    f"{KG}memberOf": "members",
    f"{KG}componentOf": "components",
}
_STATEMENTS, _PAPERS, _OF_KIND, _QUOTES = 6, 10, 6, 2


def entity_values(graph: Readable, shown: Shown, description: Description) -> dict[str, object]:
    """Return what the template of an entity is filled with."""
    iri = description.iri
    entity = read_entity(graph, iri, shown=_STATEMENTS, papers=_PAPERS)
    above = {name: description.texts(name) for name in _ABOVE}
    counts = count_mentioning(graph, {each for some in above.values() for each in some})
    by_kind = _by_kind(entity.together)
    said = Quotes(graph, entity.said.statements, _QUOTES)
    said_to = Quotes(graph, entity.said_to.statements, _QUOTES)
    papers = entity.papers.papers
    shown.names.read(
        [
            *(each for some in above.values() for each in some),
            *(each for some in entity.below for each, _ in some.entities),
            *(one.entity for some in by_kind.values() for one in some),
            *said.iris,
            *said_to.iris,
            *(paper for paper, _ in papers),
        ]
    )
    addresses = shown.addresses
    total = sum(entity.years.values())
    return {
        "names": sorted(description.texts(f"{SKOS}altLabel"), key=str.casefold),
        "loose": sorted(description.texts(f"{SKOS}hiddenLabel"), key=str.casefold),
        "definition": description.text(f"{SKOS}definition"),
        "summary": description.text(f"{DCTERMS}description"),
        "style": shown.link(iri).style,
        "pages": find_outside(description),
        "above": [
            (_ABOVE[name], link, counts.get(each, 0), addresses.papers(each))
            for name, some in above.items()
            for link, each in sorted(
                ((shown.link(each), each) for each in some),
                key=lambda pair: pair[0].text.casefold(),
            )
        ],
        "below": _below(shown, iri, entity),
        "total": total,
        "papers_href": addresses.papers(iri),
        "below_href": addresses.page("papers", mentions=addresses.key(iri), below="yes"),
        "chart": draw_years(entity.years, lambda year: addresses.papers(iri, year)),
        "directions": [
            _direction(
                "What it does, or is associated with",
                f"{KG}subject",
                shown,
                iri,
                entity.said.total,
                said,
            ),
            _direction(
                "What acts on it, or is associated with it",
                f"{KG}object",
                shown,
                iri,
                entity.said_to.total,
                said_to,
            ),
        ],
        "together": _together(shown, iri, by_kind),
        "together_href": addresses.with_parameters(
            iri, {"predicate": f"{KG}coMentioned", "direction": "in"}
        ),
        "papers": read_cited(graph, shown, papers, iri, 1),
        "connect_href": addresses.page("connect", a=addresses.key(iri)),
    }


def _direction(
    name: str, end: str, shown: Shown, iri: str, total: int, quotes: Quotes
) -> Mapping[str, object]:
    return {
        "name": name,
        "end": end.rpartition("#")[2],
        "total": total,
        "told": quotes.tell(shown),
        "href": shown.addresses.with_parameters(iri, {"predicate": end, "direction": "in"}),
    }


def _below(shown: Shown, iri: str, entity: Entity) -> list[dict[str, object]]:
    """Return what comes under an entity, property by property."""
    return [
        {
            "name": _BELOW[each.predicate],
            "total": each.total,
            "href": shown.addresses.with_parameters(
                iri, {"predicate": each.predicate, "direction": "in"}
            ),
            "links": [
                (shown.link(below), papers, shown.addresses.papers(below))
                for below, papers in each.entities
            ],
        }
        for each in entity.below
    ]


def _by_kind(together: Iterable[Together]) -> dict[str, list[Together]]:
    """Return what goes with an entity, the first few of each kind."""
    found: dict[str, list[Together]] = {}
    for one in together:
        some = found.setdefault(one.kind, [])
        if len(some) < _OF_KIND:
            some.append(one)
    return found


def _together(
    shown: Shown, iri: str, by_kind: Mapping[str, Iterable[Together]]
) -> list[dict[str, object]]:
    addresses = shown.addresses
    return [
        {
            "name": kind.several,
            "style": kind.style,
            "links": [
                (shown.link(one.entity), one.papers, addresses.connect(iri, one.entity))
                for one in by_kind[kind.iri]
            ],
            "href": addresses.page(
                "queries/co-mentioned", entity=addresses.key(iri), type=kind.choice
            ),
        }
        for kind in KINDS
        if kind.iri in by_kind
    ]
