"""Floor 5: names that texts use for terms and that no vocabulary lists, made from their labels.

A vocabulary says "retinal bipolar neuron", "BMP signaling pathway" and "photoreceptor cell" where
papers write "bipolar cells", "BMP signaling" and "photoreceptors". A name is made only by patterns
that hold for the whole of a vocabulary, and used only where no term of the same type has it.
"""

import re
from collections.abc import Iterator

from kg.model import EntityType
from kg.vocabulary.adjectives import RELATIONAL, adjectives

# The statuses of such names; in the order of the alphabet each is trusted before the next.
ADJECTIVE = "adjective"
DERIVED = "derived name"
EVERYDAY_NAME = "everyday name"
WITHOUT_PLACE = "name without its place"

# "neuron (sensu Vertebrata)" is what a biomedical text means by a neuron. (No brackets in keys.)
_VERTEBRATE = re.compile(r" (?:sensu (?:vertebrata|mus|mammalia)|mmus|mus musculus)$")
# Words that name a kind of cell by themselves, so that "cell" may follow or be left out.
_AGENT = re.compile(
    r"[a-z]*(?:(?<!\bre)ceptor|cyte|blast|clast|phage|phil|glia|neuron|progenitor)$"
)
# "pre-B cells" are precursor B cells, and a cell is taken to be mature where nothing is said.
_OTHER_OPENINGS = (("precursor ", "pre "), ("mature ", ""))
_DEVELOPMENT = re.compile(
    r"(?P<what>[^,]+) (?P<change>development|differentiation|proliferation|activation|maturation"
    r"|migration|homeostasis|morphogenesis|formation|regeneration|assembly|repair)"
)
# How the making of cells is called by them: lymphopoiesis of lymphocytes, osteoclastogenesis.
_BLOOD_CELLS = re.compile(
    r"(?P<stem>(?:.* )?(?:lympho|thymo|mono|granulo|erythro|megakaryo|thrombo|leuko))cyte"
    r" differentiation"
)
_MAKERS = re.compile(r"(?P<stem>[a-z]+(?:blast|clast)) differentiation")
_HOMEOSTATIC = re.compile(r"(?P<cell>.+) homeostatic proliferation")
_SALT = re.compile(
    r"(?P<base>.+?) (?:(?:di|tri|mono)?(?:hydrochloride|hydrobromide|sodium|potassium|acetate"
    r"|maleate|fumarate|citrate|tartrate|sulfate|mesylate|phosphate|succinate|calcium|bromide|chloride"
    r"|nitrate|besylate|tosylate|bitartrate|lactate|benzoate|iodide|disodium|dihydrate|hydrate))"
)
_ION = re.compile(r"(?P<element>[a-z]+)\(\d\+\)")
_SECOND_HAND = re.compile(r"\b(?:regulation|involved in)\b|^(?:in)?activation of ")
# What a place's adjective may belong to instead of the cell ("mammary gland epithelial cell").
_HEADS = frozenset(
    """
    cell neuron gland system tract bud bulb cord membrane vessel plexus root node canal duct tube
    crypt nerve nucleus cortex artery vein valve body organ muscle stimulating
    """.split()
)
_PLACES = {**RELATIONAL[EntityType.ANATOMY], "hematopoietic": "hematopoietic system"}
_FRACTION = re.compile(r"^fraction [a-f] ")  # of B cells, after Hardy
_OF_LINEAGE = re.compile(r"(?P<what>\w+) of (?P<which>\w+) lineage")
_LYMPHOCYTE = re.compile(r"(?:.* )?[bt] cell")


def derived_names(name: str, kind: EntityType, *, cased: bool = False) -> Iterator[tuple[str, str]]:
    """Yield names made from a name in lower case and in the singular, with the status of each.

    Of an acronym (`cased`) that is a cell's only the one with "cell" after it is made.

    >>> sorted(derived_names("photoreceptor cell", EntityType.CELL_TYPE))
    [('photoreceptor', 'derived name')]
    >>> sorted(derived_names("bmp signaling pathway", EntityType.PROCESS))
    [('bmp pathway', 'derived name'), ('bmp signaling', 'derived name')]
    """
    if cased:
        if kind is EntityType.CELL_TYPE and len(name) >= 3:
            yield f"{name} cell", DERIVED
        return
    if kind is EntityType.CELL_TYPE:
        yield from _cell_names(name)
    elif kind is EntityType.PROCESS:
        yield from _process_names(name)
    for adjective in adjectives(name, kind):
        yield adjective, ADJECTIVE
        if kind is EntityType.CELL_TYPE:
            yield f"{adjective} cell", DERIVED


def _cell_names(name: str) -> Iterator[tuple[str, str]]:
    bare = _VERTEBRATE.sub("", name)
    if bare != name:
        yield bare, DERIVED
    for opening, other in _OTHER_OPENINGS:
        if bare.startswith(opening):
            yield bare.replace(opening, other, 1), DERIVED
    yield from _precursors_and_lineages(bare)
    if bare.endswith(" lineage cell"):
        yield f"{bare.removesuffix(' lineage cell')} cell", DERIVED
    for form in (bare, *_other_heads(bare)):
        if form != bare:
            yield form, DERIVED
        placeless = _without_place(form)
        if placeless is not None:
            yield placeless, WITHOUT_PLACE


def _precursors_and_lineages(name: str) -> Iterator[tuple[str, str]]:
    """Yield a cell's name with what it comes from, or becomes, in another place.

    >>> [text for text, _ in _precursors_and_lineages("precursor b cell")]
    ['b cell precursor', 'b lymphocyte precursor']
    >>> [text for text, _ in _precursors_and_lineages("lymphocyte of b lineage")]
    ['b lineage lymphocyte', 'b lineage cell']
    """
    fraction = _FRACTION.sub("", name)
    if fraction != name:
        yield fraction, DERIVED
    if name.startswith("precursor "):
        later = name.removeprefix("precursor ")
        yield f"{later} precursor", DERIVED
        if _LYMPHOCYTE.fullmatch(later):
            yield f"{later.removesuffix('cell')}lymphocyte precursor", DERIVED
    found = _OF_LINEAGE.fullmatch(name)
    if found is not None:
        yield f"{found['which']} lineage {found['what']}", DERIVED
        yield f"{found['which']} lineage cell", DERIVED


def _other_heads(name: str) -> Iterator[str]:
    """Yield a cell's name with another head: "x neuron" for "x cell", an agent without "cell"."""
    head, _, last = name.rpartition(" ")
    if head and last == "neuron":
        yield f"{head} cell"
    elif last == "cell" and _AGENT.search(head):
        yield head
    elif _AGENT.search(last) and last != "neuron":
        yield f"{name} cell"


def _without_place(name: str) -> str | None:
    """Return a cell's name without the organ it is of, or None where nothing telling is left.

    >>> _without_place("retinal ganglion cell"), _without_place("ganglion cell of retina")
    ('ganglion cell', 'ganglion cell')
    >>> _without_place("retinal rod"), _without_place("pancreatic a cell")
    ('rod', None)
    """
    place, _, rest = name.partition(" ")
    if place not in _PLACES:
        rest, of, place = name.partition(" of ")
        if not of or " " in place:
            return None
    first = rest.partition(" ")[0]
    return rest if len(first) >= 3 and first not in _HEADS else None


def _process_names(name: str) -> Iterator[tuple[str, str]]:
    if _SECOND_HAND.search(name):
        return
    stem = name.removesuffix(" signaling pathway")
    if stem != name and not stem.endswith(" mediated"):
        yield f"{stem} signaling", DERIVED
        yield f"{stem} pathway", DERIVED
    yield from ((text, DERIVED) for text in _makings_of_cells(name))
    found = _DEVELOPMENT.fullmatch(name)
    if found is None:
        return
    what, change = found.groups()
    yield f"{change} of {what}", DERIVED
    yield f"{change} of the {what}", DERIVED
    if change == "development" and not what.endswith("cell"):
        yield f"{what} formation", DERIVED
        yield f"formation of {what}", DERIVED
        yield f"formation of the {what}", DERIVED


def _makings_of_cells(name: str) -> Iterator[str]:
    """Yield the nouns for how cells are made, divide and are chosen.

    >>> list(_makings_of_cells("b lymphocyte differentiation"))
    ['b lymphopoiesis']
    >>> list(_makings_of_cells("osteoclast differentiation")), list(_makings_of_cells("cell cycle"))
    (['osteoclastogenesis'], ['cell cycling'])
    """
    blood = _BLOOD_CELLS.fullmatch(name)
    if blood is not None:
        yield f"{blood['stem']}poiesis"
    maker = _MAKERS.fullmatch(name)
    if maker is not None:
        yield f"{maker['stem']}ogenesis"
    homeostatic = _HOMEOSTATIC.fullmatch(name)
    if homeostatic is not None:
        for change in ("proliferation", "expansion"):
            yield f"homeostatic {homeostatic['cell']} {change}"
            yield f"homeostatic {change} of {homeostatic['cell']}"
    if name.endswith(" cycle"):
        yield f"{name.removesuffix('cycle')}cycling"
    if "thymic t cell selection" in name:  # the thymus selects no others
        yield name.replace("t cell ", "")


def base_of(label: str) -> str | None:
    """Return the label of the drug of a salt, or of the atom of an ion; None for other labels.

    >>> base_of("sildenafil citrate"), base_of("calcium(2+)"), base_of("glucose")
    ('sildenafil', 'calcium atom', None)
    """
    salt = _SALT.fullmatch(label)
    if salt is not None:
        return salt["base"]
    ion = _ION.fullmatch(label)
    return f"{ion['element']} atom" if ion is not None else None
