"""Floor 5: how a name is normalised, so that IL-7, IL7 and "interleukin 7" can be compared.

A text becomes a row of tokens: runs of letters or of digits, lower-cased, with Greek letters
spelled out and the spelled-out ones cut from what they are written together with ("IL-7Ralpha" is
`il 7 r alpha`). Hyphens, spaces, slashes and the like only separate. Every token keeps the offsets
of the text it came from.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta",
    "η": "eta", "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu",
    "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma", "ς": "sigma", "τ": "tau", "υ": "upsilon",
    "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega", "µ": "mu",
}  # fmt: skip

# A spelled-out letter is cut from the capital letters it is written together with ("TNFalpha",
# "IL-2Rgammac"); the short ones (eta, mu, pi ...) are left, since words begin and end with them.
_GREEK_NAMES = "alpha|beta|gamma|delta|epsilon|kappa|lambda|sigma|theta|zeta|omega"
_MARKER_LEVELS = "low|lo|high|hi|int|neg|pos|bright|dim"
_GLUED_GREEK = re.compile(rf"([A-Z]+)({_GREEK_NAMES})(c|{_MARKER_LEVELS})?([A-Z]+)?")
# Recombinant human or murine, written together with a symbol ("rhIL-7").
_GLUED_PREFIX = re.compile(r"(rhu|rh|rm|hu)([A-Z]{2,})")
_GLUED_LEVEL = re.compile(rf"({_MARKER_LEVELS})([A-Z]+)")
_RUN = re.compile(r"[^\W\d_]+|\d+")
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
_ROMAN_ENDINGS = ("i", "v", "x")

_BRITISH = [
    (re.compile(pattern), to)
    for pattern, to in (
        (r"^tumour", "tumor"), (r"leukaemi", "leukemi"), (r"anaemi", "anemi"),
        (r"haem(?=[aeo])", "hem"), (r"oedema", "edema"), (r"oesoph", "esoph"), (r"paed", "ped"),
        (r"coeliac", "celiac"), (r"diarrhoea", "diarrhea"), (r"foetal", "fetal"),
        (r"oestr(?=[aio])", "estr"), (r"ischaemi", "ischemi"), (r"aemia$", "emia"),
        (r"^gynaec", "gynec"), (r"naeoplas", "neoplas"), (r"signalling", "signaling"),
        (r"^fibre$", "fiber"), (r"^caecum$", "cecum"), (r"^faec", "fec"), (r"sulph", "sulf"),
    )
]  # fmt: skip


class Token(NamedTuple):
    """A token of a text: its normal form, and the offsets of the text it stands for."""

    form: str
    start: int
    end: int


def tokenise(text: str) -> list[Token]:
    """Cut a text into its letter and digit runs, with offsets; punctuation gives no token.

    >>> [token.form for token in tokenise("IL-7Rα")]
    ['il', '7', 'r', 'alpha']
    >>> [token.form for token in tokenise("TNFalpha-induced")]
    ['tnf', 'alpha', 'induced']
    """
    tokens: list[Token] = []
    for match in _RUN.finditer(text):
        run = match[0]
        start, end = match.span()
        if not run.isascii():
            tokens.extend(_wide_tokens(run, start))
        elif run.islower() or run.isupper():
            tokens.append(Token(american(run.lower()), start, end))
        elif run.isdigit():
            tokens.append(Token(run, start, end))
        else:
            glued = _cut_glued(run)
            if glued is None:
                tokens.append(Token(american(run.lower()), start, end))
            else:
                tokens.extend(_parts(glued, start))
    return tokens


def _parts(glued: re.Match[str], start: int) -> Iterator[Token]:
    """Yield the parts of a run that is written together."""
    for group, part in enumerate(glued.groups(), start=1):
        if part:
            begin, end = glued.span(group)
            yield Token(part.lower(), start + begin, start + end)


def _cut_glued(run: str) -> re.Match[str] | None:
    return (
        _GLUED_GREEK.fullmatch(run) or _GLUED_PREFIX.fullmatch(run) or _GLUED_LEVEL.fullmatch(run)
    )


def _wide_tokens(run: str, start: int) -> list[Token]:
    """Cut a run that holds letters beyond ASCII: Greek letters apart, accents dropped."""
    tokens: list[Token] = []
    plain, plain_start = "", 0
    for offset, char in enumerate(run):
        greek = GREEK.get(char) or GREEK.get(char.lower())
        if greek is None:
            if not plain:
                plain_start = offset
            plain += char
            continue
        if plain:
            tokens.append(Token(_fold(plain), start + plain_start, start + offset))
            plain = ""
        tokens.append(Token(greek, start + offset, start + offset + 1))
    if plain:
        tokens.append(Token(_fold(plain), start + plain_start, start + len(run)))
    return tokens


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return american(bare.casefold()) or text.casefold()


# What all of the British forms hold, so that most words are passed by at one look.
_MAYBE_BRITISH = re.compile(r"our|aem|oed|oes|paed|coel|rrhoea|foet|gyn|naeo|ll|fib|cae|fae|lph")


@lru_cache(maxsize=200_000)
def american(word: str) -> str:
    """Return a word in lower case in its American spelling.

    >>> american("tumour"), american("leukaemia")
    ('tumor', 'leukemia')
    """
    if len(word) > 4 and _MAYBE_BRITISH.search(word):
        for pattern, to in _BRITISH:
            word = pattern.sub(to, word)
    return word


@lru_cache(maxsize=200_000)
def singular(form: str) -> str:
    """Return the singular of a token by English rules; a token that is no plural stays.

    >>> [singular(word) for word in ("cells", "biopsies", "mice", "virus", "metastases", "as")]
    ['cell', 'biopsy', 'mouse', 'virus', 'metastasis', 'as']
    """
    if form in _IRREGULAR:
        return _IRREGULAR[form]
    if len(form) > 5 and form.endswith(_LATIN_ENDINGS):
        for ending, to in _LATIN_PLURALS:
            if form.endswith(ending):
                return form.removesuffix(ending) + to
    if len(form) < 4 or not form.endswith("s") or form.endswith(("ss", "us", "is")):
        return form
    if form.endswith("ies"):
        return form[:-3] + "y"
    if form.endswith(("ses", "xes", "ches", "shes")) and len(form) > 5:
        if form.endswith(("ases", "oses", "eses", "yses", "ises")):
            # "metastases" is from "metastasis", but "diseases" and "cases" are from "-ase".
            return (
                form[:-2] + "is" if form.endswith(("stases", "oses", "eses", "yses")) else form[:-1]
            )
        return form[:-2]
    return form[:-1]


# Latin and Greek plurals of anatomy and of cells, by endings that no other word has.
_LATIN_PLURALS = (
    ("gonia", "gonium"), ("thelia", "thelium"), ("ganglia", "ganglion"), ("ozoa", "ozoon"),
    ("ruli", "rulus"), ("culi", "culus"), ("nchi", "nchus"), ("cocci", "coccus"),
    ("ulae", "ula"), ("pillae", "pilla"), ("larvae", "larva"),
    ("phalanges", "phalanx"),
)  # fmt: skip
_LATIN_ENDINGS = tuple(ending for ending, _ in _LATIN_PLURALS)

_IRREGULAR = {
    "mice": "mouse", "bacteria": "bacterium", "viruses": "virus", "women": "woman", "men": "man",
    "children": "child", "nuclei": "nucleus", "fungi": "fungus", "mitochondria": "mitochondrion",
    "vertebrae": "vertebra", "metastases": "metastasis", "lice": "louse", "sera": "serum",
    "diagnoses": "diagnosis", "carcinomata": "carcinoma", "ova": "ovum", "data": "data",
    "species": "species", "series": "series", "rabies": "rabies", "herpes": "herpes",
    "diabetes": "diabetes", "scabies": "scabies", "ascites": "ascites", "feces": "feces",
    "nucleus": "nucleus", "kiss": "kiss", "testes": "testis", "villi": "villus", "pupae": "pupa",
    "atria": "atrium", "septa": "septum", "hila": "hilum", "ilia": "ilium", "crania": "cranium",
    "sterna": "sternum", "cortices": "cortex", "cilia": "cilium", "femora": "femur",
    "bursae": "bursa", "foci": "focus", "loci": "locus", "genera": "genus",
}  # fmt: skip


def name_key(text: str) -> str:
    """Return the key under which a name is filed: its tokens in the singular.

    Each token is followed by one space, so that a key is the beginning of another only at a token.

    >>> name_key("Interleukin-7"), name_key("regulatory T cells"), name_key("IL7")
    ('interleukin 7 ', 'regulatory t cell ', 'il 7 ')
    """
    return "".join(map(_run_key, _RUN.findall(text)))


@lru_cache(maxsize=200_000)
def _run_key(run: str) -> str:
    """Return the tokens of one run of letters or digits, in the singular, a space after each."""
    if run.isascii() and (run.islower() or run.isupper()):
        return f"{singular(american(run.lower()))} "
    return "".join(f"{singular(form)} " for form, _, _ in tokenise(run))


def uninvert(name: str) -> str | None:
    """Return an inverted catalogue name in reading order, or None where it is not inverted.

    >>> uninvert("T-Lymphocytes, Regulatory"), uninvert("arthritis, rheumatoid")
    ('Regulatory T-Lymphocytes', 'rheumatoid arthritis')
    >>> uninvert("Leukemia, T-Cell, Acute") , uninvert("adenosine 2',3'-cyclic")
    ('Acute T-Cell Leukemia', None)
    """
    if ", " not in name:
        return None
    parts = name.split(", ")
    if not 2 <= len(parts) <= 4 or any("," in part or not part[:1].isalpha() for part in parts):
        return None
    return " ".join(reversed(parts))


def roman_to_arabic(key: str) -> str | None:
    """Return a key with its last token, a Roman numeral from 2 up, as a number; else None.

    >>> roman_to_arabic("mucolipidosis iii ")
    'mucolipidosis 3 '
    """
    bare = key.rstrip()
    if not bare.endswith(_ROMAN_ENDINGS):
        return None
    head, _, last = bare.rpartition(" ")
    return f"{head} {_ROMAN[last]} " if head and last in _ROMAN else None
