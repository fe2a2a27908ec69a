"""Floor 6: the IRIs of what stands in a text: sentences, mentions, evidence.

They are made of the paper's key and of offsets, so that whatever writes of one finds the same node.
"""

from kg.model import Evidence, Mention, Sentence
from kg.namespaces import content_hash
from kg.rdf.ntriples import iri


def sentence_node(base: str, key: str, sentence: Sentence) -> str:
    """Return the node of a sentence of the paper with this key.

    >>> sentence_node("https://a.b/", "pmid-1", Sentence(field="title", order=0, start=0, end=9))
    '<https://a.b/sentence/pmid-1.title.0-9>'
    """
    return iri(f"{base}sentence/{key}.{sentence.field}.{sentence.start}-{sentence.end}")


def mention_node(base: str, key: str, field: str, mention: Mention) -> str:
    """Return the node of a mention in one field of the paper with this key."""
    slug = mention.best.term.replace(":", "_")
    return iri(f"{base}mention/{key}.{field}.{mention.start}-{mention.end}.{slug}")


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
