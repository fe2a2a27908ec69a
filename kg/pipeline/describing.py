"""Floor 9: what a graph says of itself, and the saved queries, put in when all else is there."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pyoxigraph import DefaultGraph, NamedNode, Store

from kg.exports import describe_graph
from kg.namespaces import DEFAULT_BASE, KG, RDF, about_graph, queries_graph
from kg.queries import load_saved_queries
from kg.queries.executables import describe_queries
from kg.rdf.ntriples import iri
from kg.store import Changed, GenerationWriter


def is_described(generation: GenerationWriter, base: str) -> bool:
    """Tell whether a generation holds a description of itself, as a file that was loaded may."""
    graph = NamedNode(about_graph(base))
    return any(True for _ in generation.store.quads_for_pattern(None, None, None, graph))


def describe(
    generation: GenerationWriter, manifest: Mapping[str, Any]
) -> tuple[dict[str, Any], Changed]:
    """Put into a generation what it says of itself, and the saved queries, each in a named graph.

    Return its manifest, and what that changed. A graph without papers gets no saved queries, which
    would find nothing in it.

    Counting takes half a second a million statements, about as long as putting the store in order,
    so one is done while the other is.

    `manifest` tells of the statements that are there now, of an older description among them, which
    this one replaces.

    Raises:
        StoreError: if the disk is full.
    """
    base = str(manifest.get("base_iri") or DEFAULT_BASE)
    before = {
        f"{quad} .": None
        for name in (about_graph(base), queries_graph(base))
        for quad in generation.store.quads_for_pattern(None, None, None, NamedNode(name))
    }
    with ThreadPoolExecutor(1, thread_name_prefix="order") as thread:
        ordered = thread.submit(generation.put_in_order)
        after = dict.fromkeys(
            (*describe_graph(generation.store, manifest), *_query_lines(generation.store, base))
        )
        ordered.result()
    changed = generation.apply(
        (line for line in before if line not in after),
        (line for line in after if line not in before),
    )
    quads = int(manifest["quads"]) + changed.added - changed.removed
    return {**manifest, "quads": quads}, changed


def _query_lines(store: Store, base: str) -> Iterator[str]:
    """Yield the saved queries as N-Quads, where there are papers."""
    papers = store.quads_for_pattern(
        None, NamedNode(f"{RDF}type"), NamedNode(f"{KG}Publication"), DefaultGraph()
    )
    if any(True for _ in papers):
        graph = iri(queries_graph(base))
        for line in describe_queries(load_saved_queries().values(), base):
            yield f"{line.removesuffix('.')}{graph} ."
