"""Floor 10: `/graph`: entities and what joins them, drawn; `/graph.json` is what is drawn."""

from collections.abc import Mapping, Sequence

from kg.descriptions.networks import MOST_EDGES
from kg.service.engine import Engine
from kg.service.exchange import Exchange
from kg.service.messages import Network, Quotes
from kg.service.protocol import RefusalError, decode_parameters

PATH = "/graph"
DATA_PATH = "/graph.json"

_MOST_ENTITIES = 40
_EDGES = 200
_LONGEST = 400
_LAST_YEAR = 9999


async def answer_page(engine: Engine, exchange: Exchange) -> None:
    """Give the page: `?entity=` as often as there are entities, by name, CURIE or IRI.

    Raises:
        RefusalError: if it cannot be had.
    """
    exchange.check_method("GET", "HEAD")
    parameters = decode_parameters(exchange.query_string)
    await engine.answer(exchange, _question(engine, exchange, parameters, "html"))


async def answer_data(engine: Engine, exchange: Exchange) -> None:
    """Give the network as JSON; with `?assertion=IRI`, the sentences that say so.

    Raises:
        RefusalError: if it cannot be had.
    """
    exchange.as_problem = True
    exchange.check_method("GET", "HEAD")
    parameters = decode_parameters(exchange.query_string)
    assertion = _one(parameters, "assertion")
    if assertion:
        job = engine.question(Quotes, exchange, accept="", assertion=assertion)
        await engine.answer(exchange, job)
        return
    if not _several(parameters, "entity"):
        raise RefusalError(400, "what is to be drawn? give ?entity=, a name or an identifier")
    await engine.answer(exchange, _question(engine, exchange, parameters, "json"))


def _question(
    engine: Engine, exchange: Exchange, parameters: Mapping[str, Sequence[str]], form: str
) -> Network:
    entities = _several(parameters, "entity")
    if len(entities) > _MOST_ENTITIES:
        raise RefusalError(400, f"a network has at most {_MOST_ENTITIES} entities in its middle")
    together = _one(parameters, "together")
    if together not in ("", "yes", "no"):
        raise RefusalError(400, "together is yes or no")
    exchange.asked = exchange.query_string
    return engine.question(
        Network,
        exchange,
        accept="",
        form=form,
        entities=entities,
        limit=_number(parameters, "limit", _EDGES, MOST_EDGES) or _EDGES,
        together=together,
        types=tuple(sorted(_several(parameters, "type"))),
        years=(
            _number(parameters, "from", 0, _LAST_YEAR),
            _number(parameters, "to", 0, _LAST_YEAR),
        ),
    )


def _several(parameters: Mapping[str, Sequence[str]], name: str) -> tuple[str, ...]:
    values = [each.strip() for each in parameters.get(name, ())]
    if any(len(each) > _LONGEST for each in values):
        raise RefusalError(400, f"{name} may have {_LONGEST} characters")
    return tuple(dict.fromkeys(filter(None, values)))


def _one(parameters: Mapping[str, Sequence[str]], name: str) -> str:
    values = _several(parameters, name)
    if len(values) > 1:
        raise RefusalError(400, f"{name} is given {len(values)} times")
    return values[0] if values else ""


def _number(parameters: Mapping[str, Sequence[str]], name: str, usual: int, most: int) -> int:
    text = _one(parameters, name)
    if not text:
        return usual
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and 0 <= int(text) <= most):
        raise RefusalError(400, f"{name} is a whole number up to {most:,}")
    return int(text)
