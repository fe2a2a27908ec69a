"""Floor 8: why the ontology and a graph are at odds: the axioms and statements that clash.

What clashes is found by leaving things out and asking again: halves first, then QuickXplain (U.
Junker, AAAI 2004), which asks about 2k log(n/k) times for k of n. First the statements, beside all
axioms; then the axioms, beside those statements. The rules of OWL 2 RL are asked where they see the
clash, which takes a moment, else HermiT; HermiT in any case at the beginning and at the end. What
is left is minimal: without any one of it the rest is consistent.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from time import perf_counter

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, serialize

from kg.errors import ReasonerError
from kg.namespaces import KG, OWL, RDF, RDFS
from kg.reasoning.checks import Terms
from kg.reasoning.clashes import clashes
from kg.reasoning.hermit import ask_hermit, require_java
from kg.reasoning.ontology import Graph, ontology_path, read_graph
from kg.reasoning.wording import Wording

TYPE = f"{RDF}type"
_DECLARATIONS = {
    *(f"{OWL}{kind}" for kind in ("Class", "ObjectProperty", "DatatypeProperty")),
    *(f"{OWL}{kind}" for kind in ("AnnotationProperty", "Ontology", "NamedIndividual")),
    f"{RDFS}Datatype",
}
_LOGICAL = (OWL, f"{RDFS}subClassOf", f"{RDFS}subPropertyOf", f"{RDFS}domain", f"{RDFS}range", TYPE)
_HEADER = (f"{OWL}versionIRI", f"{OWL}versionInfo")
# Down to so many statements, halves are tried as they are.
_FEW = 32

Unit = tuple[Triple, ...]
"""Statements that stand or fall together: an axiom with its unnamed classes and lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What clashes, in words: axioms of the ontology, and statements of the graphs.

    `nodes` are the IRIs that the statements are about. Where the time was not enough, `minimal`
    is false, and there may be more in it than clashes. `asked` is how often HermiT was asked.
    """

    axioms: tuple[str, ...]
    statements: tuple[str, ...]
    nodes: tuple[str, ...]
    minimal: bool
    asked: int
    seconds: float


class _OutOfTimeError(Exception):
    """There is no time left to ask."""


def explain_inconsistency(*graphs: Graph, timeout: float = 600.0) -> Explanation | None:
    """Return why the ontology and graphs are inconsistent, or None where they are consistent.

    Raises:
        ReasonerError: if HermiT fails, or has no time to tell whether they are consistent.
        InputError: if a graph cannot be read.
    """
    started = perf_counter()
    require_java()
    ontology = list(read_graph(ontology_path()))
    fixed, axioms = read_units(ontology)
    notes = Terms(ontology).annotations()
    stated = (triple for graph in graphs for triple in read_graph(graph))
    declared, data = read_units(each for each in stated if each.predicate.value not in notes)
    fixed += declared
    # What comes first is left out last: types say most.
    data.sort(key=lambda unit: (unit[0].predicate.value != TYPE, str(unit)))
    search = _Search(fixed, started + timeout)
    try:
        if search.is_consistent([*axioms, *data]):
            return None
    except _OutOfTimeError:
        raise ReasonerError(f"HermiT did not finish within {timeout:g} seconds") from None
    minimal = True
    statements, kept = list(data), list(axioms)
    try:
        search.by_rules = clashes([*fixed, *(t for unit in (*axioms, *data) for t in unit)])
        statements = search.narrow(kept, statements)
        kept = search.narrow(statements, kept)
        if search.by_rules:
            # The rules see less than HermiT, which has the last word.
            search.by_rules = False
            statements = search.leave_out(kept, statements)
            kept = search.leave_out(statements, kept)
    except _OutOfTimeError:
        minimal = False
        statements = search.best(statements)
    wording = Wording([*ontology, *_labels(graphs, statements)])
    return Explanation(
        axioms=tuple(sorted(map(wording.unit, kept))) if minimal else (),
        statements=tuple(map(wording.unit, statements)),
        nodes=tuple(sorted(_nodes(statements))),
        minimal=minimal,
        asked=search.asked,
        seconds=perf_counter() - started,
    )


def read_units(triples: Iterable[Triple]) -> tuple[list[Triple], list[Unit]]:
    """Return what declares terms, and the axioms, each with all that it needs.

    Classes that are all disjoint become pairs, so that the pair that matters can be named.
    """
    about: defaultdict[str, list[Triple]] = defaultdict(list)
    roots: list[Triple] = []
    fixed: list[Triple] = []
    for triple in triples:
        if isinstance(triple.subject, BlankNode):
            about[triple.subject.value].append(triple)
        elif _is_declaration(triple):
            fixed.append(triple)
        elif _is_logical(triple):
            roots.append(triple)
    every = [*roots, *(triple for found in about.values() for triple in found)]
    used = {each.object.value for each in every if isinstance(each.object, BlankNode)}
    units: list[Unit] = [tuple(_with_parts(triple, about)) for triple in roots]
    for name in [name for name in about if name not in used]:
        members = _members(about[name], about)
        if any(_value(t.object) == f"{OWL}AllDisjointClasses" for t in about[name]):
            units += [_disjoint(*pair) for pair in combinations(members, 2)]
        else:
            parts = (part for triple in about[name] for part in _with_parts(triple, about))
            units.append(tuple(dict.fromkeys(parts)))
    return fixed, units


def _disjoint(one: NamedNode, other: NamedNode) -> Unit:
    return (Triple(one, NamedNode(f"{OWL}disjointWith"), other),)


def _members(triples: Iterable[Triple], about: dict[str, list[Triple]]) -> list[NamedNode]:
    found: list[NamedNode] = []
    cells = [t.object for t in triples if t.predicate.value == f"{OWL}members"]
    while cells and isinstance(cell := cells.pop(), BlankNode):
        for triple in about[cell.value]:
            if triple.predicate.value == f"{RDF}first" and isinstance(triple.object, NamedNode):
                found.append(triple.object)
            elif triple.predicate.value == f"{RDF}rest":
                cells.append(triple.object)
    return found


def _with_parts(triple: Triple, about: dict[str, list[Triple]]) -> Iterator[Triple]:
    yield triple
    if isinstance(triple.object, BlankNode):
        for part in about[triple.object.value]:
            yield from _with_parts(part, about)


def _value(node: object) -> str:
    return node.value if isinstance(node, NamedNode) else ""


def _is_declaration(triple: Triple) -> bool:
    return triple.predicate.value in _HEADER or (
        triple.predicate.value == TYPE and _value(triple.object) in _DECLARATIONS
    )


def _is_logical(triple: Triple) -> bool:
    """Tell what a reasoner may conclude from, from labels and other annotations."""
    name = triple.predicate.value
    return not name.startswith(RDFS) or name in _LOGICAL


def _labels(graphs: Iterable[Graph], statements: Iterable[Unit]) -> Iterator[Triple]:
    """Yield what the nodes of statements are called."""
    nodes = _nodes(statements)
    for graph in graphs:
        for triple in read_graph(graph):
            if triple.predicate.value == f"{RDFS}label" and _value(triple.subject) in nodes:
                yield triple


def _nodes(statements: Iterable[Unit]) -> set[str]:
    found = {_value(node) for unit in statements for t in unit for node in (t.subject, t.object)}
    return {each for each in found - {""} if not each.startswith((KG, OWL))}


class _Search:
    """Asks for less and less, until the time is up: the rules where they see it, else HermiT."""

    def __init__(self, fixed: Sequence[Triple], deadline: float) -> None:
        self._fixed = fixed
        self._deadline = deadline
        self._clash: set[Unit] = set()
        self.by_rules = False
        self.asked = 0

    def is_consistent(self, units: Sequence[Unit]) -> bool:
        """Ask whether some units are consistent: the rules, if `by_rules`, or HermiT."""
        left = self._deadline - perf_counter()
        if left <= 0:
            raise _OutOfTimeError
        triples = list(
            dict.fromkeys([*self._fixed, *(triple for unit in units for triple in unit)])
        )
        if self.by_rules:
            found = not clashes(triples)
        else:
            self.asked += 1
            text = serialize(triples, format=RdfFormat.N_TRIPLES)
            assert isinstance(text, bytes)  # noqa: S101 (no file was given)
            try:
                found = ask_hermit(text, left)
            except ReasonerError:
                if perf_counter() >= self._deadline:
                    raise _OutOfTimeError from None
                raise
        if not found:
            self._clash = set(units)
        return found

    def best(self, among: Sequence[Unit]) -> list[Unit]:
        """Return which of some units are in the smallest set that was seen to clash."""
        return [unit for unit in among if unit in self._clash]

    def narrow(self, beside: list[Unit], units: list[Unit]) -> list[Unit]:
        """Return a minimal part of `units` that clashes with all of `beside`."""
        while len(units) > _FEW:
            middle = len(units) // 2
            for half in (units[:middle], units[middle:]):
                if not self.is_consistent([*beside, *half]):
                    units = half
                    break
            else:
                break
        return self._explain(beside, units, grown=True)

    def leave_out(self, beside: list[Unit], units: list[Unit]) -> list[Unit]:
        """Return `units`, few, without those that are not needed, one by one."""
        for unit in tuple(units):
            rest = [each for each in units if each is not unit]
            if not self.is_consistent([*beside, *rest]):
                units = rest
        return units

    def _explain(self, beside: list[Unit], units: list[Unit], *, grown: bool) -> list[Unit]:
        """Do what QuickXplain does; `grown` tells that `beside` may clash by itself now."""
        if grown and not self.is_consistent(beside):
            return []
        if len(units) <= 1:
            return units
        middle = len(units) // 2
        first, second = units[:middle], units[middle:]
        late = self._explain([*beside, *first], second, grown=bool(first))
        early = self._explain([*beside, *late], first, grown=bool(late))
        return [*early, *late]
