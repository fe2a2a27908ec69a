"""Top floor: `kg ontology list` tells which ontologies were added to a graph."""

import json
from pathlib import Path

import click

from kg.cli.graph_option import graph_option


@click.command("list")
@graph_option
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print it.",
)
def ontology_list(graph: Path, format_name: str) -> None:
    """List the ontologies that were added to a graph."""
    from kg.pipeline import list_ontologies  # noqa: PLC0415

    found = list_ontologies(graph)
    if format_name == "json":
        click.echo(json.dumps([one.as_json() for one in found], ensure_ascii=False, indent=2))
        return
    if not found:
        click.echo("no ontology was added; add one with kg ontology add FILE")
    for one in found:
        click.echo(f"{one.name}: {one.title or one.iri}")
        click.echo(f"  version  {one.version or 'not told'}")
        click.echo(f"  from     {one.file} ({one.syntax})")
        click.echo(f"  classes  {one.terms:,}, {one.obsolete:,} of them obsolete")
        extent = "all" if one.extent == "whole" else "those of entities, and all above them"
        click.echo(f"  in graph {extent}")
