"""A vocabulary table rebuilt, the lexicon made of it, and the graph that is built with it."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kg.errors import InputError, ParameterError, VocabularyError
from kg.model import Scope, Synonym
from kg.pipeline import build_graph, rebuild_graph
from kg.resources import resource_path
from kg.store import open_graph
from kg.vocabulary.compiling import open_lexicon
from kg.vocabulary.publishers import (
    Updated,
    current_tables,
    find_entry,
    rebuild_table,
    write_table,
)
from kg.vocabulary.publishers.merging import compare_rows, merge_rows
from kg.vocabulary.publishers.rows import Row, read_rows
from kg.vocabulary.tables import vocabulary_folder

DAY = date(2026, 9, 1)


def synonym(text: str, kind: str, source: str, scope: Scope = Scope.EXACT) -> Synonym:
    return Synonym(text=text, scope=scope, kind=kind, source=source)


def write_obo(path: Path, rows: list[Row]) -> Path:
    """Write rows of the Cell Ontology as its publisher does."""
    lines = ["format-version: 1.2", "data-version: cl/releases/2026-09-01/cl.obo", "ontology: cl"]
    for row in rows:
        lines += ["", "[Term]", f"id: {row.id}", f"name: {row.label}"]
        if row.definition:
            text = row.definition.replace("\\", "\\\\").replace('"', '\\"')
            lines.append(f'def: "{text}" [PMID:1]')
        for one in row.synonyms:
            quoted = one.text.replace("\\", "\\\\").replace('"', '\\"')
            lines.append(f'synonym: "{quoted}" {one.scope.value} []')
        lines += [f"xref: {xref}" for xref in row.xrefs]
        lines += [f"is_a: {parent} ! above" for parent in row.parents]
        if row.obsolete:
            lines.append("is_obsolete: true")
            lines += [f"replaced_by: {one}" for one in row.extra.get("replaced_by", ())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def shipped() -> list[Row]:
    return list(read_rows(current_tables(None)["cl"]))


@pytest.fixture(scope="module")
def updated(shipped: list[Row], tmp_path_factory: pytest.TempPathFactory) -> Updated:
    """The Cell Ontology of a year in which lymphocytes were renamed under another id."""
    rows = []
    for row in shipped:
        if row.id == "CL:0000542":
            extra = {"replaced_by": ["CL:9900001"]}
            rows.append(
                replace(
                    row,
                    label="obsolete lymphocyte",
                    obsolete=True,
                    extra=extra,
                    parents=(),
                    synonyms=(),
                )
            )
            rows.append(replace(row, id="CL:9900001", label="zedocyte", synonyms=()))
        elif row.id == "CL:0000236":
            rows.append(replace(row, label="B zedocyte"))
        elif row.id != "CL:0000738":
            above = tuple(one.replace("CL:0000542", "CL:9900001") for one in row.parents)
            rows.append(replace(row, parents=above))
    path = write_obo(tmp_path_factory.mktemp("cl") / "cl.obo", rows)
    return rebuild_table(find_entry("cl"), [path], current_tables(None), today=DAY)


@pytest.fixture(scope="module")
def folder(updated: Updated, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    write_table(updated, folder)
    return folder


def test_what_changed_is_told(updated: Updated) -> None:
    differences = updated.differences
    assert differences.gained == (("CL:9900001", "zedocyte"),)
    assert differences.lost == (("CL:0000738", "leukocyte"),)
    assert differences.renamed == (("CL:0000236", "B cell", "B zedocyte"),)
    assert differences.obsoleted == (("CL:0000542", "lymphocyte", "CL:9900001"),)


def test_rows_that_did_not_change_are_as_they_shipped(updated: Updated, shipped: list[Row]) -> None:
    touched = {"CL:0000542", "CL:0000236", "CL:0000738"}
    compared = 0
    for old in shipped:
        if old.id in touched or "CL:0000542" in old.parents:
            continue
        new = updated.rows[old.id]
        assert (new.label, new.parents, new.xrefs, new.obsolete) == (
            old.label,
            old.parents,
            old.xrefs,
            old.obsolete,
        )
        assert {(one.text, one.scope, one.kind) for one in new.synonyms} == {
            (one.text, one.scope, one.kind) for one in old.synonyms
        }
        assert new.extra == old.extra
        compared += 1
    assert compared > 3000


def test_a_successor_takes_over_the_label(updated: Updated) -> None:
    [former] = updated.rows["CL:9900001"].synonyms
    assert (former.text, former.scope, former.kind) == (
        "lymphocyte",
        Scope.EXACT,
        "former_label",
    )


def test_the_table_is_written_beside_its_own_manifest(updated: Updated, folder: Path) -> None:
    manifest = json.loads((folder / "MANIFEST.json").read_text(encoding="utf-8"))
    assert list(manifest) == ["cl"]
    assert manifest["cl"]["contents"][0] == "Cell Ontology 2026-09 (cl.obo)"
    assert manifest["cl"]["licence"] == "CC-BY 4.0"
    tables = current_tables(folder)
    assert tables["cl"].path.parent == folder
    assert tables["mondo"].path.parent == vocabulary_folder()
    assert {row.id: row for row in read_rows(tables["cl"])}.keys() == updated.rows.keys()
    assert sorted(path.name for path in folder.iterdir()) == [
        "MANIFEST.json",
        manifest["cl"]["file"],
    ]


def test_the_same_download_again_changes_nothing(
    updated: Updated, folder: Path, tmp_path: Path
) -> None:
    path = write_obo(tmp_path / "cl.obo", list(updated.rows.values()))
    again = rebuild_table(find_entry("cl"), [path], current_tables(folder), today=DAY)
    assert not again.differences
    once_more = rebuild_table(find_entry("cl"), [path], {"cl": again.old}, today=DAY)
    assert once_more.packed == again.packed


def test_a_part_is_refused_unless_it_is_said_to_be_one(tmp_path: Path, shipped: list[Row]) -> None:
    renamed = replace(shipped[0], label="zed", parents=())
    path = write_obo(tmp_path / "cl.obo", [renamed])
    with pytest.raises(InputError, match=r"lacks 3,323 of the 3,324 terms of cl; is it whole"):
        rebuild_table(find_entry("cl"), [path], current_tables(None))
    part = rebuild_table(find_entry("cl"), [path], current_tables(None), partial=True)
    assert part.differences.renamed == ((shipped[0].id, shipped[0].label, "zed"),)
    assert not part.differences.lost


def test_what_others_gave_stays() -> None:
    entry = find_entry("hgnc")
    old = Row(
        id="HGNC:1",
        label="ZED1",
        synonyms=(
            synonym("zed", "name", "hgnc2024"),
            synonym("z-one", "ncbi_alias", "ncbi2022", Scope.RELATED),
        ),
        xrefs=("ENSEMBL:E0", "MESH:D1"),
        extra={"mouse_symbols": ["Zed1"], "biotype": "protein_coding", "locus_type": "x"},
    )
    new = Row(
        id="HGNC:1",
        label="ZED1",
        synonyms=(synonym("zed protein", "name", "hgnc2026-09"),),
        xrefs=("ENSEMBL:E1",),
        extra={"locus_type": "x", "biotype": "unknown"},
    )
    row = merge_rows({"HGNC:1": old}, [new], entry, partial=False)["HGNC:1"]
    assert [one.text for one in row.synonyms] == ["zed protein", "z-one"]
    assert row.xrefs == ("ENSEMBL:E1", "MESH:D1")
    assert row.extra == {
        "mouse_symbols": ["Zed1"],
        "biotype": "protein_coding",
        "locus_type": "x",
    }


def test_a_term_that_was_merged_into_another_is_withdrawn() -> None:
    old = {
        "HGNC:1": Row(id="HGNC:1", label="ZED1"),
        "HGNC:2": Row(id="HGNC:2", label="ZED2"),
        "HGNC:3": Row(id="HGNC:3", label="OLD3", obsolete=True, extra={"replaced_by": ["HGNC:2"]}),
        "HGNC:4": Row(id="HGNC:4", label="ZED4"),
    }
    merged = Row(
        id="HGNC:2",
        label="ZED2",
        synonyms=(synonym("ZED1", "prev_symbol", "hgnc2026-09"),),
        extra={"locus_type": "x", "biotype": "other"},
    )
    rows = merge_rows(old, [merged], find_entry("hgnc"), partial=False)
    assert rows["HGNC:1"].successor == "HGNC:2"
    assert rows["HGNC:3"] == old["HGNC:3"]
    differences = compare_rows(old, rows)
    assert differences.obsoleted == (("HGNC:1", "ZED1", "HGNC:2"),)
    assert differences.lost == (("HGNC:4", "ZED4"),)


def test_mappings_and_ncbi_genes_add_to_rows(tmp_path: Path) -> None:
    mapping = tmp_path / "a.sssom.tsv"
    mapping.write_text(
        "subject_id\tpredicate_id\tobject_id\nMGI:96561\tskos:exactMatch\tmesh:C000001\n",
        encoding="utf-8",
    )
    genes = tmp_path / "Rattus.gene_info"
    genes.write_text(
        "#tax_id\tGeneID\tSymbol\tSynonyms\tdbXrefs\n10116\t990001\tA2m\tA\tRGD:2004\n",
        encoding="utf-8",
    )
    tables = current_tables(None)
    mouse = rebuild_table(find_entry("mgi"), [mapping], tables)
    assert "MESH:C000001" in mouse.rows["MGI:96561"].xrefs
    rat = rebuild_table(find_entry("rgd"), [genes], tables)
    assert "NCBIGene:990001" in rat.rows["RGD:2004"].xrefs
    assert not rat.differences


def test_wrong_files_and_folders_are_told(tmp_path: Path, updated: Updated) -> None:
    other = tmp_path / "go.obo"
    other.write_text("format-version: 1.2\nontology: go\n[Term]\nid: GO:1\n", encoding="utf-8")
    with pytest.raises(InputError, match="holds no terms with the prefix CL"):
        rebuild_table(find_entry("cl"), [other], current_tables(None))
    with pytest.raises(InputError, match=r"is no download for hgnc_human_genes .it is: ontology"):
        rebuild_table(find_entry("hgnc"), [other], current_tables(None))
    with pytest.raises(ParameterError, match="no vocabulary called 'zed'; there are: hgnc_human"):
        find_entry("zed")
    with pytest.raises(VocabularyError, match="holds the tables that ship"):
        write_table(updated, vocabulary_folder())


@pytest.fixture(scope="module")
def cell_graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    graph = tmp_path_factory.mktemp("graph") / "a.kg"
    lexicon = open_lexicon(vocabularies=("cl",), cache=graph.parent)
    build_graph([resource_path("data", "interleukin-7.txt")], graph, lexicon)
    lexicon.close()
    return graph


def test_a_graph_that_is_rebuilt_has_successors(folder: Path, cell_graph: Path) -> None:
    lexicon = open_lexicon(tables=folder, vocabularies=("cl",), cache=cell_graph.parent)
    assert lexicon.successor("CL:0000542") == "CL:9900001"
    assert lexicon.referents("CL:0000542") == ("CL:9900001",)
    before, after = ("obo:CL_0000542", "obo:CL_9900001")
    prefixes = (
        "PREFIX kg: <https://w3id.org/litkg/ontology#> "
        "PREFIX obo: <http://purl.obolibrary.org/obo/>"
    )
    with open_graph(cell_graph) as graph:
        assert graph.query(f"{prefixes} ASK {{ ?paper kg:mentions {before} }}")
    report = rebuild_graph(cell_graph, lexicon)
    assert report.succeeded == (("CL:0000542", "CL:9900001"),)
    with open_graph(cell_graph) as graph:
        assert graph.query(f"{prefixes} ASK {{ ?paper kg:mentions {after} }}")
        assert not graph.query(f"{prefixes} ASK {{ ?paper kg:mentions {before} }}")
    lexicon.close()
