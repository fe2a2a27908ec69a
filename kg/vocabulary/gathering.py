"""Floor 5: what is gathered of the vocabulary tables: terms, and names filed under their keys."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from kg.model import EntityType, Scope, Term
from kg.vocabulary.diseases import is_susceptibility
from kg.vocabulary.hosts import HOST_NAMES
from kg.vocabulary.lexicon import is_symbol
from kg.vocabulary.names import name_key, roman_to_arabic, uninvert
from kg.vocabulary.orthologs import human_ortholog, is_rodent_gene, rodent_names
from kg.vocabulary.own_names import OWN_NAME
from kg.vocabulary.stopnames import GENERAL_NAMES, GENERAL_TERMS, GENERIC_GENE_WORDS
from kg.vocabulary.variants import component_names, variant_keys, variant_texts

# The names under one key: (CURIE, text) -> (status, score, whether it is a symbol).
Entries = dict[tuple[str, str], tuple[str, float, bool]]

# How well a kind of name tells its term: approved symbol > family > alias or previous symbol >
# NCBI alias, with names of ontology terms by their scope.
STATUS: dict[str, tuple[str, float]] = {
    "name": ("approved name", 0.98),
    "alias_symbol": ("alias", 0.88),
    "prev_symbol": ("previous symbol", 0.87),
    "alias_name": ("alias name", 0.88),
    "prev_name": ("previous name", 0.87),
    "ncbi_alias": ("NCBI alias", 0.7),
    "ncbi_designation": ("NCBI designation", 0.72),
    "entry_term": ("MeSH entry term", 0.85),
    "mesh": ("MeSH entry term", 0.85),
}
SCOPE: dict[Scope, tuple[str, float]] = {
    Scope.EXACT: ("exact synonym", 0.95),
    Scope.UNSPECIFIED: ("synonym", 0.86),
    Scope.RELATED: ("related synonym", 0.78),
    Scope.BROAD: ("broad synonym", 0.55),
    Scope.NARROW: ("narrow synonym", 0.6),
}
_LABEL_STATUS = {
    EntityType.GENE: ("approved symbol", 1.0),
    EntityType.GENE_FAMILY: ("family", 0.96),
}
_WORD = re.compile(r"(?<![\w-])[a-z]{2,}(?![\w-])")
# Kinds of T cell, which are written without "cell" as often ("Th1 responses").
_HELPER_CELL = re.compile(r"(T(?:h|c|r|fh)\d{0,2}) cells?")
_VARIANT_LOSS = 0.04
_MOST_WRITTEN_ABOUT = 40  # names of a gene


class Gathered:
    """The terms and names of the tables that have been read.

    `headings` tells of MeSH descriptors their heading and the term that they stand for, `replaced`
    of obsolete terms the one that stands in their place.
    """

    def __init__(self) -> None:
        self.terms: dict[str, Term] = {}
        self.names: dict[str, Entries] = {}
        self.members: set[tuple[str, str, str]] = set()
        self.words: Counter[str] = Counter()
        self.words_of_papers: frozenset[str] = frozenset()
        self.headings: dict[str, tuple[str, str]] = {}
        self.replaced: dict[str, str] = {}

    def add(self, term: Term) -> None:
        """Take a term in, with its names; of an obsolete one, what stands in its place alone."""
        if term.obsolete:
            if len(term.successors) == 1:
                self.replaced[term.curie] = term.successors[0]
            return
        self.terms[term.curie] = term
        self.words.update(set(_WORD.findall(term.definition)))
        for relation, member in term.members:
            self.members.add((member, term.curie, relation))
        if is_rodent_gene(term.curie):
            ortholog = human_ortholog(term, self.terms)
            for text, status, score in rodent_names(term, ortholog):
                self.add_name(ortholog or term, text, status, score)
            return
        for status, names in HOST_NAMES.get(term.curie, ()):
            for text in sorted(names):
                self.add_name(term, text, status, 0.95)
        for text in component_names(term):
            self.add_name(term, text, *STATUS["alias_name"])
        status, score = _LABEL_STATUS.get(term.type, ("label", 1.0))
        self.add_name(term, term.label, status, score)
        self._add_synonyms(term)

    def _add_synonyms(self, term: Term) -> None:
        # A common name is the species' before it is the genus' ("mouse", "human").
        is_genus = term.type is EntityType.ORGANISM and len(term.label.split(" <")[0].split()) == 1
        rank_loss = 0.06 if is_genus else 0.0
        rank_loss -= _gene_gain(term)
        acronyms = {one.text for one in term.synonyms if one.text.isupper()}
        for synonym in term.synonyms:
            if synonym.text.islower() and synonym.text.upper() in acronyms:
                continue  # an acronym in lower case is a word ("rich", "arms", "fed")
            status, score = SCOPE[synonym.scope]
            if term.type is EntityType.GENE or synonym.kind in {"mesh", "entry_term"}:
                status, score = STATUS.get(synonym.kind, (status, score))
            if synonym.source == "derived":
                score -= 0.02
            self.add_name(term, synonym.text, status, score - rank_loss)
            helper = _HELPER_CELL.fullmatch(synonym.text)
            if helper is not None and term.type is EntityType.CELL_TYPE:
                self.file(term, helper[1], "derived name", score - 0.01, is_symbol=True)
        for xref in term.xrefs:
            title = xref.removeprefix("Wikipedia:")
            if title != xref and "#" not in title and term.type is EntityType.PROCESS:
                self.add_name(term, title.replace("_", " "), *SCOPE[Scope.UNSPECIFIED])

    def add_name(self, term: Term, text: str, status: str, score: float) -> None:
        """File a name of a term, and the other ways to write it."""
        if status != OWN_NAME and (term.curie in GENERAL_TERMS or is_susceptibility(term)):
            return
        if term.type is EntityType.CELL_TYPE and " and " in text:
            return  # "rods and cones" are two kinds
        self.file(term, text, status, score, is_symbol=is_symbol(text, term.type))
        variant = status if status in {"NCBI alias", OWN_NAME} else "variant spelling"
        for other in variant_texts(term, text, status):
            written = " " not in other and term.type is not EntityType.DISEASE
            self.file(term, other, variant, score - _VARIANT_LOSS, is_symbol=written)

    def file(self, term: Term, text: str, status: str, score: float, *, is_symbol: bool) -> None:
        """File a name of a term as it is written."""
        keys = {name_key(text), *variant_keys(term, text)}
        turned = uninvert(text)
        if turned is not None:
            if status == "MeSH entry term" and term.type is EntityType.CELL_TYPE:
                keys.clear()  # "T-Cells, Memory" does not allow for "T-cell memory"
            keys.add(name_key(turned))
        if not is_symbol:
            keys.update([other for key in keys if (other := roman_to_arabic(key))])
        entry, value = (term.curie, text), (status, score, is_symbol)
        general = GENERAL_NAMES.get(term.type, frozenset()) if status != OWN_NAME else frozenset()
        for key in keys:
            bare = key.rstrip()
            if bare in general or not _is_telling(bare, term.type):
                continue
            entries = self.names.setdefault(key, {})
            known = entries.get(entry)
            if known is None or known[1] < score:
                entries[entry] = value

    def shared_names(self) -> Iterator[Entries]:
        """Yield the names under each key that has more than one; they may be changed."""
        return (entries for entries in self.names.values() if len(entries) > 1)

    def named(self, text: str, kind: EntityType) -> Iterator[tuple[str, str, float]]:
        """Yield the terms of a type that a text names, with the status and score of each name."""
        for (curie, _), (status, score, _) in self.names.get(name_key(text), {}).items():
            if self.terms[curie].type is kind:
                yield curie, status, score

    def equate(self, curie: str, others: tuple[str, ...]) -> None:
        """Note that a term stands for what other ids stand for."""
        term = self.terms[curie]
        xrefs = dict.fromkeys((*term.xrefs, *others))
        xrefs.pop(curie, None)
        self.terms[curie] = replace(term, xrefs=tuple(xrefs))

    def bring_close(self, curie: str, other: str) -> None:
        """Note that a term stands for something a little wider or narrower than another id."""
        term = self.terms[curie]
        if other not in term.xrefs and other not in term.close:
            self.terms[curie] = replace(term, close=(*term.close, other))


def _is_telling(bare: str, kind: EntityType) -> bool:
    """Tell whether a key holds more than a character, a number or the words of any gene."""
    if len(bare) < 2 or (bare[-1].isdigit() and bare.replace(" ", "").isdigit()):
        return False
    if kind is not EntityType.GENE or bare.partition(" ")[0] not in GENERIC_GENE_WORDS:
        return True
    return not GENERIC_GENE_WORDS.issuperset(bare.split())


def _gene_gain(term: Term) -> float:
    """Return what a gene's aliases gain or lose beside those of other genes that share them.

    "p21" is hardly the pseudogene that is called so as well; of genes proper, the one that is much
    written about, and so has many names, is the one that is meant.
    """
    if term.type is not EntityType.GENE:
        return 0.0
    if term.biotype not in {"", "protein_coding"}:
        return -0.05
    return 0.0001 * min(len(term.synonyms), _MOST_WRITTEN_ABOUT)
