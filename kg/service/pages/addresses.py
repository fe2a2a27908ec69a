"""Floor 10: where on the server a thing is described, and what may be linked to. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

from kg.namespaces import KG, curie_to_iri, iri_to_curie

ONTOLOGY = KG.rstrip("#")

RESERVED = frozenset(
    (
        *("", "sparql", "query", "update", "store", "entity", "static", ".well-known"),
        *("queries", "search", "suggest", "openapi.json", "healthz", "readyz", "metrics"),
        *("about", "connect", "entities", "papers"),
        *("editor", "editor.json", "graph.json"),
    )
)
"""First steps of paths that are the server's own, so that no thing is described there."""

# Pages of the server that nothing else is at, though things are below them (`/graph/about`).
_TAKEN = frozenset(("graph",))

# What stands in a path as it is; "%" since an IRI has its escapes already.
_SAFE_IN_PATH = "/:;().,_-~!*'@&=+$%"
_SAFE_IN_CURIE = _SAFE_IN_PATH.replace("%", "")
# Clients leave these steps out of a path, or take two slashes for one.
_NORMALISED = re.compile(r"(?:^|/)\.{0,2}(?:/|$)")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where things are described on a server.

    `server` is its address as clients see it, without a slash at its end; `base` what the IRIs
    begin with that the graph mints.
    """

    server: str
    base: str

    def of(self, iri: str) -> str:
        """Return the address at which a thing is described.

        >>> addresses = Addresses("http://localhost:7878", "https://w3id.org/litkg/")
        >>> addresses.of("https://w3id.org/litkg/paper/cit-1")
        'http://localhost:7878/paper/cit-1'
        >>> addresses.of("http://purl.obolibrary.org/obo/CL_0000815")
        'http://localhost:7878/CL:0000815'
        >>> addresses.of("https://w3id.org/litkg/ontology#Gene")
        'http://localhost:7878/ontology#Gene'
        >>> addresses.of("http://example.org/a")
        'http://localhost:7878/entity?iri=http%3A%2F%2Fexample.org%2Fa'
        """
        if iri == ONTOLOGY or iri.startswith(KG):
            return f"{self.server}/ontology{quote(iri.removeprefix(ONTOLOGY), safe='#%')}"
        return self.document(iri)

    def document(self, iri: str) -> str:
        """Return the address of what is said of a thing alone: that of a term is no part of it."""
        if iri == ONTOLOGY:
            return f"{self.server}/ontology"
        path = self.path(iri)
        if path:
            return f"{self.server}/{path}"
        curie = self.curie(iri)
        if curie:
            return f"{self.server}/{quote_curie(curie)}"
        return f"{self.server}/entity?{urlencode({'iri': iri})}"

    def path(self, iri: str) -> str:
        """Return the path of what the graph minted, empty where there is none of its own."""
        path = iri.removeprefix(self.base)
        if len(path) == len(iri) or path.partition("/")[0] in RESERVED or path in _TAKEN:
            return ""
        if _NORMALISED.search(path) or "#" in path or "?" in path:
            return ""
        return quote(path, safe=_SAFE_IN_PATH)

    def curie(self, iri: str) -> str:
        """Return the CURIE of an IRI in its canonical form, empty for any other."""
        curie = iri_to_curie(iri)
        if curie is None or curie_to_iri(curie) != iri or _NORMALISED.search(curie):
            return ""
        return curie

    def key(self, iri: str) -> str:
        """Return what a thing is called in parameters of addresses: its CURIE, else its IRI."""
        return self.curie(iri) or iri

    def page(self, path: str, **parameters: str) -> str:
        """Return the address of a page of the server's own; parameters without a value go.

        >>> Addresses("http://localhost:7878", "https://a.b/").page("papers", year="2021", after="")
        'http://localhost:7878/papers?year=2021'
        """
        given = urlencode({name: value for name, value in parameters.items() if value})
        return f"{self.server}/{path}{'?' if given else ''}{given}"

    def papers(self, entity: str = "", year: int | None = None) -> str:
        """Return the address of the papers that mention an entity, or all; of a year, or any."""
        mentions = self.key(entity) if entity else ""
        return self.page("papers", mentions=mentions, year="" if year is None else str(year))

    def connect(self, first: str, second: str) -> str:
        """Return the address of what joins two entities."""
        return self.page("connect", a=self.key(first), b=self.key(second))

    def sentence(self, paper: str, sentence: str) -> str:
        """Return the address of a sentence on the page of its paper."""
        return f"{self.document(paper)}#{anchor_of(sentence)}"

    def with_parameters(self, iri: str, parameters: Mapping[str, str]) -> str:
        """Return the address of what is said of a thing, with parameters."""
        address = self.document(iri)
        return f"{address}{'&' if '?' in address else '?'}{urlencode(parameters)}"


def anchor_of(sentence: str) -> str:
    """Return what the place of a sentence on the page of its paper is called.

    >>> anchor_of("https://w3id.org/litkg/sentence/pmid-1.abstract.120-240")
    's.abstract.120-240'
    """
    place = sentence.rpartition("/")[2].rsplit(".", 2)[1:]
    return re.sub(r"[^\w.-]", "-", ".".join(("s", *place)))


def quote_curie(curie: str) -> str:
    """Return a CURIE as it stands in a path.

    >>> quote_curie("DOI:10.1002/1521(199807)28:07<21::AID>3.0.CO;2-Z")
    'DOI:10.1002/1521(199807)28:07%3C21::AID%3E3.0.CO;2-Z'
    """
    return quote(curie, safe=_SAFE_IN_CURIE)


def is_web_address(iri: str) -> bool:
    """Tell whether an IRI may be a link: what it leads to can run nothing in the page.

    >>> is_web_address("https://example.org/a"), is_web_address("javascript:alert(1)")
    (True, False)
    """
    try:
        parts = urlsplit(iri)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)
