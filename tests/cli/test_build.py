"""`kg build`, `kg annotate` and `kg ground` as a user runs them."""

import io
import json
import re
from pathlib import Path

import click
import pytest

from kg.cli import cli, main
from kg.resources import resource_path

LIST = resource_path("data", "interleukin-7.txt").read_text(encoding="utf-8")


def run(*args: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(list(args))
    code = stopped.value.code
    assert isinstance(code, int)
    return code


def test_build_ends_in_a_summary(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "list.txt"
    path.write_text(LIST)
    assert run("build", str(path), "-o", str(tmp_path / "g.kg")) == 0
    out = capsys.readouterr().out
    assert "papers     62" in out
    assert re.search(
        r"^assertions \d+ \(\d+ negated, \d+ speculative\) from \d+ ", out, re.MULTILINE
    )
    assert str(tmp_path / "g.kg") in out


def test_a_broken_citation_costs_only_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = LIST.splitlines()
    broken = next(number for number, line in enumerate(lines) if "  40. " in line)
    lines[broken] = "  40. %%% no citation at all"
    path = tmp_path / "list.txt"
    path.write_text("\n".join(lines))
    assert run("build", str(path), "-o", str(tmp_path / "g.kg")) == 3
    captured = capsys.readouterr()
    assert "papers     61" in captured.out
    assert f"list.txt:{broken + 1}" in captured.err


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "empty"), (b"\x00\x01\x02\xff" * 40, "binary"), (None, "no such file")],
)
def test_bad_input_is_told_and_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, message: str
) -> None:
    path = tmp_path / "list.txt"
    if content is not None:
        path.write_bytes(content)
    assert run("build", str(path), "-o", str(tmp_path / "g.kg")) == 1
    err = capsys.readouterr().err
    assert str(path) in err
    assert message in err
    assert "Traceback" not in err
    assert not (tmp_path / "g.kg").exists()


def test_a_directory_is_no_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("build", str(tmp_path), "-o", str(tmp_path / "g.kg")) == 1
    assert "is a directory" in capsys.readouterr().err


def test_a_base_that_is_no_iri(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("build", str(tmp_path / "x"), "--base-iri", "nonsense") == 2
    assert "--base-iri" in capsys.readouterr().err


def annotate(
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
    content: bytes,
    *args: str,
) -> tuple[int, list[dict[str, object]], str]:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    code = run("annotate", *args)
    captured = capsysbinary.readouterr()
    return code, [json.loads(line) for line in captured.out.splitlines()], captured.err.decode()


def test_annotate_gives_offsets_in_code_points(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    text = "𝛼 and é: IL-7Rα on T cells"
    document = json.dumps({"id": "a", "text": text}, ensure_ascii=False).encode()
    code, (result,), _ = annotate(monkeypatch, capsysbinary, document)
    assert code == 0
    assert result["id"] == "a"
    mentions = result["mentions"]
    assert isinstance(mentions, list)
    assert [(one["text"], one["id"], one["type"]) for one in mentions] == [
        ("IL-7Rα", "HGNC:6024", "Gene"),
        ("T cells", "CL:0000084", "CellType"),
    ]
    for one in mentions:
        assert text[one["start"] : one["end"]] == one["text"]
        assert set(one) == {
            "start", "end", "text", "type", "id", "ids", "label", "score", "method",
        }  # fmt: skip
    assert "NCBIGene:3575" in mentions[0]["ids"]


def test_annotate_tells_lines_that_it_cannot_use(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    content = b'{"id":1,"text":"IL-7"}\nnot json\n[1]\n{"id":2}\n\xff\xfe\n\n{"id":3,"text":""}\n'
    code, results, err = annotate(monkeypatch, capsysbinary, content)
    assert code == 3
    assert [one["id"] for one in results] == [1, 3]
    for number in (2, 3, 4, 5):
        assert f"stdin:{number}: " in err


def test_annotate_reads_named_fields_of_a_file(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    path = tmp_path / "docs.jsonl"
    path.write_text(
        json.dumps({"id": 1, "title": "In rheumatoid arthritis (RA)", "abstract": "RA is common"})
    )
    code, (result,), _ = annotate(
        monkeypatch, capsysbinary, b"", str(path), "--field", "title", "--field", "abstract"
    )
    assert code == 0
    mentions = result["mentions"]
    assert isinstance(mentions, list)
    assert ("abstract", "RA", "MONDO:0008383") in [
        (one["field"], one["text"], one["id"]) for one in mentions
    ]


def test_annotate_a_missing_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("annotate", str(tmp_path / "none.jsonl")) == 1
    assert "none.jsonl: cannot be opened" in capsys.readouterr().err


def test_ground_shows_candidates_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ground", "STAT5") == 0
    out = capsys.readouterr().out
    assert out.index("FPLX:STAT5") < out.index("HGNC:11366")
    assert "previous symbol" in out


def test_ground_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ground", "IL-7", "--format", "json") == 0
    first = json.loads(capsys.readouterr().out.splitlines()[0])
    assert first["id"] == "HGNC:6023"
    assert set(first) == {"id", "label", "type", "score", "matched", "why"}


@pytest.mark.parametrize(
    ("text", "curie"),
    [
        ("hgnc:6023", "HGNC:6023"),
        ("https://www.uniprot.org/uniprotkb/P13232/entry", "HGNC:6023"),
        ("mesh:D009103", "MONDO:0005301"),
    ],
)
def test_ground_an_identifier(text: str, curie: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ground", text, "--format", "json") == 0
    first = json.loads(capsys.readouterr().out.splitlines()[0])
    assert (first["id"], first["why"]) == (curie, "identifier")


def test_ground_an_unknown_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ground", "IL77") == 2
    assert "no entity called 'IL77'; did you mean" in capsys.readouterr().err


@pytest.mark.parametrize("verb", cli.list_commands(click.Context(cli)))
def test_every_verb_explains_itself(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(verb, "--help") == 0
    shown = capsys.readouterr().out
    assert "Usage: kg" in shown
    assert "\\" not in shown  # such as a mark of the layout


def test_annotate_writes_a_page(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "docs.jsonl"
    path.write_text('{"id": "a", "text": "IL-7"}\n\nnot json\n{"text": "STAT5"}\n')
    assert run("annotate", str(path), "--html", "out.html") == 3
    captured = capsysbinary.readouterr()
    assert captured.out == b""
    assert b"docs.jsonl:3: not JSON" in captured.err
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert "<title>Entities in docs.jsonl</title>" in page
    assert ">a</h2>" in page
    assert ">line 4</h2>" in page
