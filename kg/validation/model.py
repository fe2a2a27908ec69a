"""Floor 8: what validating a graph finds: results, and the report that holds them.

The names are those of SHACL (https://www.w3.org/TR/shacl/#validation-report), so that a report
says the same whichever engine made it.
"""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.namespaces import iri_to_curie

Term = NamedNode | BlankNode | Literal | Triple

SH = "http://www.w3.org/ns/shacl#"
SHAPES = "https://w3id.org/litkg/shapes#"


class Severity(StrEnum):
    """How bad a result is: only a violation makes a graph fail."""

    VIOLATION = "Violation"
    WARNING = "Warning"
    INFO = "Info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One fault of one node.

    `path` is the property that the fault is about, with a "^" before it where it is followed
    backwards; None where it is about the node itself. `component` is the kind of constraint by its
    name in SHACL, `shape` the IRI of the shape, `message` what to do.
    """

    focus: Term
    path: str | None
    value: Term | None
    component: str
    severity: Severity
    shape: str
    message: str

    @property
    def key(self) -> tuple[str, str, str, str, str, str]:
        """What two engines have to agree on, as text in an order."""
        value = "" if self.value is None else str(self.value)
        path = self.path or ""
        return (self.shape, str(self.focus), path, self.component, self.severity, value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a validation found, in order. `nodes` counts the nodes that were looked at.

    `engine` is "sparql" or "pyshacl"; `whole` is False where only some nodes of what was to be
    validated were looked at. `seconds` is wall-clock time.
    """

    results: tuple[Result, ...]
    nodes: int
    engine: str
    whole: bool
    seconds: float

    @property
    def conforms(self) -> bool:
        """Whether there is no violation; warnings are allowed."""
        return not self.counts[Severity.VIOLATION]

    @property
    def counts(self) -> Counter[Severity]:
        """How many results there are of each severity."""
        return Counter(result.severity for result in self.results)


def show_term(term: Term) -> str:
    """Return a term as a person reads it: a CURIE where there is one, else as in Turtle.

    >>> show_term(NamedNode("https://w3id.org/litkg/ontology#year"))
    'kg:year'
    >>> show_term(Literal("2004")), show_term(Literal(2004))
    ('"2004"', '2004')
    >>> show_term(NamedNode("http://identifiers.org/hgnc/6023"))
    'HGNC:6023'
    """
    if isinstance(term, Literal) and not term.language:
        plain = term.datatype.value in _PLAIN
        kind = show_term(term.datatype)
        written = str(Literal(term.value))
        return term.value if plain else written if kind == "xsd:string" else f"{written}^^{kind}"
    if not isinstance(term, NamedNode):
        return str(term)
    for prefix, namespace in _PREFIXES.items():
        local = term.value.removeprefix(namespace)
        if local != term.value and "/" not in local and "#" not in local:
            return f"{prefix}:{local}"
    return iri_to_curie(term.value) or str(term)


def show_path(path: str) -> str:
    """Return a path as a person reads it.

    >>> show_path("^https://w3id.org/litkg/ontology#author")
    '^kg:author'
    """
    iri = path.removeprefix("^")
    if any(sign in iri for sign in " <>()"):
        return path
    return f"{path[: len(path) - len(iri)]}{show_term(NamedNode(iri))}"


_PLAIN = frozenset(
    f"http://www.w3.org/2001/XMLSchema#{name}" for name in ("integer", "decimal", "boolean")
)

_PREFIXES = {
    "kg": "https://w3id.org/litkg/ontology#",
    "kgs": SHAPES,
    "sh": SH,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "biolink": "https://w3id.org/biolink/vocab/",
}
