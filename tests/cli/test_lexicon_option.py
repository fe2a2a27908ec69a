"""`--lexicon` and `--vocabulary`, as the verbs have them."""

import json
from pathlib import Path

import pytest

from kg.cli import main
from kg.store import open_graph

LIST = """interleukin 7

Summary: A cytokine.

Top Publications

  1. Doe J, Roe R. Zorgin activates STAT5 in T cells. J Test. 2001;1:1-9 pubmed
"""


@pytest.fixture(autouse=True)
def _small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache of its own, so that small lexicons do not drive out the whole one."""
    monkeypatch.setenv("KG_CACHE", str(tmp_path / "cache"))


def run(*args: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(list(args))
    code = stopped.value.code
    assert isinstance(code, int)
    return code


def own(tmp_path: Path, content: str) -> str:
    path = tmp_path / "own.tsv"
    path.write_text(content)
    return str(path)


def test_annotate_with_own_names(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    docs = tmp_path / "docs.jsonl"
    docs.write_text(json.dumps({"id": 1, "text": "Zorgin activates STAT5"}))
    table = own(tmp_path, "zorgin\tMESH:C1\tChemical\tEXACT\n")
    code = run("annotate", str(docs), "--lexicon", table, "--vocabulary", "famplex")
    assert code == 0
    mentions = json.loads(capsysbinary.readouterr().out)["mentions"]
    assert [(one["text"], one["id"], one["method"]) for one in mentions] == [
        ("Zorgin", "MESH:C1", "own name"),
        ("STAT5", "FPLX:STAT5", "family"),
    ]


@pytest.mark.parametrize("verb", ["annotate", "ground"])
def test_a_lost_line_is_told_and_the_rest_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], verb: str
) -> None:
    docs = tmp_path / "docs.jsonl"
    docs.write_text('{"id": 1, "text": "zorgin"}')
    table = own(tmp_path, "zorgin\tMESH:C1\tChemical\nalone\n")
    words = [str(docs)] if verb == "annotate" else ["zorgin"]
    for _ in range(2):  # compiled, and from the cache
        assert run(verb, *words, "--lexicon", table, "--vocabulary", "famplex") == 3
        captured = capsys.readouterr()
        assert f"{table}:2: 1 columns" in captured.err
        assert "the line is left out" in captured.err
        assert "MESH:C1" in captured.out


def test_several_tables_and_vocabularies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = own(tmp_path, "zorgin\tMESH:C1\tChemical\n")
    second = tmp_path / "more.tsv"
    second.write_text("zorgoid cells\tCL:0000084\n")
    options = ["--lexicon", first, "--lexicon", str(second), "--vocabulary", "famplex, cl"]
    assert run("ground", "zorgin", *options) == 0
    assert run("ground", "zorgoid cell", *options) == 0
    assert "CL:0000084" in capsys.readouterr().out
    assert run("ground", "IL-7", *options) == 2


def test_build_names_the_table_in_its_manifest(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text(LIST)
    table = own(tmp_path, "zorgin\tMESH:C1\tChemical\n")
    graph = tmp_path / "g.kg"
    options = ["--lexicon", table, "--vocabulary", "famplex", "--vocabulary", "famplex"]
    assert run("build", str(path), "-o", str(graph), *options) == 0
    with open_graph(graph) as opened:
        told = opened.manifest["vocabularies"]
    assert [(one["vocabulary"], one["file"]) for one in told][1:] == [("own names", "own.tsv")]
    assert len(told[1]["sha256"]) == 64
    assert run("query", "papers-mentioning", "entity=zorgin", "-g", str(graph), *options) == 0


def test_a_vocabulary_that_is_not_known(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ground", "IL-7", "--vocabulary", "cl,nope") == 2
    err = capsys.readouterr().err
    assert "no vocabulary called 'nope'; there are: " in err
    assert "mondo" in err


@pytest.mark.parametrize(
    ("content", "message"), [("", "is empty"), ("Dear all\n", "no table"), (None, "no such file")]
)
def test_a_table_that_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None, message: str
) -> None:
    table = str(tmp_path / "none.tsv") if content is None else own(tmp_path, content)
    assert run("ground", "IL-7", "--lexicon", table, "--vocabulary", "famplex") == 1
    err = capsys.readouterr().err
    assert table in err
    assert message in err
