"""Floor 10: what a worker has answered and a client has not read yet: in memory, then on disk.

A worker that waits for a slow reader answers nobody else. What does not fit into memory goes to a
file without a name, as long as all answers of the process together have room for it; after that the
worker waits.
"""

import asyncio
import os
import tempfile
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_MEMORY = 2 << 20
_READ = 1 << 18


@dataclass(slots=True)
class Room:
    """What the files of all answers of a process may take in bytes, and where they are.

    `tell` is told how many bytes that is now.
    """

    folder: Path
    most: int
    tell: Callable[[int], None]
    taken: int = 0

    def take(self, count: int) -> bool:
        """Take so many bytes, if there is room for them; a count below zero gives some back."""
        if self.taken + count > self.most:
            return False
        self.taken += count
        self.tell(self.taken)
        return True


class Spool:
    """Pieces in, pieces out, in order; `close` when nobody wants them any more."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._pieces: deque[bytes] = deque()
        self._held = 0
        self._file: IO[bytes] | None = None
        self._written = self._read = 0
        self._is_full = False
        self._is_over = False
        self._error: BaseException | None = None
        self._changed = asyncio.Event()

    async def put(self, piece: bytes) -> None:
        """Take a piece; where there is no room for it, wait until there is."""
        while self._written > self._read or self._held + len(piece) > _MEMORY:
            if not self._is_full and await self._to_disk(piece):
                return
            if not self._held and self._written == self._read:
                break
            self._changed.clear()
            await self._changed.wait()
        self._pieces.append(piece)
        self._held += len(piece)
        self._changed.set()

    def finish(self, error: BaseException | None = None) -> None:
        """Say that nothing more comes, or what went wrong."""
        self._is_over, self._error = True, error
        self._changed.set()

    async def get(self) -> bytes:
        """Return the next piece, or nothing at the end; raises the error of `finish` at once."""
        while True:
            if self._error is not None:
                raise self._error
            if self._pieces:
                piece = self._pieces.popleft()
                self._held -= len(piece)
                self._changed.set()
                return piece
            if self._written > self._read:
                return await self._from_disk()
            if self._is_over:
                return b""
            self._changed.clear()
            await self._changed.wait()

    def close(self) -> None:
        """Let go of what was not read."""
        if self._file is not None:
            self._file.close()
            self._file = None
            self._room.take(-self._written)
        self._pieces.clear()

    async def _to_disk(self, piece: bytes) -> bool:
        """Write a piece to the file; False where it has no room, from now on."""
        if not self._room.take(len(piece)):
            self._is_full = True
            return False
        try:
            await asyncio.to_thread(self._append, piece)
        except OSError:
            # The disk is full: what was written of the piece is behind what counts as written.
            self._room.take(-len(piece))
            self._is_full = True
            return False
        self._written += len(piece)
        self._changed.set()
        return True

    def _append(self, piece: bytes) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile(dir=self._room.folder, buffering=0)  # noqa: SIM115
        view = memoryview(piece)
        place = self._written
        while view:
            count = os.pwrite(self._file.fileno(), view, place)
            view, place = view[count:], place + count

    async def _from_disk(self) -> bytes:
        assert self._file is not None  # noqa: S101
        size = min(_READ, self._written - self._read)
        piece = await asyncio.to_thread(os.pread, self._file.fileno(), size, self._read)
        self._read += len(piece)
        self._changed.set()
        return piece
