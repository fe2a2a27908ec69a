"""Disease phrases: coordination, inheritance, types, infections, deficiencies, short forms."""

import pytest

from kg.annotate.annotator import Annotator
from kg.model import EntityType, Mention
from kg.vocabulary.lexicon import Lexicon, equivalents


@pytest.fixture(scope="module")
def annotator(lexicon: Lexicon) -> Annotator:
    return Annotator(lexicon)


def diseases(annotator: Annotator, text: str) -> list[Mention]:
    return [one for one in annotator.annotate([text])[0] if one.type is EntityType.DISEASE]


def ids(annotator: Annotator, mention: Mention) -> set[str]:
    term = annotator.lexicon.term(mention.best.term)
    assert term is not None
    return set(equivalents(term))


@pytest.mark.parametrize(
    ("text", "span", "expected"),
    [
        ("in breast and ovarian cancer cells", "breast and ovarian cancer", "MESH:D001943"),
        ("of lung, liver and skin cancers", "lung, liver and skin cancers", "MESH:D008175"),
        ("with familial hypertension", "familial hypertension", "MESH:D006973"),
        ("from stage II melanoma tissue", "stage II melanoma", "MESH:D008545"),
        ("type 2 diabetes in man", "type 2 diabetes", "MESH:D003924"),
        ("a malaria infection there", "malaria infection", "MESH:D008288"),
        ("during HIV infection of cells", "HIV infection", "MESH:D015658"),
        ("during HIV-1 infection", "HIV-1 infection", "MESH:D015658"),
        ("an HSV-1 infection", "HSV-1 infection", "MESH:D006561"),
        (
            "malignant and benign ovarian tumors",
            "malignant and benign ovarian tumors",
            "MESH:D010051",
        ),
        ("several rheumatic conditions", "rheumatic conditions", "MESH:D012216"),
        ("growth of pre-B leukemia", "pre-B leukemia", "MESH:D015452"),
        ("a deficiency of GALT there", "deficiency of GALT", "MESH:D005693"),
        ("renal damage was seen", "renal damage", "MESH:D007674"),
        ("hepatic metastases grew", "hepatic metastases", "MESH:D008113"),
        ("in cirrhotic patients", "cirrhotic", "MESH:D008103"),
        ("a tumour suppressor gene", "tumour", "MESH:D009369"),
        ("types 1 and 2 diabetes", "types 1 and 2 diabetes", "MESH:D003922"),
    ],
)
def test_phrases(annotator: Annotator, text: str, span: str, expected: str) -> None:
    (found,) = [one for one in diseases(annotator, text) if one.text == span]
    assert expected in ids(annotator, found)


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("of this disease. Canavan wrote", "disease. Canavan"),
        ("for the kidney; failure is rare", "kidney; failure"),
        ("leukemia and breast cancer", "leukemia and breast cancer"),
        ("7 men, 3 women", "men, 3"),
        ("body weight and disease progression", "body weight"),
        ("PCH2 is a gene of yeast", "PCH2"),
        ("of ectopic lymphoid tissues", "ectopic lymphoid tissues"),  # a structure
        ("made in San Diego, CA; congenital abnormalities", "CA"),
    ],
)
def test_what_is_no_disease(annotator: Annotator, text: str, absent: str) -> None:
    assert absent not in [one.text for one in diseases(annotator, text)]


def test_a_short_form_does_not_stand_for_a_part_of_its_long_form(annotator: Annotator) -> None:
    text = "collagen-induced arthritis (CIA) was mild; CIA came late"
    assert [one.text for one in diseases(annotator, text)] == ["arthritis"]


def test_a_short_form_in_another_order(annotator: Annotator) -> None:
    found = diseases(annotator, "myotonic dystrophy (DM) and DM alleles")
    assert [one.text for one in found] == ["myotonic dystrophy", "DM", "DM"]
    assert len({one.best.term for one in found}) == 1


def test_a_defined_short_form_inside_parentheses(annotator: Annotator) -> None:
    found = diseases(annotator, "Atm (ataxia telangiectasia (AT) mutated) and AT cells")
    assert "AT" in [one.text for one in found]


def test_many_conjuncts_end(annotator: Annotator) -> None:
    assert diseases(annotator, "breast, " * 2000 + "and lung cancer")


def test_a_type_belongs_to_the_noun_behind_it(annotator: Annotator) -> None:
    found = diseases(
        annotator, "type 2 diabetes, type II diabetes; ovarian cancer, type 1 diabetes"
    )
    assert [one.text for one in found] == [
        "type 2 diabetes",
        "type II diabetes",
        "ovarian cancer",
        "type 1 diabetes",
    ]
    found = diseases(annotator, "glycogen storage disease type II mutations")
    assert [one.text for one in found] == ["glycogen storage disease type II"]
