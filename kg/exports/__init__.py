"""Floor 8: a graph as files for others: RDF in all its formats, and what other tools take.

graph -> a View of all of it, or of a part (`selection`) -> RDF (`rdf`) or a profile (`profiles`)
"""

from kg.exports.about import describe_graph
from kg.exports.profiles import PROFILES, find_profile, write_profile
from kg.exports.rdf import (
    Exported,
    ExportFormat,
    export_graph,
    format_of,
    hash_graph,
    write_export,
)
from kg.exports.selection import Selection, leave_out_inferred, leave_out_texts, open_view
from kg.exports.turtle import prefixes_of
from kg.exports.view import Profile, View, Written

__all__ = [
    "PROFILES",
    "ExportFormat",
    "Exported",
    "Profile",
    "Selection",
    "View",
    "Written",
    "describe_graph",
    "export_graph",
    "find_profile",
    "format_of",
    "hash_graph",
    "leave_out_inferred",
    "leave_out_texts",
    "open_view",
    "prefixes_of",
    "write_export",
    "write_profile",
]
