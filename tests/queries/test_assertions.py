"""What the saved queries on assertions answer, on the small graph of the sample."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from kg.queries import run_query

KG = "https://w3id.org/litkg/ontology#"
SAMPLE = Path(__file__).parent / "sample.ttl"


@pytest.fixture(scope="module")
def store() -> Store:
    loaded = Store()
    loaded.load(path=str(SAMPLE), format=RdfFormat.TURTLE)
    return loaded


def ask(store: Store, name: str, *columns: str, **given: str) -> list[tuple[object, ...]]:
    rows = run_query(store, name, given, None).rows
    return [tuple(row[column] for column in columns) for row in rows]


def test_regulators_with_sign_counts_and_the_best_sentence(store: Store) -> None:
    columns = ("name", "type", "predicate", "sign", "negated", "speculative", "papers", "sentences")
    assert ask(store, "regulators-of", *columns, entity="JAK3") == [
        ("BLNK", "Gene", "inhibits", "negative", False, False, 2, 2),
        ("BLNK", "Gene", "activates", "positive", False, False, 1, 1),
        ("BLNK", "Gene", "inhibits", "negative", True, False, 1, 1),
    ]
    best = ("assertion", "sentence", "subject_text", "object_text", "title", "year", "confidence")
    assert ask(store, "regulators-of", *best, entity="JAK3", predicate="inhibits") == [
        (
            "BLNK inhibits JAK3",
            # Of two, the one that was read with more confidence, though it is the older one.
            "BLNK inhibits JAK3.",
            "BLNK",
            "JAK3",
            "What BLNK does to JAK3",
            2008,
            0.995,
        ),
        (
            "BLNK does not inhibit JAK3",
            "JAK3 is not inhibited by BLNK",
            "BLNK",
            "JAK3",
            "JAK3 is not inhibited by BLNK",
            2010,
            0.9,
        ),
    ]


def test_switches_choose_what_is_denied_or_possible(store: Store) -> None:
    said = ("assertion",)
    assert ask(store, "regulators-of", *said, entity="JAK3", negated="no") == [
        ("BLNK inhibits JAK3",),
        ("BLNK activates JAK3",),
    ]
    assert ask(store, "regulators-of", *said, entity="JAK3", negated="yes") == [
        ("BLNK does not inhibit JAK3",)
    ]
    assert ask(store, "regulators-of", *said, entity="BLNK") == [
        ("JAK3 is required for BLNK (speculative)",)
    ]
    for word in ("required_for", "required for", "Required-For"):
        assert ask(store, "regulators-of", *said, entity="BLNK", predicate=word)
    assert ask(store, "regulators-of", *said, entity="BLNK", speculative="false") == []


def test_the_best_sentence_is_in_a_paper_that_stands() -> None:
    shaken = Store()
    shaken.load(path=str(SAMPLE), format=RdfFormat.TURTLE)
    title = NamedNode("http://purl.org/dc/terms/title")
    found = shaken.quads_for_pattern(None, title, Literal("What BLNK does to JAK3"))
    shaken.add(Quad(next(found).subject, NamedNode(f"{KG}retracted"), Literal(True)))
    said = ("assertion", "title", "retracted")
    given = {"entity": "JAK3", "negated": "no"}
    newer = "BLNK suppresses leukemogenesis through inhibition of JAK3"
    assert ask(shaken, "regulators-of", *said, **given) == [
        ("BLNK inhibits JAK3", newer, False),
        ("BLNK activates JAK3", "What BLNK does to JAK3", True),
    ]
    # What only papers say that were retracted is left out.
    assert ask(shaken, "regulators-of", *said, **given, retracted="no") == [
        ("BLNK inhibits JAK3", newer, False)
    ]


def test_a_family_stands_for_its_members(store: Store) -> None:
    said = ("name", "target")
    assert ask(store, "regulators-of", *said, entity="STAT5") == [
        ("JAK3", "http://identifiers.org/hgnc/11366"),
        ("IL7", "https://identifiers.org/fplx:STAT5"),
    ]
    assert ask(store, "regulators-of", *said, entity="STAT5", subtypes="no") == [
        ("IL7", "https://identifiers.org/fplx:STAT5")
    ]
    assert ("IL7 activates STAT5",) in ask(store, "targets-of", "assertion", entity="Interleukin")
    assert ask(store, "how-acts-on", "assertion", entity_a="JAK3", entity_b="STAT") == [
        ("JAK3 activates STAT5A",)
    ]


def test_targets(store: Store) -> None:
    assert ask(store, "targets-of", "name", "type", "predicate", "sign", entity="IL-7") == [
        ("STAT5", "GeneFamily", "activates", "positive"),
        ("pro-B cell", "CellType", "promotes", "positive"),
        ("arthritic joint disease", "Disease", "promotes", "positive"),
        ("CD4-positive, alpha-beta memory T cell", "CellType", "regulates", None),
    ]


def test_how_one_acts_on_the_other(store: Store) -> None:
    columns = ("year", "assertion", "sign", "trigger", "confidence", "fact_confidence")
    assert ask(store, "how-acts-on", *columns, entity_a="BLNK", entity_b="JAK3") == [
        (2010, "BLNK does not inhibit JAK3", "negative", "not inhibited by", 0.9, 0.9),
        (2009, "BLNK inhibits JAK3", "negative", "inhibition of", 0.9, 0.995),
        (2008, "BLNK inhibits JAK3", "negative", "inhibits", 0.95, 0.995),
        (2008, "BLNK activates JAK3", "positive", "activates", 0.95, 0.95),
    ]
    assert ask(store, "how-acts-on", "assertion", entity_a="JAK3", entity_b="BLNK") == [
        ("JAK3 is required for BLNK (speculative)",)
    ]


def test_what_has_no_direction_is_found_from_either_side(store: Store) -> None:
    one = {"entity_a": "IL7R", "entity_b": "multiple sclerosis"}
    other = {"entity_a": "multiple sclerosis", "entity_b": "IL7R"}
    found = ask(store, "how-acts-on", "assertion", "field", **one)
    assert found == [
        ("IL7R is associated with multiple sclerosis", "title"),
        ("IL7R is associated with multiple sclerosis", "snippet"),
    ]
    assert ask(store, "how-acts-on", "assertion", "field", **other) == found


def test_contradictions_stand_together(store: Store) -> None:
    columns = ("between", "assertion", "papers", "year")
    found = ask(store, "contradictions", *columns)
    assert found == [
        ("BLNK and JAK3", "BLNK inhibits JAK3", 2, 2009),
        ("BLNK and JAK3", "BLNK inhibits JAK3", 2, 2008),
        ("BLNK and JAK3", "BLNK activates JAK3", 1, 2008),
        ("BLNK and JAK3", "BLNK does not inhibit JAK3", 1, 2010),
    ]
    assert ask(store, "contradictions", *columns, entity="JAK3") == found
    assert ask(store, "contradictions", *columns, entity="STAT5") == []


def with_fact(subject: str, predicate: str, obj: str, *, speculative: bool = False) -> Store:
    """The sample with one more assertion, a denial, on a sentence that it has."""
    grown = Store()
    grown.load(path=str(SAMPLE), format=RdfFormat.TURTLE)
    node = NamedNode("https://w3id.org/litkg/assertion/new")
    old = next(grown.quads_for_pattern(None, NamedNode(f"{KG}evidence"), None, None))
    assert isinstance(old.object, NamedNode)
    values: dict[str, NamedNode | Literal] = {
        "subject": NamedNode(subject),
        "predicate": NamedNode(f"{KG}{predicate}"),
        "object": NamedNode(obj),
        "negated": Literal(True),
        "speculative": Literal(speculative),
        "paperCount": Literal(1),
        "sentenceCount": Literal(1),
        "confidence": Literal(0.9),
        "evidence": old.object,
    }
    for name, value in values.items():
        grown.add(Quad(node, NamedNode(f"{KG}{name}"), value))
    is_a = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    grown.add(Quad(node, is_a, NamedNode(f"{KG}Assertion")))
    return grown


IL7, STAT5 = "http://identifiers.org/hgnc/6023", "https://identifiers.org/fplx:STAT5"


def test_to_deny_the_wider_relation_contradicts_the_narrower() -> None:
    wider = with_fact(IL7, "regulates", STAT5)
    assert {row[0] for row in ask(wider, "contradictions", "assertion", entity="IL-7")} == {
        "IL7 activates STAT5",
        "IL7 does not regulate STAT5",
    }
    other = with_fact(IL7, "inhibits", STAT5)
    assert ask(other, "contradictions", "assertion", entity="IL-7") == []
    turned = with_fact(STAT5, "regulates", IL7)
    assert ask(turned, "contradictions", "assertion", entity="IL-7") == []
    # Subject and object of what has no direction stand in the order of their identifiers.
    loose = with_fact(STAT5, "associated_with", IL7)
    assert len(ask(loose, "contradictions", "assertion", entity="IL-7")) == 2


def test_contradictions_without_what_is_only_possible() -> None:
    possible = with_fact(IL7, "activates", STAT5, speculative=True)
    assert len(ask(possible, "contradictions", "assertion", entity="IL-7")) == 2
    given = {"entity": "IL-7", "with_speculative": "no"}
    assert ask(possible, "contradictions", "assertion", **given) == []


def test_gene_in_a_disease(store: Store) -> None:
    columns = ("link", "assertion", "title")
    title = "BLNK suppresses leukemogenesis through inhibition of JAK3"
    assert ask(store, "gene-in-disease", *columns, gene="BLNK", disease="leukemia") == [
        ("direct", "BLNK protects from leukemia", title),
        ("same paper", "BLNK inhibits JAK3", title),
    ]
    found = ask(store, "gene-in-disease", *columns[:2], gene="JAK3", disease="leukemia")
    assert found == [("same paper", "BLNK inhibits JAK3")]
    # An assertion on a kind of arthritis would count, one in a paper on another disease does not.
    assert ask(store, "gene-in-disease", *columns[:2], gene="IL-7", disease="arthritis") == [
        ("direct", "IL7 promotes arthritic joint disease")
    ]


def test_only_speculated(store: Store) -> None:
    columns = ("assertion", "papers", "year", "sign")
    assert ask(store, "only-speculated", *columns) == [
        ("JAK3 is required for BLNK (speculative)", 1, 2008, None),
        (
            "IL15 regulates CD4-positive, alpha-beta memory T cell (speculative)",
            1,
            2006,
            None,
        ),
    ]
    one = ask(store, "only-speculated", "object", entity="memory T cell", predicate="regulates")
    assert one == [("http://purl.obolibrary.org/obo/CL_0000897",)]
    none = {"entity": "memory T cell", "subtypes": "no"}
    assert ask(store, "only-speculated", "object", **none) == []


def test_newest_evidence_first(store: Store) -> None:
    found = ask(store, "newest-evidence", "year", "assertion", entity="JAK3", limit="3")
    assert found == [
        (2010, "BLNK does not inhibit JAK3"),
        (2009, "BLNK inhibits JAK3"),
        (2008, "BLNK inhibits JAK3"),
    ]
    assert not run_query(store, "newest-evidence", {"entity": "JAK3", "limit": "3"}, None).complete
    given = {"entity": "JAK3", "predicate": "activates, required for"}
    assert ask(store, "newest-evidence", "assertion", **given) == [
        ("BLNK activates JAK3",),
        ("JAK3 is required for BLNK (speculative)",),
        ("JAK3 activates STAT5A",),
    ]


def test_co_mentions_by_counts(store: Store) -> None:
    columns = ("name", "named", "papers", "sentences", "log_likelihood")
    assert ask(store, "co-mentioned", *columns, entity="BLNK") == [
        ("JAK3", "BLNK", 3, 5, None),
        ("leukemia", "BLNK", 1, 1, None),
    ]
    family = ask(store, "co-mentioned", "name", "named", entity="STAT5", type="Gene")
    assert family == [("IL7", "STAT5"), ("JAK3", "STAT5A")]
    # Members of the family that is asked about are not what it is mentioned with.
    assert ask(store, "co-mentioned", "name", entity="Interleukin", type="Gene") == []


def test_co_mentions_by_log_likelihood() -> None:
    grown = Store()
    grown.load(path=str(SAMPLE), format=RdfFormat.TURTLE)
    pairs = [
        quad.subject
        for quad in grown.quads_for_pattern(None, NamedNode(f"{KG}coMentioned"), NamedNode(IL7))
    ]
    for number, pair in enumerate(sorted(pairs, key=str)):
        grown.add(Quad(pair, NamedNode(f"{KG}logLikelihood"), Literal(float(3 - number))))
    found = [row[0] for row in ask(grown, "co-mentioned", "log_likelihood", entity="IL-7")]
    assert found == [float(3 - number) for number in range(len(pairs))]
    assert len(found) > 4  # so that some are negative


def test_neighbourhood_is_two_steps_of_plain_triples(store: Store) -> None:
    answer = run_query(store, "regulatory-neighbourhood", {"entity": "BLNK"}, None)
    ids = {"14211": "BLNK", "6193": "JAK3", "11366": "STAT5A", "MONDO_0005059": "leukemia"}
    edges = set()
    for row in answer.rows:
        subject, predicate, target = (str(row[name]) for name in ("subject", "predicate", "object"))
        if predicate.startswith(KG):
            ends = (ids[end.rpartition("/")[2]] for end in (subject, target))
            edges.add((*ends, predicate.removeprefix(KG)))
    # JAK3 is required for BLNK, but only perhaps, so that it is no triple.
    assert edges == {
        ("BLNK", "JAK3", "inhibits"),
        ("BLNK", "JAK3", "activates"),
        ("BLNK", "leukemia", "protects_from"),
        ("JAK3", "STAT5A", "activates"),
    }
    labels = {row["object"] for row in answer.rows} - {row["subject"] for row in answer.rows}
    assert {"BLNK", "JAK3", "STAT5A", "leukemia", "inhibits"} <= labels
    upstream = run_query(store, "regulatory-neighbourhood", {"entity": "STAT5"}, None)
    assert ("http://identifiers.org/hgnc/14211", f"{KG}inhibits") in {
        (row["subject"], row["predicate"]) for row in upstream.rows
    }


def test_papers_connecting_shows_what_is_said(store: Store) -> None:
    columns = ("year", "field", "assertion")
    found = ask(store, "papers-connecting", *columns, entity_a="BLNK", entity_b="JAK3")
    assert found == [
        (2010, "title", "BLNK does not inhibit JAK3"),
        (2009, "title", "BLNK inhibits JAK3"),
        (2008, "title", None),
        (2008, "snippet", "BLNK inhibits JAK3"),
        (2008, "snippet", "BLNK activates JAK3; JAK3 is required for BLNK (speculative)"),
    ]
    turned = ask(store, "papers-connecting", *columns, entity_a="JAK3", entity_b="BLNK")
    assert turned == found
    # What is said of a member counts only where the family stands for its members.
    family = {"entity_a": "JAK3", "entity_b": "STAT5", "level": "paper"}
    said = [row[0] for row in ask(store, "papers-connecting", "assertion", **family)]
    assert "JAK3 activates STAT5A" in said
    assert ask(store, "papers-connecting", "assertion", **family, subtypes="false") == []
