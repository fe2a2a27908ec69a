"""HermiT on graphs on disk: what clashes is named; large graphs are checked by a sample."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli import cli
from kg.errors import ReasonerError
from kg.reasoning import check_graph, explain_inconsistency, java_available
from kg.store import update_graph, write_generation

needs_java = pytest.mark.skipif(not java_available(), reason="HermiT needs Java, and there is none")
KG = "https://w3id.org/litkg/ontology#"


@pytest.fixture
def clashing(tmp_path: Path) -> Path:
    """A graph with one gene that is said to be a journal too, among others."""
    lines = [
        f"<http://example.org/{n}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{KG}Gene> ."
        for n in range(50)
    ]
    lines.append(lines[7].replace("Gene>", "Journal>"))
    lines.append('<http://example.org/7> <http://www.w3.org/2000/01/rdf-schema#label> "IL7" .')
    with write_generation(tmp_path / "a.kg", build_hash="0123456789ab") as writer:
        writer.add_lines(lines)
        writer.finish({"quads": len(lines), "base_iri": "https://w3id.org/litkg/"})
    return tmp_path / "a.kg"


@pytest.mark.java
@needs_java
def test_what_clashes_is_named(clashing: Path) -> None:
    check = check_graph(clashing)
    assert not check.report.consistent
    why = check.explanation
    assert why is not None
    assert why.minimal
    assert why.statements == (
        '<http://example.org/7> "IL7" is a kg:Gene',
        '<http://example.org/7> "IL7" is a kg:Journal',
    )
    assert why.axioms == (
        "every kg:Gene is a kg:Entity",
        "nothing is both kg:Journal and kg:Entity",
    )
    assert why.nodes == ("http://example.org/7",)
    done = CliRunner().invoke(
        cli, ["reason", "--check", "-g", str(clashing)], standalone_mode=False
    )
    assert done.return_value == 1
    assert "consistent no\nthese clash:\n  every kg:Gene is a kg:Entity\n" in done.output


@pytest.mark.java
@needs_java
def test_what_only_hermit_sees_is_explained() -> None:
    """A score beyond the limit of its datatype, which the rules of OWL 2 RL know nothing of."""
    data = (
        f'<http://example.org/m> <{KG}score> "1.5"^^<http://www.w3.org/2001/XMLSchema#decimal> .\n'
    )
    more = "".join(f'<http://example.org/m{n}> <{KG}exact> "words" .\n' for n in range(5))
    why = explain_inconsistency((data + more).encode())
    assert why is not None
    assert why.minimal
    assert why.statements == ("<http://example.org/m> kg:score 1.5 (xsd:decimal)",)
    assert why.axioms == (
        "what kg:score leads to is a xsd:decimal (maxInclusive 1.0, minInclusive 0.0)",
    )


@pytest.mark.java
@needs_java
def test_what_is_consistent_needs_no_explanation() -> None:
    assert explain_inconsistency() is None


@pytest.mark.java
@needs_java
def test_no_time_is_told() -> None:
    # Before HermiT is asked, and while it is at work.
    for seconds in (0.0, 0.2):
        with pytest.raises(ReasonerError, match=f"did not finish within {seconds:g} seconds"):
            explain_inconsistency(timeout=seconds)


@pytest.mark.java
@needs_java
def test_of_a_large_graph_a_sample_is_checked(il7_graph: Path) -> None:
    check = check_graph(il7_graph, limit=3000)
    assert check.report.sound
    assert 3 < check.papers < check.all_papers == 62
    assert check.report.triples < 4500
    done = CliRunner().invoke(cli, ["reason", "--check", "-g", str(il7_graph)])
    assert "the ontology, and all 62 of 62 papers\nconsistent yes\nclasses    no" in done.output


@pytest.mark.java
@needs_java
def test_subclasses_that_nobody_stated_are_found(clashing: Path) -> None:
    owl = "http://www.w3.org/2002/07/owl#"
    update_graph(
        clashing,
        f"DELETE DATA {{ <http://example.org/7> a <{KG}Journal> }} ; "
        f"INSERT DATA {{ <http://e.org/C> a <{owl}Class> ; <{owl}equivalentClass> "
        f"<http://e.org/D> . <http://e.org/D> a <{owl}Class> ; "
        f"<http://www.w3.org/2000/01/rdf-schema#subClassOf> [ a <{owl}Restriction> ; "
        f"<{owl}onProperty> <{KG}curie> ; <{owl}someValuesFrom> "
        f"<http://www.w3.org/2001/XMLSchema#string> ] }}",
    )
    report = check_graph(clashing).report
    assert report.consistent
    assert ("http://e.org/C", f"{KG}Entity") in report.subclasses


def test_without_java_the_message_is_plain(
    clashing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ReasonerError, match=r"no Java runtime was found.*install Java"):
        check_graph(clashing)


def test_two_switches_are_a_wrong_use(clashing: Path) -> None:
    done = CliRunner().invoke(cli, ["reason", "--check", "--remove", "-g", str(clashing)])
    assert done.exit_code == 2
    assert "give one of them" in done.output
