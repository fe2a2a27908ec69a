"""Reading floor: mentions that an input brings, found in the texts as they are shown.

Tools count offsets in code points, in UTF-16 units (those in Java) or in bytes (as the BioC paper
has it), from the beginning of the document or of the passage; and some write a mention in other
letters than the text has ("TNF-a" for "TNF-α"). So a mention is taken only where its words stand:
at its offsets, else near them, else nowhere, and then that is told.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from kg.model import Annotation, Locator, Problem

_NEAR = 150  # characters between where a mention should be and where its words are
_MOST_SHOWN = 5
_LONGEST_SHOWN = 80
_LETTERS = re.compile(r"\w+")
_SMALL_WORDS = frozenset("a an and at by for from in of on or the to with".split())

_Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stretch of a document: its text as the file has it, and where it is shown.

    `offset` is where it begins as the file counts; None: one character behind the one before it.
    `shown` stands at `start` in the text of `field`; it is `raw` after repair of white space and
    the like.
    """

    field: str
    raw: str
    shown: str
    start: int = 0
    offset: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """An annotation as the file has it: its spans, start and end, as the file counts.

    `passage` is the number of the passage that it stands in, where the file tells. `parts` are the
    names that a mention of several things is put together of ("breast and ovarian cancer"), one
    for each of its identifiers.
    """

    spans: tuple[_Span, ...]
    text: str
    type: str
    identifiers: tuple[str, ...] = ()
    passage: int | None = None
    parts: tuple[str, ...] = ()


def place_annotations(
    passages: Sequence[Passage], marked: Sequence[Marked], locator: Locator
) -> tuple[tuple[Annotation, ...], tuple[Problem, ...]]:
    """Return the annotations in their places in the texts that are shown, in their order.

    Of a mention in several pieces the first piece that is no other mention stands for it; a
    mention of several things is taken apart where it can be. Problem codes: moved-annotation,
    lost-annotation.
    """
    if not marked:
        return (), ()
    placing = _Placing(passages, _judge_counting(passages, marked))
    for one in sorted(marked, key=lambda one: len(one.spans)):
        placing.place(one)
    return placing.annotations(), tuple(placing.report(locator))


# How many units a character takes: in code points (of which nothing need be counted), in UTF-16, in
# bytes of UTF-8.
_UNITS: tuple[Callable[[str], int] | None, ...] = (
    None,
    lambda char: 1 + (char > "\uffff"),
    lambda char: 1 + (char > "\x7f") + (char > "\u07ff") + (char > "\uffff"),
)


class _Counting:
    """A way to count: in which unit, and whether from the beginning of the passage."""

    def __init__(
        self,
        passages: Sequence[Passage],
        unit: Callable[[str], int] | None,
        *,
        is_relative: bool,
    ) -> None:
        # For each passage where it begins, and where its characters do, unless each is a unit.
        self._bases: list[int] = []
        self._starts: list[list[int] | None] = []
        end = 0
        for passage in passages:
            raw = passage.raw
            base = end if passage.offset is None else passage.offset
            starts = None if unit is None or raw.isascii() else [0, *accumulate(map(unit, raw))]
            self._bases.append(0 if is_relative else base)
            self._starts.append(starts)
            end = base + (starts[-1] if starts else len(raw)) + 1

    def locate(self, number: int, span: _Span) -> _Span:
        """Return a span as characters of a passage; it may lie outside of it."""
        return self._locate(number, span[0]), self._locate(number, span[1])

    def _locate(self, number: int, offset: int) -> int:
        offset -= self._bases[number]
        starts = self._starts[number]
        return offset if starts is None or offset < 0 else bisect_left(starts, offset)


def _judge_counting(passages: Sequence[Passage], marked: Sequence[Marked]) -> _Counting:
    """Return the way to count by which most annotations stand where they should."""
    checked = [one for one in marked if len(one.spans) == 1 and one.text]
    best, most = None, -1
    may_be_relative = all(one.passage is not None for one in checked)
    for is_relative in (False, True) if may_be_relative else (False,):
        for unit in _UNITS:
            counting = _Counting(passages, unit, is_relative=is_relative)
            hits = sum(_stands(passages, one, counting) for one in checked)
            if best is None or hits > most:
                best, most = counting, hits
            if hits == len(checked):
                return best
    return best or _Counting(passages, None, is_relative=False)


def _stands(passages: Sequence[Passage], one: Marked, counting: _Counting) -> bool:
    for number in _numbers(passages, one):
        raw = passages[number].raw
        start, end = counting.locate(number, one.spans[0])
        if start >= 0 and raw[start:end] == one.text:
            return True
    return False


def _numbers(passages: Sequence[Passage], one: Marked) -> Iterable[int]:
    return range(len(passages)) if one.passage is None else (one.passage,)


class _Placing:
    """Puts the annotations of one document in their places, one after the other."""

    def __init__(self, passages: Sequence[Passage], counting: _Counting) -> None:
        self._passages = passages
        self._counting = counting
        self._found: list[Annotation] = []
        self._taken: set[tuple[int, int, int]] = set()  # passage, start, end in its raw text
        # For each passage, which of its characters are in a mention.
        self._covered = [bytearray(len(passage.raw)) for passage in passages]
        self._maps: dict[int, list[int]] = {}
        self._moved: list[Marked] = []
        self._lost: list[Marked] = []

    def place(self, one: Marked) -> None:
        """Put one annotation in its place, or note that it has none."""
        for number in _numbers(self._passages, one):
            spans = self._read_spans(number, one)
            if spans:
                self._add(number, spans, one)
                return
        found = self._find_near(one)
        if found is None:
            self._lost.append(one)
        else:
            self._moved.append(one)
            self._add(found[0], [found[1:]], one)

    def annotations(self) -> tuple[Annotation, ...]:
        """Return what was placed, in order, nothing twice."""
        order = {passage.field: number for number, passage in enumerate(self._passages)}
        return tuple(
            sorted(
                dict.fromkeys(self._found),
                key=lambda one: (order[one.field], one.start, -one.end),
            )
        )

    def report(self, locator: Locator) -> Iterator[Problem]:
        """Yield a problem for what stood elsewhere, and one for what was not found."""
        for code, marked, what in (
            ("moved-annotation", self._moved, "not where their offsets say; found nearby"),
            ("lost-annotation", self._lost, "not in the text, where their offsets say or near it"),
        ):
            if marked:
                shown = ", ".join(map(_show, marked[:_MOST_SHOWN]))
                more = len(marked) - _MOST_SHOWN
                raw = f"{shown} and {more} more" if more > 0 else shown
                count = "1 annotation is" if len(marked) == 1 else f"{len(marked)} annotations are"
                yield Problem(
                    locator=locator,
                    code=code,
                    message=f"{count} {what}: {raw}",
                    field="annotations",
                    raw=raw,
                )

    def _read_spans(self, number: int, one: Marked) -> list[_Span]:
        """Return the spans of an annotation in a passage; none unless its words stand there."""
        raw = self._passages[number].raw
        spans = [self._counting.locate(number, span) for span in one.spans]
        if not all(0 <= start < end <= len(raw) for start, end in spans):
            return []
        written = "".join(_LETTERS.findall("".join(raw[start:end] for start, end in spans)))
        if one.text and not _is_alike(written, "".join(_LETTERS.findall(one.text))):
            return []
        return _join_adjacent(raw, spans)

    def _find_near(self, one: Marked) -> tuple[int, int, int] | None:
        """Return the passage, start and end of the words of an annotation nearest its offsets."""
        best: tuple[int, int, int, int] | None = None
        if not one.text.strip() or not one.spans:
            return None
        for number in _numbers(self._passages, one):
            raw = self._passages[number].raw
            start, _ = self._counting.locate(number, one.spans[0])
            first, last = max(0, start - _NEAR), start + _NEAR + len(one.text)
            while (found := raw.find(one.text, first, max(first, last))) >= 0:
                place = (number, found, found + len(one.text))
                distance = abs(found - start)
                is_free = place not in self._taken
                if is_free and _is_word(raw, *place[1:]) and (not best or distance < best[0]):
                    best = (distance, *place)
                first = found + 1
        return best[1:] if best else None

    def _add(self, number: int, spans: Sequence[_Span], one: Marked) -> None:
        """Add an annotation; in several parts, if it is of several things."""
        raw = self._passages[number].raw
        start, end = spans[0]
        if len(spans) > 1:
            free = [span for span in spans if not self._is_inside(number, span)]
            start, end = free[0] if free else spans[0]
        parts = _take_apart(raw[start:end], one.parts) if len(spans) == 1 else []
        if len(parts) == len(one.identifiers) > 1:
            for (first, last), identifier in zip(parts, one.identifiers, strict=True):
                self._note(number, start + first, start + last, one.type, (identifier,))
        else:
            self._note(number, start, end, one.type, one.identifiers)

    def _is_inside(self, number: int, span: _Span) -> bool:
        return all(self._covered[number][slice(*span)])

    def _note(
        self, number: int, start: int, end: int, kind: str, identifiers: tuple[str, ...]
    ) -> None:
        passage = self._passages[number]
        self._taken.add((number, start, end))
        self._covered[number][start:end] = b"\1" * (end - start)
        if passage.raw != passage.shown:
            if number not in self._maps:
                self._maps[number] = _align(passage.raw, passage.shown)
            places = self._maps[number]
            start, end = places[start], places[end]
        text = passage.shown[start:end]
        stripped = text.strip()
        if stripped:
            start += len(text) - len(text.lstrip()) + passage.start
            self._found.append(
                Annotation(
                    field=passage.field,
                    start=start,
                    end=start + len(stripped),
                    text=stripped,
                    type=kind,
                    identifiers=identifiers,
                )
            )


def _show(one: Marked) -> str:
    place = f" ({one.spans[0][0]}-{one.spans[-1][1]})" if one.spans else ""
    return f"'{one.text[:_LONGEST_SHOWN]}'{place}"


def _align(raw: str, shown: str) -> list[int]:
    """Return for each place in a text, its end included, where that is in what is shown of it.

    What is not shown is passed over, as are spaces that are shown only.

    >>> _align("[IL-7  in]", "IL-7 in"), _align("in.We", "in. We")
    ([0, 0, 1, 2, 3, 4, 5, 5, 6, 7, 7], [0, 1, 2, 4, 5, 6])
    """
    places = []
    place = 0
    for char in raw:
        if shown[place : place + 2] == f" {char}" and char != " ":
            place += 1
        places.append(place)
        if place < len(shown) and (
            char == shown[place] or (char.isspace() and shown[place] == " ")
        ):
            place += 1
    return [*places, place]


def _is_alike(written: str, told: str) -> bool:
    """Tell whether a text is what a tool tells of it, which may have other letters for non-ASCII.

    >>> _is_alike("TNFα", "TNFa"), _is_alike("IL7", "IL6"), _is_alike("αβ", "ab")
    (True, False, False)
    """
    if written == told or written.casefold() == told.casefold():
        return True
    if len(written) != len(told):
        return False
    same = sum(a == b for a, b in zip(written.casefold(), told.casefold(), strict=False))
    return 2 * same >= len(written) and all(
        a == b or not a.isascii() for a, b in zip(written, told, strict=True)
    )


def _is_word(text: str, start: int, end: int) -> bool:
    """Tell whether a stretch of a text does not begin or end inside a word."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before.isalnum() and text[start].isalnum()) and not (
        after.isalnum() and text[end - 1].isalnum()
    )


def _join_adjacent(text: str, spans: Iterable[_Span]) -> list[_Span]:
    """Return spans in order, with those joined that only white space or a hyphen parts."""
    joined: list[_Span] = []
    for start, end in sorted(spans):
        if joined and not text[joined[-1][1] : start].strip(" \t\n-"):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _take_apart(text: str, parts: Sequence[str]) -> list[_Span]:
    """Return where in a mention of several things each of them stands; nothing if one does not.

    What is no stretch of the text is told by the words that no other part has.

    >>> text = "pleural and pericardial effusion"
    >>> spans = _take_apart(text, ["pleural effusion", "pericardial effusion"])
    >>> [text[start:end] for start, end in spans]
    ['pleural', 'pericardial effusion']
    """
    if len(parts) < 2:
        return []
    found: dict[int, _Span] = {}
    words = [part.casefold().split() for part in parts]
    for is_whole in (True, False):
        for number, part in enumerate(parts):
            if number in found:
                continue
            wanted = part
            if not is_whole:
                others = {word for other in words if other is not words[number] for word in other}
                own = [word for word in words[number] if word not in others | _SMALL_WORDS]
                wanted = " ".join(own)
            span = _find_free(text.casefold(), wanted.casefold(), found.values())
            if span is not None:
                found[number] = span
    return [found[number] for number in range(len(parts))] if len(found) == len(parts) else []


def _find_free(text: str, wanted: str, taken: Iterable[_Span]) -> _Span | None:
    """Return where a text has some words, behind or before what is taken."""
    for match in re.finditer(re.escape(wanted), text) if wanted else ():
        if _is_word(text, *match.span()) and all(
            match.end() <= start or end <= match.start() for start, end in taken
        ):
            return match.span()
    return None
