"""`kg export` of a part of a graph, in a profile, and its hash."""

import json
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store, parse

from kg.cli import main
from kg.namespaces import KG, RDF

GLUT1 = "IL-7 promotes Glut1 trafficking"


def run(capfd: pytest.CaptureFixture[str], *args: str | Path) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        main(["export", *map(str, args)])
    out, err = capfd.readouterr()
    assert isinstance(caught.value.code, int)
    return caught.value.code, out, err


def load(path: Path) -> Store:
    store = Store()
    store.load(path=str(path))
    return store


def papers(store: Store) -> set[str]:
    found = store.quads_for_pattern(
        None, NamedNode(f"{RDF}type"), NamedNode(f"{KG}Publication"), DefaultGraph()
    )
    return {str(quad.subject)[1:-1] for quad in found}


@pytest.mark.usefixtures("lexicon")
def test_papers_of_a_saved_query(
    il7_graph: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "a.nq"
    code, out, err = run(
        capfd, "-g", il7_graph, "-o", target,
        "--query", "papers-connecting", "entity_a=IL-7", "entity-b=STAT5",
    )  # fmt: skip
    assert (code, out) == (0, "")
    assert "STAT5 → STAT5 (FPLX:STAT5, GeneFamily)" in err
    store = load(target)
    assert len(papers(store)) == 4
    assert f"{len(store):,} statements -> {target}" in err


@pytest.mark.usefixtures("lexicon")
def test_papers_that_mention_an_entity_or_what_is_below_it(
    il7_graph: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "a.ttl"
    assert run(capfd, "-g", il7_graph, "-o", target, "--entity", "lymphocytes")[0] == 0
    found = papers(load(target))
    # None of these says "lymphocyte"; T cells are lymphocytes.
    mentions = NamedNode(f"{KG}mentions")
    named = NamedNode("http://purl.obolibrary.org/obo/CL_0000542")
    some = [
        paper
        for paper in found
        if not any(load(target).quads_for_pattern(NamedNode(paper), mentions, named))
    ]
    assert 5 < len(some) <= len(found) < 62


def test_papers_by_their_names(
    il7_graph: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(capfd, "-g", il7_graph, "-o", tmp_path / "all.nt")[0] == 0
    first, second = sorted(papers(load(tmp_path / "all.nt")))[:2]
    target = tmp_path / "a.ttl"
    key = second.rpartition("/")[2]
    assert run(capfd, "-g", il7_graph, "-o", target, "--paper", first, "--paper", key)[0] == 0
    assert papers(load(target)) == {first, second}


def test_a_profile(il7_graph: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "a.jsonld"
    code, out, err = run(capfd, "-g", il7_graph, "--profile", "jsonld", "-o", target, "--no-text")
    assert (code, out) == (0, "")
    assert "62 papers, " in err
    assert f" other nodes -> {target}" in err
    assert GLUT1 in target.read_text(encoding="utf-8")
    assert "thought to control B lymphopoiesis" not in target.read_text(encoding="utf-8")
    assert json.loads(target.read_text(encoding="utf-8"))["@context"]["@version"] == 1.1


def test_the_hash_alone_and_after_an_export(
    il7_graph: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capfd, "-g", il7_graph, "--hash")
    assert (code, err) == (0, "")
    digest = out.strip()
    assert len(digest) == 64
    assert f"RDFC-1.0 {digest}" in run(capfd, "-g", il7_graph, "-o", tmp_path / "a.nq")[2]
    assert digest not in run(capfd, "-g", il7_graph, "-o", tmp_path / "a.ttl")[2]
    assert run(capfd, "-g", il7_graph, "--hash", "--no-inferred")[1].strip() != digest


def test_without_what_is_inferred(
    il7_graph: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(capfd, "-g", il7_graph, "-o", tmp_path / "a.nt", "--no-inferred")[0] == 0
    content = (tmp_path / "a.nt").read_bytes()
    assert list(parse(content, RdfFormat.N_TRIPLES))
    # The ontology's own statements on the property stay.
    assert b"> <https://w3id.org/litkg/ontology#ancestor> <" not in content


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (("entity_a=IL-7",), 2, "add --query"),
        (("--profile", "jsonld"), 2, "name it with -o"),
        (("--profile", "jsonld", "--format", "turtle", "-o", "x"), 2, "--format is of plain RDF"),
        (("--profile", "word", "-o", "x"), 2, "'word' is not one of"),
        (("--hash", "-o", "x"), 2, "--hash writes no file"),
        (("--query", "papers-conecting"), 2, "did you mean papers-connecting"),
        (("--query", "papers-connecting", "entity_a=IL-7"), 2, "needs entity_b"),
        (("--query", "entity-card", "entity=IL-7"), 1, "has no column 'paper'"),
        (("--paper", "PMID:1"), 1, "no paper 'PMID:1' is in the graph"),
        (("--paper", "some words"), 1, "'some words' names no paper"),
        (("--paper", "http://a b"), 1, "no IRI"),
        (("--entity", "qwertyuiop"), 2, "no entity called 'qwertyuiop'"),
        (("--entity", "Ebola"), 1, "no paper of this graph mentions"),
    ],
)
@pytest.mark.usefixtures("lexicon")
def test_what_cannot_be_done_is_told_and_nothing_written(
    il7_graph: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    args: tuple[str, ...],
    code: int,
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    found, out, err = run(capfd, "-g", il7_graph, *args)
    assert (found, out) == (code, "")
    assert message in err
    assert not list(tmp_path.iterdir())
