"""Reading floor: the text of an XML element that may hold markup: italics, indices, formulas.

Pure. `x<sup>2</sup>` becomes `x2`, as PubMed itself prints it where it prints no markup.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

_DEEPEST = 50
MATHML = "http://www.w3.org/1998/Math/MathML"


def flatten(element: "_Element") -> str:
    """Return the text of an element and of all in it, formulas as one would type them.

    >>> from lxml.etree import fromstring
    >>> flatten(fromstring("<t><i>Il7</i><sup>-/-</sup> mice &amp; T<sub>reg</sub> cells</t>"))
    'Il7-/- mice & Treg cells'
    """
    if not len(element):
        return element.text or ""
    for name in (f"{{{MATHML}}}math", "math"):
        for formula in list(element.iter(name)):
            text = flatten_formula(formula)
            for part in list(formula):
                formula.remove(part)
            formula.text = text
    return "".join(map(str, element.itertext()))


def flatten_formula(formula: "_Element", depth: int = 0) -> str:
    """Return a formula of MathML in one line; indices and powers simply follow.

    >>> from lxml.etree import fromstring
    >>> flatten_formula(fromstring("<math><mfrac><mi>a</mi> <mn>2</mn></mfrac> <mo>=</mo></math>"))
    'a/2='
    """
    if depth > _DEEPEST:
        return "".join("".join(map(str, formula.itertext())).split())
    if not len(formula):
        return " ".join((formula.text or "").split())
    parts = [flatten_formula(part, depth + 1) for part in formula if _name(part) not in _NOT_SHOWN]
    form = _FORMS.get(_name(formula))
    return form(parts) if form is not None else "".join(parts)


def _name(element: "_Element") -> str:
    return str(element.tag).rpartition("}")[2]


# The formula again in another notation, as TeX.
_NOT_SHOWN = frozenset(("annotation", "annotation-xml"))
_FORMS: dict[str, Callable[[list[str]], str]] = {
    "mfrac": "/".join,
    "msqrt": lambda parts: f"√{''.join(parts)}",
    "mfenced": lambda parts: f"({','.join(parts)})",
}
