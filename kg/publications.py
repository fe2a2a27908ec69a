"""Floor above the model: Record -> Publication. What a paper's identity is, and who shares it.

Pure. The same records in any order give the same publications in the same order. Records that
share a key are one paper; records with different PMIDs never are, whatever else they share.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import unquote

from kg.model import Author, Origin, Problem, Publication, Record, Source, Text
from kg.namespaces import content_hash, pubmed_search

# In order of strength: the first that a paper has is its key.
KEY_KINDS = ("pmid", "pmc", "doi", "cit")

_Entry = tuple[Record, Source]

_PMID = re.compile(r"(?:PMID:?\s*)?0*([1-9]\d{0,9})", re.IGNORECASE)
_PMCID = re.compile(r"(?:PMCID:?\s*)?(?:PMC)?0*([1-9]\d{0,9})(?:\.\d+)?", re.IGNORECASE)
_DOI = re.compile(
    r"(?:doi:\s*|(?:https?://)?(?:dx\.|www\.)?doi\.org/)*(10\.\d{4,9}/\S+)", re.IGNORECASE
)
_VOLUME = re.compile(r"\w+")  # "65" of "65 Suppl 3"
_OPERATOR = re.compile(r"\b(?:AND|OR|NOT)\b")
_SEARCH_SYNTAX = re.compile(r"[\[\]()\"“”:/?*,;{}|]+")


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


def fingerprint(record: Record) -> str:
    """Return the hash of journal, year, volume, first page and title, the identity of last resort.

    Without the title, real citations collide; a record without one is told by its authors.
    """
    title = normalise_title(record.title)
    return content_hash(
        normalise_title(record.journal),
        str(record.year or ""),
        normalise_title(record.volume),
        normalise_title(record.first_page),
        title or " ".join(author.name for author in record.authors).casefold(),
    )


def make_keys(record: Record) -> tuple[str, ...]:
    """Return the keys of a record, the strongest first; the fingerprint is always there.

    A key is a slug that can stand in the path of an IRI: `pmid-17265423`, `pmc-PMC2661571`,
    `doi-<hash>` (a DOI may hold any character), `cit-<hash>`.
    """
    identifiers, _ = _normalise_identifiers(record)
    return (*_identifier_keys(identifiers), f"cit-{fingerprint(record)}")


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


def search_pubmed(paper: Record | Publication) -> str:
    """Return the address of PubMed's search for a paper known by its citation.

    By journal, year, volume and first page, which is how PubMed's own citation matcher tells
    papers apart; where one of them is missing, by the words of the title within what there is. The
    fields are named, so that no word is taken for another, and what PubMed would read as syntax is
    left out.
    """
    terms = []
    if name := paper.journal.replace('"', "").strip():
        terms.append(f'"{name}"[ta]')
    if paper.year is not None:
        terms.append(f"{paper.year}[dp]")
    volume = _VOLUME.match(paper.volume)
    if len(terms) == 2 and volume and paper.first_page:
        terms += [f"{volume[0]}[vi]", f"{paper.first_page}[pg]"]
    else:
        bare = _SEARCH_SYNTAX.sub(" ", paper.title)
        words = _OPERATOR.sub(lambda match: match[0].lower(), bare).split()
        terms = ([" ".join(words)] if words else []) + terms
    return pubmed_search(" AND ".join(terms))


def merge_records(records: Iterable[_Entry]) -> tuple[list[Publication], list[Problem]]:
    """Merge records that share a key into publications, and say where they do not agree.

    Publications come in the order of their first record: by source, then by line. Problem codes:
    conflicting-identity, conflicting-field, bad-identifier.
    """
    entries = sorted(records, key=_order_of)
    groups, problems = _group(entries)
    owners: dict[str, int] = defaultdict(int)
    members = [[entries[index] for index in group] for group in groups]
    for group in members:
        for key in _keys_of(group):
            owners[key] += 1
    publications = []
    for group in members:
        publication, found = _merge(group, owners)
        publications.append(publication)
        problems += found
    for record, _ in entries:
        problems += _normalise_identifiers(record)[1]
    return publications, problems


def _order_of(entry: _Entry) -> tuple[str, int, str]:
    record, source = entry
    return source.sha256, record.locator.line, repr((record, source))


def _normalise_identifiers(record: Record) -> tuple[dict[str, str], list[Problem]]:
    identifiers: dict[str, str] = {}
    problems = []
    for prefix, value in sorted(record.identifiers.items()):
        normal = normalise_identifier(prefix, value)
        if normal is not None:
            identifiers[prefix] = normal
        else:
            message = f"'{value}' is no {prefix}; it is left out"
            problems.append(_report(record, "bad-identifier", message, "identifiers", value))
    return identifiers, problems


def _identifier_keys(identifiers: Mapping[str, str]) -> Iterator[str]:
    if "PMID" in identifiers:
        yield f"pmid-{identifiers['PMID']}"
    if "PMCID" in identifiers:
        yield f"pmc-{identifiers['PMCID']}"
    if "DOI" in identifiers:
        yield f"doi-{content_hash(identifiers['DOI'])}"


def _strength(key: str) -> tuple[int, str]:
    return KEY_KINDS.index(key.partition("-")[0]), key


def _group(entries: list[_Entry]) -> tuple[list[list[int]], list[Problem]]:
    """Join entries that share a key, strongest keys first, unless that would join two PMIDs."""
    parents = list(range(len(entries)))
    pmids: dict[int, str] = {}
    holders: dict[str, list[int]] = defaultdict(list)
    for index, (record, _) in enumerate(entries):
        for key in make_keys(record):
            holders[key].append(index)
            if key.startswith("pmid-"):
                pmids[index] = key

    def find(index: int) -> int:
        while parents[index] != index:
            parents[index] = parents[parents[index]]
            index = parents[index]
        return index

    def join(roots: list[int]) -> None:
        for root in roots[1:]:
            parents[root] = roots[0]
            if root in pmids:
                pmids[roots[0]] = pmids[root]

    problems = []
    for key in sorted(holders, key=_strength):
        roots = sorted({find(index) for index in holders[key]})
        named = sorted({pmids[root] for root in roots if root in pmids})
        if len(named) <= 1:
            join(roots)
            continue
        # Which of the papers a record without PMID belongs to cannot be known: it stays apart.
        join([root for root in roots if root not in pmids])
        papers = ", ".join(name.replace("pmid-", "PMID:") for name in named)
        message = f"{papers} share the key '{key}'; they are kept apart"
        record = entries[roots[0]][0]
        problems.append(_report(record, "conflicting-identity", message, "identifiers", key))
    groups: dict[int, list[int]] = defaultdict(list)
    for index in range(len(entries)):
        groups[find(index)].append(index)
    return sorted(groups.values()), problems


def _keys_of(group: list[_Entry]) -> list[str]:
    return sorted({key for record, _ in group for key in make_keys(record)}, key=_strength)


def _merge(group: list[_Entry], owners: Mapping[str, int]) -> tuple[Publication, list[Problem]]:
    """Make one publication: every field from the fullest record that has it."""
    records = [record for record, _ in sorted(group, key=_fullness)]
    identifiers: dict[str, str] = {}
    for record in records:
        identifiers = _normalise_identifiers(record)[0] | identifiers
    keys = _keys_of(group)
    authors, et_al = _choose_authors(records)
    paged = next((record for record in records if record.pages), records[0])
    publication = Publication(
        key=keys[0],
        # A key that two papers hold leads to neither.
        other_keys=tuple(key for key in keys[1:] if owners[key] == 1),
        texts=_choose_texts(records, [record for record, _ in group]),
        authors=authors,
        et_al=et_al,
        journal=next((record.journal for record in records if record.journal), ""),
        year=next((record.year for record in records if record.year is not None), None),
        volume=next((record.volume for record in records if record.volume), ""),
        issue=next((record.issue for record in records if record.issue), ""),
        pages=paged.pages,
        first_page=paged.first_page,
        last_page=paged.last_page,
        identifiers=dict(sorted(identifiers.items())),
        origins=tuple(dict.fromkeys(_origin(record, source) for record, source in group)),
    )
    return publication, list(_find_conflicts(records, publication))


def _fullness(entry: _Entry) -> tuple[int, int, bool, tuple[str, int, str]]:
    """Sort key: most identifiers first, then most fields, then unrepaired texts, then the place."""
    record, _ = entry
    fields = (
        record.title, record.authors, record.journal, record.year, record.volume, record.issue,
        record.pages, len(record.texts) > 1,
    )  # fmt: skip
    repaired = any(text.edits for text in record.texts if text.field == "title")
    return (
        -len(_normalise_identifiers(record)[0]),
        -sum(map(bool, fields)),
        repaired,
        _order_of(entry),
    )


def _choose_authors(records: list[Record]) -> tuple[tuple[Author, ...], bool]:
    """Return the longest byline, one that is not cut before one that is."""
    record = min(
        records, key=lambda record: (record.et_al or not record.authors, -len(record.authors))
    )
    return record.authors, record.et_al


def _choose_texts(ranked: list[Record], in_order: list[Record]) -> tuple[Text, ...]:
    """Return the fullest record's title and abstract, and every snippet once, numbered again."""
    chosen = []
    for name in ("title", "abstract"):
        found = (text for record in ranked for text in record.texts if text.field == name)
        text = next((text for text in found if text.text), None)
        if text is not None:
            chosen.append(text)
    snippets: dict[str, Text] = {}
    for record in in_order:
        for text in record.texts:
            if text.field.startswith("snippet") and text.text:
                snippets.setdefault(text.text, text)
    for index, text in enumerate(snippets.values(), start=1):
        chosen.append(replace(text, field="snippet" if index == 1 else f"snippet-{index}"))
    return tuple(chosen)


def _find_conflicts(records: list[Record], chosen: Publication) -> Iterator[Problem]:
    """Yield a problem for each value that is not the chosen one, missing values apart."""
    for record in records:
        given, _ = _normalise_identifiers(record)
        pairs = [
            ("title", record.title, chosen.title),
            ("journal", record.journal, chosen.journal),
            ("year", str(record.year or ""), str(chosen.year or "")),
            ("volume", record.volume, chosen.volume),
            ("issue", record.issue, chosen.issue),
            ("pages", record.first_page, chosen.first_page),
            ("pages", record.last_page, chosen.last_page),
            ("authors", *_compare_authors(record, chosen)),
            *((prefix, value, chosen.identifiers[prefix]) for prefix, value in given.items()),
        ]
        seen = set()
        for name, value, kept in pairs:
            if not value or not kept or normalise_title(value) == normalise_title(kept):
                continue
            if name not in seen:
                seen.add(name)
                message = f"{chosen.key}: '{value}' here, '{kept}' elsewhere; the latter is kept"
                yield _report(record, "conflicting-field", message, name, value)


def _compare_authors(record: Record, chosen: Publication) -> tuple[str, str]:
    """Return the two bylines as far as both go, by family name, since initials are often cut."""
    mine = [author.family for author in record.authors]
    kept = [author.family for author in chosen.authors]
    if record.et_al or chosen.et_al:
        length = min(len(mine), len(kept))
        mine, kept = mine[:length], kept[:length]
    return ", ".join(mine), ", ".join(kept)


def _origin(record: Record, source: Source) -> Origin:
    return Origin(
        source_sha256=source.sha256,
        line=record.locator.line,
        section=record.section,
        position=record.position,
    )


def _report(record: Record, code: str, message: str, field: str, raw: str) -> Problem:
    return Problem(locator=record.locator, code=code, message=message, field=field, raw=raw)
