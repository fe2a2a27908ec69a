"""What the tests of the pages in docs share: the examples of a page, and the commands it shows.

An example is a text (lines that begin with ">") with a table of what is found in it, or with words
that say that nothing is. A command is a line that begins with "$ kg" or "$ echo", in a block, with
what it prints; "$ cat" is followed by the lines of a file.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli import cli
from kg.resources import resource_path

DOCS = resource_path("docs")
_COMMAND = re.compile(r"(?:echo '(?P<stdin>[^']*)' \| )?kg (?P<arguments>.+)")


def read_page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def examples_of(page: str, nothing: str) -> list[tuple[str, str]]:
    """Return the texts of a page as quoted, each with its table or the words for "nothing"."""
    return re.findall(
        rf"((?:^> .*\n)+)\n((?:^\|.*\n)+|{re.escape(nothing)})", page, flags=re.MULTILINE
    )


def text_of(quoted: str) -> str:
    return " ".join(line.removeprefix("> ") for line in quoted.splitlines())


def cells_of(row: str) -> list[str]:
    return [cell.strip(" `") for cell in re.split(r"(?<!\\)\|", row.strip().strip("|"))]


def table_of(columns: list[str], rows: list[list[str]]) -> str:
    """Return a table as a page shows it."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(line)} |\n".replace("|  |", "| |") for line in lines)


def rows_under(page: str, heading: str) -> list[list[str]]:
    """Return the rows of the table of which the first column has a heading."""
    table = re.search(rf"^\| {heading} \|.*\n\|[ -|]+\n((?:\|.*\n)+)", page, flags=re.MULTILINE)
    assert table is not None
    return [cells_of(row) for row in table[1].splitlines()]


def run_commands(
    page: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    mask: Callable[[str], str] = str.rstrip,
) -> int:
    """Run the commands of a page in a folder; hold what each prints against what is shown.

    `mask` takes out of a line, printed or shown, what is not the same each time.
    """
    monkeypatch.chdir(folder)
    blocks = re.findall(r"^```\n(\$ .*?)^```", page, flags=re.MULTILINE | re.DOTALL)
    shown = [one for block in blocks for one in re.split(r"^\$ ", block, flags=re.MULTILINE) if one]
    for one in shown:
        line, _, output = one.partition("\n")
        if line.startswith("cat "):
            Path(line.removeprefix("cat ")).write_text(output, encoding="utf-8")
            continue
        command = _COMMAND.fullmatch(line)
        assert command is not None, line
        arguments = [word.strip('"') for word in re.findall(r'"[^"]*"|\S+', command["arguments"])]
        with monkeypatch.context() as setting:
            if "--lexicon" in arguments or "--tables" in arguments:
                setting.setenv("KG_CACHE", str(folder / "cache"))
            result = CliRunner().invoke(cli, arguments, input=command["stdin"])
        assert result.exit_code == 0, result.output
        printed = [mask(one) for one in result.stdout.splitlines()]
        assert printed == [mask(one) for one in output.splitlines()], line
    return len(shown)
