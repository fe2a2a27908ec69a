"""Floor 8: whether a graph is as it should be: SHACL shapes, and two engines that check them.

shapes           ontology/shapes.ttl -> constraints
compiling        constraint -> SPARQL
engine           runs that on Oxigraph: seconds for a large graph
pyshacl_engine   runs pySHACL instead: all of SHACL, a hundred times slower
files            RDF files of a user, alone or on top of a graph
model, report    results; a report as Turtle and JSON
"""

from kg.validation.engine import validate_store
from kg.validation.files import load_files
from kg.validation.model import Report, Result, Severity, show_path, show_term
from kg.validation.pyshacl_engine import validate_with_pyshacl
from kg.validation.report import report_json, report_turtle
from kg.validation.shapes import (
    Constraint,
    Shapes,
    UnsupportedShapesError,
    read_shapes,
    shapes_path,
)

__all__ = [
    "Constraint",
    "Report",
    "Result",
    "Severity",
    "Shapes",
    "UnsupportedShapesError",
    "load_files",
    "read_shapes",
    "report_json",
    "report_turtle",
    "shapes_path",
    "show_path",
    "show_term",
    "validate_store",
    "validate_with_pyshacl",
]
