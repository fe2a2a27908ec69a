"""`kg build`: a graph from input files."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from kg.cli import RECORDS_LOST
from kg.cli.input_options import input_options
from kg.cli.lexicon_option import LexiconChoice, lexicon_options
from kg.cli.triggers_option import triggers_option
from kg.cli.update_options import (
    jobs_option,
    show_validation,
    tell_failures,
    tell_lost,
    validate_option,
)
from kg.cli.wait_option import tell_waiting, wait_option
from kg.namespaces import DEFAULT_BASE

if TYPE_CHECKING:
    from kg.annotate.imported import Annotations
    from kg.pipeline import BuildReport


@click.command()
@click.argument(
    "inputs", metavar="INPUT...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder of the graph; by default the first input's name with .kg (.shards with dask).",
)
@click.option(
    "--base-iri",
    default=DEFAULT_BASE,
    show_default=True,
    metavar="IRI",
    help="Base of the IRIs made for papers, sentences and mentions.",
)
@click.option(
    "--annotations",
    type=click.Choice(("own", "imported", "both")),
    default="both",
    show_default=True,
    help="Whose mentions to take where a file brings some: ours, the file's, or both.",
)
@click.option(
    "--engine",
    type=click.Choice(("local", "dask")),
    default="local",
    show_default=True,
    help="Build a graph on this machine, or shards on a Dask cluster, for kg load.",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Dask scheduler (tcp://host:8786); by default a cluster of processes on this machine.",
)
@click.option(
    "--discard-updates",
    is_flag=True,
    help="Leave out what was written into the graph with kg update, which is else run again.",
)
@click.option(
    "--reason",
    is_flag=True,
    help="Infer what follows from the ontology, into a graph of its own (see kg reason).",
)
@jobs_option
@validate_option
@wait_option
@input_options
@triggers_option
@lexicon_options
def build(
    inputs: tuple[Path, ...],
    output: Path | None,
    base_iri: str,
    annotations: str,
    engine: str,
    scheduler: str | None,
    discard_updates: bool,
    reason: bool,
    jobs: int | None,
    validate: bool,
    wait: float,
    format_name: str | None,
    encoding: str | None,
    triggers: Path | None,
    lexicon: LexiconChoice,
) -> int:
    """Build a graph from INPUT... (exports of PubMed and reference managers, reading lists).

    The format of a file is told from its content; it may be packed with gzip.

    A graph that is already in DIR stays as it is until the new one is complete. The exit code is 3
    if some records could not be read; the graph then holds the others.

    With --engine dask, DIR gets shards instead, files that kg load and other stores take; a build
    that was stopped goes on with the same command.
    """
    if scheduler is not None and engine != "dask":
        raise click.UsageError("--scheduler is of use with --engine dask only")
    if reason and engine == "dask":
        raise click.UsageError("--reason is for graphs; load the shards, then run kg reason")
    if not base_iri.startswith(("http://", "https://")) or not base_iri.endswith(("/", "#")):
        raise click.BadParameter(
            f"'{base_iri}' should be an http(s) IRI that ends in / or #", param_hint="--base-iri"
        )
    from kg.cli.progress import progress_bar  # noqa: PLC0415
    from kg.pipeline import (  # noqa: PLC0415
        BuildOptions,
        BuildSettings,
        build_graph,
        build_shards,
    )
    from kg.pipeline.cluster import open_cluster  # noqa: PLC0415
    from kg.pipeline.settings import available_cores  # noqa: PLC0415
    from kg.readers import detect_reader  # noqa: PLC0415

    for path in inputs:
        # A wrong file is told before the lexicon is compiled.
        detect_reader(path, format_name=format_name, encoding=encoding)
    first = inputs[0].with_suffix("") if inputs[0].suffix == ".gz" else inputs[0]
    folder = output or Path(f"{first.stem}.{'shards' if engine == 'dask' else 'kg'}")
    settings = BuildSettings(
        base=base_iri, triggers=triggers, annotations=cast("Annotations", annotations)
    )
    if engine == "dask":
        # What is missing is told before the lexicon is compiled.
        with open_cluster(scheduler, jobs or available_cores()) as runner:
            opened = lexicon.open()
            with progress_bar() as tell:
                report = build_shards(
                    inputs,
                    folder,
                    opened,
                    runner,
                    settings=settings,
                    format_name=format_name,
                    encoding=encoding,
                    progress=tell,
                )
    else:
        opened = lexicon.open()
        with progress_bar() as tell:
            report = build_graph(
                inputs,
                folder,
                opened,
                settings=settings,
                format_name=format_name,
                encoding=encoding,
                options=BuildOptions(
                    jobs=jobs,
                    wait=wait,
                    waiting=tell_waiting,
                    discard_updates=discard_updates,
                    reason=reason,
                    validate=validate,
                    progress=tell,
                ),
            )
    show_summary(report, "shards" if engine == "dask" else "graph")
    tell_failures(report.failures)
    return tell_lost(report.problems) or (RECORDS_LOST if opened.problems else 0)


def show_summary(report: "BuildReport", made: str = "graph") -> None:
    """Print what a build came to; `made` says what is in its folder."""
    entities = ", ".join(
        f"{count} {name}"
        for name, count in sorted(report.entities.items(), key=lambda one: (-one[1], one[0]))
    )
    noted = sum(not problem.lost for problem in report.problems)
    click.echo(f"papers     {report.papers}")
    click.echo(f"sentences  {report.sentences}")
    click.echo(f"mentions   {report.mentions}")
    if report.replaced:
        click.echo(
            f"replaced   {report.replaced} obsolete identifiers, by what stands in their place"
        )
    click.echo(f"entities   {sum(report.entities.values())}: {entities}")
    negated = sum(each.negated for each in report.predicates.values())
    speculative = sum(each.speculative for each in report.predicates.values())
    click.echo(
        f"assertions {report.assertions} ({negated} negated, {speculative} speculative) "
        f"from {report.evidence} pieces of evidence"
    )
    click.echo(f"together   {report.co_mentions} pairs of entities")
    click.echo(f"statements {report.quads}")
    click.echo(f"problems   {noted} noted (kg stats lists them)")
    show_validation(report)
    click.echo(f"seconds    {report.seconds:.1f}")
    click.echo(f"{made:<10} {report.folder}")
