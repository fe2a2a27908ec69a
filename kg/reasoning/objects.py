"""Floor 8: a graph as Python objects, by owlready2: individuals with properties as attributes."""

from io import BytesIO
from pathlib import Path
from typing import Any

from pyoxigraph import DefaultGraph, RdfFormat

from kg.namespaces import KG, RDFS
from kg.reasoning.ontology import ONTOLOGY, ontology_ntriples
from kg.store import open_graph

_RELATION = f"<{KG}Relation> .\n".encode()
_SUBCLASS = f"<{RDFS}subClassOf>".encode()
_OWL_CLASS = b"<http://www.w3.org/2002/07/owl#Class>"
_KG = KG.encode()


def load_objects(folder: Path, *, world: Any = None) -> Any:  # noqa: ANN401 (owlready2 has no types)
    """Return a graph as owlready2's ontology: its classes are attributes, by their short names.

    `load_objects(Path("il7.kg")).Publication.instances()` are the papers; an entity's or paper's
    properties are attributes too (`paper.mentions`), inverses among them. All is held in memory;
    `world` is an owlready2 `World` to load into, such as one with a file. Terms of OBO ontologies,
    classes there, are individuals here, and relations are properties: owlready2 has no things that
    are both.

    Raises:
        StoreError: if there is no graph, or it cannot be read.
    """
    import owlready2  # noqa: PLC0415 (slow to import, and used only here)

    lines = BytesIO()
    for line in ontology_ntriples().splitlines(keepends=True):
        if not line.endswith(_RELATION):
            lines.write(line)
    with open_graph(folder) as graph:
        every = BytesIO()
        graph.store.dump(every, RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
    for line in every.getvalue().splitlines(keepends=True):
        if not _is_about_terms(line):
            lines.write(line)
    lines.seek(0)
    chosen = owlready2.World() if world is None else world
    return chosen.get_ontology(f"{ONTOLOGY}#").load(fileobj=lines)


def _is_about_terms(line: bytes) -> bool:
    """Tell what makes a term of a vocabulary a class, and statements that the ontology has too."""
    subject, predicate, value = line.split(b" ", 2)
    if subject.startswith(b"<" + _KG):
        return True
    return predicate == _SUBCLASS or value.startswith(_OWL_CLASS)
