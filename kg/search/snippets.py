"""Floor 7: the part of a text that was found, with the words that matched told apart. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from kg.search.words import Word, locate_words

_LONGEST = 300
_BEFORE = 80


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a text, and whether it is what was looked for."""

    text: str
    match: bool


def mark(text: str, phrases: Collection[str], beginning: str = "") -> tuple[Part, ...]:
    """Return a text in parts; those that match are the longest of the phrases at each place.

    A phrase is words as `words_of` gives them; of `beginning` the last word may go on. Of a long
    text it is the part around the first match, with dots where it was cut.

    >>> [part.text for part in mark("Role of IL-7 here", {"il 7", "il"}) if part.match]
    ['IL-7']
    """
    spans = _find(locate_words(text), {tuple(phrase.split()) for phrase in phrases}, beginning)
    start, end = _window(text, spans)
    parts = [Part("… ", match=False)] if start else []
    place = start
    for first, last in spans:
        if first < start or last > end:
            continue
        if first > place:
            parts.append(Part(text[place:first], match=False))
        parts.append(Part(text[first:last], match=True))
        place = last
    if place < end:
        parts.append(Part(text[place:end], match=False))
    if end < len(text):
        parts.append(Part(" …", match=False))
    return tuple(parts)


def plain(parts: Sequence[Part]) -> str:
    """Return the text of parts, without marks."""
    return "".join(part.text for part in parts)


def share_matched(parts: Sequence[Part]) -> float:
    """Return how much of a text matched.

    >>> share_matched([Part("IL-7", match=True), Part(" now", match=False)])
    0.5
    """
    whole = sum(len(part.text) for part in parts)
    return sum(len(part.text) for part in parts if part.match) / (whole or 1)


def _find(
    words: Sequence[Word], phrases: Collection[tuple[str, ...]], beginning: str
) -> list[tuple[int, int]]:
    """Return where phrases stand, in order, none over another."""
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for phrase in sorted(filter(None, phrases), key=len, reverse=True):
        by_first.setdefault(phrase[0], []).append(phrase)
    last = beginning.split()
    spans: list[tuple[int, int]] = []
    place = 0
    while place < len(words):
        size = _size_at(words, place, by_first.get(words[place].form, ()))
        if not size and last and _begins(words, place, last):
            size = len(last)
        if size:
            spans.append((words[place].start, words[place + size - 1].end))
        place += size or 1
    return _joined(spans)


def _size_at(words: Sequence[Word], place: int, phrases: Collection[tuple[str, ...]]) -> int:
    for phrase in phrases:
        there = words[place : place + len(phrase)]
        if tuple(word.form for word in there) == phrase:
            return len(phrase)
    return 0


def _begins(words: Sequence[Word], place: int, beginning: Sequence[str]) -> bool:
    there = [word.form for word in words[place : place + len(beginning)]]
    *whole, last = beginning
    return len(there) == len(beginning) and there[:-1] == whole and there[-1].startswith(last)


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans of which none begins in another: words of one run have the same span."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _window(text: str, spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return what of a text is shown; it is cut between words where there are any."""
    if len(text) <= _LONGEST:
        return 0, len(text)
    first = spans[0][0] if spans else 0
    start = max(0, min(first - _BEFORE, len(text) - _LONGEST))
    if start:
        cut = text.find(" ", start, first)
        start = cut + 1 if cut >= 0 else start
    end = min(len(text), start + _LONGEST)
    if end < len(text):
        cut = text.rfind(" ", start + 1, end)
        end = cut if cut > start else end
    return start, end
