"""Floor 10: jobs done by workers: how a query begins, goes on, and is told of where it fails.

Where a query runs past its time, or its client goes, its worker is ended. A query that was stopped
for its length is long from the start when it comes again. Writes go one after the other.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from functools import partial

import msgspec

from kg.service.messages import (
    BODY,
    END,
    FAILED,
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
from kg.service.workers import Workers

_REMEMBERED = 1_000
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
    """Does jobs on one graph, by its `workers`: start these before use, and close them after it."""

    def __init__(self, source: Source, limits: Limits, meter: Meter) -> None:
        self.limits = limits
        self.workers = Workers(source, limits, meter)
        self._meter = meter
        self._stopped: OrderedDict[int, None] = OrderedDict()
        self._writing = asyncio.Lock()

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
            self.workers.give_back(process)
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
            self.workers.give_back(process)
        finally:
            self._writing.release()
        return msgspec.msgpack.decode(payload, type=Written)

    async def _begin(
        self, job: Asked | Write, client: str, allowed: float
    ) -> tuple[Process, bytes]:
        """Return the worker that has taken a job, and the first frame that it sent."""
        is_long = hash(job) in self._stopped
        if is_long and not self.workers.may_be_long:
            self._meter.stopped("others")
            raise _busy()
        process = await self._send(job, client, allowed)
        if isinstance(job, Write):
            self.workers.set_apart(process)
        elif is_long:
            self.workers.count_as_long(process)
        try:
            kind, payload = await process.receive()
        except BaseException as error:
            self.workers.discard(process)
            self._remember(job, process)
            raise self._explain(error, process, allowed) from error
        if kind == FAILED:
            self.workers.give_back(process)
            raise refusal_of(msgspec.msgpack.decode(payload, type=Failure))
        return process, payload

    async def _send(self, job: Asked | Write, client: str, allowed: float) -> Process:
        """Give a job to a worker; one that turns out to have ended while idle is replaced."""
        until = asyncio.get_running_loop().time() + allowed
        while True:
            process = await self.workers.take(client, until)
            try:
                process.send(job)
            except ConnectionError:
                self.workers.discard(process)
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
                self.workers.give_back(process)
                if kind == END:
                    answer.rows = msgspec.msgpack.decode(payload, type=Finished).rows
                    return
                raise refusal_of(msgspec.msgpack.decode(payload, type=Failure))
        except ConnectionError as error:
            answer.is_over = True
            self.workers.discard(process)
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
            self.workers.discard(process)

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


def _busy() -> RefusalError:
    return RefusalError(
        503,
        "the query takes long, and the server is busy with others that do; try again later",
        [("retry-after", "30")],
    )


def refusal_of(failure: Failure) -> RefusalError:
    """Return what a worker says went wrong, as it is told to the client."""
    return RefusalError(failure.status, failure.message, details=failure.details)
