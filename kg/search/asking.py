"""Floor 7: what words somebody searches for -> what is looked for in an index. Pure.

A query is parted into units: names of entities as far as it has any (the longest first), what
stands between quotes, and else words as people part them. A unit is found where its words stand
together, and a name also where another name of the same entity stands, or the entity is mentioned.
Nothing of a query becomes syntax of FTS5: it is asked for words of letters and digits only.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kg.namespaces import iri_to_curie, parse_curie
from kg.search.words import forms_of

LONGEST_QUERY = 1_000
"""Characters."""

_MOST_PIECES = 40
_MOST_PHRASES = 24
_SHORTEST_BEGINNING = 3
_LONGEST_NAME = 8
_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"'))
_PIECE = re.compile(r'"([^"]+)"|(\S+)')
# Words that say nothing by themselves; where a query has others they need not be found.
_FUNCTION_WORDS = frozenset(
    "a an and are as at be by for from has have in is it its of on or that the their these this to "
    "was were which with".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An entity or author that a name stands for: its number in the index, and its other names."""

    thing: int
    level: int
    others: tuple[str, ...] = ()


Find = Callable[[str], Sequence[Named]]
"""What has a name of exactly these words; of the best kind of names alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """What is to be found of a query: as it was written, its words, and what it names.

    `is_beginning` lets the last word be the beginning of one.
    """

    text: str
    words: str
    named: tuple[Named, ...] = ()
    is_beginning: bool = False

    @property
    def phrases(self) -> tuple[str, ...]:
        """The words, then other names of the same entities."""
        others = (other for each in self.named for other in each.others)
        return tuple(dict.fromkeys((self.words, *others)))[:_MOST_PHRASES]


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    forms: tuple[str, ...]
    is_quoted: bool = False

    @property
    def is_short_number(self) -> bool:
        """Whether this may be the number of the name before it, and is no year."""
        return len(self.forms) == 1 and self.forms[0].isdigit() and len(self.forms[0]) < 4

    @property
    def is_function_word(self) -> bool:
        # "WAS" is a gene, "Was" begins a title.
        is_symbol = self.text.isupper() and len(self.text) > 1
        return not self.is_quoted and not is_symbol and self.text.lower() in _FUNCTION_WORDS


def read_units(query: str, find: Find) -> list[Unit]:
    """Return the units of a query; none where it has no letter and no digit.

    >>> [unit.words for unit in read_units('IL-99 in "memory T cells"', lambda words: ())]
    ['il 99', 'memory t cell']
    """
    pieces = _read_pieces(query[:LONGEST_QUERY])
    units: list[Unit] = []
    said: list[Unit] = []
    place = 0
    while place < len(pieces):
        size, named = _longest_name(pieces[place:], find)
        following = pieces[place + size] if place + size < len(pieces) else None
        if size == 1 and following is not None and following.is_short_number:
            # "IL 99" is no "IL" and some 99.
            size, named = (2, ()) if not pieces[place].is_quoted else (1, named)
        taken = pieces[place : place + size]
        place += size
        if size == 1 and not (named or taken[0].is_quoted or taken[0].is_function_word):
            units += _part_hyphens(taken[0], find)
        elif size == 1 and taken[0].is_function_word:
            said.append(_unit(taken, ()))
        else:
            units.append(_unit(taken, named))
    return list({unit.words: unit for unit in units or said}.values())


def loosened(units: Sequence[Unit]) -> list[Unit] | None:
    """Return units of which the last may be the beginning of a word; None where it is none."""
    *first, last = units
    word = last.words.rpartition(" ")[2]
    if last.named or not word.isalpha() or len(word) < _SHORTEST_BEGINNING:
        return None
    return [*first, Unit(text=last.text, words=last.words, named=last.named, is_beginning=True)]


def match_all(units: Sequence[Unit], columns: str) -> str:
    """Return the expression of FTS5 for what has all units in these columns, or as `things`.

    >>> match_all([Unit(text="IL7", words="il 7", named=(Named(thing=5, level=0),))], "words")
    '({words} : ("il 7") OR {things} : ("e5"))'
    """
    return " AND ".join(_match(unit, columns) for unit in units)


def match_any(units: Sequence[Unit], columns: str) -> str:
    """Return the expression for what has one of the units."""
    return " OR ".join(_match(unit, columns) for unit in units)


def match_names(units: Sequence[Unit], joined_by: str = " AND ") -> str:
    """Return the expression for names that have the units, under whatever name."""
    return joined_by.join(f"({_phrases(unit)})" for unit in units)


def match_beginning(words: Sequence[str], *, at_start: bool) -> str:
    """Return the expression for names with words that go on as people type.

    >>> match_beginning(["il 7"], at_start=True)
    '^ "il 7" *'
    """
    start = "^ " if at_start else ""
    return " OR ".join(f"{start}{_quoted(each)} *" for each in words)


def _match(unit: Unit, columns: str) -> str:
    found = f"{{{columns}}} : ({_phrases(unit)})"
    if not unit.named:
        return f"({found})"
    things = " OR ".join(_quoted(f"e{each.thing}") for each in unit.named)
    return f"({found} OR {{things}} : ({things}))"


def _phrases(unit: Unit) -> str:
    phrases = [_quoted(phrase) for phrase in unit.phrases]
    if unit.is_beginning:
        phrases.append(f"{_quoted(unit.words)} *")
    return " OR ".join(phrases)


def _quoted(words: str) -> str:
    return '"' + words.replace('"', '""') + '"'


def _read_pieces(query: str) -> list[_Piece]:
    text = query.strip()
    curie = _curie_of(text)
    if curie is not None:
        return [_Piece(text, tuple(forms_of(curie)))]
    pieces = []
    for match in _PIECE.finditer(text.translate(_QUOTES)):
        forms = tuple(forms_of(match[0]))
        if forms:
            pieces.append(_Piece(match[0].strip('"'), forms, is_quoted=match[1] is not None))
    return pieces[:_MOST_PIECES]


def _curie_of(text: str) -> str | None:
    """Return a query that is an identifier or an IRI as a CURIE in this project's spelling."""
    if ":" not in text or any(char.isspace() for char in text):
        return None
    return iri_to_curie(text) if "://" in text else parse_curie(text)


def _longest_name(pieces: Sequence[_Piece], find: Find) -> tuple[int, tuple[Named, ...]]:
    """Return how many of the first pieces are a name, and whose; else one piece, and nobody's."""
    for size in range(min(len(pieces), _LONGEST_NAME), 0, -1):
        taken = pieces[:size]
        if any(piece.is_quoted for piece in taken):
            continue
        if size == 1 and taken[0].is_function_word:
            continue
        named = tuple(find(_words(taken)))
        if named:
            return size, named
    return 1, ()


def _part_hyphens(piece: _Piece, find: Find) -> list[Unit]:
    """Return the name that a word begins with, and the rest ("IL-7-dependent"), else the word."""
    parts = re.split(r"[-‐‑–—/]", piece.text)
    for size in range(len(parts) - 1, 0, -1):
        head = _Piece("-".join(parts[:size]), tuple(forms_of("-".join(parts[:size]))))
        rest = _Piece("-".join(parts[size:]), tuple(forms_of("-".join(parts[size:]))))
        # A number behind a hyphen is the end of a name, not a word of its own.
        if not head.forms or not rest.forms or rest.forms[0].isdigit():
            continue
        named = tuple(find(_words([head])))
        if named:
            return [_unit([head], named), _unit([rest], ())]
    return [_unit([piece], ())]


def _unit(pieces: Sequence[_Piece], named: tuple[Named, ...]) -> Unit:
    return Unit(text=" ".join(piece.text for piece in pieces), words=_words(pieces), named=named)


def _words(pieces: Sequence[_Piece]) -> str:
    return " ".join(form for piece in pieces for form in piece.forms)
