"""What tests share: the lexicon, and the graph built from the real reading list."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.exports import ExportFormat, export_graph
from kg.pipeline import build_graph
from kg.resources import resource_path
from kg.store import open_graph
from kg.vocabulary.compiling import open_lexicon
from kg.vocabulary.lexicon import Lexicon


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
def il7_ntriples(il7_graph: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built graph as an N-Triples file."""
    path = tmp_path_factory.mktemp("il7") / "il7.nt"
    with open_graph(il7_graph) as graph, path.open("wb") as out:
        export_graph(graph, out, ExportFormat.NTRIPLES)
    return path
