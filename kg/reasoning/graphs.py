"""Floor 8: graphs on disk with what follows from them: inferred, kept up to date, taken out."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from time import perf_counter
from typing import Any

from pyoxigraph import NamedNode, Store

from kg.namespaces import DEFAULT_BASE, PROV, RDF, RDFS, inferred_graph
from kg.rdf.ntriples import text
from kg.reasoning.materialise import Inferred, Load, materialise
from kg.reasoning.ontology import ontology_ntriples, ontology_version
from kg.reasoning.updating import find_changes
from kg.store import GenerationWriter, Waiting, write_generation

KEY = "reasoning"
"""What the manifest of a graph has of what was inferred in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonReport:
    """What reasoning made of a graph. `statements` counts what is stated, `seconds` wall clock."""

    folder: Path
    graph: str
    inferred: Inferred
    statements: int
    seconds: float


def reason_graph(
    folder: Path, *, wait: float = 0.0, waiting: Waiting | None = None
) -> ReasonReport:
    """Infer what follows from the ontology and a graph, as a new generation of it.

    It goes into the graph's named graph `inferred_graph(base)`; what was inferred there before is
    replaced. What people wrote with SPARQL Update is reasoned over as well.

    Raises:
        StoreError: if there is no graph, it cannot be written, or another writer has it.
    """
    started = perf_counter()
    with _begin(folder, wait, waiting) as generation:
        manifest, base = _read_manifest(generation)
        if has_inferred(generation.store, base):
            generation.clear_graph(inferred_graph(base))
        stated = generation.quads
        inferred = infer(generation, base)
        action = {"kind": "reason", "inferred": inferred.statements}
        described = {KEY: describe(inferred), "quads": generation.quads, "action": action}
        generation.finish({**manifest, **described})
    return ReasonReport(
        folder=folder,
        graph=inferred_graph(base),
        inferred=inferred,
        statements=stated,
        seconds=perf_counter() - started,
    )


def remove_inferred(folder: Path, *, wait: float = 0.0, waiting: Waiting | None = None) -> int:
    """Take out what was inferred, as a new generation; return how many statements went.

    Where nothing was inferred, nothing is written.

    Raises:
        StoreError: if there is no graph, it cannot be written, or another writer has it.
    """
    with _begin(folder, wait, waiting) as generation:
        manifest, base = _read_manifest(generation)
        if not has_inferred(generation.store, base):
            generation.abandon()
            return 0
        before = generation.quads
        generation.clear_graph(inferred_graph(base))
        generation.after_updates = lambda store, _load: _clear(store, base)
        after = generation.quads
        action = {"kind": "reason", "inferred": 0}
        generation.finish({**manifest, "quads": after, "action": action})
    return before - after


def infer(generation: GenerationWriter, base: str) -> Inferred:
    """Infer what follows from a generation that is being written and holds nothing inferred yet.

    Once what people wrote was run on it, it is reasoned over anew.
    """
    inferred = _infer(generation.store, base, generation.load)
    _reason_after_updates(generation, base)
    return inferred


def update_inferred(
    generation: GenerationWriter, base: str, changed: Iterable[str]
) -> dict[str, Any]:
    """Bring what was inferred up to date with statements (N-Triples) that may have changed.

    Returns what the manifest is to have of it. Where axioms changed that much else rests on, it is
    made anew; else how many statements each rule gave is no longer told.
    """
    assert generation.live is not None  # noqa: S101 (begun from it)
    known = generation.live.manifest.get(KEY, {})
    graph = inferred_graph(base)
    ontology = ontology_ntriples()
    changes = None
    if known.get("ontology_sha256") == sha256(ontology).hexdigest():
        changes = find_changes(generation.open_live(), generation.store, ontology, graph, changed)
    if changes is None:
        generation.clear_graph(graph)
        return describe(infer(generation, base))
    done = generation.apply(changes.removed, changes.added)
    _reason_after_updates(generation, base)
    updated = {**known, "statements": int(known["statements"]) + done.added - done.removed}
    if done.added or done.removed:
        updated.pop("rules", None)
    return updated


def has_inferred(store: Store, base: str) -> bool:
    """Tell whether a store has a graph of what was inferred."""
    return store.contains_named_graph(NamedNode(inferred_graph(base)))


def describe(inferred: Inferred) -> dict[str, Any]:
    """Return what a manifest says of what was inferred."""
    return {
        "ontology_sha256": sha256(ontology_ntriples()).hexdigest(),
        "statements": inferred.statements,
        "rules": inferred.counts,
    }


def _begin(
    folder: Path, wait: float, waiting: Waiting | None
) -> AbstractContextManager[GenerationWriter]:
    return write_generation(folder, build_hash=None, from_live=True, wait=wait, waiting=waiting)


def _read_manifest(generation: GenerationWriter) -> tuple[dict[str, Any], str]:
    """Return what the live generation says of what was built from files, and the base of IRIs."""
    assert generation.live is not None  # noqa: S101 (begun from it)
    manifest = {**generation.live.manifest}
    for each in ("updates", KEY):
        manifest.pop(each, None)
    manifest.setdefault("build_hash", generation.live.name.rpartition("-")[2])
    return manifest, str(manifest.get("base_iri") or DEFAULT_BASE)


def _reason_after_updates(generation: GenerationWriter, base: str) -> None:
    def after_updates(store: Store, load: Load) -> None:
        _clear(store, base)
        _infer(store, base, load)

    generation.after_updates = after_updates


def _infer(store: Store, base: str, load: Load) -> Inferred:
    graph = inferred_graph(base)
    inferred = materialise(store, ontology_ntriples(), graph, load)
    about = _provenance(graph)
    load([about])
    return replace(inferred, lines=inferred.statements + about.count(b"\n"))


def _clear(store: Store, base: str) -> None:
    if has_inferred(store, base):
        store.remove_graph(NamedNode(inferred_graph(base)))


def _provenance(graph: str) -> bytes:
    """Return what the graph of inferred statements says of itself, as N-Quads."""
    about = (
        f"<{RDF}type> <{PROV}Entity>",
        f"<{RDFS}label> {text('What follows from the ontology by OWL 2 RL')}",
        f"<{PROV}wasDerivedFrom> <{ontology_version()}>",
    )
    return "".join(f"<{graph}> {each} <{graph}> .\n" for each in about).encode()
