"""Floor 8: the context of JSON-LD documents, and nodes as they stand in these."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

from pyoxigraph import NamedNode

from kg.errors import KgError
from kg.namespaces import RDF, XSD
from kg.resources import resource_path

_TYPE = f"<{RDF}type>"
# What is the same in JSON as in N-Triples: a number or a truth value in its canonical form.
_BARE = {
    f"<{XSD}integer>": re.compile(r"0|-?[1-9][0-9]{0,14}"),
    f"<{XSD}boolean>": re.compile(r"true|false"),
}
_PATH = re.compile(r"[a-z]+(?:/(?!\.{1,2}(?:/|\Z))[A-Za-z0-9._~!$&'()*+,;=@%-]+)+|dataset")
_INTEGER = re.compile(rf'"([0-9]{{1,15}})"\^\^<{XSD}integer>')
_LOCAL = re.compile(r"[A-Za-z0-9._~%()<>;:@,!$&'*+=-][A-Za-z0-9._~%()<>;:@/,!$&'*+=-]*")

Statement = tuple[str, str, str]
"""A subject, a predicate and an object, as N-Triples has them."""


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

    def trimmed(self, text: str) -> dict[str, Any]:
        """Return the document without terms and prefixes that a text of JSON-LD does not use."""
        terms = {
            name: said
            for name, said in self.document.items()
            if name.startswith("@")
            or name in ("id", "type")
            or (isinstance(said, dict) and not said.get("@prefix") and f'"{name}"' in text)
        }
        used = f"{text}{json.dumps(terms)}"
        return {
            name: said
            for name, said in self.document.items()
            if name in terms or f'"{name}:' in used
        }

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

    def id(self, node: str) -> str:
        """Return a node as the value of `id`, in JSON."""
        return json.dumps(self.shorten(node), ensure_ascii=False)

    def node(
        self,
        subject: str,
        triples: Iterable[Statement],
        indent: int,
        nested: Mapping[str, list[str]] | None = None,
        inside: Mapping[str, str] | None = None,
    ) -> str:
        """Return a node as JSON; `nested` is put at its end, `inside` in place of the ids of some.

        The triples come with those of one predicate next to each other.
        """
        parts = [f'"id": {self.id(subject)}']
        for predicate, group in groupby(triples, key=lambda triple: triple[1]):
            values = sorted((value for _, _, value in group), key=_numerically)
            if predicate == _TYPE and all(value.startswith("<") for value in values):
                types = [json.dumps(self.class_(value)) for value in values]
                parts.append(f'"type": {_list(types, indent, always=False)}')
                continue
            term = self.term(predicate)
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
                return json.dumps(self.class_(value), ensure_ascii=False)
            short = self.id(value)
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
        return f'{{"@value": {text}, "@type": {self.id(datatype)}}}'


def _numerically(value: str) -> tuple[int, str]:
    """Return the sort key of a value: numbers by their size, after all else."""
    return number_of(value), value


def number_of(value: str) -> int:
    """Return the number that a value of N-Triples is, -1 if it is none."""
    match = _INTEGER.fullmatch(value)
    return int(match[1]) if match else -1


def _list(values: list[str], indent: int, *, always: bool) -> str:
    """Return values as a list, on lines of their own where they are nodes; one may stand alone."""
    if len(values) == 1 and not always:
        return values[0]
    if not any("\n" in value for value in values):
        return f"[{', '.join(values)}]"
    space = f"\n{' ' * (indent + 4)}"
    return f"[{space}{f',{space}'.join(values)}\n{' ' * (indent + 2)}]"
