"""Floor 8: reads a SHACL shapes graph into constraints, of the part of SHACL that SPARQL can run.

What is understood is what `ontology/shapes.ttl` uses and what commonly stands beside it:
sh:targetClass, sh:targetSubjectsOf, sh:targetObjectsOf, sh:targetNode; node shapes with property
shapes whose path is a property or its inverse; and the constraints of `_ARGUMENTS`, sh:closed and
sh:sparql with a SELECT. Anything else is refused by name, never passed over.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store

from kg.errors import InputError, KgError
from kg.namespaces import RDF, RDFS
from kg.resources import resource_path
from kg.validation.model import SH, SHAPES, Severity, Term, show_term

_Node = NamedNode | BlankNode

_TYPE = NamedNode(f"{RDF}type")
_WHOLE = NamedNode(f"{SHAPES}whole")
_FIRST, _REST, _NIL = (NamedNode(f"{RDF}{name}") for name in ("first", "rest", "nil"))

# parameter -> component
_ARGUMENTS = {
    "minCount": "MinCountConstraintComponent",
    "maxCount": "MaxCountConstraintComponent",
    "datatype": "DatatypeConstraintComponent",
    "nodeKind": "NodeKindConstraintComponent",
    "class": "ClassConstraintComponent",
    "in": "InConstraintComponent",
    "hasValue": "HasValueConstraintComponent",
    "pattern": "PatternConstraintComponent",
    "minLength": "MinLengthConstraintComponent",
    "minInclusive": "MinInclusiveConstraintComponent",
    "maxInclusive": "MaxInclusiveConstraintComponent",
    "disjoint": "DisjointConstraintComponent",
}
_CLOSED = "ClosedConstraintComponent"
_SPARQL = "SPARQLConstraintComponent"
_TARGETS = ("targetClass", "targetSubjectsOf", "targetObjectsOf", "targetNode")
# What stands at a shape and constrains nothing by itself.
_BESIDE = frozenset(
    {*_TARGETS, "path", "property", "severity", "message", "name", "description", "order", "group"}
    | {"closed", "ignoredProperties", "sparql"}
)
_IN_SPARQL = frozenset({"prefixes", "message", "select"})


class UnsupportedShapesError(KgError):
    """A shapes graph that uses more of SHACL than can be turned into SPARQL here."""


@dataclass(frozen=True, slots=True)
class Target:
    """Which nodes a shape is for: `kind` is the name of the SHACL property, less "target"."""

    kind: str
    term: NamedNode


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """One thing that a shape asks of its focus nodes, or of the values of `path` (see `Result`).

    `argument` is what the constraint's parameter has: of sh:in and sh:closed the terms of the list,
    of sh:sparql the query with its prefixes. `whole` is another query for the same, which is faster
    where it is asked of all nodes (`kgs:whole` in our shapes).
    """

    shape: str
    targets: tuple[Target, ...]
    path: str | None
    component: str
    argument: tuple[Term, ...]
    severity: Severity
    message: str
    whole: str = ""


@dataclass(frozen=True, slots=True)
class Shapes:
    """A shapes graph: where it was read from, its constraints in order, and its triples."""

    path: Path
    constraints: tuple[Constraint, ...]


def shapes_path() -> Path:
    """Return the path of the project's own shapes.

    >>> shapes_path().name
    'shapes.ttl'
    """
    return resource_path("ontology", "shapes.ttl")


def read_shapes(path: Path | None = None) -> Shapes:
    """Read a shapes graph (Turtle or another format of RDF, by its suffix), by default our own.

    Raises:
        InputError: if the file cannot be read as RDF, or has no shape.
        UnsupportedShapesError: if it uses what is not understood here; pySHACL may.

    """
    chosen = path or shapes_path()
    graph = load_shapes(chosen)
    try:
        constraints = tuple(_Reader(graph).constraints())
    except UnsupportedShapesError as error:
        raise UnsupportedShapesError(f"{chosen}: {error}; use --engine pyshacl") from None
    return Shapes(chosen, constraints)


def load_shapes(path: Path) -> Store:
    """Read the triples of a shapes graph.

    Raises:
        InputError: if the file cannot be read as RDF, or has no shape.

    """
    graph = Store()
    try:
        known = RdfFormat.from_extension(path.suffix.lstrip("."))
        graph.bulk_load(path=str(path), format=known or RdfFormat.TURTLE)
    except (OSError, SyntaxError, ValueError) as error:
        raise InputError(f"{path}: cannot be read as RDF ({error})") from error
    if not any(any(graph.quads_for_pattern(None, _sh(name), None)) for name in _TARGETS):
        raise InputError(f"{path}: has no SHACL shape with a target (sh:targetClass and the like)")
    return graph


def _sh(name: str) -> NamedNode:
    return NamedNode(f"{SH}{name}")


class _Reader:
    """Reads the constraints of one shapes graph."""

    def __init__(self, graph: Store) -> None:
        self._graph = graph

    def constraints(self) -> Iterator[Constraint]:
        """Yield the constraints, those of one shape together, shapes in the order of their IRIs."""
        roots = {
            quad.subject
            for name in _TARGETS
            for quad in self._graph.quads_for_pattern(None, _sh(name), None)
        }
        for quad in self._graph.quads_for_pattern(None, _TYPE, _sh("NodeShape")):
            # A class that is a shape is its own target.
            if any(self._graph.quads_for_pattern(quad.subject, _TYPE, _CLASS)):
                raise UnsupportedShapesError(f"{_name(quad.subject)}: a class that is a shape")
        for root in sorted(roots, key=str):
            if isinstance(root, NamedNode | BlankNode):
                yield from self._of_root(root)

    def _of_root(self, root: _Node) -> Iterator[Constraint]:
        targets = tuple(
            sorted(
                (
                    Target(name.removeprefix("target"), self._iri(root, name, term))
                    for name in _TARGETS
                    for term in self._objects(root, name)
                ),
                key=lambda each: (each.kind, each.term.value),
            )
        )
        yield from self._of_shape(root, targets)
        for part in sorted(self._objects(root, "property"), key=str):
            if not isinstance(part, NamedNode | BlankNode):
                raise UnsupportedShapesError(f"{_name(root)}: sh:property is no node")
            yield from self._of_shape(part, targets)

    def _of_shape(self, shape: _Node, targets: tuple[Target, ...]) -> Iterator[Constraint]:
        path = self._path(shape)
        if path is not None and any(self._objects(shape, "property")):
            raise UnsupportedShapesError(f"{_name(shape)}: sh:property within a property shape")
        severity = self._severity(shape)
        message = self._text(shape, "message")
        for name in sorted(self._parameters(shape)):
            for argument in self._arguments(shape, name):
                yield Constraint(
                    shape=_name(shape),
                    targets=targets,
                    path=path,
                    component=_ARGUMENTS[name],
                    argument=argument,
                    severity=severity,
                    message=message,
                )
        if self._text(shape, "closed") == "true":
            allowed = [
                term
                for known in self._objects(shape, "ignoredProperties")
                for term in self._list(known)
            ]
            for part in self._objects(shape, "property"):
                allowed += [each for each in self._objects(part, "path") if _is_iri(each)]
            yield Constraint(
                shape=_name(shape),
                targets=targets,
                path=None,
                component=_CLOSED,
                argument=tuple(allowed),
                severity=severity,
                message=message,
            )
        for rule in self._objects(shape, "sparql"):
            yield Constraint(
                shape=_name(shape),
                targets=targets,
                path=path,
                component=_SPARQL,
                argument=(Literal(self._select(rule)),),
                severity=severity,
                message=self._text(rule, "message") or message,
                whole=self._whole(rule),
            )

    def _parameters(self, shape: _Node) -> set[str]:
        """Return the parameters of a shape that are constraints; others that are not known fail."""
        found = set()
        for quad in self._graph.quads_for_pattern(shape, None, None):
            name = quad.predicate.value.removeprefix(SH)
            if name == quad.predicate.value or name in _BESIDE:
                continue
            if name not in _ARGUMENTS:
                raise UnsupportedShapesError(f"{_name(shape)} has sh:{name}")
            found.add(name)
        return found

    def _arguments(self, shape: _Node, name: str) -> Iterator[tuple[Term, ...]]:
        for value in sorted(self._objects(shape, name), key=str):
            yield tuple(self._list(value)) if name == "in" else (value,)

    def _path(self, shape: _Node) -> str | None:
        for path in self._objects(shape, "path"):
            if isinstance(path, NamedNode):
                return path.value
            for inverse in self._objects(path, "inversePath"):
                if isinstance(inverse, NamedNode):
                    return f"^{inverse.value}"
            raise UnsupportedShapesError(
                f"{_name(shape)}: a path that is neither a property nor its inverse"
            )
        return None

    def _severity(self, shape: _Node) -> Severity:
        for severity in self._objects(shape, "severity"):
            name = severity.value.removeprefix(SH) if isinstance(severity, NamedNode) else ""
            if name not in list(Severity):
                raise UnsupportedShapesError(f"{_name(shape)}: severity {severity}")
            return Severity(name)
        return Severity.VIOLATION

    def _select(self, rule: Term) -> str:
        for name in self._names(rule) - _IN_SPARQL:
            raise UnsupportedShapesError(f"a sh:sparql has sh:{name}")
        return self._prefixed(rule, self._text(rule, "select"))

    def _whole(self, rule: Term) -> str:
        assert isinstance(rule, NamedNode | BlankNode)  # noqa: S101 (it has a query)
        for quad in self._graph.quads_for_pattern(rule, _WHOLE, None):
            return self._prefixed(rule, quad.object.value) if _is_text(quad.object) else ""
        return ""

    def _prefixed(self, rule: Term, query: str) -> str:
        declared = [
            f"PREFIX {self._text(each, 'prefix')}: <{self._text(each, 'namespace')}>"
            for known in self._objects(rule, "prefixes")
            for each in self._objects(known, "declare")
        ]
        return "\n".join([*sorted(declared), query])

    def _names(self, node: Term) -> set[str]:
        if not isinstance(node, NamedNode | BlankNode):
            return set()
        quads = self._graph.quads_for_pattern(node, None, None)
        predicates = (quad.predicate.value for quad in quads)
        return {iri.removeprefix(SH) for iri in predicates if iri.startswith(SH)}

    def _objects(self, node: Term, name: str) -> list[Term]:
        if not isinstance(node, NamedNode | BlankNode):
            return []
        return [quad.object for quad in self._graph.quads_for_pattern(node, _sh(name), None)]

    def _iri(self, shape: _Node, name: str, term: Term) -> NamedNode:
        if not isinstance(term, NamedNode):
            raise UnsupportedShapesError(f"{_name(shape)}: sh:{name} with {term}")
        return term

    def _text(self, node: Term, name: str) -> str:
        values = [each.value for each in self._objects(node, name) if isinstance(each, Literal)]
        return min(values, default="")

    def _list(self, node: Term) -> Iterator[Term]:
        while isinstance(node, NamedNode | BlankNode) and node != _NIL:
            firsts = self._graph.quads_for_pattern(node, _FIRST, None)
            yield next(quad.object for quad in firsts)
            node = next(quad.object for quad in self._graph.quads_for_pattern(node, _REST, None))


def _is_text(term: Term) -> TypeGuard[Literal]:
    return isinstance(term, Literal)


def _is_iri(term: Term) -> bool:
    return isinstance(term, NamedNode)


def _name(node: Term) -> str:
    return node.value if isinstance(node, NamedNode) else show_term(node)


_CLASS = NamedNode(f"{RDFS}Class")
