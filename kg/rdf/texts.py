"""Floor 6: the texts of a paper as N-Triples: its sentences, and what they name.

A mention is a wording that names an entity in one field of a paper. Wherever the words stand again
there and mean the same, it is the same mention. What is known of the words themselves (what they
were taken for, how surely, what else they may stand for) is their naming, which all papers share:
of 20,788 real citations with 359,000 places where an entity is named, there are 40,000 namings.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from kg.model import INDEXER, AnnotatedSentence, Grounding, IndexedTerm, Mention
from kg.namespaces import KG, RDF, XSD
from kg.rdf.nodes import entity_node, hash_naming, mention_node, naming_node, sentence_node
from kg.rdf.ntriples import decimal, iri, text, triple

# A node, and the statements that are made of it.
Shared = tuple[str, tuple[str, ...]]

Wanted = Callable[[str], bool]
"""Tells of a node that papers share whether its statements are still to be given."""

_TYPE = f"{RDF}type"
_NAMING = iri(f"{KG}Naming")

# What stands behind a node in the statements that most papers have dozens of.
_IS_SENTENCE, _IS_MENTION = (f" <{_TYPE}> <{KG}{name}> ." for name in ("Sentence", "Mention"))
_IN_PUBLICATION, _ON_PUBLICATION, _IN_SENTENCE, _TEXT, _FIELD, _SECTION, _REFERS_TO, _HAS_NAMING = (
    f" <{KG}{name}> "
    for name in (
        "inPublication",
        "onPublication",
        "inSentence",
        "text",
        "field",
        "section",
        "refersTo",
        "naming",
    )
)
_START = f' <{KG}start> "'
_INTEGER = f'"^^<{XSD}integer> .'


def text_lines(
    base: str, paper: str, key: str, sentences: Iterable[AnnotatedSentence]
) -> Iterator[str]:
    """Yield the statements of a paper's sentences and of the mentions in them; none is repeated."""
    told: dict[str, int] = {}  # mentions, each with the place where it was met last
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
        here: set[str] = set()
        for mention in one.mentions:
            groundings = mention.groundings
            term = groundings[0].term
            hashed = hash_naming(mention.text, groundings)
            named = mention_node(base, key, place.field, term, hashed)
            known = told.get(named)
            if known is None:
                yield from _mention(base, named, term, hashed)
            if named not in here:
                here.add(named)
                yield f"{named}{_IN_SENTENCE}{node} ."
            if known != mention.start:
                yield f"{named}{_START}{mention.start}{_INTEGER}"
            told[named] = mention.start


def _mention(base: str, node: str, term: str, hashed: str) -> tuple[str, ...]:
    """Return what is said of a mention wherever it stands."""
    return (
        f"{node}{_IS_MENTION}",
        f"{node}{_REFERS_TO}{entity_node(term)} .",
        f"{node}{_HAS_NAMING}{naming_node(base, hashed)} .",
    )


def naming_statements(base: str, mentions: Iterable[Mention], wanted: Wanted) -> Iterator[Shared]:
    """Yield the namings of mentions that are wanted, with their statements."""
    for mention in mentions:
        node = naming_node(base, hash_naming(mention.text, mention.groundings))
        if wanted(node):
            yield node, tuple(_naming(node, mention.text, mention.groundings))


def indexed_lines(base: str, paper: str, key: str, indexed: Iterable[IndexedTerm]) -> Iterator[str]:
    """Yield a mention for each heading of an indexer; it stands on the paper, in no sentence."""
    for one in indexed:
        hashed = hash_naming(one.heading, _indexed(one.term))
        node = mention_node(base, key, "mesh", one.term, hashed)
        yield from _mention(base, node, one.term, hashed)
        yield f"{node}{_ON_PUBLICATION}{paper} ."


def indexed_namings(base: str, indexed: Iterable[IndexedTerm], wanted: Wanted) -> Iterator[Shared]:
    """Yield the namings of an indexer's headings that are wanted, with their statements."""
    for one in indexed:
        groundings = _indexed(one.term)
        node = naming_node(base, hash_naming(one.heading, groundings))
        if wanted(node):
            yield node, tuple(_naming(node, one.heading, groundings))


@lru_cache(maxsize=1 << 14)
def _indexed(term: str) -> tuple[Grounding, ...]:
    return (Grounding(term=term, score=1.0, method=INDEXER),)


def _naming(node: str, exact: str, groundings: tuple[Grounding, ...]) -> Iterator[str]:
    best, *others = groundings
    yield triple(node, _TYPE, _NAMING)
    yield triple(node, f"{KG}exact", text(exact))
    yield triple(node, f"{KG}takenFor", entity_node(best.term))
    for term in sorted({other.term for other in others}):
        yield triple(node, f"{KG}mayReferTo", entity_node(term))
    yield triple(node, f"{KG}score", decimal(best.score))
    yield triple(node, f"{KG}method", text(best.method))
