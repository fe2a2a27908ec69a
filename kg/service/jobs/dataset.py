"""Floor 10: what the graph says of itself (VoID), with the server's addresses; the home page."""

from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from kg.descriptions import Names
from kg.descriptions.model import Readable, select
from kg.exports.about import dataset_node
from kg.namespaces import DCTERMS, KG, RDF, VOID, about_graph
from kg.service.description import format_node
from kg.service.etags import etag_of
from kg.service.jobs.context import Context, Out, wanted
from kg.service.jobs.documents import FOAF, PREFIXES, write_document
from kg.service.jobs.things import base_of
from kg.service.messages import Dataset
from kg.service.negotiation import GRAPHS, HTML, PAGES
from kg.service.pages.addresses import Addresses
from kg.service.pages.home import write_home_page
from kg.service.pages.rendering import POLICY
from kg.service.pages.shown import Shown
from kg.store import Graph

_MOST = 20_000
_LOOKED_AT = 1_000


def answer_dataset(context: Context, job: Dataset, out: Out) -> None:
    """Answer what the graph says of itself."""
    graph = context.graph(job.generation)
    offer = wanted(job, PAGES)
    base = base_of(graph)
    prefixes = {**context.prefixes, **PREFIXES}
    void = f"{job.base}/.well-known/void"
    quads = [*_described(graph, base), *_served(graph, job.base, void)]
    headers = [("etag", etag_of(job)), ("link", f'<{void}>; rel="describedby"')]
    if offer is HTML:
        shown = Shown(Names(graph, base, prefixes), Addresses(job.base, base))
        body = write_home_page(
            shown, quads, dataset_node(graph.manifest), int(graph.manifest["quads"])
        )
        headers.append(POLICY)
    else:
        body = write_document(quads, offer, base=base, prefixes=prefixes)
    out.begin(offer.content_type, headers=headers)
    out.write(body)


def _described(graph: Readable, base: str) -> Iterator[Quad]:
    """Yield the description that was put into the graph when it was built."""
    about = NamedNode(about_graph(base))
    query = f"SELECT ?s ?p ?o {{ GRAPH {about} {{ ?s ?p ?o }} }} ORDER BY ?s ?p ?o LIMIT {_MOST}"
    for row in select(graph, query):
        subject, predicate, value = row["s"], row["p"], row["o"]
        if (
            isinstance(subject, NamedNode | BlankNode)
            and isinstance(predicate, NamedNode)
            and isinstance(value, NamedNode | BlankNode | Literal | Triple)
        ):
            yield Quad(subject, predicate, value)


def _served(graph: Graph, server: str, void: str) -> Iterator[Quad]:
    """Yield what is true of the graph as this server has it: addresses, and its size as it is."""
    dataset, document = NamedNode(dataset_node(graph.manifest)), NamedNode(void)

    def said(node: NamedNode, predicate: str, value: NamedNode | Literal) -> Quad:
        return Quad(node, NamedNode(predicate), value)

    yield said(dataset, f"{RDF}type", NamedNode(f"{VOID}Dataset"))
    yield said(dataset, f"{VOID}sparqlEndpoint", NamedNode(f"{server}/sparql"))
    yield said(dataset, f"{VOID}uriLookupEndpoint", NamedNode(f"{server}/entity?iri="))
    yield said(dataset, f"{FOAF}homepage", NamedNode(f"{server}/"))
    for offer in GRAPHS:
        yield said(dataset, f"{VOID}feature", format_node(offer.form))
    for example in _examples(graph):
        yield said(dataset, f"{VOID}exampleResource", NamedNode(example))
    if not any(True for _ in _described(graph, base_of(graph))):
        yield said(dataset, f"{VOID}triples", Literal(int(graph.manifest["quads"])))
    yield said(document, f"{RDF}type", NamedNode(f"{VOID}DatasetDescription"))
    yield said(document, f"{DCTERMS}title", Literal("What this graph holds"))
    yield said(document, f"{FOAF}primaryTopic", dataset)


def _examples(graph: Readable) -> list[str]:
    """Return things to look at first: an assertion that many papers have, and its two ends.

    Without any, some entity.
    """
    rows = select(
        graph,
        f"SELECT ?a ?s ?o ?n {{ {{ SELECT ?a {{ ?a a <{KG}Assertion> }} LIMIT {_LOOKED_AT} }} "
        f"?a <{KG}subject> ?s ; <{KG}object> ?o ; <{KG}paperCount> ?n }}",
    )
    ranked = [
        (-int(row["n"].value), row["a"].value, row["s"].value, row["o"].value) for row in rows
    ]
    if ranked:
        return list(min(ranked)[1:])
    some = select(graph, f"SELECT ?e {{ ?e <{KG}curie> ?curie }} LIMIT 1")
    return [row["e"].value for row in some]
