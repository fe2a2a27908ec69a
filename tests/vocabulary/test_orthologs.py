"""Mouse and rat genes are filed under their human orthologs, without what is noise."""

from kg.model import EntityType, Scope, Synonym, Term
from kg.vocabulary.orthologs import human_ortholog, is_rodent_gene, rodent_names


def gene(curie: str, label: str, *aliases: str, xrefs: tuple[str, ...] = ()) -> Term:
    synonyms = tuple(
        Synonym(text=text, scope=Scope.EXACT, kind="alias_symbol", source="t") for text in aliases
    )
    return Term(curie=curie, label=label, type=EntityType.GENE, synonyms=synonyms, xrefs=xrefs)


HUMANS = {one.curie: one for one in (gene("HGNC:1", "ABC1", "XY-3"), gene("HGNC:2", "ABC2"))}


def test_the_ortholog_is_the_only_one_or_the_namesake() -> None:
    assert human_ortholog(gene("MGI:1", "Abc1", xrefs=("HGNC:1",)), HUMANS) == HUMANS["HGNC:1"]
    several = ("HGNC:1", "HGNC:2")
    assert human_ortholog(gene("MGI:1", "Abc2", xrefs=several), HUMANS) == HUMANS["HGNC:2"]
    assert human_ortholog(gene("MGI:1", "Qqq9", xrefs=several), HUMANS) is None
    assert human_ortholog(gene("MGI:1", "Abc1"), HUMANS) is None


def test_names_of_a_rodent_gene() -> None:
    mouse = gene(
        "MGI:1", "Abc1", "Xy-3", "Foo7", "ob", "Ags", "Gm1234", "9530098N22Rik", "class II"
    )
    names = [text for text, _, _ in rodent_names(mouse, HUMANS["HGNC:1"])]
    assert names == ["Foo7"]
    assert [text for text, _, _ in rodent_names(mouse, None)] == ["Abc1", "Xy-3", "Foo7"]


def test_rodent_genes_by_their_registry() -> None:
    assert is_rodent_gene("MGI:1")
    assert not is_rodent_gene("HGNC:1")
