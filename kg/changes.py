"""Floor 8: what two graphs do not share: papers, entities, assertions, and a patch between them.

two graphs -> statements gained and lost -> what they are about -> Difference, RDF Patch
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, Generic, TypeVar
from uuid import NAMESPACE_URL, uuid5

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Store, Triple

from kg.errors import KgError
from kg.namespaces import DCTERMS, KG, RDF, RDFS, iri_to_curie
from kg.rdf.nodes import CLASS_OF_TYPE
from kg.store import Graph
from kg.store.difference import Change, compare_statements, parse_line

_Node = NamedNode | BlankNode | Triple
_Term = NamedNode | BlankNode | Literal | Triple

_TYPE = NamedNode(f"{RDF}type")
_LABEL = NamedNode(f"{RDFS}label")
_TITLE = NamedNode(f"{DCTERMS}title")
_DEFAULT = DefaultGraph()

_PAPER, _ENTITY, _ASSERTION = "paper", "entity", "assertion"
_KINDS = {
    NamedNode(f"{KG}Publication"): _PAPER,
    NamedNode(f"{KG}Assertion"): _ASSERTION,
    **{NamedNode(f"{KG}{name}"): _ENTITY for name in CLASS_OF_TYPE.values()},
}
_NAMES = {f"{KG}{name}": str(kind) for kind, name in CLASS_OF_TYPE.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperNode:
    """A paper of a graph, as it stands there; what a graph does not tell is empty or None."""

    iri: str
    id: str
    title: str
    journal: str
    year: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityNode:
    """An entity of a graph; `papers` counts those that mention it, 0 for a mere ancestor."""

    iri: str
    id: str
    label: str
    type: str
    papers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AssertionNode:
    """An assertion of a graph, its ends by their labels; `papers` counts those that state it."""

    iri: str
    subject: str
    predicate: str
    object: str
    negated: bool
    speculative: bool
    papers: int


_T = TypeVar("_T")
# Numbers first: the greatest comes first.
_Order = tuple[int, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes(Generic[_T]):
    """What came, what went, and what stayed with other statements about it than before."""

    gained: tuple[_T, ...]
    lost: tuple[_T, ...]
    changed: tuple[_T, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What two graphs do not share: the numbers of statements, and what they are about.

    What was lost stands as it was in the old graph, the rest as it is in the new one: papers newest
    first, entities and assertions those of most papers first.
    """

    statements_gained: int
    statements_lost: int
    papers: Changes[PaperNode]
    entities: Changes[EntityNode]
    assertions: Changes[AssertionNode]


class _Gathered:
    """The subjects of changed statements that are papers, entities or assertions."""

    def __init__(self, old: Store, new: Store) -> None:
        self._stores = (old, new)
        self._last: _Term | None = None
        # kind -> the subjects that are of it in the old graph alone, in the new one alone, in both
        self.lost: dict[str, set[_Node]] = {kind: set() for kind in _KINDS.values()}
        self.gained: dict[str, set[_Node]] = {kind: set() for kind in _KINDS.values()}
        self.changed: dict[str, set[_Node]] = {kind: set() for kind in _KINDS.values()}

    def add(self, line: bytes) -> None:
        """Note what a statement is about."""
        subject = parse_line(line).subject
        # Statements of one subject are next to each other.
        if subject == self._last:
            return
        self._last = subject
        was, now = (_kinds_of(store, subject) for store in self._stores)
        for kinds, found in ((was - now, self.lost), (now - was, self.gained)):
            for kind in kinds:
                found[kind].add(subject)
        for kind in was & now:
            self.changed[kind].add(subject)


def compare_graphs(old: Graph, new: Graph, patch: BinaryIO | None = None) -> Difference:
    """Return what two graphs do not share; write it to `patch` as an RDF Patch too.

    Neither graph is held in memory, but what came, went or changed is, by its IRI.

    Raises:
        StoreError: if a graph is damaged.

    """
    changes: Iterable[Change] = compare_statements(old, new)
    if patch is not None:
        changes = _patched(changes, patch, old.generation, new.generation)
    gathered = _Gathered(old.store, new.store)
    counts = {True: 0, False: 0}
    for change in changes:
        counts[change.gained] += 1
        gathered.add(change.line)
    return Difference(
        statements_gained=counts[True],
        statements_lost=counts[False],
        papers=_changes(gathered, _PAPER, old.store, new.store, _paper, _paper_order),
        entities=_changes(gathered, _ENTITY, old.store, new.store, _entity, _entity_order),
        assertions=_changes(
            gathered, _ASSERTION, old.store, new.store, _assertion, _assertion_order
        ),
    )


@contextmanager
def write_whole(path: Path) -> Iterator[BinaryIO]:
    """Give a stream to write a file by, which is the whole new one or the old one at every instant.

    Raises:
        KgError: if the file cannot be written.

    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as out:
            yield out
        part.replace(path)
    except OSError as error:
        raise KgError(f"{path}: cannot be written ({error.strerror or error})") from error
    finally:
        part.unlink(missing_ok=True)


def _patched(changes: Iterable[Change], out: BinaryIO, old: str, new: str) -> Iterator[Change]:
    """Pass changes on, and write them as an RDF Patch (https://afs.github.io/rdf-patch/)."""
    out.write(f"H id <uuid:{uuid5(NAMESPACE_URL, new)}> .\n".encode())
    out.write(f"H prev <uuid:{uuid5(NAMESPACE_URL, old)}> .\n".encode())
    out.write(b"TX .\n")
    for change in changes:
        out.write((b"A " if change.gained else b"D ") + change.line)
        yield change
    out.write(b"TC .\n")


def _kinds_of(store: Store, subject: _Node) -> set[str]:
    types = store.quads_for_pattern(subject, _TYPE, None, _DEFAULT)
    return {
        _KINDS[quad.object]
        for quad in types
        if isinstance(quad.object, NamedNode) and quad.object in _KINDS
    }


def _changes(
    gathered: _Gathered,
    kind: str,
    old: Store,
    new: Store,
    describe: Callable[[Store, _Node], _T],
    order: Callable[[_T], _Order],
) -> Changes[_T]:
    def described(store: Store, nodes: set[_Node]) -> tuple[_T, ...]:
        return tuple(sorted(map(partial(describe, store), nodes), key=order))

    return Changes(
        gained=described(new, gathered.gained[kind]),
        lost=described(old, gathered.lost[kind]),
        changed=described(new, gathered.changed[kind]),
    )


def _paper(store: Store, node: _Node) -> PaperNode:
    journal = _object(store, node, NamedNode(f"{KG}publishedIn"))
    year = _text(store, node, f"{KG}year")
    return PaperNode(
        iri=_iri(node),
        id=_id(node),
        title=_text(store, node, _TITLE.value),
        journal="" if journal is None else _label(store, journal),
        year=int(year) if year.isdigit() else None,
    )


def _paper_order(paper: PaperNode) -> _Order:
    return (-(paper.year or 0), paper.title, paper.iri)


def _entity(store: Store, node: _Node) -> EntityNode:
    types = (_iri(quad.object) for quad in store.quads_for_pattern(node, _TYPE, None, _DEFAULT))
    names = [_NAMES[each] for each in types if each in _NAMES]
    mentions = store.quads_for_pattern(None, NamedNode(f"{KG}mentions"), node, _DEFAULT)
    return EntityNode(
        iri=_iri(node),
        id=_id(node),
        label=_label(store, node),
        type=min(names, default=""),
        papers=sum(1 for _ in mentions),
    )


def _entity_order(entity: EntityNode) -> _Order:
    return (-entity.papers, entity.label, entity.iri)


def _assertion(store: Store, node: _Node) -> AssertionNode:
    ends = [_object(store, node, NamedNode(f"{KG}{name}")) for name in ("subject", "object")]
    subject, object_ = ("" if end is None else _label(store, end) for end in ends)
    predicate = _object(store, node, NamedNode(f"{KG}predicate"))
    papers = _text(store, node, f"{KG}paperCount")
    return AssertionNode(
        iri=_iri(node),
        subject=subject,
        predicate="" if predicate is None else _iri(predicate).removeprefix(KG),
        object=object_,
        negated=_text(store, node, f"{KG}negated") == "true",
        speculative=_text(store, node, f"{KG}speculative") == "true",
        papers=int(papers) if papers.isdigit() else 0,
    )


def _assertion_order(one: AssertionNode) -> _Order:
    return (-one.papers, f"{one.subject} {one.predicate} {one.object}", one.iri)


def _object(store: Store, node: _Node, predicate: NamedNode) -> _Term | None:
    """Return the object of a statement; of several, always the same one."""
    quads = store.quads_for_pattern(node, predicate, None, _DEFAULT)
    return min((quad.object for quad in quads), key=str, default=None)


def _text(store: Store, node: _Node, predicate: str) -> str:
    value = _object(store, node, NamedNode(predicate))
    return value.value if isinstance(value, Literal) else ""


def _label(store: Store, node: _Term) -> str:
    if isinstance(node, Literal):
        return node.value
    return _text(store, node, _LABEL.value) or _id(node)


def _iri(node: _Term) -> str:
    return node.value if isinstance(node, NamedNode) else str(node)


def _id(node: _Term) -> str:
    return iri_to_curie(_iri(node)) or _iri(node)
