"""The case for a link: who stands where, and what the verdict says, on the small graph."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from kg.errors import ParameterError
from kg.queries import Value, load_saved_queries
from kg.queries.explain import Explanation, Row, Stance, explain_link, find_stances
from kg.queries.verdict import RELATIONS, explanation_as_json, say_verdict

KG = "https://w3id.org/litkg/ontology#"
SAMPLE = Path(__file__).parent / "sample.ttl"


@pytest.fixture(scope="module")
def store() -> Store:
    loaded = Store()
    loaded.load(path=str(SAMPLE), format=RdfFormat.TURTLE)
    return loaded


def stances(explanation: Explanation) -> list[tuple[str, str]]:
    return [(each.stance.value, each.text) for each in explanation.findings]


def test_for_and_against(store: Store) -> None:
    found = explain_link(store, "BLNK", "JAK3", None)
    assert stances(found) == [
        ("for", "BLNK inhibits JAK3"),
        ("against", "BLNK activates JAK3"),
        ("against", "BLNK does not inhibit JAK3"),
        ("reverse", "JAK3 is required for BLNK (speculative)"),
    ]
    assert [len(each.rows) for each in found.findings] == [2, 1, 1, 1]
    assert [each.confidence for each in found.findings] == [0.995, 0.95, 0.9, 0.85]
    assert say_verdict(found) == (
        "2 sentences in 2 papers say that BLNK inhibits JAK3; 1 denies it; "
        "1 says that BLNK activates JAK3; the other way round, 1 sentence in 1 paper puts forward "
        "as possible that JAK3 is required for BLNK."
    )
    assert len(found.together) == 5
    assert found.papers == 3
    assert found.paths == ()


def test_the_other_way_round(store: Store) -> None:
    found = explain_link(store, "JAK3", "BLNK", None)
    assert stances(found)[0] == ("speculative", "JAK3 is required for BLNK (speculative)")
    assert {stance for stance, _ in stances(found)[1:]} == {"reverse"}
    assert say_verdict(found) == (
        "1 sentence in 1 paper puts forward as possible that JAK3 is required for BLNK; "
        "the other way round, 2 sentences in 2 papers say that BLNK inhibits JAK3; "
        "1 sentence in 1 paper says that BLNK activates JAK3; "
        "1 sentence in 1 paper says that BLNK does not inhibit JAK3."
    )
    back_only = explain_link(store, "STAT5", "IL-7", None)
    assert say_verdict(back_only) == (
        "No sentence says that STAT5 acts on IL7; the other way round, 1 sentence in 1 paper says "
        "that IL7 activates STAT5."
    )


def test_what_has_no_direction_is_said_once(store: Store) -> None:
    for pair in (("IL7R", "multiple sclerosis"), ("multiple sclerosis", "IL7R")):
        found = explain_link(store, *pair, None)
        assert stances(found) == [("for", "IL7R is associated with multiple sclerosis")]
        assert say_verdict(found) == (
            f"2 sentences in 1 paper say that {pair[0]} is associated with {pair[1]}."
        )


def test_a_family_stands_for_its_members(store: Store) -> None:
    found = explain_link(store, "JAK3", "STAT", None)
    assert stances(found) == [("for", "JAK3 activates STAT5A")]
    assert say_verdict(found) == "1 sentence in 1 paper says that JAK3 activates STAT."


def test_only_named_together(store: Store) -> None:
    found = explain_link(store, "Interleukin 7", "dendritic cell", None)
    assert found.findings == ()
    assert say_verdict(found) == (
        "No sentence says how IL7 and dendritic cell are related; 1 sentence in 1 paper names both."
    )
    assert [row["field"] for row in found.together] == ["title"]


def test_nothing_joins_them_but_paths(store: Store) -> None:
    found = explain_link(store, "STAT5", "IL-15", None)
    assert say_verdict(found) == "No sentence names both STAT5 and IL15; 1 paper mentions both."
    assert [row["name"] for row in found.paths] == ["IL7"]
    nothing = explain_link(store, "multiple sclerosis", "STAT5", None)
    assert say_verdict(nothing) == "Nothing in this graph joins multiple sclerosis and STAT5."
    assert (nothing.paths, nothing.unmentioned) == ((), ())
    unknown = explain_link(store, "Lab clone 7", "STAT5", None)
    assert [each.id for each in unknown.unmentioned] == ["LAB:clone-7"]


def test_log_likelihood_where_the_graph_has_it() -> None:
    grown = Store()
    grown.load(path=str(SAMPLE), format=RdfFormat.TURTLE)
    assert explain_link(grown, "BLNK", "JAK3", None).log_likelihood is None
    coupled = NamedNode(f"{KG}coMentioned")
    blnk, jak3 = (NamedNode(f"http://identifiers.org/hgnc/{n}") for n in ("14211", "6193"))
    (pair,) = {quad.subject for quad in grown.quads_for_pattern(None, coupled, blnk)} & {
        quad.subject for quad in grown.quads_for_pattern(None, coupled, jak3)
    }
    grown.add(Quad(pair, NamedNode(f"{KG}logLikelihood"), Literal(-1.5)))
    assert explain_link(grown, "BLNK", "JAK3", None).log_likelihood == -1.5


def test_names_that_are_no_use(store: Store) -> None:
    with pytest.raises(ParameterError, match=r"'IL-7' and 'IL7' are both IL7 \(HGNC:6023\)"):
        explain_link(store, "IL-7", "IL7", None)
    with pytest.raises(ParameterError, match="no entity called 'nonsense'"):
        explain_link(store, "IL-7", "nonsense", None)
    with pytest.raises(ParameterError, match="SUBJECT is empty"):
        explain_link(store, " ", "IL7", None)


def test_several_names_are_either_of_them(store: Store) -> None:
    found = explain_link(store, "IL-7, IL-15", "memory T cell", None)
    assert say_verdict(found) == (
        "1 sentence in 1 paper says that IL7 or IL15 regulates memory T cell; "
        "1 only puts it forward as possible."
    )


def test_relations_of_one_sign_are_said_together(store: Store) -> None:
    found = explain_link(store, "IL-7", "pro-B cell, STAT5, memory T cell", None)
    assert say_verdict(found) == (
        "2 sentences in 2 papers say that IL7 activates, promotes or regulates pro-B cell or STAT5 "
        "or memory T cell."
    )


def row(fact: str, sentence: str, **others: Value) -> Row:
    """A row of how-acts-on."""
    return {
        "fact": fact,
        "assertion": f"A {fact} B",
        "predicate": "activates",
        "sign": None,
        "negated": False,
        "speculative": False,
        "confidence": 0.9,
        "fact_confidence": 0.9,
        "paper": f"paper of {sentence}",
        "field": "title",
        "sentence": sentence,
        **others,
    }


def test_most_sentences_lead_and_then_the_surest() -> None:
    up = row("activates", "1", sign="positive")
    down = row("inhibits", "2", sign="negative")
    plain = row("regulates", "3")

    def leading(*rows: Row) -> dict[str, Stance]:
        return {each.id: each.stance for each in find_stances(rows, ())}

    assert leading(up, down, {**down, "sentence": "4"}, plain) == {
        "activates": Stance.AGAINST,
        "inhibits": Stance.FOR,
        "regulates": Stance.FOR,
    }
    assert leading(up, {**down, "confidence": 0.95})["activates"] is Stance.AGAINST
    assert leading({**up, "confidence": 0.95}, down)["inhibits"] is Stance.AGAINST
    # One sentence that says it twice counts once, and what is only possible not at all.
    assert leading(up, {**up, "sentence": "4"}, down, down, down)["inhibits"] is Stance.AGAINST
    possible = {**down, "speculative": True}
    assert leading(up, possible, {**possible, "sentence": "4"})["inhibits"] is Stance.SPECULATIVE


def test_an_assertion_is_speculative_where_all_its_sentences_are() -> None:
    sure = row("activates", "1")
    perhaps = row("activates", "2", assertion="A activates B (speculative)", speculative=True)
    (mixed,) = find_stances([perhaps, sure], ())
    assert (mixed.text, mixed.speculative, mixed.stance) == ("A activates B", False, Stance.FOR)
    (only,) = find_stances([perhaps], ())
    assert (only.text, only.speculative) == ("A activates B (speculative)", True)


def test_relations_are_worded_as_in_the_saved_queries() -> None:
    text = load_saved_queries()["how-acts-on"].text
    for label, (yes, no) in RELATIONS.items():
        assert f'"{label}" "{yes}" "{no}")' in text
    assert len(RELATIONS) == 13


def test_as_json(store: Store) -> None:
    document = explanation_as_json(explain_link(store, "BLNK", "JAK3", None))
    assert list(document) == ["subject", "object", "verdict", "assertions", "together", "paths"]
    assert document["subject"] == [
        {"given": "BLNK", "id": "HGNC:14211", "label": "BLNK", "type": "Gene"}
    ]
    assertions = document["assertions"]
    assert isinstance(assertions, list)
    first = assertions[0]
    assert first["stance"] == "for"
    assert first["id"].startswith("https://w3id.org/litkg/assertion/")
    assert [each["year"] for each in first["sentences"]] == [2009, 2008]
    assert all(each["link"].startswith("https://pubmed") for each in first["sentences"])
    together = document["together"]
    assert isinstance(together, dict)
    assert (together["sentences"], together["papers"], together["papers_anywhere"]) == (5, 3, 3)
    assert [each["sentence"] for each in together["only_named"]] == ["What BLNK does to JAK3"]
