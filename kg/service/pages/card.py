"""Floor 10: the card of an entity, which opens over the words that name it; a piece of a page."""

from kg.annotate.sentences import split_sentences
from kg.descriptions import Description, Readable
from kg.descriptions.literature import count_mentioning
from kg.descriptions.naming import cut
from kg.namespaces import DCTERMS, RDF, SKOS, iri_to_curie
from kg.service.pages.kinds import KINDS
from kg.service.pages.outside import registry_of
from kg.service.pages.rendering import render
from kg.service.pages.shown import Shown

_KINDS = {kind.iri: kind for kind in KINDS}
_LONGEST, _NAMES = 300, 3


def write_card(graph: Readable, shown: Shown, description: Description) -> bytes | None:
    """Return the card of an entity; None for what is none.

    Its name need be read already (`Shown.names`), what leads to it not described.
    """
    iri = description.iri
    kinds = (_KINDS[each] for each in description.texts(f"{RDF}type") if each in _KINDS)
    kind = next(kinds, None)
    if kind is None:
        return None
    link = shown.link(iri)
    curie = iri_to_curie(iri) or ""
    registry = registry_of(curie) if curie else ""
    names = sorted(description.texts(f"{SKOS}altLabel"), key=lambda name: (len(name), name))
    said = description.text(f"{SKOS}definition") or description.text(f"{DCTERMS}description")
    return render(
        "card.html",
        shown.addresses.server,
        link=link,
        kind=kind,
        identifier=curie or link.short,
        registry="" if curie.startswith(f"{registry}:") else registry,
        names=names[:_NAMES],
        definition=cut(first_sentence(said), _LONGEST),
        papers=count_mentioning(graph, [iri]).get(iri, 0),
        papers_href=shown.addresses.papers(iri),
    )


def first_sentence(text: str) -> str:
    """Return the first sentence of a text.

    >>> first_sentence("A T cell (e.g. Treg). It helps.")
    'A T cell (e.g. Treg).'
    """
    return next((text[begin:end] for begin, end in split_sentences(text)), "")
