"""Floor 10: a worker process as its server sees it: jobs out, frames in, and its end."""

import asyncio
import os
import signal
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from kg.service.messages import Asked, Frames, Write, pack
from kg.service.zygote import Zygote

_BUFFER = 1 << 20
_NICE = 10


class Process:
    """A worker process, and the socket to it.

    It `makes_way` for others once it was told to, and is `stopped_for_others` where it was ended to
    make room.
    """

    def __init__(self, zygote: Zygote) -> None:
        self._link, self._pid = zygote.fork()
        self._link.settimeout(0)
        # Another process may have the number later, but never this handle (Linux).
        self._handle = os.pidfd_open(self._pid) if hasattr(os, "pidfd_open") else -1
        self._frames = Frames()
        self._received: deque[tuple[bytes, bytes]] = deque()
        self.makes_way = False
        self.stopped_for_others = False

    async def receive(self) -> tuple[bytes, bytes]:
        """Return the next frame.

        Raises:
            ConnectionError: if the process has ended.
        """
        loop = asyncio.get_running_loop()
        while not self._received:
            data = await loop.sock_recv(self._link, _BUFFER)
            if not data:
                raise ConnectionResetError
            self._received.extend(self._frames.feed(data))
        return self._received.popleft()

    async def send(self, job: Asked | Write) -> None:
        """Send a job.

        Raises:
            ConnectionError: if the process has ended.
        """
        await asyncio.get_running_loop().sock_sendall(self._link, pack(job))

    def watch(self, ended: Callable[[], None]) -> None:
        """Have a function called if the process ends while nothing is asked of it."""
        asyncio.get_running_loop().add_reader(self._link, ended)

    def unwatch(self) -> None:
        """Watch no longer, as something is asked of it."""
        asyncio.get_running_loop().remove_reader(self._link)

    def make_way(self) -> None:
        """Let processes of new queries go first from now on."""
        self.makes_way = True
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self._pid, _NICE)

    def stop(self) -> None:
        """End the process, whatever it is doing; who waits for a frame of it learns so."""
        with suppress(ProcessLookupError):
            if self._handle >= 0:
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)
            else:
                os.kill(self._pid, signal.SIGKILL)

    def end(self) -> None:
        """End the process, and let go of it."""
        self.stop()
        self._link.close()
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
