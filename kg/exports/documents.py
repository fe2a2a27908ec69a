"""Floor 8: the texts of a paper put together of its sentences, with the mentions in their places.

    sentences -> Document: a title and a body, laid out as PubTator and BioC count

A graph has sentences, not whole texts. Each stands at its offset, and what is between two of them
is filled with spaces, so that the offsets of a field hold in what is written.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from kg.errors import KgError
from kg.exports.reading import GraphReader
from kg.exports.things import Paper, Sentence

# What PubTator calls the types; it has no word for the last four.
CONCEPTS = {
    "Gene": "Gene",
    "Disease": "Disease",
    "Chemical": "Chemical",
    "Organism": "Species",
    "GeneFamily": "GeneFamily",
    "CellType": "CellType",
    "AnatomicalStructure": "Anatomy",
    "BiologicalProcess": "BiologicalProcess",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A field's text, with where it begins in the document, counted in code points."""

    field: str
    offset: int
    text: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A paper's texts: the title first, which may be empty, then the others."""

    paper: Paper
    passages: tuple[Passage, ...]


def read_documents(reader: GraphReader, *, wanted_by: str) -> Iterator[Document]:
    """Yield the papers that have a text.

    `wanted_by` is the format's name, for the message.

    Raises:
        KgError: if the texts of sentences were left out.

    """
    for paper in reader.papers():
        sentences = reader.sentences(paper.iri)
        if not sentences and not paper.title:
            continue
        if any(each.text is None for each in sentences):
            raise KgError(
                f"{wanted_by} is annotated text, and sentences of {paper.curie} have no text: it "
                "was left out of what is exported; export with the texts, or choose a profile "
                "that does without (kgx, indra, graphml, cytoscape, parquet)"
            )
        yield Document(paper=paper, passages=tuple(_lay_out(paper, sentences)))


def _lay_out(paper: Paper, sentences: list[Sentence]) -> Iterator[Passage]:
    """Yield the passages: one character stands between two of them."""
    offset = 0
    if not sentences or sentences[0].field != "title":
        title = one_line(paper.title)
        yield Passage(field="title", offset=0, text=title, sentences=())
        offset = len(title) + 1
    for field, group in groupby(sentences, key=attrgetter("field")):
        of_field = tuple(group)
        text = _join(of_field)
        yield Passage(field=field, offset=offset, text=text, sentences=of_field)
        offset += len(text) + 1


def _join(sentences: tuple[Sentence, ...]) -> str:
    """Return the text of a field; each sentence stands where its offset says."""
    text = ""
    for each in sentences:
        written = one_line(each.text or "")
        text = text.ljust(each.start)
        text = text[: each.start] + written + text[each.start + len(written) :]
    return text


def one_line(text: str) -> str:
    r"""Return a text with a space for what lines, columns and XML have no place for.

    The length stays as it is, so that offsets hold.

    >>> one_line("IL-7\tand\x0bIL-2")
    'IL-7 and IL-2'
    """
    return text.translate(_SPACES)


_SPACES = dict.fromkeys((*range(0x20), 0x7F, 0x85, 0x2028, 0x2029, 0xFFFE, 0xFFFF), " ")
