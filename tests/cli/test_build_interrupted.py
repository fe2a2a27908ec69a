"""`kg build` as a process that is killed, or that meets a full disk: the old graph stays whole."""

import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg.exports import ExportFormat, export_graph
from kg.pipeline import build_graph
from kg.resources import resource_path
from kg.store import open_graph
from kg.vocabulary.lexicon import Lexicon

LIST = resource_path("data", "interleukin-7.txt")
SMALL = """interleukin 7

Top Publications

  1. Doe J, Roe R. IL-7 activates STAT5 in T cells. J Test. 2001;1:1-9 pubmed
"""


def turtle(folder: Path, out: Path) -> bytes:
    with open_graph(folder) as graph, out.open("wb") as stream:
        export_graph(graph, stream, ExportFormat.TURTLE)
    return out.read_bytes()


@pytest.fixture
def graph(tmp_path: Path, lexicon: Lexicon) -> Path:
    path = tmp_path / "small.txt"
    path.write_text(SMALL)
    build_graph([path], tmp_path / "g.kg", lexicon)
    return tmp_path / "g.kg"


def command(graph: Path) -> list[str]:
    return [sys.executable, "-m", "kg", "build", str(LIST), "-o", str(graph)]


@pytest.mark.usefixtures("lexicon")
def test_a_killed_build_leaves_the_old_graph_or_the_new_one(graph: Path, tmp_path: Path) -> None:
    old = turtle(graph, tmp_path / "old.ttl")
    started = time.monotonic()
    subprocess.run([*command(tmp_path / "new.kg")], check=True, capture_output=True)
    whole = time.monotonic() - started
    new = turtle(tmp_path / "new.kg", tmp_path / "new.ttl")
    for tenth in range(3, 11):
        child = subprocess.Popen(
            command(graph), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(whole * tenth / 10)
        child.kill()
        child.wait()
        assert turtle(graph, tmp_path / "now.ttl") in {old, new}
    subprocess.run(command(graph), check=True, capture_output=True)
    assert turtle(graph, tmp_path / "now.ttl") == new


@pytest.mark.usefixtures("lexicon")
def test_a_full_disk_is_told_and_leaves_the_old_graph(graph: Path, tmp_path: Path) -> None:
    old = turtle(graph, tmp_path / "old.ttl")

    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))

    result = subprocess.run(
        command(graph), capture_output=True, text=True, preexec_fn=no_room, check=False
    )
    assert result.returncode == 1
    assert "disk is full" in result.stderr
    assert "Traceback" not in result.stderr
    assert turtle(graph, tmp_path / "now.ttl") == old
