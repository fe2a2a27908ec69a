"""Top floor: `kg reason`: what follows from the ontology and a graph, and whether the two agree."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.graph_option import graph_option
from kg.cli.wait_option import tell_waiting, wait_option

# Where there was no time to leave out more, so many statements are printed.
_SHOWN = 20

if TYPE_CHECKING:
    from kg.reasoning import GraphCheck, ReasonReport


@click.command()
@graph_option
@click.option(
    "--check",
    is_flag=True,
    help="Infer nothing; ask HermiT whether ontology and graph are consistent (needs Java).",
)
@click.option("--remove", is_flag=True, help="Infer nothing; take out what was inferred.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=600.0,
    show_default=True,
    metavar="SECONDS",
    help="For --check: how long HermiT may take, and how long an explanation.",
)
@wait_option
def reason(graph: Path, check: bool, remove: bool, timeout: float, wait: float) -> int:
    """Infer what follows from the ontology and the graph, by the rules of OWL 2 RL.

    It goes into a named graph of its own, which kg sparql reads with --inferred and other verbs
    leave out; kg add and kg remove keep it up to date.

    With --check, HermiT, a reasoner for all of OWL 2 DL, looks for what is at odds, and classifies;
    the exit code is 1 if it finds something. Of a graph of more than 50,000 statements it gets a
    sample of papers with all that belongs to them.
    """
    if check and remove:
        raise click.UsageError("--check and --remove are two different things; give one of them")
    from kg.reasoning import check_graph, reason_graph, remove_inferred  # noqa: PLC0415

    if check:
        return show_check(check_graph(graph, timeout=timeout))
    if remove:
        gone = remove_inferred(graph, wait=wait, waiting=tell_waiting)
        click.echo(f"removed    {gone:,} inferred statements" if gone else "nothing was inferred")
        return 0
    show_report(reason_graph(graph, wait=wait, waiting=tell_waiting))
    return 0


def show_report(report: "ReasonReport") -> None:
    """Print what was inferred, rule by rule."""
    if report.inferred.not_applied:
        click.echo(
            "kg: nothing was concluded from axioms with "
            f"owl:{', owl:'.join(report.inferred.not_applied)} (docs/reasoning.md lists the rules)",
            err=True,
        )
    for rule, count in report.inferred.counts.items():
        click.echo(f"{rule:<10} {count:>12,}")
    click.echo(f"{'inferred':<10} {report.inferred.statements:>12,}")
    click.echo(f"{'stated':<10} {report.statements:>12,}")
    click.echo(f"{'seconds':<10} {report.seconds:>12,.1f}")
    click.echo(f"{'in':<10} <{report.graph}> of {report.folder}")


def show_check(check: "GraphCheck") -> int:
    """Print what HermiT found; return the exit code."""
    from kg.reasoning.wording import shorten  # noqa: PLC0415

    report = check.report
    part = "all" if check.papers == check.all_papers else "a sample, "
    papers = f"{part} {check.papers:,} of {check.all_papers:,} papers".replace("  ", " ")
    click.echo(f"checked    {report.triples:,} statements: the ontology, and {papers}")
    click.echo(f"consistent {'yes' if report.consistent else 'no'}")
    for name in report.unsatisfiable:
        click.echo(f"no member  {shorten(name)} can have none")
    for name in report.misused:
        click.echo(f"misused    {shorten(name)}: a literal for a thing, or a thing for a literal")
    for lower, upper in report.subclasses:
        click.echo(f"found      every {shorten(lower)} is a {shorten(upper)}")
    if report.consistent and not report.subclasses:
        click.echo("classes    no subclass that was not stated")
    if check.explanation is not None:
        why = check.explanation
        click.echo("these clash:" if why.minimal else "among these is what clashes (time is up):")
        shown = why.statements[:_SHOWN]
        for line in (*why.axioms, *shown):
            click.echo(f"  {line}")
        if len(why.statements) > len(shown):
            click.echo(f"  ... and {len(why.statements) - len(shown):,} more statements")
    seconds = report.seconds + (check.explanation.seconds if check.explanation else 0)
    click.echo(f"seconds    {seconds:.1f}")
    return 0 if report.sound else 1
