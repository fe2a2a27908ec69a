"""`kg sparql` on the graph of the real reading list."""

import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import rdflib

from kg.cli import main
from kg.cli.sparql import point_at
from kg.queries import SavedQuery, load_saved_queries
from kg.resources import resource_path
from kg.store import SparqlError


@pytest.fixture(autouse=True)
def graph(il7_graph: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KG_GRAPH", str(il7_graph))
    return il7_graph


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Run `kg sparql` as from a shell; return the exit code, stdout and stderr."""
    with pytest.raises(SystemExit) as ended:
        main(["sparql", *words])
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


LABEL = "SELECT ?label { HGNC:6023 rdfs:label ?label }"


def test_table(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "-q", LABEL)
    assert (code, err) == (0, "")
    assert out.split() == ["label", "IL7", "1", "row"]


def test_every_format_of_a_select(capsys: pytest.CaptureFixture[str]) -> None:
    results = {
        form: run(capsys, "-q", LABEL, "--format", form)[1]
        for form in ("json", "xml", "csv", "tsv", "markdown")
    }
    bindings = json.loads(results["json"])["results"]["bindings"]
    assert bindings == [{"label": {"type": "literal", "value": "IL7"}}]
    assert "<literal>IL7</literal>" in results["xml"]
    assert results["csv"] == "label\r\nIL7\r\n" or results["csv"] == "label\nIL7\n"
    assert results["tsv"] == '?label\n"IL7"\n'
    assert results["markdown"] == "| label |\n| --- |\n| IL7 |\n"


def test_ask(capsys: pytest.CaptureFixture[str]) -> None:
    asked = "ASK { HGNC:6023 a kg:Gene }"
    assert run(capsys, "-q", asked)[1] == "yes\n"
    assert run(capsys, "-q", "ASK { HGNC:6023 a kg:Disease }")[1] == "no\n"
    assert json.loads(run(capsys, "-q", asked, "--format", "json")[1])["boolean"] is True
    for form in ("csv", "tsv"):
        assert run(capsys, "-q", asked, "--format", form)[1] == "answer\ntrue\n"


# rdflib's own reader of JSON-LD uses what rdflib deprecates.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize(
    ("form", "parser"),
    [("turtle", "turtle"), ("ntriples", "nt"), ("rdfxml", "xml"), ("jsonld", "json-ld")],
)
def test_every_format_of_a_graph(
    form: str, parser: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = "CONSTRUCT { ?s rdfs:label ?l } WHERE { ?s a kg:CellType ; rdfs:label ?l }"
    code, out, _ = run(capsys, "-q", asked, "--format", form)
    assert code == 0
    assert len(rdflib.Graph().parse(data=out, format=parser)) > 10


def test_turtle_is_the_default_of_describe(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "-q", "DESCRIBE CL:0000451")
    assert out.startswith("@prefix CL: <http://purl.obolibrary.org/obo/CL_> .\n")
    assert 'rdfs:label "dendritic cell"' in out


def test_file_and_stdin(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "label.rq"
    path.write_text(f"\ufeff{LABEL}", encoding="utf-8")
    assert "IL7" in run(capsys, str(path))[1]
    stdin = io.TextIOWrapper(io.BytesIO(LABEL.encode()), encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", stdin)
    assert "IL7" in run(capsys, "-")[1]


@pytest.mark.parametrize("query", load_saved_queries().values(), ids=lambda query: query.name)
def test_a_saved_query_runs_as_it_stands(
    query: SavedQuery, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, str(resource_path("queries", f"{query.name}.rq")))
    # One that asks elsewhere is refused as it stands.
    assert ("SERVICE is refused" in err) == (code == 1) == bool(query.online)


def test_own_prefix_wins(capsys: pytest.CaptureFixture[str]) -> None:
    asked = "PREFIX kg: <http://example.org/> SELECT (STR(kg:a) AS ?a) {}"
    assert "http://example.org/a" in run(capsys, "-q", asked, "--format", "csv")[1]


def test_syntax_mistake_is_shown_in_its_place(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "wrong.rq"
    path.write_text("# a comment\nSELECT ?x WHERE {\n\t?x kg:year ?y ;\n  FILTER(?y > )\n}\n")
    code, out, err = run(capsys, str(path))
    assert (code, out) == (1, "")
    first, line, caret = err.splitlines()
    assert first == f"kg: {path}:4:15: ')' is not expected here"
    assert line == "    FILTER(?y > )"
    assert line[caret.index("^")] == ")"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["-q", "SELECT * { ?s foo:bar ?o }"], 1, "query:1:15: the prefix 'foo:' is not declared"),
        (["-q", "SELECT * { ?s ?p ?o"], 1, "a '}' is missing"),
        (["-q", ""], 1, "the query is empty"),
        (["-q", "INSERT DATA { <a:b> <a:c> 1 }"], 1, "INSERT is SPARQL Update"),
        (["-q", "SELECT * { SERVICE <http://e/> { ?s ?p ?o } }"], 1, "SERVICE is refused"),
        (["-q", LABEL, "--format", "turtle"], 2, "turtle is no format for SELECT or ASK"),
        (["-q", "DESCRIBE CL:0000451", "--format", "csv"], 2, "csv is no format for CONSTRUCT"),
        ([], 2, "give a FILE with a query, or -q TEXT"),
        (["a.rq", "-q", LABEL], 2, "one of them"),
        (["no-such.rq"], 1, "no-such.rq: cannot be read: No such file"),
        (["."], 1, ".: cannot be read: Is a directory"),
        (["-q", LABEL, "-g", "no-such.kg"], 1, "no-such.kg: there is no graph here"),
    ],
)
def test_mistakes_are_told(
    words: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ended, out, err = run(capsys, *words)
    assert (ended, out) == (code, "")
    assert said in err


def test_binary_file_is_no_query(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "x.rq").write_bytes(b"\x89PNG\xff")
    code, _, err = run(capsys, str(tmp_path / "x.rq"))
    assert code == 1
    assert "it is not text in UTF-8" in err


def test_disk_full_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    with full.open("wb", buffering=0) as raw:
        monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=raw))
        with pytest.raises(SystemExit) as ended:
            main(["sparql", "-q", LABEL, "--format", "json"])
    assert ended.value.code == 1
    assert "could not be written out" in capsys.readouterr().err


def test_long_line_is_shown_around_the_mistake() -> None:
    query = f"SELECT * {{ {'?s ?p ?o . ' * 30} ?x }} {'#' * 300}"
    column = query.index("?x") + 1
    shown = point_at(query, "query", SparqlError(1, column, "wrong")).splitlines()
    assert shown[0] == f"query:1:{column}: wrong"
    assert len(shown[1]) < 120
    assert shown[1][shown[2].index("^") :].startswith("?x }")
