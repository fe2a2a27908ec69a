"""Floor 6: names of the lexicon found in a text: all matches at word boundaries, case weighed.

Every match is scored by what kind of name it is and how it is written; choosing among matches that
overlap, and what the rest of the document says, comes after (`kg.annotate.annotator`).
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import accumulate, compress
from operator import add, or_
from typing import NamedTuple

from kg.annotate.words import split_words
from kg.model import EntityType
from kg.vocabulary.lexicon import FARTHEST, Lexicon, Name, spelling_distance
from kg.vocabulary.names import Token, singular, tokenise

_GENES = frozenset({EntityType.GENE, EntityType.GENE_FAMILY})
# What may be written before a name without a break: recombinant human, phospho, anti and the like.
_GLUED_BEFORE = frozenset({"rh", "rm", "rhu", "hu", "rec", "anti", "p", "pre", "pro", "sh", "si"})
_MARKER_LEVELS = frozenset({"low", "lo", "high", "hi", "int", "neg", "pos", "bright", "dim"})
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
    """What is known of a word as it is written, wherever it stands.

    `key` is the word's own part of a name key, `lead` the first token of it, `hits` the names that
    the word is (with the offset in the word where they end), `skip` the length of a prefix that may
    be written before a name in `key` (0 where there is none), `goes_on` whether names of more words
    begin with all of it, `is_acronym` whether it has the look of an acronym.
    """

    key: str
    lead: str
    hits: tuple[tuple[int, Names], ...]
    examine: bool
    skip: int


class _Memo(dict[str, _Word]):
    """The words that were met, up to a number; a text's own spelling of a word is the key."""

    def __init__(self, read: Callable[[str], _Word]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, word: str) -> _Word:
        found = self[word] = self._read(word)
        return found


class Matcher:
    """Finds names of one lexicon; what it made of a way of writing is remembered."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._fitting = lru_cache(maxsize=_MEMORY)(self._judge)
        self._is_cell_of = lru_cache(maxsize=10_000)(self._names_cell)
        self._pairs = lexicon.pairs()
        self._words = _Memo(partial(self._read_word, shouted=False))
        self._shouted_words = _Memo(partial(self._read_word, shouted=True))

    def find_matches(self, text: str) -> list[Match]:
        """Return every match in a text, overlapping ones too, in order of start.

        A name begins and ends with a word. Names of one word are looked up by the word as written;
        longer ones only where the first two tokens of a name stand together.
        """
        words, starts = split_words(text)
        if not words:
            return []
        shouted = _is_shouted(text)
        memo = self._shouted_words if shouted else self._words
        if len(memo) > _MEMORY:
            memo.clear()
        keys, leads, hits, examine, _ = zip(*map(memo.__getitem__, words), strict=True)
        matches = [
            Match(starts[place], starts[place] + end, names)
            for place in compress(range(len(words)), hits)
            for end, names in hits[place]
        ]
        paired = map(self._pairs.__contains__, map(add, keys, leads[1:]))
        places = list(compress(range(len(words) - 1), map(or_, paired, examine)))
        if places:
            matches.extend(self._find_long(text, words, starts, keys, places, memo, shouted))
        return matches

    def _find_long(self, text, words, starts, keys, places, memo, shouted):
        """Yield the matches of more than one word that begin at some places."""
        row = "".join(keys)
        offsets = list(accumulate(map(len, keys), initial=0))
        prefixes = self._lexicon.trie.prefixes
        for place in places:
            skip = memo[words[place]].skip
            next_word = offsets[place + 1]
            for begin in (offsets[place], offsets[place] + skip) if skip else (offsets[place],):
                for key in prefixes(row[begin : begin + _WINDOW]):
                    stop = begin + len(key)
                    if stop <= next_word:
                        continue
                    last = bisect_right(offsets, stop) - 1
                    if offsets[last] == stop:
                        end = starts[last - 1] + len(words[last - 1])
                    else:
                        length = _cut_end(words[last], stop - offsets[last])
                        if not length:
                            continue
                        end = starts[last] + length
                    if key.startswith("cell ") and place and self._is_cell_of(keys[place - 1]):
                        continue  # "T cell cycle" is about T cells
                    names = self._fitting(text[starts[place] : end], key, shouted)
                    if names:
                        yield Match(starts[place], end, names)

    def _read_word(self, word: str, *, shouted: bool) -> _Word:
        """Look a word up: the names that it is, and whether longer names may begin with it."""
        tokens = tokenise(word)
        key = "".join(f"{singular(token.form)} " for token in tokens)
        lead = key.partition(" ")[0]
        skip = len(lead) + 1 if _is_glued_before(word, tokens) else 0
        hits = []
        for begin in (0, skip) if skip else (0,):
            for name in self._lexicon.trie.prefixes(key[begin:]):
                stop = begin + len(name)
                end = len(word) if stop == len(key) else _cut_end(word, stop)
                names = self._fitting(word[:end], name, shouted) if end else ()
                if names:
                    hits.append((end, names))
        is_long = key.count(" ") > 1
        return _Word(key, lead, tuple(hits), is_long, skip)

    def _names_cell(self, key: str) -> bool:
        names = self._lexicon.names(f"{key}cell ")
        return any(name.type is EntityType.CELL_TYPE for name in names)

    def _judge(self, surface: str, key: str, shouted: bool) -> Names:  # noqa: FBT001 (cached)
        """Return the names under a key that a surface may be, scored, one a term, best first."""
        if not _is_balanced(surface):
            return ()
        best: dict[str, tuple[float, Name]] = {}
        for name in self._lexicon.names(key):
            score = _score(surface, name, self._lexicon, shouted=shouted)
            if score > 0 and (name.curie not in best or best[name.curie][0] < score):
                best[name.curie] = (round(score, 3), name)
        return tuple(sorted(best.values(), key=lambda one: (-one[0], one[1].type, one[1].curie)))


def _is_glued_before(word: str, tokens: list[Token]) -> bool:
    """Tell whether a word begins with what may be written before a name without a break."""
    return len(tokens) > 1 and tokens[0].form in _GLUED_BEFORE and word[tokens[1].start].isupper()


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
            return 0
        position += len(singular(token.form)) + 1
    return 0


def _is_balanced(surface: str) -> bool:
    return surface.count("(") == surface.count(")") and surface.count("[") == surface.count("]")


def _is_shouted(text: str) -> bool:
    """Tell a text that is written in capitals."""
    head = text[:400]
    if " of " in head or " in " in head or " and " in head or " the " in head:
        return False
    letters = sum(map(str.isalpha, head))
    return letters > 20 and sum(map(str.isupper, head)) > 0.8 * letters


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
    return match._replace(names=names) if names else None
