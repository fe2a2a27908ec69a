"""Floor 7: the layout of a graph folder, and the locks on it. Opens no store.

    il7.kg/
      CURRENT                 the name of the live generation; replaced by an atomic rename
      lock                    held exclusively by the one writer
      generations/<sequence>-<build hash>/
        store/                what readers open
        manifest.json
        lock
        search/               the text index, once it was needed; made of `store/` at any time
        base/, updates.log    only where people wrote to it: what was built from files, and what
                              they wrote; `store/` is the two together
        ...                   files that the build keeps beside its graph

A generation is built in a folder whose name ends in `.unfinished`, so what a killed build left is
known by its name. Readers hold a shared lock on their generation, and pruning skips it.

The first line of `CURRENT` is the name; each further line tells of a roll-back since the newest
write: when, from which generation, to which.
"""

import errno
import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from kg.errors import StoreError

BASE = "base"
CURRENT = "CURRENT"
GENERATIONS = "generations"
LOCK = "lock"
MANIFEST = "manifest.json"
SEARCH = "search"
STORE = "store"
UNFINISHED = ".unfinished"
UPDATES = "updates.log"

_BEGUN = {GENERATIONS, LOCK, f"{CURRENT}{UNFINISHED}"}
_NAME = re.compile(r"(\d{6,})-\w+", re.ASCII)
_NOTE = re.compile(rf"\S+ {_NAME.pattern} {_NAME.pattern}", re.ASCII)
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FULL_MESSAGES = ("no space left", "file too large", "quota exceeded")
_READ_ONLY = (errno.EACCES, errno.EPERM, errno.EROFS)
_SHORT_MESSAGES = ("too many open files", "file descriptors")
_READ_ONLY_MESSAGES = (
    "permission denied",
    "operation not permitted",
    "read-only file system",
)


def is_graph(folder: Path) -> bool:
    """Tell whether the folder is a graph, or the beginning of one that a killed build left."""
    # Oxigraph's own folders have a CURRENT too, and a project of genetics may have generations.
    if not folder.is_dir():
        return False
    names = {path.name for path in folder.iterdir()}
    return GENERATIONS in names and (CURRENT in names or names <= _BEGUN)


def is_begun(folder: Path) -> bool:
    """Tell whether a folder holds nothing but what a writer makes first, or takes away last."""
    return {path.name for path in folder.iterdir()} <= _BEGUN


def read_current(folder: Path) -> str:
    """Return the name of the live generation, or an empty string where there is none yet.

    Raises:
        StoreError: if `CURRENT` names no generation that is there.

    """
    lines = _current_lines(folder)
    if lines is None:
        return ""
    name = lines[0] if lines else ""
    if _NAME.fullmatch(name) is None:
        raise damaged(folder, f"{CURRENT} does not hold the name of a generation")
    if not (folder / GENERATIONS / name).is_dir():
        raise damaged(folder, f"{CURRENT} names {name}, which is not in {GENERATIONS}/")
    return name


def read_notes(folder: Path) -> list[str]:
    """Return the further lines of `CURRENT`: the roll-backs since the newest write, in order."""
    lines = (_current_lines(folder) or [])[1:]
    return [line for line in lines if _NOTE.fullmatch(line)]


def _current_lines(folder: Path) -> list[str] | None:
    try:
        text = (folder / CURRENT).read_text(encoding="ascii")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise damaged(folder, f"{CURRENT} cannot be read ({error})") from error
    return text.splitlines()


def write_note(at: str, old: str, new: str) -> str:
    """Return the note on a roll-back, from one generation to another."""
    return f"{at} {old} {new}"


def rolled_from(note: str) -> str:
    """Return the generation that a note says was rolled back from.

    >>> rolled_from(write_note("2026-10-05T10:00:00+00:00", "000003-ab", "000002-cd"))
    '000003-ab'
    """
    return note.split()[1]


def replace_current(folder: Path, name: str, notes: Sequence[str] = ()) -> None:
    """Make `name` the live generation: readers see the old one or the new one, nothing between."""
    text = "".join(f"{line}\n" for line in (name, *notes))
    new = folder / f"{CURRENT}{UNFINISHED}"
    try:
        write_synced(new, text)
        new.replace(folder / CURRENT)
    except OSError:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise
    sync_folder(folder)


def list_generations(folder: Path) -> list[str]:
    """Return the names of the finished generations, oldest first."""
    try:
        names = [path.name for path in (folder / GENERATIONS).iterdir()]
    except FileNotFoundError:
        return []
    return sorted(filter(_NAME.fullmatch, names), key=sequence_of)


def sequence_of(name: str) -> int:
    """Return the number that a generation's name begins with.

    >>> sequence_of("000012-0123456789ab")
    12
    """
    return int(name.partition("-")[0])


def next_sequence(folder: Path) -> int:
    """Return the number for the generation after the newest one."""
    names = list_generations(folder)
    return 1 + (sequence_of(names[-1]) if names else 0)


def find_generation(folder: Path, wanted: str) -> str:
    """Return the generation that a person means by its number, its name, or the name's beginning.

    Raises:
        StoreError: if there is none, or more than one; those that are there are listed.

    """
    names = list_generations(folder)
    if wanted.isascii() and wanted.isdigit():
        found = [name for name in names if sequence_of(name) == int(wanted)]
    else:
        found = [name for name in names if name.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    there = ", ".join(names) or "none"
    raise StoreError(f"{folder}: there is no generation '{wanted}' here; there are: {there}")


def read_manifest(path: Path) -> dict[str, Any]:
    """Return what the writer of a generation wrote down; `path` is the generation's folder.

    Raises:
        OSError, ValueError: if it cannot be read, or is no JSON object.

    """
    manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    if not isinstance(manifest, dict):
        raise ValueError(f"the manifest of {path.name} is no JSON object")  # noqa: TRY004
    return manifest


def previous_of(folder: Path, name: str) -> str:
    """Return the generation that this one was written on top of, if it is still there, else ""."""
    # Sequence numbers only grow, so that a damaged manifest cannot make a circle.
    older = [each for each in list_generations(folder) if sequence_of(each) < sequence_of(name)]
    before = older[-1] if older else ""
    with suppress(OSError, ValueError):
        before = str(read_manifest(folder / GENERATIONS / name).get("previous", before))
    return before if before in older else ""


def remove_unfinished(folder: Path) -> None:
    """Remove what killed writers left; call it under the writer's lock only."""
    live = ""
    with suppress(StoreError):
        live = read_current(folder)
    if live:
        # A writer that is killed just before it switches leaves a whole generation that never was
        # live; one that was, and is not any more, is told of in the notes.
        were = [live, *(rolled_from(note) for note in read_notes(folder))]
        newest = max(sequence_of(name) for name in were)
        for name in list_generations(folder):
            if sequence_of(name) > newest:
                _remove_generation(folder / GENERATIONS / name)
    for path in (folder / GENERATIONS).glob(f"*{UNFINISHED}"):
        shutil.rmtree(path, ignore_errors=True)
    (folder / f"{CURRENT}{UNFINISHED}").unlink(missing_ok=True)


def prune(folder: Path, keep: int) -> None:
    """Remove all but `keep` generations, and those that are being read.

    Kept are the live one, the one that it was written on top of, and the newest others, which may
    be such as were rolled back from.
    """
    live = read_current(folder)
    names = list_generations(folder)
    first = [name for name in (live, previous_of(folder, live)) if name]
    others = [name for name in reversed(names) if name not in first]
    kept = (first + others)[:keep]
    for name in names:
        if name not in kept:
            _remove_generation(folder / GENERATIONS / name)


def _remove_generation(path: Path) -> None:
    """Remove a generation, unless somebody reads it."""
    with suppress(BlockingIOError, FileNotFoundError), locked(path / LOCK, fcntl.LOCK_EX):
        # A removal that is killed half-way must not leave what looks like a generation.
        doomed = path.with_name(f"{path.name}{UNFINISHED}")
        path.rename(doomed)
        shutil.rmtree(doomed, ignore_errors=True)


@contextmanager
def locked(path: Path, operation: int) -> Iterator[None]:
    """Hold a lock (`fcntl.LOCK_EX` or `LOCK_SH`) on a file, and let go of it when the block ends.

    The kernel lets go of it too when the process is killed. Never waits.

    Raises:
        BlockingIOError: if another process, or another holder in this one, has it.
        FileNotFoundError: if the file is gone, or went while it was being locked.
        StoreError: if the file system cannot lock.

    """
    # A shared lock asks for reading alone, so that a graph can be read where it cannot be written.
    descriptor = os.open(path, os.O_RDONLY if operation == fcntl.LOCK_SH else os.O_RDWR)
    try:
        try:
            fcntl.flock(descriptor, operation | fcntl.LOCK_NB)
        except BlockingIOError:
            raise
        except OSError as error:
            raise StoreError(
                f"{path}: this file system cannot lock files ({error.strerror}); "
                "keep the graph on a local disk"
            ) from error
        mine, there = os.fstat(descriptor), path.stat()
        if (mine.st_dev, mine.st_ino) != (there.st_dev, there.st_ino):
            raise FileNotFoundError(errno.ENOENT, "replaced while it was being locked", str(path))
        yield
    finally:
        os.close(descriptor)


def write_synced(path: Path, text: str) -> None:
    """Write a file and wait until it is on the disk."""
    with path.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


def sync_tree(folder: Path, other: Path | None = None) -> None:
    """Wait until all files below a folder, and their names, are on the disk.

    Files that are in `other` too, a folder that was waited for before, are there already.
    """
    known: set[int] = set()
    for path in other.rglob("*") if other is not None else ():
        # Readers may have files of their own there, which come and go.
        with suppress(FileNotFoundError):
            known.add(path.stat().st_ino)
    for path in folder.rglob("*"):
        if path.is_dir():
            sync_folder(path)
        elif path.stat().st_ino not in known:
            with path.open("rb") as stream:
                os.fsync(stream.fileno())
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def damaged(folder: Path, what: str) -> StoreError:
    """Return the error for a graph folder that is not whole."""
    return StoreError(
        f"{folder}: the graph is damaged: {what}; build it again (kg build ... -o {folder}), "
        "which leaves the older generations where they are"
    )


def is_full(error: BaseException) -> bool:
    """Tell whether an error of ours or of Oxigraph means that there is no room left.

    >>> is_full(OSError(errno.ENOSPC, "No space left on device")), is_full(OSError("gone"))
    (True, False)
    """
    return _says(error, _FULL, _FULL_MESSAGES)


def is_read_only(error: BaseException) -> bool:
    """Tell whether an error of ours or of Oxigraph means that nothing may be written there.

    >>> is_read_only(OSError(errno.EROFS, "Read-only file system")), is_read_only(OSError("gone"))
    (True, False)
    """
    return _says(error, _READ_ONLY, _READ_ONLY_MESSAGES)


def is_short_of_files(error: BaseException) -> bool:
    """Tell whether an error of ours or of Oxigraph means that no more files may be opened.

    >>> is_short_of_files(OSError(errno.EMFILE, "Too many open files"))
    True
    """
    return _says(error, (errno.EMFILE, errno.ENFILE), _SHORT_MESSAGES)


def _says(error: BaseException, numbers: Sequence[int], messages: Sequence[str]) -> bool:
    if isinstance(error, OSError) and error.errno in numbers:
        return True
    text = str(error).lower()
    return any(message in text for message in messages)
