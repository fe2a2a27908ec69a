"""Floor 8: the hash of a dataset in its canonical form, RDFC-1.0, by which two graphs are compared.

Source: D. Longley, G. Kellogg, D. Yamamoto (editors), "RDF Dataset Canonicalization", W3C
Recommendation of 21 May 2024.
"""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from heapq import merge
from typing import IO

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    NamedNode,
    Quad,
    RdfFormat,
    parse,
    serialize,
)

GraphName = NamedNode | DefaultGraph


def hash_canonical(graphs: Sequence[tuple[GraphName, IO[bytes]]]) -> str:
    """Return the SHA-256 of the canonical form of a dataset, in hexadecimal.

    Each graph is a file of its triples as Oxigraph writes N-Triples, sorted by line, none twice.
    Without blank nodes, which no build makes, these are the canonical form already: RDFC-1.0 sorts
    the lines of N-Quads in the order of code points, which in UTF-8 is that of the bytes, and
    Oxigraph escapes what the canonical N-Quads ask for and nothing more. Blank nodes can come in by
    SPARQL Update: what they are called depends on the statements about them alone, so only these
    are held in memory.
    """
    blank = _find_blank(graphs)
    lines = [_lines(file, name, blank) for name, file in graphs]
    digest = sha256()
    for line in merge(*lines, sorted(_relabelled(blank.values()))):
        digest.update(line)
    return digest.hexdigest()


def _find_blank(graphs: Iterable[tuple[GraphName, IO[bytes]]]) -> dict[bytes, Quad]:
    """Return the statements with blank nodes, by their lines as N-Quads."""
    found: dict[bytes, Quad] = {}
    for name, file in graphs:
        file.seek(0)
        # A literal may hold these two characters as well.
        for line in (in_graph(line, name) for line in file if b"_:" in line):
            quad = next(iter(parse(line, RdfFormat.N_QUADS, lenient=True)))
            if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
                found[line] = quad
    return found


def _lines(file: IO[bytes], name: GraphName, blank: dict[bytes, Quad]) -> Iterator[bytes]:
    file.seek(0)
    lines = iter(file) if isinstance(name, DefaultGraph) else (in_graph(x, name) for x in file)
    return (line for line in lines if line not in blank) if blank else lines


def _relabelled(quads: Iterable[Quad]) -> list[bytes]:
    """Return statements with the canonical labels for their blank nodes, as lines of N-Quads."""
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    written = serialize(dataset, format=RdfFormat.N_QUADS)
    assert written is not None  # noqa: S101 (no file to write to was given)
    return written.splitlines(keepends=True)


def in_graph(line: bytes, name: GraphName) -> bytes:
    r"""Return a line of N-Triples as one of N-Quads.

    >>> in_graph(b"<a:s> <a:p> <a:o> .\n", NamedNode("a:g"))
    b'<a:s> <a:p> <a:o> <a:g> .\n'
    """
    if isinstance(name, DefaultGraph):
        return line
    return line.removesuffix(b" .\n") + f" {name} .\n".encode()
