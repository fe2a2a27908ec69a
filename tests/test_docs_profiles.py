"""The samples in docs/profiles.md are lines of what the profiles write of the IL-7 graph."""

import re
from pathlib import Path

import pandas as pd
import pytest

from kg.exports.bioc import BiocXmlProfile
from kg.exports.indra import IndraProfile
from kg.exports.kgx import KgxJsonLinesProfile, KgxProfile
from kg.exports.networks import CytoscapeProfile, GraphmlProfile
from kg.exports.parquet import TABLES, ParquetProfile
from kg.exports.pubtator import PubtatorProfile
from kg.exports.view import Profile, View
from kg.store import open_graph

PAGE = (Path(__file__).parents[1] / "docs" / "profiles.md").read_text("utf-8")
SAMPLES = re.findall(r"^```sample ([\w-]+)(?:/(\S+))?\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
PROFILES: dict[str, Profile] = {
    profile.name: profile
    for profile in (
        KgxProfile(),
        KgxJsonLinesProfile(),
        PubtatorProfile(),
        BiocXmlProfile(),
        IndraProfile(),
        GraphmlProfile(),
        CytoscapeProfile(),
        ParquetProfile(),
    )
}


def write(name: str, graph: Path, target: Path) -> list[str]:
    """Write a graph, and return what the command line says of it."""
    with open_graph(graph) as opened:
        view = View(store=opened.store, manifest=opened.manifest)
        told = PROFILES[name].write(view, target)
    lines = [f"{what} -> {path.relative_to(target.parent)}" for path, what in told.files.items()]
    return [*lines, *(f"kg: {note}" for note in told.notes)]


def test_every_profile_has_a_sample() -> None:
    assert {name for name, _, _ in SAMPLES} == PROFILES.keys() - {"kgx", "parquet"}


@pytest.mark.parametrize(("name", "file", "sample"), SAMPLES)
def test_a_sample_is_what_is_written(
    name: str, file: str, sample: str, il7_graph: Path, tmp_path: Path
) -> None:
    target = tmp_path / "out"
    write(name, il7_graph, target)
    text = (target / file if file else target).read_text("utf-8")
    for line in sample.splitlines():
        pieces = [re.escape(piece.strip()) for piece in line.split("…")]
        assert re.search(r"[^\n]*".join(pieces), text), line


@pytest.mark.parametrize("name", ["kgx", "indra"])
def test_the_page_shows_what_is_told(name: str, il7_graph: Path, tmp_path: Path) -> None:
    shown = re.search(rf"--profile {name} -o (\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert shown is not None
    assert write(name, il7_graph, tmp_path / shown[1]) == shown[2].splitlines()


def test_the_tables_are_those_on_the_page(il7_graph: Path, tmp_path: Path) -> None:
    write("parquet", il7_graph, tmp_path / "il7.parquet")
    section = PAGE[PAGE.index("## Parquet") :]
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == list(TABLES)
    [code] = re.findall(r"^```python\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    names = {"pd": pd}
    exec(code.replace('"il7.parquet/', f'"{tmp_path}/il7.parquet/'), names)
    shown = section[section.index("curie           label") :].partition("```")[0].split("\n")
    printed = str(names["named"]).splitlines()
    assert [line.split() for line in printed[1:4]] == [line.split() for line in shown[1:4]]
