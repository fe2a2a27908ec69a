"""Floor 10: statements as one document, in the format that is wanted."""

import json
import re
from collections.abc import Iterable, Mapping
from itertools import groupby

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, serialize

from kg.descriptions.naming import triples
from kg.errors import KgError
from kg.exports.jsonld_context import Context
from kg.namespaces import BIOLINK, DCAT, VOID
from kg.service.jobs.context import NotAcceptableError
from kg.service.negotiation import Offer

HYDRA = "http://www.w3.org/ns/hydra/core#"
FOAF = "http://xmlns.com/foaf/0.1/"
PREFIXES = {"biolink": BIOLINK, "void": VOID, "dcat": DCAT, "hydra": HYDRA, "foaf": FOAF}

_DATASETS = (RdfFormat.N_QUADS, RdfFormat.TRIG)
_DECLARATION = re.compile(r"@prefix ([^:]*): ")
_NAME = re.compile(r"(?<![\w<])([A-Za-z][\w.-]*):")


def write_document(
    quads: Iterable[Quad], offer: Offer, *, base: str, prefixes: Mapping[str, str]
) -> bytes:
    """Return statements in a format; in one that has no graphs, all of them together.

    JSON-LD has the project's context, with the graph's `base`.

    Raises:
        NotAcceptableError: if they cannot be written in it.
    """
    form = offer.form
    assert isinstance(form, RdfFormat)  # noqa: S101
    known = list(dict.fromkeys(quads))
    try:
        if form == RdfFormat.JSON_LD:
            return _write_jsonld(known, base)
        if form in _DATASETS:
            written = serialize(known, format=form, prefixes=dict(prefixes))
        else:
            written = serialize(triples(known), format=form, prefixes=_used(prefixes, known))
    except (KgError, ValueError, OSError) as error:
        # A statement about a statement, which not every format can write.
        raise NotAcceptableError(f"this cannot be had as {offer.name}: {error}") from error
    body = written or b""
    return _trim(body) if form in (RdfFormat.TURTLE, RdfFormat.TRIG) else body


def _used(prefixes: Mapping[str, str], quads: Iterable[Quad]) -> dict[str, str]:
    """Return the prefixes of properties and of other terms that statements are made of."""
    iris = {term.value for quad in quads for term in quad.triple if isinstance(term, NamedNode)}
    return {
        name: space
        for name, space in prefixes.items()
        if any(iri.startswith(space) for iri in iris)
    }


def _trim(body: bytes) -> bytes:
    """Leave out the prefixes that Turtle declares and does not use."""
    lines = body.decode().split("\n")
    last = sum(1 for line in lines if line.startswith("@prefix "))
    rest = "\n".join(lines[last:])
    used = set(_NAME.findall(rest))
    kept = []
    for line in lines[:last]:
        declared = _DECLARATION.match(line)
        if declared is None or declared[1] in used:
            kept.append(line)
    return "\n".join([*sorted(kept), rest]).encode()


def _write_jsonld(quads: list[Quad], base: str) -> bytes:
    context = Context(base)
    parts = []
    by_graph = sorted(quads, key=_graph)
    for graph, of_graph in groupby(by_graph, key=lambda quad: quad.graph_name):
        nodes = _nodes(context, of_graph)
        if isinstance(graph, DefaultGraph):
            parts += nodes
        else:
            inner = ",\n    ".join(nodes)
            parts.append(f'{{"id": {context.id(str(graph))}, "@graph": [\n    {inner}\n  ]}}')
    body = ",\n    ".join(parts)
    said = context.trimmed(body)
    said["@base"] = base
    header = json.dumps(said, ensure_ascii=False)
    return f'{{\n  "@context": {header},\n  "@graph": [\n    {body}\n  ]\n}}\n'.encode()


def _graph(quad: Quad) -> str:
    return "" if isinstance(quad.graph_name, DefaultGraph) else str(quad.graph_name)


def _nodes(context: Context, quads: Iterable[Quad]) -> list[str]:
    """Return the nodes that statements are about, in the order in which they come."""
    by_subject: dict[str, list[tuple[str, str, str]]] = {}
    for quad in quads:
        subject = str(quad.subject)
        by_subject.setdefault(subject, []).append((subject, str(quad.predicate), str(quad.object)))
    return [
        context.node(subject, sorted(said, key=lambda each: each[1]), 4)
        for subject, said in by_subject.items()
    ]
