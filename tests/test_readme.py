"""What the README shows is what happens."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

import kg
from kg.cli import VERBS, cli, main
from kg.resources import resource_path
from kg.vocabulary.lexicon import Lexicon

README = resource_path("README.md")


@pytest.fixture(scope="module")
def readme() -> str:
    return README.read_text(encoding="utf-8")


def test_the_answer_is_as_really_printed(
    readme: str, il7_graph: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    block = re.search(r"```\n\$ kg (query papers-connecting.*?)\n(.*?)```", readme, re.DOTALL)
    assert block is not None
    with pytest.raises(SystemExit) as stopped:
        main([*block[1].split(), "-g", str(il7_graph)])
    assert stopped.value.code == 0
    assert capsys.readouterr().out.strip() == block[2].strip()


def test_the_python_example_runs(
    readme: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    block = re.search(r"```python\n(.*?)```", readme, re.DOTALL)
    assert block is not None
    (tmp_path / "data").symlink_to(resource_path("data"))
    monkeypatch.chdir(tmp_path)
    exec(compile(block[1], str(README), "exec"), {})
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) >= 2
    assert all(re.match(r"20\d\d \w", line) for line in printed)


def test_every_verb_is_in_the_readme(readme: str) -> None:
    assert [verb for verb in VERBS if f"`kg {verb}" not in readme] == []


def test_the_saved_queries_of_the_readme_answer(
    readme: str, il7_graph: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    examples = re.findall(r"^kg (query [a-z-]+ .*)$", readme, re.MULTILINE)
    assert len(examples) >= 5
    for example in examples:
        words = [word.strip('"') for word in re.findall(r'"[^"]*"|\S+', example)]
        with pytest.raises(SystemExit) as stopped:
            main([*words, "-g", str(il7_graph)])
        assert stopped.value.code == 0
        assert len(capsys.readouterr().out.splitlines()) > 1


def test_the_commands_on_texts_run(
    readme: str, lexicon: Lexicon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lexicon.vocabularies
    monkeypatch.chdir(tmp_path)
    Path("texts.jsonl").write_text('{"id": 1, "text": "FoxP5+ T cells"}\n', encoding="utf-8")
    Path("my-names.tsv").write_text("FoxP5+ T cell\tCL:0000084\n", encoding="utf-8")
    examples = re.findall(r"^(?:echo '(.*)' \| )?kg ((?:annotate|ground).*)$", readme, re.MULTILINE)
    assert len(examples) >= 4
    for piped, command in examples:
        words = command.split()
        with monkeypatch.context() as setting:
            if "--lexicon" in words:
                words += ["--vocabulary", "cl"]  # one that is soon compiled
                setting.setenv("KG_CACHE", str(tmp_path / "cache"))
            result = CliRunner().invoke(cli, words, input=piped or None)
        assert result.exit_code == 0, result.output
        if "--lexicon" in words:
            (mention,) = json.loads(result.stdout)["mentions"]
            assert mention["text"] == "FoxP5+ T cells"
    assert "FoxP5" in Path("texts.html").read_text(encoding="utf-8")


def test_the_public_names_are_there() -> None:
    for name in kg.__all__:
        assert callable(getattr(kg, name))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = kg.nothing


def test_the_map_of_the_package_has_the_floors_that_are_checked() -> None:
    settings = tomllib.loads((README.parent / "pyproject.toml").read_text("utf-8"))
    (contract,) = settings["tool"]["importlinter"]["contracts"]
    assert kg.__doc__ is not None
    told = kg.__doc__.partition("The floors")[2].partition("\n\n")[2]
    assert told.split() == " ".join(contract["layers"]).split()
