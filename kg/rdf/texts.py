"""Floor 6: the texts of a paper as N-Triples: its sentences, and what they name.

A mention is a wording that was taken for an entity: one node, wherever papers use the same words
and mean the same. Of 20,788 real citations with 359,000 places where an entity is named, there are
40,000. A sentence leads to the mentions in it, and tells the places where they stand.
"""

from collections.abc import Iterable, Iterator, Sequence

from kg.model import AnnotatedSentence, Grounding
from kg.namespaces import KG, RDF
from kg.rdf.nodes import entity_node, mention_node, sentence_node
from kg.rdf.ntriples import decimal, integer, iri, text, triple

# A node, and the statements that are made of it.
Shared = tuple[str, tuple[str, ...]]

_TYPE = f"{RDF}type"
_SENTENCE, _MENTION = iri(f"{KG}Sentence"), iri(f"{KG}Mention")


def sentence_lines(base: str, paper: str, key: str, one: AnnotatedSentence) -> Iterator[str]:
    """Yield the statements of a sentence; a mention that stands in it twice is repeated."""
    place = one.sentence
    node = sentence_node(base, key, place)
    yield triple(node, _TYPE, _SENTENCE)
    yield triple(node, f"{KG}inPublication", paper)
    yield triple(node, f"{KG}text", text(one.text))
    yield triple(node, f"{KG}field", text(place.field))
    yield triple(node, f"{KG}start", integer(place.start))
    if place.section:
        yield triple(node, f"{KG}section", text(place.section))
    for mention in one.mentions:
        yield triple(node, f"{KG}hasMention", mention_node(base, mention.text, mention.groundings))
        yield triple(node, f"{KG}mentionAt", integer(mention.start))


def mention_statements(
    base: str, mentions: Iterable[tuple[str, Sequence[Grounding]]]
) -> Iterator[Shared]:
    """Yield the nodes of mentions (words, and groundings best first), each once."""
    seen: set[str] = set()
    for words, groundings in mentions:
        node = mention_node(base, words, groundings)
        if node not in seen:
            seen.add(node)
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
