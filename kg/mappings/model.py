"""Floor 5: a mapping, and what is known of it, by the names that SSSOM gives its slots."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from kg.namespaces import BIOREGISTRY, DCTERMS, OBO, SEMAPV, SKOS, SSSOM

# The relations of a mapping that a graph states as plain triples, by their IRIs.
MATCHES: dict[str, str] = {
    f"{SKOS}{name}": name
    for name in ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
}

# The slots whose values are entities, so CURIEs in a file and IRIs here.
REFERENCES = frozenset(
    """
    record_id subject_category object_category subject_source object_source mapping_source
    subject_match_field object_match_field subject_preprocessing object_preprocessing author_id
    creator_id reviewer_id curation_rule derived_from mapping_tool_id issue_tracker_item
    """.split()
)
# The slots whose values are addresses, in files too.
ADDRESSES = frozenset(("license", "mapping_provider", "see_also"))
NUMBERS = frozenset(("confidence", "similarity_score", "reviewer_agreement"))
# The slots that are fields of `Mapping`, and those that are true of a file and not of a mapping.
CORE = frozenset(
    "subject_id predicate_id object_id mapping_justification predicate_modifier".split()
)
OF_THE_FILE = frozenset(("predicate_label", "mapping_cardinality", "extensions"))
SUBJECT_LABEL = "subject_label"
LABELS = frozenset((SUBJECT_LABEL, "object_label"))
_SIDES = {"subject": "object", "object": "subject"}
_INVERSES = {"broadMatch": "narrowMatch", "narrowMatch": "broadMatch"}

# The prefixes, besides those of registries, that files use, and not always declare.
VOCABULARIES = {
    "skos": SKOS,
    "semapv": SEMAPV,
    "sssom": SSSOM,
    "bioregistry": BIOREGISTRY,
    "dcterms": DCTERMS,
    "infores": "https://w3id.org/information-resource-registry/",
    "orcid": "https://orcid.org/",
    "obo": OBO,
}


# What tells a mapping from others.
Key = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """A statement that a term of one vocabulary is, or is not, as wide as one of another.

    `subject`, `predicate`, `object` and `justification` are IRIs. `negated` is SSSOM's modifier
    "Not". `slots` are SSSOM's other slots, name and value, sorted; one with several values stands
    several times, entities are IRIs, and numbers are in decimal notation.
    """

    subject: str
    predicate: str
    object: str
    justification: str
    negated: bool = False
    slots: tuple[tuple[str, str], ...] = ()

    def slot(self, name: str) -> str:
        """Return the first value of a slot, or an empty string."""
        return next(self.values_of(name), "")

    def values_of(self, name: str) -> Iterator[str]:
        """Yield the values of a slot."""
        return (value for slot, value in self.slots if slot == name)

    def key(self) -> Key:
        """Return what tells it from other mappings: all but what the two terms are called."""
        slots = tuple(pair for pair in self.slots if pair[0] not in LABELS)
        return (
            self.subject,
            self.predicate,
            self.object,
            self.negated,
            self.justification,
            slots,
        )

    def inverse(self) -> "Mapping":
        """Return what it says of the other term: as justified as it is, without its record's id."""
        name = MATCHES[self.predicate]
        slots = ((_other_side(slot), value) for slot, value in self.slots if slot != "record_id")
        return Mapping(
            subject=self.object,
            predicate=f"{SKOS}{_INVERSES.get(name, name)}",
            object=self.subject,
            justification=self.justification,
            negated=self.negated,
            slots=tuple(sorted(slots)),
        )


def _other_side(slot: str) -> str:
    side, _, rest = slot.partition("_")
    return f"{_SIDES[side]}_{rest}" if side in _SIDES else slot


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingSet:
    """What a file of mappings says of all of them; `license` is an address, empty if none."""

    id: str
    title: str = ""
    description: str = ""
    version: str = ""
    license: str = ""
    comment: str = ""


def number_text(value: float | str) -> str:
    """Return a number in decimal notation, in the same way however a file or a store writes it.

    >>> number_text("0.90"), number_text(1), number_text(1e-05)
    ('0.9', '1.0', '0.00001')
    """
    return f"{Decimal(repr(float(value))):f}"
