"""Floor 5: names that are taken out, or trusted less, for what else there is of that name."""

from collections.abc import Iterable

from kg.model import EntityType
from kg.vocabulary.gathering import Entries, Gathered
from kg.vocabulary.hierarchy import branches
from kg.vocabulary.stopnames import ANIMAL_DISEASES, EXCLUDED_BRANCHES, KEPT_ROLES

_PROTEIN_LOSS = 0.3
_BEHIND_GENES = 0.8
_ANIMAL_LOSS = 0.1


def weigh(gathered: Gathered) -> None:
    """Take out what is no name of a thing, and put names after those that are meant before."""
    _drop_branches(gathered, EXCLUDED_BRANCHES)
    _part_proteins_from_chemicals(gathered)
    _lower_branch(gathered, ANIMAL_DISEASES)


def _drop_branches(gathered: Gathered, roots: Iterable[str]) -> None:
    """Take out the names of some terms and of all that stands under them."""
    dropped = branches(roots, gathered.terms, KEPT_ROLES)
    names = gathered.names
    touched = {
        key: None for key, entries in names.items() for curie, _ in entries if curie in dropped
    }
    for key in touched:
        kept = {entry: value for entry, value in names[key].items() if entry[0] not in dropped}
        if kept:
            names[key] = kept
        else:
            del names[key]


def _part_proteins_from_chemicals(gathered: Gathered) -> None:
    """Put the names of proteins that are listed as chemicals too ("insulin") after the gene's.

    What is written of them is filed under the gene, or the family.
    """
    terms = gathered.terms
    for entries in gathered.shared_names():
        chemicals = [one for one in entries if terms[one[0]].type is EntityType.CHEMICAL]
        if not chemicals:
            continue
        most = _BEHIND_GENES if _is_full_name(entries) else 1.0
        loss = _PROTEIN_LOSS if _is_protein(gathered, entries) else 0.0
        for entry in chemicals:
            status, score, is_symbol = entries[entry]
            entries[entry] = (status, min(score, most) - loss, is_symbol)


def _is_full_name(entries: Entries) -> bool:
    return any(status in {"approved name", "family"} for status, _, _ in entries.values())


def _is_protein(gathered: Gathered, entries: Entries) -> bool:
    """Tell whether a gene has the name, other than as a symbol or a doubtful alias."""
    return any(
        not is_symbol
        and status not in {"NCBI alias", "ortholog alias"}
        and gathered.terms[curie].type is EntityType.GENE
        for (curie, _), (status, _, is_symbol) in entries.items()
    )


def _lower_branch(gathered: Gathered, root: str) -> None:
    """Trust the names of a branch less than the same names elsewhere."""
    lowered = branches((root,), gathered.terms)
    for entries in gathered.shared_names():
        for entry, (status, score, is_symbol) in entries.items():
            if entry[0] in lowered:
                entries[entry] = (status, round(score - _ANIMAL_LOSS, 3), is_symbol)
