"""Floor 5: what an ontology says of a class, whatever its syntax; and how classes are named.

A class goes by its CURIE where its prefix is one of this project's, else by its IRI.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from kg.model import EntityType, Synonym
from kg.namespaces import OBO, iri_to_curie, parse_curie

_OBO_ID = re.compile(r"([A-Za-z][A-Za-z0-9]*)_(\w[\w.-]*)")
_CURIE = re.compile(r"([A-Za-z][\w.-]*):(\S+)")
# Prefixes of cross-references that others write in another way.
_OTHER_PREFIXES = {
    "NCI": "NCIT",
    "UMLS_CUI": "UMLS",
    "MSH": "MESH",
    "NCBI_GENE": "NCBIGene",
    "ORDO": "Orphanet",
    "ORPHA": "Orphanet",
    "NCBI_TaxID": "NCBITaxon",
    "KEGG COMPOUND": "KEGG.COMPOUND",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OntologyTerm:
    """A class of an ontology.

    `parents` are the named classes that it is stated to be a subclass of, `genus` those that its
    logical definition begins from or is, which it is a subclass of as well; `relations` the
    properties and classes of its existential restrictions (`part of` some B), which are no
    subclasses. Classes and `xrefs` are CURIEs, or IRIs without one; `exact` are what the ontology
    says to be the very same thing. `properties` are values of other properties that a vocabulary
    table has a place for ("rank"), by their short name.
    """

    id: str
    label: str = ""
    definition: str = ""
    synonyms: tuple[Synonym, ...] = ()
    xrefs: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    genus: tuple[str, ...] = ()
    relations: tuple[tuple[str, str], ...] = ()
    obsolete: bool = False
    replaced_by: tuple[str, ...] = ()
    consider: tuple[str, ...] = ()
    alt_ids: tuple[str, ...] = ()
    namespace: str = ""
    properties: tuple[tuple[str, str], ...] = ()

    @property
    def superclasses(self) -> tuple[str, ...]:
        """The named classes that it is a subclass of, stated or by its definition."""
        return tuple(dict.fromkeys((*self.parents, *self.genus)))

    @property
    def successor(self) -> str:
        """The class that stands in its place, where it is obsolete and there is just one."""
        if not self.obsolete:
            return ""
        named = self.replaced_by or self.consider
        return named[0] if len(named) == 1 else ""


@dataclass(slots=True, kw_only=True)
class Ontology:
    """An ontology as it was read: what it says of itself, and its classes.

    `terms` can be gone through once; `imports` are named and not followed. `names` has the labels
    of properties by their identifiers, as far as they were read.
    """

    iri: str = ""
    version: str = ""
    title: str = ""
    syntax: str = ""
    terms: Iterator[OntologyTerm] = field(default_factory=lambda: iter(()))
    imports: tuple[str, ...] = ()
    names: dict[str, str] = field(default_factory=dict)


def identify(iri: str) -> str:
    """Return the identifier of a class by its IRI: a CURIE where the prefix is known.

    >>> identify("http://purl.obolibrary.org/obo/CL_0000084")
    'CL:0000084'
    >>> identify("http://purl.obolibrary.org/obo/BFO_0000002")
    'http://purl.obolibrary.org/obo/BFO_0000002'
    """
    return iri_to_curie(iri) or iri


def identify_obo(identifier: str, spaces: dict[str, str] | None = None, ontology: str = "") -> str:
    """Return the identifier of a class by what an OBO file calls it.

    `spaces` are the file's id spaces. A bare word belongs to the file's own `ontology`.

    >>> identify_obo("CL:0000084"), identify_obo("BFO:0000002")
    ('CL:0000084', 'http://purl.obolibrary.org/obo/BFO_0000002')
    >>> identify_obo("part_of", ontology="cl")
    'http://purl.obolibrary.org/obo/cl#part_of'
    """
    if identifier.startswith(("http://", "https://", "urn:")):
        return identify(identifier)
    prefix, colon, local = identifier.partition(":")
    if not colon:
        return f"{OBO}{ontology or 'unknown'}#{identifier}"
    if spaces and prefix in spaces:
        return identify(f"{spaces[prefix]}{local}")
    return parse_curie(identifier) or f"{OBO}{prefix}_{local}"


def identify_xref(text: str) -> str:
    """Return a cross-reference as a CURIE, or an empty string where it is none.

    >>> identify_xref("NCI:C3088"), identify_xref("UMLS_CUI:C0018923"), identify_xref("a book")
    ('NCIT:C3088', 'UMLS:C0018923', '')
    """
    if text.startswith(("http://", "https://")):
        return iri_to_curie(text) or ""
    prefix, colon, local = text.strip().partition(":")
    if not colon or not local or " " in local:
        return ""
    curie = f"{_OTHER_PREFIXES.get(prefix, prefix)}:{local}"
    known = parse_curie(curie)
    if known is not None:
        return known
    return curie if _CURIE.fullmatch(curie) else ""


def shown_curie(identifier: str) -> str:
    """Return the CURIE of a class as OBO writes it; empty for other IRIs without one.

    >>> shown_curie("CL:0000084"), shown_curie("http://purl.obolibrary.org/obo/BFO_0000002")
    ('CL:0000084', 'BFO:0000002')
    """
    if "://" not in identifier:
        return identifier
    match = _OBO_ID.fullmatch(identifier.removeprefix(OBO))
    return f"{match[1]}:{match[2]}" if match is not None else ""


# Ontologies whose classes are all of one type; of those of other prefixes none is told.
_TYPES = {
    "CL": EntityType.CELL_TYPE,
    "MONDO": EntityType.DISEASE,
    "DOID": EntityType.DISEASE,
    "UBERON": EntityType.ANATOMY,
    "NCBITaxon": EntityType.ORGANISM,
    "CHEBI": EntityType.CHEMICAL,
}


def type_of(term: OntologyTerm) -> EntityType | None:
    """Return the type of a class, or None where its prefix tells none."""
    prefix, _, _ = term.id.partition(":")
    if prefix == "GO":
        return EntityType.PROCESS if term.namespace == "biological_process" else None
    return _TYPES.get(prefix)


def count_relations(terms: Iterator[OntologyTerm], counted: Counter[str]) -> Iterator[OntologyTerm]:
    """Pass terms on, and count their existential restrictions by property."""
    for term in terms:
        counted.update(name for name, _ in term.relations)
        yield term
