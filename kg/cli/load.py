"""`kg load`: shards, or other files of statements, into a graph or into a store elsewhere."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from kg import __version__
from kg.cli.update_options import tell_failures
from kg.cli.wait_option import tell_waiting, wait_option

if TYPE_CHECKING:
    from kg.pipeline.sending import Protocol


@click.command()
@click.argument(
    "inputs", metavar="SHARDS...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder of the graph to load into.",
)
@click.option("--endpoint", metavar="URL", help="Address of a store elsewhere to load into.")
@click.option(
    "--protocol",
    type=click.Choice(("graph-store", "update")),
    default="graph-store",
    show_default=True,
    help="What the endpoint understands: the Graph Store Protocol, or SPARQL Update.",
)
@click.option(
    "--graph",
    metavar="IRI",
    default="",
    help="Graph of the endpoint for the statements; by default its default graph.",
)
@click.option(
    "--token",
    envvar="KG_TOKEN",
    default="",
    metavar="TOKEN",
    help="Bearer token for the endpoint. [default: $KG_TOKEN]",
)
@click.option(
    "--batch",
    type=click.IntRange(min=1),
    metavar="N",
    help="How many statements to send at once.  [default: 50000; 10000 by SPARQL Update]",
)
@click.option(
    "--discard-updates",
    is_flag=True,
    help="Leave out what was written into the graph with kg update, which is else run again.",
)
@click.option("--restart", is_flag=True, help="Send all again, whatever an earlier run has sent.")
@wait_option
def load(
    inputs: tuple[Path, ...],
    output: Path | None,
    endpoint: str | None,
    protocol: str,
    graph: str,
    token: str,
    batch: int | None,
    discard_updates: bool,
    restart: bool,
    wait: float,
) -> None:
    """Load SHARDS... (the folder that kg build --engine dask writes) into a graph, or a store.

    Other files of N-Quads or N-Triples, packed with gzip or zstd or not, can be loaded too. A load
    into an endpoint that was cut goes on where it was with the same command.
    """
    if (output is None) == (endpoint is None):
        raise click.UsageError("give one of -o DIR and --endpoint URL")
    from kg.cli.progress import progress_bar  # noqa: PLC0415

    if output is not None:
        from kg.pipeline import BuildOptions, load_graph  # noqa: PLC0415

        with progress_bar() as tell:
            options = BuildOptions(
                wait=wait, waiting=tell_waiting, discard_updates=discard_updates, progress=tell
            )
            loaded = load_graph(inputs, output, options=options)
        click.echo(f"files      {loaded.files:,}")
        click.echo(f"statements {loaded.statements:,}")
        click.echo(f"records    {loaded.records:,}")
        click.echo(f"seconds    {loaded.seconds:.1f}")
        click.echo(f"graph      {loaded.folder}")
        tell_failures(loaded.failures)
        return
    from kg.pipeline.sending import Endpoint, send_statements  # noqa: PLC0415
    from kg.web.client import WebClient  # noqa: PLC0415

    assert endpoint is not None  # noqa: S101 (one of the two is given)
    target = Endpoint(
        url=endpoint,
        protocol=cast("Protocol", protocol),
        graph=graph,
        token=token,
        batch=batch or 0,
    )

    def warn(message: str) -> None:
        click.echo(f"kg: {message}", err=True)

    with (
        WebClient(name=target.shown, agent=f"kg/{__version__}", warn=warn) as client,
        progress_bar() as tell,
    ):
        sent = send_statements(inputs, target, client, restart=restart, progress=tell)
    before = f" ({sent.before:,} by an earlier run)" if sent.before else ""
    click.echo(f"files      {sent.files:,}")
    click.echo(f"statements {sent.statements:,} sent{before}")
    click.echo(f"seconds    {sent.seconds:.1f}")
    click.echo(f"endpoint   {target.shown}")
