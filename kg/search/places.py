"""Floor 7: where the index of a generation is, and who makes it, once.

It is `search/` in the folder of its generation, made when it is first wanted, and goes with it.
Where that cannot be written to, it is in a folder that whoever wants it names.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kg.errors import SearchError, StoreError
from kg.search.building import VERSION, build_index
from kg.search.index import Index
from kg.store import Graph, folders

_NAME = f"index-{VERSION}.sqlite"
_UNFINISHED = folders.UNFINISHED
_LOOK_SECONDS = 0.1
_WAIT_SECONDS = 600


def find_index(folder: Path, generation: str, spare: Path | None = None) -> Path | None:
    """Return the index of a generation of a graph, if it was made; `spare` is looked at too."""
    for home in _homes(folder, generation, spare):
        path = home / _NAME
        if path.exists():
            return path
    return None


def find_older_index(folder: Path, generation: str, spare: Path | None = None) -> Path | None:
    """Return the index of the newest generation before this one that has one."""
    older = [
        name
        for name in folders.list_generations(folder)
        if folders.sequence_of(name) < folders.sequence_of(generation)
    ]
    found = (find_index(folder, name, spare) for name in reversed(older))
    return next((path for path in found if path is not None), None)


def make_index(graph: Graph, spare: Path | None = None) -> Path:
    """Return the index of a generation, made now if there is none that is whole.

    One process makes it; another that wants it waits until it is there. Where the graph cannot be
    written to it is made in `spare`.

    Raises:
        SearchError: if it can be made nowhere.
    """
    error: BaseException | None = None
    for home in _homes(graph.path.parents[1], graph.generation, spare):
        try:
            home.mkdir(parents=True, exist_ok=True)
            return _make(graph, home)
        except (OSError, SearchError, StoreError) as found:
            error = found
    reason = error.strerror if isinstance(error, OSError) else error
    raise SearchError(f"no text index could be made ({reason})") from error


def remove_spare(folder: Path, spare: Path) -> None:
    """Remove the indexes in `spare` of generations that are there no more."""
    names = set(folders.list_generations(folder))
    for home in spare.iterdir() if spare.is_dir() else ():
        if home.name not in names:
            for path in home.iterdir():
                path.unlink(missing_ok=True)
            home.rmdir()


def _homes(folder: Path, generation: str, spare: Path | None) -> Iterator[Path]:
    yield folder / folders.GENERATIONS / generation / folders.SEARCH
    if spare is not None:
        yield spare / generation


def _make(graph: Graph, home: Path) -> Path:
    path = home / _NAME
    if _is_whole(path):
        return path
    lock = home / folders.LOCK
    lock.touch()
    with _claimed(lock):
        # Another process may have made it meanwhile; what a killed one left is nobody's.
        if _is_whole(path):
            return path
        for left in home.iterdir():
            if left.name != folders.LOCK:
                left.unlink()
        unfinished = home / f"{_NAME}{_UNFINISHED}"
        try:
            build_index(graph, unfinished)
            with unfinished.open("rb") as stream:
                os.fsync(stream.fileno())
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    return path


@contextmanager
def _claimed(lock: Path) -> Iterator[None]:
    """Hold a lock; wait while another process has it.

    Raises:
        SearchError: if it has it for ever.
        OSError, StoreError: if it cannot be locked.
    """
    until = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            with folders.locked(lock, fcntl.LOCK_EX):
                yield
                return
        except BlockingIOError:
            if time.monotonic() > until:
                raise SearchError("another process is making it, and does not end") from None
        time.sleep(_LOOK_SECONDS)


def _is_whole(path: Path) -> bool:
    with suppress(SearchError):
        Index(path).close()
        return True
    return False
