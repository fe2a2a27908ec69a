"""Sentences with made-up mentions: "[leptin] activates [STAT3]", with the types of a list of names.

Each name is a term of its own, wherever it stands; "[hepatic=liver]" is another word for a name.
"""

import re
from collections.abc import Callable

import pytest

from kg.assertions.reading import AssertionReader
from kg.model import EntityType, Evidence, Grounding, Mention

NAMES = {
    EntityType.GENE: """
        leptin ghrelin adiponectin insulin EPO G-CSF TNF IL-1 IL-2 IL-6 IL-10 IL-12 IL-17 CRP
        ferritin albumin VEGF endostatin p53 MDM2 BRCA1 RAD51 MYC KRAS PTEN BCL2 STAT3 JAK2 mTOR
        IRS1 GATA1 FOXP3 PAX5 TREM2 APOE HLA-B27 CFTR caspase-3 caspase-8 miR-21 CD64 troponin
        prolactin renin PD-L1 thrombin fibrinogen
    """,
    EntityType.GENE_FAMILY: "AMPK NF-kB PI3K TGF-beta",
    EntityType.CELL_TYPE: """
        macrophages neutrophils T_cells B_cells beta_cells adipocytes hepatocytes neurons monocytes
        osteoclasts fibroblasts
    """,
    EntityType.DISEASE: """
        asthma obesity colitis psoriasis arthritis diabetes sepsis fibrosis anemia neutropenia
        dementia malaria rickets migraine spondylitis hypertension lung_cancer cystic_fibrosis
        melanoma
    """,
    EntityType.ORGANISM: "mice=mouse",
    EntityType.ANATOMY: "liver spleen thymus kidney hepatic=liver",
    EntityType.PROCESS: """
        apoptosis angiogenesis inflammation erythropoiesis lipogenesis lipolysis autophagy
        glycolysis hypoxia phagocytosis expression
    """,
    EntityType.CHEMICAL: """
        metformin aspirin dexamethasone rapamycin curcumin caffeine adalimumab budesonide clozapine
        sumatriptan LPS vitamin_D estradiol levodopa glucose cisplatin
    """,
}
TYPES: dict[str, EntityType] = {}
TERMS: dict[str, str] = {}
for _type, _names in NAMES.items():
    for _name in _names.split():
        _text, _, _term = _name.replace("_", " ").partition("=")
        TYPES[_text] = _type
        TERMS[_text] = _term or _text

_MARKED = re.compile(r"\[([^\[\]]+)\]")

Marked = tuple[str, tuple[Mention, ...]]


def _mark(marked: str, offset: int = 0) -> Marked:
    text = ""
    end = 0
    mentions = []
    for match in _MARKED.finditer(marked):
        text += marked[end : match.start()]
        end = match.end()
        name = match[1]
        start = offset + len(text)
        text += name
        mentions.append(
            Mention(
                start=start,
                end=start + len(name),
                text=name,
                type=TYPES[name],
                groundings=(Grounding(term=TERMS[name], score=0.9, method="name"),),
            )
        )
    return text + marked[end:], tuple(mentions)


@pytest.fixture(scope="session")
def mark() -> Callable[..., Marked]:
    """Make a plain sentence and its mentions of a marked one; they count from an offset."""
    return _mark


@pytest.fixture(scope="session")
def reader() -> AssertionReader:
    """The rules with the table that ships."""
    return AssertionReader()


@pytest.fixture(scope="session")
def read(reader: AssertionReader) -> Callable[..., tuple[Evidence, ...]]:
    """Read a marked sentence that begins at an offset of its text."""

    def read_marked(marked: str, offset: int = 0) -> tuple[Evidence, ...]:
        text, mentions = _mark(marked, offset)
        return reader.read_sentence(text, mentions, offset)

    return read_marked
