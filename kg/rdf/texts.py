"""Floor 6: the texts of a paper as N-Triples: its sentences, and what they name.

A mention is a wording that names an entity in one field of a paper. Wherever the words stand again
there and mean the same, it is the same mention. What is known of the words themselves (what they
were taken for, how surely, what else they may stand for) is their naming, which all papers share:
of 20,788 real citations with 359,000 places where an entity is named, there are 40,000 namings.
"""

from collections.abc import Iterable, Iterator

from kg.model import INDEXER, AnnotatedSentence, Grounding, IndexedTerm, Mention
from kg.namespaces import KG, RDF
from kg.rdf.nodes import entity_node, hash_naming, mention_node, naming_node, sentence_node
from kg.rdf.ntriples import decimal, integer, iri, text, triple

# A node, and the statements that are made of it.
Shared = tuple[str, tuple[str, ...]]

_TYPE = f"{RDF}type"
_SENTENCE, _MENTION, _NAMING = (iri(f"{KG}{name}") for name in ("Sentence", "Mention", "Naming"))


def sentence_lines(base: str, paper: str, key: str, one: AnnotatedSentence) -> Iterator[str]:
    """Yield the statements of a sentence and of the mentions in it; those of one are repeated."""
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
        hashed = hash_naming(mention.text, mention.groundings)
        named = mention_node(base, key, place.field, mention.best.term, hashed)
        yield from _mention(base, named, mention.best.term, hashed)
        yield triple(named, f"{KG}inSentence", node)
        yield triple(named, f"{KG}start", integer(mention.start))


def _mention(base: str, node: str, term: str, hashed: str) -> Iterator[str]:
    """Yield what is said of a mention wherever it stands."""
    yield triple(node, _TYPE, _MENTION)
    yield triple(node, f"{KG}refersTo", entity_node(term))
    yield triple(node, f"{KG}naming", naming_node(base, hashed))


def naming_statements(base: str, mentions: Iterable[Mention]) -> Iterator[Shared]:
    """Yield the namings of mentions, each once, with their statements."""
    seen: set[str] = set()
    for mention in mentions:
        node = naming_node(base, hash_naming(mention.text, mention.groundings))
        if node not in seen:
            seen.add(node)
            yield node, tuple(_naming(node, mention.text, mention.groundings))


def indexed_lines(base: str, paper: str, key: str, indexed: Iterable[IndexedTerm]) -> Iterator[str]:
    """Yield a mention for each heading of an indexer; it stands on the paper, in no sentence."""
    for one in indexed:
        groundings = (_indexed(one),)
        hashed = hash_naming(one.heading, groundings)
        node = mention_node(base, key, "mesh", one.term, hashed)
        yield from _mention(base, node, one.term, hashed)
        yield triple(node, f"{KG}onPublication", paper)


def indexed_namings(base: str, indexed: Iterable[IndexedTerm]) -> Iterator[Shared]:
    """Yield the namings of an indexer's headings, with their statements."""
    for one in indexed:
        groundings = (_indexed(one),)
        node = naming_node(base, hash_naming(one.heading, groundings))
        yield node, tuple(_naming(node, one.heading, groundings))


def _indexed(one: IndexedTerm) -> Grounding:
    return Grounding(term=one.term, score=1.0, method=INDEXER)


def _naming(node: str, exact: str, groundings: tuple[Grounding, ...]) -> Iterator[str]:
    best, *others = groundings
    yield triple(node, _TYPE, _NAMING)
    yield triple(node, f"{KG}exact", text(exact))
    yield triple(node, f"{KG}takenFor", entity_node(best.term))
    for term in sorted({other.term for other in others}):
        yield triple(node, f"{KG}mayReferTo", entity_node(term))
    yield triple(node, f"{KG}score", decimal(best.score))
    yield triple(node, f"{KG}method", text(best.method))
