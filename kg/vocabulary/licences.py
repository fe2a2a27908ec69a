"""Floor 5: under which licences the vocabulary tables stand, as addresses where they have one."""

from functools import cache

from kg.vocabulary.tables import Table, list_tables, vocabulary_folder

_CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
_ADDRESSES = {
    "CC0": _CC0,
    "CC-BY 4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY 3.0": "https://creativecommons.org/licenses/by/3.0/",
    "public domain": "https://creativecommons.org/publicdomain/mark/1.0/",
    "NLM terms and conditions": "https://www.nlm.nih.gov/databases/download/terms_and_conditions.html",
}

TABLE_OF_PREFIX = {
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
"""The table that the entities of a prefix come from."""


@cache
def shipped_tables() -> dict[str, Table]:
    """Return the tables that ship with the package, by their sha256."""
    return {table.sha256: table for table in list_tables(vocabulary_folder())}


def licence_of(sha256: str) -> str:
    """Return the licence of a vocabulary table in words, or nothing where it is not one of ours."""
    table = shipped_tables().get(sha256)
    return "" if table is None else table.licence


def licence_addresses(licence: str) -> list[str]:
    """Return the addresses of the licences that a text names, in the order in which it does.

    >>> licence_addresses("CC-BY 4.0 (MGI)")
    ['https://creativecommons.org/licenses/by/4.0/']
    """
    found = sorted((licence.find(name), address) for name, address in _ADDRESSES.items())
    return [address for place, address in found if place >= 0]


def licence_of_prefix(prefix: str) -> str:
    """Return the address of the licence of a prefix's own table, or nothing where it has none.

    Where a table was made of several, it is that of the first, which gives the identifiers.
    """
    name = TABLE_OF_PREFIX.get(prefix)
    found = [table.licence for table in shipped_tables().values() if table.name == name]
    return next(iter(licence_addresses(found[0])), "") if found else ""
