"""Floor 5: mouse and rat genes beside the human genes that they are orthologs of.

Symbols of mouse and rat genes differ from the human ones in case alone, for the most part, and
texts about mice use human symbols and the other way round. So a rodent gene's names are filed under
its human ortholog, where it has one, and which species is meant is judged from the text
(`kg.annotate.species`). A rodent gene without a human ortholog is filed under itself.
"""

import re
from collections.abc import Iterator, Mapping

from kg.model import Term

_RODENT_PREFIXES = ("MGI:", "RGD:")
SYMBOL_STATUS = ("ortholog symbol", 0.93)
ALIAS_STATUS = ("ortholog alias", 0.8)
_LEAST_OF_PHRASE = 12  # characters; shorter ones ("class II", "14 gene") are no names
_SHORTEST_WORD = 4
_SHORTEST_CODE = 3  # with a number
# Numbers of clones, of loci and of entries: nobody writes them for the gene.
_CATALOGUE_NUMBER = re.compile(
    r"(?:LOC|RGD|MGC|EG|AI|AW|AA|AU|BB|BC|C|D|Gm|MOR|Olfr|Olr|ENS\w+|OTT\w+)[:_]?\d{2,}.*"
    r"|GA_x.*|.*Rik|D\d+[A-Z]\w+\d+\w*|mmu-.*|rno-.*|RAT[A-Z].*|.*\d{5,}.*|.*_.*"
)


def is_rodent_gene(curie: str) -> bool:
    """Tell whether a CURIE is that of a mouse or rat gene."""
    return curie.startswith(_RODENT_PREFIXES)


def human_ortholog(term: Term, terms: Mapping[str, Term]) -> Term | None:
    """Return the human gene that a mouse or rat gene is an ortholog of, where there is one.

    Of several (a family that has grown in one of the species) it is the one of the same symbol.
    """
    humans = [terms[xref] for xref in term.xrefs if xref.startswith("HGNC:") and xref in terms]
    if len(humans) > 1:
        return next((one for one in humans if one.label == term.label.upper()), None)
    return humans[0] if humans else None


def rodent_names(term: Term, ortholog: Term | None) -> Iterator[tuple[str, str, float]]:
    """Yield the names of a mouse or rat gene worth looking for: text, status, score.

    What differs in case alone from the symbol of the human ortholog is no further name. Aliases of
    two or three letters and such in lower case ("Ags", "fat") are written for other things or are
    phenotypes; so they are left out.
    """
    is_new = ortholog is None or term.label.upper() != ortholog.label
    if is_new and not _CATALOGUE_NUMBER.fullmatch(term.label):
        yield term.label, *SYMBOL_STATUS
    known = {term.label.casefold(), *_folded_names(ortholog)}
    for synonym in term.synonyms:
        text = synonym.text
        if text.casefold() in known or _CATALOGUE_NUMBER.fullmatch(text):
            continue
        if _is_like_a_symbol(text):
            yield text, *ALIAS_STATUS


def _is_like_a_symbol(text: str) -> bool:
    if " " in text:
        return len(text) > _LEAST_OF_PHRASE
    bare = text.replace("-", "")
    if len(bare) < (_SHORTEST_WORD if bare.isalpha() else _SHORTEST_CODE):
        return False
    return not bare.islower() or (len(bare) > 3 and not bare.isalpha())


def _folded_names(term: Term | None) -> Iterator[str]:
    """Yield the names that a human gene has of its own, so that a rodent's alias adds nothing.

    NCBI's aliases are not counted: an alias that two species have is more than a stray one.
    """
    if term is not None:
        yield term.label.casefold()
        for synonym in term.synonyms:
            if synonym.kind != "ncbi_alias":
                yield synonym.text.casefold()
