"""Floor 9: what a graph says of itself, put into it when all else is there."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pyoxigraph import NamedNode

from kg.exports import describe_graph
from kg.namespaces import DEFAULT_BASE, about_graph
from kg.store import Changed, GenerationWriter


def is_described(generation: GenerationWriter, base: str) -> bool:
    """Tell whether a generation holds a description of itself, as a file that was loaded may."""
    graph = NamedNode(about_graph(base))
    return any(True for _ in generation.store.quads_for_pattern(None, None, None, graph))


def describe(
    generation: GenerationWriter, manifest: Mapping[str, Any]
) -> tuple[dict[str, Any], Changed]:
    """Put into a generation what it says of itself; return its manifest, and what that changed.

    Counting takes half a second a million statements, about as long as putting the store in order,
    so one is done while the other is.

    `manifest` tells of the statements that are there now, of an older description among them, which
    this one replaces.

    Raises:
        StoreError: if the disk is full.
    """
    graph = NamedNode(about_graph(str(manifest.get("base_iri") or DEFAULT_BASE)))
    said = generation.store.quads_for_pattern(None, None, None, graph)
    before = {f"{quad} .": None for quad in said}
    with ThreadPoolExecutor(1, thread_name_prefix="order") as thread:
        ordered = thread.submit(generation.put_in_order)
        after = dict.fromkeys(describe_graph(generation.store, manifest))
        ordered.result()
    changed = generation.apply(
        (line for line in before if line not in after),
        (line for line in after if line not in before),
    )
    quads = int(manifest["quads"]) + changed.added - changed.removed
    return {**manifest, "quads": quads}, changed
