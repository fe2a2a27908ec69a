"""Floor 10: `/sentence/...`, `/HGNC:6023`, `/entity?iri=...`: what the graph says of a thing."""

from urllib.parse import parse_qsl, urlencode

from kg.service.engine import Engine
from kg.service.etags import etag_of
from kg.service.exchange import Exchange
from kg.service.messages import Asked, Dataset, Thing
from kg.service.negotiation import CITATIONS, PAGES, Offer, choose, named
from kg.service.protocol import RefusalError

ENTITY = "/entity"
HOME = frozenset(("/", "/.well-known/void"))

_LONGEST = 4_000
_OF_THING = ("predicate", "direction", "after")
_OTHERS = ("format", "redirect", "view")
_VIEWS = frozenset(("statements", "card"))


async def answer_dataset(engine: Engine, exchange: Exchange) -> None:
    """Give what the graph says of itself, as statements or as the home page.

    Raises:
        RefusalError: if that cannot be.
    """
    exchange.check_method("GET", "HEAD")
    parameters = read_parameters(exchange)
    job = engine.question(
        Dataset, exchange, accept="", form=_form(exchange, parameters, PAGES), path=exchange.path
    )
    await answer_known(engine, exchange, job)


async def answer_thing(engine: Engine, exchange: Exchange) -> None:
    """Give what the graph says of a thing.

    Raises:
        RefusalError: if that cannot be.
    """
    exchange.check_method("GET", "HEAD")
    parameters = read_parameters(exchange)
    iri = parameters.get("iri", "").strip()
    is_entity = exchange.path == ENTITY
    if is_entity and not iri:
        raise RefusalError(400, "which thing? give ?iri=, an IRI or a CURIE such as HGNC:6023")
    kept = {name: parameters[name] for name in (*_OF_THING, *_OTHERS) if name in parameters}
    job = engine.question(
        Thing,
        exchange,
        accept="",
        form=_form(exchange, parameters, (*PAGES, *CITATIONS)),
        path="" if is_entity else exchange.raw_path.lstrip("/"),
        iri=iri if is_entity else "",
        follow=parameters.get("redirect") != "no",
        view=parameters["view"] if parameters.get("view") in _VIEWS else "",
        rest=urlencode(kept),
        **{name: parameters[name] for name in _OF_THING if name in parameters},
    )
    await answer_known(engine, exchange, job)


async def answer_known(engine: Engine, exchange: Exchange, job: Asked) -> None:
    """Answer a question, or say that the client has the answer already."""
    etag = etag_of(job).encode()
    # It follows from what is asked of which generation, so that nothing need be looked up for it.
    if etag and exchange.has(etag):
        await exchange.answer_empty(304, [(b"etag", etag), (b"vary", b"accept")])
        return
    await engine.answer(exchange, job)


def _form(exchange: Exchange, parameters: dict[str, str], offers: tuple[Offer, ...]) -> str:
    """Return the name of the format that is wanted."""
    if "format" in parameters:
        offer = named(parameters["format"], offers)
    else:
        offer = choose(exchange.accept, offers)
    if offer is None:
        known = ", ".join(each.name for each in offers)
        raise RefusalError(406, f"this can be had as {known}; none of them was asked for")
    return offer.name


def read_parameters(exchange: Exchange) -> dict[str, str]:
    """Return the parameters of an address, none of them given twice.

    Raises:
        RefusalError: if that cannot be.
    """
    if len(exchange.query_string) + len(exchange.raw_path) > _LONGEST:
        raise RefusalError(414, f"an address may have {_LONGEST:,} characters")
    try:
        pairs = parse_qsl(
            exchange.query_string, keep_blank_values=True, errors="strict", max_num_fields=20
        )
    except ValueError as error:
        raise RefusalError(
            400, "the parameters are not percent-encoded UTF-8, or too many"
        ) from error
    if len(dict(pairs)) < len(pairs):
        raise RefusalError(400, "a parameter is given twice")
    return dict(pairs)
