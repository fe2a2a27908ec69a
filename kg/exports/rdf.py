"""Floor 8: a graph as a file: Turtle, N-Triples, N-Quads, TriG, RDF/XML and JSON-LD.

The same graph gives the same bytes, whatever the order in which it was loaded and the locale.
"""

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, BinaryIO

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store, parse, serialize

from kg import namespaces
from kg.errors import KgError
from kg.namespaces import KG, RDF
from kg.store import Graph


class ExportFormat(StrEnum):
    """The formats a graph can be written in."""

    TURTLE = "turtle"
    NTRIPLES = "ntriples"
    NQUADS = "nquads"
    TRIG = "trig"
    RDFXML = "rdfxml"
    JSONLD = "jsonld"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """How many statements were written, and how many the format has no place for."""

    statements: int
    left_out: int


_SUFFIXES = {
    ".ttl": ExportFormat.TURTLE,
    ".turtle": ExportFormat.TURTLE,
    ".nt": ExportFormat.NTRIPLES,
    ".nq": ExportFormat.NQUADS,
    ".trig": ExportFormat.TRIG,
    ".rdf": ExportFormat.RDFXML,
    ".owl": ExportFormat.RDFXML,
    ".xml": ExportFormat.RDFXML,
    ".jsonld": ExportFormat.JSONLD,
}
_WITH_GRAPHS = (ExportFormat.NQUADS, ExportFormat.TRIG, ExportFormat.JSONLD)

# The kinds of minted IRI: each has a folder under the base, and a prefix of its own.
_MINTED = (
    "paper",
    "journal",
    "author",
    "heading",
    "substance",
    "reference",
    "source",
    "record",
    "sentence",
    "mention",
    "assertion",
    "evidence",
    "comention",
    "mapping",
    "method",
)
# A person opens the file at the papers, and finds what they mention next; the long lists of
# sentences and mentions come later. Classes are of the ontology `kg:` unless they are whole IRIs.
_SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Publications", ("Publication",)),
    ("Genes", ("Gene",)),
    ("Gene families and complexes", ("GeneFamily",)),
    ("Cell types", ("CellType",)),
    ("Diseases", ("Disease",)),
    ("Organisms", ("Organism",)),
    ("Anatomical structures", ("AnatomicalStructure",)),
    ("Biological processes", ("BiologicalProcess",)),
    ("Chemicals", ("Chemical",)),
    ("Other entities", ("Entity",)),
    ("Assertions", ("Assertion",)),
    ("Evidence", ("Evidence",)),
    ("Co-mentions", ("CoMention",)),
    ("Mappings", (f"{namespaces.SSSOM}Mapping",)),
    ("Methods", (f"{namespaces.PROV}SoftwareAgent",)),
    ("Journals", ("Journal",)),
    ("Authors", ("Author",)),
    ("Headings", ("Heading",)),
    ("Substances", ("Substance",)),
    ("References", ("Reference",)),
    ("Sentences", ("Sentence",)),
    ("Mentions", ("Mention",)),
    ("Sources", ("Source",)),
    ("Records", ("Record",)),
    (
        "Ontology",
        tuple(
            f"{namespaces.OWL}{name}"
            for name in (
                "Ontology",
                "Class",
                "ObjectProperty",
                "DatatypeProperty",
                "AnnotationProperty",
                "NamedIndividual",
                "AllDisjointClasses",
            )
        ),
    ),
    ("Everything else", ()),
)
_TYPE = f"<{RDF}type>"
# What names a thing comes right after what it is; other properties follow in the order of IRIs.
_FIRST = (_TYPE, f"<{namespaces.RDFS}label>", f"<{namespaces.DCTERMS}title>")

# Names that need no escape, and that every reader of Turtle takes as they are; an IRI whose end is
# anything else is written whole.
_LOCAL = r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?"
_PLAIN = {
    f"<{namespaces.XSD}integer>": re.compile(r"-?(?:0|[1-9][0-9]*)"),
    f"<{namespaces.XSD}decimal>": re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+"),
    f"<{namespaces.XSD}boolean>": re.compile(r"true|false"),
}
# What XML 1.0 has no way to write, as it stands in N-Triples; `\\u000B` there is not a character.
_NOT_XML = re.compile(
    r"(?<!\\)(?:\\\\)*\\(?:[bf]|u00(?:0[0-8BCEF]|1[0-9A-F])|uFFF[EF])"
    "|[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
)
_XML_NAME_AT_END = re.compile(r"[A-Za-z_][\w.-]*>\Z")

_Triple = tuple[str, str, str]


def format_of(path: Path) -> ExportFormat:
    """Return the format that a file's suffix stands for.

    Raises:
        KgError: if the suffix is none of those known.

    >>> str(format_of(Path("il7.ttl")))
    'turtle'

    """
    try:
        return _SUFFIXES[path.suffix.lower()]
    except KeyError:
        known = ", ".join(_SUFFIXES)
        raise KgError(
            f"{path}: no format is known for '{path.suffix}' (known: {known}); "
            "name one with --format"
        ) from None


def prefixes_of(base_iri: str) -> dict[str, str]:
    """Return the prefixes that graph files use: the vocabularies, the registries, what is minted.

    >>> prefixes = prefixes_of("https://w3id.org/litkg/")
    >>> prefixes["hgnc"], prefixes["sentence"]
    ('http://identifiers.org/hgnc/', 'https://w3id.org/litkg/sentence/')
    """
    prefixes = {
        "kg": KG,
        "rdf": RDF,
        "rdfs": namespaces.RDFS,
        "owl": namespaces.OWL,
        "xsd": namespaces.XSD,
        "skos": namespaces.SKOS,
        "dcterms": namespaces.DCTERMS,
        "prov": namespaces.PROV,
        "obo": namespaces.OBO,
        "biolink": namespaces.BIOLINK,
        "oa": "http://www.w3.org/ns/oa#",
        "orcid": "https://orcid.org/",
        "semapv": namespaces.SEMAPV,
        "sh": "http://www.w3.org/ns/shacl#",
        "sssom": namespaces.SSSOM,
        "vann": "http://purl.org/vocab/vann/",
        "void": "http://rdfs.org/ns/void#",
    }
    for prefix in namespaces.PREFIXES.values():
        start, _, end = prefix.iri.partition("$1")
        if not end and not start.startswith(namespaces.OBO):
            prefixes[prefix.name.lower()] = start
    return prefixes | {kind: f"{base_iri}{kind}/" for kind in _MINTED}


def export_graph(graph: Graph, out: BinaryIO, format: ExportFormat) -> Exported:  # noqa: A002
    """Write a graph to a stream, and return how much was written and left out.

    Turtle and TriG stand in sections (papers first, then entities by type), by IRI within each,
    with what a thing is and is called before its other properties; the rest are in the same order,
    except that N-Triples and N-Quads are sorted by line. A format without named graphs gets the
    default graph alone. Nothing reaches `out` before all of it could be written. The statements of
    one graph are sorted in memory: about 300 MB a million.

    Raises:
        KgError: if the graph holds what RDF/XML has no way to write.

    """
    base = str(graph.manifest.get("base_iri") or namespaces.DEFAULT_BASE)
    names = _Names(prefixes_of(base))
    store = graph.store
    graphs = sorted(store.named_graphs(), key=str) if format in _WITH_GRAPHS else []
    sources: list[NamedNode | DefaultGraph] = [DefaultGraph()]
    sources += [name for name in graphs if isinstance(name, NamedNode)]
    with TemporaryFile() as body:
        count = 0
        for source in sources:
            lines = _sorted_lines(store, source)
            count += len(lines)
            if format in (ExportFormat.TURTLE, ExportFormat.TRIG):
                body.writelines(_turtle(lines, source, names))
            elif format is ExportFormat.NTRIPLES:
                body.writelines(lines)
            elif format is ExportFormat.NQUADS:
                body.writelines(_in_graph(lines, source))
            else:
                ordered = (f"{s} {p} {o} .\n".encode() for _, s, p, o in _ordered(lines))
                body.writelines(_in_graph(ordered, source))
        body.seek(0)
        if format in (ExportFormat.TURTLE, ExportFormat.TRIG):
            out.write(names.header())
        if format is ExportFormat.RDFXML:
            _write_rdfxml(body, out, names)
        elif format is ExportFormat.JSONLD:
            _write_jsonld(body, out)
        else:
            shutil.copyfileobj(body, out)
    return Exported(statements=count, left_out=len(graph) - count)


def write_export(graph: Graph, path: Path, format: ExportFormat) -> Exported:  # noqa: A002
    """Write a graph to a file, which is the whole new one or the old one at every instant.

    Raises:
        KgError: if the file cannot be written, or the format cannot hold the graph.

    """
    # A pipe or a device (/dev/stdout) cannot be replaced, only written to.
    special = path.exists() and not path.is_file()
    target = path if special else path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with target.open("wb") as out:
            exported = export_graph(graph, out, format)
        if not special:
            target.replace(path)
    except OSError as error:
        raise KgError(f"{path}: cannot be written ({error.strerror or error})") from error
    finally:
        if not special:
            target.unlink(missing_ok=True)
    return exported


class _Names:
    """Writes IRIs with prefixes, and knows which prefixes were needed."""

    def __init__(self, prefixes: dict[str, str]) -> None:
        self._prefixes = prefixes
        self._used: set[str] = set()
        by_namespace = {iri: prefix for prefix, iri in prefixes.items()}
        longest_first = sorted(by_namespace, key=lambda iri: (-len(iri), iri))
        split = re.compile(f"<({'|'.join(map(re.escape, longest_first))})({_LOCAL})>")

        # Sentences and mentions are met once or twice; the cache is for what is met all the time.
        @lru_cache(maxsize=50_000)
        def shorten(term: str) -> str:
            match = split.fullmatch(term)
            if match is None:
                return term
            prefix = by_namespace[match[1]]
            self._used.add(prefix)
            return f"{prefix}:{match[2]}"

        self.shorten = shorten

    def used(self) -> dict[str, str]:
        """Return the prefixes that were needed so far, by name."""
        return {prefix: self._prefixes[prefix] for prefix in sorted(self._used)}

    def header(self) -> bytes:
        """Return the prefix declarations of Turtle."""
        return "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in self.used().items()).encode()

    def term(self, term: str) -> str:
        """Return a term of N-Triples as Turtle has it.

        Both have the same escapes, so what is between the quotes stays as it is.
        """
        if not term.startswith('"'):
            return self.shorten(term)
        text, caret, datatype = term.rpartition("^^")
        if not caret or not text.endswith('"') or not datatype.endswith(">"):
            return term
        plain = _PLAIN.get(datatype)
        if plain is not None and plain.fullmatch(text[1:-1]):
            return text[1:-1]
        return f"{text}^^{self.shorten(datatype)}"


def _sorted_lines(store: Store, source: NamedNode | DefaultGraph) -> list[bytes]:
    """Return the triples of one graph as lines of N-Triples, in the order of their bytes."""
    with TemporaryFile() as dumped:
        store.dump(dumped, RdfFormat.N_TRIPLES, from_graph=source)
        dumped.seek(0)
        return sorted(dumped)


def _in_graph(lines: Iterable[bytes], source: NamedNode | DefaultGraph) -> Iterable[bytes]:
    if isinstance(source, DefaultGraph):
        return lines
    end = f" {source} .\n".encode()
    return (line.removesuffix(b" .\n") + end for line in lines)


def _ordered(lines: list[bytes]) -> Iterator[tuple[str, str, str, str]]:
    """Yield (section, subject, predicate, object), in the order a person reads.

    The lines of a subject are next to each other already: each starts with it and a space.
    """
    spans: list[tuple[int, int, int]] = []
    start = 0
    for subject, group in groupby(lines, key=lambda line: line[: line.index(b" ")]):
        end = start
        rank = len(_SECTIONS) - 1
        typed = subject + _TYPE_BYTES
        for line in group:
            end += 1
            if line.startswith(typed):
                rank = min(rank, _rank(line[len(typed) : -3].decode()))
        spans.append((rank, start, end))
        start = end
    for rank, start, end in sorted(spans):
        triples = [_split(line) for line in lines[start:end]]
        for subject_, predicate, object_ in sorted(triples, key=_reading_order):
            yield _SECTIONS[rank][0], subject_, predicate, object_


_TYPE_BYTES = f" {_TYPE} ".encode()


def _split(line: bytes) -> _Triple:
    subject, predicate, rest = line.decode().split(" ", 2)
    return subject, predicate, rest.removesuffix(" .\n")


def _reading_order(triple: _Triple) -> tuple[int, str, str]:
    _, predicate, object_ = triple
    first = _FIRST.index(predicate) if predicate in _FIRST else len(_FIRST)
    return first, predicate, object_


@lru_cache(maxsize=1_000)
def _rank(class_: str) -> int:
    """Return the place of a class among the sections; the last one for what is in none."""
    iri = class_[1:-1]
    for rank, (_, classes) in enumerate(_SECTIONS):
        if iri in classes or iri.removeprefix(KG) in classes:
            return rank
    return len(_SECTIONS) - 1


def _turtle(lines: list[bytes], source: NamedNode | DefaultGraph, names: _Names) -> Iterator[bytes]:
    """Yield the triples of one graph as Turtle, or as a graph of TriG."""
    named = not isinstance(source, DefaultGraph)
    if named and lines:
        yield f"\n{names.shorten(str(source))} {{\n".encode()
    for section, of_section in groupby(_ordered(lines), key=itemgetter(0)):
        if not named:
            yield f"\n# {section}\n".encode()
        for subject, of_subject in groupby(of_section, key=itemgetter(1)):
            parts = []
            for predicate, triples in groupby(of_subject, key=itemgetter(2)):
                verb = "a" if predicate == _TYPE else names.shorten(predicate)
                objects = [names.term(triple[3]) for triple in triples]
                parts.append(f"{verb} " + " ,\n        ".join(objects))
            yield f"\n{names.shorten(subject)} ".encode()
            yield (" ;\n    ".join(parts) + " .\n").encode()
    if named and lines:
        yield b"}\n"


def _write_rdfxml(body: IO[bytes], out: BinaryIO, names: _Names) -> None:
    for line in body:
        subject, predicate, object_ = _split(line)
        if _NOT_XML.search(object_) is not None:
            raise KgError(
                f"RDF/XML cannot hold the control character in {predicate} of {subject}; "
                "export Turtle or N-Triples"
            )
        if _XML_NAME_AT_END.search(predicate) is None:
            raise KgError(
                f"RDF/XML has no element name for {predicate}; export Turtle or N-Triples"
            )
        names.shorten(object_ if predicate == _TYPE else predicate)
    body.seek(0)
    triples = (quad.triple for quad in parse(body, RdfFormat.N_TRIPLES, lenient=True))
    with TemporaryFile() as written:
        serialize(triples, written, RdfFormat.RDF_XML, prefixes=names.used())
        written.seek(0)
        # A reader of XML takes a bare carriage return for a line feed.
        blocks = iter(lambda: written.read(1 << 20), b"")
        out.writelines(block.replace(b"\r", b"&#xD;") for block in blocks)


def _write_jsonld(body: IO[bytes], out: BinaryIO) -> None:
    with TemporaryFile() as written:
        serialize(parse(body, RdfFormat.N_QUADS, lenient=True), written, RdfFormat.JSON_LD)
        written.seek(0)
        shutil.copyfileobj(written, out)
