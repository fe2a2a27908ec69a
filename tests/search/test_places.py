"""Where the index of a generation is, who makes it, and what becomes of it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kg.errors import SearchError
from kg.search import Index, find_index, find_older_index, make_index, remove_spare
from kg.store import list_history, open_graph, publish_copy, write_generation
from tests.searching import IL7, write_library

MORE = 'hgnc:1 a kg:Gene ; rdfs:label "NEW1" ; kg:curie "HGNC:1" .'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_library(tmp_path / "library.kg", "a" * 12)
    return tmp_path / "library.kg"


def make(folder: Path, spare: Path | None = None) -> Path:
    with open_graph(folder) as graph:
        return make_index(graph, spare)


def test_it_is_made_once_in_the_folder_of_its_generation(folder: Path) -> None:
    with open_graph(folder) as graph:
        assert find_index(folder, graph.generation) is None
        path = make_index(graph)
        assert path.parent == graph.path / "search"
        assert find_index(folder, graph.generation) == path
        stamp = path.stat().st_ino
        assert make_index(graph).stat().st_ino == stamp
    assert sorted(each.name for each in path.parent.iterdir()) == [path.name, "lock"]


def test_of_several_processes_one_makes_it(folder: Path) -> None:
    with open_graph(folder) as graph:
        generation = graph.generation
    # Each would leave its own file, so that what the first one made would be another's.
    script = (
        "import sys, pathlib; from kg.store import open_graph; from kg.search import make_index\n"
        "with open_graph(pathlib.Path(sys.argv[1])) as graph:\n"
        "    print(make_index(graph).stat().st_ino)\n"
    )
    command = [sys.executable, "-c", script, str(folder)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    made = {process.communicate(timeout=60)[0] for process in running}
    path = find_index(folder, generation)
    assert path is not None
    assert made == {f"{path.stat().st_ino}\n"}


def test_where_the_graph_cannot_be_written_it_is_made_elsewhere(
    folder: Path, tmp_path: Path
) -> None:
    spare = tmp_path / "spare"
    with open_graph(folder) as graph:
        # No folder can be made where a file is; who tests may be root, whom no mode keeps out.
        (graph.path / "search").touch()
        path = make_index(graph, spare)
        assert path.parent == spare / graph.generation
        assert find_index(folder, graph.generation, spare) == path
        with pytest.raises(SearchError, match="no text index could be made"):
            make_index(graph)
    (spare / "000000-gone").mkdir()
    remove_spare(folder, spare)
    assert [each.name for each in spare.iterdir()] == [path.parent.name]


def test_a_full_disk_leaves_nothing_and_is_told(folder: Path, tmp_path: Path) -> None:
    with open_graph(folder) as graph:
        generation = graph.generation
    arguments = [str(folder), generation, str(tmp_path / "spare")]
    # A limit on files stands for the disk: writing past it fails.
    command = f'ulimit -f 16; exec "{sys.executable}" -m kg.search "$@"'
    done = subprocess.run(
        ["bash", "-c", command, "bash", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("kg: no text index could be made")
    assert "Traceback" not in done.stderr
    for home in (folder / "generations" / generation / "search", tmp_path / "spare" / generation):
        assert [each.name for each in home.iterdir()] == ["lock"]


def test_a_process_of_its_own_makes_it(folder: Path, tmp_path: Path) -> None:
    with open_graph(folder) as graph:
        generation = graph.generation
    command = [sys.executable, "-m", "kg.search", str(folder), generation, str(tmp_path / "spare")]
    assert subprocess.run(command, timeout=60, check=False).returncode == 0
    assert find_index(folder, generation) is not None


@pytest.mark.parametrize("damage", [b"", b"SQLite format 3\0" + bytes(9000)])
def test_a_damaged_one_and_what_was_left_behind_are_made_again(folder: Path, damage: bytes) -> None:
    path = make(folder)
    path.write_bytes(damage)
    (path.parent / f"{path.name}.unfinished").write_bytes(b"half of one")
    (path.parent / "index-0.sqlite").write_bytes(b"one of a former version")
    assert make(folder) == path
    with Index(path) as index:
        assert index.search("IL7").hits[0].iri == IL7
    assert sorted(each.name for each in path.parent.iterdir()) == [path.name, "lock"]


def test_a_new_generation_does_not_take_it_over(folder: Path) -> None:
    before = make(folder)
    after = write_library(folder, "b" * 12, MORE, from_live=True)
    assert find_index(folder, after) is None
    assert find_older_index(folder, after) == before
    with Index(make(folder)) as index:
        assert index.generation == after
        assert [hit.label for hit in index.search("NEW1").hits] == ["NEW1"]


def test_it_goes_with_its_generation_and_history_counts_it(folder: Path) -> None:
    path = make(folder)
    first = list_history(folder).generations[0]
    assert first.bytes > path.stat().st_size
    with open_graph(folder) as graph:
        assert graph.size_on_disk() == first.bytes
    for number in range(3):
        with write_generation(folder, build_hash=f"{number}" * 12, keep=2) as writer:
            writer.finish({"quads": 0})
    assert not path.exists()
    assert not path.parent.exists()


def test_a_copy_that_is_published_has_its_own(folder: Path, tmp_path: Path) -> None:
    make(folder)
    published = tmp_path / "published.kg"
    with open_graph(folder) as graph:
        publish_copy(graph, published, lambda store: store.clear())
    with Index(make(published)) as index:
        assert index.search("IL7").hits == ()
    shutil.rmtree(published)
