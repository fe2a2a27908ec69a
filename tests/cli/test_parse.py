"""`kg parse`: JSON lines on stdout, what went wrong on stderr, and the exit code."""

import json
from pathlib import Path
from typing import Any

import pytest

from kg.cli import RECORDS_LOST, main
from kg.resources import resource_path

IL7 = resource_path("data", "interleukin-7.txt")
GOLDEN = Path(__file__).parents[1] / "golden" / "interleukin-7.jsonl"

LIST = """\
interleukin 9

  1. Doe J, Roe B. One title. Blood. 2007;56:732-42 pubmed
  2. Doe J, Roe B. Broken title. Blood
    ..Its snippet. ..
  3. Poe E, Łoś Ł. Last title. Blood. 2009;58:1-2 pubmed
"""


def run(capfd: pytest.CaptureFixture[str], *args: str | Path) -> tuple[int, list[Any], list[str]]:
    """Return the exit code, the objects on stdout and the lines on stderr of `kg parse`."""
    with pytest.raises(SystemExit) as caught:
        main(["parse", *map(str, args)])
    assert isinstance(caught.value.code, int)
    out, err = capfd.readouterr()
    return caught.value.code, [json.loads(line) for line in out.splitlines()], err.splitlines()


def write(tmp_path: Path, data: str | bytes, name: str = "list.txt") -> Path:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_real_list_prints_the_62_records_checked_by_eye(capfd: pytest.CaptureFixture[str]) -> None:
    code, found, errors = run(capfd, IL7)
    assert code == 0
    assert found == [json.loads(line) for line in GOLDEN.read_text("utf-8").splitlines()]
    assert errors == ["62 records, 50 with repairs, 0 unreadable"]


def test_output_is_utf_8_and_not_escaped(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    with pytest.raises(SystemExit):
        main(["parse", str(IL7)])
    out, _ = capfdbinary.readouterr()
    assert "Samson Villéger S".encode() in out
    assert out == GOLDEN.read_bytes()


def test_repairs_stand_only_where_a_text_was_repaired(capfd: pytest.CaptureFixture[str]) -> None:
    _, found, _ = run(capfd, IL7)
    for record in found:
        assert ("repairs" in record) == bool(record["snippets"])
        for repair in record.get("repairs", []):
            assert repair["field"] == "snippet"
            shown, position = "", 0
            for edit in repair["edits"]:
                shown += repair["raw"][position : edit["raw_start"]]
                assert edit["start"] == edit["end"] == len(shown)
                position = edit["raw_end"]
            assert shown + repair["raw"][position:] == record["snippets"][0]


def test_broken_citation_costs_only_itself_and_exit_code_3(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = write(tmp_path, LIST)
    code, found, errors = run(capfd, path)
    assert code == RECORDS_LOST == 3
    assert [record["title"] for record in found] == ["One title", "Last title"]
    assert found[1]["authors"] == ["Poe E", "Łoś Ł"]
    assert errors[0].startswith(f"{path}:4: ")
    assert "Broken title" in errors[0]
    assert errors[1:] == ["2 records, 0 with repairs, 1 unreadable"]


def test_several_files_are_read_in_order(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    first = write(tmp_path, LIST.replace("Broken title. Blood", "Mended. Blood. 2008;1:2"), "1.txt")
    second = write(tmp_path, "x\n\n1. Doe J, Roe B. Alone here. Blood. 2001;1:2\n", "2.txt")
    code, found, errors = run(capfd, second, first)
    assert code == 0
    assert [record["title"] for record in found] == [
        "Alone here", "One title", "Mended", "Last title",
    ]  # fmt: skip
    assert errors == ["4 records, 1 with repairs, 0 unreadable"]


@pytest.mark.parametrize(
    ("data", "message"),
    [(b"", "is empty"), (b"\x00\x01", "binary"), (b"Hello.\n", "format is not known")],
)
def test_wrong_files_are_refused_before_anything_is_printed(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, data: bytes, message: str
) -> None:
    path = write(tmp_path, data, "wrong.txt")
    code, found, errors = run(capfd, write(tmp_path, LIST), path)
    assert (code, found) == (1, [])
    [error] = errors
    assert error.startswith(f"kg: {path}: ")
    assert message in error


def test_missing_file_and_directory_are_refused(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(capfd, tmp_path / "none.txt") == (
        1, [], [f"kg: {tmp_path / 'none.txt'}: there is no such file"],
    )  # fmt: skip
    code, _, [error] = run(capfd, tmp_path)
    assert code == 1
    assert "is a directory" in error


def test_record_of_latin_1_is_lost_with_its_line(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = write(tmp_path, LIST.replace("Łoś Ł", "Poé E").encode("latin-1"))
    code, found, errors = run(capfd, path)
    assert code == 3
    assert [record["title"] for record in found] == ["One title"]
    [problem] = [error for error in errors if error.startswith(f"{path}:6: ")]
    assert "line 6, column 15: byte 0xe9 is not UTF-8" in problem


def test_no_file_is_wrong_usage(capfd: pytest.CaptureFixture[str]) -> None:
    code, found, errors = run(capfd)
    assert (code, found) == (2, [])
    assert any("FILE" in line for line in errors)
