"""Reading floor: the names in a BibTeX entry -> authors.

Pure. Names stand in LaTeX, with " and " between them; braces keep together what is one: a group of
authors, or a family name of several words.
"""

import re
from collections.abc import Iterator

from pybtex.bibtex.utils import split_name_list, split_tex_string
from pybtex.database import Person

from kg.model import Author
from kg.readers.byline import parse_listed_name
from kg.readers.fields import join_particles, make_author, make_group, squeeze
from kg.readers.latex import latex_to_text

_OTHERS = re.compile(r"others|et\.? ?al\.?", re.IGNORECASE)
_NOBODY = frozenset(("", "and"))
_BEHIND = re.compile(r",?\s+(?:et\.? al\.?)\s*\Z", re.IGNORECASE)
_MARKS = re.compile(r"[\s*†‡§,]+\Z")
_SUFFIX = re.compile(r"(?:jr|sr|[1-4](?:st|nd|rd|th)|II|III|IV)\.?", re.IGNORECASE)
_INITIALS_ONLY = re.compile(r"[^,]+,(?:\s*[^\W\d_a-z]\.?-?)+")
# "Doe JA": the way of PubMed; "Jane Doe-Roe", "JA Doe" are not.
_INITIALS_LAST = re.compile(r"[^\W\d_].*[^\W\d_A-Z]\s+[^\W\d_a-z]{1,3}")
_LETTER_COMMAND = re.compile(r"\\[^A-Za-z]|\\[A-Za-z]\b")


def parse_names(names: str) -> tuple[tuple[Author, ...], bool]:
    r"""Return the authors of a field, and whether the list is cut short by "and others".

    >>> authors, et_al = parse_names(r"van der Berg, Jr, Jan and {The {ARDS} Network} and others")
    >>> [author.name for author in authors], authors[1].collective, et_al
    (['van der Berg J Jr', 'The ARDS Network'], True, True)
    >>> [author.name for author in parse_names(r"{\O}rsted, H. C. and Juan {de la Cruz}")[0]]
    ['Ørsted HC', 'de la Cruz J']
    """
    authors = []
    et_al = False
    for name in _split(squeeze(names)):
        whole = _BEHIND.sub("", name)
        if _OTHERS.fullmatch(name) or whole != name:
            et_al = True
        if not _OTHERS.fullmatch(name) and (author := _parse_name(whole)) is not None:
            authors.append(author)
    return tuple(authors), et_al


def _split(names: str) -> Iterator[str]:
    """Yield names; lists with semicolons or of "Doe J, Roe B" are no BibTeX, but there are some."""
    parts = split_name_list(names)
    if len(parts) > 1 or "{" in names:
        yield from parts
    elif ";" in names:
        yield from (part for each in names.split(";") if (part := each.strip()))
    else:
        listed = [part.strip() for part in names.split(",")]
        is_list = len(listed) > 1 and all(map(_INITIALS_LAST.fullmatch, listed))
        yield from listed if is_list else parts


def _parse_name(name: str) -> Author | None:
    text = _text(name)
    if text.lower() in _NOBODY or not any(map(str.isalnum, text)):
        return None
    if "family=" in name or "given=" in name:
        return _parse_extended(name)
    if _is_in_braces(name):
        return parse_listed_name(text) if _INITIALS_ONLY.fullmatch(text) else make_group(text)
    parts = [_text(part) for part in split_tex_string(name, ",")]
    if len(parts) == 1:
        return _parse_unparted(name, text)
    family, *rest = [part for part in parts if part] or [text]
    suffixes = [part for part in rest if _SUFFIX.fullmatch(part)]
    given = " ".join(part for part in rest if part not in suffixes)
    if not given and not suffixes:
        return parse_listed_name(family)
    suffix = " ".join(part.rstrip(".") for part in suffixes)
    return make_author(join_particles(family), given, suffix=suffix)


def _parse_unparted(name: str, text: str) -> Author:
    """Return the author of a name without a comma, in the order in which it is spoken."""
    if _INITIALS_LAST.fullmatch(text) or " " not in text:
        return parse_listed_name(text)
    author = parse_listed_name(text)
    if author.collective:
        return author
    person = Person(name)
    family = _text(" ".join([*person.prelast_names, *person.last_names]))
    given = _text(" ".join(person.bibtex_first_names))
    return make_author(join_particles(family), given) if family and given else author


def _parse_extended(name: str) -> Author | None:
    """Return the author of BibLaTeX's extended form: "family=Berg, given=Jan, prefix=van der"."""
    parts = {}
    for part in split_tex_string(name, ","):
        key, _, value = part.partition("=")
        parts[key.strip().lower()] = _text(value.strip(' "'))
    family = join_particles(parts.get("prefix", ""), parts.get("family", ""))
    suffix = parts.get("suffix", "").rstrip(".")
    return make_author(family, parts.get("given", ""), suffix=suffix) if family else None


def _is_in_braces(name: str) -> bool:
    """Tell whether a name stands in braces as a whole, and not for one accent."""
    if not (name.startswith("{") and name.endswith("}")):
        return False
    depth = 0
    for place, sign in enumerate(name):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if depth == 0 and place < len(name) - 1:
            return False
    inner = name.strip("{}")
    return not (_LETTER_COMMAND.match(inner) and " " not in inner)


def _text(part: str) -> str:
    return _MARKS.sub("", squeeze(latex_to_text(part)[0]))
