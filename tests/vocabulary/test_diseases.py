"""Names of diseases that no table lists, and the headings that keep a disease elsewhere."""

import pytest

from kg.model import EntityType, Scope, Synonym, Term
from kg.vocabulary.diseases import (
    complaints_of,
    head_of_heading,
    headings_of,
    is_susceptibility,
    other_spellings,
    series_of,
)
from kg.vocabulary.names import name_key


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("fibrosis", "fibrotic"),
        ("arthritis", "arthritic"),
        ("hypoxia", "hypoxic"),
        ("hypertension", "hypertensive"),
        ("obesity", "obese"),
        ("Ehlers-Danlos syndrome, type IV", "type 4 Ehlers-Danlos syndrome"),
        ("achondrogenesis type IB", "achondrogenesis type 1B"),
        ("type 1 diabetes", "diabetes type I"),
        ("Parkinson's disease", "Parkinson disease"),
        ("Parkinson disease", "Parkinson's disease"),
        ("biotinidase deficiency", "deficiency of biotinidase"),
        ("neurodegenerative disease", "neurodegeneration"),
        ("liver fibrosis", "hepatic fibrosis"),
        ("depressive disorder", "depressive symptom"),
        ("cytomegalovirus infectious disease", "cytomegalovirus infection"),
    ],
)
def test_other_spellings(text: str, other: str) -> None:
    assert other in list(other_spellings(text))


@pytest.mark.parametrize(
    "text", ["asthma attack", "gout", "atrophy of the eye", "dissociative disorder"]
)
def test_no_word_is_made_that_means_something_else(text: str) -> None:
    assert not {"trophic", "dissociation", "goutic"} & set(other_spellings(text))


def test_complaints_of_an_organ() -> None:
    assert {"renal damage", "nephrotoxicity", "nephropathy"} <= set(
        complaints_of("Kidney Diseases")
    )
    assert {"pulmonary metastasis", "lung tumor"} <= set(complaints_of("Lung Neoplasms"))
    assert list(complaints_of("Rare Diseases")) == []
    assert list(complaints_of("Arthritis")) == []


def disease(curie: str, label: str, **more: object) -> Term:
    return Term(curie=curie, label=label, type=EntityType.DISEASE, **more)  # type: ignore[arg-type]


def test_the_head_of_an_inverted_heading() -> None:
    assert head_of_heading(disease("MESH:D1", "Quuxarthritis, Drug-Induced")) == "quuxarthritis"
    assert head_of_heading(disease("MESH:D1", "Bites, Human")) is None


def test_susceptibility_is_no_disease() -> None:
    assert is_susceptibility(disease("MONDO:1", "gout, susceptibility to, 2"))
    assert not is_susceptibility(disease("MONDO:2", "hereditary neoplastic syndrome"))


def test_headings_by_entry_term_else_by_the_nearest_ancestor() -> None:
    exact = Synonym(text="foo disease", scope=Scope.EXACT, kind="", source="t")
    terms = {
        one.curie: one
        for one in (
            disease("MONDO:1", "wide", xrefs=("MESH:D1",)),
            disease("MONDO:2", "narrow", xrefs=("MESH:D2",), parents=("MONDO:1",)),
            disease("MONDO:3", "child", parents=("MONDO:2", "MONDO:1")),
            disease("MONDO:4", "grandchild", xrefs=("MESH:C4",), parents=("MONDO:3",)),
            disease("MONDO:5", "bar", synonyms=(exact,), parents=("MONDO:1",)),
        )
    }
    descriptors = [
        disease("MESH:D1", "Wide"),
        disease("MESH:D2", "Narrow", parents=("MESH:D1",)),
        disease("MESH:D9", "Foo Disease"),
    ]
    assert sorted(headings_of(terms, descriptors, name_key)) == [
        ("MONDO:3", "MESH:D2"),
        ("MONDO:4", "MESH:D2"),
        ("MONDO:5", "MESH:D9"),
    ]


def test_a_series_has_the_entries_of_its_subtypes() -> None:
    terms = {
        one.curie: one
        for one in (
            disease("MONDO:1", "foo syndrome"),
            disease("MONDO:2", "foo syndrome type 1", xrefs=("OMIM:7",), parents=("MONDO:1",)),
            disease("MONDO:3", "bar syndrome", xrefs=("OMIM:8",), parents=("MONDO:1",)),
            disease("MONDO:4", "baz", xrefs=("OMIMPS:9",)),
        )
    }
    assert sorted(series_of(terms)) == [("MONDO:1", "OMIM:7"), ("MONDO:4", "OMIM:9")]
