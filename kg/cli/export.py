"""Top floor: `kg export` writes a graph as a file."""

import sys
from pathlib import Path

import click

from kg.cli.graph_option import graph_option
from kg.errors import KgError
from kg.exports import Exported, ExportFormat, export_graph, format_of, write_export
from kg.store import open_graph


@click.command()
@graph_option
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where to write; the format is that of its suffix. [default: standard output]",
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice([str(each) for each in ExportFormat]),
    help="The format. [default: by the suffix of FILE, else turtle]",
)
def export(graph: Path, output: Path | None, format_name: str | None) -> None:
    """Write a graph as Turtle, N-Triples, N-Quads, TriG, RDF/XML or JSON-LD.

    The same graph gives the same bytes. Turtle is in sections, papers first.
    """
    if output is not None and str(output) == "-":
        output = None
    if format_name is not None:
        chosen = ExportFormat(format_name)
    else:
        chosen = ExportFormat.TURTLE if output is None else format_of(output)
    with open_graph(graph) as opened:
        if output is None:
            try:
                exported = export_graph(opened, sys.stdout.buffer, chosen)
            except BrokenPipeError:
                raise
            except OSError as error:
                raise KgError(f"the graph could not be written out ({error})") from error
        else:
            exported = write_export(opened, output, chosen)
    _report(exported, output, chosen)


def _report(exported: Exported, output: Path | None, chosen: ExportFormat) -> None:
    if output is not None:
        click.echo(f"{exported.statements:,} statements -> {output}", err=True)
    if exported.left_out:
        click.echo(
            f"kg: {chosen} has no named graphs, so {exported.left_out:,} statements in them were "
            "left out; trig, nquads and jsonld hold them",
            err=True,
        )
