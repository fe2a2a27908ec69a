"""Floor 6: names of the lexicon found in a text: all matches at word boundaries, case weighed.

Every match is scored by what kind of name it is and how it is written; choosing among matches that
overlap, and what the rest of the document says, comes after (`kg.annotate.annotator`).
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import compress, count, islice
from operator import add
from typing import NamedTuple

from kg.annotate.rules import refusal, weigh
from kg.annotate.words import Words
from kg.model import EntityType
from kg.vocabulary.lexicon import Lexicon, Name
from kg.vocabulary.names import Token, american, singular, tokenise

_GENES = frozenset({EntityType.GENE, EntityType.GENE_FAMILY})
# What may be written before a name without a break: recombinant human, phospho, anti and the like.
_GLUED_BEFORE = frozenset({"rh", "rm", "rhu", "hu", "rec", "anti", "p", "pre", "pro", "sh", "si"})
_MARKER_LEVELS = frozenset({"low", "lo", "high", "hi", "int", "neg", "pos", "bright", "dim"})
_COMMON_CHAINS = frozenset({"beta", "gamma"})  # with a "c" for "common" ("IL-2Rgammac")
_CROSSING = re.compile(r"[,;:.!?]\s|\s\n|\n\s")  # what parts phrases
_WINDOW = 160  # characters of normalised text in which a name must fit
_LONGEST = 25  # words that are looked at for one name
_FEW = 20  # names that are sooner compared one by one
_MEMORY = 150_000  # words and ways of writing that are remembered


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
        self._continued: dict[str, tuple[str, ...]] = {}
        self._words = _Words(self._read_word, shouted=False)
        self._shouted_words = _Words(self._read_word, shouted=True)

    def find_matches(self, text: str) -> list[Match]:
        """Return every match in a text, overlapping ones too.

        A name begins and ends with a word. Names of one word are looked up by the word as written;
        longer ones only where the first two tokens of a name stand together.
        """
        words = Words(text)
        table = self._shouted_words if is_shouted(text) else self._words
        if len(table) > _MEMORY:
            table.clear()
            table.special.clear()
        keys = list(map(table.__getitem__, words.forms))
        paired = map(self._pairs.__contains__, map(add, keys, islice(keys, 1, None)))
        begun: dict[int, Iterable[str]] = {
            place: known
            for place in compress(count(), paired)
            if (known := self._names_from(keys, place))
        }
        matches: list[Match] = []
        for place in compress(count(), map(table.special.__contains__, words.forms)):
            word = table.special[words.forms[place]]
            start = words.start(place)
            for end, names in word.hits:
                matches.append(Match(start, start + end, names))
            if word.is_long:
                begun[place] = self._names_in(keys, place)
                if place and f"{keys[place - 1]}{word.lead} " in self._pairs:
                    begun[place - 1] = self._names_in(keys, place - 1)
        for place in sorted(begun):
            matches.extend(self._find_long(text, words, keys, place, begun[place], table))
        return matches

    def _find_long(
        self,
        text: str,
        words: Words,
        keys: list[str],
        place: int,
        begun: Iterable[str],
        table: "_Words",
    ) -> Iterator[Match]:
        """Yield the matches of more than one word that begin at a place.

        `begun` are the keys of names with which the row of words there begins.
        """
        word = table.special.get(words.forms[place])
        opening = len(keys[place])
        start = words.start(place)
        prefix = word.prefix if word is not None else 0
        for begin in (0, prefix + 1) if prefix else (0,):
            written = start + prefix if begin else start
            for key in self._names_in(keys, place, begin) if begin else begun:
                stop = begin + len(key)
                end = _end_of(words, keys, place, stop) if stop > opening else 0
                if not end:
                    continue
                if place and key.startswith("cell ") and self._is_cell_of(keys[place - 1]):
                    continue  # "T cell cycle" is about T cells
                names = self._fitting(text[written:end], key, table.shouted)
                if names:
                    yield Match(start, end, names)

    def _names_in(self, keys: list[str], place: int, begin: int = 0) -> list[str]:
        """Return the keys of names with which the row of words at a place begins."""
        row = "".join(keys[place : place + _LONGEST])[:_WINDOW]
        found: list[str] = self._lexicon.trie.prefixes(row[begin:] if begin else row)
        return found

    def _names_from(self, keys: list[str], place: int) -> Iterable[str]:
        """Return what `_names_in` does, at a place where two tokens begin a name.

        After most pairs few names are left, which are sooner compared than looked up.
        """
        pair = keys[place] + keys[place + 1]
        names = self._continued.get(pair)
        if names is None:
            if len(self._continued) > _MEMORY:
                self._continued.clear()
            names = self._continued[pair] = self._continue(pair)
        if not names:
            return self._names_in(keys, place) if self._opens(pair, keys, place) else ()
        if len(names) == 1 and names[0] == pair:
            return names
        row = "".join(keys[place : place + _LONGEST])
        return [name for name in names if row.startswith(name)]

    def _continue(self, pair: str) -> tuple[str, ...]:
        """Return the keys of names that begin with a pair, shortest first; none if there are many.

        Left out is what is longer than a name may be.
        """
        names = tuple(islice(self._lexicon.trie.iterkeys(pair), _FEW + 1))
        if len(names) > _FEW:
            return ()
        return tuple(sorted((name for name in names if len(name) <= _WINDOW), key=len))

    def _opens(self, pair: str, keys: list[str], place: int) -> bool:
        """Tell whether a name of two words, or the first three tokens of one, stands at a place."""
        if pair in self._openings:
            return True
        return place + 2 < len(keys) and (
            f"{pair}{keys[place + 2].partition(' ')[0]} " in self._openings
        )

    def _read_word(  # (shouted is bound by the table)
        self,
        word: str,
        shouted: bool,  # noqa: FBT001
    ) -> tuple[str, _Word | None]:
        """Return the key of a word, and what more there is to it."""
        if word.isascii() and word.isalpha() and word.islower():
            # One token; nothing is cut from it.
            key = f"{singular(american(word))} "
            lead, prefix = key[:-1], 0
        else:
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
        is_word = self._lexicon.is_word(surface.lower())
        best: dict[str, tuple[bool, float, Name]] = {}
        for name in self._lexicon.names(key):
            score = weigh(surface, key, name, self._lexicon, shouted=shouted).score
            if score > 0:
                # Of a term's names one that is trusted counts before one that is not.
                holds = not refusal(surface, score, name, is_word=is_word)
                known = best.get(name.curie)
                if known is None or known[:2] < (holds, score):
                    best[name.curie] = holds, score, name
        names = [(round(score, 3), name) for _, score, name in best.values()]
        return tuple(sorted(names, key=lambda one: (-one[0], one[1].type, one[1].curie)))


def _is_glued_before(word: str, tokens: list[Token]) -> bool:
    """Tell whether a word begins with what may be written before a name without a break."""
    return len(tokens) > 1 and tokens[0].form in _GLUED_BEFORE and word[tokens[1].start].isupper()


def _end_of(words: Words, keys: list[str], place: int, stop: int) -> int:
    """Return where in the text a name ends that begins at a place, or 0 where it may not end.

    `stop` is the length of the keys of its words together.
    """
    while stop > 0:
        last = len(keys[place])
        if stop == last:
            return words.end(place)
        if stop < last:
            length = _cut_end(words.forms[place], stop)
            return words.start(place) + length if length else 0
        stop -= last
        place += 1
    return 0


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


def is_shouted(text: str) -> bool:
    """Tell a text that is written in capitals."""
    head = text[:400]
    if " of " in head or " in " in head or " and " in head or " the " in head:
        return False
    letters = sum(map(str.isalpha, head))
    return letters > 20 and sum(map(str.isupper, head)) > 0.8 * letters


def keep_types(match: Match, types: frozenset[EntityType]) -> Match | None:
    """Return a match with the names of some types only, or None where none is left."""
    names = match.names
    if len(names) == 1:
        return match if names[0][1].type in types else None
    kept = tuple([one for one in names if one[1].type in types])
    if not kept:
        return None
    return match if len(kept) == len(names) else match._replace(names=kept)
