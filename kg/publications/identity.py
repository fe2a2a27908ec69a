"""Floor above the model: what a paper's identity is: identifiers in one form, fingerprints, keys.

Pure. A key is a slug that can stand in the path of an IRI.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from urllib.parse import unquote

from kg.model import Record
from kg.namespaces import content_hash

# In order of strength: the first that a paper has is its key. The last kind only finds records of
# one paper; it names none.
KEY_KINDS = ("pmid", "pmc", "doi", "cit", "issn")
NAMING_KINDS = KEY_KINDS[:-1]

_PMID = re.compile(r"(?:PMID:?\s*)?0*([1-9]\d{0,9})", re.IGNORECASE)
_PMCID = re.compile(r"(?:PMCID:?\s*)?(?:PMC)?0*([1-9]\d{0,9})(?:\.\d+)?", re.IGNORECASE)
_DOI = re.compile(
    r"(?:doi:\s*|(?:https?://)?(?:dx\.|www\.)?doi\.org/)*(10\.\d{4,9}/\S+)", re.IGNORECASE
)
_IN_BRACKETS = re.compile(r"\([^()]*\)")
# What follows is a subtitle, a parallel title or a publisher, which abbreviations leave out.
_SUBTITLE = re.compile(r" = | ?: |; | -- |\. (?=The )")
# "d'épidémiologie", "L'Encéphale": the article goes, "women's" stays one word.
_APOSTROPHE = re.compile(r"\b[dlDL]['’](?=\w)|['’]")
_JOURNAL_WORD = re.compile(r"[^\W_](?:[\w-]*\w)?")
# Words that abbreviated titles leave out, in the languages of most journals: articles,
# prepositions, conjunctions, and names of parts (ISO 4).
_LEFT_OUT = frozenset((
    "a", "al", "an", "and", "at", "by", "for", "from", "in", "into", "its", "of", "on", "or", "the",
    "to", "with", "as", "das", "dem", "der", "des", "die", "für", "fur", "und", "zur", "de", "du",
    "en", "et", "la", "le", "les", "del", "el", "los", "las", "y", "e", "da", "do", "dei", "della",
    "di", "per", "i", "w", "z", "za", "het", "van", "voor", "och", "part", "pt", "section", "sect",
    "series", "ser",
))  # fmt: skip


def normalise_identifier(prefix: str, value: str) -> str | None:
    """Return the one form of a PMID, PMCID or DOI, or None where it is none.

    >>> normalise_identifier("DOI", "https://doi.org/10.1038/NI.1695.")
    '10.1038/ni.1695'
    >>> normalise_identifier("PMCID", "2661571"), normalise_identifier("PMID", "n/a")
    ('PMC2661571', None)
    """
    value = value.strip()
    if prefix == "PMID":
        match = _PMID.fullmatch(value)
        return match[1] if match else None
    if prefix == "PMCID":
        match = _PMCID.fullmatch(value)
        return f"PMC{match[1]}" if match else None
    if prefix == "DOI":
        match = _DOI.fullmatch(unquote(value))
        return match[1].rstrip(".,;").lower() if match else None
    return value or None


def normalise_title(title: str) -> str:
    """Return the letters and digits of a title without case and accents, for comparing.

    >>> normalise_title("Interleukin-7: friend, or foe?")
    'interleukin7friendorfoe'
    """
    folded = unicodedata.normalize("NFKD", title).casefold()
    return "".join(char for char in folded if char.isalnum()) or " ".join(folded.split())


@lru_cache(maxsize=100_000)
def journal_initials(journal: str) -> str:
    """Return the initials of a journal's name, the same for its full name and its abbreviation.

    Abbreviations by ISO 4 keep the beginning of each word but articles, prepositions and
    conjunctions. How far into a word they reach differs from list to list; its first letter does
    not. Subtitles and places in brackets are left out.

    >>> journal_initials("Journal of immunology (Baltimore, Md. : 1950)")
    'ji'
    >>> journal_initials("J. Immunol.")
    'ji'
    >>> journal_initials("Proc. Natl. Acad. Sci. U.S.A.")
    'pnasusa'
    """
    name = _IN_BRACKETS.sub(" ", _IN_BRACKETS.sub(" ", journal)).strip()
    name = _SUBTITLE.split(name, maxsplit=1)[0]
    folded = unicodedata.normalize("NFKD", _APOSTROPHE.sub("", name))
    bare = "".join(char for char in folded if not unicodedata.combining(char))
    words = _JOURNAL_WORD.findall(bare)
    # A lone capital is no article: "J Hand Surg A", "Proc Natl Acad Sci U S A".
    kept = [word for word in words if word.isupper() or word.casefold() not in _LEFT_OUT]
    return "".join(word[0] for word in kept or words).casefold()


def fingerprint(record: Record) -> str:
    """Return the hash of journal, year, volume, first page and title, the identity of last resort.

    The journal counts by its initials, so that full and abbreviated names meet. Without the title,
    real citations collide; a record without one is told by its authors.
    """
    return content_hash(journal_initials(record.journal), *_place_and_title(record))


def make_keys(record: Record) -> tuple[str, ...]:
    """Return the keys of a record, the strongest first; there is at least one.

    `pmid-17265423`, `pmc-PMC2661571`, `doi-<hash>` (a DOI may hold any character), `cit-<hash>`;
    and `issn-<hash>`, a fingerprint with each ISSN in place of the journal's name. A record that
    has identifiers and neither title nor authors, as in a list of PMIDs, has no fingerprint: it
    would share it with all others of its kind.
    """
    place = _place_and_title(record)
    keys = list(identifier_keys(normalise_identifiers(record)[0]))
    if place[3] or not keys:
        keys.append(f"cit-{content_hash(journal_initials(record.journal), *place)}")
    # Without a volume or a page, an ISSN and a title say less than a journal's name does.
    if place[1] or place[2]:
        keys += [f"issn-{content_hash(issn, *place)}" for issn in record.issns]
    return tuple(keys)


def normalise_identifiers(record: Record) -> tuple[dict[str, str], dict[str, str]]:
    """Return a record's identifiers in their one form, and those that are none, as they came."""
    identifiers: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for prefix, value in sorted(record.identifiers.items()):
        normal = normalise_identifier(prefix, value)
        if normal is not None:
            identifiers[prefix] = normal
        else:
            wrong[prefix] = value
    return identifiers, wrong


def identifier_keys(identifiers: Mapping[str, str]) -> Iterator[str]:
    """Yield the keys of identifiers in their one form, the strongest first."""
    if "PMID" in identifiers:
        yield f"pmid-{identifiers['PMID']}"
    if "PMCID" in identifiers:
        yield f"pmc-{identifiers['PMCID']}"
    if "DOI" in identifiers:
        yield f"doi-{content_hash(identifiers['DOI'])}"


def strength(key: str) -> tuple[int, str]:
    """Return the sort key that puts the strongest key first."""
    return KEY_KINDS.index(key.partition("-")[0]), key


def key_to_curie(key: str, identifiers: Mapping[str, str]) -> str | None:
    """Return the CURIE of a publication's key, or None where it has none.

    `identifiers` are the publication's: the hash in the key of a DOI does not give it back.

    >>> key_to_curie("pmid-17265423", {}), key_to_curie("cit-0123", {})
    ('PMID:17265423', None)
    """
    kind, _, local = key.partition("-")
    if kind == "pmid":
        return f"PMID:{local}"
    if kind == "pmc":
        return f"PMCID:{local}"
    doi = identifiers.get("DOI", "")
    return f"DOI:{doi}" if kind == "doi" and doi and content_hash(doi) == local else None


def _place_and_title(record: Record) -> tuple[str, str, str, str]:
    title = normalise_title(record.title)
    return (
        str(record.year or ""),
        normalise_title(record.volume),
        normalise_title(record.first_page),
        title or " ".join(author.name for author in record.authors).casefold(),
    )
