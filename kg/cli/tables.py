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
from kg.queries.formats import VOCABULARIES

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
    """Print rows: as cards where they are papers, else as a table; `links` are their pages."""
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
    """Return a value as a person reads it: an IRI as its CURIE or prefixed name, if it has one.

    >>> shorten_iri("http://identifiers.org/hgnc/6023"), shorten_iri(f"{VOCABULARIES['kg']}Gene")
    ('HGNC:6023', 'kg:Gene')
    """
    text = _plain(value)
    curie = iri_to_curie(text) if text.startswith("http") else None
    if curie is not None:
        return curie
    for name, start in VOCABULARIES.items():
        local = text.removeprefix(start)
        if local != text and re.fullmatch(r"\w+", local):
            return f"{name}:{local}"
    return text


def _plain(value: Value) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


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
    own = [name for name in others if name not in shared]
    for number, paper in enumerate(dict.fromkeys(row["paper"] for row in rows)):
        if paper is None:
            continue
        if number:
            console.print()
        of_paper = [row for row in rows if row["paper"] == paper]
        _print_paper(console, of_paper, own, links.get(str(paper), ""))


def _print_paper(console: "Console", rows: Sequence[Row], others: Sequence[str], link: str) -> None:
    from rich.text import Text  # noqa: PLC0415

    first = rows[0]
    # Where the title is the sentence, it is not printed twice.
    in_title = [row for row in rows if row.get("sentence") == row["title"]]
    title = Text(str(first["title"]), style=f"bold link {link}" if link else "bold")
    for row in in_title:
        _highlight(title, row)
    _print_line(console, title)
    where = " ".join(str(first[name]) for name in ("journal", "year") if first[name] is not None)
    notes = [where, "in the title"] if in_title else [where]
    if any(notes):
        _print_line(console, Text(" · ".join(filter(None, notes)), style="dim"), indent=2)
    # In a terminal the title leads to the page, and its address is printed where it fits.
    if link and (not console.is_terminal or len(link) + 2 <= console.width):
        _print_line(console, Text(link, style="dim"), indent=2)
    for name in others:
        if first[name] is not None:
            _print_line(console, Text(f"{name}: {shorten_iri(first[name])}"), indent=2)
    for row in rows:
        if row.get("sentence") and row not in in_title:
            _print_line(console, _sentence(row), indent=2)


def _sentence(row: Row) -> "Text":
    from rich.text import Text  # noqa: PLC0415

    text = Text(f"“{row['sentence']}”")
    _highlight(text, row)
    if row.get("field"):
        text.append(f"  ({row['field']})", style="dim")
    return text


def _highlight(text: "Text", row: Row) -> None:
    words = [str(row.get(name) or "") for name in ("text_a", "text_b")]
    words = words if any(words) else [str(row.get("text") or "")]
    for start, end, number in highlight_spans(text.plain, words):
        text.stylize(_STYLES[number], start, end)


def _print_line(console: "Console", text: "Text", indent: int = 0) -> None:
    """Print a paragraph, indented; it is broken at the width of a terminal, and nowhere else."""
    if console.is_terminal:
        from rich.padding import Padding  # noqa: PLC0415

        console.print(Padding(text, (0, 0, 0, indent), expand=False))
    else:
        console.print(f"{' ' * indent}{text.plain}", soft_wrap=True)


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
        show = shorten_iri if is_iri else _plain
        cells.append([show(row[name]) for row in rows])
    for line in zip(*cells, strict=True):
        table.add_row(*line)
    console.print(table)
