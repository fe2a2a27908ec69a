"""Floor 6: names of the lexicon found in a text: all matches at word boundaries, case weighed.

Every match is scored by what kind of name it is and how it is written; choosing among matches that
overlap, and what the rest of the document says, comes after (`kg.annotate.annotator`).
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from kg.model import EntityType
from kg.vocabulary.lexicon import FARTHEST, Lexicon, Name, spelling_distance
from kg.vocabulary.names import Token, singular, tokenise

_GENES = frozenset({EntityType.GENE, EntityType.GENE_FAMILY})
# What may be written before a name without a break: recombinant human, phospho, anti and the like.
_GLUED_BEFORE = frozenset({"rh", "rm", "rhu", "hu", "rec", "anti", "p", "pre", "pro", "sh", "si"})
_MARKER_LEVELS = frozenset({"low", "lo", "high", "hi", "int", "neg", "pos", "bright", "dim"})
_CROSSING = re.compile(r"[,;:.!?]\s|\s\n|\n\s")  # what parts phrases
_WINDOW = 160  # characters of normalised text in which a name must fit
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


@dataclass(frozen=True, slots=True)
class Match:
    """A stretch of text that is written like names of the lexicon, best name first."""

    start: int
    end: int
    names: tuple[tuple[float, Name], ...]
    method: str = "lexicon"

    @property
    def score(self) -> float:
        """The score of the best name."""
        return self.names[0][0]

    @property
    def best(self) -> Name:
        """The best name."""
        return self.names[0][1]


Names = tuple[tuple[float, Name], ...]


class Matcher:
    """Finds names of one lexicon; what it made of a way of writing is remembered."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._fitting = lru_cache(maxsize=200_000)(self._judge)
        self._is_cell_of = lru_cache(maxsize=10_000)(self._names_cell)

    def find_matches(self, text: str) -> list[Match]:
        """Return every match in a text, overlapping ones too, in order of start."""
        tokens = tokenise(text)
        forms = [singular(form) for form, _, _ in tokens]
        joined = f"{' '.join(forms)} "
        shouted = _is_shouted(text)
        prefixes = self._lexicon.trie.prefixes
        matches: list[Match] = []
        position = 0
        for first, token in enumerate(tokens):
            keys = prefixes(joined[position : position + _WINDOW])
            position += len(forms[first]) + 1
            start = _start_of(tokens, first, text) if keys else None
            if start is None:
                continue
            for key in keys:
                last = first + key.count(" ") - 1
                if not _ends_word(tokens, last):
                    continue
                if token.form == "cell" and first and self._is_cell_of(forms[first - 1]):
                    continue  # "T cell cycle" is about T cells
                end = _with_plural(text, tokens[last])
                names = self._fitting(text[token.start : end], key, shouted)
                if names:
                    matches.append(Match(start, end, names))
        return matches

    def _names_cell(self, form: str) -> bool:
        names = self._lexicon.names(f"{form} cell ")
        return any(name.type is EntityType.CELL_TYPE for name in names)

    def _judge(self, surface: str, key: str, shouted: bool) -> Names:  # noqa: FBT001 (cached)
        """Return the names under a key that a surface may be, scored, one a term, best first."""
        if not _is_balanced(surface):
            return ()
        best: dict[str, tuple[float, Name]] = {}
        crossing = _CROSSING.search(surface)
        for name in self._lexicon.names(key):
            if crossing and crossing[0] not in name.text:
                continue  # "cells. Division" are two things
            score = _score(surface, name, self._lexicon, shouted=shouted)
            if score > 0 and (name.curie not in best or best[name.curie][0] < score):
                best[name.curie] = (round(score, 3), name)
        return tuple(sorted(best.values(), key=lambda one: (-one[0], one[1].type, one[1].curie)))


def _is_balanced(surface: str) -> bool:
    return surface.count("(") == surface.count(")") and surface.count("[") == surface.count("]")


def _is_shouted(text: str) -> bool:
    """Tell a text that is written in capitals."""
    letters = sum(map(str.isalpha, text[:400]))
    return letters > 20 and sum(map(str.isupper, text[:400])) > 0.8 * letters


def _start_of(tokens: list[Token], first: int, text: str) -> int | None:
    """Return where a name that begins at a token begins, or None where that is inside a word."""
    token = tokens[first]
    if first == 0 or tokens[first - 1].end != token.start:
        return token.start
    before = tokens[first - 1]
    opens_word = first == 1 or tokens[first - 2].end != before.start
    if opens_word and before.form in _GLUED_BEFORE and text[token.start].isupper():
        return before.start
    return None


def _ends_word(tokens: list[Token], last: int) -> bool:
    if last + 1 == len(tokens) or tokens[last + 1].start != tokens[last].end:
        return True
    after = tokens[last + 1]
    return after.form in _MARKER_LEVELS or (after.form == "s" and after.end - after.start == 1)


def _with_plural(text: str, token: Token) -> int:
    """Return the end of a token, with a plural "s" written on a symbol ("CD4s", "IL-2s")."""
    end = token.end
    is_plural = text[end : end + 1] == "s" and not text[end + 1 : end + 2].isalnum()
    return end + 1 if is_plural and text[end - 1].isdigit() else end


def _score(surface: str, name: Name, lexicon: Lexicon, *, shouted: bool) -> float:
    if surface.lower() in _FUNCTION_WORDS and not (surface.isupper() and len(surface) > 2):
        return 0.0
    if not name.is_symbol:
        if _is_acronym_of_other(surface, name, shouted=shouted):
            return 0.0
        if name.type in _GENES and len(name.text) < 4:
            return 0.0
        if name.type in _GENES and " " not in name.text and lexicon.is_word(surface.lower()):
            return 0.0
        if len(surface) <= 3 and name.type is EntityType.DISEASE and not lexicon.is_word(surface):
            return 0.0
        return name.score
    distance = spelling_distance(surface, name)
    if distance > FARTHEST or not _case_fits(surface, name, lexicon, shouted=shouted):
        return 0.0
    if name.type in _GENES and len(surface) <= 2 and name.status != "approved symbol":
        return 0.0
    if re.search(r"\s", surface) and len(re.split(r"[\s\d]", surface)[0]) < 2:
        return 0.0  # "a 1 in 5 dilution" does not name the gene A1
    return name.score - distance


def _is_acronym_of_other(surface: str, name: Name, *, shouted: bool) -> bool:
    """Tell a short word in capitals that the name is not written in: BAT is not the animal."""
    return len(surface) <= 5 and surface.isupper() and not (shouted or name.text.isupper())


def _case_fits(surface: str, name: Name, lexicon: Lexicon, *, shouted: bool) -> bool:
    """Tell whether the case of a surface is one in which the symbol is written.

    As the vocabulary has it; or all capitals; or, for genes, with one capital in front, as mouse
    and rat genes and proteins are written (Foxp3, Glut1), where that is no English word; or in
    lower case with a digit (p53).
    """
    bare = surface.rstrip("s") if surface != name.text else surface
    word = surface.lower()
    is_alias = name.type in _GENES and name.status not in {"approved symbol", "family"}
    if is_alias and lexicon.is_word(word):
        return False
    if name.text in {surface, bare}:
        return not (shouted or surface.islower()) or not lexicon.is_word(word)
    if name.type not in _GENES:
        return surface.isupper() and name.text.isupper()
    if surface.isupper():
        return not (lexicon.is_word(word) and shouted) and not name.text.islower()
    has_digit = any(char.isdigit() for char in surface)
    if lexicon.is_word(word) or (len(word) < 3 + is_alias and not has_digit):
        return False
    if surface.islower():
        return has_digit and len(word) >= 3 and " " not in surface
    return True


def keep_types(match: Match, types: frozenset[EntityType]) -> Match | None:
    """Return a match with the names of some types only, or None where none is left."""
    names = tuple(one for one in match.names if one[1].type in types)
    return replace(match, names=names) if names else None
