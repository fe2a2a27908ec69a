"""Floor 5: the cache of compiled lexicons: where it is, its keys, its checks.

A lexicon is kept under a key made of the sha256 of its tables and of the code that compiles them,
is checked as it is opened, and made again when it is damaged. It is written to a folder of its own
and moved into place when it is complete, so that a killed or a concurrent compilation leaves no
half of one.
"""

import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from zlib import crc32

from kg.errors import VocabularyError
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.overruling import problems_of
from kg.vocabulary.own_names import OwnTable
from kg.vocabulary.spelling import SPELLINGS
from kg.vocabulary.tables import Table

_CHECKSUMS = "checksums.json"
_KEPT_BESIDES = 2


def cached_lexicon(
    cache: Path | None,
    tables: Iterable[Table],
    own: Sequence[OwnTable],
    others: Iterable[Path],
    compile_into: Callable[[Path], None],
) -> Lexicon:
    """Open the lexicon of some tables, made by `compile_into(folder)` where the cache has none.

    Without a `cache` it is the folder named in KG_CACHE, or the user's cache folder.

    Raises:
        VocabularyError: if the cache cannot be written.
    """
    home = (cache or _cache_folder()) / _key(tables, own, others)
    lexicon = _open(home, own)
    if lexicon is not None:
        with suppress(OSError):
            os.utime(home)  # the ones used last are kept
        return lexicon
    try:
        _make(home, compile_into)
    except (OSError, sqlite3.Error) as error:
        raise VocabularyError(
            f"{home.parent}: the lexicon cannot be cached there ({error}); "
            "name a folder that can be written to in KG_CACHE"
        ) from error
    lexicon = _open(home, own)
    if lexicon is None:
        raise VocabularyError(f"{home}: the lexicon was written but cannot be read back")
    _remove_old(home)
    return lexicon


def _cache_folder() -> Path:
    named = os.environ.get("KG_CACHE")
    if named:
        return Path(named)
    from platformdirs import user_cache_path  # noqa: PLC0415

    return user_cache_path("kg") / "lexicon"


def _key(tables: Iterable[Table], own: Iterable[OwnTable], others: Iterable[Path]) -> str:
    digest = sha256()
    for table in tables:
        digest.update(f"{table.name}:{table.sha256}\n".encode())
    for own_table in own:
        digest.update(f"{own_table.path.name}:{own_table.sha256}\n".encode("utf-8", "replace"))
    for path in (*others, *sorted(Path(__file__).parent.glob("*.py"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:20]


def _make(home: Path, compile_into: Callable[[Path], None]) -> None:
    home.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(home, ignore_errors=True)
    fresh = Path(tempfile.mkdtemp(prefix=f"{home.name}.", dir=home.parent))
    try:
        compile_into(fresh)
        _seal(fresh)
        try:
            fresh.rename(home)
        except OSError:
            # Another process was first with the same content.
            if not home.is_dir():
                raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _seal(folder: Path) -> None:
    """Write the checksums of a compiled lexicon; a folder with this file is complete."""
    sums = {path.name: _check(path) for path in sorted(folder.iterdir())}
    (folder / _CHECKSUMS).write_text(json.dumps(sums), encoding="utf-8")


def _check(path: Path) -> str:
    """Return what tells whether a file is as it was written.

    Reading all of one that only suggestions are made by would take a fifth more of the time; damage
    within it makes for worse ones.
    """
    return f"{path.stat().st_size} bytes" if path.name == SPELLINGS else _checksum(path)


def _checksum(path: Path) -> str:
    """Return the CRC-32 of a file, which finds damage at twice the speed of sha256."""
    value = 0
    chunk = memoryview(bytearray(1 << 18))
    with path.open("rb", buffering=0) as stream:
        while number := stream.readinto(chunk):
            value = crc32(chunk[:number], value)
    return f"{value:08x}"


def _open(folder: Path, own: Sequence[OwnTable]) -> Lexicon | None:
    """Open a cached lexicon; None where there is none, or a damaged one."""
    try:
        sums = json.loads((folder / _CHECKSUMS).read_text(encoding="utf-8"))
        if any(_check(folder / name) != expected for name, expected in sums.items()):
            return None
        lexicon = Lexicon(folder)
        lexicon.problems = problems_of(lexicon.recorded_problems, own)
    except (OSError, ValueError, LookupError, AttributeError, RuntimeError, sqlite3.Error):
        return None
    return lexicon


def _remove_old(home: Path) -> None:
    """Remove all but the last few lexicons of other tables or other code (100 MB each)."""
    others = [path for path in home.parent.iterdir() if path.is_dir() and path != home]
    others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in others[_KEPT_BESIDES:]:
        shutil.rmtree(path, ignore_errors=True)
