"""Floor 10: what the server can be asked, as OpenAPI 3.1; made from the saved queries. Pure."""

from collections.abc import Iterable, Sequence

from pyoxigraph import QueryResultsFormat

from kg import __version__
from kg.queries import Parameter, ParameterType, SavedQuery
from kg.queries.saved import QueryForm
from kg.service.negotiation import DOCUMENT, HTML, QUERY_TEXT, ROWS, TRIPLES, Offer
from kg.service.openapi_pages import TAG as PAGES
from kg.service.openapi_pages import paths_of_pages
from kg.service.openapi_parts import (
    content,
    format_parameter,
    headers,
    operation,
    query_parameter,
    ref,
    refusals,
    responses,
    schemas,
)
from kg.service.openapi_rest import paths_of_graph, paths_of_things
from kg.service.openapi_schemas import Json
from kg.service.paging import MOST_ROWS

OPENAPI = Offer(
    name="json",
    media_type="application/json",
    form=QueryResultsFormat.JSON,
    aliases=("application/vnd.oai.openapi+json", "application/openapi+json"),
)
"""The format of the description."""

TAG = "Saved queries"

_REFUSED = (400, 403, 404, 406, 410, 413, 422, 500, 502, 503, 504, 505)
_REFUSED_POST = (*_REFUSED, 408, 415)
_LARGEST = 999_999_999
_NOT_BLANK = r"\S"


def describe_service(queries: Iterable[SavedQuery], base: str) -> Json:
    """Return the description of a server that its clients call `base`."""
    saved = list(queries)
    paths: Json = {"/queries": {"get": _list_operation()}}
    for query in saved:
        address = f"/queries/{query.name}"
        paths[address] = {"get": _get(query), "post": _post(query)}
        paths[f"{address}/sparql"] = {"get": _sparql(query)}
    names = [query.name for query in saved]
    paths["/queries/{name}/description"] = {"get": _description(names)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Knowledge graph of biomedical literature",
            "version": __version__,
            "description": "A graph of papers, the entities that they mention and what they say of "
            "them. Entities are given by name, symbol, synonym or identifier; each answer tells "
            "what a name was taken for.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": base}],
        "tags": [
            {"name": TAG, "description": "Questions that take names as parameters."},
            {"name": "SPARQL", "description": "The protocols of SPARQL 1.1."},
            {"name": "Things", "description": "What the graph holds, by name and by identifier."},
            {"name": PAGES, "description": "Pages for people, and what their scripts ask."},
            {"name": "Server", "description": "The server itself."},
        ],
        "paths": {**paths, **paths_of_graph(), **paths_of_pages(), **paths_of_things()},
        "components": {
            "schemas": schemas(),
            "responses": responses(),
            "headers": headers(),
            "parameters": _shared_parameters(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _shared_parameters() -> Json:
    return {
        "limit": query_parameter(
            "limit",
            "The most rows of a page. Without it the answer is whole, but for the queries that "
            "have a limit of their own.",
            {"type": "integer", "minimum": 1, "maximum": MOST_ROWS},
        ),
        "after": query_parameter(
            "after",
            "The cursor of a page, from the `next` of the page before.",
            {"type": "string", "minLength": 1},
        ),
        "timeout": query_parameter(
            "timeout",
            "Seconds that the query may run, up to the limit of the server.",
            {"type": "number", "minimum": 1},
        ),
    }


def _list_operation() -> Json:
    offers = (DOCUMENT, HTML)
    said = {"200": _ok(offers, "The saved queries.", {DOCUMENT.media_type: "SavedQueries"})}
    return operation(
        "list-queries",
        TAG,
        "Which saved queries there are",
        said | refusals((304, 400, 406, 503), as_problem=True, as_page=True),
        parameters=[format_parameter(offers)],
    )


def _description(names: list[str]) -> Json:
    said = {"200": _ok([DOCUMENT], "The query.", {DOCUMENT.media_type: "SavedQuery"})}
    name = {
        "name": "name",
        "in": "path",
        "required": True,
        "schema": {"enum": names},
        "description": "The name of a saved query.",
    }
    return operation(
        "describe-query",
        TAG,
        "What a saved query does, takes and gives",
        said | refusals((304, 400, 404, 406, 503), as_problem=True),
        parameters=[name, format_parameter([DOCUMENT])],
    )


def _offers(query: SavedQuery) -> tuple[Offer, ...]:
    return ROWS if query.form in (QueryForm.SELECT, QueryForm.ASK) else TRIPLES


def _get(query: SavedQuery) -> Json:
    return operation(
        query.name,
        TAG,
        query.summary,
        _answers((*_offers(query), HTML))
        | refusals((304, *_REFUSED), as_problem=True, as_page=True),
        description=_words(query),
        parameters=[*_parameters(query), *_options(query)],
    )


def _post(query: SavedQuery) -> Json:
    schema = _body(query)
    example = {
        name: values[0] if len(values) == 1 else list(values)
        for name, values in query.example.parameters.items()
    }
    body = {
        "content": {
            media_type: {"schema": schema, **({"example": example} if example else {})}
            for media_type in ("application/json", "application/x-www-form-urlencoded")
        },
        "required": True,
    }
    return operation(
        f"{query.name}-by-post",
        TAG,
        query.summary,
        _answers(_offers(query)) | refusals((304, *_REFUSED_POST), as_problem=True),
        description=_words(query),
        parameters=[format_parameter(_offers(query)), ref("parameters", "timeout")],
        requestBody=body,
    )


def _sparql(query: SavedQuery) -> Json:
    paged = [ref("parameters", "limit")] if _is_paged(query) else []
    return operation(
        f"{query.name}-as-sparql",
        TAG,
        f"{query.summary}: the query that is asked",
        {"200": _ok([QUERY_TEXT], "SPARQL, with the parameters put in.", {}, with_headers=True)}
        | refusals((304, 400, 404, 406, 422, 500, 503), as_problem=True),
        parameters=[*_parameters(query), *paged],
    )


def _words(query: SavedQuery) -> str:
    columns = [f"- `{each.name}`: {each.description}" for each in query.columns]
    online = [f"It asks {' and '.join(query.online)}."] if query.online else []
    return "\n\n".join([query.description, "\n".join(columns), *online])


def _answers(offers: Sequence[Offer]) -> Json:
    known = {
        DOCUMENT.media_type: "Answer",
        "application/sparql-results+json": "SparqlResults",
    }
    return {"200": _ok(offers, "The answer.", known, with_headers=True)}


def _ok(
    offers: Sequence[Offer], words: str, known: dict[str, str], *, with_headers: bool = False
) -> Json:
    said: Json = {
        "description": words,
        "content": content(offers, {key: ref("schemas", name) for key, name in known.items()}),
    }
    if with_headers:
        said["headers"] = {name: ref("headers", name) for name in headers()}
    return said


def _parameters(query: SavedQuery) -> list[Json]:
    """Return what a query takes, as parameters of the query string."""
    said = []
    for each in query.parameters:
        if each.name == "limit":
            continue
        schema = _schema(each)
        more: Json = {"required": True} if each.required else {}
        if each.name in query.example.parameters:
            values = list(query.example.parameters[each.name])
            more["example"] = values if schema.get("type") == "array" else values[0]
        said.append(query_parameter(each.name, each.description, schema, **more))
    return said


def _is_paged(query: SavedQuery) -> bool:
    return query.form is QueryForm.SELECT


def _options(query: SavedQuery) -> list[Json]:
    pages = [ref("parameters", "limit"), ref("parameters", "after")] if _is_paged(query) else []
    offers = (*_offers(query), HTML)
    return [*pages, format_parameter(offers), ref("parameters", "timeout")]


def _schema(parameter: Parameter) -> Json:
    """Return what a parameter takes; several values stand for "any of these"."""
    one = _one(parameter)
    if parameter.default is not None:
        one["default"] = _default(parameter)
    if parameter.type is ParameterType.BOOLEAN or parameter.name == "limit":
        return one
    one.pop("default", None)
    many: Json = {"type": "array", "items": one, "minItems": 1}
    if parameter.default is not None:
        many["default"] = [_default(parameter)]
    return many


def _one(parameter: Parameter) -> Json:
    if parameter.type is ParameterType.INTEGER:
        return {"type": "integer", "minimum": -_LARGEST, "maximum": _LARGEST}
    if parameter.type is ParameterType.BOOLEAN:
        return {"type": "boolean"}
    if parameter.type is ParameterType.CHOICE:
        return {"type": "string", "enum": list(parameter.choices)}
    said: Json = {"type": "string", "pattern": _NOT_BLANK}
    if parameter.types:
        kinds = " or ".join(each.value for each in parameter.types)
        said["description"] = f"A name or identifier of a {kinds}."
    return said


def _default(parameter: Parameter) -> object:
    assert parameter.default is not None  # noqa: S101
    if parameter.type is ParameterType.INTEGER:
        return int(parameter.default)
    if parameter.type is ParameterType.BOOLEAN:
        return parameter.default == "true"
    return parameter.default


def _body(query: SavedQuery) -> Json:
    """Return what may be sent by POST: the same as in the query string."""
    properties: Json = {}
    for each in query.parameters:
        schema = _schema(each)
        if schema.get("type") == "array":
            schema = {"anyOf": [_one(each), schema]}
        properties[each.name] = {"description": each.description, **schema}
    if _is_paged(query):
        properties["limit"] = {"type": "integer", "minimum": 1, "maximum": MOST_ROWS}
        properties["after"] = {"type": "string", "minLength": 1}
    said: Json = {"type": "object", "properties": properties, "additionalProperties": False}
    required = [each.name for each in query.parameters if each.required]
    if required:
        said["required"] = required
    return said
