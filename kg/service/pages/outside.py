"""Floor 10: where else a thing can be read of: pages of registries, each with its name."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from kg.descriptions import Description
from kg.namespaces import RDFS, SKOS, curie_to_page, iri_to_curie
from kg.service.pages.addresses import is_web_address
from kg.service.pages.shown import outside

REGISTRIES = {
    "HGNC": "HGNC",
    "NCBIGene": "NCBI Gene",
    "ENSEMBL": "Ensembl",
    "FPLX": "FamPlex",
    "MGI": "Mouse Genome Informatics",
    "RGD": "Rat Genome Database",
    "UniProt": "UniProt",
    "CL": "Cell Ontology",
    "MONDO": "Mondo Disease Ontology",
    "GO": "Gene Ontology",
    "UBERON": "Uberon",
    "NCBITaxon": "NCBI Taxonomy",
    "CHEBI": "ChEBI",
    "DOID": "Disease Ontology",
    "HP": "Human Phenotype Ontology",
    "NCIT": "NCI Thesaurus",
    "CLO": "Cell Line Ontology",
    "MESH": "MeSH",
    "OMIM": "OMIM",
    "OMIMPS": "OMIM",
    "Orphanet": "Orphanet",
    "EFO": "Experimental Factor Ontology",
    "UMLS": "UMLS",
    "PMID": "PubMed",
    "PMCID": "PubMed Central",
    "DOI": "DOI",
}
"""What people call the registries of identifiers, by prefix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """A page on another site: the registry that it is of, and the identifier there."""

    registry: str
    name: str
    href: str


def find_outside(description: Description) -> list[Outside]:
    """Return the pages on other sites that tell of a thing: its own, and those that it names."""
    found: dict[str, Outside] = {}
    same = [description.iri, *outside(description.values(f"{SKOS}exactMatch"))]
    for iri in same:
        curie = iri_to_curie(iri)
        if curie:
            page = curie_to_page(curie)
            found[page] = Outside(registry=registry_of(curie), name=curie, href=page)
        elif iri != description.iri:
            found[iri] = Outside(registry=_host(iri), name=iri, href=iri)
    for address in outside(description.values(f"{RDFS}seeAlso")):
        curie = iri_to_curie(address)
        name = curie or ("" if "term=" in address or "?" in address else address)
        registry = registry_of(curie) if curie else _host(address)
        found.setdefault(address, Outside(registry=registry, name=name, href=address))
    return [each for each in found.values() if is_web_address(each.href)]


def registry_of(curie: str) -> str:
    """Return what people call the registry of a CURIE.

    >>> registry_of("NCBIGene:3574")
    'NCBI Gene'
    """
    prefix = curie.partition(":")[0]
    return REGISTRIES.get(prefix, prefix)


def _host(address: str) -> str:
    host = urlsplit(address).hostname or address
    return "PubMed search" if host == "pubmed.ncbi.nlm.nih.gov" else host
