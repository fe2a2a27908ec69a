"""Floor 8: the texts of a paper, sentence by sentence, and what they mention and say."""

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, QuerySolution

from kg.descriptions.model import Readable, select
from kg.namespaces import KG

_SENTENCES = 1_000
_MENTIONS = 20_000
_STATEMENTS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence; `text` is None where texts are left out of the graph.

    `start` is its place in the text of its field, `mentioned` are words with the entity that they
    stand for, and `starts` the places, in that text too, where words of these begin.
    """

    iri: str
    field: str
    section: str
    start: int
    text: str | None
    mentioned: tuple[tuple[str, str], ...]
    starts: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a sentence says of two entities: the assertion, and whether it is denied or supposed."""

    assertion: str
    sentence: str
    negated: bool
    speculative: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """The texts of a paper in the order in which they are read, and what they say."""

    sentences: tuple[Sentence, ...]
    said: tuple[Said, ...]


def read_paper(graph: Readable, iri: str) -> Paper:
    """Return the texts of a paper, up to a thousand sentences of them.

    Raises:
        ValueError: if it is no IRI.
    """
    some = _sentences_of(iri)
    starts: dict[str, set[int]] = {}
    for row in select(
        graph, f"SELECT ?s ?at {{ {some} ?s <{KG}mentionAt> ?at }} LIMIT {_MENTIONS}"
    ):
        starts.setdefault(row["s"].value, set()).add(_number(row, "at"))
    mentioned: dict[str, set[tuple[str, str]]] = {}
    for row in select(
        graph,
        f"SELECT ?s ?words ?entity {{ {some} ?s <{KG}hasMention> ?m . ?m <{KG}exact> ?words ; "
        f"<{KG}refersTo> ?entity }} LIMIT {_MENTIONS}",
    ):
        mentioned.setdefault(row["s"].value, set()).add((row["words"].value, row["entity"].value))
    sentences = {}
    for row in select(
        graph,
        f"SELECT ?s ?field ?section ?start ?text {{ {some} OPTIONAL {{ ?s <{KG}field> ?field }} "
        f"OPTIONAL {{ ?s <{KG}section> ?section }} OPTIONAL {{ ?s <{KG}start> ?start }} "
        f"OPTIONAL {{ ?s <{KG}text> ?text }} }}",
    ):
        node = row["s"].value
        sentences[node] = Sentence(
            iri=node,
            field=_text(row, "field"),
            section=_text(row, "section"),
            start=_number(row, "start"),
            text=None if row["text"] is None else _text(row, "text"),
            mentioned=tuple(sorted(mentioned.get(node, ()))),
            starts=tuple(sorted(starts.get(node, ()))),
        )
    ordered = sorted(sentences.values(), key=_reading_order)
    return Paper(sentences=tuple(ordered), said=_said(graph, some, [one.iri for one in ordered]))


def _sentences_of(iri: str) -> str:
    paper = NamedNode(iri)
    return f"{{ SELECT ?s {{ ?s <{KG}inPublication> {paper} }} LIMIT {_SENTENCES} }}"


def _said(graph: Readable, some: str, order: Iterable[str]) -> tuple[Said, ...]:
    places = {iri: number for number, iri in enumerate(order)}
    rows = select(
        graph,
        f"SELECT DISTINCT ?a ?s ?not ?maybe {{ {some} ?e <{KG}evidenceSentence> ?s . "
        f"?a <{KG}evidence> ?e . OPTIONAL {{ ?e <{KG}negated> ?not }} "
        f"OPTIONAL {{ ?e <{KG}speculative> ?maybe }} }} LIMIT {_STATEMENTS}",
    )
    found = {
        Said(
            assertion=row["a"].value,
            sentence=row["s"].value,
            negated=_text(row, "not") == "true",
            speculative=_text(row, "maybe") == "true",
        )
        for row in rows
    }
    return tuple(
        sorted(found, key=lambda one: (places.get(one.sentence, 0), one.assertion, one.negated))
    )


def _reading_order(one: Sentence) -> tuple[bool, str, int, int, str]:
    """Order sentences: the title first, then field by field ("snippet-2" before "snippet-10")."""
    name, _, number = one.field.partition("-")
    rank = int(number) if number.isdecimal() else 0
    return one.field != "title", name, rank, one.start, one.iri


def _text(row: QuerySolution, name: str) -> str:
    value = row[name]
    return value.value if isinstance(value, Literal) else ""


def _number(row: QuerySolution, name: str) -> int:
    text = _text(row, name)
    return int(text) if text.isascii() and text.isdecimal() else 0
