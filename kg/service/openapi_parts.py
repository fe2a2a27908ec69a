"""Floor 10: the pieces that an OpenAPI description of the server is made of. Pure."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus

from kg.service.negotiation import Offer
from kg.service.openapi_schemas import Json, object_schema, schemas_of_answers

PROBLEM_TYPE = "application/problem+json"

_WHEN = {
    304: "What the client has already (`If-None-Match`) is what it would get.",
    400: "The request cannot be understood.",
    401: "Writing needs the token of the server.",
    403: "The server does not do this.",
    404: "There is no such thing here.",
    405: "The method is not for this address.",
    406: "It cannot be had in a format that is accepted.",
    408: "The request took too long to arrive.",
    410: "The graph has changed since the cursor was given; begin with the first page.",
    413: "The request, or the answer, is too large.",
    414: "The address is too long.",
    415: "The body is of a media type that is not read here.",
    422: "A parameter is missing, unknown, of the wrong type or ambiguous.",
    421: "The server is not known by the name that it was called by.",
    429: "The client asks too often.",
    500: "The query could not be run to its end.",
    502: "An endpoint that the query asks fails.",
    503: "The query ran over its time or memory, or there is no room for it now.",
    504: "An endpoint that the query asks has not answered in time.",
    505: "An answer of this length takes HTTP/1.1.",
    507: "The disk is full, and nothing was changed.",
}

_VALUE: Json = {"type": ["string", "number", "boolean", "null"]}


def ref(kind: str, name: str) -> Json:
    """Return a reference to a component."""
    return {"$ref": f"#/components/{kind}/{name}"}


def content(offers: Iterable[Offer], schemas: Mapping[str, Json]) -> Json:
    """Return what may come as a body, by media type; text where no schema is given for it."""
    known = {"application/ld+json": {"type": ["object", "array"]}, **schemas}
    return {
        each.media_type: {"schema": known.get(each.media_type, {"type": "string"})}
        for each in offers
    }


def refusals(statuses: Iterable[int], *, as_problem: bool = False, as_page: bool = False) -> Json:
    """Return the responses of these statuses, by reference.

    They are told in words or on a page, `as_problem` to programs, or where that is a page for who
    prefers it `as_page`, in either way.
    """
    suffix = "Problem" if as_problem else "Text"
    if as_problem and as_page:
        suffix = "Either"
    return {
        str(status): ref("responses", f"{_phrase(status)}{'' if status == 304 else suffix}")
        for status in statuses
    }


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase.title().replace(" ", "").replace("-", "")


def query_parameter(name: str, description: str, schema: Json, **more: object) -> Json:
    """Return a parameter of the query string."""
    return {"name": name, "in": "query", "description": description, "schema": schema, **more}


def format_parameter(offers: Iterable[Offer]) -> Json:
    """Return the parameter of the query string that names a format."""
    return query_parameter(
        "format",
        "The format, in the place of `Accept`.",
        {"type": "string", "enum": [each.name for each in offers]},
    )


def operation(
    operation_id: str,
    tag: str,
    summary: str,
    responses: Json,
    *,
    limited: bool = True,
    **more: object,
) -> Json:
    """Return an operation; what is empty in `more` is left out.

    Where it is `limited`, it may be asked for too often.
    """
    gates = (421, 429) if limited else (421,)
    return {
        "operationId": operation_id,
        "tags": [tag],
        "summary": summary,
        **{key: value for key, value in more.items() if value},
        "responses": responses | refusals(gates),
    }


def responses() -> Json:
    """Return the responses that operations refer to, for errors and 304."""
    said: Json = {"NotModified": {"description": _WHEN[304]}}
    for status, description in _WHEN.items():
        if status == 304:
            continue
        schema = ref("schemas", "ParameterProblem" if status == 422 else "Problem")
        problem: Json = {PROBLEM_TYPE: {"schema": schema}}
        # A page is for browsers.
        text: Json = {each: {"schema": {"type": "string"}} for each in ("text/plain", "text/html")}
        for suffix, told in (("Problem", problem), ("Text", text), ("Either", problem | text)):
            said[f"{_phrase(status)}{suffix}"] = {"description": description, "content": told}
    return said


def headers() -> Json:
    """Return the headers of answers to saved queries."""
    return {
        "Kg-Parameters": {
            "description": "What each parameter was taken for, as JSON in ASCII; where there are "
            "too many values to name, their number.",
            "schema": {"type": "string"},
        },
        "Kg-Complete": {
            "description": "`false` where there are more rows than these; `Link` leads to them.",
            "schema": {"type": "string", "enum": ["true", "false"]},
        },
        "Link": {
            "description": 'The next page (`rel="next"`), and what describes the query.',
            "schema": {"type": "string"},
        },
    }


def schemas() -> Json:
    """Return the schemas that operations refer to."""
    text = {"type": "string"}
    return {
        "Problem": object_schema(
            {"type": text, "title": text, "status": {"type": "integer"}, "detail": text},
            ("title", "status", "detail"),
            "What is wrong (RFC 9457).",
        ),
        "ParameterProblem": {
            "allOf": [
                ref("schemas", "Problem"),
                object_schema(
                    {
                        "parameter": text,
                        "value": text,
                        "reason": {
                            "enum": [
                                *("unknown", "ambiguous", "type", "invalid", "missing"),
                                "no-parameter",
                            ]
                        },
                        "candidates": {"type": "array", "items": ref("schemas", "Candidate")},
                    },
                    (),
                    "Which parameter, and what could be meant.",
                ),
            ]
        },
        "Candidate": object_schema(
            {
                "id": text,
                "label": text,
                "type": {"type": ["string", "null"]},
                "score": {"type": "number"},
            },
            ("id", "label", "type", "score"),
            "An entity that a name may stand for; give its `id` in the place of the name.",
        ),
        "Taken": object_schema(
            {
                "given": text,
                "id": {"type": ["string", "null"]},
                "label": text,
                "type": {"type": ["string", "null"]},
                "iri": {"type": "string", "format": "uri"},
                "in_graph": {"type": "boolean"},
                "href": {"type": "string", "format": "uri"},
            },
            ("given", "id", "label"),
            "What was given, and what it was taken for.",
        ),
        "Answer": _answer(),
        "SavedQuery": _saved_query(),
        "SavedQueries": object_schema(
            {"queries": {"type": "array", "items": ref("schemas", "SavedQuery")}},
            ("queries",),
            "The saved queries, by name.",
        ),
        "SparqlResults": object_schema(
            {
                "head": {"type": "object"},
                "results": {"type": "object"},
                "boolean": {"type": "boolean"},
            },
            ("head",),
            "SPARQL 1.1 Query Results JSON Format.",
        ),
        **schemas_of_answers(),
    }


def _answer() -> Json:
    taken = ref("schemas", "Taken")
    return object_schema(
        {
            "query": {"type": "string"},
            "parameters": {
                "type": "object",
                "description": "What each parameter was taken for; a list where several values "
                "were given.",
                "additionalProperties": {"oneOf": [taken, {"type": "array", "items": taken}]},
            },
            "columns": {"type": "array", "items": {"type": "string"}},
            "links": {"type": "object", "additionalProperties": {"type": "string"}},
            "rows": {
                "type": "array",
                "items": {"type": "object", "additionalProperties": _VALUE},
            },
            "complete": {
                "type": "boolean",
                "description": "`false` where there are more rows; `next` leads to them.",
            },
            "next": {"type": "string", "format": "uri"},
            "unmentioned": {
                "type": "array",
                "items": {"type": "string"},
                "description": "Entities asked about that no paper of the graph mentions; told "
                "where there are no rows.",
            },
        },
        ("query", "parameters", "columns", "links", "rows", "complete"),
        "An answer: rows of plain values.",
    )


def _saved_query() -> Json:
    text, texts = {"type": "string"}, {"type": "array", "items": {"type": "string"}}
    parameter = object_schema(
        {
            "type": {"enum": ["entity", "text", "integer", "boolean", "choice"]},
            "types": {**texts, "description": "Types of entity that it takes; none: all."},
            "choices": texts,
            "description": text,
            "required": {"type": "boolean"},
            "default": {"type": ["string", "null"]},
        },
        ("type", "types", "choices", "description", "required", "default"),
        "A parameter.",
    )
    properties: Json = {
        "name": text,
        "summary": text,
        "description": text,
        "keywords": texts,
        "form": {"enum": ["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"]},
        "parameters": {"type": "object", "additionalProperties": parameter},
        "columns": {"type": "object", "additionalProperties": text},
        "example": {"type": "object"},
        "online": {**texts, "description": "Endpoints that it asks over the internet."},
        "runs_here": {
            "type": "boolean",
            "description": "Whether this server lets it ask them.",
        },
        "links": {"type": "object", "additionalProperties": text},
    }
    required = list(properties)
    return object_schema({**properties, "sparql": text}, required, "A saved query.")
