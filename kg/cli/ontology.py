"""Top floor: `kg ontology`: ontologies, and graphs."""

import click

from kg.cli.groups import LazyGroup

# verb -> module and command
_VERBS = {
    "add": "kg.cli.ontology_add:ontology_add",
    "list": "kg.cli.ontology_list:ontology_list",
    "remove": "kg.cli.ontology_remove:ontology_remove",
    "check": "kg.cli.ontology_check:ontology_check",
}


@click.group(cls=LazyGroup, verbs=_VERBS)
def ontology() -> None:
    """Check the ontology; bring those of others into a graph, so that queries follow them."""
