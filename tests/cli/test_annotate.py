"""`kg annotate`: the species that a gene is told of, and what it is grounded to."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli.annotate import annotate
from kg.vocabulary.lexicon import Lexicon


@pytest.mark.parametrize(("species", "term"), [("human", "HGNC:6023"), ("auto", "MGI:96561")])
def test_species(tmp_path: Path, lexicon: Lexicon, species: str, term: str) -> None:
    assert lexicon.term(term)
    path = tmp_path / "texts.jsonl"
    path.write_text(json.dumps({"id": "1", "text": "IL-7 in mice, and asthma"}), encoding="utf-8")
    result = CliRunner().invoke(annotate, [str(path), "--species", species], standalone_mode=False)
    assert result.exit_code == 0, result.output
    gene, mouse, disease = json.loads(result.stdout)["mentions"]
    assert gene["id"] == gene["ids"][0] == term
    assert "NCBIGene:16196" in gene["ids"]
    assert gene["organism"] == "NCBITaxon:10090"
    assert mouse["type"] == "Organism"
    assert "organism" not in disease
