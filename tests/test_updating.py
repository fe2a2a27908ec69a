"""Files added and removed: the graph is the one that a build of all its files gives."""

import io
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import QuerySolutions

from kg.errors import InputError, StoreError
from kg.exports import ExportFormat, export_graph
from kg.pipeline import (
    BuildOptions,
    add_files,
    build_graph,
    rebuild_graph,
    remove_files,
)
from kg.resources import resource_path
from kg.store import open_graph
from kg.vocabulary.lexicon import Lexicon

LIST = resource_path("data", "interleukin-7.txt")
_MADE = ("built_at", "seconds", "action", "written_at", "previous", "wear", "rollbacks")


def state(folder: Path) -> tuple[bytes, dict[str, Any]]:
    """Return a graph, named graphs and all, and what its manifest says but for when and how."""
    out = io.BytesIO()
    with open_graph(folder) as graph:
        export_graph(graph, out, ExportFormat.TRIG)
        manifest = {key: value for key, value in graph.manifest.items() if key not in _MADE}
    for each in manifest["inputs"]:
        del each["added_at"]
    manifest["problems"] = sorted(manifest["problems"], key=json.dumps)
    return out.getvalue(), manifest


def split_list(folder: Path) -> list[Path]:
    """Write the reading list as three: its topic with some citations, and two more lists."""
    lines = LIST.read_text(encoding="utf-8").splitlines(keepends=True)
    starts = [n for n, line in enumerate(lines) if line.strip()[:3].rstrip(".").isdigit()]
    third = len(starts) // 3
    cuts = (0, starts[third], starts[2 * third], len(lines))
    paths = []
    for number in range(3):
        path = folder / f"part{number}.txt"
        # The second shares five citations with the third, so that papers merge across files.
        end = cuts[number + 1] if number != 1 else starts[2 * third + 5]
        path.write_text("".join(lines[cuts[number] : end]), encoding="utf-8")
        paths.append(path)
    return paths


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return split_list(tmp_path_factory.mktemp("parts"))


def test_adding_gives_the_graph_of_a_build(
    lexicon: Lexicon, parts: list[Path], tmp_path: Path
) -> None:
    build_graph(parts, tmp_path / "all.kg", lexicon)
    build_graph(parts[:1], tmp_path / "grown.kg", lexicon)
    for path in parts[1:]:
        report = add_files([path], tmp_path / "grown.kg", lexicon)
        assert report is not None
        assert report.added
    assert state(tmp_path / "grown.kg") == state(tmp_path / "all.kg")


def test_adding_twice_changes_nothing(lexicon: Lexicon, parts: list[Path], tmp_path: Path) -> None:
    build_graph(parts[:2], tmp_path / "a.kg", lexicon)
    with open_graph(tmp_path / "a.kg") as graph:
        before = graph.generation
    assert add_files(parts[:2], tmp_path / "a.kg", lexicon) is None
    with open_graph(tmp_path / "a.kg") as graph:
        assert graph.generation == before


@pytest.mark.parametrize("number", [0, 1, 2])
def test_removing_a_source_gives_the_graph_without_it(
    lexicon: Lexicon, parts: list[Path], tmp_path: Path, number: int
) -> None:
    build_graph(parts, tmp_path / "a.kg", lexicon)
    report = remove_files(tmp_path / "a.kg", lexicon, sources=[parts[number].name])
    assert report is not None
    build_graph([p for p in parts if p != parts[number]], tmp_path / "b.kg", lexicon)
    assert state(tmp_path / "a.kg") == state(tmp_path / "b.kg")


def test_any_order_of_adding_and_removing_ends_in_the_same_graph(
    lexicon: Lexicon, parts: list[Path], tmp_path: Path
) -> None:
    choose = random.Random(7)
    there = {parts[0]}
    folder = tmp_path / "a.kg"
    build_graph(parts[:1], folder, lexicon)
    for _ in range(6):
        path = choose.choice(parts)
        if path in there and len(there) > 1:
            remove_files(folder, lexicon, sources=[str(path)])
            there.remove(path)
        elif path not in there:
            add_files([path], folder, lexicon)
            there.add(path)
    build_graph(sorted(there), tmp_path / "b.kg", lexicon)
    assert state(folder) == state(tmp_path / "b.kg")


def test_processes_add_the_same(
    lexicon: Lexicon, parts: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_graph(parts, tmp_path / "all.kg", lexicon)
    build_graph(parts[:1], tmp_path / "grown.kg", lexicon)
    monkeypatch.setattr("kg.pipeline.building._ALONE", 0)
    monkeypatch.setattr("kg.pipeline.updating._BATCH", 10)
    add_files(parts[1:], tmp_path / "grown.kg", lexicon, options=BuildOptions(jobs=2))
    assert state(tmp_path / "grown.kg") == state(tmp_path / "all.kg")


def test_thresholds_of_large_graphs_are_crossed_both_ways(
    lexicon: Lexicon, parts: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.rdf.comentions.MIN_GRAPH", 25)
    monkeypatch.setattr("kg.pipeline.shared.MIN_GRAPH", 25)
    monkeypatch.setattr("kg.rdf.comentions.LARGE_GRAPH", 35)
    monkeypatch.setattr("kg.pipeline.shared.LARGE_GRAPH", 35)
    for count in (1, 2, 3):
        build_graph(parts[:count], tmp_path / f"{count}.kg", lexicon)
    wanted = {count: state(tmp_path / f"{count}.kg") for count in (1, 2, 3)}
    folder = tmp_path / "1.kg"
    add_files([parts[1]], folder, lexicon)
    assert state(folder) == wanted[2]
    add_files([parts[2]], folder, lexicon)
    assert state(folder) == wanted[3]
    remove_files(folder, lexicon, sources=[parts[2].name])
    assert state(folder) == wanted[2]
    remove_files(folder, lexicon, sources=[parts[1].name])
    assert state(folder) == wanted[1]


def papers(folder: Path) -> list[str]:
    with open_graph(folder) as graph:
        found = graph.query("SELECT ?p { ?p a <https://w3id.org/litkg/ontology#Publication> }")
        assert isinstance(found, QuerySolutions)
        return sorted(str(row["p"].value) for row in found)


def test_a_paper_is_removed_and_its_source_stays(
    lexicon: Lexicon, parts: list[Path], tmp_path: Path
) -> None:
    folder = tmp_path / "a.kg"
    build_graph(parts[:1], folder, lexicon)
    before = papers(folder)
    remove_files(folder, lexicon, papers=[before[0]])
    assert papers(folder) == before[1:]
    with open_graph(folder) as graph:
        [source] = graph.manifest["inputs"]
        assert source["records"] == len(before) - 1
    # What is there already brings nothing back.
    assert add_files(parts[:1], folder, lexicon) is None
    assert papers(folder) == before[1:]


def test_wrong_names_are_told(lexicon: Lexicon, parts: list[Path], tmp_path: Path) -> None:
    folder = tmp_path / "a.kg"
    build_graph(parts[:1], folder, lexicon)
    was = state(folder)

    def refuse(message: str, sources: Sequence[str] = (), papers: Sequence[str] = ()) -> None:
        with pytest.raises(InputError, match=message):
            remove_files(folder, lexicon, sources=sources, papers=papers)

    refuse(r"no source 'x\.txt' is in the graph; there are: part0\.txt", sources=["x.txt"])
    refuse(r"no paper 'PMID:1' is in the graph", papers=["PMID:1"])
    refuse(r"'nonsense' names no paper", papers=["nonsense"])
    with pytest.raises(InputError, match="no such file"):
        add_files([tmp_path / "none.txt"], folder, lexicon)
    with pytest.raises(StoreError, match="there is no graph here"):
        add_files(parts[1:], tmp_path / "none.kg", lexicon)
    assert state(folder) == was


def test_other_settings_ask_for_a_rebuild(
    lexicon: Lexicon, parts: list[Path], tmp_path: Path
) -> None:
    folder = tmp_path / "a.kg"
    build_graph(parts[:2], folder, lexicon)
    table = tmp_path / "triggers.tsv"
    shipped = resource_path("data", "assertions", "triggers.tsv").read_text(encoding="utf-8")
    table.write_text("\n".join(shipped.splitlines()[:2]), encoding="utf-8")
    with pytest.raises(StoreError, match="kg rebuild"):
        add_files(parts[2:], folder, lexicon, triggers=table)
    rebuild_graph(folder, lexicon, triggers=table)
    add_files(parts[2:], folder, lexicon, triggers=table)
    build_graph(parts, tmp_path / "b.kg", lexicon)
    rebuild_graph(tmp_path / "b.kg", lexicon, triggers=table)
    assert state(folder) == state(tmp_path / "b.kg")
