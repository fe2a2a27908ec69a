"""Floor 8: the mappings that a graph holds, as SSSOM.

Those that people brought in are nodes and keep all they came with. Those of the vocabularies are
plain triples: of them a graph knows the release of the vocabulary, and not how each was made.
"""

from collections.abc import Iterator
from collections.abc import Mapping as Manifest
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, QuerySolutions, Triple

from kg.exports.view import View, Written
from kg.mappings import MATCHES, Mapping, MappingSet, SssomFormat, write_mappings
from kg.mappings.model import CORE, NUMBERS, number_text
from kg.namespaces import (
    BIOREGISTRY,
    KG,
    RDFS,
    SEMAPV,
    SSSOM,
    iri_to_curie,
)
from kg.prefixes import PREFIXES
from kg.vocabulary.licences import TABLE_OF_PREFIX, licence_of_prefix
from kg.vocabulary.tables import list_tables, read_labels, vocabulary_folder

UNSPECIFIED = f"{SEMAPV}UnspecifiedMatching"
# What SSSOM has for a set whose mappings have no license in common.
UNSPECIFIED_LICENSE = f"{SSSOM}license/unspecified"
_ENTITIES = f"SELECT ?entity ?label {{ ?entity <{KG}curie> ?curie ; <{RDFS}label> ?label }}"
_STATED = f"SELECT ?node ?slot ?value {{ ?node a <{SSSOM}Mapping> ; ?slot ?value }}"


def entity_labels(view: View) -> dict[str, str]:
    """Return what the entities of a graph are called, by their IRIs."""
    return {row["entity"].value: row["label"].value for row in _rows(view, _ENTITIES)}


def graph_mappings(view: View, entities: dict[str, str]) -> Iterator[Mapping]:
    """Yield the mappings of a graph's entities: those brought in, then those of the vocabularies.

    A triple that is both is given once, as it was brought in.
    """
    stated = list(_stated(view))
    yield from stated
    known = {(one.subject, one.predicate, one.object) for one in stated if not one.negated}
    releases = _releases(view.manifest)
    for predicate in MATCHES:
        found = view.store.quads_for_pattern(None, NamedNode(predicate), None, DefaultGraph())
        for quad in found:
            subject, object_ = quad.subject, quad.object
            if not isinstance(subject, NamedNode) or not isinstance(object_, NamedNode):
                continue
            triple = (subject.value, predicate, object_.value)
            if subject.value in entities and triple not in known:
                yield _of_vocabulary(*triple, releases)


def export_mappings(view: View, form: SssomFormat, *, version: str = "") -> tuple[str, int]:
    """Return the mappings of a graph as a file of SSSOM, and how many there are.

    The same graph gives the same text. `version` is the hash of all that the graph was made of, the
    build hash if it is not given.
    """
    entities = entity_labels(view)
    mappings = list(graph_mappings(view, entities))
    labels = {**_table_labels({one.object for one in mappings}, view.manifest), **entities}
    licenses = {one.slot("license") for one in mappings}
    shared = licenses.pop() if len(licenses) == 1 else ""
    version = version or str(view.manifest.get("build_hash", ""))[:12]
    of = MappingSet(
        id=f"{view.base_iri}mappings/{version}",
        title="Mappings of the entities of a literature knowledge graph",
        version=version,
        license=shared or UNSPECIFIED_LICENSE,
        comment="" if shared else "The license of each mapping stands in its row.",
    )
    return write_mappings(mappings, of, form, labels=labels), len(mappings)


class SssomProfile:
    """The mappings of entities as SSSOM: TSV, or JSON in a file whose name ends so."""

    name = "sssom"
    summary = "mappings of entities to other registries, SSSOM (TSV; JSON to a FILE.json)"
    suffix = ".sssom.tsv"

    def write(self, view: View, target: Path) -> Written:
        """Write a view; the mappings are gathered in memory, 2 kB each."""
        is_json = target.suffix == ".json"
        text, count = export_mappings(view, SssomFormat("sssom-json" if is_json else "sssom-tsv"))
        target.write_text(text, encoding="utf-8")
        return Written(files={target: f"{count:,} mappings"})


def _table_labels(terms: set[str], manifest: Manifest[str, Any]) -> dict[str, str]:
    """Return what terms are called in the vocabulary tables that a graph was built with."""
    curies = {curie: iri for iri in terms if (curie := iri_to_curie(iri))}
    used = {TABLE_OF_PREFIX.get(curie.partition(":")[0]) for curie in curies}
    built_with = {str(each["sha256"]) for each in manifest.get("vocabularies", ())}
    return {
        curies[curie]: label
        for table in list_tables(vocabulary_folder())
        if table.name in used and table.sha256 in built_with
        for curie, label in read_labels(table)
        if curie in curies
    }


def _stated(view: View) -> Iterator[Mapping]:
    """Yield the mappings that are nodes."""
    nodes: dict[str, list[tuple[str, str]]] = {}
    for row in _rows(view, _STATED):
        slot, value = row["slot"].value, row["value"]
        if slot.startswith(SSSOM):
            name = slot.removeprefix(SSSOM)
            nodes.setdefault(str(row["node"]), []).append((name, _value(name, value)))
    for slots in nodes.values():
        core = dict(pair for pair in slots if pair[0] in CORE)
        if not core.keys() >= CORE - {"predicate_modifier"}:
            continue  # written by hand, and no whole mapping
        yield Mapping(
            subject=core["subject_id"],
            predicate=core["predicate_id"],
            object=core["object_id"],
            justification=core["mapping_justification"],
            negated=core.get("predicate_modifier") == "Not",
            slots=tuple(sorted(pair for pair in slots if pair[0] not in CORE)),
        )


def _value(name: str, value: NamedNode | BlankNode | Literal | Triple) -> str:
    if name in NUMBERS and isinstance(value, Literal):
        return number_text(value.value)
    return str(value) if isinstance(value, Triple) else value.value


def _of_vocabulary(subject: str, predicate: str, object_: str, releases: dict[str, str]) -> Mapping:
    name = _prefix(subject)
    slots = {
        "subject_source": _registry(name),
        "subject_source_version": releases.get(name, ""),
        "object_source": _registry(_prefix(object_)),
        "license": licence_of_prefix(name),
    }
    return Mapping(
        subject=subject,
        predicate=predicate,
        object=object_,
        justification=UNSPECIFIED,
        slots=tuple(sorted((slot, value) for slot, value in slots.items() if value)),
    )


def _prefix(iri: str) -> str:
    return (iri_to_curie(iri) or "").partition(":")[0]


def _registry(prefix: str) -> str:
    return f"{BIOREGISTRY}{PREFIXES[prefix].registry}" if prefix else ""


def _releases(manifest: Manifest[str, Any]) -> dict[str, str]:
    """Return the releases of the vocabularies that a graph was built with, by their prefixes."""
    releases = {
        str(each["file"]).partition(".")[0]: str(each["release"])
        for each in manifest.get("vocabularies", ())
    }
    return {
        prefix: releases[table] for prefix, table in TABLE_OF_PREFIX.items() if table in releases
    }


def _rows(view: View, sparql: str) -> QuerySolutions:
    found = view.store.query(sparql)
    assert isinstance(found, QuerySolutions)  # noqa: S101
    return found
