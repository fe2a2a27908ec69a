"""Floor 6: mappings as N-Triples.

A mapping is a node of SSSOM's own class, with SSSOM's slots as properties, and the plain SKOS
triple beside it unless it is negated. The node's IRI comes from all that the mapping says, so that
the same mapping is one node however often it is read.
"""

from collections.abc import Iterator

from kg.mappings.model import ADDRESSES, NUMBERS, REFERENCES, Mapping
from kg.namespaces import DCTERMS, OWL, RDF, SSSOM, XSD, content_hash
from kg.rdf.ntriples import boolean, iri, text, triple


def mapping_node(base: str, mapping: Mapping) -> str:
    """Return the node of a mapping.

    >>> from kg.namespaces import SEMAPV, SKOS
    >>> mapping_node(
    ...     "https://a.b/",
    ...     Mapping(
    ...         subject="http://identifiers.org/hgnc/6023",
    ...         predicate=f"{SKOS}exactMatch",
    ...         object="http://purl.uniprot.org/uniprot/P13232",
    ...         justification=f"{SEMAPV}ManualMappingCuration",
    ...     ),
    ... )
    '<https://a.b/mapping/9b2b1db1f8a3e4533017>'
    """
    said = (f"{name}\x1e{value}" for name, value in mapping.slots)
    hashed = content_hash(
        mapping.subject,
        mapping.predicate,
        mapping.object,
        mapping.justification,
        "not" if mapping.negated else "",
        *said,
    )
    return iri(f"{base}mapping/{hashed}")


def mapping_lines(base: str, mapping: Mapping) -> Iterator[str]:
    """Yield the statements of a mapping: its node, and the plain triple unless it is negated."""
    node = mapping_node(base, mapping)
    subject, object_ = iri(mapping.subject), iri(mapping.object)
    yield triple(node, f"{RDF}type", iri(f"{SSSOM}Mapping"))
    yield triple(node, f"{SSSOM}subject_id", subject)
    yield triple(node, f"{SSSOM}predicate_id", iri(mapping.predicate))
    yield triple(node, f"{SSSOM}object_id", object_)
    yield triple(node, f"{SSSOM}mapping_justification", iri(mapping.justification))
    if mapping.negated:
        yield triple(node, f"{SSSOM}predicate_modifier", text("Not"))
    else:
        yield triple(subject, mapping.predicate, object_)
    for name, value in mapping.slots:
        if name in NUMBERS:
            shown = f'"{value}"^^<{XSD}decimal>'
        elif name in REFERENCES or (name in ADDRESSES and "://" in value):
            shown = iri(value)
        else:
            shown = text(value)
        yield triple(node, f"{SSSOM}{name}", shown)


def obsolete_lines(term: str, replacements: tuple[str, ...]) -> Iterator[str]:
    """Yield what is said of a term that its vocabulary has given up: both are IRIs."""
    yield triple(iri(term), f"{OWL}deprecated", boolean(value=True))
    for other in replacements:
        yield triple(iri(term), f"{DCTERMS}isReplacedBy", iri(other))
