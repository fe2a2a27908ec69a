"""What is written is checked in the end: what a build and an update say of it."""

from pathlib import Path

import pytest

from kg.cli import main
from kg.pipeline.checking import Touched
from kg.resources import resource_path
from kg.store import update_graph

LIST = resource_path("data", "interleukin-7.txt")
SENTENCE = "<http://example.org/s> a <https://w3id.org/litkg/ontology#Sentence>"


def run(capfd: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        main(list(args))
    out, err = capfd.readouterr()
    assert isinstance(caught.value.code, int)
    return caught.value.code, out, err


def test_builds_and_updates_tell_what_was_checked(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    graph = ("-g", str(tmp_path / "a.kg"))
    part = tmp_path / "part.txt"
    part.write_text("\n".join(LIST.read_text(encoding="utf-8").splitlines()[:60]), encoding="utf-8")
    _, out, _ = run(capfd, "build", str(part), "-o", graph[1])
    assert "validation no fault (1," in out
    _, out, _ = run(capfd, "add", str(LIST), *graph)
    assert "validation no fault (" in out
    assert "a sample" in out
    _, out, _ = run(capfd, "remove", "--source", "part.txt", *graph, "--no-validate")
    assert "validation" not in out
    assert run(capfd, "validate", *graph)[0] == 0


def test_a_fault_is_told_and_the_graph_stays(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    graph = tmp_path / "a.kg"
    assert run(capfd, "build", str(LIST), "-o", str(graph))[0] == 0
    update_graph(graph, f"INSERT DATA {{ {SENTENCE} }}")
    code, out, err = run(capfd, "rebuild", "-g", str(graph))
    assert code == 0
    assert "validation 4 violations (2," in out
    assert f"see kg validate -g {graph}" in out
    assert "kg: <http://example.org/s> is not as it should be (Sentence-field): " in err
    assert run(capfd, "validate", "-g", str(graph))[0] == 1


def test_touched_nodes_are_those_that_change_or_lose_something() -> None:
    touched = Touched()
    touched.add(["<http://a/1> <http://p> <http://a/2> ."], ['<http://a/3> <http://p> "<x>" .'])
    assert [node.value for node in touched.nodes()] == [f"http://a/{n}" for n in (3, 1, 2)]
    assert not touched.left_out
    touched.add([], [f"<http://b/{n}> <http://p> <http://c> ." for n in range(9)], pairs=True)
    assert len(touched.nodes()) == 8
    assert touched.left_out
