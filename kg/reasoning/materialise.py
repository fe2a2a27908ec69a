"""Floor 8: what follows from the ontology and a graph by OWL 2 RL, as statements of a named graph.

Rules that need others (chains, transitive properties, class expressions, equality) are asked until
nothing new comes, each again only when what it reads has grown. Then every other one is asked once.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from threading import Thread

from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    parse,
)

from kg.reasoning.axioms import schema_entailments
from kg.reasoning.patterns import Patterns, Rule, Used
from kg.reasoning.schema import (
    KINDS_OF_PROPERTY,
    SCHEMA_PREDICATES,
    TYPE,
    Schema,
    close,
    is_iri,
    read_schema,
)

Load = Callable[[Iterable[bytes]], None]
"""Takes N-Quads text into the store that is reasoned over; each chunk holds whole lines."""

_CHUNK = 1 << 23
_END = b" .\n"


@dataclass(frozen=True, slots=True)
class Inferred:
    """What was inferred: how many statements by rule. A statement counts under one rule only.

    `not_applied` names kinds of axiom that are there and that no rule reads (OWL's short names).
    `lines` counts what was written: with what the graph of inferred statements says of itself.
    """

    counts: dict[str, int]

    not_applied: tuple[str, ...] = ()
    lines: int = 0

    @property
    def statements(self) -> int:
        """Return how many statements were inferred."""
        return sum(self.counts.values())


def materialise(store: Store, ontology: bytes, graph: str, load: Load) -> Inferred:
    """Infer what follows from an ontology (N-Triples) and a store's default graph.

    What follows goes through `load` into the store's named graph `graph`, which is to be empty;
    what is stated already is left out, and so is what is true of anything
    (`kg.reasoning.axioms`, docs/reasoning.md).
    """
    return Materialiser(store, ontology, graph, load).run()


def read_axioms(store: Store, ontology: bytes) -> Schema:
    """Compile the axioms of an ontology (N-Triples) together with those of a default graph."""

    def triples() -> Iterator[Triple]:
        for quad in parse(ontology, RdfFormat.N_TRIPLES, rename_blank_nodes=True):
            yield quad.triple
        for predicate in SCHEMA_PREDICATES:
            yield from _stated(store, predicate, None)
        for kind in (*KINDS_OF_PROPERTY, "http://www.w3.org/2000/01/rdf-schema#Datatype"):
            yield from _stated(store, TYPE, kind)

    return read_schema(triples())


def _stated(store: Store, predicate: str, value: str | None) -> Iterator[Triple]:
    found = store.quads_for_pattern(
        None, NamedNode(predicate), None if value is None else NamedNode(value), DefaultGraph()
    )
    for quad in found:
        yield quad.triple


def find_used(store: Store, schema: Schema, graphs: Iterable[NamedNode | DefaultGraph]) -> Used:
    """Return which predicates and classes of a schema have statements in some graphs."""
    chosen = tuple(graphs)

    def is_used(predicate: str, value: str | None) -> bool:
        wanted = None if value is None else NamedNode(value)
        return any(
            next(store.quads_for_pattern(None, NamedNode(predicate), wanted, graph), None)
            for graph in chosen
        )

    classes = {*schema.superclasses, *schema.subclasses, *_range_classes(schema)}
    return Used(
        frozenset(name for name in schema.properties if is_iri(name) and is_used(name, None)),
        frozenset(name for name in classes if is_iri(name) and is_used(TYPE, name)),
    )


def _range_classes(schema: Schema) -> Iterator[str]:
    for found in (*schema.domains.values(), *schema.ranges.values()):
        yield from found


class Materialiser:
    """One run of the rules over one store."""

    def __init__(self, store: Store, ontology: bytes, graph: str, load: Load) -> None:
        self.store = store
        self.graph = NamedNode(graph)
        self.schema = read_axioms(store, ontology)
        self._load = load
        self._end = f" <{graph}> .\n".encode()
        self._graphs = (DefaultGraph(), self.graph)
        self.counts: Counter[str] = Counter()
        self._refresh()

    def _refresh(self) -> None:
        used = find_used(self.store, self.schema, self._graphs)
        self.patterns = Patterns(self.schema, used)

    def run(self) -> Inferred:
        """Ask all rules, and return what they gave."""
        self._load(in_chunks(self._schema_lines()))
        self._reach_fixpoint()
        self._load(in_chunks(self._answers(self.patterns.simple_rules())))
        counts = {rule: count for rule, count in sorted(self.counts.items()) if count}
        return Inferred(counts, self.schema.not_applied)

    def _schema_lines(self) -> Iterator[bytes]:
        for rule, (subject, predicate, value) in schema_entailments(self.schema):
            self.counts[rule] += 1
            yield f"<{subject}> <{predicate}> <{value}>".encode() + self._end

    def _reach_fixpoint(self) -> None:
        """Ask the rules that may need each other until none gives anything new."""
        new: set[str] | None = None
        while new is None or new:
            grown: set[str] = set()
            for rule in self._joining_rules():
                if new is not None and not rule.reads & (new | grown):
                    continue
                if self._ask(rule):
                    grown.add(rule.head)
            for name in self._transitive():
                if (
                    new is None or self.patterns.readable(name) & (new | grown)
                ) and self._close_property(name):
                    grown.add(name)
            if grown:
                self._refresh()
            new = grown

    def _joining_rules(self) -> list[Rule]:
        patterns = self.patterns
        chains = [patterns.chain_rule(head, steps) for head, steps in self.schema.chains]
        return [
            *(rule for rule in chains if rule is not None),
            *patterns.domain_rules(),
        ]

    def _transitive(self) -> list[str]:
        kinds = self.schema.kinds.items()
        return sorted(n for n, found in kinds if "TransitiveProperty" in found and is_iri(n))

    def _ask(self, rule: Rule) -> int:
        """Ask one rule and load what it gives at once, for others to read."""
        before = self.counts[rule.name]
        self._load(in_chunks(self._answers([rule])))
        return self.counts[rule.name] - before

    def _answers(self, rules: Iterable[Rule]) -> Iterator[bytes]:
        """Yield what rules give, as N-Quads, and count it."""
        for rule in rules:
            for chunk in self._construct(rule.query):
                lines = chunk
                if b"_:" in chunk:
                    lines = b"".join(
                        each for each in chunk.splitlines(keepends=True) if is_named(each)
                    )
                self.counts[rule.name] += lines.count(b"\n")
                yield lines.replace(_END, self._end)

    def _construct(self, query: str) -> Iterator[bytes]:
        """Yield the statements of a CONSTRUCT, whole lines at a time, as a thread writes them."""
        reading, writing = os.pipe()
        failed: list[Exception] = []

        def write() -> None:
            try:
                with os.fdopen(writing, "wb", buffering=1 << 20) as out:
                    # A result belongs to the thread that asked.
                    result = self.store.query(query, default_graph=list(self._graphs))
                    assert isinstance(result, QueryTriples)  # noqa: S101
                    result.serialize(out, RdfFormat.N_TRIPLES)
            except (OSError, RuntimeError) as error:
                failed.append(error)

        thread = Thread(target=write, name="reason", daemon=True)
        thread.start()
        rest = b""
        with os.fdopen(reading, "rb", buffering=0) as stream:
            while piece := stream.read(1 << 20):
                whole, mark, rest = (rest + piece).rpartition(b"\n")
                if mark:
                    yield whole + mark
        thread.join()
        if failed:
            raise failed[0]

    def _close_property(self, name: str) -> int:
        """Close a transitive property; return how many statements are new."""
        pattern = self.patterns.property(name, "?s", "?o")
        if not pattern:
            return 0
        steps: dict[bytes, set[bytes]] = {}
        for line in self._rows(f"SELECT ?s ?o {{ {pattern} FILTER(ISIRI(?s) && ISIRI(?o)) }}"):
            subject, _, value = line.partition(b"\t")
            steps.setdefault(subject, set()).add(value)
        predicate = f" <{name}> ".encode()

        def lines() -> Iterator[bytes]:
            for subject, reached in close(steps).items():
                for value in sorted(reached - steps[subject]):
                    self.counts["prp-trp"] += 1
                    yield subject + predicate + value + self._end

        before = self.counts["prp-trp"]
        self._load(in_chunks(lines()))
        return self.counts["prp-trp"] - before

    def _rows(self, query: str) -> list[bytes]:
        """Return the rows of a SELECT of IRIs, as tab-separated values."""
        out = BytesIO()
        result = self.store.query(query, default_graph=list(self._graphs))
        assert isinstance(result, QuerySolutions)  # noqa: S101
        result.serialize(out, QueryResultsFormat.TSV)
        return out.getvalue().splitlines()[1:]


def is_named(line: bytes) -> bool:
    """Tell whether a line of N-Triples has no blank node as its subject or object.

    >>> is_named(b'<a> <b> "_:c" .'), is_named(b"<a> <b> _:c .")
    (True, False)
    """
    subject, _, value = line.split(b" ", 2)
    return not subject.startswith(b"_:") and not value.startswith(b"_:")


def in_chunks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield pieces of text joined to larger ones."""
    waiting: list[bytes] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size > _CHUNK:
            yield b"".join(waiting)
            waiting, size = [], 0
    if size:
        yield b"".join(waiting)
