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

_GEOSPARQL = "http://www.opengis.net/def/function/geosparql/"
_OF_GEOMETRIES = (
    *("area", "asGeoJSON", "centroid", "convexHull", "coordinateDimension", "difference"),
    *("dimension", "distance", "ehContains", "ehCoveredBy", "ehCovers", "ehDisjoint", "ehEquals"),
    *("ehInside", "ehMeet", "ehOverlap", "envelope", "getSRID", "intersection", "isEmpty"),
    *("isSimple", "length", "perimeter", "rcc8dc", "rcc8ec", "rcc8eq", "rcc8ntpp", "rcc8ntppi"),
    *("rcc8po", "rcc8tpp", "rcc8tppi", "relate", "sfContains", "sfCrosses", "sfDisjoint"),
    *("sfEquals", "sfIntersects", "sfOverlaps", "sfTouches", "sfWithin", "spatialDimension"),
    *("symDifference", "union"),
)
_CASTS = (
    *("date", "time", "duration", "dayTimeDuration", "yearMonthDuration"),
    *("gYear", "gYearMonth", "gMonth", "gMonthDay", "gDay"),
)
"""What Oxigraph casts to beside the datatypes of SPARQL 1.1."""

_EXTENSIONS = (
    # Triple terms, and the direction of a text.
    "https://www.w3.org/TR/sparql12-query/",
    # ADJUST, and what is reckoned with dates and durations.
    "https://github.com/w3c/sparql-dev/blob/main/SEP/SEP-0002/sep-0002.md",
    # LATERAL.
    "https://github.com/w3c/sparql-dev/blob/main/SEP/SEP-0006/sep-0006.md",
)
"""What Oxigraph takes beside SPARQL 1.1, named after the documents that define it."""


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
    endpoint: str,
    *,
    statements: int | None,
    named_graphs: list[str],
    writable: bool,
    federated: bool = False,
) -> list[Triple]:
    """Return the statements that describe an endpoint and the dataset behind it.

    Of a dataset that is elsewhere the number of `statements` is not known, nor its graphs, nor what
    its store can do beside SPARQL 1.1. `federated` tells whether SERVICE may ask any endpoint.

    The nodes have IRIs of their own under the endpoint's, so that the description can be merged.
    """
    described = list(_describe(endpoint, statements, named_graphs, writable=writable))
    return described + list(_abilities(endpoint, here=statements is not None, federated=federated))


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


def _abilities(endpoint: str, *, here: bool, federated: bool) -> Iterator[Triple]:
    """Yield what can be asked for beside what each endpoint has.

    The graphs that FROM names are those of the store (no `sd:DereferencesURIs`), the default graph
    holds its own statements alone (no `sd:UnionDefaultGraph`), and a query need not name any (no
    `sd:RequiresDataset`).
    """
    service = NamedNode(f"{endpoint}#service")
    if federated:
        yield Triple(service, _sd("feature"), _sd("BasicFederatedQuery"))
    if not here:
        return
    yield Triple(service, _sd("feature"), _sd("EmptyGraphs"))
    functions = (
        *(f"{_GEOSPARQL}{name}" for name in _OF_GEOMETRIES),
        *(f"{XSD}{name}" for name in _CASTS),
    )
    for name in functions:
        yield Triple(service, _sd("extensionFunction"), NamedNode(name))
        yield Triple(NamedNode(name), _rdf("type"), _sd("Function"))
    for name in _EXTENSIONS:
        yield Triple(service, _sd("languageExtension"), NamedNode(name))
        yield Triple(NamedNode(name), _rdf("type"), _sd("Feature"))


def _sd(name: str) -> NamedNode:
    return NamedNode(f"{SD}{name}")


def _rdf(name: str) -> NamedNode:
    return NamedNode(f"{RDF}{name}")


def format_node(form: QueryResultsFormat | RdfFormat | None) -> NamedNode:
    """Return the IRI that the W3C gives a format."""
    assert form is not None  # noqa: S101
    return NamedNode(f"{_FORMATS}{_NAMES[form]}")
