"""Floor 8: what the rules read of an ontology, compiled: its hierarchies, closed once.

The statements about classes and properties (the TBox) are few and are held in memory; those about
publications and entities never are. A class is an IRI, or a blank node written `_:name`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from pyoxigraph import BlankNode, NamedNode, Triple

from kg.namespaces import OWL, RDF, RDFS, XSD

TYPE = f"{RDF}type"
SUBCLASS = f"{RDFS}subClassOf"
SUBPROPERTY = f"{RDFS}subPropertyOf"
DOMAIN = f"{RDFS}domain"
RANGE = f"{RDFS}range"
EQUIVALENT_CLASS = f"{OWL}equivalentClass"
EQUIVALENT_PROPERTY = f"{OWL}equivalentProperty"
THING = f"{OWL}Thing"
NOTHING = f"{OWL}Nothing"

KINDS_OF_PROPERTY = tuple(
    f"{OWL}{kind}Property"
    for kind in ("Functional", "InverseFunctional", "Symmetric", "Transitive")
)
"""The types of a property that the rules read."""

SCHEMA_PREDICATES = (
    *(SUBCLASS, SUBPROPERTY, DOMAIN, RANGE, EQUIVALENT_CLASS, EQUIVALENT_PROPERTY),
    *(f"{RDF}first", f"{RDF}rest"),
    *(
        f"{OWL}{name}"
        for name in (
            *("inverseOf", "propertyChainAxiom", "unionOf", "intersectionOf", "oneOf"),
            *("onProperty", "someValuesFrom", "allValuesFrom", "hasValue", "hasKey"),
            *("maxCardinality", "maxQualifiedCardinality", "onClass"),
        )
    ),
)
"""The predicates of axioms that the rules read, those of lists and class expressions included."""

_DATATYPES = (f"{RDFS}Literal", f"{RDF}langString", f"{RDF}PlainLiteral")
_RESTRICTIONS = (
    *("someValuesFrom", "allValuesFrom", "hasValue", "maxCardinality", "maxQualifiedCardinality"),
)

_Node = TypeVar("_Node", str, bytes)


@dataclass(frozen=True, slots=True)
class Source:
    """A property whose statements give those of another: as they are, or turned round.

    `rule` is the rule of OWL 2 RL by which the last step is taken.
    """

    property: str
    forward: bool
    rule: str


@dataclass(frozen=True, slots=True)
class Restriction:
    """A class of what has a property in some way: `kind` is the OWL predicate's short name."""

    kind: str
    property: str
    value: str
    on_class: str = ""


@dataclass
class Schema:
    """The axioms that rules read, by what they are about."""

    superclasses: dict[str, set[str]] = field(default_factory=dict)
    implied: dict[str, set[Source]] = field(default_factory=dict)
    domains: dict[str, set[str]] = field(default_factory=dict)
    ranges: dict[str, set[str]] = field(default_factory=dict)
    kinds: dict[str, set[str]] = field(default_factory=dict)
    chains: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    unions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    intersections: dict[str, tuple[str, ...]] = field(default_factory=dict)
    members: dict[str, tuple[str, ...]] = field(default_factory=dict)
    restrictions: dict[str, Restriction] = field(default_factory=dict)
    keys: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    stated: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    datatypes: set[str] = field(default_factory=set)

    @property
    def not_applied(self) -> tuple[str, ...]:
        """The kinds of axiom that are there and that no rule here reads, by OWL's names."""
        found = {each.kind for each in self.restrictions.values()}
        for name, there in (
            ("intersectionOf", self.intersections),
            ("oneOf", self.members),
            ("hasKey", self.keys),
        ):
            found |= {name} if there else set()
        return tuple(sorted(found))

    @cached_property
    def class_closure(self) -> dict[str, set[str]]:
        """The classes above each class, itself left out unless it is above another one's."""
        return close(self.superclasses)

    @cached_property
    def subclasses(self) -> dict[str, set[str]]:
        """The classes below each class, as `class_closure` turned round."""
        below: defaultdict[str, set[str]] = defaultdict(set)
        for lower, uppers in self.class_closure.items():
            for upper in uppers:
                below[upper].add(lower)
        return dict(below)

    @cached_property
    def properties(self) -> tuple[str, ...]:
        """All properties that an axiom says something of, in order."""
        named = {*self.implied, *self.domains, *self.ranges, *self.kinds}
        named.update(source.property for found in self.implied.values() for source in found)
        named.update(step for _, chain in self.chains for step in chain)
        named.update(head for head, _ in self.chains)
        named.update(each.property for each in self.restrictions.values())
        named.update(step for _, steps in self.keys for step in steps)
        return tuple(sorted(named))

    @cached_property
    def consequences(self) -> dict[str, dict[tuple[str, bool], str]]:
        """What follows of `x p y` for each p: the q of `x q y` (True) or `y q x`, and the rule."""
        return {name: self._follow(name) for name in self.properties}

    @cached_property
    def sources(self) -> dict[str, tuple[Source, ...]]:
        """Where statements with a property come from, other than from itself as it is."""
        found: defaultdict[str, list[Source]] = defaultdict(list)
        for lower, steps in self.consequences.items():
            for (upper, forward), rule in steps.items():
                if (lower, True) != (upper, forward):
                    found[upper].append(Source(lower, forward, rule))
        order = {name: sorted(each, key=_in_order) for name, each in found.items()}
        return {name: tuple(each) for name, each in sorted(order.items())}

    def _follow(self, name: str) -> dict[tuple[str, bool], str]:
        """Follow the steps from one property, nearest first, over what is implied."""
        found: dict[tuple[str, bool], str] = {}
        waiting = [(name, True)]
        while waiting:
            following = []
            for lower, forward in waiting:
                for step in sorted(self.implied.get(lower, ()), key=_in_order):
                    reached = (step.property, forward is step.forward)
                    if reached not in found and reached != (name, True):
                        found[reached] = step.rule
                        following.append(reached)
            waiting = following
        return found

    def classes_of(self, name: str, *, subjects: bool) -> set[str]:
        """Return the classes, IRIs or blank, that a property's subjects, or objects, belong to."""
        reached = [(name, True), *self.consequences.get(name, {})]
        found: set[str] = set()
        for upper, forward in reached:
            found |= (self.domains if forward is subjects else self.ranges).get(upper, set())
        for each in tuple(found):
            found |= self.class_closure.get(each, set())
        return found

    def lowest_classes_of(self, name: str, *, subjects: bool) -> set[str]:
        """Return the IRIs among `classes_of` that are above no other one of them."""
        named = {each for each in self.classes_of(name, subjects=subjects) if is_iri(each)}
        named -= {THING, *self.datatypes}
        return {
            each
            for each in named
            if not any(
                each in self.class_closure.get(other, ()) and not self._same(each, other)
                for other in named
                if other != each
            )
        }

    def _same(self, one: str, other: str) -> bool:
        return other in self.class_closure.get(one, ())


def _in_order(source: Source) -> tuple[str, str, bool]:
    return source.rule, source.property, source.forward


def is_iri(node: str) -> bool:
    """Tell an IRI from a blank node.

    >>> is_iri("http://example.org/a"), is_iri("_:a")
    (True, False)
    """
    return not node.startswith("_:")


def is_datatype(iri: str) -> bool:
    """Tell whether an IRI is that of a datatype by its name alone.

    >>> is_datatype("http://www.w3.org/2001/XMLSchema#string"), is_datatype("http://example.org/a")
    (True, False)
    """
    return iri.startswith(XSD) or iri in (
        f"{RDFS}Literal",
        f"{RDF}langString",
        f"{RDF}PlainLiteral",
    )


def close(edges: Mapping[_Node, Iterable[_Node]]) -> dict[_Node, set[_Node]]:
    """Return what can be reached from each node by one step or more.

    Nodes are taken from the end of the steps backwards, so that each adds up what those after it
    have; what stands in a circle is walked by itself.

    >>> {node: sorted(found) for node, found in close({"a": ["b"], "b": ["c"]}).items()}
    {'b': ['c'], 'a': ['b', 'c']}
    >>> sorted(close({"a": ["b"], "b": ["a"]})["a"])
    ['a', 'b']
    """
    closed: dict[_Node, set[_Node]] = {}
    circular: set[_Node] = set()
    for start in edges:
        path = [(start, iter(edges[start]))] if start not in closed else []
        entered = {start}
        while path:
            node, rest = path[-1]
            for each in rest:
                if each in entered:
                    circular.add(node)
                elif each in edges and each not in closed:
                    entered.add(each)
                    path.append((each, iter(edges[each])))
                    break
            else:
                path.pop()
                entered.discard(node)
                reached: set[_Node] = set()
                for each in edges[node]:
                    reached.add(each)
                    reached |= closed.get(each, set())
                    if each in circular:
                        circular.add(node)
                closed[node] = reached
    for node in circular:
        closed[node] = _walk(node, edges)
    return closed


def _walk(start: _Node, edges: Mapping[_Node, Iterable[_Node]]) -> set[_Node]:
    reached: set[_Node] = set()
    waiting = [start]
    while waiting:
        for each in edges.get(waiting.pop(), ()):
            if each not in reached:
                reached.add(each)
                waiting.append(each)
    return reached


def read_schema(triples: Iterable[Triple]) -> Schema:
    """Compile the axioms among triples; what is no axiom is passed by."""
    return _Reader(triples).read()


class _Reader:
    """Sorts triples into the parts of a schema."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.schema = Schema()
        self.pairs: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
        for triple in triples:
            subject = _name(triple.subject)
            if subject is not None:
                self.pairs[triple.predicate.value].add(
                    (subject, _name(triple.object) or str(triple.object))
                )
        self.first = dict(self.pairs[f"{RDF}first"])
        self.rest = dict(self.pairs[f"{RDF}rest"])

    def read(self) -> Schema:
        schema = self.schema
        schema.stated = {name: self.pairs[name] for name in SCHEMA_PREDICATES}
        schema.datatypes = {s for s, o in self.pairs[TYPE] if o == f"{RDFS}Datatype"}
        schema.datatypes |= {o for _, o in self.pairs[RANGE] if is_datatype(o)}
        for subject, kind in self.pairs[TYPE]:
            if kind in KINDS_OF_PROPERTY:
                schema.kinds.setdefault(subject, set()).add(kind.removeprefix(OWL))
        for target, predicate in ((schema.domains, DOMAIN), (schema.ranges, RANGE)):
            for subject, value in self.pairs[predicate]:
                target.setdefault(subject, set()).add(value)
        self._read_classes()
        self._read_properties()
        return schema

    def _read_classes(self) -> None:
        schema = self.schema
        above: defaultdict[str, set[str]] = defaultdict(set)
        for lower, upper in self.pairs[SUBCLASS]:
            above[lower].add(upper)
        for one, other in self.pairs[EQUIVALENT_CLASS]:
            above[one].add(other)
            above[other].add(one)
        for name, parts in self._lists(f"{OWL}unionOf"):
            schema.unions[name] = parts
            for each in parts:
                above[each].add(name)
        for name, parts in self._lists(f"{OWL}intersectionOf"):
            schema.intersections[name] = parts
            above[name].update(parts)
        listed = self._lists(f"{OWL}oneOf")
        schema.members = {name: found for name, found in listed if name not in schema.datatypes}
        on = dict(self.pairs[f"{OWL}onProperty"])
        on_class = dict(self.pairs[f"{OWL}onClass"])
        for kind in (
            "someValuesFrom",
            "allValuesFrom",
            "hasValue",
            "maxCardinality",
            "maxQualifiedCardinality",
        ):
            for name, value in self.pairs[f"{OWL}{kind}"]:
                if name in on:
                    schema.restrictions[name] = Restriction(
                        kind, on[name], value, on_class.get(name, "")
                    )
        for each in above:
            above[each].discard(each)
        schema.superclasses = dict(above)

    def _read_properties(self) -> None:
        schema = self.schema
        implied: defaultdict[str, set[Source]] = defaultdict(set)
        for lower, upper in self.pairs[SUBPROPERTY]:
            implied[lower].add(Source(upper, forward=True, rule="prp-spo1"))
        for one, other in self.pairs[EQUIVALENT_PROPERTY]:
            implied[one].add(Source(other, forward=True, rule="prp-eqp1"))
            implied[other].add(Source(one, forward=True, rule="prp-eqp2"))
        for one, other in self.pairs[f"{OWL}inverseOf"]:
            implied[one].add(Source(other, forward=False, rule="prp-inv1"))
            implied[other].add(Source(one, forward=False, rule="prp-inv2"))
        for name, kinds in schema.kinds.items():
            if "SymmetricProperty" in kinds:
                implied[name].add(Source(name, forward=False, rule="prp-symp"))
        schema.implied = dict(implied)
        schema.chains = sorted(self._lists(f"{OWL}propertyChainAxiom"))
        schema.keys = sorted(self._lists(f"{OWL}hasKey"))

    def _lists(self, predicate: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        for subject, head in self.pairs[predicate]:
            cells: dict[str, str] = {}
            cell = head
            while cell in self.first and cell not in cells:
                cells[cell] = self.first[cell]
                cell = self.rest.get(cell, "")
            yield subject, tuple(cells.values())


def _name(node: object) -> str | None:
    if isinstance(node, NamedNode):
        return node.value
    return f"_:{node.value}" if isinstance(node, BlankNode) else None
