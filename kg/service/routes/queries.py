"""Floor 10: `/queries`: the saved queries, what each takes and gives, and their answers."""

from collections.abc import Mapping, Sequence

from kg.service.asked import read_saved
from kg.service.engine import Engine
from kg.service.exchange import Exchange
from kg.service.messages import ApiDescription, Saved, SavedList, SavedPage
from kg.service.negotiation import GRAPHS, HTML, ROWS, choose
from kg.service.protocol import RefusalError, Request, decode_parameters

PATH = "/queries"
OPENAPI_PATH = "/openapi.json"

_LONGEST_NAME = 200
_OFFERS = (*ROWS, *GRAPHS, HTML)


async def answer_queries(engine: Engine, exchange: Exchange) -> None:
    """Answer a saved query, or say which there are.

        /queries                      which there are
        /queries/NAME                 the answer of one
        /queries/NAME/description     what it takes and gives
        /queries/NAME/sparql          the query that is asked, its parameters put in

    The first two are pages for a browser.

    Raises:
        RefusalError: if that cannot be.
    """
    exchange.as_problem = True
    name, _, part = exchange.path.removeprefix(PATH).strip("/").partition("/")
    if part not in ("", "description", "sparql") or len(name) > _LONGEST_NAME:
        raise RefusalError(404, f"there is nothing at {exchange.path[:200]}")
    if not part and exchange.method in ("GET", "HEAD"):
        parameters = decode_parameters(exchange.query_string)
        if _wants_page(exchange, parameters):
            await _answer_page(engine, exchange, name, parameters)
            return
    if not name or part == "description":
        exchange.check_method("GET", "HEAD")
        parameters = decode_parameters(exchange.query_string)
        form = ",".join(parameters.get("format", ()))
        await engine.answer(exchange, engine.question(SavedList, exchange, name=name, form=form))
        return
    exchange.check_method("GET", "HEAD", "POST")
    asked = read_saved(
        Request(
            method=exchange.method,
            query_string=exchange.query_string,
            headers=exchange.headers,
            body=await exchange.body() if exchange.method == "POST" else b"",
        )
    )
    exchange.asked = f"{name} {exchange.query_string}"
    job = engine.question(
        Saved,
        exchange,
        name=name,
        given=asked.given,
        form=part or asked.form,
    )
    await engine.answer(exchange, job, asked.seconds)


def _wants_page(exchange: Exchange, parameters: Mapping[str, Sequence[str]]) -> bool:
    """Tell whether a person asks, with a browser: the one where nothing is asked for is JSON."""
    if "format" in parameters:
        return parameters["format"] == [HTML.name]
    return choose(exchange.accept, _OFFERS) is HTML


async def _answer_page(
    engine: Engine, exchange: Exchange, name: str, parameters: Mapping[str, Sequence[str]]
) -> None:
    exchange.as_problem = False
    # A field that was left empty gives nothing.
    given = {
        key.replace("-", "_"): tuple(filter(None, map(str.strip, values)))
        for key, values in sorted(parameters.items())
        if key not in ("format", "timeout", "build")
    }
    exchange.asked = f"{name} {exchange.query_string}" if name else ""
    job = engine.question(
        SavedPage,
        exchange,
        accept="",
        name=name,
        given=tuple((key, values) for key, values in given.items() if values),
        is_asked=bool(given),
        build="".join(parameters.get("build", ()))[:_LONGEST_NAME],
    )
    await engine.answer(exchange, job)


async def answer_openapi(engine: Engine, exchange: Exchange) -> None:
    """Say what can be asked of the server, as OpenAPI.

    Raises:
        RefusalError: if the method is none of those that read.
    """
    exchange.as_problem = True
    exchange.check_method("GET", "HEAD")
    await engine.answer(exchange, engine.question(ApiDescription, exchange))
