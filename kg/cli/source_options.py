"""Top floor: the options of verbs that read a graph, here or at a store elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from kg import __version__
from kg.cli.graph_option import find_graph

if TYPE_CHECKING:
    from kg.store import Graph
    from kg.web.remote import RemoteGraph

_Command = TypeVar("_Command", bound=Callable[..., Any])


def source_options(command: _Command) -> _Command:
    """Give a command `-g/--graph`, `--endpoint` and `--endpoint-timeout`, for `open_source`."""
    command = click.option(
        "--endpoint-timeout",
        type=click.FloatRange(min=0, min_open=True),
        metavar="SECONDS",
        default=60.0,
        show_default=True,
        help="How long --endpoint may take to answer a query.",
    )(command)
    return graph_or_endpoint(command)


def graph_or_endpoint(command: _Command) -> _Command:
    """Give a command `-g/--graph` and `--endpoint`, either of which may be None."""
    command = click.option(
        "--endpoint",
        metavar="URL",
        help="A SPARQL endpoint that holds the graph, in place of --graph; "
        "$KG_ENDPOINT_TOKEN is its token, or NAME:PASSWORD.",
    )(command)
    return click.option(
        "-g",
        "--graph",
        type=click.Path(path_type=Path),
        envvar="KG_GRAPH",
        metavar="DIR",
        help="The graph's folder. [default: $KG_GRAPH, or the only *.kg folder here]",
    )(command)


def check_source(graph: Path | None, endpoint: str | None) -> None:
    """Make sure that no more than one graph is named.

    Raises:
        click.UsageError: if a folder and an endpoint are given; `KG_GRAPH` is none that is given.
    """
    given = click.get_current_context().get_parameter_source("graph")
    if endpoint is not None and graph is not None and given is ParameterSource.COMMANDLINE:
        raise click.UsageError("give one of --graph and --endpoint")


@contextmanager
def open_source(
    graph: Path | None, endpoint: str | None, seconds: float
) -> "Iterator[Graph | RemoteGraph]":
    """Open what the options name for reading, until the block ends.

    Raises:
        click.UsageError: if they name two, or no graph is found.
        StoreError: if there is no graph in the folder.
        ServiceError: if the endpoint's address is none.
    """
    check_source(graph, endpoint)
    if endpoint is None:
        from kg.store import open_graph  # noqa: PLC0415

        with open_graph(graph or find_graph(Path())) as opened:
            yield opened
        return
    from kg.web.remote import connect  # noqa: PLC0415

    remote = connect(endpoint, seconds=seconds, agent=f"kg/{__version__} (https://w3id.org/litkg/)")
    try:
        yield remote
    finally:
        remote.close()
