"""Floor 8: the assertions of a graph as nanopublications, one each, in TriG.

What is asserted, where it comes from and who publishes it stand in graphs of their own, under a
trusty URI, which changes with what it names. Nanopublication Guidelines, https://nanopub.net/
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, serialize

from kg.errors import KgError
from kg.exports.oa import Properties, properties_of, software_agents
from kg.exports.trusty import artifact_code
from kg.exports.view import View, Written
from kg.namespaces import DCTERMS, KG, PROV, RDF, RDFS, XSD

NP = "http://www.nanopub.org/nschema#"
NPX = "http://purl.org/nanopub/x/"
# That of the statements; titles and sentences that are quoted stay their publishers'.
LICENSE = "https://creativecommons.org/publicdomain/zero/1.0/"
# Stands in IRIs until the code is known; no IRI of a graph holds it.
_CODE = "RA-to-be-computed"
# Servers of the nanopublication network take up to 1,200 triples; a piece of evidence has about 12.
_MOST_EVIDENCE = 80
_DEFAULT = DefaultGraph()
_TYPE = NamedNode(f"{RDF}type")
_RDFS_LABEL = NamedNode(f"{RDFS}label")

_Triples = list[tuple[NamedNode, NamedNode, NamedNode | Literal]]


class Nanopublications:
    """The profile `nanopub`; `license_iri` is that of the statements, and may be empty."""

    name = "nanopub"
    summary = "Nanopublications, one an assertion, in TriG: assertion, provenance, trusty URI"
    suffix = ".trig"

    def __init__(self, license_iri: str = LICENSE) -> None:
        self._license = license_iri

    def write(self, view: View, target: Path) -> Written:
        """Write a nanopublication after the other; one is held at a time.

        Raises:
            KgError: if an assertion lacks its subject, predicate, object or evidence.

        """
        count = cut = 0
        maker = _Maker(view, self._license)
        with target.open("wb") as out:
            for quads, was_cut in maker.nanopublications():
                count += 1
                cut += was_cut
                _write(quads, view.base_iri, out)
        notes = []
        if cut:
            notes.append(
                f"{cut:,} nanopublications quote their {_MOST_EVIDENCE} surest pieces of evidence "
                "alone, since servers take 1,200 triples; kg:sentenceCount tells how many there are"
            )
        if not maker.created:
            notes.append("the graph does not say when it was built: no dcterms:created")
        return Written(files={target: f"{count:,} nanopublications"}, notes=tuple(notes))


@dataclass(frozen=True, slots=True)
class _Evidence:
    """A piece of evidence, the sentence that it stands in, and the paper of that."""

    node: NamedNode
    properties: Properties
    sentence: NamedNode
    said: Properties
    paper: str


class _Maker:
    """Makes the nanopublications of a view."""

    def __init__(self, view: View, license_iri: str) -> None:
        self._store: Store = view.store
        self._base = view.base_iri
        self._license = license_iri
        self._agents = software_agents(view.store)
        # In UTC, and without saying so: rdflib would write +00:00, Oxigraph Z, and either would
        # break the digest of what the other wrote.
        self.created = str(view.manifest.get("built_at") or "").removesuffix("+00:00")

    def nanopublications(self) -> Iterator[tuple[list[Quad], bool]]:
        """Yield the quads of each, and whether evidence was left out of it."""
        found = self._store.quads_for_pattern(None, _TYPE, NamedNode(f"{KG}Assertion"), _DEFAULT)
        for quad in found:
            assert isinstance(quad.subject, NamedNode)  # noqa: S101
            yield self._nanopublication(quad.subject)

    def _nanopublication(self, node: NamedNode) -> tuple[list[Quad], bool]:
        said = properties_of(self._store, node)
        for name in ("subject", "predicate", "object", "evidence"):
            if f"{KG}{name}" not in said:
                raise KgError(f"the assertion <{node.value}> has no kg:{name}")
        evidence = sorted(
            (self._evidence(each) for each in said[f"{KG}evidence"]),
            key=lambda each: (-float(_first(each.properties, "confidence", "0")), each.node.value),
        )
        kept = evidence[:_MOST_EVIDENCE]
        this = NamedNode(f"{self._base}np/{_CODE}")
        graphs = {
            "Head": self._head(this),
            "assertion": self._assertion(node, said),
            "provenance": self._provenance(this, said, kept),
            "pubinfo": self._pubinfo(this, said),
        }
        quads = [
            Quad(*triple, NamedNode(f"{this.value}#{name}"))
            for name, triples in graphs.items()
            for triple in triples
        ]
        code = artifact_code(quads, _CODE)
        return [_with_code(quad, code) for quad in quads], len(kept) < len(evidence)

    def _evidence(self, iri: str) -> _Evidence:
        node = NamedNode(iri)
        properties = properties_of(self._store, node)
        sentence = _first(properties, "evidenceSentence")
        if not sentence:
            raise KgError(f"the evidence <{iri}> has no kg:evidenceSentence")
        said = properties_of(self._store, NamedNode(sentence))
        paper = _first(said, "inPublication")
        return _Evidence(node, properties, NamedNode(sentence), said, paper)

    def _head(self, this: NamedNode) -> _Triples:
        part = f"{this.value}#"
        return [
            (this, _TYPE, NamedNode(f"{NP}Nanopublication")),
            (this, NamedNode(f"{NP}hasAssertion"), NamedNode(f"{part}assertion")),
            (this, NamedNode(f"{NP}hasProvenance"), NamedNode(f"{part}provenance")),
            (this, NamedNode(f"{NP}hasPublicationInfo"), NamedNode(f"{part}pubinfo")),
        ]

    def _assertion(self, node: NamedNode, said: Properties) -> _Triples:
        """Return the plain triple; of what is denied or only supposed, the node that says so."""
        parts = [NamedNode(_first(said, name)) for name in ("subject", "predicate", "object")]
        flags = [_first(said, name, "false") for name in ("negated", "speculative")]
        if flags == ["false", "false"]:
            return [(parts[0], parts[1], parts[2])]
        return [
            (node, _TYPE, NamedNode(f"{KG}Assertion")),
            *(
                (node, NamedNode(f"{KG}{name}"), part)
                for name, part in zip(("subject", "predicate", "object"), parts, strict=True)
            ),
            *(
                (node, NamedNode(f"{KG}{name}"), Literal(flag == "true"))
                for name, flag in zip(("negated", "speculative"), flags, strict=True)
            ),
        ]

    def _provenance(
        self, this: NamedNode, said: Properties, evidence: Sequence[_Evidence]
    ) -> _Triples:
        assertion = NamedNode(f"{this.value}#assertion")
        derived = NamedNode(f"{PROV}wasDerivedFrom")
        triples: _Triples = [
            (assertion, NamedNode(f"{PROV}wasAttributedTo"), NamedNode(agent))
            for agent, _ in self._agents
        ]
        for name in ("paperCount", "sentenceCount"):
            triples += _integers(assertion, name, said)
        triples += _decimals(assertion, "confidence", said)
        triples += [
            (assertion, derived, NamedNode(paper))
            for paper in sorted({each.paper for each in evidence if each.paper})
        ]
        seen: set[str] = set()
        for each in evidence:
            if each.sentence.value not in seen:
                seen.add(each.sentence.value)
                triples.append((assertion, derived, each.sentence))
                triples += _quotation(each)
            triples.append((assertion, NamedNode(f"{KG}evidence"), each.node))
            triples += _reading(each)
        return triples

    def _pubinfo(self, this: NamedNode, said: Properties) -> _Triples:
        triples: _Triples = [
            (this, NamedNode(f"{NPX}hasNanopubType"), NamedNode(f"{KG}Assertion")),
            (this, _RDFS_LABEL, Literal(self._label(said))),
        ]
        if self.created:
            created = Literal(self.created, datatype=NamedNode(f"{XSD}dateTime"))
            triples.append((this, NamedNode(f"{DCTERMS}created"), created))
        if self._license:
            triples.append((this, NamedNode(f"{DCTERMS}license"), NamedNode(self._license)))
        for agent, properties in self._agents:
            node = NamedNode(agent)
            triples += [
                (this, NamedNode(f"{DCTERMS}creator"), node),
                (node, _TYPE, NamedNode(f"{PROV}SoftwareAgent")),
            ]
            triples += [
                (node, NamedNode(name), Literal(value))
                for name in (f"{RDFS}label", f"{KG}version")
                for value in properties.get(name, ())
            ]
        return triples

    def _label(self, said: Properties) -> str:
        """Return an assertion in words: "IL7 activates STAT5"."""
        subject, object_ = (
            next(
                (
                    quad.object.value
                    for quad in self._store.quads_for_pattern(
                        NamedNode(_first(said, name)), _RDFS_LABEL, None, _DEFAULT
                    )
                    if isinstance(quad.object, Literal)
                ),
                _first(said, name),
            )
            for name in ("subject", "object")
        )
        relation = _first(said, "predicate").removeprefix(KG).replace("_", " ")
        denied = "not " if _first(said, "negated") == "true" else ""
        supposed = " (speculative)" if _first(said, "speculative") == "true" else ""
        return f"{subject} {denied}{relation} {object_}{supposed}"


def _quotation(each: _Evidence) -> _Triples:
    """Return the sentence of a piece of evidence as a quotation from its paper."""
    node = each.sentence
    triples: _Triples = []
    if each.paper:
        triples.append((node, NamedNode(f"{PROV}wasQuotedFrom"), NamedNode(each.paper)))
    text = _first(each.said, "text")
    if text:
        triples.append((node, NamedNode(f"{PROV}value"), Literal(text)))
    field = _first(each.said, "field")
    if field:
        triples.append((node, NamedNode(f"{KG}field"), Literal(field)))
    return triples + _integers(node, "start", each.said)


def _reading(each: _Evidence) -> _Triples:
    """Return how a sentence was read: the words that state the relation, where, by which rule."""
    node = each.node
    triples: _Triples = [
        (node, _TYPE, NamedNode(f"{KG}Evidence")),
        (node, NamedNode(f"{KG}evidenceSentence"), each.sentence),
    ]
    for name in ("trigger", "method"):
        value = _first(each.properties, name)
        if value:
            triples.append((node, NamedNode(f"{KG}{name}"), Literal(value)))
    for name in ("negated", "speculative"):
        if _first(each.properties, name) == "true":
            triples.append((node, NamedNode(f"{KG}{name}"), Literal(True)))  # noqa: FBT003
    triples += _integers(node, "start", each.properties)
    return triples + _decimals(node, "confidence", each.properties)


def _first(properties: Properties, name: str, otherwise: str = "") -> str:
    """Return a value of a property of the ontology; of several, the first in their order."""
    return min(properties.get(f"{KG}{name}", ()), default=otherwise)


def _integers(node: NamedNode, name: str, properties: Properties) -> _Triples:
    value = _first(properties, name)
    typed = Literal(value, datatype=NamedNode(f"{XSD}integer"))
    return [(node, NamedNode(f"{KG}{name}"), typed)] if value else []


def _decimals(node: NamedNode, name: str, properties: Properties) -> _Triples:
    value = _first(properties, name)
    if not value:
        return []
    # In the one form that rdflib and Oxigraph leave as it is, so that the digest holds in both.
    plain = value.rstrip("0").rstrip(".") if "." in value else value
    typed = Literal(plain, datatype=NamedNode(f"{XSD}decimal"))
    return [(node, NamedNode(f"{KG}{name}"), typed)]


def _with_code(quad: Quad, code: str) -> Quad:
    def named(term: object) -> NamedNode:
        assert isinstance(term, NamedNode)  # noqa: S101
        return NamedNode(term.value.replace(_CODE, code)) if _CODE in term.value else term

    object_ = quad.object if isinstance(quad.object, Literal) else named(quad.object)
    return Quad(named(quad.subject), quad.predicate, object_, named(quad.graph_name))


def _write(quads: Iterable[Quad], base: str, out: BinaryIO) -> None:
    quads = list(quads)
    this = quads[0].subject
    assert isinstance(this, NamedNode)  # noqa: S101
    prefixes = {
        "this": this.value,
        "sub": f"{this.value}#",
        "dcterms": DCTERMS,
        "evidence": f"{base}evidence/",
        "kg": KG,
        "np": NP,
        "npx": NPX,
        "prov": PROV,
        "rdfs": RDFS,
        "sentence": f"{base}sentence/",
        "xsd": XSD,
    }
    serialize(quads, out, format=RdfFormat.TRIG, prefixes=prefixes)
    out.write(b"\n")
