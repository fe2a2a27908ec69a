"""Top floor: what the verbs that write graphs have in common: options, and what they say."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kg.cli import RECORDS_LOST

if TYPE_CHECKING:
    from kg.model import Problem
    from kg.pipeline import UpdateReport

_Command = TypeVar("_Command", bound=Callable[..., Any])


def jobs_option(command: _Command) -> _Command:
    """Give a command `--jobs`, passed as `jobs`, a number or None."""
    return click.option(
        "--jobs",
        type=click.IntRange(min=1),
        metavar="N",
        help="How many processes annotate; by default one for each core.",
    )(command)


def wait_option(command: _Command) -> _Command:
    """Give a command `--wait`, passed as `wait`, in seconds."""
    return click.option(
        "--wait",
        type=click.FloatRange(min=0),
        default=60.0,
        show_default=True,
        metavar="SECONDS",
        help="How long to wait where another kg is writing this graph.",
    )(command)


def say_waiting(message: str) -> None:
    """Tell on stderr that another writer is at work."""
    click.echo(f"kg: {message}", err=True)


def show_update(report: "UpdateReport") -> None:
    """Print what an update changed."""
    graph = report.graph
    papers = graph.papers - report.papers_before
    click.echo(f"papers     {graph.papers:,} ({papers:+,})")
    click.echo(f"statements {graph.quads:,} (+{report.added:,}, -{report.removed:,})")
    click.echo(f"seconds    {graph.seconds:.1f}")
    click.echo(f"graph      {graph.folder}")


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
