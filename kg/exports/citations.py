r"""Floor 8: a paper's citation as BibTeX and as RIS, for reference managers. Pure.

BibTeX is read by programs that take UTF-8 (biber, BibTeX since 2010's wrappers, Zotero); what means
something to TeX is escaped. RIS knows no escapes: a line break would begin another field, so there
is none.
"""

import re
from dataclasses import dataclass

_TEX = {
    "\\": r"\textbackslash{}",
    # BibTeX counts braces, those behind a backslash too.
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    **{char: f"\\{char}" for char in "#$%&_"},
}
_SPECIAL = re.compile("[" + re.escape("".join(_TEX)) + "]")
_UNWRITTEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_INITIALS = re.compile(r"(.+) ((?:[^\W\d_a-z]-?){1,5})((?: (?:Jr|Sr|2nd|3rd|[1-9]th|I{1,3}|IV))?)")
_WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """What a reference manager keeps of a paper; `authors` as printed ("Smith JA"), in order.

    `et_al` tells that there are more. `pages` is as printed too ("21-33", "e12"), `url` where it
    can be read of.
    """

    key: str
    title: str = ""
    authors: tuple[str, ...] = ()
    et_al: bool = False
    journal: str = ""
    year: int | None = None
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    pmid: str = ""
    pmcid: str = ""
    url: str = ""


def write_bibtex(citation: Citation) -> str:
    r"""Return a citation as an entry of BibTeX.

    >>> print(write_bibtex(Citation(key="pmid-1", title="T & B cells", authors=("Li XY",))))
    @article{pmid-1,
      author = {Li, X. Y.},
      title = {{T \& B cells}},
    }
    <BLANKLINE>
    """
    names = [_bibtex_name(each) for each in citation.authors]
    if names and citation.et_al:
        names.append("others")
    pages = re.sub(r"(?<=\w)[-–—]+(?=\w)", "--", citation.pages)
    fields = (
        ("author", " and ".join(names)),
        # Twice in braces, so that a style keeps the capitals of names.
        ("title", f"{{{_tex(citation.title)}}}" if citation.title else ""),
        ("journal", _tex(citation.journal)),
        ("year", str(citation.year or "")),
        ("volume", _tex(citation.volume)),
        ("number", _tex(citation.issue)),
        ("pages", _tex(pages)),
        ("doi", _tex(citation.doi)),
        ("pmid", _tex(citation.pmid)),
        ("pmcid", _tex(citation.pmcid)),
        ("url", _tex(citation.url)),
    )
    lines = [f"  {name} = {{{value}}}," for name, value in fields if value]
    key = re.sub(r"[^A-Za-z0-9.:/_-]+", "-", citation.key).strip("-") or "paper"
    return "\n".join((f"@article{{{key},", *lines, "}", ""))


def write_ris(citation: Citation) -> str:
    r"""Return a citation as a record of RIS.

    >>> write_ris(Citation(key="1", title="T and B cells", pages="21-3")).splitlines()
    ['TY  - JOUR', 'ID  - 1', 'TI  - T and B cells', 'SP  - 21', 'EP  - 3', 'ER  - ']
    """
    first, last = _first_and_last(citation.pages)
    fields = (
        ("ID", citation.key),
        *(("AU", _ris_name(each)) for each in citation.authors),
        ("TI", citation.title),
        ("JO", citation.journal),
        ("PY", str(citation.year or "")),
        ("VL", citation.volume),
        ("IS", citation.issue),
        ("SP", first),
        ("EP", last),
        ("DO", citation.doi),
        ("AN", f"PMID:{citation.pmid}" if citation.pmid else ""),
        ("C2", citation.pmcid),
        ("UR", citation.url),
    )
    lines = [f"{tag}  - {_line(value)}" for tag, value in fields if _line(value)]
    return "\r\n".join(("TY  - JOUR", *lines, "ER  - ", ""))


def make_key(citation: Citation) -> str:
    """Return what to cite a paper by: first author, year, first word of the title.

    >>> make_key(Citation(key="cit-1", title="The IL-7 receptor", authors=("Li X",), year=2009))
    'li2009receptor'
    """
    author = _parts(citation.authors[0])[0] if citation.authors else ""
    words = [word for word in _WORD.findall(citation.title.casefold()) if len(word) > 3]
    made = "".join(_WORD.findall(author.casefold())) + str(citation.year or "")
    return f"{made}{words[0] if words else ''}" or citation.key


def _line(text: str) -> str:
    """Return a text on one line."""
    return " ".join(_UNWRITTEN.sub(" ", text).split())


def _tex(text: str) -> str:
    return _SPECIAL.sub(lambda found: _TEX[found[0]], _line(text))


def _parts(name: str) -> tuple[str, str, str]:
    """Return the family name, the initials and what follows them; of a group, its name alone."""
    found = _INITIALS.fullmatch(_line(name))
    if found is None:
        return _line(name), "", ""
    return found[1], found[2], found[3].strip()


def _bibtex_name(name: str) -> str:
    family, initials, suffix = _parts(name)
    if not initials:
        return f"{{{_tex(family)}}}"
    # "and" between braces parts no names.
    held = f"{{{_tex(family)}}}" if re.search(r"[\s,]", family) else _tex(family)
    between = f", {_tex(suffix)}" if suffix else ""
    return f"{held}{between}, {_tex(_spaced(initials))}"


def _ris_name(name: str) -> str:
    family, initials, suffix = _parts(name)
    if not initials:
        return family
    return f"{family}, {_spaced(initials)}{f', {suffix}' if suffix else ''}"


def _spaced(initials: str) -> str:
    """Return initials with points: "JA" as "J. A.", "J-P" as "J.-P."."""
    return " ".join(re.findall(r"[^-]\.(?:-[^-]\.)?", re.sub(r"([^-])", r"\1.", initials)))


def _first_and_last(pages: str) -> tuple[str, str]:
    found = re.fullmatch(r"\s*(\w+)\s*[-–—]+\s*(\w+)\s*", pages)
    return (found[1], found[2]) if found else (pages.strip(), "")
