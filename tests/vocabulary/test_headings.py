"""MeSH descriptors lend their names to the terms that they are mapped to."""

from kg.model import EntityType, Scope, Synonym, Term
from kg.vocabulary.gathering import Gathered
from kg.vocabulary.headings import lend_names


def term(curie: str, label: str, *xrefs: str, synonyms: tuple[str, ...] = ()) -> Term:
    return Term(
        curie=curie,
        label=label,
        type=EntityType.DISEASE,
        xrefs=xrefs,
        synonyms=tuple(
            Synonym(text=text, scope=Scope.EXACT, kind="entry_term", source="t")
            for text in synonyms
        ),
    )


def lent(terms: list[Term], *descriptors: Term) -> Gathered:
    gathered = Gathered()
    for one in terms:
        gathered.add(one)
    lend_names(gathered, descriptors)
    return gathered


def named(gathered: Gathered, text: str) -> set[str]:
    return {curie for curie, _, _ in gathered.named(text, EntityType.DISEASE)}


def test_a_mapping_is_told_by_either_side() -> None:
    for terms, descriptor in (
        ([term("MONDO:1", "quux fever", "MESH:D1")], term("MESH:D1", "Inflamed Quux")),
        ([term("MONDO:1", "quux fever")], term("MESH:D1", "Inflamed Quux", "MONDO:1")),
        ([term("MONDO:1", "inflamed quux")], term("MESH:D1", "Quux, Inflamed")),
    ):
        gathered = lent(terms, descriptor)
        assert named(gathered, "inflamed quux") == {"MONDO:1"}
        assert "MESH:D1" in gathered.terms["MONDO:1"].xrefs


def test_a_disease_that_is_called_quite_otherwise_is_another() -> None:
    gathered = lent([term("MONDO:1", "visual zed", "MESH:D1")], term("MESH:D1", "Quuxes"))
    assert named(gathered, "quuxes") == {"MESH:D1"}


def test_of_several_the_likest_takes_the_names() -> None:
    terms = [
        term("MONDO:1", "quuxitis", "MESH:D1", synonyms=("zed fever",)),
        term("MONDO:2", "grave quuxitis", "MESH:D1"),
    ]
    gathered = lent(terms, term("MESH:D1", "Zed Fever", synonyms=("Inflamed Quux",)))
    assert named(gathered, "inflamed quux") == {"MONDO:1"}


def test_a_heading_without_a_counterpart_stands_for_itself() -> None:
    gathered = lent([], term("MESH:D1", "Zed Fever"))
    assert named(gathered, "zed fever") == {"MESH:D1"}


def test_neoplasms_of_a_site_are_close() -> None:
    terms = [term("MONDO:1", "quux cancer"), term("MONDO:2", "quux carcinoma")]
    gathered = lent(terms, term("MESH:D1", "Quux Neoplasms"))
    assert "MESH:D1" in gathered.terms["MONDO:1"].close
    assert "MESH:D1" in gathered.terms["MONDO:2"].close


def test_the_head_of_a_qualified_heading_is_its_name_where_no_other_has_it() -> None:
    heading = term("MESH:D1", "Quuxathisia, Drug-Induced")
    assert named(lent([], heading), "quuxathisia") == {"MESH:D1"}
    taken = lent([term("MONDO:1", "quuxathisia")], heading)
    assert named(taken, "quuxathisia") == {"MONDO:1"}
