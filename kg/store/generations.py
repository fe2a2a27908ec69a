"""Floor 7: builds a generation of a graph beside the live one, and switches to it whole.

Killed at any instant, or failing in any way, a build leaves what was live where it was, and whole.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, Store

from kg.errors import StoreError
from kg.store import folders, loading
from kg.store.claims import Waiting, explained
from kg.store.loading import Changed, Wear
from kg.store.unfinished import Live, Unfinished, begun, require_live
from kg.store.update_log import (
    Entry,
    Failure,
    describe_updates,
    hash_with_updates,
    read_log,
    replay,
    write_log,
)

AfterUpdates = Callable[[Store, Callable[[Iterable[bytes]], None]], None]
"""What is done to a store when what people wrote was run on it; it gets what loads text there."""


class GenerationWriter(Unfinished):
    """Fills one new generation with what is built from files; made by `write_generation`.

    Of use inside its block only. Where people have written into the graph before, what they wrote
    is run again on top when this is finished.
    """

    def __init__(
        self,
        folder: Path,
        live: Live | None,
        *,
        build_hash: str | None,
        from_live: bool,
        discard_updates: bool,
    ) -> None:
        self._log: list[Entry] = []
        if live is not None and not discard_updates:
            self._log = read_log(live.path / folders.UPDATES)
        super().__init__(folder, live, from_live=from_live)
        self._build_hash = build_hash
        self._part = folders.BASE if self._log else folders.STORE
        # None: loaded anew, and not in order, nor counted yet.
        self._wear: Wear | None = None
        self._quads: int | None = None
        if from_live and live is not None:
            loading.copy_store(live.path / live.files_part, self.path / self._part)
            self._wear = live.wear(live.files_part)
            self._quads = live.files_quads
        self._store: Store | None = Store(str(self.path / self._part))
        self._is_changed = False
        self.failures: tuple[Failure, ...] = ()
        self.after_updates: AfterUpdates | None = None

    @property
    def quads(self) -> int:
        """How many statements from files there are by now; they are counted where need be."""
        if self._quads is None:
            self._quads = len(self._opened())
        return self._quads

    @property
    def store(self) -> Store:
        """The store that is being written, of what is built from files; to look things up in."""
        return self._opened()

    def open_live(self) -> Store:
        """Open what the live generation holds from files, as it was when this one was begun.

        Raises:
            StoreError: if there is no live generation.

        """
        if self.live is None:
            raise StoreError(f"{self.folder}: there is no generation yet")
        return Store.read_only(str(self.live.path / self.live.files_part))

    def add_lines(self, lines: Iterable[str]) -> None:
        """Load statements of N-Triples or N-Quads, one a line, with or without the line's end.

        Raises:
            StoreError: as `load`.

        """
        self.load(loading.in_chunks(lines))

    def load(self, chunks: Iterable[bytes]) -> None:
        """Load N-Triples or N-Quads text; each chunk holds whole lines, best 50,000 or so.

        IRIs are taken as they are: whoever writes the text has checked them. Memory does not grow
        with the graph.

        Raises:
            StoreError: if a line is no statement, or the disk is full.

        """
        loading.load_chunks(self._opened(), chunks, self.folder)
        self._wear = None
        self._quads = None

    def apply(self, removed: Iterable[str], added: Iterable[str]) -> Changed:
        """Take statements out, then put others in, and return how many really went and came.

        Both are lines of N-Triples or N-Quads without blank nodes; IRIs are taken as they are. The
        cost is that of the change (10 to 20 µs a statement), but for additions of more than 20,000
        statements, which are counted by counting all.

        Raises:
            StoreError: if a line is no statement, or the disk is full.

        """
        changed = loading.apply_changes(self._opened(), removed, added, self.folder)
        if self._quads is not None:
            self._quads += changed.added - changed.removed
        if self._wear is not None:
            # The changes of one generation are written together, as one.
            wear = self._wear.grown if self._is_changed else self._wear.after
            self._wear = wear(changed.removed + changed.added)
        self._is_changed = True
        return changed

    def clear_graph(self, graph: str) -> None:
        """Take out all statements of a named graph."""
        with explained(self.folder):
            self._opened().remove_graph(NamedNode(graph))
        # That many are not counted one by one, and leave the files out of order.
        self._wear = None
        self._quads = None

    def put_in_order(self) -> None:
        """Put the store in order if that is due, which `finish` does otherwise.

        It may run in a thread of its own while the store is asked: Oxigraph does both at once.
        """
        store, wear = self._opened(), self._wear
        # What was loaded in bulk is not counted yet, and due in any case.
        if wear is None or (self._quads is not None and wear.is_due(self._quads)):
            store.optimize()
            self._wear = Wear()
            self._is_changed = False

    def finish(self, manifest: Mapping[str, Any]) -> None:
        """Check the generation against its manifest, and make it the live one.

        The number of statements is counted in what a reader would open, not in the writer's own
        store, and must be `manifest["quads"]`: of what is built from files, without what people
        wrote, which is run now. What of that could not be run stands in `failures` then, and in the
        manifest.

        Raises:
            StoreError: if the numbers differ, or the disk is full. The old generation stays live.
            ValueError: if the hash that the generation is named after is not letters and digits.

        """
        with explained(self.folder):
            wear = {self._part: self._close(int(manifest["quads"]))}
            self._check(int(manifest["quads"]))
            written = dict(manifest)
            build_hash = self._build_hash or str(manifest["build_hash"])
            if not _is_hash(build_hash):
                raise ValueError(f"build_hash {build_hash!r}")
            if self._log:
                written |= self._replay(int(manifest["quads"]), wear)
                build_hash = hash_with_updates(build_hash, self._log)
            written["wear"] = {part: asdict(each) for part, each in wear.items()}
            self.switch(build_hash, written)

    def discard(self) -> None:
        """Throw away what was written so far, unless it is live already."""
        self._store = None
        super().discard()

    def _opened(self) -> Store:
        if self._store is None:
            raise StoreError(f"{self.folder}: generation {self.sequence} is closed")
        return self._store

    def _close(self, quads: int) -> Wear:
        wear = loading.settle(self._opened(), self._wear, quads)
        # Oxigraph closes a store when its last reference goes.
        self._store = None
        return wear

    def _check(self, expected: int) -> None:
        quads = loading.count_quads(self.path / self._part)
        if quads != expected:
            raise StoreError(
                f"{self.folder}: {quads} statements were written where {expected} "
                "were expected; the new generation is thrown away"
            )

    def _replay(self, quads: int, wear: dict[str, Wear]) -> dict[str, Any]:
        """Run what people wrote on a copy of what was built; return what the manifest has of it."""
        write_log(self.path / folders.UPDATES, self._log)
        path = self.path / folders.STORE
        loading.copy_store(self.path / self._part, path)
        store = Store(str(path))
        self.failures = tuple(replay(store, self._log))
        worn: Wear | None = wear[self._part].after(0)
        if self.after_updates is not None:
            self.after_updates(store, partial(loading.load_chunks, store, folder=self.folder))
            worn = None
        settled = loading.settle(store, worn, quads)
        del store
        after = loading.count_quads(path)
        wear[folders.STORE] = settled.grown(abs(after - quads))
        return describe_updates(self._log, self.failures, quads=after, files_quads=quads)


@contextmanager
def write_generation(
    folder: Path,
    *,
    build_hash: str | None,
    keep: int = 3,
    from_live: bool = False,
    discard_updates: bool = False,
    wait: float = 0.0,
    waiting: Waiting | None = None,
) -> Iterator[GenerationWriter]:
    """Build the next generation of the graph in `folder`, which is made where it is not there.

    The block loads the statements, or with `from_live` changes those of the live generation, and
    ends with `finish`, which switches, or with `abandon`, where there is nothing to write after
    all. Where it does not get that far, all that was written is thrown away, the folder too if it
    was made here. Afterwards the last `keep` generations are kept, and those that are being read.
    The writer's lock is held all the time, so what the block reads of `writer.live` is still so
    when it switches.

    The generation is named after `build_hash`, or where that is None, after the manifest's
    `build_hash`. What people wrote into the graph (SPARQL Update) is run again on the new
    generation, unless `discard_updates`. Where another writer is at work, `waiting` is told, and
    this one waits for `wait` seconds.

    Raises:
        GraphBusyError: if another writer still has it.
        StoreError: if the folder is something else, the disk is full, there is nothing to begin
            from, or the block ended without `finish` or `abandon`.
        ValueError: if `build_hash` is not letters and digits, or `keep` is less than 1.

    """
    if (build_hash is not None and not _is_hash(build_hash)) or keep < 1:
        raise ValueError(f"build_hash {build_hash!r}, keep {keep}")

    def begin(live: Live | None) -> GenerationWriter:
        if from_live:
            require_live(folder)
        return GenerationWriter(
            folder,
            live,
            build_hash=build_hash,
            from_live=from_live,
            discard_updates=discard_updates,
        )

    with begun(folder, begin, keep=keep, wait=wait, waiting=waiting) as writer:
        yield writer


def _is_hash(text: str) -> bool:
    return text.isascii() and text.isalnum()
