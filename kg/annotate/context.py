"""Floor 6: names that hold only in their context, and words that are of one type or another by it.

"Rods" are cells where the text is about the retina; "retinal" is the retina's before a noun, and a
chemical elsewhere.
"""

import re

from kg.annotate.cells import is_of_other_cell, is_surface_marker
from kg.annotate.matching import Match, Names
from kg.annotate.symbols import is_ion, is_part_of_compound
from kg.model import EntityType
from kg.vocabulary.derived import ADJECTIVE, WITHOUT_PLACE
from kg.vocabulary.lexicon import Name
from kg.vocabulary.names import name_key
from kg.vocabulary.usage import USUAL

_IN_CONTEXT = frozenset({ADJECTIVE, WITHOUT_PLACE})
_STEM = 5  # letters that a place and its adjective share ("retina", "retinal")
_OF_BLOOD = ("hemop", "haema", "haemo", "lymph", "myelo", "bone marrow", "leuke", "leukae")
# What an adjective qualifies: a word after a space or hyphen, and not one that opens a phrase.
_NOUN_AFTER = re.compile(
    r"[ \-/]\(?(?!(?:and|or|in|of|to|is|was|are|were|by|with|from|for|as|at|on|that|which)\b)\w"
)


# A process that is named by what is made is about what is made ("IL-7 production").
_OF_PRODUCT = re.compile(r"(?:production|secretion|biosynthesis|synthesis|expression|release)$")
_GENES = frozenset({EntityType.GENE, EntityType.GENE_FAMILY})
# An acronym with a noun ("BAT-gal", "AAA-ATPase"), and not with what is said of it ("LPS-induced").
_COMPOUND = re.compile(
    r"[-‐‑](?!(?:[a-z]{2,}(?:ed|ing|ent|ant|ive|ic|al|ar|ous|like|free|prone|wide|ven|rich|naive)"
    r"|high|low|mutant|null|specific|related)\b)[A-Za-z]{3,}"
)


def without_products(text: str, matches: list[Match]) -> list[Match]:
    """Leave out the processes that would hide the gene product they are named by."""
    if all(one.names[0][1].type is not EntityType.PROCESS for one in matches):
        return matches
    genes = {one.start for one in matches if one.names[0][1].type in _GENES}
    return [
        one
        for one in matches
        if one.start not in genes
        or one.names[0][1].type is not EntityType.PROCESS
        or _OF_PRODUCT.search(text, one.start, one.end) is None
    ]


def depends_on_context(names: Names) -> bool:
    """Tell whether some of the names of a match hold in a certain context only."""
    return any(name.status in _IN_CONTEXT for _, name in names)


def names_in_context(text: str, match: Match, document: str) -> Names:
    """Return the names of a match that hold where it stands; `document` is in lower case."""
    names = tuple(
        one
        for one in match.names
        if one[1].status != WITHOUT_PLACE or _tells_place(document, one[1])
    )
    if _NOUN_AFTER.match(text, match.end):
        return tuple(sorted(names, key=lambda one: one[1].status != ADJECTIVE))
    return names if len(names) < len(match.names) else match.names


def _tells_place(document: str, name: Name) -> bool:
    """Tell whether a document names the place that a name leaves out."""
    left_out = set(name_key(name.label).split()) - set(name_key(name.text).split()) - {"cell"}
    stems = {word[:_STEM] for word in left_out if len(word) >= _STEM}
    if "hemat" in stems:
        stems.update(_OF_BLOOD)
    return any(stem in document for stem in stems)


def part_of_other(text: str, start: int, end: int, name: Name) -> str:
    """Return what a name is a part of with what stands beside it; empty where it stands alone."""
    is_gene = name.type in _GENES
    if (is_gene or name.is_symbol) and is_surface_marker(text, end):
        return "a surface marker of the cells that follow"
    if is_gene and is_ion(text, start, end):
        return "an ion"
    if is_gene and is_part_of_compound(text, start, name):
        return "a part of a chemical's name"
    if name.type is EntityType.CELL_TYPE and is_of_other_cell(text, start, end):
        return "a part of another cell's name"
    if name.status == USUAL and not is_gene and _COMPOUND.match(text, end):
        return "a part of a longer name"
    return ""
