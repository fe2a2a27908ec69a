"""Floor 10: what a worker has answered and a client has not read yet: in memory, then on disk.

A worker that waits for a slow reader answers nobody else. What does not fit into memory goes to a
file without a name, as long as all answers of the process together have room for it; after that the
worker waits.
"""

import asyncio
import os
import tempfile
import threading
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from kg.service.room import Room

_MEMORY = 2 << 20
_READ = 1 << 18


@dataclass(frozen=True, slots=True)
class Places:
    """Where what was not read is kept: memory, and files in a folder."""

    folder: Path
    memory: Room
    disk: Room


class Spool:
    """Pieces in, pieces out, in order; `close` when nobody wants them any more."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._pieces: deque[bytes] = deque()
        self._held = 0
        self._file: IO[bytes] | None = None
        self._written = self._read = 0
        self._taken = 0
        self._is_full = self._is_closed = False
        self._using = threading.Lock()
        self._is_over = False
        self._error: BaseException | None = None
        self._changed = asyncio.Event()

    async def put(self, piece: bytes) -> None:
        """Take a piece; where there is no room for it, wait until there is."""
        while not self._to_memory(piece):
            if not self._is_full and await self._to_disk(piece):
                return
            if not self._pieces and self._written == self._read:
                # Nothing that could be waited for: others have all the room.
                self._pieces.append(piece)
                break
            self._changed.clear()
            await self._changed.wait()
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
                given = min(self._held, len(piece))
                self._held -= given
                self._places.memory.give(given)
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
        # A thread may be writing still, and is not to find another file under the same number.
        with self._using:
            self._is_closed = True
            if self._file is not None:
                self._file.close()
        self._places.disk.give(self._taken)
        self._pieces.clear()
        self._places.memory.give(self._held)
        self._held = 0

    def _to_memory(self, piece: bytes) -> bool:
        """Keep a piece in memory; False where it has no room there, or others wait before it."""
        if self._written > self._read or self._held + len(piece) > _MEMORY:
            return False
        if not self._places.memory.take(len(piece)):
            return False
        self._held += len(piece)
        self._pieces.append(piece)
        return True

    async def _to_disk(self, piece: bytes) -> bool:
        """Write a piece to the file; False where it has no room, from now on."""
        if not self._places.disk.take(len(piece)):
            self._is_full = True
            return False
        self._taken += len(piece)
        try:
            await asyncio.to_thread(self._append, piece)
        except OSError:
            # The disk is full: what was written of the piece is behind what counts as written.
            self._is_full = True
            return False
        self._written += len(piece)
        self._changed.set()
        return True

    def _append(self, piece: bytes) -> None:
        with self._using:
            if self._is_closed:
                return
            if self._file is None:
                folder = self._places.folder
                self._file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115
            view = memoryview(piece)
            place = self._written
            while view:
                count = os.pwrite(self._file.fileno(), view, place)
                view, place = view[count:], place + count

    def _read_file(self) -> bytes:
        with self._using:
            assert self._file is not None  # noqa: S101
            size = min(_READ, self._written - self._read)
            return os.pread(self._file.fileno(), size, self._read)

    async def _from_disk(self) -> bytes:
        piece = await asyncio.to_thread(self._read_file)
        self._read += len(piece)
        self._changed.set()
        return piece
