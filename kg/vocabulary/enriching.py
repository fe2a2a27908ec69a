"""Floor 5: what a lexicon learns beyond its tables: derived names, ids that are close."""

from collections import defaultdict

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
from kg.vocabulary.gathering import Gathered
from kg.vocabulary.hierarchy import ancestors
from kg.vocabulary.names import name_key

_DERIVED_SCORE = {ADJECTIVE: 0.85, DERIVED: 0.86, EVERYDAY_NAME: 0.9, WITHOUT_PLACE: 0.84}
_LEAST_DERIVING = 0.85


def add_derived(gathered: Gathered, kinds: frozenset[EntityType]) -> None:
    """Give terms of some types the names that are made from theirs, where no other term has them.

    Of terms that would share such a name the one keeps it that all others stand under.
    """
    of_kinds = {
        term.curie: term.type
        for term in gathered.terms.values()
        if term.type in kinds and not term.curie.startswith("MESH:")
    }
    claims: dict[tuple[str, EntityType], dict[str, str]] = defaultdict(dict)
    for key, entries in gathered.names.items():
        for (curie, _), (_, score, cased) in entries.items():
            kind = of_kinds.get(curie)
            if kind is None or score < _LEAST_DERIVING:
                continue
            for text, status in derived_names(key.rstrip(), kind, cased=cased):
                claimed = claims[name_key(text), kind]
                claimed[curie] = min(claimed.get(curie, status), status)
    for (key, kind), claimed in claims.items():
        if any(gathered.terms[curie].type is kind for curie, _ in gathered.names.get(key, ())):
            continue
        first = min(claimed.values())
        rivals = {curie for curie, status in claimed.items() if status == first}
        tops = [one for one in sorted(rivals) if not ancestors(one, gathered.terms) & rivals]
        if len(tops) == 1 or (tops and first == ADJECTIVE):
            gathered.add_name(gathered.terms[tops[0]], key.rstrip(), first, _DERIVED_SCORE[first])


def enrich(gathered: Gathered) -> None:
    """Add what follows from all the tables together."""
    add_derived(gathered, frozenset({EntityType.CELL_TYPE, EntityType.PROCESS}))
    for status, table in ((ADJECTIVE, RELATIONAL), (EVERYDAY_NAME, EVERYDAY)):
        for kind, pairs in table.items():
            for word, noun in pairs.items():
                found = [(-score, curie) for curie, _, score in gathered.named(noun, kind)]
                if found:
                    term = gathered.terms[min(found)[1]]
                    gathered.add_name(term, word, status, _DERIVED_SCORE[status])
    _join_vernaculars(gathered)
    _join_forms(gathered)


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
    for entries in gathered.shared_names():
        taxa = {curie for curie, _ in entries if curie.startswith("NCBITaxon:")}
        for curie in taxa if len(taxa) > 1 else ():
            for genus in sorted(ancestors(curie, gathered.terms) & taxa):
                gathered.bring_close(curie, genus)
