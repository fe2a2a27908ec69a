"""Floor 5: the lexicon: which terms a name may stand for, and what is known of a term.

Compiled once from the vocabulary tables (under a minute) and cached on disk: a trie of name
keys (marisa-trie), the names behind them, and an SQLite file with the terms, all read in place.
Opening a cached lexicon reads almost nothing, so that a single look-up is fast as well.
"""

import json
import sqlite3
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import marisa_trie
import zstandard

from kg.model import EntityType, Problem, Scope, Synonym, Term
from kg.namespaces import iri_to_curie, parse_curie
from kg.vocabulary.names import name_key, tokenise
from kg.vocabulary.rows import Rows
from kg.vocabulary.spelling import SPELLINGS, Spellings

_ALIKE = 0.75
"""How alike a text and a name are to be, for the one to be suggested for the other."""

_COMPARED = 3_000
"""Names that are compared with a text, letter by letter."""

# By their values; to ask the enumerations takes five times as long.
_TYPES = {kind.value: kind for kind in EntityType}
_SCOPES = {scope.value: scope for scope in Scope}


@dataclass(frozen=True, slots=True)
class Name:
    """A name of a term as the vocabulary has it.

    `status` says what kind of name it is ("approved symbol", "synonym", ...), `score` from 0 to 1
    how well that kind of name tells its term. `is_symbol` is true where the case of letters counts.
    """

    curie: str
    type: EntityType
    label: str
    text: str
    status: str
    score: float
    is_symbol: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A term that a text may stand for, and by which of its names."""

    curie: str
    label: str
    type: EntityType
    score: float
    matched: str
    status: str


class Lexicon:
    """Names and terms of the vocabularies; open it with `open_lexicon`."""

    def __init__(self, folder: Path) -> None:
        self.trie = marisa_trie.Trie()
        self.trie.mmap(str(folder / "names.marisa"))
        self.folder = folder
        self._bodies = Rows(folder / "names.rows")
        self._words = _read_set(folder / "words.txt")
        self._symbol_words = _read_set(folder / "symbol-words.txt")
        uri = f"{(folder / 'terms.sqlite').resolve().as_uri()}?mode=ro&immutable=1"
        self._rows = sqlite3.connect(uri, uri=True, check_same_thread=False)
        # Mapped, a row is read in a quarter of the time.
        self._rows.execute(f"PRAGMA mmap_size = {(folder / 'terms.sqlite').stat().st_size}")
        self.names = lru_cache(maxsize=100_000)(self._read_names)
        self.term = lru_cache(maxsize=20_000)(self._read_term)
        self.referents = lru_cache(maxsize=50_000)(self._read_referents)
        self.successor = lru_cache(maxsize=50_000)(self._read_successor)
        self.heading = lru_cache(maxsize=50_000)(self._read_heading)
        self._spellings: Spellings | None = None
        self._meta = dict(self._rows.execute("SELECT key, value FROM meta"))
        self._kinds = tuple(
            (EntityType(kind), status, score, is_symbol)
            for kind, status, score, is_symbol in json.loads(self._meta["kinds"])
        )
        pattern = zstandard.ZstdCompressionDict(
            self._meta["pattern"], dict_type=zstandard.DICT_TYPE_RAWCONTENT
        )
        self._decompressor = zstandard.ZstdDecompressor(dict_data=pattern)
        self._decompressing = threading.Lock()  # a decompressor serves one thread at a time
        # A user's own names alone forbid any, and have lines that cannot be used.
        self.recorded_problems = self._meta.get("problems", "[]")
        self.problems: tuple[Problem, ...] = ()
        self.forbids_names = "problems" in self._meta

    def close(self) -> None:
        """Close the files."""
        self._rows.close()
        self._bodies.close()
        if self._spellings is not None:
            self._spellings.close()

    def beginnings(self) -> tuple[dict[str, str], marisa_trie.Trie]:
        """Return how the names begin that have two tokens or more: the first two, the first three.

        The former are given as the second tokens, parted by spaces, by the first one. A name of
        just two tokens stands whole among the latter, where each is followed by a space; these are
        read in place.
        """
        openings = marisa_trie.Trie()
        openings.mmap(str(self.folder / "openings.marisa"))
        lines = (self.folder / "pairs.txt").read_text(encoding="utf-8").split("\n")
        return dict(line.split(" ", 1) for line in lines if line), openings

    @property
    def vocabularies(self) -> list[dict[str, str]]:
        """The tables it was compiled from: vocabulary, file, sha256, release."""
        tables: list[dict[str, str]] = json.loads(self._meta["tables"])
        return tables

    def _read_names(self, key: str) -> tuple[Name, ...]:
        """Return the names filed under a key, best first."""
        number = self.trie.get(key)
        if number is None:
            return ()
        names: list[Name] = []
        for line in self._bodies[number].split("\n"):
            curie, label, text, kind = line.split("\t")
            of, status, score, is_symbol = self._kinds[int(kind)]
            names.append(Name(curie, of, label or text, text, status, score, is_symbol))
        return tuple(names)

    def _read_term(self, curie: str) -> Term | None:
        """Return a term by its CURIE, or None where no vocabulary has it."""
        row = self._rows.execute(
            "SELECT type, label, body FROM terms WHERE curie = ?", (curie,)
        ).fetchone()
        if row is None:
            return None
        kind, label, compressed = row
        with self._decompressing:
            body = self._decompressor.decompress(compressed)
        synonyms, xrefs, close, parents, definition, taxon = json.loads(body)
        return Term(
            curie=curie,
            label=label,
            type=_TYPES[kind],
            synonyms=tuple(
                [
                    Synonym(text=text, scope=_SCOPES[scope], kind=kind, source=source)
                    for text, scope, kind, source in synonyms
                ]
            ),
            xrefs=tuple(xrefs),
            close=tuple(close),
            parents=tuple(parents),
            definition=definition,
            taxon=taxon,
        )

    def _read_referents(self, curie: str) -> tuple[str, ...]:
        """Return the terms that an identifier of any registry stands for; empty if none.

        A term's own CURIE stands for itself. Identifiers of what is a little wider or narrower are
        left out.
        """
        if self.term(curie) is not None:
            return (curie,)
        rows = self._rows.execute("SELECT term FROM xrefs WHERE xref = ? ORDER BY term", (curie,))
        return tuple(term for (term,) in rows)

    def _read_successor(self, curie: str) -> str:
        """Return the term that stands in the place of an obsolete one, else an empty string."""
        row = self._rows.execute(
            "SELECT term FROM replaced WHERE obsolete = ?", (curie,)
        ).fetchone()
        return str(row[0]) if row is not None else ""

    def _read_heading(self, heading: str) -> str:
        """Return the term that a MeSH descriptor stands for, by its name or its CURIE.

        An empty string where it stands for no entity ("Adult", "Time Factors"), or is not known.
        """
        key = heading if heading.startswith("MESH:") else heading.casefold()
        row = self._rows.execute("SELECT term FROM headings WHERE heading = ?", (key,)).fetchone()
        return str(row[0]) if row is not None else ""

    def is_forbidden(self, text: str) -> bool:
        """Tell whether the user forbids a text as a name, whatever it would name."""
        return self.forbids_names and self._is_forbidden(text)

    @lru_cache(maxsize=50_000)  # noqa: B019 (one lexicon lives as long as its process)
    def _is_forbidden(self, text: str) -> bool:
        found = self._rows.execute("SELECT 1 FROM forbidden WHERE text = ?", (text,)).fetchone()
        return found is not None

    def families(self, curie: str) -> tuple[tuple[str, str], ...]:
        """Return the families and complexes that a term belongs to, with `isa` or `partof`."""
        rows = self._rows.execute(
            "SELECT family, relation FROM members WHERE member = ? ORDER BY family", (curie,)
        )
        return tuple(rows)

    def members(self, curie: str) -> tuple[tuple[str, str], ...]:
        """Return the members of a family and the parts of a complex, with `isa` or `partof`."""
        rows = self._rows.execute(
            "SELECT member, relation FROM members WHERE family = ? ORDER BY member", (curie,)
        )
        return tuple(rows)

    def is_word(self, form: str) -> bool:
        """Tell whether a lower-case form is an English word, as the definitions use it."""
        return form in self._words

    def is_written_as_word(self, form: str) -> bool:
        """Tell whether a lower-case form that is spelt as a symbol is a word of texts."""
        return form in self._words or form in self._symbol_words

    def candidates(self, text: str) -> list[Candidate]:
        """Return the terms that a text may stand for as a name, best first; empty if none."""
        best: dict[str, Candidate] = {}
        if self.is_forbidden(text):
            return []
        for name in self.names(name_key(text)):
            distance = spelling_distance(text, name)
            if distance > FARTHEST:
                continue
            score = name.score - distance
            known = best.get(name.curie)
            if known is None or known.score < score:
                best[name.curie] = Candidate(
                    curie=name.curie,
                    label=name.label,
                    type=name.type,
                    score=round(score, 3),
                    matched=name.text,
                    status=name.status,
                )
        return sorted(best.values(), key=lambda found: (-found.score, found.type, found.curie))

    def identified(self, text: str) -> list[Candidate]:
        """Return the terms that an identifier stands for: a CURIE or an IRI, in any spelling."""
        curie = iri_to_curie(text) if "://" in text else parse_curie(text)
        terms = [self.term(each) for each in self.referents(curie)] if curie is not None else []
        return [
            Candidate(
                curie=term.curie,
                label=term.label,
                type=term.type,
                score=1.0,
                matched=str(curie),
                status="identifier",
            )
            for term in terms
            if term is not None
        ]

    def suggest(self, text: str, limit: int = 5) -> list[Candidate]:
        """Return terms with a name spelt much like a text, the likest first.

        Looks at the few thousand names that have most pairs of letters in common with it, in about
        0.01 s.
        """
        from rapidfuzz import fuzz, process  # noqa: PLC0415

        key = name_key(text)
        near = process.extract(
            key,
            self._spelt_like(key),
            scorer=fuzz.ratio,
            score_cutoff=100 * _ALIKE,
            limit=limit * 4,
        )
        found: dict[str, tuple[float, Candidate]] = {}
        for key, ratio, _ in near:
            for name in self.names(key):
                known = found.get(name.curie)
                if known is None or known[0] < ratio:
                    one = Candidate(
                        curie=name.curie,
                        label=name.label,
                        type=name.type,
                        score=name.score,
                        matched=name.text,
                        status=name.status,
                    )
                    found[name.curie] = (ratio, one)
        ranked = sorted(found.values(), key=lambda one: (-one[0], -one[1].score, one[1].curie))
        return [candidate for _, candidate in ranked[:limit]]

    def _spelt_like(self, key: str) -> list[str]:
        """Return the keys of names that may be much like another."""
        if self._spellings is None:
            self._spellings = Spellings(self.folder / SPELLINGS, self.trie)
        return self._spellings.near(key, _ALIKE, _COMPARED)


def _read_set(path: Path) -> frozenset[str]:
    return frozenset(path.read_text(encoding="utf-8").split("\n"))


def is_symbol(text: str, kind: EntityType) -> bool:
    """Tell whether a name is a symbol or an acronym, so that the case of its letters counts.

    >>> is_symbol("REST", EntityType.GENE), is_symbol("interleukin 7", EntityType.GENE)
    (True, False)
    >>> is_symbol("RA", EntityType.DISEASE), is_symbol("asthma", EntityType.DISEASE)
    (True, False)
    """
    if " " in text.strip():
        return False
    if kind in {EntityType.GENE, EntityType.GENE_FAMILY}:
        return len(text) <= 12 and (not text.islower() or any(char.isdigit() for char in text))
    return len(text) <= 6 and sum(char.isupper() for char in text) >= 2


# Registries of one species each: a gene's ids in the others are its orthologs', not its own.
_SPECIES_PREFIXES = frozenset({"HGNC", "MGI", "RGD"})


def equivalents(term: Term) -> tuple[str, ...]:
    """Return the CURIEs of a term in all registries whose IRIs are known, its own first.

    Those that stand for something a little wider or narrower (`Term.close`) come last.
    """
    is_gene = term.type is EntityType.GENE
    others = (
        curie
        for xref in (*term.xrefs, *term.close)
        if (curie := parse_curie(xref))
        and not (is_gene and curie.partition(":")[0] in _SPECIES_PREFIXES)
    )
    return tuple(dict.fromkeys((term.curie, *others)))


def squash(text: str) -> str:
    """Return a name without separators, Greek spelled out, in lower case.

    >>> squash("IL-7Rα"), squash("il7ralpha")
    ('il7ralpha', 'il7ralpha')
    """
    return "".join(token.form for token in tokenise(text))


FARTHEST = 0.1  # a spelling farther from a symbol than this is not that symbol


def spelling_distance(text: str, name: Name) -> float:
    """Return how much the spelling of a text takes from the score of a name it was filed under.

    Case and hyphens weigh little, and only in symbols; a plural "s" that a symbol has and the text
    lacks, or the other way round, weighs more ("CLP" is hardly the gene CLPS).
    """
    if not name.is_symbol or text == name.text:
        return 0.0
    if squash(text) == squash(name.text):
        return 0.02 if text.casefold() != name.text.casefold() else 0.01
    return 0.03 if text == f"{name.text}s" else 0.2
