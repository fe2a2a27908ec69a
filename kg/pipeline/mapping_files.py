"""Floor 9: mappings from a file into a graph: those of the entities that the graph holds.

They are written as people's own statements are (`kg.store.updates`): what was built from files
stays as it was beneath them, and they are written again when the graph is built again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kg.exports.mappings import entity_labels, graph_mappings
from kg.exports.view import View
from kg.mappings import Mapping, MappingSet, read_mappings
from kg.mappings.model import SUBJECT_LABEL
from kg.model import Problem
from kg.namespaces import DEFAULT_BASE, curie_to_iri, has_iri, iri_to_curie
from kg.rdf.mappings import mapping_lines, obsolete_lines
from kg.store import Waiting, open_graph, post_graph
from kg.store.update_log import N_TRIPLES
from kg.vocabulary.tables import list_tables, read_obsolete, vocabulary_folder

if TYPE_CHECKING:
    from kg.mappings.model import Key


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingImport:
    """What came of a file of mappings.

    `added` are new, `known` were in the graph already; `outside` are subjects that the graph does
    not hold, each as often as it stands in the file, and `turnable` tells how many of these rows
    have an object that it does; `problems` are rows that cannot be used.
    `obsolete` are the terms, among those that were added, that their vocabularies have given up.
    `generation` is empty where there was nothing to add.
    """

    added: tuple[Mapping, ...]
    known: int
    outside: tuple[str, ...]
    turnable: int
    obsolete: tuple[str, ...]
    problems: tuple[Problem, ...]
    before: int
    after: int
    generation: str = ""


def import_mappings(
    folder: Path,
    path: Path,
    *,
    metadata: Path | None = None,
    inverse: bool = False,
    wait: float = 0.0,
    waiting: Waiting | None = None,
) -> MappingImport:
    """Add the mappings of a file of SSSOM to a graph; a file that is read again adds nothing.

    A mapping that names no set it comes from, or no license, has those of its file. With `inverse`,
    one whose object alone is an entity of the graph is turned round.

    Raises:
        InputError: if the file cannot be read, or is no SSSOM.
        StoreError: if there is no graph, another writer has it, or the disk is full.

    """
    file = read_mappings(path, metadata=metadata)
    with open_graph(folder) as graph:
        view = View(store=graph.store, manifest=graph.manifest)
        entities = entity_labels(view)
        known = {one.key() for one in graph_mappings(view, entities)}
        base = str(graph.manifest.get("base_iri") or DEFAULT_BASE)
        before = int(graph.manifest["quads"])
    added: dict[Key, Mapping] = {}
    problems: list[Problem] = []
    outside: list[str] = []
    already = turnable = 0
    for row in file.rows:
        if isinstance(row, Problem):
            problems.append(row)
            continue
        if row.subject not in entities and row.object in entities and inverse:
            row = row.inverse()  # noqa: PLW2901
        if row.subject not in entities:
            outside.append(iri_to_curie(row.subject) or row.subject)
            turnable += row.object in entities
        else:
            whole = _with_defaults(row, file.set)
            if row.key() in known or whole.key() in known:
                already += 1
            else:
                added.setdefault(whole.key(), whole)
    obsolete = _obsolete(added.values())
    lines = [line for one in added.values() for line in mapping_lines(base, one)]
    for term, others in obsolete.items():
        lines += obsolete_lines(term, others)
    report = MappingImport(
        added=tuple(added.values()),
        known=already,
        outside=tuple(outside),
        turnable=turnable,
        obsolete=tuple(iri_to_curie(term) or term for term in obsolete),
        problems=tuple(problems),
        before=before,
        after=before,
    )
    if not added:
        return report
    written = post_graph(
        folder,
        "\n".join(sorted(set(lines))).encode(),
        media_type=N_TRIPLES,
        wait=wait,
        waiting=waiting,
    )
    return replace(
        report, before=written.before, after=written.after, generation=written.generation
    )


def _with_defaults(mapping: Mapping, of: MappingSet) -> Mapping:
    """Return a mapping with what its file says of all its mappings.

    What its subject is called is left to the graph.
    """
    slots = dict(mapping.slots)
    more = [
        (name, value)
        for name, value in (("mapping_source", of.id), ("license", of.license))
        if "://" in value and name not in slots
    ]
    own = (pair for pair in mapping.slots if pair[0] != SUBJECT_LABEL)
    return replace(mapping, slots=tuple(sorted((*own, *more))))


def _obsolete(mappings: Iterable[Mapping]) -> dict[str, tuple[str, ...]]:
    """Return those terms of mappings that the vocabulary tables know to be obsolete.

    The IRI of each, with those of what replaces it.
    """
    used = {iri for one in mappings for iri in (one.subject, one.object)}
    curies = {curie: iri for iri in sorted(used) if (curie := iri_to_curie(iri))}
    if not curies:
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for table in list_tables(vocabulary_folder()):
        for curie, others in read_obsolete(table):
            if curie in curies:
                iris = tuple(curie_to_iri(other) for other in others if has_iri(other))
                found[curies[curie]] = iris
    return found
