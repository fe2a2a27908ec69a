"""Nanopublications: each checked by the `nanopub` package, its trusty URI too."""

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import rdflib
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QuerySolutions,
    RdfFormat,
    Store,
    parse,
    serialize,
)

from kg.errors import KgError
from kg.exports.nanopub import LICENSE, Nanopublications
from kg.exports.trusty import artifact_code
from kg.exports.view import Profile, View
from kg.namespaces import KG
from kg.store import open_graph

with warnings.catch_warnings():
    # Of the package itself.
    warnings.simplefilter("ignore")
    from nanopub.nanopub import Nanopub
    from nanopub.trustyuri.rdf import RdfHasher, RdfUtils

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
PREFIXES = {
    "kg": KG,
    "np": "http://www.nanopub.org/nschema#",
    "prov": "http://www.w3.org/ns/prov#",
    "dcterms": "http://purl.org/dc/terms/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
}
EVERY = """GRAPH ?head { ?np a np:Nanopublication ; np:hasAssertion ?assertion ;
             np:hasProvenance ?provenance ; np:hasPublicationInfo ?pubinfo }"""


@pytest.fixture(scope="module")
def view(il7_graph: Path) -> Iterator[View]:
    with open_graph(il7_graph) as graph:
        yield View(store=graph.store, manifest=graph.manifest)


@pytest.fixture(scope="module")
def written(view: View, tmp_path_factory: pytest.TempPathFactory) -> Path:
    profile: Profile = Nanopublications()
    target = tmp_path_factory.mktemp("nanopub") / f"il7{profile.suffix}"
    assert profile.write(view, target).files == {target: "144 nanopublications"}
    return target


@pytest.fixture(scope="module")
def store(written: Path) -> Store:
    loaded = Store()
    loaded.load(path=str(written), format=RdfFormat.TRIG)
    return loaded


def rows(store: Store, query: str) -> list[tuple[str, ...]]:
    found = store.query(query, prefixes=PREFIXES)
    assert isinstance(found, QuerySolutions)
    return sorted(tuple("" if term is None else str(term) for term in row) for row in found)


def split(path: Path) -> dict[str, list[Quad]]:
    """The quads of each nanopublication, by its IRI."""
    found: dict[str, list[Quad]] = {}
    for quad in parse(path=str(path), format=RdfFormat.TRIG):
        assert isinstance(quad.graph_name, NamedNode)
        found.setdefault(quad.graph_name.value.partition("#")[0], []).append(quad)
    return found


def as_package(quads: list[Quad]) -> Any:
    graph = rdflib.ConjunctiveGraph()
    data = serialize(quads, format=RdfFormat.N_QUADS)
    assert data is not None
    graph.parse(data=data.decode(), format="nquads")
    return Nanopub(rdf=graph)


def test_every_one_is_valid_and_its_name_is_its_digest(written: Path) -> None:
    found = split(written)
    assert len(found) == 144
    for iri, quads in found.items():
        nanopub = as_package(quads)
        assert nanopub.is_valid
        assert nanopub.source_uri == iri
        assert nanopub.has_valid_trusty


def test_names_hold_in_a_store_that_rewrites_numbers_and_times(store: Store) -> None:
    found: dict[str, list[Quad]] = {}
    for quad in store:
        assert isinstance(quad.graph_name, NamedNode)
        found.setdefault(quad.graph_name.value.partition("#")[0], []).append(quad)
    for iri, quads in found.items():
        assert iri.endswith(artifact_code(quads, iri.rpartition("/")[2]))
    assert as_package(next(iter(found.values()))).has_valid_trusty


def test_a_change_shows(written: Path) -> None:
    quads = next(iter(split(written).values()))
    changed = [
        Quad(quad.subject, quad.predicate, Literal("something else"), quad.graph_name)
        if quad.predicate.value.endswith("#value")
        else quad
        for quad in quads
    ]
    assert changed != quads
    with pytest.raises(Exception, match="is not valid"):
        assert as_package(changed).has_valid_trusty


def test_plain_triples_are_those_of_the_graph(view: View, store: Store) -> None:
    """What is denied or supposed is never a plain triple; all else is."""
    plain = rows(
        store,
        f"SELECT ?s ?p ?o {{ {EVERY} GRAPH ?assertion {{ ?s ?p ?o }} "
        "FILTER NOT EXISTS { GRAPH ?assertion { ?s a kg:Assertion } } }",
    )
    stated = rows(
        view.store,
        "SELECT ?s ?p ?o { ?a kg:subject ?s ; kg:predicate ?p ; kg:object ?o ; "
        "kg:negated false ; kg:speculative false }",
    )
    assert plain == stated
    assert len(plain) == 115
    nodes = "?a a kg:Assertion ; kg:subject ?s ; kg:predicate ?p ; kg:object ?o ; kg:negated ?n ; "
    nodes += "kg:speculative ?m"
    shown = rows(store, f"SELECT ?a ?s ?p ?o ?n ?m {{ {EVERY} GRAPH ?assertion {{ {nodes} }} }}")
    other = rows(view.store, f"SELECT ?a ?s ?p ?o ?n ?m {{ {nodes} FILTER(?n || ?m) }}")
    assert shown == other
    assert len(shown) == 29


def test_provenance_quotes_every_sentence(view: View, store: Store) -> None:
    quoted = rows(
        store,
        f"""SELECT DISTINCT ?sentence ?paper ?text ?start {{ {EVERY} GRAPH ?provenance {{
              ?assertion prov:wasDerivedFrom ?sentence , ?paper ; prov:wasAttributedTo ?agent .
              ?sentence prov:wasQuotedFrom ?paper ; prov:value ?text ; kg:start ?start }} }}""",
    )
    in_graph = rows(
        view.store,
        "SELECT DISTINCT ?s ?p ?t ?b { ?e kg:evidenceSentence ?s . "
        "?s kg:inPublication ?p ; kg:text ?t ; kg:start ?b }",
    )
    assert quoted == in_graph
    evidence = rows(
        store,
        f"""SELECT ?e ?sentence ?trigger ?start {{ {EVERY} GRAPH ?provenance {{
              ?assertion kg:evidence ?e . ?e kg:evidenceSentence ?sentence ; kg:trigger ?trigger ;
                kg:start ?start ; kg:confidence ?c ; kg:method ?m }} }}""",
    )
    assert evidence == rows(
        view.store,
        "SELECT ?e ?s ?t ?b { ?a kg:evidence ?e . "
        "?e kg:evidenceSentence ?s ; kg:trigger ?t ; kg:start ?b }",
    )


def test_publication_info(view: View, store: Store) -> None:
    info = rows(
        store,
        f"""SELECT DISTINCT ?when ?licence ?name {{ {EVERY} GRAPH ?pubinfo {{
              ?np dcterms:created ?when ; dcterms:license ?licence ; dcterms:creator ?agent ;
                rdfs:label ?label . ?agent a prov:SoftwareAgent ; rdfs:label ?name }} }}""",
    )
    built = f'"{view.manifest["built_at"].removesuffix("+00:00")}"^^<http://www.w3.org/2001/XMLSchema#dateTime>'
    assert info == [(built, f"<{LICENSE}>", '"litkg assertion rules"')]
    labels = {
        row[0]
        for row in rows(store, f"SELECT ?l {{ {EVERY} GRAPH ?pubinfo {{ ?np rdfs:label ?l }} }}")
    }
    assert '"IL7 activates STAT5"' in labels
    assert any(" not " in label for label in labels)
    assert any("(speculative)" in label for label in labels)


def test_same_graph_same_names(view: View, written: Path, tmp_path: Path) -> None:
    other = Store()
    other.bulk_extend(sorted(view.store, key=str, reverse=True))
    Nanopublications().write(View(store=other, manifest=view.manifest), tmp_path / "a.trig")
    assert split(tmp_path / "a.trig").keys() == split(written).keys()


def test_without_texts_time_and_licence(view: View, tmp_path: Path) -> None:
    store = Store()
    store.bulk_extend(quad for quad in view.store if quad.predicate.value != f"{KG}text")
    made = Nanopublications(license_iri="").write(
        View(store=store, manifest={}), tmp_path / "a.trig"
    )
    assert made.notes == ("the graph does not say when it was built: no dcterms:created",)
    text = (tmp_path / "a.trig").read_text()
    for absent in ("prov:value", "dcterms:created", "dcterms:license"):
        assert f"{absent} " not in text.replace("@prefix", "")
    for quads in list(split(tmp_path / "a.trig").values())[:10]:
        nanopub = as_package(quads)
        assert nanopub.is_valid
        assert nanopub.has_valid_trusty


def test_much_evidence_is_cut_and_told(
    view: View, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.exports.nanopub._MOST_EVIDENCE", 1)
    made = Nanopublications().write(view, tmp_path / "a.trig")
    [note] = made.notes
    several = rows(
        view.store,
        "SELECT ?a { ?a kg:evidence ?e } GROUP BY ?a HAVING(COUNT(?e) > 1)",
    )
    assert note.startswith(f"{len(several)} nanopublications quote their 1 surest")
    for quads in split(tmp_path / "a.trig").values():
        assert sum(quad.predicate.value == f"{KG}evidence" for quad in quads) == 1


@pytest.mark.parametrize("name", ["subject", "evidence", "evidenceSentence"])
def test_assertion_that_lacks_something(view: View, tmp_path: Path, name: str) -> None:
    store = Store()
    store.bulk_extend(quad for quad in view.store if quad.predicate.value != f"{KG}{name}")
    with pytest.raises(KgError, match=f"has no kg:{name}"):
        Nanopublications().write(View(store=store, manifest={}), tmp_path / "a.trig")


def test_blank_nodes_have_no_trusty_uri() -> None:
    node = NamedNode("http://a.b/c")
    with pytest.raises(ValueError, match="is no IRI"):
        artifact_code([Quad(BlankNode("x"), node, node, node)], "CODE")


TERMS: list[NamedNode | Literal] = [
    Literal("plain"),
    Literal("two\nlines and a \\ and a tab\t"),
    Literal("Grüße", language="de"),
    Literal("x", language="en-gb"),
    Literal("x", datatype=NamedNode("http://a.b/type")),
    Literal(7),
    Literal(True),
    Literal("𝛼 β"),
    NamedNode("http://a.b/é"),
]


def test_code_is_that_of_the_package_for_terms_of_every_kind() -> None:
    this = "http://a.b/np/CODE"
    quads = [
        Quad(NamedNode(this), NamedNode(f"http://a.b/p{number % 3}"), term, NamedNode(f"{this}#g"))
        for number, term in enumerate(TERMS)
    ]
    quads += [
        Quad(NamedNode(f"{this}#s"), NamedNode("http://a.b/p0"), term, NamedNode(f"{this}#Head"))
        for term in TERMS
    ]
    graph = rdflib.ConjunctiveGraph()
    data = serialize(quads, format=RdfFormat.N_QUADS)
    assert data is not None
    graph.parse(data=data.decode(), format="nquads")
    expected = RdfHasher.make_hash(
        RdfUtils.get_quads(graph),  # type: ignore[no-untyped-call]
        baseuri=f"{this}#",
        hashstr=" ",
    )
    assert artifact_code(quads, "CODE") == expected
