"""Floor 8: saved queries by theme, as a person looks for them. Pure."""

from collections.abc import Iterable

from kg.queries.saved import SavedQuery

_PAPERS = "Papers and their sentences"
_SAID = "What papers say"
_TOGETHER = "What is mentioned together"
_ENTITIES = "Entities and their names"
_ONLINE = "With databases elsewhere"
_OTHERS = "Other questions"

THEMES = (_PAPERS, _SAID, _TOGETHER, _ENTITIES, _OTHERS, _ONLINE)
"""In the order in which they are listed."""

_OF_WORD = {
    "papers": _PAPERS,
    "sentences": _PAPERS,
    "authors": _PAPERS,
    "topic": _PAPERS,
    "assertions": _SAID,
    "regulation": _SAID,
    "co-mention": _TOGETHER,
    "genes": _TOGETHER,
    "entities": _ENTITIES,
    "entity": _ENTITIES,
}


def theme_of(query: SavedQuery) -> str:
    """Return what a query is about: what it asks elsewhere, else by the first of its keywords."""
    if query.online:
        return _ONLINE
    return next((_OF_WORD[word] for word in query.keywords if word in _OF_WORD), _OTHERS)


def by_theme(queries: Iterable[SavedQuery]) -> list[tuple[str, list[SavedQuery]]]:
    """Return queries by theme, in the order of their names; no theme is empty."""
    found: dict[str, list[SavedQuery]] = {theme: [] for theme in THEMES}
    for query in sorted(queries, key=lambda query: query.name):
        found[theme_of(query)].append(query)
    return [(theme, some) for theme, some in found.items() if some]
