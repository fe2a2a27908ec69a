"""An index of the small library, in a temporary folder."""

from collections.abc import Iterator

import pytest

from kg.search import Index, build_index
from kg.store import Graph, open_graph
from tests.searching import write_library


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    folder = tmp_path_factory.mktemp("library") / "library.kg"
    write_library(folder, "a" * 12)
    with open_graph(folder) as opened:
        yield opened


@pytest.fixture(scope="module")
def index(graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    path = tmp_path_factory.mktemp("index") / "index.sqlite"
    build_index(graph, path)
    with Index(path) as opened:
        yield opened
