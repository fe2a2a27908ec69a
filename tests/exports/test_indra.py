"""INDRA Statements, held against INDRA's schema and read with INDRA's own classes."""

import json
import os
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from kg.exports.indra import IndraProfile, db_ref
from kg.store import open_graph
from tests.exports.graphs import SECOND, make_view, whole_view, without, written

# INDRA sets up logging and a folder in the user's home as it is imported.
READ_WITH_INDRA = """
import json, sys
from indra.statements import stmts_from_json
read = stmts_from_json(json.load(open(sys.argv[1], encoding="utf-8")))
print(json.dumps([[str(each), each.belief, each.to_json()] for each in read]))
"""


@pytest.fixture(scope="module")
def schema() -> Any:
    """INDRA's schema of statements."""
    path = distribution("indra").locate_file("indra/resources/statements_schema.json")
    return json.loads(Path(str(path)).read_text("utf-8"))


def read_with_indra(path: Path, home: Path) -> list[Any]:
    done = subprocess.run(
        [sys.executable, "-c", READ_WITH_INDRA, str(path)],
        env={**os.environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    # INDRA drops what it cannot read with a warning.
    assert "WARNING" not in done.stderr
    read: list[Any] = json.loads(done.stdout)
    return read


def check(statements: list[Any], schema: Any) -> None:
    validator = jsonschema.validators.validator_for(schema)
    assert list(validator(schema).iter_errors(statements)) == []
    assert len({each["id"] for each in statements}) == len(statements)


def test_a_graph_is_read_by_indra_as_it_was_written(
    schema: Any, il7_graph: Path, tmp_path: Path
) -> None:
    with open_graph(il7_graph) as graph:
        path = written(IndraProfile(), whole_view(graph), tmp_path)
    statements = json.loads(path.read_text("utf-8"))
    check(statements, schema)
    read = read_with_indra(path, tmp_path)
    assert len(read) == len(statements) == 128
    for statement, (_, belief, again) in zip(statements, read, strict=True):
        assert again["type"] == statement["type"]
        assert belief == statement["belief"]
        for one, other in zip(statement["evidence"], again["evidence"], strict=True):
            assert one["text"] == other["text"]
            assert one["epistemics"] == other.get("epistemics", {})
            assert one["annotations"] == other["annotations"]
            assert one["text_refs"] == other["text_refs"]
    assert "Activation(IL7(), STAT5())" in [text for text, _, _ in read]


def test_what_is_asserted_and_denied_is_one_statement(schema: Any, tmp_path: Path) -> None:
    path = written(IndraProfile(), make_view(), tmp_path)
    statements = json.loads(path.read_text("utf-8"))
    check(statements, schema)
    both = [each for each in statements if each.get("obj", {}).get("name") == "mTORC1"]
    assert [each["type"] for each in both] == ["Activation"]
    # Stated with 0.8 and denied with 0.8.
    assert both[0]["belief"] == pytest.approx(0.8 * 0.2)
    [evidence] = both[0]["evidence"]
    assert evidence["epistemics"] == {"negated": True}
    assert evidence["pmid"] == "17"
    assert evidence["source_api"] == "litkg"
    text, agents = evidence["text"], evidence["annotations"]["agents"]
    assert text == SECOND
    assert [text[start:end] for start, end in agents["coords"]] == agents["raw_text"]
    start, end = evidence["annotations"]["trigger_coords"]
    assert text[start:end] == evidence["annotations"]["trigger"] == "activate"
    read = read_with_indra(path, tmp_path)
    assert sorted(text for text, _, _ in read) == [
        "Activation(IL7(), STAT5())",
        "Activation(IL7(), mTORC1())",
        "Influence(Event(IL7), Event(colitis))",
    ]


def test_a_treatment_works_against_a_disease_and_may_be_supposed(tmp_path: Path) -> None:
    path = written(IndraProfile(), make_view(), tmp_path)
    [treats] = [each for each in json.loads(path.read_text("utf-8")) if each["type"] == "Influence"]
    assert treats["obj"]["delta"]["polarity"] == -1
    assert treats["subj"]["delta"]["polarity"] is None
    assert treats["subj"]["concept"]["db_refs"] == {"HGNC": "6023", "UP": "P13232"}
    assert treats["evidence"][0]["epistemics"] == {"hypothesis": True}


def test_relations_without_a_statement_are_counted(tmp_path: Path) -> None:
    told = IndraProfile().write(make_view(), tmp_path / "out.json")
    [note] = told.notes
    assert note.endswith(" no statement for them: 1 expressed_in, 1 https://example.org/cures")


def test_without_texts_there_are_statements_still(schema: Any, tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    told = IndraProfile().write(make_view(without("text")), target)
    statements = json.loads(target.read_text("utf-8"))
    check(statements, schema)
    assert not any("text" in each for one in statements for each in one["evidence"])
    assert told.notes[-1] == "3 pieces of evidence have no text: it was left out"


@pytest.mark.parametrize(
    ("curie", "expected"),
    [
        ("CHEBI:15377", ("CHEBI", "CHEBI:15377")),
        ("NCBIGene:3574", ("EGID", "3574")),
        ("FPLX:STAT5", ("FPLX", "STAT5")),
        ("MESH:D007249", ("MESH", "D007249")),
        ("MONDO:0005292", ("MONDO", "0005292")),
        ("CL:0000084", ("CL", "CL:0000084")),
        ("NCBITaxon:9606", ("TAXONOMY", "9606")),
    ],
)
def test_identifiers_are_in_the_form_of_indra(curie: str, expected: tuple[str, str]) -> None:
    assert db_ref(curie) == expected
