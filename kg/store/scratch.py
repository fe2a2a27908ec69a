"""Floor 7: a store that lasts as long as a block: a part of a graph, or a changed copy of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import Store

from kg.store import folders, loading
from kg.store.claims import explained
from kg.store.snapshot import Graph


@contextmanager
def scratch_store(copy_of: Graph | None = None) -> Iterator[Store]:
    """Make a store in a temporary folder, empty or with all that a graph holds.

    A copy takes milliseconds where the temporary folder is on the same disk as the graph, since
    both name the same files; elsewhere it takes the time and the space of a copy.

    Raises:
        StoreError: if the disk is full.

    """
    with TemporaryDirectory(prefix="kg-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / folders.STORE
        with explained(Path(folder)):
            if copy_of is not None:
                loading.copy_store(copy_of.path / folders.STORE, path)
            store = Store(str(path))
        yield store
