"""Floor 8: a constraint as SPARQL: a SELECT whose answers are the faults.

Of a good graph nearly all is right, so a query begins with what is rare or cheap to look through:
the values of a property rather than the nodes of a class. Whether a node that fails is one that the
shape is for is asked of the few that fail, afterwards. Where the nodes are given, a query begins
with them.

    constraint + focus -> SELECT ?this ?path ?value
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from kg.namespaces import RDF, XSD
from kg.validation.model import SH
from kg.validation.shapes import Constraint, Target, UnsupportedShapesError

# class -> itself and what the graph has below it
Subclasses = Callable[[NamedNode], Sequence[NamedNode]]

_WHERE = re.compile(r"\bWHERE\s*\{", re.IGNORECASE)
_TYPE = f"<{RDF}type>"
_NUMBERS = frozenset(f"{XSD}{name}" for name in ("integer", "decimal", "double", "float"))
_KINDS = {
    "IRI": "isIRI({0})",
    "BlankNode": "isBlank({0})",
    "Literal": "isLiteral({0})",
    "BlankNodeOrIRI": "(isBlank({0}) || isIRI({0}))",
    "BlankNodeOrLiteral": "(isBlank({0}) || isLiteral({0}))",
    "IRIOrLiteral": "(isIRI({0}) || isLiteral({0}))",
}


@dataclass(frozen=True, slots=True)
class Query:
    """A SELECT with `?this`, and `?path` and `?value` where the result has them.

    `bound` tells that its answers are of the shape's focus nodes already.
    """

    text: str
    bound: bool


def compile_constraint(
    constraint: Constraint, subclasses: Subclasses, focus: Sequence[NamedNode] | None = None
) -> list[Query]:
    """Return the queries that find all faults of a constraint, or those of some focus nodes.

    The nodes given are taken for focus nodes of the shape.
    """
    if focus is not None:
        block = f"VALUES ?this {{ {' '.join(map(str, focus))} }}"
        return [Query(_select(constraint, subclasses, block), bound=True)]
    if constraint.component in _FROM_NODES or constraint.path is None:
        if constraint.component == "SPARQLConstraintComponent":
            text = constraint.whole or _select(constraint, subclasses, "")
            return [Query(text, bound=False)]
        patterns = (target_pattern(target, subclasses) for target in constraint.targets)
        return [Query(_select(constraint, subclasses, each), bound=True) for each in patterns]
    return [Query(_select(constraint, subclasses, ""), bound=False)]


def target_pattern(target: Target, subclasses: Subclasses) -> str:
    """Return the pattern whose solutions have the focus nodes of a target as `?this`."""
    if target.kind == "Class":
        classes = subclasses(target.term)
        if len(classes) == 1:
            return f"?this {_TYPE} {target.term} ."
        return f"VALUES ?class {{ {' '.join(map(str, classes))} }} ?this {_TYPE} ?class ."
    if target.kind == "SubjectsOf":
        return f"?this {target.term} ?any ."
    if target.kind == "ObjectsOf":
        return f"?any {target.term} ?this ."
    return f"VALUES ?this {{ {target.term} }}"


def _select(constraint: Constraint, subclasses: Subclasses, start: str) -> str:
    make = _MAKERS[constraint.component]
    return make(constraint, subclasses, start)


def _step(path: str, value: str) -> str:
    """Return the triple pattern from `?this` along a path."""
    if path.startswith("^"):
        return f"{value} <{path[1:]}> ?this ."
    return f"?this <{path}> {value} ."


def _min_count(constraint: Constraint, _subclasses: Subclasses, start: str) -> str:
    least = _number(constraint)
    assert constraint.path is not None  # noqa: S101 (only property shapes count)
    step = _step(constraint.path, "?counted")
    if least == 1:
        return f"SELECT DISTINCT ?this WHERE {{ {start} FILTER NOT EXISTS {{ {step} }} }}"
    return (
        f"SELECT ?this WHERE {{ {start} OPTIONAL {{ {step} }} }} "
        f"GROUP BY ?this HAVING (COUNT(DISTINCT ?counted) < {least})"
    )


def _max_count(constraint: Constraint, _subclasses: Subclasses, start: str) -> str:
    most = _number(constraint)
    assert constraint.path is not None  # noqa: S101 (only property shapes count)
    step = _step(constraint.path, "?counted")
    if most == 0:
        return f"SELECT DISTINCT ?this WHERE {{ {start} {step} }}"
    if most == 1:
        other = _step(constraint.path, "?other")
        return (
            f"SELECT DISTINCT ?this WHERE {{ {start} {step} {other} "
            "FILTER (!sameTerm(?counted, ?other)) }"
        )
    return (
        f"SELECT ?this WHERE {{ {start} {step} }} "
        f"GROUP BY ?this HAVING (COUNT(DISTINCT ?counted) > {most})"
    )


def _of_values(test: Callable[[Constraint, Subclasses], str]) -> "_Maker":
    """Return what makes a query for values that fail a test; of a node shape, the value is it."""

    def make(constraint: Constraint, subclasses: Subclasses, start: str) -> str:
        failing = f"FILTER ({test(constraint, subclasses)})"
        if constraint.path is None:
            return (
                f"SELECT DISTINCT ?this ?value WHERE {{ {start} BIND (?this AS ?value) {failing} }}"
            )
        step = _step(constraint.path, "?value")
        return f"SELECT DISTINCT ?this ?value WHERE {{ {start} {step} {failing} }}"

    return make


def _not_datatype(constraint: Constraint, _subclasses: Subclasses) -> str:
    datatype = constraint.argument[0]
    holds = f"datatype(?value) = {datatype}"
    iri = _iri(constraint)
    if iri in _NUMBERS:
        # A literal that is none of its datatype ("x"^^xsd:integer) is no number.
        holds += " && isNumeric(?value)"
    elif iri == f"{XSD}boolean":
        holds += " && (?value = true || ?value = false)"
    return f"!COALESCE({holds}, false)"


def _not_class(constraint: Constraint, subclasses: Subclasses) -> str:
    wanted = constraint.argument[0]
    assert isinstance(wanted, NamedNode)  # noqa: S101 (checked by _iri)
    classes = subclasses(wanted)
    if len(classes) == 1:
        return f"NOT EXISTS {{ ?value {_TYPE} {wanted} }}"
    same = " || ".join(f"sameTerm(?type, {each})" for each in classes)
    return f"NOT EXISTS {{ ?value {_TYPE} ?type FILTER ({same}) }}"


def _not_kind(constraint: Constraint, _subclasses: Subclasses) -> str:
    name = _iri(constraint).removeprefix(SH)
    if name not in _KINDS:
        raise UnsupportedShapesError(f"{constraint.shape}: sh:nodeKind {constraint.argument[0]}")
    return f"!{_KINDS[name].format('?value')}"


def _not_in(constraint: Constraint, _subclasses: Subclasses) -> str:
    same = " || ".join(f"sameTerm(?value, {each})" for each in constraint.argument)
    return f"!({same})" if same else "true"


def _not_pattern(constraint: Constraint, _subclasses: Subclasses) -> str:
    pattern = constraint.argument[0]
    return f"isBlank(?value) || !REGEX(STR(?value), {pattern})"


def _too_short(constraint: Constraint, _subclasses: Subclasses) -> str:
    return f"isBlank(?value) || STRLEN(STR(?value)) < {_number(constraint)}"


def _too_small(constraint: Constraint, _subclasses: Subclasses) -> str:
    return f"!COALESCE(?value >= {constraint.argument[0]}, false)"


def _too_great(constraint: Constraint, _subclasses: Subclasses) -> str:
    return f"!COALESCE(?value <= {constraint.argument[0]}, false)"


def _not_disjoint(constraint: Constraint, _subclasses: Subclasses) -> str:
    return f"EXISTS {{ ?this {constraint.argument[0]} ?value }}"


def _has_value(constraint: Constraint, _subclasses: Subclasses, start: str) -> str:
    assert constraint.path is not None  # noqa: S101 (refused before)
    step = _step(constraint.path, str(constraint.argument[0]))
    return f"SELECT DISTINCT ?this WHERE {{ {start} FILTER NOT EXISTS {{ {step} }} }}"


def _closed(constraint: Constraint, _subclasses: Subclasses, start: str) -> str:
    others = "".join(f" && !sameTerm(?path, {each})" for each in constraint.argument)
    return (
        f"SELECT DISTINCT ?this ?path ?value WHERE {{ {start} ?this ?path ?value . "
        f"FILTER (true{others}) }}"
    )


def _rule(constraint: Constraint, _subclasses: Subclasses, start: str) -> str:
    rule = constraint.argument[0]
    assert isinstance(rule, Literal)  # noqa: S101 (made so when it was read)
    return _WHERE.sub(lambda found: f"{found[0]} {start} ", rule.value)


def _iri(constraint: Constraint) -> str:
    value = constraint.argument[0]
    if not isinstance(value, NamedNode):
        raise UnsupportedShapesError(f"{constraint.shape}: {value} where an IRI was expected")
    return value.value


def _number(constraint: Constraint) -> int:
    value = constraint.argument[0]
    if not isinstance(value, Literal) or not value.value.isdecimal():
        raise UnsupportedShapesError(f"{constraint.shape}: {value} where a number was expected")
    return int(value.value)


_Maker = Callable[[Constraint, Subclasses, str], str]
_MAKERS: Mapping[str, _Maker] = {
    "MinCountConstraintComponent": _min_count,
    "MaxCountConstraintComponent": _max_count,
    "DatatypeConstraintComponent": _of_values(_not_datatype),
    "NodeKindConstraintComponent": _of_values(_not_kind),
    "ClassConstraintComponent": _of_values(_not_class),
    "InConstraintComponent": _of_values(_not_in),
    "HasValueConstraintComponent": _has_value,
    "PatternConstraintComponent": _of_values(_not_pattern),
    "MinLengthConstraintComponent": _of_values(_too_short),
    "MinInclusiveConstraintComponent": _of_values(_too_small),
    "MaxInclusiveConstraintComponent": _of_values(_too_great),
    "DisjointConstraintComponent": _of_values(_not_disjoint),
    "ClosedConstraintComponent": _closed,
    "SPARQLConstraintComponent": _rule,
}
# What a node fails by what it lacks: the nodes have to be gone through.
_FROM_NODES = frozenset({"MinCountConstraintComponent", "HasValueConstraintComponent"})
