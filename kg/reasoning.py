"""Floor 8: the OWL ontology, the rules it keeps, and what HermiT says of it together with data.

HermiT is a Java program that owlready2 carries; it runs in a process of its own, so that it can be
stopped, prints nothing here, and leaves no file behind. Only that process imports owlready2.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import chain, takewhile
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize

from kg.errors import InputError, ReasonerError
from kg.namespaces import DCTERMS, KG, OWL, RDF, RDFS, SKOS, XSD
from kg.resources import resource_path

ONTOLOGY = KG.removesuffix("#")
VANN = "http://purl.org/vocab/vann/"

Graph = Path | bytes
"""A graph to read: a file in any RDF syntax, by its suffix; or bytes of N-Triples."""

_PROPERTY_KINDS = ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")
_KINDS = {f"{OWL}Class", f"{RDFS}Datatype", *(f"{OWL}{kind}" for kind in _PROPERTY_KINDS)}
_RESERVED = (RDF, RDFS, OWL, XSD)
_HEADER = (
    f"{OWL}versionIRI",
    f"{OWL}versionInfo",
    *(f"{DCTERMS}{name}" for name in ("title", "description", "creator", "license")),
    f"{VANN}preferredNamespacePrefix",
    f"{VANN}preferredNamespaceUri",
)
# Predicates of axioms: what stands after them must be declared as what it is.
_AXIOMS = (
    *(f"{RDFS}{name}" for name in ("subClassOf", "subPropertyOf", "domain", "range")),
    *(f"{OWL}{name}" for name in ("equivalentClass", "disjointWith", "inverseOf", "onProperty")),
    *(f"{OWL}{name}" for name in ("propertyDisjointWith", "equivalentProperty", "someValuesFrom")),
    f"{RDF}first",
)
# What OWL 2 DL (Structural Specification, section 11) denies to properties that are not simple.
_FOR_SIMPLE = ("Functional", "InverseFunctional", "Asymmetric", "Irreflexive")
_COUNTS = (
    *("cardinality", "minCardinality", "maxCardinality", "hasSelf"),
    *("qualifiedCardinality", "minQualifiedCardinality", "maxQualifiedCardinality"),
)

# Runs in the other process. -P keeps the working folder off the path of imports.
_COMMAND = ("-P", "-c", "import sys; from kg.reasoning import answer; answer(sys.argv[1])")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsistencyReport:
    """What HermiT found of the ontology together with the graphs it was given.

    `unsatisfiable` lists, in order, the IRIs of classes that can have no instance; it is empty
    where the whole is inconsistent, since then no class can. `misused` lists the properties that
    have a literal where the ontology asks for a thing, or a thing where it asks for a literal:
    HermiT takes such a triple for an annotation and is silent about it. `triples` counts what was
    read, the ontology included; `seconds` is the time from start to end.
    """

    consistent: bool
    unsatisfiable: tuple[str, ...]
    misused: tuple[str, ...]
    triples: int
    seconds: float

    @property
    def sound(self) -> bool:
        """Whether it is consistent, no class is unsatisfiable, and no property is misused."""
        return self.consistent and not self.unsatisfiable and not self.misused


def ontology_path() -> Path:
    """Return the path of the ontology in Turtle.

    >>> ontology_path().name
    'litkg.ttl'
    """
    return resource_path("ontology", "litkg.ttl")


def ontology_ntriples() -> bytes:
    """Return the ontology as N-Triples, which every tool reads (owlready2 reads no Turtle).

    >>> b"<https://w3id.org/litkg/ontology#Gene>" in ontology_ntriples()
    True
    """
    output = BytesIO()
    serialize(_read(ontology_path()), output, format=RdfFormat.N_TRIPLES)
    return output.getvalue()


def java_available() -> bool:
    """Tell whether a Java runtime is there and starts.

    It is started, since macOS has a `java` that does nothing but ask for one.
    """
    java = shutil.which("java")
    if java is None:
        return False
    try:
        # What runs is the Java that the user's own PATH names.
        done = subprocess.run([java, "-version"], capture_output=True, timeout=60, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def check_consistency(*graphs: Graph, timeout: float = 600.0) -> ConsistencyReport:
    """Run HermiT on the ontology together with the graphs, for at most `timeout` seconds.

    Raises:
        ReasonerError: without Java, when HermiT fails, or when it takes too long.
        InputError: if a graph cannot be read.

    """
    if not java_available():
        raise ReasonerError(
            "no Java runtime was found: the reasoner HermiT needs one; install Java "
            "(a JRE is enough) and put `java` on the PATH"
        )
    start = perf_counter()
    with TemporaryDirectory(prefix="kg-reasoning-") as folder:
        path = Path(folder, "graph.nt")
        triples, misused = _write_together(path, graphs)
        found = _ask(path, timeout)
    if "error" in found:
        raise ReasonerError(f"HermiT failed: {found['error']}")
    return ConsistencyReport(
        consistent=bool(found["consistent"]),
        unsatisfiable=tuple(found["unsatisfiable"]),
        misused=misused,
        triples=triples,
        seconds=perf_counter() - start,
    )


def _read(graph: Graph) -> Iterator[Triple]:
    """Yield the triples of a graph; blank nodes get new names, so that graphs can be joined."""
    try:
        if isinstance(graph, bytes):
            quads = parse(graph, format=RdfFormat.N_TRIPLES, rename_blank_nodes=True)
        else:
            quads = parse(path=graph, rename_blank_nodes=True)
        for quad in quads:
            yield quad.triple
    except (OSError, SyntaxError, ValueError) as error:
        name = "the bytes given" if isinstance(graph, bytes) else str(graph)
        raise InputError(f"{name}: not read as RDF: {error}") from error


def _write_together(path: Path, graphs: Iterable[Graph]) -> tuple[int, tuple[str, ...]]:
    """Write the ontology and the graphs into one N-Triples file.

    Returns the number of triples, and the properties with a value of the wrong kind, in order.
    """
    ontology = _Ontology(_read(ontology_path()))
    takes_literal = {
        iri: kind == "DatatypeProperty"
        for iri in ontology.kinds
        for kind in ontology.property_kinds(iri)
        if kind != "AnnotationProperty"
    }
    count = 0
    misused: set[str] = set()

    def passed() -> Iterator[Triple]:
        nonlocal count
        for triple in chain.from_iterable(_read(graph) for graph in (ontology_path(), *graphs)):
            is_literal = isinstance(triple.object, Literal)
            if takes_literal.get(triple.predicate.value, is_literal) is not is_literal:
                misused.add(triple.predicate.value)
            count += 1
            yield triple

    serialize(passed(), path, format=RdfFormat.N_TRIPLES)
    return count, tuple(sorted(misused))


def _ask(path: Path, timeout: float) -> dict[str, list[str]]:
    """Return what `reason` finds of a file, from a process that is ended after `timeout` seconds.

    The temporary files go to the folder of `path`: owlready2 leaves one behind after a failure.
    """
    with subprocess.Popen(  # noqa: S603 (this Python, and a path that was made here)
        [sys.executable, *_COMMAND, str(path)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(path.parent)},
        start_new_session=True,
    ) as process:
        try:
            output, complaints = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired as error:
            raise ReasonerError(f"HermiT did not finish within {timeout:g} seconds") from error
        finally:
            if process.poll() is None:
                # Java is a child of that process: both are ended, by their group.
                os.killpg(process.pid, signal.SIGKILL)
    if process.returncode != 0:
        raise ReasonerError(f"HermiT failed: {_last_line(complaints)}")
    found: dict[str, list[str]] = json.loads(_last_line(output))
    return found


def _last_line(output: bytes) -> str:
    lines = output.decode("utf-8", "replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "it gave no reason")


def answer(path: str) -> None:
    """Print what `reason` finds of a file as one line of JSON: the other process's whole work."""
    sys.stdout.write(f"\n{json.dumps(reason(Path(path)))}\n")


def reason(path: Path) -> dict[str, bool | list[str] | str]:
    """Run HermiT through owlready2 on one N-Triples file, in a World of its own.

    Returns `consistent` and `unsatisfiable`, or `error` with HermiT's complaint.
    """
    import owlready2  # noqa: PLC0415 (slow to import, and used only here)

    world = owlready2.World()
    try:
        with path.open("rb") as file:
            world.get_ontology(f"{ONTOLOGY}#").load(fileobj=file)
        owlready2.sync_reasoner_hermit(world, debug=0)
        nothing = f"{OWL}Nothing"
        names = sorted(each.iri for each in world.inconsistent_classes() if each.iri != nothing)
    except owlready2.OwlReadyInconsistentOntologyError:
        return {"consistent": False, "unsatisfiable": []}
    except owlready2.OwlReadyJavaError as error:
        lines = str(error).removeprefix("Java error message is:\n").splitlines()
        # Up to the first line of the stack trace.
        message = takewhile(lambda line: not line.startswith("\tat "), lines)
        return {"error": " ".join(line.strip() for line in message)}
    finally:
        world.close()
    return {"consistent": True, "unsatisfiable": names}


def undeclared_terms(*graphs: Graph) -> tuple[str, ...]:
    """Return, in order, the terms that the graphs use and the ontology does not declare.

    Looked at are all terms of the ontology's own namespace, all predicates, and all types; those of
    RDF, RDFS and OWL themselves need no declaration.
    """
    declared = _Ontology(_read(ontology_path())).kinds
    used: set[str] = set()
    for triple in chain.from_iterable(_read(graph) for graph in graphs):
        used.add(triple.predicate.value)
        if triple.predicate.value == f"{RDF}type":
            used.update(_iris(triple.object))
        used.update(iri for iri in _iris(triple.subject, triple.object) if iri.startswith(KG))
    return tuple(sorted(iri for iri in used - declared.keys() if not iri.startswith(_RESERVED)))


def check_ontology(graph: Graph | None = None) -> tuple[str, ...]:
    """Return what is wrong with an ontology (the project's own unless one is given), in order.

    Every term of ours has one English label and one English definition; every term that is used is
    declared, as one kind of property at most; a sub-property is of its property's kind; what OWL 2
    DL grants to simple properties only is not asked of others; the header is complete.

    >>> check_ontology()
    ()
    """
    ontology = _Ontology(_read(ontology_path() if graph is None else graph))
    faults = chain(
        _check_header(ontology),
        _check_texts(ontology),
        _check_declared(ontology),
        _check_kinds(ontology),
        _check_simple(ontology),
    )
    return tuple(sorted(set(faults)))


def _iris(*terms: object) -> list[str]:
    return [term.value for term in terms if isinstance(term, NamedNode)]


class _Ontology:
    """The triples of an ontology by predicate, and the kinds each term is declared as."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.pairs: defaultdict[str, list[tuple[str, object]]] = defaultdict(list)
        self.kinds: defaultdict[str, set[str]] = defaultdict(set)
        self.used: set[str] = set()
        for triple in triples:
            subject = (
                triple.subject.value if isinstance(triple.subject, NamedNode | BlankNode) else ""
            )
            self.pairs[triple.predicate.value].append((subject, triple.object))
            self.used.update(_iris(triple.subject, triple.predicate, triple.object))
        for subject, kind in self.iri_pairs(f"{RDF}type"):
            if kind in _KINDS:
                self.kinds[subject].add(kind)

    def iri_pairs(self, predicate: str) -> list[tuple[str, str]]:
        """Return subject and object of each triple with this predicate and an IRI as object."""
        return [(s, o.value) for s, o in self.pairs[predicate] if isinstance(o, NamedNode)]

    def property_kinds(self, iri: str) -> list[str]:
        """Return the kinds of property that a term is declared as, by their short names."""
        kinds = self.kinds.get(iri, set())
        return [kind for kind in _PROPERTY_KINDS if f"{OWL}{kind}" in kinds]

    def compound_properties(self) -> set[str]:
        """Return the properties that are not simple: transitive, made by a chain, or above one."""
        found = {s for s, o in self.iri_pairs(f"{RDF}type") if o == f"{OWL}TransitiveProperty"}
        found.update(s for s, _ in self.pairs[f"{OWL}propertyChainAxiom"])
        above = self.iri_pairs(f"{RDFS}subPropertyOf")
        inverse = self.iri_pairs(f"{OWL}inverseOf")
        steps = [*above, *inverse, *((o, s) for s, o in inverse)]
        while new := {upper for lower, upper in steps if lower in found} - found:
            found |= new
        return found


def _check_header(ontology: _Ontology) -> Iterator[str]:
    stated = {p for p, pairs in ontology.pairs.items() if any(s == ONTOLOGY for s, _ in pairs)}
    if (ONTOLOGY, f"{OWL}Ontology") not in ontology.iri_pairs(f"{RDF}type"):
        yield f"{ONTOLOGY}: not declared as an owl:Ontology"
    for predicate in _HEADER:
        if predicate not in stated:
            yield f"{ONTOLOGY}: has no {predicate}"


def _check_texts(ontology: _Ontology) -> Iterator[str]:
    own = [iri for iri in ontology.kinds if iri.startswith(KG)]
    for name, predicate in (("label", f"{RDFS}label"), ("definition", f"{SKOS}definition")):
        count: defaultdict[str, int] = defaultdict(int)
        for subject, text in ontology.pairs[predicate]:
            if isinstance(text, Literal) and text.language == "en" and text.value.strip():
                count[subject] += 1
        for iri in own:
            if count[iri] != 1:
                yield f"{iri}: has {count[iri]} English {name}s, not one"


def _check_declared(ontology: _Ontology) -> Iterator[str]:
    needed = {iri for iri in ontology.used if iri.startswith(KG)}
    needed.update(predicate for predicate, pairs in ontology.pairs.items() if pairs)
    needed.update(o for predicate in _AXIOMS for _, o in ontology.iri_pairs(predicate))
    for iri in needed:
        if iri not in ontology.kinds and not iri.startswith(_RESERVED):
            yield f"{iri}: used, but not declared"


def _check_kinds(ontology: _Ontology) -> Iterator[str]:
    for iri in ontology.kinds:
        if len(kinds := ontology.property_kinds(iri)) > 1:
            yield f"{iri}: declared as {' and '.join(kinds)}"
    for lower, upper in ontology.iri_pairs(f"{RDFS}subPropertyOf"):
        if ontology.property_kinds(lower) != ontology.property_kinds(upper):
            yield f"{lower}: not of the kind of {upper}, the property above it"


def _check_simple(ontology: _Ontology) -> Iterator[str]:
    compound = ontology.compound_properties()
    for iri, kind in ontology.iri_pairs(f"{RDF}type"):
        name = kind.removeprefix(OWL).removesuffix("Property")
        if iri in compound and name in _FOR_SIMPLE:
            yield f"{iri}: {name.casefold()}, but not a simple property"
    for pair in ontology.iri_pairs(f"{OWL}propertyDisjointWith"):
        for iri in compound.intersection(pair):
            yield f"{iri}: disjoint with another, but not a simple property"
    counting = {subject for name in _COUNTS for subject, _ in ontology.pairs[f"{OWL}{name}"]}
    for restriction, iri in ontology.iri_pairs(f"{OWL}onProperty"):
        if iri in compound and restriction in counting:
            yield f"{iri}: its values are counted, but it is not a simple property"
