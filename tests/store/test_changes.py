"""Generations that begin as copies of the live one."""

import errno
import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from kg.errors import StoreError
from kg.store import (
    Changed,
    GraphBusyError,
    folders,
    open_graph,
    update_graph,
    write_generation,
)
from kg.store.loading import Wear
from tests.store.graphs import EX, build, change, content, manifest, statement, statements


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A graph of ten statements."""
    build(tmp_path / "il7.kg", statements(*range(10)))
    return tmp_path / "il7.kg"


def test_changes_are_counted_as_they_really_are(folder: Path) -> None:
    with write_generation(folder, build_hash="c" * 12, from_live=True) as writer:
        removed = [*statements(3, 4, 99), statement(3)]
        added = [*statements(5, 20, 21), statement(20)]
        assert writer.apply(removed, added) == Changed(removed=2, added=2)
        assert writer.apply([], []) == Changed(removed=0, added=0)
        assert writer.quads == 10
        writer.finish(manifest(10))
    assert content(folder) == statements(0, 1, 2, 5, 6, 7, 8, 9, 20, 21)
    assert content(folder, "1") == statements(*range(10))


def test_what_is_removed_and_added_again_is_there(folder: Path) -> None:
    with write_generation(folder, build_hash="c" * 12, from_live=True) as writer:
        changed = writer.apply(statements(1, 2), statements(2))
        writer.finish(manifest(9))
    assert changed == Changed(removed=2, added=1)
    assert content(folder) == statements(0, *range(2, 10))


def test_named_graphs_are_changed_too(folder: Path) -> None:
    named = {statement(1, "g"), statement(2, "g")}
    change(folder, added=named)
    change(folder, removed=[statement(1, "g")])
    assert content(folder) == statements(*range(10)) | {statement(2, "g")}


def test_many_changes_go_in_bulk(folder: Path) -> None:
    many = statements(*range(5, 25_005))
    with write_generation(folder, build_hash="c" * 12, from_live=True) as writer:
        assert writer.apply([], many) == Changed(removed=0, added=24_995)
        writer.finish(manifest(25_005))
    with write_generation(folder, build_hash="c" * 12, from_live=True) as writer:
        assert writer.apply(statements(*range(1, 30_000)), []) == Changed(removed=25_004, added=0)
        writer.finish(manifest(1))
    assert content(folder) == statements(0)


def test_line_that_is_no_statement_is_told_and_changes_nothing(folder: Path) -> None:
    with (
        pytest.raises(StoreError, match="not a statement of N-Quads: '<http://x> is wrong'"),
        write_generation(folder, build_hash="c" * 12, from_live=True) as writer,
    ):
        writer.apply([*statements(1), "<http://x> is wrong"], [])
    assert content(folder) == statements(*range(10))
    assert len(folders.list_generations(folder)) == 1


def test_wrong_number_is_refused(folder: Path) -> None:
    def finish() -> None:
        with write_generation(folder, build_hash="c" * 12, from_live=True) as writer:
            writer.apply([], statements(30))
            writer.finish(manifest(12))

    with pytest.raises(StoreError, match="11 statements were written where 12 were expected"):
        finish()
    assert content(folder) == statements(*range(10))


def test_there_must_be_a_graph_to_begin_from(tmp_path: Path) -> None:
    with (
        pytest.raises(StoreError, match="there is no graph here"),
        write_generation(tmp_path / "none.kg", build_hash="c" * 12, from_live=True),
    ):
        pass
    assert list(tmp_path.iterdir()) == []


def test_damaged_graph_is_not_begun_from(folder: Path) -> None:
    name = folders.read_current(folder)
    (folder / "generations" / name / "manifest.json").write_text("[]")
    with (
        pytest.raises(StoreError, match="is damaged"),
        write_generation(folder, build_hash="c" * 12, from_live=True),
    ):
        pass


def test_the_live_generation_is_never_written(folder: Path) -> None:
    live = folder / "generations" / folders.read_current(folder) / "store"
    before = {path.name: path.read_bytes() for path in live.glob("*.sst")}
    assert before
    with open_graph(folder):
        for number in range(12):
            change(folder, removed=statements(number), added=statements(100 + number))
        update_graph(folder, "CLEAR ALL")
        assert {path.name: path.read_bytes() for path in live.glob("*.sst")} == before
        assert content(folder, "1") == statements(*range(10))


def test_generations_share_the_files_of_what_they_share(tmp_path: Path) -> None:
    folder = tmp_path / "il7.kg"
    build(folder, statements(*range(20_000)))
    writer = change(folder, removed=statements(1), added=statements(-1))
    store = folder / "generations" / writer.name / "store"
    shared = [path.stat() for path in store.glob("*.sst") if path.stat().st_nlink > 1]
    own = [path.stat() for path in store.iterdir() if path.stat().st_nlink == 1]
    assert sum(stat.st_size for stat in shared) > 100_000
    assert sum(stat.st_size for stat in own if stat.st_size < 300_000) < 400_000


def test_a_store_is_put_in_order_once_in_a_while(folder: Path) -> None:
    writes = []
    for number in range(9):
        writer = change(folder, added=statements(100 + number))
        with open_graph(folder) as graph:
            assert graph.generation == writer.name
            writes.append(graph.manifest["wear"]["store"]["writes"])
    # A tenth of so few statements is soon changed.
    assert writes == [1, 0, 1, 0, 1, 0, 1, 0, 1]


def test_small_changes_of_a_large_graph_put_it_in_order_rarely(tmp_path: Path) -> None:
    build(tmp_path, statements(*range(2_000)))
    writes = []
    for number in range(8):
        change(tmp_path, added=statements(5_000 + number))
        with open_graph(tmp_path) as graph:
            writes.append(graph.manifest["wear"]["store"]["writes"])
    assert writes == [1, 2, 3, 4, 5, 0, 1, 2]
    assert Wear(writes=6).is_due(10**9)


def test_a_generation_named_after_what_the_manifest_says(folder: Path) -> None:
    with write_generation(folder, build_hash=None, from_live=True) as writer:
        assert writer.live is not None
        assert writer.live.manifest["quads"] == 10
        writer.finish(manifest(10))
    assert writer.name == f"000002-{'d' * 12}"


def test_hash_that_no_name_can_be_made_of(folder: Path) -> None:
    with (
        pytest.raises(ValueError, match=r"build_hash '\.\./x'"),
        write_generation(folder, build_hash=None, from_live=True) as writer,
    ):
        writer.finish({"quads": 10, "build_hash": "../x"})
    assert len(folders.list_generations(folder)) == 1


def test_a_writer_may_find_that_there_is_nothing_to_write(folder: Path) -> None:
    before = sorted(folder.rglob("*"))
    with write_generation(folder, build_hash="c" * 12, from_live=True) as writer:
        writer.apply(statements(1), [])
        writer.abandon()
    assert sorted(folder.rglob("*")) == before
    assert content(folder) == statements(*range(10))
    with write_generation(folder.parent / "new.kg", build_hash="c" * 12) as writer:
        writer.abandon()
    assert not (folder.parent / "new.kg").exists()


def test_files_beside_the_graph(folder: Path) -> None:
    with write_generation(folder, build_hash="e" * 12) as writer:
        writer.add_lines(statements(1))
        writer.add_file("state.sqlite").write_text("one")
        writer.add_file("other").write_text("other")
        writer.finish(manifest(1))
    with write_generation(folder, build_hash="f" * 12, from_live=True) as writer:
        path = writer.add_file("state.sqlite")
        assert path.read_text() == "one"
        with path.open("a") as stream:
            stream.write(" two")
        assert writer.add_file("state.sqlite") == path
        assert writer.live is not None
        assert (writer.live.path / "state.sqlite").read_text() == "one"
        writer.finish(manifest(1))
    with open_graph(folder) as graph:
        assert (graph.path / "state.sqlite").read_text() == "one two"
        assert (graph.path / "other").read_text() == "other"
        (graph.path / "state.sqlite-wal").write_text("of a reader")
    update_graph(folder, "CLEAR ALL")
    with open_graph(folder) as graph:
        assert (graph.path / "state.sqlite").read_text() == "one two"
        assert not (graph.path / "state.sqlite-wal").exists()
    build(folder, statements(1))
    with open_graph(folder) as graph:
        assert not (graph.path / "state.sqlite").exists()
    with open_graph(folder, "3") as graph:
        assert (graph.path / "state.sqlite").read_text() == "one two"


@pytest.mark.parametrize("name", ["store", "manifest.json", "../x", "a/b", "", "updates.log"])
def test_names_that_no_file_may_have(folder: Path, name: str) -> None:
    with (
        pytest.raises(ValueError, match="no name for a file"),
        write_generation(folder, build_hash="e" * 12) as writer,
    ):
        writer.add_file(name)


def test_files_are_copied_where_no_links_can_be_made(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with write_generation(folder, build_hash="e" * 12, from_live=True) as writer:
        writer.add_file("state.sqlite").write_text("one")
        writer.finish(manifest(10))

    def refuse(source: Path, target: Path) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM), str(source), None, str(target))

    monkeypatch.setattr("kg.store.unfinished.os.link", refuse)
    change(folder, added=statements(77))
    with open_graph(folder) as graph:
        assert (graph.path / "state.sqlite").read_text() == "one"


def test_disk_full_while_files_are_taken_over(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with write_generation(folder, build_hash="e" * 12, from_live=True) as writer:
        writer.add_file("state.sqlite").write_text("one")
        writer.finish(manifest(10))

    def full(source: Path, target: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(source), None, str(target))

    monkeypatch.setattr("kg.store.unfinished.shutil.copyfile", full)
    with (
        pytest.raises(StoreError, match="the disk is full"),
        write_generation(folder, build_hash="f" * 12, from_live=True) as writer,
    ):
        writer.add_file("state.sqlite")
    assert content(folder) == statements(*range(10))
    assert not list(folder.rglob("*.unfinished"))


LIMITED = """
import resource, sys
from pathlib import Path
from kg.errors import StoreError
from kg.store import write_generation, update_graph
folder, what = Path(sys.argv[1]), sys.argv[2]
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
lines = [
    f'<http://example.org/{i * 7919 % 99991}> <http://example.org/p> "{i}" .' for i in range(19_000)
]
try:
    if what == "apply":
        with write_generation(folder, build_hash="f" * 16, from_live=True) as writer:
            writer.apply([], lines)
            writer.finish({"quads": writer.quads})
    else:
        update_graph(folder, f"INSERT DATA {{ {' '.join(lines)} }}")
except StoreError as error:
    print(error)
"""


@pytest.mark.parametrize("what", ["apply", "update"])
def test_disk_full_in_oxigraph(folder: Path, what: str) -> None:
    before = sorted(folder.rglob("*"))
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(folder), what],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "the disk is full" in done.stdout, done.stderr
    assert sorted(folder.rglob("*")) == before
    assert content(folder) == statements(*range(10))


def test_second_writer_waits_and_nothing_is_lost(folder: Path) -> None:
    told: list[str] = []

    def insert() -> None:
        update_graph(folder, f'INSERT DATA {{ <{EX}w> <{EX}p> "w" }}', wait=60, waiting=told.append)

    with write_generation(folder, build_hash="c" * 12, from_live=True) as writer:
        waiting = threading.Thread(target=insert)
        waiting.start()
        deadline = time.monotonic() + 30
        while not told and time.monotonic() < deadline:
            time.sleep(0.01)
        writer.apply([], statements(50))
        writer.finish(manifest(11))
    waiting.join()
    assert told == [f"{folder}: waiting for another kg that is writing this graph"]
    assert content(folder) == statements(*range(10), 50) | {f'<{EX}w> <{EX}p> "w" .'}


def test_writer_that_waited_long_enough_is_told_so(folder: Path) -> None:
    told: list[str] = []
    with write_generation(folder, build_hash="c" * 12, from_live=True) as writer:
        with pytest.raises(GraphBusyError, match=r"has not ended in 0\.1 seconds; nothing was"):
            update_graph(folder, "CLEAR ALL", wait=0.1, waiting=told.append)
        writer.finish(manifest(10))
    assert len(told) == 1
    assert content(folder) == statements(*range(10))


WRITER = """
import sys
from pathlib import Path
from kg.store import update_graph
for number in range(int(sys.argv[3])):
    update_graph(
        Path(sys.argv[1]), f'INSERT DATA {{ <urn:{sys.argv[2]}> <urn:p> {number} }}', wait=60
    )
"""


def test_two_processes_that_write_at_once_lose_nothing(folder: Path) -> None:
    children = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(folder), name, "6"]) for name in "ab"
    ]
    assert [child.wait() for child in children] == [0, 0]
    written = {line for line in content(folder) if line.startswith("<urn:")}
    assert len(written) == 12
    log = (folder / "generations" / folders.read_current(folder) / "updates.log").read_text()
    assert len(log.splitlines()) == 12


def test_writer_that_waits_for_a_first_build_that_fails(tmp_path: Path) -> None:
    folder = tmp_path / "new.kg"
    told = threading.Event()
    made: list[str] = []

    def build_later() -> None:
        with write_generation(
            folder, build_hash="c" * 12, wait=60, waiting=lambda _: told.set()
        ) as writer:
            writer.add_lines(statements(1))
            writer.finish(manifest(1))
        made.append(writer.name)

    waiting = threading.Thread(target=build_later)

    def fail() -> None:
        with write_generation(folder, build_hash="b" * 12):
            waiting.start()
            told.wait(30)

    with pytest.raises(StoreError, match="ended before its graph was finished"):
        fail()
    waiting.join()
    assert made == [f"000001-{'c' * 12}"]
    assert content(folder) == statements(1)


def test_random_changes_are_those_of_sets(tmp_path: Path) -> None:
    chance = random.Random(5)
    expected = statements(*range(50))
    build(tmp_path, expected)
    for _ in range(12):
        removed = statements(*(chance.randrange(80) for _ in range(chance.randrange(20))))
        added = statements(*(chance.randrange(80) for _ in range(chance.randrange(20))))
        writer = change(tmp_path, removed=removed, added=added, keep=1)
        expected = (expected - removed) | added
        assert writer.quads == len(expected)
        assert content(tmp_path) == expected
