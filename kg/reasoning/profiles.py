"""Floor 8: whether an ontology is in OWL 2 DL and OWL 2 RL, by the grammar of its kinds of axiom.

After the W3C's OWL 2 Structural Specification (sections 3 and 11) and OWL 2 Profiles (section 4).
Literals are looked at in axioms; what annotations hold is free.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import BlankNode, NamedNode, Triple

from kg.namespaces import OWL, RDF, RDFS, XSD
from kg.reasoning.checks import Terms, check_kinds, check_simple
from kg.reasoning.ontology import Graph, read_graph
from kg.reasoning.schema import THING, TYPE
from kg.reasoning.wording import shorten

_DATATYPES = {
    *(f"{XSD}{name}" for name in ("string", "normalizedString", "token", "language", "Name")),
    *(f"{XSD}{name}" for name in ("NCName", "NMTOKEN", "boolean", "decimal", "integer", "double")),
    *(f"{XSD}{name}" for name in ("float", "nonNegativeInteger", "nonPositiveInteger", "byte")),
    *(f"{XSD}{name}" for name in ("positiveInteger", "negativeInteger", "long", "int", "short")),
    *(f"{XSD}{name}" for name in ("unsignedLong", "unsignedInt", "unsignedShort")),
    *(f"{XSD}{name}" for name in ("unsignedByte", "hexBinary", "base64Binary", "anyURI")),
    *(f"{XSD}{name}" for name in ("dateTime", "dateTimeStamp")),
    *(f"{OWL}{name}" for name in ("real", "rational")),
    *(f"{RDF}{name}" for name in ("PlainLiteral", "XMLLiteral", "langString")),
    f"{RDFS}Literal",
}
_FACETS = {
    *(f"{XSD}{edge}{side}" for edge in ("min", "max") for side in ("Inclusive", "Exclusive")),
    *(f"{XSD}{name}" for name in ("length", "minLength", "maxLength", "pattern")),
    f"{RDF}langRange",
}
_KINDS = {
    *(f"{OWL}{name}" for name in ("Class", "ObjectProperty", "DatatypeProperty", "Ontology")),
    *(f"{OWL}{name}" for name in ("AnnotationProperty", "NamedIndividual", "Restriction", "Axiom")),
    *(f"{OWL}{name}" for name in ("AllDisjointClasses", "AllDisjointProperties", "AllDifferent")),
    *(f"{OWL}{name}" for name in ("NegativePropertyAssertion", "Thing", "Nothing", "Annotation")),
    *(
        f"{OWL}{kind}Property"
        for kind in (
            *("Functional", "InverseFunctional", "Reflexive", "Irreflexive"),
            *("Symmetric", "Asymmetric", "Transitive"),
        )
    ),
    *(f"{OWL}{name}" for name in ("DataRange", "DeprecatedClass", "DeprecatedProperty")),
    f"{RDFS}Datatype",
    f"{RDF}List",
}
# What a class expression is made with: allowed below and above in OWL 2 RL (Profiles, 4.2.3).
_BELOW = ("oneOf", "intersectionOf", "unionOf", "someValuesFrom", "hasValue")
_ABOVE = ("intersectionOf", "complementOf", "allValuesFrom", "hasValue")
_EQUAL = ("intersectionOf", "hasValue")
_MOST = ("maxCardinality", "maxQualifiedCardinality")
_MAKERS = (
    *(*_BELOW, "complementOf", "allValuesFrom", *_MOST, "minCardinality", "cardinality"),
    *("minQualifiedCardinality", "qualifiedCardinality", "hasSelf", "onDatatype"),
    *("datatypeComplementOf",),
)
_NOT_RL = {f"{OWL}ReflexiveProperty": "reflexive", f"{OWL}topObjectProperty": "universal"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Profiles:
    """What keeps an ontology out of two profiles, in order; and how many axioms it has."""

    dl: tuple[str, ...]
    rl: tuple[str, ...]
    axioms: int


def check_profiles(graph: Graph) -> Profiles:
    """Return what keeps an ontology out of OWL 2 DL, and out of OWL 2 RL.

    Raises:
        InputError: if it cannot be read.
    """
    triples = list(read_graph(graph))
    terms = Terms(triples)
    shape = _Shape(triples, terms)
    dl = {*check_kinds(terms), *check_simple(terms), *shape.check_dl()}
    return Profiles(
        dl=tuple(sorted(dl)), rl=tuple(sorted({*dl, *shape.check_rl()})), axioms=len(shape.axioms)
    )


class _Shape:
    """An ontology's axioms, and the parts of its expressions."""

    def __init__(self, triples: Iterable[Triple], terms: Terms) -> None:
        self._terms = terms
        self._notes = terms.annotations() | {f"{RDFS}{n}" for n in ("label", "comment", "seeAlso")}
        self._parts: defaultdict[str, dict[str, NamedNode | BlankNode]] = defaultdict(dict)
        self._triples: list[Triple] = []
        self.axioms: list[tuple[str, str, NamedNode | BlankNode]] = []
        for triple in triples:
            name = triple.predicate.value
            if name in self._notes:
                continue
            self._triples.append(triple)
            value = triple.object
            if not isinstance(value, NamedNode | BlankNode):
                continue
            if isinstance(triple.subject, BlankNode):
                self._parts[triple.subject.value][name] = value
            elif isinstance(triple.subject, NamedNode):
                self.axioms.append((triple.subject.value, name, value))

    def check_dl(self) -> Iterator[str]:
        """Yield what no ontology in OWL 2 DL may have (beside `kg.reasoning.checks`)."""
        for iri, kinds in self._terms.kinds.items():
            if {f"{OWL}Class", f"{RDFS}Datatype"} <= kinds:
                yield f"{shorten(iri)}: a class and a datatype"
        for triple in self._triples:
            name, value = triple.predicate.value, triple.object
            subject = shorten(getattr(triple.subject, "value", ""))
            if name == TYPE and isinstance(value, NamedNode):
                if value.value.startswith((OWL, RDFS, RDF)) and value.value not in _KINDS:
                    yield f"{subject}: of the reserved type {shorten(value.value)}"
            elif name.startswith(XSD) and name not in _FACETS:
                yield f"{shorten(name)}: no facet of a datatype"
            elif name in (f"{RDFS}range", f"{OWL}onDatatype") and _is_foreign(value):
                yield f"{subject}: {shorten(getattr(value, 'value', ''))} is no datatype of OWL 2"

    def check_rl(self) -> Iterator[str]:
        """Yield what OWL 2 RL has no place for."""
        for subject, name, value in self.axioms:
            about = shorten(subject)
            if name == f"{RDFS}subClassOf":
                yield from self._check(about, "the class above it", value, _ABOVE)
            elif name == f"{OWL}equivalentClass":
                yield from self._check(about, "the class equal to it", value, _EQUAL)
            elif name in (f"{RDFS}domain", f"{RDFS}range"):
                what = f"its {name.removeprefix(RDFS)}"
                yield from self._check(about, what, value, _ABOVE)
            elif name == f"{OWL}disjointUnionOf":
                yield f"{about}: a disjoint union"
            elif name == TYPE and isinstance(value, NamedNode) and value.value in _NOT_RL:
                yield f"{about}: {_NOT_RL[value.value]}"
        for parts in self._parts.values():
            below = parts.get(f"{RDFS}subClassOf")
            if below is not None and (maker := _maker(parts)) not in _BELOW:
                yield f"a class without a name that is below another: made with owl:{maker}"

    def _check(
        self, about: str, what: str, value: NamedNode | BlankNode, allowed: tuple[str, ...]
    ) -> Iterator[str]:
        if isinstance(value, NamedNode):
            if value.value == THING:
                yield f"{about}: {what} is owl:Thing"
            elif value.value in (f"{OWL}real", f"{OWL}rational"):
                yield f"{about}: {what} is {shorten(value.value)}"
            return
        parts = self._parts[value.value]
        maker = _maker(parts)
        if maker in _MOST:
            return
        if maker not in allowed:
            yield f"{about}: {what} is made with owl:{maker}"
        for name in ("allValuesFrom", "intersectionOf"):
            inner = parts.get(f"{OWL}{name}")
            for each in self._items(inner) if isinstance(inner, BlankNode) else ():
                yield from self._check(about, f"a part of {what}", each, allowed)

    def _items(self, node: BlankNode) -> Iterator[NamedNode | BlankNode]:
        """Yield the members of a list, or the expression itself."""
        parts = self._parts[node.value]
        if f"{RDF}first" not in parts:
            yield node
        while f"{RDF}first" in parts:
            yield parts[f"{RDF}first"]
            rest = parts.get(f"{RDF}rest")
            parts = self._parts[rest.value] if isinstance(rest, BlankNode) else {}


def _is_foreign(value: object) -> bool:
    """Tell a datatype of XML Schema that OWL 2 has not."""
    iri = value.value if isinstance(value, NamedNode) else ""
    return iri.startswith(XSD) and iri not in _DATATYPES


def _maker(parts: dict[str, NamedNode | BlankNode]) -> str:
    """Return the short name of what an expression is made with."""
    return next((name for name in _MAKERS if f"{OWL}{name}" in parts), "hasValue")
