"""Floor 10: `/sparql`: the SPARQL 1.1 Protocol, and the Service Description."""

import asyncio

from pyoxigraph import NamedNode, RdfFormat, serialize

from kg.namespaces import DEFAULT_BASE, queries_graph
from kg.service.description import PREFIXES, describe, describe_examples
from kg.service.engine import Engine
from kg.service.exchange import VARY, Exchange
from kg.service.messages import Query, Write
from kg.service.negotiation import GRAPHS, HTML, PAGES, Offer, choose
from kg.service.protocol import QueryAsked, RefusalError, Request, UpdateAsked, read_request
from kg.service.routes.editor import show_editor
from kg.service.tokens import check_token

PATHS = frozenset(("/sparql", "/sparql/", "/query", "/query/", "/update", "/update/"))


async def answer_sparql(engine: Engine, exchange: Exchange) -> None:
    """Answer a query or an update, or describe the endpoint.

    Raises:
        RefusalError: if it cannot be.
    """
    asked = read_request(
        Request(
            method=exchange.method,
            query_string=exchange.query_string,
            headers=exchange.headers,
            body=await exchange.body() if exchange.method == "POST" else b"",
        )
    )
    address = f"{exchange.base}{exchange.path}"
    if isinstance(asked, QueryAsked):
        exchange.asked = asked.text
        # Results are tables or statements for whoever prefers a page too: it has to be asked for.
        if asked.form == HTML.name:
            await show_editor(engine, exchange, asked)
            return
        job = engine.question(
            Query,
            exchange,
            text=asked.text,
            default_graphs=asked.default_graphs,
            named_graphs=asked.named_graphs,
            form=asked.form,
            base=address,
        )
        await engine.answer(exchange, job, asked.seconds)
    elif isinstance(asked, UpdateAsked):
        exchange.asked = asked.text
        check_token(exchange, engine.settings.token)
        write = Write(
            kind="update",
            data=asked.text.encode(),
            using=asked.using,
            using_named=asked.using_named,
            base_iri=address,
            wait=engine.settings.limits.max_seconds,
        )
        await engine.write(exchange, write)
        await exchange.answer_empty(204)
    elif choose(exchange.accept, PAGES) is HTML:
        await show_editor(engine, exchange, None)
    else:
        await _describe(engine, exchange, address)


async def _describe(engine: Engine, exchange: Exchange, address: str) -> None:
    offer = choose(exchange.accept, GRAPHS)
    if offer is None:
        known = ", ".join(each.media_type for each in GRAPHS)
        raise RefusalError(406, f"the description of this endpoint can be had as {known}")
    body = await asyncio.to_thread(_description, engine, address, offer)
    await exchange.answer(200, offer.content_type.encode(), body, [VARY])


def _description(engine: Engine, address: str, offer: Offer) -> bytes:
    """Return what the endpoint says of itself, with the saved queries where the graph has them."""
    # How large a store elsewhere is, it would have to count at each request.
    graph = None if engine.settings.source.endpoint else engine.graph
    stored = () if graph is None else graph.store.named_graphs()
    names = [name.value for name in stored if isinstance(name, NamedNode)]
    triples = describe(
        address,
        statements=None if graph is None else int(graph.manifest["quads"]),
        named_graphs=names,
        writable=bool(engine.settings.token),
        federated=bool(engine.settings.source.services),
    )
    base = str((graph and graph.manifest.get("base_iri")) or DEFAULT_BASE)
    if graph is None or queries_graph(base) in names:
        triples += describe_examples(address, base)
    assert isinstance(offer.form, RdfFormat)  # noqa: S101
    return serialize(triples, format=offer.form, prefixes=PREFIXES) or b""
