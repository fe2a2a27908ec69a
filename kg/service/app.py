"""Floor 10: the ASGI application: which address is answered by what."""

from kg.errors import KgError
from kg.service.engine import Engine
from kg.service.exchange import TEXT, Exchange, Receive, Scope, Send
from kg.service.graphstore import PATH as STORE
from kg.service.protocol import RefusalError
from kg.service.routes import sparql, static, things
from kg.service.routes.sparql import answer_sparql
from kg.service.routes.store import answer_store
from kg.service.settings import Settings


class Service:
    """One process of a server; an ASGI application."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._engine = Engine(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or begin and end with the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            exchange = Exchange(scope, receive, send, self._settings)
            try:
                await self._route(exchange)
            except RefusalError as error:
                await exchange.refuse(error)
            except KgError as error:
                await exchange.refuse(RefusalError(500, str(error)))

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._engine.start()
                await send({"type": "lifespan.startup.complete"})
            else:
                self._engine.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _route(self, exchange: Exchange) -> None:
        path = exchange.path
        if path in sparql.PATHS:
            await answer_sparql(self._engine, exchange)
        elif path == STORE or path.startswith(f"{STORE}/"):
            await answer_store(self._engine, exchange)
        elif path == "/healthz":
            await exchange.answer(200, TEXT, b"ok\n")
        elif path == "/readyz":
            is_ready = self._engine.is_ready
            body = b"ready\n" if is_ready else b"not ready\n"
            await exchange.answer(200 if is_ready else 503, TEXT, body)
        elif path.startswith(static.PATH):
            await static.answer_static(exchange)
        elif path in things.HOME:
            await things.answer_dataset(self._engine, exchange)
        else:
            await things.answer_thing(self._engine, exchange)
