"""Shards: loaded, they are the graph of a build; stopped, a build goes on."""

import random
import sqlite3
from array import array
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from kg.errors import InputError, StoreError, WorkerError
from kg.namespaces import DEFAULT_BASE, about_graph, queries_graph
from kg.pipeline import (
    BuildSettings,
    add_files,
    build_graph,
    build_shards,
    load_graph,
    rebuild_graph,
    remove_files,
)
from kg.pipeline.counts import Bucket, Counts, CountsWriter, Summary, bucket_of
from kg.pipeline.joining import cut_groups, join_records
from kg.pipeline.shard_files import MANIFEST, read_json, whole_file, write_json
from kg.pipeline.shard_plan import PLAN, Plan
from kg.pipeline.shard_tasks import read_part
from kg.store import open_graph
from kg.vocabulary.lexicon import Lexicon
from tests.sharding import RunsHere, cut_small
from tests.test_updating import LIST, split_list, state


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return split_list(tmp_path_factory.mktemp("parts"))


def shards_of(folder: Path) -> dict[str, Any]:
    return {each["name"]: each for each in read_json(folder / MANIFEST, dict[str, Any])["shards"]}


def test_shards_give_the_graph_of_a_build(
    lexicon: Lexicon, parts: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_small(monkeypatch)
    wanted = build_graph(parts, tmp_path / "built.kg", lexicon)
    runner = RunsHere()
    report = build_shards(parts, tmp_path / "a.shards", lexicon, runner)
    assert report.problems == wanted.problems
    assert (report.papers, report.entities) == (wanted.papers, wanted.entities)
    names = set(shards_of(tmp_path / "a.shards"))
    # The five citations that two files have are written apart.
    assert {name.partition("-")[0] for name in names} == {
        "papers",
        "joined",
        "shared",
        "terms.nq.zst",
    }
    assert len(names) > 10
    assert {name for name, _ in runner.run} == {
        "read_part", "find_shared", "write_span", "count_bucket",
    }  # fmt: skip
    loaded = load_graph([tmp_path / "a.shards"], tmp_path / "loaded.kg")
    assert loaded.statements == wanted.quads
    with open_graph(tmp_path / "built.kg") as graph:
        # What a graph says of itself, and the saved queries, are written where it is loaded.
        added = [
            quad
            for name in (about_graph(DEFAULT_BASE), queries_graph(DEFAULT_BASE))
            for quad in graph.store.quads_for_pattern(None, None, None, NamedNode(name))
        ]
        assert report.quads == wanted.quads - len(added)
    assert state(tmp_path / "loaded.kg") == state(tmp_path / "built.kg")


def test_the_order_of_files_and_the_cut_do_not_matter(
    lexicon: Lexicon, parts: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_shards(parts, tmp_path / "a.shards", lexicon, RunsHere())
    cut_small(monkeypatch)
    build_shards(parts[::-1], tmp_path / "b.shards", lexicon, RunsHere())
    for name in ("a", "b"):
        load_graph([tmp_path / f"{name}.shards"], tmp_path / f"{name}.kg")
    assert state(tmp_path / "a.kg") == state(tmp_path / "b.kg")


def test_what_is_loaded_can_be_updated(
    lexicon: Lexicon, parts: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_small(monkeypatch)
    build_graph(parts, tmp_path / "all.kg", lexicon)
    build_shards(parts[:2], tmp_path / "a.shards", lexicon, RunsHere())
    loaded = load_graph([tmp_path / "a.shards"], tmp_path / "a.kg")
    assert loaded.records == sum(
        each["records"]
        for each in read_json(tmp_path / "a.shards" / MANIFEST, dict[str, Any])["inputs"]
    )
    add_files(parts[2:], tmp_path / "a.kg", lexicon)
    assert state(tmp_path / "a.kg") == state(tmp_path / "all.kg")
    rebuild_graph(tmp_path / "a.kg", lexicon)
    assert state(tmp_path / "a.kg") == state(tmp_path / "all.kg")
    build_graph(parts[:1], tmp_path / "one.kg", lexicon)
    remove_files(tmp_path / "a.kg", lexicon, sources=[path.name for path in parts[1:]])
    assert state(tmp_path / "a.kg") == state(tmp_path / "one.kg")


def test_conflicts_between_files_are_told_as_in_a_build(lexicon: Lexicon, tmp_path: Path) -> None:
    citation = "  1. Doe J, Roe R. IL-7 activates STAT5 in T cells. J Test. {}:1-9 pubmed\n"
    head = "interleukin 7\n\nSummary: A cytokine.\n\nTop Publications\n\n"
    files = [tmp_path / "a.txt", tmp_path / "b.txt"]
    for path, author in zip(files, ("Doe J", "Poe E"), strict=True):
        text = citation.format("2001;1").replace("Doe J", author)
        path.write_text(f"{head}{text}    ..Seen by {author}. ..\n", encoding="utf-8")
    wanted = build_graph(files, tmp_path / "built.kg", lexicon)
    report = build_shards(files, tmp_path / "a.shards", lexicon, RunsHere())
    assert report.papers == wanted.papers == 1
    assert report.problems == wanted.problems
    assert any(problem.code == "conflicting-field" for problem in report.problems)
    load_graph([tmp_path / "a.shards"], tmp_path / "loaded.kg")
    assert state(tmp_path / "loaded.kg") == state(tmp_path / "built.kg")
    # Without the other file there is nothing at odds.
    remove_files(tmp_path / "loaded.kg", lexicon, sources=["b.txt"])
    codes = [problem["code"] for problem in state(tmp_path / "loaded.kg")[1]["problems"]]
    assert codes
    assert "conflicting-field" not in codes


@pytest.mark.parametrize("seed", range(3))
def test_a_build_that_was_stopped_goes_on(
    lexicon: Lexicon,
    parts: list[Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
) -> None:
    cut_small(monkeypatch)
    whole = RunsHere()
    build_shards(parts, tmp_path / "whole.shards", lexicon, whole)
    choose = random.Random(seed)
    folder = tmp_path / "a.shards"
    done: list[tuple[str, int]] = []
    while len(done) < len(whole.run):
        stops = RunsHere(stop_after=choose.randrange(1, len(whole.run)))
        was = {path: path.stat().st_ino for path in folder.glob("*.zst")}
        try:
            build_shards(parts, folder, lexicon, stops)
        except KeyboardInterrupt:
            pass
        else:
            done = stops.run
            break
        # What was done once stays as it is.
        assert was.items() <= {path: path.stat().st_ino for path in folder.glob("*.zst")}.items()
        if (folder / "work" / "spans.json").exists():
            # What was cut once is not cut anew.
            monkeypatch.setattr("kg.pipeline.sharding._SPAN", choose.randrange(1, 50))
    assert shards_of(folder) == shards_of(tmp_path / "whole.shards")
    assert not list(folder.rglob("*.unfinished"))
    assert not (folder / "work").exists()


def test_a_complete_build_is_not_done_again(
    lexicon: Lexicon, parts: list[Path], tmp_path: Path
) -> None:
    first = build_shards(parts, tmp_path / "a.shards", lexicon, RunsHere())
    runner = RunsHere()
    again = build_shards(parts, tmp_path / "a.shards", lexicon, runner)
    assert runner.run == []
    assert (again.papers, again.quads, again.predicates) == (
        first.papers, first.quads, first.predicates,
    )  # fmt: skip
    assert [problem.message for problem in again.problems] == [
        problem.message for problem in first.problems
    ]


def test_another_build_is_refused(lexicon: Lexicon, parts: list[Path], tmp_path: Path) -> None:
    folder = tmp_path / "a.shards"
    with pytest.raises(KeyboardInterrupt):
        build_shards(parts[:2], folder, lexicon, RunsHere(stop_after=1))
    for paths, settings in (
        (parts, BuildSettings()),
        (parts[:2], BuildSettings(base="https://example.org/other/")),
    ):
        with pytest.raises(StoreError, match="holds the shards of another build"):
            build_shards(paths, folder, lexicon, RunsHere(), settings=settings)
    with pytest.raises(StoreError, match="the shards are not complete"):
        load_graph([folder], tmp_path / "a.kg")
    build_shards(parts[:2], folder, lexicon, RunsHere())


def test_other_folders_are_left_alone(lexicon: Lexicon, parts: list[Path], tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").write_text("x")
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="holds other files"):
        build_shards(parts, tmp_path / "mine", lexicon, RunsHere())
    with pytest.raises(StoreError, match="is a file"):
        build_shards(parts, tmp_path / "file", lexicon, RunsHere())
    with pytest.raises(StoreError, match="no folder of shards"):
        load_graph([tmp_path / "mine"], tmp_path / "a.kg")


def test_two_builds_of_one_folder_do_not_meet(
    lexicon: Lexicon, parts: list[Path], tmp_path: Path
) -> None:
    folder = tmp_path / "a.shards"

    class Meets(RunsHere):
        def map(self, *arguments: Any) -> Any:
            with pytest.raises(StoreError, match="another kg is building these shards"):
                build_shards(parts, folder, lexicon, RunsHere())
            return super().map(*arguments)

    build_shards(parts, folder, lexicon, Meets())


def test_nothing_to_read_leaves_nothing(lexicon: Lexicon, tmp_path: Path) -> None:
    text = LIST.read_text(encoding="utf-8").splitlines(keepends=True)
    path = tmp_path / "empty.txt"
    path.write_text("".join(text[:3]) + "Top Publications\n\n  1. %%%\n", encoding="utf-8")
    with pytest.raises(InputError, match="holds no record that could be read"):
        build_shards([path], tmp_path / "a.shards", lexicon, RunsHere(), format_name="reading-list")
    assert not (tmp_path / "a.shards").exists()


def test_workers_say_what_is_wrong_with_them(
    lexicon: Lexicon, parts: list[Path], tmp_path: Path
) -> None:
    folder = tmp_path / "a.shards"
    with pytest.raises(StoreError, match="on a disk that all machines see under the same path"):
        read_part(folder, 0)
    with pytest.raises(KeyboardInterrupt):
        build_shards(parts, folder, lexicon, RunsHere(stop_after=0))
    plan = read_json(folder / PLAN, dict[str, Any])
    write_json(folder / PLAN, plan | {"kg_version": "0.0.1"})
    with pytest.raises(WorkerError, match=r"and 0\.0\.1 was started; install the same version"):
        read_part(folder, 0)


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "sub" / "file"
    with suppress(KeyboardInterrupt), whole_file(path) as unfinished:
        unfinished.write_text("half")
        raise KeyboardInterrupt
    assert list(path.parent.iterdir()) == []
    with whole_file(path) as one, whole_file(path) as other:
        assert one != other
        one.write_text("same")
        other.write_text("same")
    assert [each.read_text() for each in path.parent.iterdir()] == ["same"]


def test_a_damaged_plan_is_told(tmp_path: Path) -> None:
    (tmp_path / PLAN).write_text("{")
    with pytest.raises(StoreError, match="is not what it should be"):
        read_json(tmp_path / PLAN, Plan)


@given(
    st.integers(1, 40).flatmap(
        lambda count: st.tuples(
            st.just(count),
            st.lists(st.tuples(st.integers(1, count), st.integers(1, count)), max_size=40),
        )
    ),
    st.integers(1, 9),
)
def test_records_are_joined_as_sets_are(
    tmp_path_factory: pytest.TempPathFactory,
    given_pairs: tuple[int, list[tuple[int, int]]],
    most: int,
) -> None:
    count, pairs = given_pairs
    folder = tmp_path_factory.mktemp("join")
    files = []
    for number, some in enumerate((pairs[::2], pairs[1::2])):
        files.append(folder / str(number))
        files[-1].write_bytes(array("Q", [each for pair in some for each in pair]).tobytes())
    joined = join_records(count, files, folder / "joined")
    groups = {each: {each} for each in range(1, count + 1)}
    for one, other in pairs:
        together = groups[one] | groups[other]
        for each in together:
            groups[each] = together
    wanted = {frozenset(group) for group in groups.values() if len(group) > 1}
    assert joined == sum(map(len, wanted))
    rows = sqlite3.connect(folder / "joined")
    found: dict[int, set[int]] = defaultdict(set)
    for record, root in rows.execute("SELECT record, root FROM joined"):
        found[root].add(record)
    rows.close()
    assert {frozenset(group) for group in found.values()} == wanted
    assert all(root == min(group) for root, group in found.items())
    ranges = list(cut_groups(folder / "joined", most))
    for root in found:
        assert sum(first <= root <= last for first, last in ranges) == 1
    for first, last in ranges:
        inside = [len(group) for root, group in found.items() if first <= root <= last]
        assert inside
        assert sum(inside) <= most or len(inside) == 1


def test_counts_are_read_as_they_were_written(tmp_path: Path) -> None:
    nodes = {f"<https://a.b/{n}>": (f"<https://a.b/{n}> <c:d> {n} .",) * 2 for n in range(999)}
    buckets = [Bucket() for _ in range(7)]
    buckets[3].together["A:1"] = {"B:2": (3, 4)}
    buckets[3].assertions.append(("A:1", "binds", "B:2", False, 2, True, [0.5]))
    summary = Summary(papers=3, mentioned={"A:1": 2}, occurring=["A:1"])
    with CountsWriter(tmp_path / "counts", 7) as writer:
        for node, statements in nodes.items():
            writer.add_shared(node, statements)
        writer.finish(summary, buckets)
    with Counts(tmp_path / "counts") as counts:
        assert counts.summary() == summary
        assert [counts.bucket(number) for number in range(7)] == buckets
        found = {}
        for number in range(7):
            for name, text in counts.shared(number):
                assert bucket_of(name.decode(), 7) == number
                found[name.decode()] = tuple(text.decode().splitlines())
    assert found == nodes
