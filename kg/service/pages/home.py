"""Floor 10: the home page: what the graph holds, where its parts are, how to ask it."""

from collections.abc import Sequence

from pyoxigraph import Literal, NamedNode, Quad

from kg.namespaces import DCTERMS, KG, RDF, VOID
from kg.rdf.nodes import CLASS_OF_TYPE
from kg.service.negotiation import GRAPHS
from kg.service.pages.addresses import ONTOLOGY
from kg.service.pages.rendering import render
from kg.service.pages.shown import Shown
from kg.service.pages.things import FORMAT_NAMES

_ENTITIES = tuple(CLASS_OF_TYPE.values())
_TEXTS = (
    *("Publication", "Sentence", "Mention", "Assertion", "Evidence", "CoMention"),
    *("Author", "Journal", "Heading", "Substance", "Source"),
)


def write_home_page(
    shown: Shown, quads: Sequence[Quad], dataset: str, statements: int | None
) -> bytes:
    """Return the home page of a graph with so many statements, None where it is not known."""
    node = NamedNode(dataset)
    title = next(
        (
            quad.object.value
            for quad in quads
            if quad.subject == node
            and quad.predicate.value == f"{DCTERMS}title"
            and isinstance(quad.object, Literal)
        ),
        "Knowledge graph",
    )
    examples = [
        quad.object.value
        for quad in quads
        if quad.subject == node
        and quad.predicate.value == f"{VOID}exampleResource"
        and isinstance(quad.object, NamedNode)
    ]
    counts = _counts(quads)
    shown.names.read((*examples, *counts, *(f"{KG}{name}" for name in (*_ENTITIES, *_TEXTS))))
    addresses = shown.addresses
    return render(
        "home.html",
        addresses.server,
        title=title,
        statements=statements,
        papers=counts.get(f"{KG}Publication", 0),
        entities=_rows(shown, counts, _ENTITIES),
        parts_=_rows(shown, counts, _TEXTS),
        examples=[shown.link(each) for each in dict.fromkeys(examples)],
        ontology=addresses.of(ONTOLOGY),
        dataset=addresses.of(dataset),
        formats=[
            {
                "name": FORMAT_NAMES[offer.name],
                "type": offer.media_type,
                "href": f"{addresses.server}/.well-known/void?format={offer.name}",
            }
            for offer in GRAPHS
        ],
    )


def _counts(quads: Sequence[Quad]) -> dict[str, int]:
    """Return how many instances each class has, by what the graph says of itself."""
    classes: dict[str, str] = {}
    numbers: dict[str, int] = {}
    for quad in quads:
        if not isinstance(quad.subject, NamedNode):
            continue
        part = quad.subject.value
        if quad.predicate.value == f"{VOID}class" and isinstance(quad.object, NamedNode):
            classes[part] = quad.object.value
        elif quad.predicate.value == f"{VOID}entities" and isinstance(quad.object, Literal):
            number = quad.object.value
            numbers[part] = int(number) if number.isascii() and number.isdecimal() else 0
    return {class_: numbers.get(part, 0) for part, class_ in classes.items()}


def _rows(shown: Shown, counts: dict[str, int], classes: Sequence[str]) -> list[dict[str, object]]:
    """Return classes with how many instances they have, and where these are."""
    rows = []
    for name in classes:
        class_ = f"{KG}{name}"
        number = counts.get(class_, 0)
        if number:
            link = shown.link(class_)
            members = {"predicate": f"{RDF}type", "direction": "in"}
            href = shown.addresses.with_parameters(class_, members)
            rows.append({"link": link, "number": number, "href": href})
    return rows
