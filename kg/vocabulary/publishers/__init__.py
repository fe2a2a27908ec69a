"""Floor 5: vocabulary tables rebuilt from their publishers' own downloads.

rows        a row of a table, read and written
catalog     which table is made of what, from where, by which rules
sources     which download a file is, told from its content
hgnc, ncbi_gene, famplex, mesh, ontology_rows, sssom
            the downloads, read as rows, or as what is added to rows
merging     new rows and the old ones; what they differ in
updating    all of that: a table from files, written beside its manifest
"""

from kg.vocabulary.publishers.catalog import CATALOG, Entry, find_entry
from kg.vocabulary.publishers.merging import Differences
from kg.vocabulary.publishers.updating import (
    Updated,
    current_tables,
    rebuild_table,
    write_table,
)

__all__ = [
    "CATALOG",
    "Differences",
    "Entry",
    "Updated",
    "current_tables",
    "find_entry",
    "rebuild_table",
    "write_table",
]
