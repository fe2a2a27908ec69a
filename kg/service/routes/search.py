"""Floor 10: `/search` and `/suggest`: what the graph has by words, and names as they are typed."""

from collections.abc import Mapping

from kg.errors import QueryError
from kg.search import KINDS, LONGEST_QUERY, Place, find_index, find_older_index
from kg.service.engine import Engine
from kg.service.exchange import Exchange
from kg.service.indexing import FOLDER
from kg.service.messages import Search, Suggest
from kg.service.negotiation import HTML, Offer, choose
from kg.service.protocol import RefusalError, decode_parameters, single

SEARCH_PATHS = frozenset(("/search",))
SUGGEST_PATHS = frozenset(("/suggest",))

# What else there is, is told apart by the worker.
_FORMS = (Offer(name="json", media_type="application/json", form=None), HTML)
_MOST = 1_000
_HITS = 20
_NAMES = 10


async def answer_search(engine: Engine, exchange: Exchange) -> None:
    """Answer `/search?q=WORDS&type=entity|paper|sentence&limit=N&after=PLACE`.

    Raises:
        RefusalError: if it cannot be answered.
    """
    exchange.check_method("GET", "HEAD")
    is_page = choose(exchange.accept, _FORMS) is HTML
    exchange.as_problem = not is_page
    given = _read(exchange.query_string)
    text = _words(given)
    kind = given.get("type", "")
    if kind and kind not in KINDS:
        raise RefusalError(422, f"type is {', '.join(KINDS[:-1])} or {KINDS[-1]}, or left out")
    after = given.get("after", "")
    try:
        if after:
            Place.read(after)
    except QueryError as error:
        raise RefusalError(422, str(error)) from error
    exchange.asked = text
    job = engine.question(
        Search,
        exchange,
        text=text,
        only=kind,
        limit=_limit(given, _HITS),
        after=after,
        form=given.get("format", ""),
        index=_index(engine),
    )
    await engine.answer(exchange, job)


async def answer_suggest(engine: Engine, exchange: Exchange) -> None:
    """Answer `/suggest?q=BEGINNING&limit=N`.

    Raises:
        RefusalError: if it cannot be answered.
    """
    exchange.as_problem = True
    exchange.check_method("GET", "HEAD")
    given = _read(exchange.query_string)
    text = _words(given, is_unfinished=True)
    exchange.asked = text
    job = engine.question(
        Suggest,
        exchange,
        text=text,
        limit=_limit(given, _NAMES),
        form=given.get("format", ""),
        base="",
        index=_index(engine),
    )
    await engine.answer(exchange, job)


def _index(engine: Engine) -> str:
    """Return where the index is that is to be asked: the newest one there is; else nothing."""
    if engine.settings.source.endpoint:
        return ""
    folder, generation = engine.settings.source.folder, engine.graph.generation
    spare = engine.settings.state / FOLDER
    found = find_index(folder, generation, spare) or find_older_index(folder, generation, spare)
    return str(found or "")


def _read(query_string: str) -> Mapping[str, str]:
    parameters = decode_parameters(query_string)
    return {name: single(parameters, name) for name in parameters}


def _words(given: Mapping[str, str], *, is_unfinished: bool = False) -> str:
    text = given.get("q")
    if text is None or not (text.strip() or is_unfinished):
        raise RefusalError(400, "what is looked for? give words as ?q=")
    if len(text) > LONGEST_QUERY:
        raise RefusalError(422, f"q may have {LONGEST_QUERY:,} characters, not {len(text):,}")
    return text


def _limit(given: Mapping[str, str], usual: int) -> int:
    text = given.get("limit", str(usual))
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= _MOST):
        raise RefusalError(422, f"limit is a number from 1 to {_MOST:,}")
    return int(text)
