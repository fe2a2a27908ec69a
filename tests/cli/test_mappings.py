"""`kg mappings` as a user runs it, on the graph of the real list."""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
import sssom_pydantic
from curies import Converter
from pyoxigraph import RdfFormat, parse

from kg.cli import main
from kg.namespaces import KG, OWL, SKOS, SSSOM
from kg.pipeline import build_graph
from kg.queries import load_saved_queries, run_query
from kg.resources import resource_path
from kg.store import list_history, open_graph
from kg.vocabulary.lexicon import Lexicon

IL7 = "http://identifiers.org/hgnc/6023"
MS = "http://purl.obolibrary.org/obo/MONDO_0005301"
FILE = """\
#curie_map:
#  MONDO: http://purl.obolibrary.org/obo/MONDO_
#  mesh: http://identifiers.org/mesh/
#  icd: http://purl.bioontology.org/ontology/ICD10CM/
#license: https://creativecommons.org/publicdomain/zero/1.0/
#mapping_set_id: https://example.org/set
subject_id\tsubject_label\tpredicate_id\tpredicate_modifier\tobject_id\tmapping_justification\tconfidence
MONDO:0005301\tMS\tskos:exactMatch\t\tmesh:D009103\tsemapv:ManualMappingCuration\t0.9
MONDO:0005301\tMS\tskos:exactMatch\t\tmesh:D020528\tsemapv:LexicalMatching\t0.55555
MONDO:0005301\tMS\tskos:exactMatch\tNot\tmesh:D020528\tsemapv:ManualMappingCuration\t
MONDO:0005301\tMS\tskos:broadMatch\t\ticd:G35\tsemapv:LexicalMatching\t
hgnc:6023\tIL7\tskos:closeMatch\t\tHGNC:9\tsemapv:LexicalMatching\t0
MONDO:9999999\t\tskos:exactMatch\t\tmesh:D000001\tsemapv:LexicalMatching\t
MONDO:0005301\tMS\tskos:narrowMatch\t\tnone:1\tsemapv:LexicalMatching\t
"""


@pytest.fixture
def graph(il7_graph: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the graph, which the commands take without being told."""
    folder = tmp_path / "il7.kg"
    shutil.copytree(il7_graph, folder)
    (tmp_path / "set.sssom.tsv").write_text(FILE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KG_GRAPH", raising=False)
    return folder


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Run `kg mappings` as from a shell; return the exit code, stdout and stderr."""
    with pytest.raises(SystemExit) as ended:
        main(["mappings", *words])
    out, err = capsys.readouterr()
    assert isinstance(ended.value.code, int)
    return ended.value.code, out, err


def rows_of(text: str) -> list[dict[str, str]]:
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t"))


def id_of(text: str) -> str:
    return next(line for line in text.splitlines() if line.startswith("#mapping_set_id: "))


def asked(folder: Path, pattern: str) -> bool:
    with open_graph(folder) as opened:
        return bool(opened.query(f"ASK {{ {pattern} }}"))


def test_what_is_exported(graph: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "export")
    assert code == 0
    rows = rows_of(out)
    (row,) = (
        row
        for row in rows
        if row["subject_id"] == "HGNC:6023" and row["object_id"].startswith("UniProt:")
    )
    assert (
        row.items()
        >= {
            "subject_label": "IL7",
            "predicate_id": "skos:exactMatch",
            "object_id": "UniProt:P13232",
            "mapping_justification": "semapv:UnspecifiedMatching",
            "license": "https://creativecommons.org/publicdomain/zero/1.0/",
            "subject_source": "bioregistry:hgnc",
            "object_source": "bioregistry:uniprot",
        }.items()
    )
    assert row["subject_source_version"].startswith("HGNC complete set 2026-06-25")
    # Headings have the labels of the table that the graph was built with.
    assert {"MESH:D015851": "Interleukin-7"}.items() <= {
        row["object_id"]: row["object_label"] for row in rows
    }.items()
    # As many as the graph has, each relation on its own; no orthologs.
    with open_graph(graph) as opened:
        count = opened.query(
            f"SELECT ?s ?p ?o {{ VALUES ?p {{ <{SKOS}exactMatch> <{SKOS}closeMatch> }} "
            f"?s <{KG}curie> ?c ; ?p ?o }}"
        )
        assert len(rows) == len(list(count))  # type: ignore[arg-type]
    assert {row["predicate_id"] for row in rows} == {"skos:exactMatch", "skos:closeMatch"}
    assert not any(row["object_id"].startswith(("MGI:", "RGD:")) for row in rows)
    assert all(row["license"] and row["subject_source_version"] for row in rows)
    # The library reads each row without a complaint.
    mappings, _, of, errors = sssom_pydantic.read(io.StringIO(out), return_errors=True)
    assert errors == []
    assert len(mappings) == len(rows)
    with open_graph(graph) as opened:
        assert opened.generation.endswith(f"-{of.version}")


@pytest.mark.parametrize("name", ["a.tsv", "a.json"])
def test_what_was_exported_changes_nothing(
    graph: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "import", "set.sssom.tsv")
    before = list_history(graph)
    code, out, err = run(capsys, "export", "-o", name)
    count = int(err.split()[0])
    assert (code, out) == (0, "")
    code, out, _ = run(capsys, "import", name)
    assert code == 0
    assert out.splitlines()[:3] == ["added      0", f"known      {count}", "left out   0"]
    assert list_history(graph) == before


def test_what_is_imported(graph: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, first, _ = run(capsys, "export")
    code, out, err = run(capsys, "import", "set.sssom.tsv")
    assert code == 3
    assert err == (
        "set.sssom.tsv:14: object_id: the prefix of 'none:1' is not in the file's curie_map\n"
    )
    assert out.splitlines()[:5] == [
        "added      5: 1 broadMatch, 1 closeMatch, 2 exactMatch, 1 not exactMatch",
        "known      0",
        "left out   1: their subjects are not in the graph (MONDO:9999999)",
        "unreadable 1",
        "obsolete   1: HGNC:9",
    ]
    mesh = "http://id.nlm.nih.gov/mesh/D020528"
    assert asked(graph, f"<{MS}> <{SKOS}exactMatch> <{mesh}>")
    assert asked(graph, f"<{MS}> <{SKOS}broadMatch> ?icd")
    assert asked(
        graph,
        f"?m a <{SSSOM}Mapping> ; <{SSSOM}object_id> <{mesh}> ; <{SSSOM}confidence> 0.55555 ; "
        f"<{SSSOM}mapping_source> <https://example.org/set> ; <{SSSOM}license> ?license",
    )
    assert asked(
        graph,
        f"<http://identifiers.org/hgnc/9> <{OWL}deprecated> true ; "
        "<http://purl.org/dc/terms/isReplacedBy> <http://identifiers.org/hgnc/6692>",
    )
    assert not asked(
        graph, f"?m <{SSSOM}subject_id> <http://purl.obolibrary.org/obo/MONDO_9999999>"
    )
    _, out, _ = run(capsys, "export")
    # Other mappings are another set.
    assert id_of(out) != id_of(first)
    denied = [row for row in rows_of(out) if row["predicate_modifier"] == "Not"]
    assert [(row["object_id"], row["mapping_justification"]) for row in denied] == [
        ("MESH:D020528", "semapv:ManualMappingCuration")
    ]
    # Read again, it adds nothing.
    _, out, _ = run(capsys, "import", "set.sssom.tsv")
    assert out.splitlines()[:2] == ["added      0", "known      5"]


def test_a_denial_is_no_plain_triple(graph: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head = FILE[: FILE.index("MONDO:0005301\tMS")]
    row = "hgnc:6023\tIL7\tskos:exactMatch\tNot\tUniProt:P16871\tsemapv:ManualMappingCuration\t\n"
    Path("not.tsv").write_text(head + row, encoding="utf-8")
    code, _, _ = run(capsys, "import", "not.tsv")
    assert code == 0
    protein = "http://purl.uniprot.org/uniprot/P16871"
    assert asked(graph, f'?m <{SSSOM}predicate_modifier> "Not" ; <{SSSOM}object_id> <{protein}>')
    assert not asked(graph, f"<{IL7}> ?p <{protein}>")


def test_a_mapping_the_other_way_round(graph: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head = FILE[: FILE.index("MONDO:0005301\tMS")]
    row = "icd:G35\tMS in ICD\tskos:narrowMatch\t\tMONDO:0005301\tsemapv:LexicalMatching\t\n"
    Path("icd.tsv").write_text(head + row, encoding="utf-8")
    code, out, err = run(capsys, "import", "icd.tsv")
    assert code == 0
    assert "left out   1: their subjects are not in the graph (http://purl.bioon" in out
    assert err == "kg: the objects of 1 of these are: --inverse turns them round\n"
    _, out, err = run(capsys, "import", "icd.tsv", "--inverse")
    assert out.startswith("added      1: 1 broadMatch\n")
    assert err == ""
    icd = "http://purl.bioontology.org/ontology/ICD10CM/G35"
    assert asked(graph, f"<{MS}> <{SKOS}broadMatch> <{icd}>")
    assert asked(graph, f'?m <{SSSOM}object_id> <{icd}> ; <{SSSOM}object_label> "MS in ICD"')
    _, out, _ = run(capsys, "import", "icd.tsv", "--inverse")
    assert out.splitlines()[:2] == ["added      0", "known      1"]


def test_they_stay_when_files_are_added_and_all_is_built_again(
    graph: Path, lexicon: Lexicon, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "import", "set.sssom.tsv")
    _, before, _ = run(capsys, "export")
    nbib = tmp_path / "a.nbib"
    nbib.write_text(
        "PMID- 99000001\nTI  - IL-7 and asthma.\nAB  - IL-7 activates STAT5 in asthma.\n"
        "AU  - Doe J\nDP  - 2020\nTA  - J Test\n",
        encoding="utf-8",
    )
    with pytest.raises(SystemExit) as ended:
        main(["add", str(nbib), "-g", str(graph)])
    assert ended.value.code == 0
    capsys.readouterr()
    _, added, _ = run(capsys, "export")
    kept = {json.dumps(row) for row in rows_of(before)}
    assert kept <= {json.dumps(row) for row in rows_of(added)}
    listed = resource_path("data", "interleukin-7.txt")
    build_graph([listed], graph, lexicon)
    _, rebuilt, _ = run(capsys, "export")
    assert rows_of(rebuilt) == rows_of(before)


def test_conflicts(graph: Path, lexicon: Lexicon, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "import", "set.sssom.tsv")
    query = load_saved_queries()["mapping-conflicts"]
    with open_graph(graph) as opened:
        rows = run_query(opened, query, {}, lexicon).rows
    ours = [
        (row["conflict"], row["entity"], row["relation"], row["mapped"], row["replaced_by"])
        for row in rows
        if row["source"] == "https://example.org/set"
    ]
    mesh = "http://id.nlm.nih.gov/mesh/"
    hgnc = "http://identifiers.org/hgnc/"
    assert ours == [
        ("denied", MS, "exactMatch", f"{mesh}D020528", None),
        ("obsolete", IL7, "closeMatch", f"{hgnc}9", f"{hgnc}6692"),
        ("several", MS, "exactMatch", f"{mesh}D009103", None),
        ("several", MS, "exactMatch", f"{mesh}D020528", None),
    ]
    # Those of the vocabularies: one heading for a disease and a process.
    shared = [
        row["name"]
        for row in rows
        if row["conflict"] == "shared" and row["mapped"] == f"{mesh}D001862"
    ]
    assert shared == ["bone resorption", "bone resorption disease"]


@pytest.mark.parametrize("form", ["epm", "jsonld", "shacl"])
def test_prefixes(form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "prefixes", "--format", form)
    assert code == 0
    path = tmp_path / "prefixes"
    assert run(capsys, "prefixes", "--format", form, "-o", str(path)) == (0, "", "")
    assert path.read_text(encoding="utf-8") == out
    if form == "shacl":
        declared = {
            quad.object.value
            for quad in parse(out.encode(), RdfFormat.TURTLE)
            if quad.predicate.value.endswith("#namespace")
        }
        assert "http://identifiers.org/hgnc/" in declared
        return
    read = Converter.from_extended_prefix_map if form == "epm" else Converter.from_jsonld
    converter = read(json.loads(out))
    assert converter.expand("CL:0000084") == "http://purl.obolibrary.org/obo/CL_0000084"
    if form == "epm":
        page = "https://www.genenames.org/data/gene-symbol-report/#!/hgnc_id/HGNC:6023"
        assert converter.compress(page) == "HGNC:6023"


def test_a_file_that_is_none_changes_nothing(
    graph: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = list_history(graph)
    Path("a.csv").write_text("subject_id,object_id\n", encoding="utf-8")
    code, out, err = run(capsys, "import", "a.csv")
    assert (code, out) == (1, "")
    assert err.startswith("kg: a.csv:1: is no table of mappings in SSSOM")
    assert list_history(graph) == before
