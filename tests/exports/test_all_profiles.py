"""What holds of every profile: the same bytes for the same graph, and a word for what is broken."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Quad

from kg.errors import KgError
from kg.exports.bioc import BiocJsonProfile, BiocXmlProfile
from kg.exports.extras import load_extra
from kg.exports.indra import IndraProfile
from kg.exports.kgx import KgxJsonLinesProfile, KgxProfile
from kg.exports.networks import CytoscapeProfile, GraphmlProfile
from kg.exports.parquet import ParquetProfile
from kg.exports.pubtator import PubtatorProfile
from kg.exports.sorting import sort_texts
from kg.exports.view import Profile
from kg.store import open_graph
from tests.exports.graphs import (
    content,
    make_view,
    replacing,
    view_of,
    whole_view,
    without,
    written,
)

TEXTS: list[Profile] = [PubtatorProfile(), BiocXmlProfile(), BiocJsonProfile()]
OTHERS: list[Profile] = [
    KgxProfile(),
    KgxJsonLinesProfile(),
    IndraProfile(),
    GraphmlProfile(),
    CytoscapeProfile(),
    ParquetProfile(),
]
ALL = TEXTS + OTHERS


def named(value: object) -> str:
    return getattr(value, "name", "") or (value[:20] if isinstance(value, str) else "with")


@pytest.mark.parametrize("profile", ALL, ids=named)
def test_the_same_graph_gives_the_same_bytes(
    profile: Profile, il7_graph: Path, tmp_path: Path
) -> None:
    folders = [tmp_path / name for name in ("disk", "memory", "turned")]
    for folder in folders:
        folder.mkdir()
    with open_graph(il7_graph) as graph:
        disk = content(written(profile, whole_view(graph), folders[0]))
        quads = list(graph.store)
    assert content(written(profile, view_of(quads), folders[1])) == disk
    assert content(written(profile, view_of(quads, turned=True), folders[2])) == disk


@pytest.mark.parametrize("profile", ALL, ids=named)
def test_it_tells_its_files_and_how_much_is_in_them(profile: Profile, tmp_path: Path) -> None:
    target = tmp_path / "out"
    told = profile.write(make_view(), target)
    there = sorted(target.iterdir()) if target.is_dir() else [target]
    assert sorted(told.files) == there
    assert all(each[0].isdigit() for each in told.files.values())


@pytest.mark.parametrize("profile", ALL, ids=named)
def test_a_graph_with_nothing_in_it(profile: Profile, tmp_path: Path) -> None:
    told = profile.write(view_of([]), tmp_path / "out")
    assert all(each.startswith("0 ") for each in told.files.values())
    assert told.notes == ()


@pytest.mark.parametrize("profile", TEXTS, ids=named)
def test_annotated_texts_need_the_texts(profile: Profile, tmp_path: Path) -> None:
    with pytest.raises(KgError, match=r"PMID:17.*left out of what is exported"):
        profile.write(make_view(without("text")), tmp_path / "out")


@pytest.mark.parametrize("profile", OTHERS, ids=named)
def test_the_others_do_without_the_texts(profile: Profile, tmp_path: Path) -> None:
    told = profile.write(make_view(without("text")), tmp_path / "out")
    if isinstance(profile, GraphmlProfile | CytoscapeProfile):
        return
    assert any("left out" in note and "text" in note for note in told.notes)


TABLES = [each for each in OTHERS if not isinstance(each, GraphmlProfile | CytoscapeProfile)]


@pytest.mark.parametrize(
    ("profile", "change", "message"),
    [
        *((each, without("object"), r"assertion/.*has no kg:object") for each in ALL),
        *((each, without("inPublication"), r"sentence/.*has no kg:inPub") for each in TABLES),
        *((each, without("evidenceSentence"), r"evidence/.*has no kg:ev") for each in TABLES),
        *(
            (each, replacing("start", "first"), r"'first' as its kg:start, which is not a whole")
            for each in TEXTS + TABLES
        ),
        *(
            (
                each,
                replacing("confidence", "high"),
                r"'high' as its kg:confidence, which is not a n",
            )
            for each in ALL
        ),
    ],
    ids=named,
)
def test_a_damaged_graph_is_told_by_what_is_wrong(
    profile: Profile, change: Callable[[Quad], Quad | None], message: str, tmp_path: Path
) -> None:
    with pytest.raises(KgError, match=message):
        profile.write(make_view(change), tmp_path / "out")


def test_a_missing_library_is_told_with_what_installs_it() -> None:
    with pytest.raises(KgError, match=r"needs nosuchlibrary.*pip install 'kg\[parquet\]'"):
        load_extra("nosuchlibrary.part", "parquet")


@pytest.mark.parametrize("held", [1, 2, 3, 7, 100])
def test_texts_are_put_in_order_whatever_is_held(held: int) -> None:
    texts = ["Ω", "b", "a", "bb", "a", "", "z 1", "c", "b"]
    assert list(sort_texts(texts, held=held)) == sorted(set(texts))
