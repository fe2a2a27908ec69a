"""Floor 10: the page of what a graph was made from, under which licences, and how to ask it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from pyoxigraph import Literal, NamedNode, Quad

from kg.namespaces import DCTERMS, KG, OWL, PROV, RDF, RDFS, VOID
from kg.service.negotiation import GRAPHS
from kg.service.pages.addresses import ONTOLOGY, is_web_address
from kg.service.pages.outside import REGISTRIES
from kg.service.pages.rendering import render
from kg.service.pages.shown import Shown
from kg.service.pages.things import FORMAT_NAMES

_LICENCES = {
    "https://creativecommons.org/publicdomain/zero/1.0/": "CC0 1.0",
    "https://creativecommons.org/publicdomain/mark/1.0/": "public domain",
    "https://creativecommons.org/licenses/by/3.0/": "CC BY 3.0",
    "https://creativecommons.org/licenses/by/4.0/": "CC BY 4.0",
}
_Said = Mapping[str, Sequence[str]]


def write_about_page(
    shown: Shown, quads: Iterable[Quad], dataset: str, statements: int | None
) -> bytes:
    """Return the page, from what the graph says of itself."""
    nodes = gather(quads)
    said = nodes.get(dataset, {})
    inputs = [
        (iri, each)
        for iri, each in nodes.items()
        if f"{PROV}Entity" in each.get(f"{RDF}type", ()) and f"{KG}sha256" in each
    ]
    addresses = shown.addresses
    return render(
        "about.html",
        addresses.server,
        title=first(said, f"{DCTERMS}title") or "This graph",
        statements=statements,
        identifier=first(said, f"{DCTERMS}identifier"),
        rights=first(said, f"{DCTERMS}rights"),
        dataset=addresses.of(dataset),
        sources=[
            {
                "name": first(each, f"{RDFS}label") or shown.names.short(iri),
                "href": addresses.of(iri),
                "format": first(each, f"{KG}format"),
                "digest": first(each, f"{KG}sha256"),
            }
            for iri, each in inputs
            if f"{KG}format" in each
        ],
        vocabularies=sorted(
            (
                {
                    "name": first(each, f"{DCTERMS}title") or first(each, f"{RDFS}label"),
                    "href": addresses.of(iri),
                    "version": first(each, f"{OWL}versionInfo"),
                    "rights": first(each, f"{DCTERMS}rights"),
                    "licences": [
                        (_LICENCES.get(licence, "terms"), licence)
                        for licence in sorted(each.get(f"{DCTERMS}license", ()))
                        if is_web_address(licence)
                    ],
                }
                for iri, each in inputs
                if f"{DCTERMS}title" in each
            ),
            key=lambda row: str(row["name"]).casefold(),
        ),
        software=sorted(
            {
                first(each, f"{RDFS}label")
                for each in nodes.values()
                if f"{PROV}SoftwareAgent" in each.get(f"{RDF}type", ())
                and first(each, f"{RDFS}label")
            }
        ),
        links=_links(nodes),
        ontology=addresses.of(ONTOLOGY),
        formats_=[
            (FORMAT_NAMES[offer.name], f"{addresses.server}/.well-known/void?format={offer.name}")
            for offer in GRAPHS
        ],
    )


def gather(quads: Iterable[Quad]) -> dict[str, dict[str, list[str]]]:
    """Return what statements say, by subject and property, as texts."""
    nodes: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
            nodes[quad.subject.value][quad.predicate.value].append(quad.object.value)
    return {iri: dict(said) for iri, said in nodes.items()}


def first(said: _Said, name: str) -> str:
    """Return the first text that is said by a property; an empty one where there is none."""
    return next(iter(said.get(name, ())), "")


def _links(nodes: Mapping[str, _Said]) -> list[tuple[str, int]]:
    """Return how many links there are to each registry, the most first."""
    counts: dict[str, int] = defaultdict(int)
    for said in nodes.values():
        number, target = first(said, f"{VOID}triples"), first(said, f"{VOID}objectsTarget")
        if target and number.isascii() and number.isdecimal():
            counts[target.rpartition("/")[2]] += int(number)
    named = ((REGISTRIES.get(name, name), number) for name, number in counts.items())
    return sorted(named, key=lambda row: (-row[1], row[0]))
