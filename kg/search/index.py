"""Floor 7: asks the text index of a generation."""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from kg.errors import SearchError
from kg.search.asking import (
    LONGEST_QUERY,
    Named,
    Unit,
    loosened,
    match_all,
    match_any,
    match_beginning,
    match_names,
    read_units,
)
from kg.search.building import ENTITY, OTHER, PAPER, SYNONYM, VERSION
from kg.search.found import KINDS, Found, Kind, Match, Place, Suggestion, Taken
from kg.search.hits import read_hits
from kg.search.words import beginning_of, unfinished_words, words_of

_PAPER_COLUMNS = "title authors keys text"
_WHOLE = 1_000_000
"""The relevance of the best hit of a kind; what is named in the query stands above it."""
_MOST_THINGS = 8
_MOST_OTHERS = 12
_CLEAR = 5
"""Letters from which a name without a digit is looked for in place of another."""

_MATCHES = {
    Kind.ENTITY: """
      SELECT thing AS id, max(score) AS score, max(bonus) AS bonus FROM (
        SELECT thing, weight * (1 - 0.1 * level) * -rank AS score, 0 AS bonus
        FROM name_words JOIN name ON name.id = name_words.rowid
        WHERE name_words MATCH :match AND level < :other
        UNION ALL SELECT id, 0, bonus FROM named WHERE kind = :number
      ) GROUP BY thing""",
    Kind.PAPER: """
      SELECT id, max(score) AS score, max(bonus) AS bonus FROM (
        SELECT rowid AS id, -rank AS score, 0 AS bonus FROM paper_words
        WHERE paper_words MATCH :match AND rank MATCH 'bm25(10.0, 6.0, 10.0, 1.0, 2.0)'
        UNION ALL SELECT id, 0, bonus FROM named WHERE kind = :number
      ) GROUP BY id""",
    Kind.SENTENCE: """
      SELECT rowid AS id, -rank AS score, 0 AS bonus FROM sentence_words
      WHERE sentence_words MATCH :match AND rank MATCH 'bm25(1.0, 0.6)'""",
}
# What is alike is told entities first, which are fewest.
_SHARES = {Kind.ENTITY: 1.0, Kind.PAPER: 0.95, Kind.SENTENCE: 0.6}
_PAGE = """
WITH found AS ({matches}),
  best AS (SELECT count(*) AS hits, max(score) AS most FROM found),
  ranked AS (
    SELECT id, CASE WHEN bonus > 0 THEN bonus ELSE CAST(:share * score / most AS INTEGER) END
      AS relevance FROM found, best)
SELECT hits, id, relevance FROM best LEFT JOIN (
  SELECT id, relevance FROM ranked
  WHERE (-relevance, :number, id) > (:after_relevance, :after_kind, :after_id)
  ORDER BY relevance DESC, id LIMIT :limit) ON true
"""
_DAMAGED = (
    "the text index is damaged ({}); remove the folder search/ of its generation, "
    "and it is made again"
)
_LESS = 0.5
"""What hits count for that do not have all that was asked for."""
_BEFORE_ALL = Place(-9 * _WHOLE, 0, 0)
_COUNT = "SELECT count(*) FROM ({matches})"
_SUGGESTED = """
SELECT name.thing, name.name FROM name_words JOIN name ON name.id = name_words.rowid
WHERE name_words MATCH ? LIMIT ?
"""


class Index:
    """The text index of a generation, open for reading; made by `kg.search.build_index`.

    Use it in a `with`, and in one thread.
    """

    def __init__(self, path: Path) -> None:
        """Open an index.

        Raises:
            SearchError: if there is none that is whole.
        """
        address = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
        try:
            self._database = sqlite3.connect(address, uri=True, isolation_level=None)
            version, self.generation = self._one("SELECT version, generation FROM about")
            self._database.execute("PRAGMA temp_store=MEMORY")
            self._database.execute(
                "CREATE TEMP TABLE named(id INTEGER PRIMARY KEY, kind INTEGER, bonus INTEGER)"
            )
        except (sqlite3.Error, TypeError) as error:
            raise SearchError(f"the text index cannot be opened ({error})") from error
        if version != VERSION:
            raise SearchError("the text index is one of another version")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def search(
        self, query: str, kind: Kind | None = None, *, limit: int = 20, after: Place | None = None
    ) -> Found:
        """Return a page of what a query finds, best first; `kind` gives one kind of things alone.

        Where nothing has all that is asked for, the last word may go on; where that gives nothing
        either, hits have a part of it.

        Raises:
            SearchError: if the index is damaged.
        """
        try:
            return self._search(query[:LONGEST_QUERY], kind, limit, after)
        except sqlite3.Error as error:
            raise SearchError(_DAMAGED.format(error)) from error

    def suggest(self, text: str, *, limit: int = 10) -> list[Suggestion]:
        """Return names that begin as a text does, one for each thing, the most mentioned first.

        What is called exactly so comes before all; where there is room, names with a word that
        begins so come last.

        Raises:
            SearchError: if the index is damaged.
        """
        words = unfinished_words(text[:LONGEST_QUERY])
        if not words:
            return []
        try:
            return self._suggest(words, limit)
        except sqlite3.Error as error:
            raise SearchError(_DAMAGED.format(error)) from error

    def _one(self, query: str, *values: object) -> tuple[int, str]:
        row: tuple[int, str] = self._database.execute(query, values).fetchone()
        return row

    def _search(self, query: str, kind: Kind | None, limit: int, after: Place | None) -> Found:
        units = read_units(query, self._find)
        if not units:
            return Found(
                hits=(), counts=dict.fromkeys(KINDS, 0), matched=dict.fromkeys(KINDS, Match.ALL)
            )
        self._name(query, units)
        counts: dict[Kind, int] = {}
        matched: dict[Kind, Match] = {}
        asked: dict[Kind, Sequence[Unit]] = {}
        places: list[Place] = []
        for each in KINDS:
            most = limit if kind in (None, each) else 0
            counts[each], matched[each], asked[each], page = self._find_kind(
                each, units, most, after or _BEFORE_ALL
            )
            places += page
        places.sort()
        more = len(places) > limit
        return Found(
            hits=tuple(read_hits(self._database, places[:limit], asked)),
            counts=counts,
            taken=tuple(self._taken(units)),
            matched=matched,
            after=places[limit - 1] if more else None,
        )

    def _find(self, words: str) -> Sequence[Named]:
        rows = self._database.execute(
            "SELECT thing, level FROM name JOIN thing ON thing.id = thing WHERE words = ? "
            "AND kind <> ? ORDER BY level, name.id LIMIT ?",
            (words, PAPER, _MOST_THINGS),
        ).fetchall()
        return [
            Named(thing=thing, level=level, others=tuple(self._others(thing)))
            for thing, level in rows
            if level == rows[0][1]
        ]

    def _others(self, thing: int) -> Iterator[str]:
        """Yield names of an entity that are no other's, and mean it wherever they stand."""
        rows = self._database.execute(
            "SELECT words FROM name AS mine WHERE thing = ?1 AND level <= ?2 AND NOT EXISTS ("
            "SELECT 1 FROM name WHERE words = mine.words AND thing <> ?1 AND level <= ?2) "
            "ORDER BY level, id LIMIT ?3",
            (thing, SYNONYM, _MOST_OTHERS),
        )
        for (words,) in rows:
            if len(words) >= _CLEAR or any(char.isdigit() for char in words):
                yield words

    def _name(self, query: str, units: Sequence[Unit]) -> None:
        """Put down what the query names, whole or in part, which stands above what matches."""
        whole = 2 * _WHOLE if len(units) == 1 else 0
        named = {
            each.thing: _WHOLE + 1 + whole + (10 - each.level) * 10_000
            for unit in units
            for each in unit.named
            if each.level < OTHER
        }
        rows = []
        for thing, bonus in named.items():
            papers = self._papers(thing)
            # A part of the query that is also the name of what no paper mentions is a word.
            if papers or whole:
                rows.append((thing, ENTITY, bonus + min(papers, 9_999)))
        key = words_of(query)
        found = self._database.execute(
            "SELECT thing.id, label, curie FROM name JOIN thing ON thing.id = thing "
            "WHERE words = ? AND kind = ? LIMIT 100",
            (words_of(beginning_of(query)).rstrip(), PAPER),
        ).fetchall()
        rows += [
            (number, PAPER, 3 * _WHOLE)
            for number, label, curie in found
            if key in (words_of(label), words_of(curie))
        ]
        self._database.execute("DELETE FROM named")
        self._database.executemany("INSERT OR REPLACE INTO named VALUES (?, ?, ?)", rows)

    def _papers(self, thing: int) -> int:
        (papers,) = self._database.execute(
            "SELECT papers FROM thing WHERE id = ?", (thing,)
        ).fetchone()
        return int(papers)

    def _find_kind(
        self, kind: Kind, units: Sequence[Unit], limit: int, after: Place
    ) -> tuple[int, Match, Sequence[Unit], list[Place]]:
        """Return how many hits of a kind there are, how they match what, and the first of them."""
        for match, expression, tried in _attempts(kind, units):
            share = _SHARES[kind] * (1 if match is Match.ALL else _LESS)
            count, page = self._page(kind, expression, share, limit, after)
            if count:
                return count, match, tried, page
        return 0, Match.ALL, units, []

    def _page(
        self, kind: Kind, expression: str, share: float, limit: int, after: Place
    ) -> tuple[int, list[Place]]:
        """Return how many hits of a kind there are, and where those of a page, and one, stand."""
        matches = _MATCHES[kind]
        number = KINDS.index(kind)
        values = {"match": expression, "number": number, "other": OTHER}
        if not limit:
            (count,) = self._database.execute(_COUNT.format(matches=matches), values).fetchone()
            return count, []
        rows = self._database.execute(
            _PAGE.format(matches=matches),
            {
                **values,
                "share": share * _WHOLE,
                "after_relevance": after.relevance,
                "after_kind": after.kind,
                "after_id": after.number,
                "limit": limit + 1,
            },
        ).fetchall()
        places = [Place(-relevance, number, row) for _, row, relevance in rows if row is not None]
        return rows[0][0], places

    def _taken(self, units: Sequence[Unit]) -> list[Taken]:
        taken: dict[tuple[str, str, str], Taken] = {}
        for unit in units:
            for each in unit.named:
                iri, curie, label = self._database.execute(
                    "SELECT iri, curie, label FROM thing WHERE id = ?", (each.thing,)
                ).fetchone()
                found = Taken(text=unit.text, iri=iri, curie=curie, label=label)
                # Authors have one name as often as there are bylines with other marks of them.
                taken.setdefault((unit.text, curie, label), found)
        return list(taken.values())

    def _suggest(self, words: Sequence[str], limit: int) -> list[Suggestion]:
        exact = self._database.execute(
            "SELECT thing, name FROM name WHERE words = ? ORDER BY level, id LIMIT ?",
            (words[0], limit),
        ).fetchall()
        names = dict(reversed(exact))
        names = {thing: names[thing] for thing, _ in exact}
        for at_start in (True, False):
            if len(names) >= limit:
                break
            # Several names of one thing may match.
            match = match_beginning(words, at_start=at_start)
            for thing, name in self._database.execute(_SUGGESTED, (match, 10 * limit)):
                names.setdefault(thing, name)
        return [self._suggestion(thing, name) for thing, name in list(names.items())[:limit]]

    def _suggestion(self, thing: int, name: str) -> Suggestion:
        iri, curie, kind, cls, label, papers = self._database.execute(
            "SELECT iri, curie, kind, class, label, papers FROM thing WHERE id = ?", (thing,)
        ).fetchone()
        return Suggestion(
            name=label if kind == PAPER else name,
            iri=iri,
            curie=curie,
            kind=("entity", "paper", "author")[kind],
            cls=cls,
            label=label,
            papers=papers,
        )


def _attempts(kind: Kind, units: Sequence[Unit]) -> Iterator[tuple[Match, str, Sequence[Unit]]]:
    """Yield ways to look for units until something is found, each with its expression."""
    entities = kind is Kind.ENTITY
    columns = _PAPER_COLUMNS if kind is Kind.PAPER else "words"

    def all_of(asked: Sequence[Unit]) -> str:
        return match_names(asked) if entities else match_all(asked, columns)

    yield Match.ALL, all_of(units), units
    loose = loosened(units)
    if loose is not None:
        yield Match.BEGINNING, all_of(loose), loose
    if len(units) > 1:
        any_of = match_names(units, " OR ") if entities else match_any(units, columns)
        yield Match.ANY, any_of, units
