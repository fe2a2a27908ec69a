"""Floor 8: whether a graph on disk agrees with the ontology: all of it, or a sample of its papers.

HermiT takes seconds for tens of thousands of statements, and more than memory for millions. Of a
larger graph it gets whole papers with all that belongs to them, chosen evenly over the graph.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import (
    DefaultGraph,
    Literal,
    NamedNode,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    serialize,
)

from kg.namespaces import KG, OWL, RDF, RDFS, SKOS
from kg.reasoning.explaining import Explanation, explain_inconsistency
from kg.reasoning.hermit import ConsistencyReport, check_consistency, require_java
from kg.store import open_graph

LIMIT = 50_000
"""Up to so many statements are given to HermiT."""

# From these, one goes to what points at a node as well: to the sentences of a paper, and so on.
_BACKWARDS = tuple(
    NamedNode(f"{KG}{name}") for name in ("inPublication", "evidenceSentence", "evidence")
)
# What these lead to is named in a sample, but not described: terms above others, other papers.
_UPWARDS = tuple(
    NamedNode(name) for name in (f"{KG}ancestor", f"{SKOS}broader", f"{KG}cites", f"{KG}evidence")
)
# That they are classes too is left out of a sample: HermiT would place each among all others.
_SUBCLASS, _CLASS = NamedNode(f"{RDFS}subClassOf"), NamedNode(f"{OWL}Class")
_PAPER = NamedNode(f"{KG}Publication")
_CURIE = NamedNode(f"{KG}curie")
_TYPE = NamedNode(f"{RDF}type")
_DEFAULT = DefaultGraph()


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphCheck:
    """What HermiT found of a graph, and why where the graph is at odds with the ontology.

    `papers` of `all_papers` were looked at.
    """

    report: ConsistencyReport
    explanation: Explanation | None
    papers: int
    all_papers: int


def check_graph(folder: Path, *, timeout: float = 600.0, limit: int = LIMIT) -> GraphCheck:
    """Run HermiT on the ontology and a graph; of more than `limit` statements, on a sample.

    What was inferred is left out: it follows from the rest. `timeout`, in seconds, is for the
    check, and once more for the explanation of an inconsistency.

    Raises:
        ReasonerError: without Java, when HermiT fails, or when it takes too long.
        StoreError: if there is no graph, or it cannot be read.
    """
    require_java()
    with TemporaryDirectory(prefix="kg-reasoning-") as name:
        path = Path(name, "graph.nt")
        with open_graph(folder) as graph:
            papers, all_papers = _write(graph.store, path, limit)
        report = check_consistency(path, timeout=timeout)
        explanation = None
        if not report.consistent:
            explanation = explain_inconsistency(path, timeout=timeout)
    return GraphCheck(report=report, explanation=explanation, papers=papers, all_papers=all_papers)


def _write(store: Store, path: Path, limit: int) -> tuple[int, int]:
    """Write the statements to check; return how many papers they are about, and how many are."""
    found = _count(store)
    all_papers = sum(1 for _ in store.quads_for_pattern(None, _TYPE, _PAPER, _DEFAULT))
    if found <= limit:
        with path.open("wb") as out:
            store.dump(out, RdfFormat.N_TRIPLES, from_graph=_DEFAULT)
        return all_papers, all_papers
    chosen: dict[Triple, None] = {}
    seen: set[NamedNode] = set()
    papers = 0
    nodes = [quad.subject for quad in store.quads_for_pattern(None, _TYPE, _PAPER, _DEFAULT)]
    # Oxigraph's order is by hash: any first ones are chosen evenly.
    for node in nodes:
        if isinstance(node, NamedNode):
            some = list(_belonging(store, node, seen))
            if papers and len(chosen) + len(some) > limit:
                break
            chosen.update(dict.fromkeys(some))
            papers += 1
    serialize(chosen, str(path), format=RdfFormat.N_TRIPLES)
    return papers, all_papers


def _count(store: Store) -> int:
    """Return the number of statements in the default graph."""
    found = store.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert isinstance(found, QuerySolutions)  # noqa: S101
    number = next(found)["n"]
    assert isinstance(number, Literal)  # noqa: S101
    return int(number.value)


def _belonging(store: Store, paper: NamedNode, seen: set[NamedNode]) -> Iterator[Triple]:
    """Yield what is said of a paper and of all that belongs to it, and was not seen before."""
    waiting = [paper]
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        # From an entity, relations lead on to most others.
        is_entity = next(store.quads_for_pattern(node, _CURIE, None, _DEFAULT), None) is not None
        for quad in store.quads_for_pattern(node, None, None, _DEFAULT):
            value = quad.object
            if quad.predicate == _SUBCLASS or value == _CLASS:
                continue
            yield quad.triple
            if is_entity or quad.predicate in _UPWARDS:
                continue
            if isinstance(value, NamedNode) and not _is_paper(store, value):
                waiting.append(value)
        for predicate in _BACKWARDS:
            quads = store.quads_for_pattern(None, predicate, node, _DEFAULT)
            waiting += [quad.subject for quad in quads if isinstance(quad.subject, NamedNode)]


def _is_paper(store: Store, node: NamedNode) -> bool:
    return next(store.quads_for_pattern(node, _TYPE, _PAPER, _DEFAULT), None) is not None
