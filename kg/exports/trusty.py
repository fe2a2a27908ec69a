"""Floor 8: trusty URIs: identifiers that hold the digest of the RDF that they name.

After "Trusty URIs: Verifiable, Immutable, and Permanent Digital Artifacts for Linked Data" (Kuhn
and Dumontier, ESWC 2014), module RA, for graphs without blank nodes. Written here since a graph has
tens of thousands of nanopublications, and the `nanopub` package takes milliseconds for each; the
tests hold all that is written against it.
"""

from base64 import urlsafe_b64encode
from collections.abc import Iterable
from hashlib import sha256

from pyoxigraph import Literal, NamedNode, Quad

from kg.namespaces import XSD

# Stands for the digest while it is not known.
HOLE = " "

_Key = tuple[bytes, bytes, bytes, int, bytes, bytes, bytes]


def artifact_code(quads: Iterable[Quad], placeholder: str) -> str:
    """Return the code of quads in whose IRIs a placeholder stands where the code will.

    Raises:
        ValueError: if there is a blank node.

    >>> node = NamedNode("http://a.b/np/CODE")
    >>> artifact_code([Quad(node, node, Literal("x"), node)], "CODE")
    'RA3UsjgZmAf1Fs116EGyAh2ngZR0WYxvBdX5BjDp2NKsE'
    """
    lines = [_lines(quad, placeholder) for quad in quads]
    unique = dict(sorted(lines))
    digest = sha256("".join(unique.values()).encode("utf-8", "surrogatepass")).digest()
    return "RA" + urlsafe_b64encode(digest).decode().rstrip("=")


def _lines(quad: Quad, placeholder: str) -> tuple[_Key, str]:
    """Return the key by which a quad is sorted, and its four lines."""
    graph, subject, predicate = (
        _iri(term, placeholder) for term in (quad.graph_name, quad.subject, quad.predicate)
    )
    value = quad.object
    if isinstance(value, Literal):
        escaped = value.value.replace("\\", "\\\\").replace("\n", "\\n")
        language = (value.language or "").lower()
        datatype = "" if language else value.datatype.value or f"{XSD}string"
        line = f"@{language} {escaped}" if language else f"^{datatype} {escaped}"
        last = (1, value.value.encode(), datatype.encode(), language.encode())
    else:
        line = _iri(value, placeholder)
        last = (0, line.encode(), b"", b"")
    key = (graph.encode(), subject.encode(), predicate.encode(), *last)
    return key, f"{graph}\n{subject}\n{predicate}\n{line}\n"


def _iri(term: object, placeholder: str) -> str:
    if not isinstance(term, NamedNode):
        raise ValueError(f"{term} is no IRI, and has no place in a trusty URI")  # noqa: TRY004
    return term.value.replace(placeholder, HOLE)
