"""Floor 9: ontologies of others added to a graph and taken out of it, at the cost of entities.

An ontology is kept whole in a file beside the store, so that what files bring later finds its
classes there. What of it is in the graph follows from the entities of the graph (and, of a whole
one, all its classes): a build of the same files with the same ontologies gives the same graph.
"""

import re
import shutil
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from kg.errors import InputError, StoreError
from kg.namespaces import DEFAULT_BASE, KG, content_hash
from kg.pipeline.describing import describe
from kg.pipeline.lookups import Lookups
from kg.pipeline.manifest import describe_ontologies
from kg.pipeline.settings import BuildOptions
from kg.rdf.entities import Parents, close_upwards, write_entities
from kg.rdf.ontology_classes import ontology_lines
from kg.reasoning.graphs import KEY as REASONING
from kg.reasoning.graphs import update_inferred
from kg.store import Changed, GenerationWriter, open_graph, write_generation
from kg.store.update_log import Failure
from kg.vocabulary.hierarchy import reached
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.ontologies import (
    Description,
    Extent,
    Ontology,
    OntologyFile,
    read_ontology,
    write_ontologies,
)
from kg.vocabulary.ontologies.files import NAME as ONTOLOGIES

_SUFFIXES = (".zst", ".gz", ".json", ".obo", ".owl", ".ttl", ".ofn", ".owx", ".omn", ".rdf", ".xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class OntologyReport:
    """What adding an ontology, or taking it out, came to.

    `classes` counts its classes that are in the graph and in no vocabulary, `described` the
    entities of the vocabularies that it says something of.
    """

    ontology: Description
    folder: Path
    classes: int
    described: int
    added: int
    removed: int
    quads: int
    seconds: float
    failures: tuple[Failure, ...] = ()


@contextmanager
def open_ontologies(path: Path | None) -> Iterator[OntologyFile | None]:
    """Open a file of ontologies; None where there is none."""
    if path is None or not path.is_file():
        yield None
        return
    with OntologyFile(path) as opened:
        yield opened


def take_over_ontologies(generation: GenerationWriter) -> Path | None:
    """Copy the ontologies that were added to the live generation into one that is built anew."""
    if generation.live is None or not (generation.live.path / ONTOLOGIES).is_file():
        return None
    path = generation.add_file(ONTOLOGIES)
    if not path.exists():
        shutil.copyfile(generation.live.path / ONTOLOGIES, path)
    return path


def list_ontologies(folder: Path) -> tuple[Description, ...]:
    """Return the ontologies that were added to a graph, by name.

    Raises:
        StoreError: if there is no graph, or it is damaged.
    """
    with open_graph(folder) as graph, open_ontologies(graph.path / ONTOLOGIES) as ontologies:
        return ontologies.descriptions if ontologies is not None else ()


def add_ontology(
    path: Path,
    folder: Path,
    lexicon: Lexicon,
    *,
    name: str = "",
    origin: str = "",
    extent: Extent = "module",
    options: BuildOptions | None = None,
) -> OntologyReport | None:
    """Add an ontology to a graph, or put it in the place of the one of its name.

    None where the graph has its content already. `origin` is where the file came from, if not from
    `path`. The extent "module" brings in the classes that the graph's entities are, or are the same
    thing as, and all that stand over them; "whole" brings in all.

    Raises:
        InputError: if the file is no ontology.
        StoreError: if there is no graph, it was built with other vocabularies, or it cannot be
            written.
    """
    started = time.monotonic()
    ontology = read_ontology(path)
    description = _describe(path, ontology, name, origin, extent)
    with open_graph(folder) as graph:
        _check_vocabularies(graph.manifest, lexicon, folder)
        if any(_is_same(description, each) for each in graph.manifest.get("ontologies", ())):
            return None
    with _begun(folder, options or BuildOptions()) as change:
        base = str(change.manifest.get("base_iri", DEFAULT_BASE))
        if not description.iri:
            minted = f"{base}ontology/{content_hash(description.sha256)}"
            description = replace(description, iri=minted)
        return change.run(lexicon, description.name, started, "add", ontology, description)


def remove_ontology(
    folder: Path, lexicon: Lexicon, name: str, *, options: BuildOptions | None = None
) -> OntologyReport:
    """Take an ontology out of a graph, by its name or its IRI.

    Raises:
        InputError: if there is none of that name.
        StoreError: as `add_ontology`.
    """
    started = time.monotonic()
    with open_graph(folder) as graph:
        _check_vocabularies(graph.manifest, lexicon, folder)
    with _begun(folder, options or BuildOptions()) as change:
        known = change.known.descriptions if change.known is not None else ()
        found = [each for each in known if name in {each.name, each.iri}]
        if not found:
            names = ", ".join(each.name for each in known) or "none"
            raise InputError(f"{folder}: no ontology called '{name}' was added; there are: {names}")
        return change.run(lexicon, found[0].name, started, "remove")


def _describe(
    path: Path, ontology: Ontology, name: str, origin: str, extent: Extent
) -> Description:
    digest = sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
    file = origin or path.name
    return Description(
        name=name or _name_of(ontology.iri or file),
        iri=ontology.iri,
        version=ontology.version,
        title=ontology.title,
        syntax=ontology.syntax,
        file=file,
        sha256=digest.hexdigest(),
        extent=extent,
        imports=ontology.imports,
    )


def _name_of(iri: str) -> str:
    """Return a short name by the end of an IRI or of a file's name.

    >>> _name_of("http://purl.obolibrary.org/obo/cl.owl"), _name_of("http://example.org/my/onto#")
    ('cl', 'onto')
    """
    end = re.split(r"[/#]", iri.rstrip("/#"))[-1]
    while end.lower().endswith(_SUFFIXES):
        end = end.rpartition(".")[0]
    return end or "ontology"


def _is_same(description: Description, known: dict[str, Any]) -> bool:
    names = ("name", "sha256", "extent")
    return all(getattr(description, each) == known.get(each) for each in names)


def _check_vocabularies(manifest: dict[str, Any], lexicon: Lexicon, folder: Path) -> None:
    if "vocabularies" not in manifest:
        return  # statements of others, loaded as they were
    built = {(each["file"], each["sha256"]) for each in manifest["vocabularies"]}
    if built != {(each["file"], each["sha256"]) for each in lexicon.vocabularies}:
        raise StoreError(
            f"{folder}: the graph was built with other vocabularies; give the same --lexicon and "
            "--vocabulary, or build it anew from its records with kg rebuild"
        )


@contextmanager
def _begun(folder: Path, how: BuildOptions) -> Iterator["_OntologyChange"]:
    with write_generation(
        folder, build_hash=None, from_live=True, wait=how.wait, waiting=how.waiting
    ) as generation:
        assert generation.live is not None  # noqa: S101 (begun from it)
        with open_ontologies(generation.live.path / ONTOLOGIES) as known:
            yield _OntologyChange(generation, known, how)


class _OntologyChange:
    """A change of the ontologies of a graph, from what was known to the switch."""

    def __init__(
        self, generation: GenerationWriter, known: OntologyFile | None, how: BuildOptions
    ) -> None:
        assert generation.live is not None  # noqa: S101 (begun from it)
        self._generation = generation
        self._live = generation.live
        self._how = how
        self.manifest = dict(generation.live.manifest)
        self.known = known

    def run(
        self,
        lexicon: Lexicon,
        name: str,
        started: float,
        kind: str,
        ontology: Ontology | None = None,
        description: Description | None = None,
    ) -> OntologyReport:
        """Write the ontologies' file anew, then the statements of all entities; and switch."""
        self._how.progress("reading the ontology", 0, None)
        path = self._generation.add_file(ONTOLOGIES)
        added = write_ontologies(
            path, self.known, without=name, ontology=ontology, description=description
        )
        # Nothing may hold the store when it is closed.
        terms, mentioned = _find_terms(Lookups(self._generation.store))
        self._how.progress("changing entities", 0, None)
        with open_ontologies(path) as now:
            plain = close_upwards(terms, lexicon)
            was_closed = _closed(plain, lexicon, self.known)
            closed = _closed(plain, lexicon, now)
            touched = _touched(was_closed, closed, self.known, now)
            # What lists say of the entity that they are about is in neither.
            old = _lines(was_closed, lexicon, self.known, mentioned, touched)
            new = _lines(closed, lexicon, now, mentioned, touched)
            gone = [line for line in old if line not in new]
            come = [line for line in new if line not in old]
            changed = self._generation.apply(gone, come)
            if REASONING in self.manifest:
                base = str(self.manifest.get("base_iri", DEFAULT_BASE))
                lines = [*gone, *come]
                self.manifest[REASONING] = update_inferred(self._generation, base, lines)
            descriptions = now.descriptions if now is not None else ()
            of_this = [] if now is None else [each for each in closed if now.has(name, each)]
        described = self._finish(kind, name, descriptions)
        return OntologyReport(
            ontology=added or self._describe_known(name),
            folder=self._generation.folder,
            classes=sum(lexicon.term(each) is None for each in of_this),
            described=sum(lexicon.term(each) is not None for each in of_this),
            added=changed.added + described.added,
            removed=changed.removed + described.removed,
            quads=self._generation.quads,
            seconds=time.monotonic() - started,
            failures=self._generation.failures,
        )

    def _describe_known(self, name: str) -> Description:
        known = self.known.descriptions if self.known is not None else ()
        return next(each for each in known if each.name == name)

    def _finish(self, kind: str, name: str, descriptions: tuple[Description, ...]) -> Changed:
        files_hash = str(self.manifest.get("files_hash") or self.manifest.get("build_hash"))
        manifest = {key: value for key, value in self.manifest.items() if key != "files_hash"}
        manifest |= describe_ontologies(files_hash, descriptions)
        manifest["action"] = {"kind": f"ontology {kind}", "inputs": [name]}
        manifest["quads"] = self._generation.quads
        manifest, described = describe(self._generation, manifest)
        self._generation.finish(manifest)
        return described


def _find_terms(graph: Lookups) -> tuple[set[str], set[str]]:
    """Return the entities that the graph has for their own sake, and those of them mentioned."""
    curies = dict(graph.pairs(f"{KG}curie"))
    nodes: set[str] = set()
    for name in ("refersTo", "mayReferTo", "topic"):
        nodes.update(value for _, value in graph.pairs(f"{KG}{name}"))
    mentioned = {value for _, value in graph.pairs(f"{KG}mentions")}
    return (
        {curies[node] for node in nodes if node in curies},
        {curies[node] for node in mentioned if node in curies},
    )


def _closed(
    plain: dict[str, Parents], lexicon: Lexicon, ontologies: OntologyFile | None
) -> dict[str, Parents]:
    """Return the entities of a graph, closed upwards by the vocabularies, with ontologies."""
    if ontologies is None:
        return plain
    return close_upwards({*plain, *ontologies.whole_terms()}, lexicon, ontologies)


def _touched(
    was_closed: dict[str, Parents],
    closed: dict[str, Parents],
    *ontologies: OntologyFile | None,
) -> set[str]:
    """Return the entities of which something may be stated in another way.

    Those that an ontology has, those with other parents, and all that stand under these, since
    what stands over them is told as well.
    """
    either = was_closed.keys() | closed.keys()
    changed = {one for one in either if was_closed.get(one) != closed.get(one)}
    children: dict[str, list[str]] = defaultdict(list)
    for closure in (was_closed, closed):
        for child, parents in closure.items():
            for parent in parents:
                children[parent].append(child)
    under = reached(changed, lambda one: children.get(one, ()))
    named = {one for each in ontologies if each is not None for one in either if each.concerns(one)}
    return under | named


def _lines(
    closed: dict[str, Parents],
    lexicon: Lexicon,
    ontologies: OntologyFile | None,
    mentioned: set[str],
    only: set[str],
) -> dict[str, None]:
    written = write_entities(
        closed, lexicon, {}, mentioned=mentioned, ontologies=ontologies, only=only
    )
    lines = dict.fromkeys(written)
    if ontologies is not None:
        lines |= dict.fromkeys(ontology_lines(ontologies.descriptions))
    return lines
