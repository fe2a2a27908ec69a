"""Floor 6: names of the lexicon found in a text: all matches at word boundaries, case weighed.

Every match is scored by what kind of name it is and how it is written; choosing among matches that
overlap, and what the rest of the document says, comes after (`kg.annotate.annotator`).
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import accumulate, compress, count, islice
from operator import add
from typing import NamedTuple

from kg.annotate.symbols import is_protein_word, is_written_like
from kg.annotate.words import Words
from kg.model import EntityType
from kg.vocabulary.lexicon import FARTHEST, Lexicon, Name, spelling_distance
from kg.vocabulary.names import Token, name_key, singular, tokenise, uninvert
from kg.vocabulary.own_names import OWN_NAME

_GENES = frozenset({EntityType.GENE, EntityType.GENE_FAMILY})
# What may be written before a name without a break: recombinant human, phospho, anti and the like.
_GLUED_BEFORE = frozenset({"rh", "rm", "rhu", "hu", "rec", "anti", "p", "pre", "pro", "sh", "si"})
_MARKER_LEVELS = frozenset({"low", "lo", "high", "hi", "int", "neg", "pos", "bright", "dim"})
_COMMON_CHAINS = frozenset({"beta", "gamma"})  # with a "c" for "common" ("IL-2Rgammac")
_CROSSING = re.compile(r"[,;:.!?]\s|\s\n|\n\s")  # what parts phrases
_WINDOW = 160  # characters of normalised text in which a name must fit
_MEMORY = 150_000  # words and ways of writing that are remembered
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


Names = tuple[tuple[float, Name], ...]


class Match(NamedTuple):
    """A stretch of text that is written like names of the lexicon, best name first."""

    start: int
    end: int
    names: Names
    method: str = "lexicon"

    @property
    def score(self) -> float:
        """The score of the best name."""
        return self.names[0][0]

    @property
    def best(self) -> Name:
        """The best name."""
        return self.names[0][1]


class _Word(NamedTuple):
    """A word as it is written, where there is more to it than its key.

    `hits` are the names that the word is, each with the offset in the word where it ends. `lead` is
    the first token of its key, `is_long` tells whether there are more. `prefix` is the length of
    what may be written before a name without a break ("rh" in "rhIL"), 0 where that is not so.
    """

    hits: tuple[tuple[int, Names], ...]
    lead: str
    is_long: bool
    prefix: int


class _Words(dict[str, str]):
    """The key of each word that was met, and what more there is to some of them.

    A word is looked up in the lexicon once, as it is written; a text is then read by look-ups in
    this table alone.
    """

    def __init__(
        self, read: Callable[[str, bool], tuple[str, _Word | None]], *, shouted: bool
    ) -> None:
        super().__init__()
        self._read = read
        self.shouted = shouted
        self.special: dict[str, _Word] = {}

    def __missing__(self, word: str) -> str:
        key, special = self._read(word, self.shouted)
        if special is not None:
            self.special[word] = special
        self[word] = key
        return key


class Matcher:
    """Finds names of one lexicon; what it made of a way of writing is remembered."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._fitting = lru_cache(maxsize=_MEMORY)(self._judge)
        self._is_cell_of = lru_cache(maxsize=10_000)(self._names_cell)
        self._pairs, self._openings = lexicon.beginnings()
        self._words = _Words(self._read_word, shouted=False)
        self._shouted_words = _Words(self._read_word, shouted=True)

    def find_matches(self, text: str) -> list[Match]:
        """Return every match in a text, overlapping ones too.

        A name begins and ends with a word. Names of one word are looked up by the word as written;
        longer ones only where the first two tokens of a name stand together.
        """
        words = Words(text)
        table = self._shouted_words if _is_shouted(text) else self._words
        if len(table) > _MEMORY:
            table.clear()
            table.special.clear()
        keys = list(map(table.__getitem__, words.forms))
        paired = map(self._pairs.__contains__, map(add, keys, islice(keys, 1, None)))
        places = list(compress(count(), paired))
        matches: list[Match] = []
        for place in compress(count(), map(table.special.__contains__, words.forms)):
            word = table.special[words.forms[place]]
            start = words.start(place)
            for end, names in word.hits:
                matches.append(Match(start, start + end, names))
            if word.is_long:
                places.append(place)
                if place and f"{keys[place - 1]}{word.lead} " in self._pairs:
                    places.append(place - 1)
        if places:
            matches.extend(self._find_long(text, words, keys, places, table))
        return matches

    def _find_long(
        self, text: str, words: Words, keys: list[str], places: list[int], table: "_Words"
    ) -> Iterator[Match]:
        """Yield the matches of more than one word that begin at some places."""
        row = "".join(keys)
        offsets = list(accumulate(map(len, keys), initial=0))
        prefixes = self._lexicon.trie.prefixes
        for place in sorted({*places}):
            word = table.special.get(words.forms[place])
            prefix = word.prefix if word is not None else 0
            begin, after = offsets[place], offsets[place + 1]
            if word is None and not self._opens(keys[place : place + 3]):
                continue
            for key_start in (begin, begin + prefix + 1) if prefix else (begin,):
                for key in prefixes(row[key_start : key_start + _WINDOW]):
                    stop = key_start + len(key)
                    if stop <= after:
                        continue
                    end = _end_of(words, bisect_right(offsets, stop) - 1, stop, offsets)
                    if not end:
                        continue
                    if place and key.startswith("cell ") and self._is_cell_of(keys[place - 1]):
                        continue  # "T cell cycle" is about T cells
                    start = words.start(place)
                    written = start + prefix if key_start > begin else start
                    names = self._fitting(text[written:end], key, table.shouted)
                    if names:
                        yield Match(start, end, names)

    def _opens(self, keys: list[str]) -> bool:
        """Tell whether a name of two words, or the first three tokens of one, may stand here."""
        pair = "".join(keys[:2])
        if pair in self._openings or pair.count(" ") > 2:
            return True
        return len(keys) > 2 and f"{pair}{keys[2].partition(' ')[0]} " in self._openings

    def _read_word(  # (shouted is bound by the table)
        self,
        word: str,
        shouted: bool,  # noqa: FBT001
    ) -> tuple[str, _Word | None]:
        """Return the key of a word, and what more there is to it."""
        tokens = tokenise(word)
        key = "".join([f"{singular(token.form)} " for token in tokens])
        lead = key.partition(" ")[0]
        prefix = len(lead) if _is_glued_before(word, tokens) else 0
        hits = []
        for start in (0, prefix) if prefix else (0,):
            begin = start + 1 if start else 0
            for name in self._lexicon.trie.prefixes(key[begin:]):
                stop = begin + len(name)
                end = len(word) if stop == len(key) else _cut_end(word, stop)
                names = self._fitting(word[start:end], name, shouted) if end else ()
                if names:
                    hits.append((end, names))
        is_long = len(lead) + 1 < len(key)
        special = _Word(tuple(hits), lead, is_long, prefix) if hits or is_long else None
        return key, special

    def _names_cell(self, key: str) -> bool:
        names = self._lexicon.names(f"{key}cell ")
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
            if not _is_in_order(surface, key, name):
                continue
            score = _score(surface, name, self._lexicon, shouted=shouted)
            if score > 0 and (name.curie not in best or best[name.curie][0] < score):
                best[name.curie] = (round(score, 3), name)
        return tuple(sorted(best.values(), key=lambda one: (-one[0], one[1].type, one[1].curie)))


def _is_glued_before(word: str, tokens: list[Token]) -> bool:
    """Tell whether a word begins with what may be written before a name without a break."""
    return len(tokens) > 1 and tokens[0].form in _GLUED_BEFORE and word[tokens[1].start].isupper()


def _end_of(words: Words, last: int, stop: int, offsets: list[int]) -> int:
    """Return where in the text a name ends whose key ends at `stop`, or 0 where it may not.

    `last` is the first word that begins at or after `stop`, or the one that `stop` is inside.
    """
    if offsets[last] == stop:
        return words.end(last - 1)
    length = _cut_end(words.forms[last], stop - offsets[last])
    return words.start(last) + length if length else 0


def _cut_end(word: str, length: int) -> int:
    """Return where in a word its first characters of key end, or 0 where no name may end there.

    A name may end before the level of a marker ("CD4low") and before a plural "s", which belongs
    to it after a number ("IL-2s").
    """
    position = 0
    tokens = tokenise(word)
    for number, token in enumerate(tokens):
        if position == length:
            if token.form in _MARKER_LEVELS:
                return tokens[number - 1].end
            if token.form == "s" and token.end == token.start + 1:
                return token.end if word[token.start - 1].isdigit() else token.start
            if token.form == "c" and tokens[number - 1].form in _COMMON_CHAINS:
                return token.end
            return 0
        position += len(singular(token.form)) + 1
    return 0


def _is_balanced(surface: str) -> bool:
    return surface.count("(") == surface.count(")") and surface.count("[") == surface.count("]")


def _is_in_order(surface: str, key: str, name: Name) -> bool:
    """Tell a name from the words of a catalogue's inverted one without its comma.

    "... failure. Kidney" and "failure kidney" are not written for "Failure, Kidney".
    """
    is_inverted = ", " in name.text and "," not in surface
    return not is_inverted or uninvert(name.text) is None or name_key(name.text) != key


def _is_shouted(text: str) -> bool:
    """Tell a text that is written in capitals."""
    head = text[:400]
    if " of " in head or " in " in head or " and " in head or " the " in head:
        return False
    letters = sum(map(str.isalpha, head))
    return letters > 20 and sum(map(str.isupper, head)) > 0.8 * letters


def _score(surface: str, name: Name, lexicon: Lexicon, *, shouted: bool) -> float:
    if surface == name.text and name.status == OWN_NAME:
        return name.score  # the user has decided
    if surface.lower() in _FUNCTION_WORDS and not (surface.isupper() and len(surface) > 2):
        return 0.0
    if not name.is_symbol:
        if _is_acronym_of_other(surface, name, shouted=shouted):
            return 0.0
        if name.type is EntityType.DISEASE and _lowers_acronym(surface, name, lexicon):
            return 0.0
        if name.type in _GENES and len(name.text) < 4:
            return 0.0
        word = surface.lower()
        if name.type in _GENES and " " not in name.text and lexicon.is_word(word):
            return name.score if is_protein_word(word, name) else 0.0
        if len(surface) <= 3 and name.type is EntityType.DISEASE and not lexicon.is_word(surface):
            return 0.0
        return name.score
    distance = spelling_distance(surface, name)
    if distance > FARTHEST or not _case_fits(surface, name, lexicon, shouted=shouted):
        return 0.0
    if name.type in _GENES and not is_written_like(surface, name):
        return 0.0
    if name.type in _GENES and len(surface) <= 2 and name.status != "approved symbol":
        return 0.0
    if re.search(r"\s", surface) and len(re.split(r"[\s\d]", surface)[0]) < 2:
        return 0.0  # "a 1 in 5 dilution" does not name the gene A1
    return name.score - distance


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
    names = match.names
    if len(names) == 1:
        return match if names[0][1].type in types else None
    kept = tuple([one for one in names if one[1].type in types])
    if not kept:
        return None
    return match if len(kept) == len(names) else match._replace(names=kept)
