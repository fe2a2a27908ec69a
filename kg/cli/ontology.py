"""Top floor: `kg ontology`: ontologies, and graphs."""

import click

from kg.cli.groups import LazyGroup

# verb -> module and command
_VERBS = {
    "check": "kg.cli.ontology_check:ontology_check",
}


@click.group(cls=LazyGroup, verbs=_VERBS)
def ontology() -> None:
    """Check the ontology, its profiles, and the questions that it must answer."""
