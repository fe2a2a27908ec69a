"""Reading a graph: what is no graph, what is damaged, and queries that cannot be run."""

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, RdfFormat

from kg.errors import QueryError, StoreError
from kg.store import Graph, SparqlError, open_graph, write_generation
from kg.store.sparql import without_service

EX = {"ex": "http://example.org/", "": "http://127.0.0.1:1/"}


def build(folder: Path, count: int = 20_000) -> Path:
    with write_generation(folder, build_hash="0123456789ab") as writer:
        writer.add_lines(
            f'<http://example.org/{i}> <http://example.org/service> "text {i}" .'
            for i in range(count)
        )
        writer.finish({"quads": count})
    return folder / "generations" / writer.name


@pytest.fixture
def graph(tmp_path: Path) -> Iterator[Graph]:
    build(tmp_path / "il7.kg", 3)
    with open_graph(tmp_path / "il7.kg") as opened:
        yield opened


def complain(folder: Path) -> str:
    with pytest.raises(StoreError) as caught, open_graph(folder) as opened:
        list(opened.quads())
    return str(caught.value)


def solutions(graph: Graph, sparql: str) -> list[str]:
    found = graph.query(sparql, prefixes=EX)
    assert isinstance(found, QuerySolutions)
    return [str(row[0]) for row in found]


def test_graph_says_what_it_is(graph: Graph) -> None:
    assert graph.generation == "000001-0123456789ab"
    assert graph.manifest["quads"] == 3
    assert len(graph) == 3
    assert len(list(graph.quads())) == 3
    assert graph.size_on_disk() > 1000


def test_results_are_of_the_kind_asked(graph: Graph) -> None:
    assert isinstance(graph.query("SELECT * { ?s ?p ?o }"), QuerySolutions)
    assert isinstance(graph.query("ASK { ?s ?p ?o }"), QueryBoolean)
    assert isinstance(graph.query("CONSTRUCT WHERE { ?s ?p ?o }"), QueryTriples)


def test_two_readers_of_one_generation(graph: Graph) -> None:
    with open_graph(graph.path.parents[1]) as other:
        assert other.generation == graph.generation
        assert len(other) == 3


def test_graph_cannot_be_written_through_a_reader(graph: Graph) -> None:
    with pytest.raises(RuntimeError, match="read-write"):
        graph.store.bulk_load(b'<http://a> <http://b> "c" .', format=RdfFormat.N_QUADS)


def test_folder_that_is_not_there(tmp_path: Path) -> None:
    said = complain(tmp_path / "none.kg")
    assert "there is no graph here" in said
    assert "kg build" in said
    assert not (tmp_path / "none.kg").exists()


def test_folder_or_file_that_is_no_graph(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    assert "is no graph" in complain(tmp_path)
    assert "is no graph" in complain(tmp_path / "notes.txt")


def test_folder_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(tmp_path, 3)

    def refuse(path: str, flags: int) -> int:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path, None, flags)

    monkeypatch.setattr("kg.store.folders.os.open", refuse)
    with pytest.raises(StoreError, match=r"cannot be read \(Permission denied\)"):
        open_graph(tmp_path).__enter__()
    monkeypatch.undo()


@pytest.mark.parametrize("content", ["", "../../etc\n", "000007-0123456789ab\n", "\udcff"])
def test_damaged_current(tmp_path: Path, content: str) -> None:
    build(tmp_path, 3)
    (tmp_path / "CURRENT").write_bytes(content.encode("utf-8", "surrogateescape"))
    said = complain(tmp_path)
    assert "damaged: CURRENT" in said
    assert "build it again" in said
    build(tmp_path, 4)
    with open_graph(tmp_path) as opened:
        assert len(opened) == 4


@pytest.mark.parametrize("content", ["", "[]", '{"quads": '])
def test_damaged_manifest(tmp_path: Path, content: str) -> None:
    (build(tmp_path, 3) / "manifest.json").write_text(content)
    assert "is damaged" in complain(tmp_path)


@pytest.mark.parametrize("harm", ["truncate", "remove", "current", "all", "lock"])
def test_damaged_store(tmp_path: Path, harm: str) -> None:
    generation = build(tmp_path)
    store = generation / "store"
    biggest = max(store.glob("*.sst"), key=lambda path: path.stat().st_size)
    if harm == "truncate":
        biggest.write_bytes(biggest.read_bytes()[:500])
    elif harm == "remove":
        biggest.unlink()
    elif harm == "current":
        (store / "CURRENT").write_text("x")
    elif harm == "all":
        for path in store.iterdir():
            path.unlink()
    else:
        (generation / "lock").unlink()
    said = complain(tmp_path)
    assert "is damaged" in said
    assert "kg build" in said


def test_damage_that_shows_in_a_query(tmp_path: Path) -> None:
    for path in (build(tmp_path) / "store").glob("*.sst"):
        content = path.read_bytes()
        path.write_bytes(b"\0" * (len(content) // 2) + content[len(content) // 2 :])
    with (
        pytest.raises(StoreError, match="is damaged"),
        open_graph(tmp_path) as opened,
    ):
        opened.query("ASK { ?s ?p 'nothing' }")


@pytest.mark.parametrize(
    ("sparql", "line", "column", "reason"),
    [
        ("", 1, 1, "the query is empty"),
        ("SELECT * WHERE { ?s ?p ", 1, 23, "a '}' is missing"),
        ("SELECT (COUNT(?s AS ?n) { ?s ?p ?o }", 1, 18, "'AS' is not expected here"),
        ("SELEC x", 1, 1, "'SELEC' stands where SELECT"),
        ("SELECT *\n WHERE {\n  ?s foo:bar ?o }", 3, 6, "the prefix 'foo:' is not declared"),
        ("SELECT * { <a> ?p ?o }", 1, 12, "'<a>' is no whole IRI"),
        ("SELECT * { ?s a <http://a b> }", 1, 17, "the IRI that starts here holds a space"),
        ('SELECT * {\n ?s ?p "é\n" }', 2, 8, "the string that starts here is not closed"),
        ("SELECT * {\n  ?s ?p ?o .\n  FILTER(?o > ) }", 3, 15, "')' is not expected here"),
        ("PREFIX a: <http://a/> # é\nSELECT * { ?s a:b ?c ?d }", 2, 22, "'?d' is not expected"),
        ("SELECT * { ?s ?p }", 1, 18, "'}' is not expected here"),
        ("SELECT ?s { ?s ?p ?o } ORDER ?s", 1, 30, "'?s' stands where BY was expected"),
        ("SELECT ?s { ?s label ?o }", 1, 16, "a name needs its prefix"),
        ("SELECT (1 AS ?s) (2 AS ?s) {}", 1, 30, "SELECT names the same variable twice"),
        ("SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o }", 1, 40, "neither grouped"),
        ("SELECT * { VALUES (?a ?b) { (1) } }", 1, 33, "a row of VALUES"),
        ("PREFIX a: <http://a/>\nINSERT DATA { a:b a:c 1 }", 2, 1, "INSERT is SPARQL Update"),
        ("LOAD <http://127.0.0.1/>", 1, 1, "LOAD is SPARQL Update"),
        ('SELECT * { ?s ?p """a\nb""" .\n ?x }', 3, 5, "'}' is not expected here"),
    ],
)
def test_mistakes_in_sparql(graph: Graph, sparql: str, line: int, column: int, reason: str) -> None:
    with pytest.raises(SparqlError, match=f"line {line}, column {column} of the query") as caught:
        graph.query(sparql)
    assert reason in str(caught.value)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_a_mistake_after_a_relative_iri(graph: Graph) -> None:
    with pytest.raises(SparqlError, match="column 27 of the query: '}' is not expected here"):
        graph.query("SELECT * { <a> ?p ?o . ?s }", base_iri="http://example.org/")


def test_function_that_does_not_exist(graph: Graph) -> None:
    with pytest.raises(QueryError, match="custom function"):
        graph.query("SELECT (<http://example.org/f>(1) AS ?x) {}")


# What Oxigraph's grammar takes for SERVICE is more than the specification has.
REACHING = [
    "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { service silent <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o {SERVICE?s{ ?s ?p ?o }} }",
    "SELECT * { SERVICEex:a { ?s ?p ?o } }",
    "SELECT * { SERVICE:a { ?s ?p ?o } }",
    "SELECT * { ?s ?p 1SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { ?s ?p trueSERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { ?s ?p ex:a.b.SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { ?s ?p ex:SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { FILTER(1<2)SERVICE:u#>\n{ ?s ?p ?o } }",
    "SELECT * { ?s ?p '''a''SERVICE' SERVICE <http://127.0.0.1:1/> {} }",
    "SELECT * { ?s ?p 'a\\'SERVICE <http://127.0.0.1:1/> {} }",
    "SELECT * { <http://a|#> SERVICE <http://127.0.0.1:1/> {}\n }",
    "SELECT * { \\u0053ERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { ?s <http://a/p>?trueSERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { _:SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "ASK { SERVICE service:a { ?s ?p ?o } }",
]


@pytest.mark.parametrize("sparql", REACHING)
def test_no_query_reaches_another_address(graph: Graph, sparql: str) -> None:
    with pytest.raises(QueryError) as caught:
        list(solutions(graph, sparql))
    assert "HTTP" not in str(caught.value)
    assert "127.0.0.1:1" not in str(caught.value).replace("'<http://127.0.0.1:1/>'", "")


def test_service_as_text_and_as_a_name_is_no_service(graph: Graph) -> None:
    asked = (
        "PREFIX my: <http://example.org/> # no SERVICE here\n"
        "SELECT ?service { ?service my:service ?o . ?service ex:service 'text 1' .\n"
        "  ?service <http://example.org/service> ?o .\n"
        "  FILTER(?o != \"a 'SERVICE'\" && ?o != '''it''s a Service''' && 1 < 2) }"
    )
    assert solutions(graph, asked) == ["<http://example.org/1>"]
    assert solutions(graph, "SELECT ('\\u0027 SERVICE {' AS ?x) {}") == ['"\' SERVICE {"']
    assert solutions(graph, "SELECT ('Ser\\u0076ice SERVICE' AS ?x) {}") == ['"Service SERVICE"']


def test_escapes_are_read_in_strings_and_iris_alone() -> None:
    """What `without_service` rests on: this parser does not undo escapes before it reads."""
    asked = "SELECT ?s { ?s <http://example.org/service> 'SERVICE' }"
    assert without_service(asked).lower().count("service") == 0


def test_bare_prefix_named_after_service_is_explained(graph: Graph) -> None:
    with pytest.raises(SparqlError, match="looks like SERVICE to the query engine") as caught:
        graph.query("PREFIX service: <http://a/>\nSELECT * { ?s ?p ?o }")
    assert (caught.value.line, caught.value.column) == (1, 8)
    with pytest.raises(SparqlError, match="'ex:' is not declared"):
        graph.query("SELECT * { ?s ex:service ?o }")


def test_reader_of_another_process_keeps_its_generation(tmp_path: Path) -> None:
    first = build(tmp_path, 1000)
    reading = (
        "import sys; from pathlib import Path; from kg.store import open_graph\n"
        "with open_graph(Path(sys.argv[1])) as graph:\n"
        "    print(graph.generation, flush=True); sys.stdin.readline(); print(len(graph))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", reading, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline().strip() == first.name
        for count in range(1, 5):
            build(tmp_path, count)
        assert first.is_dir()
        out, _ = child.communicate("\n")
        assert out.strip() == "1000"
    build(tmp_path, 5)
    assert not first.exists()
