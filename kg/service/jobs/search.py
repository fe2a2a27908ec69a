"""Floor 10: search by words, from the text index, or from the graph where there is none."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlencode

import msgspec
from pyoxigraph import QueryResultsFormat

from kg.errors import SearchError
from kg.queries.formats import write_csv, write_tsv
from kg.search import Found, Index, Kind, Place, search_graph, suggest_names
from kg.search.documents import (
    HIT_COLUMNS,
    SUGGESTION_COLUMNS,
    describe_found,
    describe_suggestion,
    hit_cells,
    suggestion_cells,
)
from kg.service.jobs.context import Context, Out, wanted
from kg.service.jobs.lists import shown_of
from kg.service.messages import Job, Search, Suggest
from kg.service.negotiation import HTML, TABLES, Offer
from kg.service.pages.found import write_found_page
from kg.service.pages.rendering import POLICY

_OFFERS = (
    Offer(name="json", media_type="application/json", form=QueryResultsFormat.JSON),
    *(offer for offer in TABLES if offer.name in ("csv", "tsv")),
)
_FOUND = (*_OFFERS, HTML)
_Given = TypeVar("_Given")


def answer_search(context: Context, job: Search, out: Out) -> None:
    """Write what was found, as JSON, or its rows as CSV or TSV."""
    offer = wanted(job, _FOUND)
    kind = Kind(job.only) if job.only else None
    after = Place.read(job.after) if job.after else None
    found, index = _ask(
        context,
        job.index,
        lambda index: index.search(job.text, kind, limit=job.limit, after=after),
        lambda: search_graph(
            context.graph(job.generation), job.text, kind, limit=job.limit, is_first=after is None
        ),
    )
    following = _next_page(job, found)
    links = [("link", f'<{following}>; rel="next"')] if following else []
    keep = bool(index) == bool(job.index)
    headers = [*links, *([POLICY] if offer is HTML else [])]
    out.begin(offer.content_type, headers=headers, keep=keep)
    out.rows = len(found.hits)
    if offer is HTML:
        graph = context.graph(job.generation)
        page = write_found_page(
            graph,
            shown_of(context, graph, job),
            job.text,
            job.only,
            found,
            state=_state(index, job),
            is_first=after is None,
            following=following or "",
        )
        out.write(page)
    elif offer.name == "json":
        state = {"query": job.text, "index": _state(index, job)}
        out.write(msgspec.json.encode({**state, **describe_found(found), "next": following}))
    else:
        _write_rows(out, offer, HIT_COLUMNS, hit_cells(found.hits))


def answer_suggest(context: Context, job: Suggest, out: Out) -> None:
    """Write names that begin as they were typed, as JSON, CSV or TSV."""
    offer = wanted(job, _OFFERS)
    found, index = _ask(
        context,
        job.index,
        lambda index: index.suggest(job.text, limit=job.limit),
        lambda: suggest_names(context.graph(job.generation), job.text, limit=job.limit),
    )
    out.begin(offer.content_type, keep=bool(index) == bool(job.index))
    out.rows = len(found)
    if offer.name == "json":
        rows = [describe_suggestion(each) for each in found]
        document = {"query": job.text, "index": _state(index, job), "suggestions": rows}
        out.write(msgspec.json.encode(document))
    else:
        _write_rows(out, offer, SUGGESTION_COLUMNS, suggestion_cells(found))


def _ask(
    context: Context,
    path: str,
    ask_index: Callable[[Index], _Given],
    ask_graph: Callable[[], _Given],
) -> tuple[_Given, Index | None]:
    """Return what the index gives, and the index; or what the graph gives where there is none."""
    if path:
        try:
            index = context.index(Path(path))
            return ask_index(index), index
        except SearchError:
            # Pruned meanwhile, or damaged: what is in the graph is there in any case.
            context.drop_index()
    return ask_graph(), None


def _state(index: Index | None, job: Job) -> str:
    """Return whether an answer is of the generation that is served."""
    if index is None:
        return "none"
    return "current" if index.generation == job.generation else "previous"


def _next_page(job: Search, found: Found) -> str | None:
    if found.after is None:
        return None
    given = {"q": job.text, "type": job.only, "limit": job.limit, "after": found.after}
    given["format"] = job.form
    parameters = urlencode({name: value for name, value in given.items() if value})
    return f"{job.base}/search?{parameters}"


def _write_rows(
    out: Out, offer: Offer, columns: Sequence[str], cells: Sequence[Sequence[str | int | None]]
) -> None:
    write = write_csv if offer.name == "csv" else write_tsv
    out.write(write(columns, cells).encode())
