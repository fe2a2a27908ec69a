"""Top floor: `kg ontology add` brings an ontology into a graph."""

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.graph_option import graph_option
from kg.cli.lexicon_option import LexiconChoice, lexicon_options
from kg.cli.update_options import tell_failures
from kg.cli.wait_option import tell_waiting, wait_option

if TYPE_CHECKING:
    from kg.pipeline import OntologyReport

_SHOWN = 4


@click.command("add")
@click.argument("source", metavar="FILE|IRI")
@click.option(
    "--module/--whole",
    "module",
    default=True,
    show_default=True,
    help="The classes that the graph's entities are and all above them, or all of the ontology.",
)
@click.option(
    "--name",
    metavar="NAME",
    default="",
    help="What to call it; by default after its IRI. One of that name is replaced.",
)
@graph_option
@wait_option
@lexicon_options
def ontology_add(
    source: str, module: bool, name: str, graph: Path, wait: float, lexicon: LexiconChoice
) -> None:
    """Bring the ontology in FILE, or at IRI (http or https), into a graph.

    It may be OBO, obographs JSON, or OWL in RDF/XML, Turtle, functional, OWL/XML or Manchester
    syntax, packed with gzip or zstd. What its classes are called and what they are subclasses of
    then stands in the graph, and kg:ancestor of what papers mention follows it. It stays when files
    are added and removed, and when the graph is built anew. An ontology that is there already
    changes nothing.
    """
    from kg.cli.progress import progress_bar  # noqa: PLC0415
    from kg.pipeline import BuildOptions, add_ontology  # noqa: PLC0415

    with ExitStack() as held:
        path = Path(source)
        if source.lower().startswith(("http://", "https://")):
            from kg.web.documents import fetched_document  # noqa: PLC0415

            path = held.enter_context(
                fetched_document(source, lambda said: click.echo(said, err=True))
            )
        opened = lexicon.open()
        tell = held.enter_context(progress_bar())
        report = add_ontology(
            path,
            graph,
            opened,
            name=name,
            origin=source if path != Path(source) else "",
            extent="module" if module else "whole",
            options=BuildOptions(wait=wait, waiting=tell_waiting, progress=tell),
        )
    if report is None:
        click.echo("nothing to add: the graph holds the content of this ontology already")
        return
    show_ontology(report)


def show_ontology(report: "OntologyReport") -> None:
    """Print what adding an ontology came to."""
    one = report.ontology
    version = f", {one.version}" if one.version else ""
    click.echo(f"ontology   {one.name} <{one.iri}>{version}")
    obsolete = f", {one.obsolete:,} of them obsolete" if one.obsolete else ""
    click.echo(f"read       {one.terms:,} classes{obsolete} ({one.syntax})")
    click.echo(
        f"graph      {report.described:,} entities described, {report.classes:,} classes besides"
    )
    click.echo(f"statements {report.quads:,} (+{report.added:,}, -{report.removed:,})")
    if one.left_out:
        counts = sorted(one.left_out.items(), key=lambda each: (-each[1], each[0]))
        shown = ", ".join(f"{count:,} {name}" for name, count in counts[:_SHOWN])
        more = f" and {len(counts) - _SHOWN} other properties" if len(counts) > _SHOWN else ""
        total = sum(one.left_out.values())
        click.echo(f"left out   {total:,} restrictions, which are no subclasses: {shown}{more}")
    if one.imports:
        click.echo(f"left out   its imports: {', '.join(one.imports)}")
    click.echo(f"seconds    {report.seconds:.1f}")
    tell_failures(report.failures)
