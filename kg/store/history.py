"""Floor 7: the generations of a graph, what was done in each, and the way back to an older one."""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG
from typing import Any

from kg.errors import StoreError
from kg.store import folders, loading
from kg.store.claims import Waiting, claimed, explained
from kg.store.unfinished import now, require_live


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """One generation that is still there.

    `at` is when it was written (ISO 8601, UTC), `action` what its manifest says was done,
    `previous` the generation that it was written on top of; `papers` is how many were built from
    files. `bytes` is the size of its files, `own_bytes` of those that it shares with no other
    generation: what removing it would free.
    """

    name: str
    live: bool
    at: str
    action: Mapping[str, Any]
    previous: str
    statements: int
    papers: int | None
    bytes: int
    own_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollback:
    """A roll-back: when, from which generation, to which."""

    at: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What happened to a graph, as far as its generations are still there.

    `bytes` is the size of the folder on disk, files that generations share counted once.
    """

    generations: tuple[Generation, ...]
    rollbacks: tuple[Rollback, ...]
    bytes: int


def list_history(folder: Path) -> History:
    """Return the generations of a graph, oldest first, and the roll-backs between them.

    Raises:
        StoreError: if there is no graph in the folder, or it is damaged.

    """
    require_live(folder)
    live = folders.read_current(folder)
    generations = []
    notes: list[str] = []
    for name in folders.list_generations(folder):
        path = folder / folders.GENERATIONS / name
        try:
            manifest = folders.read_manifest(path)
        except FileNotFoundError:
            continue  # pruned meanwhile
        except (OSError, ValueError):
            manifest = {"action": {"kind": "unreadable"}}
        generations.append(_describe(path, manifest, live))
        notes += manifest.get("rollbacks", [])
    notes += folders.read_notes(folder)
    sizes = {(stat.st_dev, stat.st_ino): stat.st_size for stat in _files(folder)}
    return History(
        generations=tuple(generations),
        rollbacks=tuple(Rollback(at=a, old=b, new=c) for a, b, c in map(str.split, notes)),
        bytes=sum(sizes.values()),
    )


def roll_back(
    folder: Path, generation: str = "", *, wait: float = 0.0, waiting: Waiting | None = None
) -> Rollback:
    """Make an older generation the live one: the one named, else the one before the live one.

    Nothing is removed: the generation that was live is still there, and rolling back to it undoes
    this. The next write goes on from what is live then.

    Raises:
        StoreError: if there is no graph or no such generation, that one is damaged or live already,
            or another writer is at work.

    """
    require_live(folder)
    with claimed(folder, wait=wait, waiting=waiting):
        old = folders.read_current(folder)
        new = folders.find_generation(folder, generation) if generation else _before(folder, old)
        if new == old:
            raise StoreError(f"{folder}: {new} is the live generation already")
        _check(folder, new)
        note = folders.write_note(now(), old, new)
        with explained(folder):
            folders.replace_current(folder, new, [*folders.read_notes(folder), note])
    at, old, new = note.split()
    return Rollback(at=at, old=old, new=new)


def _describe(path: Path, manifest: Mapping[str, Any], live: str) -> Generation:
    stats = list(_files(path))
    counts = manifest.get("counts", {})
    return Generation(
        name=path.name,
        live=path.name == live,
        at=str(manifest.get("written_at") or manifest.get("built_at", "")),
        action=manifest.get("action") or _as_build(manifest),
        previous=str(manifest.get("previous", "")),
        statements=int(manifest.get("quads", 0)),
        papers=counts.get("papers"),
        bytes=sum(stat.st_size for stat in stats),
        own_bytes=sum(stat.st_size for stat in stats if stat.st_nlink == 1),
    )


def _as_build(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return the action of a manifest that tells none: a build of its inputs."""
    return {"kind": "build", "inputs": [each["name"] for each in manifest.get("inputs", [])]}


def _files(folder: Path) -> Iterator[os.stat_result]:
    """Yield what there is to say of each file below a folder, from which others may be removed."""
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            stat = path.stat()
            if S_ISREG(stat.st_mode):
                yield stat


def _before(folder: Path, live: str) -> str:
    """Return the generation that the live one was written on top of."""
    previous = folders.previous_of(folder, live)
    if previous:
        return previous
    there = ", ".join(folders.list_generations(folder))
    raise StoreError(
        f"{folder}: there is no generation that {live} was written on top of, or it was pruned; "
        f"name one of those that are there: {there}"
    )


def _check(folder: Path, name: str) -> None:
    """Make sure that a generation is whole before it goes live."""
    path = folder / folders.GENERATIONS / name
    try:
        expected = folders.read_manifest(path)["quads"]
        quads = loading.count_quads(path / folders.STORE)
    except (OSError, RuntimeError, ValueError, KeyError) as error:
        raise StoreError(
            f"{folder}: generation {name} cannot be opened ({error}); nothing was changed"
        ) from error
    if quads != expected:
        raise StoreError(
            f"{folder}: generation {name} holds {quads} statements where {expected} were; "
            "nothing was changed"
        )
