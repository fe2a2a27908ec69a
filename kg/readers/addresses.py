"""Reading floor: which paper a web address leads to, and the identifiers written in a text.

Pure. Only addresses whose form says so are read: PubMed, PubMed Central, Europe PMC, the DOI
resolver, and links that carry a DOI by that name. A publisher's path is left alone; where in it a
DOI ends cannot be told.
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote

_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]{1,300}")
_BRACKETS = {")": "(", "]": "[", "}": "{"}
_PMID = re.compile(
    r"\b(?:pubmed\.ncbi\.nlm\.nih\.gov/"
    r"|ncbi\.nlm\.nih\.gov/(?:m/)?pubmed/(?:\?term=)?"
    r"|ncbi\.nlm\.nih\.gov/entrez/[^\s#]{0,300}list_uids="
    r"|europepmc\.org/(?:articles?|abstract)/med/)"
    r"0*([1-9]\d{0,8})(?!\d)",
    re.IGNORECASE,
)
_SHORT_PMID = re.compile(r"(?:PM|PMID):\s*0*([1-9]\d{0,8})\Z", re.IGNORECASE)
_PMCID = re.compile(
    r"\b(?:ncbi\.nlm\.nih\.gov/(?:pmc/)?articles/|europepmc\.org/(?:articles?|abstract)/(?:pmc/)?)"
    r"(?:PMC)?0*([1-9]\d{0,8})(?!\d)",
    re.IGNORECASE,
)
_RESOLVER = re.compile(r"\bdoi\.org/(?:doi:)?(10(?:\.|%2e)[^\s?#]+)", re.IGNORECASE)
_DOI_PARAMETER = re.compile(r"[?&](?:rft_)?(?:doi=|id=doi:)(10\.[^\s&#]+)", re.IGNORECASE)


def find_doi(text: str) -> str:
    """Return the first DOI in a text, or an empty string.

    A full stop or bracket behind it is the sentence's; one that was opened in the DOI is its own.

    >>> find_doi("doi: 10.1016/S0140-6736(20)30300-7."), find_doi("(see 10.1038/ni.1695)")
    ('10.1016/S0140-6736(20)30300-7', '10.1038/ni.1695')
    """
    match = _DOI.search(text)
    if match is None:
        return ""
    doi = match[0]
    while doi[-1] in ".,;:'" or doi[-1] in _BRACKETS:
        opened = _BRACKETS.get(doi[-1])
        if opened is not None and doi.count(opened) >= doi.count(doi[-1]):
            break
        doi = doi[:-1]
    return doi if _DOI.fullmatch(doi) else ""


def read_address(address: str) -> Iterator[tuple[str, str]]:
    """Yield the prefixes and identifiers of the papers that an address leads to.

    >>> dict(read_address("https://pubmed.ncbi.nlm.nih.gov/17265423/"))
    {'PMID': '17265423'}
    >>> dict(read_address("http://dx.doi.org/10.1002%2Fcncr.20369"))
    {'DOI': '10.1002/cncr.20369'}
    """
    for piece in address.split():
        if match := _PMID.search(piece) or _SHORT_PMID.match(piece):
            yield "PMID", match[1]
        if match := _PMCID.search(piece):
            yield "PMCID", f"PMC{match[1]}"
        match = _RESOLVER.search(piece) or _DOI_PARAMETER.search(piece)
        if match is not None and (doi := find_doi(unquote(match[1]))):
            yield "DOI", doi
