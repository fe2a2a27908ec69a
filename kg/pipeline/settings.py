"""Floor 9: what a build depends on beside its files, and how it tells what it is doing."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kg.namespaces import DEFAULT_BASE

# stage, what is done so far, what there is to do (None where it is not known)
Progress = Callable[[str, int, int | None], None]

Annotations = Literal["own", "imported", "both"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildSettings:
    """What decides the graph of given files, the vocabularies apart.

    `triggers` is a table of words that state relations, which overrule those that ship
    (`kg.assertions.triggers`). `annotations` says which mentions are taken where a file brings
    its own: ours, the file's, or both.
    """

    base: str = DEFAULT_BASE
    triggers: Path | None = None
    annotations: Annotations = "both"


def available_cores() -> int:
    """Return how many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS
        return os.cpu_count() or 1


def say_nothing(_stage: str, _done: int, _total: int | None) -> None:
    """Take progress and tell nobody."""
