"""Floor 7: graphs on disk. The only floor that opens Oxigraph.

`write_generation` builds a new generation beside the live one and switches to it whole, from
nothing or from what is live; `update_graph` and its like do so for what people write; `open_graph`
reads the live one, or an older one, and never sees it change.
"""

from kg.store.claims import DiskFullError, GraphBusyError, GraphReadOnlyError, Waiting
from kg.store.federation import Ask, Row, Rows, Services
from kg.store.generations import GenerationWriter, write_generation
from kg.store.history import Generation, History, Rollback, list_history, roll_back
from kg.store.loading import Changed
from kg.store.published import publish_copy
from kg.store.scratch import scratch_store
from kg.store.snapshot import FederatedGraph, Graph, open_graph
from kg.store.sparql_dataset import OtherGraphError
from kg.store.sparql_tokens import SparqlError
from kg.store.updates import (
    GraphMissingError,
    Written,
    check_update,
    delete_graph,
    is_empty_update,
    patch_graph,
    post_graph,
    put_graph,
    update_graph,
)

__all__ = [
    "Ask",
    "Changed",
    "DiskFullError",
    "FederatedGraph",
    "Generation",
    "GenerationWriter",
    "Graph",
    "GraphBusyError",
    "GraphMissingError",
    "GraphReadOnlyError",
    "History",
    "OtherGraphError",
    "Rollback",
    "Row",
    "Rows",
    "Services",
    "SparqlError",
    "Waiting",
    "Written",
    "check_update",
    "delete_graph",
    "is_empty_update",
    "list_history",
    "open_graph",
    "patch_graph",
    "post_graph",
    "publish_copy",
    "put_graph",
    "roll_back",
    "scratch_store",
    "update_graph",
    "write_generation",
]
