"""What two graphs do not share, in papers, entities and assertions; and as a patch."""

import io
from collections.abc import Iterable
from pathlib import Path

import pytest
import rdflib

from kg.changes import (
    AssertionNode,
    Changes,
    Difference,
    EntityNode,
    PaperNode,
    compare_graphs,
    write_whole,
)
from kg.errors import KgError
from kg.namespaces import DCTERMS, KG, RDF, RDFS
from kg.pipeline import build_graph
from kg.resources import resource_path
from kg.store import open_graph, update_graph, write_generation
from kg.vocabulary.lexicon import Lexicon

PAPER = "http://www.ncbi.nlm.nih.gov/pubmed/"
IL7 = "http://identifiers.org/hgnc/6023"
STAT5 = "https://identifiers.org/fplx:STAT5"
BASE = "https://w3id.org/litkg/"
INTEGER = "<http://www.w3.org/2001/XMLSchema#integer>"
BOOLEAN = "<http://www.w3.org/2001/XMLSchema#boolean>"


def a(node: str, kind: str) -> str:
    return f"<{node}> <{RDF}type> <{KG}{kind}> ."


def paper(pmid: int, title: str, year: int, *mentions: str) -> list[str]:
    node = f"{PAPER}{pmid}"
    return [
        a(node, "Publication"),
        f'<{node}> <{DCTERMS}title> "{title}" .',
        f'<{node}> <{KG}year> "{year}"^^{INTEGER} .',
        f"<{node}> <{KG}publishedIn> <{BASE}journal/j> .",
        f'<{BASE}journal/j> <{RDFS}label> "J Test" .',
        *(f"<{node}> <{KG}mentions> <{each}> ." for each in mentions),
    ]


def entity(node: str, kind: str, label: str) -> list[str]:
    return [a(node, kind), f'<{node}> <{RDFS}label> "{label}" .']


def assertion(name: str, papers: int, *, negated: bool = False) -> list[str]:
    node = f"{BASE}assertion/{name}"
    return [
        a(node, "Assertion"),
        f"<{node}> <{KG}subject> <{IL7}> .",
        f"<{node}> <{KG}predicate> <{KG}activates> .",
        f"<{node}> <{KG}object> <{STAT5}> .",
        f'<{node}> <{KG}negated> "{str(negated).lower()}"^^{BOOLEAN} .',
        f'<{node}> <{KG}speculative> "false"^^{BOOLEAN} .',
        f'<{node}> <{KG}paperCount> "{papers}"^^{INTEGER} .',
    ]


OLD = [
    *paper(1, "First", 2001, IL7),
    *paper(2, "Second", 2002, IL7, STAT5),
    *entity(IL7, "Gene", "IL7"),
    *entity(STAT5, "GeneFamily", "STAT5"),
    *assertion("a", 1),
]
NEW = [
    *paper(2, "Second", 2002, IL7),
    *paper(3, "Third", 2003, IL7),
    *paper(4, "Fourth", 2004),
    *entity(IL7, "Gene", "IL7"),
    *entity(STAT5, "GeneFamily", "STAT5 family"),
    *entity("http://purl.obolibrary.org/obo/CL_0000084", "CellType", "T cell"),
    *assertion("a", 2),
    *assertion("b", 1, negated=True),
]


def build(folder: Path, lines: Iterable[str]) -> Path:
    lines = set(lines)
    with write_generation(folder, build_hash="a" * 12) as writer:
        writer.add_lines(lines)
        writer.finish({"quads": len(lines)})
    return folder


def compare(old: Path, new: Path, generation: str = "") -> tuple[Difference, bytes]:
    out = io.BytesIO()
    with open_graph(old, generation) as one, open_graph(new) as two:
        return compare_graphs(one, two, out), out.getvalue()


def test_what_came_went_and_changed(tmp_path: Path) -> None:
    found, _ = compare(build(tmp_path / "a", OLD), build(tmp_path / "b", NEW))

    def of(pmid: int, title: str, year: int) -> PaperNode:
        iri = f"{PAPER}{pmid}"
        return PaperNode(iri=iri, id=f"PMID:{pmid}", title=title, journal="J Test", year=year)

    assert found.papers == Changes(
        gained=(of(4, "Fourth", 2004), of(3, "Third", 2003)),
        lost=(of(1, "First", 2001),),
        changed=(of(2, "Second", 2002),),
    )
    cell = "http://purl.obolibrary.org/obo/CL_0000084"
    assert found.entities == Changes(
        gained=(EntityNode(iri=cell, id="CL:0000084", label="T cell", type="CellType", papers=0),),
        lost=(),
        changed=(
            EntityNode(
                iri=STAT5, id="FPLX:STAT5", label="STAT5 family", type="GeneFamily", papers=0
            ),
        ),
    )
    one = AssertionNode(
        iri=f"{BASE}assertion/a",
        subject="IL7",
        predicate="activates",
        object="STAT5 family",
        negated=False,
        speculative=False,
        papers=2,
    )
    denied = AssertionNode(
        iri=f"{BASE}assertion/b",
        subject="IL7",
        predicate="activates",
        object="STAT5 family",
        negated=True,
        speculative=False,
        papers=1,
    )
    assert found.assertions == Changes(gained=(denied,), lost=(), changed=(one,))
    assert found.statements_lost == len(set(OLD) - set(NEW))
    assert found.statements_gained == len(set(NEW) - set(OLD))


def test_the_other_way_round(tmp_path: Path) -> None:
    old, new = build(tmp_path / "a", OLD), build(tmp_path / "b", NEW)
    there, _ = compare(old, new)
    back, _ = compare(new, old)
    assert back.papers.gained == there.papers.lost
    assert back.papers.lost == there.papers.gained
    assert back.statements_gained == there.statements_lost
    # What was lost stands as it was.
    assert [each.object for each in back.assertions.lost] == ["STAT5 family"]


def test_graph_and_itself(tmp_path: Path) -> None:
    folder = build(tmp_path / "a", OLD)
    found, patch = compare(folder, folder)
    assert (found.statements_gained, found.statements_lost) == (0, 0)
    for each in (found.papers, found.entities, found.assertions):
        assert (each.gained, each.lost, each.changed) == ((), (), ())
    assert [line.split()[0] for line in patch.splitlines()] == [b"H", b"H", b"TX", b"TC"]


def test_nodes_that_say_little(tmp_path: Path) -> None:
    bare = [a("urn:p", "Publication"), a("urn:e", "Gene"), a("urn:a", "Assertion")]
    found, _ = compare(build(tmp_path / "a", []), build(tmp_path / "b", bare))
    (one,) = found.papers.gained
    assert (one.title, one.journal, one.year, one.id) == ("", "", None, "urn:p")
    (gene,) = found.entities.gained
    assert (gene.label, gene.type, gene.papers) == ("urn:e", "Gene", 0)
    (said,) = found.assertions.gained
    assert (said.subject, said.predicate, said.object, said.papers) == ("", "", "", 0)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_patch_makes_one_graph_of_the_other(tmp_path: Path) -> None:
    old, new = build(tmp_path / "a", OLD), build(tmp_path / "b", NEW)
    update_graph(new, 'INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> "x\\n\\"y\\"" } }')
    _, patch = compare(old, new)
    dataset = rdflib.Dataset()
    dataset.parse(data="\n".join(OLD), format="nquads")
    dataset.parse(data=patch.decode(), format="patch")
    expected = rdflib.Dataset()
    with open_graph(new) as graph:
        text = "".join(f"{quad} .\n" for quad in graph.quads())
    expected.parse(data=text, format="nquads")
    assert set(dataset.quads()) == set(expected.quads())


def test_the_patch_is_the_same_each_time(tmp_path: Path) -> None:
    old, new = build(tmp_path / "a", OLD), build(tmp_path / "b", NEW)
    _, patch = compare(old, new)
    assert patch == compare(old, new)[1]
    lines = patch.decode().splitlines()
    assert lines[0].startswith("H id <uuid:")
    assert lines[1].startswith("H prev <uuid:")
    assert lines[2] == "TX ."
    assert lines[-1] == "TC ."


def test_generations_of_a_built_graph(lexicon: Lexicon, tmp_path: Path) -> None:
    small = tmp_path / "small.txt"
    small.write_text(
        "interleukin 7\n\nTop Publications\n\n"
        "  1. Doe J, Roe R. IL-15 activates STAT5 in T cells. J Test. 2001;1:1-9 pubmed\n"
    )
    paths = [resource_path("data", "interleukin-7.txt")]
    folder = tmp_path / "il7.kg"
    build_graph(paths, folder, lexicon)
    build_graph([*paths, small], folder, lexicon)
    found, _ = compare(folder, folder, "1")
    assert [each.title for each in found.papers.gained] == ["IL-15 activates STAT5 in T cells"]
    assert found.papers.lost == ()
    assert "IL15 activates STAT5" in {
        f"{each.subject} {each.predicate} {each.object}" for each in found.assertions.gained
    }
    assert found.assertions.lost == ()


def test_file_that_cannot_be_written_is_told_and_the_old_one_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.rdfp"
    path.write_text("old")

    def write() -> None:
        with write_whole(path) as out:
            out.write(b"half")
            raise OSError(28, "No space left on device")

    with pytest.raises(KgError, match=r"a\.rdfp: cannot be written \(No space left on device\)"):
        write()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
    with write_whole(path) as out:
        out.write(b"new")
    assert path.read_text() == "new"
