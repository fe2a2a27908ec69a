"""Floor 8: a graph as files for others: RDF in all its formats, and what other tools take."""

from kg.exports.rdf import (
    Exported,
    ExportFormat,
    export_graph,
    format_of,
    hash_graph,
    write_export,
)
from kg.exports.turtle import prefixes_of

__all__ = [
    "ExportFormat",
    "Exported",
    "export_graph",
    "format_of",
    "hash_graph",
    "prefixes_of",
    "write_export",
]
