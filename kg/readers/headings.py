"""Reading floor: MeSH headings as MEDLINE prints them, and as other exports keep them.

Pure. Reference managers keep headings among the keywords; those with a qualifier of MeSH can be
told from what authors chose.
"""

import re

from kg.model import Heading, Qualifier

# MeSH's qualifiers, with the ones that it had before and exports still have.
_QUALIFIERS = frozenset(
    name.strip()
    for name in """
    abnormalities | administration & dosage | adverse effects | agonists | analogs & derivatives
    | analysis | anatomy & histology | antagonists & inhibitors | biosynthesis | blood
    | blood supply | cerebrospinal fluid | chemical synthesis | chemically induced | chemistry
    | classification | complications | congenital | contraindications | cytology | deficiency
    | diagnosis | diagnostic imaging | diet therapy | drug effects | drug therapy | economics
    | education | embryology | enzymology | epidemiology | ethics | ethnology | etiology | genetics
    | growth & development | history | immunology | injuries | innervation | instrumentation
    | isolation & purification | legislation & jurisprudence | manpower | metabolism | methods
    | microbiology | mortality | nursing | organization & administration | parasitology
    | pathogenicity | pathology | pharmacokinetics | pharmacology | physiology | physiopathology
    | poisoning | prevention & control | psychology | radiation effects | radiography
    | radionuclide imaging | radiotherapy | rehabilitation | secondary | secretion | standards
    | statistics & numerical data | supply & distribution | surgery | therapeutic use | therapy
    | toxicity | transmission | transplantation | trends | ultrasonography | ultrastructure | urine
    | utilization | veterinary | virology
    """.split("|")
)
_BRACKETED = re.compile(r"(?P<name>\*?[^\[\]]+) \[(?P<qualifiers>[^\[\]]+)\]")
_OVID_CODES = re.compile(r"/\*?[a-z]{2}(?:, ?\*?[a-z]{2})*\Z")


def parse_heading(text: str) -> Heading:
    """Return a heading as MEDLINE prints it, majors marked with a star.

    >>> heading = parse_heading("Interleukin-7/genetics/*metabolism")
    >>> heading.name, [(each.name, each.major) for each in heading.qualifiers]
    ('Interleukin-7', [('genetics', False), ('metabolism', True)])
    """
    name, *qualifiers = text.split("/")
    return Heading(
        name=name.strip("* "),
        major=name.strip().startswith("*"),
        qualifiers=tuple(
            Qualifier(name=each.strip("* "), major=each.strip().startswith("*"))
            for each in qualifiers
            if each.strip("* ")
        ),
    )


def find_heading(keyword: str) -> Heading | None:
    """Return the heading that a keyword is by the qualifiers it has, or None.

    "Boswellia/*chemistry" (Zotero and EndNote, from PubMed), "*Interleukin-7/ge [Genetics]" (Ovid),
    "Conduct Disorder [*prevention & control, psychology]" (Cochrane).

    >>> find_heading("Colitis [*therapy, genetics]") == parse_heading("Colitis/*therapy/genetics")
    True
    >>> find_heading("mouse/rat"), find_heading("Humans")
    (None, None)
    """
    bracketed = _BRACKETED.fullmatch(keyword)
    if bracketed is not None:
        name = _OVID_CODES.sub("", bracketed["name"].strip())
        keyword = "/".join([name, *bracketed["qualifiers"].lower().split(", ")])
    heading = parse_heading(keyword)
    names = {qualifier.name for qualifier in heading.qualifiers}
    return heading if heading.name and names and names <= _QUALIFIERS else None
