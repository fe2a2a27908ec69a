"""Floor 10: terms and statements -> values for templates."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.descriptions import Description, Edge, Edges, Names
from kg.descriptions.model import Term
from kg.descriptions.naming import cut
from kg.namespaces import DCTERMS, KG, OWL, RDF, RDFS, SKOS, XSD
from kg.rdf.nodes import CLASS_OF_TYPE
from kg.service.pages.addresses import Addresses, is_web_address

IN_OVERVIEW = 25
"""Statements of a property that the page of a thing shows; a page of its own has all."""

_LONGEST = 2_000
"""Characters of a text that a table shows."""

_FIRST = (
    *(f"{RDF}type", f"{RDFS}label", f"{DCTERMS}title", f"{KG}curie", f"{SKOS}altLabel"),
    *(f"{SKOS}definition", f"{DCTERMS}description", f"{KG}text", f"{KG}exact"),
)
"""Properties in the order in which a person looks for them; the rest follow by name."""

_PLAIN_TYPES = frozenset(f"{XSD}{name}" for name in ("string", "integer", "decimal", "boolean"))
_STYLES = {f"{KG}{name}": str(kind).lower() for kind, name in CLASS_OF_TYPE.items()}
_TECHNICAL = frozenset(
    (f"{OWL}Class", f"{OWL}NamedIndividual", f"{OWL}FunctionalProperty", f"{KG}Entity")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A thing by its name: where it is described here, and its IRI in its shortest form.

    `style` is the kind of an entity, by which it is coloured, empty for what is none.
    """

    text: str
    href: str
    short: str
    style: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """What stands at the end of a statement: a link, or a text with its language or datatype.

    `graphs` are the named graphs that say so; none for what the graph says itself.
    """

    link: Link | None = None
    text: str = ""
    language: str = ""
    datatype: str = ""
    graphs: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The statements of one property as a table shows them; `more` is where the rest is."""

    name: str
    of: Link
    is_incoming: bool
    values: tuple[Value, ...]
    total: int
    is_least: bool
    more: str

    @property
    def amount(self) -> str:
        """How many there are, in words."""
        return f"more than {self.total:,}" if self.is_least else f"{self.total:,}"


class Shown:
    """Makes values for templates, with names from the graph and addresses on the server."""

    def __init__(self, names: Names, addresses: Addresses) -> None:
        self.names = names
        self.addresses = addresses

    def link(self, iri: str, text: str = "", *, stay: bool = False) -> Link:
        """Return a thing as a link, by its name unless another text is given.

        With `stay`, it leads to the thing itself and not to what stands in its place.
        """
        styles = (_STYLES.get(each, "") for each in self.names.types(iri))
        return Link(
            text=text or cut(self.names.of(iri)),
            href=self.addresses.with_parameters(iri, {"redirect": "no"})
            if stay
            else self.addresses.of(iri),
            short=self.names.short(iri),
            style=next(filter(None, styles), ""),
        )

    def links(self, iris: Iterable[str]) -> list[Link]:
        """Return things as links, in the order of their names."""
        return sorted(map(self.link, iris), key=lambda link: (link.text.casefold(), link.short))

    def kinds(self, iri: str) -> list[Link]:
        """Return what a thing is, without what only a reasoner wants to know."""
        kinds = (each for each in self.names.types(iri) if each not in _TECHNICAL)
        links = (self.link(each, self.names.property(each)) for each in kinds)
        return sorted(links, key=lambda link: link.text.casefold())

    def value(self, edge: Edge, *, stay: bool = False) -> Value:
        """Return what stands at the end of a statement."""
        graphs = tuple(self.link(name) for name in edge.graphs if name and "" not in edge.graphs)
        term = edge.value
        if isinstance(term, NamedNode):
            return Value(link=self.link(term.value, stay=stay), graphs=graphs)
        if isinstance(term, Literal):
            datatype = term.datatype.value
            is_plain = term.language is not None or datatype in _PLAIN_TYPES
            return Value(
                text=cut(term.value, _LONGEST),
                language=term.language or "",
                datatype="" if is_plain else self.names.short(datatype),
                graphs=graphs,
            )
        return Value(text="(a node without a name)" if isinstance(term, BlankNode) else str(term))

    def group(self, iri: str, edges: Edges, shown: int | None = IN_OVERVIEW) -> Group:
        """Return statements of one property as a table has them: `shown` of them, or all."""
        # What has been replaced leads here, and would lead back again.
        stay = edges.is_incoming and edges.predicate == f"{DCTERMS}isReplacedBy"
        values = [self.value(edge, stay=stay) for edge in edges.edges[:shown]]
        if edges.total == len(values):
            values.sort(key=_by_name)
        is_cut = edges.is_least or edges.total > len(values)
        return Group(
            name=self.names.property(edges.predicate),
            of=self.link(edges.predicate),
            is_incoming=edges.is_incoming,
            values=tuple(values),
            total=edges.total,
            is_least=edges.is_least,
            more=self.page(iri, edges) if is_cut else "",
        )

    def groups(self, iri: str, edges: Sequence[Edges]) -> list[Group]:
        """Return the statements of a thing in one direction, those that tell most first."""
        ordered = sorted(
            edges,
            key=lambda each: (
                _FIRST.index(each.predicate) if each.predicate in _FIRST else len(_FIRST),
                self.names.property(each.predicate).casefold(),
            ),
        )
        return [self.group(iri, each) for each in ordered]

    def page(self, iri: str, edges: Edges, after: str = "", form: str = "") -> str:
        """Return the address of the statements of one property, page by page."""
        parameters: Mapping[str, str] = {
            "predicate": edges.predicate,
            "direction": "in" if edges.is_incoming else "out",
            **({"after": after} if after else {}),
            **({"format": form} if form else {}),
        }
        return self.addresses.with_parameters(iri, parameters)


def neighbours(description: Description, shown: int | None = None) -> Iterable[str]:
    """Yield the IRIs that a description shows: properties, their values, graphs."""
    yield description.iri
    for edges in description.all:
        yield from of_edges(edges, shown)


def of_edges(edges: Edges, shown: int | None = None) -> Iterable[str]:
    """Yield the IRIs that statements of one property show."""
    yield edges.predicate
    for edge in edges.edges[:shown]:
        yield from (name for name in edge.graphs if name)
        if isinstance(edge.value, NamedNode):
            yield edge.value.value


def outside(terms: Iterable[Term]) -> list[str]:
    """Return the IRIs among terms that may be links to other sites, in order."""
    return sorted(
        term.value for term in terms if isinstance(term, NamedNode) and is_web_address(term.value)
    )


def _by_name(value: Value) -> tuple[str, str]:
    text = value.text if value.link is None else value.link.text
    return text.casefold(), text
