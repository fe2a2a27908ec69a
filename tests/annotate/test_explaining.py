"""Why mentions are what they are."""

import pytest

from kg.annotate.annotator import Annotator
from kg.annotate.explaining import Decision, explain
from kg.vocabulary.lexicon import Lexicon

TEXT = (
    "Murine Il7 in rheumatoid arthritis (RA): CD4+ T cells of patients with RA and MS were seen; "
    "small acute complexity disorder (SACD) as well"
)


@pytest.fixture(scope="module")
def decisions(lexicon: Lexicon) -> list[Decision]:
    return explain(TEXT, Annotator(lexicon))


def of(decisions: list[Decision], text: str) -> Decision:
    return next(one for one in decisions if one.text == text)


def test_every_mention_is_explained(decisions: list[Decision], lexicon: Lexicon) -> None:
    (mentions,) = Annotator(lexicon).annotate([TEXT])
    assert [one.mention for one in decisions if one.mention is not None] == mentions
    assert all(TEXT[one.start : one.end] == one.text for one in decisions)


def test_the_winner_and_what_was_refused_have_their_rules(decisions: list[Decision]) -> None:
    gene = of(decisions, "Il7")
    assert gene.mention is not None
    winner, *others = gene.considered
    assert (winner.name.curie, winner.rule) == ("HGNC:6023", "a spelling of the symbol")
    assert [(one.name.curie, one.score) for one in others] == [("HGNC:53974", 0.0)]
    assert "NCBI alias" in others[0].rule


def test_a_short_form_is_explained_by_its_definition(decisions: list[Decision]) -> None:
    assert "defined as “rheumatoid arthritis”" in of(decisions, "RA").reasons


def test_what_lies_inside_a_longer_mention_is_named(decisions: list[Decision]) -> None:
    (reason,) = [one for one in of(decisions, "rheumatoid arthritis").reasons if "overlaps" in one]
    assert "“arthritis”" in reason


def test_what_is_refused_is_told_with_the_reason(decisions: list[Decision]) -> None:
    refused = of(decisions, "MS")
    assert refused.mention is None
    assert refused.reasons == ("no name that it could be is trusted",)
    assert {one.score for one in refused.considered} == {0.0}
    assert "papers use it for something else" in {one.rule for one in refused.considered}


def test_the_species_is_told(decisions: list[Decision]) -> None:
    assert any("NCBITaxon:10090" in one for one in of(decisions, "Il7").reasons)


def test_a_text_without_names_has_no_decisions(lexicon: Lexicon) -> None:
    assert explain("Zzyzx qwrt.", Annotator(lexicon)) == []
