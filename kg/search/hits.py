"""Floor 7: what is told of a hit: what it is, and the part of a text that was found."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence

from kg.search.asking import Unit, match_any
from kg.search.building import SENTENCE_BITS
from kg.search.found import KINDS, Hit, Kind, Place
from kg.search.snippets import Part, mark, share_matched

_MOST_NAMES = 300

_Marks = tuple[set[str], str]
"""Phrases to mark, and one of which the last word may go on."""


def read_hits(
    database: sqlite3.Connection, page: Iterable[Place], asked: Mapping[Kind, Sequence[Unit]]
) -> Iterator[Hit]:
    """Yield the hits at these places of an index; `asked` is what each kind was searched for."""
    hits = {kind: _Hits(database, units) for kind, units in asked.items()}
    for place in page:
        kind = KINDS[place.kind]
        if kind is Kind.SENTENCE:
            yield hits[kind].read_sentence(place.number)
        else:
            yield hits[kind].read_thing(kind, place.number)


class _Hits:
    """Reads hits of one kind."""

    def __init__(self, database: sqlite3.Connection, units: Sequence[Unit]) -> None:
        self._database = database
        self._units = units
        # What is marked: the units, and all names of what they name.
        phrases = {phrase for unit in units for phrase in unit.phrases}
        for unit in units:
            for each in unit.named:
                phrases.update(words for words, _ in self._names(each.thing))
        beginning = next((unit.words for unit in units if unit.is_beginning), "")
        self._marks: _Marks = (phrases, beginning)

    def read_thing(self, kind: Kind, number: int) -> Hit:
        """Return an entity or a paper."""
        iri, curie, cls, label, year, papers, byline = self._database.execute(
            "SELECT iri, curie, class, label, year, papers, byline FROM thing WHERE id = ?",
            (number,),
        ).fetchone()
        is_entity = kind is Kind.ENTITY
        return Hit(
            iri=iri,
            curie=curie,
            kind=kind,
            cls=cls,
            label=label,
            year=int(year) if year.isdecimal() else None,
            papers=papers if is_entity else None,
            snippet=self._name_found(number) if is_entity else self._found(number, label, byline),
        )

    def read_sentence(self, number: int) -> Hit:
        """Return a sentence."""
        iri, text, paper, label, year = self._database.execute(
            "SELECT sentence.iri, text, thing.iri, label, year FROM sentence, thing "
            "WHERE sentence.id = ? AND thing.id = ?",
            (number, number >> SENTENCE_BITS),
        ).fetchone()
        return Hit(
            iri=iri,
            curie="",
            kind=Kind.SENTENCE,
            cls="Sentence",
            label=label,
            paper=paper,
            year=int(year) if year.isdecimal() else None,
            snippet=mark(text, *self._marks),
        )

    def _name_found(self, thing: int) -> tuple[Part, ...]:
        """Return the name of an entity that is most like what was asked for, else its label."""
        asked = ({unit.words for unit in self._units}, self._marks[1])
        names = [name for _, name in self._names(thing)]
        # The first one is the label, or comes before what is as good.
        best = max(names, key=lambda name: share_matched(mark(name, *asked)))
        found = mark(best, *asked)
        return found if any(part.match for part in found) else mark(names[0], *self._marks)

    def _found(self, number: int, title: str, byline: str) -> tuple[Part, ...]:
        """Return the title of a paper if it matches, else a sentence, else the authors."""
        found = mark(title, *self._marks)
        if any(part.match for part in found):
            return found
        first = number << SENTENCE_BITS
        row = self._database.execute(
            "SELECT text FROM sentence WHERE id = (SELECT rowid FROM sentence_words WHERE "
            "sentence_words MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rank LIMIT 1)",
            (
                match_any(self._units, "words"),
                first,
                first + (1 << SENTENCE_BITS) - 1,
            ),
        ).fetchone()
        return mark(row[0] if row else byline, *self._marks)

    def _names(self, thing: int) -> list[tuple[str, str]]:
        return self._database.execute(
            "SELECT words, name FROM name JOIN thing ON thing.id = thing WHERE thing = ? "
            "ORDER BY level, name <> label, name.id LIMIT ?",
            (thing, _MOST_NAMES),
        ).fetchall()
