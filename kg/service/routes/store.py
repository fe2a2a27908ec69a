"""Floor 10: `/store`: the SPARQL 1.1 Graph Store HTTP Protocol."""

from uuid import uuid4

from pyoxigraph import NamedNode, RdfFormat

from kg.service.engine import Engine
from kg.service.exchange import Exchange
from kg.service.graphstore import PATH, GraphAsked, read_graph
from kg.service.messages import NamedGraph, Write
from kg.service.multipart import MULTIPART
from kg.service.protocol import UPDATE, RefusalError, Request, text_of
from kg.service.tokens import check_token


async def answer_store(engine: Engine, exchange: Exchange) -> None:
    """Give a graph, or change it.

    Raises:
        RefusalError: if that cannot be.
    """
    method = exchange.method
    address = f"{exchange.base}{PATH}"
    asked = read_graph(method, exchange.path, exchange.query_string, address)
    if method in ("GET", "HEAD"):
        await _give(engine, exchange, asked)
        return
    check_token(exchange, engine.settings.token)
    media_type = _patch_type(exchange) if method == "PATCH" else _media_type(exchange.headers)
    graph = f"{address}/{uuid4()}" if asked.is_new else asked.iri
    data = b"" if method == "DELETE" else await exchange.body()
    if method == "PATCH":
        if graph:
            _check_name(graph)
        request = Request(method=method, query_string="", headers=exchange.headers, body=data)
        exchange.asked = text_of(request)
        data = exchange.asked.encode()
    write = Write(
        kind=method.lower(),
        data=data,
        media_type=media_type,
        graph=graph,
        base_iri=graph or f"{address}?default",
        wait=engine.settings.limits.max_seconds,
    )
    done = await engine.write(exchange, write)
    location = [(b"location", graph.encode())] if asked.is_new else []
    await exchange.answer_empty(201 if done.created or asked.is_new else 204, location)


async def _give(engine: Engine, exchange: Exchange, asked: GraphAsked) -> None:
    if asked.iri:
        _check_name(asked.iri)
    exchange.asked = f"GRAPH <{asked.iri}>"
    job = engine.question(NamedGraph, exchange, iri=asked.iri, form=asked.form, base="")
    await engine.answer(exchange, job)


def _check_name(iri: str) -> None:
    try:
        NamedNode(iri)
    except ValueError as error:
        raise RefusalError(400, f"'{iri[:200]}' is no IRI that a graph can have") from error


def _patch_type(exchange: Exchange) -> str:
    """Return the media type of what is to be done to a graph."""
    media_type = exchange.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != UPDATE:
        raise RefusalError(
            415,
            f"a graph is changed by {UPDATE}, not by {media_type[:100] or 'something untyped'}",
            [("accept-patch", UPDATE)],
        )
    return media_type


def _media_type(headers: dict[str, str]) -> str:
    """Return the media type of statements that are sent; that of a form is kept whole."""
    whole = headers.get("content-type", "text/turtle")
    media_type = whole.partition(";")[0].strip().lower()
    if media_type == MULTIPART:
        return f"{MULTIPART};{whole.partition(';')[2]}"
    if RdfFormat.from_media_type(media_type) is None:
        raise RefusalError(415, f"'{media_type[:100]}' is no media type of RDF that can be read")
    return media_type
