"""Floor 7: a generation that is being made: its folder, its files, and the switch to it."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from json import dumps
from pathlib import Path
from typing import Any, TypeVar

from kg.errors import StoreError
from kg.store import folders
from kg.store.claims import Waiting, claimed, explained
from kg.store.loading import Wear

# What each generation has of its own, and none takes over from another as it is.
_OWN = (
    folders.STORE,
    folders.BASE,
    folders.LOCK,
    folders.MANIFEST,
    folders.SEARCH,
    folders.UPDATES,
)
# What the switch adds to a manifest; what is taken over from another's is not to be kept.
_ADDED = ("written_at", "previous", "rollbacks")
# What SQLite leaves beside a file that somebody reads meanwhile; never part of a generation.
_SQLITE_SIDE = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """The generation that was live when a writer began; nothing removes it while that writes."""

    name: str
    path: Path
    manifest: Mapping[str, Any]

    @property
    def files_part(self) -> str:
        """The store with what was built from files alone: `base` where people have written too."""
        return folders.BASE if (self.path / folders.BASE).is_dir() else folders.STORE

    @property
    def files_quads(self) -> int:
        """How many statements were built from files."""
        updates = self.manifest.get("updates", {})
        return int(updates.get("files_quads", self.manifest["quads"]))

    def wear(self, part: str) -> Wear:
        """Return how much was written into one of its stores since that was put in order."""
        return Wear(**self.manifest.get("wear", {}).get(part, {}))


class Unfinished:
    """A generation that is being made, in a folder of its own beside the live one.

    `path` is that folder until the switch, `live` the generation that readers have meanwhile, and
    `name` the one that this generation gets, known when it is finished.
    """

    def __init__(self, folder: Path, live: Live | None, *, from_live: bool) -> None:
        self.folder = folder
        self.live = live
        self.sequence = folders.next_sequence(folder)
        # Oxigraph knows the stores that a process has open by their paths as given, and those of
        # two graphs are alike where the process has changed its folder meanwhile.
        whole = folder.absolute()
        self.path = whole / folders.GENERATIONS / f"{self.sequence:06}{folders.UNFINISHED}"
        self.name = ""
        self.finished = False
        self.abandoned = False
        self._from = live if from_live else None
        self._own = set(_OWN)
        self.path.mkdir()
        (self.path / folders.LOCK).touch()

    def add_file(self, name: str) -> Path:
        """Return where a file of this generation is to be written, before it is finished.

        Readers find it as `graph.path / name`. In a generation that was begun from the live one it
        holds a copy of the live one's file of that name, if there is one; it may be changed,
        removed or replaced. Files that are not asked for are taken over as they are.

        Raises:
            ValueError: if the name is none that a file of a generation may have.
            StoreError: if the file cannot be copied.

        """
        if not name or name in _OWN or Path(name).name != name:
            raise ValueError(f"{name!r} is no name for a file of a generation")
        target = self.path / name
        if name not in self._own:
            self._own.add(name)
            source = None if self._from is None else self._from.path / name
            if source is not None and source.is_file():
                with explained(self.folder):
                    shutil.copyfile(source, target)
        return target

    def abandon(self) -> None:
        """Say that there is nothing to write after all: the block ends without a new generation."""
        self.abandoned = True

    def discard(self) -> None:
        """Throw away what was written so far, unless it is live already."""
        shutil.rmtree(self.path, ignore_errors=True)
        if not self.name:
            return
        with suppress(StoreError):
            if folders.read_current(self.folder) == self.name:
                return
        shutil.rmtree(self.folder / folders.GENERATIONS / self.name, ignore_errors=True)

    def switch(self, build_hash: str, manifest: Mapping[str, Any]) -> None:
        """Make this generation the live one, with a manifest.

        What is added to the manifest: when it was written, on top of which generation, and which
        roll-backs led there.
        """
        self.name = f"{self.sequence:06}-{build_hash[:12]}"
        self._take_over()
        written: dict[str, Any] = {k: v for k, v in manifest.items() if k not in _ADDED}
        written["written_at"] = now()
        if self.live is not None:
            written["previous"] = self.live.name
        with suppress(StoreError):
            if notes := folders.read_notes(self.folder):
                written["rollbacks"] = notes
        text = dumps(written, ensure_ascii=False, indent=2, sort_keys=True)
        folders.write_synced(self.path / folders.MANIFEST, f"{text}\n")
        folders.sync_tree(self.path, None if self._from is None else self._from.path)
        self.path.rename(self.folder / folders.GENERATIONS / self.name)
        folders.sync_folder(self.folder / folders.GENERATIONS)
        folders.replace_current(self.folder, self.name)
        self.finished = True

    def _take_over(self) -> None:
        """Bring in the live generation's further files, which nobody asked to write."""
        if self._from is None:
            return
        for path in self._from.path.iterdir():
            if path.name not in self._own and not path.name.endswith(_SQLITE_SIDE):
                if path.is_dir():
                    shutil.copytree(path, self.path / path.name, copy_function=_link)
                else:
                    _link(path, self.path / path.name)


def _link(source: str | Path, target: str | Path) -> None:
    """Give a finished generation's file, which never changes, a second name; else copy it."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def now() -> str:
    """Return the time as manifests have it: in UTC, to the second, as ISO 8601 has it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


_Writer = TypeVar("_Writer", bound=Unfinished)


@contextmanager
def begun(
    folder: Path,
    begin: Callable[[Live | None], _Writer],
    *,
    keep: int,
    wait: float,
    waiting: Waiting | None,
) -> Iterator[_Writer]:
    """Hold the writer's lock, begin a generation, and prune when the block has switched to it.

    Where the block does not get that far, all that was written is thrown away, the folder too if
    it was made here.

    Raises:
        StoreError: if the folder is something else, another writer has it, the disk is full, or
            the block ended before the switch.

    """
    with claimed(folder, wait=wait, waiting=waiting):
        with explained(folder):
            folders.remove_unfinished(folder)
            try:
                writer = begin(find_live(folder))
            except BaseException:
                folders.remove_unfinished(folder)
                raise
        try:
            yield writer
        finally:
            if not writer.finished:
                writer.discard()
        if writer.finished:
            with explained(folder):
                folders.prune(folder, keep)
        elif not writer.abandoned:
            raise StoreError(f"{folder}: the writing ended before its graph was finished")


def find_live(folder: Path) -> Live | None:
    """Return the live generation; where `CURRENT` is damaged or gone, the newest one.

    What people wrote into the graph is in its folder alone, and is not to be lost when a damaged
    graph is built again.
    """
    name = ""
    with suppress(StoreError):
        name = folders.read_current(folder)
    name = name or next(reversed(folders.list_generations(folder)), "")
    if not name:
        return None
    path = folder / folders.GENERATIONS / name
    try:
        manifest = folders.read_manifest(path)
    except (OSError, ValueError):
        manifest = {}
    return Live(name=name, path=path, manifest=manifest)


def require_live(folder: Path) -> None:
    """Make sure that there is a generation to begin from.

    Raises:
        StoreError: if there is none, or it is damaged.

    """
    name = folders.read_current(folder)
    if not name:
        raise StoreError(
            f"{folder}: there is no graph here; build one with kg build ... -o {folder}"
        )
    try:
        folders.read_manifest(folder / folders.GENERATIONS / name)
    except (OSError, ValueError) as error:
        raise folders.damaged(folder, f"{name} cannot be opened ({error})") from error
