"""Reading floor: what a record says its identifiers are, settled; and those that notes tell.

Pure. Of an identifier that a record has in several places the first is taken, so readers give the
most trusted place first.
"""

import re
from collections.abc import Iterable, Iterator

from kg.model import Locator, Problem
from kg.publications import normalise_identifier

_NOTED = (
    (
        "PMID",
        re.compile(r"\b(?:PMID[:\s]|PubMed(?: ID)?:)\s{0,2}0*([1-9]\d{0,8})\b", re.IGNORECASE),
    ),
    (
        "PMCID",
        re.compile(r"\b(?:PMCID|PubMed Central):?\s{0,2}(PMC\d{1,9})\b", re.IGNORECASE),
    ),
    ("DOI", re.compile(r"(?:\A|\n)DOI:?\s{0,3}(10\.\d{4,9}/\S+)", re.IGNORECASE)),
)
# Lines with these words speak of other papers.
_OTHER_PAPER = re.compile(
    r"comment (?:in|on)|erratum|retract|republish|correct(?:ed|ion)|update (?:in|of)|cite[sd]"
    r"|reference|original report|summary for patients|dataset|expression of concern",
    re.IGNORECASE,
)


def settle_identifiers(
    found: Iterable[tuple[str, str, str]], locator: Locator
) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """Return the first identifier of each prefix, and a problem for each other one.

    What is found are prefix, identifier, and the name of the place that it was found in.

    >>> where = Locator(path="a.bib", format="bibtex", line=1)
    >>> found = [("PMID", "17265423", "pmid"), ("PMID", "12", "url"), ("DOI", "10.1/x", "doi")]
    >>> identifiers, problems = settle_identifiers(found, where)
    >>> identifiers
    {'PMID': '17265423', 'DOI': '10.1/x'}
    >>> problems[0].message
    "'12' in url is not the PMID that the record has elsewhere, 17265423"
    """
    identifiers: dict[str, str] = {}
    problems: dict[tuple[str, str], Problem] = {}
    for prefix, value, place in found:
        kept = identifiers.setdefault(prefix, value)
        normal = normalise_identifier(prefix, value)
        if kept == value or normal == normalise_identifier(prefix, kept):
            continue
        message = f"'{value}' in {place} is not the {prefix} that the record has elsewhere, {kept}"
        problems.setdefault(
            (prefix, normal or value),
            Problem(
                locator=locator,
                code="conflicting-identifier",
                message=message,
                field="identifiers",
                raw=value,
            ),
        )
    return identifiers, tuple(problems.values())


def find_noted(notes: Iterable[str]) -> Iterator[tuple[str, str]]:
    r"""Yield prefixes and identifiers that notes tell of the paper itself.

    Notes may speak of other papers: lines that do are passed over, and of two PMIDs none is taken.

    >>> dict(find_noted(["PMID: 17265423\nPMCID: PMC2661571", "Comment in: Blood. PMID: 12"]))
    {'PMID': '17265423', 'PMCID': 'PMC2661571'}
    """
    lines = [line for note in notes for line in note.splitlines() if not _OTHER_PAPER.search(line)]
    for prefix, pattern in _NOTED:
        values = {match[1] for line in lines for match in pattern.finditer(line)}
        if len(values) == 1:
            yield prefix, values.pop()
