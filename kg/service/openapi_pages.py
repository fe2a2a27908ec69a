"""Floor 10: the addresses of pages for people, and of what their scripts ask, as OpenAPI. Pure."""

from kg.descriptions.networks import MOST_EDGES
from kg.service.negotiation import DOCUMENT, HTML, PAGES
from kg.service.openapi_parts import (
    content,
    format_parameter,
    operation,
    query_parameter,
    ref,
    refusals,
)
from kg.service.openapi_schemas import Json
from kg.service.pages.kinds import KINDS

TAG = "Pages"

_REFUSED = (304, 400, 404, 406, 414, 422, 500, 503)
_TEXT: Json = {"type": "string", "maxLength": 300}
_YEAR: Json = {"type": "integer", "minimum": 0, "maximum": 9999}
_FILES = ("text/css", "text/javascript", "image/svg+xml")


def paths_of_pages() -> Json:
    """Return the addresses of pages, and of what pages are shown with."""
    return {
        "/": {"get": _home()},
        "/papers": {"get": _papers()},
        "/entities": {"get": _entities()},
        "/connect": {"get": _connect()},
        "/about": {"get": _page("about", "What the graph was made from", [])},
        "/editor": {"get": _editor()},
        "/editor.json": {"get": _terms()},
        "/graph": {"get": _page("graph", "A drawing of what joins entities", _of_network())},
        "/graph.json": {"get": _network()},
        "/static/{file}": {"get": _static()},
    }


def _page(name: str, words: str, parameters: list[Json]) -> Json:
    said = {"200": {"description": "The page.", "content": content([HTML], {})}}
    told = said | refusals(_REFUSED, as_problem=False)
    return operation(f"{name}-page", TAG, words, told, parameters=parameters)


def _home() -> Json:
    said = {"200": {"description": "What is in the graph.", "content": content(PAGES, {})}}
    return operation(
        "home",
        TAG,
        "What is in the graph: VoID, or the home page",
        said | refusals((304, 400, 406, 414, 500, 503), as_problem=False),
        parameters=[format_parameter(PAGES)],
    )


def _papers() -> Json:
    return _page(
        "papers",
        "Papers, the newest first",
        [
            query_parameter(
                "mentions",
                "An entity that they mention, by CURIE or IRI.",
                _TEXT,
                example="HGNC:6023",
            ),
            query_parameter("year", "Their year; 0 for those without one.", _YEAR),
            query_parameter("below", "`yes` takes in what is under the entity.", _yes_or_no()),
            _after(),
        ],
    )


def _entities() -> Json:
    kinds: Json = {"type": "string", "enum": [kind.choice for kind in KINDS]}
    return _page(
        "entities",
        "Entities of a kind, those first that most papers mention",
        [
            query_parameter("type", "The kind.", kinds, required=True, example="CellType"),
            _after(),
        ],
    )


def _connect() -> Json:
    return _page(
        "connect",
        "What joins two entities",
        [
            query_parameter("a", "A name or an identifier.", _TEXT, example="IL-7"),
            query_parameter("b", "Another.", _TEXT, example="STAT5"),
        ],
    )


def _editor() -> Json:
    return _page(
        "editor",
        "Where queries are written",
        [
            query_parameter("query", "A query to begin with.", {"type": "string"}),
            query_parameter(
                "saved",
                "The name of a saved query to begin with; what else is given are its parameters.",
                _TEXT,
                example="most-mentioned",
            ),
        ],
    )


def _terms() -> Json:
    return operation(
        "editor-terms",
        TAG,
        "What an editor of queries completes: prefixes, classes and properties",
        {"200": _data("The terms.", "Terms")} | refusals((304, 500, 503), as_problem=True),
    )


def _network() -> Json:
    assertion = query_parameter(
        "assertion", "In the place of all these: the sentences that say so, by its IRI.", _TEXT
    )
    return operation(
        "network",
        TAG,
        "What joins entities with others",
        {"200": _data("The network, or the sentences of an assertion.", "Network", "Quotes")}
        | refusals((304, 400, 404, 422, 500, 503), as_problem=True),
        description="With `entity`, or with `assertion`.",
        parameters=[*_of_network(), assertion],
    )


def _of_network() -> list[Json]:
    names: Json = {
        "type": "array",
        "items": {"type": "string", "minLength": 1, "maxLength": 400},
        "maxItems": 40,
    }
    kinds: Json = {"type": "array", "items": {"enum": [kind.style for kind in KINDS]}}
    most: Json = {"type": "integer", "minimum": 1, "maximum": MOST_EDGES}
    return [
        query_parameter("entity", "Names, CURIEs or IRIs.", names, example=["IL-7"]),
        query_parameter("limit", "The most edges: those that most papers have.", most),
        query_parameter(
            "together",
            "`yes`: also entities that papers only mention together.",
            _yes_or_no(),
        ),
        query_parameter("type", "Kinds of the entities at the other ends.", kinds),
        query_parameter("from", "The first year of the papers.", _YEAR),
        query_parameter("to", "The last year of the papers.", _YEAR),
    ]


def _data(words: str, *schemas: str) -> Json:
    known = [ref("schemas", each) for each in schemas]
    schema = known[0] if len(known) == 1 else {"oneOf": known}
    return {"description": words, "content": content([DOCUMENT], {DOCUMENT.media_type: schema})}


def _static() -> Json:
    file = {
        "name": "file",
        "in": "path",
        "required": True,
        "description": "The name of the file.",
        "schema": {"type": "string", "pattern": r"^[A-Za-z0-9_-]{1,40}\.[a-z]{1,5}$"},
        "example": "style.css",
    }
    found = {each: {"schema": {"type": "string"}} for each in _FILES}
    said = {"200": {"description": "The file.", "content": found}}
    return operation(
        "static-file",
        TAG,
        "Style, scripts and images of pages",
        said | refusals((304, 404), as_problem=False),
        parameters=[file],
    )


def _after() -> Json:
    return query_parameter("after", "Where the page before ended.", _TEXT)


def _yes_or_no() -> Json:
    return {"type": "string", "enum": ["yes", "no"]}
