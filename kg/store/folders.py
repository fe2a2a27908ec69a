"""Floor 7: the layout of a graph folder, and the locks on it. Opens no store.

    il7.kg/
      CURRENT                 the name of the live generation; replaced by an atomic rename
      lock                    held exclusively by the one writer
      generations/<sequence>-<build hash>/{store/, manifest.json, lock}

A generation is built in a folder whose name ends in `.unfinished`, so what a killed build left is
known by its name. Readers hold a shared lock on their generation, and pruning skips it.
"""

import errno
import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kg.errors import StoreError

CURRENT = "CURRENT"
GENERATIONS = "generations"
LOCK = "lock"
MANIFEST = "manifest.json"
STORE = "store"
UNFINISHED = ".unfinished"

_BEGUN = {GENERATIONS, LOCK, f"{CURRENT}{UNFINISHED}"}
_NAME = re.compile(r"(\d{6,})-\w+", re.ASCII)
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FULL_MESSAGES = ("no space left", "file too large", "quota exceeded")


def is_graph(folder: Path) -> bool:
    """Tell whether the folder is a graph, or the beginning of one that a killed build left."""
    # Oxigraph's own folders have a CURRENT too, and a project of genetics may have generations.
    if not folder.is_dir():
        return False
    names = {path.name for path in folder.iterdir()}
    return GENERATIONS in names and (CURRENT in names or names <= _BEGUN)


def read_current(folder: Path) -> str:
    """Return the name of the live generation, or an empty string where there is none yet.

    Raises:
        StoreError: if `CURRENT` names no generation that is there.

    """
    try:
        name = (folder / CURRENT).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise damaged(folder, f"{CURRENT} cannot be read ({error})") from error
    if _NAME.fullmatch(name) is None:
        raise damaged(folder, f"{CURRENT} does not hold the name of a generation")
    if not (folder / GENERATIONS / name).is_dir():
        raise damaged(folder, f"{CURRENT} names {name}, which is not in {GENERATIONS}/")
    return name


def replace_current(folder: Path, name: str) -> None:
    """Make `name` the live generation: readers see the old one or the new one, nothing between."""
    write_synced(folder / f"{CURRENT}{UNFINISHED}", f"{name}\n")
    (folder / f"{CURRENT}{UNFINISHED}").replace(folder / CURRENT)
    sync_folder(folder)


def list_generations(folder: Path) -> list[str]:
    """Return the names of the finished generations, oldest first."""
    try:
        names = [path.name for path in (folder / GENERATIONS).iterdir()]
    except FileNotFoundError:
        return []
    return sorted(filter(_NAME.fullmatch, names), key=_sequence)


def next_name(folder: Path, build_hash: str) -> str:
    """Return the name for the generation after the last one: sequence, and the hash shortened."""
    names = list_generations(folder)
    sequence = 1 + (_sequence(names[-1]) if names else 0)
    return f"{sequence:06}-{build_hash[:12]}"


def remove_unfinished(folder: Path) -> None:
    """Remove what killed builds left; call it under the writer's lock only."""
    for path in (folder / GENERATIONS).glob(f"*{UNFINISHED}"):
        shutil.rmtree(path, ignore_errors=True)
    (folder / f"{CURRENT}{UNFINISHED}").unlink(missing_ok=True)


def prune(folder: Path, keep: int) -> None:
    """Remove all but the last `keep` generations, the live one, and those that are being read."""
    live = read_current(folder)
    for name in list_generations(folder)[:-keep]:
        path = folder / GENERATIONS / name
        if name == live:
            continue
        with suppress(BlockingIOError, FileNotFoundError), locked(path / LOCK, fcntl.LOCK_EX):
            # A pruning that is killed half-way must not leave what looks like a generation.
            doomed = path.with_name(f"{name}{UNFINISHED}")
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
    if isinstance(error, OSError) and error.errno in _FULL:
        return True
    text = str(error).lower()
    return any(message in text for message in _FULL_MESSAGES)


def _sequence(name: str) -> int:
    return int(name.partition("-")[0])
