"""Floor 1: the registries of identifiers that graphs use, in one table.

Each has one canonical IRI form, the one that its users expect, with where that form comes from.
"""

from dataclasses import dataclass

_OBO = "http://purl.obolibrary.org/obo/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefix:
    """A registry of identifiers: its canonical IRI form, other forms, and its pages for people.

    `iri`, `page` and each of `others` hold the local identifier where `$1` stands.
    `source` says where the canonical form comes from, `registry` what the Bioregistry calls it.
    """

    name: str
    registry: str
    iri: str
    source: str
    page: str = ""
    others: tuple[str, ...] = ()


def _obo(name: str, page: str = "") -> Prefix:
    return Prefix(
        name=name,
        registry=name.lower(),
        iri=f"{_OBO}{name}_$1",
        source="OBO Foundry",
        page=page or f"{_OBO}{name}_$1",
        others=(f"https://purl.obolibrary.org/obo/{name}_$1", f"http://identifiers.org/{name}:$1"),
    )


def _identifiers(name: str, key: str, page: str) -> Prefix:
    return Prefix(
        name=name,
        registry=key,
        iri=f"http://identifiers.org/{key}/$1",
        source="Biolink prefix map",
        page=page,
        others=(
            f"https://identifiers.org/{key}/$1",
            f"https://identifiers.org/{key}:$1",
            f"http://identifiers.org/{key}:$1",
            f"https://bioregistry.io/{key}:$1",
        ),
    )


PREFIXES: dict[str, Prefix] = {
    prefix.name: prefix
    for prefix in (
        _identifiers(
            "HGNC", "hgnc", "https://www.genenames.org/data/gene-symbol-report/#!/hgnc_id/HGNC:$1"
        ),
        _identifiers("NCBIGene", "ncbigene", "https://www.ncbi.nlm.nih.gov/gene/$1"),
        _identifiers("ENSEMBL", "ensembl", "https://www.ensembl.org/id/$1"),
        Prefix(
            name="FPLX",
            registry="fplx",
            iri="https://identifiers.org/fplx:$1",
            source="FamPlex, by way of identifiers.org",
            page="https://sorgerlab.github.io/famplex/$1",
            others=("http://identifiers.org/fplx/$1", "https://bioregistry.io/fplx:$1"),
        ),
        Prefix(
            name="MGI",
            registry="mgi",
            iri="http://identifiers.org/mgi/MGI:$1",
            source="identifiers.org",
            page="https://www.informatics.jax.org/accession/MGI:$1",
            others=(
                "http://www.informatics.jax.org/accession/MGI:$1",
                "https://identifiers.org/MGI:$1",
            ),
        ),
        Prefix(
            name="RGD",
            registry="rgd",
            iri="http://identifiers.org/rgd/$1",
            source="identifiers.org",
            page="https://rgd.mcw.edu/rgdweb/report/gene/main.html?id=$1",
            others=("https://identifiers.org/rgd:$1",),
        ),
        Prefix(
            name="UniProt",
            registry="uniprot",
            iri="http://purl.uniprot.org/uniprot/$1",
            source="UniProt",
            page="https://www.uniprot.org/uniprotkb/$1",
            others=(
                "https://purl.uniprot.org/uniprot/$1",
                "http://identifiers.org/uniprot/$1",
                "https://identifiers.org/uniprot:$1",
            ),
        ),
        _obo("CL"),
        _obo("MONDO", "https://monarchinitiative.org/MONDO:$1"),
        _obo("GO", "https://amigo.geneontology.org/amigo/term/GO:$1"),
        _obo("UBERON"),
        _obo(
            "NCBITaxon",
            "https://www.ncbi.nlm.nih.gov/Taxonomy/Browser/wwwtax.cgi?mode=Info&id=$1",
        ),
        _obo("CHEBI", "https://www.ebi.ac.uk/chebi/CHEBI:$1"),
        _obo("DOID", "https://disease-ontology.org/?id=DOID:$1"),
        _obo("HP", "https://hpo.jax.org/browse/term/HP:$1"),
        _obo("NCIT"),
        _obo("CLO"),
        Prefix(
            name="MESH",
            registry="mesh",
            iri="http://id.nlm.nih.gov/mesh/$1",
            source="NLM",
            page="https://meshb.nlm.nih.gov/record/ui?ui=$1",
            others=(
                "https://id.nlm.nih.gov/mesh/$1",
                "http://identifiers.org/mesh/$1",
                "https://identifiers.org/mesh:$1",
            ),
        ),
        Prefix(
            name="OMIM",
            registry="omim",
            iri="https://omim.org/entry/$1",
            source="OMIM, as Mondo writes it",
            page="https://omim.org/entry/$1",
            others=("http://identifiers.org/omim/$1", "http://purl.obolibrary.org/obo/OMIM_$1"),
        ),
        Prefix(
            name="OMIMPS",
            registry="omim.ps",
            iri="https://omim.org/phenotypicSeries/PS$1",
            source="OMIM, as Mondo writes it",
            page="https://omim.org/phenotypicSeries/PS$1",
        ),
        Prefix(
            name="Orphanet",
            registry="orphanet.ordo",
            iri="http://www.orpha.net/ORDO/Orphanet_$1",
            source="Orphanet",
            page="https://www.orpha.net/en/disease/detail/$1",
        ),
        Prefix(
            name="EFO",
            registry="efo",
            iri="http://www.ebi.ac.uk/efo/EFO_$1",
            source="EFO",
            page="https://www.ebi.ac.uk/efo/EFO_$1",
        ),
        Prefix(
            name="UMLS",
            registry="umls",
            iri="http://linkedlifedata.com/resource/umls/id/$1",
            source="Biolink prefix map",
            page="https://uts.nlm.nih.gov/uts/umls/concept/$1",
        ),
        Prefix(
            name="PMID",
            registry="pubmed",
            iri="http://www.ncbi.nlm.nih.gov/pubmed/$1",
            source="Biolink prefix map",
            page="https://pubmed.ncbi.nlm.nih.gov/$1/",
            others=(
                "https://www.ncbi.nlm.nih.gov/pubmed/$1",
                "https://pubmed.ncbi.nlm.nih.gov/$1",
                "https://pubmed.ncbi.nlm.nih.gov/$1/",
                "http://identifiers.org/pubmed/$1",
                "https://identifiers.org/pubmed:$1",
                "http://rdf.ncbi.nlm.nih.gov/pubmed/$1",
            ),
        ),
        Prefix(
            name="PMCID",
            registry="pmc",
            iri="http://www.ncbi.nlm.nih.gov/pmc/$1",
            source="Biolink prefix map",
            page="https://www.ncbi.nlm.nih.gov/pmc/articles/$1/",
            others=(
                "https://www.ncbi.nlm.nih.gov/pmc/articles/$1/",
                "https://www.ncbi.nlm.nih.gov/pmc/articles/$1",
                "https://pmc.ncbi.nlm.nih.gov/articles/$1/",
            ),
        ),
        Prefix(
            name="DOI",
            registry="doi",
            iri="https://doi.org/$1",
            source="DOI Foundation",
            page="https://doi.org/$1",
            others=("http://doi.org/$1", "http://dx.doi.org/$1", "https://dx.doi.org/$1"),
        ),
    )
}
