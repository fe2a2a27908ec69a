"""A knowledge graph of biomedical literature: from a reading list to RDF, SPARQL and Turtle.

The public Python API is six names; each is imported when it is first used:

    read_file      the records of an input file
    open_lexicon   the names and terms of the vocabularies
    Annotator      finds and grounds the entities of a text
    build_graph    files to a graph on disk
    open_graph     a graph to read and query
    run_query      a saved query, with names as parameters

The floors, each importing only from those below (see docs/architecture.md):

    cli
    service
    pipeline
    queries | reasoning | validation | exports | descriptions | changes | web
    search
    store
    annotate | assertions | rdf
    readers | vocabulary | mappings
    publications
    model
    namespaces
    prefixes | resources
    errors
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.annotate.annotator import Annotator
    from kg.pipeline import build_graph
    from kg.queries import run_query
    from kg.readers import read_file
    from kg.store import open_graph
    from kg.vocabulary.compiling import open_lexicon

__version__ = "0.1.0"

__all__ = ["Annotator", "build_graph", "open_graph", "open_lexicon", "read_file", "run_query"]

_MODULES = {
    "Annotator": "kg.annotate.annotator",
    "build_graph": "kg.pipeline",
    "open_graph": "kg.store",
    "open_lexicon": "kg.vocabulary.compiling",
    "read_file": "kg.readers",
    "run_query": "kg.queries",
}


def __getattr__(name: str) -> object:
    """Import a name of the public API when it is first asked for (PEP 562)."""
    if name in _MODULES:
        return getattr(import_module(_MODULES[name]), name)
    raise AttributeError(f"module 'kg' has no attribute '{name}'")
