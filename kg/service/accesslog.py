"""Floor 10: the access log: a line of JSON for each request, appended to a file or standard output.

What was asked stands in it by a digest alone, and no header does: a log holds no secrets. Lines are
gathered, and written a few times a second; a file that was moved away (log rotation) is made anew.
"""

import asyncio
import hashlib
import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from kg.service.exchange import Exchange

_SECONDS = 0.5
_MOST = 1 << 20


class AccessLog:
    """Takes a line for each request; `path` is "-" for standard output, or empty for no log."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._lines: list[bytes] = []
        self._size = self._lost = 0

    def add(self, exchange: Exchange, *, seconds: float, outcome: str, generation: str) -> None:
        """Note a request that was answered, or not."""
        if not self._path:
            return
        entry = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "client": exchange.client,
            "method": exchange.method,
            "path": exchange.path[:500],
            "status": exchange.status,
            "outcome": outcome,
            "ms": round(seconds * 1000, 1),
            "bytes": exchange.sent,
            "rows": exchange.rows,
            "query": digest(exchange.asked) if exchange.asked else None,
            "generation": generation,
            "agent": exchange.headers.get("user-agent", "")[:200],
        }
        line = json.dumps({key: value for key, value in entry.items() if value is not None})
        if self._size > _MOST:
            self._lost += 1
            return
        self._lines.append(line.encode() + b"\n")
        self._size += len(line) + 1

    async def write_on(self) -> None:
        """Go on writing what was noted, until this is cancelled."""
        while True:
            await asyncio.sleep(_SECONDS)
            await asyncio.to_thread(self.write)

    def write(self) -> None:
        """Write what was noted; where that fails, it is counted, and told when it works again."""
        lines, lost = self._lines, self._lost
        self._lines, self._size, self._lost = [], 0, 0
        if lost:
            lines.insert(0, json.dumps({"lost": lost}).encode() + b"\n")
        if not lines:
            return
        try:
            self._append(b"".join(lines))
        except OSError:
            self._lost += lost + len(lines)

    def _append(self, data: bytes) -> None:
        # Processes share the file: each write goes whole to its end.
        if self._path == "-":
            write_all(lambda left: os.write(sys.stdout.fileno(), left), data)
            return
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
        try:
            write_all(lambda left: os.write(descriptor, left), data)
        finally:
            os.close(descriptor)


def write_all(write: Callable[[bytes], int], data: bytes) -> None:
    """Write bytes to their end with what may write a part of them.

    >>> taken = []
    >>> write_all(lambda left: taken.append(left[:2]) or 2, b"abc")
    >>> taken
    [b'ab', b'c']
    """
    while data:
        data = data[write(data) :]


def digest(query: str) -> str:
    """Return what tells one query from another, whatever spaces it has.

    >>> digest("ASK  {}") == digest("ASK {}"), len(digest("ASK {}"))
    (True, 16)
    """
    return hashlib.sha256(" ".join(query.split()).encode()).hexdigest()[:16]


def can_append(path: str) -> str:
    """Return why nothing can be appended to a file, or an empty string."""
    if path in ("", "-"):
        return ""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640))
    except OSError as error:
        with suppress(OSError):
            if Path(path).is_dir():
                return "is a folder"
        return error.strerror or str(error)
    return ""
