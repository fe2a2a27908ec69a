"""Reading floor: one printed citation -> where its parts stand.

Pure. The form is `Authors. Title. Journal. YEAR;VOLUME(ISSUE):PAGES links`, which PubMed and the
gene pages share. It is read from its right end, where it is regular: the year with what follows,
then the journal, then the authors from the left; the title is what remains, full stops and all.
"""

import re
from dataclasses import dataclass, field

from kg.readers.byline import Span, find_authors, trim

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Spring|Summer|Fall|Autumn|Winter)"
_DATE = (
    rf"(?:\s+{_MONTH}[a-z]{{0,6}}(?:[-/ ]{_MONTH}[a-z]{{0,6}})?(?:\s+\d{{1,2}}(?:-\d{{1,2}})?)?)?"
)
_YEAR = re.compile(r"(?<!\S)(?:1[6-9]|20)\d\d(?![\w-])")
_SUPPLEMENT = (
    r"(?:\s*(?:Suppl|Pt|Part|Spec|Special|No|Issue)\b\.?(?:\s+(?:No|Issue|\w?\d\w*|[A-Z]))*)"
)
_PAGES = (
    r"[^\s,;]{1,40}"
    r"(?:[,;]\s*(?:(?:discussion|quiz|author\sreply|passim)\s+)?[A-Za-z]{0,4}\d[\w.–-]{0,20})*"
)
_LOCATION = re.compile(
    rf"(?P<year>\d{{4}}){_DATE}\s*;\s*"
    rf"(?:(?P<volume>[^:;()]{{0,60}}?)\s*(?:\((?P<issue>[^()]{{0,60}})\))?\s*:\s*(?P<pages>{_PAGES})"
    rf"|(?P<volume_alone>(?:[A-Z]?\d[\w./-]{{0,20}})?{_SUPPLEMENT}*)"
    r"\s*(?:\((?P<issue_alone>[^()]{0,60})\))?)"
)
_BARE_YEAR = re.compile(rf"(?P<year>\d{{4}}){_DATE}(?::\s*(?P<pages>{_PAGES}))?")
_ENDS_SENTENCE = re.compile(r"(?:[.?!][\"'”’)\]]*|[)\]])\s+\Z")

_IDENTIFIERS = (
    (
        "DOI",
        re.compile(r"(?:doi:?\s*|https?://(?:dx\.)?doi\.org/)(10\.\d{4,9}/\S+)", re.IGNORECASE),
    ),
    ("PMCID", re.compile(r"(?:(?:PubMed Central\s+)?PMCID:\s*)?\b(PMC\d+)\b", re.IGNORECASE)),
    ("PMID", re.compile(r"(?:PubMed\s+)?PMID:?\s*(\d{1,9})\b", re.IGNORECASE)),
)
_NOTE = re.compile(r"\[[^\[\]]{0,80}\]|\bEpub\b[^.;]{0,40}(?:[.;]|\Z)")
_LINK = re.compile(r"[^\W\d_][^\W_]*(?:-[^\W_]+)*\Z")
_MOST_LINKS = 12
_LONGEST_REST = 400

_BOUNDARY = re.compile(r"[.?!][\"'”’)\]]*\s+")
_LONGEST_JOURNAL = 160
# How the abbreviation of a journal begins where every word of it has its full stop (ISO 4).
_JOURNAL_STARTS = frozenset((
    "Acta", "Adv", "Am", "Ann", "Annu", "Appl", "Arch", "Aust", "Biochem", "Biochim", "Biol",
    "Biophys", "Br", "Brain", "Bull", "Can", "Cancer", "Cell", "Chem", "Chin", "Circ", "Clin",
    "Crit", "Curr", "Dan", "Dev", "Diabetes", "Drug", "Environ", "Eur", "Exp", "Expert",
    "Front", "Gene", "Genes", "Genet", "Genome", "Hum", "Immunol", "Infect", "Int", "Ital",
    "J", "Jpn", "Lab", "Med", "Methods", "Mol", "N", "Nat", "Neth", "Neurosci", "Nucleic",
    "Oncol", "Pathol", "Pediatr", "Pharmacol", "Philos", "Phys", "Physiol", "Proc", "Prog",
    "Protein", "Q", "Rev", "Scand", "Sci", "Semin", "Stem", "Struct", "Ther", "Tissue",
    "Trends", "Vet", "World", "Z",
))  # fmt: skip
_DOTTED_WORD = re.compile(r"[A-Z][A-Za-z]{0,9}\Z")
_SMALL_WORDS = frozenset((
    "of", "the", "and", "in", "for", "et", "de", "la", "du", "der", "für", "und", "on", "&",
    "a", "an", "to",
))  # fmt: skip

_PAGE = re.compile(r"(?P<prefix>[A-Za-z]*)(?P<digits>\d+)(?P<suffix>[A-Za-z]*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """The parts of a citation; `title` and `authors` are spans of the text it was read from."""

    title: Span
    authors: tuple[Span, ...]
    et_al: bool
    journal: str
    year: int
    volume: str
    issue: str
    pages: str
    identifiers: dict[str, str] = field(default_factory=dict)
    links: tuple[str, ...] = ()
    # What stands behind the pages and is neither an identifier nor the label of a link.
    unread: str = ""
    # True where year, volume and pages stood in the regular form, with a semicolon.
    regular: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tail:
    start: int
    match: re.Match[str]
    identifiers: dict[str, str]
    links: tuple[str, ...]
    unread: str
    regular: bool


def parse_citation(text: str) -> Citation | None:
    """Return the parts of a citation, or None where it has no year in its place or no title.

    >>> text = "Doe J. What is IL-7? A review. J Immunol. 2007;178 Suppl 2:S5-9 pubmed"
    >>> citation = parse_citation(text)
    >>> text[slice(*citation.title)], citation.journal, citation.volume, citation.pages
    ('What is IL-7? A review', 'J Immunol', '178 Suppl 2', 'S5-9')
    """
    tail = _find_tail(text)
    if tail is None:
        return None
    authors, et_al, body = find_authors(text, tail.start)
    title, journal = _split_title(text, body, tail.start)
    is_alone = len(authors) == 1 and not et_al and not text[slice(*journal)]
    if is_alone and _has_form_of_name(text[slice(*title)]):
        # "Vitamin D. Lancet." has the look of "Doe J. Asthma.": a title and a journal it is.
        authors, (title, journal) = (), _split_title(text, 0, tail.start)
    if not any(char.isalnum() for char in text[slice(*title)]):
        return None
    parts = tail.match.groupdict()
    return Citation(
        title=title,
        authors=authors,
        et_al=et_al,
        journal=text[slice(*journal)],
        year=int(tail.match["year"]),
        volume=(parts.get("volume") or parts.get("volume_alone") or "").strip(),
        issue=(parts.get("issue") or parts.get("issue_alone") or "").strip(),
        pages=(parts["pages"] or "").rstrip(".,;"),
        identifiers=tail.identifiers,
        links=tail.links,
        unread=tail.unread,
        regular=tail.regular,
    )


def expand_pages(pages: str) -> tuple[str, str]:
    """Return the first and the last page of a printed range, the last one written out.

    A single page, and an article number such as "e124", is a first page with no last one, as in
    PubMed's own records. A letter before the first page stands before the last one too; what is no
    plain range is left as it is printed.

    >>> expand_pages("732-42"), expand_pages("1197-203"), expand_pages("iii69-74")
    (('732', '742'), ('1197', '1203'), ('iii69', 'iii74'))
    >>> expand_pages("R23"), expand_pages("S12-S19"), expand_pages("57-62; discussion 63-70")
    (('R23', ''), ('S12', 'S19'), ('57', '62'))
    """
    first, _, last = re.split(r"[,;]", pages, maxsplit=1)[0].replace("–", "-").partition("-")
    first, last = first.strip(), last.strip()
    begin, finish = _PAGE.fullmatch(first), _PAGE.fullmatch(last)
    if begin is None or finish is None or finish["prefix"] not in {"", begin["prefix"]}:
        return first, last
    digits = begin["digits"]
    written = digits[: max(0, len(digits) - len(finish["digits"]))] + finish["digits"]
    if int(written) < int(digits):
        return first, last
    return first, begin["prefix"] + written + finish["suffix"]


def _find_tail(text: str) -> _Tail | None:
    """Return the last place that reads as year, volume and pages with only links behind it.

    Where there is none, a place with volume and pages and something unknown behind it will do.
    """
    years = [match.start() for match in _YEAR.finditer(text)][-20:]
    fallback = None
    for pattern, regular in ((_LOCATION, True), (_BARE_YEAR, False)):
        for start in reversed(years):
            if not regular and not _ENDS_SENTENCE.search(text, max(0, start - 20), start):
                continue
            match = pattern.match(text, start)
            if match is None or len(text) - match.end() > _LONGEST_REST:
                continue
            identifiers, links, unread = _parse_rest(text[match.end() :])
            tail = _Tail(
                start=start,
                match=match,
                identifiers=identifiers,
                links=links,
                unread=unread,
                regular=regular,
            )
            if not unread:
                return tail
            if regular and match["pages"]:
                fallback = fallback or tail
    return fallback


def _parse_rest(rest: str) -> tuple[dict[str, str], tuple[str, ...], str]:
    """Return the identifiers and link labels behind a citation, and what is neither."""
    identifiers: dict[str, str] = {}
    for prefix, pattern in _IDENTIFIERS:
        for match in pattern.finditer(rest):
            identifiers.setdefault(prefix, match[1].rstrip(".,;)"))
        rest = pattern.sub(" ", rest)
    rest = _NOTE.sub(" ", rest).strip(" .,;|\t")
    words = [word for word in re.split(r"[\s.,;|]+", rest) if word]
    if len(words) > _MOST_LINKS or not all(_LINK.match(word) for word in words):
        return identifiers, (), rest
    return identifiers, tuple(words), ""


def _split_title(text: str, start: int, end: int) -> tuple[Span, Span]:
    """Split what stands between authors and year into title and journal, the last sentence.

    Where the last sentence has not the look of a journal, all of it is the title.
    """
    start, end = trim(text, start, end)
    boundaries = [match.end() for match in _BOUNDARY.finditer(text, start, end)]
    if not boundaries or text[end - 1] in "?!":
        return _strip_stop(text, start, end), (end, end)
    cut = boundaries[-1]
    # "Science (New York. Print)": a bracket is not torn apart.
    index = len(boundaries) - 1
    while index and text.count(")", cut, end) > text.count("(", cut, end):
        index -= 1
        cut = boundaries[index]
    cut = _extend_dotted(text, [start, *boundaries[: index + 1]], end)
    journal = _strip_stop(text, cut, end)
    if ". " in text[slice(*journal)].partition("(")[0]:
        journal = trim(text, cut, end)  # "J. Immunol.": the full stop is the last word's.
    if not _is_journal(text[slice(*journal)]):
        return _strip_stop(text, start, end), (end, end)
    return _strip_stop(text, start, cut), journal


def _extend_dotted(text: str, starts: list[int], end: int) -> int:
    """Return where a journal begins whose every word has a full stop: "Proc. Natl. Acad. Sci."."""
    best = starts[-1]
    if len(text[best:end].split()) > 1:
        return best
    for place in range(len(starts) - 2, 0, -1):
        word = text[starts[place] : starts[place + 1]].strip().removesuffix(".")
        if not _DOTTED_WORD.match(word):
            break
        if word in _JOURNAL_STARTS:
            best = starts[place]
    return best


def _is_journal(text: str) -> bool:
    words = text.split()
    if not words or len(text) > _LONGEST_JOURNAL or len(words) > 20:
        return False
    # "eLife", "npj Vaccines": a small letter may begin a name that has a capital soon after.
    return (
        any(char.isupper() for char in "".join(words[:2]))
        or words[0][0].isdigit()
        or not words[0].isascii()
    )


def _has_form_of_name(text: str) -> bool:
    """Tell whether a text is a name, as of a journal: few words, all with a capital."""
    words = text.split()
    return len(words) <= 8 and all(word[0].isupper() or word in _SMALL_WORDS for word in words)


def _strip_stop(text: str, start: int, end: int) -> Span:
    """Trim a span, and take off its one full stop; an ellipsis stays."""
    start, end = trim(text, start, end)
    if text[start:end].endswith(".") and not text[start:end].endswith(".."):
        end -= 1
    return trim(text, start, end)
