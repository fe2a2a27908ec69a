"""Floor 10: what is at which address; each module answers the requests to its own."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from kg.service.engine import Engine
from kg.service.exchange import Exchange
from kg.service.routes import (
    editor,
    monitor,
    network,
    pages,
    queries,
    search,
    sparql,
    static,
    store,
    things,
)

_Answer = Callable[[Engine, Exchange], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Route:
    """Addresses that are answered alike, and counted under a name.

    Those that are not `limited` may be asked however often.
    """

    name: str
    answer: _Answer
    paths: frozenset[str] = frozenset()
    below: str = ""
    limited: bool = True

    def has(self, path: str) -> bool:
        """Tell whether a path is one of these addresses."""
        return path in self.paths or bool(self.below and f"{path}/".startswith(f"{self.below}/"))


_ROUTES = (
    Route("/sparql", sparql.answer_sparql, paths=sparql.PATHS),
    Route("/store", store.answer_store, below="/store"),
    Route("/static", static.answer_static, below="/static"),
    Route("/", things.answer_dataset, paths=things.HOME),
    Route("/entity", things.answer_thing, paths=frozenset((things.ENTITY,))),
    Route("/queries", queries.answer_queries, below=queries.PATH),
    Route("/editor", editor.answer_editor, paths=frozenset((editor.PATH,))),
    Route("/editor.json", editor.answer_terms, paths=frozenset((editor.TERMS_PATH,))),
    Route("/graph", network.answer_page, paths=frozenset((network.PATH,))),
    Route("/graph.json", network.answer_data, paths=frozenset((network.DATA_PATH,))),
    Route("/openapi.json", queries.answer_openapi, paths=frozenset((queries.OPENAPI_PATH,))),
    Route("/search", search.answer_search, paths=search.SEARCH_PATHS),
    Route("/suggest", search.answer_suggest, paths=search.SUGGEST_PATHS),
    Route("/papers", pages.answer_papers, paths=pages.PAPERS),
    Route("/entities", pages.answer_entities, paths=pages.ENTITIES),
    Route("/connect", pages.answer_connect, paths=pages.CONNECT),
    Route("/about", pages.answer_about, paths=pages.ABOUT),
    Route("/healthz", monitor.answer_health, paths=frozenset(("/healthz",)), limited=False),
    Route("/readyz", monitor.answer_readiness, paths=frozenset(("/readyz",)), limited=False),
    Route("/metrics", monitor.answer_metrics, paths=frozenset(("/metrics",)), limited=False),
)
_THING = Route("thing", things.answer_thing)


def find_route(path: str) -> Route:
    """Return what answers requests to a path: at any that is no other's, a thing may be described.

    >>> find_route("/store/people").name, find_route("/storehouse").name
    ('/store', 'thing')
    """
    return next((route for route in _ROUTES if route.has(path)), _THING)
