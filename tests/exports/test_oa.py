"""Web Annotations: read back as JSON-LD, every quote and offset held against the texts."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pyld import jsonld
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QuerySolutions,
    RdfFormat,
    Store,
)

from kg.errors import KgError
from kg.exports.oa import CONTEXT, WebAnnotations
from kg.exports.view import Profile, View
from kg.namespaces import KG
from kg.store import open_graph

PREFIXES = {
    "kg": KG,
    "oa": "http://www.w3.org/ns/oa#",
    "dcterms": "http://purl.org/dc/terms/",
    "as": "http://www.w3.org/ns/activitystreams#",
}
# The terms that are used of those that the context of Web Annotation defines, as it defines them.
USED = {
    "id": "@id",
    "type": "@type",
    **{
        name: f"http://www.w3.org/ns/oa#{name}"
        for name in (
            *("Annotation", "SpecificResource", "TextQuoteSelector", "TextPositionSelector"),
            *("identifying", "exact", "prefix", "suffix"),
        )
    },
    "Software": "http://www.w3.org/ns/activitystreams#Application",
    "name": "http://xmlns.com/foaf/0.1/name",
    "creator": {"@type": "@id", "@id": "http://purl.org/dc/terms/creator"},
    "motivation": {"@type": "@vocab", "@id": "http://www.w3.org/ns/oa#motivatedBy"},
    "refinedBy": {"@type": "@id", "@id": "http://www.w3.org/ns/oa#refinedBy"},
    **{
        term: {"@type": "@id", "@id": f"http://www.w3.org/ns/oa#{name}"}
        for term, name in {
            "body": "hasBody",
            "target": "hasTarget",
            "source": "hasSource",
            "selector": "hasSelector",
        }.items()
    },
    **{
        name: {
            "@id": f"http://www.w3.org/ns/oa#{name}",
            "@type": "http://www.w3.org/2001/XMLSchema#nonNegativeInteger",
        }
        for name in ("start", "end")
    },
}


def load_context(url: str, _: Any) -> dict[str, Any]:
    assert url == CONTEXT
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": {"@context": USED},
    }


def read_back(lines: list[str]) -> Store:
    """The annotations as RDF, by a JSON-LD processor; a context must define each key."""
    store = Store()
    for line in lines:
        document = json.loads(line)
        options = {"documentLoader": load_context}
        expanded = jsonld.expand(document, options)
        assert spread(document) <= {*USED, "@context", "field", "score", "method"}
        store.load(
            jsonld.to_rdf(expanded, {**options, "format": "application/n-quads"}).encode(),
            format=RdfFormat.N_QUADS,
        )
    return store


def spread(value: Any) -> set[str]:
    """All keys of a document but for those of its context."""
    if isinstance(value, list):
        return {key for each in value for key in spread(each)}
    if not isinstance(value, dict):
        return set()
    keys = set(value)
    for key, each in value.items():
        if key != "@context":
            keys |= spread(each)
    return keys


def rows(store: Store, query: str) -> list[tuple[str, ...]]:
    found = store.query(query, prefixes=PREFIXES)
    assert isinstance(found, QuerySolutions)
    return [tuple("" if term is None else term.value for term in row) for row in found]


@pytest.fixture
def view(il7_graph: Path) -> Iterator[View]:
    with open_graph(il7_graph) as graph:
        yield View(store=graph.store, manifest=graph.manifest)


@pytest.fixture
def lines(view: View, tmp_path: Path) -> list[str]:
    profile: Profile = WebAnnotations()
    target = tmp_path / f"il7{profile.suffix}"
    written = profile.write(view, target)
    found = target.read_text(encoding="utf-8").splitlines()
    assert written.files == {target: f"{len(found):,} annotations"}
    assert written.notes == ()
    return found


def test_each_place_of_a_mention_is_an_annotation(view: View, lines: list[str]) -> None:
    """As the pattern of the documentation finds them, with the longest wording at a place."""
    wanted = rows(
        view.store,
        """SELECT ?paper ?field ?at (MAX(STRLEN(?exact)) AS ?length) {
             ?s kg:inPublication ?paper ; kg:field ?field ; kg:start ?start ; kg:text ?text ;
               kg:mentionAt ?at ; kg:hasMention ?m . ?m kg:exact ?exact .
             FILTER(SUBSTR(?text, ?at - ?start + 1, STRLEN(?exact)) = ?exact)
           } GROUP BY ?paper ?field ?at""",
    )
    found = rows(
        read_back(lines),
        """SELECT ?paper ?field ?at (?end - ?at AS ?length) {
             ?a a oa:Annotation ; oa:hasTarget ?t . ?t oa:hasSource ?paper ; kg:field ?field ;
               oa:hasSelector ?p . ?p a oa:TextPositionSelector ; oa:start ?at ; oa:end ?end }""",
    )
    assert sorted(found) == sorted(wanted)
    places = rows(view.store, "SELECT ?s ?at { ?s kg:mentionAt ?at }")
    assert len(found) == len(lines) == len(places) > 400


def test_quotes_are_in_the_texts(view: View, lines: list[str]) -> None:
    texts: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for paper, field, start, text in rows(
        view.store,
        "SELECT ?p ?f ?b ?t { ?s kg:inPublication ?p ; kg:field ?f ; kg:start ?b ; kg:text ?t }",
    ):
        texts.setdefault((paper, field), []).append((int(start), text))
    for line in lines:
        target = json.loads(line)["target"]
        quote, position = target["selector"]
        [(begin, text)] = [
            (begin, text)
            for begin, text in texts[target["source"], target["field"]]
            if begin <= position["start"] < begin + len(text)
        ]
        at = position["start"] - begin
        assert text[at : position["end"] - begin] == quote["exact"]
        assert text[:at].endswith(quote["prefix"])
        assert text[position["end"] - begin :].startswith(quote["suffix"])
        assert quote["prefix"] or at == 0


def test_bodies_are_the_entities_that_papers_mention(view: View, lines: list[str]) -> None:
    pairs = {(json.loads(line)["target"]["source"], json.loads(line)["body"]) for line in lines}
    assert pairs == set(rows(view.store, "SELECT ?p ?e { ?p kg:mentions ?e }"))


def test_no_blank_nodes_and_one_iri_each(lines: list[str]) -> None:
    store = read_back(lines)
    assert not any(isinstance(term, BlankNode) for quad in store for term in quad.triple)
    assert len({json.loads(line)["id"] for line in lines}) == len(lines)
    parts = rows(
        store,
        """SELECT ?a (COUNT(DISTINCT ?b) AS ?bodies) (COUNT(DISTINCT ?t) AS ?targets)
                  (COUNT(DISTINCT ?s) AS ?selectors) (COUNT(DISTINCT ?c) AS ?creators) {
             ?a a oa:Annotation ; oa:hasBody ?b ; oa:hasTarget ?t ; dcterms:creator ?c ;
               oa:motivatedBy oa:identifying ; kg:score ?score ; kg:method ?method .
             ?c a as:Application . ?t oa:hasSelector ?s } GROUP BY ?a""",
    )
    assert {part[1:] for part in parts} == {("1", "1", "2", "1")}
    assert len(parts) == len(lines)


def test_same_graph_same_bytes(view: View, tmp_path: Path) -> None:
    """Whatever the order in which it was loaded."""
    other = Store()
    other.bulk_extend(sorted(view.store, key=str, reverse=True))
    for name, store in (("a", view.store), ("b", other)):
        WebAnnotations().write(View(store=store, manifest=view.manifest), tmp_path / name)
    one, two = ((tmp_path / name).read_bytes().splitlines() for name in ("a", "b"))
    assert sorted(one) == sorted(two)


def without_texts(view: View, *, ends: bool) -> View:
    """The view without the words of abstracts and snippets, as an export leaves them out."""
    store = Store()
    for quad in view.store:
        if quad.predicate.value != f"{KG}text":
            store.add(quad)
        elif ends:
            [[start]] = rows(view.store, f"SELECT ?b {{ {quad.subject} kg:start ?b }}")
            end = Literal(int(start) + len(quad.object.value))
            store.add(Quad(quad.subject, NamedNode(f"{KG}end"), end))
    return View(store=store, manifest=view.manifest)


@pytest.mark.parametrize("ends", [True, False])
def test_without_the_texts_the_words_stay(
    view: View, lines: list[str], tmp_path: Path, ends: bool
) -> None:
    written = WebAnnotations().write(without_texts(view, ends=ends), tmp_path / "a.jsonl")
    found = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text().splitlines()]
    assert all("prefix" not in str(each["target"]) for each in found)
    whole = {
        (each["target"]["source"], each["body"], each["target"]["selector"][0]["exact"])
        for each in map(json.loads, lines)
    }
    quotes = [each["target"]["selector"][0] for each in found]
    exact = [quote.get("refinedBy", quote)["exact"] for quote in quotes]
    assert {
        (each["target"]["source"], each["body"], words)
        for each, words in zip(found, exact, strict=True)
    } == whole
    assert bool(written.notes) == ends
    # A place that is given is the right one.
    placed = {
        (each["target"]["source"], each["body"], selector["start"], selector["end"])
        for each in found
        for selector in each["target"]["selector"][1:]
    }
    assert placed <= {
        (each["target"]["source"], each["body"], *position(each)) for each in map(json.loads, lines)
    }
    assert placed
    read_back((tmp_path / "a.jsonl").read_text().splitlines())


def position(annotation: dict[str, Any]) -> tuple[int, int]:
    selector = annotation["target"]["selector"][1]
    return selector["start"], selector["end"]


def test_mention_that_says_nothing(view: View, tmp_path: Path) -> None:
    store = Store()
    store.bulk_extend(quad for quad in view.store if quad.predicate.value != f"{KG}refersTo")
    with pytest.raises(KgError, match=r"has no kg:refersTo"):
        WebAnnotations().write(View(store=store, manifest={}), tmp_path / "a.jsonl")


def test_longer_of_two_at_one_place(make_store: Callable[[str], Store], tmp_path: Path) -> None:
    store = make_store(
        """<s> a kg:Sentence ; kg:inPublication <p> ; kg:field "abstract" ; kg:start 100 ;
             kg:text "A T cell and T cells" ; kg:hasMention <m1>, <m2> ; kg:mentionAt 102, 113 .
           <m1> kg:exact "T cell" ; kg:refersTo <e1> .
           <m2> kg:exact "T cells" ; kg:refersTo <e2> ."""
    )
    WebAnnotations().write(View(store=store, manifest={}), tmp_path / "a.jsonl")
    found = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text().splitlines()]
    assert [(each["body"][-2:], *position(each)) for each in found] == [
        ("e1", 102, 108),
        ("e2", 113, 120),
    ]


@pytest.fixture
def make_store() -> Callable[[str], Store]:
    def make(text: str) -> Store:
        store = Store()
        head = f"@base <http://a.b/> . @prefix kg: <{KG}> . "
        store.load((head + text).encode(), format=RdfFormat.TURTLE)
        return store

    return make
