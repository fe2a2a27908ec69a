"""Floor 10: the workers of one server process: who has one, for how long, and what then.

A query has a worker to itself. Where a worker is ended, another takes its place that is ready
already. Who finds no worker free waits in a queue that has a bound, and is sent away where it is
full.

Queries that are long do not keep short ones waiting: what has worked for a while counts as long,
and leaves its place to the next; after 0.3 s of work it goes on at a lower priority. There
may be so many long ones; one more is stopped as soon as somebody waits for its place. Where all
queries together take more memory than they may, the one that takes most is stopped.
"""

import asyncio
import math
from collections import deque
from functools import partial

from kg.service.messages import READY
from kg.service.meter import Meter
from kg.service.process import Process
from kg.service.protocol import RefusalError
from kg.service.settings import Limits, Source
from kg.service.turns import Turns, Usage
from kg.service.zygote import Zygote

_START_SECONDS = 60
_LOOK_SECONDS = 0.1
_TELL_SECONDS = 0.1
_SHORT_SECONDS = 1.0
_SHORT_WHERE_OTHERS_WAIT = 0.6
_SHORT_WORK = 0.15
_MAKE_WAY_WORK = 0.3
"""A query is short within seconds that passed, or of work, which a busy machine does not lengthen.
Too early, and answers of some size would crowd the machine beside each other.
"""


class Workers:
    """Workers on one graph; `start` before use, `close` after it."""

    def __init__(self, source: Source, limits: Limits, meter: Meter) -> None:
        self._limits = limits
        self._meter = meter
        self._zygote = Zygote(source, limits)
        self._idle: deque[Process] = deque()
        self._short: set[Process] = set()
        self._long: set[Process] = set()
        self._overdue: dict[Process, None] = {}
        self._usage = Usage()
        self._waiting = Turns[asyncio.Future[Process]](limits.waiting, self._usage)
        self._starting: dict[Process, asyncio.Task[None]] = {}
        self._telling: asyncio.TimerHandle | None = None
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

    @property
    def may_be_long(self) -> bool:
        """Whether one more query may be long."""
        return len(self._long) < self._limits.long

    async def take(self, client: str, until: float) -> Process:
        """Return a worker that is free, once it is the client's turn.

        It is ended at `until`, on the clock of the event loop; whoever has it ends with
        `give_back` or `discard`.

        Raises:
            RefusalError: if there is no room to wait, or none comes free in time.
        """
        if self._has_room and not self._waiting:
            process = self._use_one(until)
            self._give(process, client, until)
            self._tell()
            return process
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[Process] = loop.create_future()
        left_out = self._waiting.add(client, turn, loop.time())
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
                self.give_back(turn.result())
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
        self._give(process, client, until)
        return process

    def _give(self, process: Process, client: str, until: float) -> None:
        """Let a client have a worker."""
        process.client, process.until = client, until
        self._usage.begin(client, process.begun)

    def _charge(self, process: Process) -> None:
        """Count what a client has had of a worker since this was counted last."""
        now = asyncio.get_running_loop().time()
        self._usage.add(process.client, now - process.charged, now)
        process.charged = now

    @property
    def _has_room(self) -> bool:
        return bool(self._idle) and len(self._short) < self._limits.workers

    def _use_one(self, until: float) -> Process:
        process = self._idle.pop()
        process.ended = None
        loop = asyncio.get_running_loop()
        process.begun = process.charged = loop.time()
        process.until = until
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
        self._charge(process)
        self._hold_to_memory(now)
        work = process.seconds_of_work() - process.work
        if process in self._short:
            passed = now - process.begun
            may_grow = self._waiting and self.may_be_long
            if (
                work > _SHORT_WORK
                or passed > _SHORT_SECONDS
                or (may_grow and passed > _SHORT_WHERE_OTHERS_WAIT)
            ):
                self.count_as_long(process)
        elif work > _MAKE_WAY_WORK and not process.makes_way and not process.is_writing:
            process.make_way()

    def _hold_to_memory(self, now: float) -> None:
        """Stop the query that takes most memory, if all together take too much."""
        if now < self._memory_seen + 2 * _LOOK_SECONDS:
            return
        self._memory_seen = now
        taken = {process: process.megabytes() for process in self._short | self._long}
        if sum(taken.values()) > self._limits.all_megabytes:
            max(taken, key=taken.__getitem__).stop("memory")

    def set_apart(self, process: Process) -> None:
        """Let a write have its time, which is not long for what it does, in nobody's place."""
        process.is_writing = True
        self._short.discard(process)
        self._long.add(process)
        self._fill()
        self._hand_on()

    def count_as_long(self, process: Process) -> None:
        """Count a query as long from now on, if there may be one more."""
        if self.may_be_long:
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

    def give_back(self, process: Process) -> None:
        """Take a worker back that has done its job."""
        most = self._limits.workers + self._limits.long
        if process.makes_way or len(self._idle) > most:
            # Its priority cannot be raised again, or others have taken its place.
            self.discard(process)
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
        self.discard(process)

    def discard(self, process: Process) -> None:
        """End a worker, and have another started in its place; a spare one goes on at once."""
        self._forget(process)
        process.end()
        overdue = next(iter(self._overdue), None)
        if overdue is not None and self.may_be_long:
            self.count_as_long(overdue)
        self._fill()
        self._hand_on()

    def _forget(self, process: Process) -> None:
        if process.timer is not None:
            process.timer.cancel()
            process.timer = None
            self._charge(process)
        process.is_writing = False
        self._short.discard(process)
        self._long.discard(process)
        self._overdue.pop(process, None)

    def _tell(self) -> None:
        """Have the figures told in a moment: to write them costs more than what they count."""
        if self._telling is None:
            self._telling = asyncio.get_running_loop().call_later(_TELL_SECONDS, self._tell_now)

    def _tell_now(self) -> None:
        self._telling = None
        self._meter.tell_pool(
            running=len(self._short) + len(self._long),
            waiting=len(self._waiting),
            idle=len(self._idle),
        )

    def _hand_on(self) -> None:
        while self._has_room:
            turn = self._waiting.next(asyncio.get_running_loop().time())
            if turn is None:
                break
            if not turn.done():
                turn.set_result(self._use_one(math.inf))
        self._tell()

    def _fill(self) -> None:
        """Start as many workers as there should be beside those of long queries, and one more."""
        wanted = self._limits.workers + 1
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
