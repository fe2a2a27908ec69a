"""Floor 7: statements into an Oxigraph store: whole graphs, and changes to one that is there."""

import itertools
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, Store, parse

from kg.errors import StoreError
from kg.store.claims import explained

# Measured at 5M triples: chunks of 50,000 to 100,000 lines (of 150 bytes), loaded from two threads,
# are twice as fast as one piece and take a fifth of its memory; smaller ones cost a fifth more.
_CHUNK_LINES = 50_000
_CHUNK_BYTES = 8 << 20
_THREADS = 2
_WAITING = 2 * _THREADS

# Up to here additions go through Oxigraph's log, which leaves one new file an index, and each is
# counted; beyond it, loading in bulk is three times as fast.
_FEW = 20_000

# A store is put in order after more writes than these, or when a tenth of it has changed.
_WRITES = 5
_SHARE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """How many statements really went and came: those removed were there, those added were not."""

    removed: int
    added: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wear:
    """How much was written into a store since Oxigraph last put its files in order.

    Measured on a million statements, 5,000 changed in each write: joins are 1.3 to 1.7 times slower
    after six writes and 3 times after eight; putting in order takes 0.65 s a million statements.
    So it is done once in a while, and the cost of a write is that of what it changes.
    """

    writes: int = 0
    changed: int = 0

    def after(self, changed: int) -> "Wear":
        """Return the wear after one more write, in which so many statements changed."""
        return Wear(writes=self.writes + 1, changed=self.changed + changed)

    def grown(self, changed: int) -> "Wear":
        """Return the wear where the last write turns out to have changed so many statements."""
        return Wear(writes=self.writes, changed=self.changed + changed)

    def is_due(self, quads: int) -> bool:
        """Tell whether a store of so many statements is to be put in order.

        >>> Wear(writes=5, changed=900).is_due(10_000), Wear(writes=1, changed=1_001).is_due(10_000)
        (False, True)
        """
        return self.writes > _WRITES or self.changed * _SHARE > quads


def load_chunks(store: Store, chunks: Iterable[bytes], folder: Path) -> None:
    """Load N-Triples or N-Quads text in chunks of whole lines; `folder` is named in errors.

    Small ones are joined. Two chunks are loaded at a time and a few more wait, so memory does not
    grow with the graph.

    Raises:
        StoreError: if a line is no statement, or the disk is full.

    """
    waiting: deque[Future[None]] = deque()
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="load") as threads:
        try:
            for chunk in _joined(chunks):
                waiting.append(threads.submit(_load, store, chunk, folder))
                if len(waiting) >= _WAITING:
                    waiting.popleft().result()
            while waiting:
                waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def apply_changes(
    store: Store, removed: Iterable[str], added: Iterable[str], folder: Path
) -> Changed:
    """Take statements out, then put others in; both as lines of N-Triples or N-Quads.

    Removing what is not there, and adding what is, changes nothing and is not counted; what is
    removed and added again is counted in both. No statement may hold a blank node, which has no
    name that lasts.

    Raises:
        StoreError: if a line is no statement, or the disk is full.

    """
    return Changed(removed=_remove(store, removed, folder), added=_add(store, added, folder))


def copy_store(source: Path, target: Path) -> None:
    """Make a store a copy of another that nothing has open for writing, in milliseconds.

    The two share the files that hold the statements, by hard links where the file system has them;
    Oxigraph never writes into such a file again. What was not flushed in the source is not copied.
    """
    Store.read_only(str(source)).backup(str(target))


def settle(store: Store, wear: Wear | None, quads: int) -> Wear:
    """Put a store in order if that is due, and on the disk in any case; return the wear left.

    Without a wear it was loaded in chunks, and answers half as fast until it is put in order. The
    caller drops its references to the store then, which closes it.
    """
    if wear is None or wear.is_due(quads):
        store.optimize()
        wear = Wear()
    store.flush()
    return wear


def count_quads(path: Path) -> int:
    """Return how many statements a reader finds in a store (0.1 to 0.4 s a million)."""
    return len(Store.read_only(str(path)))


def in_chunks(lines: Iterable[str], size: int = _CHUNK_LINES) -> Iterator[bytes]:
    """Yield lines, with or without their ends, as text in chunks of so many."""
    source = iter(lines)
    while batch := list(itertools.islice(source, size)):
        # A blank line between two statements is allowed, so lines may bring their own ends.
        yield "\n".join((*batch, "")).encode("utf-8")


def _joined(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield chunks that are worth loading, each of some that come one after the other."""
    some: list[bytes] = []
    size = 0
    for chunk in chunks:
        some.append(chunk)
        size += len(chunk)
        if size >= _CHUNK_BYTES:
            yield b"".join(some)
            some, size = [], 0
    if size:
        yield b"".join(some)


def _remove(store: Store, lines: Iterable[str], folder: Path) -> int:
    count = 0
    for chunk in in_chunks(lines, _FEW):
        with explained(folder):
            for quad in _parse(chunk, folder):
                if quad in store:
                    store.remove(quad)
                    count += 1
    return count


def _add(store: Store, lines: Iterable[str], folder: Path) -> int:
    source = iter(lines)
    few = list(itertools.islice(source, _FEW + 1))
    if len(few) <= _FEW:
        with explained(folder):
            quads = itertools.chain.from_iterable(_parse(each, folder) for each in in_chunks(few))
            new = {quad for quad in quads if quad not in store}
            store.extend(new)
            return len(new)
    before = len(store)
    load_chunks(store, in_chunks(itertools.chain(few, source)), folder)
    return len(store) - before


def _parse(chunk: bytes, folder: Path) -> list[Quad]:
    try:
        return list(parse(chunk, RdfFormat.N_QUADS, lenient=True))
    except SyntaxError as error:
        raise _no_statement(chunk, error, folder) from error


def _load(store: Store, chunk: bytes, folder: Path) -> None:
    try:
        with explained(folder):
            store.bulk_load(chunk, format=RdfFormat.N_QUADS, lenient=True)
    except SyntaxError as error:
        raise _no_statement(chunk, error, folder) from error


def _no_statement(chunk: bytes, error: SyntaxError, folder: Path) -> StoreError:
    line = chunk.splitlines()[(error.lineno or 1) - 1][:200].decode("utf-8", "replace")
    return StoreError(f"{folder}: not a statement of N-Quads: {line!r} ({error.msg})")
