"""Floor 5: which terms the identifiers of other registries, and the headings of MeSH, stand for."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from kg.model import EntityType, Term
from kg.vocabulary.gathering import Gathered
from kg.vocabulary.headings import exact_keys, fits, heading_key, namesakes
from kg.vocabulary.lexicon import equivalents
from kg.vocabulary.names import uninvert
from kg.vocabulary.stopnames import GENERAL_TERMS

_GENES = frozenset({EntityType.GENE, EntityType.GENE_FAMILY})
# Kinds of names that are a gene's alone.
_PROPER = frozenset({"approved symbol", "approved name", "alias name", "variant spelling"})
# Not a registry of this project, but what MEDLINE gives substances by.
_CAS = "CAS:"


def index_headings(
    gathered: Gathered, descriptors: Sequence[Term], headings: Mapping[str, str]
) -> None:
    """Note for each MeSH descriptor which term it stands for, where it stands for one.

    Of the terms that are mapped to it and those that bear its name, the one with its name as label
    or exact synonym comes first: MeSH's "Lung" is `lung`, though "pair of lungs" has that name too.
    A descriptor that was taken into the lexicon stands for itself. General terms (`cell`,
    `disease`) are what no one asks for. `headings` tells the names of all descriptors; those that
    are of no type here (most enzymes) stand for the genes and families that are mapped to them.
    """
    mapped: dict[str, list[str]] = defaultdict(list)
    for term in gathered.terms.values():
        for xref in term.xrefs:
            if xref.startswith("MESH:"):
                mapped[xref].append(term.curie)
    referents: dict[str, str] = {}
    for descriptor in descriptors:
        curie = descriptor.curie
        if curie in gathered.terms:
            referents[curie] = curie
        else:
            equal = {one for one in mapped[curie] if fits(gathered.terms[one], descriptor)}
            referents[curie] = _best(gathered, descriptor, equal)
    for curie in headings.keys() - referents.keys():
        genes = [one for one in mapped.get(curie, ()) if gathered.terms[one].type in _GENES]
        referents[curie] = genes[0] if len(genes) == 1 else ""
    named = {descriptor.curie: descriptor.label for descriptor in descriptors}
    for curie, heading in {**headings, **named}.items():
        referent = referents[curie]
        if referent and referent not in GENERAL_TERMS:
            gathered.headings[curie] = (heading, referent)


def _best(gathered: Gathered, descriptor: Term, equal: set[str]) -> str:
    """Return the term that a descriptor stands for, or an empty string."""
    label = heading_key(descriptor.label)
    names = {label, *(heading_key(one.text) for one in descriptor.synonyms)}

    def rank(curie: str) -> tuple[bool, bool, bool, int, str]:
        own = exact_keys(gathered.terms[curie])
        is_label = heading_key(gathered.terms[curie].label) == label
        return label in own, is_label, curie in equal, len(own & names), curie

    found = equal | namesakes(gathered, descriptor)
    return max(found, key=rank) if found else _gene_called(gathered, descriptor)


def _gene_called(gathered: Gathered, descriptor: Term) -> str:
    """Return the one gene that a heading for a single protein names, or an empty string.

    "Interleukin-22", "Nanog Homeobox Protein"; not "Fish Proteins", which is no alias of a gene.
    """
    text = (uninvert(descriptor.label) or descriptor.label).removesuffix(" Protein")
    if descriptor.type is not EntityType.GENE_FAMILY or text.endswith("s"):
        return ""
    genes = {
        curie
        for curie, status, _ in gathered.named(text, EntityType.GENE)
        if status in _PROPER and curie.startswith("HGNC:")
    }
    return genes.pop() if len(genes) == 1 else ""


def index_xrefs(gathered: Gathered) -> Iterator[tuple[str, str]]:
    """Yield the identifiers of other registries, each with a term that is the same thing.

    A MeSH descriptor that `index_headings` knows has its one term only. An identifier that is a
    term itself needs none, and the genes of other species are not the same thing.
    """
    for curie, (_, referent) in gathered.headings.items():
        if curie not in gathered.terms:
            yield curie, referent
    replaced = successors(gathered)
    yield from replaced.items()
    for term in gathered.terms.values():
        for xref in equivalents(term):
            if xref in replaced:
                continue  # what its own registry says stands before what others had for it
            is_known = xref in gathered.terms or xref in gathered.headings
            if not is_known and xref not in term.close:
                yield xref, term.curie
        for xref in term.xrefs:
            if xref.startswith(_CAS):
                yield xref, term.curie


def successors(gathered: Gathered) -> dict[str, str]:
    """Return the term that stands in the place of each obsolete one, through any number of steps.

    One that leads to no term of the tables, or in a circle, is left out.
    """
    found: dict[str, str] = {}
    for obsolete in gathered.replaced:
        current, seen = obsolete, {obsolete}
        while current not in gathered.terms and current in gathered.replaced:
            current = gathered.replaced[current]
            if current in seen:
                break
            seen.add(current)
        if current in gathered.headings:
            current = gathered.headings[current][1]
        is_own = obsolete in gathered.terms or obsolete in gathered.headings
        if current in gathered.terms and not is_own:
            found[obsolete] = current
    return found
