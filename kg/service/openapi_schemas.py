"""Floor 10: what answers in JSON hold that are not those of saved queries, as OpenAPI. Pure."""

from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]

_TEXT: Json = {"type": "string"}
_COUNT: Json = {"type": "integer", "minimum": 0}
_YES_OR_NO: Json = {"type": "boolean"}
_URI: Json = {"type": "string", "format": "uri"}


def object_schema(
    properties: Json, required: Sequence[str] | None = None, description: str = ""
) -> Json:
    """Return the schema of an object; unless `required` says otherwise, it has all properties."""
    needed = list(properties) if required is None else list(required)
    said: Json = {"type": "object", "properties": properties}
    if description:
        said["description"] = description
    if needed:
        said["required"] = needed
    return said


def schemas_of_answers() -> Json:
    """Return the schemas of searches, networks, and what an editor completes."""
    return {
        "Found": _found(),
        "Hit": _hit(),
        "Suggestions": object_schema(
            {
                "query": _TEXT,
                "index": _index(),
                "suggestions": _list({"$ref": "#/components/schemas/Suggestion"}),
            },
            description="Names that begin so, or are near.",
        ),
        "Suggestion": object_schema(
            {
                "name": _TEXT,
                "type": {"enum": ["entity", "paper", "author"]},
                "class": _TEXT,
                "curie": _or_null(_TEXT),
                "iri": _TEXT,
                "label": _TEXT,
                "papers": _COUNT,
            },
            description="What is called so.",
        ),
        "Terms": _terms(),
        "Network": _network(),
        "Quotes": _quotes(),
    }


def _found() -> Json:
    of_each: Json = {"type": "object", "additionalProperties": _COUNT}
    matched: Json = {
        "type": "object",
        "additionalProperties": {"enum": ["all", "beginning", "any"]},
    }
    taken = object_schema({"text": _TEXT, "iri": _TEXT, "curie": _or_null(_TEXT), "label": _TEXT})
    return object_schema(
        {
            "query": _TEXT,
            "index": _index(),
            "counts": {**of_each, "description": "How many there are of each type."},
            "complete": {**_YES_OR_NO, "description": "Whether the counts are exact."},
            "matched": {**matched, "description": "How many of the words they have."},
            "taken": {**_list(taken), "description": "What names in the query were taken for."},
            "hits": _list({"$ref": "#/components/schemas/Hit"}),
            "next": {**_or_null(_URI), "description": "The address of the next page."},
        },
        description="What was found, the best first.",
    )


def _hit() -> Json:
    part = object_schema({"text": _TEXT, "match": _YES_OR_NO})
    return object_schema(
        {
            "type": {"enum": ["entity", "paper", "sentence"]},
            "class": _TEXT,
            "curie": _or_null(_TEXT),
            "iri": _TEXT,
            "label": _TEXT,
            "year": _or_null({"type": "integer"}),
            "papers": _or_null(_COUNT),
            "paper": {**_or_null(_TEXT), "description": "Of a sentence, the IRI of its paper."},
            "snippet": {**_list(part), "description": "The words, and which of them were found."},
        },
        description="An entity, a paper or a sentence.",
    )


def _index() -> Json:
    return {
        "enum": ["current", "previous", "none"],
        "description": "From which index it comes; `none`: from the graph itself.",
    }


def _terms() -> Json:
    term = object_schema(
        {
            "iri": _TEXT,
            "curie": _TEXT,
            "label": _TEXT,
            "definition": _TEXT,
            "kind": {"enum": ["class", "property"]},
            "count": _COUNT,
        }
    )
    return object_schema(
        {
            "base": _TEXT,
            "prefixes": {"type": "object", "additionalProperties": _TEXT},
            "terms": _list(term),
        },
        description="Prefixes, classes and properties, with how often each is used.",
    )


def _network() -> Json:
    node = object_schema(
        {
            "id": _TEXT,
            "curie": _TEXT,
            "label": _TEXT,
            "type": _TEXT,
            "class": _or_null(_TEXT),
            "href": _TEXT,
        }
    )
    pair: Json = {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2}
    edge = object_schema(
        {
            "id": _TEXT,
            "source": _TEXT,
            "target": _TEXT,
            "kind": {"enum": ["stated", "together"]},
            "predicate": _or_null(_TEXT),
            "label": _TEXT,
            "sign": _TEXT,
            "negated": _YES_OR_NO,
            "speculative": _YES_OR_NO,
            "papers": _COUNT,
            "sentences": _COUNT,
            "years": {**_list(pair), "description": "Each year, and how many papers it has."},
            "href": _TEXT,
        }
    )
    return object_schema(
        {
            "entities": {**_list(_TEXT), "description": "The IRIs of those that were asked for."},
            "together": _YES_OR_NO,
            "complete": {**_YES_OR_NO, "description": "`false` where there are more edges."},
            "nodes": _list(node),
            "edges": _list(edge),
        },
        description="Entities, and what joins them.",
    )


def _quotes() -> Json:
    paper = object_schema(
        {
            "iri": _TEXT,
            "href": _TEXT,
            "title": _TEXT,
            "year": _or_null({"type": "integer"}),
        }
    )
    sentence = object_schema(
        {
            "iri": _TEXT,
            "href": _TEXT,
            "text": _TEXT,
            "trigger": _TEXT,
            "negated": _YES_OR_NO,
            "speculative": _YES_OR_NO,
            "paper": paper,
        }
    )
    return object_schema(
        {"assertion": _TEXT, "href": _TEXT, "sentences": _list(sentence)},
        description="The sentences that say what an assertion does.",
    )


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}


def _or_null(schema: Json) -> Json:
    return {**schema, "type": [schema["type"], "null"]}
