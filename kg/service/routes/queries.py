"""Floor 10: `/queries`: the saved queries, what each takes and gives, and their answers."""

from kg.service.asked import read_saved
from kg.service.engine import Engine
from kg.service.exchange import Exchange
from kg.service.messages import ApiDescription, Saved, SavedList
from kg.service.protocol import RefusalError, Request, decode_parameters

PATH = "/queries"
OPENAPI_PATH = "/openapi.json"

_LONGEST_NAME = 200


async def answer_queries(engine: Engine, exchange: Exchange) -> None:
    """Answer a saved query, or say which there are.

        /queries                      which there are
        /queries/NAME                 the answer of one
        /queries/NAME/description     what it takes and gives
        /queries/NAME/sparql          the query that is asked, its parameters put in

    Raises:
        RefusalError: if that cannot be.
    """
    exchange.as_problem = True
    name, _, part = exchange.path.removeprefix(PATH).strip("/").partition("/")
    if part not in ("", "description", "sparql") or len(name) > _LONGEST_NAME:
        raise RefusalError(404, f"there is nothing at {exchange.path[:200]}")
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


async def answer_openapi(engine: Engine, exchange: Exchange) -> None:
    """Say what can be asked of the server, as OpenAPI.

    Raises:
        RefusalError: if the method is none of those that read.
    """
    exchange.as_problem = True
    exchange.check_method("GET", "HEAD")
    await engine.answer(exchange, engine.question(ApiDescription, exchange))
