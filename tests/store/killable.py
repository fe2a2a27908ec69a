"""A process that writes graphs, each write in a child of its own that can be killed at any instant.

It opens no store itself, so that it can fork: a child begins in a millisecond and ends for good. An
order is a line of JSON on stdin: the write (`op` and what it takes), and one of `at` (kill at the
n-th call of a function, as the profiler counts them), `delay` (kill after so many seconds), `call`
(kill before or after the first call of a function of the store), or none. The answer tells whether
the child was killed, and how many calls it made.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from kg.store import folders, loading, roll_back, update_graph, write_generation

Order = dict[str, Any]


class KillableWriter:
    """The process, as the tests use it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def write(self, folder: Path, order: Order) -> tuple[bool, int]:
        """Run an order; return whether it was killed, and how many calls it made if it was not."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"folder": str(folder), **order}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        assert answer["status"] in (0, -signal.SIGKILL), answer
        return answer["status"] != 0, answer["calls"]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.communicate()


def _run(order: Order) -> None:
    folder = Path(order["folder"])
    if order["op"] == "update":
        update_graph(folder, order["text"])
    elif order["op"] == "rollback":
        roll_back(folder)
    else:
        from_live = order["op"] == "apply"
        with write_generation(folder, build_hash="f" * 12, from_live=from_live) as writer:
            if from_live:
                writer.apply(order["removed"], order["added"])
            else:
                writer.add_lines(order["lines"])
            writer.finish({"quads": writer.quads, "build_hash": "f" * 12})


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _kill_around(name: str, *, before: bool) -> None:
    """Make a function of the store the last thing that is begun, or that is done."""
    module = folders if hasattr(folders, name) else loading
    function = getattr(module, name)

    def deadly(*args: Any, **options: Any) -> Any:
        if not before:
            function(*args, **options)
        _kill()

    setattr(module, name, deadly)


class _Counter:
    """Counts the calls of functions, of Python's and of others', and kills at one of them."""

    def __init__(self, at: int | None) -> None:
        self.calls = 0
        self._at = at

    def __call__(self, _frame: object, event: str, _argument: object) -> None:
        if event in ("call", "c_call", "c_return"):
            self.calls += 1
            if self.calls == self._at:
                _kill()


def _write_in_child(order: Order, answer: int) -> None:
    counter = _Counter(order.get("at"))
    if "call" in order:
        _kill_around(order["call"], before=order["before"])
    sys.setprofile(counter)
    _run(order)
    sys.setprofile(None)
    os.write(answer, str(counter.calls).encode())


def _serve() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                _write_in_child(order, writing)
                os._exit(0)
            finally:
                os._exit(1)
        os.close(writing)
        if "delay" in order:
            time.sleep(order["delay"])
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        calls = os.read(reading, 100)
        os.close(reading)
        answer = {"status": os.waitstatus_to_exitcode(status), "calls": int(calls or 0)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
