"""Top floor: `kg history` lists the generations of a graph, and what was done in each."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from kg.cli.graph_option import graph_option
from kg.cli.tables import make_console, print_table
from kg.store import Generation, History, Rollback, list_history

_COLUMNS = ("generation", "written (UTC)", "what was done", "statements", "papers", "MB")
# More names of files than these are counted.
_NAMES = 3


@click.command()
@graph_option
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="How to print it.",
)
def history(graph: Path, format_name: str) -> None:
    """List the generations of a graph that are kept: when, what was done, how large they are.

    The last three are kept, and those that are being read. Papers are counted as they were built
    from files. Generations share files on disk; the whole folder's size is at the end.
    """
    found = list_history(graph)
    if format_name == "json":
        click.echo(json.dumps(asdict(found), ensure_ascii=False, indent=2))
        return
    console = make_console()
    print_table(console, _COLUMNS, [dict(zip(_COLUMNS, row, strict=True)) for row in _rows(found)])
    live = next((each.name for each in found.generations if each.live), "")
    console.print(f"\nlive: {live}; on disk: {found.bytes / 1e6:,.1f} MB")


def _rows(found: History) -> list[tuple[str | float | None, ...]]:
    """Return the rows of the table, roll-backs among the generations in the order of time."""
    events: list[tuple[str, str, Generation | Rollback]] = [
        (each.at, each.name, each) for each in found.generations
    ]
    # Of one second, a roll-back comes after the generation that it left.
    events += [(each.at, f"{each.old}~", each) for each in found.rollbacks]
    rows: list[tuple[str | float | None, ...]] = []
    for at, _, event in sorted(events, key=lambda one: one[:2]):
        when = at.replace("T", " ").removesuffix("+00:00")
        if isinstance(event, Rollback):
            rows.append(("", when, f"rollback from {event.old} to {event.new}", None, None, None))
            continue
        name = f"{event.name}{' *' if event.live else ''}"
        size = round(event.bytes / 1e6, 1)
        what = describe_action(event.action)
        rows.append((name, when, what, event.statements, event.papers, size))
    return rows


def describe_action(action: Mapping[str, Any]) -> str:
    """Return in words what was done in a generation.

    `inputs` are names of files, `papers` the papers that a person named; `gained` and `lost` count
    papers.

    >>> describe_action({"kind": "add", "inputs": ["a.nbib", "b.ris"], "gained": 12, "lost": 0})
    'add a.nbib, b.ris (+12 papers)'
    >>> describe_action({"kind": "update", "request": "put", "graph": ""})
    'update: put to the default graph'
    """
    kind = str(action.get("kind", "build"))
    if kind == "update":
        if "summary" in action:
            return f"update: {action['summary']}"
        graph = action.get("graph") or "the default graph"
        return f"update: {action.get('request', 'write')} to {graph}"
    names = [str(each) for each in (*action.get("inputs", ()), *action.get("papers", ()))]
    more = f" and {len(names) - _NAMES:,} more" if len(names) > _NAMES else ""
    gained, lost = int(action.get("gained", 0)), int(action.get("lost", 0))
    signs = [f"+{gained:,}"] * bool(gained) + [f"-{lost:,}"] * bool(lost)
    one = gained + lost == 1
    counted = f" ({' '.join(signs)} paper{'' if one else 's'})" if signs else ""
    return f"{kind} {', '.join(names[:_NAMES])}{more}{counted}".strip()
