"""What docs/mappings.md shows is what happens."""

import re
from pathlib import Path

import pytest

from kg.prefixes import PREFIXES
from kg.vocabulary.lexicon import Lexicon
from tests.docs_pages import read_page, rows_under, run_commands

PAGE = read_page("mappings.md")


def mask(line: str) -> str:
    """Take out hashes and figures, which depend on the vocabularies and the clock."""
    line = re.sub(r"\b(\d{6})-[0-9a-f]{12}\b", r"\1-HASH", line)
    return re.sub(r"^(statements|seconds) .*", r"\1", line).rstrip()


def test_the_commands_of_the_page(
    lexicon: Lexicon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lexicon.vocabularies
    monkeypatch.delenv("KG_GRAPH", raising=False)
    assert run_commands(PAGE, tmp_path, monkeypatch, mask) == 10


def test_the_table_of_prefixes() -> None:
    assert rows_under(PAGE, "prefix") == [
        [prefix.name, prefix.iri, prefix.source] for prefix in PREFIXES.values()
    ]
