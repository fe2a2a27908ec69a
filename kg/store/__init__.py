"""Floor 7: graphs on disk. The only floor that opens Oxigraph.

`write_generation` builds a new generation beside the live one and switches to it whole;
`open_graph` reads the live one, and never sees it change.
"""

from kg.store.generations import GenerationWriter, write_generation
from kg.store.snapshot import Graph, open_graph
from kg.store.sparql import SparqlError

__all__ = ["GenerationWriter", "Graph", "SparqlError", "open_graph", "write_generation"]
