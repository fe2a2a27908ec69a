"""Top floor: the option `--triggers`, of the verbs that read assertions."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])


def triggers_option(command: _Command) -> _Command:
    """Give a command the option `--triggers`, passed to it as `triggers`, a path or None."""
    return click.option(
        "--triggers",
        "triggers",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Your own words that state relations, which overrule those that ship: a table (TSV) "
        "in the form of data/assertions/triggers.tsv.",
    )(command)
