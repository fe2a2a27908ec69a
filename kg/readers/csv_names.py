"""Reading floor: the names in a cell of a table -> authors.

Pure. Tools part names by semicolons, commas, bars, " and " or lines, and write each as "Doe J",
"Doe, Jane", "Doe J.A." or "Jane Doe"; a few print a list of Python or JSON.
"""

import re
from collections.abc import Iterator

from kg.model import Author
from kg.readers.byline import parse_listed_name
from kg.readers.fields import squeeze

_ET_AL = re.compile(r"(?:,|;|\band\b|&)?\s*(?:\bet\.? ?al\b\.?|\band others\b|…|\.\.\.)\s*\Z")
_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")
# Scopus puts its number of an author behind the name.
_NUMBER = re.compile(r"\s*\(\d{6,}\)")
_LEADING_AND = re.compile(r"(?:and|&)\s+")
# RefWorks has this for given names that there are not.
_NULL = re.compile(r",\s*null\b")
_AND = re.compile(r"\s+(?:and|&)\s+")
_SUFFIX = r"(?:\s+(?:Jr|Sr|[1-4](?:st|nd|rd|th)|II|III|IV)\.?)?"
# "Doe J", "van der Berg JA", "Doe J.-P. Jr"
_INITIALS_LAST = re.compile(
    rf"[^\W\d_][^,;]*?[^\W\d_A-Z]\.?\s+(?:[^\W\d_a-z]\.?[-\s]?){{1,4}}{_SUFFIX}"
)
_GIVEN = re.compile(r"[^\W\d_a-z]\S+(?: [^\W\d_a-z]\.?){1,3}")
_INITIALS = re.compile(rf"(?:[^\W\d_a-z]\.?[-\s]?){{1,4}}{_SUFFIX}")


def parse_authors(cell: str) -> tuple[tuple[Author, ...], bool]:
    """Return the authors in a cell, and whether it says that there are more.

    >>> authors, et_al = parse_authors("Doe J, Roe BA; ARDS Network, et al.")
    >>> [author.name for author in authors], et_al
    (['Doe J', 'Roe BA', 'ARDS Network'], True)
    >>> [author.name for author in parse_authors("Doe, Jane; Roe, B. A.")[0]]
    ['Doe J', 'Roe BA']
    >>> [author.name for author in parse_authors("['Marx, Karl', 'Lindgren, Astrid']")[0]]
    ['Marx K', 'Lindgren A']
    """
    text = squeeze(_NUMBER.sub("", _NULL.sub("", cell).replace("\n", ";"))).strip(" ;,")
    cut = _ET_AL.search(text)
    if cut is not None:
        text = text[: cut.start()].strip(" ;,")
    names = (_LEADING_AND.sub("", name.strip()) for name in _split(text))
    return tuple(parse_listed_name(name) for name in names if any(map(str.isalnum, name))), bool(
        cut
    )


def _split(text: str) -> Iterator[str]:
    if text.startswith("[") and text.endswith("]") and (found := _QUOTED.findall(text)):
        yield from (single or double for single, double in found)
    elif (sign := next((sign for sign in ";|" if sign in text), "")) != "":
        for part in filter(None, map(str.strip, text.split(sign))):
            yield from _split_commas(part)
    else:
        parts = _AND.split(text)
        is_list = "," in parts[0] and _INITIALS_LAST.fullmatch(parts[0].partition(",")[0])
        if len(parts) > 1 and not is_list and all(part.count(",") < 2 for part in parts):
            yield from parts  # "Doe, Jane and Roe, Bob", "Jane Doe and Bob Roe"
            return
        yield from _split_commas(", ".join(parts), is_alone=True)


def _split_commas(text: str, *, is_alone: bool = False) -> Iterator[str]:
    """Yield the names of a list with commas, in which names may have commas themselves.

    `is_alone` is true where nothing else parts the names of the cell.
    """
    parts = [part.strip() for part in text.split(",") if part.strip()]
    # "Jane Doe, Bob Roe", but "Doe Roe, Jane A." is one.
    is_list = is_alone and all(" " in part and not _GIVEN.fullmatch(part) for part in parts)
    if len(parts) < 2:
        yield from parts
    elif len(parts) % 2 == 0 and all(map(_INITIALS.fullmatch, parts[1::2])):
        # "Doe, J., Roe, B. A."
        yield from (f"{family}, {given}" for family, given in zip(*[iter(parts)] * 2, strict=True))
    elif _INITIALS_LAST.fullmatch(parts[0]) or len(parts) > 3 or is_list:
        yield from parts
    else:
        yield text
