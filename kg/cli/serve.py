"""Top floor: `kg serve` puts a graph on the web: a SPARQL endpoint."""

import os
from pathlib import Path

import click

from kg.cli.graph_option import graph_option


@click.command()
@graph_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(1, 65535), default=7878, show_default=True)
@click.option(
    "--processes",
    type=click.IntRange(min=1),
    help="Processes that answer. [default: one a core, four at most]",
)
@click.option("--workers", type=click.IntRange(min=1), help="Queries that run at once in each.")
@click.option(
    "--memory",
    type=click.IntRange(min=64),
    default=2048,
    show_default=True,
    help="MB that a query may take.",
)
@click.option(
    "--no-text",
    is_flag=True,
    help="Leave out the words of sentences, but for titles; offsets and digests stay.",
)
@click.option("--timeout", type=float, default=30, show_default=True, help="Seconds a query has.")
def serve(
    graph: Path,
    host: str,
    port: int,
    processes: int | None,
    workers: int | None,
    memory: int,
    no_text: bool,
    timeout: float,
) -> None:
    """Serve a graph at http://HOST:PORT/sparql, for any client of the SPARQL 1.1 Protocol."""
    from kg.pipeline.settings import available_cores  # noqa: PLC0415
    from kg.service.server import serve as run  # noqa: PLC0415
    from kg.service.settings import Limits, Settings, Source  # noqa: PLC0415
    from kg.store import open_graph  # noqa: PLC0415

    with open_graph(graph):
        pass
    cores = available_cores()
    limits = Limits(
        seconds=timeout, max_seconds=max(timeout, 120), workers=workers or 2, megabytes=memory
    )
    click.echo(f"serving {graph} at http://{host}:{port}/sparql (Ctrl-C ends it)", err=True)
    run(
        Settings(
            source=Source(folder=graph),
            state=Path(),
            limits=limits,
            token=os.environ.get("KG_TOKEN", ""),
            texts=not no_text,
        ),
        host=host,
        port=port,
        processes=processes or min(cores, 4),
    )
