"""Floor 9: the tasks of a sharded build on a Dask cluster: processes here, or any scheduler.

dask and distributed are an extra, imported when they are asked for. A task whose worker is lost is
given to another one; what it had written is there whole, or not at all.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from kg.errors import KgError, WorkerError

if TYPE_CHECKING:
    from distributed import Client

_R = TypeVar("_R")

_CONNECT_SECONDS = 30
_LOST = 3
"""How many workers one task may be lost with before the build is given up."""


# Leaves Ctrl-C to the process that started the workers, which ends them.
_PRELOAD = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"


class DaskRunner:
    """Runs tasks on the workers of a Dask scheduler."""

    def __init__(self, client: "Client", *, shares_lexicon: bool) -> None:
        self._client = client
        self.shares_lexicon = shares_lexicon

    def map(
        self, task: Callable[[Path, int], _R], folder: Path, numbers: Sequence[int]
    ) -> Iterator[tuple[int, _R]]:
        """Yield what a task makes of each number, as it is done, with that number.

        Raises:
            KgError: as the task.
            WorkerError: if a task lost worker after worker, or the cluster itself was lost.
        """
        from distributed import KilledWorker, as_completed  # noqa: PLC0415

        # Never taken for the same call of an earlier build, whose files may be gone.
        futures = self._client.map(
            task, [folder] * len(numbers), list(numbers), pure=False, retries=0
        )
        places = dict(zip((future.key for future in futures), numbers, strict=True))
        try:
            for future, result in as_completed(futures, loop=self._client.loop, with_results=True):
                yield places[future.key], result
                future.release()
        except KilledWorker as error:
            raise WorkerError(
                f"{_LOST + 1} workers were lost with one and the same task, most likely for want "
                "of memory; what was done is kept, and the same command goes on with it; give the "
                "workers more memory, or start fewer on a machine"
            ) from error
        except KgError:
            raise
        except ModuleNotFoundError as error:
            raise WorkerError(
                f"a worker cannot import what it needs ({error}); install kg on all machines, in "
                "the same version"
            ) from error
        except OSError as error:
            raise WorkerError(f"a task failed ({error}); the same command goes on") from error
        finally:
            self._client.cancel(futures)


@contextmanager
def open_cluster(scheduler: str | None, jobs: int) -> Iterator[DaskRunner]:
    """Connect to a scheduler by its address; without one, start `jobs` workers on this machine.

    Raises:
        WorkerError: if dask is not installed, or no scheduler answers at the address.
    """
    try:
        import dask  # noqa: PLC0415
        from distributed import Client, LocalCluster  # noqa: PLC0415
    except ImportError as error:
        raise WorkerError(
            "--engine dask needs the packages dask and distributed; install them with: "
            "pip install dask distributed"
        ) from error
    # A worker that ends is no news here, and what a task says is raised by `map`.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    if scheduler is not None:
        try:
            client = Client(scheduler, timeout=_CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            raise WorkerError(
                f"no Dask scheduler answers at {scheduler} ({error}); an address looks like "
                "tcp://host:8786"
            ) from error
        with client:
            yield DaskRunner(client, shares_lexicon=False)
        return
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": _LOST}),
        LocalCluster(
            n_workers=jobs,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address=None,
            # Our tasks keep nothing in Dask, so that it has nothing to spill.
            memory_limit=None,
            silence_logs=logging.CRITICAL,
            preload=_PRELOAD,
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield DaskRunner(client, shares_lexicon=True)
