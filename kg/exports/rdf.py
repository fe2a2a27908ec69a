"""Floor 8: a graph as a file: Turtle, N-Triples, N-Quads, TriG, RDF/XML and JSON-LD.

The same graph gives the same bytes, whatever the order in which it was loaded and the locale.
"""

import os
import re
import shutil
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, BinaryIO, Protocol

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store, parse, serialize

from kg import namespaces
from kg.errors import KgError
from kg.exports.canonical import hash_canonical, in_graph
from kg.exports.sorting import sort_lines
from kg.exports.turtle import TYPE, Names, in_sections, prefixes_of, split_line, write_turtle


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
    """How many statements were written, and how many the format has no place for.

    `sha256` is that of what was written, in the canonical form of RDFC-1.0.
    """

    statements: int
    left_out: int
    sha256: str


class Exportable(Protocol):
    """A graph that is open for reading, or the part of one that was asked for (`View`)."""

    @property
    def store(self) -> Store:
        """The statements."""

    @property
    def manifest(self) -> Mapping[str, Any]:
        """What the build wrote down of them."""


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

# What XML 1.0 has no way to write, as it stands in N-Triples; `\\u000B` there is not a character.
_NOT_XML = re.compile(
    r"(?<!\\)(?:\\\\)*\\(?:[bf]|u00(?:0[0-8BCEF]|1[0-9A-F])|uFFF[EF])"
    "|[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
)
_XML_NAME_AT_END = re.compile(r"[A-Za-z_][\w.-]*>\Z")


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


def export_graph(graph: Exportable, out: BinaryIO, format: ExportFormat) -> Exported:  # noqa: A002
    """Write a graph to a stream, and return how much was written and left out, and its hash.

    Turtle and TriG stand in sections (papers first, then entities by type), by IRI within each,
    with what a thing is and is called before its other properties; the rest are in the same order,
    except that N-Triples and N-Quads are sorted by line. A format without named graphs gets the
    default graph alone. Nothing reaches `out` before all of it could be written. Statements are
    sorted through files, so memory does not grow with the graph; of temporary space it takes four
    times the size of the graph as N-Triples.

    Raises:
        KgError: if the graph holds what RDF/XML has no way to write.

    """
    base = str(graph.manifest.get("base_iri") or namespaces.DEFAULT_BASE)
    names = Names(prefixes_of(base))
    store = graph.store
    named = named_graphs(store) if format in _WITH_GRAPHS else []
    sources: list[NamedNode | DefaultGraph] = [DefaultGraph(), *named]
    with ExitStack() as opened, TemporaryFile() as body:
        sorted_: list[tuple[NamedNode | DefaultGraph, IO[bytes]]] = []
        count = 0
        for source in sources:
            lines = opened.enter_context(TemporaryFile())
            count += sort_graph(store, source, lines)
            sorted_.append((source, lines))
            lines.seek(0)
            body.writelines(_body(lines, source, format, names))
        digest = hash_canonical(sorted_)
        body.seek(0)
        if format in (ExportFormat.TURTLE, ExportFormat.TRIG):
            out.write(names.header())
        if format is ExportFormat.RDFXML:
            _write_rdfxml(body, out, names)
        elif format is ExportFormat.JSONLD:
            _write_jsonld(body, out)
        else:
            shutil.copyfileobj(body, out)
    return Exported(statements=count, left_out=len(store) - count, sha256=digest)


def hash_graph(graph: Exportable) -> str:
    """Return the SHA-256 of a graph in its canonical form (RDFC-1.0), named graphs and all.

    The same whatever wrote the graph, in whatever order and format; see `kg.exports.canonical`.
    """
    store = graph.store
    with ExitStack() as opened:
        sorted_: list[tuple[NamedNode | DefaultGraph, IO[bytes]]] = []
        sources: list[NamedNode | DefaultGraph] = [DefaultGraph(), *named_graphs(store)]
        for source in sources:
            lines = opened.enter_context(TemporaryFile())
            sort_graph(store, source, lines)
            sorted_.append((source, lines))
        return hash_canonical(sorted_)


def named_graphs(store: Store) -> list[NamedNode]:
    """Return the names of a store's named graphs, in order; none that is a blank node."""
    names = (name for name in store.named_graphs() if isinstance(name, NamedNode))
    return sorted(names, key=str)


def sort_graph(store: Store, source: NamedNode | DefaultGraph, lines: IO[bytes]) -> int:
    """Write the triples of one graph as sorted lines of N-Triples; return how many there are."""
    count = 0
    with TemporaryFile() as dumped:
        store.dump(dumped, RdfFormat.N_TRIPLES, from_graph=source)
        for line in sort_lines(dumped):
            lines.write(line)
            count += 1
    return count


def _body(
    lines: IO[bytes],
    source: NamedNode | DefaultGraph,
    format: ExportFormat,  # noqa: A002
    names: Names,
) -> Iterable[bytes]:
    """Return the lines of one graph in the format, or in what the format is written from."""
    if format in (ExportFormat.TURTLE, ExportFormat.TRIG):
        return write_turtle(lines, source, names)
    if format is ExportFormat.NTRIPLES:
        return lines
    if format is ExportFormat.NQUADS:
        return (in_graph(line, source) for line in lines)
    ordered = (f"{s} {p} {o} .\n".encode() for _, s, p, o in in_sections(lines))
    return (in_graph(line, source) for line in ordered)


def write_export(graph: Exportable, path: Path, format: ExportFormat) -> Exported:  # noqa: A002
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


def _write_rdfxml(body: IO[bytes], out: BinaryIO, names: Names) -> None:
    for line in body:
        subject, predicate, object_ = split_line(line)
        if _NOT_XML.search(object_) is not None:
            raise KgError(
                f"RDF/XML cannot hold the control character in {predicate} of {subject}; "
                "export Turtle or N-Triples"
            )
        if _XML_NAME_AT_END.search(predicate) is None:
            raise KgError(
                f"RDF/XML has no element name for {predicate}; export Turtle or N-Triples"
            )
        names.shorten(object_ if predicate == TYPE else predicate)
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
