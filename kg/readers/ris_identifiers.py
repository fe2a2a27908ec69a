"""Reading floor: the identifiers of a record in RIS, and no other paper's.

Pure. RIS has a tag for the DOI only. Where the PMID stands depends on who wrote the record, and
the same tag means something else elsewhere: C2 is the PMID in Scopus and the PMCID in EndNote, ID
the PMID in Ovid MEDLINE and a serial number in EndNote, AN a number of whatever database. Notes
(N1, M1) may cite other papers, with their PMIDs and DOIs.
"""

import re
from collections.abc import Iterator

from kg.model import Locator, Problem
from kg.readers.addresses import find_doi, read_address
from kg.readers.tagged import Entry

_NUMBER = re.compile(r"0*([1-9]\d{3,8})")
_PMCID = re.compile(r"(?:PMCID:\s*)?(PMC\d{1,9})(?:\.\d+)?", re.IGNORECASE)
_NAMED_PMID = re.compile(
    r"(?:PMID|PubMed(?:\s?ID)?|MEDLINE)[:\s-]\s*(?:NLM)?0*([1-9]\d{0,8})\b", re.IGNORECASE
)
_MARKED = re.compile(r"\b(\w{1,20}) ?\[(pmid|pmcid|pmc)\]", re.IGNORECASE)
_NOTED_PMID = re.compile(r"\bPMID:\s*0*([1-9]\d{0,8})\b")
_NOTED_PMCID = re.compile(r"\bPMCID:\s*(PMC\d{1,9})\b")
# CINAHL's way to give a paper's own PMID, at the end of a long note.
_CINAHL_PMID = re.compile(r"\bPMID:\s*NLM0*([1-9]\d{0,8})\b")
_PMID_ALONE = re.compile(r"PMID:?\s*\d{1,9}\.?", re.IGNORECASE)
_DOI_ALONE = re.compile(
    r"(?:doi:?\s*|https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S+)", re.IGNORECASE
)
# Notes with these words speak of other papers.
_OTHER_PAPER = re.compile(
    r"comment|erratum|retract|republish|correct|update|cited|cites|reference|original report"
    r"|summary for patients|dataset|expression of concern",
    re.IGNORECASE,
)
_MEDLINE = re.compile(r"pubmed|medline|\bnlm\b", re.IGNORECASE)
_USER_TAGS = ("U1", "U2", "U3", "U4", "U5", "C1", "C2", "C6", "C7")
_ADDRESS_TAGS = ("UR", "L1", "L2", "L3", "LK")


def is_from_medline(entry: Entry) -> bool:
    """Tell whether a record says that it comes from PubMed or MEDLINE, and from nowhere else.

    Embase marks what MEDLINE has too with a second DB.
    """
    databases = [*entry.each_line("DB"), *entry.all("DP")]
    return any(map(_MEDLINE.search, databases)) and not is_from("embase", entry)


def is_from(database: str, entry: Entry) -> bool:
    """Tell whether a record comes from a database, by its name or an address of it."""
    return any(database in value.casefold() for value in (*entry.each_line("DB"), *entry.all("UR")))


def find_identifiers(entry: Entry, locator: Locator) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """Return the identifiers of a record by their prefixes.

    Where places in the record do not agree, the first of them in order of trust is taken, and a
    problem tells of the other.
    """
    found: dict[str, str] = {}
    problems = []
    for prefix, value, tag in _find_all(entry):
        kept = found.setdefault(prefix, value)
        if kept.casefold() != value.casefold():
            message = (
                f"'{value}' in {tag} is not the {prefix} that the record has elsewhere, {kept}"
            )
            problems.append(
                Problem(
                    locator=locator,
                    code="conflicting-identifier",
                    message=message,
                    field="identifiers",
                    raw=value,
                )
            )
    return found, tuple(problems)


def _find_all(entry: Entry) -> Iterator[tuple[str, str, str]]:
    """Yield prefix, identifier and the tag it was found in, the most trusted first."""
    yield from _find_pmids(entry)
    yield from _find_marked(entry)
    for tag in ("DO", "DI", "L3", "M3"):
        for value in entry.all(tag):
            # In DO whatever looks like a DOI is it; elsewhere it has to be alone.
            doi = find_doi(value) if tag in {"DO", "DI"} else _find_doi_alone(value)
            if doi:
                yield "DOI", doi, tag
                break
    yield from _find_noted(entry)
    for tag in _ADDRESS_TAGS:
        for value in entry.all(tag):
            for prefix, identifier in read_address(value):
                yield prefix, identifier, tag


def _find_pmids(entry: Entry) -> Iterator[tuple[str, str, str]]:
    from_medline = is_from_medline(entry)
    for tag, holds_pmid in (
        ("AN", from_medline),
        ("ID", from_medline and any("ovid" in name.casefold() for name in entry.all("DB"))),
        ("C2", is_from("scopus", entry)),
        ("C5", is_from("embase", entry)),
        ("PM", True),
    ):
        for value in entry.all(tag):
            match = _NUMBER.fullmatch(value) if holds_pmid else None
            if match is not None:
                yield "PMID", match[1], tag
    for tag in ("AN", "C3", "UI"):
        for value in entry.all(tag):
            if (match := _NAMED_PMID.search(value)) is not None:
                yield "PMID", match[1], tag


def _find_marked(entry: Entry) -> Iterator[tuple[str, str, str]]:
    for tag in _USER_TAGS:
        for value in entry.all(tag):
            for match in _MARKED.finditer(value):
                if match[2].casefold() == "pmid" and match[1].isdecimal():
                    yield "PMID", match[1], tag
                elif match[1].upper().startswith("PMC"):
                    yield "PMCID", match[1].upper(), tag
            if (whole := _PMCID.fullmatch(value)) is not None:
                yield "PMCID", whole[1].upper(), tag


def _find_noted(entry: Entry) -> Iterator[tuple[str, str, str]]:
    """Yield what notes say of the paper itself; two PMIDs in notes are not told apart."""
    notes = entry.each_line("N1", "M2")
    lines = [line for line in notes if not _OTHER_PAPER.search(line)]
    # Ovid lists the references in M1, reference managers what they have no tag for.
    lines += [line for line in entry.each_line("M1") if _PMID_ALONE.fullmatch(line)]
    for prefix, pattern, where in (
        ("PMID", _CINAHL_PMID, notes),
        ("PMID", _NOTED_PMID, lines),
        ("PMCID", _NOTED_PMCID, lines),
    ):
        noted = {match[1] for line in where for match in pattern.finditer(line)}
        if len(noted) == 1:
            yield prefix, noted.pop(), "N1"
    dois = {doi for line in lines if (doi := _find_doi_alone(line))}
    if len(dois) == 1:
        yield "DOI", dois.pop(), "N1"


def _find_doi_alone(text: str) -> str:
    match = _DOI_ALONE.fullmatch(text)
    return find_doi(match[1]) if match is not None else ""
