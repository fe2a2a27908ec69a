"""Floor 6: the IRIs of entities, and of what stands in a text: sentences, mentions, evidence.

They are made of the paper's key, of offsets and of words, so that whatever writes of one finds the
same node.
"""

from collections.abc import Sequence
from functools import lru_cache

from kg.model import EntityType, Evidence, Grounding, Mention, Sentence
from kg.namespaces import content_hash, curie_to_iri
from kg.rdf.ntriples import iri

# The classes of entities, in this project's ontology.
CLASS_OF_TYPE = {
    EntityType.GENE: "Gene",
    EntityType.GENE_FAMILY: "GeneFamily",
    EntityType.CELL_TYPE: "CellType",
    EntityType.DISEASE: "Disease",
    EntityType.ORGANISM: "Organism",
    EntityType.ANATOMY: "AnatomicalStructure",
    EntityType.PROCESS: "BiologicalProcess",
    EntityType.CHEMICAL: "Chemical",
}


# As many as the entities that are met again and again; a corpus has some ten thousand.
@lru_cache(maxsize=1 << 16)
def entity_node(curie: str) -> str:
    """Return the node of an entity; a class of an ontology without a CURIE goes by its IRI.

    >>> entity_node("HGNC:6023")
    '<http://identifiers.org/hgnc/6023>'
    >>> entity_node("http://purl.obolibrary.org/obo/BFO_0000002")
    '<http://purl.obolibrary.org/obo/BFO_0000002>'
    """
    return iri(curie if "://" in curie else curie_to_iri(curie))


def sentence_node(base: str, key: str, sentence: Sentence) -> str:
    """Return the node of a sentence of the paper with this key.

    >>> sentence_node("https://a.b/", "pmid-1", Sentence(field="title", order=0, start=0, end=9))
    '<https://a.b/sentence/pmid-1.title.0-9>'
    """
    return iri(f"{base}sentence/{key}.{sentence.field}.{sentence.start}-{sentence.end}")


# The nodes of wordings met before, with the groundings that each belongs to. Recognition gives one
# wording one and the same groundings, so that these are told by their identity; they are held here,
# so that no others get it.
_NODES: dict[tuple[str, str, int], tuple[Sequence[Grounding], str]] = {}
_MEMORY = 1 << 16


def mention_node(base: str, words: str, groundings: Sequence[Grounding]) -> str:
    """Return the node of a mention: its words, what they are taken for, how surely, by what method.

    It has no place: wherever the same words were taken alike, it is the same. `groundings` come
    best first.

    >>> il7 = Grounding(term="HGNC:6023", score=1.0, method="label")
    >>> mention_node("https://a.b/", "IL7", [il7])
    '<https://a.b/mention/HGNC_6023.b3e09c9ead42bc656a77>'
    """
    known = _NODES.get((base, words, id(groundings)))
    if known is None:
        if len(_NODES) >= _MEMORY:
            _NODES.clear()
        node = _mention_node(base, words, groundings)
        known = _NODES[base, words, id(groundings)] = (groundings, node)
    return known[1]


def _mention_node(base: str, words: str, groundings: Sequence[Grounding]) -> str:
    best, *others = groundings
    # The score as it is written, to three places, so that one node never has two.
    score = f"{best.score:.3f}"
    terms = sorted({other.term for other in others} - {best.term})
    hashed = content_hash(words, best.term, score, best.method, *terms)
    # What follows a "#" would be no part of the address at which it is described.
    term = best.term.replace(":", "_").replace("#", "_")
    return iri(f"{base}mention/{term}.{hashed}")


def evidence_node(base: str, key: str, sentence: Sentence, evidence: Evidence) -> str:
    """Return the node of what a sentence says of two mentions.

    The confidence is no part of it: a rule that is judged anew gives the same evidence as before.
    """
    rest = content_hash(
        *_place(evidence.subject),
        evidence.predicate,
        *_place(evidence.object),
        "not" if evidence.negated else "",
        "maybe" if evidence.speculative else "",
        str(evidence.start),
        str(evidence.end),
        evidence.method,
    )
    place = f"{key}.{sentence.field}.{sentence.start}-{sentence.end}"
    # Ten digits tell apart what one sentence says.
    return iri(f"{base}evidence/{place}.{rest[:10]}")


def _place(mention: Mention) -> tuple[str, str, str]:
    return str(mention.start), str(mention.end), mention.best.term
