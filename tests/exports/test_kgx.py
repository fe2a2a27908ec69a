"""KGX, checked against the Biolink Model by `bmt`, without the network."""

import csv
import json
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from bmt import Toolkit

from kg.exports.biolink import COMPLEX, category_of, relate, to_biolink
from kg.exports.kgx import KgxJsonLinesProfile, KgxProfile
from kg.exports.reading import ENTITY_CLASSES
from kg.model import Predicate
from kg.prefixes import PREFIXES
from kg.store import open_graph
from tests.exports.graphs import (
    ACTIVATES,
    CURES,
    DENIED,
    FIRST,
    SECOND,
    THIRD,
    TREATS,
    make_view,
    whole_view,
    without,
    written,
)

Rows = dict[str, list[dict[str, Any]]]
CATEGORIES = [*map(category_of, ENTITY_CLASSES), COMPLEX, category_of("")]


@pytest.fixture(scope="module")
def biolink() -> Toolkit:
    """The Biolink Model as the package `biolink-model` ships it."""
    model = files("biolink_model") / "schema" / "biolink_model.yaml"
    return Toolkit(schema=str(model), predicate_map={"predicate mappings": []})


def read_tsv(folder: Path) -> Rows:
    """Files of TSV as KGX reads them: nothing is quoted, and `|` parts lists."""
    rows = {}
    for path in folder.iterdir():
        with path.open(encoding="utf-8", newline="\n") as stream:
            reader = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
            rows[path.stem] = list(reader)
    return rows


def read_jsonl(folder: Path) -> Rows:
    return {
        path.stem: [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        for path in folder.iterdir()
    }


def test_every_category_is_one_of_biolink(biolink: Toolkit) -> None:
    assert [each for each in CATEGORIES if not biolink.is_category(each)] == []
    assert len(set(CATEGORIES)) == 10


def test_every_relation_keeps_to_the_domain_and_range_of_biolink(biolink: Toolkit) -> None:
    for predicate, subject, object_ in product(Predicate, CATEGORIES, CATEGORIES):
        relation = relate(predicate, subject, object_)
        assert biolink.is_predicate(relation.predicate)
        assert biolink.validate_edge(subject, relation.predicate, object_), (subject, relation)
        assert not biolink.get_element(relation.predicate).deprecated
        if relation.qualified_predicate:
            assert biolink.is_predicate(relation.qualified_predicate)
        for slot, value in (
            ("biolink:object_aspect_qualifier", relation.aspect),
            ("biolink:object_direction_qualifier", relation.direction),
        ):
            assert not value or biolink.validate_qualifier(slot, value), (slot, value)


def test_no_relation_loses_its_sign() -> None:
    """Unless the predicate says it: what treats, prevents or contributes to a disease."""
    said = {
        "biolink:treats_or_applied_or_studied_to_treat",
        "biolink:preventative_for_condition",
        "biolink:contributes_to",
    }
    directions = {1: "increased", -1: "decreased"}
    for predicate, subject, object_ in product(Predicate, CATEGORIES, CATEGORIES):
        relation = relate(predicate, subject, object_)
        if predicate.sign and relation.predicate not in said:
            assert relation.direction == directions[predicate.sign]


def test_every_prefix_is_written_as_biolink_writes_it(biolink: Toolkit) -> None:
    path = files("biolink_model") / "prefixmaps" / "biolink_model_prefix_map.json"
    known = {name.casefold(): name for name in json.loads(path.read_text("utf-8"))}
    for prefix in PREFIXES:
        written_as = to_biolink(f"{prefix}:1").partition(":")[0]
        assert known.get(written_as.casefold(), written_as) == written_as
    assert biolink.get_model_version()


@pytest.mark.parametrize("form", ["tsv", "jsonl"])
def test_a_graph_is_in_terms_of_biolink(
    biolink: Toolkit, form: str, il7_graph: Path, tmp_path: Path
) -> None:
    profile = KgxProfile() if form == "tsv" else KgxJsonLinesProfile()
    with open_graph(il7_graph) as graph:
        folder = written(profile, whole_view(graph), tmp_path)
    rows = read_tsv(folder) if form == "tsv" else read_jsonl(folder)
    categories = {}
    for node in rows["nodes"]:
        category = node["category"] if form == "tsv" else node["category"][0]
        assert biolink.is_category(category)
        categories[node["id"]] = category
    assert len(categories) == len(rows["nodes"]) == 128
    edges = [*rows["edges"], *rows["co_mention_edges"]]
    assert [len(rows["edges"]), len(rows["co_mention_edges"])] == [144, 453]
    for edge in edges:
        ends = categories[edge["subject"]], categories[edge["object"]]
        assert biolink.validate_edge(ends[0], edge["predicate"], ends[1])
        for slot, enumeration in (
            ("knowledge_level", "KnowledgeLevelEnum"),
            ("agent_type", "AgentTypeEnum"),
        ):
            assert biolink.is_permissible_value_of_enum(enumeration, edge[slot])
    own = {"speculative", "sentence_count", "log_likelihood", "iri", "id", "subject", "object"}
    for name in {name for row in [*edges, *rows["nodes"]] for name in row} - own:
        assert biolink.get_element(name), name


def test_tsv_and_json_lines_say_the_same(il7_graph: Path, tmp_path: Path) -> None:
    with open_graph(il7_graph) as graph:
        tsv = read_tsv(written(KgxProfile(), whole_view(graph), tmp_path / "a"))
        jsonl = read_jsonl(written(KgxJsonLinesProfile(), whole_view(graph), tmp_path / "b"))
    for name, rows in tsv.items():
        for row, other in zip(rows, jsonl[name], strict=True):
            for column, cell in row.items():
                value = other.get(column, "")
                flat = "|".join(map(str, value)) if isinstance(value, list) else str(value)
                assert cell == ("" if value is False else flat)


def test_what_is_denied_and_what_is_supposed_is_kept(tmp_path: Path) -> None:
    edges = {f"<{row['id']}>": row for row in read_tsv_edges(tmp_path)}
    # KGX takes every text in this column for true.
    assert [edges[each]["negated"] for each in (ACTIVATES, DENIED)] == ["", "True"]
    assert [edges[each]["speculative"] for each in (ACTIVATES, TREATS)] == ["", "True"]
    denied = edges[DENIED]
    assert denied["predicate"] == "biolink:affects"
    assert denied["qualified_predicate"] == "biolink:causes"
    assert denied["object_aspect_qualifier"] == "activity"
    assert denied["object_direction_qualifier"] == "increased"
    assert denied["publications"] == "PMID:17"
    assert denied["primary_knowledge_source"] == "infores:litkg"


def read_tsv_edges(folder: Path) -> list[dict[str, Any]]:
    return read_tsv(written(KgxProfile(), make_view(), folder))["edges"]


def test_offsets_are_those_of_the_words_in_the_sentence(tmp_path: Path) -> None:
    folder = written(KgxJsonLinesProfile(), make_view(), tmp_path)
    edges = {f"<{row['id']}>": row for row in read_jsonl(folder)["edges"]}
    for edge, text, words in (
        (ACTIVATES, FIRST, ("IL-7", "STAT5")),
        (DENIED, SECOND, ("IL-7", "mTORC1")),
        (TREATS, THIRD, ("IL-7", "colitis")),
    ):
        assert edges[edge]["supporting_text"] == [text]
        for role, expected in zip(("subject", "object"), words, strict=True):
            start, end = edges[edge][f"{role}_location_in_text"]
            assert text[start:end] == expected


def test_a_cell_has_neither_tabs_nor_bars_that_part_it(tmp_path: Path) -> None:
    rows = read_tsv(written(KgxProfile(), make_view(), tmp_path))
    assert all(
        None not in row and None not in row.values() for each in rows.values() for row in each
    )
    nodes = {row["id"]: row for row in rows["nodes"]}
    assert nodes["CL:0000084"]["name"] == "T cell"
    assert nodes["HGNC:6023"]["synonym"] == "IL-7|a\u00a6b"
    assert nodes["HGNC:6023"]["xref"] == "UniProtKB:P13232"
    assert nodes["HGNC:6023"]["in_taxon"] == "NCBITaxon:9606"
    texts = {row["supporting_text"] for row in rows["edges"]}
    assert FIRST.replace("\x0b", " ") in texts


def test_a_family_with_components_is_a_complex(tmp_path: Path) -> None:
    rows = read_tsv(written(KgxProfile(), make_view(), tmp_path))
    nodes = {row["id"]: row["category"] for row in rows["nodes"]}
    assert nodes["FPLX:mTORC1"] == "biolink:MacromolecularComplex"
    assert nodes["FPLX:STAT5"] == "biolink:GeneFamily"
    # Every end of an edge is there, what a part of a graph only refers to as well.
    assert nodes["HGNC:1674"] == "biolink:NamedThing"
    # Nothing mentions these, and no edge has them.
    assert "HGNC:3942" not in nodes
    assert "NCBITaxon:9606" not in nodes


def test_a_relation_from_elsewhere_is_told_under_its_own_name(tmp_path: Path) -> None:
    target = tmp_path / "out"
    told = KgxProfile().write(make_view(), target)
    edges = {f"<{row['id']}>": row for row in read_tsv(target)["edges"]}
    assert edges[CURES]["predicate"] == "biolink:related_to"
    assert edges[CURES]["original_predicate"] == "https://example.org/cures"
    assert any("stands for 1 relations that are not of the" in note for note in told.notes)


def test_without_texts_the_sentence_is_left_empty(tmp_path: Path) -> None:
    target = tmp_path / "out"
    told = KgxProfile().write(make_view(without("text")), target)
    edges = {f"<{row['id']}>": row for row in read_tsv(target)["edges"]}
    assert edges[DENIED]["supporting_text"] == edges[DENIED]["subject_location_in_text"] == ""
    assert edges[DENIED]["publications"] == "PMID:17"
    assert told.notes[0] == "supporting_text is empty where texts were left out: 3 edges"
