"""`kg search`: what it prints, and the index that it makes."""

import csv
import io
import json
from pathlib import Path

import pytest

from kg.cli import main
from kg.search import find_index
from kg.store import open_graph
from tests.searching import IL7, write_library


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_library(tmp_path / "library.kg", "a" * 12)
    return tmp_path / "library.kg"


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["search", *words])
    assert ended.value.code == 0
    captured = capsys.readouterr()
    return captured.out, captured.err


def test_hits_for_people(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = run(capsys, "interleukin", "7", "-g", str(folder), "--limit", "2")
    lines = out.splitlines()
    assert lines[0] == "interleukin 7 → IL7 (HGNC:6023)"
    assert lines[2:5] == ["IL7", "  Gene, HGNC:6023, 2 papers", "  interleukin 7"]
    assert lines[6] == "IL-7 keeps T cells alive (2008)"
    assert lines[-2] == "2 entities, 3 papers, 2 sentences"
    assert lines[-1] == "these are the first 2; --limit N gives up to N"


def test_nothing_and_a_part(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "xyzzy", "-g", str(folder))[0] == "nothing in this graph has these words\n"
    out, _ = run(capsys, "stromal xyzzy", "-g", str(folder))
    assert out.endswith("0 entities, 1 paper with a part of it, 1 sentence with a part of it\n")


def test_json_csv_and_one_kind(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = run(capsys, "IL7", "-g", str(folder), "--format", "json", "--type", "entity")
    assert [hit["type"] for hit in json.loads(out)["hits"]] == ["entity", "entity"]
    out, _ = run(capsys, "IL7", "-g", str(folder), "--format", "csv")
    assert next(csv.DictReader(io.StringIO(out)))["iri"] == IL7


def test_the_index_is_made_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "making an index" in run(capsys, "IL7", "-g", str(folder))[1]
    assert run(capsys, "IL7", "-g", str(folder))[1] == ""
    with open_graph(folder) as graph:
        path = find_index(folder, graph.generation)
    assert path is not None
    path.write_bytes(b"damaged")
    assert "it is made again" in run(capsys, "IL7", "-g", str(folder))[1]
    assert run(capsys, "IL7", "-g", str(folder))[1] == ""


def test_a_graph_that_cannot_be_written_is_searched(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_graph(folder) as graph:
        # No folder can be made where a file is; who tests may be root, whom no mode keeps out.
        (graph.path / "search").touch()
    assert "IL7" in run(capsys, "IL7", "-g", str(folder))[0]
