"""Top floor: rows on the terminal: papers as cards with their sentences, anything else as a table.

In a terminal the words that name the entities are highlighted and titles are links; elsewhere it is
plain text, and lines are not broken.
"""

import os
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from kg.namespaces import iri_to_curie
from kg.queries import Value

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

Row = Mapping[str, Value]

# A table that is not for a terminal has no width of its own.
_WIDTH_ELSEWHERE = 120
_STYLES = ("bold cyan", "bold magenta")
_ON_CARD = ("paper", "title", "year", "journal", "sentence", "field", "text", "text_a", "text_b")


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
    """Print rows: as cards where they are papers, else as a table; `links` are the papers' pages."""
    if "paper" in columns and "title" in columns:
        _print_cards(console, columns, rows, links)
    else:
        print_table(console, columns, rows)


def count_rows(columns: Sequence[str], rows: Sequence[Row]) -> str:
    """Return how many rows there are, in words.

    >>> count_rows(["paper", "title", "sentence"], [{"paper": "p"}, {"paper": "p"}])
    '1 paper, 2 sentences'
    >>> count_rows(["name"], [{"name": "IL7"}])
    '1 row'
    """
    if "paper" in columns and "title" in columns:
        papers = len({row["paper"] for row in rows if row["paper"] is not None})
        counted = _number(papers, "paper")
        return f"{counted}, {_number(len(rows), 'sentence')}" if "sentence" in columns else counted
    return _number(len(rows), "row")


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def shorten_iri(value: Value) -> str:
    """Return a value as a person reads it: an IRI as its CURIE where it has one.

    >>> shorten_iri("http://identifiers.org/hgnc/6023"), shorten_iri(None), shorten_iri(True)
    ('HGNC:6023', '', 'true')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    return (iri_to_curie(text) or text) if text.startswith("http") else text


def highlight_spans(sentence: str, words: Sequence[str]) -> list[tuple[int, int, int]]:
    """Return where words stand in a sentence: start, end, and which of the words it is.

    Whole words where there are any, so that "IL-7" is not found in "IL-7R". Earlier words win.

    >>> highlight_spans("IL-7R binds IL-7", ["IL-7"])
    [(12, 16, 0)]
    """
    spans: list[tuple[int, int, int]] = []
    for number, word in enumerate(words):
        if not word:
            continue
        found = list(re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", sentence))
        found = found or list(re.finditer(re.escape(word), sentence))[:1]
        for match in found:
            if all(match.end() <= start or end <= match.start() for start, end, _ in spans):
                spans.append((match.start(), match.end(), number))
    return sorted(spans)


def _print_cards(
    console: "Console", columns: Sequence[str], rows: Sequence[Row], links: Mapping[str, str]
) -> None:
    from rich.text import Text  # noqa: PLC0415

    others = [name for name in columns if name not in _ON_CARD]
    # What is the same in every row is said once, above the papers.
    shared = [
        name for name in others if all(row[name] == rows[0][name] for row in rows) and len(rows) > 1
    ]
    for name in shared:
        _print_line(console, Text(f"{name}: {shorten_iri(rows[0][name])}"))
    if shared:
        console.print()
    last: Value = None
    for row in rows:
        if row["paper"] is None:
            continue
        if row["paper"] != last:
            if last is not None:
                console.print()
            last = row["paper"]
            own = [name for name in others if name not in shared]
            _print_paper(console, row, own, links.get(str(row["paper"]), ""))
        if row.get("sentence"):
            _print_line(console, _sentence(row), indent=2)


def _print_paper(console: "Console", row: Row, others: Sequence[str], link: str) -> None:
    from rich.text import Text  # noqa: PLC0415

    title = Text(str(row["title"]), style=f"bold link {link}" if link else "bold")
    _print_line(console, title)
    where = " ".join(str(row[name]) for name in ("journal", "year") if row[name] is not None)
    if where:
        _print_line(console, Text(where, style="dim"), indent=2)
    # A page's address is printed where it stays on one line; in a terminal the title leads there.
    if link and (not console.is_terminal or len(link) + 2 <= console.width):
        _print_line(console, Text(link, style="dim"), indent=2)
    for name in others:
        if row[name] is not None:
            _print_line(console, Text(f"{name}: {shorten_iri(row[name])}"), indent=2)


def _sentence(row: Row) -> "Text":
    from rich.text import Text  # noqa: PLC0415

    text = Text(f"“{row['sentence']}”")
    words = [str(row.get(name) or "") for name in ("text_a", "text_b")]
    words = words if any(words) else [str(row.get("text") or "")]
    for start, end, number in highlight_spans(text.plain, words):
        text.stylize(_STYLES[number], start, end)
    if row.get("field"):
        text.append(f"  ({row['field']})", style="dim")
    return text


def _print_line(console: "Console", text: "Text", indent: int = 0) -> None:
    """Print a paragraph, indented; it is broken at the width of a terminal, and nowhere else."""
    if console.is_terminal:
        from rich.padding import Padding  # noqa: PLC0415

        console.print(Padding(text, (0, 0, 0, indent)))
    else:
        console.print(f"{' ' * indent}{text.plain}", soft_wrap=True)


def print_table(console: "Console", columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Print rows as a table, numbers to the right, long cells broken into lines, never cut."""
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        numbers = [row[name] for row in rows if row[name] is not None]
        is_number = all(
            isinstance(each, int | float) and not isinstance(each, bool) for each in numbers
        )
        right = is_number and bool(numbers)
        table.add_column(name, overflow="fold", justify="right" if right else "left")
    for row in rows:
        table.add_row(*(shorten_iri(row[name]) for name in columns))
    console.print(table)
