"""Floor 5: how papers use the symbols and acronyms of the vocabularies.

`data/usage` tells, of some twenty thousand papers, what they define each short form as, and which
words they write in lower case (`data/make_usage.py`). A symbol that papers define as something else
again and again ("MRI", an alias of a gene) is no name by itself; one that they define as one entity
is that entity's name, before others that have it too, or if no vocabulary lists it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from kg.errors import VocabularyError
from kg.model import EntityType, Term
from kg.resources import resource_path
from kg.vocabulary.gathering import Entries, Gathered
from kg.vocabulary.hosts import CUE_STATUSES
from kg.vocabulary.names import name_key
from kg.vocabulary.proteins import names_a_protein
from kg.vocabulary.stopnames import GENERIC_GENE_WORDS

SHORT_FORMS = "short_forms.tsv"
WORDS = "words.txt"

USUAL = "usual short form"
"""The status of a name that papers use for one entity before all others."""

SELDOM = "seldom used"
"""The status of a symbol that papers use for something else."""

LEAST_DEFINITIONS = 3
"""Papers that define a short form before it says anything."""

_LEAST_SHARE = 0.6
_LEAST_OF_TWO = (10, 0.75)  # papers, and share, of a short form of two letters
_LEAST_OF_NEW = (5, 0.8)  # papers, and share, of one that no vocabulary lists
_LEAST_FOR_OTHERS = 10  # papers that set aside an acronym of what is no gene
_LEAST_FOR_APPROVED = 20  # papers that set aside the approved symbol of a gene
_LONGEST_APPROVED = 3
_MOST_OTHERWISE = 0.05
_FULL_NAME = 0.75
_SURE = 0.95
_NEAR_BEST = 0.1
_ALIKE = 0.55
_WEIGHT = re.compile(r"\b\d+ kda ")  # of a protein, which some of its names give
_GENES = frozenset({EntityType.GENE, EntityType.GENE_FAMILY})
_PEOPLE = CUE_STATUSES | {"patient"}


@dataclass(slots=True)
class _Use:
    """What a short form is defined as: in how many papers, as which terms.

    `alike` are those that the short form is a name of, and whose names are like the long form;
    `proteins` counts long forms that are no known names, but read like those of proteins.
    """

    papers: int = 0
    named: Counter[str] = field(default_factory=Counter)
    alike: Counter[str] = field(default_factory=Counter)
    proteins: int = 0

    def add(self, meaning: "_Meaning") -> None:
        """Count a meaning."""
        self.papers += meaning.papers
        for curie in meaning.named:
            self.named[curie] += meaning.papers
        for curie in meaning.alike:
            self.alike[curie] += meaning.papers
        if meaning.is_protein and not (meaning.named or meaning.alike):
            self.proteins += meaning.papers


class _Meaning(NamedTuple):
    """A long form: in how many papers, the terms that it names, and those that it may."""

    papers: int
    named: frozenset[str]
    alike: frozenset[str]
    is_protein: bool


def usage_files() -> tuple[Path, Path]:
    """Return the files of `data/usage`: short forms and words.

    Raises:
        VocabularyError: if one is missing.
    """
    folder = resource_path("data", "usage")
    files = folder / SHORT_FORMS, folder / WORDS
    for path in files:
        if not path.is_file():
            raise VocabularyError(f"{path}: no such file; restore it from the package")
    return files


def apply_usage(gathered: Gathered, short_forms: Path, words: Path) -> None:
    """Trust the symbols of the vocabularies as far as papers use them for what they name.

    Raises:
        VocabularyError: if one of the files, which are as `usage_files` names them, is damaged.
    """
    meanings: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for short, long, papers in _read_meanings(short_forms):
        meanings[name_key(short)].append((short, long, papers))
    for key, found in meanings.items():
        _apply(gathered, key, found)
    gathered.words_of_papers = _read_words(words)


def _read_meanings(path: Path) -> Iterator[tuple[str, str, int]]:
    for number, line in enumerate(_lines(path), start=1):
        cells = line.split("\t")
        if len(cells) != 3 or not cells[2].isdecimal():
            raise VocabularyError(
                f"{path}:{number}: not a short form, a long form and a number, parted by tabs; "
                "restore the file, or make it again with data/make_usage.py"
            )
        yield cells[0], cells[1], int(cells[2])


def _read_words(path: Path) -> frozenset[str]:
    return frozenset(_lines(path))


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise VocabularyError(f"{path}: cannot be read ({error}); restore the file") from error


def _apply(gathered: Gathered, key: str, found: list[tuple[str, str, int]]) -> None:
    """Weigh the names under a key by what papers define it as."""
    entries = gathered.names.get(key, {})
    together, written = _Use(), defaultdict[str, _Use](_Use)
    for short, long, papers in found:
        named = _named(gathered, long)
        alike = frozenset[str]() if named else _alike(gathered, long, entries)
        meaning = _Meaning(papers, named, alike, names_a_protein(long))
        together.add(meaning)
        written[short].add(meaning)
    for (curie, text), (status, score, is_symbol) in entries.items():
        own = written.get(text)
        use = own if own is not None and own.papers >= LEAST_DEFINITIONS else together
        kind = gathered.terms[curie].type
        if is_symbol and _is_otherwise(use, curie, _least_against(kind, text, status)):
            entries[curie, text] = SELDOM, score, is_symbol
    for short, use in written.items():
        curie = _usual(short, use)
        if curie:
            _file(gathered, key, curie, short, use)


def _named(gathered: Gathered, long: str) -> frozenset[str]:
    """Return the terms that a long form names."""
    key = name_key(long)
    # "T helper 1" is written for the cell.
    for spelled in (key,) if names_a_protein(long) else (key, f"{key}cell "):
        names = gathered.names.get(spelled, {})
        full: dict[str, float] = {}
        for (curie, _), (status, score, is_symbol) in names.items():
            if not is_symbol and score >= _FULL_NAME and status not in _PEOPLE:
                full[curie] = max(score, full.get(curie, 0.0))
        if full:
            best = max(full.values())
            return frozenset(curie for curie, score in full.items() if score > best - _NEAR_BEST)
    return frozenset()


def _alike(gathered: Gathered, long: str, entries: Entries) -> frozenset[str]:
    """Return the term with a short form whose names are most like a long form, if it is one."""
    words = frozenset(name_key(long).split())
    if words <= GENERIC_GENE_WORDS:
        return frozenset()
    alike = {curie: _likeness(words, gathered.terms[curie]) for curie, _ in entries}
    best = max(alike.values(), default=0.0)
    found = [curie for curie, value in alike.items() if value == best]
    return frozenset(found) if best >= _ALIKE and len(found) == 1 else frozenset()


def _likeness(words: frozenset[str], term: Term) -> float:
    """Return how many of the words of a long form a name of a term shares, of all of both.

    Names with other numbers are those of others ("ATP-binding cassette 6").
    """
    numbers = frozenset(filter(str.isdecimal, words))
    best = 0.0
    for name in (term.label, *(synonym.text for synonym in term.synonyms)):
        own = frozenset(_WEIGHT.sub("", name_key(name)).split())
        if numbers == frozenset(filter(str.isdecimal, own)):
            best = max(best, len(words & own) / len(words | own))
    return best


def _least_against(kind: EntityType, text: str, status: str) -> int:
    """Return how many papers have to define a symbol as something else; 0 where any are too few.

    What is no abbreviation to those who write it is not defined either, and so an approved symbol
    is set aside only where it is short and letters alone ("HR", the hazard ratio).
    """
    if kind is EntityType.GENE_FAMILY or status == "label":
        return 0
    if kind is not EntityType.GENE:
        return _LEAST_FOR_OTHERS
    if status != "approved symbol":
        return LEAST_DEFINITIONS
    return _LEAST_FOR_APPROVED if len(text) <= _LONGEST_APPROVED and text.isalpha() else 0


def _is_otherwise(use: _Use, curie: str, least: int) -> bool:
    """Tell whether papers use a symbol for something else than a term."""
    if not least or use.papers < least:
        return False
    return (use.named[curie] + use.alike[curie] + use.proteins) / use.papers < _MOST_OTHERWISE


def _usual(short: str, use: _Use) -> str:
    """Return the term that a short form is used for before all else; empty where there is none."""
    least, share = (LEAST_DEFINITIONS, _LEAST_SHARE) if len(short) > 2 else _LEAST_OF_TWO
    meant = use.named + use.alike
    if use.papers < least or not meant:
        return ""
    best = max(meant.values())
    curies = sorted(curie for curie, papers in meant.items() if papers == best)
    return curies[0] if best / use.papers >= share else ""


def _file(gathered: Gathered, key: str, curie: str, short: str, use: _Use) -> None:
    """File a short form as a name of a term, unless it has a better one under the key."""
    entries = gathered.names.get(key, {})
    share = (use.named[curie] + use.alike[curie]) / use.papers
    least_new, share_new = _LEAST_OF_NEW
    before = [score for (other, _), (_, score, _) in entries.items() if other == curie]
    if not before and (use.papers < least_new or share < share_new):
        return
    if gathered.terms[curie].type in _GENES and max(before, default=0.0) >= _SURE:
        return  # its own symbol
    sure = (
        of
        for (of, text), (status, known, _) in entries.items()
        if text.casefold() == short.casefold()
        and (known >= _SURE or status == "family")
        and status != SELDOM
    )
    if any(of != curie for of in sure):
        return  # what is no abbreviation to those who write it is not defined
    score = round(0.9 + 0.1 * share, 2)
    if entries.get((curie, short), ("", 0.0, True))[1] < score:
        gathered.file(gathered.terms[curie], short, USUAL, score, is_symbol=True)
