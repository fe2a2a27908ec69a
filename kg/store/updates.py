"""Floor 7: what people write into a graph: SPARQL Update, and the Graph Store Protocol's verbs.

    a request -> checked -> run on a copy of the live store -> its log with one entry more -> switch

A write that fails changes nothing and is not logged. What was built from files stays as it was in
`base/`, so that files can still be added and removed beneath what people wrote.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from textwrap import shorten

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store, parse

from kg.errors import InputError, QueryError
from kg.store import folders, loading
from kg.store.claims import Waiting, explained
from kg.store.loading import Wear
from kg.store.sparql import (
    explain_syntax_error,
    prepare_update,
    probe_update,
)
from kg.store.sparql_dataset import OtherGraphError, on_graph
from kg.store.sparql_tokens import UPDATE, SparqlError
from kg.store.unfinished import Live, Unfinished, begun, now, require_live
from kg.store.update_log import (
    N_TRIPLES,
    Entry,
    Failure,
    describe_updates,
    hash_with_updates,
    read_log,
    run_entry,
    write_log,
)

_KEEP = 3

_PREFIX = re.compile(r"((?:\w(?:[\w.-]*[\w-])?)?):")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a write made: the new generation, and how many statements there were and are.

    `created` tells whether the named graph that was written to was not there before.
    """

    generation: str
    before: int
    after: int
    created: bool


class GraphMissingError(QueryError):
    """The named graph that a request is about is not in the store."""


def update_graph(
    folder: Path,
    sparql: str,
    *,
    prefixes: Mapping[str, str] | None = None,
    base_iri: str | None = None,
    wait: float = 0.0,
    waiting: Waiting | None = None,
) -> Written:
    """Run a SPARQL 1.1 Update on a graph: all its operations, or none.

    `prefixes` need no declaration in it. It is parsed before the writer's lock is asked for; where
    another writer is at work, `waiting` is told, and this one waits for `wait` seconds.

    Raises:
        SparqlError: if it does not parse; it says at which line and column.
        QueryError: if it uses SERVICE or LOAD, or cannot be run on what is in the graph.
        GraphBusyError: if another writer still has the graph.
        StoreError: if there is no graph, it is damaged, or the disk is full.

    """
    known = dict(prefixes or {})
    check_update(sparql, known, base_iri)
    entry = _update_entry(sparql, known, base_iri)
    return _write(folder, entry, wait=wait, waiting=waiting)


def patch_graph(
    folder: Path,
    sparql: str,
    *,
    graph: str = "",
    prefixes: Mapping[str, str] | None = None,
    base_iri: str | None = None,
    wait: float = 0.0,
    waiting: Waiting | None = None,
) -> Written:
    """Run a SPARQL 1.1 Update on a named graph alone, or with an empty `graph` on the default one.

    To the update this graph is the default graph, and there is no other.

    Raises:
        OtherGraphError: if it names a graph.
        InputError: if `graph` is no IRI.
        QueryError, StoreError: as `update_graph`.

    """
    _named(graph)
    known = dict(prefixes or {})
    try:
        text = on_graph(sparql, graph, known)
    except OtherGraphError as error:
        try:
            check_update(sparql, known, base_iri)
        except SparqlError:
            # Where it does not even parse, that is to be told.
            raise
        except QueryError:
            pass
        raise error from None
    check_update(sparql, known, base_iri)
    entry = _update_entry(text, known, base_iri)
    return _write(folder, replace(entry, graph=graph), wait=wait, waiting=waiting)


def check_update(
    sparql: str, prefixes: Mapping[str, str] | None = None, base_iri: str | None = None
) -> None:
    """Make sure that an update parses and reaches nothing but the graph; nothing is run.

    Raises:
        SparqlError: if it does not parse, or is empty.
        QueryError: if it uses SERVICE or LOAD.

    """
    known = dict(prefixes or {})
    probe = probe_update(sparql, known)
    if probe is None or _complaint(probe, known, base_iri) is not None:
        text = prepare_update(sparql, known)
        raise explain_syntax_error(
            sparql,
            known,
            _complaint(text, known, base_iri) or "",
            lambda text: _complaint(text, known, base_iri),
            UPDATE,
        )


def is_empty_update(sparql: str, prefixes: Mapping[str, str] | None = None) -> bool:
    """Tell whether an update parses and has no operation, which the grammar of SPARQL allows.

    Raises:
        QueryError: if it uses SERVICE or LOAD.

    >>> is_empty_update("PREFIX ex: <http://example.org/> # nothing yet")
    True
    """
    known = dict(prefixes or {})
    if probe_update(sparql, known) is not None:
        return False
    return _complaint(prepare_update(sparql, known), known, None) is None


def put_graph(
    folder: Path,
    data: bytes,
    *,
    media_type: str,
    graph: str = "",
    base_iri: str | None = None,
    wait: float = 0.0,
    waiting: Waiting | None = None,
) -> Written:
    """Replace a named graph, or with an empty `graph` the default graph, by statements.

    Raises:
        InputError: if the statements cannot be read, or the media type is none of RDF.
        StoreError: as `update_graph`.

    """
    entry = _data_entry("put", data, media_type, graph, base_iri)
    return _write(folder, entry, wait=wait, waiting=waiting)


def post_graph(
    folder: Path,
    data: bytes,
    *,
    media_type: str,
    graph: str = "",
    base_iri: str | None = None,
    wait: float = 0.0,
    waiting: Waiting | None = None,
) -> Written:
    """Add statements to a named graph, or with an empty `graph` to the default graph.

    Raises:
        InputError: if the statements cannot be read, or the media type is none of RDF.
        StoreError: as `update_graph`.

    """
    entry = _data_entry("post", data, media_type, graph, base_iri)
    return _write(folder, entry, wait=wait, waiting=waiting)


def delete_graph(
    folder: Path,
    *,
    graph: str = "",
    wait: float = 0.0,
    waiting: Waiting | None = None,
) -> Written:
    """Remove a named graph, or with an empty `graph` all that is in the default graph.

    Raises:
        GraphMissingError: if there is no such named graph.
        InputError: if `graph` is no IRI.
        StoreError: as `update_graph`.

    """
    _named(graph)
    entry = Entry(sequence=0, at="", kind="delete", text="", media_type="", graph=graph)
    return _write(folder, entry, wait=wait, waiting=waiting)


def _update_entry(sparql: str, prefixes: Mapping[str, str], base_iri: str | None) -> Entry:
    used = set(_PREFIX.findall(sparql))
    return Entry(
        sequence=0,
        at="",
        kind="update",
        text=sparql,
        base_iri=base_iri,
        prefixes={name: iri for name, iri in prefixes.items() if name in used},
    )


def _data_entry(kind: str, data: bytes, media_type: str, graph: str, base_iri: str | None) -> Entry:
    """Read statements, and return the entry that has them as N-Triples.

    Blank nodes get labels that no other data has, since their scope is this data.
    """
    _named(graph)
    form = RdfFormat.from_media_type(media_type)
    if form is None:
        raise InputError(f"'{media_type}' is no media type of RDF that can be read")
    try:
        quads = parse(
            data, form, base_iri=base_iri, without_named_graphs=True, rename_blank_nodes=True
        )
        text = "".join(f"{quad.triple} .\n" for quad in quads)
    except SyntaxError as error:
        place = f"line {error.lineno}: " if error.lineno else ""
        raise InputError(f"the statements cannot be read: {place}{error.msg}") from error
    return Entry(sequence=0, at="", kind=kind, text=text, media_type=N_TRIPLES, graph=graph)


def _named(graph: str) -> NamedNode | DefaultGraph:
    try:
        return NamedNode(graph) if graph else DefaultGraph()
    except ValueError as error:
        raise InputError(f"'{graph}' is no IRI that a graph can have ({error})") from error


def _complaint(text: str, prefixes: Mapping[str, str], base_iri: str | None) -> str | None:
    """Return what Oxigraph says of an update that does not parse; None where it does."""
    try:
        Store().update(text, base_iri=base_iri, prefixes=dict(prefixes))
    except SyntaxError as error:
        return str(error.msg)
    except (RuntimeError, ValueError, OSError):
        return None
    return None


class _UpdateWriter(Unfinished):
    """The live generation with one more write."""

    def __init__(self, folder: Path, live: Live) -> None:
        self._log = read_log(live.path / folders.UPDATES)
        super().__init__(folder, live, from_live=True)
        self._live = live
        loading.copy_store(live.path / live.files_part, self.path / folders.BASE)
        loading.copy_store(live.path / folders.STORE, self.path / folders.STORE)
        self._store: Store | None = Store(str(self.path / folders.STORE))

    def run(self, entry: Entry) -> Written:
        """Run a write, log it, and switch.

        Raises:
            QueryError: if it cannot be run.
            StoreError: if the disk is full.

        """
        store = self._store
        assert store is not None  # noqa: S101
        before = int(self._live.manifest["quads"])
        named = NamedNode(entry.graph) if entry.graph else None
        missing = named is not None and not store.contains_named_graph(named)
        if missing and entry.kind == "delete":
            raise GraphMissingError(f"there is no graph <{entry.graph}> here")
        with explained(self.folder):
            run_entry(store, entry)
            created = missing and named is not None and store.contains_named_graph(named)
            self._log.append(entry)
            # Oxigraph closes a store when its last reference goes.
            self._store = None
            wear = loading.settle(store, self._live.wear(folders.STORE).after(0), before)
            del store
            after = loading.count_quads(self.path / folders.STORE)
            self._finish(after, wear.grown(abs(after - before)))
        return Written(generation=self.name, before=before, after=after, created=created)

    def discard(self) -> None:
        """Throw away what was written so far, unless it is live already."""
        self._store = None
        super().discard()

    def next_sequence(self) -> int:
        """Return the number of the entry after the last one."""
        return self._log[-1].sequence + 1 if self._log else 1

    def _finish(self, quads: int, wear: Wear) -> None:
        live = self._live
        write_log(self.path / folders.UPDATES, self._log)
        failed = live.manifest.get("updates", {}).get("failed", [])
        entry = self._log[-1]
        wears = {folders.BASE: live.wear(live.files_part), folders.STORE: wear}
        manifest = {
            **live.manifest,
            **describe_updates(
                self._log,
                [Failure(**each) for each in failed],
                quads=quads,
                files_quads=live.files_quads,
            ),
            "action": _describe(entry),
            "wear": {part: asdict(each) for part, each in wears.items()},
        }
        build_hash = hash_with_updates(str(live.manifest.get("build_hash", live.name)), self._log)
        self.switch(build_hash, manifest)


def _describe(entry: Entry) -> dict[str, object]:
    """Return what the manifest says was done."""
    action: dict[str, object] = {"kind": "update", "entry": entry.sequence, "request": entry.kind}
    if entry.kind == "update":
        return {**action, "summary": shorten(entry.text, 120, placeholder=" ...")}
    return {**action, "graph": entry.graph}


def _write(folder: Path, entry: Entry, *, wait: float, waiting: Waiting | None) -> Written:
    def begin(live: Live | None) -> _UpdateWriter:
        require_live(folder)
        assert live is not None  # noqa: S101
        return _UpdateWriter(folder, live)

    with begun(folder, begin, keep=_KEEP, wait=wait, waiting=waiting) as writer:
        return writer.run(replace(entry, sequence=writer.next_sequence(), at=now()))
