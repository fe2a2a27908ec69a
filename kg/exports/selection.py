"""Floor 8: which part of a graph is exported: of which papers, with or without texts and closure.

a graph, a Selection -> a store that holds this part alone -> a View of it
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from kg.exports.about import describe_graph
from kg.exports.subset import Subset
from kg.exports.view import View
from kg.namespaces import DEFAULT_BASE, KG, XSD, about_graph, inferred_graph
from kg.store import Graph, scratch_store
from kg.store.loading import in_chunks, load_chunks

_DEFAULT = DefaultGraph()
_ANCESTOR = NamedNode(f"{KG}ancestor")
_TEXT = NamedNode(f"{KG}text")
_FIELD = NamedNode(f"{KG}field")
_START = NamedNode(f"{KG}start")
_END = NamedNode(f"{KG}end")
_TEXT_SHA256 = NamedNode(f"{KG}textSha256")
_TITLES = frozenset({"title", "vernacular-title"})
"""Fields that are bibliographic data, and stand as `dcterms:title` in any case."""

_WRITTEN = 1 << 12
"""How many changes are written at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which part of a graph is wanted.

    `papers` are IRIs; None stands for all there are. Without `inferred`, what follows from other
    statements is left out: the graph of inferred triples, and `kg:ancestor`, the closure of the
    steps from entity to entity. Without `texts`, sentences have no words, unless they are titles.
    """

    papers: frozenset[str] | None = None
    inferred: bool = True
    texts: bool = True

    @property
    def is_everything(self) -> bool:
        """Tell whether nothing is left out."""
        return self.papers is None and self.inferred and self.texts


@contextmanager
def open_view(
    graph: Graph, selection: Selection, tell: Callable[[str], None] = lambda _: None
) -> Iterator[View]:
    """Open the part of a graph that is wanted; `tell` is told what is done, which may take a while.

    A part is a store of its own, on disk, until the block ends.

    Raises:
        StoreError: if the disk is full.

    """
    if selection.is_everything:
        yield View(store=graph.store, manifest=graph.manifest)
        return
    copied = graph if selection.papers is None else None
    with scratch_store(copied) as store:
        if selection.papers is not None:
            tell(f"selecting {_papers(selection.papers)}")
            _select(graph, selection.papers, store)
        base = _base(graph.manifest)
        if not selection.inferred:
            tell("leaving out what is inferred")
            leave_out_inferred(store, base)
        if not selection.texts:
            tell("leaving out the texts of sentences")
            leave_out_texts(store)
        manifest = _describe(store, _manifest(graph.manifest, selection, store))
        store.flush()
        yield View(store=store, manifest=manifest)


def leave_out_texts(store: Store) -> int:
    """Take the words out of sentences that are no titles; return out of how many.

    Abstracts are often under copyright. What stays: titles, links, the offsets of sentences and of
    mentions, and the words of mentions and triggers. In place of its words a sentence has where it
    ends (`kg:end`), which the length of the words tells no longer, and their digest
    (`kg:textSha256`), by which whoever has the text knows that it is this one. The store may be any
    that is open for writing, also that of a server that is to show no texts.
    """
    removed: list[Quad] = []
    added: list[Quad] = []
    count = 0
    for quad in store.quads_for_pattern(None, _TEXT, None, _DEFAULT):
        sentence, words = quad.subject, quad.object
        if not isinstance(words, Literal) or _value_of(store, sentence, _FIELD) in _TITLES:
            continue
        removed.append(quad)
        count += 1
        start = _value_of(store, sentence, _START)
        digest = sha256(words.value.encode("utf-8", "surrogatepass")).hexdigest()
        added.append(Quad(sentence, _TEXT_SHA256, Literal(digest)))
        if start.isdecimal():
            end = Literal(
                str(int(start) + len(words.value)),
                datatype=NamedNode(f"{XSD}integer"),
            )
            added.append(Quad(sentence, _END, end))
        if len(removed) >= _WRITTEN:
            _write(store, removed, added)
    _write(store, removed, added)
    return count


def leave_out_inferred(store: Store, base: str) -> None:
    """Take out what follows from other statements: the inferred graph, and `kg:ancestor`."""
    store.remove_graph(NamedNode(inferred_graph(base)))
    removed: list[Quad] = []
    for quad in store.quads_for_pattern(None, _ANCESTOR, None, _DEFAULT):
        removed.append(quad)
        if len(removed) >= _WRITTEN:
            _write(store, removed, [])
    _write(store, removed, [])


def _select(graph: Graph, papers: frozenset[str], store: Store) -> None:
    base = _base(graph.manifest)
    statements = Subset(graph.store, base, papers).statements()
    load_chunks(store, in_chunks(statements), Path("export"))
    inferred = NamedNode(inferred_graph(base))
    found = graph.store.quads_for_pattern(None, None, None, inferred)
    load_chunks(
        store, in_chunks(f"{quad} ." for quad in found if _is_within(quad, store)), Path("export")
    )
    store.optimize()


def _is_within(quad: Quad, store: Store) -> bool:
    """Tell whether what a statement relates is described in a store."""
    return all(
        not isinstance(node, NamedNode) or _is_described(store, node)
        for node in (quad.subject, quad.object)
    )


def _is_described(store: Store, node: NamedNode) -> bool:
    return any(True for _ in store.quads_for_pattern(node, None, None, _DEFAULT))


def _write(store: Store, removed: list[Quad], added: list[Quad]) -> None:
    for quad in removed:
        store.remove(quad)
    store.extend(added)
    removed.clear()
    added.clear()


def _value_of(store: Store, node: Any, predicate: NamedNode) -> str:  # noqa: ANN401
    for quad in store.quads_for_pattern(node, predicate, None, _DEFAULT):
        if isinstance(quad.object, Literal):
            return quad.object.value
    return ""


def _papers(papers: frozenset[str]) -> str:
    return f"{len(papers):,} {'paper' if len(papers) == 1 else 'papers'}"


def _base(manifest: Mapping[str, Any]) -> str:
    return str(manifest.get("base_iri") or DEFAULT_BASE)


def _manifest(manifest: Mapping[str, Any], selection: Selection, store: Store) -> dict[str, Any]:
    """Return what is to be said of a part: that of the whole, but for what is true of that alone.

    The problems that a build noted quote what was read, and so go with the texts.
    """
    kept = {key: value for key, value in manifest.items() if key not in ("counts", "problems")}
    said = []
    digest = sha256(str(manifest.get("build_hash", "")).encode())
    if selection.papers is not None:
        said.append(_papers(selection.papers))
        digest.update("\n".join(sorted(selection.papers)).encode())
    for wanted, words in (
        (selection.inferred, "without what is inferred"),
        (selection.texts, "without the texts of sentences"),
    ):
        if not wanted:
            said.append(words)
            digest.update(words.encode())
    described = "A part of the whole: " + ", ".join(said)
    kept["part"] = {"description": described, "sha256": digest.hexdigest()}
    if selection.papers is not None:
        there = {
            each.value
            for quad in store.quads_for_pattern(None, NamedNode(f"{KG}sha256"), None, _DEFAULT)
            if isinstance(each := quad.object, Literal)
        }
        inputs = [each for each in manifest.get("inputs", ()) if each["sha256"] in there]
        kept["inputs"] = [
            {key: value for key, value in each.items() if key != "records"} for each in inputs
        ]
    return kept


def _describe(store: Store, manifest: dict[str, Any]) -> dict[str, Any]:
    """Put in what a part says of itself, in place of what the whole said."""
    base = _base(manifest)
    store.remove_graph(NamedNode(about_graph(base)))
    load_chunks(store, in_chunks(describe_graph(store, manifest)), Path("export"))
    return {**manifest, "quads": len(store)}
