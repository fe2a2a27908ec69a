"""Floor 5: names of diseases that no vocabulary lists, and the headings that keep them elsewhere.

The other ways to write a name follow English and medical word formation: adjectives ("cirrhotic"),
the order of types ("type 2 diabetes"), eponyms with and without a possessive, an organ's complaint
("renal damage" for the kidney diseases).
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from kg.model import EntityType, Scope, Term
from kg.vocabulary.hierarchy import reached

# Endings of diseases and of the adjectives made of them, the first that fits.
_ADJECTIVES = (
    ("hypertension", "hypertensive"), ("hypotension", "hypotensive"), ("epilepsy", "epileptic"),
    ("depression", "depressive"), ("obesity", "obese"), ("diabetes", "diabetic"),
    ("inflammation", "inflammatory"), ("convulsion", "convulsive"), ("convulsions", "convulsive"),
    ("spasticity", "spastic"),
    ("infertility", "infertile"), ("parkinsonism", "parkinsonian"),
    ("psoriasis", "psoriatic"), ("autism", "autistic"), ("hemophilia", "hemophilic"),
    ("mania", "manic"), ("asthma", "asthmatic"), ("cancer", "cancerous"),
    ("osis", "otic"), ("itis", "itic"), ("emia", "emic"), ("oxia", "oxic"), ("enia", "enic"),
    ("plegia", "plegic"), ("trophy", "trophic"), ("lepsy", "leptic"), ("plasia", "plastic"),
    ("rexia", "rectic"), ("tonia", "tonic"), ("algia", "algic"), ("uria", "uric"),
    ("phrenia", "phrenic"), ("glaucoma", "glaucomatous"), ("granuloma", "granulomatous"),
)  # fmt: skip
# Words that are formed alike but mean something else, or next to nothing.
_NO_ADJECTIVES = frozenset({"hypertrophic", "plastic", "tonic", "algic", "anaplastic", "emic"})

# How the organ or the faculty of a heading is named in other words.
_ORGANS: Mapping[str, tuple[str, ...]] = {
    "kidney": ("kidney", "renal"),
    "heart": ("heart", "cardiac"),
    "liver": ("liver", "hepatic"),
    "lung": ("lung", "pulmonary"),
    "brain": ("brain", "cerebral"),
    "stomach": ("stomach", "gastric"),
    "nervous system": ("neurological", "neurologic", "neuronal", "neural"),
    "muscular": ("muscle", "muscular", "skeletal muscle"),
    "urinary bladder": ("bladder", "urinary bladder"),
    "hematologic": ("hematologic", "hematological"),
    "cognition": ("cognitive", "cognition"),
    "eye": ("eye", "ocular"),
    "skin": ("skin", "cutaneous"),
    "bone": ("bone", "skeletal"),
    "endocrine system": ("endocrine",),
    "immune system": ("immune", "immunological"),
    "mental": ("psychiatric", "mental", "behavioral"),
    "peripheral nervous system": ("peripheral nerve",),
    "prostatic": ("prostate", "prostatic"),
    "breast": ("breast", "mammary"),
    "ovarian": ("ovarian", "ovary"),
    "colonic": ("colon", "colonic"),
    "pancreatic": ("pancreatic", "pancreas"),
    "thymus": ("thymus", "thymic"),
    "uterine": ("uterine", "uterus"),
    "rectal": ("rectal", "rectum"),
}
# The noun and the adjective of an organ stand for each other in front of a disease.
_OTHER_FORMS: Mapping[str, tuple[str, ...]] = {
    "kidney": ("renal",), "renal": ("kidney",), "liver": ("hepatic",), "hepatic": ("liver",),
    "lung": ("pulmonary",), "stomach": ("gastric",), "gastric": ("stomach",),
    "prostate": ("prostatic",), "prostatic": ("prostate",), "thymus": ("thymic",),
    "thymic": ("thymus",), "ovary": ("ovarian",), "ovarian": ("ovary",), "colon": ("colonic",),
    "colonic": ("colon",), "breast": ("mammary",), "bladder": ("urinary bladder",),
    "heart": ("cardiac",), "cardiac": ("heart",), "skin": ("cutaneous",), "cutaneous": ("skin",),
    "uterine": ("uterus",), "pancreas": ("pancreatic",), "pancreatic": ("pancreas",),
    "esophagus": ("esophageal",), "esophageal": ("esophagus",), "brain": ("cerebral",),
    "endometrium": ("endometrial",), "endometrial": ("endometrium",), "eye": ("ocular",),
}  # fmt: skip
_SAME_ORGANS = frozenset(
    """
    cardiovascular gastrointestinal mitochondrial metabolic memory learning vascular joint thyroid
    intestinal retinal adrenal cerebellar respiratory
    """.split()
) | {"spinal cord", "optic nerve", "bone marrow", "basal ganglia"}
_COMBINING: Mapping[str, tuple[str, ...]] = {
    "kidney": ("nephro",),
    "heart": ("cardio",),
    "liver": ("hepato",),
    "brain": ("encephalo",),
    "stomach": ("gastro",),
    "nervous system": ("neuro",),
    "muscular": ("myo",),
    "skin": ("dermato",),
    "joint": ("arthro",),
    "intestinal": ("entero",),
    "vascular": ("vasculo",),
    "retinal": ("retino",),
}
_COMPLAINTS = (
    "damage", "injury", "dysfunction", "impairment", "abnormality", "complication", "lesion",
    "toxicity", "disturbance", "deficit", "disorder", "disease", "inflammation", "decline",
    "defect", "loss", "degeneration", "symptom", "fibrosis", "necrosis", "hypertrophy", "failure",
    "malformation", "anomaly", "insufficiency",
)  # fmt: skip
_GROWTHS = (
    "cancer", "carcinoma", "tumor", "neoplasm", "malignancy", "metastasis", "tumorigenesis",
    "carcinogenesis",
)  # fmt: skip
_ORGAN_HEADING = re.compile(r"([A-Za-z ]+) (?:Diseases|Disorders|Disabilities)")
_NEOPLASM_HEADING = re.compile(r"([A-Za-z ]+) Neoplasms")
# Headings that are of an organ and of one kind of complaint.
_OWN_COMPLAINTS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "Cardiomyopathies": (("myocardial",), _COMPLAINTS),
    "Liver Cirrhosis": (("liver", "hepatic"), ("fibrosis",)),
    "Chemical and Drug Induced Liver Injury": (("liver", "hepatic"), ("toxicity",)),
}

_TYPE = re.compile(r"(?P<head>.+?),? type (?P<type>\w{1,5})(?P<rest>,? .*)?")
_TYPE_BEFORE = re.compile(r"type (?P<type>\w{1,5}) (?P<head>.+)")
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7",
          "viii": "8", "ix": "9", "x": "10"}  # fmt: skip
_ARABIC = {arabic: roman.upper() for roman, arabic in _ROMAN.items()}
_NUMBER = re.compile(r"(?P<roman>[ivx]+|\d{1,2})(?P<letter>[a-dA-D])?", re.IGNORECASE)
_EPONYM = re.compile(
    r"(?P<name>(?:[A-Z][\w-]+ )*[A-Z][a-z-]+[A-Za-z]*?)(?P<s>'s|s')? "
    r"(?P<noun>disease|syndrome|disorder|anemia|palsy|chorea|sarcoma|lymphoma|tumor)"
)
# A disease by the process that makes it ("neurodegenerative disease", "demyelinating disease").
_PROCESS_OF = re.compile(r"(?P<stem>[a-z]{8,}at)(?:ive|ing) (?:disease|disorder)s?")
_NOUNS = (
    (" disease", (" disorder", " condition")),
    (" disorder", (" disease", " symptom", " condition")),
    (" Diseases", (" Disorders",)),
    (" infectious disease", (" infection",)),
)
# "pre-B leukemia" is written for pre-B-cell leukemia.
_LYMPHOID = re.compile(
    r"\b((?:[Pp]re-?|[Pp]ro-?)?[BT])[- ][Cc]ell(?= (?:.* )?(?:[Ll]euk|[Ll]ymphob))"
)
_DEFICIENCY = re.compile(r"(?P<what>[^,]+?)[ -]deficiency")


def other_spellings(text: str) -> Iterator[str]:
    """Yield other ways to write the name of a disease.

    >>> sorted(other_spellings("mucolipidosis type II"))
    ['mucolipidosis type 2', 'mucolipidosis type II', 'type 2 mucolipidosis', \
'type II mucolipidosis']
    >>> list(other_spellings("cirrhosis")), list(other_spellings("Huntington disease"))
    (['cirrhotic'], ["Huntington's disease", 'Huntington disorder', \
'Huntington condition'])
    """
    if " " not in text:
        adjective = _adjective(text)
        if adjective is not None:
            yield adjective
        return
    yield from _types(text)
    yield from _eponyms(text)
    lacking = _DEFICIENCY.fullmatch(text)
    if lacking is not None:
        yield f"deficiency of {lacking['what']}"
    lasting = _PROCESS_OF.fullmatch(text)
    if lasting is not None:
        yield f"{lasting['stem']}ion"
    if _LYMPHOID.search(text):
        yield _LYMPHOID.sub(r"\1", text)
    first, _, rest = text.partition(" ")
    for other in _OTHER_FORMS.get(first.lower(), ()):
        yield f"{other} {rest}"
    for noun, others in _NOUNS:
        if text.endswith(noun):
            yield from (text.removesuffix(noun) + other for other in others)


def _types(text: str) -> Iterator[str]:
    """Yield the orders in which a disease and the number of its type are written."""
    typed = _TYPE.fullmatch(text)
    if typed is not None:
        for number in _numbers(typed["type"]):
            if not typed["rest"]:
                yield f"type {number} {typed['head']}"
            yield f"{typed['head']} type {number}{typed['rest'] or ''}"
    typed = _TYPE_BEFORE.fullmatch(text)
    if typed is not None:
        for number in _numbers(typed["type"]):
            yield f"type {number} {typed['head']}"
            yield f"{typed['head']} type {number}"


def _eponyms(text: str) -> Iterator[str]:
    """Yield a disease that is named after someone with the possessive, or without."""
    eponym = _EPONYM.fullmatch(text)
    if eponym is not None:
        name, noun = eponym["name"], eponym["noun"]
        yield f"{name} {noun}" if eponym["s"] else f"{name}'s {noun}"


def complaints_of(heading: str) -> Iterator[str]:
    """Yield what goes by the heading of the diseases of an organ ("Kidney Diseases").

    >>> list(complaints_of("Kidney Diseases"))[:2], list(complaints_of("Rare Diseases"))
    (['nephropathy', 'kidney damage'], [])
    >>> [name for name in complaints_of("Liver Neoplasms") if name.endswith("metastasis")]
    ['liver metastasis', 'hepatic metastasis']
    """
    neoplasms = _NEOPLASM_HEADING.fullmatch(heading)
    if neoplasms is not None:
        site = neoplasms[1].lower()
        forms = _ORGANS.get(site, (site,))
        kinds: tuple[str, ...] = _GROWTHS
    elif heading in _OWN_COMPLAINTS:
        forms, kinds = _OWN_COMPLAINTS[heading]
        site = "liver" if "toxicity" in kinds and "liver" in forms else ""
    else:
        matched = _ORGAN_HEADING.fullmatch(heading)
        site = matched[1].lower() if matched else ""
        forms, kinds = _ORGANS.get(site, (site,) if site in _SAME_ORGANS else ()), _COMPLAINTS
        yield from (f"{form}pathy" for form in _COMBINING.get(site, ()))
    for form in forms:
        for kind in kinds:
            yield f"{form} {kind}"
    if "toxicity" in kinds:
        for form in _COMBINING.get(site, ()):
            yield from (f"{form}toxicity", f"{form}toxic")


_HEAD = re.compile(
    r"(?P<head>[A-Z][a-z]{4,}(?:ia|itis|osis|asis|lysis|spasm|pathy|oma|trophy|rrhea)|[A-Z][a-z]{7,}"
    r"(?=, Pathologic)), [^,]+"
)


def head_of_heading(descriptor: Term) -> str | None:
    """Return a disease that MeSH has only with what qualifies it ("Akathisia, Drug-Induced")."""
    if descriptor.type is not EntityType.DISEASE:
        return None
    matched = _HEAD.fullmatch(descriptor.label)
    return matched["head"].lower() if matched else None


def _adjective(text: str) -> str | None:
    """Return the adjective made of a disease in one word, or None."""
    word = text.lower()
    for noun, adjective in _ADJECTIVES:
        if word.endswith(noun):
            made = word.removesuffix(noun) + adjective
            return made if len(made) > 4 and made not in _NO_ADJECTIVES else None
    return None


def _numbers(text: str) -> tuple[str, ...]:
    """Return the number of a type as it is written, and in Arabic or in Roman figures."""
    matched = _NUMBER.fullmatch(text)
    if matched is None:
        return (text,)
    number, letter = matched["roman"].lower(), (matched["letter"] or "").upper()
    other = _ROMAN.get(number) or _ARABIC.get(number)
    return (text, f"{other}{letter}") if other else (text,)


_SUSCEPTIBILITY = re.compile(
    r"suscept|predisposition to|proneness|resistance to|protection against"
)


def is_susceptibility(term: Term) -> bool:
    """Tell an entry for the proneness to a disease, which is not a disease itself."""
    return term.type is EntityType.DISEASE and _tells_susceptibility(term.label)


@lru_cache(maxsize=1_000)  # asked for every name of a term, one after the other
def _tells_susceptibility(label: str) -> bool:
    return _SUSCEPTIBILITY.search(label.lower()) is not None


def headings_of(
    terms: Mapping[str, Term], descriptors: Iterable[Term], key: Callable[[str], str]
) -> Iterator[tuple[str, str]]:
    """Yield the diseases that have no MeSH heading of their own, each with those that keep it.

    That is the heading of which a name of the disease is an entry term; else the headings of its
    nearest ancestors, under which MeSH indexing files a disease that has none. A supplementary
    concept record (MESH:C...) is filed under a heading likewise.
    """
    by_name: dict[str, set[str]] = defaultdict(set)
    above: dict[str, tuple[str, ...]] = {}
    for descriptor in descriptors:
        above[descriptor.curie] = descriptor.parents
        if descriptor.type is EntityType.DISEASE:
            for text in (descriptor.label, *(one.text for one in descriptor.synonyms)):
                by_name[key(text)].add(descriptor.curie)
    for term in terms.values():
        if term.type is not EntityType.DISEASE or _headings(term):
            continue
        exact = (one.text for one in term.synonyms if one.scope is Scope.EXACT)
        named = {found for text in (term.label, *exact) for found in by_name.get(key(text), ())}
        for heading in sorted(named or _nearest(term, terms, above)):
            yield term.curie, heading


def series_of(terms: Mapping[str, Term]) -> Iterator[tuple[str, str]]:
    """Yield the diseases that OMIM has by subtypes only, each with the entries of its subtypes.

    A phenotypic series has the number of its first entry.
    """
    for term in terms.values():
        if term.type is not EntityType.DISEASE:
            continue
        own = {xref for xref in term.xrefs if xref.startswith("OMIM:")}
        for xref in term.xrefs:
            if xref.startswith("OMIMPS:"):
                yield term.curie, f"OMIM:{xref.partition(':')[2]}"
        if own:
            for parent in term.parents:
                above = terms.get(parent)
                if (
                    above is not None
                    and not any(xref.startswith(("OMIM:", "OMIMPS:")) for xref in above.xrefs)
                    and _SUBTYPE.fullmatch(term.label.lower().removeprefix(above.label.lower()))
                ):
                    yield from ((parent, xref) for xref in sorted(own))


_SUBTYPE = re.compile(r",? (?:type )?(?:\d{1,2}[a-z]?|[ivx]+[a-z]?)")


def _headings(term: Term) -> list[str]:
    return [xref for xref in (*term.xrefs, *term.close) if xref.startswith("MESH:D")]


def _nearest(
    term: Term, terms: Mapping[str, Term], above: Mapping[str, tuple[str, ...]]
) -> set[str]:
    """Return the headings of the nearest ancestors that have any, without the wider of them."""
    level = list(term.parents)
    seen: set[str] = set()
    while level:
        found: set[str] = set()
        for curie in level:
            parent = terms.get(curie)
            if parent is not None:
                found.update(_headings(parent))
        if found:
            wider = reached(
                (one for heading in found for one in above.get(heading, ())),
                lambda one: above.get(one, ()),
            )
            return found - wider
        seen.update(level)
        level = [
            parent
            for curie in level
            if curie in terms
            for parent in terms[curie].parents
            if parent not in seen
        ]
    return set()
