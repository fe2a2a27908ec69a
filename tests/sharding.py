"""What the tests of shards have in common: tasks run here, one after the other."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import pytest

_R = TypeVar("_R")


class RunsHere:
    """Runs tasks in this process, the last one first; `run` names those that were run."""

    shares_lexicon = True

    def __init__(self, stop_after: int | None = None) -> None:
        self.run: list[tuple[str, int]] = []
        self._stop_after = stop_after

    def map(
        self, task: Callable[[Path, int], _R], folder: Path, numbers: Sequence[int]
    ) -> Iterator[tuple[int, _R]]:
        for number in reversed(numbers):
            if len(self.run) == self._stop_after:
                raise KeyboardInterrupt
            self.run.append((task.__name__, number))
            yield number, task(folder, number)


def cut_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut a few dozen records into as many tasks as millions give."""
    monkeypatch.setattr("kg.pipeline.sharding._SPAN", 9)
    monkeypatch.setattr("kg.pipeline.sharding._JOINED", 4)
    monkeypatch.setattr("kg.pipeline.sharding._OF_A_JOIN", 20)
    monkeypatch.setattr("kg.pipeline.sharding._OF_A_BUCKET", 20)
