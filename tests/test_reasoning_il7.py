"""HermiT on the ontology together with the built IL-7 graph."""

from pathlib import Path

import pytest

from kg.reasoning import check_consistency, java_available, undeclared_terms


@pytest.mark.java
@pytest.mark.skipif(not java_available(), reason="HermiT needs Java, and there is none")
def test_the_built_graph_is_consistent_with_the_ontology(il7_ntriples: Path) -> None:
    report = check_consistency(il7_ntriples)
    assert report.consistent
    assert report.unsatisfiable == ()
    assert report.misused == ()


@pytest.mark.java
@pytest.mark.skipif(not java_available(), reason="HermiT needs Java, and there is none")
def test_a_false_type_in_the_built_graph_is_found(il7_ntriples: Path) -> None:
    """The built graph says that IL7 is a gene; said to be a journal too, it is inconsistent."""
    false = (
        b"<http://identifiers.org/hgnc/6023> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
        b"<https://w3id.org/litkg/ontology#Journal> .\n"
    )
    assert not check_consistency(il7_ntriples, false).consistent


def test_the_ontology_covers_the_built_graph(il7_ntriples: Path) -> None:
    assert undeclared_terms(il7_ntriples) == ()
