"""Floor 8: what a graph says of itself, and what is known of it anyway."""

from collections.abc import Iterator

from pyoxigraph import NamedNode, Quad

from kg.descriptions.model import Readable, quads_of, select
from kg.namespaces import DCTERMS, DEFAULT_BASE, KG, VOID, about_graph
from kg.store import Graph

_ONTOLOGY = KG.rstrip("#")
_MOST = 20_000


def base_of(graph: Readable) -> str:
    """Return what the IRIs begin with that a graph mints: it says so itself, or its manifest does.

    A graph that does neither is taken for one with the usual base.
    """
    if isinstance(graph, Graph):
        return str(graph.manifest.get("base_iri") or DEFAULT_BASE)
    rows = select(
        graph,
        f"SELECT ?base {{ GRAPH ?about {{ ?dataset <{DCTERMS}conformsTo> <{_ONTOLOGY}> ; "
        f"<{VOID}uriSpace> ?base }} }} LIMIT 1",
    )
    return next((row["base"].value for row in rows), DEFAULT_BASE)


def count_statements(graph: Readable) -> int | None:
    """Return how many statements a graph has; None where only counting them would tell."""
    if isinstance(graph, Graph) and "quads" in graph.manifest:
        return int(graph.manifest["quads"])
    return None


def read_about(graph: Readable, base: str) -> Iterator[Quad]:
    """Yield what a graph says of itself (VoID, PROV), in order."""
    about = NamedNode(about_graph(base))
    query = f"SELECT ?s ?p ?o {{ GRAPH {about} {{ ?s ?p ?o }} }} LIMIT {_MOST}"
    # Oxigraph takes ten times as long to put them in order.
    yield from sorted(quads_of(select(graph, query)), key=str)
