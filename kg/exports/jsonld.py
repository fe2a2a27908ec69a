"""Floor 8: a graph as JSON-LD that reads well: plain names, short IRIs, papers with what they say.

The other JSON-LD (`kg.exports.rdf`) is the expanded form, statement by statement. Both give the
same statements to whoever reads them as RDF.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from pyoxigraph import DefaultGraph, NamedNode, Store

from kg.errors import KgError
from kg.exports.rdf import named_graphs, sort_graph
from kg.exports.turtle import in_sections
from kg.exports.view import View, Written
from kg.namespaces import DCTERMS, KG, PROV, RDF, XSD
from kg.resources import resource_path

_DEFAULT = DefaultGraph()
_TYPE = f"<{RDF}type>"
_PUBLICATION = NamedNode(f"{KG}Publication")
_IS_A = NamedNode(f"{RDF}type")
_IN_PUBLICATION = NamedNode(f"{KG}inPublication")
_EVIDENCE_SENTENCE = NamedNode(f"{KG}evidenceSentence")
_EVIDENCE = NamedNode(f"{KG}evidence")
_DERIVED_FROM = NamedNode(f"{PROV}wasDerivedFrom")
_REPLACED_BY = NamedNode(f"{DCTERMS}isReplacedBy")

# What is the same in JSON as in N-Triples: a number or a truth value in its canonical form.
_BARE = {
    f"<{XSD}integer>": re.compile(r"0|-?[1-9][0-9]{0,14}"),
    f"<{XSD}boolean>": re.compile(r"true|false"),
}
_PATH = re.compile(r"[a-z]+(?:/(?!\.{1,2}(?:/|\Z))[A-Za-z0-9._~!$&'()*+,;=@%-]+)+|dataset")
_INTEGER = re.compile(rf'"([0-9]{{1,15}})"\^\^<{XSD}integer>')
_LOCAL = re.compile(r"[A-Za-z0-9._~%()<>;:@,!$&'*+=-][A-Za-z0-9._~%()<>;:@/,!$&'*+=-]*")

_Triple = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class _Term:
    """How a property is written: its name, what its values are taken for, whether always a list."""

    name: str
    type: str
    is_list: bool


class Context:
    """The context of the documents (`ontology/context.jsonld`), with a graph's own base IRI."""

    def __init__(self, base: str) -> None:
        path = resource_path("ontology", "context.jsonld")
        self.document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["@context"]
        self.document["@base"] = base
        self._base = base
        self._vocabulary = self.document["@vocab"]
        self._terms: dict[str, _Term] = {}
        self._reverse: dict[str, str] = {}
        prefixes: dict[str, str] = {}
        for name, said in self.document.items():
            if isinstance(said, str) and said.startswith("http"):
                prefixes[said] = name
            elif isinstance(said, dict) and said.get("@prefix"):
                prefixes[said["@id"]] = name
        del prefixes[base], prefixes[self._vocabulary]
        self._prefixes = sorted(prefixes.items(), key=lambda each: (-len(each[0]), each))
        for name, said in self.document.items():
            if isinstance(said, dict) and not said.get("@prefix"):
                self._read_term(name, said)
        self.shorten = lru_cache(maxsize=50_000)(self._shorten)

    def _read_term(self, name: str, said: Mapping[str, str]) -> None:
        if "@reverse" in said:
            self._reverse[self._whole(said["@reverse"])] = name
            return
        type_ = said.get("@type", "")
        if type_ and not type_.startswith("@"):
            type_ = self._whole(type_)
        is_list = said.get("@container") == "@set"
        self._terms[self._whole(said["@id"])] = _Term(name, type_, is_list)

    def _whole(self, short: str) -> str:
        prefix, _, local = short.partition(":")
        return f"<{self.document[prefix]}{local}>"

    def term(self, predicate: str) -> _Term:
        """Return how a property is written; one that the context does not name, by its IRI."""
        return self._terms.get(predicate) or _Term(
            name=self._compact(predicate[1:-1]), type="", is_list=False
        )

    def reverse(self, predicate: NamedNode) -> str:
        """Return the name of a property in the other direction."""
        return self._reverse[str(predicate)]

    def _shorten(self, node: str) -> str:
        """Return a node as the value of `id`: by its path under the base, its prefix, or whole."""
        if not node.startswith("<"):
            return node
        iri = node[1:-1]
        path = iri.removeprefix(self._base)
        if len(path) < len(iri) and _PATH.fullmatch(path):
            return path
        return self._compact(iri)

    def _compact(self, iri: str) -> str:
        for space, name in self._prefixes:
            local = iri.removeprefix(space)
            if len(local) < len(iri) and _LOCAL.fullmatch(local):
                return f"{name}:{local}"
        return iri

    def class_(self, node: str) -> str:
        """Return a class as the value of `type`, one of the ontology by its name alone."""
        local = node[1:-1].removeprefix(self._vocabulary)
        return local if local.isalnum() else self.shorten(node)


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
                self._put(self._node(subject, rest, 4))
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
            node = self._node(subject, triples, 8)
            self._out.write(f",\n        {node}" if number else node)
        self._out.write("\n      ]\n    }")

    def _paper(self, paper: str, triples: list[_Triple]) -> str:
        """Return a paper with its sentences, and with the records that it was made from."""
        named = NamedNode(paper[1:-1])
        nested: dict[str, list[str]] = {}
        if keys := self._leading_to(_REPLACED_BY, named):
            nested[self._context.reverse(_REPLACED_BY)] = [self._id(key) for key in keys]
        sentences = [(each, self._about(each)) for each in self._leading_to(_IN_PUBLICATION, named)]
        if sentences:
            nested[self._context.reverse(_IN_PUBLICATION)] = [
                self._sentence(sentence, said, named)
                for sentence, said in sorted(sentences, key=_reading_order)
            ]
        records = {o for _, p, o in triples if p == str(_DERIVED_FROM) and o.startswith("<")}
        inside = {
            record: self._node(record, self._about(record), 8)
            for record in records
            if self._about(record)
        }
        return self._node(paper, triples, 4, nested, inside)

    def _sentence(self, sentence: str, about: list[_Triple], paper: NamedNode) -> str:
        """Return a sentence as it stands in its paper."""
        said = [
            self._evidence(evidence, sentence)
            for evidence in self._leading_to(_EVIDENCE_SENTENCE, NamedNode(sentence[1:-1]))
        ]
        nested = {self._context.reverse(_EVIDENCE_SENTENCE): said} if said else {}
        without = (sentence, str(_IN_PUBLICATION), str(paper))
        triples = [triple for triple in about if triple != without]
        return self._node(sentence, triples, 8, nested)

    def _evidence(self, evidence: str, sentence: str) -> str:
        """Return a piece of evidence as it stands in its sentence."""
        supported = self._leading_to(_EVIDENCE, NamedNode(evidence[1:-1]))
        nested = {}
        if supported:
            nested[self._context.reverse(_EVIDENCE)] = [self._id(each) for each in supported]
        without = (evidence, str(_EVIDENCE_SENTENCE), sentence)
        triples = [triple for triple in self._about(evidence) if triple != without]
        return self._node(evidence, triples, 12, nested)

    def _rest(self, subject: str, triples: list[_Triple]) -> Iterator[_Triple]:
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

    def _about(self, node: str) -> list[_Triple]:
        found = self._store.quads_for_pattern(_named(node), None, None, _DEFAULT)
        return sorted(
            ((node, str(quad.predicate), str(quad.object)) for quad in found),
            key=lambda triple: (triple[1] != _TYPE, *triple),
        )

    def _id(self, node: str) -> str:
        return json.dumps(self._context.shorten(node), ensure_ascii=False)

    def _node(
        self,
        subject: str,
        triples: Iterable[_Triple],
        indent: int,
        nested: Mapping[str, list[str]] | None = None,
        inside: Mapping[str, str] | None = None,
    ) -> str:
        """Return a node as JSON; `nested` is put at its end, `inside` in place of the ids of some.

        The triples come with those of one predicate next to each other.
        """
        parts = [f'"id": {self._id(subject)}']
        for predicate, group in groupby(triples, key=lambda triple: triple[1]):
            values = sorted((value for _, _, value in group), key=_numerically)
            if predicate == _TYPE and all(value.startswith("<") for value in values):
                types = [json.dumps(self._context.class_(value)) for value in values]
                parts.append(f'"type": {_list(types, indent, always=False)}')
                continue
            term = self._context.term(predicate)
            written = [(inside or {}).get(value) or self._value(value, term) for value in values]
            name = json.dumps(term.name)
            parts.append(f"{name}: {_list(written, indent, always=term.is_list)}")
        for name, written in (nested or {}).items():
            parts.append(f"{json.dumps(name)}: {_list(written, indent, always=True)}")
        space = f",\n{' ' * (indent + 2)}"
        return f"{{\n{' ' * (indent + 2)}{space.join(parts)}\n{' ' * indent}}}"

    def _value(self, value: str, term: _Term) -> str:
        """Return a value of N-Triples as JSON; both have the same escapes for what they share."""
        if not value.startswith('"'):
            if value.startswith("<<"):
                raise KgError(f"JSON-LD has no way to write the triple term {value}")
            if term.type == "@vocab":
                return json.dumps(self._context.class_(value), ensure_ascii=False)
            short = self._id(value)
            return short if term.type == "@id" else f'{{"id": {short}}}'
        end = value.rindex('"')
        text, rest = value[: end + 1], value[end + 1 :]
        if rest.startswith("@"):
            return f'{{"@value": {text}, "@language": {json.dumps(rest[1:])}}}'
        datatype = rest.removeprefix("^^")
        if datatype == term.type:
            bare = _BARE.get(datatype)
            if bare is None:
                return text
            if bare.fullmatch(text[1:-1]):
                return text[1:-1]
        if not datatype:
            return f'{{"@value": {text}}}' if term.type else text
        return f'{{"@value": {text}, "@type": {self._id(datatype)}}}'


def _reading_order(sentence: tuple[str, list[_Triple]]) -> tuple[bool, str, int, str]:
    """Return the sort key of a sentence: the title first, then by field and place."""
    node, triples = sentence
    values = {predicate: value for _, predicate, value in triples}
    field = values.get(f"<{KG}field>", "")
    return field != '"title"', field, _number(values.get(f"<{KG}start>", "")), node


def _numerically(value: str) -> tuple[int, str]:
    """Return the sort key of a value: numbers by their size, after all else."""
    return _number(value), value


def _number(value: str) -> int:
    match = _INTEGER.fullmatch(value)
    return int(match[1]) if match else -1


def _named(node: str) -> NamedNode:
    return NamedNode(node[1:-1])


def _list(values: list[str], indent: int, *, always: bool) -> str:
    """Return values as a list, on lines of their own where they are nodes; one may stand alone."""
    if len(values) == 1 and not always:
        return values[0]
    if not any("\n" in value for value in values):
        return f"[{', '.join(values)}]"
    space = f"\n{' ' * (indent + 4)}"
    return f"[{space}{f',{space}'.join(values)}\n{' ' * (indent + 2)}]"


def _subjects(store: Store, graph: NamedNode | DefaultGraph) -> Iterator[tuple[str, list[_Triple]]]:
    """Yield each subject of a graph with its statements, in the order a person reads."""
    with TemporaryFile() as lines:
        sort_graph(store, graph, lines)
        lines.seek(0)
        triples = ((s, p, o) for _, s, p, o in in_sections(lines))
        for subject, group in groupby(triples, key=lambda triple: triple[0]):
            yield subject, list(group)
