"""Floor 10: the scripts that `frontend/` is built into, where it was built.

Pages are complete without them. The build writes `static/built/`: scripts whose names hold a hash
of what is in them, `manifest.json`, which says what each page begins with, and `NOTICE`, the
licences of what they hold.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

FOLDER = "built"


@dataclass(frozen=True, slots=True)
class Script:
    """The script of a page, and what it imports at once: names below `/static/`."""

    file: str
    preload: tuple[str, ...]


@cache
def script_of(page: str) -> Script | None:
    """Return the script of a page; None where none was built."""
    entry = _manifest().get("entries", {}).get(page)
    if entry is None:
        return None
    return Script(
        f"{FOLDER}/{entry['file']}", tuple(f"{FOLDER}/{name}" for name in entry["preload"])
    )


def is_built() -> bool:
    """Tell whether pages have their scripts."""
    return bool(_manifest())


@cache
def _manifest() -> dict[str, dict[str, dict[str, list[str]]]]:
    path = files("kg.service.pages") / "static" / FOLDER / "manifest.json"
    if not path.is_file():
        return {}
    read: dict[str, dict[str, dict[str, list[str]]]] = json.loads(path.read_bytes())
    return read
