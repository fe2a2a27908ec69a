"""Top floor: the option `-g/--graph`, which every verb that reads a graph has."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])


def graph_option(command: _Command) -> _Command:
    """Give a command the option `-g/--graph`, passed to it as `graph`, a path.

    Without it the graph is `$KG_GRAPH`, else the only folder `*.kg` where the command is run.
    """
    return click.option(
        "-g",
        "--graph",
        "graph",
        type=click.Path(path_type=Path),
        envvar="KG_GRAPH",
        metavar="DIR",
        callback=_choose,
        help="The graph's folder. [default: $KG_GRAPH, or the only *.kg folder here]",
    )(command)


def find_graph(folder: Path) -> Path:
    """Return the only graph (`*.kg`) in a folder.

    Raises:
        click.UsageError: if there is none, or more than one.

    """
    found = sorted(path for path in folder.glob("*.kg") if path.is_dir())
    if not found:
        raise click.UsageError(
            "there is no graph (a folder *.kg) here; build one with "
            "'kg build data/interleukin-7.txt -o il7.kg', or name one with -g"
        )
    if len(found) > 1:
        names = ", ".join(path.name for path in found)
        raise click.UsageError(f"there are several graphs here ({names}); name one with -g")
    return found[0]


def _choose(context: click.Context, _parameter: click.Parameter, value: Path | None) -> Path:
    if value is None and not context.resilient_parsing:
        return find_graph(Path())
    return value or Path()
