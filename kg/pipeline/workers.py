"""Floor 9: the processes of a build. Each opens the lexicon once; batches go to whoever is free.

Results come in the order of the batches, and few wait at a time, so memory does not grow.
"""

import gc
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from kg.errors import WorkerError
from kg.pipeline.papers import PaperStage, open_stage
from kg.pipeline.settings import BuildSettings

_In = TypeVar("_In")
_Out = TypeVar("_Out")

_WAITING = 3
"""Batches that are under way or done for each process."""


class Workers(AbstractContextManager["Workers"]):
    """Processes that are started when there is work for them, and end with the block."""

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        self._pool: ProcessPoolExecutor | None = None

    def map(self, task: Callable[[_In], _Out], batches: Iterable[_In]) -> Iterator[_Out]:
        """Yield what a function of a module makes of each batch, in order.

        Raises:
            WorkerError: if a process was ended from outside.
        """
        if self._pool is None:
            # Spawned, not forked: Oxigraph has threads here, which a fork would not take along.
            self._pool = ProcessPoolExecutor(
                self.jobs, mp_context=get_context("spawn"), initializer=_begin
            )
        waiting: deque[Future[_Out]] = deque()
        try:
            for batch in batches:
                waiting.append(self._pool.submit(task, batch))
                if len(waiting) >= _WAITING * self.jobs:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool as error:
            raise WorkerError(
                "a process of the build was ended from outside, most likely for want of memory; "
                "nothing was changed; try again with fewer --jobs"
            ) from error
        finally:
            for future in waiting:
                future.cancel()

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None


def _begin() -> None:
    """Leave Ctrl-C to the process that started this one, which ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@cache
def stage_here(lexicon: Path, settings: BuildSettings) -> PaperStage:
    """Return the stage of this process."""
    stage = open_stage(lexicon, settings)
    gc.collect()
    # What is loaded once is never garbage: the collector need not look at it again and again.
    gc.freeze()
    return stage
