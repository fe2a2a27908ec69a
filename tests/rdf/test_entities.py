"""Terms become entities with their hierarchy closed upwards."""

from kg.namespaces import KG, OBO, RDFS, SKOS
from kg.rdf.entities import close_upwards, find_ancestors, write_entities
from kg.vocabulary.lexicon import Lexicon


def lines_of(lexicon: Lexicon, *curies: str) -> list[str]:
    closed = close_upwards(curies, lexicon)
    return list(write_entities(closed, lexicon, {}, mentioned=set(curies)))


def test_a_gene_stands_under_its_families(lexicon: Lexicon) -> None:
    closed = close_upwards(["HGNC:11366"], lexicon)
    assert closed["HGNC:11366"]["FPLX:STAT5"] == f"{KG}memberOf"
    assert {"FPLX:STAT5", "FPLX:STAT"} <= find_ancestors("HGNC:11366", closed)
    assert "NCBITaxon:9606" in closed


def test_an_ontology_class_stands_under_its_classes(lexicon: Lexicon) -> None:
    closed = close_upwards(["CL:0000909"], lexicon)
    assert set(closed["CL:0000909"].values()) == {f"{RDFS}subClassOf"}
    assert {"CL:0000813", "CL:0000084", "CL:0000000"} <= find_ancestors("CL:0000909", closed)


def test_parents_that_mix_relations_are_only_broader(lexicon: Lexicon) -> None:
    closed = close_upwards(["UBERON:0002370"], lexicon)
    assert set(closed["UBERON:0002370"].values()) == {f"{SKOS}broader"}


def test_circles_end_and_nothing_is_its_own_ancestor(lexicon: Lexicon) -> None:
    parents = {"A:1": {"A:2": "x"}, "A:2": {"A:1": "x"}}
    assert find_ancestors("A:1", parents) == {"A:2"}
    closed = close_upwards(["FPLX:AMPK", "MONDO:0008383"], lexicon)
    assert all(curie not in find_ancestors(curie, closed) for curie in closed)


def test_no_statement_is_written_twice_and_order_is_fixed(lexicon: Lexicon) -> None:
    lines = lines_of(lexicon, "HGNC:6023", "CL:0000909", "MONDO:0005301")
    assert len(lines) == len(set(lines))
    assert lines == lines_of(lexicon, "MONDO:0005301", "CL:0000909", "HGNC:6023")


def test_what_is_mentioned_tells_all_that_stands_over_it(lexicon: Lexicon) -> None:
    """Terms that are there as ancestors only lead to their parents, and no further."""
    closed = close_upwards(["CL:0000909"], lexicon)
    lines = list(write_entities(closed, lexicon, {}, mentioned={"CL:0000909"}))
    told = {line.split(" ")[0] for line in lines if f"<{KG}ancestor>" in line}
    assert told == {f"<{OBO}CL_0000909>"}
    over = {line.split(" ")[2] for line in lines if f"<{KG}ancestor>" in line}
    ancestors = find_ancestors("CL:0000909", closed)
    assert over == {f"<{OBO}{curie.replace(':', '_')}>" for curie in ancestors}
    assert sum(f"<{OBO}CL_0000084> <{RDFS}subClassOf>" in line for line in lines) >= 1


def test_several_ids_of_one_registry_are_close_only(lexicon: Lexicon) -> None:
    lines = [line for line in lines_of(lexicon, "MONDO:0005301") if "MONDO_0005301> <" in line]
    exact = [line for line in lines if "exactMatch" in line]
    assert any("DOID_2377" in line for line in exact)
    registries = [line.split("> <")[2].rsplit("/", 1)[0] for line in exact]
    assert registries


def test_unknown_terms_are_left_out(lexicon: Lexicon) -> None:
    assert lines_of(lexicon, "HGNC:0") == []


def test_what_is_only_close_is_not_exact(lexicon: Lexicon) -> None:
    curie = lexicon.candidates("breast cancer")[0].curie
    lines = [line for line in lines_of(lexicon, curie) if "/mesh/D001943>" in line]
    assert lines
    assert any(f"<{SKOS}closeMatch>" in line for line in lines)
    node = f"<{OBO}{curie.replace(':', '_')}>"
    assert not any(line.startswith(f"{node} <{SKOS}exactMatch>") for line in lines)
