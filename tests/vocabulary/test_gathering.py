"""Names are filed under their keys, with how well they tell their terms."""

from kg.model import EntityType, Scope, Synonym, Term
from kg.vocabulary.gathering import Gathered


def term(curie: str, label: str, kind: EntityType, *synonyms: str) -> Term:
    return Term(
        curie=curie,
        label=label,
        type=kind,
        synonyms=tuple(
            Synonym(text=text, scope=Scope.EXACT, kind="", source="t") for text in synonyms
        ),
    )


def gathered(*terms: Term) -> Gathered:
    found = Gathered()
    for one in terms:
        found.add(one)
    return found


def test_a_name_is_filed_in_reading_order_and_with_its_number() -> None:
    names = gathered(term("MONDO:1", "quuxosis, early, type iii", EntityType.DISEASE)).names
    assert {"quuxosis early type 3 ", "type 3 early quuxosis ", "type iii early quuxosis "} <= set(
        names
    )


def test_the_better_of_two_statuses_is_kept() -> None:
    found = gathered(term("MONDO:1", "quuxosis", EntityType.DISEASE))
    one = found.terms["MONDO:1"]
    found.add_name(one, "zedosis", "synonym", 0.86)
    found.add_name(one, "zedosis", "exact synonym", 0.95)
    found.add_name(one, "zedosis", "broad synonym", 0.55)
    assert found.names["zedosis "]["MONDO:1", "zedosis"] == ("exact synonym", 0.95, False)


def test_what_tells_nothing_is_not_filed() -> None:
    found = gathered(
        term("MONDO:1", "disease", EntityType.DISEASE, "7", "12 3", "x"),
        term("HGNC:1", "QUUX", EntityType.GENE, "protein kinase", "protein quux"),
        term("CL:1", "rods and cones", EntityType.CELL_TYPE),
    )
    assert {"disease ", "7 ", "12 3 ", "x ", "protein kinase ", "rod and cone "}.isdisjoint(
        found.names
    )
    assert "protein quux " in found.names


def test_an_acronym_in_lower_case_is_a_word() -> None:
    found = gathered(term("GO:1", "quuxing", EntityType.PROCESS, "RICH", "rich"))
    assert {text for _, text in found.names["rich "]} == {"RICH"}


def test_obsolete_terms_and_proneness_have_no_names() -> None:
    gone = Term(curie="CL:1", label="gone cell", type=EntityType.CELL_TYPE, obsolete=True)
    prone = term("MONDO:1", "quuxosis, susceptibility to", EntityType.DISEASE)
    found = gathered(gone, prone)
    assert list(found.terms) == ["MONDO:1"]
    assert not found.names


def test_terms_by_name_are_of_the_type_asked_for() -> None:
    found = gathered(
        term("CL:1", "quuxocyte", EntityType.CELL_TYPE),
        term("UBERON:1", "tissue of zed", EntityType.ANATOMY, "quuxocytes"),
    )
    assert list(found.named("Quuxocytes", EntityType.CELL_TYPE)) == [("CL:1", "label", 1.0)]
    assert [len(entries) for entries in found.shared_names()] == [2]


def test_ids_of_the_same_and_of_near_things() -> None:
    found = gathered(term("CL:1", "quuxocyte", EntityType.CELL_TYPE))
    found.equate("CL:1", ("MESH:D1", "CL:1", "MESH:D1"))
    found.bring_close("CL:1", "MESH:D2")
    found.bring_close("CL:1", "MESH:D2")
    found.bring_close("CL:1", "MESH:D1")
    assert found.terms["CL:1"].xrefs == ("MESH:D1",)
    assert found.terms["CL:1"].close == ("MESH:D2",)
