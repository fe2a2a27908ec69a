"""Top floor: `kg rollback` makes an older generation of a graph the live one."""

from pathlib import Path

import click

from kg.cli.graph_option import graph_option
from kg.cli.wait_option import tell_waiting, wait_option


@click.command()
@click.argument("generation", required=False, default="")
@graph_option
@wait_option
def rollback(generation: str, graph: Path, wait: float) -> None:
    """Make GENERATION the live one: its number or name, as kg history shows them.

    Without GENERATION it is the one before the live one. Nothing is removed: rolling back to the
    generation that was live undoes this. What people wrote (kg update) is rolled back with it.
    """
    from kg.store import roll_back  # noqa: PLC0415

    done = roll_back(graph, generation, wait=wait, waiting=tell_waiting)
    click.echo(f"{done.old} -> {done.new}")
