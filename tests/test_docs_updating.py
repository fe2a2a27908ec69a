"""What docs/updating.md shows is what happens."""

import re
from pathlib import Path

import pytest

from kg.vocabulary.lexicon import Lexicon
from tests.docs_pages import read_page, run_commands


def mask(line: str) -> str:
    """Take out hashes, times and figures, which depend on the vocabularies and the clock."""
    line = re.sub(r"\b(\d{6})-[0-9a-f]{12}\b", r"\1-HASH", line)
    line = re.sub(r"\b[0-9a-f]{16,}\b", "HASH", line)
    line = re.sub(r"\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\b", "TIME", line)
    line = re.sub(r"^(statements|seconds) .*", r"\1", line)
    line = re.sub(r"\b\d[\d,]+(?= gained| lost)", "MANY", line)
    line = re.sub(r"\b[\d,]{4,}( +\d+ +)[\d.]+$", r"MANY\1 MB", line)
    line = re.sub(r"\(\d[\d,]* nodes checked", "(MANY nodes checked", line)
    line = re.sub(r"on disk: [\d.]+ MB", "on disk: MB", line)
    return " ".join(line.split())


def test_the_commands_of_the_page(
    lexicon: Lexicon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lexicon.vocabularies
    assert run_commands(read_page("updating.md"), tmp_path, monkeypatch, mask) >= 12
