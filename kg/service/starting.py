"""Floor 10: what a process of the server and the one that started it tell each other, by files."""

import os
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path

_REASON = "reason"
_LONGEST = 2_000
_WATCH_SECONDS = 1.0


def tell_started(state: Path) -> None:
    """Say, within a process, that it has started and answers from now on."""
    _mark(state, os.getpid()).touch()


def has_started(state: Path, pid: int) -> bool:
    """Tell whether a process has started."""
    return _mark(state, pid).exists()


def forget_started(state: Path, pid: int) -> None:
    """Take note that a process has ended: another may get its number."""
    _mark(state, pid).unlink(missing_ok=True)


def tell_failed(state: Path, reason: str) -> None:
    """Say, within a process, why it cannot start."""
    with suppress(OSError):
        (state / _REASON).write_text(reason[:_LONGEST], encoding="utf-8")


def reason_of(state: Path) -> str:
    """Return what was said last; empty where nothing was."""
    with suppress(OSError):
        return (state / _REASON).read_text(encoding="utf-8")
    return ""


def end_with_parent() -> None:
    """Have this process end when the one that started it has ended, without its doing."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_WATCH_SECONDS)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


def _mark(state: Path, pid: int) -> Path:
    return state / f"started-{pid}"
