"""Floor 10: the workers of one server process: who runs a query, for how long, and what then.

A query has a worker to itself. Where it runs past its time, or its client goes, the worker is
ended, and another takes its place that is ready already. Who finds no worker free waits in a queue
that has a bound, and is sent away where it is full.
"""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

import msgspec

from kg.service.messages import (
    BODY,
    END,
    FAILED,
    READY,
    Asked,
    Failure,
    Finished,
    Frames,
    Head,
    Write,
    Written,
    pack,
)
from kg.service.meter import Meter
from kg.service.protocol import RefusalError
from kg.service.settings import Limits, Source

_BUFFER = 1 << 20
_START_SECONDS = 60


class AnswerCutError(Exception):
    """An answer that was begun and cannot be finished: the connection is to be broken off."""


@dataclass(slots=True)
class Answer:
    """An answer that has begun: its head is known, its body comes piece by piece.

    `until` is when it is stopped, on the clock of `time.monotonic`. `rows` is known when it is
    whole. Whoever has it calls `let_go` in the end, however much of it was read.
    """

    head: Head
    until: float
    pieces: AsyncGenerator[bytes, None] = field(init=False, repr=False)
    let_go: Callable[[], None] = field(init=False, repr=False)
    rows: int = 0


class _Process:
    """A worker process, and the socket to it."""

    def __init__(self, source: Source, megabytes: int) -> None:
        self.link, other = socket.socketpair()
        command = [sys.executable, "-m", "kg.service.worker", str(other.fileno())]
        with other:
            self._process = subprocess.Popen(  # noqa: S603 (ourselves)
                [*command, source.pack(), str(megabytes)],
                pass_fds=[other.fileno()],
                # The memory allocator would set aside 64 MB of addresses for each thread.
                env={**os.environ, "MALLOC_ARENA_MAX": "2"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        self.link.settimeout(0)
        self.frames = Frames()
        self._received: deque[tuple[bytes, bytes]] = deque()

    async def receive(self) -> tuple[bytes, bytes]:
        """Return the next frame.

        Raises:
            ConnectionError: if the process has ended.
        """
        loop = asyncio.get_running_loop()
        while not self._received:
            data = await loop.sock_recv(self.link, _BUFFER)
            if not data:
                raise ConnectionResetError
            self._received.extend(self.frames.feed(data))
        return self._received.popleft()

    async def send(self, job: Asked | Write) -> None:
        """Send a job."""
        await asyncio.get_running_loop().sock_sendall(self.link, pack(job))

    def end(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self.link.close()
        self._process.wait()


class Pool:
    """Workers on one graph; `start` before use, `close` after it."""

    def __init__(self, source: Source, limits: Limits, meter: Meter) -> None:
        self.limits = limits
        self._meter = meter
        self._busy: set[_Process] = set()
        self._source = source
        self._idle: deque[_Process] = deque()
        self._waiting: deque[asyncio.Future[_Process]] = deque()
        self._all: set[_Process] = set()
        self._starting: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Start the workers, and a spare one; they come to use as they are ready."""
        for _ in range(self.limits.workers + 1):
            self._start_one()

    def close(self) -> None:
        """End all workers."""
        for task in self._starting:
            task.cancel()
        for process in self._all:
            process.end()
        self._all.clear()
        self._idle.clear()

    @property
    def is_ready(self) -> bool:
        """Tell whether a worker has ever become ready and is there."""
        return bool(self._idle or self._busy)

    async def run(self, job: Asked, seconds: float | None = None) -> Answer:
        """Begin to run a query, for as many seconds as it asks for, or may have.

        Cancelling what awaits this, or the pieces of the answer, ends the query.

        Raises:
            RefusalError: if it fails before an answer begins, or there is no room for it.
        """
        allowed = min(seconds or self.limits.seconds, self.limits.max_seconds)
        until = time.monotonic() + allowed
        process, payload = await self._begin(job, until, allowed)
        answer = Answer(msgspec.msgpack.decode(payload, type=Head), until)
        answer.pieces = self._pieces(process, answer, allowed)
        answer.let_go = partial(self._let_go, process)
        return answer

    async def write(self, write: Write) -> Written:
        """Run a write to its end; cancelling does not leave half of it.

        Raises:
            RefusalError: if it fails; nothing was changed then.
        """
        allowed = self.limits.max_seconds
        process, payload = await self._begin(write, time.monotonic() + allowed, allowed)
        self._give_back(process)
        return msgspec.msgpack.decode(payload, type=Written)

    async def _begin(
        self, job: Asked | Write, until: float, allowed: float
    ) -> tuple[_Process, bytes]:
        """Return the worker that has taken a job, and the first frame that it sent."""
        process = await self._send(job, until)
        try:
            kind, payload = await self._next(process, until)
        except BaseException as error:
            self._replace(process)
            raise self._explain(error, allowed) from error
        if kind == FAILED:
            self._give_back(process)
            raise refusal_of(msgspec.msgpack.decode(payload, type=Failure))
        return process, payload

    async def _send(self, job: Asked | Write, until: float) -> _Process:
        """Give a job to a worker; one that turns out to have ended while idle is replaced."""
        while True:
            process = await self._take(until)
            try:
                await process.send(job)
            except ConnectionError:
                self._replace(process)
            except BaseException:
                self._replace(process)
                raise
            else:
                return process

    async def _pieces(
        self, process: _Process, answer: Answer, allowed: float
    ) -> AsyncGenerator[bytes, None]:
        try:
            while True:
                kind, payload = await self._next(process, answer.until)
                if kind == BODY:
                    yield payload
                    continue
                self._give_back(process)
                if kind == END:
                    answer.rows = msgspec.msgpack.decode(payload, type=Finished).rows
                    return
                raise refusal_of(msgspec.msgpack.decode(payload, type=Failure))
        except (TimeoutError, ConnectionError) as error:
            self._replace(process)
            raise self._explain(error, allowed) from error

    def _let_go(self, process: _Process) -> None:
        """End a worker of which nobody wants the rest of the answer, if there is a rest."""
        if process in self._busy:
            self._meter.stopped("client")
            self._replace(process)

    async def _next(self, process: _Process, until: float) -> tuple[bytes, bytes]:
        async with asyncio.timeout(until - time.monotonic()):
            return await process.receive()

    def _explain(self, error: BaseException, allowed: float) -> BaseException:
        """Return what to tell of a query that did not come to its end."""
        if isinstance(error, TimeoutError):
            self._meter.stopped("time")
            return RefusalError(
                503, f"the query ran longer than its limit of {allowed:g} seconds and was stopped"
            )
        if isinstance(error, ConnectionError):
            self._meter.stopped("lost")
            return RefusalError(
                503,
                "the query was stopped, most likely for want of memory: "
                f"it may take {self.limits.megabytes:,} MB",
            )
        self._meter.stopped("client")
        return error

    async def _take(self, until: float) -> _Process:
        if self._idle and len(self._busy) < self.limits.workers:
            process = self._idle.pop()
            self._busy.add(process)
            self._tell()
            return process
        if len(self._waiting) >= self.limits.waiting:
            self._meter.stopped("full")
            raise RefusalError(
                503, "too many queries are waiting already; try again", [("retry-after", "2")]
            )
        turn: asyncio.Future[_Process] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        self._tell()
        try:
            async with asyncio.timeout(until - time.monotonic()):
                return await turn
        except BaseException as error:
            if turn.done() and not turn.cancelled():
                self._give_back(turn.result())
            if isinstance(error, TimeoutError):
                self._meter.stopped("full")
                raise RefusalError(
                    503, "no worker came free in time; try again", [("retry-after", "5")]
                ) from error
            raise
        finally:
            with suppress(ValueError):
                self._waiting.remove(turn)
            self._tell()

    def _give_back(self, process: _Process) -> None:
        self._busy.discard(process)
        self._idle.append(process)
        self._hand_on()

    def _replace(self, process: _Process) -> None:
        """End a worker, and have another started in its place; a spare one goes on at once."""
        self._busy.discard(process)
        self._all.discard(process)
        process.end()
        self._start_one()
        self._hand_on()

    def _tell(self) -> None:
        self._meter.tell_pool(
            running=len(self._busy), waiting=len(self._waiting), idle=len(self._idle)
        )

    def _hand_on(self) -> None:
        while self._waiting and self._idle and len(self._busy) < self.limits.workers:
            turn = self._waiting.popleft()
            if not turn.done():
                process = self._idle.pop()
                self._busy.add(process)
                turn.set_result(process)
        self._tell()

    def _start_one(self) -> None:
        process = _Process(self._source, self.limits.megabytes)
        self._all.add(process)
        task = asyncio.get_running_loop().create_task(self._await_ready(process))
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    async def _await_ready(self, process: _Process) -> None:
        try:
            async with asyncio.timeout(_START_SECONDS):
                kind, _ = await process.receive()
            assert kind == READY  # noqa: S101
        except (TimeoutError, ConnectionError):
            self._all.discard(process)
            process.end()
            # Not at once again and again: the machine may have no memory left.
            await asyncio.sleep(1)
            self._start_one()
            return
        self._idle.append(process)
        self._hand_on()


def refusal_of(failure: Failure) -> RefusalError:
    """Return what a worker says went wrong, as it is told to the client."""
    return RefusalError(failure.status, failure.message, details=failure.details)
