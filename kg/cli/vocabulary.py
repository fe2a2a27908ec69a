"""Top floor: `kg vocabulary`: the tables that names and terms come from."""

import click

from kg.cli.groups import LazyGroup

# verb -> module and command
_VERBS = {
    "list": "kg.cli.vocabulary_list:vocabulary_list",
    "update": "kg.cli.vocabulary_update:vocabulary_update",
    "diff": "kg.cli.vocabulary_diff:vocabulary_diff",
}


@click.group(cls=LazyGroup, verbs=_VERBS)
def vocabulary() -> None:
    """List the vocabulary tables, and rebuild them from their publishers' downloads."""
