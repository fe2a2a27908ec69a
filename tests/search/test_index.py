"""What is found, in which order, and with which words marked."""

from pathlib import Path

import pytest

from kg.errors import SearchError
from kg.search import Found, Index, Kind, Match, Place, build_index
from kg.store import open_graph
from tests.searching import BASE, IL7, IL7R, PMID
from tests.service.conftest import write_people


def iris(found: Found) -> list[str]:
    return [hit.iri for hit in found.hits]


def marked(found: Found, iri: str) -> list[str]:
    hit = next(hit for hit in found.hits if hit.iri == iri)
    return [part.text for part in hit.snippet if part.match]


@pytest.mark.parametrize(
    "name", ["IL-7", "IL7", "il 7", "Il‑7", "interleukin 7", "Interleukin-7", "HGNC:6023"]
)
def test_a_name_finds_the_same_however_it_is_spelt(index: Index, name: str) -> None:
    found = index.search(name)
    assert found.hits[0].iri == IL7
    assert set(iris(found)) == set(iris(index.search("IL-7")))
    assert found.counts == {Kind.ENTITY: 2, Kind.PAPER: 3, Kind.SENTENCE: 2}
    assert [each.iri for each in found.taken] == [IL7]


def test_what_mentions_an_entity_by_another_name_is_found_and_marked(index: Index) -> None:
    found = index.search("interleukin 7")
    assert f"{PMID}2" in iris(found)
    assert marked(found, f"{BASE}s2a") == ["the pre-B factor"]
    assert marked(found, f"{BASE}s3a") == ["interleukin-7"]
    assert marked(found, f"{PMID}1") == ["IL-7"]


def test_the_words_of_a_name_find_no_more_than_they_say(index: Index) -> None:
    assert iris(index.search("CD127", Kind.ENTITY)) == [IL7R]
    assert set(iris(index.search("CD127", Kind.PAPER))) == {f"{PMID}3"}


@pytest.mark.parametrize("name", ["TNFα", "TNF-alpha", "tnfalpha", "tnf alpha", "TNF α"])
def test_greek_letters_are_those_that_are_spelled_out(index: Index, name: str) -> None:
    found = index.search(name)
    assert marked(found, f"{BASE}s4a") == ["TNFα", "tnfalpha"]


def test_names_stand_before_texts_and_good_names_before_loose_ones(index: Index) -> None:
    kinds = [hit.kind for hit in index.search("IL7").hits]
    assert kinds[0] is Kind.ENTITY
    assert kinds.index(Kind.PAPER) < kinds.index(Kind.SENTENCE)
    assert index.search("interleukin 7 receptor").hits[0].iri == IL7R


def test_title_words_author_year_and_identifier_find_a_paper(index: Index) -> None:
    for query in (
        "keeps T cells alive",
        "IL-7 keeps T cells alive",
        "thymocytes alive",
        "nunez",
        "Surh 2008",
        "PMID:1",
        "pubmed:1",
        "https://pubmed.ncbi.nlm.nih.gov/1/",
        "10.1000/homeostasis",
    ):
        assert iris(index.search(query, Kind.PAPER))[0] == f"{PMID}1", query


def test_the_paper_that_is_called_so_is_the_first_hit(index: Index) -> None:
    assert iris(index.search("IL-7 keeps T cells alive"))[0] == f"{PMID}1"


def test_a_paper_that_matches_by_its_text_shows_the_sentence(index: Index) -> None:
    found = index.search("stromal", Kind.PAPER)
    hit = found.hits[0]
    assert hit.label == "A growth factor of the marrow"
    assert "".join(part.text for part in hit.snippet) == "Stromal cells make the pre-B factor."
    assert marked(found, hit.iri) == ["Stromal"]


def test_an_author_is_found_and_shown_among_others(index: Index) -> None:
    found = index.search("Núñez G", Kind.PAPER)
    assert iris(found) == [f"{PMID}1"]
    assert marked(found, f"{PMID}1") == ["Núñez G"]


def test_titles_are_their_papers_and_no_sentences(index: Index) -> None:
    found = index.search("alive")
    assert [hit.kind for hit in found.hits] == [Kind.PAPER]


def test_texts_come_back_letter_by_letter(index: Index) -> None:
    hit = index.search("thymocytes", Kind.SENTENCE).hits[0]
    assert "".join(part.text for part in hit.snippet) == 'Thymocytes need it "badly"\tand early.'
    assert (hit.paper, hit.label, hit.year) == (f"{PMID}1", "IL-7 keeps T cells alive", 2008)


def test_words_between_quotes_stand_together_and_mean_themselves(index: Index) -> None:
    assert iris(index.search('"T cells" memory', Kind.SENTENCE)) == [f"{BASE}s3a"]
    assert index.search('"cells memory"').counts[Kind.SENTENCE] == 0
    assert iris(index.search('"lymphopoietin 1"', Kind.SENTENCE)) == []
    assert index.search("lymphopoietin 1").counts[Kind.SENTENCE] == 2


def test_a_number_belongs_to_the_letters_before_it(index: Index) -> None:
    for query in ("IL-99", "il99", "IL 99"):
        assert iris(index.search(query, Kind.SENTENCE)) == [f"{BASE}s4a"], query
    assert index.search("TNF 99").counts[Kind.SENTENCE] == 0


def test_function_words_need_not_be_there(index: Index) -> None:
    found = index.search("the role of marrow in growth", Kind.PAPER)
    assert found.matched[Kind.PAPER] is Match.ANY
    found = index.search("The marrow for growth", Kind.PAPER)
    assert (iris(found), found.matched[Kind.PAPER]) == ([f"{PMID}2"], Match.ALL)
    assert index.search("the", Kind.PAPER).counts[Kind.PAPER] == 1


def test_where_nothing_has_all_the_last_word_may_go_on_then_a_part_will_do(index: Index) -> None:
    found = index.search("stroma fact", Kind.SENTENCE)
    assert found.matched[Kind.SENTENCE] is Match.ANY
    found = index.search("stroma mak", Kind.SENTENCE)
    assert found.matched[Kind.SENTENCE] is Match.BEGINNING
    assert marked(found, f"{BASE}s2b") == ["Stroma", "makes"]
    found = index.search("xyzzy", Kind.SENTENCE)
    assert (found.hits, found.after) == ((), None)


def test_a_name_before_a_hyphen_is_found(index: Index) -> None:
    assert [each.iri for each in index.search("IL-7-dependent").taken] == [IL7]


@pytest.mark.parametrize("kind", [None, *Kind])
def test_pages_give_every_hit_once_in_order(index: Index, kind: Kind | None) -> None:
    whole = index.search("IL-7", kind, limit=100)
    assert whole.after is None
    gathered: list[str] = []
    after: Place | None = None
    for _ in range(len(whole.hits) + 1):
        page = index.search("IL-7", kind, limit=1, after=after)
        assert page.counts == whole.counts
        gathered += iris(page)
        after = None if page.after is None else Place.read(str(page.after))
        if after is None:
            break
    assert gathered == iris(whole)
    assert len(set(gathered)) == len(gathered) > 1


@pytest.mark.parametrize(
    "query",
    [
        "", " ", '"', '""', '"a', "*", "a*", "^a", "AND", "NOT", "a AND", "a NOT b", "NEAR(a b, 2)",
        "{words} : il", "things:e1", "e1", "(", ")", "a:b:c", "'; DROP TABLE name; --", "\0",
        "a\0b", "\ud800", "😀", "👩‍🔬 IL-7", "שלום עולם", "\u202eIL-7", "ﷺ", "ŉ", "i̇", "x" * 10_000,
        "a " * 5_000, '"' * 999, "-" * 999, "1", "٣", "IL\t7\n", "%", "_", "\\", "://", "http://[",
    ],
)  # fmt: skip
def test_no_query_is_syntax_or_an_error(index: Index, query: str) -> None:
    for kind in (None, Kind.PAPER):
        assert len(index.search(query, kind, limit=5).hits) <= 5
    assert len(index.suggest(query, limit=5)) <= 5


def test_operators_are_words(index: Index) -> None:
    assert index.search("e1", Kind.PAPER).hits == ()
    assert index.search("things:e1", Kind.PAPER).hits == ()
    assert index.search("CD127 NOT chains", Kind.PAPER).matched[Kind.PAPER] is Match.ANY
    # FTS5 would take the star for the beginning of any word.
    assert index.search("strom*", Kind.SENTENCE).matched[Kind.SENTENCE] is Match.BEGINNING


def test_suggestions_begin_so_the_exact_and_the_most_mentioned_first(index: Index) -> None:
    names = [(each.name, each.kind) for each in index.suggest("il")]
    assert names[:2] == [("IL7", "entity"), ("IL7R", "entity")]
    assert index.suggest("il7r")[0].iri == IL7R
    assert [each.name for each in index.suggest("surh")] == ["Surh CD"]
    assert index.suggest("surh")[0].papers == 2
    assert [each.name for each in index.suggest("nun")] == ["Núñez G"]
    titles = [each for each in index.suggest("a growth fac") if each.kind == "paper"]
    assert [each.name for each in titles] == ["A growth factor of the marrow"]
    assert [each.name for each in index.suggest("HGNC:60")] == ["HGNC:6023", "HGNC:6024"]


def test_a_thing_is_suggested_once_and_no_more_than_asked_for(index: Index) -> None:
    found = [each.iri for each in index.suggest("i", limit=50)]
    assert len(set(found)) == len(found)
    assert len(index.suggest("i", limit=1)) == 1


def test_names_with_a_word_that_begins_so_come_last(index: Index) -> None:
    found = index.suggest("recep")
    assert [each.name for each in found] == ["interleukin 7 receptor"]


def test_a_graph_of_other_things_has_an_empty_index(tmp_path: Path) -> None:
    write_people(tmp_path / "people.kg", 5, "0" * 12)
    with open_graph(tmp_path / "people.kg") as graph:
        build_index(graph, tmp_path / "index.sqlite")
    with Index(tmp_path / "index.sqlite") as index:
        assert index.search("P1").hits == ()
        assert index.suggest("P") == []


def test_what_is_no_index_is_told(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.sqlite"
    damaged.write_bytes(b"SQLite format 3\0" + bytes(5000))
    for path in (damaged, tmp_path / "missing.sqlite"):
        with pytest.raises(SearchError, match="cannot be opened"):
            Index(path)
