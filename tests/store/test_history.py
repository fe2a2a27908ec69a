"""The generations of a graph: listed, rolled back to, pruned."""

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from kg.errors import StoreError
from kg.store import folders, list_history, open_graph, roll_back, update_graph, write_generation
from tests.store.graphs import EX, build, change, content, manifest, statement, statements

INSERT = f'INSERT DATA {{ <{EX}s9> <{EX}p> "9" }}'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A graph of three generations, of one, two and three statements."""
    folder = tmp_path / "il7.kg"
    for count in (1, 2, 3):
        build(folder, statements(*range(count)))
    return folder


def numbers(folder: Path) -> list[int]:
    return [folders.sequence_of(name) for name in folders.list_generations(folder)]


def live(folder: Path) -> int:
    return folders.sequence_of(folders.read_current(folder))


def test_history_of_a_build_and_of_updates(folder: Path) -> None:
    with write_generation(folder, build_hash="a" * 12, from_live=True) as writer:
        writer.apply([], statements(20_000))
        action = {"kind": "add", "inputs": ["b.nbib"], "gained": 1, "lost": 0}
        writer.finish({"quads": 4, "action": action, "counts": {"papers": 7}})
    update_graph(folder, INSERT)
    found = list_history(folder)
    assert [folders.sequence_of(each.name) for each in found.generations] == [3, 4, 5]
    built, added, updated = found.generations
    assert [each.live for each in found.generations] == [False, False, True]
    assert built.action == {"kind": "build", "inputs": []}
    assert (added.action, added.papers) == (action, 7)
    assert updated.action["kind"] == "update"
    assert (updated.previous, added.previous) == (added.name, built.name)
    assert [each.statements for each in found.generations] == [3, 4, 5]
    for each in found.generations:
        assert datetime.fromisoformat(each.at).tzinfo is not None
        assert each.bytes >= each.own_bytes > 0
    assert found.bytes < sum(each.bytes for each in found.generations)
    assert found.rollbacks == ()


def test_rolling_back_switches_and_removes_nothing(folder: Path) -> None:
    done = roll_back(folder)
    assert (done.old, done.new) == (f"000003-{'b' * 12}", f"000002-{'b' * 12}")
    assert content(folder) == statements(0, 1)
    assert numbers(folder) == [1, 2, 3]
    roll_back(folder)
    assert content(folder) == statements(0)
    roll_back(folder, "3")
    assert content(folder) == statements(0, 1, 2)
    rollbacks = list_history(folder).rollbacks
    assert [(each.old[:6], each.new[:6]) for each in rollbacks] == [
        ("000003", "000002"),
        ("000002", "000001"),
        ("000001", "000003"),
    ]


def test_the_next_write_goes_on_from_what_was_rolled_back_to(folder: Path) -> None:
    roll_back(folder)
    update_graph(folder, INSERT)
    assert content(folder) == {*statements(0, 1), statement(9)}
    assert live(folder) == 4
    # What was rolled back from is kept, and what the live one was written on top of.
    assert numbers(folder) == [2, 3, 4]
    # The roll-back is told of as long as the write on top of it is kept.
    (rollback,) = list_history(folder).rollbacks
    assert (rollback.old[:6], rollback.new[:6]) == ("000003", "000002")
    update_graph(folder, INSERT)
    with open_graph(folder) as graph:
        assert "rollbacks" not in graph.manifest
    assert numbers(folder) == [3, 4, 5]
    roll_back(folder)
    assert live(folder) == 4


def test_what_was_written_on_top_of_is_kept_however_old(folder: Path) -> None:
    roll_back(folder, "1")
    build(folder, statements(7))
    assert numbers(folder) == [1, 3, 4]


def test_updates_are_rolled_back_with_the_rest(folder: Path) -> None:
    update_graph(folder, INSERT)
    roll_back(folder)
    build(folder, statements(5))
    assert content(folder) == statements(5)
    roll_back(folder, "4")
    change(folder, added=statements(6))
    assert content(folder) == statements(0, 1, 2, 6, 9)


def test_there_must_be_something_to_roll_back_to(folder: Path) -> None:
    with pytest.raises(StoreError, match="there is no generation '9' here; there are: 000001-b"):
        roll_back(folder, "9")
    with pytest.raises(StoreError, match="there is no generation '0' here"):
        roll_back(folder, "0")
    with pytest.raises(StoreError, match="000003-bbbbbbbbbbbb is the live generation already"):
        roll_back(folder, "000003-")
    roll_back(folder, "1")
    with pytest.raises(StoreError, match=r"no generation that 000001-b.* was written on top of"):
        roll_back(folder)
    with pytest.raises(StoreError, match="there is no graph here"):
        roll_back(folder / "none.kg")
    assert live(folder) == 1


def test_previous_generation_that_was_pruned_is_told(folder: Path) -> None:
    shutil.rmtree(folder / "generations" / f"000002-{'b' * 12}")
    with pytest.raises(StoreError, match="or it was pruned; name one of those that are there"):
        roll_back(folder)
    roll_back(folder, "1")
    assert content(folder) == statements(0)


def test_generation_whose_manifest_tells_nothing_has_the_one_before(folder: Path) -> None:
    name = folders.read_current(folder)
    (folder / "generations" / name / "manifest.json").write_text('{"quads": 3}')
    assert roll_back(folder).new[:6] == "000002"


@pytest.mark.parametrize("harm", ["manifest", "count", "store"])
def test_damaged_generation_is_not_rolled_back_to(folder: Path, harm: str) -> None:
    path = folder / "generations" / f"000002-{'b' * 12}"
    if harm == "manifest":
        (path / "manifest.json").write_text("{")
    elif harm == "count":
        (path / "manifest.json").write_text('{"quads": 5}')
    else:
        shutil.rmtree(path / "store")
    with pytest.raises(StoreError, match=r"generation 000002-b.*; nothing was changed"):
        roll_back(folder)
    assert live(folder) == 3
    if harm == "manifest":
        assert list_history(folder).generations[1].action == {"kind": "unreadable"}


def test_rolling_back_waits_for_a_writer(folder: Path) -> None:
    with write_generation(folder, build_hash="a" * 12) as writer:
        with pytest.raises(StoreError, match="another kg that is writing this graph is running"):
            roll_back(folder)
        writer.finish(manifest(0))
    assert live(folder) == 4


def test_older_generations_can_be_opened(folder: Path) -> None:
    assert content(folder, "1") == statements(0)
    assert content(folder, "000002") == statements(0, 1)
    assert content(folder, "000003-bb") == statements(0, 1, 2)
    with pytest.raises(StoreError, match="there is no generation '4' here"):
        content(folder, "4")
    with pytest.raises(StoreError, match="there is no generation '00000-' here"):
        content(folder, "00000-")


def test_generation_that_never_went_live_is_removed_by_the_next_write(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    # As a kill would have it: the generation is whole, and nothing tidies up.
    monkeypatch.setattr("kg.store.unfinished.folders.replace_current", killed)
    monkeypatch.setattr("kg.store.generations.GenerationWriter.discard", lambda _: None)
    with pytest.raises(KeyboardInterrupt):
        build(folder, statements(8))
    monkeypatch.undo()
    assert numbers(folder) == [1, 2, 3, 4]
    assert content(folder) == statements(0, 1, 2)
    update_graph(folder, INSERT)
    assert numbers(folder) == [2, 3, 4]
    assert content(folder, "4") == statements(0, 1, 2, 9)


def test_reader_of_an_old_generation_keeps_it(folder: Path) -> None:
    with open_graph(folder, "1") as graph:
        update_graph(folder, INSERT)
        assert numbers(folder) == [1, 2, 3, 4]
        assert len(graph) == 1
    update_graph(folder, INSERT)
    assert numbers(folder) == [3, 4, 5]
