"""Floor 10: answers questions in whatever way is cheapest: from memory, here, or by a worker.

An answer that was given before for the same generation is given again; a look-up of one thing is
run here; everything else goes to a worker that can be stopped.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from http import HTTPStatus
from typing import Any, TypeVar, cast

import msgspec
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions

from kg.errors import KgError
from kg.queries.formats import query_prefixes
from kg.service.cache import LARGEST, Cache, Known, largest
from kg.service.exchange import VARY, Exchange
from kg.service.generations import Served
from kg.service.lookups import is_small
from kg.service.messages import Asked, Head, Job, Query, Write, Written
from kg.service.meter import Meter
from kg.service.negotiation import TABLES, RowCounter, choose, choose_coding, named
from kg.service.pool import Answer, AnswerCutError, Pool
from kg.service.protocol import RefusalError
from kg.service.remote import Elsewhere
from kg.service.room import Room
from kg.service.settings import Settings
from kg.service.spool import Places, Spool
from kg.service.wellformed import as_written
from kg.store import Graph

_SWITCH_SECONDS = 10
_WATCH_SECONDS = 0.05
_STALL_SECONDS = 30
"""How long a client may take to read a piece of 64 kB, or of what was spooled."""

_Question = TypeVar("_Question", bound=Job)


class ClientGoneError(Exception):
    """A client that went before it was answered."""


class _ShortAnswer:
    """A file for an answer that is short: writing more fails, which ends the query."""

    def __init__(self) -> None:
        self.body = bytearray()

    def write(self, piece: bytes) -> int:
        """Take a piece.

        Raises:
            OSError: if that is more than a short answer has.
        """
        self.body += piece
        if len(self.body) > LARGEST:
            raise OSError
        return len(piece)

    def flush(self) -> None:
        """Nothing waits."""


class Engine:
    """What answers in one process of a server; `start` before use, `close` after it."""

    def __init__(self, settings: Settings, meter: Meter) -> None:
        self.settings = settings
        self.meter = meter
        self.pool = Pool(settings.source, settings.limits, meter)
        self.cache = Cache(settings.cache_bytes)
        self.served: Served | Elsewhere
        if settings.source.endpoint:
            self.served = Elsewhere(
                settings.source.endpoint, settings.endpoint_cache, self.cache.clear
            )
        else:
            self.served = Served(settings.source.folder, settings.state, self._changed)
        self._prefixes = query_prefixes()
        self._places = Places(
            settings.state,
            Room(settings.memory_bytes),
            Room(settings.spool_bytes, meter.tell_spooled),
        )
        self._watching: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Open the live generation, and start the workers.

        Raises:
            StoreError: if there is no graph.
        """
        self.served.look()
        self.pool.workers.start()
        self._watching = asyncio.get_running_loop().create_task(self.served.watch())

    def close(self) -> None:
        """End the workers, and let go of the graph."""
        if self._watching is not None:
            self._watching.cancel()
        self.pool.workers.close()
        self.served.close()

    async def is_ready(self) -> bool:
        """Tell whether there is a graph that answers, and a worker."""
        return self.pool.workers.is_ready and await self.served.answers()

    @property
    def graph(self) -> Graph:
        """The generation that is served.

        Raises:
            RefusalError: if there is none yet, or the graph is elsewhere.
        """
        if self.served.graph is None:
            raise RefusalError(503, "there is no graph yet", [("retry-after", "5")])
        return self.served.graph

    @property
    def generation(self) -> str:
        """The name of the generation that is served; empty where there is none."""
        return self.served.generation

    def question(self, kind: type[_Question], exchange: Exchange, **asked: object) -> _Question:
        """Return a question to the generation that is served, as the client wants its answer."""
        limits = self.settings.limits
        common = {
            "generation": self.generation or self.graph.generation,
            "accept": exchange.accept,
            "base": exchange.base,
            "max_rows": limits.max_rows,
            "max_bytes": limits.max_bytes,
        }
        return kind(**cast("Any", {**common, **asked}))

    async def answer(self, exchange: Exchange, job: Asked, seconds: float | None = None) -> None:
        """Answer a question, within as many seconds as are asked for, or allowed.

        Raises:
            RefusalError: if there is no answer, and nothing was sent.
            AnswerCutError: if it could not be sent to its end.
        """
        known = self.cache.get(job)
        is_here = self.served.graph is not None
        if known is None and is_here and isinstance(job, Query) and is_small(job.text):
            known = self._look_up(job)
        elif known is not None:
            self.meter.answered_from_memory()
        if known is not None:
            await _send_known(exchange, known)
            return
        with _client_watched(exchange):
            answer = await self.pool.run(job, exchange.client, seconds)
            try:
                if answer.whole is not None:
                    known = self._keep(job, answer.head, answer.whole, answer.rows)
                    await _send_known(exchange, known)
                else:
                    await self._pass_on(exchange, job, answer)
            finally:
                answer.let_go()

    async def write(self, exchange: Exchange, write: Write) -> Written:
        """Run a write until each process serves what it made.

        Raises:
            RefusalError: if it fails; nothing was changed then.
        """
        done = await self.pool.write(write, exchange.client)
        self.served.look()
        await self.served.wait_for_all(done.generation, _SWITCH_SECONDS)
        return done

    def _changed(self) -> None:
        """Forget what was answered, as there is another generation."""
        self.cache.clear()
        graph = self.graph
        sequence = int(graph.generation.partition("-")[0])
        self.meter.tell_generation(sequence, int(graph.manifest["quads"]))

    async def _pass_on(self, exchange: Exchange, job: Asked, answer: Answer) -> None:
        """Send a long answer as it comes, and a short one whole, which is kept."""
        most = largest(answer.head.content_type.encode())
        async with self._spooled(answer) as spool:
            first = bytearray()
            while piece := await spool.get():
                first += piece
                if len(first) > most:
                    break
            else:
                known = self._keep(job, answer.head, bytes(first), answer.rows)
                await _send_known(exchange, known)
                return
            if not exchange.shows_ends:
                raise RefusalError(
                    505,
                    "an answer of this length takes HTTP/1.1: in HTTP/1.0, one that breaks off "
                    "looks like a whole one (for nginx: proxy_http_version 1.1)",
                )
            head = answer.head
            told = [VARY, *((name.encode(), value.encode()) for name, value in head.headers)]
            await exchange.begin(head.status, head.content_type.encode(), told)
            if exchange.only_head:
                await exchange.end()
                return
            # Nothing may look like a whole answer that is none: if this fails, the connection
            # breaks off.
            try:
                piece = bytes(first)
                while piece:
                    async with asyncio.timeout(_STALL_SECONDS):
                        await exchange.add(piece)
                    piece = await spool.get()
                exchange.rows = answer.rows
                await exchange.end()
            except (RefusalError, TimeoutError) as error:
                raise AnswerCutError(str(error) or "the client reads too slowly") from error

    @contextlib.asynccontextmanager
    async def _spooled(self, answer: Answer) -> AsyncIterator[Spool]:
        """Take an answer from its worker as fast as it comes, until the block ends."""
        spool = Spool(self._places)

        async def fill() -> None:
            try:
                async for piece in answer.pieces:
                    await spool.put(piece)
                spool.finish()
            except RefusalError as error:
                spool.finish(error)

        filling = asyncio.ensure_future(fill())
        try:
            yield spool
        finally:
            filling.cancel()
            await asyncio.gather(filling, return_exceptions=True)
            spool.close()

    def _look_up(self, job: Query) -> Known | None:
        """Run a small query here, and return its answer.

        None where it is for a worker: to say what is wrong with it, or since its answer is long.
        """
        offer = named(job.form, TABLES) if job.form else choose(job.accept, TABLES)
        graph = self.graph
        if offer is None or job.default_graphs is not None or job.generation != graph.generation:
            return None
        assert isinstance(offer.form, QueryResultsFormat)  # noqa: S101
        answer = _ShortAnswer()
        try:
            result = graph.query(job.text, prefixes=self._prefixes)
            assert isinstance(result, QuerySolutions | QueryBoolean)  # noqa: S101
            result.serialize(as_written(answer, offer.form), offer.form)
        except (KgError, OSError, RuntimeError):
            return None
        body = bytes(answer.body)
        return self._keep(job, Head(offer.content_type), body, RowCounter(offer).count(body))

    def _keep(self, job: Asked, head: Head, body: bytes, rows: int = 0) -> Known:
        """Keep an answer for who asks the same again, if it may be, and both are small."""
        known = Known.of(head, body, rows)
        if head.keep and (self.served.graph is not None or self.settings.endpoint_cache):
            self.cache.put(job, len(msgspec.msgpack.encode(job)), known)
        return known


@contextlib.contextmanager
def _client_watched(exchange: Exchange) -> Iterator[None]:
    """End the block if the client goes while it is at work, by way of `ClientGoneError`."""
    working = asyncio.current_task()
    assert working is not None  # noqa: S101
    watching: list[asyncio.Task[None]] = []
    is_gone = False

    def left(_watch: object) -> None:
        nonlocal is_gone
        is_gone = True
        working.cancel()

    def watch() -> None:
        watching.append(asyncio.ensure_future(exchange.gone()))
        watching[0].add_done_callback(left)

    # Most answers are there before it is worth the while.
    timer = asyncio.get_running_loop().call_later(_WATCH_SECONDS, watch)
    try:
        yield
    except asyncio.CancelledError:
        if is_gone and working.uncancel() == 0:
            raise ClientGoneError from None
        raise
    finally:
        timer.cancel()
        for task in watching:
            task.remove_done_callback(left)
            task.cancel()


async def _send_known(exchange: Exchange, known: Known) -> None:
    exchange.rows = known.rows
    body, etag, vary = known.body, known.etag, VARY
    coding = ""
    if known.packed:
        vary = (VARY[0], VARY[1] + b", accept-encoding")
        coding = choose_coding(exchange.headers.get("accept-encoding", ""), ("gzip",))
        if coding:
            # The same page in other bytes (RFC 9110, 8.8.3.3).
            body, etag = known.packed, b"W/" + etag.removeprefix(b"W/")
    told = [vary, *known.headers]
    if known.status == HTTPStatus.OK:
        told.append((b"etag", etag))
    if known.status == HTTPStatus.OK and exchange.has(known.etag):
        await exchange.answer_empty(304, told)
    else:
        told += [(b"content-encoding", coding.encode())] if coding else []
        await exchange.answer(known.status, known.content_type, body, told)
