"""What docs/ontologies.md shows is what happens."""

import re
from pathlib import Path

import pytest

from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.publishers import CATALOG
from tests.docs_pages import read_page, rows_under, run_commands


def mask(line: str) -> str:
    """Take out times and figures, which depend on the vocabularies and the clock."""
    line = re.sub(r"^(statements|seconds) .*", r"\1", line)
    return " ".join(line.split())


def test_the_commands_of_the_page(
    lexicon: Lexicon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lexicon.vocabularies
    assert run_commands(read_page("ontologies.md"), tmp_path, monkeypatch, mask) >= 12


def test_the_page_names_every_table() -> None:
    named = {
        name
        for row in rows_under(read_page("ontologies.md"), "table")
        for name in re.findall(r"\w+", row[0])
    }
    assert named == {entry.name for entry in CATALOG}
