"""Reading floor: finds text that was decoded with the wrong code page, and what it was.

Pure. Works on one run of non-ASCII characters at a time, because a garbled UTF-8 character is
always such a run; so the rest of a text cannot be touched. What has two readings is left alone.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

# The DOS code pages. ftfy knows cp437 only, and takes its text as a whole.
CODE_PAGES = ("cp852", "cp850", "cp437", "cp866")

_RUN = re.compile(r"[^\x00-\x7f]+")
_WORD_BEFORE = re.compile(r"[^\W\d_]*$")
_WORD_AFTER = re.compile(r"[^\W\d_]*")
# The signs a biomedical text holds that are no letters, and typographic punctuation.
_SIGNS = frozenset("±°µ·×²³®©")
# What opens a garbled character and is no drawing: dashes and quotes, and Greek from π on.
_OTHER_LEADS = ("ÔÇ", "ΓÇ", "тА", "¤")
_PUNCTUATION = frozenset("–—‘’“”„•…")


@dataclass(frozen=True, slots=True, kw_only=True)
class Garbled:
    """A garbled stretch `text[start:end]`, what it reads as, and what showed it wrongly."""

    start: int
    end: int
    reading: str
    shown_as: str


def find_mojibake(text: str) -> Iterator[Garbled]:
    """Yield the garbled stretches of a text, in order and apart from each other.

    >>> [(text[g.start:g.end], g.reading) for text in ["Vill├ęger"] for g in find_mojibake(text)]
    [('├ę', 'é')]
    >>> list(find_mojibake("Müller, Łódź, IL-7Rα"))
    []
    """
    for run in _RUN.finditer(text):
        found = list(_find_dos(text, run.start(), run.end()))
        if found:
            yield from found
        elif (reading := _read_with_ftfy(text, run.start(), run.end())) is not None:
            yield Garbled(start=run.start(), end=run.end(), reading=reading, shown_as="8-bit text")


def _read_with_ftfy(text: str, start: int, end: int) -> str | None:
    """Return what ftfy makes of a run, or None where it stands as it is or is an ordinary word."""
    if _is_ordinary_word(text, start, end):
        return None
    run = text[start:end]
    reading = _fix_encoding(run)
    if len(reading) >= len(run) or not all(_is_text(char) for char in reading):
        return None
    return reading


@lru_cache(maxsize=1024)
def _fix_encoding(run: str) -> str:
    """Return a run with its decoding mended; cached, because the same signs come again."""
    import ftfy  # noqa: PLC0415 - 60 ms, and most texts are ASCII

    # Only wrong decodings: nothing that guesses (lossy sequences, lost non-breaking spaces), and
    # nothing of what ftfy does to quotes, ligatures, widths, entities, lines and normal forms.
    config = ftfy.TextFixerConfig(
        unescape_html=False,
        remove_terminal_escapes=False,
        fix_encoding=True,
        restore_byte_a0=False,
        replace_lossy_sequences=False,
        decode_inconsistent_utf8=True,
        fix_c1_controls=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        fix_surrogates=False,
        remove_control_chars=False,
        normalization=None,
        explain=False,
    )
    return ftfy.fix_encoding(run, config)


def _is_ordinary_word(text: str, start: int, end: int) -> bool:
    """Tell whether a run is all letters and stands in a word of one case: nothing looks garbled."""
    run = text[start:end]
    if not all(unicodedata.category(char) in {"Ll", "Lu", "Lo", "Lm", "Mn"} for char in run):
        return False
    before = _WORD_BEFORE.search(text, max(0, start - 40), start)
    after = _WORD_AFTER.match(text, end, end + 40)
    word = (before[0] if before else "") + run + (after[0] if after else "")
    return not any(char in "ªº" for char in run) and (
        word.islower() or word.isupper() or word.istitle() or word == word.casefold()
    )


def _find_dos(text: str, start: int, end: int) -> Iterator[Garbled]:
    position = start
    while position < end:
        for length in (2, 3):
            stop = position + length
            found = _read_dos(text, position, stop) if stop <= end else None
            if found is not None:
                yield found
                position = stop
                break
        else:
            position += 1


def _read_dos(text: str, start: int, end: int) -> Garbled | None:
    """Return the one character that a stretch stands for, where it is strictly better.

    Strictly better: it decodes without error; all code pages that can read it agree; it opens with
    a box-drawing character or another known opening; it gives way to one letter, unit sign or
    typographic mark; and what is itself a drawing, such as `─┐`, stays.
    """
    chunk = text[start:end]
    if not (_is_box(chunk[0]) or chunk.startswith(_OTHER_LEADS)):
        return None
    readings = {page: reading for page in CODE_PAGES if (reading := _round_trip(chunk, page))}
    if len(set(readings.values())) != 1:
        return None
    page, reading = next(iter(readings.items()))
    if not _is_plausible(text, start, end, reading):
        return None
    return Garbled(start=start, end=end, reading=reading, shown_as=page)


def _round_trip(chunk: str, page: str) -> str:
    try:
        reading = chunk.encode(page).decode("utf-8")
    except UnicodeError:
        return ""
    return reading if len(reading) == 1 else ""


def _is_plausible(text: str, start: int, end: int, reading: str) -> bool:
    chunk = text[start:end]
    is_greek = "α" <= reading.casefold() <= "ω"
    if not _is_box(chunk[0]):
        return reading in _PUNCTUATION or is_greek
    if reading in _SIGNS:
        return True
    if not reading.isalpha():
        return False
    is_latin = unicodedata.name(reading, "").startswith("LATIN") and ord(reading) < 0x180
    if not all(_is_box(char) for char in chunk):
        return is_greek or is_latin
    # All drawing: a letter only if it is Greek, or a Latin-1 one inside a word.
    touches_letter = text[max(0, start - 1) : start].isalpha() or text[end : end + 1].isalpha()
    return is_greek or (is_latin and ord(reading) < 0x100 and touches_letter)


def _is_box(char: str) -> bool:
    return "\u2500" <= char <= "\u259f"


def _is_text(char: str) -> bool:
    return char.isprintable() and not _is_box(char) and char != "\ufffd"
