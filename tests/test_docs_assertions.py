"""What docs/assertions.md shows is what happens.

`tests.docs_pages` describes the forms of its examples; the tables are of what a text states.
"""

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from kg.annotate.annotator import Annotator
from kg.assertions.reading import _CONFIDENCE, AssertionReader
from kg.assertions.tokens import _LONGEST
from kg.assertions.triggers import COLUMNS, Part
from kg.model import Evidence, Predicate
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

PAGE = read_page("assertions.md")
NOTHING = "Nothing is stated."
TEXTS = examples_of(PAGE, NOTHING)
PREDICATES = rows_under(PAGE, "predicate")
METHODS = rows_under(PAGE, "method")

HOW_SAID = {
    (False, False): "stated",
    (False, True): "supposed",
    (True, False): "denied",
    (True, True): "denied, as a possibility",
}
# How each column of a table is made of evidence.
CELLS: dict[str, Callable[[Evidence], str]] = {
    "subject": lambda one: one.subject.text,
    "predicate": lambda one: one.predicate,
    "object": lambda one: one.object.text,
    "trigger": lambda one: one.trigger,
    "said": lambda one: HOW_SAID[one.negated, one.speculative],
}


@cache
def annotator_of(lexicon: Lexicon) -> Annotator:
    return Annotator(lexicon)


@cache
def reader() -> AssertionReader:
    return AssertionReader()


def read(text: str, lexicon: Lexicon) -> tuple[Evidence, ...]:
    (mentions,) = annotator_of(lexicon).annotate([text])
    return reader().read_sentence(text, mentions)


def statements_of(text: str, heading: str, lexicon: Lexicon) -> str:
    """Return the table of what a text states, with the columns of a heading."""
    found = read(text, lexicon)
    if not found:
        return NOTHING
    columns = cells_of(heading)
    return table_of(columns, [[CELLS[name](one) for name in columns] for one in found])


@pytest.mark.parametrize(("quoted", "shown"), TEXTS, ids=[text_of(one[0])[:40] for one in TEXTS])
def test_a_text_is_read_as_shown(quoted: str, shown: str, lexicon: Lexicon) -> None:
    assert statements_of(text_of(quoted), shown.splitlines()[0], lexicon) == shown


def test_commands_print_what_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lexicon: Lexicon
) -> None:
    assert lexicon.vocabularies  # compiled before the first command
    assert run_commands(PAGE, tmp_path, monkeypatch) >= 3


@pytest.mark.parametrize(("predicate", "_", "example"), PREDICATES)
def test_an_example_has_its_predicate(
    predicate: str, _: str, example: str, lexicon: Lexicon
) -> None:
    assert [one.predicate for one in read(example, lexicon)] == [predicate]


@pytest.mark.parametrize("row", METHODS, ids=[row[0] for row in METHODS])
def test_an_example_is_read_by_its_rule(row: list[str], lexicon: Lexicon) -> None:
    method, _, example, sure, less = row
    assert method in {one.method for one in read(example, lexicon)}
    assert (float(sure), float(less)) == _CONFIDENCE[method]


def test_every_predicate_and_rule_is_on_the_page() -> None:
    assert sorted(row[0] for row in PREDICATES) == sorted(Predicate)
    assert sorted(row[0] for row in METHODS) == sorted(_CONFIDENCE)


def test_every_part_and_column_of_the_table_is_on_the_page() -> None:
    assert [row[0] for row in rows_under(PAGE, "part of the table")] == list(Part)
    columns = [name for row in rows_under(PAGE, "column") for name in row[0].split("`, `")]
    assert columns == list(COLUMNS)


def test_every_field_of_the_json_is_on_the_page() -> None:
    told = {name for row in rows_under(PAGE, "field") for name in row[0].split("`, `")}
    lines = re.findall(r"^\{.*\}$", PAGE, re.MULTILINE)
    assert len(lines) >= 2
    for line in lines:
        assertions = json.loads(line)["assertions"]
        assert assertions
        for one in assertions:
            assert {*one, "field"} == told


def test_the_bound_of_a_sentence_is_the_one_told() -> None:
    assert f"more than {_LONGEST} words" in PAGE
