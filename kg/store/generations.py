"""Floor 7: builds a generation of a graph beside the live one, and switches to it whole.

Killed at any instant, or failing in any way, a build leaves what was live where it was, and whole.
"""

import fcntl
import json
import os
import shutil
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from itertools import islice
from pathlib import Path

from pyoxigraph import RdfFormat, Store

from kg.errors import StoreError
from kg.store import folders

# Measured at 1M triples: chunks of about this many lines, loaded from two threads, are twice as
# fast as one piece and take a fifth of its memory.
_CHUNK_LINES = 100_000
_THREADS = 2
_WAITING = 2 * _THREADS


class GenerationWriter:
    """Fills one new generation; made by `write_generation`, and of use inside its block only."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = name
        self._path = folder / folders.GENERATIONS / f"{name}{folders.UNFINISHED}"
        (self._path / folders.STORE).mkdir(parents=True)
        (self._path / folders.LOCK).touch()
        self._store: Store | None = Store(str(self._path / folders.STORE))
        self.finished = False

    @property
    def name(self) -> str:
        """The name that the generation gets: its sequence number and the build hash, shortened."""
        return self._name

    def add_file(self, name: str) -> Path:
        """Return where to write a further file of the generation, which is synced with it."""
        return self._path / name

    def add_lines(self, lines: Iterable[str]) -> None:
        """Load statements of N-Triples or N-Quads, one a line, with or without the line's end.

        Raises:
            StoreError: as `load`.

        """
        self.load(_chunks(lines))

    def load(self, chunks: Iterable[bytes]) -> None:
        """Load N-Triples or N-Quads text; each chunk holds whole lines, best 100,000 or so.

        IRIs are taken as they are: whoever writes the text has checked them. Two chunks are loaded
        at a time and a few more wait, so memory does not grow with the graph.

        Raises:
            StoreError: if a line is no statement, or the disk is full.

        """
        store = self._opened()
        waiting: deque[Future[None]] = deque()
        with ThreadPoolExecutor(_THREADS, thread_name_prefix="load") as threads:
            try:
                for chunk in chunks:
                    waiting.append(threads.submit(_load, store, chunk, self._folder))
                    if len(waiting) >= _WAITING:
                        waiting.popleft().result()
                while waiting:
                    waiting.popleft().result()
            finally:
                for future in waiting:
                    future.cancel()

    def finish(self, manifest: Mapping[str, object]) -> None:
        """Check the generation against its manifest, and make it the live one.

        The number of quads is counted in what a reader would open, not in the writer's own store,
        and must be `manifest["quads"]`.

        Raises:
            StoreError: if the numbers differ, or the disk is full. The old generation stays live.

        """
        with _explained(self._folder):
            self._close()
            self._check(manifest)
            text = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True)
            folders.write_synced(self._path / folders.MANIFEST, f"{text}\n")
            self._sync()
            self._path.rename(self._folder / folders.GENERATIONS / self._name)
            folders.sync_folder(self._folder / folders.GENERATIONS)
            folders.replace_current(self._folder, self._name)
        self.finished = True

    def discard(self) -> None:
        """Throw away what was written so far, unless it is live already."""
        self._store = None
        shutil.rmtree(self._path, ignore_errors=True)
        with suppress(StoreError):
            if folders.read_current(self._folder) == self._name:
                return
        shutil.rmtree(self._folder / folders.GENERATIONS / self._name, ignore_errors=True)

    def _opened(self) -> Store:
        if self._store is None:
            raise StoreError(f"{self._folder}: generation {self._name} is closed")
        return self._store

    def _close(self) -> None:
        store = self._opened()
        store.optimize()
        store.flush()
        # Oxigraph closes a store when its last reference goes: this one, and the local one.
        self._store = None

    def _check(self, manifest: Mapping[str, object]) -> None:
        quads = len(Store.read_only(str(self._path / folders.STORE)))
        if quads != manifest["quads"]:
            raise StoreError(
                f"{self._folder}: {quads} statements were written where {manifest['quads']} "
                "were expected; the new generation is thrown away"
            )

    def _sync(self) -> None:
        for path in self._path.rglob("*"):
            if path.is_dir():
                continue
            with path.open("rb") as stream:
                os.fsync(stream.fileno())
        folders.sync_folder(self._path / folders.STORE)
        folders.sync_folder(self._path)


@contextmanager
def write_generation(folder: Path, *, build_hash: str, keep: int = 3) -> Iterator[GenerationWriter]:
    """Build the next generation of the graph in `folder`, which is made where it is not there.

    The block loads the statements and ends with `finish`, which switches. Where it does not get
    that far, all that was written is thrown away, the folder too if it was made here. Afterwards
    the last `keep` generations are kept, and those that are being read.

    Raises:
        StoreError: if the folder is something else, another build is running in it, the disk is
            full, or the block ended without `finish`.
        ValueError: if `build_hash` is not letters and digits, or `keep` is less than 1.

    """
    if not (build_hash.isascii() and build_hash.isalnum()) or keep < 1:
        raise ValueError(f"build_hash {build_hash!r}, keep {keep}")
    with _claimed(folder):
        with _explained(folder):
            folders.remove_unfinished(folder)
            writer = GenerationWriter(folder, folders.next_name(folder, build_hash))
        try:
            yield writer
        finally:
            if not writer.finished:
                writer.discard()
        if not writer.finished:
            raise StoreError(f"{folder}: the build ended before its graph was finished")
        with _explained(folder):
            folders.prune(folder, keep)


@contextmanager
def _claimed(folder: Path) -> Iterator[None]:
    """Hold the writer's lock of a graph folder; take the folder away again if it gets no graph."""
    with ExitStack() as undo:
        lock = folder / folders.LOCK
        with _explained(folder):
            undo.callback(_unmake, _make(folder))
            try:
                lock.touch()
                undo.enter_context(folders.locked(lock, fcntl.LOCK_EX))
            except (BlockingIOError, FileNotFoundError) as error:
                raise StoreError(
                    f"{folder}: another build is running in this folder; wait until it has ended"
                ) from error
            except BaseException:
                # Nobody else can have locked it either.
                _unbegin(folder)
                raise
        try:
            yield
        finally:
            # Still under the lock, so it cannot be the beginning of another build's graph.
            _unbegin(folder)


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """Turn what the system and Oxigraph (which raises RuntimeError too) say into a StoreError."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        if folders.is_full(error):
            raise StoreError(
                f"{folder}: the disk is full, so the graph could not be written; what was there "
                "before is untouched; make room and build again"
            ) from error
        raise StoreError(
            f"{folder}: the graph could not be written ({error}); choose another folder with -o, "
            "or mend this one"
        ) from error


def _make(folder: Path) -> list[Path]:
    """Make the folder if need be, and return those that were made, innermost first."""
    if folder.exists() and not folder.is_dir():
        raise StoreError(f"{folder}: is a file, not a graph; choose another folder with -o")
    if folder.is_dir():
        if not folders.is_graph(folder) and any(folder.iterdir()):
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


def _load(store: Store, chunk: bytes, folder: Path) -> None:
    try:
        with _explained(folder):
            store.bulk_load(chunk, format=RdfFormat.N_QUADS, lenient=True)
    except SyntaxError as error:
        line = chunk.splitlines()[(error.lineno or 1) - 1][:200].decode("utf-8", "replace")
        raise StoreError(f"{folder}: not a statement of N-Quads: {line!r} ({error.msg})") from error


def _chunks(lines: Iterable[str]) -> Iterator[bytes]:
    source = iter(lines)
    while batch := list(islice(source, _CHUNK_LINES)):
        # A blank line between two statements is allowed, so lines may bring their own ends.
        yield "\n".join((*batch, "")).encode("utf-8")
