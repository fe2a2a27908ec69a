"""Floor 8: the texts of a paper, sentence by sentence, what they say, and where it was read."""

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg.descriptions.model import Readable, number_of, select, text_of
from kg.descriptions.sentences import Sentence, find_sentences
from kg.namespaces import KG, PROV, RDFS

_SENTENCES = 1_000
_STATEMENTS = 200
_RECORDS = 50
_AUTHORS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a sentence says of two entities: the assertion, and whether it is denied or supposed."""

    assertion: str
    sentence: str
    negated: bool
    speculative: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Where a paper was read: a file, a line of it, and what the file says of the place."""

    source: str
    name: str
    format: str
    line: int
    section: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """The texts of a paper in the order in which they are read, what they say, and its records."""

    sentences: tuple[Sentence, ...]
    said: tuple[Said, ...]
    records: tuple[Record, ...]


def read_paper(graph: Readable, iri: str) -> Paper:
    """Return the texts of a paper, up to a thousand sentences of them.

    Raises:
        ValueError: if it is no IRI.
    """
    paper = NamedNode(iri)
    some = f"{{ SELECT ?s {{ ?s <{KG}inPublication> {paper} }} LIMIT {_SENTENCES} }}"
    found = find_sentences(graph, some).values()
    ordered = sorted(found, key=lambda one: one.reading_order)
    return Paper(
        sentences=tuple(ordered),
        said=_said(graph, some, [one.iri for one in ordered]),
        records=_records(graph, paper),
    )


def read_authors(graph: Readable, iri: str, byline: str) -> tuple[str, ...]:
    """Return the authors of a paper in the order of its byline, which parts them by commas.

    Names of groups may hold commas themselves, so that names that the graph has go before parts.
    "et al" at its end is nobody.

    Raises:
        ValueError: if it is no IRI.
    """
    rows = select(
        graph,
        f"SELECT ?name {{ {NamedNode(iri)} <{KG}author> ?author . "
        f"?author <{RDFS}label> ?name }} LIMIT {_AUTHORS}",
    )
    known = sorted({row["name"].value for row in rows}, key=lambda name: (-len(name), name))
    authors = []
    left = byline.removesuffix(", et al")
    while left:
        name = next(
            (each for each in known if left == each or left.startswith(f"{each}, ")),
            left.partition(", ")[0],
        )
        left = left[len(name) :].removeprefix(", ")
        authors.append(name)
    return tuple(authors)


def read_said(graph: Readable, sentence: str) -> tuple[Said, ...]:
    """Return what a sentence says.

    Raises:
        ValueError: if it is no IRI.
    """
    return _said(graph, f"VALUES ?s {{ {NamedNode(sentence)} }}", [sentence])


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
            negated=text_of(row, "not") == "true",
            speculative=text_of(row, "maybe") == "true",
        )
        for row in rows
    }
    return tuple(
        sorted(found, key=lambda one: (places.get(one.sentence, 0), one.assertion, one.negated))
    )


def _records(graph: Readable, paper: NamedNode) -> tuple[Record, ...]:
    rows = select(
        graph,
        f"SELECT ?source ?name ?format ?line ?section ?position {{ "
        f"{{ SELECT ?record {{ {paper} <{PROV}wasDerivedFrom> ?record }} LIMIT {_RECORDS} }} "
        f"?record <{KG}inSource> ?source . OPTIONAL {{ ?source <{RDFS}label> ?name }} "
        f"OPTIONAL {{ ?source <{KG}format> ?format }} OPTIONAL {{ ?record <{KG}line> ?line }} "
        f"OPTIONAL {{ ?record <{KG}section> ?section }} "
        f"OPTIONAL {{ ?record <{KG}position> ?position }} }}",
    )
    found = {
        Record(
            source=row["source"].value,
            name=text_of(row, "name"),
            format=text_of(row, "format"),
            line=number_of(row, "line"),
            section=text_of(row, "section"),
            position=number_of(row, "position"),
        )
        for row in rows
        if isinstance(row["source"], NamedNode)
    }
    return tuple(sorted(found, key=lambda one: (one.name, one.source, one.line)))
