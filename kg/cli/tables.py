"""Top floor: rows on the terminal: papers and assertions as cards, anything else as a table."""

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from kg.cli.cards import (
    Row,
    count_of,
    plain_text,
    print_assertions,
    print_papers,
    shorten_iri,
)

if TYPE_CHECKING:
    from rich.console import Console

# A table that is not for a terminal has no width of its own.
_WIDTH_ELSEWHERE = 120


def make_console() -> "Console":
    """Return a console for stdout, as wide as the terminal."""
    from rich.console import Console  # noqa: PLC0415

    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = _WIDTH_ELSEWHERE
    return console


def print_rows(
    console: "Console", columns: Sequence[str], rows: Sequence[Row], links: Mapping[str, str]
) -> None:
    """Print rows: as cards where they are assertions or papers, else as a table.

    `links` are the pages of the papers.
    """
    if _are_assertions(columns):
        print_assertions(console, rows, links)
    elif _are_papers(columns):
        print_papers(console, columns, rows, links)
    else:
        print_table(console, columns, rows)


def _are_papers(columns: Sequence[str]) -> bool:
    return "paper" in columns and "title" in columns


def _are_assertions(columns: Sequence[str]) -> bool:
    """Return whether rows are assertions with their counts, and not sentences with what they say.

    >>> _are_assertions(["assertion", "papers", "sentence", "title", "paper"])
    True
    >>> _are_assertions(["assertion", "sentence", "title", "paper"])
    False
    """
    return _are_papers(columns) and {"assertion", "papers", "sentence"} <= set(columns)


def count_rows(columns: Sequence[str], rows: Sequence[Row]) -> str:
    """Return how many rows there are, in words.

    >>> count_rows(["paper", "title", "sentence"], [{"paper": "p"}, {"paper": "p"}])
    '1 paper, 1 sentence'
    >>> count_rows(["name"], [{"name": "IL7"}])
    '1 row'
    """
    if _are_assertions(columns):
        said = {(row.get("between"), row["assertion"]) for row in rows}
        return count_of(len(said), "assertion")
    if _are_papers(columns):
        papers = len({row["paper"] for row in rows if row["paper"] is not None})
        counted = count_of(papers, "paper")
        # A sentence that says several things has several rows.
        sentences = {(row["paper"], row.get("field"), row.get("sentence")) for row in rows}
        return (
            f"{counted}, {count_of(len(sentences), 'sentence')}"
            if "sentence" in columns
            else counted
        )
    return count_of(len(rows), "row")


def print_table(console: "Console", columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Print rows as a table, numbers to the right, long cells broken into lines, never cut."""
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=None, pad_edge=False, header_style="bold")
    cells = []
    for name in columns:
        values = [row[name] for row in rows if row[name] is not None]
        is_number = bool(values) and all(type(each) in (int, float) for each in values)
        table.add_column(name, overflow="fold", justify="right" if is_number else "left")
        # A column of IRIs alone says which things are meant; among texts, an IRI is an address.
        is_iri = all(str(each).startswith("http") for each in values)
        show = shorten_iri if is_iri else plain_text
        cells.append([show(row[name]) for row in rows])
    for line in zip(*cells, strict=True):
        table.add_row(*line)
    console.print(table)
