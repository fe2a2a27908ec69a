"""Floor 10: the addresses of the server beside those of saved queries, as OpenAPI. Pure."""

from kg.service.negotiation import DOCUMENT, GRAPHS, PAGES, TABLES, Offer
from kg.service.openapi_parts import Json, content, operation, query_parameter, ref, refusals

_QUERY_REFUSED = (400, 403, 406, 408, 413, 415, 500, 502, 503)
_TEXT: Json = {"type": "string"}
_IRI: Json = {"type": "string", "format": "iri"}
_SECURED: list[Json] = [{}, {"token": []}]
_RESULTS = {"application/sparql-results+json": ref("schemas", "SparqlResults")}
_WORDS: Json = {"type": "string", "minLength": 1, "maxLength": 200}
_FOUND = (DOCUMENT, *(offer for offer in TABLES if offer.name in ("csv", "tsv")))
_COUNT: Json = {"type": "integer", "minimum": 1, "maximum": 1000}


def paths_of_graph() -> Json:
    """Return the addresses of the protocols of SPARQL."""
    return {
        "/sparql": {"get": _query(), "post": _query_or_update()},
        "/store": {
            "get": _store("get"),
            "put": _store("put"),
            "post": _store("post"),
            "patch": _store("patch"),
            "delete": _store("delete"),
        },
    }


def _query() -> Json:
    iris: Json = {"type": "array", "items": _IRI}
    return operation(
        "sparql-query",
        "SPARQL",
        "Ask a SPARQL query",
        {"200": _answer()} | refusals((304, *_QUERY_REFUSED), as_problem=False),
        description="Without a query, the Service Description. The prefixes of the graph need no "
        "declaration.",
        parameters=[
            query_parameter(
                "query",
                "SPARQL 1.1",
                _TEXT,
                example="SELECT ?name { HGNC:6023 rdfs:label ?name }",
            ),
            query_parameter("default-graph-uri", "The graphs that are asked.", iris),
            query_parameter("named-graph-uri", "The graphs that GRAPH may ask.", iris),
            _format((*TABLES, *GRAPHS)),
            ref("parameters", "timeout"),
        ],
    )


def _query_or_update() -> Json:
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
        "sparql-query-or-update",
        "SPARQL",
        "Ask a SPARQL query, or run an update",
        done | refusals((304, 401, *_QUERY_REFUSED), as_problem=False),
        requestBody={"content": media, "required": True},
        security=_SECURED,
    )


def _answer() -> Json:
    offered = content((*TABLES, *GRAPHS), _RESULTS)
    return {"description": "The answer.", "content": offered}


def _store(method: str) -> Json:
    words = {
        "get": "Get a graph",
        "put": "Put statements in the place of a graph",
        "post": "Add statements to a graph",
        "patch": "Run an update on a graph, which names none itself",
        "delete": "Delete a graph",
    }
    said: Json = {}
    if method == "get":
        said["200"] = {"description": "The graph.", "content": content(GRAPHS, {})}
    else:
        said["201"] = {"description": "The graph is made."}
        said["204"] = {"description": "The graph is changed."}
    refused: tuple[int, ...] = (400, 401, 403, 404, 406, 408, 413, 415, 500, 503)
    if method == "patch":
        refused += (422,)
    update: Json = {"application/sparql-update": {"schema": _TEXT}}
    sent = update if method == "patch" else content(GRAPHS, {})
    body: Json = {"content": sent, "required": True}
    return operation(
        f"{method}-graph",
        "SPARQL",
        words[method],
        said | refusals(refused if method != "get" else (304, *refused), as_problem=False),
        parameters=[
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


def paths_of_things() -> Json:
    """Return the addresses of what the graph holds, and of the server itself."""
    return {
        "/search": {"get": _search()},
        "/suggest": {"get": _suggest()},
        "/entity": {"get": _entity()},
        "/{curie}": {"get": _curie()},
        "/.well-known/void": {"get": _void()},
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
        {"200": _found("What was found, the best first.")}
        | refusals((304, 400, 406, 422, 500, 503), as_problem=True),
        parameters=[
            query_parameter("q", "The words.", _WORDS, required=True, example="IL-7"),
            query_parameter("type", "What is looked for; all, unless said.", kinds),
            query_parameter("limit", "The most that is given.", _COUNT),
            query_parameter("after", "Where the page before ended.", {"type": "string"}),
            _format(_FOUND),
        ],
    )


def _suggest() -> Json:
    return operation(
        "suggest",
        "Things",
        "Complete a name",
        {"200": _found("Names that begin so, or are near.")}
        | refusals((304, 400, 406, 422, 500, 503), as_problem=True),
        parameters=[
            query_parameter("q", "How the name begins.", _WORDS, required=True, example="interl"),
            query_parameter("limit", "The most that is given.", _COUNT),
            _format(_FOUND),
        ],
    )


def _found(words: str) -> Json:
    return {
        "description": words,
        "content": content(_FOUND, {"application/json": {"type": "object"}}),
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
        _format(PAGES),
    ]


def _described() -> Json:
    text = {"text/plain": {"schema": _TEXT}}
    return {
        "200": {"description": "What the graph says of it.", "content": content(PAGES, {})},
        "301": {"description": "It is told at the canonical address.", "content": text},
        "303": {"description": "It is told elsewhere.", "content": text},
    } | refusals((304, 400, 404, 406, 413, 414, 500, 503), as_problem=False)


def _void() -> Json:
    said = {"200": {"description": "What is in the graph.", "content": content(PAGES, {})}}
    return operation(
        "void",
        "Server",
        "What is in the graph (VoID)",
        said | refusals((304, 400, 406, 414, 500, 503), as_problem=False),
        parameters=[_format(PAGES)],
    )


def _format(offers: tuple[Offer, ...]) -> Json:
    return query_parameter(
        "format",
        "The format, in the place of `Accept`.",
        {"type": "string", "enum": [each.name for each in offers]},
    )


def _told(name: str, words: str, statuses: tuple[int, ...]) -> Json:
    text = {"text/plain": {"schema": _TEXT}}
    said = {str(each): {"description": words, "content": text} for each in statuses}
    return operation(name, "Server", words, said)
