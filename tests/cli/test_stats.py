"""`kg stats`: what it says of a graph, as a table and as JSON."""

import json
from pathlib import Path

import pytest

from kg.cli import main
from kg.store import write_generation

KG = "https://w3id.org/litkg/ontology#"
RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
PMID = "http://www.ncbi.nlm.nih.gov/pubmed/"
IL7 = "http://identifiers.org/hgnc/6023"
MARROW = "http://purl.obolibrary.org/obo/UBERON_0002371"
SHA = "85ffb5f28bf59778b3a0" + "0" * 44

LINES = [
    *(f"<{PMID}{n}> {RDF_TYPE} <{KG}Publication> ." for n in (1, 2)),
    f'<{PMID}1> <{KG}year> "2005"^^<http://www.w3.org/2001/XMLSchema#integer> .',
    f'<{PMID}2> <{KG}year> "2010"^^<http://www.w3.org/2001/XMLSchema#integer> .',
    *(f"<{PMID}{n}> <{KG}mentions> <{IL7}> ." for n in (1, 2)),
    f"<{PMID}1> <{KG}mentions> <{MARROW}> .",
    *(f"<{IL7}> {RDF_TYPE} <{KG}{name}> ." for name in ("Gene", "Entity")),
    f'<{IL7}> {LABEL} "IL7 [not markup]" .',
    f"<{MARROW}> {RDF_TYPE} <{KG}AnatomicalStructure> .",
    f'<{MARROW}> {LABEL} "bone marrow" .',
    f"<https://w3id.org/litkg/journal/a> {RDF_TYPE} <{KG}Journal> .",
    *(f"<https://w3id.org/litkg/author/{n}> {RDF_TYPE} <{KG}Author> ." for n in "abc"),
]
PROBLEM = {"path": "list.txt", "line": 3, "message": "", "field": "", "raw": "", "lost": False}
MANIFEST = {
    "format_version": 1,
    "build_hash": "0123456789abcdef",
    "built_at": "2026-11-23T11:24:09+00:00",
    "seconds": 12.345,
    "kg_version": "0.1.0",
    "base_iri": "https://w3id.org/litkg/",
    "quads": len(LINES),
    "inputs": [{"name": "list.txt", "format": "reading-list", "sha256": SHA, "records": 62}],
    "vocabularies": [
        {
            "vocabulary": "Cell Ontology",
            "file": "cl.tsv.zst",
            "sha256": SHA,
            "release": "CL 2026-03-26 (labels, EXACT synonyms)",
        }
    ],
    "counts": {
        "papers": 2,
        "sentences": 1120,
        "mentions": 364,
        "entities": {"Anatomy": 1, "Gene": 1},
        "evidence": 1357,
        "assertions": 1246,
        "assertions_by_predicate": {
            "binds": {"assertions": 7, "negated": 0, "speculative": 1},
            "activates": {"assertions": 1239, "negated": 23, "speculative": 45},
        },
        "co_mentions": 2468,
    },
    "problems": [
        {**PROBLEM, "code": "mojibake"},
        {**PROBLEM, "code": "cut-start"},
        {**PROBLEM, "code": "broken-citation", "lost": True},
        {**PROBLEM, "code": "cut-start"},
    ],
}


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    folder = tmp_path / "il7.kg"
    with write_generation(folder, build_hash="0123456789abcdef") as writer:
        writer.add_lines(LINES)
        writer.finish(MANIFEST)
    return folder


def run(capfd: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        main(["stats", *args])
    out, err = capfd.readouterr()
    assert isinstance(caught.value.code, int)
    return caught.value.code, out, err


def test_json(graph: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capfd, "-g", str(graph), "--format", "json")
    found = json.loads(out)
    assert code == 0
    assert found.pop("bytes") > 1000
    assert found == {
        "graph": str(graph),
        "generation": "000001-0123456789ab",
        "built_at": "2026-11-23T11:24:09+00:00",
        "seconds": 12.345,
        "kg_version": "0.1.0",
        "base_iri": "https://w3id.org/litkg/",
        "triples": len(LINES),
        "papers": 2,
        "sentences": 1120,
        "mentions": 364,
        "evidence": 1357,
        "co_mentions": 2468,
        "journals": 1,
        "authors": 3,
        "years": {"first": 2005, "last": 2010},
        "entities": {"Anatomy": 1, "Gene": 1},
        "top_entities": {
            "Anatomy": [{"id": "UBERON:0002371", "label": "bone marrow", "papers": 1}],
            "Gene": [{"id": "HGNC:6023", "label": "IL7 [not markup]", "papers": 2}],
        },
        "assertions": {
            "binds": {"assertions": 7, "negated": 0, "speculative": 1},
            "activates": {"assertions": 1239, "negated": 23, "speculative": 45},
        },
        "problems": {"broken-citation": 1, "cut-start": 2, "mojibake": 1},
        "records_lost": 1,
        "inputs": MANIFEST["inputs"],
        "vocabularies": MANIFEST["vocabularies"],
    }


def test_table(graph: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capfd, "-g", str(graph))
    assert code == 0
    for expected in (
        "2 (2005 to 2010)",
        "1,120",
        "in 12.3 s, kg 0.1.0",
        "bone marrow (1)",
        "IL7 [not markup] (2)",
        "1,357",
        "2,468",
        "cut-start",
        SHA[:16],
        "CL 2026-03-26",
    ):
        assert expected in out
    rows = [line.split() for line in out.splitlines()]
    place = rows.index(["activates", "1,239", "23", "45"])
    assert rows[place + 1 : place + 3] == [["binds", "7", "0", "1"], ["all", "1,246", "23", "46"]]
    assert "\x1b[" not in out


def test_graph_with_nothing_in_it(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with write_generation(tmp_path / "a.kg", build_hash="0123456789ab") as writer:
        writer.finish({"quads": 0})
    code, out, _ = run(capfd, "-g", str(tmp_path / "a.kg"), "--format", "json")
    assert code == 0
    assert json.loads(out)["years"] == {"first": None, "last": None}
    code, out, _ = run(capfd, "-g", str(tmp_path / "a.kg"))
    assert code == 0
    assert "none known" in out


def test_folder_that_is_no_graph(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capfd, "-g", str(tmp_path / "none.kg"))
    assert (code, out) == (1, "")
    assert "there is no graph here" in err
