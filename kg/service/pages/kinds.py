"""Floor 10: the kinds of entities, as pages name and colour them."""

from dataclasses import dataclass

from kg.model import EntityType
from kg.namespaces import KG
from kg.rdf.nodes import CLASS_OF_TYPE


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of entities: its class, its name for one and for several, its style in pages.

    `choice` is what saved queries call it.
    """

    iri: str
    name: str
    several: str
    style: str
    choice: str


_NAMES = {
    EntityType.GENE: ("gene", "genes"),
    EntityType.GENE_FAMILY: ("gene family or complex", "gene families and complexes"),
    EntityType.CELL_TYPE: ("cell type", "cell types"),
    EntityType.DISEASE: ("disease", "diseases"),
    EntityType.ORGANISM: ("organism", "organisms"),
    EntityType.ANATOMY: ("anatomical structure", "anatomical structures"),
    EntityType.PROCESS: ("biological process", "biological processes"),
    EntityType.CHEMICAL: ("chemical", "chemicals"),
}
KINDS = tuple(
    Kind(
        iri=f"{KG}{CLASS_OF_TYPE[kind]}",
        name=names[0],
        several=names[1],
        style=str(kind).lower(),
        choice=kind.value,
    )
    for kind, names in _NAMES.items()
)
"""All of them, in the order in which they are listed."""
