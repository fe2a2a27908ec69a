"""Floor 5: the files that a compiled lexicon consists of; `kg.vocabulary.lexicon` reads them.

`names.marisa` is a trie of the keys of names; `names.rows` holds the names under each, a row a key.
`pairs.txt` and `openings.marisa` are the beginnings of longer keys, `words.txt` the words of
definitions, `symbol-words.txt` those of papers that are spelt as symbols; `spellings.bits` tells
which keys are spelt much alike. `terms.sqlite` holds the terms, their members, their identifiers in
other registries, the headings of MeSH, and what the lexicon was made from.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import marisa_trie
import zstandard

from kg.model import EntityType, Term
from kg.vocabulary.gathering import Entries, Gathered
from kg.vocabulary.names import name_key
from kg.vocabulary.overruling import Overruling
from kg.vocabulary.own_names import OWN_NAME, OwnTable
from kg.vocabulary.referents import index_xrefs, successors
from kg.vocabulary.rows import write_rows
from kg.vocabulary.spelling import SPELLINGS, write_spellings
from kg.vocabulary.tables import Table

_WORD_MINIMUM = 4  # definitions that use a form in lower case before it counts as a word
_PATTERN_BODIES = 300  # of terms, after whose pattern all are compressed
_COMPRESSION_LEVEL = 3
_TABLES = """
    PRAGMA journal_mode=OFF;
    PRAGMA synchronous=OFF;
    CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
    CREATE TABLE terms (curie TEXT PRIMARY KEY, type TEXT, label TEXT, body BLOB) WITHOUT ROWID;
    CREATE TABLE members (member TEXT, family TEXT, relation TEXT);
    CREATE TABLE xrefs (xref TEXT, term TEXT, PRIMARY KEY (xref, term)) WITHOUT ROWID;
    CREATE TABLE replaced (obsolete TEXT PRIMARY KEY, term TEXT) WITHOUT ROWID;
    CREATE TABLE headings (heading TEXT PRIMARY KEY, term TEXT) WITHOUT ROWID;
    CREATE TABLE forbidden (text TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE INDEX members_by_member ON members (member);
    CREATE INDEX members_by_family ON members (family);
"""

# What the names of a lexicon have in common: the rows of names give its number.
_Kind = tuple[EntityType, str, float, bool]
_Entry = tuple[tuple[str, str], tuple[str, float, bool]]

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def write_lexicon(
    folder: Path,
    gathered: Gathered,
    tables: Sequence[Table],
    own: Sequence[OwnTable],
    overruling: Overruling,
) -> None:
    """Write what was gathered of some tables, and a user's own, into a folder."""
    kinds = _write_names(folder, gathered)
    _write_beginnings(folder, gathered.names)
    words = (form for form, count in gathered.words.items() if count >= _WORD_MINIMUM)
    _write_set(folder / "words.txt", words)
    _write_set(folder / "symbol-words.txt", _symbol_words(gathered))
    meta = {"tables": json.dumps([*_described(tables), *_described_own(own)]), "kinds": kinds}
    if own:
        # A lexicon without own names says nothing of problems, and forbids nothing.
        meta["problems"] = overruling.problems
    rows = sqlite3.connect(folder / "terms.sqlite")
    rows.executescript(_TABLES)
    with rows:
        rows.executemany(
            "INSERT INTO forbidden VALUES (?)", ((one,) for one in overruling.forbidden)
        )
        rows.executemany("INSERT INTO members VALUES (?, ?, ?)", sorted(gathered.members))
        rows.executemany("INSERT INTO xrefs VALUES (?, ?)", sorted({*index_xrefs(gathered)}))
        rows.executemany("INSERT INTO replaced VALUES (?, ?)", successors(gathered).items())
        for curie, (heading, term) in gathered.headings.items():
            keys = ((curie, term), (heading.casefold(), term))
            rows.executemany("INSERT OR IGNORE INTO headings VALUES (?, ?)", keys)
        rows.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
        _write_terms(rows, gathered.terms)
    rows.close()


def _symbol_words(gathered: Gathered) -> Iterator[str]:
    """Yield the words of papers that are spelt as symbols."""
    for word in gathered.words_of_papers:
        entries = gathered.names.get(name_key(word), {})
        if any(is_symbol for _, _, is_symbol in entries.values()):
            yield word


def _write_names(folder: Path, gathered: Gathered) -> str:
    """Write the names, and return the kinds that their rows give by number, as JSON."""
    trie = marisa_trie.Trie(list(gathered.names))
    trie.save(str(folder / "names.marisa"))
    write_spellings(folder / SPELLINGS, trie)
    numbers: dict[_Kind, int] = {}
    bodies = [""] * len(gathered.names)
    for key, entries in gathered.names.items():
        bodies[trie[key]] = _names_body(entries, gathered.terms, numbers)
    write_rows(folder / "names.rows", bodies)
    return json.dumps(list(numbers))


def _names_body(entries: Entries, terms: Mapping[str, Term], numbers: dict[_Kind, int]) -> str:
    """Return the names under one key as `Lexicon.names` reads them: a line each, best first."""
    lines: list[str] = []
    for (curie, text), (status, score, is_symbol) in _ranked(entries, terms):
        term = terms[curie]
        number = numbers.setdefault((term.type, status, score, is_symbol), len(numbers))
        label = "" if term.label == text else term.label
        lines.append(f"{curie}\t{label}\t{_in_line(text)}\t{number}")
    return "\n".join(lines)


def _ranked(entries: Entries, terms: Mapping[str, Term]) -> Iterable[_Entry]:
    """Return names in the order of their scores; of the same score, in a fixed one."""
    if len(entries) == 1:
        return entries.items()

    def rank(entry: _Entry) -> tuple[float, str, str, str]:
        (curie, text), (_, score, _) = entry
        return -score, terms[curie].type, curie, text

    return sorted(entries.items(), key=rank)


def _in_line(text: str) -> str:
    """Return a text without the characters that part names and their parts."""
    return text if text.isprintable() else text.replace("\t", " ").replace("\n", " ")


def _write_beginnings(folder: Path, keys: Iterable[str]) -> None:
    """Write the first two and the first three tokens of the keys that have two or more.

    A line of `pairs.txt` is a first token, and all second ones behind it.
    """
    seconds: defaultdict[str, set[str]] = defaultdict(set)
    openings: set[str] = set()
    for key in keys:
        if key.count(" ") > 1:
            first, second, third, *_ = key.split(" ", 3)
            seconds[first].add(second)
            openings.add(f"{first} {second} {third} " if third else f"{first} {second} ")
    _write_set(
        folder / "pairs.txt", (" ".join((first, *sorted(seconds[first]))) for first in seconds)
    )
    marisa_trie.Trie(sorted(openings)).save(str(folder / "openings.marisa"))


def _write_set(path: Path, entries: Iterable[str]) -> None:
    path.write_text("\n".join(sorted(entries)), encoding="utf-8")


def _write_terms(rows: sqlite3.Connection, terms: Mapping[str, Term]) -> None:
    bodies = {curie: _body(terms[curie]) for curie in sorted(terms)}
    every = len(bodies) // _PATTERN_BODIES + 1
    pattern = zstandard.ZstdCompressionDict(
        b"\n".join(list(bodies.values())[::every]), dict_type=zstandard.DICT_TYPE_RAWCONTENT
    )
    compress = zstandard.ZstdCompressor(
        level=_COMPRESSION_LEVEL, dict_data=pattern, write_dict_id=False
    ).compress
    rows.execute("INSERT INTO meta VALUES ('pattern', ?)", (pattern.as_bytes(),))
    rows.executemany(
        "INSERT INTO terms VALUES (?, ?, ?, ?)",
        (
            (curie, terms[curie].type, terms[curie].label, compress(body))
            for curie, body in bodies.items()
        ),
    )


def _body(term: Term) -> bytes:
    """Return what `Lexicon.term` reads of a term besides its type and label."""
    synonyms = [(one.text, one.scope, one.kind, one.source) for one in term.synonyms]
    body = (synonyms, term.xrefs, term.close, term.parents, term.definition, term.taxon)
    return _encode(body).encode()


def _described(tables: Iterable[Table]) -> Iterator[dict[str, str]]:
    for table in tables:
        yield {
            "vocabulary": table.vocabulary,
            "file": table.path.name,
            "sha256": table.sha256,
            "release": "; ".join(table.contents),
        }


def _described_own(tables: Iterable[OwnTable]) -> Iterator[dict[str, str]]:
    for table in tables:
        yield {
            "vocabulary": OWN_NAME + "s",
            "file": table.path.name,
            "sha256": table.sha256,
            "release": "",
        }
