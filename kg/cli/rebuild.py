"""`kg rebuild`: a graph built anew from the records that it keeps."""

from pathlib import Path

import click

from kg.cli.build import show_summary
from kg.cli.graph_option import graph_option
from kg.cli.lexicon_option import LexiconChoice, lexicon_options
from kg.cli.triggers_option import triggers_option
from kg.cli.update_options import jobs_option, tell_failures, validate_option
from kg.cli.wait_option import tell_waiting, wait_option

_SHOWN = 20


@click.command()
@graph_option
@jobs_option
@validate_option
@wait_option
@triggers_option
@lexicon_options
def rebuild(
    graph: Path,
    jobs: int | None,
    validate: bool,
    wait: float,
    triggers: Path | None,
    lexicon: LexiconChoice,
) -> int:
    """Build a graph anew from the records that it keeps; its files are not needed.

    For other words, vocabularies or triggers, and after an update of kg.
    """
    from kg.cli.progress import progress_bar  # noqa: PLC0415
    from kg.pipeline import BuildOptions, rebuild_graph  # noqa: PLC0415

    opened = lexicon.open()
    with progress_bar() as tell:
        report = rebuild_graph(
            graph,
            opened,
            options=BuildOptions(
                jobs=jobs, wait=wait, waiting=tell_waiting, validate=validate, progress=tell
            ),
            triggers=triggers,
        )
    show_summary(report)
    for old, new in report.succeeded[:_SHOWN]:
        click.echo(f"obsolete   {old}, which the graph had, is {new} now")
    if len(report.succeeded) > _SHOWN:
        click.echo(f"obsolete   ... and {len(report.succeeded) - _SHOWN} more")
    tell_failures(report.failures)
    return 0
