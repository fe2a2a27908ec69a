"""Floor 10: saved queries: which there are, their answers, and what the server can be asked."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import cast

import msgspec
from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    serialize,
)

from kg.errors import KgError, ParameterError, UnknownQueryError
from kg.queries import SavedQuery, load_saved_queries, load_saved_query
from kg.queries.formats import describe_results, write_triples
from kg.queries.parameters import parse_integer
from kg.queries.run import Asked, find_unmentioned, resolve_query, to_value
from kg.queries.saved import QueryForm
from kg.service.documents import (
    address_of,
    describe_query,
    describe_taken,
    encode,
    link_header,
    links_of,
    parameters_header,
    with_text,
)
from kg.service.jobs.context import Context, Counted, Out, TooLargeError, wanted
from kg.service.messages import ApiDescription, Saved, SavedList
from kg.service.negotiation import DOCUMENT, QUERY_TEXT, ROWS, TABLES, TRIPLES, TURTLE_ROWS, Offer
from kg.service.openapi import OPENAPI, describe_service
from kg.service.paging import MOST_ROWS, Page, read_cursor
from kg.service.results import write_rows
from kg.service.wellformed import as_written
from kg.store import FederatedGraph, Graph

_PAGING = ("limit", "after")


class ForbiddenError(KgError):
    """What a server does not do for anybody, unless whoever runs it lets it."""


def details_of(error: KgError) -> bytes:
    """Return what programs want to know of an error, as a JSON object; nothing where that is all.

    It goes into the problem document (RFC 9457, section 3.2) that tells of the error.
    """
    if isinstance(error, UnknownQueryError):
        return msgspec.json.encode({"near": error.near})
    if isinstance(error, ParameterError):
        return msgspec.json.encode(
            {
                "parameter": error.parameter,
                "value": error.value,
                "reason": error.reason,
                "candidates": error.candidates,
            }
        )
    return b""


def list_saved(context: Context, job: SavedList, out: Out) -> None:
    """Say which saved queries there are, or what one takes and gives."""
    allowed = context.services.allowed
    if job.name:
        query = load_query(job.name)
        document: object = with_text(describe_query(query, job.base, allowed), query)
    else:
        saved = saved_queries().values()
        document = {"queries": [describe_query(each, job.base, allowed) for each in saved]}
    out.begin(wanted(job, (DOCUMENT,)).content_type)
    out.write(encode(document))


def describe_api(_: Context, job: ApiDescription, out: Out) -> None:
    """Say what the server can be asked."""
    offer = wanted(job, (OPENAPI,))
    out.begin(offer.content_type)
    out.write(_api(job.base))


@lru_cache(maxsize=4)
def _api(base: str) -> bytes:
    return msgspec.json.encode(describe_service(saved_queries().values(), base))


def answer_saved(context: Context, job: Saved, out: Out) -> None:
    """Answer a saved query: whole, or page by page where `limit` asks for that."""
    query = load_query(job.name)
    offer = wanted(job, ROWS if query.form in (QueryForm.SELECT, QueryForm.ASK) else TRIPLES)
    given, paging = part_given(job)
    count = _count(paging, job.max_rows)
    asked = resolve_query(context.graph(job.generation), query, given, context.lexicon, limit=count)
    if offer == QUERY_TEXT:
        _begin(job, asked, offer, out)
        out.write(_text_of(asked, count).encode())
        return
    check_online(context, query)
    if count is None:
        count = asked.limit
    if count is not None or "after" in paging:
        if query.form is not QueryForm.SELECT:
            raise ParameterError(
                f"{query.name} gives no rows, and so no pages", parameter="after", reason="invalid"
            )
        _answer_page(context, job, asked, offer, count or MOST_ROWS, paging.get("after", ""), out)
    else:
        _answer_whole(context, job, asked, offer, out)


@lru_cache(maxsize=1)
def saved_queries() -> dict[str, SavedQuery]:
    """Return all saved queries, by name."""
    return load_saved_queries()


@lru_cache(maxsize=200)
def load_query(name: str) -> SavedQuery:
    """Return a saved query.

    Raises:
        UnknownQueryError: if there is none of that name.
    """
    return saved_queries().get(name) or load_saved_query(name)


def part_given(job: Saved) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """Part what is given for the query's parameters from what is said of pages."""
    given = dict(job.given)
    paging = {}
    for name in _PAGING:
        values = given.pop(name, ())
        if len(values) > 1:
            raise ParameterError(f"{name} takes one value, not {len(values)}", parameter=name)
        if values:
            paging[name] = values[0]
    return given, paging


def _count(paging: Mapping[str, str], max_rows: int) -> int | None:
    """Return how many rows a page is to have; None where nothing is said of it."""
    if "limit" not in paging:
        return None
    count = parse_integer("limit", paging["limit"])
    most = min(MOST_ROWS, max_rows or MOST_ROWS)
    if not 0 < count <= most:
        raise ParameterError(
            f"limit takes a number from 1 to {most:,}, not {count}; 'next' leads to more rows",
            parameter="limit",
            value=paging["limit"],
        )
    return count


def check_online(context: Context, query: SavedQuery) -> None:
    """Make sure that a query may ask what it asks.

    Raises:
        ForbiddenError: if it may not.
    """
    missing = [each for each in query.online if each not in context.services.allowed]
    if missing:
        raise ForbiddenError(
            f"{query.name} asks {' and '.join(missing)} over the internet, which this server does "
            "not; whoever runs it can let it with kg serve --allow-service ADDRESS"
        )


def _text_of(asked: Asked, count: int | None) -> str:
    lines = asked.bind(count).splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("#+"))


def _begin(job: Saved, asked: Asked, offer: Offer, out: Out, following: str = "") -> None:
    """Begin an answer; its headers say what names were taken for, and whether it is whole."""
    headers = [
        ("kg-parameters", parameters_header(asked)),
        ("kg-complete", "false" if following else "true"),
        ("link", link_header(job.base, job.name, following)),
    ]
    # What comes from elsewhere may be another answer the next time.
    out.begin(offer.content_type, headers=headers, keep=not asked.query.online)


def _answer_page(
    context: Context, job: Saved, asked: Asked, offer: Offer, count: int, after: str, out: Out
) -> None:
    graph = context.graph(job.generation)
    # A store elsewhere has no generation: what is read of it is kept for a while, under a name of
    # that while, and a cursor is good for as long as the row that it names is where it was.
    generation = graph.generation if isinstance(graph, Graph) else ""
    cursor = read_cursor(after, generation, asked) if after else None
    federated = FederatedGraph(graph, context.services)
    page = context.windows.page(federated, generation, asked, count, cursor, kept_as=job.generation)
    following = _next(job, page, count)
    _begin(job, asked, offer, out, following)
    if offer == DOCUMENT:
        rows = iter(page.rows)
        _write_document(context, job, asked, page.columns, rows, out, following=following)
        return
    if offer == TURTLE_ROWS:
        _write_turtle(page.columns, (tuple(row) for row in page.rows), out)
        return
    assert isinstance(offer.form, QueryResultsFormat)  # noqa: S101
    out.rows = len(page.rows)
    as_written(out, offer.form).write(write_rows(page.columns, page.rows, offer.form))


def _next(job: Saved, page: Page, count: int) -> str:
    """Return the address of the page behind this one; nothing where it is the last."""
    if page.next is None:
        return ""
    given = [(key, values) for key, values in job.given if key not in _PAGING]
    given += [("limit", (str(count),)), ("after", (page.next.encode(),))]
    if job.form:
        given.append(("format", (job.form,)))
    return address_of(job.base, job.name, given)


def _answer_whole(context: Context, job: Saved, asked: Asked, offer: Offer, out: Out) -> None:
    graph = FederatedGraph(context.graph(job.generation), context.services)
    result = graph.query(asked.bind())
    _begin(job, asked, offer, out)
    if offer == DOCUMENT:
        columns, rows = _rows_of(result)
        _write_document(context, job, asked, columns, rows, out)
    elif offer == TURTLE_ROWS:
        _write_turtle(*_rows_of(result), out)
    elif isinstance(result, QuerySolutions | QueryBoolean):
        assert isinstance(offer.form, QueryResultsFormat)  # noqa: S101
        table = next(each for each in TABLES if each.form == offer.form)
        counted = Counted(out, table, job.max_rows)
        result.serialize(as_written(counted, offer.form), offer.form)
    else:
        assert isinstance(offer.form, RdfFormat)  # noqa: S101
        written = as_written(out, offer.form)
        serialize(_once(result), written, offer.form, prefixes=context.prefixes)


def _write_turtle(columns: tuple[str, ...], rows: Iterator[tuple[object, ...]], out: Out) -> None:
    """Write rows in the vocabulary of the W3C for results; numbered, so that all are held."""
    held = list(islice(rows, MOST_ROWS + 1))
    if len(held) > MOST_ROWS:
        raise TooLargeError(f"an answer in Turtle may have {MOST_ROWS:,} rows")
    out.rows = len(held)
    out.write(write_triples(describe_results(columns, held)).encode())


def _once(triples: Iterable[Triple]) -> Iterator[Triple]:
    """Yield each triple once: a CONSTRUCT gives one as often as it finds it."""
    yield from dict.fromkeys(triples)


def _rows_of(
    result: QuerySolutions | QueryBoolean | Iterable[Triple],
) -> tuple[tuple[str, ...], Iterator[tuple[object, ...]]]:
    if isinstance(result, QuerySolutions):
        columns = tuple(variable.value for variable in result.variables)
        return columns, (tuple(row) for row in result)
    if isinstance(result, QueryBoolean):
        from pyoxigraph import Literal  # noqa: PLC0415

        return ("answer",), iter([(Literal(bool(result)),)])
    triples = ((each.subject, each.predicate, each.object) for each in _once(result))
    return ("subject", "predicate", "object"), triples


def _write_document(
    context: Context,
    job: Saved,
    asked: Asked,
    columns: tuple[str, ...],
    rows: Iterator[object],
    out: Out,
    *,
    following: str = "",
) -> None:
    """Write an answer as `kg query --format json` does, with links, a few rows at a time."""
    head = {
        "query": job.name,
        "parameters": describe_taken(asked, job.base),
        "columns": columns,
        "links": links_of(job.base, job.name),
    }
    out.write(msgspec.json.encode(head)[:-1] + b',"rows":[')
    encoder = msgspec.json.Encoder()
    before = b""
    for row in rows:
        out.rows += 1
        if job.max_rows and out.rows > job.max_rows:
            raise TooLargeError(f"the answer has more than {job.max_rows:,} rows")
        values = dict(zip(columns, map(to_value, cast("tuple[object, ...]", row)), strict=True))
        out.write(before + encoder.encode(values))
        before = b",\n"
    tail: dict[str, object] = {"complete": not following}
    if following:
        tail["next"] = following
    if not out.rows:
        graph = context.graph(job.generation)
        tail["unmentioned"] = [each.id for each in find_unmentioned(graph, asked)]
    out.write(b"]," + msgspec.json.encode(tail)[1:] + b"\n")
