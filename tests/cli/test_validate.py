"""`kg validate`: a graph, files, files in a graph; what is printed, and the exit code."""

import json
import shutil
from pathlib import Path

import pytest

from kg.cli import main
from kg.store import update_graph
from tests.validation.broken import VALID

HEAD = """
@prefix kg: <https://w3id.org/litkg/ontology#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
"""
PAPER = """
<http://www.ncbi.nlm.nih.gov/pubmed/7> a kg:Publication ; dcterms:title "A paper" ;
    kg:year "2004" ; kg:mentions <http://identifiers.org/hgnc/6023> .
"""


def run(capfd: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        main(["validate", *args])
    out, err = capfd.readouterr()
    assert isinstance(caught.value.code, int)
    return caught.value.code, out, err


@pytest.fixture
def paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("KG_GRAPH", raising=False)
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "paper.ttl"
    path.write_text(HEAD + PAPER, encoding="utf-8")
    return path


def test_a_graph_that_conforms(il7_graph: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capfd, "-g", str(il7_graph))
    assert (code, err) == (0, "")
    assert out.startswith("conforms: nothing found in ")


def test_a_file_tells_node_shape_and_what_to_do(
    paper: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capfd, str(paper))
    assert code == 1
    assert "Violation Publication-year kg:year: 1 node\n  Give one year" in out
    assert '  PMID:7  "2004"  has the wrong datatype; is too great; is too small\n' in out
    assert "  PMID:7  HGNC:6023  is not described as what it has to be\n" in out
    assert "does not conform: " in out


def test_a_valid_file(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(capfd, str(VALID))[0] == 0
    assert run(capfd, str(VALID), "--engine", "pyshacl")[0] == 0


def test_a_file_in_a_graph_finds_what_the_graph_has(
    paper: Path, il7_graph: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capfd, str(paper), "-g", str(il7_graph), "--format", "json")
    assert code == 1
    found = json.loads(out)["results"]
    assert {each["focus"] for each in found} == {"http://www.ncbi.nlm.nih.gov/pubmed/7"}
    assert "ClassConstraintComponent" not in {each["component"] for each in found}
    engine = ("--engine", "pyshacl")
    _, other, _ = run(capfd, str(paper), "-g", str(il7_graph), "--format", "json", *engine)
    described = [(each["shape"], each["component"]) for each in found]
    assert described == [(e["shape"], e["component"]) for e in json.loads(other)["results"]]


def test_warnings_do_not_fail(
    il7_graph: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "own.ttl"
    path.write_text(
        f'{HEAD}<http://identifiers.org/hgnc/6023> kg:synonim "IL 7" .', encoding="utf-8"
    )
    code, out, _ = run(capfd, str(path), "-g", str(il7_graph))
    assert code == 0
    assert "Warning Entity-unknown kg:synonim: 1 node" in out
    assert "conforms: 1 warning in 1 node" in out


def test_what_people_wrote_is_found(
    tmp_path: Path, sample_graph: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    graph = tmp_path / "copy.kg"
    shutil.copytree(sample_graph, graph)
    before = len(json.loads(run(capfd, "-g", str(graph), "--format", "json")[1])["results"])
    update_graph(
        graph,
        "INSERT DATA { <http://example.org/s> a <https://w3id.org/litkg/ontology#Sentence> }",
    )
    code, out, _ = run(capfd, "-g", str(graph), "--format", "json")
    assert code == 1
    assert len(json.loads(out)["results"]) > before


def test_long_lists_are_cut(paper: Path, capfd: pytest.CaptureFixture[str]) -> None:
    many = "".join(PAPER.replace("pubmed/7", f"pubmed/{number}") for number in range(10, 20))
    paper.write_text(HEAD + many, encoding="utf-8")
    short, long = run(capfd, str(paper))[1], run(capfd, str(paper), "--all")[1]
    assert "... and 5 more (--all lists them)" in short
    assert "PMID:19" not in short
    assert "PMID:19" in long
    assert "more (--all" not in long


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.ttl", "<a> <b>", "a.ttl:1: not written as RDF"),
        ("a.odt", "", "is the suffix of no format of RDF"),
    ],
)
def test_bad_files(
    paper: Path, capfd: pytest.CaptureFixture[str], name: str, text: str, message: str
) -> None:
    path = paper.with_name(name)
    path.write_text(text, encoding="utf-8")
    code, out, err = run(capfd, str(path))
    assert (code, out) == (1, "")
    assert message in err
    assert (
        "none.ttl: cannot be read (No such file" in run(capfd, str(path.with_name("none.ttl")))[2]
    )


def test_blank_nodes_are_refused_in_a_graph_only(
    paper: Path, il7_graph: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    paper.write_text(f"{HEAD}[] a kg:Gene .", encoding="utf-8")
    code, out, _ = run(capfd, str(paper))
    assert code == 1
    assert "Violation Entity: 1 node\n  Give the entity the IRI" in out
    code, _, err = run(capfd, str(paper), "-g", str(il7_graph))
    assert code == 1
    assert "has blank nodes, which a graph has none of" in err


def test_other_shapes(paper: Path, capfd: pytest.CaptureFixture[str]) -> None:
    shapes = paper.with_name("shapes.ttl")
    shapes.write_text(
        """@prefix sh: <http://www.w3.org/ns/shacl#> .
        @prefix kg: <https://w3id.org/litkg/ontology#> .
        kg:S a sh:NodeShape ; sh:targetClass kg:Publication ; sh:message "Grow up." ;
            sh:or ( [ sh:property [ sh:path kg:volume ; sh:minCount 1 ] ]
                    [ sh:property [ sh:path kg:issue ; sh:minCount 1 ] ] ) .""",
        encoding="utf-8",
    )
    code, out, _ = run(capfd, str(paper), "--shapes", str(shapes))
    assert code == 1
    assert "Grow up." in out
    assert "pyshacl" in out
    code, out, err = run(capfd, str(paper), "--shapes", str(shapes), "--engine", "sparql")
    assert (code, out) == (1, "")
    assert "has sh:or; use --engine pyshacl" in err
