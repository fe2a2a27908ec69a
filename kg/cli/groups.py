"""Top floor: a verb that has verbs of its own, each imported when it is called."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    """A group of verbs; `verbs` tells of each its module and command, as "module:command"."""

    def __init__(self, *arguments: Any, verbs: Mapping[str, str], **others: Any) -> None:  # noqa: ANN401
        super().__init__(*arguments, **others)
        self._verbs = dict(verbs)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names of the verbs, in the order in which they are to be read."""
        return list(self._verbs)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return a verb, imported now; None where there is none of that name."""
        if cmd_name not in self._verbs:
            return None
        module, _, name = self._verbs[cmd_name].partition(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)  # noqa: S101
        return command
