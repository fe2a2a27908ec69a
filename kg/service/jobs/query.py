"""Floor 10: queries that people wrote, and what queries give, sent as it comes."""

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, serialize

from kg.service.jobs.context import Context, Counted, Out, Result, wanted
from kg.service.messages import Job, Query
from kg.service.negotiation import GRAPHS, TABLES
from kg.service.wellformed import as_written


def answer_query(context: Context, job: Query, out: Out) -> None:
    """Answer a query that a person wrote."""
    before = context.asked
    result = context.graph(job.generation).query(
        job.text,
        prefixes=context.prefixes,
        base_iri=job.base or None,
        default_graphs=job.default_graphs,
        named_graphs=job.named_graphs,
        services=context.services,
    )
    write_result(context, job, result, out, keep=context.asked == before)


def write_result(
    context: Context, job: Job, result: Result, out: Out, *, keep: bool = True
) -> None:
    """Write what a query gives, in the format that is wanted; `keep` it for the same question.

    Raises:
        NotAcceptableError: if it cannot be had in that.
        NotXmlError: if it is to be XML, and holds what XML cannot.
    """
    if isinstance(result, QuerySolutions | QueryBoolean):
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
