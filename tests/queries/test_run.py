"""Asking a small graph the saved queries: a second value for each, and one with no answer."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from kg.errors import ParameterError, QueryError
from kg.queries import Answer, SavedQuery, Value, load_saved_queries, prepare_query, run_query
from kg.queries.formats import write_csv, write_json, write_markdown, write_tsv, write_turtle
from kg.queries.run import find_pages, find_unmentioned, to_value
from kg.queries.saved import parse_saved_query

# Those that ask elsewhere are tried in test_online.
QUERIES = {name: query for name, query in load_saved_queries().items() if not query.online}
SAMPLE = Path(__file__).parent / "sample.ttl"


@pytest.fixture(scope="module")
def store() -> Store:
    loaded = Store()
    loaded.load(path=str(SAMPLE), format=RdfFormat.TURTLE)
    return loaded


def ask(store: Store, name: str, given: Mapping[str, str], limit: int | None = None) -> Answer:
    return run_query(store, name, given, None, limit=limit)


KG = "https://w3id.org/litkg/ontology#"
OBO = "http://purl.obolibrary.org/obo/"

# For each query with parameters: a second value, a column, and what the answer has in it; and a
# value that has no answer.
SECOND: dict[str, tuple[dict[str, str], str, list[object]]] = {
    "cell-types-for-gene": ({"gene": "STAT5"}, "name", ["pro-B cell"]),
    "co-mentioned": (
        {"entity": "IL-15"},
        "name",
        ["CD4-positive, alpha-beta memory T cell", "IL7"],
    ),
    "corrections-of": (
        {"about": "stat5"},
        "how",
        ["is corrected by", "is commented on by"],
    ),
    "connected-through": (
        {"entity_a": "arthritis", "entity_b": "IL-15"},
        "name",
        ["IL7"],
    ),
    "contradictions": (
        {"entity": "BLNK", "with_speculative": "false"},
        "negated",
        [False, False, False, True],
    ),
    "diseases-for-gene": ({"gene": "CD127"}, "name", ["multiple sclerosis"]),
    "entity-card": ({"entity": "Treg"}, "property", ["name", "type", "identifier", "synonym"]),
    "entity-neighbourhood": (
        {"entity": "multiple sclerosis"},
        "predicate",
        ["http://www.w3.org/2004/02/skos/core#exactMatch"],
    ),
    "gene-in-disease": (
        {"gene": "BLNK", "disease": "leukemia"},
        "link",
        ["direct", "same paper"],
    ),
    "genes-for-disease": ({"disease": "arthritis"}, "name", ["IL7"]),
    "how-acts-on": (
        {"entity_a": "JAK3", "entity_b": "STAT5"},
        "assertion",
        ["JAK3 activates STAT5A"],
    ),
    "mapping-conflicts": (
        {"conflict": "obsolete"},
        "name",
        ["regulatory T cell"],
    ),
    "mentioned-with": (
        {"entity": "IL-15", "type": "CellType"},
        "name",
        ["CD4-positive, alpha-beta memory T cell"],
    ),
    "most-mentioned": (
        {"type": "Disease"},
        "name",
        [
            "arthritic joint disease",
            "leukemia",
            "multiple sclerosis",
            "ovarian cancer",
            "rheumatoid arthritis",
        ],
    ),
    "most-published-authors": ({"limit": "1"}, "author", ["Lundmark F"]),
    "names-used": ({"entity": "Treg"}, "text", ["T regulatory cells", "Treg cell"]),
    "newest-evidence": (
        {"entity": "arthritis", "limit": "2"},
        "assertion",
        ["IL7 promotes arthritic joint disease"],
    ),
    "only-speculated": ({"entity": "IL-15"}, "object", [f"{OBO}CL_0000897"]),
    "papers-by-author": ({"author": "lundmark f"}, "year", [2007, None]),
    "papers-by-heading": (
        {"heading": "mice"},
        "headings",
        ["Mice", "Mice"],
    ),
    "papers-by-journal-and-year": ({"year_from": "2005", "year_to": "2005"}, "year", [2005]),
    "papers-by-type": (
        {"type": "clinical trial"},
        "types",
        ["Clinical Trial; Journal Article"],
    ),
    "papers-by-year": ({"entity": "arthritis"}, "papers", [1, 1]),
    "papers-connecting": (
        {"entity_a": "IL7R", "entity_b": "multiple sclerosis"},
        "text_a",
        ["interleukin 7 receptor alpha chain", "IL7R"],
    ),
    "papers-mentioning": ({"entity": "arthritis"}, "text", ["rheumatoid arthritis", "arthritis"]),
    "regulators-of": (
        {"entity": "memory T cell", "speculative": "false"},
        "name",
        ["IL7"],
    ),
    "regulatory-neighbourhood": (
        {"entity": "BLNK"},
        "predicate",
        [f"{KG}inhibits", f"{KG}activates"],
    ),
    "sentences-with-words": ({"words": "NON-hla"}, "year", [2007]),
    "subtypes-mentioned": (
        {"entity": "memory T cell"},
        "name",
        ["CD4-positive, alpha-beta memory T cell"],
    ),
    "targets-of": ({"entity": "CD127"}, "name", ["regulatory T cell"]),
    "topic-summary": ({"section": "More Information"}, "position", [1, 2, 3, 4, 5]),
    "unlinked-entities": (
        {"type": "Organism"},
        "name",
        ["Mus musculus", "Homo sapiens"],
    ),
}
NOTHING = {
    "cell-types-for-gene": {"gene": "STAT", "subtypes": "false"},
    "co-mentioned": {"entity": "Lab clone 7"},
    "connected-through": {"entity_a": "multiple sclerosis", "entity_b": "STAT5"},
    "contradictions": {"entity": "IL-7"},
    "corrections-of": {"about": "30000002"},
    "diseases-for-gene": {"gene": "STAT5"},
    "gene-in-disease": {"gene": "IL-15", "disease": "multiple sclerosis"},
    "genes-for-disease": {"disease": "ovarian cancer"},
    "how-acts-on": {"entity_a": "STAT5", "entity_b": "IL-7"},
    "mapping-conflicts": {"conflict": "denied"},
    "mentioned-with": {"entity": "IL-7", "type": "Chemical"},
    "most-mentioned": {"type": "Chemical"},
    "names-used": {"entity": "Lab clone 7"},
    "newest-evidence": {"entity": "IL-7", "predicate": "binds"},
    "only-speculated": {"entity": "STAT5"},
    "papers-by-author": {"author": "Roon"},
    "papers-by-heading": {"heading": "Interleukin-7/metabolism"},
    "papers-by-journal-and-year": {"year_from": "2011"},
    "papers-by-type": {"type": "Clinical"},
    "papers-by-year": {"entity": "Lab clone 7"},
    "papers-connecting": {"entity_a": "IL-7", "entity_b": "multiple sclerosis"},
    "papers-mentioning": {"entity": "Lab clone 7"},
    "regulators-of": {"entity": "STAT5", "negated": "true"},
    "regulatory-neighbourhood": {"entity": "ovarian cancer"},
    "sentences-with-words": {"words": ".*"},
    "subtypes-mentioned": {"entity": "IL-7"},
    "targets-of": {"entity": "IL-7", "predicate": "inhibits"},
    "unlinked-entities": {"type": "Chemical"},
}


def test_every_query_with_parameters_is_tried() -> None:
    assert set(SECOND) == {name for name, query in QUERIES.items() if query.parameters}


@pytest.mark.parametrize("name", SECOND)
def test_second_value(name: str, store: Store) -> None:
    given, column, expected = SECOND[name]
    found = [row[column] for row in ask(store, name, given).rows]
    if name in ("entity-card", "entity-neighbourhood", "regulatory-neighbourhood"):
        assert set(expected) <= set(found)
    else:
        assert found == expected


@pytest.mark.parametrize("name", NOTHING)
def test_value_with_no_answer(name: str, store: Store) -> None:
    answer = ask(store, name, NOTHING[name])
    assert answer.rows == []
    assert answer.complete


@pytest.mark.parametrize(
    "name", [each.name for each in QUERIES.values() if "indexing" in each.keywords]
)
def test_example_of_what_reading_lists_lack(name: str, store: Store) -> None:
    query = QUERIES[name]
    rows = run_query(store, query, query.example.parameters, None).rows
    for wanted in query.example.contains:
        assert any(all(row[key] == value for key, value in wanted.items()) for row in rows), wanted


PAIR = {"entity_a": "IL-7", "entity_b": "STAT5"}


def titles(answer: Answer) -> list[object]:
    return list(dict.fromkeys(row["title"] for row in answer.rows))


def test_pair_in_one_sentence(store: Store) -> None:
    answer = ask(store, "papers-connecting", PAIR)
    assert [(row["year"], row["text_a"], row["text_b"]) for row in answer.rows] == [
        (2010, "interleukin 7", "STAT5"),
        (2005, "IL-7", "STAT5"),
    ]
    turned = ask(store, "papers-connecting", {"entity_a": "STAT5", "entity_b": "IL-7"})
    assert titles(turned) == titles(answer)
    assert [row["text_a"] for row in turned.rows] == ["STAT5", "STAT5"]


def test_pair_in_one_paper(store: Store) -> None:
    """Rows are the sentences that name either; STAT5A is a member of STAT5."""
    answer = ask(store, "papers-connecting", {**PAIR, "level": "paper"})
    assert [(row["year"], row["field"], row["text_a"], row["text_b"]) for row in answer.rows] == [
        (2010, "title", None, "STAT5"),
        (2010, "snippet", "interleukin 7", "STAT5"),
        (2006, "snippet", "IL-7", None),
        (2006, "snippet", None, "STAT5A"),
        (2005, "title", "IL-7", "STAT5"),
        (2005, "snippet", "IL-7", None),
    ]


def test_switch_leaves_subtypes_out(store: Store) -> None:
    without = ask(store, "papers-connecting", {**PAIR, "level": "paper", "subtypes": "no"})
    assert {row["year"] for row in without.rows} == {2010, 2005}
    pair = {"entity_a": "IL-7", "entity_b": "arthritis"}
    assert len(titles(ask(store, "papers-connecting", pair))) == 2
    assert len(titles(ask(store, "papers-connecting", {**pair, "subtypes": "false"}))) == 1


def test_one_mention_does_not_connect_a_family_to_its_member(store: Store) -> None:
    pair = {"entity_a": "STAT5", "entity_b": "STAT5A", "level": "paper"}
    assert ask(store, "papers-connecting", pair).rows == []


def test_several_values_are_either_of_them(store: Store) -> None:
    both = run_query(store, "papers-mentioning", {"entity": ["IL-15", "Treg"]}, None)
    assert {row["text"] for row in both.rows} == {"IL-15", "T regulatory cells", "Treg cell"}
    same = ask(store, "papers-mentioning", {"entity": "IL-15, Treg"})
    assert same.rows == both.rows
    assert json.loads(write_json(same))["parameters"]["entity"] == [
        {"given": "IL-15", "id": "HGNC:5977", "label": "IL15"},
        {"given": "Treg", "id": "CL:0000815", "label": "regulatory T cell"},
    ]


def test_paper_without_a_year_is_last_and_has_none(store: Store) -> None:
    rows = ask(store, "papers-by-author", {"author": "LUNDMARK F"}).rows
    assert [row["year"] for row in rows] == [2007, None]
    assert rows[1]["title"] == 'A "quoted" word in ovarian cancer'


def test_retracted_papers_are_marked_and_can_be_left_out(store: Store) -> None:
    # One says so itself, of the other a notice in the graph does.
    for name, given in (
        ("papers-mentioning", {"entity": "BLNK"}),
        ("papers-mentioning", {"entity": "CD127"}),
        ("how-acts-on", {"entity_a": "BLNK", "entity_b": "JAK3"}),
        ("regulators-of", {"entity": "Treg"}),
        ("newest-evidence", {"entity": "JAK3"}),
        ("sentences-with-words", {"words": "JAK3"}),
        ("contradictions", {"entity": "JAK3"}),
    ):
        rows = ask(store, name, given).rows
        standing = ask(store, name, {**given, "retracted": "no"}).rows
        withdrawn = ask(store, name, {**given, "retracted": "yes"}).rows
        assert {row["title"] for row in withdrawn} <= {
            "JAK3 is not inhibited by BLNK",
            "A function for IL-7R for CD4+CD25+Foxp3+ T regulatory cells",
        }
        assert withdrawn, name
        assert withdrawn == [row for row in rows if row["retracted"]]
        assert standing == [row for row in rows if not row["retracted"]]


def test_retracted_papers_of_a_reading_list(store: Store) -> None:
    given = {"section": "More Information"}
    rows = ask(store, "topic-summary", given).rows
    assert [row["retracted"] for row in rows].count(True) == 1
    standing = ask(store, "topic-summary", {**given, "retracted": "no"}).rows
    assert standing == [row for row in rows if not row["retracted"]]


def test_what_bears_on_a_paper(store: Store) -> None:
    rows = ask(store, "corrections-of", {}).rows
    assert [(row["how"], row["other_title"]) for row in rows] == [
        ("is retracted by", None),
        ("is retracted by", "Retraction of a paper on CD127"),
        ("is corrected by", "J Immunol. 2006 Mar 1;176(5):3261"),
        ("is commented on by", "One more look at STAT5 in pro-B cell development"),
    ]
    grown = Store()
    grown.load(path=str(SAMPLE), format=RdfFormat.TURTLE)
    grown.load(
        b"@prefix kg: <https://w3id.org/litkg/ontology#> . @prefix p: <http://example.org/> . "
        b"p:PMC12 <http://purl.org/dc/terms/title> 'A' ; kg:updatedIn p:PMC13 .",
        format=RdfFormat.TURTLE,
    )
    (row,) = ask(grown, "corrections-of", {"about": "pmc12"}).rows
    assert (row["how"], row["other"]) == ("is updated by", "http://example.org/PMC13")


def test_headings_that_are_main_points(store: Store) -> None:
    given = {"heading": "multiple sclerosis"}
    (row,) = ask(store, "papers-by-heading", {**given, "major": "yes"}).rows
    assert row["headings"] == "Multiple Sclerosis/genetics*"
    exact = ask(store, "papers-by-heading", {"heading": "Multiple Sclerosis/Genetics"}).rows
    assert exact == [row]
    assert ask(store, "papers-by-heading", {"heading": "Mice", "major": "yes"}).rows == []


def test_names_of_a_family_are_those_of_its_members(store: Store) -> None:
    found = [
        (row["text"], row["name"]) for row in ask(store, "names-used", {"entity": "STAT5"}).rows
    ]
    assert found == [("STAT5", "STAT5"), ("STAT5A", "STAT5A")]
    alone = ask(store, "names-used", {"entity": "STAT5", "subtypes": "no"}).rows
    assert [(row["text"], row["papers"]) for row in alone] == [("STAT5", 2)]


def test_author_is_a_whole_name(store: Store) -> None:
    assert len(ask(store, "papers-by-author", {"author": "Panoskaltsis Mortari"}).rows) == 1
    assert len(ask(store, "papers-by-author", {"author": "samson villéger"}).rows) == 1
    assert ask(store, "papers-by-author", {"author": "Mortari A"}).rows == []
    assert len(ask(store, "papers-by-author", {"author": "cytokine study group"}).rows) == 1
    assert ask(store, "papers-by-author", {"author": "cytokine study"}).rows == []


@pytest.mark.parametrize(
    ("author", "label", "is_found"),
    [
        ("Doe", "Doe JA Jr", True),
        ("Doe", "Doe J 3rd", True),
        ("Doe", "Doe", True),
        ("Ivanov", "Ivanov IuV", True),
        ("Doe", "Doe Smith J", False),
        ("van", "van Roon J", False),
        ("Do", "Doe J", False),
        ("Doe J", "Doe JA", False),
    ],
)
def test_family_name_before_initials(author: str, label: str, is_found: bool) -> None:
    store = Store()
    store.load(
        f"@prefix kg: <{KG}> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . "
        f"<http://a/p> <http://purl.org/dc/terms/title> 'T' ; kg:author <http://a/a> . "
        f"<http://a/a> a kg:Author ; rdfs:label '{label}' .".encode(),
        format=RdfFormat.TURTLE,
    )
    assert bool(ask(store, "papers-by-author", {"author": author}).rows) is is_found


@pytest.mark.parametrize("text", ['"} DROP ALL #', "x\n} #", "'", "\\", "?author", "> <"])
def test_injection_is_only_a_text(text: str, store: Store) -> None:
    before = len(store)
    assert ask(store, "papers-by-author", {"author": text}).rows == []
    assert ask(store, "sentences-with-words", {"words": text}).rows == []
    assert len(store) == before


def test_limit_says_that_there_is_more(store: Store) -> None:
    cut = ask(store, "papers-mentioning", {"entity": "IL-7"}, limit=2)
    assert (len(cut.rows), cut.complete) == (2, False)
    whole = ask(store, "papers-mentioning", {"entity": "IL-7"}, limit=100)
    assert whole.complete
    exact = ask(store, "papers-mentioning", {"entity": "IL-7"}, limit=len(whole.rows))
    assert exact.rows == whole.rows
    assert exact.complete


def test_limit_parameter_and_limit_are_one(store: Store) -> None:
    assert ask(store, "most-mentioned", {}, limit=3) == ask(store, "most-mentioned", {"limit": "3"})
    assert not ask(store, "most-mentioned", {"limit": "3"}).complete
    assert ask(store, "most-mentioned", {}).complete
    with pytest.raises(ParameterError, match="limit is given twice"):
        ask(store, "most-mentioned", {"limit": "3"}, limit=4)
    for wrong in (0, -1):
        with pytest.raises(ParameterError, match="from 1 on"):
            ask(store, "most-mentioned", {}, limit=wrong)
    with pytest.raises(ParameterError, match="no rows that could be limited"):
        ask(store, "entity-neighbourhood", {"entity": "IL-7"}, limit=4)


def test_missing_and_unknown_parameters_are_told(store: Store) -> None:
    with pytest.raises(ParameterError, match="papers-connecting needs entity_b"):
        ask(store, "papers-connecting", {"entity_a": "IL-7"})
    with pytest.raises(ParameterError, match="no parameter 'entity_c'; did you mean entity_"):
        ask(store, "papers-connecting", {**PAIR, "entity_c": "IL-7"})
    with pytest.raises(ParameterError, match="no parameter 'zzz'; it has none"):
        ask(store, "entity-types", {"zzz": "1"})
    with pytest.raises(QueryError, match="no saved query called"):
        ask(store, "nothing", {})


def test_prepared_text_is_what_is_asked(store: Store) -> None:
    prepared = prepare_query(store, QUERIES["papers-mentioning"], {"entity": "IL-7"}, None, limit=5)
    assert "VALUES ?entity { <http://identifiers.org/hgnc/6023> }" in prepared.text
    assert prepared.text.endswith("LIMIT 6\n")
    assert prepared.limit == 5


def test_entity_that_nobody_mentions_is_found_out(store: Store) -> None:
    answer = ask(store, "papers-mentioning", {"entity": "Lab clone 7, STAT"})
    assert [each.id for each in find_unmentioned(store, answer)] == ["LAB:clone-7"]


def test_pages_of_papers(store: Store) -> None:
    paper = str(ask(store, "papers-mentioning", {"entity": "Treg"}).rows[0]["paper"])
    pages = find_pages(store, [paper, paper, "http://example.org/none"])
    assert list(pages) == [paper]
    assert pages[paper].startswith("https://pubmed.ncbi.nlm.nih.gov/?term=")
    notice = "http://www.ncbi.nlm.nih.gov/pubmed/30000002"
    assert find_pages(store, [notice]) == {notice: "https://pubmed.ncbi.nlm.nih.gov/30000002/"}


def small_query(body: str, columns: str) -> SavedQuery:
    return parse_saved_query(
        "small",
        f"#+ summary: s\n#+ description: d\n#+ columns: {columns}\n#+ budget: 100\n"
        f"#+ example: {{parameters: {{}}, contains: [{columns}]}}\n{body}",
    )


def test_ask_and_describe(store: Store) -> None:
    yes = run_query(store, small_query("ASK { ?s ?p ?o }", "{answer: x}"), {}, None)
    assert yes.rows == [{"answer": True}]
    assert "rs:value true" in write_turtle(yes)
    iri = "http://identifiers.org/hgnc/5977"
    columns = "{subject: x, predicate: x, object: x}"
    described = run_query(store, small_query(f"DESCRIBE <{iri}>", columns), {}, None)
    assert {row["subject"] for row in described.rows} == {iri}
    assert 'rdfs:label "IL15"' in write_turtle(described)


def test_construct_gives_triples_once(store: Store) -> None:
    answer = ask(store, "entity-neighbourhood", {"entity": "dendritic cell"})
    assert len(answer.triples) == len(set(answer.triples)) == len(answer.rows)
    read = rdflib.Graph().parse(data=write_turtle(answer), format="turtle")
    assert len(read) == len(answer.triples)


def test_select_as_turtle_is_a_result_set(store: Store) -> None:
    answer = ask(store, "papers-connecting", {**PAIR, "level": "paper"})
    read = rdflib.Graph().parse(data=write_turtle(answer), format="turtle")
    rs = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
    assert len(list(read.objects(None, rs.solution))) == 6
    # One binding a value; what is unbound has none.
    assert len(list(read.objects(None, rs.binding))) == 6 * 10 - 4 - 5
    assert write_turtle(answer) == write_turtle(
        ask(store, "papers-connecting", {**PAIR, "level": "paper"})
    )


def test_json_is_of_the_documented_form(store: Store) -> None:
    document = json.loads(write_json(ask(store, "papers-connecting", PAIR)))
    assert list(document) == ["query", "parameters", "columns", "rows", "complete"]
    assert document["query"] == "papers-connecting"
    assert document["parameters"]["entity_a"] == {
        "given": "IL-7",
        "id": "HGNC:6023",
        "label": "IL7",
    }
    assert document["parameters"]["level"] == {"given": "sentence", "id": None, "label": "sentence"}
    assert document["complete"] is True
    assert [list(row) for row in document["rows"]] == [document["columns"]] * 2
    without_type = json.loads(write_json(ask(store, "unlinked-entities", {})))
    assert without_type["parameters"] == {}


def test_tables_keep_what_is_odd() -> None:
    rows: list[tuple[Value, ...]] = [
        ('a "b", c', "x\ty\nz", None, True),
        ("|*_`<[\\", "http://e/ x", 1, "http://e/1"),
    ]
    columns = ["a", "b", "c", "d"]
    assert write_csv(columns, rows).splitlines()[1].startswith('"a ""b"", c","x\ty')
    assert write_tsv(columns, rows).split("\n")[1] == 'a "b", c\tx y z\t\ttrue'
    lines = write_markdown(columns, rows).splitlines()
    assert lines[2] == '| a "b", c | x y z |  | true |'
    assert lines[3] == r"| \|\*\_\`\<\[\\ | http://e/ x | 1 | <http://e/1> |"


def test_values_are_plain() -> None:
    xsd = "http://www.w3.org/2001/XMLSchema#"
    assert to_value(Literal("0.5", datatype=NamedNode(f"{xsd}decimal"))) == 0.5
    assert to_value(Literal("1", datatype=NamedNode(f"{xsd}boolean"))) is True
    assert to_value(Literal("about 5", datatype=NamedNode(f"{xsd}integer"))) == "about 5"
    assert to_value(Literal("mot", language="fr")) == "mot"
