"""Floor 10: what the graph says of itself (VoID), with the server's addresses; the home page."""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from kg.descriptions import Names, Readable
from kg.descriptions.datasets import base_of, count_statements, read_about
from kg.descriptions.model import number_of, select
from kg.descriptions.statements import read_statements
from kg.exports.about import dataset_node
from kg.namespaces import DCTERMS, KG, RDF, VOID
from kg.service.description import format_node
from kg.service.etags import etag_of
from kg.service.jobs.context import Context, Out, wanted
from kg.service.jobs.documents import FOAF, PREFIXES, write_document
from kg.service.jobs.saved import saved_queries
from kg.service.messages import Dataset
from kg.service.negotiation import GRAPHS, HTML, PAGES
from kg.service.pages.addresses import Addresses
from kg.service.pages.home import write_home_page
from kg.service.pages.rendering import POLICY
from kg.service.pages.shown import Shown

_LOOKED_AT = 1_000


def answer_dataset(context: Context, job: Dataset, out: Out) -> None:
    """Answer what the graph says of itself."""
    graph = context.graph(job.generation)
    offer = wanted(job, PAGES)
    base = base_of(graph)
    dataset = dataset_node({"base_iri": base})
    prefixes = {**context.prefixes, **PREFIXES}
    void = f"{job.base}/.well-known/void"
    about = list(read_about(graph, base))
    statements = count_statements(graph)
    quads = [*about, *_served(dataset, job.base, void, _examples(graph))]
    if statements is not None and not about:
        quads.append(Quad(NamedNode(dataset), NamedNode(f"{VOID}triples"), Literal(statements)))
    if offer is HTML:
        shown = Shown(Names(graph, base, prefixes), Addresses(job.base, base))
        body = write_home_page(graph, shown, quads, dataset, statements, saved_queries())
    else:
        body = write_document(quads, offer, base=base, prefixes=prefixes)
    etag = etag_of(job)
    headers = [("link", f'<{void}>; rel="describedby"')]
    headers += [("etag", etag)] if etag else []
    headers += [POLICY] if offer is HTML else []
    out.begin(offer.content_type, headers=headers)
    out.write(body)


def _served(dataset: str, server: str, void: str, examples: list[str]) -> Iterator[Quad]:
    """Yield what is true of the graph as this server has it: its addresses, formats, examples."""
    node, document = NamedNode(dataset), NamedNode(void)
    said: tuple[tuple[NamedNode, str, NamedNode | Literal], ...] = (
        (node, f"{RDF}type", NamedNode(f"{VOID}Dataset")),
        (node, f"{VOID}sparqlEndpoint", NamedNode(f"{server}/sparql")),
        (node, f"{VOID}uriLookupEndpoint", NamedNode(f"{server}/entity?iri=")),
        (node, f"{FOAF}homepage", NamedNode(f"{server}/")),
        *((node, f"{VOID}feature", format_node(offer.form)) for offer in GRAPHS),
        *((node, f"{VOID}exampleResource", NamedNode(example)) for example in examples),
        (document, f"{RDF}type", NamedNode(f"{VOID}DatasetDescription")),
        (document, f"{DCTERMS}title", Literal("What this graph holds")),
        (document, f"{FOAF}primaryTopic", node),
    )
    for subject, predicate, value in said:
        yield Quad(subject, NamedNode(predicate), value)


def _examples(graph: Readable) -> list[str]:
    """Return things to look at first: an assertion that many papers have, and its two ends.

    Without any, some entity.
    """
    rows = select(
        graph,
        f"SELECT ?a ?n {{ {{ SELECT ?a {{ ?a a <{KG}Assertion> }} LIMIT {_LOOKED_AT} }} "
        f"?a <{KG}paperCount> ?n }}",
    )
    ranked = sorted((-number_of(row, "n"), row["a"].value) for row in rows)
    if ranked:
        best = read_statements(graph, [ranked[0][1]])
        return [iri for one in best.values() for iri in (one.assertion, one.subject, one.object)]
    some = select(graph, f"SELECT ?e {{ ?e <{KG}curie> ?curie }} LIMIT 1")
    return [row["e"].value for row in some]
