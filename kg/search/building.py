"""Floor 7: makes the text index of a generation: a SQLite file with tables of FTS5.

    thing            entities, papers and authors: IRI, CURIE, class, label, in how many papers,
                     and of papers year and authors
    name             what entities and authors are called; `words` is the name as it is compared,
                     `level` how good a name it is. Good names of what many papers mention come
                     first, so that the first few that match are the best ones
    name_words       their words
    paper_words      of papers: title, authors and year, identifiers, the text of their sentences,
                     and the entities that they mention
    sentence         those of abstracts and snippets; a title is its paper's
    sentence_words   their words, and the entities that they mention

An entity that is mentioned stands among the words as one of its own, `e` and its number. A
sentence has the number of its paper in the upper digits of its own (`SENTENCE_BITS`).
"""

import math
import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from kg.errors import SearchError
from kg.namespaces import DCTERMS, DEFAULT_BASE, KG, RDFS, SKOS, iri_to_curie
from kg.rdf.nodes import CLASS_OF_TYPE
from kg.search.statements import Reader, text_of
from kg.search.words import beginning_of, words_of
from kg.store import Graph

VERSION = 1
"""Of the tables; an index of another one is made again."""

SENTENCE_BITS = 14
"""Sentences of a paper that are kept: two to the power of this."""

ENTITY, PAPER, AUTHOR = 0, 1, 2
"""Kinds of things."""

LABEL, SYNONYM, WORDING, LOOSE, OTHER = 0, 1, 2, 3, 4
"""Levels of names: label and CURIE; close synonym; how a paper words it; loose synonym; of what is
no entity (authors, and how titles begin)."""

_PREFIXES = {"dcterms": DCTERMS, "kg": KG, "rdfs": RDFS, "skos": SKOS}
_CLASSES = " ".join(f"kg:{name}" for name in CLASS_OF_TYPE.values())
_ENTITIES = (
    "SELECT ?e ?class ?label ?curie { ?e kg:curie ?curie ; rdfs:label ?label ; a ?class }",
    # What people wrote into the graph may have no CURIE.
    f"""SELECT ?e ?class ?label {{
      VALUES ?class {{ {_CLASSES} }}
      ?e a ?class ; rdfs:label ?label FILTER NOT EXISTS {{ ?e kg:curie ?curie }} }}""",
)
_NAMES_OF_ENTITIES = {
    SYNONYM: "SELECT ?e ?name { ?e skos:altLabel ?name }",
    LOOSE: "SELECT ?e ?name { ?e skos:hiddenLabel ?name }",
    WORDING: "SELECT ?e ?name { ?m kg:refersTo ?e ; kg:exact ?name }",
}
_PAPERS = "SELECT DISTINCT ?p { ?p a kg:Publication }"
_MENTIONS = "SELECT ?m ?e { ?m kg:refersTo ?e }"
_AUTHORS = (
    "SELECT ?a ?label (COUNT(*) AS ?papers) { ?p kg:author ?a . ?a rdfs:label ?label } "
    "GROUP BY ?a ?label"
)
_TABLES = """
CREATE TABLE about(version INTEGER, generation TEXT);
CREATE TABLE thing(
  id INTEGER PRIMARY KEY, kind INTEGER, iri TEXT, curie TEXT, class TEXT, label TEXT, year TEXT,
  papers INTEGER, byline TEXT);
CREATE TABLE name(id INTEGER PRIMARY KEY, thing INTEGER, level INTEGER, name TEXT, words TEXT,
  weight REAL);
CREATE TABLE sentence(id INTEGER PRIMARY KEY, iri TEXT, text TEXT);
CREATE VIRTUAL TABLE name_words
  USING fts5(words, content='', tokenize='ascii', prefix='1 2 3');
CREATE VIRTUAL TABLE paper_words
  USING fts5(title, authors, keys, text, things, content='', tokenize='ascii');
CREATE VIRTUAL TABLE sentence_words
  USING fts5(words, things, content='', tokenize='ascii');
CREATE TEMP TABLE said(thing INTEGER, level INTEGER, name TEXT, words TEXT);
CREATE TEMP TABLE paper(id INTEGER PRIMARY KEY, title TEXT, byline TEXT);
CREATE TEMP TABLE paper_key(paper INTEGER, words TEXT);
CREATE TEMP TABLE mention(paper INTEGER, thing INTEGER);
"""
_NAMES = (
    """UPDATE thing SET papers =
  (SELECT n FROM (SELECT thing, count(*) AS n FROM mention GROUP BY thing) AS m
   WHERE m.thing = thing.id) WHERE id IN (SELECT thing FROM mention)""",
    """INSERT INTO name(thing, level, name, words, weight)
  SELECT thing, level, name, words, weight(papers) FROM
    (SELECT thing, min(level) AS level, name, words FROM said
     WHERE words <> '' GROUP BY thing, words) AS said
    JOIN thing ON thing.id = said.thing
  ORDER BY papers * CASE level WHEN 0 THEN 1 WHEN 1 THEN 0.5 WHEN 4 THEN 1 ELSE 0.05 END DESC,
    level, thing, words""",
    "CREATE INDEX name_by_words ON name(words)",
    "CREATE INDEX name_by_thing ON name(thing)",
    "INSERT INTO name_words(rowid, words) SELECT id, words FROM name ORDER BY id",
)
_OF_PAPERS = (
    "CREATE INDEX temp.key_of ON paper_key(paper)",
    "CREATE INDEX temp.mention_of ON mention(paper)",
)
_OF_PAPER = """
SELECT title, byline,
  (SELECT group_concat(words, ' ') FROM paper_key WHERE paper_key.paper = paper.id),
  (SELECT group_concat('e' || thing, ' ') FROM mention WHERE mention.paper = paper.id)
FROM paper WHERE id = ?
"""
_ENDING = tuple(
    f"INSERT INTO {table}({table}) VALUES ('optimize')"  # noqa: S608 (names of our own)
    for table in ("name_words", "paper_words", "sentence_words")
)
_BATCH = 500
_PART = 500


def build_index(graph: Graph, path: Path) -> None:
    """Write the index of a generation to a file that is not there yet.

    Memory grows with the papers, entities and wordings of the graph, not with its sentences.

    Raises:
        SearchError: if SQLite has no FTS5, or the disk is full.
        QueryError, StoreError: if the graph cannot be read.
    """
    try:
        database = sqlite3.connect(path, isolation_level=None)
        try:
            with Reader(graph, _PREFIXES) as reader:
                _Builder(graph, database, reader).run()
        finally:
            database.close()
    except sqlite3.Error as error:
        if "fts5" in str(error):
            raise SearchError(
                "the SQLite of this Python has no FTS5, so there can be no text index; "
                "use another build of Python or of SQLite"
            ) from error
        raise SearchError(f"the text index could not be written ({error}); make room") from error
    except (OSError, RuntimeError) as error:
        raise SearchError(f"the graph could not be read for its index ({error})") from error


class _Builder:
    """Fills one index."""

    def __init__(self, graph: Graph, database: sqlite3.Connection, reader: Reader) -> None:
        self._graph = graph
        self._database = database
        self._reader = reader
        self._numbers: dict[str, int] = {}
        self._last = 0
        self._papers: list[str] = []
        self._wordings: dict[bytes, str] = {}
        self._whole: list[tuple[int, str, str, str, str, str]] = []
        self._texts: list[tuple[int, str, str]] = []
        self._words: list[tuple[int, str, str]] = []

    def run(self) -> None:
        database = self._database
        # Nobody reads the file before it is whole; what a crash leaves is thrown away.
        for setting in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-65536"):
            database.execute(f"PRAGMA {setting}")
        database.executescript(_TABLES)
        database.create_function("weight", 1, _weight, deterministic=True)
        self._reader.begin(*_ENTITIES, _PAPERS, *_NAMES_OF_ENTITIES.values(), _MENTIONS, _AUTHORS)
        # FTS5 would write what it has gathered at the end of each statement.
        database.execute("BEGIN")
        self._add_entities()
        self._add_papers()
        self._add_authors()
        for statement in (*_NAMES, *_OF_PAPERS):
            database.execute(statement)
        self._add_sentences()
        for statement in _ENDING:
            database.execute(statement)
        database.execute("INSERT INTO about VALUES (?, ?)", (VERSION, self._graph.generation))
        database.execute("COMMIT")

    def _rows(self, *queries: str) -> Iterator[list[str]]:
        return self._reader.rows(queries)

    def _of_papers(self, select: str, pattern: str) -> Iterator[str]:
        """Yield queries that select something of so many papers each, `?p`."""
        papers = self._papers
        for place in range(0, len(papers), _PART):
            iris = " ".join(f"<{iri}>" for iri in papers[place : place + _PART])
            yield f"SELECT {select} {{ VALUES ?p {{ {iris} }} {pattern} }}"

    def _add(self, table: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Add rows to a table; `table` is its name with a place for each of its values."""
        self._database.executemany(f"INSERT INTO {table}", rows)

    def _number(self, iri: str) -> int:
        """Return the number of a new thing."""
        self._last += 1
        self._numbers[iri] = self._last
        return self._last

    def _add_entities(self) -> None:
        known, others = _ENTITIES
        self._add_things(ENTITY, ([*row, "0"] for row in self._rows(known)))
        rows = self._rows(others)
        self._add_things(ENTITY, ([*row, iri_to_curie(row[0]) or "", "0"] for row in rows))
        for level, query in _NAMES_OF_ENTITIES.items():
            self._add_said(level, self._rows(query))

    def _add_things(self, kind: int, rows: Iterable[list[str]]) -> None:
        """Add entities or authors once: IRI, class, label, CURIE, number of papers."""
        level = LABEL if kind == ENTITY else OTHER
        said: list[tuple[int, int, str]] = []

        def things() -> Iterator[tuple[object, ...]]:
            for iri, group in groupby(rows, itemgetter(0)):
                found = list(group)
                if iri in self._numbers:
                    continue
                classes = {row[1].removeprefix(KG) for row in found if row[1].startswith(KG)}
                _, _, label, curie, papers = found[0]
                number = self._number(iri)
                main = min(classes, key=lambda name: (name == "Entity", name), default="")
                yield (number, kind, iri, curie, main, label, "", int(papers), "")
                names = sorted({curie, *(row[2] for row in found)})
                said.extend((number, level, name) for name in names)

        self._add("thing VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", things())
        self._say(said)

    def _add_said(self, level: int, rows: Iterable[list[str]]) -> None:
        numbers = self._numbers
        self._say((numbers[iri], level, name) for iri, name in rows if iri in numbers)

    def _say(self, said: Iterable[tuple[int, int, str]]) -> None:
        """Add names: of what, on which level, and the name."""
        self._add(
            "said VALUES (?, ?, ?, ?)",
            ((number, level, name, words_of(name).rstrip()) for number, level, name in said),
        )

    def _add_papers(self) -> None:
        self._papers = [iri for (iri,) in self._rows(_PAPERS)]
        rows = self._rows(
            *self._of_papers(
                "?p ?title ?also ?year ?byline",
                "OPTIONAL { ?p dcterms:title ?title } OPTIONAL { ?p dcterms:alternative ?also } "
                "OPTIONAL { ?p kg:year ?year } OPTIONAL { ?p kg:byline ?byline }",
            )
        )
        papers: list[tuple[int, str, str]] = []
        said: list[tuple[int, int, str]] = []
        keys: list[tuple[int, str]] = []

        def things() -> Iterator[tuple[object, ...]]:
            for iri, group in groupby(rows, itemgetter(0)):
                if iri in self._numbers:
                    continue
                _, title, also, year, byline = next(group)
                curie = iri_to_curie(iri) or ""
                number = self._number(iri)
                label = title or curie or iri
                yield (number, PAPER, iri, curie, "Publication", label, year, 1, byline)
                papers.append((number, f"{title} {also}", f"{byline} {year}"))
                keys.append((number, words_of(curie)))
                names = (beginning_of(title), beginning_of(also), curie)
                said.extend((number, OTHER, name) for name in names)

        self._add("thing VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", things())
        self._add("paper VALUES (?, ?, ?)", papers)
        self._say(said)
        self._add("paper_key VALUES (?, ?)", keys)
        numbers = self._numbers
        rows = self._rows(*self._of_papers("?p ?key", "?key dcterms:isReplacedBy ?p"))
        self._add("paper_key VALUES (?, ?)", self._read_keys(rows))
        rows = self._rows(*self._of_papers("?p ?e", "?p kg:mentions ?e"))
        self._add(
            "mention VALUES (?, ?)", ((numbers[p], numbers[e]) for p, e in rows if e in numbers)
        )

    def _read_keys(self, rows: Iterable[list[str]]) -> Iterator[tuple[int, str]]:
        """Yield the papers with the words of their other CURIEs."""
        ours = str(self._graph.manifest.get("base_iri") or DEFAULT_BASE)
        for iri, key in rows:
            curie = None if key.startswith(ours) else iri_to_curie(key)
            if curie is not None:
                yield self._numbers[iri], words_of(curie)

    def _add_authors(self) -> None:
        rows = self._rows(_AUTHORS)
        self._add_things(AUTHOR, ([iri, f"{KG}Author", label, "", n] for iri, label, n in rows))

    def _add_sentences(self) -> None:
        """Add the sentences, and the words of the papers, which come together."""
        numbers = self._numbers
        for mention, entity in self._rows(_MENTIONS):
            number = numbers.get(entity)
            if number is not None:
                self._wordings[f"<{mention}>".encode()] = f"e{number}"
        papers = self._database.execute(
            "SELECT iri, id, label FROM thing WHERE kind = ?", (PAPER,)
        ).fetchall()
        left = {f"<{iri}>".encode(): (number, title) for iri, number, title in papers}
        queries = self._of_papers(
            "?p ?s ?text ?m",
            "?s kg:inPublication ?p ; kg:text ?text OPTIONAL { ?s kg:hasMention ?m }",
        )
        rows = self._reader.terms(queries)
        for iri, group in groupby(rows, itemgetter(0)):
            self._add_paper(*left.pop(iri), group)
        for number, _ in left.values():
            self._add_paper_words(number, "")
        self._flush()

    def _add_paper(self, number: int, title: str, rows: Iterable[list[bytes]]) -> None:
        """Add the sentences of a paper but for its title, and its words."""
        place = number << SENTENCE_BITS
        end = place + (1 << SENTENCE_BITS)
        whole = []
        for iri, group in groupby(rows, itemgetter(1)):
            found = list(group)
            text = text_of(found[0][2])
            if text == title or place == end:
                continue
            words = words_of(text)
            entities = {self._wordings[row[3]] for row in found if row[3] in self._wordings}
            self._texts.append((place, text_of(iri), text))
            self._words.append((place, words, " ".join(sorted(entities))))
            whole.append(words)
            place += 1
        self._add_paper_words(number, "".join(whole))

    def _add_paper_words(self, number: int, text: str) -> None:
        title, byline, keys, things = self._database.execute(_OF_PAPER, (number,)).fetchone()
        self._whole.append((number, words_of(title), words_of(byline), keys, text, things))
        if len(self._whole) == _BATCH:
            self._flush()

    def _flush(self) -> None:
        # Of values and not of a SELECT, at which FTS5 would write what it has gathered each time.
        self._add(
            "paper_words(rowid, title, authors, keys, text, things) VALUES (?, ?, ?, ?, ?, ?)",
            self._whole,
        )
        self._add("sentence VALUES (?, ?, ?)", self._texts)
        self._add("sentence_words(rowid, words, things) VALUES (?, ?, ?)", self._words)
        self._whole.clear()
        self._texts.clear()
        self._words.clear()


def _weight(papers: int) -> float:
    """Return what a name counts for, by how many papers mention what it names."""
    return 1 + math.log1p(papers)
