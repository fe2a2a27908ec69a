"""Mentions that an input brings: found where their words stand, however the file counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Annotation, Locator, Problem
from kg.readers.annotations import Marked, Passage, place_annotations
from kg.readers.identifiers import parse_identifiers, registry_of

PLACE = Locator(path="a.json", format="bioc-json", line=1)
TITLE = "IL-7 und β-Catenin 𝒳 in Mäusen"
ABSTRACT = "Die Größe von TNF-α und IL-7 bei Mäusen mit IL-7-Mangel."


def place(
    marked: list[Marked], passages: list[Passage] | None = None
) -> tuple[tuple[Annotation, ...], tuple[Problem, ...]]:
    if passages is None:
        passages = [
            Passage(field="title", raw=TITLE, shown=TITLE),
            Passage(field="abstract", raw=ABSTRACT, shown=ABSTRACT),
        ]
    return place_annotations(passages, marked, PLACE)


def mark(start: int, text: str, length: int | None = None, **more: object) -> Marked:
    end = start + (len(text) if length is None else length)
    fields: dict[str, object] = {"spans": ((start, end),), "text": text, "type": "Gene", **more}
    return Marked(**fields)  # type: ignore[arg-type]


def test_nothing_marked_is_nothing_found() -> None:
    assert place([]) == ((), ())


@pytest.mark.parametrize(
    "measure",
    [len, lambda text: len(text.encode()), lambda text: len(text.encode("utf-16-le")) // 2],
    ids=["code points", "bytes", "UTF-16"],
)
@pytest.mark.parametrize("is_relative", [False, True])
def test_offsets_may_count_anything(measure, is_relative: bool) -> None:  # type: ignore[no-untyped-def]
    marked = []
    for number, (raw, base) in enumerate(((TITLE, 0), (ABSTRACT, measure(TITLE) + 1))):
        for word in ("IL-7", "Mäusen", "TNF-α", "β-Catenin", "IL-7-Mangel"):
            if word in raw:
                start = measure(raw[: raw.index(word)]) + (0 if is_relative else base)
                marked.append(mark(start, word, measure(word), passage=number))
    found, problems = place(marked)
    assert not problems
    assert [(one.field, one.text) for one in found] == [
        ("title", "IL-7"),
        ("title", "β-Catenin"),
        ("title", "Mäusen"),
        ("abstract", "TNF-α"),
        ("abstract", "IL-7"),
        ("abstract", "Mäusen"),
        ("abstract", "IL-7-Mangel"),
    ]
    for one in found:
        assert (TITLE if one.field == "title" else ABSTRACT)[one.start : one.end] == one.text


def test_letters_that_a_tool_writes_otherwise_are_known() -> None:
    base = len(TITLE) + 1
    found, problems = place([mark(base + ABSTRACT.index("TNF"), "TNF-a"), mark(0, "IL 7")])
    assert [one.text for one in found] == ["IL-7", "TNF-α"]
    assert not problems


def test_a_mention_that_stands_elsewhere_is_found_nearby_and_told() -> None:
    base = len(TITLE) + 1
    found, [problem] = place([mark(3, "β-Catenin"), mark(0, "IL-7"), mark(base + 50, "IL-7")])
    assert [(one.field, one.start, one.text) for one in found] == [
        ("title", 0, "IL-7"),
        ("title", 9, "β-Catenin"),
        ("abstract", 44, "IL-7"),
    ]
    assert (problem.code, problem.lost) == ("moved-annotation", False)
    assert "2 annotations are" in problem.message


def test_one_place_is_not_taken_twice() -> None:
    text = "IL-7 and IL-7 and IL-7"
    passages = [Passage(field="title", raw=text, shown=text)]
    found, _ = place([mark(0, "IL-7"), mark(2, "IL-7"), mark(4, "IL-7")], passages)
    assert [one.start for one in found] == [0, 9, 18]


def test_a_mention_inside_a_word_is_not_one() -> None:
    text = "overexpression of IL-70"
    passages = [Passage(field="title", raw=text, shown=text)]
    found, [problem] = place([mark(3, "expression"), mark(20, "IL-7")], passages)
    assert not found
    assert problem.code == "lost-annotation"
    assert "'expression' (3-13), 'IL-7' (20-24)" in problem.message


def test_what_is_far_away_is_not_the_mention() -> None:
    text = "IL-7 " + "and so on " * 50
    passages = [Passage(field="title", raw=text, shown=text)]
    found, [problem] = place([mark(400, "IL-7")], passages)
    assert not found
    assert problem.code == "lost-annotation"


def test_many_problems_are_told_as_one() -> None:
    found, [problem] = place([mark(number, f"nothing{number}") for number in range(40)])
    assert not found
    assert problem.message.endswith("and 35 more")


def test_pieces_of_a_mention_that_touch_are_one() -> None:
    text = "colorectal or lung cancers"
    passages = [Passage(field="title", raw=text, shown=text)]
    pieces = Marked(spans=((14, 18), (19, 26)), text="lung cancers", type="Disease")
    assert [one.text for one in place([pieces], passages)[0]] == ["lung cancers"]


def test_of_a_mention_in_pieces_the_first_that_is_no_other_stands() -> None:
    text = "cancer of the breast and ovary"
    passages = [Passage(field="title", raw=text, shown=text)]
    whole = Marked(spans=((0, 20),), text="cancer of the breast", type="Disease")
    pieces = Marked(spans=((0, 6), (25, 30)), text="cancer ovary", type="Disease")
    found, problems = place([pieces, whole], passages)
    assert [one.text for one in found] == ["cancer of the breast", "ovary"]
    assert not problems


def test_pieces_that_are_not_the_words_are_lost() -> None:
    text = "colorectal or lung cancers"
    passages = [Passage(field="title", raw=text, shown=text)]
    pieces = Marked(spans=((0, 10), (18, 25)), text="colorectal cancers", type="Disease")
    found, [problem] = place([pieces], passages)
    assert not found
    assert problem.code == "lost-annotation"


@pytest.mark.parametrize(
    ("text", "parts", "expected"),
    [
        (
            "cancer of the renal pelvis, ureter or bladder",
            ["cancer of the renal pelvis", "cancer of the ureter", "cancer of the bladder"],
            ["cancer of the renal pelvis", "ureter", "bladder"],
        ),
        (
            "Ocular and auditory toxicity",
            ["Ocular toxicity", "auditory toxicity"],
            ["Ocular", "auditory toxicity"],
        ),
        (
            "compression neuropathy of the radial nerve",
            ["compression neuropathy", "neuropathy of the radial nerve"],
            ["compression neuropathy", "radial nerve"],
        ),
        (
            "audiovisual toxicity",
            ["visual toxicity", "auditory toxicity"],
            ["audiovisual toxicity"],
        ),
    ],
)
def test_a_mention_of_several_things_is_taken_apart(
    text: str, parts: list[str], expected: list[str]
) -> None:
    ids = tuple(f"MESH:D{number}" for number in range(len(parts)))
    one = mark(0, text, parts=tuple(parts), identifiers=ids)
    found, problems = place([one], [Passage(field="title", raw=text, shown=text)])
    assert sorted(one.text for one in found) == sorted(expected)
    assert not problems
    if len(expected) > 1:
        assert sorted(one.identifiers for one in found) == [(one,) for one in ids]
    else:
        assert found[0].identifiers == ids


words = st.text(st.sampled_from("aβ𝒳 \t-.7"), max_size=12)


@given(words, words, st.lists(st.tuples(st.integers(-5, 30), st.integers(-5, 30), words)))
def test_what_is_found_is_always_in_the_text(
    title: str, abstract: str, spans: list[tuple[int, int, str]]
) -> None:
    passages = [
        Passage(field="title", raw=title, shown=" ".join(title.split())),
        Passage(field="abstract", raw=abstract, shown=" ".join(abstract.split())),
    ]
    marked = [Marked(spans=((a, b),), text=text, type="Gene") for a, b, text in spans]
    found, _ = place(marked, passages)
    shown = {passage.field: passage.shown for passage in passages}
    for one in found:
        assert one.text
        assert shown[one.field][one.start : one.end] == one.text


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("3574", "Gene", ["NCBIGene:3574"]),
        ("3574,7157", "GeneOrGeneProduct", ["NCBIGene:3574", "NCBIGene:7157"]),
        ("50929(Tax:10090);57765(Tax:10090)", "Gene", ["NCBIGene:50929", "NCBIGene:57765"]),
        ("3592", "FamilyName", ["3592"]),
        ("9606", "Species", ["NCBITaxon:9606"]),
        ("10090", "OrganismTaxon", ["NCBITaxon:10090"]),
        ("MESH:D003924", "Disease", ["MESH:D003924"]),
        ("mesh:D003924", "Disease", ["MESH:D003924"]),
        ("D003924|D010051", "Disease", ["MESH:D003924", "MESH:D010051"]),
        ("D000086382", "Disease", ["MESH:D000086382"]),
        ("C540383", "Chemical", ["MESH:C540383"]),
        ("C0011849", "T047", ["UMLS:C0011849"]),
        ("OMIM:125853", "Disease", ["OMIM:125853"]),
        ("125853", "DiseaseOrPhenotypicFeature", ["OMIM:125853"]),
        ("CL_0000084", "cell", ["CL:0000084"]),
        ("http://purl.obolibrary.org/obo/CL_0000084", "cell", ["CL:0000084"]),
        ("CVCL:0030", "CellLine", ["CVCL_0030"]),
        ("EntrezGene:3574", "protein", ["NCBIGene:3574"]),
        ("taxid:9606", "x", ["NCBITaxon:9606"]),
        ("MIM:125853", "x", ["OMIM:125853"]),
        ("XYZ:1", "x", ["XYZ:1"]),
        ("12", "Chromosome", ["12"]),
        ("3574;3574", "Gene", ["NCBIGene:3574"]),
        ("-", "Gene", []),
        ("-1", "Disease", []),
        ("", "Gene", []),
        ("None", "Gene", []),
        ("rs6232", "SNP", ["rs6232"]),
        ("p|SUB|A|1|G;RS#:1", "ProteinMutation", ["p|SUB|A|1|G;RS#:1"]),
        ("|SUB|C|677|T", "DNAMutation", ["|SUB|C|677|T"]),
    ],
)
def test_identifiers_become_curies(text: str, kind: str, expected: list[str]) -> None:
    assert parse_identifiers(text, kind) == tuple(expected)


def test_a_registry_that_is_told_overrules_the_type() -> None:
    assert parse_identifiers("3574", "Chemical", "CHEBI") == ("CHEBI:3574",)
    assert parse_identifiers("CHEBI:3574", "Chemical", "MESH") == ("CHEBI:3574",)


@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        ("NCBI GENE", "NCBIGene"),
        ("NCBI Gene identifier", "NCBIGene"),
        ("ncbi_taxonomy", "NCBITaxon"),
        ("MESH", "MESH"),
        ("type", ""),
        ("CompositeRole", ""),
    ],
)
def test_registries_by_their_names(name: str, prefix: str) -> None:
    assert registry_of(name) == prefix
