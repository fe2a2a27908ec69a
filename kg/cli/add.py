"""`kg add`: files added to a graph."""

from pathlib import Path

import click

from kg.cli.graph_option import graph_option
from kg.cli.input_options import input_options
from kg.cli.lexicon_option import LexiconChoice, lexicon_options
from kg.cli.triggers_option import triggers_option
from kg.cli.update_options import (
    jobs_option,
    show_update,
    tell_lost,
    validate_option,
)
from kg.cli.wait_option import tell_waiting, wait_option


@click.command()
@click.argument(
    "inputs", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@graph_option
@jobs_option
@validate_option
@wait_option
@input_options
@triggers_option
@lexicon_options
def add(
    inputs: tuple[Path, ...],
    graph: Path,
    jobs: int | None,
    validate: bool,
    wait: float,
    format_name: str | None,
    encoding: str | None,
    triggers: Path | None,
    lexicon: LexiconChoice,
) -> int:
    """Add FILE... to a graph, at the cost of what changes.

    The graph is then the one that a build of all its files gives. A file whose content is in it
    already changes nothing. The words, vocabularies and triggers are to be those of the build.
    """
    from kg.cli.progress import progress_bar  # noqa: PLC0415
    from kg.pipeline import BuildOptions, add_files  # noqa: PLC0415
    from kg.readers import detect_reader  # noqa: PLC0415

    for path in inputs:
        detect_reader(path, format_name=format_name, encoding=encoding)
    opened = lexicon.open()
    with progress_bar() as tell:
        report = add_files(
            inputs,
            graph,
            opened,
            format_name=format_name,
            encoding=encoding,
            triggers=triggers,
            options=BuildOptions(
                jobs=jobs, wait=wait, waiting=tell_waiting, validate=validate, progress=tell
            ),
        )
    if report is None:
        click.echo("nothing to add: the graph holds the content of these files already")
        return 0
    show_update(report)
    return tell_lost(report.graph.problems, report.files)
