"""What a person gives for a parameter, and what it is taken for."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from kg.errors import ParameterError
from kg.model import EntityType, Term
from kg.queries import Parameter, ParameterType, Resolved
from kg.queries.parameters import resolve_parameter
from kg.vocabulary.lexicon import Candidate


def candidate(curie: str, label: str, kind: EntityType, score: float) -> Candidate:
    return Candidate(
        curie=curie, label=label, type=kind, score=score, matched=label, status="synonym"
    )


IL7 = candidate("HGNC:6023", "IL7", EntityType.GENE, 0.98)
IL15 = candidate("HGNC:5977", "IL15", EntityType.GENE, 0.98)
CD8 = candidate("FPLX:CD8", "CD8", EntityType.GENE_FAMILY, 0.9)
CD8A = candidate("HGNC:1706", "CD8A", EntityType.GENE, 0.87)
CD8B = candidate("HGNC:1707", "CD8B", EntityType.GENE, 0.5)
MS = candidate("MONDO:0005301", "multiple sclerosis", EntityType.DISEASE, 0.95)
STAT5 = candidate("FPLX:STAT5", "STAT5", EntityType.GENE_FAMILY, 0.9)
STAT5_OTHER = candidate("HGNC:99999", "STAT5X", EntityType.GENE, 0.88)
MELANOMA = candidate("MONDO:0005105", "melanoma", EntityType.DISEASE, 0.95)
NO_IRI = candidate("SIGNOR:C15", "complex", EntityType.GENE_FAMILY, 0.99)


class FakeLexicon:
    """A lexicon of a few names."""

    names: ClassVar[dict[str, list[Candidate]]] = {
        "IL-7": [IL7, candidate("HGNC:53974", "LINC02605", EntityType.GENE, 0.7)],
        "IL-15": [IL15],
        "CD8": [CD8, CD8A, CD8B],
        "MS": [MS],
        "STAT5": [STAT5_OTHER, STAT5],
        "melanoma": [MELANOMA],
        "nameless": [NO_IRI, IL7],
        "sclerosis, multiple": [MS],
    }

    def candidates(self, text: str, /) -> Sequence[Candidate]:
        return self.names.get(text, [])

    def suggest(self, text: str, /) -> Sequence[Candidate]:
        return [IL7, IL15, NO_IRI] if text.startswith("IL") else []

    def term(self, curie: str, /) -> Term | None:
        known = {one.curie: one for many in self.names.values() for one in many}.get(curie)
        if known is None:
            return None
        return Term(curie=known.curie, label=known.label, type=known.type)


@pytest.fixture(scope="module")
def store() -> Store:
    loaded = Store()
    loaded.load(path=str(Path(__file__).parent / "sample.ttl"), format=RdfFormat.TURTLE)
    return loaded


ENTITY = Parameter(name="entity", type=ParameterType.ENTITY, description="x", required=True)
GENE = dataclasses.replace(ENTITY, name="gene", types=(EntityType.GENE, EntityType.GENE_FAMILY))


def resolve(parameter: Parameter, store: Store, *given: str) -> tuple[Resolved, ...]:
    return resolve_parameter(parameter, given, store, FakeLexicon())


@pytest.mark.parametrize(
    ("given", "curie", "label"),
    [
        ("IL-7", "HGNC:6023", "IL7"),
        (" IL-7 ", "HGNC:6023", "IL7"),
        ("HGNC:6023", "HGNC:6023", "IL7"),
        ("hgnc:6023", "HGNC:6023", "IL7"),
        ("http://identifiers.org/hgnc/6023", "HGNC:6023", "IL7"),
        ("https://identifiers.org/hgnc:6023", "HGNC:6023", "IL7"),
        ("NCBIGene:3574", "HGNC:6023", "IL7"),
        ("https://purl.uniprot.org/uniprot/P13232", "HGNC:6023", "IL7"),
        # Prefixes and IRIs in other spellings.
        ("https://identifiers.org/HGNC:6023", "HGNC:6023", "IL7"),
        ("https://bioregistry.io/hgnc:6023", "HGNC:6023", "IL7"),
        (
            "https://www.genenames.org/data/gene-symbol-report/#!/hgnc_id/HGNC:6023",
            "HGNC:6023",
            "IL7",
        ),
        ("https://www.uniprot.org/uniprotkb/P13232/entry", "HGNC:6023", "IL7"),
        ("EntrezGene:3574", "HGNC:6023", "IL7"),
        ("famplex:STAT5", "FPLX:STAT5", "STAT5"),
        ("cl:CL:0000815", "CL:0000815", "regulatory T cell"),
        ("https://purl.obolibrary.org/obo/CL_0000815", "CL:0000815", "regulatory T cell"),
        ("https://meshb.nlm.nih.gov/record/ui?ui=D050378", "CL:0000815", "regulatory T cell"),
        ("MESH:D015458x", None, None),
        ("melanoma", "MONDO:0005105", "melanoma"),
        ("MONDO:0005105", "MONDO:0005105", "melanoma"),
        ("sclerosis, multiple", "MONDO:0005301", "multiple sclerosis"),
        # Not in the lexicon, but in the graph: by label, synonym, in another case, by identifier.
        ("dendritic cell", "CL:0000451", "dendritic cell"),
        ("Treg", "CL:0000815", "regulatory T cell"),
        ("ARTHRITIS", "MONDO:0005578", "arthritic joint disease"),
        ("Lab clone 7", "LAB:clone-7", "Lab clone 7"),
        ("LAB:clone-7", "LAB:clone-7", "Lab clone 7"),
        ("https://example.org/lab/clone-7", "LAB:clone-7", "Lab clone 7"),
        # What has no IRI cannot be asked about.
        ("nameless", "HGNC:6023", "IL7"),
    ],
)
def test_entity_is_taken_for(
    given: str, curie: str | None, label: str | None, store: Store
) -> None:
    if curie is None:
        with pytest.raises(ParameterError, match="neither this graph nor the vocabularies"):
            resolve(ENTITY, store, given)
        return
    (resolved,) = resolve(ENTITY, store, given)
    assert (resolved.id, resolved.label, resolved.given) == (curie, label, given.strip())


def test_entity_becomes_its_iri(store: Store) -> None:
    (resolved,) = resolve(ENTITY, store, "IL-7")
    assert resolved.term == NamedNode("http://identifiers.org/hgnc/6023")
    assert resolved.type is EntityType.GENE
    assert resolved.in_graph
    assert not resolve(ENTITY, store, "melanoma")[0].in_graph


def test_without_a_lexicon_the_graph_is_asked(store: Store) -> None:
    (resolved,) = resolve_parameter(ENTITY, ["il-7"], store, None)
    assert resolved.id == "HGNC:6023"
    with pytest.raises(ParameterError, match=r"no entity called 'melanoma'$"):
        resolve_parameter(ENTITY, ["melanoma"], store, None)


def test_several_entities(store: Store) -> None:
    for given in (["IL-7, IL-15"], ["IL-7", "IL-15"], ["IL-7,HGNC:5977"]):
        assert [each.id for each in resolve(ENTITY, store, *given)] == ["HGNC:6023", "HGNC:5977"]
    with pytest.raises(ParameterError, match="no entity called 'nonsense'"):
        resolve(ENTITY, store, "IL-7, nonsense")


def test_unknown_entity_is_told_with_near_ones(store: Store) -> None:
    said = (
        r"no entity called 'IL77'; did you mean IL7 \(HGNC:6023, Gene\) or IL15 "
        r"\(HGNC:5977, Gene\)\?"
    )
    with pytest.raises(ParameterError, match=said):
        resolve(ENTITY, store, "IL77")
    with pytest.raises(ParameterError, match=r"no entity called 'qqq'$"):
        resolve(ENTITY, store, "qqq")


def test_ambiguous_entity_is_told_with_its_candidates(store: Store) -> None:
    said = (
        r"'CD8' is ambiguous: CD8 \(FPLX:CD8, GeneFamily\) or CD8A \(HGNC:1706, Gene\); "
        r"give one by its identifier, such as entity=FPLX:CD8"
    )
    with pytest.raises(ParameterError, match=said):
        resolve(ENTITY, store, "CD8")


def test_of_near_candidates_the_one_in_the_graph_wins(store: Store) -> None:
    (resolved,) = resolve(ENTITY, store, "STAT5")
    assert resolved.id == "FPLX:STAT5"


def test_type_settles_or_refuses(store: Store) -> None:
    only_genes = dataclasses.replace(ENTITY, types=(EntityType.GENE,))
    assert resolve(only_genes, store, "CD8")[0].id == "HGNC:1706"
    with pytest.raises(ParameterError, match="gene takes a Gene or GeneFamily, but 'MS' is"):
        resolve(GENE, store, "MS")


@pytest.mark.parametrize(
    "given",
    ["http://e/> } DROP ALL #", "http://e/ a", "http://", 'http://"', "HGNC:60<23", "", "  "],
)
def test_what_is_no_entity_is_refused(given: str, store: Store) -> None:
    with pytest.raises(ParameterError):
        resolve(ENTITY, store, given)


@pytest.mark.parametrize(
    "given", ['"} DROP ALL #', "a\nb", "a'b", 'x" . ?s ?p ?o } #', "\\", "{}", "?entity", "a > b"]
)
def test_odd_names_are_looked_up_like_any(given: str, store: Store) -> None:
    before = len(store)
    with pytest.raises(ParameterError, match="no entity called"):
        resolve(ENTITY, store, given)
    assert len(store) == before


def parameter(kind: ParameterType, name: str = "p", choices: tuple[str, ...] = ()) -> Parameter:
    return Parameter(name=name, type=kind, description="x", required=True, choices=choices)


def test_plain_values_are_typed(store: Store) -> None:
    number, switch = parameter(ParameterType.INTEGER), parameter(ParameterType.BOOLEAN)
    level = parameter(ParameterType.CHOICE, choices=("sentence", "paper"))
    assert resolve(number, store, "2007, -5")[1].term == Literal(-5)
    assert resolve(switch, store, "Off")[0].term == Literal(False)
    assert resolve(switch, store, "yes")[0].label == "true"
    assert resolve(level, store, "PAPER")[0].term == Literal("paper")
    text = resolve(parameter(ParameterType.TEXT), store, "Kim H, et al")
    assert [each.term for each in text] == [Literal("Kim H, et al")]
    assert text[0].id is None


@pytest.mark.parametrize(
    ("kind", "name", "given", "said"),
    [
        (ParameterType.INTEGER, "p", ["ten"], "takes a whole number, not 'ten'"),
        (ParameterType.INTEGER, "p", ["1e3"], "takes a whole number"),
        (ParameterType.INTEGER, "p", ["9999999999"], "takes a whole number"),
        (ParameterType.INTEGER, "p", ["٣"], "takes a whole number"),
        (ParameterType.INTEGER, "limit", ["0"], "from 1 on"),
        (ParameterType.INTEGER, "limit", ["1,2"], "takes one value, not 2"),
        (ParameterType.BOOLEAN, "p", ["maybe"], "takes true or false"),
        (ParameterType.BOOLEAN, "p", ["true", "false"], "takes one value"),
        (ParameterType.TEXT, "p", [" "], "is empty"),
    ],
)
def test_plain_value_of_the_wrong_kind_is_refused(
    kind: ParameterType, name: str, given: list[str], said: str, store: Store
) -> None:
    with pytest.raises(ParameterError, match=said):
        resolve(parameter(kind, name), store, *given)


def test_choice_that_is_none_is_refused(store: Store) -> None:
    level = parameter(ParameterType.CHOICE, choices=("sentence", "paper"))
    with pytest.raises(ParameterError, match="p takes one of sentence, paper, not 'page'"):
        resolve(level, store, "page")
