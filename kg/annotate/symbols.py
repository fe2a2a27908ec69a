"""Floor 6: how gene symbols are written, and what only looks like one."""

import re

from kg.vocabulary.lexicon import Name

_SURE_STATUSES = frozenset({"approved symbol", "family"})
_PROTEIN_WORD = re.compile(r"[a-z]+(?:in|gen|poietin|kine)s?")
_ENZYME_WORD = re.compile(r"[a-z]+ase")
_TITLE_CASE = re.compile(r"[A-Z][a-z]+|[A-Z]+[abgdk]")
_NO_PART = re.compile(r"[=+<>≤≥±~%/:]")
_COUNTED = re.compile(
    r"(?:OR|HR|RR|CI|SD|SE|IQR|IRR|PR|MD|SMD|AUC|Part|Day|Group|Phase|Type|Grade|Stage|Class|Step)"
    r"\s\d+"
)  # a figure of statistics, or a number of something
_ION = re.compile(r"[A-Z][a-z]\d")
_CODE = re.compile(r"(?:[a-z]|[A-Z][A-Za-z]+)-?\d.*")
_GREEK_APART = re.compile(r"\S+ (?:alpha|beta|gamma|delta|epsilon|zeta|theta|kappa|lambda|sigma)")
# Oxides and chlorides; "CCl4" is no way to write CCL4.
_FORMULA = re.compile(r"(?:(?:[HCNS]|[A-Z][a-z])\d?)+(?:O|Cl)[2-7]|[A-Z][a-z]S2|N[HO][2-4]|H2S")
_PER_UNIT = re.compile(
    r"(?:s|min|h|d|day|yr|year|g|kg|mg|µg|ng|l|L|ml|mL|dl|dL|mm|cm|m|mol|ha)[-‐‑−–][1-3]"
)
_VARIANT = re.compile(r"(?:p\.)?[A-Z]\d{1,4}[A-Z]")


def is_protein_word(word: str, name: Name) -> bool:
    """Tell an everyday word of biology that is the name of a protein ("insulin", "actin")."""
    if name.status in {"NCBI alias", "ortholog alias", "NCBI designation"}:
        return word == name.text and word.endswith("in")
    if _PROTEIN_WORD.fullmatch(word):
        return True
    return name.status in {"approved name", "alias"} and _ENZYME_WORD.fullmatch(word) is not None


def is_written_like(surface: str, name: Name) -> bool:
    """Tell whether a gene's symbol is ever written like a surface that has the same letters.

    "n=10" is not the gene N10, nor "cAMP" CAMP; "NETs" are more than one NET, and no gene; "L-1" is
    a unit, and "CO2" carbon dioxide.
    """
    is_sure = name.status in _SURE_STATUSES
    if (surface != name.text or not is_sure) and _FORMULA.fullmatch(surface):
        return False
    if surface == name.text:
        return True
    if _PER_UNIT.fullmatch(surface) or _COUNTED.fullmatch(surface):
        return False
    if _NO_PART.search(surface):
        return False
    if not surface.isascii():
        return True
    if not is_sure and " " in surface and " " not in name.text:
        return _GREEK_APART.fullmatch(surface) is not None
    if surface[-1] == "s" and surface[:-1].isupper() and not surface[-2].isdigit():
        return name.status == "family" and surface[:-1] == name.text
    if len(surface) <= 4 and surface.isalpha() and not surface.isupper():
        return _TITLE_CASE.fullmatch(surface) is not None
    return True


def is_ion(text: str, start: int, end: int) -> bool:
    """Tell whether a stretch of text is an ion before its sign ("Ca2+").

    >>> is_ion("Ca2+ entry", 0, 3), is_ion("CD4+ cells", 0, 3)
    (True, False)
    """
    return text[end : end + 1] == "+" and _ION.fullmatch(text, start, end) is not None


def is_part_of_compound(text: str, start: int, name: Name) -> bool:
    """Tell an alias behind a "c-" that it does not have: "c-ART" is a therapy, c-Fos a protein."""
    if text[start - 2 : start] != "c-" or text[start - 3 : start - 2].isalnum():
        return False
    return name.status not in _SURE_STATUSES


def is_code(surface: str) -> bool:
    """Tell letters with a number, which are hardly anything but a symbol ("PAR1", "p21").

    A capital with a number is a day after birth or a grade ("P18").
    """
    return _CODE.fullmatch(surface) is not None


def is_variant(text: str) -> bool:
    """Tell the change of an amino acid: R138Q, p.G12D.

    >>> is_variant("G12D"), is_variant("CD4")
    (True, False)
    """
    return _VARIANT.fullmatch(text) is not None
