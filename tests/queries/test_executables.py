"""The saved queries as RDF, as an editor of SPARQL finds them."""

from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, Store, parse

from kg.namespaces import DEFAULT_BASE, queries_graph
from kg.queries import load_saved_queries
from kg.queries.executables import SCHEMA, SH, describe_queries, query_node, without_header
from kg.queries.formats import query_prefixes

# What the SIB's sparql-editor (0.2.15) sends to find examples, and prefixes.
FIND_EXAMPLES = """PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX spex: <https://purl.expasy.org/sparql-examples/ontology#>
SELECT DISTINCT ?sq ?comment ?query
WHERE {
    ?sq a sh:SPARQLExecutable ;
        rdfs:comment ?comment ;
        sh:select|sh:ask|sh:construct|spex:describe ?query .
} ORDER BY ?sq"""
FIND_PREFIXES = """PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT DISTINCT ?prefix ?namespace
WHERE { [] sh:namespace ?namespace ; sh:prefix ?prefix}
ORDER BY ?prefix"""

SAVED = load_saved_queries()


def store_of(endpoint: str = "") -> Store:
    lines = "\n".join(describe_queries(SAVED.values(), DEFAULT_BASE, endpoint=endpoint))
    store = Store()
    store.extend(parse(lines, format=RdfFormat.N_TRIPLES))
    return store


def rows(store: Store, query: str) -> list[tuple[str, ...]]:
    found = store.query(query)
    assert isinstance(found, QuerySolutions)
    return [tuple(term.value for term in row) for row in found]


def test_an_editor_finds_each_query_once() -> None:
    found = rows(store_of(), FIND_EXAMPLES)
    assert found == [
        (query_node(DEFAULT_BASE, query.name), query.summary, without_header(query))
        for query in SAVED.values()
    ]


def test_an_editor_finds_the_prefixes() -> None:
    assert dict(rows(store_of(), FIND_PREFIXES)) == query_prefixes()  # type: ignore[arg-type]


def test_what_is_found_runs_as_it_stands() -> None:
    for _, _, text in rows(store_of(), FIND_EXAMPLES):
        if "SERVICE" not in text:
            Store().query(text)


def test_the_form_and_the_words_are_told() -> None:
    store = store_of("http://127.0.0.1/sparql")
    node = NamedNode(query_node(DEFAULT_BASE, "entity-neighbourhood"))
    said = {
        (quad.predicate.value, quad.object) for quad in store.quads_for_pattern(node, None, None)
    }
    assert (f"{SCHEMA}target", NamedNode("http://127.0.0.1/sparql")) in said
    assert (f"{SCHEMA}keywords", Literal("export")) in said
    kinds = {object_ for _, object_ in said if isinstance(object_, NamedNode)}
    assert NamedNode(f"{SH}SPARQLConstructExecutable") in kinds


def test_no_node_is_blank() -> None:
    assert not any(str(term).startswith("_:") for quad in store_of() for term in quad)


def test_their_graph_stands_under_the_base() -> None:
    assert queries_graph("https://example.org/g/") == "https://example.org/g/graph/queries"
