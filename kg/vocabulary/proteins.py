"""Floor 5: how the full names of proteins read. Pure."""

import re

# What the head of a protein's name is, at the end of the name or before its number.
_PROTEIN_HEAD = re.compile(
    r"(?:receptor|protein|factor|kinase|ligand|subunit|channel|transporter|antigen|molecule|gene"
    r"|enzyme|hormone|peptide|inhibitor|oxidase|interleukin|interferon|chemokine|cytokine"
    r"|regulator|[a-z]{4,}ase|[a-z]{3,}(?:in|gen|kine))s?(?:[\s-]\w{1,4}){0,2}$",
    re.IGNORECASE,
)
_LONGEST_HEAD = 30  # characters that such an end has at the most


def names_a_protein(long_form: str) -> bool:
    """Tell whether what an abbreviation is explained by reads like the name of a protein.

    >>> names_a_protein("peroxisome proliferator-activated receptor a")
    True
    >>> names_a_protein("clinical assessment tool")
    False
    """
    return _PROTEIN_HEAD.search(long_form, max(0, len(long_form) - _LONGEST_HEAD)) is not None
