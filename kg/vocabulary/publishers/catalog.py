"""Floor 5: which vocabulary table is made of what, from where, and by which rules.

The addresses are the publishers' own, as their pages document them. `{year}` is the year of now:
MeSH is published under its year.
"""

from dataclasses import dataclass
from typing import Literal

from kg.errors import ParameterError
from kg.model import Scope

Kind = Literal["hgnc", "hgnc-withdrawn", "gene-info", "famplex", "mesh", "ontology", "sssom"]

_MESH = frozenset({"MESH"})
_EXACT = frozenset({Scope.EXACT})
_BOTH = frozenset({Scope.EXACT, Scope.RELATED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A table: the kind of download that it is made of, and the rules by which it is.

    `prefix` is that of its terms, `tag` begins the sources of its publisher's synonyms. `xrefs`
    are the prefixes of cross-references that its publisher gives, `shared` those that others give
    as well, which are kept where a term has none of its publisher's. `scopes` are those of the
    synonyms that are taken from an ontology. `is_subset` tells that the table holds some of its
    publisher's terms, with all above them, `has_parts` that its parents are wholes as well. `adds`
    are the kinds of files that may add to rows, `taxon` whose genes it has.
    """

    name: str
    prefix: str
    tag: str
    kind: Kind | None
    addresses: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    xrefs: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    scopes: frozenset[Scope] = _EXACT
    is_subset: bool = False
    has_parts: bool = False
    adds: tuple[Kind, ...] = ("sssom",)
    taxon: str = ""


_OBO = "http://purl.obolibrary.org/obo"
_HGNC = "https://storage.googleapis.com/public-download-files/hgnc/tsv/tsv"
_GENES = "https://ftp.ncbi.nlm.nih.gov/gene/DATA/GENE_INFO/Mammalia"
_MONDO_XREFS = "UMLS DOID GARD OMIM Orphanet MESH NCIT EFO ICD10CM OMIMPS HP"
_GO_XREFS = "Reactome MetaCyc EC RHEA KEGG_REACTION Wikipedia NIF_Subcellular RESID"

CATALOG: tuple[Entry, ...] = (
    Entry(
        name="hgnc_human_genes",
        prefix="HGNC",
        tag="hgnc",
        kind="hgnc",
        addresses=(
            f"{_HGNC}/hgnc_complete_set.txt",
            f"{_HGNC}/withdrawn.txt",
            f"{_GENES}/Homo_sapiens.gene_info.gz",
        ),
        aliases=("hgnc",),
        xrefs=frozenset("ENSEMBL NCBIGene UniProt MGI RGD".split()),
        adds=("hgnc-withdrawn", "gene-info", "sssom"),
        taxon="9606",
    ),
    Entry(
        name="mgi_mouse_genes",
        prefix="MGI",
        tag="mgi",
        kind=None,
        addresses=(f"{_GENES}/Mus_musculus.gene_info.gz",),
        aliases=("mgi",),
        adds=("gene-info", "sssom"),
        taxon="10090",
    ),
    Entry(
        name="rgd_rat_genes",
        prefix="RGD",
        tag="rgd",
        kind=None,
        addresses=(f"{_GENES}/Rattus_norvegicus.gene_info.gz",),
        aliases=("rgd",),
        adds=("gene-info", "sssom"),
        taxon="10116",
    ),
    Entry(
        name="famplex",
        prefix="FPLX",
        tag="famplex",
        kind="famplex",
        addresses=("https://github.com/sorgerlab/famplex/archive/refs/heads/master.zip",),
        aliases=("fplx",),
        xrefs=frozenset(
            "reactome InterPro HGNC.GENEGROUP NCIT SIGNOR GO nextprot.family PFAM eccode "
            "complexportal".split()
        ),
        shared=_MESH,
    ),
    Entry(
        name="cl",
        prefix="CL",
        tag="cl",
        kind="ontology",
        addresses=(f"{_OBO}/cl.json",),
        shared=_MESH,
    ),
    Entry(
        name="mondo",
        prefix="MONDO",
        tag="mondo",
        kind="ontology",
        addresses=(f"{_OBO}/mondo.obo",),
        xrefs=frozenset(_MONDO_XREFS.split()),
        scopes=_BOTH,
    ),
    Entry(
        name="go",
        prefix="GO",
        tag="go",
        kind="ontology",
        addresses=(f"{_OBO}/go.obo",),
        xrefs=frozenset(_GO_XREFS.split()),
        shared=_MESH,
        scopes=_BOTH,
    ),
    Entry(
        name="uberon",
        prefix="UBERON",
        tag="uberon",
        kind="ontology",
        addresses=(f"{_OBO}/uberon.obo",),
        shared=_MESH,
        has_parts=True,
    ),
    Entry(
        name="ncbitaxon_common",
        prefix="NCBITaxon",
        tag="ncbitaxon",
        kind="ontology",
        addresses=(f"{_OBO}/ncbitaxon.obo",),
        aliases=("ncbitaxon",),
        is_subset=True,
    ),
    Entry(name="chebi_subset", prefix="CHEBI", tag="chebi", kind=None, aliases=("chebi",)),
    Entry(
        name="mesh_descriptors",
        prefix="MESH",
        tag="mesh",
        kind="mesh",
        addresses=("https://nlmpubs.nlm.nih.gov/projects/mesh/MESH_FILES/xmlmesh/desc{year}.gz",),
        aliases=("mesh",),
    ),
)


def find_entry(name: str) -> Entry:
    """Return what is known of a table, by its name or a shorter one.

    >>> find_entry("HGNC").name
    'hgnc_human_genes'
    """
    folded = name.casefold()
    found = next((each for each in CATALOG if folded in {each.name, *each.aliases}), None)
    if found is None:
        names = ", ".join(each.name for each in CATALOG)
        raise ParameterError(f"no vocabulary called '{name}'; there are: {names}")
    return found
