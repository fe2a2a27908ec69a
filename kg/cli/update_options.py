"""Top floor: what the verbs that write graphs have in common: options, and what they say."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kg.cli import RECORDS_LOST

if TYPE_CHECKING:
    from kg.model import Problem
    from kg.pipeline import UpdateReport
    from kg.store.update_log import Failure

_Command = TypeVar("_Command", bound=Callable[..., Any])


def jobs_option(command: _Command) -> _Command:
    """Give a command `--jobs`, passed as `jobs`, a number or None."""
    return click.option(
        "--jobs",
        type=click.IntRange(min=1),
        metavar="N",
        help="How many processes annotate; by default one for each core.",
    )(command)


def show_update(report: "UpdateReport") -> None:
    """Print what an update changed."""
    graph = report.graph
    papers = graph.papers - report.papers_before
    click.echo(f"papers     {graph.papers} ({papers:+})")
    click.echo(f"statements {graph.quads} (+{report.added}, -{report.removed})")
    click.echo(f"seconds    {graph.seconds:.1f}")
    click.echo(f"graph      {graph.folder}")
    tell_failures(graph.failures)


def tell_failures(failures: "tuple[Failure, ...]") -> None:
    """Tell which of the updates that people wrote could not be run again."""
    for failure in failures:
        click.echo(
            f"kg: update {failure.sequence} could not be run again and is left out: "
            f"{failure.message}",
            err=True,
        )


def tell_lost(problems: "tuple[Problem, ...]", files: tuple[str, ...] | None = None) -> int:
    """Tell what could not be read, of all sources or of some files; return the exit code."""
    lost = [
        problem
        for problem in problems
        if problem.lost and (files is None or problem.locator.path.rpartition("/")[2] in files)
    ]
    for problem in lost:
        click.echo(f"{problem.locator}: {problem.message}", err=True)
    if lost:
        click.echo(f"kg: {len(lost)} could not be read; the graph holds the others", err=True)
    return RECORDS_LOST if lost else 0
