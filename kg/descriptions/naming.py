"""Floor 8: names of things, so that a person can read what a statement says.

Most things have one in the graph; what is said by several (an assertion, a pair of entities, a
record of a file) is named by them, and everything else by its IRI in its shortest form.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg.descriptions.model import Readable, nodes, select
from kg.namespaces import DCTERMS, KG, RDF, RDFS, SKOS, SSSOM, iri_to_curie

_LABEL = f"{RDFS}label"
_NAMING = (_LABEL, f"{DCTERMS}title", f"{SKOS}prefLabel", f"{KG}text", f"{KG}exact")
"""What names a thing, the best first."""

# How things that have no name of their own are named, by class: the parts, as paths, and what
# stands between them.
_COMPOSED: Mapping[str, tuple[tuple[str, ...], str]] = {
    f"{KG}Assertion": (
        (
            f"<{KG}subject>/<{_LABEL}>",
            f"<{KG}predicate>/<{_LABEL}>",
            f"<{KG}object>/<{_LABEL}>",
        ),
        " ",
    ),
    f"{KG}Evidence": ((f"<{KG}evidenceSentence>/<{KG}text>",), ""),
    f"{KG}CoMention": ((f"<{KG}coMentioned>/<{_LABEL}>",), " and "),
    f"{KG}Record": ((f"<{KG}inSource>/<{_LABEL}>", f"<{KG}line>"), ", line "),
    f"{SSSOM}Mapping": (
        tuple(f"<{SSSOM}{name}_id>" for name in ("subject", "predicate", "object")),
        " ",
    ),
}
_AT_ONCE = 500
_LONGEST = 200
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")


class Names:
    """Names of things in a graph, read many at a time; `prefixes` shorten the IRIs of the rest.

    `quads` are the statements that name them, such as there are.
    """

    def __init__(self, graph: Readable, base: str, prefixes: Mapping[str, str]) -> None:
        self._graph = graph
        self._base = base
        self._prefixes = sorted(prefixes.items(), key=lambda item: -len(item[1]))
        self._names: dict[str, str] = {}
        self._types: dict[str, list[str]] = {}
        self._asked: set[str] = set()
        self.quads: list[Quad] = []

    def read(self, iris: Iterable[str]) -> None:
        """Look up the names of things, and what they are."""
        new = iter(dict.fromkeys(each for each in iris if each not in self._asked))
        while some := list(islice(new, _AT_ONCE)):
            self._asked.update(some)
            self._read(some)

    def of(self, iri: str) -> str:
        """Return the name of a thing that was looked up, else its IRI in its shortest form."""
        return self._names.get(iri) or shorten(iri, self._base, self._prefixes)

    def is_named(self, iri: str) -> bool:
        """Tell whether the graph has a name for a thing."""
        return iri in self._names

    def short(self, iri: str) -> str:
        """Return an IRI in its shortest form."""
        return shorten(iri, self._base, self._prefixes)

    def types(self, iri: str) -> list[str]:
        """Return the classes of a thing that was looked up."""
        return self._types.get(iri, [])

    def property(self, iri: str) -> str:
        """Return what a property is called; without a name in the graph, its own in words."""
        return self._names.get(iri) or words_of(iri)

    def _read(self, iris: list[str]) -> None:
        block = f"VALUES ?x {{ {nodes(iris)} }}"
        parts = " UNION ".join(
            f"{{ ?x <{each}> ?v . BIND(<{each}> AS ?p) }}" for each in (*_NAMING, f"{RDF}type")
        )
        found: dict[str, tuple[tuple[int, bool, str], str]] = {}
        for row in select(self._graph, f"SELECT ?x ?p ?v {{ {block} {parts} }}"):
            thing, predicate, value = row["x"], row["p"], row["v"]
            assert isinstance(thing, NamedNode) and isinstance(predicate, NamedNode)  # noqa: S101, PT018
            if isinstance(value, NamedNode) and predicate.value == f"{RDF}type":
                self._types.setdefault(thing.value, []).append(value.value)
            elif isinstance(value, Literal) and predicate.value in _NAMING:
                # The best property, in English or no language, and always the same of several.
                foreign = (value.language or "en").partition("-")[0] != "en"
                rank = (_NAMING.index(predicate.value), foreign, value.value)
                if thing.value not in found or rank < found[thing.value][0]:
                    found[thing.value] = rank, value.value
                self.quads.append(Quad(thing, predicate, value))
        self._names |= {iri: name for iri, (_, name) in found.items()}
        self._read_in_graphs([iri for iri in iris if iri not in self._names])
        for class_, (paths, between) in _COMPOSED.items():
            some = [iri for iri in iris if class_ in self.types(iri) and iri not in self._names]
            if some:
                self._compose(some, paths, between)

    def _read_in_graphs(self, iris: list[str]) -> None:
        """Look up what named graphs call things that the graph itself has no name for."""
        block = f"VALUES ?x {{ {nodes(iris)} }}"
        parts = " UNION ".join(
            f"{{ {block} GRAPH ?g {{ ?x <{each}> ?v }} BIND(<{each}> AS ?p) }}"
            for each in _NAMING[:2]
        )
        rows = select(self._graph, f"SELECT ?x ?p ?v ?g {{ {parts} }}") if iris else ()
        for row in sorted(rows, key=lambda row: str(row["v"])):
            thing, predicate, value, graph = row["x"], row["p"], row["v"], row["g"]
            if isinstance(value, Literal) and isinstance(graph, NamedNode):
                self._names.setdefault(thing.value, value.value)
                self.quads.append(Quad(thing, predicate, value, graph))

    def _compose(self, iris: list[str], paths: tuple[str, ...], between: str) -> None:
        parts: dict[str, list[set[str]]] = {iri: [set() for _ in paths] for iri in iris}
        for number, path in enumerate(paths):
            query = f"SELECT ?x ?v {{ VALUES ?x {{ {nodes(iris)} }} ?x {path} ?v }}"
            for row in select(self._graph, query):
                value = row["v"]
                if isinstance(value, NamedNode | Literal):
                    shown = value.value if isinstance(value, Literal) else self.short(value.value)
                    parts[row["x"].value][number].add(shown)
        for iri, found in parts.items():
            if all(found):
                self._names[iri] = between.join(between.join(sorted(each)) for each in found)


def shorten(iri: str, base: str, prefixes: Iterable[tuple[str, str]] = ()) -> str:
    """Return an IRI as a CURIE, with a prefix, or by its path below the base; else as it is.

    `prefixes` are pairs of a name and what it stands for, the longest first.

    >>> shorten("http://identifiers.org/hgnc/6023", "https://a.b/")
    'HGNC:6023'
    >>> shorten("https://a.b/paper/cit-1", "https://a.b/")
    'paper/cit-1'
    """
    curie = iri_to_curie(iri)
    if curie is not None:
        return curie
    for name, space in prefixes:
        local = iri.removeprefix(space)
        if local and len(local) < len(iri) and local.replace("_", "").replace("-", "").isalnum():
            return f"{name}:{local}"
    return iri.removeprefix(base) or iri


def words_of(iri: str) -> str:
    """Return the local name of an IRI in words.

    >>> words_of("http://www.w3.org/2000/01/rdf-schema#seeAlso")
    'see also'
    """
    local = re.split(r"[#/:]", iri.rstrip("#/:"))[-1]
    words = _PARTS.findall(local)
    return " ".join(word if word.isupper() else word.lower() for word in words) or local or iri


def cut(text: str, longest: int = _LONGEST) -> str:
    """Return a text, cut at a space where it is too long.

    >>> cut("one two three", 9)
    'one two …'
    """
    if len(text) <= longest:
        return text
    return f"{text[: longest + 1].rpartition(' ')[0] or text[:longest]} …"


def triples(quads: Iterable[Quad]) -> Iterator[Triple]:
    """Yield statements without their graphs, none twice."""
    seen: set[Triple] = set()
    for quad in quads:
        if quad.triple not in seen:
            seen.add(quad.triple)
            yield quad.triple
