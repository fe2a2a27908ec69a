"""Floor 10: a worker process as its server sees it: jobs out, frames in, and its end."""

import asyncio
import math
import os
import signal
import sys
import time
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from kg.service.messages import Asked, Frames, Write, pack
from kg.service.zygote import Zygote

if TYPE_CHECKING:
    from collections.abc import Callable

_NICE = 10
_PAGE = os.sysconf("SC_PAGE_SIZE")
_MOST = 1 << 20
"""Bytes of frames that wait to be taken, past which the worker waits too."""

Frame = tuple[bytes, bytes]


class Process(asyncio.Protocol):
    """A worker process, and the socket to it; `connect` before use.

    For the pool: its query has `begun` and is to be ended at `until`, on the clock of the event
    loop, and before it the process had done so much `work`, in seconds; `timer` looks after that.
    It works for a `client`, to whom its time is `charged` until that moment.
    It `makes_way` for others once it was told to; `why` tells why it was stopped, if it was.
    `ended` is called when it ends by itself while nobody waits for it.
    """

    def __init__(self, zygote: Zygote) -> None:
        self._link, self._pid = zygote.fork()
        # Another process may have the number later, but never this handle (Linux).
        self._handle = os.pidfd_open(self._pid) if hasattr(os, "pidfd_open") else -1
        self._transport: asyncio.Transport | None = None
        self._cutter = Frames()
        self._frames: deque[Frame] = deque()
        self._held = 0
        self._waiting: asyncio.Future[None] | None = None
        self._is_over = False
        self.begun = self.until = self.work = self.charged = 0.0
        self.client = ""
        self.timer: asyncio.TimerHandle | None = None
        self.makes_way = self.is_writing = False
        self.why = ""
        self.ended: Callable[[], None] | None = None

    async def connect(self) -> None:
        """Begin to listen to the process."""
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_unix_connection(lambda: self, sock=self._link)

    def data_received(self, data: bytes) -> None:
        """Take what the process sent."""
        for frame in self._cutter.feed(data):
            self._frames.append(frame)
            self._held += len(frame[1])
        if self._held > _MOST and self._transport is not None:
            self._transport.pause_reading()
        self._wake()

    def connection_lost(self, _error: Exception | None) -> None:
        """Learn that the process has ended."""
        self._is_over = True
        self._wake()
        if self.ended is not None:
            self.ended()

    async def receive(self) -> Frame:
        """Return the next frame.

        Raises:
            ConnectionError: if the process has ended.
        """
        while not self._frames:
            if self._is_over:
                raise ConnectionResetError
            self._waiting = asyncio.get_running_loop().create_future()
            await self._waiting
        return self._next()

    def received(self, kind: bytes, most: int) -> list[Frame]:
        """Return the frames that wait up to one of a kind, if that is there, and they are small."""
        if not self._frames or self._held > most or self._frames[-1][0] != kind:
            return []
        return [self._next() for _ in range(len(self._frames))]

    def send(self, job: Asked | Write) -> None:
        """Send a job.

        Raises:
            ConnectionError: if the process has ended.
        """
        if self._is_over or self._transport is None:
            raise ConnectionResetError
        self._transport.write(pack(job))

    def seconds_of_work(self) -> float:
        """Return how long the process has been at work in all, other than waiting for its turn.

        It is infinite where the system does not tell (it does on Linux).
        """
        if sys.platform != "linux":
            return math.inf
        with suppress(OSError):
            # The clock of another process, as clock_getcpuclockid(3) makes it.
            return time.clock_gettime((~self._pid << 3) | 2)
        return math.inf

    def megabytes(self) -> int:
        """Return the memory that the process holds for itself; 0 where the system does not tell."""
        with suppress(OSError):
            _, resident, shared, *_ = Path(f"/proc/{self._pid}/statm").read_text().split()
            return (int(resident) - int(shared)) * _PAGE >> 20
        return 0

    def make_way(self) -> None:
        """Let processes of new queries go first from now on."""
        self.makes_way = True
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self._pid, _NICE)

    def stop(self, why: str) -> None:
        """End the process, whatever it is doing; who waits for a frame of it learns so."""
        self.why = self.why or why
        with suppress(ProcessLookupError):
            if self._handle >= 0:
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)
            else:
                os.kill(self._pid, signal.SIGKILL)

    def end(self) -> None:
        """End the process, and let go of it."""
        self.ended = None
        if not self._is_over:
            self.stop("")
        if self._transport is not None:
            self._transport.abort()
        else:
            self._link.close()
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def _next(self) -> Frame:
        frame = self._frames.popleft()
        before = self._held
        self._held -= len(frame[1])
        if before > _MOST >= self._held and self._transport is not None and not self._is_over:
            self._transport.resume_reading()
        return frame

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)
