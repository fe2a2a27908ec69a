"""Floor 10: `/healthz`, `/readyz`, `/metrics`: for those who run the server."""

import asyncio

from kg.service.engine import Engine
from kg.service.exchange import TEXT, Exchange
from kg.service.meter import Meter
from kg.service.protocol import RefusalError


async def answer_health(engine: Engine, exchange: Exchange) -> None:  # noqa: ARG001
    """Say that the process is there."""
    await exchange.answer(200, TEXT, b"ok\n")


async def answer_readiness(engine: Engine, exchange: Exchange) -> None:
    """Say whether there is a graph, and a worker."""
    is_ready = await engine.is_ready()
    body = b"ready\n" if is_ready else b"not ready\n"
    await exchange.answer(200 if is_ready else 503, TEXT, body)


async def answer_metrics(engine: Engine, exchange: Exchange) -> None:
    """Give the figures of all processes, as Prometheus reads them.

    Raises:
        RefusalError: if the server is not to tell them.
    """
    if not engine.settings.metrics:
        raise RefusalError(404, "this server tells no figures")
    exchange.check_method("GET", "HEAD")
    figures = await asyncio.to_thread(engine.meter.write)
    await exchange.answer(200, Meter.content_type, figures)
