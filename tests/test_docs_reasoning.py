"""What docs/reasoning.md shows is what happens."""

import re
from pathlib import Path

import pytest

from kg.reasoning.materialise import materialise
from kg.vocabulary.lexicon import Lexicon
from tests.docs_pages import read_page, run_commands


def mask(line: str) -> str:
    """Take out times and figures, which depend on the clock, the ontology and the vocabularies."""
    line = re.sub(r"^(statements|seconds) .*", r"\1", line)
    return re.sub(r"[\d,]+ inferred", "MANY inferred", line).rstrip()


def test_the_commands_of_the_page(
    lexicon: Lexicon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lexicon.vocabularies
    assert run_commands(read_page("reasoning.md"), tmp_path, monkeypatch, mask) >= 4


def test_the_python_of_the_page(il7_graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = re.findall(
        r"^```python\n(.*?)^```", read_page("reasoning.md"), re.MULTILINE | re.DOTALL
    )
    monkeypatch.chdir(il7_graph.parent)
    names: dict[str, object] = {}
    exec(code, names)
    papers = names["papers"]
    assert isinstance(papers, list)
    assert len(papers) == 62


def test_the_rules_that_the_page_names_are_those_of_the_code() -> None:
    """Every rule that anything is counted under stands on the page."""
    page = read_page("reasoning.md")
    folder = Path(materialise.__code__.co_filename).parent
    code = "".join(path.read_text("utf-8") for path in folder.glob("*.py"))
    counted = set(re.findall(r'"((?:prp|scm|cax)-[a-z]+\d?)"', code))
    clashes = {"prp-pdw", "prp-asyp", "prp-irp", "prp-npa1", "cax-dw", "scm-dom", "scm-rng"}
    assert len(counted - clashes) > 10
    assert {rule for rule in counted - clashes if rule not in page} == set()
