"""Floor 10: the addresses of the server beside those of saved queries, as OpenAPI. Pure."""

from collections.abc import Sequence

from kg.service.negotiation import CITATIONS, DOCUMENT, GRAPHS, HTML, PAGES, TABLES, Offer
from kg.service.openapi_parts import (
    content,
    format_parameter,
    operation,
    query_parameter,
    ref,
    refusals,
)
from kg.service.openapi_schemas import Json

_QUERY_REFUSED = (400, 403, 406, 408, 413, 415, 500, 502, 503, 504, 505)
_WRITE_REFUSED = (400, 401, 403, 408, 413, 415, 500, 503, 507)
_TEXT: Json = {"type": "string"}
_IRI: Json = {"type": "string", "format": "iri"}
_SECURED: list[Json] = [{}, {"token": []}]
_RESULTS = {"application/sparql-results+json": ref("schemas", "SparqlResults")}
_WORDS: Json = {"type": "string", "minLength": 1, "maxLength": 200}
_ROWS = (DOCUMENT, *(offer for offer in TABLES if offer.name in ("csv", "tsv")))
_ANSWERS = (*TABLES, *GRAPHS, HTML)
_THING = (*PAGES, *CITATIONS)
_MINTED = (
    *("assertion", "author", "comention", "evidence", "graph", "heading", "journal", "mapping"),
    *("mention", "method", "paper", "query", "record", "reference", "sentence", "source"),
    "substance",
)
_COUNT: Json = {"type": "integer", "minimum": 1, "maximum": 1000}


def paths_of_graph() -> Json:
    """Return the addresses of the protocols of SPARQL."""
    return {
        **{
            path: {"get": _query(name), "post": _query_or_update(name)}
            for path, name in (("/sparql", "sparql"), ("/query", "query"), ("/update", "update"))
        },
        "/store": {method: _store(method) for method in _VERBS},
        "/store/{name}": {method: _store(method, by_address=True) for method in _VERBS},
    }


def _query(name: str) -> Json:
    iris: Json = {"type": "array", "items": _IRI}
    return operation(
        "sparql-query" if name == "sparql" else f"sparql-query-at-{name}",
        "SPARQL",
        "Ask a SPARQL query",
        {"200": _answer()} | refusals((304, *_QUERY_REFUSED)),
        description="Without a query, the Service Description; for a browser, the editor. The "
        "prefixes of the graph need no declaration.",
        parameters=[
            query_parameter(
                "query",
                "SPARQL 1.1",
                _TEXT,
                example="SELECT ?name { HGNC:6023 rdfs:label ?name }",
            ),
            query_parameter("default-graph-uri", "The graphs that are asked.", iris),
            query_parameter("named-graph-uri", "The graphs that GRAPH may ask.", iris),
            format_parameter(_ANSWERS),
            ref("parameters", "timeout"),
        ],
    )


def _query_or_update(name: str) -> Json:
    form: Json = {
        "type": "object",
        "properties": {"query": _TEXT, "update": _TEXT},
        "minProperties": 1,
        "maxProperties": 1,
        "additionalProperties": False,
    }
    media = {
        "application/x-www-form-urlencoded": {"schema": form},
        "application/sparql-query": {"schema": _TEXT},
        "application/sparql-update": {"schema": _TEXT},
    }
    done = {"200": _answer(), "204": {"description": "The update is done."}}
    return operation(
        "sparql-query-or-update" if name == "sparql" else f"sparql-by-post-at-{name}",
        "SPARQL",
        "Ask a SPARQL query, or run an update",
        done | refusals((304, *_QUERY_REFUSED, *_WRITE_REFUSED)),
        requestBody={"content": media, "required": True},
        security=_SECURED,
    )


def _answer() -> Json:
    offered = content(_ANSWERS, _RESULTS)
    return {"description": "The answer.", "content": offered}


_VERBS = {
    "get": "Get a graph",
    "put": "Put statements in the place of a graph",
    "post": "Add statements to a graph",
    "patch": "Run an update on a graph, which names none itself",
    "delete": "Delete a graph",
}


def _store(method: str, *, by_address: bool = False) -> Json:
    """Return what is done to a graph that is named, or whose name is the address itself."""
    said: Json = {}
    if method == "get":
        said["200"] = {"description": "The graph.", "content": content(GRAPHS, {})}
    else:
        said["201"] = {"description": "The graph is made."}
        said["204"] = {"description": "The graph is changed."}
    refused: tuple[int, ...] = (404, *_WRITE_REFUSED)
    if method == "get":
        refused = (304, 400, 404, 406, 413, 500, 503, 504, 505)
    elif method == "patch":
        refused += (422,)
    update: Json = {"application/sparql-update": {"schema": _TEXT}}
    sent = update if method == "patch" else content(GRAPHS, {})
    body: Json = {"content": sent, "required": True}
    return operation(
        f"{method}-graph{'-by-address' if by_address else ''}",
        "SPARQL",
        _VERBS[method],
        said | refusals(refused),
        parameters=[_name_of_graph()]
        if by_address
        else [
            query_parameter("graph", "The name of the graph.", _IRI),
            query_parameter(
                "default",
                "The default graph, in the place of `graph`.",
                {"type": "string", "enum": [""]},
                allowEmptyValue=True,
            ),
        ],
        requestBody=body if method in ("put", "post", "patch") else None,
        security=_SECURED if method != "get" else None,
    )


def _name_of_graph() -> Json:
    return {
        "name": "name",
        "in": "path",
        "required": True,
        "description": "The rest of the address, which is the name of the graph.",
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,60}$"},
    }


def paths_of_things() -> Json:
    """Return the addresses of what the graph holds, and of the server itself."""
    return {
        "/search": {"get": _search()},
        "/suggest": {"get": _suggest()},
        "/entity": {"get": _entity()},
        "/{curie}": {"get": _curie()},
        "/{kind}/{name}": {"get": _minted()},
        "/ontology": {"get": _ontology()},
        "/.well-known/void": {"get": _void()},
        "/openapi.json": {"get": _openapi()},
        "/healthz": {"get": _told("healthz", "Whether the server is there", (200,))},
        "/readyz": {"get": _told("readyz", "Whether it has a graph and a worker", (200, 503))},
        "/metrics": {"get": _told("metrics", "Figures for Prometheus", (200,))},
    }


def _search() -> Json:
    kinds: Json = {"type": "string", "enum": ["entity", "paper", "sentence"]}
    return operation(
        "search",
        "Things",
        "Look for entities, papers and sentences by their words",
        {"200": _found("What was found, the best first.", "Found", (*_ROWS, HTML))}
        | refusals((304, 400, 406, 422, 500, 503), as_problem=True, as_page=True),
        parameters=[
            query_parameter("q", "The words.", _WORDS, required=True, example="IL-7"),
            query_parameter("type", "What is looked for; all, unless said.", kinds),
            query_parameter("limit", "The most that is given.", _COUNT),
            query_parameter("after", "Where the page before ended.", {"type": "string"}),
            format_parameter((*_ROWS, HTML)),
        ],
    )


def _suggest() -> Json:
    return operation(
        "suggest",
        "Things",
        "Complete a name",
        {"200": _found("Names that begin so, or are near.", "Suggestions", _ROWS)}
        | refusals((304, 400, 406, 422, 500, 503), as_problem=True),
        parameters=[
            query_parameter("q", "How the name begins.", _WORDS, required=True, example="interl"),
            query_parameter("limit", "The most that is given.", _COUNT),
            format_parameter(_ROWS),
        ],
    )


def _found(words: str, schema: str, offers: Sequence[Offer]) -> Json:
    return {
        "description": words,
        "content": content(offers, {"application/json": ref("schemas", schema)}),
    }


def _entity() -> Json:
    return operation(
        "describe-entity",
        "Things",
        "What the graph says of a thing, by its IRI or CURIE",
        _described(),
        parameters=[
            query_parameter(
                "iri",
                "The IRI or CURIE.",
                {"type": "string", "minLength": 1, "maxLength": 1000},
                required=True,
                example="http://identifiers.org/hgnc/6023",
            ),
            *_of_thing(),
        ],
    )


def _curie() -> Json:
    curie = {
        "name": "curie",
        "in": "path",
        "required": True,
        "description": "An identifier with its prefix.",
        "schema": {"type": "string", "pattern": r"^[A-Za-z][A-Za-z0-9.]{0,20}:[A-Za-z0-9_]{1,40}$"},
        "example": "HGNC:6023",
    }
    return operation(
        "describe-curie",
        "Things",
        "What the graph says of an identifier",
        _described(),
        parameters=[curie, *_of_thing()],
    )


def _minted() -> Json:
    kind = {
        "name": "kind",
        "in": "path",
        "required": True,
        "description": "What it is.",
        "schema": {"type": "string", "enum": list(_MINTED)},
        "example": "graph",
    }
    name = {
        "name": "name",
        "in": "path",
        "required": True,
        "description": "The rest of its IRI.",
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,80}$"},
        "example": "about",
    }
    return operation(
        "describe-minted",
        "Things",
        "What the graph says of a thing with an IRI of the graph's own",
        _described(),
        description="`https://w3id.org/litkg/paper/X` is told at `/paper/X`; below another base "
        "IRI, whatever follows that.",
        parameters=[kind, name, *_of_thing()],
    )


def _ontology() -> Json:
    return operation(
        "ontology",
        "Things",
        "The ontology of the graph, whole",
        _described(),
        parameters=[format_parameter(PAGES)],
    )


def _of_thing() -> list[Json]:
    return [
        query_parameter("predicate", "Statements of this property alone, by its IRI.", _IRI),
        query_parameter(
            "direction",
            "With `predicate`: those that lead from the thing, or to it.",
            {"type": "string", "enum": ["out", "in"]},
        ),
        query_parameter("after", "Where the page before ended.", {"type": "string"}),
        query_parameter(
            "redirect",
            "`no` shows what was replaced, and not what stands in its place.",
            {"type": "string", "enum": ["yes", "no"]},
        ),
        query_parameter(
            "view", "`statements`: a page of all statements.", {"enum": ["statements"]}
        ),
        format_parameter(_THING),
    ]


def _described() -> Json:
    """Return the answers to what a thing is; only a paper has a citation."""
    text = {"text/plain": {"schema": _TEXT}}
    return {
        "200": {"description": "What the graph says of it.", "content": content(_THING, {})},
        "301": {"description": "It is told at the canonical address.", "content": text},
        "303": {"description": "It is told elsewhere.", "content": text},
    } | refusals((304, 400, 404, 406, 413, 414, 500, 503))


def _void() -> Json:
    said = {"200": {"description": "What is in the graph.", "content": content(PAGES, {})}}
    return operation(
        "void",
        "Server",
        "What is in the graph (VoID)",
        said | refusals((304, 400, 406, 414, 500, 503)),
        parameters=[format_parameter(PAGES)],
    )


def _told(name: str, words: str, statuses: tuple[int, ...]) -> Json:
    text = {"text/plain": {"schema": _TEXT}}
    said = {str(each): {"description": words, "content": text} for each in statuses}
    return operation(name, "Server", words, said, limited=False)


def _openapi() -> Json:
    schema = {"application/json": {"schema": {"type": "object"}}}
    said: Json = {"200": {"description": "This description.", "content": schema}}
    return operation(
        "openapi",
        "Server",
        "What can be asked of the server",
        said | refusals((304, 406, 503), as_problem=True),
    )
