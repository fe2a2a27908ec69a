"""Floor 6: text cut into sentences, by rules for scientific English."""

import re
from collections.abc import Iterator

from kg.model import Section, Text

_END = re.compile(r"[.!?]+[\"'”’)\]]*(?=\s+|$)")
# What ends in a full stop without ending a sentence, besides single capitals.
_ABBREVIATIONS = frozenset(
    """e.g i.e cf vs al etc Fig Figs fig Ref Refs ref Eq No no Nos Dr Prof Mr Mrs St approx ca resp
    sp spp subsp var Suppl Vol vol Ser ser Inc Ltd Co Jr Sr U.S wt conc""".split()
)
_LONGEST = 12  # characters in which an abbreviation must stand, with what opens it


def split_sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield the offsets of the sentences of a text, without the white space around them.

    A full stop ends a sentence where white space and no lower-case letter follow, unless an
    abbreviation or an initial stands before it. Line ends do not count.

    >>> text = "Levels rose (P < 0.05 vs. controls). E. coli did not grow."
    >>> [text[a:b] for a, b in split_sentences(text)]
    ['Levels rose (P < 0.05 vs. controls).', 'E. coli did not grow.']
    """
    start = 0
    for match in _END.finditer(text):
        end = match.end()
        if match[0] == "?" and text[match.start() - 1 : match.start()].isspace():
            continue  # a letter that was lost ("the receptor ? chain")
        rest = text[end : end + 40].lstrip()
        if rest and (rest[0].islower() and not _opens_with_symbol(rest)):
            continue
        if match[0][0] == "." and _ends_abbreviated(text, match.start()):
            continue
        yield from _trimmed(text, start, end)
        start = end
    yield from _trimmed(text, start, len(text))


def _ends_abbreviated(text: str, end: int) -> bool:
    """Tell whether an abbreviation or an initial stands before an offset."""
    begin = max(0, end - _LONGEST)
    piece = text[begin:end]
    words = piece.rsplit(None, 1)
    if not words or piece[-1].isspace():
        return False
    word = words[-1]
    word = word[max(word.rfind("("), word.rfind("[")) + 1 :]
    if begin and len(word) == len(piece):
        return False  # it is longer
    return word in _ABBREVIATIONS or (len(word) == 1 and "A" <= word <= "Z")


def list_sections(text: Text) -> Iterator[Section]:
    """Yield the stretches of a field in which its sentences stand, in order.

    The labels of a structured abstract are in none; a stretch that has no label has an empty one.

    >>> text = "We ask. METHODS: We counted."
    >>> section = Section(label="METHODS", start=17, end=28)
    >>> field = Text(field="abstract", text=text, raw=text, sections=(section,))
    >>> [(part.label, text[part.start : part.end]) for part in list_sections(field)]
    [('', 'We ask.'), ('METHODS', 'We counted.')]
    """
    reached = 0
    for section in text.sections:
        before = text.text[reached : section.start].rstrip(" :")
        if before[-len(section.label) :].casefold() == section.label.casefold():
            before = before[: -len(section.label)]
        yield from _unlabelled(text.text, reached, reached + len(before))
        yield section
        reached = section.end
    yield from _unlabelled(text.text, reached, len(text.text))


def _unlabelled(text: str, start: int, end: int) -> Iterator[Section]:
    for begin, stop in _trimmed(text, start, end):
        yield Section(label="", start=begin, end=stop)


def _opens_with_symbol(rest: str) -> bool:
    """Tell a sentence that opens with a symbol in lower case ("p53 is", "mTOR is")."""
    word = rest.split(None, 1)[0]
    return any(char.isdigit() or char.isupper() for char in word[1:])


def _trimmed(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Return a stretch without the white space around it, or nothing where nothing is left."""
    piece = text[start:end].lstrip()
    begin = end - len(piece)
    stop = begin + len(piece.rstrip())
    return ((begin, stop),) if begin < stop else ()
