"""Top floor: `kg update` changes a graph by SPARQL 1.1 Update."""

from pathlib import Path

import click

from kg.cli.graph_option import graph_option
from kg.cli.sparql import point_at, read_sparql
from kg.cli.wait_option import tell_waiting, wait_option
from kg.errors import QueryError


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, allow_dash=True))
@click.option("-q", "--query", "text", metavar="TEXT", help="The update itself.")
@graph_option
@wait_option
def update(file: Path | None, text: str | None, graph: Path, wait: float) -> None:
    """Run the SPARQL 1.1 Update in FILE, in TEXT, or (with -) on stdin.

    All its operations are run, or none. What was there before stays as a generation (kg history,
    kg rollback). The update is kept too, and is run again when the graph is built again or files
    are added or removed. The prefixes of kg sparql need no declaration. LOAD and SERVICE are
    refused.
    """
    from kg.queries.formats import query_prefixes  # noqa: PLC0415
    from kg.store import SparqlError, update_graph  # noqa: PLC0415

    asked, source = read_sparql(file, text, "an update", "update")
    try:
        written = update_graph(
            graph, asked, prefixes=query_prefixes(), wait=wait, waiting=tell_waiting
        )
    except SparqlError as error:
        raise QueryError(point_at(asked, source, error)) from error
    click.echo(f"statements {written.before:,} -> {written.after:,}")
    click.echo(f"generation {written.generation}")
