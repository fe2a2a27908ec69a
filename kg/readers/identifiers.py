"""Reading floor: the identifiers that annotated texts give their mentions, as CURIEs.

Pure. The tools write bare numbers and let the type of the annotation tell the registry ("Gene"
3574, "Species" 9606), MeSH with its prefix or without, and several identifiers in one field.
"""

import re

from kg.namespaces import iri_to_curie, parse_curie

# What tools call a registry, to its prefix here: letters and digits only, in small letters.
_REGISTRIES = {
    word: prefix
    for prefix, words in {
        "MESH": "mesh ncbimesh msh meshid",
        "NCBIGene": "ncbigene ncbigeneid ncbigeneidentifier gene geneid entrez entrezgene entrezid "
        "entrezgeneid eg",
        "NCBITaxon": "ncbitaxon ncbitaxonomy ncbitaxonomyid taxonomy taxonomyid taxid taxon "
        "ncbitaxid",
        "OMIM": "omim mim omimid",
        "CHEBI": "chebi chebiid",
        "UniProt": "uniprot uniprotkb swissprot uniprotid",
        "UMLS": "umls cui umlscui",
        "CL": "cl cellontology",
        "GO": "go geneontology goid",
        "HGNC": "hgnc hgncid",
        "MGI": "mgi",
        "RGD": "rgd",
        "MONDO": "mondo",
        "DOID": "doid",
        "HP": "hp hpo",
        "UBERON": "uberon",
        "NCIT": "ncit",
        "ENSEMBL": "ensembl",
        "FPLX": "fplx famplex",
        "CLO": "clo",
        "Cellosaurus": "cellosaurus cvcl",
    }.items()
    for word in words.split()
}
_GENES = frozenset(("gene", "geneorgeneproduct", "protein", "geneprotein", "geneorprotein"))
_SPECIES = frozenset(("species", "organism", "organismtaxon", "taxon", "strain"))
_NONE = frozenset(("", "-", "-1", "none", "null", "nan", "unknown", "cui-less", "n/a"))
_BARE_MESH = re.compile(r"[DC]\d{6}(?:\d{3})?")
_BARE_UMLS = re.compile(r"C\d{7}")
_CELLOSAURUS = re.compile(r"CVCL[_:](\w{4})")
_UNDERSCORED = re.compile(r"(CL|GO|MONDO|UBERON|CHEBI|HP|DOID|NCBITaxon|MESH|NCIT)_(\w+)")
_PREFIXED = re.compile(r"([A-Za-z][A-Za-z _-]*):\s*(\S+)")
_WITH_SPECIES = re.compile(r"(\d+)\(Tax:\d+\)")  # as GNormPlus has it: "50929(Tax:10090)"
_SEPARATOR = re.compile(r"[;,|+]")
# The ways of writing variants and sequences hold the characters that part identifiers elsewhere.
_VARIANT = re.compile(r"tmvar|hgvs|(?:\w?\|)?(?:SUB|DEL|INS|DUP|FS|INDEL|Allele)\|", re.IGNORECASE)


def registry_of(name: str) -> str:
    """Return the prefix of a registry that a file calls by some name, or an empty string.

    >>> registry_of("NCBI Gene"), registry_of("ncbi_mesh"), registry_of("database")
    ('NCBIGene', 'MESH', '')
    """
    return _REGISTRIES.get(re.sub(r"[^a-z\d]", "", name.casefold()), "")


def parse_identifiers(text: str, kind: str, registry: str = "") -> tuple[str, ...]:
    """Return the identifiers in a field of an annotation, each once, as CURIEs where they can be.

    `kind` is the type of the annotation, in the words of its file, and `registry` the prefix of
    those that have none. What no registry is known of stays as it is written.

    >>> parse_identifiers("3574;16196", "Gene"), parse_identifiers("D001|MESH:D003924", "Disease")
    (('NCBIGene:3574', 'NCBIGene:16196'), ('D001', 'MESH:D003924'))
    >>> parse_identifiers("tmVar:c|SUB|G|5|C;RS#:12", "DNAMutation"), parse_identifiers("-", "Gene")
    (('tmVar:c|SUB|G|5|C;RS#:12',), ())
    """
    text = text.strip()
    if _VARIANT.match(text):
        return (text,)
    parts = (part.strip() for part in _SEPARATOR.split(text))
    found = (_parse_one(part, kind, registry) for part in parts if part.casefold() not in _NONE)
    return tuple(dict.fromkeys(found))


def _parse_one(text: str, kind: str, registry: str) -> str:
    if "://" in text:
        return iri_to_curie(text) or text
    if (match := _WITH_SPECIES.fullmatch(text)) is not None:
        text = match[1]
    if (match := _CELLOSAURUS.fullmatch(text)) is not None:
        return f"CVCL_{match[1]}"
    if (match := _UNDERSCORED.fullmatch(text)) is not None:
        return parse_curie(f"{match[1]}:{match[2]}") or text
    if (match := _PREFIXED.fullmatch(text)) is not None:
        prefix = registry_of(match[1])
        return (parse_curie(f"{prefix}:{match[2]}") if prefix else parse_curie(text)) or text
    if _BARE_MESH.fullmatch(text) and registry in {"", "MESH"}:
        return f"MESH:{text}"
    if _BARE_UMLS.fullmatch(text):
        return f"UMLS:{text}"
    return _with_registry(text, kind, registry)


def _with_registry(text: str, kind: str, registry: str) -> str:
    """Return a bare identifier with the prefix that is told, or that its type tells."""
    if registry:
        return parse_curie(f"{registry}:{text}") or text
    if text.isascii() and text.isdigit():
        word = re.sub(r"[^a-z]", "", kind.casefold())
        if word in _GENES:
            return f"NCBIGene:{text}"
        if word in _SPECIES:
            return f"NCBITaxon:{text}"
        if word.startswith("disease") and len(text) == 6:
            return f"OMIM:{text}"
    return text
