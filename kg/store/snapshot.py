"""Floor 7: reads the live generation of a graph, which never changes while it is open."""

import fcntl
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from stat import S_ISREG
from typing import Any, Protocol

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Store,
)

from kg.errors import QueryError, StoreError
from kg.store import folders
from kg.store.asking import explain, with_columns_as_named, with_services_answered
from kg.store.federation import Services
from kg.store.sparql import without_service

# How often CURRENT is read again where the generation that it named was pruned in between.
_ATTEMPTS = 10


class Graph:
    """One generation, open for reading; made by `open_graph`.

    `path` is the generation's folder, `generation` its name, `manifest` what its build wrote down.
    `store` is Oxigraph's own handle, read-only, for what the methods here do not offer; queries
    that a person wrote go through `query`.
    """

    def __init__(self, path: Path, store: Store, manifest: dict[str, Any]) -> None:
        self.path = path
        self.generation = path.name
        self.store = store
        self.manifest = manifest

    def __len__(self) -> int:
        """Return the number of quads, counted (about 0.4 s a million)."""
        return len(self.store)

    def quads(self) -> Iterator[Quad]:
        """Yield every quad, in no particular order."""
        yield from self.store

    def contains_named_graph(self, iri: str) -> bool:
        """Tell whether there is a graph of that name, with statements in it or not."""
        return self.store.contains_named_graph(NamedNode(iri))

    def size_on_disk(self) -> int:
        """Return the size of the generation's files in bytes."""
        size = 0
        for path in self.path.rglob("*"):
            # The text index is made while others read.
            with suppress(FileNotFoundError):
                status = path.stat()
                size += status.st_size if S_ISREG(status.st_mode) else 0
        return size

    def query(
        self,
        sparql: str,
        *,
        prefixes: Mapping[str, str] | None = None,
        base_iri: str | None = None,
        also: Iterable[str] = (),
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        services: Services | None = None,
    ) -> QuerySolutions | QueryBoolean | QueryTriples:
        """Run a SPARQL 1.1 query; `prefixes` need no declaration in it.

        `also` names graphs that are read together with the default graph, as if they were part of
        it; a query that has FROM clauses of its own is not to be given any. `default_graphs` and
        `named_graphs` are the dataset that the SPARQL Protocol lets a client give: the query sees
        these graphs alone, whatever its FROM says. A SERVICE is answered first, by `services`;
        without them, each is refused.

        Raises:
            SparqlError: if it does not parse; it says at which line and column.
            QueryError: if it uses a SERVICE that is not allowed, or a function that does not exist.
            ServiceError: if a service fails.
            StoreError: if the files of the store are damaged.

        """
        # Oxigraph reads each of them for each query.
        known = {name: iri for name, iri in (prefixes or {}).items() if f"{name}:" in sparql}
        also = tuple(also)

        def select(text: str) -> QuerySolutions:
            found = self.query(
                text,
                prefixes=known,
                base_iri=base_iri,
                also=also,
                default_graphs=default_graphs,
                named_graphs=named_graphs,
            )
            assert isinstance(found, QuerySolutions)  # noqa: S101
            return found

        sparql = with_services_answered(sparql, known, services or Services(), select, base_iri)
        safe = with_columns_as_named(without_service(sparql, known), known, base_iri)
        try:
            return self.store.query(
                safe,
                prefixes=known,
                base_iri=base_iri,
                default_graph=_default_graph(also, default_graphs),
                named_graphs=None if named_graphs is None else list(map(NamedNode, named_graphs)),
            )
        except SyntaxError as error:
            said = str(error.msg)
        except (RuntimeError, ValueError, OSError) as error:
            if "orruption" in str(error):
                raise folders.damaged(self.path.parents[1], str(error)) from error
            raise QueryError(f"the query cannot be run: {error}") from error
        raise explain(sparql, known, said, base_iri)


class _Asked(Protocol):
    """A graph, here or elsewhere."""

    def query(
        self, sparql: str, /, *, services: Services | None
    ) -> QuerySolutions | QueryBoolean | QueryTriples:
        """Run a query, with services that it may ask."""


class FederatedGraph:
    """A graph that asks these services where a query says so; else as the graph."""

    def __init__(self, graph: _Asked, services: Services) -> None:
        self._graph = graph
        self._services = services

    def query(self, sparql: str) -> QuerySolutions | QueryBoolean | QueryTriples:
        """Run a query, as `Graph.query`."""
        return self._graph.query(sparql, services=self._services)


def _default_graph(
    also: Iterable[str], given: Sequence[str] | None
) -> list[NamedNode | BlankNode | DefaultGraph] | None:
    """Return the graphs that a query reads as its default graph; None for the graph's own."""
    if given is not None:
        return list(map(NamedNode, given))
    more = list(map(NamedNode, also))
    return [DefaultGraph(), *more] if more else None


@contextmanager
def open_graph(folder: Path, generation: str = "") -> Iterator[Graph]:
    """Open the live generation of a graph for reading, and hold it until the block ends.

    A build that switches to a newer generation meanwhile changes nothing here, and does not remove
    this one. `generation` opens another than the live one, by its number or its name.

    Raises:
        StoreError: if there is no graph in the folder, no such generation, or it is damaged.

    """
    with ExitStack() as held:
        try:
            path = _hold(folder, held, generation)
        except OSError as error:
            raise StoreError(f"{folder}: cannot be read ({error.strerror or error})") from error
        yield _open(folder, path)


def _hold(folder: Path, held: ExitStack, generation: str) -> Path:
    """Lock a generation against pruning, the live one if none is named, and return its folder."""
    path = folder
    for _ in range(_ATTEMPTS):
        name = _live(folder)
        if generation:
            name = folders.find_generation(folder, generation)
        path = folder / folders.GENERATIONS / name
        with suppress(BlockingIOError, FileNotFoundError):
            held.enter_context(folders.locked(path / folders.LOCK, fcntl.LOCK_SH))
            return path
    raise folders.damaged(folder, f"{path.name} cannot be locked")


def _live(folder: Path) -> str:
    if not folder.exists():
        raise StoreError(
            f"{folder}: there is no graph here; build one with kg build ... -o {folder}"
        )
    if not folders.is_graph(folder):
        raise StoreError(
            f"{folder}: is no graph; name the folder that kg build wrote (its name ends in .kg)"
        )
    name = folders.read_current(folder)
    if not name:
        raise StoreError(
            f"{folder}: holds no finished graph: its build is running, or was stopped; "
            "wait for it, or build again"
        )
    return name


def _open(folder: Path, path: Path) -> Graph:
    try:
        manifest = folders.read_manifest(path)
        store = Store.read_only(str(path / folders.STORE))
    except (OSError, RuntimeError, ValueError) as error:
        if folders.is_short_of_files(error):
            raise StoreError(
                f"{folder}: the graph cannot be opened, as too few files may be open at once; "
                "allow more, with ulimit -n 1024"
            ) from error
        raise folders.damaged(folder, f"{path.name} cannot be opened ({error})") from error
    return Graph(path, store, manifest)
