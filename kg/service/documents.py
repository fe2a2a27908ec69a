"""Floor 10: what clients are told of saved queries and their answers, as JSON and as headers. Pure.

The document of an answer is that of `kg query --format json`, with links.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
from pyoxigraph import NamedNode

from kg.queries import Parameter, Resolved, SavedQuery
from kg.queries.executables import without_header
from kg.queries.run import Asked

Given = Iterable[tuple[str, Sequence[str]]]

_MOST_HEADER = 2000
"""Bytes of a header: proxies take some 4,000 for all of them together."""


def address_of(base: str, name: str, given: Given = (), part: str = "") -> str:
    """Return the address at which a saved query is asked, or a part of it.

    >>> address_of("http://a", "papers-by-year", [("year_from", ["2001"])])
    'http://a/queries/papers-by-year?year_from=2001'
    """
    words = urlencode([(key, value) for key, values in given for value in values])
    return f"{base}/queries/{quote(name)}{part}{f'?{words}' if words else ''}"


def entity_address(base: str, iri: str) -> str:
    """Return the address of what the server says of an entity."""
    return f"{base}/entity?iri={quote(iri, safe='')}"


def describe_taken(asked: Asked, base: str) -> dict[str, object]:
    """Return what each parameter was taken for: one entry, or a list where several were given."""
    taken: dict[str, object] = {}
    for name, resolved in asked.parameters.items():
        entries = [_taken(each, base) for each in resolved]
        if entries:
            taken[name] = entries[0] if len(entries) == 1 else entries
    return taken


def _taken(resolved: Resolved, base: str) -> dict[str, object]:
    entry: dict[str, object] = {
        "given": resolved.given,
        "id": resolved.id,
        "label": resolved.label,
    }
    if isinstance(resolved.term, NamedNode):
        entry["type"] = None if resolved.type is None else resolved.type.value
        entry["iri"] = resolved.term.value
        entry["in_graph"] = resolved.in_graph
        entry["href"] = entity_address(base, resolved.term.value)
    return entry


def parameters_header(asked: Asked) -> str:
    """Return what each parameter was taken for, as JSON in ASCII, short enough for a header.

    A parameter with too many values to name is given by their number.
    """
    taken: dict[str, object] = {}
    for name, resolved in asked.parameters.items():
        entries = [
            {"given": each.given, "id": each.id, "label": each.label}
            if isinstance(each.term, NamedNode)
            else each.label
            for each in resolved
        ]
        if entries:
            taken[name] = entries[0] if len(entries) == 1 else entries
    header = _ascii(taken)
    for name, resolved in asked.parameters.items():
        if len(header) <= _MOST_HEADER:
            break
        taken[name] = len(resolved)
        header = _ascii(taken)
    return header


def _ascii(value: object) -> str:
    import json  # noqa: PLC0415

    return json.dumps(value, separators=(",", ":"))


def describe_query(query: SavedQuery, base: str, allowed: Iterable[str]) -> dict[str, Any]:
    """Return what a saved query does, takes and gives; `allowed` are the endpoints it may ask."""
    example = {name: list(values) for name, values in query.example.parameters.items()}
    return {
        "name": query.name,
        "summary": query.summary,
        "description": query.description,
        "keywords": list(query.keywords),
        "form": query.form.value,
        "parameters": {each.name: _parameter(each) for each in query.parameters},
        "columns": {each.name: each.description for each in query.columns},
        "example": {
            "parameters": example,
            "href": address_of(base, query.name, query.example.parameters.items()),
        },
        "online": list(query.online),
        "runs_here": set(query.online) <= set(allowed),
        "links": {
            "run": address_of(base, query.name),
            "describe": address_of(base, query.name, part="/description"),
            "sparql": address_of(base, query.name, part="/sparql"),
        },
    }


def with_text(described: Mapping[str, Any], query: SavedQuery) -> dict[str, Any]:
    """Return the description of a query with its SPARQL, which asks its example's question."""
    return {**described, "sparql": without_header(query)}


def _parameter(parameter: Parameter) -> dict[str, object]:
    return {
        "type": parameter.type.value,
        "types": [each.value for each in parameter.types],
        "choices": list(parameter.choices),
        "description": parameter.description,
        "required": parameter.required,
        "default": parameter.default,
    }


def links_of(base: str, name: str) -> dict[str, str]:
    """Return where an answer leads; `entity` is a template for the IRIs in its rows."""
    return {
        "describe": address_of(base, name, part="/description"),
        "entity": f"{base}/entity?iri={{iri}}",
    }


def link_header(base: str, name: str, following: str = "") -> str:
    """Return the links of an answer as a header (RFC 8288); `following` is the next page."""
    links = [f'<{address_of(base, name, part="/description")}>; rel="describedby"']
    if following:
        links.insert(0, f'<{following}>; rel="next"')
    return ", ".join(links)


def encode(document: object) -> bytes:
    """Return a document as JSON for people too: with line breaks."""
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"
