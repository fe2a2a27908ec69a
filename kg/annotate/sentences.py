"""Floor 6: text cut into sentences, by rules for scientific English."""

import re
from collections.abc import Iterator

from kg.model import Section, Text

_END = re.compile(r"[.!?]+[\"'”’)\]]*(?=\s+|$)")
# What ends in a full stop without ending a sentence.
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\[])(?:e\.g|i\.e|cf|vs|al|etc|Fig|Figs|fig|Ref|Refs|ref|Eq|No|no|Nos|Dr|Prof|Mr|Mrs|St"
    r"|approx|ca|resp|sp|spp|subsp|var|Suppl|Vol|vol|Ser|ser|Inc|Ltd|Co|Jr|Sr|[A-Z]|U\.S|wt|conc)\.$"
)


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
        if match[0].startswith(".") and _ABBREVIATION.search(
            text, max(0, match.start() - 12), match.start() + 1
        ):
            continue
        yield from _trimmed(text, start, end)
        start = end
    yield from _trimmed(text, start, len(text))


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


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    bare = piece.strip()
    if bare:
        begin = start + len(piece) - len(piece.lstrip())
        yield begin, begin + len(bare)
