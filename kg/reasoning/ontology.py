"""Floor 8: the ontology, and graphs as they are read beside it."""

from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

from pyoxigraph import RdfFormat, Triple, parse, serialize

from kg.errors import InputError
from kg.namespaces import KG, OWL
from kg.resources import resource_path

ONTOLOGY = KG.removesuffix("#")

Graph = Path | bytes
"""A graph to read: a file in any RDF syntax, by its suffix; or bytes of N-Triples."""


def ontology_path() -> Path:
    """Return the path of the ontology in Turtle.

    >>> ontology_path().name
    'litkg.ttl'
    """
    return resource_path("ontology", "litkg.ttl")


@cache
def ontology_ntriples() -> bytes:
    """Return the ontology as N-Triples, which every tool reads (owlready2 reads no Turtle).

    >>> b"<https://w3id.org/litkg/ontology#Gene>" in ontology_ntriples()
    True
    """
    output = BytesIO()
    serialize(read_graph(ontology_path()), output, format=RdfFormat.N_TRIPLES)
    return output.getvalue()


@cache
def ontology_version() -> str:
    """Return the IRI of the ontology's version.

    >>> ontology_version().startswith("https://w3id.org/litkg/ontology/")
    True
    """
    for triple in read_graph(ontology_path()):
        if triple.predicate.value == f"{OWL}versionIRI":
            return str(getattr(triple.object, "value", ""))
    raise InputError(f"{ontology_path()}: the ontology has no owl:versionIRI")


def read_graph(graph: Graph) -> Iterator[Triple]:
    """Yield the triples of a graph; blank nodes get new names, so that graphs can be joined."""
    try:
        if isinstance(graph, bytes):
            quads = parse(graph, format=RdfFormat.N_TRIPLES, rename_blank_nodes=True)
        else:
            # OWL is RDF/XML where it stands in a file of its own suffix.
            form = RdfFormat.RDF_XML if graph.suffix.lower() == ".owl" else None
            quads = parse(path=graph, format=form, rename_blank_nodes=True)
        for quad in quads:
            yield quad.triple
    except (OSError, SyntaxError, ValueError) as error:
        name = "the bytes given" if isinstance(graph, bytes) else str(graph)
        raise InputError(f"{name}: not read as RDF: {error}") from error
