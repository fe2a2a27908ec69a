"""Floor 10: the page on which queries are written; what its editor completes."""

from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from typing import TYPE_CHECKING, cast

import msgspec
from pyoxigraph import QueryBoolean, QuerySolutions, Triple

from kg.descriptions import Names
from kg.descriptions.datasets import base_of
from kg.descriptions.naming import shorten
from kg.descriptions.vocabulary_used import read_terms_used
from kg.errors import ParameterError, QueryError
from kg.queries.executables import without_header
from kg.queries.run import resolve_query
from kg.service.etags import etag_of
from kg.service.jobs.context import Context, Out, Result
from kg.service.jobs.documents import PREFIXES
from kg.service.jobs.saved import load_query, saved_queries
from kg.service.messages import Editor, EditorTerms
from kg.service.pages.addresses import Addresses
from kg.service.pages.editor import START, Answered, Failed, write_editor_page
from kg.service.pages.rendering import HTML, POLICY
from kg.service.pages.shown import Shown
from kg.store import Graph
from kg.store.sparql_tokens import SparqlError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.descriptions.model import Term
    from kg.web.remote import Given

_SHOWN = 1_000
"""Rows of an answer that the page shows; the formats have all of them."""


def answer_editor(context: Context, job: Editor, out: Out) -> None:
    """Give the page with a query in it, and with its answer where that is wanted.

    Raises:
        UnknownQueryError: if there is no saved query of the name that is asked for.
    """
    graph = context.graph(job.generation)
    base = base_of(graph)
    names = Names(graph, base, {**context.prefixes, **PREFIXES})
    shown = Shown(names, Addresses(job.base, base))
    text, unclear = _text(context, job)
    answer, failed, status = None, None, 200
    before = context.asked
    if job.run:
        try:
            answer = _run(context, job)
        except QueryError as error:
            cause = error if isinstance(error, SparqlError) else None
            failed = Failed(
                message=str(error),
                line=cause.line if cause else 0,
                column=cause.column if cause else 0,
            )
            status = 400
    page = write_editor_page(
        shown, text, saved_queries().values(), answer=answer, failed=failed, unclear=unclear
    )
    etag = "" if job.run else etag_of(job)
    headers = [("etag", etag)] if etag else []
    out.begin(HTML, status=status, headers=[*headers, POLICY], keep=context.asked == before)
    out.write(page)


def _text(context: Context, job: Editor) -> tuple[str, str]:
    """Return the query to begin with, and what is wrong with what was given for a saved one."""
    if not job.saved:
        return job.text or START, ""
    query = load_query(job.saved)
    if not job.given:
        return without_header(query), ""
    try:
        graph = context.graph(job.generation)
        asked = resolve_query(graph, query, dict(job.given), context.lexicon)
    except ParameterError as error:
        told = str(error)
        return without_header(query), f"{told[:1].upper()}{told[1:]}. Here is the example."
    lines = asked.bind().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("#+")), ""


def _run(context: Context, job: Editor) -> Answered:
    """Return the first rows of the answer to a query."""
    graph = context.graph(job.generation)
    given: Given = {
        "prefixes": context.prefixes,
        "base_iri": f"{job.base}/sparql",
        "default_graphs": job.default_graphs,
        "named_graphs": job.named_graphs,
        "services": context.services,
    }
    asked: AbstractContextManager[Result]
    if isinstance(graph, Graph):
        asked = nullcontext(graph.query(job.text, **given))
    else:
        asked = cast("AbstractContextManager[Result]", graph.stream(job.text, **given))
    with asked as result:
        return _answered(result)


def _answered(result: Result) -> Answered:
    if isinstance(result, QueryBoolean):
        return Answered(verdict="Yes (true)" if result else "No (false)")
    if isinstance(result, QuerySolutions):
        columns = [variable.value for variable in result.variables]
        rows = [tuple(cast("Iterable[Term | None]", row)) for row in islice(result, _SHOWN + 1)]
        return Answered(columns=columns, rows=rows[:_SHOWN], is_cut=len(rows) > _SHOWN)
    triples = cast("Iterable[Triple]", result)
    rows = [(each.subject, each.predicate, each.object) for each in islice(triples, _SHOWN + 1)]
    return Answered(
        columns=("subject", "predicate", "object"),
        rows=rows[:_SHOWN],
        what="statement",
        is_cut=len(rows) > _SHOWN,
    )


def answer_editor_terms(context: Context, job: EditorTerms, out: Out) -> None:
    """Give what an editor completes, as JSON: prefixes, classes and properties."""
    graph = context.graph(job.generation)
    prefixes = {**context.prefixes, **PREFIXES}
    ordered = sorted(context.prefixes.items(), key=lambda item: -len(item[1]))
    terms = []
    for term in read_terms_used(graph):
        curie = shorten(term.iri, "", ordered)
        terms.append(
            {
                "iri": term.iri,
                "curie": f"<{term.iri}>" if curie == term.iri else curie,
                "label": term.label,
                "definition": term.definition,
                "kind": "class" if term.is_class else "property",
                "count": term.count,
            }
        )
    out.begin("application/json")
    out.write(msgspec.json.encode({"base": base_of(graph), "prefixes": prefixes, "terms": terms}))
