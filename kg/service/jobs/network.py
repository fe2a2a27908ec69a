"""Floor 10: entities and what joins them, as JSON and as a page; the sentences of an assertion."""

from dataclasses import replace

import msgspec

from kg.descriptions import Names
from kg.descriptions.datasets import base_of
from kg.descriptions.networks import Network as Read
from kg.descriptions.networks import NetworkEdge, read_network, read_quoted
from kg.errors import InputError, ParameterError
from kg.queries import Parameter, ParameterType, Resolved
from kg.queries.parameters import resolve_parameter
from kg.service.etags import etag_of
from kg.service.jobs.context import Context, NotFoundError, Out
from kg.service.jobs.documents import PREFIXES
from kg.service.messages import Network, Quotes
from kg.service.pages.addresses import Addresses
from kg.service.pages.network import (
    Drawn,
    describe_network,
    describe_quoted,
    write_network_page,
)
from kg.service.pages.rendering import HTML, POLICY
from kg.service.pages.shown import Shown

_ENTITY = Parameter(
    name="entity",
    type=ParameterType.ENTITY,
    description="An entity whose surroundings are drawn",
    required=True,
)


def answer_network(context: Context, job: Network, out: Out) -> None:
    """Give a network as JSON, or the page that draws it.

    Raises:
        ParameterError: if it is not clear which entity is meant; the page tells it itself.
    """
    shown = _shown(context, job)
    is_page = job.form == "html"
    wrong: ParameterError | None = None
    taken: tuple[Resolved, ...] = ()
    try:
        if job.entities:
            graph = context.graph(job.generation)
            taken = resolve_parameter(_ENTITY, job.entities, graph, context.lexicon)
    except ParameterError as error:
        if not is_page:
            raise
        wrong = error
    drawn = _read(context, job, shown, taken, wrong)
    etag = "" if wrong else etag_of(job)
    headers = [("etag", etag)] if etag else []
    if is_page:
        page = write_network_page(shown, drawn)
        out.begin(HTML, status=422 if wrong else 200, headers=[*headers, POLICY])
        out.write(page)
    else:
        out.begin("application/json", headers=headers)
        out.write(msgspec.json.encode(describe_network(shown, drawn)))


def answer_quotes(context: Context, job: Quotes, out: Out) -> None:
    """Give the sentences that say what an assertion does, as JSON.

    Raises:
        InputError: if it is no IRI.
        NotFoundError: if there is no such assertion.
    """
    shown = _shown(context, job)
    try:
        quoted = read_quoted(context.graph(job.generation), job.assertion)
    except ValueError as error:
        raise InputError(f"'{job.assertion[:200]}' is no IRI of an assertion") from error
    if not quoted:
        raise NotFoundError(f"this graph has no assertion <{job.assertion[:200]}>")
    etag = etag_of(job)
    out.begin("application/json", headers=[("etag", etag)] if etag else [])
    out.rows = len(quoted)
    out.write(msgspec.json.encode(describe_quoted(shown, job.assertion, quoted)))


def _shown(context: Context, job: Network | Quotes) -> Shown:
    graph = context.graph(job.generation)
    base = base_of(graph)
    names = Names(graph, base, {**context.prefixes, **PREFIXES})
    return Shown(names, Addresses(job.base, base))


def _read(
    context: Context,
    job: Network,
    shown: Shown,
    taken: tuple[Resolved, ...],
    wrong: ParameterError | None,
) -> Drawn:
    """Return what is drawn, with the names of all that is in it."""
    graph = context.graph(job.generation)
    iris = list(dict.fromkeys(each.term.value for each in taken))
    network = Read(edges=(), is_cut=False)
    together = job.together == "yes"
    if iris:
        network = read_network(graph, iris, limit=job.limit, together=together)
        if not network.edges and not job.together:
            together = True
            network = read_network(graph, iris, limit=job.limit, together=True)
    shown.names.read(
        [*iris, *network.nodes, *(edge.predicate for edge in network.edges if edge.predicate)]
    )
    kept = tuple(edge for each in network.edges for edge in _kept(each, job, shown, set(iris)))
    return Drawn(
        asked=job,
        entities=tuple(iris),
        taken=taken,
        together=together,
        network=replace(network, edges=kept),
        left_out=len(network.edges) - len(kept),
        wrong=wrong,
    )


def _kept(edge: NetworkEdge, job: Network, shown: Shown, given: set[str]) -> list[NetworkEdge]:
    """Return an edge, with the papers of the years that are asked for; none where it goes."""
    if job.types:
        for end in (edge.source, edge.target):
            if end not in given and shown.link(end).style not in job.types:
                return []
    first, last = job.years
    if not first and not last:
        return [edge]
    years = tuple(each for each in edge.years if first <= each[0] <= (last or each[0]))
    papers = sum(count for _, count in years)
    return [replace(edge, years=years, papers=papers)] if papers else []
