"""What docs/recognition.md shows is what happens.

`tests.docs_pages` describes the forms of its examples; the tables are of the mentions in a text.
"""

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from kg.annotate.annotator import Annotator
from kg.model import EntityType, Mention
from kg.resources import resource_path
from kg.vocabulary.compiling import DEFAULT_VOCABULARIES
from kg.vocabulary.hosts import CUE_STATUSES
from kg.vocabulary.lexicon import Lexicon
from tests.docs_pages import (
    cells_of,
    examples_of,
    read_page,
    rows_under,
    run_commands,
    table_of,
    text_of,
)

PAGE = read_page("recognition.md")
NOTHING = "Nothing is found."
TEXTS = examples_of(PAGE, NOTHING)

# How each column of a table is made of a mention.
CELLS: dict[str, Callable[[Mention, Lexicon], str]] = {
    "mention": lambda one, _: one.text,
    "type": lambda one, _: one.type,
    "id": lambda one, _: one.best.term,
    "label": lambda one, lexicon: _label(one.best.term, lexicon),
    "terms": lambda one, lexicon: ", ".join(_label(each.term, lexicon) for each in one.groundings),
    "score": lambda one, _: str(one.best.score),
    "method": lambda one, _: one.best.method,
    "organism": lambda one, lexicon: _label(one.organism, lexicon) if one.organism else "",
}


@cache
def annotator_of(lexicon: Lexicon) -> Annotator:
    return Annotator(lexicon)


def _label(curie: str, lexicon: Lexicon) -> str:
    term = lexicon.term(curie)
    assert term is not None
    return term.label


def mentions_of(text: str, heading: str, lexicon: Lexicon) -> str:
    """Return the table of the mentions in a text, with the columns of a heading."""
    (found,) = annotator_of(lexicon).annotate([text])
    if not found:
        return NOTHING
    columns = cells_of(heading)
    return table_of(columns, [[CELLS[name](one, lexicon) for name in columns] for one in found])


@pytest.mark.parametrize(("quoted", "shown"), TEXTS, ids=[text_of(one[0])[:40] for one in TEXTS])
def test_a_text_is_read_as_shown(quoted: str, shown: str, lexicon: Lexicon) -> None:
    assert mentions_of(text_of(quoted), shown.splitlines()[0], lexicon) == shown


def test_commands_print_what_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lexicon: Lexicon
) -> None:
    assert lexicon.vocabularies  # compiled before the first command
    assert run_commands(PAGE, tmp_path, monkeypatch) >= 6


def test_the_page_shows_every_type() -> None:
    shown = {cell for _, table in TEXTS for row in table.splitlines() for cell in cells_of(row)}
    assert [kind for kind in EntityType if kind not in shown] == []


def methods_of(heading: str) -> set[str]:
    return {name.strip(" `") for row in rows_under(PAGE, heading) for name in row[0].split("`, `")}


def test_every_kind_of_name_is_explained(lexicon: Lexicon) -> None:
    statuses = {status for _, status, _, _ in lexicon._kinds} - CUE_STATUSES
    assert statuses == methods_of("kind of name") - {"own name"}


def test_every_method_of_an_example_is_explained() -> None:
    explained = methods_of("kind of name") | methods_of("reading")
    shown = set(re.findall(r'"method": "([^"]+)"', PAGE))
    for _, table in TEXTS:
        if table != NOTHING:
            heading, _, *rows = map(cells_of, table.splitlines())
            if "method" in heading:
                shown |= {row[heading.index("method")] for row in rows}
    assert shown <= explained
    assert methods_of("reading") <= shown


def test_every_vocabulary_is_described() -> None:
    described = {name for name in DEFAULT_VOCABULARIES if f"`{name}`" in PAGE}
    assert described == {*DEFAULT_VOCABULARIES}


def test_the_json_of_the_page_is_json() -> None:
    lines = re.findall(r"^\{.*\}$", PAGE, re.MULTILINE)
    assert len(lines) >= 3
    for line in lines:
        for mention in json.loads(line)["mentions"]:
            assert mention["ids"][0] == mention["id"]


@pytest.mark.parametrize("folder", ["annotate", "assertions", "vocabulary"])
def test_every_module_is_in_the_architecture(folder: str) -> None:
    architecture = read_page("architecture.md")
    modules = {path.stem for path in resource_path("kg", folder).glob("*.py")} - {"__init__"}
    section = architecture.partition(f"\n`kg.{folder}`")[2].partition("\n\n## ")[0]
    rows = re.findall(r"^\| `([a-z_`, ]+)` \|", section, re.MULTILINE)
    assert modules == {name for row in rows for name in row.split("`, `")}
