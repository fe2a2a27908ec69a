"""The records beside a graph: kept as they were read, and found by what they share."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import StoreError
from kg.model import Heading, Indexing, Locator, Problem, Record, Source, Text, Topic
from kg.store.records import RecordStore, SourceDetails, pack_record, unpack_record

SOURCE = Source(name="a.ris", format="ris", sha256="a" * 64)


def record(line: int, **identifiers: str) -> Record:
    return Record(
        locator=Locator(path="a.ris", format="ris", line=line),
        texts=(Text(field="title", text=f"Paper {line}", raw=f"Paper {line}"),),
        identifiers=identifiers,
        indexing=Indexing(headings=(Heading(name="Interleukin-7", id="D015851", major=True),)),
        position=line,
    )


def test_a_record_comes_back_as_it_was() -> None:
    one = record(3, PMID="7", DOI="10.1000/ü")
    assert unpack_record(pack_record(one).body) == one


@pytest.fixture
def filled(tmp_path: Path) -> RecordStore:
    store = RecordStore.create(tmp_path / "records.sqlite")
    source = store.add_source(SOURCE)
    records = [
        record(1, PMID="1"),
        record(2, PMID="2", DOI="10.1000/a"),
        record(3, DOI="10.1000/a", PMCID="PMC5"),
        record(4, PMCID="PMC5"),
        record(5, PMID="1"),
    ]
    assert store.add_records(source, map(pack_record, records)) == [1, 2, 3, 4, 5]
    store.finish()
    return store


def test_records_that_share_keys_are_one_component(filled: RecordStore) -> None:
    assert list(filled.components()) == [[1, 5], [2, 3, 4]]
    assert filled.reached_from([4]) == [[2, 3, 4]]
    assert filled.reached_from([5, 3]) == [[1, 5], [2, 3, 4]]
    assert filled.find_key("pmc-PMC5") == [3, 4]
    filled.remove_records([3])
    assert list(filled.components()) == [[1, 5], [2], [4]]
    assert filled.removed() == [("a" * 64, "3 3")]


def test_sources_keep_their_topic_and_problems(tmp_path: Path, filled: RecordStore) -> None:
    place = Locator(path="a.ris", format="ris", line=9)
    problem = Problem(locator=place, code="cut", message="was cut", lost=True)
    topic = Topic(locator=place, name="IL-7", summary="A cytokine.")
    filled.describe_source(1, SourceDetails(topic=topic, problems=(problem,), records=5))
    conflict = Problem(locator=place, code="conflicting-field", message="two years")
    filled.add_conflicts([(2, conflict)])
    filled.close()
    again = RecordStore.open(filled.path)
    [(source, details)] = again.sources().values()
    assert source == SOURCE
    assert (details.topic, details.records) == (topic, 5)
    assert again.problems() == [problem, conflict]
    again.close()
    with pytest.raises(StoreError, match="build it again"):
        RecordStore.open(tmp_path / "none.sqlite")


def test_a_removed_source_leaves_nothing(filled: RecordStore) -> None:
    filled.describe_source(1, SourceDetails(records=5))
    filled.remove_source(1)
    filled.remove_records(filled.of_source(1))
    assert (filled.count(), filled.sources(), filled.removed()) == (0, {}, [])
    assert list(filled.components()) == []


@given(st.lists(st.lists(st.integers(1, 8), max_size=3), max_size=12))
def test_components_are_those_of_a_simple_search(keys: list[list[int]]) -> None:
    store = RecordStore.create(Path(":memory:"))
    source = store.add_source(SOURCE)
    names = ("PMID", "DOI", "PMCID")
    records = [
        record(
            number,
            **{
                name: f"10.1000/{key}" if name == "DOI" else str(key)
                for name, key in zip(names, some, strict=False)
            },
        )
        for number, some in enumerate(keys, start=1)
    ]
    packed = [pack_record(one) for one in records]
    store.add_records(source, packed)
    store.finish()
    groups: list[set[int]] = []
    for number, filed in enumerate(packed, start=1):
        joined = {number}
        apart = []
        for group in groups:
            shares = any(set(filed.keys) & set(packed[other - 1].keys) for other in group)
            if shares:
                joined |= group
            else:
                apart.append(group)
        groups = [*apart, joined]
    expected = sorted(sorted(group) for group in groups)
    assert list(store.components()) == expected
    assert store.reached_from(range(1, len(keys) + 1)) == expected
