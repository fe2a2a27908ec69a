"""Floor 8: what follows for classes and properties from the schema alone (the rules scm-*).

Left out are the statements that hold of any class and property: that each is under itself and
under owl:Thing. What has no name (class expressions) is followed, but not stated.
"""

from collections.abc import Iterable, Iterator, Mapping

from kg.reasoning.schema import (
    DOMAIN,
    EQUIVALENT_CLASS,
    EQUIVALENT_PROPERTY,
    NOTHING,
    RANGE,
    SUBCLASS,
    SUBPROPERTY,
    THING,
    Schema,
    close,
    is_iri,
)

Line = tuple[str, str, str]


def schema_entailments(schema: Schema) -> Iterator[tuple[str, Line]]:
    """Yield each rule with a statement, by IRIs, that it gives and that is not stated yet."""
    seen: set[Line] = set()
    for rule, line in _derive(schema):
        subject, predicate, value = line
        if not is_iri(subject) or not is_iri(value) or subject == value:
            continue
        if value == THING or subject == NOTHING or line in seen:
            continue
        seen.add(line)
        if (subject, value) not in schema.stated.get(predicate, ()):
            yield rule, line


def _derive(schema: Schema) -> Iterator[tuple[str, Line]]:
    classes = schema.class_closure
    yield from _equivalents(schema, "scm-eqc1", SUBCLASS, EQUIVALENT_CLASS)
    yield from _parts(schema)
    yield from _hierarchy(classes, "scm-sco", SUBCLASS, "scm-eqc2", EQUIVALENT_CLASS)
    steps: dict[str, set[str]] = {}
    for lower, upper in schema.stated.get(SUBPROPERTY, ()):
        steps.setdefault(lower, set()).add(upper)
    for one, other in schema.stated.get(EQUIVALENT_PROPERTY, ()):
        steps.setdefault(one, set()).add(other)
        steps.setdefault(other, set()).add(one)
    properties = close(steps)
    yield from _equivalents(schema, "scm-eqp1", SUBPROPERTY, EQUIVALENT_PROPERTY)
    yield from _hierarchy(properties, "scm-spo", SUBPROPERTY, "scm-eqp2", EQUIVALENT_PROPERTY)
    for each in sorted({*schema.domains, *properties}):
        for above in (each, *properties.get(each, ())):
            yield from _ends(each, DOMAIN, schema.domains.get(above, ()), classes, "scm-dom")
    for each in sorted({*schema.ranges, *properties}):
        for above in (each, *properties.get(each, ())):
            yield from _ends(each, RANGE, schema.ranges.get(above, ()), classes, "scm-rng")


def _hierarchy(
    closed: Mapping[str, Iterable[str]], rule: str, under: str, mutual: str, equal: str
) -> Iterator[tuple[str, Line]]:
    for lower, uppers in closed.items():
        for upper in uppers:
            yield rule, (lower, under, upper)
            if lower in closed.get(upper, ()):
                yield mutual, (lower, equal, upper)


def _ends(
    name: str,
    predicate: str,
    found: Iterable[str],
    classes: Mapping[str, Iterable[str]],
    rule: str,
) -> Iterator[tuple[str, Line]]:
    """Yield the domains or ranges that a property has of one that is above it, or is itself."""
    for each in found:
        yield f"{rule}2", (name, predicate, each)
        for upper in classes.get(each, ()):
            yield f"{rule}1", (name, predicate, upper)


def _equivalents(schema: Schema, rule: str, under: str, equal: str) -> Iterator[tuple[str, Line]]:
    for one, other in schema.stated.get(equal, ()):
        yield rule, (one, under, other)
        yield rule, (other, under, one)


def _parts(schema: Schema) -> Iterator[tuple[str, Line]]:
    for name, parts in schema.unions.items():
        for each in parts:
            yield "scm-uni", (each, SUBCLASS, name)
    for name, parts in schema.intersections.items():
        for each in parts:
            yield "scm-int", (name, SUBCLASS, each)
