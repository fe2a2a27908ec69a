"""Floor 10: what a server counts and measures, as Prometheus reads it.

The processes of a server keep their figures in files of a folder that they share (the "multiprocess
mode" of prometheus_client), so that whichever is asked tells those of all.
"""

import os
from contextlib import suppress
from pathlib import Path

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable by which `prometheus_client` learns of the folder, when it is imported."""

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)


class Meter:
    """The figures of one process; made once in it, after the variable `FOLDER` was set."""

    content_type = b"text/plain; version=0.0.4; charset=utf-8"

    def __init__(self) -> None:
        # It looks at the variable when it is imported.
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram  # noqa: PLC0415

        registry = CollectorRegistry()
        self._requests = Counter(
            "kg_http_requests", "Requests.", ["route", "method", "status"], registry=registry
        )
        self._seconds = Histogram(
            "kg_http_request_seconds",
            "Seconds from a request to the end of its answer.",
            ["route"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._cached = Counter(
            "kg_answers_from_memory", "Answers that were given before.", registry=registry
        )
        self._stopped = Counter(
            "kg_queries_stopped",
            "Queries that did not come to their end: over their time (time), over their memory "
            "(lost), given up by the client (client), long and in the way of others (others), "
            "sent away unanswered (full).",
            ["reason"],
            registry=registry,
        )
        for reason in ("time", "lost", "client", "others", "full"):
            self._stopped.labels(reason)
        self._limited = Counter(
            "kg_requests_limited", "Requests refused for coming too fast.", registry=registry
        )

        def gauge(name: str, text: str, mode: str = "livesum") -> Gauge:
            return Gauge(name, text, multiprocess_mode=mode, registry=registry)  # type: ignore[arg-type]

        self._running = gauge("kg_queries_running", "Queries that run in workers now.")
        self._waiting = gauge("kg_queries_waiting", "Queries that wait for a worker now.")
        self._idle = gauge("kg_workers_idle", "Workers that are ready and wait.")
        self._spooled = gauge(
            "kg_spooled_bytes", "Bytes on disk that slow clients have not read yet."
        )
        self._sequence = gauge(
            "kg_generation_sequence", "Number of the generation that is served.", "livemin"
        )
        self._statements = gauge(
            "kg_statements", "Statements of the generation that is served.", "livemin"
        )

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def answered_from_memory(self) -> None:
        """Count an answer that was given before."""
        self._cached.inc()

    def stopped(self, reason: str) -> None:
        """Count a query that did not come to its end."""
        self._stopped.labels(reason).inc()

    def limited(self) -> None:
        """Count a request that was refused for coming too fast."""
        self._limited.inc()

    def tell_pool(self, *, running: int, waiting: int, idle: int) -> None:
        """Take the state of the pool of workers."""
        self._running.set(running)
        self._waiting.set(waiting)
        self._idle.set(idle)

    def tell_spooled(self, count: int) -> None:
        """Take how many bytes are on disk."""
        self._spooled.set(count)

    def tell_generation(self, sequence: int, statements: int) -> None:
        """Take what is served."""
        self._sequence.set(sequence)
        self._statements.set(statements)

    def write(self) -> bytes:
        """Return the figures of all processes, in the text format of Prometheus."""
        from prometheus_client import CollectorRegistry, generate_latest  # noqa: PLC0415
        from prometheus_client.multiprocess import MultiProcessCollector  # noqa: PLC0415

        folder = Path(os.environ[FOLDER])
        for path in folder.glob("gauge_live*.db"):
            _forget_dead(path)
        registry = CollectorRegistry()
        MultiProcessCollector(registry, path=str(folder))  # type: ignore[no-untyped-call]
        return generate_latest(registry)


def _forget_dead(path: Path) -> None:
    """Remove what a process that has ended said of its present state."""
    try:
        os.kill(int(path.stem.rpartition("_")[2]), 0)
    except ProcessLookupError:
        with suppress(OSError):
            path.unlink()
    except (PermissionError, ValueError):
        pass
