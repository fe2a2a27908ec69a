"""Floor 8: which vocabulary table the entities of a prefix come from, and under which license.

As `data/vocabulary/MANIFEST.json` has it, where licences stand in words.
"""

_CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
_CC_BY = "https://creativecommons.org/licenses/by/4.0/"
_CC_BY_3 = "https://creativecommons.org/licenses/by/3.0/"
_NLM = "https://www.nlm.nih.gov/databases/download/terms_and_conditions.html"

TABLES = {
    "HGNC": "hgnc_human_genes",
    "MGI": "mgi_mouse_genes",
    "RGD": "rgd_rat_genes",
    "FPLX": "famplex",
    "CL": "cl",
    "MONDO": "mondo",
    "GO": "go",
    "UBERON": "uberon",
    "NCBITaxon": "ncbitaxon_common",
    "CHEBI": "chebi_subset",
    "MESH": "mesh_descriptors",
}
LICENSES = {
    "HGNC": _CC0,
    "MGI": _CC_BY,
    "RGD": _CC_BY,
    "FPLX": _CC0,
    "CL": _CC_BY,
    "MONDO": _CC_BY,
    "GO": _CC_BY,
    "UBERON": _CC_BY_3,
    "NCBITaxon": _CC0,
    "CHEBI": _CC_BY,
    "MESH": _NLM,
}
