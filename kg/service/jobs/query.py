"""Floor 10: queries that people wrote, and what queries give, sent as it comes."""

from typing import TYPE_CHECKING

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, serialize

from kg.service.jobs.context import Context, Counted, NotFoundError, Out, Result, wanted
from kg.service.messages import Job, NamedGraph, Query
from kg.service.negotiation import GRAPHS, TABLES, choose, named
from kg.service.wellformed import as_written
from kg.store import Graph
from kg.web.results import Verbatim

if TYPE_CHECKING:
    from kg.web.remote import Given

_PIECE = 1 << 16


def answer_query(context: Context, job: Query, out: Out) -> None:
    """Answer a query that a person wrote."""
    before = context.asked
    graph = context.graph(job.generation)
    given: Given = {
        "prefixes": context.prefixes,
        "base_iri": job.base or None,
        "default_graphs": job.default_graphs,
        "named_graphs": job.named_graphs,
        "services": context.services,
    }
    if isinstance(graph, Graph):
        result = graph.query(job.text, **given)
        write_result(context, job, result, out, keep=context.asked == before)
        return
    offer = named(job.form, TABLES) if job.form else choose(job.accept, TABLES)
    is_json = offer is not None and offer.form == QueryResultsFormat.JSON
    # Rows that have a limit are to be counted.
    ask = graph.pass_on if is_json and not job.max_rows else graph.stream
    with ask(job.text, **given) as streamed:
        write_result(context, job, streamed, out, keep=context.asked == before)


def answer_graph(context: Context, job: NamedGraph, out: Out) -> None:
    """Give all statements of a graph.

    Raises:
        NotFoundError: if there is none of its name.
    """
    pattern = "?s ?p ?o"
    if job.iri:
        if not context.graph(job.generation).contains_named_graph(job.iri):
            raise NotFoundError(f"there is no graph <{job.iri}> here")
        pattern = f"GRAPH <{job.iri}> {{ ?s ?p ?o }}"
    query = Query(
        text=f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}",
        generation=job.generation,
        accept=job.accept,
        form=job.form,
        max_rows=job.max_rows,
        max_bytes=job.max_bytes,
    )
    answer_query(context, query, out)


def write_result(
    context: Context, job: Job, result: Result, out: Out, *, keep: bool = True
) -> None:
    """Write what a query gives, in the format that is wanted; `keep` it for the same question.

    Raises:
        NotAcceptableError: if it cannot be had in that.
        NotXmlError: if it is to be XML, and holds what XML cannot.
    """
    if isinstance(result, Verbatim):
        out.begin(wanted(job, TABLES).content_type, keep=keep)
        while piece := result.read(_PIECE):
            out.write(piece)
    elif isinstance(result, QuerySolutions | QueryBoolean):
        offer = wanted(job, TABLES)
        assert isinstance(offer.form, QueryResultsFormat)  # noqa: S101
        out.begin(offer.content_type, keep=keep)
        counted = Counted(out, offer, job.max_rows)
        result.serialize(as_written(counted, offer.form), offer.form)
    else:
        offer = wanted(job, GRAPHS)
        assert isinstance(offer.form, RdfFormat)  # noqa: S101
        out.begin(offer.content_type, keep=keep)
        written = as_written(out, offer.form)
        serialize(result, written, offer.form, prefixes=context.prefixes)
