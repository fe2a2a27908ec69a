"""Floor 10: saved queries as pages."""

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, cast

from pyoxigraph import NamedNode, Triple

from kg.descriptions import Names
from kg.descriptions.datasets import base_of
from kg.errors import ParameterError
from kg.queries.run import Asked, find_unmentioned, resolve_query
from kg.queries.saved import QueryForm
from kg.service.documents import address_of
from kg.service.etags import etag_of
from kg.service.jobs.context import Context, Out
from kg.service.jobs.documents import PREFIXES
from kg.service.jobs.saved import (
    ForbiddenError,
    check_online,
    load_query,
    part_given,
    saved_queries,
)
from kg.service.messages import Saved, SavedPage
from kg.service.pages.addresses import Addresses
from kg.service.pages.questions import Question, Shelf, write_question_page, write_questions_page
from kg.service.pages.rendering import HTML, POLICY
from kg.service.pages.shown import Shown
from kg.service.paging import read_cursor
from kg.store import FederatedGraph, Graph

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.descriptions.model import Term

_PER_PAGE = 100
_STATEMENTS = 250


def answer_saved_page(context: Context, job: SavedPage, out: Out) -> None:
    """Give the page of a saved query, or of all of them.

    Raises:
        UnknownQueryError: if there is none of that name.
        CursorError: if the graph has changed since the page before.
    """
    graph = context.graph(job.generation)
    base = base_of(graph)
    names = Names(graph, base, {**context.prefixes, **PREFIXES})
    shown = Shown(names, Addresses(job.base, base))
    status, keep = 200, True
    if job.name:
        question = _ask(context, job)
        if question.shelf is not None:
            terms = (term for row in question.shelf.rows for term in row)
            names.read(term.value for term in terms if isinstance(term, NamedNode))
            keep = not question.query.online
        status = 422 if question.wrong else 403 if question.refused and job.is_asked else 200
        page = write_question_page(shown, question)
    else:
        page = write_questions_page(shown, saved_queries().values())
    etag = etag_of(job) if keep and status == 200 else ""
    headers = [("etag", etag)] if etag else []
    out.begin(HTML, status=status, headers=[*headers, POLICY], keep=keep)
    out.write(page)


def _ask(context: Context, job: SavedPage) -> Question:
    """Return a question with its answer, or what is wrong with it."""
    query = load_query(job.name)
    given = dict(job.given)
    missing = [each for each in query.parameters if each.required and each.name not in given]
    question = Question(query=query, given=given, generation=job.generation, build=job.build)
    try:
        check_online(context, query)
    except ForbiddenError as error:
        question = replace(question, refused=str(error))
    if (missing or query.online) and not job.is_asked:
        # Nothing was asked yet, or what goes over the internet was not.
        return question
    try:
        asked, count, after = _resolve(context, job, given)
        if question.refused:
            return replace(question, asked=asked)
        shelf = _answer(context, job, asked, count, after)
    except ParameterError as error:
        return replace(question, wrong=error)
    return replace(question, asked=asked, shelf=shelf)


def _resolve(
    context: Context, job: SavedPage, given: dict[str, tuple[str, ...]]
) -> tuple[Asked, int, str]:
    """Return what is asked, how many rows a page of the answer has, and where it begins."""
    query = load_query(job.name)
    if query.parameter("limit") is not None:
        after = given.get("after", ("",))[-1]
        taken = {name: values for name, values in given.items() if name != "after"}
    else:
        taken, paging = part_given(Saved(name=job.name, given=tuple(given.items())))
        after = paging.get("after", "")
    asked = resolve_query(context.graph(job.generation), query, taken, context.lexicon)
    return asked, asked.limit or _PER_PAGE, after


def _answer(context: Context, job: SavedPage, asked: Asked, count: int, after: str) -> Shelf:
    graph = context.graph(job.generation)
    federated = FederatedGraph(graph, context.services)
    if asked.query.form is not QueryForm.SELECT:
        triples = cast("Iterable[Triple]", federated.query(asked.bind()))
        statements = list(islice(dict.fromkeys(triples), _STATEMENTS + 1))
        rows: list[tuple[Term | None, ...]] = [
            (each.subject, each.predicate, each.object) for each in statements[:_STATEMENTS]
        ]
        return Shelf(
            columns=("subject", "predicate", "object"),
            rows=rows,
            is_cut=len(statements) > _STATEMENTS,
            unmentioned=() if rows else find_unmentioned(graph, asked),
        )
    generation = graph.generation if isinstance(graph, Graph) else ""
    cursor = read_cursor(after, generation, asked) if after else None
    page = context.windows.page(federated, generation, asked, count, cursor, kept_as=job.generation)
    following = ""
    if page.next is not None:
        kept = [(name, values) for name, values in job.given if name != "after"]
        following = address_of(job.base, job.name, [*kept, ("after", (page.next.encode(),))])
    rows = [tuple(cast("Iterable[Term | None]", row)) for row in page.rows]
    return Shelf(
        columns=page.columns,
        rows=rows,
        start=cursor.place if cursor else 0,
        next=following,
        unmentioned=() if rows else find_unmentioned(graph, asked),
    )
