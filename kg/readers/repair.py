"""Reading floor: mends what an export broke, and keeps the text as it came beside it.

Pure. Every repair is an `Edit` in the `Text` and a `Problem`; a letter that is gone is reported
and not guessed. Problem codes: mojibake, control-character, stray-markup, cut-start, cut-end,
end-mark (the list's `..` after a whole sentence), lost-letter.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.model import Edit, Locator, Problem, Text
from kg.readers.mojibake import find_mojibake

# Not text in XML or JSON for people; tab, line feed and carriage return are left.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
_TAGS = r"(?:b|i|u|em|strong)"
_WHOLE_TAG = re.compile(rf"</?{_TAGS}\s*/?>")
# What is left of `<b>` where the `<` was cut off: at the start, and not as in "b>0.5".
_OPENING_REST = re.compile(rf"/?{_TAGS}>(?=[^\W\d_]|[(\[\"'“‘*]|\.\.)")
_CLOSING_REST = re.compile(rf"(?<![<\w])/{_TAGS}>")
_CLOSING_REST_AFTER_WORD = re.compile(rf"(?<!<)/{_TAGS}>")
_TAG_BEGUN_AT_END = re.compile(rf"<(?:/?{_TAGS}?)\s*\Z")
_CUT_START = re.compile(r"(?:\.{2,}+|…)\s*(?=\S)")
# The run of dots is matched whole; which of them are the sentence's own is judged after.
_CUT_END = re.compile(r"(?<=[^\s.…])(\.?\s+|)(\.{2,}|…)\s*\Z")
_SENTENCE_END = re.compile(r"[.?!][\"'”’)\]]*\Z")

# A gene symbol or the like: a capital or digit that is not only the first letter of a word.
_SYMBOL_BEFORE = re.compile(r"[\w-]*(?:\d|[^\W\d_][A-Z])[\w-]*\Z")
_WORDS_AFTER = (
    r"(?:and|or|is|are|was|were|as|at|by|from|in|of|on|to|via|with|but|gene|chain|receptor|subunit"
    r"|protein|production|expression|signaling|signalling|levels|mice|mRNA)"
)
_MARK_AFTER_SYMBOL = re.compile(rf"\?(?=[\])][\s.,;]|[\])]\Z|[,;/+-]|\s+{_WORDS_AFTER}\b)")
_LOST_LETTERS = re.compile(
    r"(?<=\w-)\?+"  # TNF-?
    r"|(?:(?<=\s)|(?<=[(/\[-])|\A)\?{1,2}(?=[\w-])"  # ?-chain, ?2-microglobulin
    r"|(?<=\s)\?{1,2}(?=\s+(?:[a-z(]|[TB] (?:cell|lymphocyte))|[,;)])"  # receptor ? and
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """`raw[start:end]` becomes `shown`; a change that changes nothing is only a report."""

    start: int
    end: int
    shown: str
    code: str
    message: str


def repair_text(
    raw: str, field: str, locator: Locator, *, cut_marks: bool = False
) -> tuple[Text, tuple[Problem, ...]]:
    """Return a field's text as it should be shown, and a problem for every repair.

    `cut_marks` is for fields that a list cuts out of an abstract and marks with two dots.

    >>> where = Locator(path="list.txt", format="reading-list", line=4)
    >>> text, problems = repair_text("b>IL-7 acts on T cell ..", "snippet", where, cut_marks=True)
    >>> text.text, [problem.code for problem in problems]
    ('IL-7 acts on T cell', ['stray-markup', 'cut-end'])
    """
    changes = _order([*_find_bad_characters(raw), *_find_markup(raw)])
    if cut_marks:
        changes = _order([*changes, *_find_cuts(raw, changes)])
    text = _apply(raw, field, changes)
    problems = [_report(change, raw, field, locator) for change in changes]
    if lost := _find_lost_letters(text.text):
        problems.append(
            Problem(
                locator=locator,
                code="lost-letter",
                message=f"{len(lost)} '?' where a letter was lost, kept as it is",
                field=field,
                raw=raw,
            )
        )
    return text, tuple(problems)


def repair_characters(raw: str, field: str) -> Text:
    """Return a text with wrong characters mended and nothing else done, nothing reported.

    For a line that is parsed before its fields are repaired one by one.

    >>> repair_characters("Vill├ęger S", "line").text
    'Villéger S'
    """
    return _apply(raw, field, _order(_find_bad_characters(raw)))


def raw_span(text: Text, start: int, end: int) -> tuple[int, int]:
    """Return where `text.text[start:end]` stood in `text.raw`.

    A span that touches a repaired stretch takes in the whole of it.

    >>> edits = (Edit(start=0, end=0, raw_start=0, raw_end=2),)
    >>> raw_span(Text(field="snippet", text="We show", raw="..We show", edits=edits), 0, 2)
    (2, 4)
    """
    raw_start, raw_end = start, end
    for edit in text.edits:
        # What was removed right before a span or right behind it does not belong to it.
        if edit.end <= start:
            raw_start = edit.raw_end + start - edit.end
        elif edit.start < start:
            raw_start = edit.raw_start
        if edit.start < end:
            raw_end = edit.raw_end + max(0, end - edit.end)
    return raw_start, max(raw_start, raw_end)


def _order(changes: list[_Change]) -> list[_Change]:
    """Sort changes and leave out any that overlaps an earlier one."""
    ordered: list[_Change] = []
    for change in sorted(changes, key=lambda change: (change.start, change.end)):
        if not ordered or change.start >= ordered[-1].end:
            ordered.append(change)
    return ordered


def _apply(raw: str, field: str, changes: list[_Change]) -> Text:
    pieces: list[str] = []
    edits: list[Edit] = []
    length = copied = 0
    for change in changes:
        pieces += raw[copied : change.start], change.shown
        start = length + change.start - copied
        length, copied = start + len(change.shown), change.end
        edits.append(Edit(start=start, end=length, raw_start=change.start, raw_end=change.end))
    pieces.append(raw[copied:])
    return Text(field=field, text="".join(pieces), raw=raw, edits=tuple(edits))


def _report(change: _Change, raw: str, field: str, locator: Locator) -> Problem:
    return Problem(locator=locator, code=change.code, message=change.message, field=field, raw=raw)


def _find_bad_characters(raw: str) -> list[_Change]:
    if raw.isascii() and raw.isprintable():
        return []
    changes = [
        _Change(
            start=garbled.start,
            end=garbled.end,
            shown=garbled.reading,
            code="mojibake",
            message=f"'{raw[garbled.start : garbled.end]}' is '{garbled.reading}' in UTF-8, "
            f"shown as {garbled.shown_as}",
        )
        for garbled in find_mojibake(raw)
    ]
    for match in _CONTROL.finditer(raw):
        shown = _read_c1(match[0])
        changes.append(
            _Change(
                start=match.start(),
                end=match.end(),
                shown=shown,
                code="mojibake" if shown else "control-character",
                message=f"U+{ord(match[0]):04X} is '{shown}' in Windows-1252"
                if shown
                else f"the control character U+{ord(match[0]):04X} was removed",
            )
        )
    return changes


def _read_c1(char: str) -> str:
    """Return what a C1 control character is in Windows-1252, as web browsers read it."""
    if not "\x80" <= char <= "\x9f":
        return ""
    return char.encode("latin-1").decode("cp1252", "ignore")


def _find_markup(raw: str) -> list[_Change]:
    found = list(_WHOLE_TAG.finditer(raw))
    cut = _CUT_START.match(raw)
    opening = _OPENING_REST.match(raw, cut.end() if cut else 0)
    if opening is not None:
        found.append(opening)
    # "a/b>c" is arithmetic unless the text also has the tag that "/b>" would close.
    closing = _CLOSING_REST_AFTER_WORD if found else _CLOSING_REST
    found += closing.finditer(raw)
    if (begun := _TAG_BEGUN_AT_END.search(raw)) is not None and (found or len(begun[0]) > 1):
        found.append(begun)
    return [
        _Change(
            start=match.start(),
            end=match.end(),
            shown="",
            code="stray-markup",
            message=f"the stray '{match[0]}' was removed",
        )
        for match in found
    ]


def _find_cuts(raw: str, changes: list[_Change]) -> Iterator[_Change]:
    """Yield the marks of a cut at both ends of what is left after the other repairs."""
    begin, finish = 0, len(raw)
    for change in changes:
        if change.start == begin and not change.shown:
            begin = change.end
    for change in reversed(changes):
        if change.end == finish and not change.shown:
            finish = change.start
    if (start := _CUT_START.match(raw, begin, finish)) is not None:
        message = f"the text before it is missing; the mark '{start[0].strip()}' was removed"
        yield _Change(
            start=start.start(), end=start.end(), shown="", code="cut-start", message=message
        )
        begin = start.end()
    end = _CUT_END.search(raw, begin, finish)
    if end is None:
        return
    # "proliferation..." is the full stop of a sentence and the two dots of the list.
    own = 1 if end[1].startswith(".") or (not end[1] and len(end[2]) > 2) else 0
    mark = end.start() + own
    whole = bool(own or _SENTENCE_END.search(raw[begin : end.start()]))
    yield _Change(
        start=mark,
        end=finish,
        shown="",
        code="end-mark" if whole else "cut-end",
        message=f"the mark '{raw[mark:finish].strip()}' after the last sentence was removed"
        if whole
        else f"the sentence is cut off; the mark '{raw[mark:finish].strip()}' was removed",
    )


def _find_lost_letters(text: str) -> list[int]:
    """Return the places of question marks that stand for a letter.

    A question mark that ends a question stands behind a word, before the end or a new sentence;
    one that was a letter stands alone, inside a word, or behind a symbol where a text goes on.

    >>> len(_find_lost_letters("the interleukin 7 receptor ? (IL-7R?) gene"))
    2
    >>> _find_lost_letters("Interleukin 7: friend or foe? A review of IL-7")
    []
    """
    if "?" not in text:
        return []
    found = {match.start() for match in _LOST_LETTERS.finditer(text)}
    for match in _MARK_AFTER_SYMBOL.finditer(text):
        place = match.start()
        if not _SYMBOL_BEFORE.search(text[max(0, place - 40) : place]):
            continue
        if text[place + 1] in ")]":
            # "(IL-7R?)" has a symbol alone in brackets; "(is it IL-7?)" is a question.
            opening = max(text.rfind(char, max(0, place - 80), place) for char in "([")
            if any(char.isspace() for char in text[opening + 1 : place]):
                continue
        found.add(place)
    return sorted(found)
