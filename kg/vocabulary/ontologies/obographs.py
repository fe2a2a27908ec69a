"""Floor 5: obographs JSON, as OBO ontologies are published in beside OBO and OWL.

Source: github.com/geneontology/obographs, the README's schema. A file holds the terms of the
ontologies that it imports too.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from kg.errors import InputError
from kg.model import Scope, Synonym
from kg.namespaces import OBO, SKOS
from kg.vocabulary.ontologies.opening import opened
from kg.vocabulary.ontologies.terms import (
    Ontology,
    OntologyTerm,
    identify,
    identify_obo,
    identify_xref,
)

_SCOPES = {
    "hasExactSynonym": Scope.EXACT,
    "hasRelatedSynonym": Scope.RELATED,
    "hasBroadSynonym": Scope.BROAD,
    "hasNarrowSynonym": Scope.NARROW,
}
_REPLACED_BY = f"{OBO}IAO_0100001"
_OIO = "http://www.geneontology.org/formats/oboInOwl#"
_TITLES = ("http://purl.org/dc/terms/title", "http://purl.org/dc/elements/1.1/title")
_VERSION_INFO = "http://www.w3.org/2002/07/owl#versionInfo"
_EXACT = f"{SKOS}exactMatch"
_RANK = f"{OBO}ncbitaxon#has_rank"

# What a node or an edge may hold.
_Json = Mapping[str, Any]


def read_obographs(path: Path) -> Ontology:
    """Return the ontology in a file of obographs JSON, all its graphs together.

    Raises:
        InputError: if it cannot be read, or is no obographs JSON; it says where and what.
    """
    with opened(path) as stream:
        data = stream.read()
    try:
        document = json.loads(data)
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is no UTF-8 text ({error.reason})") from error
    except json.JSONDecodeError as error:
        raise InputError(
            f"{path}:{error.lineno}: is no JSON: {error.msg} at column {error.colno}; "
            "was it fetched whole?"
        ) from error
    except RecursionError as error:
        raise InputError(f"{path}: is JSON that is nested too deeply for obographs") from error
    graphs = document.get("graphs") if isinstance(document, dict) else None
    if not isinstance(graphs, list) or not graphs:
        raise InputError(f"{path}: is JSON, but no obographs: it has no list 'graphs'")
    first = graphs[0]
    try:
        meta = first.get("meta") or {}
        said = {each["pred"]: each["val"] for each in meta.get("basicPropertyValues", ())}
        names = {
            identify(node["id"]): node["lbl"]
            for graph in graphs
            for node in graph.get("nodes", ())
            if node.get("type") == "PROPERTY" and node.get("lbl")
        }
        terms = [term for graph in graphs for term in _terms(graph, path)]
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path}: is no obographs JSON ({_tell(error)})") from error
    if not terms:
        raise InputError(f"{path}: holds no classes")
    return Ontology(
        iri=str(first.get("id", "")),
        version=str(meta.get("version") or said.get(_VERSION_INFO, "")),
        title=next((str(said[name]) for name in _TITLES if name in said), ""),
        syntax="obographs JSON",
        terms=iter(terms),
        names=names,
    )


def _tell(error: Exception) -> str:
    return f"no {error}" if isinstance(error, KeyError) else str(error)


def _terms(graph: _Json, path: Path) -> Iterator[OntologyTerm]:
    parents: dict[str, list[str]] = defaultdict(list)
    genera: dict[str, list[str]] = defaultdict(list)
    relations: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for number, edge in enumerate(graph.get("edges", ())):
        try:
            subject, predicate, target = identify(edge["sub"]), edge["pred"], identify(edge["obj"])
        except (KeyError, TypeError, AttributeError) as error:
            raise InputError(f"{path}: edge {number} lacks sub, pred or obj") from error
        if predicate in {"is_a", "subClassOf"}:
            parents[subject].append(target)
        elif predicate not in {"subPropertyOf", "inverseOf", "type"}:
            relations[subject].append((identify(predicate), target))
    for each in graph.get("logicalDefinitionAxioms", ()):
        genera[identify(each["definedClassId"])] += map(identify, each.get("genusIds", ()))
    for same in graph.get("equivalentNodesSets", ()):
        nodes = [identify(node) for node in same["nodeIds"]]
        for node in nodes:
            genera[node] += nodes
    for number, node in enumerate(graph.get("nodes", ())):
        try:
            kind, iri = node.get("type"), node["id"]
            if kind == "PROPERTY" or (kind is None and not node.get("lbl")):
                continue
            identifier = identify(iri)
            above = parents.get(identifier, ()), genera.get(identifier, ())
            yield _read_node(identifier, node, above, relations.get(identifier, ()))
        except (KeyError, TypeError, AttributeError) as error:
            raise InputError(f"{path}: node {number} cannot be read ({_tell(error)})") from error


def _read_node(
    identifier: str,
    node: _Json,
    above: tuple[Iterable[str], Iterable[str]],
    relations: Iterable[tuple[str, str]],
) -> OntologyTerm:
    meta = node.get("meta") or {}
    values: dict[str, list[str]] = defaultdict(list)
    for each in meta.get("basicPropertyValues", ()):
        values[each["pred"]].append(str(each["val"]))
    definition = meta.get("definition") or {}
    xrefs = (identify_xref(str(each["val"])) for each in meta.get("xrefs", ()))
    rank = values.get(_RANK, ())
    return OntologyTerm(
        id=identifier,
        label=str(node.get("lbl") or ""),
        definition=str(definition.get("val") or ""),
        synonyms=tuple(
            Synonym(
                text=str(each["val"]),
                scope=_SCOPES.get(each["pred"], Scope.RELATED),
                kind=str(each.get("synonymType") or "").rpartition("#")[2],
                source="",
            )
            for each in meta.get("synonyms", ())
        ),
        xrefs=tuple(dict.fromkeys(filter(None, xrefs))),
        exact=tuple(dict.fromkeys(filter(None, map(identify_xref, values[_EXACT])))),
        parents=tuple(each for each in dict.fromkeys(above[0]) if each != identifier),
        genus=tuple(each for each in dict.fromkeys(above[1]) if each != identifier),
        relations=tuple(dict.fromkeys(relations)),
        obsolete=meta.get("deprecated") is True,
        replaced_by=_named(values[_REPLACED_BY]),
        consider=_named(values[f"{_OIO}consider"]),
        alt_ids=_named(values[f"{_OIO}hasAlternativeId"]),
        namespace=next(iter(values[f"{_OIO}hasOBONamespace"]), ""),
        properties=tuple(("rank", value) for value in rank),
    )


def _named(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(identify_obo(value) for value in values))
