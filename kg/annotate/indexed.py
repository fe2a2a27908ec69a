"""Floor 6: the terms that stand behind the headings and substances that an indexer gave a paper.

MEDLINE's indexers say what a paper is about, in MeSH. A heading that is an entity of the graph's
types becomes a curated mention of the paper (method "indexer"); one that is none ("Adult", "Time
Factors", "Signal Transduction") gives nothing.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from kg.model import EntityType, IndexedTerm, Indexing
from kg.vocabulary.lexicon import Lexicon

_MEMORY = 100_000
_LEAST_SCORE = 0.85  # of a name that is an exact one of its term
_GENES = frozenset({EntityType.GENE, EntityType.GENE_FAMILY})
_CHEMICALS = frozenset({EntityType.CHEMICAL})
# How MeSH calls the proteins among its supplementary concepts: "IL7R protein, human".
_PROTEIN = re.compile(r"(?P<name>.+?) (?:protein|antigen|receptor), (?:human|mouse|rat)")
_CAS = re.compile(r"\d{2,7}-\d\d-\d")


class IndexingReader:
    """Finds the terms behind the headings of papers, with one lexicon; remembers those met.

    `replaced` counts the headings and substances by an obsolete descriptor, which were taken for
    what stands in its place.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._heading = lru_cache(maxsize=_MEMORY)(self._find_heading)
        self._substance = lru_cache(maxsize=_MEMORY)(self._find_substance)
        self.replaced = 0

    def read_terms(self, indexing: Indexing) -> tuple[IndexedTerm, ...]:
        """Return the terms of a paper's headings and substances, each once, in their order.

        A term is major where one of its headings is, or a qualifier of one.
        """
        found: dict[str, IndexedTerm] = {}
        for one in self._read(indexing):
            known = found.get(one.term)
            if known is None or (one.major and not known.major):
                found[one.term] = one
        return tuple(found.values())

    def _read(self, indexing: Indexing) -> Iterator[IndexedTerm]:
        for heading in indexing.headings:
            term = self._heading(heading.name, heading.id)
            if term:
                self.replaced += self._is_replaced(heading.id)
                major = heading.major or any(each.major for each in heading.qualifiers)
                yield IndexedTerm(term=term, heading=heading.name, major=major)
        for substance in indexing.substances:
            term = self._substance(substance.name, substance.id, substance.registry)
            if term:
                self.replaced += self._is_replaced(substance.id)
                yield IndexedTerm(term=term, heading=substance.name)

    def _find_heading(self, name: str, identifier: str) -> str:
        """Return the term of a descriptor, by its id where that is told, else by its name."""
        curie = f"MESH:{identifier}"
        by_id = self._lexicon.heading(curie) or self._lexicon.successor(curie)
        return by_id or self._lexicon.heading(name)

    def _is_replaced(self, identifier: str) -> bool:
        return bool(self._lexicon.successor(f"MESH:{identifier}"))

    def _find_substance(self, name: str, identifier: str, registry: str) -> str:
        """Return the term of a substance: a descriptor, or one of MeSH's supplementary concepts."""
        term = self._find_heading(name, identifier)
        if term:
            return term
        if identifier.startswith("C"):
            referents = self._lexicon.referents(f"MESH:{identifier}")
            if len(referents) == 1:
                return referents[0]
        if _CAS.fullmatch(registry):
            referents = self._lexicon.referents(f"CAS:{registry}")
            if len(referents) == 1:
                return referents[0]
        protein = _PROTEIN.fullmatch(name)
        if protein is not None:
            return self._find_named(protein["name"], _GENES)
        return self._find_named(name, _CHEMICALS)

    def _find_named(self, name: str, types: frozenset[EntityType]) -> str:
        """Return the one term of some types that has a name as one of its exact ones."""
        found = [
            one
            for one in self._lexicon.candidates(name)
            if one.type in types and one.score >= _LEAST_SCORE
        ]
        if not found or (len(found) > 1 and found[0].score == found[1].score):
            return ""
        return found[0].curie
