"""`kg annotate --explain TEXT`."""

from pathlib import Path

from click.testing import CliRunner

from kg.cli.annotate import annotate


def test_tells_the_mention_the_candidates_and_the_rule() -> None:
    result = CliRunner().invoke(annotate, ["--explain", "IL-7 was MS"], standalone_mode=False)
    assert result.exception is None
    lines = result.output.splitlines()
    assert lines[0] == "IL-7  →  IL7 (HGNC:6023), Gene"
    assert any("LINC02605" in line and line.strip().startswith("0.") for line in lines)
    assert "MS  →  not a mention" in lines
    assert not any(line.startswith("was") for line in lines)  # nobody asks of function words


def test_tells_that_there_is_nothing() -> None:
    result = CliRunner().invoke(annotate, ["--explain", "qwrt"], standalone_mode=False)
    assert "Nothing in this text" in result.output


def test_does_not_take_a_file_as_well(tmp_path: Path) -> None:
    result = CliRunner().invoke(annotate, [str(tmp_path / "a.jsonl"), "--explain", "IL-7"])
    assert result.exit_code == 2
    assert "leave FILE and --html out" in result.output
