"""Floor 10: the page of a sentence: its words, what they say and name, and where they stand."""

from kg.descriptions import Description, Readable
from kg.descriptions.model import number_of, select
from kg.descriptions.papers import read_said
from kg.descriptions.sentences import Sentence, find_beside, read_sentences
from kg.descriptions.statements import read_statements
from kg.namespaces import KG
from kg.service.pages.marking import link_mentions
from kg.service.pages.paper_page import by_kind, say, words_of_field
from kg.service.pages.quotes import read_cited
from kg.service.pages.shown import Shown


def sentence_values(
    graph: Readable, shown: Shown, description: Description
) -> dict[str, object] | None:
    """Return what the template of a sentence is filled with; None where it is of no paper."""
    one = read_sentences(graph, [description.iri]).get(description.iri)
    if one is None:
        return None
    place = find_beside(graph, one)
    beside = read_sentences(graph, [each for each in (place.before, place.after) if each])
    said = read_said(graph, one.iri)
    statements = read_statements(graph, {each.assertion for each in said})
    mentioned = dict.fromkeys(entity for _, entity in one.mentioned)
    shown.names.read(
        [
            *mentioned,
            *(entity for each in beside.values() for _, entity in each.mentioned),
            *(each.assertion for each in said),
            *(iri for each in statements.values() for iri in each.names),
        ]
    )
    (cited,) = read_cited(graph, shown, [(one.paper, _year(graph, one.paper))])
    addresses = shown.addresses
    in_place = addresses.sentence(one.paper, one.iri)
    return {
        "marked": _marked(shown, one),
        "field": words_of_field(one.field, one.section),
        "number": place.number,
        "of": place.total,
        "cited": cited,
        "in_place": in_place,
        "before": _marked(shown, beside.get(place.before)),
        "before_href": addresses.of(place.before) if place.before else "",
        "after": _marked(shown, beside.get(place.after)),
        "after_href": addresses.of(place.after) if place.after else "",
        "said": say(shown, said, statements).get(one.iri, []),
        "mentioned": by_kind(shown, mentioned),
    }


def _marked(shown: Shown, one: Sentence | None) -> object:
    return None if one is None or one.text is None else link_mentions(shown, one)


def _year(graph: Readable, paper: str) -> int:
    rows = select(graph, f"SELECT ?year {{ <{paper}> <{KG}year> ?year }} LIMIT 1")
    return next((number_of(row, "year") for row in rows), 0)
