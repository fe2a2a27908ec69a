"""Walks through hierarchies reach all that they should, and end."""

from kg.model import EntityType, Term
from kg.vocabulary.hierarchy import ancestors, branches

# A is above B and C, D stands under both; E and F stand under each other; G's parent is unknown.
PARENTS = {"A": "", "B": "A", "C": "A", "D": "BC", "E": "F", "F": "E", "G": "Z"}
TERMS = {
    curie: Term(curie=curie, label=curie, type=EntityType.ANATOMY, parents=tuple(parents))
    for curie, parents in PARENTS.items()
}


def test_ancestors() -> None:
    assert ancestors("D", TERMS) == {"A", "B", "C"}
    assert ancestors("A", TERMS) == set()
    assert ancestors("E", TERMS) == {"E", "F"}
    assert ancestors("G", TERMS) == {"Z"}
    assert ancestors("unknown", TERMS) == set()


def test_branches() -> None:
    assert branches(["A"], TERMS) == {"A", "B", "C", "D"}
    assert branches(["B", "E"], TERMS) == {"B", "D", "E", "F"}
    assert branches(["Z"], TERMS) == {"Z", "G"}


def test_branches_without_some_keep_what_others_lead_to() -> None:
    assert branches(["A"], TERMS, frozenset("B")) == {"A", "C", "D"}
    assert branches(["A"], TERMS, frozenset("BC")) == {"A"}
    assert branches(["A"], TERMS, frozenset("A")) == set()
