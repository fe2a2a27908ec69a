"""Floor 1: CURIE <-> IRI by the table of prefixes, and the IRIs that this project mints.

Every prefix has one canonical IRI form, the one its users expect, with where that form comes from.
All other spellings of prefixes and IRIs are understood by way of an extended prefix map, which is
read when one is met that the table does not have.
Minted IRIs come from content alone: never from a counter, the clock, or a blank node.
"""

import json
import re
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlencode

from kg.errors import KgError
from kg.prefixes import PREFIXES
from kg.resources import resource_path

if TYPE_CHECKING:
    from curies import Converter

KG = "https://w3id.org/litkg/ontology#"
DEFAULT_BASE = "https://w3id.org/litkg/"

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
PROV = "http://www.w3.org/ns/prov#"
OBO = "http://purl.obolibrary.org/obo/"
BIOLINK = "https://w3id.org/biolink/vocab/"
DCAT = "http://www.w3.org/ns/dcat#"
VOID = "http://rdfs.org/ns/void#"
SSSOM = "https://w3id.org/sssom/"
SEMAPV = "https://w3id.org/semapv/vocab/"
BIOREGISTRY = "https://bioregistry.io/"

# The spellings of the prefixes, made by data/make_prefix_map.py.
PREFIX_MAP = ("data", "prefix-map.json")


_BY_FOLDED_NAME = {name.casefold(): name for name in PREFIXES}
_CURIE = re.compile(r"([A-Za-z][\w.-]*):(\S+)")
# What may stand in a local identifier as it is; the rest is percent-encoded (some DOIs hold "<").
_SAFE = "/:;().,_-~!*'@&=+$"
_PLAIN = re.compile(r"[\w.~-]+")
# What addresses of pages have behind an identifier: UniProt's lead to ".../P13232/entry".
_END_OF_PAGE = re.compile(r"(?:/entry)?/?(?:[?#].*)?$")


def inferred_graph(base: str = DEFAULT_BASE) -> str:
    """Return the name of the graph that holds what was inferred.

    >>> inferred_graph()
    'https://w3id.org/litkg/graph/inferred'
    """
    return f"{base}graph/inferred"


def parse_curie(text: str) -> str | None:
    """Return `text` as a CURIE in this project's spelling of its prefix, or None if it is none.

    Any case and any synonym that the Bioregistry has is understood, and a prefix that is repeated.

    >>> parse_curie("hgnc:6023"), parse_curie("MGI:MGI:96561"), parse_curie("IL-7")
    ('HGNC:6023', 'MGI:96561', None)
    >>> parse_curie("pubmed:17265423"), parse_curie("ORPHA:558"), parse_curie("taxonomy:9606")
    ('PMID:17265423', 'Orphanet:558', 'NCBITaxon:9606')
    """
    match = _CURIE.fullmatch(text.strip())
    if match is None:
        return None
    name = _name_of(match[1])
    if name is None:
        return None
    local = _without_prefix(name, match[2])
    return f"{name}:{local}" if local else None


def _name_of(prefix: str) -> str | None:
    """Return this project's name of a prefix in any spelling."""
    folded = prefix.casefold()
    return _BY_FOLDED_NAME.get(folded) or _synonyms().get(folded)


def _without_prefix(name: str, local: str) -> str:
    """Return a local identifier without the prefix that some repeat in it.

    >>> _without_prefix("HGNC", "HGNC:6023"), _without_prefix("Orphanet", "Orphanet_558")
    ('6023', '558')
    """
    head, _, rest = local.partition(":")
    if rest and _name_of(head) == name:
        return rest
    head, _, rest = local.partition("_")
    return rest if rest and head.casefold() == name.casefold() else local


def has_iri(curie: str) -> bool:
    """Tell whether the CURIE's prefix is in the table.

    >>> has_iri("HGNC:6023"), has_iri("SIGNOR:SIGNOR-C15")
    (True, False)
    """
    return curie.partition(":")[0] in PREFIXES


def about_graph(base: str) -> str:
    """Return the name of the graph in which a dataset describes itself.

    >>> about_graph(DEFAULT_BASE)
    'https://w3id.org/litkg/graph/about'
    """
    return f"{base}graph/about"


def queries_graph(base: str) -> str:
    """Return the name of the graph that holds the saved queries.

    >>> queries_graph(DEFAULT_BASE)
    'https://w3id.org/litkg/graph/queries'
    """
    return f"{base}graph/queries"


def curie_to_iri(curie: str) -> str:
    """Return the canonical IRI of a CURIE.

    Raises:
        KgError: if the prefix is not in the table.

    >>> curie_to_iri("HGNC:6023")
    'http://identifiers.org/hgnc/6023'
    >>> curie_to_iri("CL:0000815")
    'http://purl.obolibrary.org/obo/CL_0000815'
    """
    name, _, local = curie.partition(":")
    prefix = PREFIXES.get(name)
    if prefix is None:
        raise KgError(f"no IRI is known for the prefix of '{curie}'")
    return prefix.iri.replace("$1", _quoted(local))


def _quoted(local: str) -> str:
    # Most are letters and digits, which `quote` looks at one by one.
    return local if local.isascii() and local.isalnum() else quote(local, safe=_SAFE)


def curie_to_page(curie: str) -> str:
    """Return the address of a page that a person can open for a CURIE.

    >>> curie_to_page("PMID:17265423")
    'https://pubmed.ncbi.nlm.nih.gov/17265423/'
    """
    name, _, local = curie.partition(":")
    prefix = PREFIXES[name]
    return (prefix.page or prefix.iri).replace("$1", _quoted(local))


def iri_to_curie(iri: str) -> str | None:
    """Return the CURIE of any known form of an IRI, or None.

    >>> iri_to_curie("https://identifiers.org/hgnc:6023")
    'HGNC:6023'
    >>> iri_to_curie("https://www.ebi.ac.uk/QuickGO/term/GO:0006955")
    'GO:0006955'
    >>> iri_to_curie("http://example.org/1") is None
    True
    """
    return _parser().parse(iri) or _parse_variant(iri)


class _IriParser:
    """Finds the longest beginning of an IRI among the forms of the table: those that are common."""

    def __init__(self) -> None:
        forms: dict[str, tuple[str, str]] = {}
        for prefix in PREFIXES.values():
            for form in (prefix.iri, *prefix.others):
                start, _, end = form.partition("$1")
                forms.setdefault(start, (prefix.name, end))
        # By site, the longest first: most IRIs are compared with one or two forms.
        self._forms: dict[str, list[tuple[str, tuple[str, str]]]] = {}
        for start in sorted(forms, key=len, reverse=True):
            self._forms.setdefault(_site(start), []).append((start, forms[start]))

    def parse(self, iri: str) -> str | None:
        for start, (name, end) in self._forms.get(_site(iri), ()):
            local = iri.removeprefix(start)
            if len(local) < len(iri) and local.endswith(end):
                local = local.removesuffix(end)
                if _PLAIN.fullmatch(local):
                    return f"{name}:{local}"
                # What holds a separator may be in a longer form, or repeat its prefix.
                return _checked(name, local) if name == "DOI" else None
        return None


def _site(iri: str) -> str:
    """Return the scheme and the host of an IRI, with the slash behind them."""
    return iri[: iri.find("/", iri.find("://") + 3) + 1]


@cache
def _parser() -> _IriParser:
    return _IriParser()


def _parse_variant(iri: str) -> str | None:
    """Return the CURIE of an IRI in one of the forms of the extended prefix map, or None.

    The local identifier has to be such as its registry gives, since sites have other pages too.
    """
    scheme, _, rest = iri.strip().partition("://")
    host, _, path = rest.partition("/")
    # IRIs of other sites, such as those that are minted here, cost no loading of the map.
    if scheme.lower() not in ("http", "https") or host.lower() not in _hosts():
        return None
    found = converter().parse_uri(f"{scheme.lower()}://{host.lower()}/{path}")
    return None if found is None else _checked(found.prefix, found.identifier)


def _checked(name: str, local: str) -> str | None:
    """Return the CURIE of a local identifier as it stands in an IRI, if its registry has such."""
    local = _without_prefix(name, unquote(local))
    pattern = _patterns()[name]
    for form in (local, _END_OF_PAGE.sub("", local)):
        if pattern.fullmatch(form):
            return f"{name}:{form}"
    return None


@cache
def _records() -> tuple[dict[str, str | list[str]], ...]:
    text = resource_path(*PREFIX_MAP).read_text(encoding="utf-8")
    return tuple(json.loads(text))


@cache
def _synonyms() -> dict[str, str]:
    """Return the prefixes of this project by other spellings, in small letters."""
    return {
        spelling.casefold(): str(record["prefix"])
        for record in _records()
        for spelling in record["prefix_synonyms"]
    }


@cache
def _hosts() -> frozenset[str]:
    """Return the sites that have identifiers of a registry."""
    forms = (form for record in _records() for form in record["uri_prefix_synonyms"])
    return frozenset(form.split("/", 3)[2] for form in forms)


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """Return what the local identifiers of each registry look like, as the Bioregistry has it."""
    return {str(record["prefix"]): re.compile(str(record["pattern"])) for record in _records()}


@cache
def converter() -> "Converter":
    """Return the extended prefix map as `curies` has it: all spellings of the table's prefixes.

    It takes a tenth of a second to load, which most runs have no need of.
    """
    from curies import Converter  # noqa: PLC0415

    return Converter.from_extended_prefix_map(list(_records()))


def content_hash(*parts: str) -> str:
    """Return 20 hexadecimal digits (80 bits) of the sha256 of the parts.

    Parts are joined with a character that no text field holds, so that ("ab", "c") and ("a", "bc")
    differ.

    >>> len(content_hash("a", "b"))
    20
    """
    return sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:20]


def pubmed_search(citation: str) -> str:
    """Return the address of PubMed's search for a citation.

    >>> pubmed_search("Homeostasis of memory T cells")
    'https://pubmed.ncbi.nlm.nih.gov/?term=Homeostasis+of+memory+T+cells'
    """
    return "https://pubmed.ncbi.nlm.nih.gov/?" + urlencode({"term": citation})
