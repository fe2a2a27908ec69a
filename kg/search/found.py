"""Floor 7: what a search gives: hits, suggestions, and the place of a hit among all. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum

from kg.errors import QueryError
from kg.search.snippets import Part


class Kind(StrEnum):
    """What can be searched for."""

    ENTITY = "entity"
    PAPER = "paper"
    SENTENCE = "sentence"


KINDS = tuple(Kind)
_PLACE = re.compile(r"(\d{1,9})-([0-2])-(\d{1,18})", re.ASCII)


class Match(StrEnum):
    """How hits match: all that was asked for; the last word going on; a part of it."""

    ALL = "all"
    BEGINNING = "beginning"
    ANY = "any"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a hit stands among all; what comes later is greater."""

    relevance: int
    kind: int
    number: int

    def __str__(self) -> str:
        return f"{-self.relevance}-{self.kind}-{self.number}"

    @classmethod
    def read(cls, text: str) -> "Place":
        """Return the place that a text tells.

        Raises:
            QueryError: if it tells none.

        >>> str(Place.read("1000-1-7"))
        '1000-1-7'
        """
        match = _PLACE.fullmatch(text)
        if match is None:
            raise QueryError("after is what the link to the next page has, as it stands there")
        relevance, kind, number = map(int, match.groups())
        return cls(-relevance, kind, number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """What was found: an entity, a paper or a sentence.

    `cls` is the class of an entity; `label` its label, or the title of the paper; `paper` the IRI
    of a sentence's paper; `papers` how many papers mention an entity.
    """

    iri: str
    curie: str
    kind: Kind
    cls: str
    label: str
    paper: str = ""
    year: int | None = None
    papers: int | None = None
    snippet: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Words of a query that were taken for the name of an entity or an author."""

    text: str
    iri: str
    curie: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search gave: a page of hits, best first, and how many there are of each kind.

    `matched` tells of each kind how its hits match; where the strictest way gives none, a looser
    one is taken. `after` is the place of the last hit where there are more. Where `is_complete` is
    false there may be more hits than are counted.
    """

    hits: tuple[Hit, ...]
    counts: dict[Kind, int]
    matched: dict[Kind, Match]
    taken: tuple[Taken, ...] = ()
    after: Place | None = None
    is_complete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A name that begins as people have typed it, and what it is the name of.

    `kind` is "entity", "paper" or "author"; `papers` how many papers mention the entity, or have
    the author.
    """

    name: str
    iri: str
    curie: str
    kind: str
    cls: str
    label: str
    papers: int
