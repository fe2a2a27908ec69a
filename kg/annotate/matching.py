"""Floor 6: names of the lexicon found in a text: all matches at word boundaries, case weighed.

Every match is scored by what kind of name it is and how it is written; choosing among matches that
overlap, and what the rest of the document says, comes after (`kg.annotate.annotator`).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise
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


class _Begun(NamedTuple):
    """The keys of the names that two tokens begin, shortest first; `width` is that of the widest.

    The width counts tokens, of which a word has one or more. There are no keys where many names
    begin so, or where the two tokens were met but once.
    """

    keys: tuple[str, ...]
    width: int


_ONCE = _Begun((), 0)
_MANY = _Begun((), 1)
_Seconds = dict[str, _Begun | None]


@dataclass(frozen=True, slots=True)
class _Word:
    """What is known of a word as it is written.

    `key` is the row of its tokens, each followed by a space, `lead` the first of them; `is_long`
    tells whether there are more. `hits` are the names that the word is, each with the offset in the
    word where it ends. `seconds` are the tokens that go on with a name which the word begins, each
    with the names that begin with the two, or None as long as the two were not met. `prefix` is the
    length of what may be written before a name without a break ("rh" in "rhIL"), 0 where that is
    not so.
    """

    key: str
    lead: str
    is_long: bool
    hits: tuple[tuple[int, Names], ...]
    seconds: _Seconds
    prefix: int


_NO_SECONDS: _Seconds = {}
_END = _Word("", "", is_long=False, hits=(), seconds=_NO_SECONDS, prefix=0)  # behind the last word


class _Words(dict[str, _Word]):
    """The words that were met.

    A word is looked up in the lexicon once, as it is written; a text is then read by look-ups in
    this table alone.
    """

    def __init__(self, read: Callable[[str, bool], _Word], *, shouted: bool) -> None:
        super().__init__()
        self._read = read
        self.shouted = shouted

    def __missing__(self, form: str) -> _Word:
        word = self[form] = self._read(form, self.shouted)
        return word


class Matcher:
    """Finds names of one lexicon; what it made of a way of writing is remembered."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._fitting = lru_cache(maxsize=_MEMORY)(self._judge)
        self._is_cell_of = lru_cache(maxsize=10_000)(self._names_cell)
        self._beginnings, self._openings = lexicon.beginnings()
        self._seconds: dict[str, _Seconds] = {}
        self._words = _Words(self._read_word, shouted=False)
        self._shouted_words = _Words(self._read_word, shouted=True)

    def find_matches(self, text: str) -> list[Match]:
        """Return every match in a text, overlapping ones too.

        A name begins and ends with a word. Names of one word are looked up by the word as written;
        longer ones only where the first two tokens of a name stand together.
        """
        places = Words(text)
        table = self._shouted_words if is_shouted(text) else self._words
        if len(table) > _MEMORY:
            table.clear()
            self._seconds.clear()
        words = list(map(table.__getitem__, places.forms))
        words.append(_END)
        matches: list[Match] = []
        begun: dict[int, Iterable[str]] = {}
        for place, (word, following) in enumerate(pairwise(words)):
            if following.lead in word.seconds:
                begun[place] = self._names_from(words, place)
            if word.hits:
                start = places.start(place)
                for end, names in word.hits:
                    matches.append(Match(start, start + end, names))
            if word.is_long:
                begun[place] = self._names_in(words, place)
        for place, keys in begun.items():
            if keys:
                matches.extend(self._find_long(text, places, words, place, keys, table))
        return matches

    def _find_long(
        self,
        text: str,
        places: Words,
        words: Sequence[_Word],
        place: int,
        begun: Iterable[str],
        table: "_Words",
    ) -> Iterator[Match]:
        """Yield the matches of more than one word that begin at a place.

        `begun` are the keys of names with which the row of words there begins.
        """
        word = words[place]
        opening = len(word.key)
        start = places.start(place)
        prefix = word.prefix
        for begin in (0, prefix + 1) if prefix else (0,):
            written = start + prefix if begin else start
            for key in self._names_in(words, place, begin) if begin else begun:
                stop = begin + len(key)
                end = _end_of(places, words, place, stop) if stop > opening else 0
                if not end:
                    continue
                if place and key.startswith("cell ") and self._is_cell_of(words[place - 1].key):
                    continue  # "T cell cycle" is about T cells
                names = self._fitting(text[written:end], key, table.shouted)
                if names:
                    yield Match(start, end, names)

    def _names_in(self, words: Sequence[_Word], place: int, begin: int = 0) -> list[str]:
        """Return the keys of names with which the row of words at a place begins."""
        row = "".join([word.key for word in words[place : place + _LONGEST]])[:_WINDOW]
        found: list[str] = self._lexicon.trie.prefixes(row[begin:] if begin else row)
        return found

    def _names_from(self, words: Sequence[_Word], place: int) -> Iterable[str]:
        """Return what `_names_in` does, at a place where two tokens begin a name.

        After most pairs few names are left, which are sooner compared than looked up.
        """
        word, following = words[place], words[place + 1]
        if following.is_long:
            return self._names_in(words, place)
        pair = word.key + following.key
        names = word.seconds[following.lead]
        if names is None:
            names = word.seconds[following.lead] = _ONCE
        elif names is _ONCE:
            names = word.seconds[following.lead] = self._begun_by(pair)
        keys = names.keys
        if not keys:
            return self._names_in(words, place) if self._opens(pair, words[place + 2]) else ()
        if names.width == 2:
            return keys
        row = pair + "".join([word.key for word in words[place + 2 : place + names.width]])
        return [key for key in keys if row.startswith(key)]

    def _begun_by(self, pair: str) -> _Begun:
        """Return the names that begin with two tokens, but for those that are too long."""
        found = list(islice(self._lexicon.trie.iterkeys(pair), _FEW + 1))
        if len(found) > _FEW:
            return _MANY
        keys = tuple(sorted((key for key in found if len(key) <= _WINDOW), key=len))
        width = max((key.count(" ") for key in keys), default=1)
        return _Begun(keys, min(width, _LONGEST))

    def _opens(self, pair: str, following: _Word) -> bool:
        """Tell whether two tokens are a name, or begin one with the word behind them."""
        return pair in self._openings or (
            bool(following.lead) and f"{pair}{following.lead} " in self._openings
        )

    def _read_word(self, form: str, shouted: bool) -> _Word:  # noqa: FBT001 (bound by the table)
        """Return what is to be known of a word."""
        if form.isascii() and form.isalpha() and form.islower():
            # One token; nothing is cut from it.
            lead = singular(american(form))
            key = f"{lead} "
            prefix = 0
        else:
            tokens = tokenise(form)
            key = "".join([f"{singular(token.form)} " for token in tokens])
            lead = key.partition(" ")[0]
            prefix = len(lead) if _is_glued_before(form, tokens) else 0
        hits = []
        for start in (0, prefix) if prefix else (0,):
            begin = start + 1 if start else 0
            for name in self._lexicon.trie.prefixes(key[begin:]):
                stop = begin + len(name)
                end = len(form) if stop == len(key) else _cut_end(form, stop)
                names = self._fitting(form[start:end], name, shouted) if end else ()
                if names:
                    hits.append((end, names))
        is_long = len(lead) + 1 < len(key)
        seconds = _NO_SECONDS if is_long else self._seconds.get(lead)
        if seconds is None:
            known = self._beginnings.get(lead)
            seconds = dict.fromkeys(known.split(" ")) if known else _NO_SECONDS
            self._seconds[lead] = seconds
        return _Word(key, lead, is_long, tuple(hits), seconds, prefix)

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


def _end_of(places: Words, words: Sequence[_Word], place: int, stop: int) -> int:
    """Return where in the text a name ends that begins at a place, or 0 where it may not end.

    `stop` is the length of the keys of its words together.
    """
    while stop > 0:
        last = len(words[place].key)
        if stop == last:
            return places.end(place)
        if stop < last:
            length = _cut_end(places.forms[place], stop)
            return places.start(place) + length if length else 0
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
