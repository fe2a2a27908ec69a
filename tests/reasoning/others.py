"""Two other reasoners of OWL 2 RL, and in what they are known to differ."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import owlrl
import rdflib
import reasonable
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, RdfFormat, Store, Triple, parse

OWL = "http://www.w3.org/2002/07/owl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
XSD = "http://www.w3.org/2001/XMLSchema#"


def is_trivial(triple: Triple) -> bool:
    """Tell a statement that is left out: of things without a name, or true of anything."""
    subject, predicate, value = triple.subject, triple.predicate.value, triple.object
    if not isinstance(subject, NamedNode) or isinstance(value, BlankNode):
        return True
    if subject == value and predicate.startswith((OWL, RDFS)):
        return True
    if subject.value.startswith((OWL, RDF, RDFS, XSD)):
        return True
    if isinstance(value, NamedNode):
        if value.value in (f"{OWL}Thing", f"{RDFS}Resource"):
            return True
        # What declares: that a class is a class, and so on.
        return predicate == f"{RDF}type" and value.value.startswith((OWL, RDF, RDFS, XSD))
    return False


def entailed_by_another(name: str, store: Store, ontology: bytes) -> set[Triple]:
    """Return the closure that another reasoner gives of a store's default graph and an ontology."""
    out = BytesIO()
    store.dump(out, RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
    graph = rdflib.Graph().parse(data=out.getvalue(), format="nt")
    graph.parse(data=ontology, format="nt")
    return _parse(OTHERS[name].close(graph))


def _parse(graph: rdflib.Graph) -> set[Triple]:
    # Literals as subjects, which some conclude about, are no RDF.
    kept = rdflib.Graph()
    for subject, predicate, value in graph:
        if isinstance(subject, rdflib.URIRef) and isinstance(predicate, rdflib.URIRef):
            # Of a plain literal, one reasoner writes the datatype.
            is_plain = isinstance(value, rdflib.Literal) and value.datatype == rdflib.XSD.string
            kept.add((subject, predicate, rdflib.Literal(str(value)) if is_plain else value))
    text = kept.serialize(format="nt", encoding="utf-8")
    return {quad.triple for quad in parse(text, RdfFormat.N_TRIPLES, rename_blank_nodes=True)}


def _owlrl(graph: rdflib.Graph) -> rdflib.Graph:
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return graph


def _reasonable(graph: rdflib.Graph) -> rdflib.Graph:
    reasoner = reasonable.PyReasoner()
    with TemporaryDirectory() as folder:
        path = Path(folder, "graph.ttl")
        # Written as Turtle, rdflib gives numbers another form.
        graph.serialize(path, format="nt", encoding="utf-8")
        reasoner.load_file(str(path))
    closed = rdflib.Graph()
    for triple in reasoner.reason():
        closed.add(triple)
    return closed


def _none(_mine: set[Triple]) -> set[str]:
    return set()


def _without_scm(mine: set[Triple]) -> set[str]:
    """reasonable has few rules for what follows from the schema alone (scm-*)."""
    names = {f"{RDFS}{name}" for name in ("domain", "range", "subPropertyOf", "subClassOf")}
    names |= {f"{OWL}equivalentClass", f"{OWL}equivalentProperty"}
    return {str(each) for each in mine if each.predicate.value in names}


@dataclass(frozen=True)
class Other:
    """A reasoner: how it closes a graph, and what it is known not to find."""

    close: Callable[[rdflib.Graph], rdflib.Graph]
    missing: Callable[[set[Triple]], set[str]]
    rules_missing: frozenset[str] = frozenset()


OTHERS = {
    "owlrl": Other(_owlrl, _none),
    "reasonable": Other(_reasonable, _without_scm, frozenset({"prp-spo2"})),
}
