"""Each shape catches what it is for, the right graph has no fault, and both engines agree."""

from itertools import groupby
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from kg.store import open_graph
from kg.validation import (
    Report,
    read_shapes,
    shapes_path,
    validate_store,
    validate_with_pyshacl,
)
from tests.validation.broken import KGS, RULES, Case, cases, update, valid_store

CASES = list(cases())
SH = "http://www.w3.org/ns/shacl#"


def keys(report: Report) -> list[tuple[str, ...]]:
    return [result.key for result in report.results]


def test_the_right_graph_conforms() -> None:
    report = validate_store(valid_store(), read_shapes())
    assert keys(report) == []
    assert report.conforms
    assert report.whole


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_shape_catches_what_it_is_for(case: Case) -> None:
    store = valid_store()
    update(store, case.change)
    report = validate_store(store, read_shapes(), jobs=1)
    found = {(result.shape, result.component) for result in report.results}
    assert (case.shape, case.component) in found


def test_each_constraint_has_a_case() -> None:
    wanted = {(each.shape, each.component) for each in read_shapes().constraints}
    assert {(case.shape, case.component) for case in CASES} == wanted
    assert {f"{KGS}{name}" for name in RULES} <= {shape for shape, _ in wanted}


def test_each_class_of_the_ontology_has_a_shape() -> None:
    ontology = shapes_path().with_name("litkg.ttl")
    owl_class = "http://www.w3.org/2002/07/owl#Class"
    classes = {
        quad.subject.value
        for quad in parse(path=str(ontology), format=RdfFormat.TURTLE)
        if isinstance(quad.subject, NamedNode) and str(quad.object) == f"<{owl_class}>"
    }
    own = {each for each in classes if each.startswith("https://w3id.org/litkg/ontology#")}
    targets = {target.term.value for each in read_shapes().constraints for target in each.targets}
    assert len(own) > 20
    assert own <= targets


def test_each_shape_says_what_to_do() -> None:
    for constraint in read_shapes().constraints:
        assert constraint.message.endswith("."), constraint.shape


# Within one component, changes hardly get in each other's way.
GROUPS = [
    (component, list(group))
    for component, group in groupby(
        sorted(CASES, key=lambda case: case.component), lambda case: case.component
    )
]


@pytest.mark.parametrize(("component", "group"), GROUPS, ids=[name for name, _ in GROUPS])
def test_both_engines_find_the_same(component: str, group: list[Case]) -> None:
    store = valid_store()
    for case in group:
        update(store, case.change)
    ours = validate_store(store, read_shapes())
    theirs = validate_with_pyshacl(store, shapes_path())
    assert component in {result.component for result in ours.results}
    assert keys(ours) == keys(theirs)
    assert ours.conforms is theirs.conforms


def test_both_engines_find_no_fault_with_the_right_graph() -> None:
    assert keys(validate_with_pyshacl(valid_store(), shapes_path())) == []


def test_given_nodes_have_the_same_faults_as_in_the_whole() -> None:
    store = valid_store()
    for case in CASES:
        if case.shape.removeprefix(KGS) in RULES:
            update(store, case.change)
    whole = validate_store(store, read_shapes())
    nodes = [each.focus for each in whole.results if isinstance(each.focus, NamedNode)]
    assert len(set(nodes)) > 8
    assert keys(validate_store(store, read_shapes(), focus=nodes)) == keys(whole)
    one = nodes[0]
    alone = validate_store(store, read_shapes(), focus=[one])
    assert keys(alone) == [result.key for result in whole.results if result.focus == one]
    assert keys(validate_store(store, read_shapes(), sample=50)) == keys(whole)


def test_the_graph_of_the_reading_list_conforms(il7_graph: Path) -> None:
    with open_graph(il7_graph) as graph:
        whole = validate_store(graph.store, read_shapes())
        assert keys(whole) == []
        assert whole.nodes > 1500
        some = validate_store(graph.store, read_shapes(), sample=5)
        assert keys(some) == []
        assert 100 < some.nodes < whole.nodes
        assert not some.whole


def test_pyshacl_finds_no_fault_with_nodes_of_the_reading_list(il7_graph: Path) -> None:
    with open_graph(il7_graph) as graph:
        subjects = sorted({quad.subject for quad in graph.quads()}, key=str)
        some = [each for each in subjects[::40] if isinstance(each, NamedNode)]
        report = validate_with_pyshacl(graph.store, shapes_path(), focus=some)
    assert keys(report) == []
