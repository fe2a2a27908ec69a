"""Floor 10: starts the processes that answer, and others in the place of those that end.

granian ends when a process ends twice within seconds, whoever ended it. This goes on, however often
processes are killed from outside or fail at what they do; it ends where they fail to start, again
and again, and none is left that answers, and says why.

On Linux each process has a listening socket of its own, which is kept open here: who connects while
a process is replaced waits for the next one, and is not refused.
"""

import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from granian._granian import ListenerSpec
from granian.log import logger
from granian.server.mp import MPServer

from kg.service.starting import forget_started, has_started, reason_of

_MOST_FAILURES = 5
_QUICK_SECONDS = 5.0
_FIRST_WAIT = 0.1
_LONGEST_WAIT = 1.0
_LONGEST_WAIT_OF_FAILURES = 10.0


class Supervisor(MPServer):
    """A server of granian; `state` is a folder that it shares with its processes.

    `failure` says why it ended, where that was not asked of it.
    """

    def __init__(self, target: str, *, state: Path, **options: Any) -> None:  # noqa: ANN401
        super().__init__(target, **options)
        self.failure = ""
        self._state = state
        self._sockets: list[tuple[Any, socket.socket]] = []
        self._sso: socket.socket | None = None
        self._failures = dict.fromkeys(range(self.workers), 0)
        self._quick = dict.fromkeys(range(self.workers), 0)

    def _init_shared_socket(self) -> None:
        if sys.platform != "linux":
            super()._init_shared_socket()
            return
        self._ssp = self._shd = self._sso = None
        for _ in range(self.workers):
            held = ListenerSpec(self.bind_addr, self.bind_port, self.backlog).build()
            same = socket.socket(fileno=held.get_fd())
            same.set_inheritable(True)
            self._sockets.append((held, same))

    def _drop_shared_socket(self) -> None:
        super()._drop_shared_socket()  # type: ignore[no-untyped-call]
        for _, same in self._sockets:
            # It is closed by whoever has it beside.
            same.detach()
        self._sockets.clear()

    # As it is called, and defined for processes.
    def _spawn_worker(  # type: ignore[override]
        self,
        idx: int,
        target: Any,  # noqa: ANN401
        callback_loader: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        if self._sockets:
            self._shd, self._sso = self._sockets[idx]
        return super()._spawn_worker(idx=idx, target=target, callback_loader=callback_loader)

    def _serve_loop(self, spawn_target: Any, target_loader: Any) -> None:  # noqa: ANN401
        due: dict[int, float] = {}

        def start(idx: int) -> Any:  # noqa: ANN401
            worker = self._spawn_worker(idx, spawn_target, target_loader)
            worker.start()
            return worker

        while not self.interrupt_signal:
            if self.reload_signal:
                due.clear()
                self._reload(spawn_target, target_loader)  # type: ignore[no-untyped-call]
            while self.interrupt_children:
                idx = self.interrupt_children.pop()
                due[idx] = time.monotonic() + self._wait_after(idx)
            if self.failure:
                break
            self._start_due(due, start)
            wait = max(0.0, min(due.values()) - time.monotonic()) if due else None
            self.main_loop_interrupt.wait(wait)
            self.main_loop_interrupt.clear()

    def _start_due(self, due: dict[int, float], start: Callable[[int], Any]) -> None:
        """Start the processes whose time has come."""
        for idx in [idx for idx, when in due.items() if when <= time.monotonic()]:
            try:
                self.wrks[idx] = start(idx)
                del due[idx]
            except OSError as error:
                # The machine has no room for it now.
                logger.error("no process can be started (%s); it is tried again", error)
                due[idx] = time.monotonic() + _LONGEST_WAIT

    def _wait_after(self, idx: int) -> float:
        """Return in how many seconds the process that ended is to be replaced."""
        ended = self.wrks[idx]
        code = ended.inner.exitcode
        was_ready = has_started(self._state, ended.inner.pid)
        is_killed = code in (-signal.SIGKILL, -signal.SIGTERM)
        is_quick = time.monotonic() - ended.birth < _QUICK_SECONDS
        self._quick[idx] = self._quick[idx] + 1 if is_quick else 0
        most = _LONGEST_WAIT
        if was_ready or is_killed:
            self._failures[idx] = 0
            how = f"by {signal.Signals(-code).name}" if code < 0 else f"with {code}"
            logger.error("process %s ended %s; another takes its place", ended.inner.pid, how)
        else:
            self._failures[idx] += 1
            most = _LONGEST_WAIT_OF_FAILURES
            self._tell_failure(idx, code)
            self._stop_listening(idx)
        forget_started(self._state, ended.inner.pid)
        # The first one at once, further ones not so that starting is all that is done.
        return min(most, _FIRST_WAIT * 2.0 ** min(self._quick[idx], 20)) if is_quick else 0.0

    def _tell_failure(self, idx: int, code: int) -> None:
        """Log why a process did not start; where that is so again and again, it is the end."""
        reason = reason_of(self._state) or f"a process of it ends with {code}"
        others = [each.inner for each in self.wrks if each.idx != idx]
        is_last = not any(each.is_alive() and has_started(self._state, each.pid) for each in others)
        if self._failures[idx] >= _MOST_FAILURES and is_last:
            self.failure = (
                f"the server cannot start, as was tried {self._failures[idx]} times: {reason}"
            )
        else:
            logger.error("a process cannot start: %s; it is tried again", reason)

    def _stop_listening(self, idx: int) -> None:
        """Let nobody wait for a process that may not come; the next one listens again."""
        if self._sockets:
            with suppress(OSError):
                self._sockets[idx][1].shutdown(socket.SHUT_RDWR)
