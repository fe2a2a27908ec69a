"""Floor 6: acronyms that no definition explains, but what else the document names does.

"ALL" is acute lymphoblastic leukemia where the text is about leukemia.
"""

from collections.abc import Iterable
from functools import lru_cache

from kg.annotate.matching import Match, Names
from kg.model import EntityType
from kg.vocabulary.lexicon import Lexicon, Name

_KINDS = frozenset({EntityType.DISEASE, EntityType.CELL_TYPE})
_LEAST_SCORE = 0.85
_LEAST_LENGTH = 3  # of two letters there are too many
_STEPS = 3  # from a term to the farthest of its ancestors that tells what is meant


def acronyms_in_context(
    doubtful: Iterable[tuple[str, Match]], sure: Iterable[Names], lexicon: Lexicon
) -> dict[str, Names]:
    """Return the acronyms of diseases and cells that their document explains by other words.

    `doubtful` are the acronyms that do not hold by themselves, as they are written; `sure` is what
    the document names. An acronym holds where the document names the same in full, or what it is a
    kind of, or a kind of it.
    """
    read: dict[str, Names] = {}
    told: set[str] | None = None
    for surface, match in doubtful:
        names = tuple(one for one in match.names if _may_stand(surface, one[1]))
        if not names or surface in read:
            continue
        if told is None:
            told = {one[0][1].curie for one in sure if not one[0][1].is_symbol}
        names = tuple(one for one in names if _is_told(one[1].curie, told, lexicon))
        if names:
            read[surface] = names
    return read


def _may_stand(surface: str, name: Name) -> bool:
    return (
        name.type in _KINDS
        and name.is_symbol
        and name.text == surface
        and name.score >= _LEAST_SCORE
        and len(surface) >= _LEAST_LENGTH
        # With a number it is a gene or a locus as often as the disease.
        and not any(char.isdigit() for char in surface)
    )


def _is_told(curie: str, told: set[str], lexicon: Lexicon) -> bool:
    if curie in told or not told.isdisjoint(_ancestors(curie, lexicon)):
        return True
    return any(curie in _ancestors(other, lexicon) for other in told)


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
