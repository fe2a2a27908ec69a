"""`kg update`, `history`, `rollback`, `diff` and `sources` as a user runs them."""

import io
import json
import sys
from pathlib import Path

import pytest

from kg.cli import main
from kg.cli.history import describe_action
from kg.store import folders, open_graph, write_generation

KG = "https://w3id.org/litkg/ontology#"
A = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
PAPER = "http://www.ncbi.nlm.nih.gov/pubmed/"
SOURCE = "https://w3id.org/litkg/source/a"
SHA = "85ffb5f28bf59778b3a0" + "0" * 44

LINES = [
    *(f"<{PAPER}{number}> {A} <{KG}Publication> ." for number in (1, 2)),
    f"<{PAPER}1> <http://www.w3.org/ns/prov#wasDerivedFrom> <https://w3id.org/litkg/record/a> .",
    f"<https://w3id.org/litkg/record/a> <{KG}inSource> <{SOURCE}> .",
    f'<{SOURCE}> <{KG}sha256> "{SHA}" .',
]
INPUTS = [
    {"name": "b.nbib", "format": "medline", "sha256": "ab" * 32, "records": 2},
    {
        "name": "a.txt",
        "format": "reading-list",
        "sha256": SHA,
        "records": 62,
        "added_at": "2026-11-24T10:00:00+00:00",
    },
]
UPDATE = "INSERT DATA { HGNC:6023 rdfs:label 'IL7' }"


@pytest.fixture
def graph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small graph, which the commands take without being told."""
    folder = tmp_path / "my.kg"
    with write_generation(folder, build_hash="a" * 12) as writer:
        writer.add_lines(LINES)
        writer.finish(
            {
                "quads": len(LINES),
                "inputs": INPUTS,
                "built_at": "2026-11-25T11:00:00+00:00",
                "counts": {"papers": 2},
            }
        )
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KG_GRAPH", raising=False)
    return folder


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Run `kg` as from a shell; return the exit code, stdout and stderr."""
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


def test_update(graph: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "update", "-q", UPDATE)
    assert (code, err) == (0, "")
    assert out == f"statements 5 -> 6\ngeneration {folders.read_current(graph)}\n"
    with open_graph(graph) as opened:
        assert opened.query('ASK { <http://identifiers.org/hgnc/6023> ?label "IL7" }')


def test_update_from_a_file_and_from_stdin(
    graph: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (graph.parent / "a.ru").write_text(f"# mine\n{UPDATE}")
    assert run(capsys, "update", "a.ru")[0] == 0
    stdin = io.TextIOWrapper(io.BytesIO(b"CLEAR ALL"))
    monkeypatch.setattr(sys, "stdin", stdin)
    assert run(capsys, "update", "-", "-g", str(graph))[1].startswith("statements 6 -> 0\n")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["-q", "INSERT DATA { ?s kg:year 1 }"], 1, "update:1:15: a variable cannot stand in"),
        (["-q", "SELECT * {}"], 1, "update:1:1: SELECT is a query"),
        (["-q", ""], 1, "update:1:1: the update is empty"),
        (["-q", "LOAD <file:///etc/passwd>"], 1, "LOAD is refused"),
        (["-q", "DROP GRAPH <urn:none>"], 1, "the update cannot be run: The graph <urn:none>"),
        ([], 2, "give a FILE with an update, or -q TEXT"),
        (["no-such.ru"], 1, "no-such.ru: cannot be read: No such file"),
        (["-q", UPDATE, "-g", "no-such.kg"], 1, "no-such.kg: there is no graph here"),
        (["-q", UPDATE, "--wait", "-1"], 2, "-1"),
    ],
)
@pytest.mark.usefixtures("graph")
def test_updates_that_are_refused(
    words: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ended, out, err = run(capsys, "update", *words)
    assert (ended, out) == (code, "")
    assert said in err


def test_mistake_in_an_update_is_shown_in_its_place(
    graph: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (graph.parent / "a.ru").write_text("# mine\nINSERT DATA {\n  ?s kg:year 1 }\n")
    _, _, err = run(capsys, "update", "a.ru")
    first, line, caret = err.splitlines()
    assert first.startswith("kg: a.ru:3:3: a variable cannot stand")
    assert line[caret.index("^") :].startswith("?s")


def test_second_writer_says_that_it_waits(graph: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with write_generation(graph, build_hash="b" * 12) as writer:
        code, out, err = run(capsys, "update", "-q", UPDATE, "--wait", "0.1")
        writer.finish({"quads": 0})
    assert (code, out) == (1, "")
    waits, fails = err.splitlines()
    assert waits == "kg: my.kg: waiting for another kg that is writing this graph"
    assert "has not ended in 0.1 seconds; nothing was changed" in fails


def test_history_and_rollback(graph: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "update", "-q", UPDATE)
    assert (code, err) == (0, "")
    updated = folders.read_current(graph)
    code, out, _ = run(capsys, "history")
    assert code == 0
    rows = [line.split() for line in out.splitlines()]
    assert rows[1][0] == f"000001-{'a' * 12}"
    assert " ".join(rows[1][3:6]) == "build b.nbib, a.txt"
    assert rows[1][6:8] == ["5", "2"]
    assert rows[2][:2] == [updated, "*"]
    assert f"live: {updated}; on disk: " in out
    code, out, _ = run(capsys, "rollback")
    assert (code, out) == (0, f"{updated} -> 000001-{'a' * 12}\n")
    _, out, _ = run(capsys, "history")
    assert f"000001-{'a' * 12} *" in out
    assert f"rollback from {updated}" in " ".join(out.split())
    assert run(capsys, "rollback", "2")[1] == f"000001-{'a' * 12} -> {updated}\n"
    code, _, err = run(capsys, "rollback", "7")
    assert code == 1
    assert "there is no generation '7' here; there are: 000001-" in err


@pytest.mark.usefixtures("graph")
def test_history_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "update", "-q", UPDATE)
    run(capsys, "rollback")
    found = json.loads(run(capsys, "history", "--format", "json")[1])
    assert [each["live"] for each in found["generations"]] == [True, False]
    assert found["generations"][1]["action"]["summary"] == UPDATE
    assert found["generations"][1]["previous"] == found["generations"][0]["name"]
    assert found["rollbacks"][0]["new"] == found["generations"][0]["name"]
    assert found["bytes"] > 0


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ({"kind": "build"}, "build"),
        ({"kind": "build", "inputs": list("abcde")}, "build a, b, c and 2 more"),
        ({"kind": "add", "inputs": ["a.nbib"], "gained": 1}, "add a.nbib (+1 paper)"),
        ({"kind": "add", "inputs": ["a"], "gained": 1200}, "add a (+1,200 papers)"),
        ({"kind": "remove", "papers": ["PMID:1"], "lost": 1}, "remove PMID:1 (-1 paper)"),
        ({"kind": "remove", "inputs": ["a"], "gained": 1, "lost": 2}, "remove a (+1 -2 papers)"),
        ({"kind": "update", "request": "post", "graph": "urn:g"}, "update: post to urn:g"),
    ],
)
def test_what_was_done_in_words(action: dict[str, object], said: str) -> None:
    assert describe_action(action) == said


@pytest.mark.usefixtures("graph")
def test_sources(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "sources")
    assert code == 0
    rows = [line.split() for line in out.splitlines()]
    assert rows[1] == ["a.txt", "reading-list", "62", "1", "2026-11-24", "10:00:00", SHA[:16]]
    assert rows[2] == ["b.nbib", "medline", "2", "0", "2026-11-25", "11:00:00", "ab" * 8]
    first, second = json.loads(run(capsys, "sources", "--format", "json")[1])
    assert (first["sha256"], first["added"]) == (SHA, "2026-11-24T10:00:00+00:00")
    assert (second["records"], second["papers"]) == (2, 0)


def test_diff(graph: Path, capsys: pytest.CaptureFixture[str]) -> None:
    update = (
        f"DELETE DATA {{ <{PAPER}1> a kg:Publication }} ; "
        f"INSERT DATA {{ <{PAPER}3> a kg:Publication ; dcterms:title 'New' ; kg:year 2020 . "
        f"<{PAPER}4> a kg:Publication . HGNC:6023 a kg:Gene ; rdfs:label 'IL7' . "
        "FPLX:STAT5 a kg:GeneFamily . <urn:a> a kg:Assertion ; kg:subject HGNC:6023 ; "
        "kg:predicate kg:required_for ; kg:object FPLX:STAT5 ; kg:negated true ; "
        f"kg:speculative true ; kg:paperCount 1 . <{PAPER}3> kg:mentions HGNC:6023 }}"
    )
    assert run(capsys, "update", "-q", update)[0] == 0
    code, out, err = run(capsys, "diff", "my.kg@1", "my.kg", "--limit", "1", "--patch", "p.rdfp")
    assert (code, err) == (0, "")
    assert out == (
        "statements: 15 gained, 1 lost\n"
        "\n"
        "papers: 2 gained, 1 lost, 0 changed\n"
        "+ New. 2020 (PMID:3)\n"
        "+ ... and 1 more\n"
        "- (no title) (PMID:1)\n"
        "\n"
        "entities: 2 gained, 0 lost, 0 changed\n"
        "+ IL7 (HGNC:6023, Gene), 1 paper\n"
        "+ ... and 1 more\n"
        "\n"
        "assertions: 1 gained, 0 lost, 0 changed\n"
        "+ IL7 required for FPLX:STAT5 (denied) (speculative), 1 paper\n"
    )
    patch = (graph.parent / "p.rdfp").read_text().splitlines()
    assert f"D <{PAPER}1> {A} <{KG}Publication> ." in patch
    assert sum(line.startswith("A ") for line in patch) == 15
    whole = run(capsys, "diff", "my.kg@1", "my.kg", "--limit", "0")[1]
    assert "+ (no title) (PMID:4)\n" in whole
    assert "more" not in whole
    found = json.loads(run(capsys, "diff", "my.kg@1", "my.kg", "--format", "json")[1])
    assert [each["id"] for each in found["papers"]["gained"]] == ["PMID:3", "PMID:4"]
    assert found["statements_lost"] == 1


@pytest.mark.usefixtures("graph")
def test_diff_of_what_is_alike_and_of_what_is_not_there(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, _ = run(capsys, "diff", "my.kg", "my.kg@000001-a")
    assert (code, out) == (0, "the two graphs hold the same statements\n")
    for words, said in (
        (("my.kg", "my.kg@9"), "there is no generation '9' here"),
        (("my.kg", "other.kg"), "other.kg: there is no graph here"),
        (("my.kg", "."), ".: is no graph"),
        (("my.kg", "my.kg", "--patch", "no/such/folder"), "no/such/folder: cannot be written"),
    ):
        code, _, err = run(capsys, "diff", *words)
        assert code == 1
        assert said in err
