"""Floor 8: what the graph's types, relations and identifiers are called in the Biolink Model, 4.4.

Where no predicate says the same, the closest that is true of every case is taken, and qualifiers
say the rest, as Biolink reads them: "X affects Y" is told in full as "X causes increased activity
of Y". The graph's own relation stands beside it (`original_predicate`).
"""

from dataclasses import dataclass

# A complex is a family that has components.
COMPLEX = "biolink:MacromolecularComplex"
_CATEGORIES = {
    "Gene": "biolink:Gene",
    "GeneFamily": "biolink:GeneFamily",
    "CellType": "biolink:Cell",
    "Disease": "biolink:Disease",
    "Organism": "biolink:OrganismTaxon",
    "AnatomicalStructure": "biolink:AnatomicalEntity",
    "BiologicalProcess": "biolink:BiologicalProcess",
    "Chemical": "biolink:ChemicalEntity",
}
_PREFIXES = {"UniProt": "UniProtKB", "OMIMPS": "OMIM.PS", "DOI": "doi", "Orphanet": "orphanet"}

_GENE, _CHEMICAL = "biolink:Gene", "biolink:ChemicalEntity"
_PROCESS, _DISEASE = "biolink:BiologicalProcess", "biolink:Disease"
_MARKERS = frozenset({_GENE, "biolink:GeneFamily", _CHEMICAL})
_PLACES = frozenset({"biolink:Cell", "biolink:AnatomicalEntity"})
_INCREASED, _DECREASED = "increased", "decreased"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A predicate of Biolink with its qualifiers, each empty where there is none."""

    predicate: str
    qualified_predicate: str = ""
    aspect: str = ""
    direction: str = ""


def category_of(kind: str) -> str:
    """Return the category of a class of the ontology.

    >>> category_of("CellType"), category_of("")
    ('biolink:Cell', 'biolink:NamedThing')
    """
    return _CATEGORIES.get(kind, "biolink:NamedThing")


def to_biolink(curie: str) -> str:
    """Return a CURIE with the prefix as Biolink writes it.

    >>> to_biolink("UniProt:P13232"), to_biolink("HGNC:6023")
    ('UniProtKB:P13232', 'HGNC:6023')
    """
    prefix, colon, local = curie.partition(":")
    return f"{_PREFIXES.get(prefix, prefix)}{colon}{local}"


# What is raised or lowered, and how; an activity may be meant by "promotes" as well as an amount.
_EFFECTS = {
    "activates": ("activity", _INCREASED),
    "inhibits": ("activity", _DECREASED),
    "upregulates": ("abundance", _INCREASED),
    "downregulates": ("abundance", _DECREASED),
    "promotes": ("activity_or_abundance", _INCREASED),
    "protects_from": ("activity_or_abundance", _DECREASED),
    "treats": ("activity_or_abundance", _DECREASED),
}


def relate(predicate: str, subject: str, object_: str) -> Relation:
    """Return what a relation of the ontology is in Biolink between two categories.

    Biolink gives predicates a domain and a range, which texts do not keep to ("IL-7 treats
    lymphopenia", of a gene): there, the wider predicate is taken. Relations that are not the
    ontology's are `biolink:related_to`.

    >>> relate("activates", "biolink:Gene", "biolink:Cell").predicate
    'biolink:affects'
    >>> relate("promotes", "biolink:Gene", "biolink:Disease").predicate
    'biolink:contributes_to'
    """
    special = _relate_by_range(predicate, subject, object_)
    if special:
        return Relation(predicate=special)
    if predicate in _EFFECTS:
        aspect, direction = _EFFECTS[predicate]
        # Of a process or a disease there is more or less as a whole.
        aspect = "" if object_ in (_PROCESS, _DISEASE) else aspect
        return Relation(
            predicate=_effect(subject, object_),
            qualified_predicate="biolink:causes",
            aspect=aspect,
            direction=direction,
        )
    if predicate == "regulates":
        return Relation(predicate=_effect(subject, object_))
    return Relation(predicate=_OTHERS.get(predicate, "biolink:related_to"))


_OTHERS = {
    "binds": "biolink:directly_physically_interacts_with",
    "required_for": "biolink:contributes_to",
    "expressed_in": "biolink:located_in",
    "marker_of": "biolink:correlated_with",
    "associated_with": "biolink:associated_with",
}


def _effect(subject: str, object_: str) -> str:
    """Return how one thing acts on another: Biolink keeps "regulates" to what evolved to do so."""
    return "biolink:regulates" if subject == object_ == _GENE else "biolink:affects"


def _relate_by_range(predicate: str, subject: str, object_: str) -> str:
    """Return the predicate that Biolink has for these categories alone."""
    if object_ == _DISEASE:
        is_drug = subject == _CHEMICAL
        if predicate == "treats" and is_drug:
            # Text mining cannot tell an established treatment from one that was tried.
            return "biolink:treats_or_applied_or_studied_to_treat"
        if predicate == "protects_from" and is_drug:
            return "biolink:preventative_for_condition"
        if predicate == "promotes":
            return "biolink:contributes_to"
        if predicate == "marker_of" and subject in _MARKERS:
            return "biolink:biomarker_for"
    if predicate == "expressed_in" and subject == _GENE and object_ in _PLACES:
        return "biolink:expressed_in"
    return ""
