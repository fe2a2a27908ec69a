"""Generations on disk: switched whole, or not at all."""

import errno
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from kg.errors import StoreError
from kg.store import folders, open_graph, write_generation


def lines(count: int, tag: str = "a") -> Iterator[str]:
    return (f'<http://example.org/{tag}{i}> <http://example.org/p> "{i}" .' for i in range(count))


def build(
    folder: Path, count: int, *, tag: str = "a", keep: int = 3, quads: int | None = None
) -> str:
    with write_generation(folder, build_hash=f"{tag}0123456789abcdef", keep=keep) as writer:
        writer.add_lines(lines(count, tag))
        writer.finish({"quads": count if quads is None else quads, "tag": tag})
    return writer.name


def live(folder: Path) -> tuple[str, int]:
    with open_graph(folder) as graph:
        return graph.manifest["tag"], len(graph)


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_first_build_makes_the_documented_layout(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "il7.kg"
    name = build(folder, 10)
    assert name == "000001-a0123456789a"
    assert (folder / "CURRENT").read_text() == f"{name}\n"
    assert sorted(path.name for path in folder.iterdir()) == ["CURRENT", "generations", "lock"]
    inside = folder / "generations" / name
    assert sorted(path.name for path in inside.iterdir()) == ["lock", "manifest.json", "store"]
    manifest = json.loads((inside / "manifest.json").read_text())
    assert datetime.fromisoformat(manifest.pop("written_at")).tzinfo is not None
    wear = {"store": {"changed": 0, "writes": 0}}
    assert manifest == {"quads": 10, "tag": "a", "wear": wear}


def test_second_build_switches_and_the_old_one_stays(tmp_path: Path) -> None:
    build(tmp_path, 10)
    second = build(tmp_path, 20, tag="b")
    assert second.startswith("000002-b")
    assert live(tmp_path) == ("b", 20)
    assert len(folders.list_generations(tmp_path)) == 2


def test_same_input_twice_is_two_generations(tmp_path: Path) -> None:
    assert build(tmp_path, 5) != build(tmp_path, 5)


def test_chunks_of_bytes_and_named_graphs(tmp_path: Path) -> None:
    chunks = [
        f"<http://example.org/{i}> <http://example.org/p> <http://example.org/o> "
        f"<http://example.org/g> .\n".encode()
        for i in range(9)
    ]
    with write_generation(tmp_path, build_hash="c" * 12) as writer:
        writer.load(chunks)
        writer.add_lines(['<http://example.org/1> <http://example.org/p> "é\\n"@en .\n'] * 2)
        writer.finish({"quads": 10})
    with open_graph(tmp_path) as graph:
        assert {str(quad.graph_name) for quad in graph.quads()} == {
            "DEFAULT",
            "<http://example.org/g>",
        }


def test_more_lines_than_one_chunk(tmp_path: Path) -> None:
    build(tmp_path, 250_001)
    assert live(tmp_path) == ("a", 250_001)


def test_wrong_number_of_quads_is_refused(tmp_path: Path) -> None:
    build(tmp_path, 10)
    before = files(tmp_path)
    with pytest.raises(StoreError, match="3 statements were written where 4 were expected"):
        build(tmp_path, 3, quads=4)
    assert files(tmp_path) == before
    assert live(tmp_path) == ("a", 10)


def test_line_that_is_no_statement_is_shown(tmp_path: Path) -> None:
    folder = tmp_path / "new.kg"
    bad = [*lines(3), "<http://example.org/x> is wrong .", *lines(3)]
    with (
        pytest.raises(StoreError, match=r"not a statement of N-Quads: '<http://example.org/x> is"),
        write_generation(folder, build_hash="b" * 12) as writer,
    ):
        writer.add_lines(bad)
    assert not folder.exists()


def test_failing_source_of_lines_is_passed_on(tmp_path: Path) -> None:
    def failing() -> Iterator[str]:
        yield from lines(150_000)
        raise KeyError("from the reader")

    build(tmp_path, 10)
    with (
        pytest.raises(KeyError, match="from the reader"),
        write_generation(tmp_path, build_hash="b" * 12) as writer,
    ):
        writer.add_lines(failing())
    assert live(tmp_path) == ("a", 10)
    assert len(folders.list_generations(tmp_path)) == 1
    assert not list(tmp_path.rglob("*.unfinished"))


def test_block_without_finish_is_an_error(tmp_path: Path) -> None:
    folder = tmp_path / "made" / "here.kg"
    with (
        pytest.raises(StoreError, match="ended before its graph was finished"),
        write_generation(folder, build_hash="b" * 12) as writer,
    ):
        writer.add_lines(lines(3))
    assert list(tmp_path.iterdir()) == []


def test_closed_writer_takes_no_more(tmp_path: Path) -> None:
    with write_generation(tmp_path, build_hash="b" * 12) as writer:
        writer.finish({"quads": 0})
        with pytest.raises(StoreError, match="is closed"):
            writer.add_lines(lines(1))


@pytest.mark.parametrize(("build_hash", "keep"), [("../x", 3), ("", 3), ("abc", 0)])
def test_wrong_arguments(tmp_path: Path, build_hash: str, keep: int) -> None:
    with (
        pytest.raises(ValueError, match="build_hash"),
        write_generation(tmp_path / "x", build_hash=build_hash, keep=keep),
    ):
        pass
    assert not (tmp_path / "x").exists()


def test_empty_folder_that_was_there_is_left_empty(tmp_path: Path) -> None:
    with pytest.raises(KeyError), write_generation(tmp_path, build_hash="b" * 12):
        raise KeyError
    assert list(tmp_path.iterdir()) == []


def test_file_in_the_way_is_refused_and_untouched(tmp_path: Path) -> None:
    target = tmp_path / "notes.txt"
    target.write_text("mine")
    with pytest.raises(StoreError, match=r"notes\.txt: is a file"):
        build(target, 1)
    with pytest.raises(StoreError, match="could not be written"):
        build(target / "below", 1)
    assert target.read_text() == "mine"
    assert files(tmp_path) == ["notes.txt"]


def test_folder_of_something_else_is_refused_and_untouched(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(StoreError, match="holds other files and is no graph"):
        build(tmp_path, 1)
    assert files(tmp_path) == ["thesis.tex"]


def test_three_generations_are_kept(tmp_path: Path) -> None:
    names = [build(tmp_path, 1, tag=tag) for tag in "abcde"]
    assert folders.list_generations(tmp_path) == names[-3:]


def test_reader_keeps_its_generation_while_others_are_switched_and_pruned(tmp_path: Path) -> None:
    first = build(tmp_path, 1000)
    with open_graph(tmp_path) as graph:
        names = [build(tmp_path, 1, tag=tag, keep=1) for tag in "bcd"]
        assert folders.list_generations(tmp_path) == [first, names[-1]]
        assert len(graph) == 1000
        assert graph.manifest["tag"] == "a"
        with open_graph(tmp_path) as newer:
            assert newer.generation == names[-1]
    last = build(tmp_path, 1, tag="e", keep=1)
    assert folders.list_generations(tmp_path) == [last]


def test_second_writer_fails_at_once(tmp_path: Path) -> None:
    with write_generation(tmp_path, build_hash="a" * 12) as writer:
        with (
            pytest.raises(StoreError, match="another kg that is writing this graph"),
            write_generation(tmp_path, build_hash="b" * 12),
        ):
            pass
        writer.add_lines(lines(2))
        writer.finish({"quads": 2, "tag": "a"})
    assert live(tmp_path) == ("a", 2)


def test_second_writer_in_another_process_fails_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "il7.kg"
    with write_generation(folder, build_hash="a" * 12) as writer:
        done = subprocess.run(
            [sys.executable, "-c", CHILD, str(folder), "10"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert "another kg that is writing this graph" in done.stderr
        writer.finish({"quads": 0, "tag": "a"})
    assert live(folder) == ("a", 0)


# A build slow enough to be killed at every stage: chunks, optimising, switching, pruning.
CHILD = """
import sys
from pathlib import Path
from kg.store import write_generation
count = int(sys.argv[2])
with write_generation(Path(sys.argv[1]), build_hash="f" * 16, keep=1) as writer:
    print("started", flush=True)
    for part in range(20):
        writer.add_lines(
            f'<http://example.org/f{i}> <http://example.org/p> "{i}" .'
            for i in range(part * count // 20, (part + 1) * count // 20)
        )
    writer.finish({"quads": count, "tag": "f"})
"""


def spawn(folder: Path, count: int) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder), str(count)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "started\n"
    return child


def test_killed_at_any_instant_the_old_generation_is_live_and_whole(tmp_path: Path) -> None:
    count = 40_000
    timed = tmp_path / "timed.kg"
    child = spawn(timed, count)
    begun = time.monotonic()
    child.communicate()
    assert child.returncode == 0
    took = time.monotonic() - begun
    chance = random.Random(7)
    # Even parts of the whole time, each moved a little, so that early and late stages are met.
    for part in range(8):
        folder = tmp_path / f"{part}.kg"
        build(folder, 500)
        child = spawn(folder, count)
        time.sleep(took * (part + chance.random()) / 8)
        child.send_signal(signal.SIGKILL)
        child.communicate()
        # Either not switched yet, or switched; never anything between.
        assert live(folder) in (("a", 500), ("f", count))
        build(folder, 20, tag="b", keep=1)
        assert live(folder) == ("b", 20)
        assert len(folders.list_generations(folder)) == 1
        assert not list(folder.rglob("*.unfinished"))


def test_killed_first_build_is_no_graph_yet_and_the_next_works(tmp_path: Path) -> None:
    folder = tmp_path / "il7.kg"
    child = spawn(folder, 2_000_000)
    child.kill()
    child.communicate()
    with pytest.raises(StoreError, match="holds no finished graph"), open_graph(folder):
        pass
    build(folder, 20, tag="b")
    assert live(folder) == ("b", 20)
    assert not list(folder.rglob("*.unfinished"))


def test_interrupt_throws_the_unfinished_away(tmp_path: Path) -> None:
    folder = tmp_path / "il7.kg"

    def interrupted() -> Iterator[str]:
        yield from lines(10)
        raise KeyboardInterrupt

    with (
        pytest.raises(KeyboardInterrupt),
        write_generation(folder, build_hash="a" * 12) as writer,
    ):
        writer.add_lines(interrupted())
    assert not folder.exists()


@pytest.mark.parametrize("existing", [True, False])
@pytest.mark.parametrize("at", ["manifest.json", "CURRENT.unfinished"])
def test_disk_full_at_the_last_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str, existing: bool
) -> None:
    folder = tmp_path / "il7.kg"
    if existing:
        build(folder, 10)
    before = files(tmp_path)
    write = folders.write_synced

    def full(path: Path, text: str) -> None:
        write(path, text)
        if path.name == at:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr(folders, "write_synced", full)
    with pytest.raises(StoreError, match="the disk is full"):
        build(folder, 10, tag="b")
    monkeypatch.undo()
    if existing:
        assert live(folder) == ("a", 10)
        build(folder, 20, tag="c", keep=1)
        assert live(folder) == ("c", 20)
        assert not list(folder.rglob("*.unfinished"))
    else:
        assert files(tmp_path) == before


def test_failure_after_the_switch_keeps_the_new_generation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(tmp_path, 10)
    sync = folders.sync_folder

    def fail(folder: Path) -> None:
        sync(folder)
        if folder == tmp_path:
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(folder))

    monkeypatch.setattr(folders, "sync_folder", fail)
    with pytest.raises(StoreError, match="could not be written"):
        build(tmp_path, 20, tag="b")
    monkeypatch.undo()
    assert live(tmp_path) == ("b", 20)


LIMITED = """
import resource, sys
from pathlib import Path
from kg.errors import StoreError
from kg.store import write_generation
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
try:
    with write_generation(Path(sys.argv[1]), build_hash="f" * 16) as writer:
        writer.add_lines(
            f'<http://example.org/{i * 7919 % 99991}> <http://example.org/p> "{i}" .'
            for i in range(90_000)
        )
        writer.finish({"quads": 90_000})
except StoreError as error:
    print(error)
"""


def test_folders_that_only_look_like_a_graph_are_refused(tmp_path: Path) -> None:
    genetics, oxigraph = tmp_path / "genetics", tmp_path / "oxigraph"
    (genetics / "generations").mkdir(parents=True)
    (genetics / "pedigree.csv").write_text("mine")
    oxigraph.mkdir()
    (oxigraph / "CURRENT").write_text("MANIFEST-000005\n")
    before = files(tmp_path)
    for folder in (genetics, oxigraph):
        with pytest.raises(StoreError, match="is no graph"):
            build(folder, 1)
        with pytest.raises(StoreError, match="is no graph"), open_graph(folder):
            pass
    assert files(tmp_path) == before


@pytest.mark.parametrize("existing", [True, False])
def test_disk_full_in_oxigraph(tmp_path: Path, existing: bool) -> None:
    folder = tmp_path / "il7.kg"
    if existing:
        build(folder, 10)
    before = files(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(folder)], capture_output=True, text=True, check=False
    )
    assert "the disk is full" in done.stdout, done.stderr
    assert files(tmp_path) == before
    if existing:
        assert live(folder) == ("a", 10)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 4 MB, where the tests may make one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    if mount is None or sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("making a small file system needs root on Linux")
    made = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)],
        capture_output=True,
        check=False,
    )
    if made.returncode != 0:
        pytest.skip("no file system can be mounted here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_disk_really_full(small_disk: Path) -> None:
    folder = small_disk / "il7.kg"
    build(folder, 10)
    before = files(folder)
    with pytest.raises(StoreError, match="the disk is full"):
        build(folder, 100_000, tag="b")
    assert files(folder) == before
    assert live(folder) == ("a", 10)


def test_file_system_that_cannot_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(descriptor: int, operation: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK), descriptor, None, operation)

    monkeypatch.setattr("kg.store.folders.fcntl.flock", refuse)
    with pytest.raises(StoreError, match="cannot lock files"):
        build(tmp_path / "il7.kg", 1)
    assert list(tmp_path.iterdir()) == []


def test_graphs_of_the_same_name_in_two_folders_are_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        monkeypatch.chdir(tmp_path / name)
        with write_generation(Path("my.kg"), build_hash="a" * 12) as writer:
            # As what is still in a traceback, or waits for the collector, holds it.
            held.append(writer.store)
            writer.add_lines(['<http://a/a> <http://a/b> "c" .'])
            writer.abandon()
    assert len(held) == 2
