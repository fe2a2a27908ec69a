"""What tests share: the lexicon, the graph built from the real reading list, and a small one."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat, parse

from kg.exports import ExportFormat, export_graph
from kg.model import (
    AnnotatedPublication,
    AnnotatedSentence,
    EntityType,
    Evidence,
    Grounding,
    Mention,
    Origin,
    Predicate,
    Publication,
    Sentence,
    Text,
)
from kg.pipeline import build_graph
from kg.resources import resource_path
from kg.store import open_graph, write_generation
from kg.vocabulary.compiling import open_lexicon
from kg.vocabulary.lexicon import Lexicon

# pytest-xdist passes its terminal's width on; without one, what is printed does not depend on it.
os.environ.pop("COLUMNS", None)


@pytest.fixture(scope="session")
def lexicon() -> Iterator[Lexicon]:
    """The lexicon of the vocabularies that ship with the package, from its usual cache."""
    opened = open_lexicon()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def il7_graph(lexicon: Lexicon, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph built from the reading list."""
    folder = tmp_path_factory.mktemp("il7") / "il7.kg"
    build_graph([resource_path("data", "interleukin-7.txt")], folder, lexicon)
    return folder


@pytest.fixture(scope="session")
def sample_graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small graph of `tests/queries/sample.ttl`, on disk."""
    folder = tmp_path_factory.mktemp("sample") / "sample.kg"
    path = Path(__file__).parent / "queries" / "sample.ttl"
    lines = sorted({f"{quad.triple} ." for quad in parse(path=str(path), format=RdfFormat.TURTLE)})
    with write_generation(folder, build_hash="0123456789ab") as writer:
        writer.add_lines(lines)
        writer.finish({"quads": len(lines), "base_iri": "https://w3id.org/litkg/"})
    return folder


@pytest.fixture(scope="session")
def il7_ntriples(il7_graph: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built graph as an N-Triples file."""
    path = tmp_path_factory.mktemp("il7") / "il7.nt"
    with open_graph(il7_graph) as graph, path.open("wb") as out:
        export_graph(graph, out, ExportFormat.NTRIPLES)
    return path


# The names in sentences made by hand, with what they refer to.
NAMES = {
    "IL-7": ("HGNC:6023", EntityType.GENE),
    "STAT5": ("FPLX:STAT5", EntityType.GENE_FAMILY),
    "STAT5A": ("HGNC:11366", EntityType.GENE),
    "CD127": ("HGNC:6024", EntityType.GENE),
    "T cells": ("CL:0000084", EntityType.CELL_TYPE),
    "colitis": ("MONDO:0005292", EntityType.DISEASE),
}
_NAME = re.compile("|".join(sorted(NAMES, key=len, reverse=True)))


def _read_evidence(mentions: dict[str, Mention], said: tuple[Any, ...], text: str) -> Evidence:
    subject, predicate, object_, trigger, *rest = said
    start = text.index(trigger)
    fields: dict[str, Any] = {
        "negated": False,
        "speculative": False,
        "method": "verb",
        "confidence": 0.9,
        **(rest[0] if rest else {}),
    }
    return Evidence(
        subject=mentions[subject],
        predicate=Predicate(predicate),
        object=mentions[object_],
        start=start,
        end=start + len(trigger),
        trigger=trigger,
        **fields,
    )


@pytest.fixture(scope="session")
def make_paper() -> Callable[..., AnnotatedPublication]:
    """Make a paper by hand: its PMID, then its sentences, each with what it says.

    A sentence is its text, and after it any number of (subject, predicate, object, trigger), the
    words as they stand in the text, with the other fields of `Evidence` in a dictionary at the end.
    """

    def make(pmid: str, *sentences: tuple[Any, ...]) -> AnnotatedPublication:
        whole = " ".join(text for text, *_ in sentences)
        annotated = []
        start = 0
        for order, (text, *said) in enumerate(sentences):
            mentions = {
                match[0]: Mention(
                    start=start + match.start(),
                    end=start + match.end(),
                    text=match[0],
                    type=NAMES[match[0]][1],
                    groundings=(Grounding(term=NAMES[match[0]][0], score=0.9, method="name"),),
                )
                for match in _NAME.finditer(text)
            }
            end = start + len(text)
            place = Sentence(field="abstract", order=order, start=start, end=end)
            annotated.append(
                AnnotatedSentence(
                    sentence=place,
                    text=text,
                    mentions=tuple(mentions.values()),
                    # Triggers are looked for in the field's text, and stand once in it.
                    evidence=tuple(_read_evidence(mentions, each, whole) for each in said),
                )
            )
            start = end + 1
        publication = Publication(
            key=f"pmid-{pmid}",
            other_keys=(),
            texts=(Text(field="abstract", text=whole, raw=whole),),
            authors=(),
            et_al=False,
            journal="J Test",
            year=2001,
            volume="1",
            issue="",
            pages="1-9",
            first_page="1",
            last_page="9",
            identifiers={"PMID": pmid},
            origins=(Origin(source_sha256="ab" * 32, line=int(pmid), section="", position=0),),
        )
        return AnnotatedPublication(publication=publication, sentences=tuple(annotated))

    return make
