"""Floor 9: what a build depends on beside its files, and how it tells what it is doing."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kg.annotate.imported import Annotations
from kg.namespaces import DEFAULT_BASE
from kg.store import Waiting

# stage, what is done so far, what there is to do (None where it is not known)
Progress = Callable[[str, int, int | None], None]


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


def say_nothing(_stage: str, _done: int, _total: int | None) -> None:
    """Take progress and tell nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOptions:
    """How a graph is written; two of them change what is in it.

    `jobs` is the number of processes, by default one a core; `wait` how many seconds to wait where
    another writer is at work, which `waiting` is told. `discard_updates` leaves out what people
    wrote into the graph, which is else run again; `reason` infers what follows (`kg.reasoning`).
    `validate` is whether the graph is checked against its shapes in the end.
    """

    jobs: int | None = None
    wait: float = 0.0
    waiting: Waiting | None = None
    discard_updates: bool = False
    reason: bool = False
    validate: bool = True
    progress: Progress = say_nothing


def available_cores() -> int:
    """Return how many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS
        return os.cpu_count() or 1
