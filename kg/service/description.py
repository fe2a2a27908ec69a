"""Floor 10: what an endpoint says of itself (SPARQL 1.1 Service Description)."""

from collections.abc import Iterator
from functools import lru_cache

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    RdfFormat,
    Triple,
    parse,
)

from kg.namespaces import DCTERMS, RDF, RDFS, XSD
from kg.queries import SavedQuery, load_saved_queries
from kg.queries.executables import SCHEMA, SH, describe_queries
from kg.service.negotiation import GRAPHS, TABLES

SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"
PREFIXES = {"sd": SD, "void": VOID, "sh": SH, "schema": SCHEMA, "rdfs": RDFS, "dcterms": DCTERMS}
_FORMATS = "http://www.w3.org/ns/formats/"
_NAMES = {
    QueryResultsFormat.JSON: "SPARQL_Results_JSON",
    QueryResultsFormat.XML: "SPARQL_Results_XML",
    QueryResultsFormat.CSV: "SPARQL_Results_CSV",
    QueryResultsFormat.TSV: "SPARQL_Results_TSV",
    RdfFormat.TURTLE: "Turtle",
    RdfFormat.N_TRIPLES: "N-Triples",
    RdfFormat.RDF_XML: "RDF_XML",
    RdfFormat.JSON_LD: "JSON-LD",
    RdfFormat.N_QUADS: "N-Quads",
    RdfFormat.TRIG: "TriG",
}


def describe_examples(endpoint: str, base: str) -> list[Triple]:
    """Return the saved queries as statements, with the endpoint as where they can be sent.

    Editors of SPARQL look for examples in the default graph, and then in the description of the
    endpoint: a named graph they do not see.
    """
    lines = "\n".join(describe_queries(_saved_queries(), base, endpoint=endpoint))
    return [quad.triple for quad in parse(lines, format=RdfFormat.N_TRIPLES)]


@lru_cache(maxsize=1)
def _saved_queries() -> tuple[SavedQuery, ...]:
    return tuple(load_saved_queries().values())


def describe(
    endpoint: str, *, statements: int | None, named_graphs: list[str], writable: bool
) -> list[Triple]:
    """Return the statements that describe an endpoint and the dataset behind it.

    Of a dataset that is elsewhere the number of `statements` is not known, nor its graphs.

    The nodes have IRIs of their own under the endpoint's, so that the description can be merged.
    """
    return list(_describe(endpoint, statements, named_graphs, writable=writable))


def _describe(
    endpoint: str, statements: int | None, named_graphs: list[str], *, writable: bool
) -> Iterator[Triple]:
    service, dataset, default = (
        NamedNode(f"{endpoint}#{name}") for name in ("service", "dataset", "default-graph")
    )
    yield Triple(service, _rdf("type"), _sd("Service"))
    yield Triple(service, _sd("endpoint"), NamedNode(endpoint))
    yield Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query"))
    if writable:
        yield Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Update"))
    for offer in (*TABLES, *GRAPHS):
        yield Triple(service, _sd("resultFormat"), format_node(offer.form))
    for offer in GRAPHS if writable else ():
        yield Triple(service, _sd("inputFormat"), format_node(offer.form))
    yield Triple(service, _sd("defaultDataset"), dataset)
    yield Triple(dataset, _rdf("type"), _sd("Dataset"))
    yield Triple(dataset, _sd("defaultGraph"), default)
    yield Triple(default, _rdf("type"), _sd("Graph"))
    if statements is not None:
        count = Literal(str(statements), datatype=NamedNode(f"{XSD}integer"))
        yield Triple(default, NamedNode(f"{VOID}triples"), count)
    for number, name in enumerate(sorted(named_graphs)):
        graph = NamedNode(f"{endpoint}#named-graph-{number}")
        yield Triple(dataset, _sd("namedGraph"), graph)
        yield Triple(graph, _rdf("type"), _sd("NamedGraph"))
        yield Triple(graph, _sd("name"), NamedNode(name))
        inner = BlankNode(f"g{number}")
        yield Triple(graph, _sd("graph"), inner)
        yield Triple(inner, _rdf("type"), _sd("Graph"))


def _sd(name: str) -> NamedNode:
    return NamedNode(f"{SD}{name}")


def _rdf(name: str) -> NamedNode:
    return NamedNode(f"{RDF}{name}")


def format_node(form: QueryResultsFormat | RdfFormat | None) -> NamedNode:
    """Return the IRI that the W3C gives a format."""
    assert form is not None  # noqa: S101
    return NamedNode(f"{_FORMATS}{_NAMES[form]}")
