"""Floor 10: lists of papers and of entities, page by page, for people."""

from kg.descriptions import Names, Readable, is_known
from kg.descriptions.datasets import base_of
from kg.descriptions.literature import count_years, read_entities, read_papers
from kg.errors import InputError
from kg.namespaces import curie_to_iri, parse_curie
from kg.service.etags import etag_of
from kg.service.jobs.context import Context, NotFoundError, Out
from kg.service.jobs.documents import PREFIXES
from kg.service.messages import Entities, Job, Papers
from kg.service.negotiation import HTML
from kg.service.pages.addresses import Addresses
from kg.service.pages.kinds import KINDS
from kg.service.pages.lists import write_entities_page, write_papers_page
from kg.service.pages.rendering import POLICY
from kg.service.pages.shown import Shown


def shown_of(context: Context, graph: Readable, job: Job) -> Shown:
    """Return what makes values for the templates of pages of a graph."""
    base = base_of(graph)
    return Shown(Names(graph, base, {**context.prefixes, **PREFIXES}), Addresses(job.base, base))


def give_page(job: Job, out: Out, page: bytes, *, status: int = 200) -> None:
    """Answer with a page."""
    etag = etag_of(job)
    headers = [*([("etag", etag)] if etag and status == 200 else []), POLICY]
    out.begin(HTML.content_type, status=status, headers=headers)
    out.write(page)


def list_papers(context: Context, job: Papers, out: Out) -> None:
    """Answer with a page of papers.

    Raises:
        InputError: if what they are to mention is no CURIE and no IRI.
        NotFoundError: if the graph says nothing of it.
    """
    graph = context.graph(job.generation)
    shown = shown_of(context, graph, job)
    entity = _find(graph, job.mentions) if job.mentions else ""
    year = int(job.year) if job.year else None
    years = count_years(graph, entity, below=job.below)
    found = read_papers(graph, entity, years=years, year=year, below=job.below, after=job.after)
    page = write_papers_page(
        graph,
        shown,
        found,
        entity=entity,
        years=years,
        year=year,
        below=job.below,
        is_first=not job.after,
    )
    give_page(job, out, page)


def list_entities(context: Context, job: Entities, out: Out) -> None:
    """Answer with a page of entities of a kind.

    Raises:
        InputError: if there is no such kind.
    """
    graph = context.graph(job.generation)
    kind = next((each for each in KINDS if each.choice == job.only), None)
    if kind is None:
        known = ", ".join(each.choice for each in KINDS)
        raise InputError(f"type is one of {known}, not '{job.only[:40]}'")
    found = read_entities(graph, kind.iri, after=job.after)
    page = write_entities_page(shown_of(context, graph, job), found, kind, is_first=not job.after)
    give_page(job, out, page)


def _find(graph: Readable, given: str) -> str:
    """Return the entity that is meant by a CURIE or an IRI."""
    curie = parse_curie(given)
    iri = curie_to_iri(curie) if curie else given
    try:
        known = is_known(graph, iri)
    except ValueError as error:
        raise InputError(
            f"'{given[:200]}' is neither a CURIE such as HGNC:6023 nor an IRI"
        ) from error
    if not known:
        raise NotFoundError(f"this graph says nothing of {given[:200]}")
    return iri
