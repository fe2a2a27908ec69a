"""`kg remove`: sources or papers taken out of a graph."""

from pathlib import Path

import click

from kg.cli.graph_option import graph_option
from kg.cli.lexicon_option import LexiconChoice, lexicon_options
from kg.cli.triggers_option import triggers_option
from kg.cli.update_options import jobs_option, show_update, validate_option
from kg.cli.wait_option import tell_waiting, wait_option


@click.command()
@click.option(
    "--source",
    "sources",
    multiple=True,
    metavar="FILE",
    help="A file that was added: its name, its path, or the beginning of its sha256. May be "
    "repeated.",
)
@click.option(
    "--paper",
    "papers",
    multiple=True,
    metavar="ID",
    help="A paper: PMID, PMCID, DOI, or its IRI. May be repeated.",
)
@graph_option
@jobs_option
@validate_option
@wait_option
@triggers_option
@lexicon_options
def remove(
    sources: tuple[str, ...],
    papers: tuple[str, ...],
    graph: Path,
    jobs: int | None,
    validate: bool,
    wait: float,
    triggers: Path | None,
    lexicon: LexiconChoice,
) -> int:
    """Take files or papers out of a graph, at the cost of what changes.

    What other files say of the same papers stays. The words, vocabularies and triggers are to be
    those of the build.
    """
    if not sources and not papers:
        raise click.UsageError("name what to remove: --source FILE or --paper ID")
    from kg.cli.progress import progress_bar  # noqa: PLC0415
    from kg.pipeline import BuildOptions, remove_files  # noqa: PLC0415

    opened = lexicon.open()
    with progress_bar() as tell:
        report = remove_files(
            graph,
            opened,
            sources=sources,
            papers=papers,
            triggers=triggers,
            options=BuildOptions(
                jobs=jobs, wait=wait, waiting=tell_waiting, validate=validate, progress=tell
            ),
        )
    if report is None:
        click.echo("nothing to remove")
        return 0
    show_update(report)
    return 0
