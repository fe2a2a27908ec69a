"""What a graph says of one thing, on a real store."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from kg.descriptions import (
    Edges,
    Names,
    Readable,
    describe_node,
    find_successor,
    is_known,
    read_page,
)
from kg.descriptions.edges import COUNTED, ORDERED
from kg.descriptions.entities import read_entity
from kg.descriptions.literature import (
    count_years,
    find_most_mentioned,
    read_entities,
    read_papers,
)
from kg.descriptions.model import select
from kg.descriptions.naming import words_of
from kg.descriptions.ontology import read_terms
from kg.descriptions.papers import read_authors, read_paper
from kg.descriptions.sentences import read_sentences
from kg.descriptions.statements import read_evidence, read_stated
from kg.namespaces import DCTERMS, KG, RDF, RDFS, XSD
from kg.store import Graph, open_graph, write_generation

HUB = "http://example.org/hub"
LINK = "http://example.org/link"
MANY = 12_000


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    folder = tmp_path_factory.mktemp("descriptions") / "hub.kg"
    a = "<http://example.org/"
    lines = [f"{a}{number:05}> <{RDF}type> <{HUB}> ." for number in range(MANY)]
    lines += [f"<{HUB}> <{LINK}> {a}{number:05}> ." for number in range(500)]
    lines += [f'<{HUB}> <{RDFS}label> "{"x" * 600}{number}" .' for number in range(7)]
    lines += [f"<{HUB}> <{LINK}2> {a}1> {a}graph> .", f"<{HUB}> <{LINK}> {a}00001> {a}graph> ."]
    lines += [f"<{HUB}> {a}has> _:b .", f'_:b {a}value> "inner" .']
    replaced = f"<{DCTERMS}isReplacedBy>"
    lines += [f"{a}old> {replaced} {a}older> .", f"{a}older> {replaced} {a}new> ."]
    lines += [f"{a}x> {replaced} {a}y> .", f"{a}y> {replaced} {a}x> ."]
    lines += [f"{a}split> {replaced} {a}1> .", f"{a}split> {replaced} {a}2> ."]
    with write_generation(folder, build_hash="5" * 12) as writer:
        writer.add_lines(lines)
        writer.finish({"quads": len(lines)})
    with open_graph(folder) as opened:
        yield opened


@pytest.fixture(scope="module")
def il7(il7_graph: Path) -> Iterator[Graph]:
    with open_graph(il7_graph) as opened:
        yield opened


def of(edges: tuple[Edges, ...], predicate: str) -> Edges:
    return next(each for each in edges if each.predicate == predicate)


def test_a_description_has_both_directions_and_a_bound(graph: Graph) -> None:
    found = describe_node(graph, HUB, shown=50)
    links = of(found.outgoing, LINK)
    assert (len(links.edges), links.total, links.is_least) == (50, 500, False)
    members = of(found.incoming, f"{RDF}type")
    assert (len(members.edges), members.total, members.is_least) == (50, COUNTED, True)
    assert found.is_whole


def test_statements_of_named_graphs_are_told_with_their_graph(graph: Graph) -> None:
    found = describe_node(graph, HUB)
    assert of(found.outgoing, f"{LINK}2").edges[0].graphs == ("http://example.org/graph",)
    both = next(
        edge
        for edge in of(found.outgoing, LINK).edges
        if edge.value == NamedNode("http://example.org/00001")
    )
    assert both.graphs == ("", "http://example.org/graph")
    named = [quad for quad in found.quads() if isinstance(quad.graph_name, NamedNode)]
    assert len(named) == 2


def test_what_is_said_of_blank_nodes_is_told_too(graph: Graph) -> None:
    inner = describe_node(graph, HUB).inner
    assert [quad.object.value for quad in inner if not isinstance(quad.object, NamedNode)] == [  # type: ignore[union-attr]
        "inner"
    ]


@pytest.mark.parametrize(
    ("predicate", "is_incoming", "total"),
    [(LINK, False, 500), (f"{RDFS}label", False, 7), (f"{RDF}type", True, MANY)],
)
def test_pages_follow_each_other_to_the_end(
    graph: Graph, predicate: str, is_incoming: bool, total: int
) -> None:
    shown = 3 if total < 10 else 200 if total < 1000 else 5000
    seen: list[str] = []
    after = ""
    while True:
        page = read_page(graph, HUB, predicate, is_incoming=is_incoming, after=after, shown=shown)
        assert len(page.edges) <= shown
        seen += [edge.key for edge in page.edges]
        after = page.after
        if not after:
            break
    assert len(seen) == len(set(seen)) == total
    if total <= ORDERED:
        assert seen == sorted(seen)


def test_keys_are_short_whatever_the_text(graph: Graph) -> None:
    labels = of(describe_node(graph, HUB).outgoing, f"{RDFS}label")
    assert max(len(edge.key) for edge in labels.edges) < 500


def test_a_page_of_what_is_not_there_is_empty(graph: Graph) -> None:
    assert read_page(graph, HUB, "http://example.org/none", is_incoming=True).edges == ()


def test_where_very_much_is_said_rare_properties_are_those_the_graph_lists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.descriptions.edges._LOOKED_AT", 10)
    folder = tmp_path / "listed.kg"
    lines = [f"<http://a/{number}> <http://a/often> <{HUB}> ." for number in range(2000)]
    lines += [f"<http://a/z> <http://a/rare> <{HUB}> ."]
    lines += [
        "<http://a/part> <http://rdfs.org/ns/void#property> <http://a/rare> <http://a/about> ."
    ]
    with write_generation(folder, build_hash="6" * 12) as writer:
        writer.add_lines(lines)
        writer.finish({"quads": len(lines)})
    with open_graph(folder) as opened:
        found = describe_node(opened, HUB)
    assert {each.predicate for each in found.incoming} == {"http://a/often", "http://a/rare"}
    assert not found.is_whole


@pytest.mark.parametrize(
    ("iri", "successor"),
    [("old", "new"), ("older", "new"), ("x", ""), ("split", ""), ("new", ""), ("hub", "")],
)
def test_what_is_replaced_leads_on_where_that_is_clear(
    graph: Graph, iri: str, successor: str
) -> None:
    expected = f"http://example.org/{successor}" if successor else ""
    assert find_successor(graph, f"http://example.org/{iri}") == expected


def test_an_iri_is_known_in_any_place_of_a_statement(graph: Graph) -> None:
    for iri in (HUB, LINK, f"{LINK}2", "http://example.org/graph", "http://example.org/new"):
        assert is_known(graph, iri)
    assert not is_known(graph, "http://example.org/unheard")
    with pytest.raises(ValueError, match="IRI"):
        is_known(graph, "no iri")


def names_of(graph: Readable, *iris: str) -> list[str]:
    names = Names(graph, "https://w3id.org/litkg/", {"kg": KG})
    names.read(iris)
    return [names.of(iri) for iri in iris]


def test_things_without_a_name_of_their_own_are_named_by_their_parts(il7: Graph) -> None:
    base = "https://w3id.org/litkg/"
    said = next(select(il7, f"SELECT ?a ?e ?r {{ ?a <{KG}evidence> ?e . ?r a <{KG}Record> }}"))
    assertion, evidence, record = (said[name].value for name in "aer")
    subject, predicate, *_ = names_of(il7, assertion)[0].split(" ")
    assert subject
    assert predicate
    assert names_of(il7, evidence)[0].count(" ") > 4
    assert names_of(il7, record)[0].startswith("interleukin-7.txt, line ")
    assert names_of(il7, "http://purl.uniprot.org/uniprot/P13232", f"{base}nothing/here") == [
        "UniProt:P13232",
        "nothing/here",
    ]
    assert names_of(il7, f"{base}registry/EFO") == ["EFO"]  # by a named graph


def test_a_paper_is_read_in_order_with_what_it_says(il7: Graph) -> None:
    rows = select(
        il7,
        f"SELECT ?p {{ ?e <{KG}evidenceSentence>/<{KG}inPublication> ?p }} ORDER BY ?p LIMIT 1",
    )
    paper = read_paper(il7, next(rows)["p"].value)
    assert paper.sentences[0].field == "title"
    assert all(one.text and one.iri for one in paper.sentences)
    assert paper.said
    assert {one.sentence for one in paper.said} <= {one.iri for one in paper.sentences}


def test_an_entity_has_its_newest_papers_first(il7: Graph) -> None:
    entity = read_entity(il7, "http://identifiers.org/hgnc/6023")
    years = [year for _, year in entity.papers.papers]
    assert years == sorted(years, reverse=True)
    assert len(years) == len(entity.said.statements) == 10
    assert sum(entity.years.values()) == entity.papers.total > 10
    assert [one.papers for one in entity.said.statements] == sorted(
        (one.papers for one in entity.said.statements), reverse=True
    )
    assert {one.subject for one in entity.said.statements} == {"http://identifiers.org/hgnc/6023"}
    assert {one.object for one in entity.said_to.statements} == {"http://identifiers.org/hgnc/6023"}
    assert "http://identifiers.org/hgnc/6023" not in {one.entity for one in entity.together}


def test_an_ontology_has_its_terms(il7: Graph) -> None:
    terms = {term.iri.partition("#")[2]: term for term in read_terms(il7, KG.rstrip("#"))}
    assert terms["Gene"].label == "gene"
    assert f"{KG}Entity" in terms["Gene"].above
    assert terms["mentions"].domain == (f"{KG}Publication",)


@pytest.mark.parametrize(
    ("iri", "words"),
    [
        (f"{KG}mentions", "mentions"),
        ("http://xmlns.com/foaf/0.1/primaryTopic", "primary topic"),
        ("http://purl.obolibrary.org/obo/IAO_0100001", "IAO 0100001"),
        ("urn:x:", "x"),
    ],
)
def test_properties_without_a_name_are_called_by_their_iri_in_words(iri: str, words: str) -> None:
    assert words_of(iri) == words


def test_years_and_papers_are_counted_and_paged_by_key(il7: Graph) -> None:
    years = count_years(il7)
    every = read_papers(il7, years=years, shown=1000)
    assert every.total == len(every.papers) == sum(years.values()) > 60
    seen: list[tuple[str, int]] = []
    after = ""
    while True:
        page = read_papers(il7, years=years, after=after, shown=7)
        seen += page.papers
        after = page.after
        if not after:
            break
    assert tuple(seen) == every.papers
    year = max(years)
    of_year = read_papers(il7, years=years, year=year, shown=1000)
    assert of_year.papers == tuple(each for each in every.papers if each[1] == year)
    assert read_papers(il7, years=years, after="nonsense").papers == every.papers[:20]
    il7r = count_years(il7, "http://identifiers.org/hgnc/6024")
    assert 0 < sum(il7r.values()) < every.total


def test_years_with_very_many_papers_are_paged_and_papers_without_a_year_come_last(
    tmp_path: Path,
) -> None:
    lines = [
        f"<http://example.org/{number}> <{RDF}type> <{KG}Publication> ." for number in range(1205)
    ]
    lines += [
        f'<http://example.org/{number}> <{KG}year> "2001"^^<{XSD}integer> .'
        for number in range(1200)
    ]
    with write_generation(tmp_path / "a.kg", build_hash="0" * 12) as writer:
        writer.add_lines(lines)
        writer.finish({"quads": len(lines)})
    with open_graph(tmp_path / "a.kg") as graph:
        years = count_years(graph)
        assert years == {0: 5, 2001: 1200}
        seen: list[tuple[str, int]] = []
        after = "begin"
        while after:
            page = read_papers(graph, years=years, after=after, shown=250)
            assert len(page.papers) <= 250
            seen += page.papers
            after = page.after
        assert len(seen) == len(set(seen)) == 1205
        assert [year for _, year in seen] == [2001] * 1200 + [0] * 5
        assert read_papers(graph, years=years, year=0).total == 5


def test_entities_are_ranked_by_papers_and_paged(il7: Graph) -> None:
    every = read_entities(il7, f"{KG}Gene", shown=1000)
    assert every.total == len(every.entities)
    assert every.entities[0][0] == "http://identifiers.org/hgnc/6023"
    counts = [papers for _, papers in every.entities]
    assert counts == sorted(counts, reverse=True)
    first = read_entities(il7, f"{KG}Gene", shown=5)
    rest = read_entities(il7, f"{KG}Gene", after=first.after, shown=1000)
    assert first.entities + rest.entities == every.entities
    most = find_most_mentioned(il7, [f"{KG}Gene", f"{KG}Disease"], 3)
    assert [iri for iri, _ in most[f"{KG}Gene"]] == [iri for iri, _ in every.entities[:3]]
    assert find_most_mentioned(il7, [f"{KG}Gene"], 1, sample=5)[f"{KG}Gene"]


def test_an_assertion_rests_on_its_newest_sentences_first(il7: Graph) -> None:
    stated = read_stated(il7, "http://identifiers.org/hgnc/6023", as_object=False, shown=3)
    assert stated.total > len(stated.statements) == 3
    evidence = read_evidence(il7, [one.assertion for one in stated.statements], 2)
    for some in evidence.values():
        assert 0 < len(some) <= 2
        assert [one.year for one in some] == sorted((one.year for one in some), reverse=True)
        sentences = read_sentences(il7, [one.sentence for one in some])
        for one in some:
            sentence = sentences[one.sentence]
            assert one.subject in (sentence.text or "")
            assert (sentence.text or "")[one.at - sentence.start :].startswith(one.trigger)
    assert read_evidence(il7, [], 2) == {}
    assert read_sentences(il7, ["http://example.org/none"]) == {}


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("A B, The C, D Group, E F", ("A B", "The C, D Group", "E F")),
        ("Unknown X, A B, et al", ("Unknown X", "A B")),
        ("", ()),
    ],
)
def test_authors_are_in_the_order_of_the_byline(
    tmp_path: Path, byline: str, authors: tuple[str, ...]
) -> None:
    paper, lines = "<http://example.org/paper>", []
    for number, name in enumerate(("E F", "The C, D Group", "A B")):
        author = f"<http://example.org/author/{number}>"
        lines.append(f"{paper} <{KG}author> {author} .")
        lines.append(f'{author} <http://www.w3.org/2000/01/rdf-schema#label> "{name}" .')
    with write_generation(tmp_path / "a.kg", build_hash="0" * 12) as writer:
        writer.add_lines(lines)
        writer.finish({"quads": len(lines)})
    with open_graph(tmp_path / "a.kg") as graph:
        assert read_authors(graph, "http://example.org/paper", byline) == authors
