"""Floor 5: what a lexicon learns beyond its tables: derived names, ids that are close."""

from collections import defaultdict
from typing import Protocol

from kg.model import EntityType, Term
from kg.vocabulary.adjectives import EVERYDAY, RELATIONAL
from kg.vocabulary.derived import (
    ADJECTIVE,
    DERIVED,
    EVERYDAY_NAME,
    WITHOUT_PLACE,
    base_of,
    derived_names,
)
from kg.vocabulary.names import name_key

_DERIVED_SCORE = {ADJECTIVE: 0.85, DERIVED: 0.86, EVERYDAY_NAME: 0.9, WITHOUT_PLACE: 0.84}
_LEAST_DERIVING = 0.85
_BEHIND_GENES = 0.8


class Gathered(Protocol):
    """The terms and names of a compilation."""

    terms: dict[str, Term]
    names: dict[str, dict[tuple[str, str], tuple[str, float, bool]]]

    def add_name(self, term: Term, text: str, status: str, score: float) -> None:
        """File a name of a term."""

    def bring_close(self, curie: str, other: str) -> None:
        """Note that a term stands for something a little wider or narrower than another id."""


def add_derived(gathered: Gathered, kinds: frozenset[EntityType]) -> None:
    """Give terms of some types the names that are made from theirs, where no other term has them.

    Of terms that would share such a name the one keeps it that all others stand under.
    """
    claims: dict[tuple[str, EntityType], dict[str, str]] = defaultdict(dict)
    for key, entries in gathered.names.items():
        for (curie, _), (_, score, cased) in entries.items():
            kind = gathered.terms[curie].type
            if kind not in kinds or score < _LEAST_DERIVING or curie.startswith("MESH:"):
                continue
            for text, status in derived_names(key.rstrip(), kind, cased=cased):
                claimed = claims[name_key(text), kind]
                claimed[curie] = min(claimed.get(curie, status), status)
    for (key, kind), claimed in claims.items():
        if any(gathered.terms[curie].type is kind for curie, _ in gathered.names.get(key, ())):
            continue
        first = min(claimed.values())
        rivals = {curie for curie, status in claimed.items() if status == first}
        tops = [one for one in sorted(rivals) if not _ancestors(gathered, one) & rivals]
        if len(tops) == 1 or (tops and first == ADJECTIVE):
            gathered.add_name(gathered.terms[tops[0]], key.rstrip(), first, _DERIVED_SCORE[first])


def enrich(gathered: Gathered) -> None:
    """Add what follows from all the tables together."""
    add_derived(gathered, frozenset({EntityType.CELL_TYPE, EntityType.PROCESS}))
    for status, table in ((ADJECTIVE, RELATIONAL), (EVERYDAY_NAME, EVERYDAY)):
        for kind, pairs in table.items():
            for word, noun in pairs.items():
                for curie in _named(gathered, noun, kind)[:1]:
                    term = gathered.terms[curie]
                    gathered.add_name(term, word, status, _DERIVED_SCORE[status])
    _join_vernaculars(gathered)
    _join_forms(gathered)
    _yield_to_genes(gathered)


def fuller_names(heading: Term) -> set[str]:
    """Return the entry terms that say more of a heading's one noun ("Blood Plasma" of "Plasma")."""
    noun = heading.label.lower()
    if " " in noun:
        return set()
    return {one.text for one in heading.synonyms if one.text.lower().endswith(f" {noun}")}


def _join_forms(gathered: Gathered) -> None:
    """Bring a chemical close to the MeSH heading of its salt, ester or atom.

    MeSH often files a drug under the salt that is sold, and an ion under its element.
    """
    labels = {
        term.label.lower(): term.curie
        for term in gathered.terms.values()
        if term.type is EntityType.CHEMICAL
    }
    for label, curie in labels.items():
        base = labels.get(base_of(label) or "")
        if base is None:
            continue
        for one, other in ((base, curie), (curie, base)):
            known = (*gathered.terms[one].xrefs, *gathered.terms[one].close)
            if not any(xref.startswith("MESH:") for xref in known):
                for xref in gathered.terms[other].xrefs:
                    if xref.startswith("MESH:"):
                        gathered.bring_close(one, xref)


def _join_vernaculars(gathered: Gathered) -> None:
    """Bring a genus close to the species that shares its common name ("mouse", "rat")."""
    for entries in gathered.names.values():
        if len(entries) < 2:
            continue
        taxa = {curie for curie, _ in entries if curie.startswith("NCBITaxon:")}
        for curie in taxa if len(taxa) > 1 else ():
            for genus in sorted(_ancestors(gathered, curie) & taxa):
                gathered.bring_close(curie, genus)


def _yield_to_genes(gathered: Gathered) -> None:
    """Let a protein that ChEBI lists stand behind the gene or family of that name (insulin)."""
    for entries in gathered.names.values():
        if any(status in {"approved name", "family"} for status, _, _ in entries.values()):
            for (curie, text), (status, score, cased) in entries.items():
                if gathered.terms[curie].type is EntityType.CHEMICAL:
                    entries[curie, text] = (status, min(score, _BEHIND_GENES), cased)


def _named(gathered: Gathered, text: str, kind: EntityType) -> list[str]:
    """Return the terms of a type that a text names, the best first."""
    found = (
        (-score, curie)
        for (curie, _), (_, score, _) in gathered.names.get(name_key(text), {}).items()
        if gathered.terms[curie].type is kind
    )
    return [curie for _, curie in sorted(found)]


def _ancestors(gathered: Gathered, curie: str) -> set[str]:
    found: set[str] = set()
    waiting = [curie]
    while waiting:
        term = gathered.terms.get(waiting.pop())
        fresh = set(term.parents) - found if term is not None else set()
        found |= fresh
        waiting.extend(fresh)
    return found
