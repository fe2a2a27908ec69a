"""Floor 8: whether a graph says anything of an IRI, and what it says to use in its place."""

from pyoxigraph import NamedNode

from kg.descriptions.model import Readable, ask, select
from kg.namespaces import DCTERMS

_MOST = 20
"""Steps from one IRI to the next that are followed."""


def is_known(graph: Readable, iri: str) -> bool:
    """Tell whether a graph says anything of an IRI: in any place of a statement, in any graph.

    Raises:
        ValueError: if it is no IRI.
    """
    x = NamedNode(iri)
    return ask(
        graph,
        f"ASK {{ {{ {x} ?p ?o }} UNION {{ ?s ?p {x} }} UNION {{ GRAPH ?g {{ {x} ?p ?o }} }} "
        f"UNION {{ GRAPH ?g {{ ?s ?p {x} }} }} UNION {{ ?s {x} ?o }} "
        f"UNION {{ GRAPH {x} {{ ?s ?p ?o }} }} UNION {{ GRAPH ?g {{ ?s {x} ?o }} }} }}",
    )


def find_successor(graph: Readable, iri: str) -> str:
    """Return the IRI that stands in the place of one, or an empty text.

    A paper's other keys lead to the one that it goes by, and terms that were given up to those that
    replace them (`dcterms:isReplacedBy`), step by step. Where there are several to choose from, or
    the steps come round again, there is none.
    """
    seen = [iri]
    while len(seen) <= _MOST:
        x = NamedNode(seen[-1])
        found = {
            row["next"].value
            for row in select(
                graph,
                f"SELECT ?next {{ {{ {x} <{DCTERMS}isReplacedBy> ?next }} "
                f"UNION {{ GRAPH ?g {{ {x} <{DCTERMS}isReplacedBy> ?next }} }} }} LIMIT 10",
            )
            if isinstance(row["next"], NamedNode)
        }
        if not found:
            break
        if len(found) > 1 or found & set(seen):
            return ""
        seen += found
    else:
        return ""
    return seen[-1] if len(seen) > 1 else ""
