"""Floor 6: the texts of a paper as N-Triples: its sentences, and what they name.

A mention is a wording that was taken for an entity: one node, wherever papers use the same words
and mean the same. Of 20,788 real citations with 359,000 places where an entity is named, there are
40,000. A sentence leads to the mentions in it, and tells the places where they stand.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from kg.model import AnnotatedSentence, Grounding
from kg.namespaces import KG, RDF, XSD
from kg.rdf.nodes import entity_node, mention_node, sentence_node
from kg.rdf.ntriples import decimal, iri, text, triple

# A node, and the statements that are made of it.
Shared = tuple[str, tuple[str, ...]]

Wanted = Callable[[str], bool]
"""Tells of a node that papers share whether its statements are still to be given."""

_TYPE = f"{RDF}type"
_MENTION = iri(f"{KG}Mention")

# What stands behind a sentence in the statements that most papers have dozens of.
_IS_SENTENCE = f" <{_TYPE}> <{KG}Sentence> ."
_IN_PUBLICATION, _TEXT, _FIELD, _SECTION, _HAS_MENTION = (
    f" <{KG}{name}> " for name in ("inPublication", "text", "field", "section", "hasMention")
)
_START, _MENTION_AT = (f' <{KG}{name}> "' for name in ("start", "mentionAt"))
_INTEGER = f'"^^<{XSD}integer> .'


def text_lines(
    base: str, paper: str, key: str, sentences: Iterable[AnnotatedSentence]
) -> Iterator[str]:
    """Yield the statements of a paper's sentences, and of what stands in them; none is repeated."""
    for one in sentences:
        place = one.sentence
        node = sentence_node(base, key, place)
        yield f"{node}{_IS_SENTENCE}"
        yield f"{node}{_IN_PUBLICATION}{paper} ."
        yield f"{node}{_TEXT}{text(one.text)} ."
        yield f"{node}{_FIELD}{text(place.field)} ."
        yield f"{node}{_START}{place.start}{_INTEGER}"
        if place.section:
            yield f"{node}{_SECTION}{text(place.section)} ."
        # A mention that stands there twice is told once, and both places of it.
        nodes = (mention_node(base, each.text, each.groundings) for each in one.mentions)
        for mention in dict.fromkeys(nodes):
            yield f"{node}{_HAS_MENTION}{mention} ."
        for start in dict.fromkeys(each.start for each in one.mentions):
            yield f"{node}{_MENTION_AT}{start}{_INTEGER}"


def mention_statements(
    base: str, mentions: Iterable[tuple[str, Sequence[Grounding]]], wanted: Wanted
) -> Iterator[Shared]:
    """Yield the nodes of mentions (words, and groundings best first) that are wanted."""
    for words, groundings in mentions:
        node = mention_node(base, words, groundings)
        if wanted(node):
            yield node, tuple(_mention(node, words, groundings))


def _mention(node: str, words: str, groundings: Sequence[Grounding]) -> Iterator[str]:
    best, *others = groundings
    yield triple(node, _TYPE, _MENTION)
    yield triple(node, f"{KG}exact", text(words))
    yield triple(node, f"{KG}refersTo", entity_node(best.term))
    for term in sorted({other.term for other in others} - {best.term}):
        yield triple(node, f"{KG}mayReferTo", entity_node(term))
    yield triple(node, f"{KG}score", decimal(best.score))
    yield triple(node, f"{KG}method", text(best.method))
