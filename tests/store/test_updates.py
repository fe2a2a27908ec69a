"""What people write into a graph: checked, run, kept in a log, and run again on another build."""

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.errors import InputError, QueryError, StoreError
from kg.store import (
    DiskFullError,
    GraphMissingError,
    GraphReadOnlyError,
    SparqlError,
    check_update,
    delete_graph,
    folders,
    open_graph,
    post_graph,
    put_graph,
    update_graph,
    write_generation,
)
from kg.store.sparql import prepare_update
from kg.store.update_log import read_log
from tests.store.graphs import EX, build, change, content, manifest, statement, statements

NOTE = f'<{EX}s1> <{EX}note> "mine" .'
INSERT = f'INSERT DATA {{ <{EX}s1> <{EX}note> "mine" }}'
TURTLE = "text/turtle"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A graph of three statements."""
    build(tmp_path / "il7.kg", statements(1, 2, 3))
    return tmp_path / "il7.kg"


def live(folder: Path) -> Path:
    return folder / "generations" / folders.read_current(folder)


def log_of(folder: Path) -> list[dict[str, object]]:
    lines = (live(folder) / "updates.log").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_an_update_is_a_new_generation(folder: Path) -> None:
    written = update_graph(folder, INSERT)
    assert (written.before, written.after) == (3, 4)
    assert written.generation == folders.read_current(folder)
    assert written.generation.startswith("000002-")
    assert content(folder) == statements(1, 2, 3) | {NOTE}
    assert content(folder, "1") == statements(1, 2, 3)
    inside = live(folder)
    assert {path.name for path in inside.iterdir()} == {
        "base",
        "store",
        "updates.log",
        "manifest.json",
        "lock",
    }
    (entry,) = log_of(folder)
    assert entry["text"] == INSERT
    assert (entry["sequence"], entry["kind"]) == (1, "update")
    assert str(entry["at"]).endswith("+00:00")
    with open_graph(folder) as graph:
        assert graph.manifest["build_hash"] == "d" * 12
        assert graph.manifest["action"]["kind"] == "update"
        assert graph.manifest["action"]["summary"] == INSERT
        assert graph.manifest["updates"] == {"entries": 1, "files_quads": 3, "failed": []}


def test_updates_are_run_one_on_top_of_the_other(folder: Path) -> None:
    update_graph(folder, INSERT)
    update_graph(folder, f"DELETE WHERE {{ ?s <{EX}p> ?o }}")
    update_graph(folder, f"INSERT {{ ?s a ?n }} WHERE {{ ?s <{EX}note> ?n }}")
    assert content(folder) == {
        NOTE,
        f'<{EX}s1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "mine" .',
    }
    assert [entry["sequence"] for entry in log_of(folder)] == [1, 2, 3]


def test_what_is_built_anew_has_the_updates_again(folder: Path) -> None:
    update_graph(folder, INSERT)
    update_graph(folder, f"DELETE DATA {{ {statement(2).removesuffix(' .')} }}")
    writer = build(folder, statements(2, 3, 4))
    assert writer.failures == ()
    assert content(folder) == statements(3, 4) | {NOTE}
    assert len(log_of(folder)) == 2
    with open_graph(folder) as graph:
        assert graph.manifest["updates"] == {"entries": 2, "files_quads": 3, "failed": []}
    build(folder, statements(5), discard_updates=True)
    assert content(folder) == statements(5)
    assert not (live(folder) / "updates.log").exists()
    assert not (live(folder) / "base").exists()


def test_changes_of_files_go_beneath_the_updates(folder: Path) -> None:
    update_graph(folder, f"DELETE WHERE {{ <{EX}s2> ?p ?o }}")
    writer = change(folder, removed=statements(1), added=statements(7))
    assert writer.quads == 3
    assert content(folder) == statements(3, 7)
    # What the update took out is still what the files say.
    change(folder, removed=statements(3))
    update_graph(folder, INSERT)
    change(folder, added=statements(8))
    assert content(folder) == statements(7, 8) | {NOTE}
    with write_generation(
        folder, build_hash="a" * 12, from_live=True, discard_updates=True
    ) as taken:
        taken.finish(manifest(taken.quads))
    assert content(folder) == statements(2, 7, 8)


def test_same_files_and_updates_give_the_same_name(tmp_path: Path) -> None:
    one, two = tmp_path / "one.kg", tmp_path / "two.kg"
    for folder in (one, two):
        build(folder, statements(1))
    first = update_graph(one, INSERT).generation
    update_graph(two, INSERT)
    assert folders.read_current(two) == first
    # Named after what was built and what was written, whichever came first.
    with write_generation(two, build_hash=None, from_live=True) as writer:
        writer.finish(manifest(1))
    assert writer.name.partition("-")[2] == first.partition("-")[2]


def test_prefixes_that_were_used_undeclared_are_kept(folder: Path) -> None:
    prefixes = {"ex": EX, "other": "http://other.example/", "": "http://empty.example/"}
    update_graph(folder, 'INSERT DATA { ex:s1 ex:note "mine" }', prefixes=prefixes)
    assert log_of(folder)[0]["prefixes"] == {"ex": EX}
    build(folder, statements(1))
    assert content(folder) == statements(1) | {NOTE}


def test_relative_iris_go_by_the_base(folder: Path) -> None:
    update_graph(folder, 'INSERT DATA { <s1> <note> "mine" }', base_iri=EX)
    build(folder, statements(1))
    assert content(folder) == statements(1) | {NOTE}


def test_what_cannot_be_run_changes_nothing_and_is_not_logged(folder: Path) -> None:
    before = sorted(folder.rglob("*"))
    with pytest.raises(QueryError, match="The graph <urn:none> does not exist"):
        update_graph(folder, f"{INSERT} ; DROP GRAPH <urn:none>")
    with pytest.raises(QueryError, match="custom function"):
        update_graph(folder, "INSERT { ?s ?p ?x } WHERE { ?s ?p ?o BIND(<urn:f>(?o) AS ?x) }")
    assert sorted(folder.rglob("*")) == before
    assert content(folder) == statements(1, 2, 3)


def test_what_cannot_be_run_again_is_told_and_kept(folder: Path) -> None:
    change(folder, added=[statement(9, "g")])
    update_graph(folder, f"DROP GRAPH <{EX}g>")
    update_graph(folder, INSERT)
    writer = build(folder, statements(1))
    (failure,) = writer.failures
    assert failure.sequence == 1
    assert f"<{EX}g> does not exist" in failure.message
    assert content(folder) == statements(1) | {NOTE}
    with open_graph(folder) as graph:
        (failed,) = graph.manifest["updates"]["failed"]
        assert failed["sequence"] == 1
    assert len(log_of(folder)) == 2
    build(folder, [statement(1), statement(9, "g")])
    assert content(folder) == statements(1) | {NOTE}


@pytest.mark.parametrize("content_", ["nonsense\n", '{"sequence": 1}\n', "[]\n"])
def test_damaged_log_is_told(folder: Path, content_: str) -> None:
    update_graph(folder, INSERT)
    path = live(folder) / "updates.log"
    path.write_text(path.read_text() + content_)
    for write in (
        lambda: build(folder, statements(1)),
        lambda: change(folder),
        lambda: update_graph(folder, INSERT),
    ):
        with pytest.raises(StoreError, match=r"updates\.log:2: .*--discard-updates"):
            write()
    build(folder, statements(1), discard_updates=True)
    assert content(folder) == statements(1)


@pytest.mark.parametrize("damage", ["no such generation\n", "", None])
def test_damaged_graph_that_is_built_again_keeps_what_was_written(
    folder: Path, damage: str | None
) -> None:
    update_graph(folder, INSERT)
    if damage is None:
        (folder / "CURRENT").unlink()
    else:
        (folder / "CURRENT").write_text(damage)
    with pytest.raises(StoreError):
        update_graph(folder, INSERT)
    build(folder, statements(4))
    assert content(folder) == statements(4) | {NOTE}


def test_an_update_needs_a_graph(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no graph here"):
        update_graph(tmp_path / "none.kg", INSERT)
    assert list(tmp_path.iterdir()) == []


REACHING = [
    "LOAD <http://127.0.0.1:1/>",
    "LOAD <file:///etc/passwd>",
    "load silent <file:///etc/passwd> INTO GRAPH <urn:g>",
    "INSERT DATA {};LOAD<file:///etc/passwd>",
    "PREFIX x: <urn:x>LOAD<file:///etc/passwd>",
    "INSERT DATA { <urn:a> <urn:b> '''a''' };#\nLOAD <file:///etc/passwd>",
    "CLEAR ALL; LOAD:x",
    "INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "DELETE { ?s ?p ?o } WHERE { ?s ?p 1SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
]


@pytest.mark.parametrize("sparql", REACHING)
def test_no_update_reaches_an_address_or_a_file(
    folder: Path, sparql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def begin(*_: object, **__: object) -> None:
        raise AssertionError("the lock was asked for")

    monkeypatch.setattr("kg.store.updates.begun", begin)
    with pytest.raises(QueryError, match=r"is refused|looks like LOAD|is not declared"):
        update_graph(folder, sparql)


def test_load_as_text_and_as_a_name_is_no_load(folder: Path) -> None:
    sparql = (
        f"PREFIX my: <{EX}> # no LOAD here\n"
        "INSERT { ?load my:payload 'Load a \"Service\"' } WHERE { ?load my:p '1' }"
    )
    update_graph(folder, sparql)
    assert f'<{EX}s1> <{EX}payload> "Load a \\"Service\\"" .' in content(folder)


MISTAKES = [
    ("", 1, 1, "the update is empty"),
    ("# nothing\n", 1, 10, "the update is empty"),
    ("PREFIX a: <http://a/>", 1, 22, "the update ends too early"),
    ("SELECT * { ?s ?p ?o }", 1, 1, "SELECT is a query, which only reads a graph"),
    ("PREFIX a: <http://a/>\nask { }", 2, 1, "ASK is a query"),
    ("UPDATE <urn:a>", 1, 1, "'UPDATE' stands where INSERT"),
    ("INSERT DATA { ?s <a:b> 1 }", 1, 15, "a variable cannot stand in INSERT DATA"),
    ("DELETE DATA { <a:a> <a:b> ?o }", 1, 27, "a variable cannot stand in DELETE DATA"),
    ("DELETE DATA { _:s <a:b> 1 }", 1, 15, "a blank node cannot stand in DELETE DATA"),
    ("DELETE { ?s ?p [] } WHERE { ?s ?p ?o }", 1, 16, "a blank node cannot stand in DELETE;"),
    ("DELETE WHERE { ?s ?p _:a }", 1, 22, "a blank node cannot stand in DELETE WHERE"),
    ("INSERT { ?s ?p ?o }", 1, 20, "ends too early: WHERE { ... } is missing"),
    ("INSERT DATA { <a:a> <a:b> 1", 1, 28, "ends too early: a '}' is missing"),
    ("CLEAR ALL\nINSERT DATA {}", 2, 1, "a ';' stands between two operations"),
    ("COPY <a:g> <a:h>", 1, 12, "'<a:h>' stands where TO was expected"),
    ("INSERT DATA { _:a <a:b> 1 } ;\nINSERT DATA { _:a <a:b> 2 }", 2, 15, "'_:a' has the same"),
    ("INSERT DATA { <a:a> <a:b> c:d }", 1, 27, "the prefix 'c:' is not declared"),
    ("INSERT DATA { <a> <a:b> 1 }", 1, 15, "'<a>' is no whole IRI"),
    ("INSERT DATA { <a:a> <a:b> 'x }", 1, 27, "the string that starts here is not closed"),
    ("INSERT DATA { <a:a> <http://a b> 1 }", 1, 21, "the IRI that starts here holds a space"),
    ("CLEAR ALL ;\nPREFIX a: <http://a/>\nINSERT DATA { a:a a:b ) }", 3, 23, "')' is not"),
    (
        "PREFIX a: <http://a/> INSERT DATA { a:a a:b 1 } ;\nPREFIX a: <http://b/> CLEAR ALL",
        2,
        1,
        "the prefix 'a:' has another meaning in an earlier operation",
    ),
    ("CLEAR ALL ; PREFIX load: <http://a/> CLEAR ALL", 1, 20, "looks like LOAD"),
]


@pytest.mark.parametrize(("sparql", "line", "column", "reason"), MISTAKES)
def test_mistakes_in_an_update(sparql: str, line: int, column: int, reason: str) -> None:
    with pytest.raises(SparqlError, match=f"line {line}, column {column} of the update") as caught:
        check_update(sparql)
    assert reason in str(caught.value)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_checking_runs_nothing() -> None:
    # A cross product of this size would take hours.
    numbers = " ".join(map(str, range(1000)))
    values = "".join(f"VALUES ?v{place} {{ {numbers} }} " for place in range(4))
    check_update(f"INSERT {{ <a:a> <a:b> ?v0 }} WHERE {{ {values} }}")
    check_update("DROP GRAPH <urn:none> ; CREATE GRAPH <urn:g> ; CREATE GRAPH <urn:g>")


def test_later_prologues_are_read(folder: Path) -> None:
    sparql = (
        f"BASE <{EX}> PREFIX a: <{EX}>\n# first\n"
        'INSERT DATA { a:s1 a:note "mine" } ;\n'
        f"PREFIX a: <{EX}> BASE <{EX}>\nPREFIX b: <{EX}> # second\n"
        "DELETE WHERE { <s2> ?p ?o } ; PREFIX c: <http://c.example/>\n"
        "DELETE WHERE { b:s3 c:none ?o } ;"
    )
    update_graph(folder, sparql)
    assert content(folder) == statements(1, 3) | {NOTE}


@pytest.mark.parametrize(
    ("sparql", "prefixes"),
    [
        ("INSERT DATA { a:a a:b 1 } ; PREFIX a: <http://b/> CLEAR ALL", {"a": "http://a/"}),
        ("INSERT DATA { <a> <b> 1 } ; BASE <http://b/> CLEAR ALL", {}),
        ("BASE <http://a/> CLEAR ALL ; BASE <http://b/> CLEAR ALL", {}),
    ],
)
def test_prologues_that_would_change_what_comes_before(
    sparql: str, prefixes: dict[str, str]
) -> None:
    with pytest.raises(SparqlError, match="has another meaning in an earlier operation"):
        prepare_update(sparql, prefixes)


def test_prefix_that_nothing_used_before_may_be_declared_later() -> None:
    text = prepare_update("CLEAR ALL ; PREFIX a: <http://b/> CLEAR ALL", {"a": "http://a/"})
    assert text == "PREFIX a: <http://b/>\nCLEAR ALL ;  CLEAR ALL"


def test_put_replaces_a_graph_and_post_adds_to_it(folder: Path) -> None:
    graph = f"{EX}g"
    first = put_graph(folder, b"<s1> <p> '1'.", media_type=TURTLE, graph=graph, base_iri=EX)
    assert (first.created, first.after) == (True, 4)
    post = post_graph(folder, b"<s2> <p> '2'.", media_type=TURTLE, graph=graph, base_iri=EX)
    assert post.created is False
    named = {statement(1, "g"), statement(2, "g")}
    assert content(folder) == statements(1, 2, 3) | named
    second = put_graph(
        folder, f"<{EX}s3> <{EX}p> '3'.".encode(), media_type="text/turtle;q=1", graph=graph
    )
    assert second.created is False
    assert content(folder) == statements(1, 2, 3) | {statement(3, "g")}
    build(folder, statements(5))
    assert content(folder) == statements(5) | {statement(3, "g")}
    assert [entry["kind"] for entry in log_of(folder)] == ["put", "post", "put"]
    assert log_of(folder)[0]["graph"] == graph
    assert log_of(folder)[0]["text"] == f"{statement(1)}\n"


def test_the_default_graph_can_be_put_posted_to_and_deleted(folder: Path) -> None:
    assert post_graph(folder, NOTE.encode(), media_type="application/n-triples").created is False
    assert content(folder) == statements(1, 2, 3) | {NOTE}
    put_graph(folder, NOTE.encode(), media_type="application/n-triples")
    assert content(folder) == {NOTE}
    delete_graph(folder)
    assert content(folder) == set()
    build(folder, statements(7))
    assert content(folder) == set()


def test_an_empty_graph_is_one(folder: Path) -> None:
    assert put_graph(folder, b"", media_type=TURTLE, graph=f"{EX}g").created is True
    assert put_graph(folder, b"", media_type=TURTLE, graph=f"{EX}g").created is False
    delete_graph(folder, graph=f"{EX}g")
    with pytest.raises(GraphMissingError, match=r"there is no graph <.*/g> here"):
        delete_graph(folder, graph=f"{EX}g")
    assert len(log_of(folder)) == 3


def test_blank_nodes_are_the_same_each_time_a_log_is_run(folder: Path) -> None:
    data = b"_:a <urn:p> [ <urn:q> _:a ] ."
    put_graph(folder, data, media_type=TURTLE, graph=f"{EX}g")
    post_graph(folder, data, media_type=TURTLE, graph=f"{EX}g")
    before = content(folder)
    # Two bodies share no blank nodes.
    assert len(before) == 3 + 4
    build(folder, statements(1, 2, 3))
    assert content(folder) == before


@pytest.mark.parametrize(
    ("data", "media_type", "said"),
    [
        (b"<a:a> <a:b> .", TURTLE, "the statements cannot be read: line 1: "),
        (b"<a> <a:b> 1 .", TURTLE, "the statements cannot be read: line 1: "),
        (b"\xff", TURTLE, "the statements cannot be read: "),
        (b"<a:a> <a:b> <a:c> <a:d> .", "application/n-quads", "Named graphs are not allowed"),
        (b"", "text/html", "'text/html' is no media type of RDF that can be read"),
    ],
)
def test_statements_that_cannot_be_read(
    folder: Path, data: bytes, media_type: str, said: str
) -> None:
    for write in (put_graph, post_graph):
        with pytest.raises(InputError) as caught:
            write(folder, data, media_type=media_type, graph=f"{EX}g")
        assert said in str(caught.value)
    assert len(folders.list_generations(folder)) == 1


def test_graph_names_that_are_no_iris(folder: Path) -> None:
    with pytest.raises(InputError, match="'no iri' is no IRI that a graph can have"):
        delete_graph(folder, graph="no iri")
    with pytest.raises(InputError, match="is no IRI that a graph can have"):
        put_graph(folder, b"", media_type=TURTLE, graph="no iri")


def test_log_of_any_text_is_read_as_it_was_written(folder: Path) -> None:
    text = 'INSERT DATA { <urn:a> <urn:b> """line\u2028 one\nline\\ttwo \U0001f9ec é""" }'
    update_graph(folder, text)
    update_graph(folder, INSERT)
    first, second = read_log(live(folder) / "updates.log")
    assert (first.text, second.text) == (text, INSERT)


def tree(folder: Path) -> dict[Path, bytes | None]:
    return {path: path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


@pytest.mark.parametrize(
    ("number", "kind", "said"),
    [
        (errno.EACCES, GraphReadOnlyError, "may only be read here (Permission denied)"),
        (errno.EPERM, GraphReadOnlyError, "may only be read here (Operation not permitted)"),
        (errno.EROFS, GraphReadOnlyError, "may only be read here (Read-only file system)"),
        (errno.ENOSPC, DiskFullError, "the disk is full"),
        (errno.EDQUOT, DiskFullError, "the disk is full"),
        (errno.EIO, StoreError, "could not be written"),
    ],
)
@pytest.mark.parametrize(
    ("owner", "function", "name"),
    [
        (os, "open", "il7.kg/lock"),
        (Path, "mkdir", ".unfinished"),
        (Path, "open", "updates.log"),
        (Path, "open", "manifest.json"),
        (Path, "rename", ".unfinished"),
        (Path, "open", "CURRENT.unfinished"),
        (Path, "replace", "CURRENT.unfinished"),
    ],
)
def test_where_the_disk_takes_nothing_nothing_is_changed(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    owner: object,
    function: str,
    name: str,
    number: int,
    kind: type[StoreError],
    said: str,
) -> None:
    before = tree(folder)
    really = getattr(owner, function)

    def fail(path: str | Path, *args: Any, **options: Any) -> Any:
        if str(path).endswith(name) and args[:1] not in (("r",), ("rb",)) and "mode" not in options:
            raise OSError(number, os.strerror(number), str(path))
        return really(path, *args, **options)

    monkeypatch.setattr(owner, function, fail)
    with pytest.raises(kind) as told:
        update_graph(folder, INSERT)
    monkeypatch.undo()
    assert type(told.value) is kind
    assert str(told.value).startswith(f"{folder}: ")
    assert said in str(told.value)
    assert tree(folder) == before
    update_graph(folder, INSERT)
    assert content(folder) == statements(1, 2, 3) | {NOTE}


@pytest.fixture
def read_only_disk(tmp_path: Path) -> Iterator[Path]:
    """A graph on a file system that may only be read, by root too."""
    build(tmp_path / "graph.kg", statements(1, 2, 3))
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    if mount is None or sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("making a file system needs root on Linux")
    made = subprocess.run([mount, "-t", "tmpfs", "tmpfs", disk], capture_output=True, check=False)
    if made.returncode != 0:
        pytest.skip("no file system can be mounted here")
    shutil.copytree(tmp_path / "graph.kg", disk / "graph.kg")
    subprocess.run([mount, "-o", "remount,ro", disk], check=True)
    yield disk / "graph.kg"
    subprocess.run(["umount", disk], check=True)


def test_a_disk_that_may_only_be_read(read_only_disk: Path) -> None:
    for write in (
        lambda: update_graph(read_only_disk, INSERT),
        lambda: put_graph(read_only_disk, NOTE.encode(), media_type=TURTLE),
        lambda: delete_graph(read_only_disk),
        lambda: change(read_only_disk, added=statements(7)),
    ):
        with pytest.raises(GraphReadOnlyError, match=r"Read-only file system.*who may"):
            write()
    assert content(read_only_disk) == statements(1, 2, 3)
