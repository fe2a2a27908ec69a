"""Mentions that came with a text: grounded by their identifiers, beside or instead of ours."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.annotate.annotator import Annotator
from kg.annotate.imported import Annotations, Importer, choose_mentions
from kg.model import (
    AnnotatedPublication,
    Annotation,
    EntityType,
    Grounding,
    Mention,
    Publication,
    Text,
)
from kg.readers.fields import join_sections
from kg.vocabulary.compiling import open_lexicon
from kg.vocabulary.lexicon import Lexicon


@pytest.fixture(scope="module")
def importer(lexicon: Lexicon) -> Importer:
    return Importer(lexicon)


def one_mention(importer: Importer, text: str, kind: str, *identifiers: str) -> Mention | None:
    annotation = Annotation(
        field="title", start=0, end=len(text), text=text, type=kind, identifiers=identifiers
    )
    found = importer.mentions([annotation], {"title": text}).get("title", [])
    assert len(found) <= 1
    return found[0] if found else None


def terms(mention: Mention | None) -> list[str]:
    return [one.term for one in mention.groundings] if mention is not None else []


# --- grounding ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "identifier", "term", "of"),
    [
        ("IL-7", "Gene", "NCBIGene:3574", "HGNC:6023", EntityType.GENE),
        ("T2D", "Disease", "MESH:D003924", "MONDO:0005148", EntityType.DISEASE),
        ("diabetics", "Disease", "OMIM:125853", "MONDO:0005148", EntityType.DISEASE),
        ("INCB018424", "Chemical", "MESH:C540383", "CHEBI:66919", EntityType.CHEMICAL),
        ("patients", "Species", "NCBITaxon:9606", "NCBITaxon:9606", EntityType.ORGANISM),
        ("T-lymphocytes", "CellType", "CL:0000084", "CL:0000084", EntityType.CELL_TYPE),
        ("cytokine", "Chemical", "MESH:D007378", "MESH:D007378", EntityType.CHEMICAL),
    ],
)
def test_identifiers_ground(
    importer: Importer, text: str, kind: str, identifier: str, term: str, of: EntityType
) -> None:
    mention = one_mention(importer, text, kind, identifier)
    assert mention is not None
    assert mention.best == Grounding(term=term, score=1.0, method="imported")
    assert (mention.text, mention.start, mention.end) == (text, 0, len(text))
    assert mention.type is of or term == "MESH:D007378"


def test_genes_of_mice_are_their_human_orthologs_or_themselves(lexicon: Lexicon) -> None:
    human = one_mention(Importer(lexicon), "Il7", "Gene", "NCBIGene:16196")
    assert human is not None
    assert (terms(human), human.organism) == (["HGNC:6023"], "NCBITaxon:10090")
    own = one_mention(Importer(lexicon, as_species=True), "Il7", "Gene", "NCBIGene:16196")
    assert own is not None
    assert (terms(own), own.organism) == (["MGI:96561"], "NCBITaxon:10090")


def test_one_gene_of_two_species_tells_no_species(importer: Importer) -> None:
    mention = one_mention(importer, "IL-7", "Gene", "NCBIGene:3574", "NCBIGene:16196")
    assert mention is not None
    assert (terms(mention), mention.organism) == (["HGNC:6023"], "")


def test_several_identifiers_are_several_groundings(importer: Importer) -> None:
    mention = one_mention(
        importer, "audiovisual toxicity", "Disease", "MESH:D014786", "MESH:D006311"
    )
    assert len(terms(mention)) == 2


def test_of_the_terms_of_an_identifier_that_of_the_type_is_first(lexicon: Lexicon) -> None:
    importer = Importer(lexicon)
    shared = "UMLS:C0013338"
    assert len(lexicon.referents(shared)) > 1
    for curie in lexicon.referents(shared):
        term = lexicon.term(curie)
        assert term is not None
        assert terms(one_mention(importer, term.label, "Disease", shared))[0] == curie


def test_without_a_known_identifier_the_text_tells_the_term(importer: Importer) -> None:
    for identifiers in ((), ("XYZ:1",), ("NCBIGene:999999999",)):
        assert terms(one_mention(importer, "IL-7", "Gene", *identifiers))[0] == "HGNC:6023"
        assert (
            terms(one_mention(importer, "colitis", "Disease", *identifiers))[0] == "MONDO:0005292"
        )


def test_the_text_tells_terms_of_the_type_only(importer: Importer) -> None:
    assert terms(one_mention(importer, "colitis", "SpecificDisease")) == ["MONDO:0005292"]
    assert terms(one_mention(importer, "colitis", "Gene")) == []
    assert terms(one_mention(importer, "IL-7", "DiseaseOrPhenotypicFeature")) == []


@pytest.mark.parametrize(
    ("text", "kind", "identifier"),
    [
        ("c.94G>C", "DNAMutation", "tmVar:c|SUB|G|94|C"),
        ("HeLa", "CellLine", "CVCL_0030"),
        ("zelitis", "Disease", "MESH:D999999"),
        ("IL-7", "Chromosome", "7"),
        ("IL-7", "", ""),
    ],
)
def test_what_is_no_entity_is_no_mention(
    importer: Importer, text: str, kind: str, identifier: str
) -> None:
    assert one_mention(importer, text, kind, identifier) is None


def test_an_annotation_that_does_not_fit_its_text_is_left_out(importer: Importer) -> None:
    annotation = Annotation(field="title", start=1, end=5, text="IL-7", type="Gene")
    assert importer.mentions([annotation], {"title": "IL-7 in mice"}) == {}
    assert importer.mentions([annotation], {}) == {}


def test_of_annotations_that_overlap_the_longest_stands(importer: Importer) -> None:
    text = "IL-7 receptor deficiency in IL-7 receptor"
    annotations = [
        Annotation(field="title", start=start, end=end, text=text[start:end], type="Gene",
                   identifiers=(identifier,))
        for start, end, identifier in (
            (0, 4, "NCBIGene:3574"),
            (0, 13, "NCBIGene:3575"),
            (28, 41, "NCBIGene:3575"),
            (28, 41, "NCBIGene:3574"),
        )
    ]  # fmt: skip
    first, second = importer.mentions(annotations, {"title": text})["title"]
    assert (first.text, terms(first)) == ("IL-7 receptor", ["HGNC:6024"])
    assert (second.start, terms(second)) == (28, ["HGNC:6024", "HGNC:6023"])


def test_what_the_user_forbids_is_no_mention(tmp_path: Path) -> None:
    names = tmp_path / "names.tsv"
    names.write_text("STAT5\t\t\tNONE\n", encoding="utf-8")
    lexicon = open_lexicon(vocabularies=("famplex",), own_names=[names], cache=tmp_path / "cache")
    importer = Importer(lexicon)
    assert one_mention(importer, "STAT5", "Gene", "FPLX:STAT5") is None
    assert terms(one_mention(importer, "STAT5s", "Gene", "FPLX:STAT5")) == ["FPLX:STAT5"]
    lexicon.close()


# --- which mentions stand ----------------------------------------------------------------------


def mention(start: int, end: int, method: str = "alias", term: str = "HGNC:1") -> Mention:
    return Mention(
        start=start,
        end=end,
        text="x" * (end - start),
        type=EntityType.GENE,
        groundings=(Grounding(term=term, score=0.9, method=method),),
    )


OWN = [mention(0, 4), mention(6, 9), mention(20, 25)]
CAME = [mention(2, 7, "imported"), mention(12, 14, "imported")]


@pytest.mark.parametrize(
    ("choice", "places"),
    [
        ("own", [(0, 4), (6, 9), (20, 25)]),
        ("imported", [(2, 7), (12, 14)]),
        ("both", [(2, 7), (12, 14), (20, 25)]),
    ],
)
def test_which_mentions_stand(choice: Annotations, places: list[tuple[int, int]]) -> None:
    assert [(one.start, one.end) for one in choose_mentions(OWN, CAME, choice)] == places


def test_without_any_that_came() -> None:
    assert choose_mentions(OWN, [], "both") == OWN
    assert choose_mentions(OWN, [], "imported") == []


def test_a_name_of_the_users_stands_over_what_came() -> None:
    users = mention(6, 9, "own name")
    chosen = choose_mentions([mention(0, 4), users], CAME, "both")
    assert [(one.start, one.end) for one in chosen] == [(0, 4), (6, 9), (12, 14)]


spans = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 9)), max_size=12
).map(
    lambda pairs: [
        mention(start, start + length)
        for number, (start, length) in enumerate(sorted(pairs))
        if all(start >= before + size for before, size in sorted(pairs)[:number])
    ]
)  # fmt: skip


@given(spans, spans)
def test_chosen_mentions_are_in_order_and_do_not_overlap(
    own: list[Mention], came: list[Mention]
) -> None:
    chosen = choose_mentions(own, came, "both")
    for first, second in pairwise(chosen):
        assert first.end <= second.start
    assert all(one in chosen for one in came)
    for one in own:
        assert one in chosen or any(
            one.start < other.end and other.start < one.end for other in came
        )


# --- in a publication --------------------------------------------------------------------------

ABSTRACT = join_sections(
    [("T CELLS", "We gave IL-7 to mice. STAT5 was lost."), ("RESULTS", "The E. coli strain died.")]
)


def annotation(text: str, kind: str, *identifiers: str) -> Annotation:
    start = ABSTRACT.text.index(text)
    return Annotation(
        field="abstract",
        start=start,
        end=start + len(text),
        text=text,
        type=kind,
        identifiers=identifiers,
    )


def annotated(
    lexicon: Lexicon, annotations: Annotations, *came: Annotation
) -> AnnotatedPublication:
    fields: dict[str, Any] = dict.fromkeys(
        ("journal", "volume", "issue", "pages", "first_page", "last_page"), ""
    )
    texts: tuple[Text, ...] = (ABSTRACT,)
    publication = Publication(
        key="pmid-1", other_keys=(), texts=texts, authors=(), et_al=False, year=None,
        identifiers={}, origins=(), annotations=came, **fields,
    )  # fmt: skip
    return Annotator(lexicon, annotations=annotations).annotate_publication(publication)


CURATED = (
    annotation("T CELLS", "CellType", "CL:0000084"),
    annotation("IL-7", "Gene", "NCBIGene:3575"),
    annotation("IL-7 to mice. STAT5", "Disease", "MESH:D003924"),
    annotation("RESULTS: The E", "Disease", "MESH:D003924"),
)


def found(paper: AnnotatedPublication) -> list[tuple[str, str, str]]:
    return [
        (one.text, one.best.term, one.best.method)
        for sentence in paper.sentences
        for one in sentence.mentions
    ]


def test_the_switch(lexicon: Lexicon) -> None:
    il7 = CURATED[1]
    assert found(annotated(lexicon, "own", il7))[0] == ("IL-7", "HGNC:6023", "approved symbol")
    assert found(annotated(lexicon, "imported", il7)) == [("IL-7", "HGNC:6024", "imported")]
    both = found(annotated(lexicon, "both", il7))
    assert both[0] == ("IL-7", "HGNC:6024", "imported")
    assert [text for text, _, _ in both] == ["IL-7", "mice", "STAT5", "E. coli"]


def test_without_annotations_ours_stand_unless_only_those_that_came_are_wanted(
    lexicon: Lexicon,
) -> None:
    assert annotated(lexicon, "both") == annotated(lexicon, "own")
    paper = annotated(lexicon, "imported")
    assert found(paper) == []
    assert len(paper.sentences) == 3


def test_mentions_that_came_are_not_cut_and_stay_in_their_section(lexicon: Lexicon) -> None:
    paper = annotated(lexicon, "imported", *CURATED)
    assert [one.text for one in paper.sentences] == [
        "We gave IL-7 to mice. STAT5 was lost.",
        "The E. coli strain died.",
    ]
    assert [text for text, _, _ in found(paper)] == ["IL-7 to mice. STAT5"]
    for sentence in paper.sentences:
        for one in sentence.mentions:
            assert ABSTRACT.text[one.start : one.end] == one.text
            assert sentence.sentence.start <= one.start < one.end <= sentence.sentence.end


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(
            st.integers(0, len(ABSTRACT.text)),
            st.integers(1, 20),
            st.sampled_from(["Gene", "Disease", "CellLine", ""]),
            st.sampled_from([(), ("NCBIGene:3574",), ("MESH:D003924", "X:1"), ("",)]),
        ),
        max_size=20,
    )
)
def test_any_annotations_give_mentions_in_order(
    lexicon: Lexicon, drawn: list[tuple[int, int, str, tuple[str, ...]]]
) -> None:
    came = [
        Annotation(
            field="abstract",
            start=start,
            end=start + length,
            text=ABSTRACT.text[start : start + length],
            type=kind,
            identifiers=identifiers,
        )
        for start, length, kind, identifiers in drawn
    ]
    paper = annotated(lexicon, "both", *came)
    end = 0
    for sentence in paper.sentences:
        for one in sentence.mentions:
            assert end <= one.start < one.end <= sentence.sentence.end
            assert ABSTRACT.text[one.start : one.end] == one.text
            end = one.end
