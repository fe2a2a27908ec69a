"""Floor 8: runs compiled constraints on an Oxigraph store, in threads.

The nodes looked at are all that the shapes are for, those that are given, or some of each shape.
"""

import os
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    Store,
    parse_query_results,
)

from kg.errors import QueryError
from kg.namespaces import RDF, RDFS
from kg.validation.compiling import Query, compile_constraint, target_pattern
from kg.validation.model import Report, Result, Term, show_path, show_term
from kg.validation.shapes import Constraint, Shapes, Target

_TYPE = NamedNode(f"{RDF}type")
_SUBCLASS = NamedNode(f"{RDFS}subClassOf")
_DEFAULT = DefaultGraph()

_AT_ONCE = 2000
"""Focus nodes named in one query."""


@dataclass(frozen=True, slots=True)
class _Task:
    constraint: Constraint
    query: Query


class _Targets:
    """Which nodes of a store the targets of shapes are."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._classes: dict[NamedNode, tuple[NamedNode, ...]] = {}

    def subclasses(self, above: NamedNode) -> tuple[NamedNode, ...]:
        """Return a class and all that the graph has below it, that class first."""
        known = self._classes.get(above)
        if known is None:
            found = {above: None}
            waiting = [above]
            while waiting:
                quads = self._store.quads_for_pattern(None, _SUBCLASS, waiting.pop(), _DEFAULT)
                for lower in (quad.subject for quad in quads):
                    if isinstance(lower, NamedNode) and lower not in found:
                        found[lower] = None
                        waiting.append(lower)
            known = self._classes[above] = tuple(found)
        return known

    def has(self, target: Target, node: Term) -> bool:
        """Tell whether a node is one of a target's."""
        if target.kind == "Node":
            return node == target.term
        if target.kind == "ObjectsOf":
            return self._any(None, target.term, node)
        if not isinstance(node, NamedNode | BlankNode):
            return False
        if target.kind == "SubjectsOf":
            return self._any(node, target.term, None)
        return any(self._any(node, _TYPE, each) for each in self.subclasses(target.term))

    def some(self, target: Target, most: int) -> list[NamedNode]:
        """Return up to so many nodes of a target, of each class below it.

        The store keeps nodes in the order of a hash of their IRIs: the first are no worse than any.
        """
        if target.kind != "Class":
            return self._first(target_pattern(target, self.subclasses), most)
        nodes: dict[NamedNode, None] = {}
        for each in self.subclasses(target.term):
            pattern = target_pattern(Target("Class", each), lambda one: (one,))
            nodes.update(dict.fromkeys(self._first(pattern, most)))
        return list(nodes)

    def count(self, targets: Iterable[Target]) -> int:
        """Return how many nodes the targets have together, by their classes and properties."""
        patterns = sorted({target_pattern(target, self.subclasses) for target in targets})
        union = " UNION ".join(f"{{ {each} }}" for each in patterns)
        text = f"SELECT (COUNT(DISTINCT ?this) AS ?n) WHERE {{ {union} }}"
        count = next(_solutions(self._store, text))["n"] if patterns else Literal("0")
        return int(str(count.value)) if isinstance(count, Literal) else 0

    def _first(self, pattern: str, most: int) -> list[NamedNode]:
        text = f"SELECT ?this WHERE {{ {pattern} }} LIMIT {most}"
        found = (row["this"] for row in _solutions(self._store, text))
        return list(dict.fromkeys(node for node in found if isinstance(node, NamedNode)))

    def _any(self, subject: Term | None, predicate: NamedNode, value: Term | None) -> bool:
        quads = self._store.quads_for_pattern(subject, predicate, value, _DEFAULT)  # type: ignore[arg-type]
        return next(quads, None) is not None


def validate_store(
    store: Store,
    shapes: Shapes,
    *,
    focus: Iterable[NamedNode] | None = None,
    sample: int | None = None,
    jobs: int | None = None,
) -> Report:
    """Validate what a store has in its default graph, in `jobs` threads (by default one a core).

    `focus` are the only nodes to look at; `sample` is how many to look at of each class, the
    classes below others apart, and of the subjects of each property that is a target.

    Raises:
        QueryError: if a rule in SPARQL cannot be run.

    """
    started = time.monotonic()
    targets = _Targets(store)
    nodes: set[Term] = set()
    tasks = _tasks(shapes, targets, nodes, focus, sample)
    with ThreadPoolExecutor(jobs or os.cpu_count() or 1) as threads:
        counting = None
        if focus is None and sample is None:
            counting = threads.submit(targets.count, _class_targets(shapes))
        found = {
            each.key: each
            for results in threads.map(partial(_run, store, targets), tasks)
            for each in results
        }
    return Report(
        results=tuple(found[key] for key in sorted(found)),
        nodes=len(nodes) if counting is None else counting.result(),
        engine="sparql",
        whole=sample is None,
        seconds=time.monotonic() - started,
    )


def _class_targets(shapes: Shapes) -> set[Target]:
    return {target for each in shapes.constraints for target in each.targets}


def _tasks(
    shapes: Shapes,
    targets: _Targets,
    nodes: set[Term],
    focus: Iterable[NamedNode] | None,
    sample: int | None,
) -> list[_Task]:
    """Return what is to be run; the focus nodes are added to `nodes`, unless they are all."""
    whole = focus is None and sample is None
    given = list(dict.fromkeys(focus or ()))
    of_target: dict[Target, list[NamedNode]] = {}
    tasks = []
    for constraint in shapes.constraints:
        if whole:
            queries = compile_constraint(constraint, targets.subclasses)
            tasks += [_Task(constraint, query) for query in queries]
            continue
        chosen: dict[NamedNode, None] = {}
        for target in constraint.targets:
            if target not in of_target:
                of_target[target] = (
                    targets.some(target, sample)
                    if sample is not None
                    else [node for node in given if targets.has(target, node)]
                )
            chosen.update(dict.fromkeys(of_target[target]))
        nodes.update(chosen)
        listed = list(chosen)
        for first in range(0, len(listed), _AT_ONCE):
            some = listed[first : first + _AT_ONCE]
            queries = compile_constraint(constraint, targets.subclasses, some)
            tasks += [_Task(constraint, query) for query in queries]
    return tasks


def _run(store: Store, targets: _Targets, task: _Task) -> list[Result]:
    constraint = task.constraint
    is_focus: dict[Term, bool] = defaultdict(bool)
    results = []
    for row in _solutions(store, task.query.text):
        focus = row["this"]
        if not task.query.bound and focus not in is_focus:
            is_focus[focus] = any(targets.has(each, focus) for each in constraint.targets)
        if task.query.bound or is_focus[focus]:
            results.append(_result(constraint, row, focus))
    return results


def _result(constraint: Constraint, row: dict[str, Term], focus: Term) -> Result:
    named = row.get("path")
    path = named.value if isinstance(named, NamedNode) else constraint.path
    value = row.get("value")
    if value is None and constraint.component == "SPARQLConstraintComponent":
        # As SHACL has it: of a node shape, the focus node.
        value = focus if constraint.path is None else None
    message = constraint.message.replace("{$this}", show_term(focus))
    message = message.replace("{?value}", "" if value is None else show_term(value))
    message = message.replace("{?path}", "" if path is None else show_path(path))
    return Result(
        focus=focus,
        path=path,
        value=value,
        component=constraint.component,
        severity=constraint.severity,
        shape=constraint.shape,
        message=message,
    )


def _solutions(store: Store, text: str) -> Iterator[dict[str, Term]]:
    """Yield the answers to a SELECT as dictionaries.

    They are written out first: that leaves the interpreter to other threads, which going through
    the answers one by one does not.
    """
    try:
        answers = store.query(text)
        assert isinstance(answers, QuerySolutions)  # noqa: S101 (each query is a SELECT)
        written = answers.serialize(format=QueryResultsFormat.JSON)
    except (SyntaxError, RuntimeError, ValueError, OSError) as error:
        raise QueryError(f"a rule of the shapes cannot be run: {error}\n{text}") from error
    solutions = parse_query_results(written, format=QueryResultsFormat.JSON)
    assert isinstance(solutions, QuerySolutions)  # noqa: S101 (as it was written)
    names: Sequence[str] = [variable.value for variable in solutions.variables]
    for solution in solutions:
        yield {name: solution[name] for name in names if solution[name] is not None}
