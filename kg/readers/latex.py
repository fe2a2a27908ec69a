r"""Reading floor: LaTeX as reference managers write it into BibTeX -> the text that it stands for.

Pure. pylatexenc parses what has a command in it; the rest is passed by. Left to itself it takes a
bare `%` for a comment and a bare `&` for a table, drops commands that it does not know without a
word (`\textless`, `\textalpha`), and takes 10 ms over an abstract, so only the words with a
command are given to it, and each only once.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Any, Protocol

from pylatexenc import latex2text, latexwalker
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, SpecialsTextSpec
from pylatexenc.latexwalker import LatexWalker, LatexWalkerError
from pylatexenc.macrospec import MacroSpec, SpecialsSpec

_MEMORY = 20_000  # words with commands that are remembered
_LONGEST_PIECE = 20_000  # what is longer, and has no space in it, is not parsed

_SPECIAL = re.compile(r"[\\{}$~]|--|``")
_COMMAND = re.compile(r"[\\{}$]")
# Springer puts a whole document around each formula.
_PREAMBLE = re.compile(
    r"\\documentclass(?:(?!\\documentclass).){0,2000}?\\begin\{document\}", re.DOTALL
)
_END_OF_DOCUMENT = "\\end{document}"
_QUOTED = re.compile(r"``([^`]{0,2000}?)''")
_LONG_DASH = re.compile(r"(?<!-)---(?!-)")
_DASH = re.compile(r"(?<!-)--(?!-)")
# Between words it is a space; in "~50" and "(~50)" it is what it looks like.
_TIE = re.compile(r"(?<=[\w.,:;)}\]])~(?=[\w\\{$(\[])")
_ALONE = re.compile(r"\\([~^])\{\s*\}")
_DOLLAR = re.compile(r"(?<!\\)\$")
# "$5 and $", "$5-$10"
_LONGEST_AMOUNT = 300
_AMOUNT = re.compile(r"\d[^\\_^{}<>=]*\s[^\\_^{}<>=]*|\d[^\\_^{}<>=]*\d")
_TOKEN = re.compile(r"\s+|\\.|[{}$]|[^\s\\{}$]+", re.DOTALL)
_AWAITS_LETTER = re.compile(r"\\[a-zA-Z]\Z|\\[`'^\"~=.]\Z")
_BRACES = re.compile(r"[{}$]")
_BARE = re.compile(r"(?<!\\)[%&#]")

_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma "
    "tau upsilon phi chi psi omega"
).split()
_UNICODE_NAMES = {"lambda": "lamda"}
# How pylatexenc treats spaces: as TeX does, but for those in formulas, which stay.
_SPACES = {
    "between-macro-and-chars": True,
    "between-latex-constructs": True,
    "after-comment": True,
    "in-equations": False,
}
# Letters and signs as texts have them, not as formulas do.
_SIGNS = {
    "epsilon": "ε", "phi": "φ", "varphi": "φ", "circ": "°", "cdot": "·", "ast": "*", "sim": "~",
    "textless": "<", "textgreater": ">", "textbar": "|", "textasciicircum": "^",
    "textasciitilde": "~", "textquotesingle": "'", "textasciigrave": "`",
    "textasteriskcentered": "*", "textbackslash": "\\", "lt": "<", "gt": ">", "textmu": "µ",
    "micro": "µ", "textdegree": "°", "textperiodcentered": "·", "textendash": "–",
    "textemdash": "—", "textpm": "±", "texttimes": "×", "textdiv": "÷", "textrightarrow": "→",
    "textleftarrow": "←", "textuparrow": "↑", "textdownarrow": "↓", "textleq": "≤", "textgeq": "≥",
    "textprime": "′", "textonesuperior": "¹", "texttwosuperior": "²", "textthreesuperior": "³",
    "textminus": "−", "degree": "°", "celsius": "°C", "textcelsius": "°C", "textohm": "Ω",
    "textnumero": "№", "slash": "/", "LaTeX": "LaTeX", "TeX": "TeX", "copyright": "©",
    "pounds": "£", "S": "§", "P": "¶", "euro": "€", "dag": "†", "ddag": "‡", "textquotedbl": '"',
    "SS": "ẞ", "nobreakspace": " ", "space": " ", "hspace": " ", "thinspace": " ",
    "textapprox": "≈",
}  # fmt: skip
# Commands that set how their argument looks.
_SHOWN = (
    "mathbf mathit mathsf mathcal mathbb mathfrak boldsymbol mathrm mathnormal textrm textit "
    "textbf textsc textsl textsf texttt textup textmd textnormal text mbox emph underline uline "
    "ensuremath hbox bibstring mkbibquote mkbibemph mkbibparens mkbibbrackets enquote nocase "
    "url path nolinkurl textsuperscript textsubscript textsuperior textinferior ce uppercase "
    "lowercase"
).split()
_HIDDEN = "vphantom phantom hphantom noopsort label cite footnote fontencoding".split()
_SHOWN_SECOND = "href textcolor foreignlanguage texorpdfstring".split()
# Commands without an argument and without a sign.
_SILENT = (
    "rm bf it em sl sc tt sf relax sp sb limits nolimits left right big Big bigg displaystyle "
    "textstyle bfseries itshape rmfamily scshape upshape mdseries normalfont normalsize small "
    "footnotesize tiny large protect noindent par newline linebreak allowbreak nolinebreak "
    "selectfont nonumber bgroup egroup leavevmode unskip ignorespaces upright / - !"
).split()


def latex_to_text(source: str) -> tuple[str, frozenset[str]]:
    r"""Return the text of a LaTeX source, and the commands in it that are not known.

    Of a command that is not known the argument is kept. Superscripts and subscripts stand on the
    line: "Ca2+".

    >>> latex_to_text(r"IFN-$\gamma$ in {CD}4$^{\textrm{+}}$ cells (p {\textless} 5\%)")[0]
    'IFN-γ in CD4+ cells (p < 5%)'
    >>> latex_to_text(r"Sa{\"\i}d {\v S}eva"), latex_to_text(r"50% of R&D \foo{x}")
    (('Saïd Ševa', frozenset()), ('50% of R&D x', frozenset({'\\foo'})))
    """
    if not _SPECIAL.search(source):
        return source, frozenset()
    if "\\documentclass" in source:
        source = _PREAMBLE.sub("", source).replace(_END_OF_DOCUMENT, "")
    source = _set_type(_ALONE.sub(_name_sign, source))
    if not _COMMAND.search(source):
        return source, frozenset()
    pieces: list[str] = []
    unknown: set[str] = set()
    for piece in _split(_mark_formulas(source)):
        if not _COMMAND.search(piece):
            pieces.append(piece)
            continue
        text, names = _decode(piece)
        pieces.append(text)
        unknown |= names
    return unicodedata.normalize("NFC", "".join(pieces)), frozenset(unknown)


def _name_sign(match: re.Match[str]) -> str:
    """Return the command for a sign that is written as an accent on nothing."""
    return "\\textasciitilde{}" if match[1] == "~" else "\\textasciicircum{}"


def _set_type(source: str) -> str:
    """Replace what stands for signs of print: dashes, quotation marks, spaces."""
    source = _QUOTED.sub(r"“\1”", source)
    if "--" in source:
        source = _DASH.sub("–", _LONG_DASH.sub("—", source))
    return _TIE.sub(" ", source)


def _mark_formulas(source: str) -> str:
    """Put a backslash before each dollar that is money, and make all formulas stand in the line.

    A dollar opens a formula before what is no space, and closes it behind what is none. Formulas
    that touch are parted, since their dollars would look like those of one on a line of its own.
    """
    if "$" not in source:
        return source
    pieces = []
    done = 0
    for start, end, width in _find_formulas(source):
        pieces.append(_DOLLAR.sub(r"\\$", source[done:start]))
        pieces.append("{}" if start == done and pieces else "")
        pieces.append(f"${source[start + width : end - width]}$")
        done = end
    return "".join([*pieces, _DOLLAR.sub(r"\\$", source[done:])])


def _find_formulas(source: str) -> Iterator[tuple[int, int, int]]:
    """Yield start, end, and how many dollars stand at either, of each formula."""
    places = [mark.start() for mark in _DOLLAR.finditer(source)]
    opened: int | None = None
    width = index = 0
    while index < len(places):
        place = places[index]
        is_double = places[index + 1 : index + 2] == [place + 1]
        if opened is not None and (width == 1 or is_double):
            end = place + width
            content = source[opened + width : place]
            is_money = len(content) <= _LONGEST_AMOUNT and _AMOUNT.fullmatch(
                content + source[end : end + 1]
            )
            if content and not content[-1].isspace() and not is_money:
                yield opened, end, width
                opened = None
                index += width
                continue
        width = 2 if is_double else 1
        behind = source[place + width : place + width + 1]
        opened = place if behind and not behind.isspace() else None
        index += width


def _split(source: str) -> Iterator[str]:
    """Yield words with commands in them, and what stands between these.

    What is in braces or a formula is not parted.
    """
    place = 0
    while (command := _COMMAND.search(source, place)) is not None:
        start = max(place, *(source.rfind(sign, place, command.start()) + 1 for sign in " \n\t"))
        end = _find_end(source, start)
        yield source[place:start]
        yield source[start:end]
        place = end
    yield source[place:]


def _find_end(source: str, start: int) -> int:
    """Return where a word ends: at a space that stands in neither braces nor a formula."""
    depth, in_formula = 0, False
    for match in _TOKEN.finditer(source, start):
        found = match[0]
        if found == "{":
            depth += 1
        elif found == "}":
            depth = max(0, depth - 1)
        elif found in {"$", "\\(", "\\)"}:
            in_formula = not in_formula
        elif found.isspace() and not depth and not in_formula:
            before = max(start, match.start() - 2)
            if not _AWAITS_LETTER.search(source, before, match.start()):
                return match.start()
    return len(source)


@lru_cache(maxsize=_MEMORY)
def _decode(piece: str) -> tuple[str, frozenset[str]]:
    """Return the text of a piece; where its braces and formulas are no LaTeX, without them."""
    walking, writing = _contexts()
    if len(piece) > _LONGEST_PIECE:
        return _BRACES.sub("", piece), frozenset()
    try:
        walker = LatexWalker(_BARE.sub(r"\\\g<0>", piece), latex_context=walking)
        nodes = walker.get_latex_nodes()[0]
        text = LatexNodes2Text(writing, strict_latex_spaces=_SPACES).nodelist_to_text(nodes)
        names = {f"\\{name}" for name in _commands(nodes) if not writing.get_macro_spec(name)}
    except (LatexWalkerError, RecursionError, LookupError, ValueError, AttributeError):
        # Some of it pylatexenc raises on what is not closed.
        return _BRACES.sub("", piece), frozenset()
    return str(text), frozenset(names)


class _Special(Protocol):
    """A sign of pylatexenc's that means something in formulas only."""

    parsing_state: Any
    specials_chars: str


def _commands(nodes: Iterable[object]) -> Iterator[str]:
    """Yield the names of all commands in a list of nodes of pylatexenc."""
    for node in filter(None, nodes):
        if name := getattr(node, "macroname", ""):
            yield name
        yield from _commands(getattr(node, "nodelist", None) or ())
        arguments = getattr(node, "nodeargd", None)
        yield from _commands(getattr(arguments, "argnlist", None) or ())


@cache
def _contexts() -> tuple[Any, Any]:
    """Return what pylatexenc is to know of commands: how they are parsed, and what they stand for.

    Its own tables, behind what they lack and what they have otherwise than reference managers.
    """
    signs: dict[str, str] = {}
    for name in _GREEK:
        small = unicodedata.lookup(f"GREEK SMALL LETTER {_UNICODE_NAMES.get(name, name).upper()}")
        for prefix in ("text", "up", ""):
            signs[prefix + name] = small
            signs[prefix + name.capitalize()] = small.upper()
    signs |= _SIGNS
    walking = latexwalker.get_default_latex_context_db()
    walking = walking.filter_context(exclude_categories=["nonascii-specials"])
    walking.add_context_category(
        "exports",
        prepend=True,
        macros=[MacroSpec(name, "{") for name in (*_HIDDEN, *_SHOWN)]
        + [MacroSpec(name, "{{") for name in _SHOWN_SECOND],
        specials=[SpecialsSpec("^"), SpecialsSpec("_")],
    )
    writing = latex2text.get_default_latex_context_db()
    writing.add_context_category(
        "exports",
        prepend=True,
        macros=[MacroTextSpec(name, sign) for name, sign in signs.items()]
        + [MacroTextSpec(name, "") for name in _SILENT]
        + [MacroTextSpec(name, discard=True) for name in _HIDDEN]
        + [MacroTextSpec(name, discard=False) for name in _SHOWN]
        + [MacroTextSpec(name, _show_last) for name in _SHOWN_SECOND],
        specials=[SpecialsTextSpec(sign, _show_outside_formulas) for sign in "^_"],
    )
    return walking, writing


def _show_last(node: object, l2tobj: LatexNodes2Text) -> str:
    arguments = getattr(node, "nodeargd", None)
    return str(l2tobj.nodelist_to_text([*(getattr(arguments, "argnlist", None) or ())][-1:]))


def _show_outside_formulas(node: _Special) -> str:
    return "" if node.parsing_state.in_math_mode else node.specials_chars
