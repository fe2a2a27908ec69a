"""Floor 6: ions written by their charge ("Ca2+", "Ca(2+)", "Na+"), which are no gene symbols."""

import re
from collections.abc import Iterator

from kg.annotate.matching import Match
from kg.model import EntityType
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.names import name_key

# The ions of physiology, by their symbols; one written without a number has one charge.
_ELEMENTS = {
    "Ca": "calcium", "Mg": "magnesium", "Zn": "zinc", "Mn": "manganese", "Fe": "iron",
    "Cu": "copper", "Ni": "nickel", "Cd": "cadmium", "Na": "sodium", "K": "potassium",
    "Li": "lithium",
}  # fmt: skip
_ION = re.compile(
    r"(?<![\w+(\-])(?P<element>Ca|Mg|Zn|Mn|Fe|Cu|Ni|Cd|Na|K|Li)"
    r"(?:\((?P<inside>[23]?)\+\)|(?P<charge>[23]?)\+|\+(?P<after>[23]))(?![\w+])"
)


def find_ions(text: str, lexicon: Lexicon) -> Iterator[Match]:
    """Yield the ions that a text writes by their charge."""
    if "+" not in text:
        return
    for found in _ION.finditer(text):
        number = found["inside"] or found["charge"] or found["after"] or "1"
        if (number == "1") != (found["element"] in {"Na", "K", "Li"}):
            continue
        names = tuple(
            (name.score, name)
            for name in lexicon.names(name_key(f"{_ELEMENTS[found['element']]}({number}+)"))
            if name.type is EntityType.CHEMICAL
        )
        if names:
            yield Match(found.start(), found.end(), names, "ion")
