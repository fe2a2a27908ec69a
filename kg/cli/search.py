"""Top floor: `kg search` looks for entities, papers and sentences by words."""

import json
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from kg.cli.graph_option import graph_option
from kg.errors import SearchError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console
    from rich.text import Text

    from kg.search import Found, Hit, Index
    from kg.store import Graph

_MOST = 1_000
_PLURALS = {"entity": "entities", "paper": "papers", "sentence": "sentences"}


@click.command()
@click.argument("words", nargs=-1, required=True)
@graph_option
@click.option(
    "--type",
    "kind",
    type=click.Choice(tuple(_PLURALS)),
    help="Give only entities, papers or sentences.",
)
@click.option(
    "--limit",
    type=click.IntRange(1, _MOST),
    metavar="N",
    default=20,
    show_default=True,
    help="The most hits to give.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(("table", "json", "csv", "tsv")),
    default="table",
    show_default=True,
    help="How to print them.",
)
def search(words: tuple[str, ...], graph: Path, kind: str | None, limit: int, form: str) -> None:
    """Look for entities, papers and sentences that have WORDS, the best first.

    Names are the same however they are spelt (IL-7, IL7, interleukin 7), and find what is called
    by another name of the same entity too. Words between quotes must stand together. The first
    search in a graph makes an index of its texts, beside it.

    \b
    kg search IL-7 receptor
    kg search '"memory T cells" STAT5' --type sentence --format csv
    """  # noqa: D301 (to click, "\b" is the character)
    from kg.search import Kind  # noqa: PLC0415
    from kg.store import open_graph  # noqa: PLC0415

    # What a terminal sends may be no text.
    query = " ".join(words).encode("utf-8", "replace").decode()
    with open_graph(graph) as opened, _opened_index(opened) as index:
        found = index.search(query, Kind(kind) if kind else None, limit=limit)
    _print(found, query, form)


@contextmanager
def _opened_index(graph: "Graph") -> "Iterator[Index]":
    """Open the index of a generation; make it first, if need be, in a temporary folder."""
    from kg.search import Index, find_index, make_index  # noqa: PLC0415

    with TemporaryDirectory(prefix="kg-") as spare:
        path = find_index(graph.path.parents[1], graph.generation)
        try:
            index = Index(path) if path is not None else None
        except SearchError as error:
            click.echo(f"kg: {error}; it is made again", err=True)
            index = Index(make_index(graph, Path(spare)))
        if index is None:
            click.echo("kg: making an index of the texts of this graph, once", err=True)
            index = Index(make_index(graph, Path(spare)))
        with index:
            yield index


def _print(found: "Found", query: str, form: str) -> None:
    from kg.search.documents import HIT_COLUMNS, describe_found, hit_cells  # noqa: PLC0415

    if form == "json":
        document = {"query": query, **describe_found(found)}
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    elif form == "table":
        _print_for_people(found)
    else:
        from kg.queries.formats import write_csv, write_tsv  # noqa: PLC0415

        write = write_csv if form == "csv" else write_tsv
        # As bytes: RFC 4180 ends lines its own way, which text output would change.
        sys.stdout.buffer.write(write(HIT_COLUMNS, hit_cells(found.hits)).encode())
        sys.stdout.buffer.flush()


def _print_for_people(found: "Found") -> None:
    from kg.cli.tables import make_console  # noqa: PLC0415

    console = make_console()
    for each in found.taken:
        identifier = f" ({each.curie})" if each.curie else ""
        console.print(f"{each.text} → {each.label}{identifier}", soft_wrap=True)
    for hit in found.hits:
        console.print()
        _print_hit(console, hit)
    if not found.hits:
        console.print("nothing in this graph has these words")
        return
    counts = [
        f"{count:,} {kind.value if count == 1 else _PLURALS[kind.value]}"
        + ("" if found.matched[kind].value == "all" or not count else " with a part of it")
        for kind, count in found.counts.items()
    ]
    console.print(f"\n{', '.join(counts)}")
    if found.after is not None:
        console.print(f"these are the first {len(found.hits):,}; --limit N gives up to N")


def _print_hit(console: "Console", hit: "Hit") -> None:
    from rich.text import Text  # noqa: PLC0415

    snippet = _marked(hit)
    label = Text(style="bold" if hit.kind == "entity" else "")
    label.append_text(snippet if snippet.plain == hit.label else Text(hit.label))
    label.append(f" ({hit.year})" if hit.year else "")
    told = [hit.cls if hit.kind == "entity" else hit.kind.value, hit.curie or hit.iri]
    if hit.papers is not None:
        told.append(f"{hit.papers:,} {'paper' if hit.papers == 1 else 'papers'}")
    console.print(label, soft_wrap=True)
    console.print(Text(f"  {', '.join(told)}", style="dim"), soft_wrap=True)
    if snippet.plain not in ("", hit.label):
        console.print(Text("  ").append_text(snippet), soft_wrap=True)


def _marked(hit: "Hit") -> "Text":
    from rich.text import Text  # noqa: PLC0415

    text = Text()
    for part in hit.snippet:
        text.append(part.text, style="bold green" if part.match else "")
    return text
