"""Reading floor: the authors of a printed citation, and the parts of an author's name.

Pure. A name is what stands between two commas and ends in initials, so that particles and compound
surnames stay whole; a group of authors ends in a word such as Consortium.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from kg.model import Author
from kg.readers.fields import find_orcid, make_author, make_group, make_initials, squeeze

Span = tuple[int, int]

_SEPARATOR = re.compile(r"[,;](?=\s)|\.(?=\s|\Z)")
_ET_AL = re.compile(r"(?<![^\s,])et\.?\s+al\.?\Z", re.IGNORECASE)
_AND = re.compile(r"(?:and|&)\s+")
_INNER_AND = re.compile(r"\s+(?:and|&)\s+")
_MORE_INITIALS = re.compile(r"\s*(?:[^\W\d_]\.[\s-]?)+\s*[,;]")
_ONE_MORE_INITIAL = re.compile(r"\s[^\W\d_a-z]\.\s")
_DOTTED_INITIALS = re.compile(r"(?<=[^\W\d_]\.)\s?[^\W\d_a-z]\Z")
_SUFFIXES = frozenset(("Jr", "Sr", "2nd", "3rd", "4th", "II", "III", "IV"))
_GROUP_WORDS = frozenset((
    "alliance", "association", "board", "centre", "center", "club", "collaboration",
    "collaborative", "collaborators", "committee", "community", "consortium", "council",
    "foundation", "group", "initiative", "institute", "investigators", "network",
    "organisation", "organization", "panel", "programme", "program", "project", "society",
    "study", "subcommittee", "team", "trialists", "union", "working",
))  # fmt: skip
# Small words that stand in titles and in no surname.
_NOT_IN_NAMES = frozenset((
    "a", "an", "and", "as", "at", "by", "for", "from", "in", "into", "is", "of", "on", "or",
    "the", "to", "via", "with",
))  # fmt: skip
_LONGEST_NAME = 200
_SPACED_INITIALS = re.compile(r"(?P<family>[^\d,.]{2,80}?)(?P<initials>(?: [^\W\d_a-z]\.?){1,4})")


def find_authors(text: str, end: int) -> tuple[tuple[Span, ...], bool, int]:
    """Return the spans of the authors that open a text, whether "et al" cut them, where they end.

    None are found where the text opens with anything else.

    >>> text = "de la Cruz J, Garcia Ojeda M, et al. Homeostasis. Blood. "
    >>> spans, et_al, body = find_authors(text, len(text))
    >>> [text[slice(*span)] for span in spans], et_al, text[body:]
    (['de la Cruz J', 'Garcia Ojeda M'], True, 'Homeostasis. Blood. ')
    """
    spans: list[Span] = []
    position = 0
    while True:
        is_dotted = bool(spans) and text[spans[-1][1] - 1] == "."
        separator = _find_separator(text, position, end, is_dotted=is_dotted)
        if separator is None:
            return (), False, 0
        start, stop = trim(text, position, separator.start())
        cut = _ET_AL.search(text, start, stop)
        if cut is not None:
            start, stop = trim(text, start, cut.start())
            stop -= text[start:stop].endswith(",")
        if separator[0] == "." and _DOTTED_INITIALS.search(text, start, stop):
            stop += 1  # The full stop is the last initial's own as well.
        for span in _split_and(text, start, stop):
            if not _is_author(text[slice(*span)]):
                return (), False, 0
            spans.append(span)
        position = separator.end()
        if cut is not None or separator[0] == ".":
            break
    names = [text[slice(*span)] for span in spans]
    # A name without initials may be an author, but by itself it is no byline.
    if not any(_is_person(name) or _is_group(name) for name in names):
        return (), False, 0
    return tuple(spans), cut is not None, trim(text, position, end)[0]


def parse_author(name: str) -> Author:
    """Return a name split into family name and initials, where it has initials.

    >>> parse_author("van Amelsfort J").family, parse_author("Smith J-P Jr").initials
    ('van Amelsfort', 'J-P')
    >>> parse_author("ARDS Network").family, parse_author("ARDS Network").collective
    ('ARDS Network', True)
    """
    words = name.split()
    if len(words) > 2 and words[-1] in _SUFFIXES:
        words.pop()
    initials = _count_initials(words)
    if not _is_person(name):
        return Author(name=name, family=name, collective=_is_group(name))
    return Author(
        name=name, family=" ".join(words[:-initials]), initials=" ".join(words[-initials:])
    )


def parse_listed_name(name: str) -> Author:
    """Return an author as reference managers list them, one a field.

    "Doe, Jane A.", "Doe, J., Jr." (RIS), "Doe, Jr., Jane" (BibTeX), "Doe J.A." and "Doe J A" (from
    abstracts databases), "Jane Doe". A name with neither comma nor initials is a group's where it
    says so, or ends in a comma, as EndNote has it.

    >>> parse_listed_name("King, M. L., Jr.").name, parse_listed_name("van der Meer P.").family
    ('King ML Jr', 'van der Meer')
    >>> parse_listed_name("J. P. Roe").name, parse_listed_name("IL-7 Study Group").collective
    ('Roe JP', True)
    """
    name = squeeze(name)
    family, *rest = [part.strip() for part in name.split(",")]
    rest = [part for part in rest if part]
    suffixes = [part.rstrip(".") for part in rest if part.rstrip(".") in _SUFFIXES]
    given = " ".join(part for part in rest if part.rstrip(".") not in _SUFFIXES)
    if family and given:
        return make_author(family, given, suffix=" ".join(suffixes))
    bare = family or name.strip(" ,") or name
    if _is_group(bare) or (name.endswith(",") and " " in bare):
        return make_group(bare)
    if (match := _SPACED_INITIALS.fullmatch(bare)) is not None:
        return make_author(match["family"], initials=make_initials(match["initials"]))
    author = parse_author(bare)
    if author.initials:
        suffix = author.name.rpartition(" ")[2] if author.name.split()[-1] in _SUFFIXES else ""
        return make_author(author.family, initials=make_initials(author.initials), suffix=suffix)
    if forenames := _count_forenames(bare.split()):
        words = bare.split()
        return make_author(" ".join(words[forenames:]), " ".join(words[:forenames]))
    return author


def attach_orcids(authors: Iterable[Author], listed: str) -> tuple[Author, ...]:
    """Return authors with the ORCIDs that a list gives by name: "Doe, Jane/0000-0002-1825-0097".

    The way of Web of Science, with semicolons or lines between them. Names count by the family
    name and the first initial; an author who has an ORCID keeps it.

    >>> [author.orcid for author in attach_orcids([parse_author("Doe JA")],
    ...     "Roe, B/0000-0001-5109-3700; Doe, Jane/0000-0002-1825-0097")]
    ['0000-0002-1825-0097']
    """
    orcids = {}
    for item in filter(None, map(str.strip, re.split(r"[;\n]", listed))):
        name, _, number = item.partition("/")
        if name.strip() and (orcid := find_orcid(number)):
            author = parse_listed_name(name)
            orcids[author.family.casefold(), author.initials[:1]] = orcid
    return tuple(
        replace(author, orcid=author.orcid or orcids[key])
        if (key := (author.family.casefold(), author.initials[:1])) in orcids
        else author
        for author in authors
    )


def trim(text: str, start: int, end: int) -> Span:
    """Return a span without the white space at its ends.

    >>> trim(" IL-7 ", 0, 6)
    (1, 5)
    """
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _find_separator(text: str, position: int, end: int, *, is_dotted: bool) -> re.Match[str] | None:
    """Return what ends the name that begins here; the full stop of "St. John", "J. A." does not."""
    search_from, limit = position, min(end, position + _LONGEST_NAME)
    while (separator := _SEPARATOR.search(text, search_from, limit)) is not None:
        if separator[0] != ".":
            return separator
        before = text[position : separator.start()].split()
        if not before:
            return None
        after = separator.end()
        is_inner = len(before) == 1 and len(before[0]) <= 3
        is_inner = is_inner or _MORE_INITIALS.match(text, after, limit) is not None
        # "Doe J. A., Roe B. A. Title": the last name is as dotted as those before it.
        is_inner = is_inner or (is_dotted and bool(_ONE_MORE_INITIAL.match(text, after, limit)))
        if not is_inner:
            return separator
        search_from = separator.end()
    return None


def _split_and(text: str, start: int, stop: int) -> list[Span]:
    """Split "Smith J and Jones B"; a group keeps its "and"."""
    if leading := _AND.match(text, start, stop):
        start = leading.end()
    inner = _INNER_AND.search(text, start, stop)
    if inner is not None and _is_person(text[start : inner.start()]):
        return [(start, inner.start()), *_split_and(text, inner.end(), stop)]
    return [(start, stop)] if start < stop else []


def _is_author(name: str) -> bool:
    return _is_person(name) or _is_group(name) or _is_single_name(name)


def _is_person(name: str) -> bool:
    """Tell whether a text is a surname of up to seven words followed by initials."""
    words = name.split()
    if len(words) > 2 and words[-1] in _SUFFIXES:
        words.pop()
    family = words[: len(words) - _count_initials(words)]
    if not family or len(family) == len(words) or len(family) > 7:
        return False
    if any(char.isdigit() for word in family for char in word):
        return False
    if not any(char.isupper() for char in family[-1]) and family[-1].isascii():
        return False
    # Particles are short and in small letters: "van", "de la", "ten", "degli".
    return all(
        word not in _NOT_IN_NAMES and (len(word) <= 5 or not word.islower()) for word in family
    )


def _count_initials(words: list[str]) -> int:
    """Return how many words at the end are initials: "J", "JA", "J-P", "J.A.", "J. A."."""
    count = 0
    for word in reversed(words):
        letters = [char for char in word if char not in ".-‐’'"]
        if not (1 <= len(letters) <= 4 and all(c.isalpha() and c.isupper() for c in letters)):
            break
        # More than one word only where they are dotted: "Do A B" is rare, "XU J" is not.
        if count and "." not in word:
            break
        count += 1
    return count


def _count_forenames(words: list[str]) -> int:
    """Return how many words are forenames, as in "Jane Doe" and "Ludwig van Beethoven", or 0."""
    if not 2 <= len(words) <= 6 or not words[-1][0].isupper() or words[-1].isupper():
        return 0
    count = len(words) - 1
    while count and words[count - 1].islower() and len(words[count - 1]) <= 5:
        count -= 1
    are_names = all(
        word[0].isupper() and all(char.isalpha() or char in ".-'’" for char in word)
        for word in (*words[:count], words[-1])
    )
    return count if are_names else 0


def _is_group(name: str) -> bool:
    words = [word.strip("().,").lower() for word in name.split()]
    return 1 < len(words) <= 25 and any(word in _GROUP_WORDS for word in words[-4:])


def _is_single_name(name: str) -> bool:
    """Tell whether a text can be a name without initials: "Suharto", "Wang XiaoMing"."""
    words = name.replace("-", " ").split()
    return 1 <= len(words) <= 4 and all(word.isalpha() and word[0].isupper() for word in words)
