"""The RO-Crate: read by its own library, each file as it says, the graph loaded back."""

import gzip
import json
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse
from rocrate.rocrate import ROCrate

from kg.exports import Selection, View, find_profile, hash_graph, open_view, write_profile
from kg.store import open_graph


@pytest.fixture(scope="module")
def crate(il7_graph: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("crate") / "il7"
    with open_graph(il7_graph) as graph:
        view = View(store=graph.store, manifest=graph.manifest)
        write_profile(find_profile("ro-crate"), view, target)
    return target


def test_the_library_reads_it(crate: Path) -> None:
    read = ROCrate(crate)
    assert read.name == "Knowledge graph of biomedical literature"
    assert read.license["name"] == "Each part under its own licence"
    files = {entity.id for entity in read.data_entities}
    there = {path.relative_to(crate).as_posix() for path in crate.rglob("*") if path.is_file()}
    assert there == files | {"ro-crate-metadata.json"}
    [action] = [entity for entity in read.contextual_entities if entity.type == "CreateAction"]
    assert action["instrument"]["name"] == "kg"
    used = {each["name"].partition(" (")[2] or each["name"]: each for each in action["object"]}
    assert used["interleukin-7.txt"]["sha256"].startswith("85ffb5f28bf5")
    assert used["cl.tsv.zst)"]["license"].id.endswith("/by/4.0/")
    assert action["result"].id == "graph.nq.gz"


def test_every_entity_that_is_named_is_described(crate: Path) -> None:
    entities = json.loads((crate / "ro-crate-metadata.json").read_text(encoding="utf-8"))["@graph"]
    known = {entity["@id"] for entity in entities}
    assert len(known) == len(entities)
    for entity in entities:
        for key, value in entity.items():
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, dict) and key != "conformsTo":
                    assert each["@id"] in known


def test_files_are_as_they_are_described(crate: Path) -> None:
    for entity in ROCrate(crate).data_entities:
        content = (crate / entity.id).read_bytes()
        assert entity["sha256"] == sha256(content).hexdigest()
        assert int(entity["contentSize"]) == len(content)


def test_the_graph_is_whole(crate: Path, il7_graph: Path) -> None:
    packed = (crate / "graph.nq.gz").read_bytes()
    with open_graph(il7_graph) as graph:
        assert set(parse(gzip.decompress(packed), RdfFormat.N_QUADS)) == set(graph.quads())
        root = ROCrate(crate).root_dataset
        assert root["identifier"] == f"sha256:{hash_graph(graph)}"


def test_a_zip_file_holds_the_same_and_is_the_same_each_time(
    crate: Path, il7_graph: Path, tmp_path: Path
) -> None:
    for name in ("a.zip", "b.zip"):
        with open_graph(il7_graph) as graph:
            view = View(store=graph.store, manifest=graph.manifest)
            write_profile(find_profile("ro-crate"), view, tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        for name in archive.namelist():
            assert archive.read(name) == (crate / name).read_bytes()
        assert "ontology/shapes.ttl" in archive.namelist()
    assert ROCrate(tmp_path / "a.zip").name == ROCrate(crate).name
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zip", "b.zip"]


def test_without_texts_no_sentence_is_in_any_file(il7_graph: Path, tmp_path: Path) -> None:
    with (
        open_graph(il7_graph) as graph,
        open_view(graph, Selection(texts=False)) as view,
    ):
        write_profile(find_profile("ro-crate"), view, tmp_path / "a")
    words = b"thought to control B lymphopoiesis"
    for path in (tmp_path / "a").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert words not in (gzip.decompress(content) if path.suffix == ".gz" else content)
    assert "without the texts" in ROCrate(tmp_path / "a").description
