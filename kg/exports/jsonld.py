"""Floor 8: a graph as JSON-LD that reads well: plain names, short IRIs, papers with what they say.

The other JSON-LD (`kg.exports.rdf`) is the expanded form, statement by statement. Both give the
same statements to whoever reads them as RDF.
"""

import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from pyoxigraph import DefaultGraph, NamedNode, Store

from kg.exports.jsonld_context import Context, Statement, number_of
from kg.exports.rdf import named_graphs, sort_graph
from kg.exports.turtle import in_sections
from kg.exports.view import View, Written
from kg.namespaces import DCTERMS, KG, PROV, RDF

_DEFAULT = DefaultGraph()
_TYPE = f"<{RDF}type>"
_PUBLICATION = NamedNode(f"{KG}Publication")
_IS_A = NamedNode(f"{RDF}type")
_IN_PUBLICATION = NamedNode(f"{KG}inPublication")
_EVIDENCE_SENTENCE = NamedNode(f"{KG}evidenceSentence")
_EVIDENCE = NamedNode(f"{KG}evidence")
_DERIVED_FROM = NamedNode(f"{PROV}wasDerivedFrom")
_REPLACED_BY = NamedNode(f"{DCTERMS}isReplacedBy")


class JsonLd:
    """JSON-LD with a context, paper by paper: its sentences in it, and in these what they say."""

    name = "jsonld"
    summary = "JSON-LD with a context that reads well: papers, their sentences, what these say"
    suffix = ".jsonld"

    def write(self, view: View, target: Path) -> Written:
        """Write the default graph as a list of nodes, then each named graph as one of its own.

        Sentences stand in their papers, and evidence in its sentences, by properties in the other
        direction (`sentences`, `says`, `supports`). What papers share follows, by kind.

        Raises:
            KgError: if there is a triple term, which JSON-LD 1.1 has no way to write.

        """
        with target.open("w", encoding="utf-8") as out:
            return Written(files={target: _Document(view, out).write()})


class _Document:
    """Writes one document, node by node."""

    def __init__(self, view: View, out: IO[str]) -> None:
        self._store: Store = view.store
        self._out = out
        self._context = Context(view.base_iri)
        self._is_first = True

    def write(self) -> str:
        """Write all of it, and return what it came to in words."""
        context = ",\n".join(
            f"    {json.dumps(name)}: {json.dumps(said)}"
            for name, said in self._context.document.items()
        )
        self._out.write(f'{{\n  "@context": {{\n{context}\n  }},\n  "@graph": [\n')
        papers = nodes = 0
        for subject, triples in _subjects(self._store, _DEFAULT):
            if any(p == _TYPE and o == str(_PUBLICATION) for _, p, o in triples):
                papers += 1
                self._put(self._paper(subject, triples))
            elif rest := list(self._rest(subject, triples)):
                nodes += 1
                self._put(self._context.node(subject, rest, 4))
        for graph in named_graphs(self._store):
            self._put_graph(graph)
        self._out.write("\n  ]\n}\n")
        return f"{papers:,} papers, {nodes:,} other nodes"

    def _put(self, node: str) -> None:
        self._out.write(f"{'' if self._is_first else f',{chr(10)}'}    {node}")
        self._is_first = False

    def _put_graph(self, graph: NamedNode) -> None:
        name = json.dumps(self._context.shorten(str(graph)), ensure_ascii=False)
        self._put(f'{{\n      "id": {name},\n      "@graph": [\n        ')
        for number, (subject, triples) in enumerate(_subjects(self._store, graph)):
            node = self._context.node(subject, triples, 8)
            self._out.write(f",\n        {node}" if number else node)
        self._out.write("\n      ]\n    }")

    def _paper(self, paper: str, triples: list[Statement]) -> str:
        """Return a paper with its sentences, and with the records that it was made from."""
        named = NamedNode(paper[1:-1])
        nested: dict[str, list[str]] = {}
        if keys := self._leading_to(_REPLACED_BY, named):
            nested[self._context.reverse(_REPLACED_BY)] = [self._context.id(key) for key in keys]
        sentences = [(each, self._about(each)) for each in self._leading_to(_IN_PUBLICATION, named)]
        if sentences:
            nested[self._context.reverse(_IN_PUBLICATION)] = [
                self._sentence(sentence, said, named)
                for sentence, said in sorted(sentences, key=_reading_order)
            ]
        records = {o for _, p, o in triples if p == str(_DERIVED_FROM) and o.startswith("<")}
        inside = {
            record: self._context.node(record, self._about(record), 8)
            for record in records
            if self._about(record)
        }
        return self._context.node(paper, triples, 4, nested, inside)

    def _sentence(self, sentence: str, about: list[Statement], paper: NamedNode) -> str:
        """Return a sentence as it stands in its paper."""
        said = [
            self._evidence(evidence, sentence)
            for evidence in self._leading_to(_EVIDENCE_SENTENCE, NamedNode(sentence[1:-1]))
        ]
        nested = {self._context.reverse(_EVIDENCE_SENTENCE): said} if said else {}
        without = (sentence, str(_IN_PUBLICATION), str(paper))
        triples = [triple for triple in about if triple != without]
        return self._context.node(sentence, triples, 8, nested)

    def _evidence(self, evidence: str, sentence: str) -> str:
        """Return a piece of evidence as it stands in its sentence."""
        supported = self._leading_to(_EVIDENCE, NamedNode(evidence[1:-1]))
        nested = {}
        if supported:
            nested[self._context.reverse(_EVIDENCE)] = [
                self._context.id(each) for each in supported
            ]
        without = (evidence, str(_EVIDENCE_SENTENCE), sentence)
        triples = [triple for triple in self._about(evidence) if triple != without]
        return self._context.node(evidence, triples, 12, nested)

    def _rest(self, subject: str, triples: list[Statement]) -> Iterator[Statement]:
        """Yield what is to be told of a node that is no paper: nothing if it stands in one."""
        if self._is_nested(subject):
            return
        for triple in triples:
            _, predicate, value = triple
            if predicate == str(_REPLACED_BY) and self._is_paper(value):
                continue
            if predicate == str(_EVIDENCE) and self._is_evidence(value):
                continue
            yield triple

    def _is_nested(self, node: str) -> bool:
        if not node.startswith("<"):
            return False
        return (
            self._is_sentence(node)
            or self._is_evidence(node)
            or any(self._is_paper(each) for each in self._leading_to(_DERIVED_FROM, _named(node)))
        )

    def _is_paper(self, node: str) -> bool:
        return node.startswith("<") and self._has(_named(node), _IS_A, _PUBLICATION)

    def _is_sentence(self, node: str) -> bool:
        """Tell whether a node stands in a paper as its sentence."""
        return any(map(self._is_paper, self._values(node, _IN_PUBLICATION)))

    def _is_evidence(self, node: str) -> bool:
        """Tell whether a node stands in a sentence as evidence."""
        return any(map(self._is_sentence, self._values(node, _EVIDENCE_SENTENCE)))

    def _has(self, subject: NamedNode, predicate: NamedNode, value: NamedNode) -> bool:
        found = self._store.quads_for_pattern(subject, predicate, value, _DEFAULT)
        return any(True for _ in found)

    def _values(self, node: str, predicate: NamedNode) -> list[str]:
        """Return the nodes that a property of a node leads to."""
        if not node.startswith("<"):
            return []
        found = self._store.quads_for_pattern(_named(node), predicate, None, _DEFAULT)
        return [str(quad.object) for quad in found]

    def _leading_to(self, predicate: NamedNode, node: NamedNode) -> list[str]:
        found = self._store.quads_for_pattern(None, predicate, node, _DEFAULT)
        return sorted(str(quad.subject) for quad in found if isinstance(quad.subject, NamedNode))

    def _about(self, node: str) -> list[Statement]:
        found = self._store.quads_for_pattern(_named(node), None, None, _DEFAULT)
        return sorted(
            ((node, str(quad.predicate), str(quad.object)) for quad in found),
            key=lambda triple: (triple[1] != _TYPE, *triple),
        )

    def _id(self, node: str) -> str:
        return json.dumps(self._context.shorten(node), ensure_ascii=False)


def _reading_order(sentence: tuple[str, list[Statement]]) -> tuple[bool, str, int, str]:
    """Return the sort key of a sentence: the title first, then by field and place."""
    node, triples = sentence
    values = {predicate: value for _, predicate, value in triples}
    field = values.get(f"<{KG}field>", "")
    return field != '"title"', field, number_of(values.get(f"<{KG}start>", "")), node


def _named(node: str) -> NamedNode:
    return NamedNode(node[1:-1])


def _subjects(
    store: Store, graph: NamedNode | DefaultGraph
) -> Iterator[tuple[str, list[Statement]]]:
    """Yield each subject of a graph with its statements, in the order a person reads."""
    with TemporaryFile() as lines:
        sort_graph(store, graph, lines)
        lines.seek(0)
        triples = ((s, p, o) for _, s, p, o in in_sections(lines))
        for subject, group in groupby(triples, key=lambda triple: triple[0]):
            yield subject, list(group)
