"""Reading floor: fields as all formats share them, so that one paper reads alike from each.

Pure. A reader takes its format apart, and makes titles, names, abstracts and years with these.
"""

import html
import re
from collections.abc import Iterable, Sequence

from kg.model import Author, Section, Text

_BRACKETED = re.compile(r"\[(?P<title>.*)\]\.?", re.DOTALL)
# "METHODS:", "BACKGROUND AND AIMS:", "SETTING/PARTICIPANTS:": at the start, or behind a sentence.
_LABEL = re.compile(
    r"(?:\A|(?<=[.?!)\]\"”%] ))(?P<label>[A-Z][A-Z0-9'&/,()-]*(?: [A-Z0-9&/,()'-]+){0,7}): "
)
_YEAR = re.compile(r"(?<!\d)(1[6-9]\d\d|20\d\d)(?!\d)")
_AFTER_PARTICLE = re.compile(r"(?<=[a-z]['’-]) (?=\w)")
_GIVEN = re.compile(r"[^\s.\-‐–]+")
# Not out of the middle of an ISBN ("9783540123456", "1-4020-1234-5").
_ISSN = re.compile(r"(?<![\d-])(\d{4})-?(\d{3}[\dXx])(?![\d-])")
_ORCID = re.compile(r"(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dXx])")
_SHORTEST_LABEL = 4
_MARKUP = re.compile(
    r"</?(?:jats:)?(?:i|b|u|em|strong|italic|bold|sub|sup|small|sc|scp|span|p|br|sec|title|font)"
    r"(?:\s[^<>]{0,200})?/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[A-Za-z][A-Za-z\d]{1,31});")
_STOP_IN_NAME = re.compile(r"(?<=\w)\.(?=\s|[^\W\d]|\Z)")
# Names of languages in English and their codes of ISO 639-1 and 639-2/T, to 639-2/B, which
# MEDLINE uses.
_LANGUAGES = {
    name: line.split()[0]
    for line in """
        afr afrikaans af|alb albanian sq sqi|ara arabic ar|arm armenian hy hye|aze azerbaijani az
        baq basque eu eus|bos bosnian bs|bul bulgarian bg|cat catalan ca|chi chinese zh zho
        cze czech cs ces|dan danish da|dut dutch nl nld flemish|eng english en|est estonian et
        fin finnish fi|fre french fr fra|geo georgian ka kat|ger german de deu|gre greek el ell
        heb hebrew he|hin hindi hi|hrv croatian hr|hun hungarian hu|ice icelandic is isl
        ind indonesian id|ita italian it|jpn japanese ja|kor korean ko|lat latin la
        lav latvian lv|lit lithuanian lt|mac macedonian mk mkd|may malay ms msa|mul multilingual
        nor norwegian no nb nn|per persian fa fas farsi|pol polish pl|por portuguese pt
        rum romanian ro ron|rus russian ru|slo slovak sk slk|slv slovenian slovene sl
        spa spanish es castilian|srp serbian sr|swe swedish sv|tha thai th|tur turkish tr
        ukr ukrainian uk|und undetermined|vie vietnamese vi|wel welsh cy cym
    """.replace("\n", "|").split("|")
    for name in line.split()
}
_NO_TITLE = "Not Available"


def squeeze(text: str) -> str:
    r"""Return a text with every run of white space as one space, and none at its ends.

    >>> squeeze("  IL-7\n and  STAT5 ")
    'IL-7 and STAT5'
    """
    if text.isprintable() and "  " not in text:  # no white space but single spaces: most texts
        return text.strip()
    return " ".join(text.split())


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


def strip_markup(text: str) -> str:
    """Return a text without the tags and entities of HTML and JATS that exports leave in it.

    A "<" that is no tag's stays: "p<0.05".

    >>> strip_markup("<i>Il7</i> in CD4<sup>+</sup> cells (p<0.05) &amp; mice")
    'Il7 in CD4+ cells (p<0.05) & mice'
    """
    text = _MARKUP.sub("", text) if "<" in text else text
    if "&" in text:
        text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    return text


def make_titles(title: str, vernacular: str = "") -> tuple[Text, ...]:
    """Return a title, cleaned, and behind it the title in the paper's own language where known.

    Where PubMed has no English title ("[Not Available]."), that in the paper's language is its
    title. None is empty.

    >>> [(text.field, text.text) for text in make_titles("[Mice.]", "Mäuse.")]
    [('title', 'Mice'), ('vernacular-title', 'Mäuse')]
    >>> [(text.field, text.text) for text in make_titles("[Not Available].", "Mäuse.")]
    [('title', 'Mäuse')]
    """
    title, vernacular = clean_title(title), vernacular and clean_title(vernacular)
    if title in {"", _NO_TITLE}:
        title, vernacular = vernacular, ""
    texts = (make_text("title", title),) if title else ()
    return (*texts, make_text("vernacular-title", vernacular)) if vernacular else texts


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

    Forenames without a family name are the name.

    >>> make_author("van Amelsfort", "Jacob M.").name, make_author("Li", "Xiao-Ming").initials
    ('van Amelsfort JM', 'XM')
    >>> make_author("Doe", "J.", suffix="Jr").name, make_author("", "Suharto").family
    ('Doe J Jr', 'Suharto')
    """
    family, given = squeeze(family), squeeze(given)
    if not family:
        family, given, initials = given or squeeze(initials), "", ""
    initials = squeeze(initials) or make_initials(given)
    # Most forenames are one word, and this is asked of every author there is.
    is_spelled = given != given.upper() and (
        (given.isalpha() and len(given) > 1)
        or any(len(word) > 1 and word != word.upper() for word in _GIVEN.findall(given))
    )
    return Author(
        name=" ".join(filter(None, (family, initials, squeeze(suffix)))),
        family=family,
        initials=initials,
        given=given if is_spelled else "",
        orcid=orcid,
    )


def join_particles(*parts: str) -> str:
    """Return the particles of a family name and the name, as they are printed.

    >>> join_particles("van", "der", "Berg"), join_particles("d'", "Este"), join_particles("", "Li")
    ('van der Berg', "d'Este", 'Li')
    """
    return _AFTER_PARTICLE.sub("", " ".join(filter(None, map(squeeze, parts))))


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


def clean_abbreviation(name: str) -> str:
    """Return the abbreviated name of a journal without full stops, as PubMed has it.

    >>> clean_abbreviation("J. Immunol."), clean_abbreviation("Anat.Rec.")
    ('J Immunol', 'Anat Rec')
    """
    return squeeze(_STOP_IN_NAME.sub(" ", name))


def name_journal(abbreviations: Sequence[str], names: Sequence[str]) -> tuple[str, str]:
    """Return what a journal is called, by its first abbreviation, and its full name if it differs.

    >>> name_journal(["Nat. Commun."], ["Nature Communications"])
    ('Nat Commun', 'Nature Communications')
    >>> name_journal([], ["Blood"]), name_journal([], ["Clin. Pharmacokinet."])
    (('Blood', ''), ('Clin Pharmacokinet', ''))
    """
    name = next(iter(names), "")
    short = clean_abbreviation(next(iter(abbreviations), "") or name)
    return short, squeeze(name) if _letters(name) != _letters(short) else ""


def _letters(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalnum())


def find_language(text: str) -> str:
    """Return the code of ISO 639-2/B of a language named in English or by a code, or an empty text.

    >>> find_language("English"), find_language("de"), find_language("fra"), find_language("?")
    ('eng', 'ger', 'fre', '')
    """
    word = re.split(r"[^a-z]", text.strip().casefold(), maxsplit=1)[0]
    return _LANGUAGES.get(word, "")


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
