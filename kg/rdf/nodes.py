"""Floor 6: the IRIs of entities, and of what stands in a text: sentences, mentions, evidence.

They are made of the paper's key, of offsets and of wordings, so that whatever writes of one finds
the same node.
"""

from functools import lru_cache

from kg.model import Evidence, Grounding, Mention, Sentence
from kg.namespaces import content_hash, curie_to_iri
from kg.rdf.ntriples import iri


# As many as the entities that are met again and again; a corpus has some ten thousand.
@lru_cache(maxsize=1 << 16)
def entity_node(curie: str) -> str:
    """Return the node of an entity.

    >>> entity_node("HGNC:6023")
    '<http://identifiers.org/hgnc/6023>'
    """
    return iri(curie_to_iri(curie))


def sentence_node(base: str, key: str, sentence: Sentence) -> str:
    """Return the node of a sentence of the paper with this key.

    >>> sentence_node("https://a.b/", "pmid-1", Sentence(field="title", order=0, start=0, end=9))
    '<https://a.b/sentence/pmid-1.title.0-9>'
    """
    return iri(f"{base}sentence/{key}.{sentence.field}.{sentence.start}-{sentence.end}")


def hash_naming(exact: str, groundings: tuple[Grounding, ...]) -> str:
    """Return the hash of a naming: a wording, what it is taken for, how surely, and by what means.

    Mentions with the same wording and the same groundings share it, wherever they stand.
    """
    best, *others = groundings
    # The score as it is written, to three places, so that one node never has two.
    score = f"{best.score:.3f}"
    terms = sorted({other.term for other in others})
    return content_hash(exact, best.term, score, best.method, *terms)


def naming_node(base: str, hashed: str) -> str:
    """Return the node of the naming with this hash."""
    return iri(f"{base}naming/{hashed}")


def mention_node(base: str, key: str, field: str, term: str, hashed: str) -> str:
    """Return the node of a mention in one field of the paper with this key.

    It has no offsets: wherever the same words stand for the same in that field, it is the same.
    `term` is what it refers to, `hashed` the hash of its naming.
    """
    slug = term.replace(":", "_")
    # Ten digits tell apart by what wordings one text names an entity.
    return iri(f"{base}mention/{key}.{field}.{slug}.{hashed[:10]}")


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
