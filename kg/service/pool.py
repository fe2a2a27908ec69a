"""Floor 10: the workers of one server process: who runs a query, for how long, and what then.

A query has a worker to itself. Where it runs past its time, or its client goes, the worker is
ended, and another takes its place that is ready already. Who finds no worker free waits in a queue
that has a bound, and is sent away where it is full.

Queries that are long do not keep short ones waiting: what has worked for a while counts as long,
and leaves its place to the next; after half a second of work it goes on at a lower priority. There
may be so many long ones; one more is stopped as soon as somebody waits for its place. A query that
was stopped once is long from the start when it comes again. Where all queries together take more
memory than they may, the one that takes most is stopped.
"""

import asyncio
import math
from collections import OrderedDict, deque
from collections.abc import AsyncGenerator, Callable
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
    Head,
    Write,
    Written,
)
from kg.service.meter import Meter
from kg.service.process import Process
from kg.service.protocol import RefusalError
from kg.service.settings import Limits, Source
from kg.service.turns import Turns
from kg.service.zygote import Zygote

_START_SECONDS = 60
_LOOK_SECONDS = 0.1
_SHORT_SECONDS = 1.0
_SHORT_WORK = 0.15
_MAKE_WAY_WORK = 0.5
_REMEMBERED = 1_000
"""A query is short within seconds that passed, or of work, which a busy machine does not lengthen;
where others wait, until the first look at it.
"""
_WHOLE = 1 << 16
"""Bytes up to which an answer that is there whole is given whole."""


class AnswerCutError(Exception):
    """An answer that was begun and cannot be finished: the connection is to be broken off."""


@dataclass(slots=True)
class Answer:
    """An answer that has begun: its head is known, its body is there whole, or comes in pieces.

    `rows` is known when it is whole. Whoever has it calls `let_go` in the end, however much of it
    was read. When it `is_over` its worker may have another job already.
    """

    head: Head
    whole: bytes | None = None
    pieces: AsyncGenerator[bytes, None] = field(init=False, repr=False)
    let_go: Callable[[], None] = field(init=False, repr=False)
    rows: int = 0
    is_over: bool = False


class Pool:
    """Workers on one graph; `start` before use, `close` after it."""

    def __init__(self, source: Source, limits: Limits, meter: Meter) -> None:
        self.limits = limits
        self._meter = meter
        self._zygote = Zygote(source, limits)
        self._idle: deque[Process] = deque()
        self._short: set[Process] = set()
        self._long: set[Process] = set()
        self._overdue: dict[Process, None] = {}
        self._stopped: OrderedDict[int, None] = OrderedDict()
        self._waiting = Turns[asyncio.Future[Process]](limits.waiting)
        self._starting: dict[Process, asyncio.Task[None]] = {}
        self._writing = asyncio.Lock()
        self._memory_seen = 0.0
        self._is_closed = False

    def start(self) -> None:
        """Start the workers, and a spare one; they come to use as they are ready."""
        self._fill()

    def close(self) -> None:
        """End all workers."""
        self._is_closed = True
        for task in self._starting.values():
            task.cancel()
        for process in (*self._starting, *self._idle, *self._short, *self._long):
            process.end()
        self._zygote.end()

    @property
    def is_ready(self) -> bool:
        """Tell whether a worker has ever become ready and is there."""
        return bool(self._idle or self._short or self._long)

    async def run(self, job: Asked, client: str = "", seconds: float | None = None) -> Answer:
        """Begin to run a query, for as many seconds as it asks for, or may have.

        Cancelling what awaits this, or the pieces of the answer, ends the query.

        Raises:
            RefusalError: if it fails before an answer begins, or there is no room for it.
        """
        allowed = min(seconds or self.limits.seconds, self.limits.max_seconds)
        process, payload = await self._begin(job, client, allowed)
        answer = Answer(msgspec.msgpack.decode(payload, type=Head))
        answer.let_go = partial(self._let_go, process, answer)
        frames = process.received(END, _WHOLE)
        if frames:
            answer.is_over = True
            answer.whole = b"".join(payload for kind, payload in frames if kind == BODY)
            answer.rows = msgspec.msgpack.decode(frames[-1][1], type=Finished).rows
            self._give_back(process)
        else:
            answer.pieces = self._pieces(job, process, answer, allowed)
        return answer

    async def write(self, write: Write, client: str = "") -> Written:
        """Run a write to its end, one after the other; cancelling does not leave half of it.

        Raises:
            RefusalError: if it fails; nothing was changed then.
        """
        allowed = self.limits.max_seconds
        try:
            async with asyncio.timeout(allowed):
                await self._writing.acquire()
        except TimeoutError as error:
            raise RefusalError(503, "another write takes long; try again later") from error
        try:
            process, payload = await self._begin(write, client, allowed)
            self._give_back(process)
        finally:
            self._writing.release()
        return msgspec.msgpack.decode(payload, type=Written)

    async def _begin(
        self, job: Asked | Write, client: str, allowed: float
    ) -> tuple[Process, bytes]:
        """Return the worker that has taken a job, and the first frame that it sent."""
        is_long = hash(job) in self._stopped
        if is_long and len(self._long) >= self.limits.long:
            self._meter.stopped("others")
            raise _busy()
        process = await self._send(job, client, allowed)
        if isinstance(job, Write):
            self._set_apart(process)
        elif is_long:
            self._has_grown_long(process)
        try:
            kind, payload = await process.receive()
        except BaseException as error:
            self._discard(process)
            self._remember(job, process)
            raise self._explain(error, process, allowed) from error
        if kind == FAILED:
            self._give_back(process)
            raise refusal_of(msgspec.msgpack.decode(payload, type=Failure))
        return process, payload

    async def _send(self, job: Asked | Write, client: str, allowed: float) -> Process:
        """Give a job to a worker; one that turns out to have ended while idle is replaced."""
        until = asyncio.get_running_loop().time() + allowed
        while True:
            process = await self._take(client, until)
            try:
                process.send(job)
            except ConnectionError:
                self._discard(process)
            else:
                return process

    async def _pieces(
        self, job: Asked, process: Process, answer: Answer, allowed: float
    ) -> AsyncGenerator[bytes, None]:
        try:
            while True:
                kind, payload = await process.receive()
                if kind == BODY:
                    yield payload
                    continue
                answer.is_over = True
                self._give_back(process)
                if kind == END:
                    answer.rows = msgspec.msgpack.decode(payload, type=Finished).rows
                    return
                raise refusal_of(msgspec.msgpack.decode(payload, type=Failure))
        except ConnectionError as error:
            answer.is_over = True
            self._discard(process)
            self._remember(job, process)
            raise self._explain(error, process, allowed) from error

    def _remember(self, job: Asked | Write, process: Process) -> None:
        """Know a query again that was stopped for its length."""
        if process.why in ("time", "others"):
            self._stopped[hash(job)] = None
            if len(self._stopped) > _REMEMBERED:
                self._stopped.popitem(last=False)

    def _let_go(self, process: Process, answer: Answer) -> None:
        """End a worker of which nobody wants the rest of the answer, if there is a rest."""
        if not answer.is_over:
            answer.is_over = True
            self._meter.stopped("client")
            self._discard(process)

    def _explain(self, error: BaseException, process: Process, allowed: float) -> BaseException:
        """Return what to tell of a query that did not come to its end."""
        if process.why == "others":
            self._meter.stopped("others")
            return _busy()
        if process.why == "time":
            self._meter.stopped("time")
            return RefusalError(
                503, f"the query ran longer than its limit of {allowed:g} seconds and was stopped"
            )
        if process.why == "memory":
            self._meter.stopped("lost")
            return RefusalError(
                503,
                "the query was stopped: it takes much memory, and the server has no more; "
                "try again later",
                [("retry-after", "30")],
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

    async def _take(self, client: str, until: float) -> Process:
        """Return a worker that is free, once it is the client's turn."""
        if self._has_room and not self._waiting:
            process = self._use_one(until)
            self._tell()
            return process
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[Process] = loop.create_future()
        left_out = self._waiting.add(client, turn)
        if left_out is not None and not left_out.done():
            left_out.set_exception(
                RefusalError(
                    503, "too many queries are waiting already; try again", [("retry-after", "2")]
                )
            )
        self._stop_overdue()
        self._tell()
        try:
            async with asyncio.timeout_at(until):
                process = await turn
        except BaseException as error:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self._give_back(turn.result())
            if isinstance(error, TimeoutError):
                self._meter.stopped("full")
                raise RefusalError(
                    503, "no worker came free in time; try again", [("retry-after", "5")]
                ) from error
            if isinstance(error, RefusalError):
                self._meter.stopped("full")
            raise
        finally:
            self._waiting.remove(client, turn)
            self._tell()
        process.until = until
        return process

    @property
    def _has_room(self) -> bool:
        return bool(self._idle) and len(self._short) < self.limits.workers

    def _use_one(self, until: float) -> Process:
        process = self._idle.pop()
        process.ended = None
        loop = asyncio.get_running_loop()
        process.begun, process.until = loop.time(), until
        process.work = process.seconds_of_work()
        self._short.add(process)
        self._look_again(process)
        return process

    def _look_again(self, process: Process) -> None:
        """Look after a query in a moment, or when its time is over."""
        loop = asyncio.get_running_loop()
        when = min(loop.time() + _LOOK_SECONDS, process.until)
        process.timer = loop.call_at(when, self._look_after, process)

    def _look_after(self, process: Process) -> None:
        """Do what is due to a query that runs."""
        now = asyncio.get_running_loop().time()
        if now >= process.until:
            process.stop("time")
            return
        self._look_again(process)
        self._hold_to_memory(now)
        work = process.seconds_of_work() - process.work
        if process in self._short:
            is_long = work > _SHORT_WORK or now - process.begun > _SHORT_SECONDS
            has_room = len(self._long) < self.limits.long
            if is_long or (self._waiting and has_room):
                self._has_grown_long(process)
        elif work > _MAKE_WAY_WORK and not process.makes_way and not process.is_writing:
            process.make_way()

    def _hold_to_memory(self, now: float) -> None:
        """Stop the query that takes most memory, if all together take too much."""
        if now < self._memory_seen + 2 * _LOOK_SECONDS:
            return
        self._memory_seen = now
        taken = {process: process.megabytes() for process in self._short | self._long}
        if sum(taken.values()) > self.limits.all_megabytes:
            max(taken, key=taken.__getitem__).stop("memory")

    def _set_apart(self, process: Process) -> None:
        """Let a write have its time, which is not long for what it does, in nobody's place."""
        process.is_writing = True
        self._short.discard(process)
        self._long.add(process)
        self._fill()
        self._hand_on()

    def _has_grown_long(self, process: Process) -> None:
        """Count a query as long from now on, if there may be one more."""
        if len(self._long) < self.limits.long:
            self._short.discard(process)
            self._overdue.pop(process, None)
            self._long.add(process)
            self._fill()
            self._hand_on()
        else:
            self._overdue[process] = None
            self._stop_overdue()

    def _stop_overdue(self) -> None:
        """Stop queries that are one too many of the long ones, as many as are waited for."""
        for process in [*self._overdue][: len(self._waiting)]:
            del self._overdue[process]
            process.stop("others")

    def _give_back(self, process: Process) -> None:
        """Take a worker back that has done its job."""
        most = self.limits.workers + self.limits.long
        if process.makes_way or len(self._idle) > most:
            # Its priority cannot be raised again, or others have taken its place.
            self._discard(process)
            return
        self._forget(process)
        self._let_rest(process)

    def _let_rest(self, process: Process) -> None:
        """Take a worker for idle, or give it to who waits."""
        self._idle.append(process)
        process.ended = partial(self._has_ended, process)
        self._hand_on()

    def _has_ended(self, process: Process) -> None:
        """Replace a worker that has ended while it was idle."""
        self._idle.remove(process)
        self._discard(process)

    def _discard(self, process: Process) -> None:
        """End a worker, and have another started in its place; a spare one goes on at once."""
        self._forget(process)
        process.end()
        overdue = next(iter(self._overdue), None)
        if overdue is not None and len(self._long) < self.limits.long:
            self._has_grown_long(overdue)
        self._fill()
        self._hand_on()

    def _forget(self, process: Process) -> None:
        if process.timer is not None:
            process.timer.cancel()
        process.is_writing = False
        self._short.discard(process)
        self._long.discard(process)
        self._overdue.pop(process, None)

    def _tell(self) -> None:
        self._meter.tell_pool(
            running=len(self._short) + len(self._long),
            waiting=len(self._waiting),
            idle=len(self._idle),
        )

    def _hand_on(self) -> None:
        while self._has_room:
            turn = self._waiting.next()
            if turn is None:
                break
            if not turn.done():
                turn.set_result(self._use_one(math.inf))
        self._tell()

    def _fill(self) -> None:
        """Start as many workers as there should be beside those of long queries, and one more."""
        wanted = self.limits.workers + 1
        while len(self._short) + len(self._idle) + len(self._starting) < wanted:
            if not self._start_one():
                break

    def _start_one(self) -> bool:
        loop = asyncio.get_running_loop()
        try:
            process = Process(self._zygote)
        except OSError:
            # The machine has no room for it now.
            loop.call_later(1, self._try_again)
            return False
        self._starting[process] = loop.create_task(self._await_ready(process))
        return True

    def _try_again(self) -> None:
        if not self._is_closed:
            self._fill()

    async def _await_ready(self, process: Process) -> None:
        try:
            async with asyncio.timeout(_START_SECONDS):
                await process.connect()
                kind, _ = await process.receive()
            assert kind == READY  # noqa: S101
        except (TimeoutError, ConnectionError):
            del self._starting[process]
            process.end()
            # Not at once again and again: the machine may have no memory left.
            asyncio.get_running_loop().call_later(1, self._try_again)
            return
        del self._starting[process]
        self._let_rest(process)


def _busy() -> RefusalError:
    return RefusalError(
        503,
        "the query takes long, and the server is busy with others that do; try again later",
        [("retry-after", "30")],
    )


def refusal_of(failure: Failure) -> RefusalError:
    """Return what a worker says went wrong, as it is told to the client."""
    return RefusalError(failure.status, failure.message, details=failure.details)
