"""Top floor: `kg ontology remove` takes an ontology out of a graph."""

from pathlib import Path

import click

from kg.cli.graph_option import graph_option
from kg.cli.lexicon_option import LexiconChoice, lexicon_options
from kg.cli.update_options import tell_failures
from kg.cli.wait_option import tell_waiting, wait_option


@click.command("remove")
@click.argument("name")
@graph_option
@wait_option
@lexicon_options
def ontology_remove(name: str, graph: Path, wait: float, lexicon: LexiconChoice) -> None:
    """Take the ontology NAME (or its IRI) out of a graph, with all that it brought."""
    from kg.cli.progress import progress_bar  # noqa: PLC0415
    from kg.pipeline import BuildOptions, remove_ontology  # noqa: PLC0415

    opened = lexicon.open()
    with progress_bar() as tell:
        report = remove_ontology(
            graph,
            opened,
            name,
            options=BuildOptions(wait=wait, waiting=tell_waiting, progress=tell),
        )
    click.echo(f"removed    {report.ontology.name}")
    click.echo(f"statements {report.quads:,} (+{report.added:,}, -{report.removed:,})")
    tell_failures(report.failures)
