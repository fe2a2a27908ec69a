"""Floor 10: writes: SPARQL Update, and statements put into graphs."""

from contextlib import suppress
from functools import partial

from pyoxigraph import RdfFormat

from kg.errors import QueryError
from kg.service.jobs.context import Context
from kg.service.messages import Write, Written
from kg.service.multipart import MULTIPART, join_parts
from kg.store import (
    delete_graph,
    is_empty_update,
    patch_graph,
    post_graph,
    put_graph,
    update_graph,
)
from kg.store.sparql_dataset import with_dataset


def run_write(context: Context, write: Write) -> Written:
    """Run a write, and return what it made."""
    folder = context.source.folder
    base = write.base_iri or None
    if write.kind in ("update", "patch"):
        text = write.data.decode("utf-8")
        if _is_empty(context, text):
            # Nothing is to be done, and there is no generation to wait for.
            return Written("", created=False)
        if write.using is not None:
            text = with_dataset(text, write.using, write.using_named or ())
        patch = partial(patch_graph, graph=write.graph)
        run = patch if write.kind == "patch" else update_graph
        done = run(folder, text, prefixes=context.prefixes, base_iri=base, wait=write.wait)
    elif write.kind == "delete":
        done = delete_graph(folder, graph=write.graph, wait=write.wait)
    else:
        change = put_graph if write.kind == "put" else post_graph
        data, media_type = write.data, write.media_type
        if media_type.startswith(MULTIPART):
            data = join_parts(data, media_type, write.base_iri)
            media_type = RdfFormat.N_TRIPLES.media_type
        done = change(
            folder,
            data,
            media_type=media_type,
            graph=write.graph,
            base_iri=base,
            wait=write.wait,
        )
    return Written(done.generation, done.created)


def _is_empty(context: Context, text: str) -> bool:
    # What is refused is told when it is to be run.
    with suppress(QueryError):
        return is_empty_update(text, context.prefixes)
    return False
