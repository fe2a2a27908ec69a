"""Floor 8: rules as SPARQL: where the statements of a property, the members of a class come from.

Each property and each class is asked for once, whole, with all that it follows from, and without
what is stated already: Oxigraph joins and subtracts by the numbers it has for terms (1 µs a
statement), where a rule over Python objects would make each of them first (6 µs).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.reasoning.schema import NOTHING, THING, TYPE, Schema, Source, is_iri

SAME = "http://www.w3.org/2002/07/owl#sameAs"


@dataclass(frozen=True, slots=True)
class Used:
    """What a graph has statements of: the predicates, and the classes that are types there."""

    predicates: frozenset[str]
    classes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of OWL 2 RL for one property or class, as a CONSTRUCT.

    It gives statements with the predicate `head`, and is to be asked again when there are new ones
    with a predicate of `reads`.
    """

    name: str
    head: str
    query: str
    reads: frozenset[str]


def ref(node: str) -> str:
    """Return an IRI or a literal of a schema as SPARQL has it."""
    return node if node.startswith('"') else f"<{node}>"


def union(patterns: Iterable[str]) -> str:
    """Return patterns as alternatives.

    >>> union(["?x ?p ?o", "?o ?p ?x"])
    '{ ?x ?p ?o } UNION { ?o ?p ?x }'
    """
    return " UNION ".join(f"{{ {each} }}" for each in patterns)


def statement(source: Source, subject: str, value: str) -> str:
    """Return the pattern of the statements of a source that give `subject q value`."""
    first, second = (subject, value) if source.forward else (value, subject)
    return f"{first} {ref(source.property)} {second}"


def itself(name: str) -> Source:
    """Return a property as the source of its own statements."""
    return Source(name, forward=True, rule="")


class Patterns:
    """Patterns over a graph whose schema and whose used terms are known."""

    def __init__(self, schema: Schema, used: Used) -> None:
        self.schema = schema
        self.used = used

    def sources(self, name: str) -> list[Source]:
        """Return where the graph has statements that give those of a property, itself first."""
        own = [itself(name)] if name in self.used.predicates else []
        found = self.schema.sources.get(name, ())
        return own + [each for each in found if each.property in self.used.predicates]

    def property(self, name: str, subject: str, value: str) -> str:
        """Return the pattern of what is related by a property, stated or by simple steps."""
        found = [statement(each, subject, value) for each in self.sources(name)]
        return union(found) if found else ""

    def property_rules(self, name: str) -> list[Rule]:
        """Return the simple rules for one property: sub-properties, inverses, symmetry.

        What two rules give is counted under the first.
        """
        sources = self.sources(name)
        stated = [each for each in sources if not each.rule]
        rules = []
        before = [statement(each, "?s", "?o") for each in stated]
        for rule in sorted({each.rule for each in sources if each.rule}, key=_rank):
            mine = [statement(each, "?s", "?o") for each in sources if each.rule == rule]
            reads = frozenset(each.property for each in sources if each.rule in ("", rule))
            rules.append(Rule(rule, name, _construct_pairs(name, mine, before), reads))
            before += mine
        return rules

    def subclass_rule(self, name: str) -> Rule | None:
        """Return the rule that members of a class are members of this one, which is above it."""
        below = sorted(self.schema.subclasses.get(name, set()) & self.used.classes - {name})
        if not below:
            return None
        members = [f"?x a {ref(each)}" for each in below]
        without = self._without([f"?x a {ref(name)}"] if name in self.used.classes else [])
        distinct = "DISTINCT " if len(below) > 1 else ""
        query = (
            f"CONSTRUCT {{ ?x a {ref(name)} }} WHERE "
            f"{{ SELECT {distinct}?x {{ {union(members)}{without} }} }}"
        )
        return Rule("cax-sco", TYPE, query, frozenset({TYPE}))

    def domain_rules(self) -> list[Rule]:
        """Return the rules by which the subjects and objects of properties belong to classes.

        Each asks for those only that no stated type puts there, of which a graph as it is built has
        none; and for the lowest class only, since what is above it follows.
        """
        rules = []
        for rule, subjects in (("prp-dom", True), ("prp-rng", False)):
            by_class: dict[str, list[str]] = {}
            for name in sorted(self.used.predicates & set(self.schema.properties)):
                for each in sorted(self.schema.lowest_classes_of(name, subjects=subjects)):
                    by_class.setdefault(each, []).append(name)
            for each, names in by_class.items():
                some = [f"?x <{n}> ?y" if subjects else f"?y <{n}> ?x" for n in names]
                rules.append(self.membership(rule, each, union(some), frozenset(names)))
        return rules

    def membership(self, rule: str, name: str, pattern: str, reads: frozenset[str]) -> Rule:
        """Return a rule that puts each `?x` of a pattern into a class it does not belong to yet."""
        known = sorted({name, *self.schema.subclasses.get(name, set())} & self.used.classes)
        without = self._without(f"?x a {ref(each)}" for each in known)
        query = (
            f"CONSTRUCT {{ ?x a {ref(name)} }} WHERE "
            f"{{ SELECT DISTINCT ?x {{ {pattern} {without} }} }}"
        )
        return Rule(rule, TYPE, query, reads)

    def chain_rule(self, head: str, steps: Sequence[str]) -> Rule | None:
        """Return the rule of a property chain, or None where a step of it has no statements."""
        names = [f"?v{number}" for number in range(len(steps) + 1)]
        ends = zip(steps, names, names[1:], strict=False)
        parts = [self.property(step, one, other) for step, one, other in ends]
        if not all(parts):
            return None
        pattern = " ".join(part if part.count("{") == 1 else f"{{ {part} }}" for part in parts)
        known = self.property(head, names[0], names[-1])
        without = self._without([known] if known else [])
        query = (
            f"CONSTRUCT {{ {names[0]} <{head}> {names[-1]} }} WHERE "
            f"{{ SELECT DISTINCT {names[0]} {names[-1]} {{ {pattern}{without} }} }}"
        )
        return Rule("prp-spo2", head, query, frozenset(self.readable(*steps)))

    def readable(self, *names: str) -> set[str]:
        """Return the predicates whose statements give statements with the named properties."""
        return {each.property for name in names for each in self.sources(name)}

    @staticmethod
    def _without(patterns: Iterable[str]) -> str:
        found = list(patterns)
        return f" MINUS {{ {union(found)} }}" if found else ""

    def simple_rules(self) -> list[Rule]:
        """Return the rules that no other rule needs, since each has all steps that lead to it."""
        rules = []
        for name in self.schema.properties:
            if is_iri(name) and name not in _OWN:
                rules += self.property_rules(name)
        for name in sorted(self.schema.subclasses):
            if is_iri(name) and name not in (THING, NOTHING):
                rule = self.subclass_rule(name)
                rules += [rule] if rule else []
        return rules


# Handled with the schema, not with the data.
_OWN = frozenset({TYPE})
_RULES = ("prp-spo1", "prp-eqp1", "prp-eqp2", "prp-symp", "prp-inv1", "prp-inv2")


def _rank(rule: str) -> int:
    return _RULES.index(rule)


def _construct_pairs(name: str, found: Sequence[str], before: Sequence[str]) -> str:
    without = f" MINUS {{ {union(before)} }}" if before else ""
    distinct = "DISTINCT " if len(found) > 1 else ""
    return (
        f"CONSTRUCT {{ ?s <{name}> ?o }} WHERE "
        f"{{ SELECT {distinct}?s ?o {{ {union(found)}{without} }} }}"
    )
