"""Floor 6: the identifiers that a mention is known by, in every registry."""

from collections.abc import Iterator
from functools import lru_cache

from kg.annotate.species import orthologs_of
from kg.model import EntityType, Mention
from kg.vocabulary.lexicon import Lexicon, equivalents

_GENE_REGISTRIES = ("HGNC:", "MGI:", "RGD:", "NCBIGene:")


def mention_ids(mention: Mention, lexicon: Lexicon) -> tuple[str, ...]:
    """Return the CURIEs of what a mention refers to, the grounding's own first.

    A gene that is judged to be of mouse or rat has the ids of that species' gene as well; a family
    also has those of its members, under which the databases file what is said of a family.
    """
    best = mention.best.term
    if mention.type not in {EntityType.GENE, EntityType.GENE_FAMILY}:
        return _equivalents(best, lexicon)
    return _gene_ids(best, mention.organism, mention.text, lexicon)


@lru_cache(maxsize=20_000)
def _equivalents(curie: str, lexicon: Lexicon) -> tuple[str, ...]:
    term = lexicon.term(curie)
    return equivalents(term) if term is not None else (curie,)


@lru_cache(maxsize=20_000)
def _gene_ids(curie: str, taxon: str, surface: str, lexicon: Lexicon) -> tuple[str, ...]:
    ids = list(_equivalents(curie, lexicon))
    for gene in orthologs_of(curie, taxon, surface, lexicon):
        ids.extend(_equivalents(gene, lexicon))
    for member in _members(curie, lexicon, {curie}):
        genes = [member, *orthologs_of(member, taxon, surface, lexicon)]
        for gene in genes:
            ids.extend(
                one for one in _equivalents(gene, lexicon) if one.startswith(_GENE_REGISTRIES)
            )
    return tuple(dict.fromkeys(ids))


def _members(curie: str, lexicon: Lexicon, seen: set[str]) -> Iterator[str]:
    """Yield the genes that belong to a family or complex, or to one that belongs to it."""
    for member, _ in lexicon.members(curie):
        if member not in seen:
            seen.add(member)
            if member.startswith("HGNC:"):
                yield member
            else:
                yield from _members(member, lexicon, seen)
