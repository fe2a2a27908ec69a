"""Floor 6: the rules that decide whether a stretch of text that reads like a name is that name.

`weigh` looks at how it is written and `refusals` at what kind of name it is; both by the way of
writing alone, so that what they say is worked out once for each. Each decision has its rule in
words, for whoever asks why.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from kg.annotate.symbols import is_code, is_protein_word, is_written_like
from kg.model import EntityType
from kg.vocabulary.hosts import CUE_STATUSES
from kg.vocabulary.lexicon import FARTHEST, Lexicon, Name, spelling_distance
from kg.vocabulary.names import name_key, uninvert
from kg.vocabulary.own_names import OWN_NAME
from kg.vocabulary.usage import SELDOM, USUAL

FUNCTION_WORD = "an English function word"
_GENES = frozenset({EntityType.GENE, EntityType.GENE_FAMILY})
_CROSSING = re.compile(r"[,;:.!?]\s|\s\n|\n\s")  # what parts phrases
_DIGIT = re.compile(r"\d")
_LEAST_SCORE = 0.6
# Letters from which on an acronym of a type is trusted without a definition.
_LEAST_ACRONYM = {EntityType.ORGANISM: 3, EntityType.CELL_TYPE: 4, EntityType.CHEMICAL: 4}
_COMMON_TAXA = frozenset({"bacteria", "fungi", "archaea"})  # written like words by everyone
_LETTER_AND_NUMBER = re.compile(r"[A-Za-z][-‐‑−–]?\d")
_SUPPLEMENT = re.compile(r"S\d{1,2}")  # as figures of a supplement are numbered
# The words that hold English sentences together; definitions do not use all of them.
_FUNCTION_WORDS = frozenset(
    """
    a about after all also among an and any are as at be been being but by can could did do does
    for from had has have he her here him his how i if in into is it its may me might must my no
    nor not of off on one or our out over own she should so some such than that the their them then
    there these they this those to too two under until up upon us via was we were what when where
    which while who whom whose why will with within without would you your
    """.split()
)

_LONGEST_FUNCTION_WORD = max(map(len, _FUNCTION_WORDS))


class Verdict(NamedTuple):
    """What a rule says of a name at a stretch of text: its score (0: it is not meant), and why."""

    score: float
    rule: str


def weigh(surface: str, key: str, name: Name, lexicon: Lexicon, *, shouted: bool) -> Verdict:
    """Return how well a way of writing fits a name that is filed under its key."""
    unfit, crossing = _look_at(surface)
    if unfit:
        return Verdict(0.0, unfit)
    if crossing not in name.text:
        return Verdict(0.0, "punctuation parts it, which the name does not have")
    if surface.startswith("a ") and name.text.startswith(("A-", "a-")):
        return Verdict(0.0, "an article where the name has a letter")
    if not _is_in_order(surface, key, name):
        return Verdict(0.0, "the name is turned round and needs its comma")
    if surface == name.text and name.status == OWN_NAME:
        return Verdict(name.score, "a name of the user's own")
    if _is_function_word(surface):
        return Verdict(0.0, FUNCTION_WORD)
    if name.is_symbol:
        return _weigh_symbol(surface, name, lexicon, shouted=shouted)
    return _weigh_words(surface, name, lexicon, shouted=shouted)


def _weigh_words(surface: str, name: Name, lexicon: Lexicon, *, shouted: bool) -> Verdict:
    is_gene = name.type in _GENES
    word = surface.lower()
    if _is_acronym_of_other(surface, name, shouted=shouted):
        return Verdict(0.0, "capitals that the name is not written in")
    if name.type is EntityType.DISEASE and _lowers_acronym(surface, name, lexicon):
        return Verdict(0.0, "an everyday word where the name has an acronym")
    if is_gene and len(name.text) < 4:
        return Verdict(0.0, "too short for the full name of a gene")
    if is_gene and " " not in name.text and lexicon.is_word(word):
        if is_protein_word(word, name):
            return Verdict(name.score, "an everyday word that is a protein's name")
        return Verdict(0.0, "an English word")
    if len(surface) <= 3 and name.type is EntityType.DISEASE and not lexicon.is_word(surface):
        return Verdict(0.0, "three letters that are no word")
    return Verdict(name.score, "a full name; case does not count")


def _weigh_symbol(surface: str, name: Name, lexicon: Lexicon, *, shouted: bool) -> Verdict:
    is_gene = name.type in _GENES
    distance = spelling_distance(surface, name)
    if distance > FARTHEST:
        return Verdict(0.0, "spelled too far from the symbol")
    if not _case_fits(surface, name, lexicon, shouted=shouted):
        return Verdict(0.0, "not in the case of the symbol, or an English word")
    if is_gene and not is_written_like(surface, name):
        return Verdict(0.0, "not written as symbols are")
    if is_gene and len(surface) <= 2 and name.status != "approved symbol":
        return Verdict(0.0, "two letters that are no approved symbol")
    if re.search(r"\s", surface) and len(re.split(r"[\s\d]", surface)[0]) < 2:
        return Verdict(0.0, "a single letter and a number")  # "a 1 in 5 dilution"
    rule = "written as the symbol is" if surface == name.text else "a spelling of the symbol"
    return Verdict(name.score - distance, rule)


def trust(
    surface: str, names: tuple[tuple[float, Name], ...], lexicon: Lexicon
) -> tuple[tuple[float, Name], ...]:
    """Return the names that hold without a definition in the text; none where they compete."""
    reasons = refusals(surface, names, lexicon)
    if not any(reasons):
        return names
    return tuple(one for one, reason in zip(names, reasons, strict=True) if not reason)


def refusals(surface: str, names: tuple[tuple[float, Name], ...], lexicon: Lexicon) -> list[str]:
    """Return for each name, best first, why it does not hold by itself; empty where it does."""
    first = names[0][1]
    is_word = lexicon.is_word(surface.lower())
    reasons = [refusal(surface, score, name, is_word=is_word) for score, name in names]
    if first.status in CUE_STATUSES:  # a cell line, say, is a cell all the same
        cue = f"tells a species ({first.status}), and is no mention of it"
        reasons = [
            reason if name.type is EntityType.CELL_TYPE else reason or cue
            for (_, name), reason in zip(names, reasons, strict=True)
        ]
    trusted = [one for one, reason in zip(names, reasons, strict=True) if not reason]
    if not trusted:
        return reasons
    score, name = trusted[0]
    is_weak = name.is_symbol and name.status not in {"approved symbol", "family", "label"}
    rivals = [other for value, other in trusted[1:] if score - value < 0.005]
    if is_weak and name.type in _GENES and first.type not in _GENES:
        return [one or "an acronym of something else before it is an alias" for one in reasons]
    if is_weak and any(other.type is name.type for other in rivals) and not is_code(surface):
        return [one or f"an alias of several: {name.label}, {rivals[0].label}" for one in reasons]
    return reasons


def refusal(surface: str, score: float, name: Name, *, is_word: bool) -> str:
    """Return why a name does not hold without a definition in the text; empty where it does."""
    if name.status == OWN_NAME:
        return ""
    has_digit = _DIGIT.search(surface) is not None
    if score < _LEAST_SCORE:
        return f"scored under {_LEAST_SCORE}"
    if name.status == SELDOM and (has_digit or not surface[1:].islower()):
        return "papers use it for something else"
    if name.status == USUAL:
        return ""
    if name.type in _GENES:
        is_doubtful = name.status == "NCBI alias" or (
            name.status == "NCBI designation" and name.is_symbol
        )
        holds = not is_doubtful or (has_digit and len(surface) >= 4)
        return "" if holds else f"an {name.status}, which are often wrong"
    is_common = surface in _COMMON_TAXA
    if name.type is EntityType.ORGANISM and is_word and surface.islower() and not is_common:
        # A scientific name has its capital (Lens, Pan).
        is_scientific = name.text[0].isupper() and name.text == name.label
        return "a word; the scientific name has a capital" if is_scientific else ""
    if _SUPPLEMENT.fullmatch(surface):
        return "the number of a figure in a supplement"
    if name.type is EntityType.CHEMICAL and _LETTER_AND_NUMBER.fullmatch(surface):
        return "a letter and a number, as units and macrophages have them too"
    if name.is_symbol and not (name.status == "label" and surface == name.text):
        least = _LEAST_ACRONYM.get(name.type)
        is_long = least is not None and len(surface.rstrip("s")) >= least
        # Genes and families of genes go by the same acronyms as diseases.
        holds = name.type is not EntityType.DISEASE and (has_digit or is_long)
        return "" if holds else "an acronym that the text does not define"
    if name.status in {"broad synonym", "narrow synonym"}:
        return f"a {name.status}"
    if name.status == "related synonym" and not (
        " " in surface or (len(surface) > 6 and not is_word)
    ):
        return "a related synonym that is short or a word"
    return ""


@lru_cache(maxsize=1024)
def _look_at(surface: str) -> tuple[str, str]:
    """Return what no name is written like, and the punctuation that parts a stretch in two."""
    if surface.count("(") != surface.count(")") or surface.count("[") != surface.count("]"):
        return "a parenthesis is open in it", ""
    crossing = _CROSSING.search(surface)
    return "", crossing[0] if crossing else ""


def _is_function_word(surface: str) -> bool:
    if len(surface) > _LONGEST_FUNCTION_WORD:
        return False
    return surface.lower() in _FUNCTION_WORDS and not (surface.isupper() and len(surface) > 2)


def _is_in_order(surface: str, key: str, name: Name) -> bool:
    """Tell a name from the words of a catalogue's inverted one without its comma.

    "... failure. Kidney" and "failure kidney" are not written for "Failure, Kidney".
    """
    is_inverted = ", " in name.text and "," not in surface
    return not is_inverted or uninvert(name.text) is None or name_key(name.text) != key


def _is_acronym_of_other(surface: str, name: Name, *, shouted: bool) -> bool:
    """Tell a short word in capitals that the name is not written in: BAT is not the animal."""
    return len(surface) <= 5 and surface.isupper() and not (shouted or name.text.isupper())


def _lowers_acronym(surface: str, name: Name, lexicon: Lexicon) -> bool:
    """Tell a name whose acronym the surface has as a word ("7 men, 3 women" and "MEN 3")."""
    return any(
        word.islower() and word.upper() in name.text and lexicon.is_word(word)
        for word in re.findall(r"[^\W\d_]{2,}", surface)
    )


def _case_fits(surface: str, name: Name, lexicon: Lexicon, *, shouted: bool) -> bool:
    """Tell whether the case of a surface is one in which the symbol is written.

    As the vocabulary has it; or all capitals; or, for genes, with one capital in front, as mouse
    and rat genes and proteins are written (Foxp3, Glut1), where that is no English word; or in
    lower case with a digit (p53).
    """
    bare = surface.rstrip("s") if surface != name.text else surface
    word = surface.lower()
    is_alias = name.type in _GENES and name.status not in {"approved symbol", "family", USUAL}
    if is_alias and lexicon.is_word(word):
        return False
    is_word = lexicon.is_written_as_word(word) and not is_protein_word(word, name)
    if is_alias and is_word and not surface.isupper():
        return False
    if name.text in {surface, bare}:
        return not (shouted or surface.islower()) or not lexicon.is_word(word)
    if name.type not in _GENES:
        return surface.isupper() and name.text.isupper()
    if surface.isupper():
        return not (lexicon.is_word(word) and shouted) and not name.text.islower()
    has_digit = _DIGIT.search(surface) is not None
    if is_word or (len(word) < 3 + is_alias and not has_digit):
        return False
    if surface.islower():
        return has_digit and len(word) >= 3 and " " not in surface
    return True
