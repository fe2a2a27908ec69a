"""Floor 8: the saved queries as RDF, in the form that editors of SPARQL look for.

That is SHACL's `sh:SPARQLExecutable` with a comment and keywords, as the SIB's endpoints describe
their examples (https://github.com/sib-swiss/sparql-examples), and the prefixes as `sh:declare`.
"""

from collections.abc import Iterable, Iterator

from kg.namespaces import DCTERMS, RDF, RDFS, XSD
from kg.queries.formats import query_prefixes
from kg.queries.saved import QueryForm, SavedQuery
from kg.rdf.ntriples import iri, text, triple

SH = "http://www.w3.org/ns/shacl#"
SCHEMA = "https://schema.org/"
SPEX = "https://purl.expasy.org/sparql-examples/ontology#"

# SHACL has no property for DESCRIBE.
_TEXTS = {
    QueryForm.SELECT: (f"{SH}select", f"{SH}SPARQLSelectExecutable"),
    QueryForm.ASK: (f"{SH}ask", f"{SH}SPARQLAskExecutable"),
    QueryForm.CONSTRUCT: (f"{SH}construct", f"{SH}SPARQLConstructExecutable"),
    QueryForm.DESCRIBE: (f"{SPEX}describe", f"{SPEX}SPARQLDescribeExecutable"),
}


def query_node(base: str, name: str) -> str:
    """Return the IRI of a saved query.

    >>> query_node("https://w3id.org/litkg/", "papers-by-year")
    'https://w3id.org/litkg/query/papers-by-year'
    """
    return f"{base}query/{name}"


def without_header(query: SavedQuery) -> str:
    """Return the SPARQL of a saved query, its example's values in it, without the header."""
    lines = query.text.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("#+"))


def describe_queries(
    queries: Iterable[SavedQuery], base: str, *, endpoint: str = ""
) -> Iterator[str]:
    """Yield what saved queries are, and the prefixes that a query may use, as N-Triples.

    Nodes stand under `base`; none is blank. `endpoint` is where the queries can be sent, if that is
    known: a graph on disk does not know where it will be served.
    """
    prefixes = iri(f"{base}query-prefixes")
    for query in queries:
        node = iri(query_node(base, query.name))
        says, kind = _TEXTS[query.form]
        yield triple(node, f"{RDF}type", iri(f"{SH}SPARQLExecutable"))
        yield triple(node, f"{RDF}type", iri(kind))
        yield triple(node, f"{RDFS}label", text(query.name))
        yield triple(node, f"{RDFS}comment", text(query.summary))
        yield triple(node, f"{DCTERMS}description", text(query.description))
        yield triple(node, f"{SH}prefixes", prefixes)
        yield triple(node, says, text(without_header(query)))
        for word in query.keywords:
            yield triple(node, f"{SCHEMA}keywords", text(word))
        for address in query.online:
            yield triple(node, f"{SPEX}federatesWith", iri(address))
        if endpoint:
            yield triple(node, f"{SCHEMA}target", iri(endpoint))
    for prefix, namespace in sorted(query_prefixes().items()):
        declaration = iri(f"{base}query-prefixes/{prefix}")
        yield triple(prefixes, f"{SH}declare", declaration)
        yield triple(declaration, f"{RDF}type", iri(f"{SH}PrefixDeclaration"))
        yield triple(declaration, f"{SH}prefix", text(prefix))
        yield triple(declaration, f"{SH}namespace", f"{text(namespace)}^^{iri(f'{XSD}anyURI')}")
