"""Floor 8: a graph as files for others: RDF in all its formats, and what other tools take."""

from kg.exports.rdf import (
    Exported,
    ExportFormat,
    export_graph,
    format_of,
    prefixes_of,
    write_export,
)

__all__ = [
    "ExportFormat",
    "Exported",
    "export_graph",
    "format_of",
    "prefixes_of",
    "write_export",
]
