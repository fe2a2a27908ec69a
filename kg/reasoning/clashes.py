"""Floor 8: what the rules of OWL 2 RL see to be at odds, which is most of what can be.

Asked in a moment where HermiT takes seconds, so that a search for what clashes can ask it often. It
sees no clash that needs unnamed classes, datatypes' limits, or two things shown to be one.
"""

from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    Quad,
    QueryBoolean,
    RdfFormat,
    Store,
    Triple,
)

from kg.namespaces import OWL, RDF
from kg.reasoning.materialise import materialise

_GRAPH = "urn:inferred"
_RULES = {
    # Classes that share no member, and properties that share no pair.
    "cax-dw": "?c owl:disjointWith ?d . ?x a ?c . ?x a ?d",
    "prp-pdw": "?p owl:propertyDisjointWith ?q . ?x ?p ?y . ?x ?q ?y",
    "prp-asyp": "?p a owl:AsymmetricProperty . ?x ?p ?y . ?y ?p ?x",
    "prp-irp": "?p a owl:IrreflexiveProperty . ?x ?p ?x",
    "cls-nothing2": "?x a owl:Nothing",
    "prp-npa1": "?n owl:sourceIndividual ?x ; owl:assertionProperty ?p ; "
    "owl:targetIndividual ?y . ?x ?p ?y",
    # Two values of what has one (prp-fp, dt-diff).
    "dt-diff": "?p a owl:FunctionalProperty . ?x ?p ?y . ?x ?p ?z "
    "FILTER(ISLITERAL(?y) && ISLITERAL(?z) && ?y != ?z)",
}
_PREFIXES = {"owl": OWL, "rdf": RDF}


def clashes(triples: Sequence[Triple]) -> bool:
    """Tell whether the rules find axioms and statements to be at odds.

    Disjoint classes are to be given as pairs (`owl:disjointWith`).
    """
    store = Store()
    store.bulk_extend(Quad(each.subject, each.predicate, each.object) for each in triples)

    def load(chunks: Iterable[bytes]) -> None:
        for chunk in chunks:
            store.bulk_load(chunk, RdfFormat.N_QUADS, lenient=True)

    materialise(store, b"", _GRAPH, load)
    return any(_answers(store))


def _answers(store: Store) -> Iterator[bool]:
    graphs: list[NamedNode | BlankNode | DefaultGraph] = [DefaultGraph(), NamedNode(_GRAPH)]
    for pattern in _RULES.values():
        found = store.query(f"ASK {{ {pattern} }}", prefixes=_PREFIXES, default_graph=graphs)
        assert isinstance(found, QueryBoolean)  # noqa: S101
        yield bool(found)
