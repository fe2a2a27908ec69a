"""`kg export` and the option `-g`: where the graph is found, what is written, what is said."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from kg.cli import main
from kg.store import write_generation

LINES = [
    '<http://example.org/a> <http://www.w3.org/2000/01/rdf-schema#label> "IL-7 → é" .',
    '<http://example.org/b> <http://example.org/p> "in a graph" <http://example.org/g> .',
]


def build(folder: Path, lines: list[str] = LINES) -> Path:
    with write_generation(folder, build_hash="0123456789ab") as writer:
        writer.add_lines(lines)
        writer.finish({"quads": len(lines), "base_iri": "https://w3id.org/litkg/"})
    return folder


@pytest.fixture
def graph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("KG_GRAPH", raising=False)
    monkeypatch.chdir(tmp_path)
    return build(tmp_path / "il7.kg")


def run(capfd: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        main(["export", *args])
    out, err = capfd.readouterr()
    assert isinstance(caught.value.code, int)
    return caught.value.code, out, err


def test_turtle_to_stdout_is_the_default(graph: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capfd, "-g", str(graph))
    assert code == 0
    assert '<http://example.org/a> rdfs:label "IL-7 → é" .' in out
    assert "1 statements in them were left out" in err


def test_format_follows_the_suffix(graph: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capfd, "-g", str(graph), "-o", "a.nq")
    assert (code, out) == (0, "")
    assert "2 statements -> a.nq" in err
    assert len(list(parse(Path("a.nq").read_bytes(), RdfFormat.N_QUADS))) == 2


def test_format_given_wins_over_the_suffix(graph: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(capfd, "-g", str(graph), "-o", "a.txt", "--format", "rdfxml")[0] == 0
    assert Path("a.txt").read_text().startswith("<?xml")


@pytest.mark.usefixtures("graph")
def test_dash_is_stdout(capfd: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capfd, "-o", "-", "--format", "ntriples")
    assert code == 0
    assert out == LINES[0] + "\n"
    assert not Path("-").exists()


@pytest.mark.usefixtures("graph")
def test_unknown_suffix_and_format(capfd: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capfd, "-o", "a.csv")
    assert code == 1
    assert "no format is known for '.csv'" in err
    assert run(capfd, "--format", "word")[0] == 2


@pytest.mark.usefixtures("graph")
def test_graph_is_the_only_one_here(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(capfd)[0] == 0


def test_graph_from_the_environment(
    graph: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = build(graph.parent / "other.kg", LINES[:1])
    monkeypatch.setenv("KG_GRAPH", str(other))
    code, _, err = run(capfd)
    assert (code, err) == (0, "")


def test_several_graphs_are_listed(graph: Path, capfd: pytest.CaptureFixture[str]) -> None:
    build(graph.parent / "other.kg")
    code, _, err = run(capfd)
    assert code == 2
    assert "several graphs here (il7.kg, other.kg); name one with -g" in err


def test_no_graph_here(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KG_GRAPH", raising=False)
    monkeypatch.chdir(tmp_path)
    code, _, err = run(capfd)
    assert code == 2
    assert "kg build" in err


def test_folder_that_is_no_graph(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x").write_text("mine")
    code, out, err = run(capfd, "-g", str(tmp_path))
    assert (code, out) == (1, "")
    assert err.startswith("kg: ")
    assert "is no graph" in err


def test_stdout_that_cannot_be_written(
    graph: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("kg.exports.rdf.shutil.copyfileobj", full)
    code, _, err = run(capfd, "-g", str(graph))
    assert code == 1
    assert "kg: the graph could not be written out" in err


def test_reader_that_has_enough(graph: Path) -> None:
    lines = (f'<http://example.org/{i}> <http://example.org/p> "{i}" .' for i in range(50_000))
    build(graph, list(lines))
    with subprocess.Popen(
        [sys.executable, "-m", "kg", "export", "-g", str(graph)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.readline()
        child.stdout.close()
        assert child.stderr.read() == b""
