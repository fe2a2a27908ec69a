"""Floor 8: axioms and statements in words, with the names that people know."""

from collections.abc import Iterable, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.namespaces import BIOLINK, DCTERMS, KG, OWL, PROV, RDF, RDFS, SKOS, XSD, iri_to_curie

PREFIXES = {
    "kg": KG,
    "owl": OWL,
    "rdf": RDF,
    "rdfs": RDFS,
    "xsd": XSD,
    "skos": SKOS,
    "dcterms": DCTERMS,
    "prov": PROV,
    "biolink": BIOLINK,
    "bibo": "http://purl.org/ontology/bibo/",
    "cito": "http://purl.org/spar/cito/",
    "fabio": "http://purl.org/spar/fabio/",
    "oa": "http://www.w3.org/ns/oa#",
    "schema": "http://schema.org/",
    "sio": "http://semanticscience.org/resource/",
}
_KINDS = {
    "FunctionalProperty": "{s} has one value at most",
    "InverseFunctionalProperty": "one thing at most has a given value of {s}",
    "SymmetricProperty": "{s} holds both ways",
    "AsymmetricProperty": "{s} never holds both ways",
    "TransitiveProperty": "{s} holds over any number of steps",
    "IrreflexiveProperty": "{s} relates nothing to itself",
    "ReflexiveProperty": "{s} relates all to themselves",
}
_AXIOMS = {
    f"{RDFS}subClassOf": "every {s} is a {o}",
    f"{OWL}equivalentClass": "{s} and {o} are the same class",
    f"{OWL}disjointWith": "nothing is both {s} and {o}",
    f"{RDFS}subPropertyOf": "what is related by {s} is related by {o}",
    f"{OWL}equivalentProperty": "{s} and {o} are the same property",
    f"{OWL}inverseOf": "{s} is {o} turned round",
    f"{OWL}propertyDisjointWith": "nothing is related by both {s} and {o}",
    f"{RDFS}domain": "what has {s} is a {o}",
    f"{RDFS}range": "what {s} leads to is a {o}",
    f"{OWL}propertyChainAxiom": "{o} in a row make {s}",
}


class Wording:
    """Puts triples into words; labels come from the triples that it is given."""

    def __init__(self, triples: Iterable[Triple] = ()) -> None:
        self._labels: dict[str, str] = {}
        for triple in triples:
            if triple.predicate.value == f"{RDFS}label" and isinstance(triple.object, Literal):
                self._labels.setdefault(getattr(triple.subject, "value", ""), triple.object.value)

    def name(self, node: object, parts: Sequence[Triple] = ()) -> str:
        """Return what a node is called: a short form, and for a thing its label."""
        if isinstance(node, NamedNode):
            short = shorten(node.value)
            label = self._labels.get(node.value)
            if label is None or node.value.startswith(KG):
                return short
            return f'{short} "{label}"'
        if isinstance(node, BlankNode):
            return self._expression(node, parts)
        if isinstance(node, Literal):
            if node.datatype.value in (f"{XSD}string", f"{RDF}langString"):
                return f'"{node.value}"'
            return f"{node.value} ({shorten(node.datatype.value)})"
        return str(node)

    def statement(self, triple: Triple) -> str:
        """Return a statement of data.

        >>> kg = NamedNode(f"{KG}Gene")
        >>> gene = NamedNode("http://identifiers.org/hgnc/6023")
        >>> Wording().statement(Triple(gene, NamedNode(f"{RDF}type"), kg))
        'HGNC:6023 is a kg:Gene'
        """
        subject, value = self.name(triple.subject), self.name(triple.object)
        if triple.predicate.value == f"{RDF}type":
            return f"{subject} is a {value}"
        return f"{subject} {shorten(triple.predicate.value)} {value}"

    def unit(self, unit: Sequence[Triple]) -> str:
        """Return an axiom or statement; its first triple says what it is, the others are parts."""
        first, *parts = unit
        subject = self.name(first.subject, parts)
        if first.predicate.value == f"{RDF}type":
            kind = getattr(first.object, "value", "").removeprefix(OWL)
            if kind in _KINDS:
                return _KINDS[kind].format(s=subject)
            return self.statement(first)
        form = _AXIOMS.get(first.predicate.value)
        value = self.name(first.object, parts)
        if form is None:
            return f"{subject} {shorten(first.predicate.value)} {value}"
        return form.format(s=subject, o=value)

    def _expression(self, node: BlankNode, parts: Sequence[Triple]) -> str:
        """Return a class, a datatype or a list without a name."""
        about = {t.predicate.value: t.object for t in parts if t.subject == node}
        if f"{RDF}first" in about:
            return ", ".join(self._items(node, parts))
        for predicate, joint in ((f"{OWL}unionOf", " or "), (f"{OWL}intersectionOf", " and ")):
            if predicate in about:
                return joint.join(self._items(about[predicate], parts))
        if f"{OWL}oneOf" in about:
            return f"value among {', '.join(self._items(about[f'{OWL}oneOf'], parts))}"
        if f"{OWL}onDatatype" in about:
            limits = [
                f"{t.predicate.value.removeprefix(XSD)} {getattr(t.object, 'value', '')}"
                for facet in self._nodes(about.get(f"{OWL}withRestrictions"), parts)
                for t in parts
                if t.subject == facet
            ]
            return f"{self.name(about[f'{OWL}onDatatype'])} ({', '.join(sorted(limits))})"
        said = [f"{shorten(name)} {self.name(value, parts)}" for name, value in about.items()]
        return f"[{'; '.join(sorted(said))}]"

    def _items(self, node: object, parts: Sequence[Triple]) -> list[str]:
        return [self.name(each, parts) for each in self._nodes(node, parts)]

    @staticmethod
    def _nodes(node: object, parts: Sequence[Triple]) -> list[object]:
        """Return what a list holds."""
        found: list[object] = []
        cell = node
        while isinstance(cell, BlankNode):
            about = {t.predicate.value: t.object for t in parts if t.subject == cell}
            found.append(about.get(f"{RDF}first"))
            cell = about.get(f"{RDF}rest")
        return found


def shorten(iri: str) -> str:
    """Return an IRI in short form where there is one.

    >>> shorten(f"{KG}Gene"), shorten("http://example.org/a")
    ('kg:Gene', '<http://example.org/a>')
    """
    for prefix, start in PREFIXES.items():
        if iri.startswith(start) and len(iri) > len(start):
            return f"{prefix}:{iri.removeprefix(start)}"
    return iri_to_curie(iri) or f"<{iri}>"
