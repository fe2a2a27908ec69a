"""What docs/recognition.md shows is what happens.

Its examples are of three forms: a text (a line that begins with ">") with a table of the mentions
found in it, or with the words "Nothing is found."; a command (a line that begins with "$ kg" or
"$ echo", in a block) with what it prints; and a file ("$ cat") with its lines.
"""

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.annotate.annotator import Annotator
from kg.cli import cli
from kg.model import EntityType, Mention
from kg.resources import resource_path
from kg.vocabulary.compiling import DEFAULT_VOCABULARIES
from kg.vocabulary.hosts import CUE_STATUSES
from kg.vocabulary.lexicon import Lexicon

DOCS = resource_path("docs")
PAGE = (DOCS / "recognition.md").read_text(encoding="utf-8")
NOTHING = "Nothing is found."

TEXTS = re.findall(r"((?:^> .*\n)+)\n((?:^\|.*\n)+|Nothing is found\.)", PAGE, re.MULTILINE)
BLOCKS = re.findall(r"^```\n(\$ .*?)^```", PAGE, re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"(?:echo '(?P<stdin>[^']*)' \| )?kg (?P<arguments>.+)")

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


def cells_of(row: str) -> list[str]:
    return [cell.strip(" `") for cell in row.strip().strip("|").split("|")]


def table_of(text: str, heading: str, lexicon: Lexicon) -> str:
    """Return the table of the mentions in a text, with the columns of a heading."""
    (found,) = annotator_of(lexicon).annotate([text])
    if not found:
        return NOTHING
    columns = cells_of(heading)
    rows = [columns, ["---"] * len(columns)]
    rows.extend([CELLS[column](one, lexicon) for column in columns] for one in found)
    return "".join(f"| {' | '.join(row)} |\n".replace("|  |", "| |") for row in rows)


def text_of(quoted: str) -> str:
    return " ".join(line.removeprefix("> ") for line in quoted.splitlines())


@pytest.mark.parametrize(("quoted", "shown"), TEXTS, ids=[text_of(one[0])[:40] for one in TEXTS])
def test_a_text_is_read_as_shown(quoted: str, shown: str, lexicon: Lexicon) -> None:
    assert table_of(text_of(quoted), shown.splitlines()[0], lexicon) == shown


def test_commands_print_what_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lexicon: Lexicon
) -> None:
    assert lexicon.vocabularies  # compiled before the first command
    monkeypatch.chdir(tmp_path)
    shown = [one for block in BLOCKS for one in re.split(r"^\$ ", block, flags=re.MULTILINE) if one]
    assert len(shown) >= 6
    for one in shown:
        line, _, output = one.partition("\n")
        if line.startswith("cat "):
            Path(line.removeprefix("cat ")).write_text(output, encoding="utf-8")
            continue
        command = COMMAND.fullmatch(line)
        assert command is not None, line
        arguments = [word.strip('"') for word in re.findall(r'"[^"]*"|\S+', command["arguments"])]
        with monkeypatch.context() as setting:
            if "--lexicon" in arguments:
                setting.setenv("KG_CACHE", str(tmp_path / "cache"))
            result = CliRunner().invoke(cli, arguments, input=command["stdin"])
        assert result.exit_code == 0, result.output
        printed = [one.rstrip() for one in result.stdout.splitlines()]
        assert printed == output.splitlines(), line


def test_the_page_shows_every_type() -> None:
    shown = {cell for _, table in TEXTS for row in table.splitlines() for cell in cells_of(row)}
    assert [kind for kind in EntityType if kind not in shown] == []


def methods_of(heading: str) -> set[str]:
    table = re.search(rf"^\| {heading} \|.*\n\|[ -|]+\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    assert table is not None
    return {
        name.strip(" `") for row in table[1].splitlines() for name in cells_of(row)[0].split("`, `")
    }


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


@pytest.mark.parametrize("folder", ["annotate", "vocabulary"])
def test_every_module_is_in_the_architecture(folder: str) -> None:
    architecture = (DOCS / "architecture.md").read_text(encoding="utf-8")
    modules = {path.stem for path in resource_path("kg", folder).glob("*.py")} - {"__init__"}
    section = architecture.partition(f"`kg.{folder}`:")[2].partition("\n\n## ")[0]
    described = set(re.findall(r"^\| `([a-z_]+)` \|", section, re.MULTILINE))
    assert modules == described
