"""Floor 8: what a graph says of itself: VoID (what is in it), PROV (what it was made from).

These statements stand in a named graph, so that questions about the literature do not meet them.
There are no times in it: two builds of the same input give the same statements.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from pyoxigraph import DefaultGraph, Literal, NamedNode, QuerySolutions, Store

from kg import namespaces
from kg.namespaces import DCAT, DCTERMS, DEFAULT_BASE, KG, OWL, PROV, RDF, RDFS, SKOS, VOID
from kg.prefixes import PREFIXES
from kg.rdf.nodes import CLASS_OF_TYPE
from kg.rdf.ntriples import integer, iri, text, triple
from kg.vocabulary.licences import licence_addresses, licence_of

_DEFAULT = DefaultGraph()

ONTOLOGY = "https://w3id.org/litkg/ontology"

# The classes that are disjoint by the ontology, so that nothing is counted twice.
_THINGS = (
    *("Source", "Record", "Publication", "Reference", "Journal", "Author", "Heading", "Substance"),
    *("Sentence", "Mention", "Assertion", "Evidence", "CoMention"),
    *CLASS_OF_TYPE.values(),
)
_MATCHES = (f"{SKOS}exactMatch", f"{SKOS}closeMatch")
_VOCABULARIES = {
    KG: ONTOLOGY,
    **{
        each: each.rstrip("#")
        for each in (
            *(SKOS, DCTERMS, PROV, RDFS, OWL, namespaces.BIOLINK, VOID),
            "http://www.w3.org/ns/shacl#",
            "https://w3id.org/sssom/",
        )
    },
}


@dataclass(frozen=True, slots=True)
class Figures:
    """What a graph holds: instances by class, statements by property, links to each registry.

    `links` is by property and registry, `registered` counts entities by the registry of their
    CURIE. All are of the default graph.
    """

    classes: Mapping[str, int]
    properties: Mapping[str, int]
    links: Mapping[tuple[str, str], int]
    registered: Mapping[str, int]
    example: str

    @property
    def triples(self) -> int:
        """How many statements there are."""
        return sum(self.properties.values())

    @property
    def things(self) -> int:
        """How many things of the ontology's disjoint classes there are."""
        return sum(self.classes.get(f"{KG}{name}", 0) for name in _THINGS)


def count_figures(store: Store) -> Figures:
    """Count what is in the default graph of a store, half a second a million statements."""
    with ThreadPoolExecutor(1, thread_name_prefix="count") as threads:
        properties = threads.submit(
            _counts, store, "SELECT ?key (COUNT(*) AS ?n) { ?s ?key ?o } GROUP BY ?key"
        )
        classes = _counts(store, "SELECT ?key (COUNT(*) AS ?n) { ?s a ?key } GROUP BY ?key")
        links: Counter[tuple[str, str]] = Counter()
        for link in _MATCHES:
            for quad in store.quads_for_pattern(None, NamedNode(link), None, _DEFAULT):
                if isinstance(quad.object, NamedNode):
                    curie = namespaces.iri_to_curie(quad.object.value)
                    if curie is not None:
                        links[link, curie.partition(":")[0]] += 1
        registered: Counter[str] = Counter()
        for quad in store.quads_for_pattern(None, NamedNode(f"{KG}curie"), None, _DEFAULT):
            if isinstance(quad.object, Literal):
                registered[quad.object.value.partition(":")[0]] += 1
        example = _counts(
            store, f"SELECT ?key (1 AS ?n) {{ ?key a <{KG}Publication> }} ORDER BY ?key LIMIT 1"
        )
        return Figures(classes, properties.result(), links, registered, next(iter(example), ""))


def _counts(store: Store, query: str) -> dict[str, int]:
    rows = store.query(query)
    assert isinstance(rows, QuerySolutions)  # noqa: S101
    return {
        row["key"].value: int(row["n"].value) for row in rows if isinstance(row["key"], NamedNode)
    }


def dataset_node(manifest: Mapping[str, Any]) -> str:
    """Return the IRI that stands for a graph as a whole, or for the part of it that was selected.

    >>> dataset_node({})
    'https://w3id.org/litkg/dataset'
    """
    base = str(manifest.get("base_iri") or DEFAULT_BASE)
    part = manifest.get("part")
    return f"{base}dataset" if part is None else f"{base}dataset/part/{part['sha256'][:20]}"


def describe_graph(store: Store, manifest: Mapping[str, Any]) -> Iterator[str]:
    """Yield the statements of a graph on itself as N-Quads, none twice.

    `manifest` is what a build writes down; what it does not tell is left out. What stands in the
    graph of this name already is not looked at.
    """
    base = str(manifest.get("base_iri") or DEFAULT_BASE)
    writer = _AboutWriter(base, dataset_node(manifest), manifest)
    graph = iri(namespaces.about_graph(base))
    lines = [*writer.figures(count_figures(store)), *writer.provenance(_methods(store))]
    for line in dict.fromkeys(lines):
        yield f"{line.removesuffix('.')}{graph} ."


def _methods(store: Store) -> list[str]:
    """Return the nodes of what found the evidence."""
    agents = store.quads_for_pattern(
        None, NamedNode(f"{RDF}type"), NamedNode(f"{PROV}SoftwareAgent")
    )
    return sorted(
        {
            quad.subject.value
            for quad in agents
            if isinstance(quad.subject, NamedNode) and not isinstance(quad.graph_name, NamedNode)
        }
    )


class _AboutWriter:
    """Writes the description of one dataset."""

    def __init__(self, base: str, dataset: str, manifest: Mapping[str, Any]) -> None:
        self._base = base
        self._node = iri(dataset)
        self._dataset = dataset
        self._manifest = manifest

    def _typed(self, node: str, *classes: str) -> Iterator[str]:
        for class_ in classes:
            yield triple(node, f"{RDF}type", iri(class_))

    def figures(self, figures: Figures) -> Iterator[str]:
        """Yield what is in the dataset, as VoID has it."""
        node = self._node
        yield from self._typed(node, f"{VOID}Dataset", f"{DCAT}Dataset", f"{PROV}Entity")
        yield triple(node, f"{DCTERMS}title", text("Knowledge graph of biomedical literature"))
        yield triple(node, f"{DCTERMS}conformsTo", iri(ONTOLOGY))
        yield triple(node, f"{VOID}uriSpace", text(self._base))
        if figures.example:
            yield triple(node, f"{VOID}exampleResource", iri(figures.example))
        for name, number in (
            ("triples", figures.triples),
            ("entities", figures.things),
            ("classes", len(figures.classes)),
            ("properties", len(figures.properties)),
        ):
            yield triple(node, f"{VOID}{name}", integer(number))
        for vocabulary in _vocabularies((*figures.classes, *figures.properties)):
            yield triple(node, f"{VOID}vocabulary", iri(vocabulary))
        for kind, counted, count in (
            ("class", figures.classes, "entities"),
            ("property", figures.properties, "triples"),
        ):
            for term, number in sorted(counted.items()):
                part = iri(f"{self._dataset}/{kind}/{_short(term)}")
                yield triple(node, f"{VOID}{kind}Partition", part)
                yield triple(part, f"{VOID}{kind}", iri(term))
                yield triple(part, f"{VOID}{count}", integer(number))
        yield from self._registries(figures)

    def _registries(self, figures: Figures) -> Iterator[str]:
        """Yield which identifiers are those of which registry, and which links lead to it."""
        for registry, number in sorted(figures.registered.items()):
            part = iri(f"{self._dataset}/of/{registry}")
            yield triple(self._node, f"{VOID}subset", part)
            yield from self._typed(part, f"{VOID}Dataset")
            yield triple(part, f"{DCTERMS}title", text(f"Entities of {registry}"))
            yield triple(part, f"{VOID}entities", integer(number))
            if registry in PREFIXES:
                yield triple(part, f"{VOID}uriSpace", text(_space(registry)))
        for (link, registry), number in sorted(figures.links.items()):
            part = iri(f"{self._dataset}/links/{_short(link)}-{registry}")
            target = iri(f"{self._base}registry/{registry}")
            yield triple(self._node, f"{VOID}subset", part)
            yield from self._typed(part, f"{VOID}Linkset")
            yield triple(part, f"{VOID}linkPredicate", iri(link))
            yield triple(part, f"{VOID}subjectsTarget", self._node)
            yield triple(part, f"{VOID}objectsTarget", target)
            yield triple(part, f"{VOID}triples", integer(number))
            yield from self._typed(target, f"{VOID}Dataset")
            yield triple(target, f"{DCTERMS}title", text(registry))
            yield triple(target, f"{VOID}uriSpace", text(_space(registry)))

    def provenance(self, methods: Iterable[str]) -> Iterator[str]:
        """Yield what the dataset was made from, and by what, as PROV has it."""
        node, manifest = self._node, self._manifest
        digest = str(manifest.get("build_hash", ""))
        if part := manifest.get("part"):
            whole = iri(f"{self._base}dataset")
            yield triple(node, f"{DCTERMS}isPartOf", whole)
            yield triple(node, f"{PROV}wasDerivedFrom", whole)
            yield triple(node, f"{DCTERMS}description", text(part["description"]))
            node = whole
        yield triple(node, f"{DCTERMS}identifier", text(f"sha256:{digest}"))
        activity = iri(f"{self._base}build/{digest[:20]}")
        yield triple(node, f"{PROV}wasGeneratedBy", activity)
        yield from self._typed(activity, f"{PROV}Activity")
        yield triple(activity, f"{RDFS}label", text("build"))
        yield from self._agents(activity, methods)
        for name, each in (*self._inputs(), *self._tables(), *self._ontologies()):
            yield triple(activity, f"{PROV}used", name)
            yield from each
        ontology = iri(ONTOLOGY)
        yield triple(activity, f"{PROV}used", ontology)
        yield from self._typed(ontology, f"{PROV}Entity")
        yield triple(ontology, f"{DCTERMS}license", iri(licence_addresses("CC0")[0]))
        yield triple(
            self._node,
            f"{DCTERMS}rights",
            text(
                "The ontology is under CC0 1.0, names and definitions of entities under the "
                "licences of the vocabularies that they come from. Titles and sentences are those "
                "of the publications, and under the rights of their authors or publishers."
            ),
        )

    def _agents(self, activity: str, methods: Iterable[str]) -> Iterator[str]:
        version = str(self._manifest.get("kg_version", ""))
        software = iri(f"{self._base}method/kg-{version}")
        yield triple(activity, f"{PROV}wasAssociatedWith", software)
        yield from self._typed(software, f"{PROV}SoftwareAgent")
        yield triple(software, f"{RDFS}label", text(f"kg {version}".strip()))
        yield triple(software, f"{KG}version", text(version))
        for method in methods:
            yield triple(activity, f"{PROV}wasAssociatedWith", iri(method))

    def _inputs(self) -> Iterator[tuple[str, list[str]]]:
        """Yield each input file with what is said of it; its node is that of its `kg:Source`."""
        for each in sorted(self._manifest.get("inputs", ()), key=lambda each: str(each["sha256"])):
            node = iri(f"{self._base}source/{each['sha256'][:20]}")
            yield (
                node,
                [
                    *self._typed(node, f"{PROV}Entity"),
                    triple(node, f"{RDFS}label", text(each["name"])),
                    triple(node, f"{KG}format", text(each["format"])),
                    triple(node, f"{KG}sha256", text(each["sha256"])),
                ],
            )

    def _ontologies(self) -> Iterator[tuple[str, list[str]]]:
        """Yield each ontology of others that was added, with its version and its digest."""
        for each in self._manifest.get("ontologies", ()):
            node = iri(str(each["iri"]))
            lines = [
                *self._typed(node, f"{PROV}Entity"),
                triple(node, f"{RDFS}label", text(each["name"])),
                triple(node, f"{KG}sha256", text(each["sha256"])),
            ]
            if each.get("version"):
                lines.append(triple(node, f"{OWL}versionInfo", text(each["version"])))
            yield node, lines

    def _tables(self) -> Iterator[tuple[str, list[str]]]:
        """Yield each vocabulary table with its release, its digest and its licence."""
        for each in self._manifest.get("vocabularies", ()):
            node = iri(f"{self._base}vocabulary/{each['sha256'][:20]}")
            licence = licence_of(each["sha256"])
            lines = [
                *self._typed(node, f"{PROV}Entity", f"{DCAT}Dataset"),
                triple(node, f"{DCTERMS}title", text(each["vocabulary"])),
                triple(node, f"{RDFS}label", text(each["file"])),
                triple(node, f"{OWL}versionInfo", text(each["release"])),
                triple(node, f"{KG}sha256", text(each["sha256"])),
            ]
            if licence:
                lines.append(triple(node, f"{DCTERMS}rights", text(licence)))
            lines += (
                triple(node, f"{DCTERMS}license", iri(address))
                for address in licence_addresses(licence)
            )
            yield node, lines


def _short(term: str) -> str:
    """Return a name for a part that is about a term: that of the term, else a hash.

    >>> _short("https://w3id.org/litkg/ontology#Gene")
    'kg.Gene'
    """
    for prefix, space in (
        *(("kg", KG), ("rdf", RDF), ("rdfs", RDFS), ("owl", OWL), ("skos", SKOS)),
        *(("dcterms", DCTERMS), ("prov", PROV), ("biolink", namespaces.BIOLINK)),
    ):
        local = term.removeprefix(space)
        if len(local) < len(term) and local.replace("_", "").isalnum():
            return f"{prefix}.{local}"
    return sha256(term.encode()).hexdigest()[:20]


def _space(registry: str) -> str:
    return PREFIXES[registry].iri.partition("$1")[0]


def _vocabularies(terms: Iterable[str]) -> list[str]:
    """Return the vocabularies that some of the terms are of."""
    used: set[str] = set()
    for term in terms:
        used.update(name for space, name in _VOCABULARIES.items() if term.startswith(space))
    return sorted(used)
