"""`kg add` killed at random instants: the graph is there, whole, as it was or as it was to be."""

import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

from pyoxigraph import NamedNode

from kg.pipeline import build_graph
from kg.store import open_graph
from kg.store.records import NAME, RecordStore
from kg.vocabulary.lexicon import Lexicon

KILLS = 14
FIRST = """interleukin 7

Summary: A cytokine.

Top Publications

  1. Doe J, Roe R. IL-7 activates STAT5 in T cells. J Test. 2001;1:1-9 pubmed
    ..In mice, STAT5 was needed. It was seen. ..
"""


def add(folder: Path, file: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "kg", "add", str(file), "-g", str(folder), "--jobs", "1"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def content(folder: Path) -> tuple[int, frozenset[str], int]:
    """Return the statements, the papers, and the records of a graph that opens."""
    with open_graph(folder) as graph:
        assert len(graph) == graph.manifest["quads"]
        kind = NamedNode("https://w3id.org/litkg/ontology#Publication")
        papers = graph.store.quads_for_pattern(None, None, kind)
        records = RecordStore.open(graph.path / NAME)
        count = records.count()
        records.close()
        return len(graph), frozenset(str(quad.subject) for quad in papers), count


def test_a_killed_update_leaves_the_old_graph_or_the_new_one(
    lexicon: Lexicon, tmp_path: Path
) -> None:
    first, second = tmp_path / "a.txt", tmp_path / "b.txt"
    first.write_text(FIRST, encoding="utf-8")
    second.write_text(FIRST.replace("Doe J", "Poe E").replace("IL-7 act", "IL-15 act"), "utf-8")
    kept = tmp_path / "kept.kg"
    build_graph([first], kept, lexicon)
    build_graph([first, second], tmp_path / "both.kg", lexicon)
    old, new = content(kept), content(tmp_path / "both.kg")
    assert old != new

    def fresh() -> Path:
        shutil.rmtree(tmp_path / "a.kg", ignore_errors=True)
        shutil.copytree(kept, tmp_path / "a.kg")
        return tmp_path / "a.kg"

    folder = fresh()
    started = time.monotonic()
    process = add(folder, second)
    _, said = process.communicate()
    assert process.returncode == 0, said
    whole = time.monotonic() - started
    assert content(folder) == new

    choose = random.Random(11)
    folder = fresh()
    for _ in range(KILLS):
        process = add(folder, second)
        time.sleep(choose.uniform(0.2, 1.05) * whole)
        process.kill()
        process.communicate()
        found = content(folder)
        assert found in (old, new)
        if found == new:
            folder = fresh()
    # What was left lying about is in nobody's way.
    process = add(folder, second)
    _, said = process.communicate()
    assert process.returncode == 0, said
    assert content(folder) == new
