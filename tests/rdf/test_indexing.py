"""What indexers and records say about a paper as RDF: headings, substances, other papers."""

from collections.abc import Iterable
from typing import Any

import pytest

from kg.model import (
    AnnotatedPublication,
    Heading,
    Indexing,
    Locator,
    Qualifier,
    Record,
    Relation,
    RelationKind,
    Source,
    Substance,
    Text,
)
from kg.namespaces import KG
from kg.publications import merge_records
from kg.rdf.papers import PaperWriter
from kg.reasoning import undeclared_terms

BASE = "https://example.org/"
PAPER = "<http://www.ncbi.nlm.nih.gov/pubmed/7>"
PUBMED = "http://www.ncbi.nlm.nih.gov/pubmed/"
MESH = "http://id.nlm.nih.gov/mesh/"
SOURCE = Source(name="a.xml", format="test", sha256="ab" * 32)

Statements = dict[str, set[str]]


def paper(title: str = "A title", **indexing: Any) -> AnnotatedPublication:
    record = Record(
        locator=Locator(path="a.xml", format="test", line=3),
        texts=(Text(field="title", text=title, raw=title),),
        identifiers={"PMID": "7"},
        indexing=Indexing(**indexing),
        position=1,
    )
    (publication,), _ = merge_records([(record, SOURCE)])
    return AnnotatedPublication(publication=publication, sentences=())


def write(**indexing: Any) -> list[str]:
    return list(PaperWriter(BASE).write(paper(**indexing)))


def of(lines: Iterable[str], subject: str) -> Statements:
    """Return the objects of a subject by the last part of the predicate."""
    found: Statements = {}
    for line in lines:
        start, predicate, value = line.removesuffix(" .").split(" ", 2)
        if start == subject:
            name = predicate.strip("<>").replace("#", "/").rsplit("/", 1)[1]
            found.setdefault(name, set()).add(value)
    return found


def test_plain_values_are_literals() -> None:
    lines = write(
        languages=("eng", "fre"),
        publication_types=("Journal Article", "Review", "Review"),
        keywords=("T cells",),
        grants=("R01 AI123/AI/NIAID NIH HHS/United States",),
    )
    assert len(lines) == len(set(lines))
    found = of(lines, PAPER)
    assert found["language"] == {'"eng"', '"fre"'}
    assert found["publicationType"] == {'"Journal Article"', '"Review"'}
    assert found["keyword"] == {'"T cells"'}
    assert found["grant"] == {'"R01 AI123/AI/NIAID NIH HHS/United States"'}


def test_a_heading_with_two_qualifiers_is_two() -> None:
    genetics = Qualifier(name="genetics", id="Q000235", major=True)
    lines = write(
        headings=(
            Heading(
                name="Interleukin-7",
                id="D015851",
                qualifiers=(genetics, Qualifier(name="blood", id="Q000097")),
            ),
            Heading(name="Mice", id="D051379"),
            Heading(name="T-Lymphocytes", major=True, qualifiers=(Qualifier(name="immunology"),)),
        )
    )
    found = of(lines, PAPER)
    headings = {node: of(lines, node) for node in found["heading"]}
    labels = {node: next(iter(each["label"])) for node, each in headings.items()}
    assert sorted(labels.values()) == [
        '"Interleukin-7/blood"',
        '"Interleukin-7/genetics"',
        '"Mice"',
        '"T-Lymphocytes/immunology"',
    ]
    assert {labels[node] for node in found["majorHeading"]} == {
        '"Interleukin-7/genetics"',
        '"T-Lymphocytes/immunology"',
    }
    by_label = {labels[node]: each for node, each in headings.items()}
    assert by_label['"Interleukin-7/blood"']["descriptor"] == {f"<{MESH}D015851>"}
    assert by_label['"Interleukin-7/blood"']["qualifier"] == {f"<{MESH}Q000097>"}
    assert by_label['"Mice"'].keys() == {"type", "label", "descriptor"}
    # A record that only prints the heading leads nowhere.
    assert by_label['"T-Lymphocytes/immunology"'].keys() == {"type", "label"}


def test_substances() -> None:
    lines = write(
        substances=(
            Substance(name="Interleukin-7", id="D015851"),
            Substance(name="tofacitinib", id="C479163", registry="87LA6FU830"),
        )
    )
    nodes = of(lines, PAPER)["substance"]
    found = {next(iter(each["label"])): each for each in (of(lines, node) for node in nodes)}
    assert found['"Interleukin-7"'].keys() == {"type", "label", "exactMatch"}
    assert found['"tofacitinib"']["registryNumber"] == {'"87LA6FU830"'}
    assert found['"tofacitinib"']["exactMatch"] == {f"<{MESH}C479163>"}


@pytest.mark.parametrize(
    ("identifiers", "node"),
    [
        ({"PMID": "8", "DOI": "10.1/x"}, f"<{PUBMED}8>"),
        ({"PMID": "n/a", "PMCID": "12"}, "<http://www.ncbi.nlm.nih.gov/pmc/PMC12>"),
        ({"DOI": "https://doi.org/10.1000/X"}, "<https://doi.org/10.1000/x>"),
    ],
)
def test_another_paper_is_known_by_its_strongest_identifier(
    identifiers: dict[str, str], node: str
) -> None:
    for kind in RelationKind:
        relation = Relation(kind=kind, citation="J Test 1", identifiers=identifiers)
        lines = write(relations=(relation,))
        assert of(lines, PAPER)[kind.value] == {node}
        assert undeclared_terms("\n".join(lines).encode()) == ()


def test_another_work_without_identifier_is_a_node_of_its_citation() -> None:
    relation = Relation(kind=RelationKind.CORRECTED_IN, citation="J Test. 2001;1:2")
    lines = write(relations=(relation, relation))
    (node,) = of(lines, PAPER)["correctedIn"]
    assert node.startswith(f"<{BASE}reference/")
    assert of(lines, node) == {
        "label": {'"J Test. 2001;1:2"'},
        "type": {f"<{KG}Reference>"},
    }


def test_what_says_nothing_is_left_out() -> None:
    """No identifier and no citation; the paper itself; a reference that is only a text."""
    for relation in (
        Relation(kind=RelationKind.COMMENT_ON),
        Relation(kind=RelationKind.COMMENT_ON, identifiers={"PMID": "7"}),
        Relation(kind=RelationKind.CITES, citation="A book. 1999."),
    ):
        lines = write(relations=(relation,))
        assert not of(lines, PAPER).keys() & {"commentOn", "cites"}
        assert not any("/reference/" in line for line in lines)


@pytest.mark.parametrize(
    ("title", "indexing", "is_retracted"),
    [
        ("A title", {"publication_types": ("Retracted Publication",)}, True),
        ("Retracted: A title", {}, True),
        (
            "A title",
            {"relations": (Relation(kind=RelationKind.RETRACTED_IN, identifiers={"PMID": "9"}),)},
            True,
        ),
        ("A title", {"publication_types": ("Retraction of Publication",)}, False),
        ("A title", {}, False),
    ],
)
def test_a_retracted_paper_says_so(
    title: str, indexing: dict[str, Any], is_retracted: bool
) -> None:
    found = of(PaperWriter(BASE).write(paper(title, **indexing)), PAPER)
    true = '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'
    assert found.get("retracted", set()) == ({true} if is_retracted else set())


def test_shared_nodes_are_the_same_from_any_paper() -> None:
    indexing: dict[str, Any] = {
        "headings": (Heading(name="Mice", id="D051379"),),
        "substances": (Substance(name="Interleukin-7", id="D015851"),),
        "relations": (Relation(kind=RelationKind.COMMENT_ON, citation="J Test 1"),),
    }
    one = dict(PaperWriter(BASE).shared(paper("One", **indexing)))
    other = dict(PaperWriter(BASE).shared(paper("Other", **indexing)))
    assert one == other
    assert len(one) == 3
