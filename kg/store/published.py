"""Floor 7: a changed copy of what is live in a graph, as a graph of its own, to show to others."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from pyoxigraph import Store

from kg.store import folders, loading
from kg.store.claims import explained
from kg.store.snapshot import Graph

_KEEP = 2


def publish_copy(graph: Graph, folder: Path, change: Callable[[Store], object]) -> None:
    """Make a changed copy of a generation the live one of another folder, under the same name.

    The folder is one that nobody else writes to. Its readers see the copy before this one, or this
    one whole. Where both folders are on one disk the copy shares files with the graph.

    Raises:
        StoreError: if the disk is full.

    """
    path = folder / folders.GENERATIONS / graph.generation
    unfinished = path.with_name(f"{path.name}{folders.UNFINISHED}")
    with explained(folder):
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        loading.copy_store(graph.path / folders.STORE, unfinished / folders.STORE)
        store = Store(str(unfinished / folders.STORE))
        change(store)
        manifest = {**graph.manifest, "quads": len(store)}
        store.flush()
        # Oxigraph closes a store when its last reference goes.
        del store
        folders.write_synced(unfinished / folders.MANIFEST, json.dumps(manifest))
        (unfinished / folders.LOCK).touch()
        shutil.rmtree(path, ignore_errors=True)
        unfinished.replace(path)
        folders.replace_current(folder, path.name)
        folders.prune(folder, _KEEP)
