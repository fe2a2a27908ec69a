"""Floor 7: what people wrote into a graph, as a log that can be run again on another build of it.

`updates.log` is a file of JSON lines, oldest first, one for each write that was accepted. What was
built from files is not in it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from kg.errors import QueryError, StoreError
from kg.store import folders
from kg.store.sparql import prepare_update

SPARQL_UPDATE = "application/sparql-update"
N_TRIPLES = "application/n-triples"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One accepted write.

    `kind` is "update" (SPARQL Update; `text` is the request, `prefixes` those it used without
    declaring them, `base_iri` what its relative IRIs go by) or one of the Graph Store Protocol:
    "put", "post" and "delete" (`text` is the statements as N-Triples, `graph` the IRI of the graph,
    or an empty string for the default graph).
    """

    sequence: int
    at: str
    kind: str
    text: str
    media_type: str = SPARQL_UPDATE
    graph: str = ""
    base_iri: str | None = None
    prefixes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A write of the log that could not be run again, so that the graph is as if it never was."""

    sequence: int
    message: str


def read_log(path: Path) -> list[Entry]:
    """Return the entries of a log; of one that is not there, none.

    Raises:
        StoreError: if a line cannot be read.

    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{path}: cannot be read ({error}); {_WAY_OUT}") from error
    entries = []
    for number, line in enumerate(lines, start=1):
        if not line:
            continue
        try:
            entries.append(Entry(**json.loads(line)))
        except (ValueError, TypeError) as error:
            raise StoreError(
                f"{path}:{number}: is no entry of a log of updates; {_WAY_OUT}"
            ) from error
    return entries


_WAY_OUT = (
    "mend the file, or build with --discard-updates, which leaves out what was written by hand"
)


def write_log(path: Path, entries: Iterable[Entry]) -> None:
    """Write a log, and wait until it is on the disk."""
    lines = (json.dumps(asdict(entry), ensure_ascii=False, sort_keys=True) for entry in entries)
    folders.write_synced(path, "".join(f"{line}\n" for line in lines))


def hash_with_updates(build_hash: str, entries: Iterable[Entry]) -> str:
    """Return the hash that names a graph made of what was built and of what people wrote."""
    digest = sha256(build_hash.encode())
    for entry in entries:
        row = (entry.kind, entry.text, entry.graph, entry.base_iri, sorted(entry.prefixes.items()))
        digest.update(json.dumps(row).encode())
    return digest.hexdigest()


def describe_updates(
    entries: Sequence[Entry], failures: Sequence[Failure], *, quads: int, files_quads: int
) -> dict[str, Any]:
    """Return what the manifest of a graph that people wrote into has of it.

    `quads` is how many statements there are in all, `files_quads` how many were built from files.
    """
    return {
        "quads": quads,
        "updates": {
            "entries": len(entries),
            "files_quads": files_quads,
            "failed": [asdict(failure) for failure in failures],
        },
    }


def run_entry(store: Store, entry: Entry) -> None:
    """Run one write on a store: wholly, or not at all.

    Raises:
        QueryError: if it cannot be run on what the store holds.
        OSError, RuntimeError: if the disk is full, or may not be written to.

    """
    graph = NamedNode(entry.graph) if entry.graph else DefaultGraph()
    try:
        match entry.kind:
            case "update":
                _update(store, entry)
            case "put":
                store.remove_graph(graph)
                if not isinstance(graph, DefaultGraph):
                    store.add_graph(graph)
                store.extend(_quads(entry, graph))
            case "post":
                store.extend(_quads(entry, graph))
            case "delete":
                store.remove_graph(graph)
            case _:
                raise QueryError(f"'{entry.kind}' is no kind of write that is known here")
    except (RuntimeError, ValueError, OSError, SyntaxError) as error:
        is_of_disk = isinstance(error, OSError | RuntimeError)
        if is_of_disk and (folders.is_full(error) or folders.is_read_only(error)):
            raise
        raise QueryError(f"the update cannot be run: {error}") from error


def replay(store: Store, entries: Iterable[Entry]) -> list[Failure]:
    """Run writes in order, and return those that could not be run (there is nothing to drop, say).

    Raises:
        OSError, RuntimeError: if the disk is full, or may not be written to.

    """
    failures = []
    for entry in entries:
        try:
            run_entry(store, entry)
        except QueryError as error:
            failures.append(Failure(sequence=entry.sequence, message=str(error)))
    return failures


def _update(store: Store, entry: Entry) -> None:
    safe = prepare_update(entry.text, entry.prefixes)
    store.update(safe, base_iri=entry.base_iri, prefixes=dict(entry.prefixes))


def _quads(entry: Entry, graph: NamedNode | DefaultGraph) -> Iterable[Quad]:
    # Blank nodes keep their labels, which were made for this write, so that it is the same each
    # time it is run.
    for quad in parse(entry.text, RdfFormat.N_TRIPLES, lenient=True):
        yield Quad(quad.subject, quad.predicate, quad.object, graph)
