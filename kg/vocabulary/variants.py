"""Floor 5: other ways to write a name, which no vocabulary lists.

A Greek letter as a Latin one (IL15RA for "IL-15R alpha", "b-catenin" where a Greek letter was lost
or could not be set), the word that a symbol abbreviates ("interleukin 7", "EGF receptor"), hyphens
that come and go.
"""

import re

from kg.model import EntityType, Term
from kg.vocabulary.diseases import other_spellings
from kg.vocabulary.names import name_key, uninvert

_GENES = frozenset({EntityType.GENE, EntityType.GENE_FAMILY})
_GREEK_LETTER = {"A": "alpha", "B": "beta", "G": "gamma", "D": "delta"}
_LAST_LETTER = re.compile(r"([A-Z]+\d*[A-Z]*)([ABGD])(\d?)")
_SPELLED_OUT = re.compile(r"(?<![a-z])(alpha|beta|gamma|delta|epsilon|kappa)(?![a-z])")
# What a tissue makes is called after it with or without "-derived".
_OF_TISSUE = re.compile(r"\b(stromal|epithelial|endothelial|glial) (?=[a-z]+(?:in|factor)$)")
_INTERLEUKIN = re.compile(r"^IL-?(?=\d)")
_RECEPTOR = re.compile(r"([A-Z][A-Za-z0-9-]*?[A-Z0-9])-?R(\d{0,2})-?([ABGab]?|alpha|beta|gamma)")
_RECEPTOR_SYMBOL = re.compile(r"[A-Z]{1,4}-?\d[A-Za-z]?|[A-Z]{2,4}")
_SYMBOL_STATUSES = frozenset({"approved symbol", "alias", "previous symbol", "ortholog alias"})
_PROTEIN_AT_END = re.compile(r"(?:, | \()([a-z]{4,}in)\)?$")
_T_CELL = re.compile(r"(regulatory|helper|effector|memory) T(.)(cell|lymphocyte)")


def variant_texts(term: Term, text: str, status: str) -> set[str]:
    """Return other ways to write the name of a disease, gene or family."""
    if term.type is EntityType.DISEASE:
        return set(other_spellings(uninvert(text) or text)) - {text}
    if term.type not in _GENES:
        return set()
    forms = {text}
    letter = _LAST_LETTER.fullmatch(text) if status == "approved symbol" else None
    if letter is not None:
        forms.add(f"{letter[1]} {_GREEK_LETTER[letter[2]]} {letter[3]}".rstrip())
    if " " not in text and status != "NCBI alias" and _SPELLED_OUT.search(text):
        forms.add(_SPELLED_OUT.sub(lambda found: found[0][0], text))
    if status == "approved name":
        forms.add(_OF_TISSUE.sub(r"\1-derived ", text))
    if status in _SYMBOL_STATUSES:
        of_receptor = _receptor_texts(text)
        if of_receptor and _is_receptor(term):
            forms |= of_receptor
    if text.startswith("IL"):
        forms |= {_INTERLEUKIN.sub("interleukin ", form) for form in forms}
    return forms - {text}


def component_names(term: Term) -> set[str]:
    """Return the names of proteins that stand at the end of a gene's full names.

    As in "NPHS2 stomatin family member, podocin" and "nephrosis 2 (podocin)".
    """
    if term.type is not EntityType.GENE:
        return set()
    return {
        found[1]
        for one in term.synonyms
        if one.text.endswith(("in", "in)"))
        and one.kind in {"name", "prev_name", "ncbi_designation"}
        and (found := _PROTEIN_AT_END.search(one.text)) is not None
    }


def variant_keys(term: Term, text: str) -> set[str]:
    """Return the keys of a name without its hyphens, or in another order of its words."""
    if term.type in _GENES:
        return {name_key(text.replace("-", ""))} if "-" in text and " " not in text else set()
    turned = _T_CELL.fullmatch(text) if term.type is EntityType.CELL_TYPE else None
    return {name_key(f"T {turned[1]} {turned[3]}")} if turned else set()


def _is_receptor(term: Term) -> bool:
    return any(one.kind == "name" and "receptor" in one.text for one in term.synonyms)


def _receptor_texts(text: str) -> set[str]:
    """Return how a receptor's symbol is written with the word (EGFR, EGF-R, "EGF receptor")."""
    parts = _RECEPTOR.fullmatch(text)
    if parts is not None:
        stem, number, letter = parts.groups()
        tail = f" {number}{letter}" if number or letter else ""
        greek = _GREEK_LETTER.get(letter, letter)
        spelled = f" {number} {greek}" if number else f" {greek}"
        return {
            f"{stem} receptor{tail}",
            f"{stem}-R{number}{letter}",
            f"{stem} receptor{spelled.rstrip()}",
        }
    return {f"{text} receptor"} if _RECEPTOR_SYMBOL.fullmatch(text) else set()
