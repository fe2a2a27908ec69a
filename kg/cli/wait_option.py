"""Top floor: the option `--wait`, of the verbs that write a graph."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])

_SECONDS = 60.0


def wait_option(command: _Command) -> _Command:
    """Give a command the option `--wait`, passed to it as `wait`, in seconds."""
    return click.option(
        "--wait",
        "wait",
        type=click.FloatRange(min=0),
        default=_SECONDS,
        show_default=True,
        metavar="SECONDS",
        help="How long to wait where another kg is writing this graph.",
    )(command)


def tell_waiting(message: str) -> None:
    """Say on stderr that a writer waits for another."""
    click.echo(f"kg: {message}", err=True)
