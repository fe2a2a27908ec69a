"""Floor 10: what the graph says of one thing, as statements or as a page."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO, cast

from pyoxigraph import (
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    serialize,
)

from kg.descriptions import (
    Description,
    Edges,
    Names,
    Readable,
    describe_node,
    describe_outgoing,
    read_page,
)
from kg.descriptions.datasets import base_of
from kg.descriptions.model import ask, quads_of, select
from kg.descriptions.ontology import read_quads
from kg.errors import InputError
from kg.exports.citations import write_bibtex, write_ris
from kg.namespaces import KG, OWL, RDF
from kg.rdf.ontology import ontology_statements
from kg.service.etags import etag_of
from kg.service.jobs.context import Context, NotAcceptableError, NotFoundError, Out, wanted
from kg.service.jobs.documents import FOAF, HYDRA, PREFIXES, write_document
from kg.service.jobs.locating import locate
from kg.service.messages import Thing
from kg.service.negotiation import BIBTEX, CITATIONS, HTML, PAGES, Offer
from kg.service.pages.addresses import ONTOLOGY, Addresses
from kg.service.pages.card import write_card
from kg.service.pages.paper_page import cite
from kg.service.pages.rendering import POLICY
from kg.service.pages.shown import IN_OVERVIEW, Shown, neighbours, of_edges
from kg.service.pages.things import (
    write_edges_page,
    write_graph_page,
    write_special_page,
    write_thing_page,
)

_IN_GRAPH_PAGE = 200


def answer_thing(context: Context, job: Thing, out: Out) -> None:
    """Answer what the graph says of a thing, or where that is told.

    Raises:
        InputError: if what is given is no IRI, or no direction.
        NotFoundError: if it says nothing of it.
    """
    graph = context.graph(job.generation)
    offer = wanted(job, (*PAGES, *CITATIONS))
    addresses = Addresses(job.base, base_of(graph))
    found = locate(graph, addresses, job)
    if found.moved:
        out.begin("text/plain; charset=utf-8", status=found.status, headers=_to(found.moved))
        out.write(f"see {found.moved}\n".encode())
        return
    names = Names(graph, addresses.base, {**context.prefixes, **PREFIXES})
    parameters = {
        name: value
        for name, value in (
            ("predicate", job.predicate),
            ("direction", job.direction if job.predicate else ""),
            ("after", job.after),
            ("view", job.view),
            ("format", offer.name),
        )
        if value
    }
    _Answer(
        context, graph, found.iri, offer, Shown(names, addresses), parameters, etag_of(job), out
    ).give(job)


def _to(address: str) -> list[tuple[str, str]]:
    return [("location", address)]


@dataclass(frozen=True, slots=True)
class _Answer:
    """What it takes to answer: the thing, the format, names and addresses, and the way out."""

    context: Context
    graph: Readable
    iri: str
    offer: Offer
    shown: Shown
    parameters: dict[str, str]
    etag: str
    out: Out

    def give(self, job: Thing) -> None:
        """Answer in one of the ways in which things are described."""
        if job.predicate:
            self._page(job)
        elif ask(self.graph, f"ASK {{ GRAPH {NamedNode(self.iri)} {{ ?s ?p ?o }} }}"):
            self._graph()
        else:
            self._thing(job)

    def _page(self, job: Thing) -> None:
        """Answer with statements of one property."""
        if job.direction not in ("in", "out"):
            raise InputError(f"direction is in or out, not '{job.direction[:40]}'")
        try:
            edges = read_page(
                self.graph,
                self.iri,
                job.predicate,
                is_incoming=job.direction == "in",
                after=job.after,
            )
        except ValueError as error:
            raise InputError(f"'{job.predicate[:200]}' is no IRI of a property") from error
        if not edges.edges:
            raise NotFoundError(
                f"this graph says nothing{' more' if job.after else ''} of <{self.iri}> "
                f"by <{job.predicate[:200]}> in this direction"
            )
        iris = (self.iri, *of_edges(edges))
        is_page = self.offer is HTML
        self.shown.names.read(each for each in iris if is_page or each != edges.predicate)
        links = []
        if edges.after:
            form = "" if is_page else self.offer.name
            links.append(f'<{self.shown.page(self.iri, edges, edges.after, form)}>; rel="next"')
        if is_page:
            self._begin(links)
            self.out.write(write_edges_page(self.shown, self.iri, edges))
        else:
            quads = [*edges.quads(self.iri), *self.shown.names.quads, *self._views([edges])]
            self._write(quads, links)

    def _thing(self, job: Thing) -> None:
        """Answer with all that is said of it."""
        is_page = self.offer is HTML
        if self.offer in CITATIONS or (is_page and job.view != "statements"):
            outgoing = describe_outgoing(self.graph, self.iri, IN_OVERVIEW * 8)
            if self.offer in CITATIONS:
                self._cite(outgoing)
                return
            self.shown.names.read([self.iri])
            if job.view == "card":
                self._card(outgoing)
                return
            special = write_special_page(self.graph, self.shown, outgoing)
            if special is not None:
                self._begin([])
                self.out.write(special)
                return
        description = describe_node(self.graph, self.iri)
        used = {edges.predicate for edges in description.all}
        iris = neighbours(description, IN_OVERVIEW if is_page else None)
        self.shown.names.read(iris if is_page else (each for each in iris if each not in used))
        if is_page:
            page = write_thing_page(self.graph, self.shown, description)
            self._begin([])
            self.out.write(page)
            return
        quads = [*description.quads(), *self.shown.names.quads, *self._views(description.all)]
        self._write([*quads, *self._terms(description)], [])

    def _cite(self, description: Description) -> None:
        """Answer with the citation of a paper.

        Raises:
            NotAcceptableError: if it is none.
        """
        if f"{KG}Publication" not in description.texts(f"{RDF}type"):
            raise NotAcceptableError(
                f"<{self.iri}> is no paper, and only papers can be had as {self.offer.name}"
            )
        journal = description.text(f"{KG}publishedIn")
        self.shown.names.read([journal] if journal else [])
        citation = cite(self.graph, description, journal and self.shown.names.of(journal))
        self._begin([])
        write = write_bibtex if self.offer is BIBTEX else write_ris
        self.out.write(write(citation).encode())

    def _card(self, description: Description) -> None:
        """Answer with the card of an entity.

        Raises:
            NotFoundError: if it is none.
        """
        card = write_card(self.graph, self.shown, description)
        if card is None:
            raise NotFoundError(f"<{self.iri}> is no entity, and only entities have cards")
        self._begin([])
        self.out.write(card)

    def _terms(self, description: Description) -> Iterable[Quad]:
        """Yield what is said of the terms of an ontology, which have no document of their own."""
        if f"{OWL}Ontology" not in description.texts(f"{RDF}type"):
            return
        yield from read_quads(self.graph, self.iri)
        if self.iri == ONTOLOGY:
            # With the axioms that need blank nodes, where they are those of this version.
            version = set(description.texts(f"{OWL}versionInfo"))
            whole = list(ontology_statements())
            about = [each for each in whole if each.predicate.value == f"{OWL}versionInfo"]
            if any(
                isinstance(each.object, Literal) and each.object.value in version for each in about
            ):
                yield from whole

    def _graph(self) -> None:
        """Answer with all that stands in the graph that goes by this name."""
        named = NamedNode(self.iri)
        query = f"SELECT ?s ?p ?o {{ GRAPH {named} {{ ?s ?p ?o }} }}"
        if self.offer is HTML:
            rows = select(self.graph, f"{query} LIMIT {_IN_GRAPH_PAGE}")
            quads = list(quads_of(rows))
            terms = [term for quad in quads for term in quad.triple]
            iris = [term.value for term in terms if isinstance(term, NamedNode)]
            self.shown.names.read((self.iri, *iris))
            self._begin([])
            self.out.write(write_graph_page(self.shown, self.iri, quads))
            return
        form = self.offer.form
        assert isinstance(form, RdfFormat)  # noqa: S101
        is_dataset = form in (RdfFormat.N_QUADS, RdfFormat.TRIG, RdfFormat.JSON_LD)
        quads_ = quads_of(select(self.graph, query), named if is_dataset else DefaultGraph())
        self._begin([])
        prefixes = {**self.context.prefixes, **PREFIXES}
        given = quads_ if is_dataset else (quad.triple for quad in quads_)
        serialize(given, cast("IO[bytes]", self.out), form, prefixes=prefixes)

    def _views(self, all_edges: Iterable[Edges]) -> Iterable[Quad]:
        """Yield where the rest is of what is cut (Hydra): pages of one property."""
        for edges in all_edges:
            if not edges.after:
                continue
            here = NamedNode(self.shown.page(self.iri, edges, edges.begin))
            further = NamedNode(self.shown.page(self.iri, edges, edges.after))
            kind = NamedNode(f"{HYDRA}PartialCollectionView")
            yield Quad(here, NamedNode(f"{RDF}type"), kind)
            yield Quad(here, NamedNode(f"{FOAF}primaryTopic"), NamedNode(self.iri))
            yield Quad(here, NamedNode(f"{HYDRA}next"), further)

    def _write(self, quads: Iterable[Quad], links: list[str]) -> None:
        body = write_document(
            quads,
            self.offer,
            base=self.shown.addresses.base,
            prefixes={**self.context.prefixes, **PREFIXES},
        )
        self._begin(links)
        self.out.write(body)

    def _begin(self, links: list[str]) -> None:
        address = self.shown.addresses.with_parameters(self.iri, self.parameters)
        described = f'<{self.shown.addresses.server}/.well-known/void>; rel="describedby"'
        headers = [
            *([("etag", self.etag)] if self.etag else []),
            ("content-location", address),
            ("link", ", ".join([*links, described])),
        ]
        if self.offer is HTML:
            headers.append(POLICY)
        self.out.begin(self.offer.content_type, headers=headers)
