"""Exports stream: with more papers about the same entities they take no more memory."""

import tracemalloc
from pathlib import Path

import pytest

from kg.exports import parquet, reading, sorting
from kg.exports.bioc import BiocJsonProfile, BiocXmlProfile
from kg.exports.indra import IndraProfile
from kg.exports.kgx import KgxProfile
from kg.exports.networks import GraphmlProfile
from kg.exports.parquet import ParquetProfile
from kg.exports.pubtator import PubtatorProfile
from kg.exports.view import Profile, View
from tests.exports.graphs import make_large_view

FEW, MANY = 100, 500
PROFILES: list[Profile] = [
    PubtatorProfile(),
    BiocXmlProfile(),
    BiocJsonProfile(),
    KgxProfile(),
    IndraProfile(),
    GraphmlProfile(),
    ParquetProfile(),
]


@pytest.fixture(scope="module")
def views() -> tuple[View, View]:
    """A graph of few papers, and one of five times as many that say the same."""
    return make_large_view(FEW), make_large_view(MANY)


@pytest.mark.parametrize("profile", PROFILES, ids=lambda each: str(each.name))
def test_memory_does_not_grow_with_the_papers(
    profile: Profile, views: tuple[View, View], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What is held at a time is small enough here for few papers to fill it.
    monkeypatch.setattr(sorting, "HELD", 60_000)
    monkeypatch.setattr(parquet, "ROW_GROUP", 50)
    monkeypatch.setattr(reading, "WORDINGS", 20)
    profile.write(views[0], tmp_path / "warm")
    peaks = []
    for number, view in enumerate(views):
        tracemalloc.start()
        profile.write(view, tmp_path / str(number))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    # Each run that is sorted is an open file with its buffers; a paper held would take 10,000.
    assert peaks[1] < peaks[0] + 1_000 * (MANY - FEW), peaks
