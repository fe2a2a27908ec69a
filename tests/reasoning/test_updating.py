"""What was inferred is kept up to date: after any change it is what reasoning anew gives."""

import random
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import NamedNode, RdfFormat, Store

from kg.cli import cli
from kg.namespaces import inferred_graph
from kg.pipeline import BuildOptions, add_files, build_graph, rebuild_graph, remove_files
from kg.pipeline.ontologies import add_ontology, remove_ontology
from kg.reasoning import materialise, ontology_ntriples, reason_graph, remove_inferred
from kg.reasoning.updating import find_changes
from kg.resources import resource_path
from kg.store import open_graph, update_graph
from kg.vocabulary.lexicon import Lexicon

LIST = resource_path("data", "interleukin-7.txt")
GRAPH = "http://example.org/inferred"


def nquads(folder: Path) -> list[bytes]:
    out = BytesIO()
    with open_graph(folder) as graph:
        graph.store.dump(out, RdfFormat.N_QUADS)
    return sorted(out.getvalue().splitlines())


def count_inferred(folder: Path) -> int:
    with open_graph(folder) as graph:
        named = NamedNode(inferred_graph())
        return sum(1 for _ in graph.store.quads_for_pattern(None, None, None, named))


@pytest.fixture(scope="module")
def halves(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("halves")
    lines = LIST.read_text(encoding="utf-8").splitlines(keepends=True)
    starts = [n for n, line in enumerate(lines) if line.strip()[:3].rstrip(".").isdigit()]
    cut = starts[len(starts) // 2]
    paths = [folder / "one.txt", folder / "two.txt"]
    for path, part in zip(paths, (lines[:cut], lines[cut:]), strict=True):
        path.write_text("".join(part), encoding="utf-8")
    return paths


def test_adding_and_removing_is_reasoning_anew(
    lexicon: Lexicon, halves: list[Path], tmp_path: Path
) -> None:
    reasoned = BuildOptions(reason=True)
    build_graph(halves, tmp_path / "whole.kg", lexicon, options=reasoned)
    build_graph(halves[:1], tmp_path / "half.kg", lexicon, options=reasoned)
    half = nquads(tmp_path / "half.kg")
    assert count_inferred(tmp_path / "half.kg") > 5000
    report = add_files(halves[1:], tmp_path / "half.kg", lexicon)
    assert report is not None
    assert nquads(tmp_path / "half.kg") == nquads(tmp_path / "whole.kg")
    assert report.graph.quads == len(nquads(tmp_path / "half.kg"))
    with open_graph(tmp_path / "half.kg") as graph:
        # With what the graph of inferred statements says of itself.
        assert graph.manifest["reasoning"]["statements"] == count_inferred(graph_of(graph)) - 3
    remove_files(tmp_path / "half.kg", lexicon, sources=[halves[1].name])
    assert nquads(tmp_path / "half.kg") == half


def graph_of(graph: object) -> Path:
    path = getattr(graph, "path", None)
    assert isinstance(path, Path)
    return path.parents[1]


def test_what_was_inferred_can_be_taken_out(
    lexicon: Lexicon, halves: list[Path], tmp_path: Path
) -> None:
    folder = tmp_path / "a.kg"
    build_graph(halves[:1], folder, lexicon)
    plain = nquads(folder)
    report = reason_graph(folder)
    assert report.statements == len(plain)
    assert report.inferred.statements == count_inferred(folder) - 3
    reasoned = nquads(folder)
    assert reason_graph(folder).inferred == report.inferred
    assert nquads(folder) == reasoned
    # A graph that is built anew from its records has again what was inferred.
    rebuild_graph(folder, lexicon)
    assert nquads(folder) == reasoned
    assert remove_inferred(folder) == len(reasoned) - len(plain)
    assert nquads(folder) == plain
    with open_graph(folder) as graph:
        generation = graph.generation
        assert "reasoning" not in graph.manifest
    assert remove_inferred(folder) == 0
    with open_graph(folder) as graph:
        assert graph.generation == generation
    rebuild_graph(folder, lexicon)
    assert nquads(folder) == plain


def test_what_people_wrote_is_reasoned_over(
    lexicon: Lexicon, halves: list[Path], tmp_path: Path
) -> None:
    folder = tmp_path / "a.kg"
    build_graph(halves[:1], folder, lexicon)
    update_graph(
        folder,
        "INSERT DATA { <http://example.org/x> <https://w3id.org/litkg/ontology#treats> "
        "<http://example.org/y> }",
    )
    ask = (
        "ASK { GRAPH ?g { <http://example.org/y> <https://w3id.org/biolink/vocab/related_to> "
        "<http://example.org/x> } }"
    )
    reason_graph(folder)
    with open_graph(folder) as graph:
        assert graph.query(ask)
    add_files(halves[1:], folder, lexicon)
    with open_graph(folder) as graph:
        assert graph.query(ask)
        assert graph.manifest["quads"] == len(graph)
    remove_inferred(folder)
    with open_graph(folder) as graph:
        assert not graph.query(ask)
        assert graph.query("ASK { <http://example.org/x> ?p <http://example.org/y> }")


# --- any change of any graph ----------------------------------------------------------------------

_E = "http://example.org/"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_AXIOMS = f"""
@prefix : <{_E}> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <{_RDFS}> .
:p rdfs:subPropertyOf :q ; rdfs:domain :C ; rdfs:range :D .
:q rdfs:subPropertyOf :r ; owl:inverseOf :qi ; rdfs:domain :E .
:s a owl:SymmetricProperty ; rdfs:subPropertyOf :r ; rdfs:range :D .
:t a owl:TransitiveProperty ; rdfs:subPropertyOf :r ; rdfs:domain :F ; rdfs:range :G .
:t0 rdfs:subPropertyOf :t . :ti owl:inverseOf :t0 .
:h owl:propertyChainAxiom ( :p :qi :s ) , ( :p :t0 ) ; rdfs:subPropertyOf :s2 ; rdfs:domain :H .
:C rdfs:subClassOf :B . :B rdfs:subClassOf :A . :D rdfs:subClassOf :A .
:l rdfs:subPropertyOf :m ; rdfs:domain :C .
"""


def _random_statement(chosen: random.Random) -> str:
    node = f"<{_E}n{chosen.randrange(7)}>"
    other = f"<{_E}n{chosen.randrange(7)}>"
    kind = chosen.random()
    if kind < 0.15:
        return f"{node} <{_TYPE}> <{_E}{chosen.choice('ABCDEFGH')}> ."
    if kind < 0.25:
        return f'{node} <{_E}{chosen.choice("lm")}> "{chosen.randrange(3)}" .'
    if kind < 0.4:
        lower, upper = sorted(chosen.sample(range(7), 2))
        return f"<{_E}o{lower}> <{_RDFS}subClassOf> <{_E}o{upper}> ."
    name = chosen.choice(["p", "q", "qi", "r", "s", "s2", "t", "t0", "ti", "h"])
    return f"{node} <{_E}{name}> {other} ."


def _infer_anew(statements: Iterable[str], ontology: bytes) -> tuple[Store, set[str]]:
    store = Store()
    store.load("\n".join(statements).encode(), RdfFormat.N_TRIPLES)

    def load(chunks: Iterable[bytes]) -> None:
        for chunk in chunks:
            store.bulk_load(chunk, RdfFormat.N_QUADS)

    materialise(store, ontology, GRAPH, load)
    return store, _inferred(store)


def _inferred(store: Store) -> set[str]:
    return {f"{q} ." for q in store.quads_for_pattern(None, None, None, NamedNode(GRAPH))}


@pytest.mark.parametrize("seed", range(60))
def test_any_change_is_reasoning_anew(seed: int) -> None:
    chosen = random.Random(seed)
    axioms = Store()
    axioms.load(_AXIOMS.encode(), RdfFormat.TURTLE)
    ontology = "".join(f"{quad.triple} .\n" for quad in axioms).encode()
    old = {_random_statement(chosen) for _ in range(chosen.randrange(5, 40))}
    gone = set(chosen.sample(sorted(old), chosen.randrange(len(old))))
    new = (old - gone) | {_random_statement(chosen) for _ in range(chosen.randrange(12))}
    before, inferred = _infer_anew(old, ontology)
    now, _ = _infer_anew(old, ontology)
    for statements, change in ((old - new, now.remove), (new - old, now.add)):
        some = Store()
        some.load("\n".join(statements).encode(), RdfFormat.N_TRIPLES)
        for quad in some:
            change(quad)
    changes = find_changes(before, now, ontology, GRAPH, old ^ new)
    _, expected = _infer_anew(new, ontology)
    assert changes is not None
    assert (inferred - set(changes.removed)) | set(changes.added) == expected
    assert set(changes.removed) <= inferred
    assert inferred.isdisjoint(changes.added)


@pytest.mark.parametrize(
    "axiom",
    [
        f"<{_E}p> <{_RDFS}domain> <{_E}o1> .",
        f"<{_E}p> <{_TYPE}> <http://www.w3.org/2002/07/owl#TransitiveProperty> .",
        f"<{_E}A> <{_RDFS}subClassOf> <{_E}o1> .",
        f"<{_E}o1> <{_RDFS}subClassOf> <{_E}o1b> .",
    ],
)
def test_where_axioms_change_it_is_made_anew(axiom: str) -> None:
    ontology = f"<{_E}A> <{_RDFS}subClassOf> <{_E}B> .".encode()
    stated = {
        f"<{_E}n> <{_TYPE}> <{_E}A> .",
        f"<{_E}n> <{_E}p> <{_E}n2> .",
        f"<{_E}q> <{_RDFS}domain> <{_E}o1> .",
    }
    before, _ = _infer_anew(stated, ontology)
    now, _ = _infer_anew({*stated, axiom}, ontology)
    assert find_changes(before, now, ontology, GRAPH, [axiom]) is None


def test_the_ontology_of_the_graph_can_be_kept_up_to_date() -> None:
    """No axiom of ours needs all of a graph to be looked at when some of it changes."""
    before, _ = _infer_anew([], ontology_ntriples())
    line = f"<{_E}x> <https://w3id.org/litkg/ontology#treats> <{_E}y> ."
    now, _ = _infer_anew([], ontology_ntriples())
    now.load(line.encode(), RdfFormat.N_TRIPLES)
    changes = find_changes(before, now, ontology_ntriples(), GRAPH, [line])
    assert changes is not None
    assert len(changes.added) > 10


def test_sparql_sees_what_was_inferred_if_asked(
    lexicon: Lexicon, halves: list[Path], tmp_path: Path
) -> None:
    folder = tmp_path / "a.kg"
    build_graph(halves[:1], folder, lexicon)
    query = "ASK { ?x <https://w3id.org/biolink/vocab/related_to> ?y }"
    ask = ["sparql", "-g", str(folder), "-q", query]
    early = CliRunner().invoke(cli, [*ask, "--inferred"], standalone_mode=False)
    assert "run kg reason first" in str(early.exception)
    done = CliRunner().invoke(cli, ["reason", "-g", str(folder)])
    assert "prp-spo1" in done.output
    assert CliRunner().invoke(cli, ask).output == "no\n"
    assert CliRunner().invoke(cli, [*ask, "--inferred"]).output == "yes\n"
    gone = CliRunner().invoke(cli, ["reason", "--remove", "-g", str(folder)])
    assert gone.output.startswith("removed    ")


def test_an_ontology_that_is_added_is_reasoned_over(
    lexicon: Lexicon, halves: list[Path], tmp_path: Path
) -> None:
    folder = tmp_path / "a.kg"
    build_graph(halves[:1], folder, lexicon, options=BuildOptions(reason=True))
    before = nquads(folder)
    path = tmp_path / "more.obo"
    path.write_text(
        "format-version: 1.2\nontology: more\n\n"
        "[Term]\nid: CL:0000084\nname: T cell\nis_a: MORE:0000001\n\n"
        "[Term]\nid: MORE:0000001\nname: upper\nis_a: MORE:0000002\n\n"
        "[Term]\nid: MORE:0000002\nname: uppermost\n",
        encoding="utf-8",
    )
    assert add_ontology(path, folder, lexicon) is not None
    updated = nquads(folder)
    added = set(updated) - set(before)
    named = inferred_graph().encode()
    assert any(b"MORE_0000002" in line and named in line for line in added)
    reason_graph(folder)
    assert nquads(folder) == updated
    remove_ontology(folder, lexicon, "more")
    assert nquads(folder) == before
