"""Top floor: `kg reason`: what follows from the ontology and a graph, and whether the two agree."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.graph_option import graph_option
from kg.cli.wait_option import tell_waiting, wait_option

if TYPE_CHECKING:
    from kg.reasoning import ReasonReport


@click.command()
@graph_option
@click.option("--remove", is_flag=True, help="Take out what was inferred, and infer nothing.")
@wait_option
def reason(graph: Path, remove: bool, wait: float) -> None:
    """Infer what follows from the ontology and the graph, by the rules of OWL 2 RL.

    It goes into a named graph of its own, which kg sparql reads with --inferred and other verbs
    leave out; kg add and kg remove keep it up to date.
    """
    from kg.reasoning import reason_graph, remove_inferred  # noqa: PLC0415

    if remove:
        gone = remove_inferred(graph, wait=wait, waiting=tell_waiting)
        click.echo(f"removed    {gone:,} inferred statements" if gone else "nothing was inferred")
        return
    show_report(reason_graph(graph, wait=wait, waiting=tell_waiting))


def show_report(report: "ReasonReport") -> None:
    """Print what was inferred, rule by rule."""
    for rule, count in report.inferred.counts.items():
        click.echo(f"{rule:<10} {count:>12,}")
    click.echo(f"{'inferred':<10} {report.inferred.statements:>12,}")
    click.echo(f"{'stated':<10} {report.statements:>12,}")
    click.echo(f"{'seconds':<10} {report.seconds:>12,.1f}")
    click.echo(f"{'in':<10} <{report.graph}> of {report.folder}")
