"""Floor 6: abbreviations that a text defines, by the method of Schwartz and Hearst (2003).

A simple algorithm for identifying abbreviation definitions in biomedical text. Pac Symp Biocomput
2003:451-62.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

_PARENTHESIS = re.compile(r"[(\[]([^()\[\]]{2,40})[)\]]")
_OPENING = "([\"'“‘"
_RUN = re.compile(r"\w+")
_INITIAL = re.compile(r"(?<![^\W_])[^\W\d_]")  # that a word or a part of one begins with
_FEW = 30  # short forms that are sooner looked for one by one
_REFERENCE = re.compile(r"(?:Fig|Figs|Figure|Figures|Table|Tables|Ref|Refs|Video|Movie)\b|\S+\+/")
_PARTED = re.compile(r"[;,]\s")
_WINDOW = 300  # characters before the parenthesis in which a long form must stand


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A definition: the long form and the short form, with their offsets in the text."""

    long_start: int
    long_end: int
    short_start: int
    short_end: int


def find_abbreviations(text: str) -> list[Abbreviation]:
    """Return the abbreviations that a text defines as "long form (SF)".

    >>> text = "patients with rheumatoid arthritis (RA) and controls"
    >>> [(text[a.long_start:a.long_end], text[a.short_start:a.short_end])
    ...  for a in find_abbreviations(text)]
    [('rheumatoid arthritis', 'RA')]
    """
    found = []
    for match in _PARENTHESIS.finditer(text):
        inside = match[1]
        if not inside[0].isalnum() and not inside[0].isspace():
            continue
        short = inside.strip()
        if "," in short or ";" in short:
            short = _PARTED.split(inside, 1)[0].strip()
        if not _is_short_form(short):
            continue
        before_end = match.start()
        while before_end and text[before_end - 1].isspace():
            before_end -= 1
        start = _long_form_start(text, before_end, short)
        if start is not None:
            start = min(start, _start_by_initials(text, before_end, short))
            short_start = match.start(1) + inside.index(short)
            found.append(Abbreviation(start, before_end, short_start, short_start + len(short)))
    return found


def find_uses(text: str, short_forms: Collection[str]) -> Iterator[tuple[int, int, str]]:
    """Yield where a text uses short forms, also in the plural: start, end, short form.

    Goes through the text once, where there are many short forms.

    >>> list(find_uses("RA, RAs and RAG", ["RA"]))
    [(0, 2, 'RA'), (4, 7, 'RA')]
    """
    if len(short_forms) <= _FEW:
        for short in short_forms:
            yield from _find_one(text, short)
        return
    by_run: dict[str, list[str]] = defaultdict(list)
    for short in short_forms:
        opening = _RUN.match(short)
        if opening is not None:
            by_run[opening[0]].append(short)
    for run in _RUN.finditer(text) if by_run else ():
        word, start = run[0], run.start()
        wanted = by_run.get(word, ())
        if word[-1] == "s" and word[:-1] in by_run.get(word[:-1], ()):
            wanted = (*wanted, word[:-1])
        for short in wanted:
            end = start + len(short)
            if text.startswith(short, start):
                end += text.startswith("s", end)
                if _RUN.match(text, end) is None:
                    yield start, end, short


def _find_one(text: str, short: str) -> Iterator[tuple[int, int, str]]:
    start = text.find(short)
    while start >= 0:
        end = start + len(short)
        end += text.startswith("s", end)
        if not (_is_of_word(text[end : end + 1]) or _is_of_word(text[start - 1 : start])):
            yield start, end, short
        start = text.find(short, end)


def _is_of_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def _is_short_form(text: str) -> bool:
    return (
        2 <= len(text) <= 10
        and text[0].isalnum()
        and text != text.lower()
        and len(text.split()) <= 2
        and _REFERENCE.match(text) is None
    )


def _last_words(text: str, start: int, end: int, count: int) -> int:
    """Return where the last words of a stretch of text begin, so many or all there are."""
    stretch = text[start:end]
    parts = stretch.rsplit(None, count)
    if len(parts) <= count:
        return start + len(stretch) - len(stretch.lstrip())
    before = len(parts[0])
    return start + before + len(stretch) - before - len(stretch[before:].lstrip())


def _start_by_initials(text: str, end: int, short: str) -> int:
    """Return where the words begin of which a short form is the initials; `end` where it is not.

    Its letters may all be found in the last of these words alone ("coronary artery calcium (CAC)").

    >>> text = "of coronary artery calcium"
    >>> text[_start_by_initials(text, len(text), "CAC") :]
    'coronary artery calcium'
    """
    begin = max(0, end - _WINDOW)
    words = list(_INITIAL.finditer(text, begin, end))[-len(short) :]
    initials = "".join(word[0] for word in words)
    return words[0].start() if initials.casefold() == short.casefold() else end


def _long_form_start(text: str, end: int, short: str) -> int | None:
    """Return where the long form of a short form begins, or None where there is none."""
    letters = sum(map(str.isalnum, short))
    first = _last_words(text, max(0, end - _WINDOW), end, min(letters + 5, letters * 2))
    long = text[first:end]
    lowered = long.lower()
    if len(lowered) != len(long):
        return None  # letters whose lower case is longer: offsets would not hold
    letters_of_short = [char for char in short.lower() if char.isalnum()]
    position = len(lowered)
    for char in reversed(letters_of_short[1:]):
        position = lowered.rfind(char, 0, position)
        if position < 0:
            return None
    while True:
        position = lowered.rfind(letters_of_short[0], 0, position)
        if position < 0:
            return None
        if position == 0 or not lowered[position - 1].isalnum():
            break
    start = position
    while start > 0 and not long[start - 1].isspace():
        start -= 1
    while start < len(long) and long[start] in _OPENING:
        start += 1
    chosen = long[start:]
    if len(chosen) <= len(short) or short.lower() in chosen.lower().split():
        return None
    return first + start
