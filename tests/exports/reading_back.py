"""Files of annotated texts read back, beside what the graph says."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from kg.exports.reading import GraphReader
from kg.exports.view import View
from kg.model import Problem, Record

# Of each paper: field, start, words, identifiers.
Mentions = list[list[tuple[str, int, str, str]]]


class Reader(Protocol):
    """A reader of this project."""

    def read(self, stream: BinaryIO, path: str) -> Iterator[Record | Problem]:
        """Yield records and problems."""


def read_records(reader: Reader, path: Path) -> list[Record]:
    """The records of a file, of which none may be lost."""
    with path.open("rb") as stream:
        found = list(reader.read(stream, str(path)))
    assert [each for each in found if isinstance(each, Problem)] == []
    return [each for each in found if isinstance(each, Record)]


def read_mentions(records: list[Record]) -> Mentions:
    """The mentions of each record that has any."""
    read = [
        sorted(
            (one.field, one.start, one.text, ";".join(one.identifiers))
            for one in record.annotations
        )
        for record in records
    ]
    return sorted(each for each in read if each)


def graph_mentions(view: View) -> Mentions:
    """The mentions of each paper as the graph has them, the fields called as readers call them."""
    reader = GraphReader(view)
    papers = [
        sorted(
            (
                "title" if sentence.field == "title" else "abstract",
                place.start,
                place.wording.words,
                reader.entity(place.wording.entity).curie,
            )
            for sentence in reader.sentences(paper.iri)
            for place in sentence.places
        )
        for paper in reader.papers()
    ]
    return sorted(each for each in papers if each)
