"""Floor 10: a limit on the memory that a worker may take, beside what it holds for all its jobs."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_STATUS = Path("/proc/self/statm")


def limit_memory(megabytes: int) -> None:
    """Let the process end where it asks for more memory than it has now and so much beside.

    Addresses are what is limited: no other limit of an operating system holds for one process.
    """
    if megabytes and _STATUS.exists():
        _set_limit(_addresses() + (megabytes << 20))


@contextmanager
def beside_limit() -> Iterator[None]:
    """Do not count what is taken in the block: files that are mapped, and held from then on."""
    most, _ = resource.getrlimit(resource.RLIMIT_AS)
    if most == resource.RLIM_INFINITY or not _STATUS.exists():
        yield
        return
    before = _addresses()
    _, hardest = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hardest, hardest))
    try:
        yield
    finally:
        _set_limit(most + max(0, _addresses() - before))


def _addresses() -> int:
    """Return how many bytes of addresses the process has."""
    return int(_STATUS.read_text(encoding="ascii").split()[0]) * resource.getpagesize()


def _set_limit(most: int) -> None:
    _, hardest = resource.getrlimit(resource.RLIMIT_AS)
    if hardest != resource.RLIM_INFINITY:
        most = min(most, hardest)
    # The hard limit stays, so that this one can be raised again.
    resource.setrlimit(resource.RLIMIT_AS, (most, hardest))
