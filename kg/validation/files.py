"""Floor 8: the user's RDF files as a store to validate, alone or on top of a graph."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, parse

from kg.errors import InputError
from kg.rdf.ontology import named_ontology_lines
from kg.store import Graph, scratch_store

_DEFAULT = DefaultGraph()
_ONTOLOGY_CHUNK = RdfFormat.N_TRIPLES


@dataclass(frozen=True, slots=True)
class Loaded:
    """Files in a store: `subjects` are the IRIs that they describe, `statements` their number."""

    store: Store
    subjects: tuple[NamedNode, ...]
    statements: int


@contextmanager
def load_files(paths: Sequence[Path], graph: Graph | None = None) -> Iterator[Loaded]:
    """Load RDF files, each of the format that its suffix tells, into a store that goes in the end.

    With them is the ontology, or all that a graph has, from a copy of it. Statements in named
    graphs are taken as those of the default graph.

    Raises:
        InputError: if a file is missing, of no known format, or not written as its suffix says; or
            if it has blank nodes and there is a graph.

    """
    for path in paths:
        _format_of(path)
    with nullcontext(Store()) if graph is None else scratch_store(graph) as store:
        if graph is None:
            store.bulk_load("\n".join(named_ontology_lines()).encode(), format=_ONTOLOGY_CHUNK)
        subjects: dict[NamedNode, None] = {}
        statements = 0
        for path in paths:
            for quad in _read(path):
                statements += 1
                store.add(quad)
                if isinstance(quad.subject, NamedNode):
                    subjects[quad.subject] = None
                elif graph is not None:
                    raise InputError(
                        f"{path}: has blank nodes, which a graph has none of; give each an IRI, or "
                        "check the file without -g"
                    )
        yield Loaded(store, tuple(subjects), statements)


def _format_of(path: Path) -> RdfFormat:
    known = RdfFormat.from_extension(path.suffix.lstrip("."))
    if known is None:
        raise InputError(
            f"{path}: '{path.suffix}' is the suffix of no format of RDF; "
            "name the file .ttl, .nt, .nq, .trig, .rdf or .jsonld"
        )
    return known


def _read(path: Path) -> Iterator[Quad]:
    try:
        for quad in parse(path=str(path), format=_format_of(path), rename_blank_nodes=True):
            if not isinstance(quad.subject, NamedNode | BlankNode):
                raise InputError(f"{path}: a statement about a statement cannot be validated")
            if not isinstance(quad.object, NamedNode | BlankNode | Literal):
                raise InputError(f"{path}: a statement about a statement cannot be validated")
            yield Quad(quad.subject, quad.predicate, quad.object, _DEFAULT)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from error
    except (SyntaxError, ValueError) as error:
        place = getattr(error, "lineno", None)
        where = f"{path}:{place}" if place else str(path)
        raise InputError(f"{where}: not written as RDF: {error}") from error
