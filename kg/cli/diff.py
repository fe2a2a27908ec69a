"""Top floor: `kg diff` tells what two graphs do not share."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

import click

from kg.changes import (
    AssertionNode,
    Changes,
    Difference,
    EntityNode,
    PaperNode,
    compare_graphs,
    write_whole,
)
from kg.cli.cards import count_of
from kg.store import Graph, open_graph

_T = TypeVar("_T")

_LIMIT = 20


@click.command()
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=_LIMIT,
    show_default=True,
    metavar="N",
    help="The most papers, entities and assertions to list of each kind; 0 for all.",
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print it. JSON has all, whatever the limit.",
)
@click.option(
    "--patch",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the statements that make B of A to FILE, as an RDF Patch.",
)
def diff(old: str, new: str, limit: int, format_name: str, patch: Path | None) -> None:
    """Tell what graph B has and A has not: papers, entities and assertions, gained and lost.

    A and B are folders of graphs, or generations of one: il7.kg@3 is the third of il7.kg.
    """
    with ExitStack() as opened:
        graphs = [opened.enter_context(_open(name)) for name in (old, new)]
        out = None if patch is None else opened.enter_context(write_whole(patch))
        found = compare_graphs(graphs[0], graphs[1], out)
    if format_name == "json":
        click.echo(json.dumps(asdict(found), ensure_ascii=False, indent=2))
    else:
        _print(found, limit)


def _open(name: str) -> AbstractContextManager[Graph]:
    """Open the graph in a folder, or the generation of it that stands after an @."""
    folder, at, generation = name.rpartition("@")
    if at and not Path(name).exists():
        return open_graph(Path(folder), generation)
    return open_graph(Path(name))


def _print(found: Difference, limit: int) -> None:
    gained, lost = found.statements_gained, found.statements_lost
    if not gained and not lost:
        click.echo("the two graphs hold the same statements")
        return
    click.echo(f"statements: {gained:,} gained, {lost:,} lost")
    _print_kind("papers", found.papers, _paper_line, limit)
    _print_kind("entities", found.entities, _entity_line, limit)
    _print_kind("assertions", found.assertions, _assertion_line, limit)


def _print_kind(name: str, changes: Changes[_T], line: Callable[[_T], str], limit: int) -> None:
    marked = {"+": changes.gained, "-": changes.lost, "~": changes.changed}
    counts = zip(("gained", "lost", "changed"), marked.values(), strict=True)
    click.echo(f"\n{name}: {', '.join(f'{len(each):,} {what}' for what, each in counts)}")
    for mark, nodes in marked.items():
        shown = nodes[: limit or None]
        for node in shown:
            click.echo(f"{mark} {line(node)}")
        if len(shown) < len(nodes):
            click.echo(f"{mark} ... and {len(nodes) - len(shown):,} more")


def _paper_line(paper: PaperNode) -> str:
    year = "" if paper.year is None else str(paper.year)
    place = " ".join(filter(None, (paper.journal, year)))
    return f"{paper.title or '(no title)'}{f'. {place}' if place else ''} ({paper.id})"


def _entity_line(entity: EntityNode) -> str:
    papers = count_of(entity.papers, "paper") if entity.papers else "an ancestor"
    return f"{entity.label} ({entity.id}, {entity.type}), {papers}"


def _assertion_line(one: AssertionNode) -> str:
    verb = one.predicate.replace("_", " ")
    denied = " (denied)" if one.negated else ""
    maybe = " (speculative)" if one.speculative else ""
    papers = count_of(one.papers, "paper")
    return f"{one.subject} {verb} {one.object}{denied}{maybe}, {papers}"
