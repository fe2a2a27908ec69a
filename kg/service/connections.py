"""Floor 10: how many connections a process of the server holds, by how many files it may open."""

import resource

from kg.errors import ServiceError

MOST = 4_096
_HELD = 128
"""Files that a process needs beside: of the graph, of its workers, of itself."""

_WANTED = 1 << 16
_LEAST = 256


def raise_open_files() -> int:
    """Let this process, and those that it starts, open as many files as they may; return how many.

    Many systems begin with 1,024, and let each process have more that asks.

    Raises:
        ServiceError: if these are too few.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _WANTED if hard == resource.RLIM_INFINITY else min(hard, _WANTED)
    if wanted < _LEAST:
        raise ServiceError(
            f"only {wanted} files may be open at once, and a server needs {_LEAST}; allow more: "
            "ulimit -n, LimitNOFILE= of systemd, --ulimit nofile= of a container"
        )
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return _WANTED if soft == resource.RLIM_INFINITY else soft
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return wanted


def most_connections(open_files: int) -> int:
    """Return how many connections a process holds at once that may open so many files.

    Each may need a second file, for what a slow client has not read.

    >>> most_connections(65_536), most_connections(1_024), most_connections(256)
    (4096, 448, 64)
    """
    return min(MOST, (open_files - _HELD) // 2)
