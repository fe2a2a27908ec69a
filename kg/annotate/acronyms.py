"""Floor 6: acronyms that no definition explains, but what else the document names does.

"ALL" is acute lymphoblastic leukemia where the text is about leukemia.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from kg.annotate.matching import Names
from kg.model import EntityType
from kg.vocabulary.lexicon import Lexicon

_KINDS = frozenset({EntityType.DISEASE, EntityType.CELL_TYPE})
_LEAST_SCORE = 0.85
_LEAST_LENGTH = 3  # of two letters there are too many
_STEPS = 3  # from a term to the farthest of its ancestors that tells what is meant


def acronyms_among(surface: str, names: Names) -> Names:
    """Return the names of diseases and cells that a surface may be the acronym of.

    With a number it is a gene or a locus as often as the disease.
    """
    if len(surface) < _LEAST_LENGTH or any(map(str.isdigit, surface)):
        return ()
    return tuple(
        (score, name)
        for score, name in names
        if name.type in _KINDS
        and name.is_symbol
        and name.text == surface
        and name.score >= _LEAST_SCORE
    )


def explained_acronyms(
    doubtful: Mapping[str, Names], sure: Iterable[Names], lexicon: Lexicon
) -> dict[str, Names]:
    """Return the acronyms that hold by what their document names (`sure`).

    One holds where the document names the same in full, or what it is a kind of, or a kind of it.
    """
    told = {names[0][1].curie for names in sure if not names[0][1].is_symbol}
    if not told:
        return {}
    wider = told.union(*(_ancestors(curie, lexicon) for curie in told))
    read: dict[str, Names] = {}
    for surface, names in doubtful.items():
        kept = tuple(
            one
            for one in names
            if one[1].curie in wider or not told.isdisjoint(_ancestors(one[1].curie, lexicon))
        )
        if kept:
            read[surface] = kept
    return read


@lru_cache(maxsize=50_000)
def _ancestors(curie: str, lexicon: Lexicon) -> frozenset[str]:
    """Return the nearest ancestors of a term, a few steps up."""
    found: set[str] = set()
    level = [curie]
    for _ in range(_STEPS):
        terms = filter(None, map(lexicon.term, level))
        level = [parent for term in terms for parent in term.parents]
        found.update(level)
    return frozenset(found)
