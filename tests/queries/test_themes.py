"""Saved queries by theme."""

from kg.queries import load_saved_queries
from kg.queries.themes import THEMES, by_theme, theme_of


def test_each_query_that_ships_has_a_theme_of_its_own() -> None:
    queries = load_saved_queries()
    themes = by_theme(queries.values())
    assert sorted(query.name for _, some in themes for query in some) == sorted(queries)
    assert "Other questions" not in dict(themes)
    assert [theme for theme, _ in themes] == [theme for theme in THEMES if theme in dict(themes)]
    assert theme_of(queries["papers-connecting"]) == "Papers and their sentences"
    assert all(query.online for query in dict(themes)["With databases elsewhere"])
