"""Top floor: what the verbs that write graphs have in common: options, and what they say."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kg.cli import RECORDS_LOST

if TYPE_CHECKING:
    from kg.model import Problem
    from kg.pipeline import BuildReport, UpdateReport
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


def validate_option(command: _Command) -> _Command:
    """Give a command `--no-validate`, passed as `validate`, a boolean."""
    return click.option(
        "--no-validate",
        "validate",
        is_flag=True,
        flag_value=False,
        default=True,
        help="Do not check what is new against the shapes (kg validate) in the end.",
    )(command)


def show_validation(report: "BuildReport") -> None:
    """Tell what the shapes found in what was written, if that was asked."""
    from kg.validation import Severity, show_term  # noqa: PLC0415

    found = report.validation
    if found is None:
        return
    looked = f"{found.nodes:,} nodes checked{'' if found.whole else ', a sample'}"
    if not found.results:
        click.echo(f"validation no fault ({looked})")
        return
    told = [f"{number:,} {severity.lower()}s" for severity, number in sorted(found.counts.items())]
    click.echo(f"validation {', '.join(told)} ({looked}); see kg validate -g {report.folder}")
    for result in found.results:
        if result.severity is Severity.VIOLATION:
            shape = result.shape.rpartition("#")[2]
            click.echo(
                f"kg: {show_term(result.focus)} is not as it should be ({shape}): "
                f"{result.message} This is a fault of kg, or of what was written with kg update.",
                err=True,
            )
            break


def show_update(report: "UpdateReport") -> None:
    """Print what an update changed."""
    graph = report.graph
    papers = graph.papers - report.papers_before
    click.echo(f"papers     {graph.papers} ({papers:+})")
    click.echo(f"statements {graph.quads} (+{report.added}, -{report.removed})")
    show_validation(graph)
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
