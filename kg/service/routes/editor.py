"""Floor 10: `/editor`: the page on which queries are written; `/editor.json` is for its script."""

from kg.service.engine import Engine
from kg.service.exchange import Exchange
from kg.service.messages import Editor, EditorTerms
from kg.service.protocol import QueryAsked, RefusalError, decode_parameters

PATH = "/editor"
TERMS_PATH = "/editor.json"

_OPTIONS = frozenset(("query", "saved", "view", "run"))


async def answer_editor(engine: Engine, exchange: Exchange) -> None:
    """Give the page: `?query=` puts a query into it, `?saved=NAME` a saved one.

    The other parameters are those of the saved query.

    Raises:
        RefusalError: if it cannot be had.
    """
    exchange.check_method("GET", "HEAD")
    parameters = decode_parameters(exchange.query_string)
    for name in _OPTIONS:
        if len(parameters.get(name, ())) > 1:
            raise RefusalError(400, f"{name} is given {len(parameters[name])} times")
    saved = parameters.get("saved", [""])[0]
    given = tuple(
        (name.replace("-", "_"), tuple(filter(None, values)))
        for name, values in sorted(parameters.items())
        if name not in _OPTIONS and any(values)
    )
    job = engine.question(
        Editor,
        exchange,
        accept="",
        text="" if saved else parameters.get("query", [""])[0],
        saved=saved,
        given=given if saved else (),
    )
    await engine.answer(exchange, job)


async def show_editor(engine: Engine, exchange: Exchange, asked: QueryAsked | None) -> None:
    """Give the page at the address of the endpoint: with the answer, where a query was sent."""
    if asked is None:
        await engine.answer(exchange, engine.question(Editor, exchange, accept=""))
        return
    job = engine.question(
        Editor,
        exchange,
        accept="",
        text=asked.text,
        run=True,
        default_graphs=asked.default_graphs,
        named_graphs=asked.named_graphs,
    )
    await engine.answer(exchange, job, asked.seconds)


async def answer_terms(engine: Engine, exchange: Exchange) -> None:
    """Give what an editor completes.

    Raises:
        RefusalError: if the method is none of those that read.
    """
    exchange.as_problem = True
    exchange.check_method("GET", "HEAD")
    await engine.answer(exchange, engine.question(EditorTerms, exchange, accept="", base=""))
