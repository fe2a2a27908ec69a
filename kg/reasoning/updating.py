"""Floor 8: what was inferred, brought up to date with statements that came and went.

What may change is counted up from the statements that did: what follows from each by simple steps,
and from the pairs that chains and transitive properties gain and lose. What followed from something
that went is looked for once more. The result is what reasoning anew gives, statement by statement;
where axioms change that much else rests on, `find_changes` says so instead.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, parse

from kg.namespaces import RDFS
from kg.reasoning.materialise import read_axioms
from kg.reasoning.schema import (
    KINDS_OF_PROPERTY,
    SCHEMA_PREDICATES,
    SUBCLASS,
    THING,
    TYPE,
    Schema,
    Source,
    is_iri,
)

Fact = tuple[NamedNode, str, NamedNode | Literal]

_TYPE = NamedNode(TYPE)
_SUBCLASS = NamedNode(SUBCLASS)
_KINDS = {*KINDS_OF_PROPERTY, f"{RDFS}Datatype"}


@dataclass(slots=True)
class Changes:
    """Statements of the inferred graph that go and come, as lines of N-Quads."""

    removed: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)


def find_changes(
    before: Store, now: Store, ontology: bytes, graph: str, changed: Iterable[str]
) -> Changes | None:
    """Return what changes in the inferred graph `graph`, or None where it is to be made anew.

    `before` and `now` are the two states of the graph, both with what was inferred from the first;
    `changed` are the lines of N-Triples of the default graph that may differ between them.
    """
    gone: list[Fact] = []
    come: list[Fact] = []
    for quad in parse("\n".join(changed).encode(), RdfFormat.N_QUADS, lenient=True):
        if quad.graph_name != DefaultGraph():
            continue
        if not isinstance(quad.subject, NamedNode) or not isinstance(
            quad.object, NamedNode | Literal
        ):
            return None
        was, is_now = quad in before, quad in now
        if was is not is_now:
            (come if is_now else gone).append((quad.subject, quad.predicate.value, quad.object))
    return _Update(before, now, read_axioms(now, ontology), graph).run(gone, come)


class _Relations:
    """What is related by properties in one state of a graph, with all steps that lead there."""

    def __init__(self, store: Store, schema: Schema) -> None:
        self.store = store
        self._schema = schema
        self._chains: dict[str, list[tuple[str, ...]]] = {}
        for head, steps in schema.chains:
            self._chains.setdefault(head, []).append(steps)
        self._known: dict[tuple[str, NamedNode, bool], frozenset[NamedNode]] = {}

    def is_stated(self, fact: Fact) -> bool:
        subject, predicate, value = fact
        return Quad(subject, NamedNode(predicate), value) in self.store

    def related(self, name: str, node: NamedNode, *, forward: bool) -> set[NamedNode]:
        """Return what a property relates to a node by statements and simple steps."""
        found: set[NamedNode] = set()
        own = Source(name, forward=True, rule="")
        for source in (own, *self._schema.sources.get(name, ())):
            predicate = NamedNode(source.property)
            if source.forward is forward:
                quads = self.store.quads_for_pattern(node, predicate, None, DefaultGraph())
                found.update(q.object for q in quads if isinstance(q.object, NamedNode))
            else:
                quads = self.store.quads_for_pattern(None, predicate, node, DefaultGraph())
                found.update(q.subject for q in quads if isinstance(q.subject, NamedNode))
        return found

    def joined(self, name: str, node: NamedNode, *, forward: bool = True) -> frozenset[NamedNode]:
        """Return what chains, or steps of a transitive property, relate to a node."""
        key = (name, node, forward)
        if key not in self._known:
            found: set[NamedNode] = set()
            for steps in self._chains.get(name, ()):
                found |= self.walk(steps, {node}, forward=forward)
            if "TransitiveProperty" in self._schema.kinds.get(name, ()):
                found |= self.reach(name, {node}, forward=forward)
            self._known[key] = frozenset(found)
        return self._known[key]

    def walk(self, steps: Sequence[str], nodes: set[NamedNode], *, forward: bool) -> set[NamedNode]:
        """Follow the steps of a chain, from its end where not `forward`."""
        for step in steps if forward else reversed(steps):
            nodes = {each for n in nodes for each in self.related(step, n, forward=forward)}
        return nodes

    def reach(self, name: str, nodes: set[NamedNode], *, forward: bool) -> set[NamedNode]:
        """Return what can be reached by one step or more of a property."""
        reached: set[NamedNode] = set()
        waiting = list(nodes)
        while waiting:
            for each in self.related(name, waiting.pop(), forward=forward):
                if each not in reached:
                    reached.add(each)
                    waiting.append(each)
        return reached

    def holds(self, fact: Fact) -> bool:
        """Tell whether a statement is there, or comes of a chain or a transitive property."""
        subject, name, value = fact
        if self.is_stated(fact):
            return True
        return isinstance(value, NamedNode) and value in self.joined(name, subject)


class _Update:
    """One change of a graph, and what it means for what was inferred."""

    def __init__(self, before: Store, now: Store, schema: Schema, graph: str) -> None:
        self._schema = schema
        self._before = _Relations(before, schema)
        self._now = _Relations(now, schema)
        self._graph = NamedNode(graph)
        self._joining = sorted(
            {head for head, _ in schema.chains}
            | {n for n, kinds in schema.kinds.items() if "TransitiveProperty" in kinds}
        )
        self._classes: dict[tuple[str, bool], tuple[str, ...]] = {}
        self._types: dict[NamedNode, set[str]] = {}

    def run(self, gone: list[Fact], come: list[Fact]) -> Changes | None:
        """Return what goes and comes, or None."""
        axioms = [each for each in (*gone, *come) if _is_axiom(each)]
        if any(each[1] != SUBCLASS for each in axioms) or not self._is_simple():
            return None
        subclasses = self._change_subclasses([each[0] for each in axioms])
        if subclasses is None:
            return None
        lost, gained = self._change_joined([*gone, *come])
        certain: set[Fact] = set()
        doubtful: set[Fact] = set()
        for fact in (*come, *gained):
            certain.update(self._follow(fact))
        for fact in (*gone, *lost):
            doubtful.update(self._follow(fact))
        certain.update(gained)
        doubtful.update(lost)
        doubtful.update(gone)
        changes = Changes(*subclasses)
        for fact in come:
            # What is stated now is inferred no longer.
            self._settle(fact, changes, follows=False)
        for fact in certain:
            self._settle(fact, changes, follows=not self._now.is_stated(fact))
        for fact in doubtful - certain:
            follows = not self._now.is_stated(fact) and self._follows(fact)
            self._settle(fact, changes, follows=follows)
        return changes

    def _is_simple(self) -> bool:
        """Tell whether no rule is at work that needs all of the graph to be looked at."""
        schema = self._schema
        names = {step for _, steps in schema.chains for step in steps} | set(self._joining)
        above = {
            each.property
            for name in names
            for each in schema.sources.get(name, ())
            if each.property != name
        }
        steps = {step for _, chain in schema.chains for step in chain} | above
        return not (
            schema.restrictions
            or schema.intersections
            or schema.members
            or schema.keys
            or steps & set(self._joining)
        )

    def _settle(self, fact: Fact, changes: Changes, *, follows: bool) -> None:
        subject, predicate, value = fact
        quad = Quad(subject, NamedNode(predicate), value, self._graph)
        if (quad in self._now.store) is not follows:
            (changes.added if follows else changes.removed).append(f"{quad} .")

    # --- what follows from one statement ----------------------------------------------------------

    def _classes_of(self, name: str, *, subjects: bool) -> tuple[str, ...]:
        key = (name, subjects)
        if key not in self._classes:
            found = self._schema.classes_of(name, subjects=subjects)
            unnamed = {each for each in found if not is_iri(each)}
            self._classes[key] = tuple(sorted(found - unnamed - self._schema.datatypes - {THING}))
        return self._classes[key]

    def _follow(self, fact: Fact) -> Iterator[Fact]:
        """Yield what follows from a statement alone, in so many steps as it takes."""
        subject, name, value = fact
        if name == TYPE:
            if isinstance(value, NamedNode):
                for each in self._schema.class_closure.get(value.value, ()):
                    if is_iri(each) and each not in (THING, value.value):
                        yield subject, TYPE, NamedNode(each)
            return
        for upper, forward in self._schema.consequences.get(name, {}):
            if is_iri(upper) and forward:
                yield subject, upper, value
            elif is_iri(upper) and isinstance(value, NamedNode):
                yield value, upper, subject
        for each in self._classes_of(name, subjects=True):
            yield subject, TYPE, NamedNode(each)
        if isinstance(value, NamedNode):
            for each in self._classes_of(name, subjects=False):
                yield value, TYPE, NamedNode(each)

    # --- whether a statement follows from the graph -----------------------------------------------

    def _follows(self, fact: Fact) -> bool:
        subject, name, value = fact
        if name == TYPE:
            assert isinstance(value, NamedNode)  # noqa: S101 (a class is no literal)
            return value.value in self._types_of(subject)
        if isinstance(value, NamedNode) and value in self._now.joined(name, subject):
            return True
        for source in self._schema.sources.get(name, ()):
            if source.forward and self._now.holds((subject, source.property, value)):
                return True
            if (
                not source.forward
                and isinstance(value, NamedNode)
                and self._now.holds((value, source.property, subject))
            ):
                return True
        return False

    def _types_of(self, node: NamedNode) -> set[str]:
        """Return the classes that a node belongs to by something else than being stated there."""
        if node in self._types:
            return self._types[node]
        store = self._now.store
        found: set[str] = set()
        for quad in store.quads_for_pattern(node, None, None, DefaultGraph()):
            name = quad.predicate.value
            if name != TYPE:
                found.update(self._classes_of(name, subjects=True))
            elif isinstance(quad.object, NamedNode):
                closure = self._schema.class_closure.get(quad.object.value, set())
                found |= closure - {quad.object.value}
        for name in self._schema.properties:
            needed = set(self._classes_of(name, subjects=False)) - found if is_iri(name) else set()
            if not needed:
                continue
            found_here = store.quads_for_pattern(None, NamedNode(name), node, DefaultGraph())
            if next(found_here, None) is not None or (
                name in self._joining and self._now.joined(name, node, forward=False)
            ):
                found |= needed
        for name in self._joining:
            needed = set(self._classes_of(name, subjects=True)) - found
            if needed and self._now.joined(name, node):
                found |= needed
        self._types[node] = found
        return found

    # --- chains and transitive properties ---------------------------------------------------------

    def _change_joined(self, changed: list[Fact]) -> tuple[list[Fact], list[Fact]]:
        """Return the pairs that chains and transitive properties lose and gain."""
        by_name: dict[str, list[tuple[NamedNode, NamedNode]]] = {}
        for subject, name, value in changed:
            if isinstance(value, NamedNode):
                by_name.setdefault(name, []).append((subject, value))
        lost: list[Fact] = []
        gained: list[Fact] = []
        for name in self._joining:
            for node in self._heads(name, by_name):
                old, new = self._before.joined(name, node), self._now.joined(name, node)
                lost += [(node, name, each) for each in old - new]
                gained += [(node, name, each) for each in new - old]
        return lost, gained

    def _heads(
        self, name: str, changed: dict[str, list[tuple[NamedNode, NamedNode]]]
    ) -> set[NamedNode]:
        """Return the nodes from which a chain or a transitive property leads over what changed."""
        heads: set[NamedNode] = set()
        chains = [steps for head, steps in self._schema.chains if head == name]
        for steps in chains:
            for number, step in enumerate(steps):
                starts = self._starts(step, changed)
                for state in (self._before, self._now):
                    heads |= state.walk(steps[:number], starts, forward=False)
        if "TransitiveProperty" in self._schema.kinds.get(name, ()):
            starts = self._starts(name, changed)
            heads |= starts
            for state in (self._before, self._now):
                heads |= state.reach(name, starts, forward=False)
        return heads

    def _starts(
        self, name: str, changed: dict[str, list[tuple[NamedNode, NamedNode]]]
    ) -> set[NamedNode]:
        """Return where the pairs of a property that changed begin."""
        starts = {subject for subject, _ in changed.get(name, ())}
        for source in self._schema.sources.get(name, ()):
            pairs = changed.get(source.property, ())
            starts.update(subject if source.forward else value for subject, value in pairs)
        return starts

    # --- classes above others ---------------------------------------------------------------------

    def _change_subclasses(self, changed: list[NamedNode]) -> tuple[list[str], list[str]] | None:
        """Return the lines on subclasses that go and come, or None if more than these change."""
        if not changed:
            return [], []
        lower = set(changed)
        for state in (self._before, self._now):
            lower |= state.reach(SUBCLASS, lower, forward=False)
        if any(map(self._is_used_class, lower)):
            return None
        removed: list[str] = []
        added: list[str] = []
        for node in lower:
            rows = []
            for state in (self._before, self._now):
                above = state.reach(SUBCLASS, {node}, forward=True)
                if node in above or any(map(self._has_axiom, above)):
                    return None
                stated = state.related(SUBCLASS, node, forward=True)
                rows.append({each for each in above - stated if each.value != THING})
            old, new = rows
            removed += [f"{Quad(node, _SUBCLASS, each, self._graph)} ." for each in old - new]
            added += [f"{Quad(node, _SUBCLASS, each, self._graph)} ." for each in new - old]
        return removed, added

    def _is_used_class(self, node: NamedNode) -> bool:
        """Tell whether something belongs to a class, or an axiom of another kind is about it."""
        named = (self._schema.domains.values(), self._schema.ranges.values())
        if any(node.value in found for each in named for found in each):
            return True
        return self._has_axiom(node) or any(
            next(state.store.quads_for_pattern(None, _TYPE, node, DefaultGraph()), None)
            for state in (self._before, self._now)
        )

    def _has_axiom(self, node: NamedNode) -> bool:
        """Tell whether a class has an axiom that stands in the ontology and not in the graph."""
        above = {NamedNode(n) for n in self._schema.superclasses.get(node.value, ()) if is_iri(n)}
        unnamed = any(not is_iri(n) for n in self._schema.superclasses.get(node.value, ()))
        return unnamed or not above <= self._now.related(SUBCLASS, node, forward=True) | (
            self._before.related(SUBCLASS, node, forward=True)
        )


def _is_axiom(fact: Fact) -> bool:
    _, name, value = fact
    if name == TYPE:
        return isinstance(value, NamedNode) and value.value in _KINDS
    return name in SCHEMA_PREDICATES
