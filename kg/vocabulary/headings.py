"""Floor 5: the names of MeSH descriptors given to the terms that they are mapped to."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from kg.model import EntityType, Scope, Term
from kg.vocabulary import diseases
from kg.vocabulary.derived import DERIVED
from kg.vocabulary.enriching import fuller_names
from kg.vocabulary.gathering import SCOPE, STATUS, Gathered
from kg.vocabulary.names import name_key, uninvert

# Types of which a MeSH heading without a counterpart stands for itself.
_STANDING_ALONE = frozenset({EntityType.DISEASE, EntityType.CELL_TYPE, EntityType.CHEMICAL})
_COMPOSED_SCORE = 0.76
_EXACT_SCORE = SCOPE[Scope.EXACT][1]
_GROWTHS = ("cancer", "carcinoma", "tumor", "malignant neoplasm", "neoplasm")


def lend_names(gathered: Gathered, descriptors: Sequence[Term]) -> None:
    """Give the names of MeSH descriptors to the terms that they are mapped to.

    A descriptor without a mapping takes the term that has its heading as an exact name, and
    stands for itself where there is none and its tree tells a type.
    """
    by_mesh: dict[str, list[str]] = defaultdict(list)
    for term in gathered.terms.values():
        for xref in term.xrefs:
            if xref.startswith("MESH:") and not diseases.is_susceptibility(term):
                by_mesh[xref].append(term.curie)
    lent: dict[str, str] = {}
    for descriptor in descriptors:
        targets = _targets(gathered, descriptor, by_mesh[descriptor.curie])
        if len(targets) == 1:
            lent[descriptor.curie] = min(targets)
            target = gathered.terms[targets.pop()]
            gathered.equate(target.curie, (descriptor.curie, *descriptor.xrefs))
            for text in (descriptor.label, *(one.text for one in descriptor.synonyms)):
                gathered.add_name(target, text, *STATUS["mesh"])
        elif not targets and descriptor.type in _STANDING_ALONE:
            gathered.add(descriptor)
            target = descriptor
        else:
            continue
        _compose_names(gathered, target, descriptor)
    _join_parents(gathered, descriptors, lent)
    for curie, other in (
        *diseases.headings_of(gathered.terms, descriptors, heading_key),
        *diseases.series_of(gathered.terms),
    ):
        gathered.bring_close(curie, other)


def _join_parents(gathered: Gathered, descriptors: Iterable[Term], lent: Mapping[str, str]) -> None:
    """Put diseases and cells that stand for themselves under the terms wider ones are lent to.

    (The classes of chemicals are roles in ChEBI, of which many are left out.)
    """
    terms = gathered.terms
    for descriptor in descriptors:
        term = terms.get(descriptor.curie)
        if term is not None and term.type in {EntityType.DISEASE, EntityType.CELL_TYPE}:
            parents = dict.fromkeys(
                target
                for one in term.parents
                if terms.get(target := lent.get(one, one), term).type is term.type
            )
            terms[term.curie] = replace(term, parents=tuple(parents))


def heading_key(text: str) -> str:
    """Return the key of a name in reading order."""
    return name_key(uninvert(text) or text)


def _compose_names(gathered: Gathered, term: Term, descriptor: Term) -> None:
    """File what goes by the heading of a descriptor without being an entry term of it."""
    head = diseases.head_of_heading(descriptor)
    is_new = head is not None and name_key(head) not in gathered.names
    for text in (*diseases.complaints_of(descriptor.label), *((head,) if is_new else ())):
        gathered.file(term, text or "", "composed name", _COMPOSED_SCORE, is_symbol=False)


def _targets(gathered: Gathered, descriptor: Term, mapped: Iterable[str]) -> set[str]:
    """Return the terms that a descriptor lends its names to, and bring others close to it."""
    known = {*mapped, *descriptor.xrefs} & gathered.terms.keys()
    same_name = namesakes(gathered, descriptor)
    fitting = {one for one in known if fits(gathered.terms[one], descriptor)}
    targets = fitting or same_name
    if len(targets) > 1 and descriptor.type is EntityType.DISEASE:
        targets = {_likest(gathered, targets, descriptor)}
    if not same_name and descriptor.type is EntityType.DISEASE:
        # Seizures are mapped to visual epilepsy.
        targets = {one for one in targets if _words(gathered.terms[one]) & _words(descriptor)}
    for curie in sorted((same_name | _neoplasms(gathered, descriptor)) - targets):
        gathered.bring_close(curie, descriptor.curie)
    return targets


def _words(term: Term) -> set[str]:
    """Return the words of all names of a term."""
    names = (term.label, *(one.text for one in term.synonyms))
    return {word for name in names for word in name_key(name).split()}


def fits(term: Term, descriptor: Term) -> bool:
    """Tell whether a term is a disease where the descriptor is one (GO has inflammation)."""
    if descriptor.type is EntityType.GENE_FAMILY:
        return term.type in {EntityType.GENE, EntityType.GENE_FAMILY}
    return term.type is descriptor.type or EntityType.DISEASE not in {term.type, descriptor.type}


def _likest(gathered: Gathered, targets: Iterable[str], descriptor: Term) -> str:
    """Return the term that shares its label, else most names, with a descriptor."""
    label = heading_key(descriptor.label)
    names = {label, *(heading_key(one.text) for one in descriptor.synonyms)}

    def likeness(curie: str) -> tuple[bool, int, str]:
        own = exact_keys(gathered.terms[curie])
        return label in own, len(own & names), curie

    return max(targets, key=likeness)


def exact_keys(term: Term) -> set[str]:
    """Return the keys of a term's label and exact synonyms."""
    exact = (one.text for one in term.synonyms if one.scope is Scope.EXACT)
    return {heading_key(text) for text in (term.label, *exact)}


def namesakes(gathered: Gathered, descriptor: Term) -> set[str]:
    """Return the terms of which an exact or derived name is the heading, or names the cells."""
    texts = {descriptor.label, uninvert(descriptor.label) or descriptor.label}
    if descriptor.type is EntityType.CELL_TYPE:
        texts.update(one.text for one in descriptor.synonyms)
    elif descriptor.type is EntityType.ANATOMY:
        texts.update(fuller_names(descriptor))
    return {
        curie
        for text in texts
        for curie, status, score in gathered.named(text, descriptor.type)
        if score >= _EXACT_SCORE or status == DERIVED
    }


def _neoplasms(gathered: Gathered, descriptor: Term) -> set[str]:
    """Return the cancers, carcinomas and tumors that MeSH files under one heading.

    "Breast Neoplasms" is where MeSH keeps what Mondo calls breast cancer and breast carcinoma.
    """
    label = uninvert(descriptor.label) or descriptor.label
    if not label.endswith("Neoplasms") or descriptor.type is not EntityType.DISEASE:
        return set()
    site = label.removesuffix("Neoplasms").lower()
    return {
        curie
        for kind in _GROWTHS
        for curie, _, score in gathered.named(site + kind, EntityType.DISEASE)
        if score >= _EXACT_SCORE
    }
