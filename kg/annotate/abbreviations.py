"""Floor 6: abbreviations that a text defines, by the method of Schwartz and Hearst (2003).

A simple algorithm for identifying abbreviation definitions in biomedical text. Pac Symp Biocomput
2003:451-62.
"""

import re
from dataclasses import dataclass

_PARENTHESIS = re.compile(r"[(\[]([^()\[\]]{2,40})[)\]]")
_WORD = re.compile(r"\S+")
_REFERENCE = re.compile(r"(?:Fig|Figs|Figure|Figures|Table|Tables|Ref|Refs|Video|Movie)\b|\S+\+/")
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
        short = re.split(r"[;,]\s", match[1])[0].strip()
        if not _is_short_form(short):
            continue
        before_end = match.start()
        while before_end and text[before_end - 1].isspace():
            before_end -= 1
        start = _long_form_start(text, before_end, short)
        if start is not None:
            short_start = match.start(1) + match[1].index(short)
            found.append(Abbreviation(start, before_end, short_start, short_start + len(short)))
    return found


def _is_short_form(text: str) -> bool:
    return (
        2 <= len(text) <= 10
        and len(text.split()) <= 2
        and text[0].isalnum()
        and any(char.isupper() for char in text)
        and _REFERENCE.match(text) is None
    )


def _long_form_start(text: str, end: int, short: str) -> int | None:
    """Return where the long form of a short form begins, or None where there is none."""
    words = [match.start() for match in _WORD.finditer(text, max(0, end - _WINDOW), end)]
    letters = sum(char.isalnum() for char in short)
    window = words[-min(letters + 5, letters * 2) :]
    if not window:
        return None
    first = window[0]
    long = text[first:end]
    position = len(long) - 1
    for index in range(len(short) - 1, -1, -1):
        char = short[index].lower()
        if not char.isalnum():
            continue
        while position >= 0 and (
            long[position].lower() != char
            or (index == 0 and position > 0 and long[position - 1].isalnum())
        ):
            position -= 1
        if position < 0:
            return None
        position -= 1
    start = position + 1
    while start > 0 and not long[start - 1].isspace():
        start -= 1
    chosen = long[start:]
    if len(chosen) <= len(short) or short.lower() in chosen.lower().split():
        return None
    return first + start
