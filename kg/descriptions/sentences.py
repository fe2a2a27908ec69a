"""Floor 8: sentences with the words in them that name entities."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal

from kg.descriptions.model import Readable, nodes, number_of, select, text_of
from kg.namespaces import KG

_MENTIONS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence; `text` is None where texts are left out of the graph.

    `start` is its place in the text of its field, `mentioned` are words with the entity that they
    stand for, and `starts` the places, in that text too, where words of these begin.
    """

    iri: str
    paper: str = ""
    field: str
    section: str
    start: int
    text: str | None
    mentioned: tuple[tuple[str, str], ...]
    starts: tuple[int, ...]

    @property
    def reading_order(self) -> tuple[bool, str, int, int, str]:
        """What puts sentences of a paper in order: the title, then field by field.

        "snippet-2" comes before "snippet-10".
        """
        name, _, number = self.field.partition("-")
        rank = int(number) if number.isdecimal() else 0
        return self.field != "title", name, rank, self.start, self.iri


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Which of the sentences of its part of a paper one is, and those before and after it."""

    number: int = 1
    total: int = 1
    before: str = ""
    after: str = ""


def read_sentences(graph: Readable, iris: Iterable[str]) -> dict[str, Sentence]:
    """Return sentences by their IRIs; what is none is left out.

    Raises:
        ValueError: if one of these is no IRI.
    """
    wanted = nodes(list(dict.fromkeys(iris)))
    return find_sentences(graph, f"VALUES ?s {{ {wanted} }}") if wanted else {}


def find_sentences(graph: Readable, pattern: str) -> dict[str, Sentence]:
    """Return the sentences that a pattern of SPARQL binds to `?s`, by their IRIs."""
    starts: dict[str, set[int]] = {}
    for row in select(
        graph, f"SELECT ?s ?at {{ {pattern} ?s <{KG}mentionAt> ?at }} LIMIT {_MENTIONS}"
    ):
        starts.setdefault(row["s"].value, set()).add(number_of(row, "at"))
    mentioned: dict[str, set[tuple[str, str]]] = {}
    for row in select(
        graph,
        f"SELECT ?s ?words ?entity {{ {pattern} ?s <{KG}hasMention> ?m . ?m <{KG}exact> ?words ; "
        f"<{KG}refersTo> ?entity }} LIMIT {_MENTIONS}",
    ):
        mentioned.setdefault(row["s"].value, set()).add((row["words"].value, row["entity"].value))
    return {
        row["s"].value: Sentence(
            iri=row["s"].value,
            paper="" if row["paper"] is None else row["paper"].value,
            field=text_of(row, "field"),
            section=text_of(row, "section"),
            start=number_of(row, "start"),
            text=None if row["text"] is None else text_of(row, "text"),
            mentioned=tuple(sorted(mentioned.get(row["s"].value, ()))),
            starts=tuple(sorted(starts.get(row["s"].value, ()))),
        )
        for row in select(
            graph,
            f"SELECT ?s ?paper ?field ?section ?start ?text {{ {pattern} "
            f"?s <{KG}inPublication> ?paper . OPTIONAL {{ ?s <{KG}field> ?field }} "
            f"OPTIONAL {{ ?s <{KG}section> ?section }} OPTIONAL {{ ?s <{KG}start> ?start }} "
            f"OPTIONAL {{ ?s <{KG}text> ?text }} }}",
        )
    }


def find_beside(graph: Readable, one: Sentence) -> Beside:
    """Return where a sentence stands in its part of its paper.

    Raises:
        ValueError: if its paper has no IRI.
    """
    rows = select(
        graph,
        f"SELECT ?s ?start {{ ?s <{KG}inPublication> {nodes([one.paper])} ; <{KG}start> ?start ; "
        f"<{KG}field> {Literal(one.field)} }} LIMIT {_MENTIONS}",
    )
    ordered = [
        iri for _, iri in sorted({(number_of(row, "start"), row["s"].value) for row in rows})
    ]
    if one.iri not in ordered:
        return Beside()
    place = ordered.index(one.iri)
    return Beside(
        number=place + 1,
        total=len(ordered),
        before=ordered[place - 1] if place else "",
        after=ordered[place + 1] if place + 1 < len(ordered) else "",
    )


def find_quoted(
    graph: Readable, texts: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], Sentence]:
    """Return the sentences of papers that have these words, by paper and words.

    Raises:
        ValueError: if one of the papers is no IRI.
    """
    wanted = list(dict.fromkeys(texts))
    if not wanted:
        return {}
    block = " ".join(f"({nodes([paper])} {Literal(text)})" for paper, text in wanted)
    rows = select(
        graph,
        f"SELECT ?s {{ VALUES (?paper ?text) {{ {block} }} ?s <{KG}text> ?text ; "
        f"<{KG}inPublication> ?paper }} LIMIT {_MENTIONS}",
    )
    found = read_sentences(graph, sorted(row["s"].value for row in rows))
    return {
        (one.paper, one.text or ""): one
        for one in sorted(found.values(), key=lambda one: one.reading_order, reverse=True)
    }


def find_naming(
    graph: Readable, entity: str, papers: Iterable[str], each: int
) -> Mapping[str, list[Sentence]]:
    """Return for papers the first sentences that name an entity, `each` of them at the most.

    Raises:
        ValueError: if one of these is no IRI.
    """
    wanted = nodes(list(dict.fromkeys(papers)))
    if not wanted:
        return {}
    rows = select(
        graph,
        f"SELECT DISTINCT ?s {{ VALUES ?of {{ {wanted} }} ?s <{KG}inPublication> ?of . "
        f"?s <{KG}hasMention> ?m . ?m <{KG}refersTo> {nodes([entity])} }}",
    )
    found = read_sentences(graph, (row["s"].value for row in rows))
    by_paper: dict[str, list[Sentence]] = {}
    for one in sorted(found.values(), key=lambda one: one.reading_order):
        some = by_paper.setdefault(one.paper, [])
        if len(some) < each:
            some.append(one)
    return by_paper
