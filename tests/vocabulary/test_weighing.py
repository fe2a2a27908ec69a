"""Names are weighed against those of other terms that are written the same."""

import pytest

from kg.model import EntityType, Term
from kg.vocabulary.gathering import Gathered
from kg.vocabulary.stopnames import ANIMAL_DISEASES
from kg.vocabulary.weighing import weigh


def term(curie: str, label: str, kind: EntityType, *parents: str) -> Term:
    return Term(curie=curie, label=label, type=kind, parents=parents)


def scores(*terms: Term, names: tuple[tuple[str, str, str], ...] = ()) -> dict[str, float]:
    """Return the scores of what is called quuxin, by CURIE; `names` are further ones of terms."""
    gathered = Gathered()
    for one in terms:
        gathered.add(one)
    for curie, text, status in names:
        gathered.add_name(gathered.terms[curie], text, status, 0.95)
    weigh(gathered)
    return {
        curie: round(score, 3)
        for (curie, _), (_, score, _) in gathered.names.get("quuxin ", {}).items()
    }


@pytest.mark.parametrize(
    ("status", "score"),
    [("approved name", 0.5), ("alias name", 0.7), ("NCBI alias", 1.0)],
)
def test_a_protein_is_a_gene_before_it_is_a_chemical(status: str, score: float) -> None:
    gene = term("HGNC:1", "QXN1", EntityType.GENE)
    chemical = term("CHEBI:1", "quuxin", EntityType.CHEMICAL)
    found = scores(gene, chemical, names=(("HGNC:1", "quuxin", status),))
    assert found == {"HGNC:1": 0.95, "CHEBI:1": score}


def test_a_chemical_alone_keeps_its_score() -> None:
    assert scores(term("CHEBI:1", "quuxin", EntityType.CHEMICAL)) == {"CHEBI:1": 1.0}


def test_a_disease_of_man_stands_before_the_animals() -> None:
    human = term("MONDO:1", "quuxin", EntityType.DISEASE)
    animal = term("MONDO:2", "quuxin", EntityType.DISEASE, ANIMAL_DISEASES)
    assert scores(human, animal) == {"MONDO:1": 1.0, "MONDO:2": 0.9}
    assert scores(animal) == {"MONDO:2": 1.0}


def test_roles_are_no_chemicals_but_for_those_that_are_named_for_them() -> None:
    role = term("CHEBI:1", "quuxin", EntityType.CHEMICAL, "CHEBI:50906")
    kept = term("CHEBI:50114", "quuxin", EntityType.CHEMICAL, "CHEBI:50906")
    assert scores(role) == {}
    assert scores(role, kept) == {"CHEBI:50114": 1.0}
