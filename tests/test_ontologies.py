"""Ontologies added to a graph: what they bring, and that it stays whatever is done to the graph."""

import random
from pathlib import Path

import pytest
from pyoxigraph import QueryBoolean, QuerySolutions

from kg.errors import InputError, StoreError
from kg.pipeline import (
    BuildOptions,
    add_files,
    add_ontology,
    build_graph,
    list_ontologies,
    rebuild_graph,
    remove_files,
    remove_ontology,
)
from kg.resources import resource_path
from kg.store import open_graph, update_graph
from kg.vocabulary.compiling import open_lexicon
from kg.vocabulary.lexicon import Lexicon
from tests.test_updating import split_list, state

LIST = resource_path("data", "interleukin-7.txt")
FOLDER = Path(__file__).parent / "ontologies"
IMMUNE = FOLDER / "immune.obo"
PREFIXES = """
    PREFIX kg: <https://w3id.org/litkg/ontology#>
    PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
    PREFIX owl: <http://www.w3.org/2002/07/owl#>
    PREFIX dcterms: <http://purl.org/dc/terms/>
    PREFIX obo: <http://purl.obolibrary.org/obo/>
    PREFIX ex: <http://example.org/immune#>
"""


def ask(folder: Path, pattern: str) -> bool:
    with open_graph(folder) as graph:
        answer = graph.query(f"{PREFIXES} ASK {{ {pattern} }}")
        assert isinstance(answer, QueryBoolean)
        return bool(answer)


def select(folder: Path, pattern: str) -> set[str]:
    with open_graph(folder) as graph:
        rows = graph.query(f"{PREFIXES} SELECT DISTINCT ?x {{ {pattern} }}")
        assert isinstance(rows, QuerySolutions)
        return {row["x"].value for row in rows}


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return split_list(tmp_path_factory.mktemp("parts"))


@pytest.fixture(scope="module")
def with_immune(lexicon: Lexicon, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("immune") / "a.kg"
    build_graph([LIST], folder, lexicon)
    report = add_ontology(IMMUNE, folder, lexicon)
    assert report is not None
    assert report.ontology.left_out == {"part of": 1}
    assert report.ontology.terms == 9
    assert report.ontology.obsolete == 1
    return folder


def test_queries_follow_the_added_hierarchy(with_immune: Path) -> None:
    named = select(with_immune, "?e kg:ancestor obo:IMM_0000001 ; rdfs:label ?x")
    assert {"T cell", "B cell"} <= named
    assert ask(with_immune, "obo:CL_0000084 rdfs:subClassOf+ obo:IMM_0000001")


def test_a_class_that_is_the_same_thing_leads_to_what_stands_over_it(with_immune: Path) -> None:
    assert select(with_immune, "?e kg:ancestor obo:DOID_162 ; rdfs:label ?x") == {"lung cancer"}
    assert ask(with_immune, "?e skos:exactMatch obo:DOID_1324 . obo:DOID_1324 a kg:Disease")


def test_classes_are_named_and_defined(with_immune: Path) -> None:
    assert ask(
        with_immune,
        'ex:adaptive a owl:Class ; rdfs:label "adaptive cell" ; '
        'skos:hiddenLabel "memory-bearing cell" ; rdfs:isDefinedBy obo:immune.owl ; '
        'skos:definition "A cell that remembers; say \\"again\\"." . '
        'obo:IMM_0000001 kg:curie "IMM:0000001" . '
        'obo:immune.owl a owl:Ontology ; owl:versionInfo "immune/releases/2026-02-01/immune.owl"',
    )
    # Labels of the vocabularies stay alone; a further name is added to theirs.
    assert select(with_immune, "obo:CL_0000084 rdfs:label ?x") == {"T cell"}
    assert ask(with_immune, 'obo:CL_0000084 skos:altLabel "thymus-derived lymphocyte (T)"')


def test_an_obsolete_class_leads_to_its_successor(with_immune: Path) -> None:
    assert ask(
        with_immune,
        "obo:IMM_0000009 owl:deprecated true ; obo:IAO_0100001 obo:CL_0000084 ; "
        "dcterms:isReplacedBy obo:CL_0000084",
    )


def test_a_module_leaves_out_what_no_entity_leads_to(with_immune: Path) -> None:
    assert not ask(with_immune, "obo:IMM_0000002 ?p ?o")
    assert not ask(with_immune, "obo:CL_0000084 skos:broader obo:UBERON_0002370")


def test_whole_has_all(lexicon: Lexicon, with_immune: Path, tmp_path: Path) -> None:
    folder = tmp_path / "a.kg"
    build_graph([LIST], folder, lexicon)
    report = add_ontology(IMMUNE, folder, lexicon, extent="whole")
    assert report is not None
    assert ask(folder, "obo:IMM_0000002 rdfs:subClassOf obo:IMM_0000001")
    # The other extent is another content, and takes the place of this one.
    assert add_ontology(IMMUNE, folder, lexicon) is not None
    assert state(folder) == state(with_immune)


def test_twice_changes_nothing_and_removing_restores(lexicon: Lexicon, tmp_path: Path) -> None:
    folder = tmp_path / "a.kg"
    build_graph([LIST], folder, lexicon)
    before = state(folder)
    add_ontology(IMMUNE, folder, lexicon)
    with open_graph(folder) as graph:
        generation = graph.generation
    assert add_ontology(IMMUNE, folder, lexicon) is None
    with open_graph(folder) as graph:
        assert graph.generation == generation
    [described] = list_ontologies(folder)
    assert (described.name, described.extent) == ("immune", "module")
    remove_ontology(folder, lexicon, "http://purl.obolibrary.org/obo/immune.owl")
    assert state(folder) == before
    assert list_ontologies(folder) == ()


@pytest.mark.parametrize("extent", ["module", "whole"])
def test_it_stays_when_files_come_and_go(
    lexicon: Lexicon, parts: list[Path], tmp_path: Path, extent: str
) -> None:
    choose = random.Random(3)
    folder = tmp_path / "a.kg"
    build_graph(parts[:1], folder, lexicon)
    assert extent in {"module", "whole"}
    add_ontology(IMMUNE, folder, lexicon, extent="whole" if extent == "whole" else "module")
    there = {parts[0]}
    for _ in range(6):
        path = choose.choice(parts)
        if path in there and len(there) > 1:
            remove_files(folder, lexicon, sources=[str(path)])
            there.remove(path)
        elif path not in there:
            add_files([path], folder, lexicon)
            there.add(path)
    fresh = tmp_path / "b.kg"
    build_graph(sorted(there), fresh, lexicon)
    add_ontology(IMMUNE, fresh, lexicon, extent="whole" if extent == "whole" else "module")
    assert state(folder) == state(fresh)
    rebuild_graph(folder, lexicon, options=BuildOptions(jobs=1))
    assert state(folder) == state(fresh)
    # Built from other files, the graph keeps it too.
    build_graph(sorted(there), folder, lexicon)
    assert state(folder) == state(fresh)


def test_two_ontologies_and_what_people_wrote(lexicon: Lexicon, tmp_path: Path) -> None:
    folder = tmp_path / "a.kg"
    build_graph([LIST], folder, lexicon)
    update_graph(folder, "INSERT DATA { <http://a> <http://b> <http://c> }")
    second = tmp_path / "second.obo"
    second.write_text(
        "format-version: 1.2\nontology: second\n\n[Term]\nid: IMM:0000001\nname: another\n"
        "is_a: IMM:0000100\n\n[Term]\nid: IMM:0000100\nname: thing\n",
        encoding="utf-8",
    )
    add_ontology(IMMUNE, folder, lexicon)
    add_ontology(second, folder, lexicon)
    assert ask(
        folder, "<http://a> <http://b> <http://c> . obo:CL_0000084 kg:ancestor obo:IMM_0000100"
    )
    assert select(folder, "obo:IMM_0000001 rdfs:label ?x") == {"immune thing"}
    remove_ontology(folder, lexicon, "immune")
    assert ask(folder, "<http://a> <http://b> <http://c>")
    # No entity leads to the second one now.
    assert not ask(folder, "?e kg:ancestor obo:IMM_0000100")


def test_what_is_wrong_leaves_the_graph_as_it_was(
    lexicon: Lexicon, tmp_path: Path, with_immune: Path
) -> None:
    before = state(with_immune)
    late = tmp_path / "late.obo"
    late.write_text(
        "format-version: 1.2\nontology: late\n[Term]\nid: CL:0000084\nname: T\n[Term]\nname: x\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError, match=r"late\.obo:6"):
        add_ontology(late, with_immune, lexicon)
    with pytest.raises(InputError, match="no ontology called 'cl' was added; there are: immune"):
        remove_ontology(with_immune, lexicon, "cl")
    other = open_lexicon(vocabularies=("cl",), cache=tmp_path)
    with pytest.raises(StoreError, match="built with other vocabularies"):
        add_ontology(IMMUNE, with_immune, other, name="again")
    other.close()
    assert state(with_immune) == before


def test_an_ontology_without_iri_gets_one_of_its_content(lexicon: Lexicon, tmp_path: Path) -> None:
    folder, path = tmp_path / "a.kg", tmp_path / "mine.obo"
    build_graph([LIST], folder, lexicon)
    path.write_text(
        "format-version: 1.2\n\n[Term]\nid: CL:0000084\nis_a: http://e.org/x\n\n"
        "[Term]\nid: http://e.org/x\nname: mine\n",
        encoding="utf-8",
    )
    report = add_ontology(path, folder, lexicon)
    assert report is not None
    assert report.ontology.name == "mine"
    assert report.ontology.iri.startswith("https://w3id.org/litkg/ontology/")
    assert ask(folder, "obo:CL_0000084 kg:ancestor <http://e.org/x>")
