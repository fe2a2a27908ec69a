"""Floor 8: runs pySHACL, the field's reference in Python, on the same store.

It understands all of SHACL, and takes a hundred times as long as SPARQL of our own: for shapes of
others, and to check that both engines find the same.
"""

import contextlib
import io
import logging
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TypeGuard

from pyoxigraph import BlankNode, Literal, NamedNode, Store

from kg.errors import InputError, QueryError
from kg.namespaces import XSD
from kg.validation.model import SH, Report, Result, Severity, Term
from kg.validation.shapes import load_shapes

if TYPE_CHECKING:
    import rdflib
    from rdflib.graph import Graph as RdflibGraph

_DEFAULT_GRAPH = "urn:x-rdflib:default"


def validate_with_pyshacl(
    store: Store, shapes: Path, *, focus: Iterable[Term] | None = None
) -> Report:
    """Validate what a store has in its default graph against a file of shapes, with pySHACL.

    `focus` are the only nodes to look at, of those that the shapes are for.

    Both are read through oxrdflib: rdflib's own graphs tell "a" and "a"^^xsd:string apart, which
    Oxigraph, as RDF has it, does not.

    Raises:
        InputError: if the shapes cannot be read, or are no SHACL that pySHACL takes.
        QueryError: if the validation fails for another reason.

    """
    import pyshacl  # noqa: PLC0415 (slow to import, and used only here)
    import pyshacl.errors  # noqa: PLC0415

    started = time.monotonic()
    data, rules = _as_rdflib(store), _as_rdflib(load_shapes(shapes))
    # None and an empty list are the same to pySHACL: all nodes.
    chosen = None if focus is None else [each.value for each in focus if _has_iri(each)]
    try:
        # What it says while it runs is for whoever works on it.
        logging.getLogger("pyshacl.validate").setLevel(logging.CRITICAL)
        with contextlib.redirect_stderr(io.StringIO()):
            _, found, said = pyshacl.validate(
                data, shacl_graph=rules, inplace=True, focus_nodes=chosen
            )
    except pyshacl.errors.ShapeLoadError as error:
        raise InputError(f"{shapes}: {error}") from error
    except (pyshacl.errors.ReportableRuntimeError, pyshacl.errors.ValidationFailure) as error:
        raise QueryError(f"pySHACL failed: {error}") from error
    if isinstance(found, Exception) or not hasattr(found, "subjects"):
        raise QueryError(f"pySHACL failed: {said}")
    results = _read_report(found, rules)
    return Report(
        results=tuple(sorted(results, key=lambda each: each.key)),
        nodes=len(set(data.subjects())),
        engine="pyshacl",
        whole=True,
        seconds=time.monotonic() - started,
    )


def _as_rdflib(store: Store) -> "RdflibGraph":
    import rdflib  # noqa: PLC0415
    from oxrdflib import OxigraphStore  # noqa: PLC0415

    return rdflib.Graph(store=OxigraphStore(store=store), identifier=rdflib.URIRef(_DEFAULT_GRAPH))


def _read_report(found: "RdflibGraph", rules: "RdflibGraph") -> list[Result]:
    from rdflib import Namespace  # noqa: PLC0415
    from rdflib.namespace import RDF  # noqa: PLC0415

    sh = Namespace(SH)
    results = []
    # Results within others (sh:detail) are no results of the report.
    for node in found.objects(None, sh.result):
        assert (node, RDF.type, sh.ValidationResult) in found  # noqa: S101 (as SHACL has it)
        focus, value = found.value(node, sh.focusNode), found.value(node, sh.resultValue)
        value = found.value(node, sh.value) if value is None else value
        path = found.value(node, sh.resultPath)
        messages = sorted(str(each) for each in found.objects(node, sh.resultMessage))
        assert focus is not None  # noqa: S101 (as SHACL has it)
        results.append(
            Result(
                focus=_term(focus),
                path=None if path is None else _path(path, found, rules),
                value=None if value is None else _term(value),
                component=_local(found.value(node, sh.sourceConstraintComponent)),
                severity=Severity(_local(found.value(node, sh.resultSeverity))),
                shape=_shape(found.value(node, sh.sourceShape)),
                message=" ".join(messages),
            )
        )
    return results


def _path(path: "rdflib.term.Node", found: "RdflibGraph", rules: "RdflibGraph") -> str:
    """Return a path as text: a property, its inverse with a "^", or another as SPARQL has it."""
    import rdflib  # noqa: PLC0415

    if isinstance(path, rdflib.URIRef):
        return str(path)
    for graph in (found, rules):
        inverse = graph.value(path, rdflib.URIRef(f"{SH}inversePath"))
        if isinstance(inverse, rdflib.URIRef):
            return f"^{inverse}"
    return "(a path of several steps)"


def _shape(node: "rdflib.term.Node | None") -> str:
    term = None if node is None else _term(node)
    return term.value if isinstance(term, NamedNode) else str(term or "")


def _has_iri(term: Term) -> TypeGuard[NamedNode]:
    return isinstance(term, NamedNode)


def _local(node: "rdflib.term.Node | None") -> str:
    return str(node or "").removeprefix(SH)


def _term(node: "rdflib.term.Node") -> Term:
    import rdflib  # noqa: PLC0415

    if isinstance(node, rdflib.URIRef):
        return NamedNode(str(node))
    if isinstance(node, rdflib.BNode):
        return BlankNode(str(node))
    assert isinstance(node, rdflib.Literal)  # noqa: S101 (there are no others)
    if node.language:
        return Literal(str(node), language=node.language)
    return Literal(str(node), datatype=NamedNode(str(node.datatype or f"{XSD}string")))
