"""Floor 10: what a server is to serve, and how; set once, by whoever starts it."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import msgspec

_CGROUPS = Path("/sys/fs/cgroup")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one query may take, and how many there may be.

    `seconds` a query has unless it asks for another time, up to `max_seconds`; `megabytes` beside
    what a worker holds anyway; `max_rows` and `max_bytes` of an answer (0: any number). All
    queries of a server process together may take `all_megabytes`.

    In a server process `workers` run at once, `long` more that have run for a while already, and
    `waiting` more may wait for one.
    """

    seconds: float = 30
    max_seconds: float = 120
    megabytes: int = 2048
    max_rows: int = 0
    max_bytes: int = 1 << 30
    workers: int = 2
    all_megabytes: int = 8192
    long: int = 16
    waiting: int = 1024


def half_of_memory() -> int:
    """Return half of the memory in MB: the machine's, or that of the container or the service."""
    size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    groups = ""
    with suppress(OSError):
        groups = Path("/proc/self/cgroup").read_text(encoding="utf-8")
    for path in memory_limits(groups):
        with suppress(OSError, ValueError):
            size = min(size, int(path.read_text(encoding="ascii")))
    return size >> 21


def memory_limits(groups: str) -> Iterator[Path]:
    """Yield the files with the limits of memory of the control groups that a process is in.

    `groups` is what /proc/self/cgroup says, of either version (cgroups(7)). The groups above have
    limits, too; within a container, none but the outermost may be seen.

    >>> for path in memory_limits("0::/a.slice/kg.service"): print(path)
    /sys/fs/cgroup/a.slice/kg.service/memory.max
    /sys/fs/cgroup/a.slice/memory.max
    /sys/fs/cgroup/memory.max
    """
    for line in groups.splitlines():
        number, _, rest = line.partition(":")
        controllers, _, place = rest.partition(":")
        if number == "0":
            root, name = _CGROUPS, "memory.max"
        elif "memory" in controllers.split(","):
            root, name = _CGROUPS / "memory", "memory.limit_in_bytes"
        else:
            continue
        group = PurePosixPath(place)
        yield from (root / each.relative_to("/") / name for each in (group, *group.parents))


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the workers find what they answer from.

    `folder` is that of a graph; with an `endpoint`, the graph is at that address of another store,
    for which the environment has what proves who asks. `services` are the endpoints that SERVICE
    may ask, as the command line takes them, and `service_seconds` how long one may take.
    `lexicon` is the folder of a compiled lexicon, for names of entities; without it they are looked
    for in the graph alone.
    """

    folder: Path = Path()
    endpoint: str = ""
    services: tuple[str, ...] = ()
    service_seconds: float = 60
    lexicon: Path | None = None

    def pack(self) -> str:
        """Return this as one word of a command line."""
        return msgspec.json.encode(self, enc_hook=str).decode()

    @classmethod
    def unpack(cls, word: str) -> "Source":
        """Return what was packed."""
        return msgspec.json.decode(word, type=cls, dec_hook=lambda kind, text: kind(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a server is to serve, and how.

    `state` is a folder that the processes of the server share. Who sends `token` may write; without
    one nobody may. Without `texts` the sentences of abstracts are left out.

    `public_url` is what clients call the server (without a slash at its end), if it is not what
    they send; `hosts` are the names by which it may be called, any if there are none. Pages of
    `origins` may read answers. Requests that come from `proxies` tell whose they are. A client may
    send `rate` requests a second to each process (0: any number). `access_log` is a file, "-" for
    standard output, or empty; `metrics` says whether there is a `/metrics`.

    `max_body` is the most bytes that a request may have, `body_seconds` how long it may take to
    arrive. A process keeps `cache_bytes` of answers that it may give again. Of requests that have
    not arrived whole it keeps up to `memory_bytes`, as of answers that slow clients have not read
    yet, and of these up to `spool_bytes` on disk. What a store elsewhere answered is kept for
    `endpoint_cache` seconds.
    """

    source: Source
    state: Path
    limits: Limits = field(default_factory=Limits)
    token: str = field(default="", repr=False)
    texts: bool = True
    public_url: str = ""
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()
    rate: float = 0
    access_log: str = ""
    metrics: bool = True
    max_body: int = 10 << 20
    body_seconds: float = 30
    cache_bytes: int = 64 << 20
    memory_bytes: int = 128 << 20
    endpoint_cache: float = 10
    spool_bytes: int = 1 << 30
