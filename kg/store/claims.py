"""Floor 7: the right to write a graph: one writer at a time, and folders that are made for it."""

import fcntl
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from kg.errors import StoreError
from kg.store import folders

# What is called with a message for people when a writer has to wait for another.
Waiting = Callable[[str], None]

# How often a writer that waits looks whether the other has ended, in seconds.
_LOOK = 0.05


class GraphBusyError(StoreError):
    """Another writer has the graph, and did not end in time; what was to be written was not."""


class GraphReadOnlyError(StoreError):
    """A graph that the user who runs kg may only read; what was to be written was not."""


class DiskFullError(StoreError):
    """A disk without room for what was to be written; what was there before is untouched."""


@contextmanager
def claimed(folder: Path, *, wait: float = 0.0, waiting: Waiting | None = None) -> Iterator[None]:
    """Hold the writer's lock of a graph folder; take the folder away again if it gets no graph.

    Where another writer has the lock, `waiting` is told so once, and the lock is asked for again
    until `wait` seconds are over. The kernel lets go of the lock of a writer that was killed.

    Raises:
        GraphBusyError: if another writer still has it.
        StoreError: if the folder is something else.

    """
    until = time.monotonic() + wait
    told = False
    with ExitStack() as undo:
        while not _claim(folder, undo):
            if time.monotonic() >= until:
                raise GraphBusyError(_busy(folder, wait))
            if waiting is not None and not told:
                waiting(f"{folder}: waiting for another kg that is writing this graph")
                told = True
            time.sleep(min(_LOOK, max(0.0, until - time.monotonic())))
        try:
            yield
        finally:
            # Still under the lock, so it cannot be the beginning of another writer's graph.
            _unbegin(folder)


def _busy(folder: Path, wait: float) -> str:
    ended = f"has not ended in {wait:g} seconds" if wait else "is running"
    return (
        f"{folder}: another kg that is writing this graph {ended}; nothing was changed; "
        "try again when it has ended"
    )


def _claim(folder: Path, undo: ExitStack) -> bool:
    """Make the folder if need be, and lock it; tell whether that was possible."""
    lock = folder / folders.LOCK
    with explained(folder), ExitStack() as begun:
        try:
            begun.callback(_unmake, _make(folder))
        except FileNotFoundError:
            return False  # another writer has just taken away what it had begun
        try:
            lock.touch()
            begun.enter_context(folders.locked(lock, fcntl.LOCK_EX))
        except (BlockingIOError, FileNotFoundError):
            return False
        except BaseException:
            # Nobody else can have locked it either.
            _unbegin(folder)
            raise
        undo.push(begun.pop_all())
    return True


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turn what the system and Oxigraph (which raises RuntimeError too) say into a StoreError."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        if folders.is_full(error):
            raise DiskFullError(
                f"{folder}: the disk is full, so the graph could not be written; what was there "
                "before is untouched; make room and try again"
            ) from error
        if folders.is_read_only(error):
            raise GraphReadOnlyError(
                f"{folder}: the graph may only be read here ({_reason(error)}), and nothing was "
                "changed; let the user who runs kg write to its folder, or write as one who may"
            ) from error
        raise StoreError(
            f"{folder}: the graph could not be written ({error}); choose another folder, "
            "or mend this one"
        ) from error


def _reason(error: OSError | RuntimeError) -> str:
    """Return what the system says, without the place."""
    return (isinstance(error, OSError) and error.strerror) or str(error)


def _make(folder: Path) -> list[Path]:
    """Make the folder if need be, and return those that were made, innermost first."""
    if folder.exists() and not folder.is_dir():
        raise StoreError(f"{folder}: is a file, not a graph; choose another folder with -o")
    if folder.is_dir():
        if not folders.is_graph(folder) and not folders.is_begun(folder):
            raise StoreError(
                f"{folder}: holds other files and is no graph, so nothing is written there; "
                "choose another folder with -o"
            )
        (folder / folders.GENERATIONS).mkdir(exist_ok=True)
        return []
    made = [path for path in (folder, *folder.parents) if not path.exists()]
    (folder / folders.GENERATIONS).mkdir(parents=True, exist_ok=True)
    return made


def _unbegin(folder: Path) -> None:
    """Take away what was made for a first generation, if there is none."""
    if not folders.list_generations(folder):
        folders.remove_unfinished(folder)
        shutil.rmtree(folder / folders.GENERATIONS, ignore_errors=True)
        (folder / folders.LOCK).unlink(missing_ok=True)


def _unmake(made: list[Path]) -> None:
    """Remove the folders that are empty again."""
    for path in made:
        try:
            path.rmdir()
        except OSError:
            return
