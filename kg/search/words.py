"""Floor 7: what of a text is compared: words in one spelling, and where they stand. Pure.

The rule is that of names (`kg.vocabulary.names`): runs of letters and of digits, in small letters
and the singular, Greek letters spelled out; hyphens and spaces only part. So "IL-7", "IL7" and
"il 7" are the same two words.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from kg.vocabulary.names import american, singular, tokenise

_RUN = re.compile(r"[^\W\d_]+|\d+")
# In queries capital letters are not to be counted on, which `tokenise` goes by: "tnfalpha".
_BEGINNING = 12
_LONGEST = 24
_GREEK = (
    "alpha", "beta", "gamma", "delta", "epsilon", "kappa", "lambda", "sigma", "theta", "zeta",
    "omega",
)  # fmt: skip


class Word(NamedTuple):
    """A word in the spelling that is compared, and the part of the text that it stands for."""

    form: str
    start: int
    end: int


def words_of(text: str) -> str:
    """Return the words of a text, a space after each.

    >>> words_of("IL-7Rα"), words_of("il7ralpha"), words_of("Memory T-cells")
    ('il 7 r alpha ', 'il 7 r alpha ', 'memory t cell ')
    """
    return "".join(map(_words_of_run, _RUN.findall(text)))


def forms_of(text: str) -> list[str]:
    """Return the words of a text as a list.

    >>> forms_of("Interleukin-7")
    ['interleukin', '7']
    """
    return words_of(text).split()


def locate_words(text: str) -> list[Word]:
    """Return the words of a text, each with the run of letters or digits that it is written in.

    >>> locate_words("IL-7")
    [Word(form='il', start=0, end=2), Word(form='7', start=3, end=4)]
    """
    return [
        Word(form, *run.span())
        for run in _RUN.finditer(text)
        for form in _words_of_run(run[0]).split()
    ]


def beginning_of(title: str) -> str:
    """Return the words that a title begins with, as many as people type to find it."""
    return " ".join(title.split(maxsplit=_BEGINNING)[:_BEGINNING])


def unfinished_words(text: str) -> list[str]:
    """Return the words of a text of which the last may go on; in each way that it may be meant.

    >>> unfinished_words("IL-7 rec"), unfinished_words("lympho analys")
    (['il 7 rec'], ['lympho analy', 'lympho analys'])
    """
    runs = list(_RUN.finditer(text))
    if not runs:
        return []
    runs = runs[:_LONGEST]
    head = words_of(text[: runs[-1].start()])
    last = runs[-1][0]
    return list(dict.fromkeys((f"{head}{words_of(last)}".rstrip(), f"{head}{last.lower()}")))


@lru_cache(maxsize=300_000)
def _words_of_run(run: str) -> str:
    if run.isdigit():
        return f"{run} "
    if run.isascii() and (run.islower() or run.isupper() or run.istitle()):
        return _parted(american(run.lower()))
    return "".join(_parted(token.form) for token in tokenise(run))


def _parted(form: str) -> str:
    """Return a word in the singular, and what Greek letters stand behind it as words of their own.

    >>> _parted("tnfalpha"), _parted("alpha"), _parted("cells")
    ('tnf alpha ', 'alpha ', 'cell ')
    """
    for letter in _GREEK if form.endswith(_GREEK) else ():
        head = form.removesuffix(letter)
        if head and head != form:
            return f"{_parted(head)}{letter} "
    return f"{singular(form)} "
