"""`--format` and `--encoding`: what the content of input files does not tell, or tells wrongly."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])


def input_options(command: _Command) -> _Command:
    """Give a command `--format` and `--encoding`, passed as `format_name` and `encoding`."""
    command = click.option(
        "--encoding",
        metavar="NAME",
        help="Encoding of the files where it is not UTF-8 or UTF-16 (cp1252, gbk, ...).",
    )(command)
    return click.option(
        "--format",
        "format_name",
        metavar="NAME",
        help="Format of the files, where it should not be told from their content.",
    )(command)
