"""Floor 10: `/papers`, `/entities`, `/connect`, `/about`: pages for people, of no one thing."""

from kg.service.engine import Engine
from kg.service.exchange import Exchange
from kg.service.messages import About, Connect, Entities, Papers
from kg.service.negotiation import HTML, choose
from kg.service.protocol import RefusalError
from kg.service.routes.things import answer_known, read_parameters

PAPERS = frozenset(("/papers",))
ENTITIES = frozenset(("/entities",))
CONNECT = frozenset(("/connect",))
ABOUT = frozenset(("/about",))

_LONGEST_NAME = 500


async def answer_papers(engine: Engine, exchange: Exchange) -> None:
    """Answer `/papers?mentions=HGNC:6023&year=2009&below=yes&after=PLACE`.

    Raises:
        RefusalError: if it cannot be answered.
    """
    given = _read(exchange)
    year = given.get("year", "").strip()
    if year and not (year.isascii() and year.isdigit() and len(year) <= _DIGITS):
        raise RefusalError(400, "year is a number such as 2009, or 0 for papers without one")
    job = engine.question(
        Papers,
        exchange,
        **_AS_PAGE,
        mentions=given.get("mentions", "").strip(),
        year=str(int(year)) if year else "",
        below=given.get("below") == "yes",
        after=given.get("after", ""),
    )
    await answer_known(engine, exchange, job)


async def answer_entities(engine: Engine, exchange: Exchange) -> None:
    """Answer `/entities?type=Gene&after=PLACE`.

    Raises:
        RefusalError: if it cannot be answered.
    """
    given = _read(exchange)
    job = engine.question(
        Entities,
        exchange,
        **_AS_PAGE,
        only=given.get("type", "").strip(),
        after=given.get("after", ""),
    )
    await answer_known(engine, exchange, job)


async def answer_connect(engine: Engine, exchange: Exchange) -> None:
    """Answer `/connect?a=IL-7&b=STAT5`.

    Raises:
        RefusalError: if it cannot be answered.
    """
    given = _read(exchange)
    names = {each: " ".join(given.get(each, "").split()) for each in ("a", "b")}
    if any(len(name) > _LONGEST_NAME for name in names.values()):
        raise RefusalError(422, f"a name may have {_LONGEST_NAME} characters")
    exchange.asked = " and ".join(names.values())
    job = engine.question(Connect, exchange, **_AS_PAGE, a=names["a"], b=names["b"])
    await answer_known(engine, exchange, job)


async def answer_about(engine: Engine, exchange: Exchange) -> None:
    """Answer `/about`.

    Raises:
        RefusalError: if it cannot be answered.
    """
    _read(exchange)
    await answer_known(engine, exchange, engine.question(About, exchange, **_AS_PAGE))


# All who have pages have the same.
_AS_PAGE = {"accept": "", "form": HTML.name}
_DIGITS = 9


def _read(exchange: Exchange) -> dict[str, str]:
    exchange.check_method("GET", "HEAD")
    if choose(exchange.accept, (HTML,)) is None:
        raise RefusalError(
            406, "this is a page for people, as text/html; programs ask /queries or /sparql"
        )
    return read_parameters(exchange)
