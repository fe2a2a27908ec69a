"""Reading floor: fields as all formats share them, so that one paper reads alike from each.

Pure. A reader takes its format apart, and makes titles, names, abstracts and years with these.
"""

import re
from collections.abc import Iterable

from kg.model import Author, Section, Text

_SPACE = re.compile(r"\s+")
_BRACKETED = re.compile(r"\[(?P<title>.*)\]\.?", re.DOTALL)
# "METHODS:", "BACKGROUND AND AIMS:", "SETTING/PARTICIPANTS:": at the start, or behind a sentence.
_LABEL = re.compile(
    r"(?:\A|(?<=[.?!)\]\"”%] ))(?P<label>[A-Z][A-Z0-9'&/,()-]*(?: [A-Z0-9&/,()'-]+){0,7}): "
)
_YEAR = re.compile(r"(?<!\d)(1[6-9]\d\d|20\d\d)(?!\d)")
_GIVEN = re.compile(r"[^\s.\-‐–]+")
_ISSN = re.compile(r"(\d{4})-?(\d{3}[\dXx])")
_ORCID = re.compile(r"(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dXx])")
_SHORTEST_LABEL = 4


def squeeze(text: str) -> str:
    r"""Return a text with every run of white space as one space, and none at its ends.

    >>> squeeze("  IL-7\n and  STAT5 ")
    'IL-7 and STAT5'
    """
    return _SPACE.sub(" ", text).strip()


def clean_title(title: str) -> str:
    """Return a title without the full stop at its end, and without PubMed's brackets.

    PubMed puts titles that it translated into brackets; other formats leave the full stop out.

    >>> clean_title("[Interleukin-7 in mice.]"), clean_title("IL-7 and so on...")
    ('Interleukin-7 in mice', 'IL-7 and so on...')
    """
    title = squeeze(title)
    bracketed = _BRACKETED.fullmatch(title)
    if bracketed is not None and "[" not in bracketed["title"].partition("]")[0]:
        title = bracketed["title"].strip()
    if title.endswith(".") and not title.endswith(".."):
        title = title[:-1].rstrip()
    return title


def make_text(field: str, text: str) -> Text:
    """Return a field's text as it came, with nothing repaired."""
    return Text(field=field, text=text, raw=text)


def join_sections(parts: Iterable[tuple[str, str]]) -> Text:
    """Return an abstract made of labelled parts, each "LABEL: text", as PubMed prints them.

    A part without a label has an empty one. White space is squeezed; empty parts are left out.

    >>> abstract = join_sections([("METHODS", "We  counted."), ("RESULTS", "Many.")])
    >>> abstract.text
    'METHODS: We counted. RESULTS: Many.'
    >>> [abstract.text[part.start : part.end] for part in abstract.sections]
    ['We counted.', 'Many.']
    """
    text = ""
    sections = []
    for name, content in parts:
        label, body = squeeze(name).rstrip(":").upper(), squeeze(content)
        if not body:
            continue
        text += (" " if text else "") + (f"{label}: " if label else "")
        if label:
            sections.append(Section(label=label, start=len(text), end=len(text) + len(body)))
        text += body
    return Text(field="abstract", text=text, raw=text, sections=tuple(sections))


def split_sections(abstract: str) -> Text:
    """Return an abstract with the sections that its labels in capitals tell ("METHODS: ").

    One label alone is none: "CONCLUSION: " may close any abstract, but "DNA: " may open a sentence.

    >>> text = split_sections("AIM: To count. RESULTS: There were many.")
    >>> [(part.label, text.text[part.start : part.end]) for part in text.sections]
    [('AIM', 'To count.'), ('RESULTS', 'There were many.')]
    """
    text = squeeze(abstract)
    found = [match for match in _LABEL.finditer(text) if len(match["label"]) >= 3]
    if len(found) < 2 or max(len(match["label"]) for match in found) < _SHORTEST_LABEL:
        return make_text("abstract", text)
    ends = [match.start() for match in found[1:]] + [len(text)]
    sections = [
        Section(label=match["label"], start=match.end(), end=len(text[:end].rstrip()))
        for match, end in zip(found, ends, strict=True)
    ]
    sections = [section for section in sections if section.start < section.end]
    return Text(field="abstract", text=text, raw=text, sections=tuple(sections))


def make_author(
    family: str, given: str = "", *, initials: str = "", suffix: str = "", orcid: str = ""
) -> Author:
    """Return an author of the parts of a name; the initials are made of the forenames if need be.

    >>> make_author("van Amelsfort", "Jacob M.").name, make_author("Li", "Xiao-Ming").initials
    ('van Amelsfort JM', 'XM')
    >>> make_author("Doe", "J.", suffix="Jr").name
    'Doe J Jr'
    """
    family, given = squeeze(family), squeeze(given)
    initials = squeeze(initials) or make_initials(given)
    is_spelled = any(len(word) > 1 and word != word.upper() for word in _GIVEN.findall(given))
    return Author(
        name=" ".join(filter(None, (family, initials, squeeze(suffix)))),
        family=family,
        initials=initials,
        given=given if is_spelled else "",
        orcid=orcid,
    )


def make_initials(given: str) -> str:
    """Return the initials of forenames, without full stops, hyphens and spaces, as PubMed has them.

    >>> make_initials("Jean-Paul A."), make_initials("JP"), make_initials("J.-P.")
    ('JPA', 'JP', 'JP')
    """
    words = _GIVEN.findall(given)
    return "".join(word if word.isupper() and len(word) <= 3 else word[0].upper() for word in words)


def make_group(name: str) -> Author:
    """Return a group of authors ("ARDS Network")."""
    name = squeeze(name)
    return Author(name=name, family=name, collective=True)


def find_year(text: str) -> int | None:
    """Return the first year in a date as printed, or None.

    >>> find_year("2007 Jan-Feb"), find_year("Spring 1998"), find_year("in press")
    (2007, 1998, None)
    """
    match = _YEAR.search(text)
    return int(match[1]) if match else None


def find_issns(text: str) -> tuple[str, ...]:
    """Return the ISSNs in a text, each once, in order.

    >>> find_issns("1550-6606 (Electronic); 00221767")
    ('1550-6606', '0022-1767')
    """
    return tuple(dict.fromkeys(f"{a}-{b.upper()}" for a, b in _ISSN.findall(text)))


def find_orcid(text: str) -> str:
    """Return the bare ORCID in a text or address, or an empty string.

    >>> find_orcid("https://orcid.org/0000-0002-1825-0097")
    '0000-0002-1825-0097'
    """
    match = _ORCID.search(text)
    return "-".join(match.groups()).upper() if match else ""
