"""Floor 10: the ASGI application: which address is answered by what, and what is noted of it."""

import asyncio
import time

from kg.errors import KgError
from kg.service.accesslog import AccessLog
from kg.service.engine import ClientGoneError, Engine
from kg.service.exchange import Exchange, Receive, Scope, Send
from kg.service.gate import Origins, Rates, check_host
from kg.service.meter import Meter
from kg.service.pool import AnswerCutError
from kg.service.protocol import RefusalError
from kg.service.room import Room
from kg.service.routes import find_route
from kg.service.settings import Settings
from kg.service.starting import tell_failed, tell_started

_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"))


class Service:
    """One process of a server; an ASGI application."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._meter = Meter()
        self._engine = Engine(settings, self._meter)
        self._log = AccessLog(settings.access_log)
        self._origins = Origins(settings.origins)
        self._rates = Rates(settings.rate) if settings.rate else None
        self._bodies = Room(settings.memory_bytes)
        self._writing: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or begin and end with the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            exchange = Exchange(scope, receive, send, self._settings, self._bodies)
            try:
                await self._answer(exchange)
            finally:
                exchange.close()

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                try:
                    self._engine.start()
                except KgError as error:
                    tell_failed(self._settings.state, str(error))
                    await send({"type": "lifespan.startup.failed", "message": str(error)})
                    return
                self._writing = asyncio.get_running_loop().create_task(self._log.write_on())
                await send({"type": "lifespan.startup.complete"})
                tell_started(self._settings.state)
            else:
                if self._writing is not None:
                    self._writing.cancel()
                self._engine.close()
                self._log.write()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _answer(self, exchange: Exchange) -> None:
        begun = time.monotonic()
        outcome = "failed"
        route = find_route(exchange.path)
        try:
            try:
                self._check(exchange, limited=route.limited)
                if exchange.method == "OPTIONS":
                    await exchange.answer_empty(204, self._origins.preflight())
                else:
                    await route.answer(self._engine, exchange)
                outcome = _outcome(exchange)
            except RefusalError as error:
                outcome = "refused"
                await exchange.refuse(error)
            except KgError as error:
                await exchange.refuse(RefusalError(500, str(error)))
        except AnswerCutError:
            outcome = "cut"
            raise
        except ClientGoneError:
            outcome = "client gone"
        except asyncio.CancelledError:
            outcome = "client gone"
            raise
        finally:
            seconds = time.monotonic() - begun
            self._meter.answered(route.name, _method(exchange), exchange.status, seconds)
            self._log.add(
                exchange,
                seconds=seconds,
                outcome=outcome,
                generation=self._engine.generation,
            )

    def _check(self, exchange: Exchange, *, limited: bool) -> None:
        """Make sure that a request may be answered at all.

        Raises:
            RefusalError: if it may not.
        """
        check_host(exchange.headers, self._settings.hosts)
        origin = exchange.headers.get("origin", "")
        if origin:
            exchange.more_headers += self._origins.headers(origin)
        if limited and self._rates is not None:
            try:
                self._rates.check(exchange.client, time.monotonic())
            except RefusalError:
                self._meter.limited()
                raise


def _method(exchange: Exchange) -> str:
    """Return the method as it is counted: clients may make up any number of them."""
    return exchange.method if exchange.method in _METHODS else "other"


def _outcome(exchange: Exchange) -> str:
    if exchange.status == 304:
        return "not modified"
    return "answered" if exchange.status else "client gone"
