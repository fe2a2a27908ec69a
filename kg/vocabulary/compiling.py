"""Floor 5: the vocabulary tables compiled to a lexicon, and its cache on disk.

The cache is keyed by the sha256 of the tables and of the code that compiles them, checked as it is
opened, and made again when it is damaged. It is written to a folder of its own and moved into place
when it is complete, so that a killed or a concurrent compilation leaves no half of one.
"""

import gc
import json
import os
import re
import shutil
import sqlite3
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import marisa_trie

from kg.errors import VocabularyError
from kg.model import EntityType, Scope, Term
from kg.vocabulary import diseases
from kg.vocabulary.derived import DERIVED
from kg.vocabulary.enriching import add_derived, enrich, fuller_names
from kg.vocabulary.hosts import HOST_NAMES
from kg.vocabulary.lexicon import Lexicon, is_symbol
from kg.vocabulary.names import name_key, roman_to_arabic, uninvert
from kg.vocabulary.orthologs import human_ortholog, is_rodent_gene, rodent_names
from kg.vocabulary.overruling import Overruling, problems_of
from kg.vocabulary.own_names import OWN_NAME, OwnTable, load_own_table
from kg.vocabulary.stopnames import (
    ANIMAL_DISEASES,
    EXCLUDED_BRANCHES,
    GENERAL_NAMES,
    GENERAL_TERMS,
    GENERIC_GENE_WORDS,
    KEPT_ROLES,
)
from kg.vocabulary.tables import Table, check_table, list_tables, read_table, vocabulary_folder
from kg.vocabulary.variants import component_names, variant_keys, variant_texts

Progress = Callable[[str, int, int], None]

# The tables that the lexicon is made of. Human genes stand before those of mouse and rat, whose
# names are filed under their human orthologs.
DEFAULT_VOCABULARIES = (
    "hgnc_human_genes",
    "mgi_mouse_genes",
    "rgd_rat_genes",
    "famplex",
    "cl",
    "mondo",
    "go",
    "uberon",
    "ncbitaxon_common",
    "chebi_subset",
    "mesh_descriptors",
)

# How well a kind of name tells its term: approved symbol > family > alias or previous symbol >
# NCBI alias, with names of ontology terms by their scope.
_STATUS: dict[str, tuple[str, float]] = {
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
_SCOPE: dict[Scope, tuple[str, float]] = {
    Scope.EXACT: ("exact synonym", 0.95),
    Scope.UNSPECIFIED: ("synonym", 0.86),
    Scope.RELATED: ("related synonym", 0.78),
    Scope.BROAD: ("broad synonym", 0.55),
    Scope.NARROW: ("narrow synonym", 0.6),
}
# Types of which a MeSH heading without a counterpart stands for itself.
_STANDING_ALONE = frozenset({EntityType.DISEASE, EntityType.CELL_TYPE, EntityType.CHEMICAL})
_LABEL_STATUS = {
    EntityType.GENE: ("approved symbol", 1.0),
    EntityType.GENE_FAMILY: ("family", 0.96),
}
_WORD = re.compile(r"(?<![\w-])[a-z]{2,}(?![\w-])")
_KEPT_BESIDES = 2
_VARIANT_LOSS = 0.04
_MOST_WRITTEN_ABOUT = 40  # names of a gene
_PROTEIN_LOSS = 0.3
_COMPOSED_SCORE = 0.76
_ANIMAL_LOSS = 0.1
_WORD_MINIMUM = 4  # definitions that use a form in lower case before it counts as a word


def open_lexicon(
    folder: Path | None = None,
    *,
    vocabularies: tuple[str, ...] = DEFAULT_VOCABULARIES,
    own_names: Sequence[Path] = (),
    cache: Path | None = None,
    progress: Progress | None = None,
) -> Lexicon:
    """Open the lexicon of the vocabulary tables in a folder, compiling it where no cache holds it.

    `own_names` are tables of a user's names (see `kg.vocabulary.own_names`), which overrule the
    others; lines of them that cannot be used are `Lexicon.problems`.
    `progress(vocabulary, done, total)` is called as tables are compiled.

    Raises:
        VocabularyError: if a table is missing or damaged, or the cache cannot be written.
        InputError: if a table of own names cannot be read, or is none.
    """
    found = {table.name: table for table in list_tables(folder or vocabulary_folder())}
    missing = [name for name in vocabularies if name not in found]
    if missing:
        raise VocabularyError(
            f"no vocabulary called '{missing[0]}'; there are: {', '.join(sorted(found))}"
        )
    chosen = [found[name] for name in vocabularies]
    own = [load_own_table(path) for path in own_names]
    home = (cache or _cache_folder()) / _cache_key(chosen, own)
    lexicon = _open_cached(home, own)
    if lexicon is not None:
        with suppress(OSError):
            os.utime(home)  # the ones used last are kept
        return lexicon
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(home, ignore_errors=True)
        fresh = Path(tempfile.mkdtemp(prefix=f"{home.name}.", dir=home.parent))
        try:
            with _without_garbage_collection():
                _compile(chosen, own, fresh, progress)
            _seal(fresh)
            try:
                fresh.rename(home)
            except OSError:
                # Another process was first with the same content.
                if not home.is_dir():
                    raise
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    except (OSError, sqlite3.Error) as error:
        raise VocabularyError(
            f"{home.parent}: the lexicon cannot be cached there ({error}); "
            "name a folder that can be written to in KG_CACHE"
        ) from error
    lexicon = _open_cached(home, own)
    if lexicon is None:
        raise VocabularyError(f"{home}: the lexicon was written but cannot be read back")
    _remove_old(home)
    return lexicon


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Hold the collector back: millions of objects are made, none in circles (a quarter less)."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _remove_old(home: Path) -> None:
    """Remove all but the last few lexicons of other tables or other code (150 MB each)."""
    others = [path for path in home.parent.iterdir() if path.is_dir() and path != home]
    others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in others[_KEPT_BESIDES:]:
        shutil.rmtree(path, ignore_errors=True)


def _cache_folder() -> Path:
    named = os.environ.get("KG_CACHE")
    if named:
        return Path(named)
    from platformdirs import user_cache_path  # noqa: PLC0415

    return user_cache_path("kg") / "lexicon"


def _cache_key(chosen: Iterable[Table], own: Iterable[OwnTable]) -> str:
    digest = sha256()
    for table in chosen:
        digest.update(f"{table.name}:{table.sha256}\n".encode())
    for own_table in own:
        digest.update(f"{own_table.path.name}:{own_table.sha256}\n".encode("utf-8", "replace"))
    for module in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(module.read_bytes())
    return digest.hexdigest()[:20]


def _seal(folder: Path) -> None:
    """Write the checksums of a compiled lexicon; a folder with this file is complete."""
    sums = {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}
    (folder / "checksums.json").write_text(json.dumps(sums), encoding="utf-8")


def _open_cached(folder: Path, own: Sequence[OwnTable] = ()) -> Lexicon | None:
    try:
        sums = json.loads((folder / "checksums.json").read_text(encoding="utf-8"))
        for name, expected in sums.items():
            with (folder / name).open("rb") as stream:
                digest = sha256()
                while chunk := stream.read(1 << 20):
                    digest.update(chunk)
            if digest.hexdigest() != expected:
                return None
        lexicon = Lexicon(folder)
        lexicon.problems = problems_of(lexicon.recorded_problems, own)
    except (OSError, ValueError, LookupError, AttributeError, RuntimeError, sqlite3.Error):
        return None
    return lexicon


class _Compilation:
    """What is gathered while tables are read: terms, names by key, words of definitions."""

    def __init__(self) -> None:
        self.terms: dict[str, Term] = {}
        self.names: dict[str, dict[tuple[str, str], tuple[str, float, bool]]] = defaultdict(dict)
        self.members: set[tuple[str, str, str]] = set()
        self.words: Counter[str] = Counter()

    def add(self, term: Term) -> None:
        """Take a term in, with its names."""
        if term.obsolete:
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
            self.add_name(term, text, *_STATUS["alias_name"])
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
            status, score = _SCOPE[synonym.scope]
            if term.type is EntityType.GENE or synonym.kind in {"mesh", "entry_term"}:
                status, score = _STATUS.get(synonym.kind, (status, score))
            if synonym.source == "derived":
                score -= 0.02
            self.add_name(term, synonym.text, status, score - rank_loss)
        for xref in term.xrefs:
            title = xref.removeprefix("Wikipedia:")
            if title != xref and "#" not in title and term.type is EntityType.PROCESS:
                self.add_name(term, title.replace("_", " "), *_SCOPE[Scope.UNSPECIFIED])

    def add_name(self, term: Term, text: str, status: str, score: float) -> None:
        """File a name of a term, and the other ways to write it."""
        if status != OWN_NAME and (term.curie in GENERAL_TERMS or diseases.is_susceptibility(term)):
            return
        if term.type is EntityType.CELL_TYPE and " and " in text:
            return  # "rods and cones" are two kinds
        self._file(term, text, status, score, is_symbol=is_symbol(text, term.type))
        variant = status if status in {"NCBI alias", OWN_NAME} else "variant spelling"
        for other in variant_texts(term, text, status):
            written = " " not in other and term.type is not EntityType.DISEASE
            self._file(term, other, variant, score - _VARIANT_LOSS, is_symbol=written)

    def _file(self, term: Term, text: str, status: str, score: float, *, is_symbol: bool) -> None:
        keys = {name_key(text), *variant_keys(term, text)}
        turned = uninvert(text)
        if turned is not None:
            if status == "MeSH entry term" and term.type is EntityType.CELL_TYPE:
                keys.clear()  # "T-Cells, Memory" does not allow for "T-cell memory"
            keys.add(name_key(turned))
        if not is_symbol:
            keys.update(filter(None, map(roman_to_arabic, tuple(keys))))
        general = GENERAL_NAMES.get(term.type, frozenset()) if status != OWN_NAME else ()
        for key in keys:
            bare = key.rstrip()
            if len(bare) < 2 or bare in general or bare.replace(" ", "").isdigit():
                continue
            if term.type is EntityType.GENE and GENERIC_GENE_WORDS.issuperset(bare.split()):
                continue
            entry = self.names[key].get((term.curie, text))
            if entry is None or entry[1] < score:
                self.names[key][term.curie, text] = (status, score, is_symbol)

    def add_mapped(self, descriptors: Sequence[Term]) -> None:
        """Give the names of MeSH descriptors to the terms that they are mapped to.

        A descriptor without a mapping takes the term that has its heading as an exact name, and
        stands for itself where there is none and its tree tells a type.
        """
        by_mesh: dict[str, list[str]] = defaultdict(list)
        for term in self.terms.values():
            for xref in term.xrefs:
                if xref.startswith("MESH:") and not diseases.is_susceptibility(term):
                    by_mesh[xref].append(term.curie)
        lent: dict[str, str] = {}
        for descriptor in descriptors:
            targets = self._targets(descriptor, by_mesh[descriptor.curie])
            if len(targets) == 1:
                lent[descriptor.curie] = min(targets)
                target = self.terms[targets.pop()]
                self._equate(target, descriptor)
                for text in (descriptor.label, *(one.text for one in descriptor.synonyms)):
                    self.add_name(target, text, *_STATUS["mesh"])
            elif not targets and descriptor.type in _STANDING_ALONE:
                self.add(descriptor)
                target = descriptor
            else:
                continue
            self._compose_names(target, descriptor)
        self._join_parents(descriptors, lent)
        for curie, other in (
            *diseases.headings_of(self.terms, descriptors, _name_key),
            *diseases.series_of(self.terms),
        ):
            self.bring_close(curie, other)

    def _join_parents(self, descriptors: Iterable[Term], lent: Mapping[str, str]) -> None:
        """Put diseases and cells that stand for themselves under the terms wider ones are lent to.

        (The classes of chemicals are roles in ChEBI, of which many are left out.)
        """
        for descriptor in descriptors:
            term = self.terms.get(descriptor.curie)
            if term is not None and term.type in {EntityType.DISEASE, EntityType.CELL_TYPE}:
                parents = dict.fromkeys(
                    target
                    for one in term.parents
                    if self.terms.get(target := lent.get(one, one), term).type is term.type
                )
                self.terms[term.curie] = replace(term, parents=tuple(parents))

    def drop_branches(self, roots: Iterable[str]) -> None:
        """Take out the names of some terms and of all that stands under them."""
        dropped = self._under(roots, KEPT_ROLES)
        for key, entries in list(self.names.items()):
            kept = {entry: value for entry, value in entries.items() if entry[0] not in dropped}
            if kept:
                self.names[key] = kept
            else:
                del self.names[key]

    def part_proteins_from_chemicals(self) -> None:
        """Put the names of proteins that are listed as chemicals too ("insulin") after the gene's.

        What is written of them is filed under the gene.
        """
        for entries in self.names.values():
            if not any(self._is_protein(curie, value) for (curie, _), value in entries.items()):
                continue
            for (curie, text), (status, score, is_symbol_) in entries.items():
                if self.terms[curie].type is EntityType.CHEMICAL:
                    entries[curie, text] = (status, score - _PROTEIN_LOSS, is_symbol_)

    def _is_protein(self, curie: str, value: tuple[str, float, bool]) -> bool:
        status, _, is_symbol_ = value
        is_name = not is_symbol_ and status not in {"NCBI alias", "ortholog alias"}
        return is_name and self.terms[curie].type is EntityType.GENE

    def lower_branch(self, root: str) -> None:
        """Trust the names of a branch less than the same names elsewhere."""
        lowered = self._under((root,))
        for entries in self.names.values():
            if len(entries) > 1:
                for entry, (status, score, is_symbol) in entries.items():
                    if entry[0] in lowered:
                        entries[entry] = (status, round(score - _ANIMAL_LOSS, 3), is_symbol)

    def _under(self, roots: Iterable[str], without: frozenset[str] = frozenset()) -> set[str]:
        """Return some terms and all that stand under them, without some and what they lead to."""
        children: dict[str, list[str]] = defaultdict(list)
        for term in self.terms.values():
            for parent in term.parents:
                children[parent].append(term.curie)
        found: set[str] = set()
        waiting = list(roots)
        while waiting:
            curie = waiting.pop()
            if curie not in found and curie not in without:
                found.add(curie)
                waiting.extend(children[curie])
        return found

    def _is_of_type(self, curie: str, descriptor: Term) -> bool:
        """Tell whether a term is a disease where the descriptor is one (GO has inflammation)."""
        kind = self.terms[curie].type
        if descriptor.type is EntityType.GENE_FAMILY:
            return kind in {EntityType.GENE, EntityType.GENE_FAMILY}
        return kind is descriptor.type or EntityType.DISEASE not in {kind, descriptor.type}

    def _compose_names(self, term: Term, descriptor: Term) -> None:
        """File what goes by the heading of a descriptor without being an entry term of it."""
        head = diseases.head_of_heading(descriptor)
        is_new = head is not None and name_key(head) not in self.names
        for text in (*diseases.complaints_of(descriptor.label), *((head,) if is_new else ())):
            self._file(term, text or "", "composed name", _COMPOSED_SCORE, is_symbol=False)

    def _targets(self, descriptor: Term, mapped: Iterable[str]) -> set[str]:
        """Return the terms that a descriptor lends its names to, and bring others close to it."""
        known = {*mapped, *descriptor.xrefs} & self.terms.keys()
        namesakes = self._namesakes(descriptor)
        targets = {one for one in known if self._is_of_type(one, descriptor)} or namesakes
        if len(targets) > 1 and descriptor.type is EntityType.DISEASE:
            targets = {self._likest(targets, descriptor)}
        for curie in sorted((namesakes | self._neoplasms(descriptor)) - targets):
            self.bring_close(curie, descriptor.curie)
        return targets

    def _likest(self, targets: Iterable[str], descriptor: Term) -> str:
        """Return the term that shares its label, else most names, with a descriptor."""
        label = _name_key(descriptor.label)
        names = {label, *(_name_key(one.text) for one in descriptor.synonyms)}

        def likeness(curie: str) -> tuple[bool, int, str]:
            term = self.terms[curie]
            exact = {_name_key(one.text) for one in term.synonyms if one.scope is Scope.EXACT}
            own = {_name_key(term.label), *exact}
            return label in own, len(own & names), curie

        return max(targets, key=likeness)

    def _namesakes(self, descriptor: Term) -> set[str]:
        texts = {descriptor.label, uninvert(descriptor.label) or descriptor.label}
        if descriptor.type is EntityType.CELL_TYPE:
            texts.update(one.text for one in descriptor.synonyms)
        elif descriptor.type is EntityType.ANATOMY:
            texts.update(fuller_names(descriptor))
        return {
            curie
            for text in texts
            for (curie, _), (status, score, _) in self.names.get(name_key(text), {}).items()
            if (score >= _SCOPE[Scope.EXACT][1] or status == DERIVED)
            and self.terms[curie].type is descriptor.type
        }

    def _neoplasms(self, descriptor: Term) -> set[str]:
        """Return the cancers, carcinomas and tumors that MeSH files under one heading.

        "Breast Neoplasms" is where MeSH keeps what Mondo calls breast cancer and breast carcinoma.
        """
        label = uninvert(descriptor.label) or descriptor.label
        site = label.removesuffix("Neoplasms").lower() if label.endswith("Neoplasms") else None
        if site is None or descriptor.type is not EntityType.DISEASE:
            return set()
        return {
            curie
            for kind in ("cancer", "carcinoma", "tumor", "malignant neoplasm", "neoplasm")
            for (curie, _), (_, score, _) in self.names.get(name_key(site + kind), {}).items()
            if score >= _SCOPE[Scope.EXACT][1] and self.terms[curie].type is EntityType.DISEASE
        }

    def _equate(self, target: Term, descriptor: Term) -> None:
        xrefs = dict.fromkeys((*target.xrefs, descriptor.curie, *descriptor.xrefs))
        xrefs.pop(target.curie, None)
        self.terms[target.curie] = replace(target, xrefs=tuple(xrefs))

    def bring_close(self, curie: str, other: str) -> None:
        """Note that a term stands for something a little wider or narrower than another id."""
        term = self.terms[curie]
        if other not in term.xrefs and other not in term.close:
            self.terms[curie] = replace(term, close=(*term.close, other))


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


def _name_key(text: str) -> str:
    """Return the key of a name in reading order."""
    return name_key(uninvert(text) or text)


def _compile(
    chosen: list[Table], own: Sequence[OwnTable], folder: Path, progress: Progress | None
) -> None:
    gathered = _Compilation()
    descriptors: list[Term] = []
    for number, table in enumerate(chosen):
        if progress is not None:
            progress(table.vocabulary, number, len(chosen) + 1)
        check_table(table)
        for term in read_table(table):
            if term.curie.startswith("MESH:"):
                descriptors.append(term)
            else:
                gathered.add(term)
    # Headings of cells can be mapped by derived names too.
    add_derived(gathered, frozenset({EntityType.CELL_TYPE}))
    gathered.add_mapped(descriptors)
    enrich(gathered)
    gathered.drop_branches(EXCLUDED_BRANCHES)
    gathered.part_proteins_from_chemicals()
    gathered.lower_branch(ANIMAL_DISEASES)
    overruling = Overruling(gathered, own)
    overruling.apply()
    if progress is not None:
        progress("writing", len(chosen), len(chosen) + 1)
    _write(gathered, chosen, folder)
    if own:
        overruling.record(folder)


def _write(gathered: _Compilation, chosen: list[Table], folder: Path) -> None:
    trie = marisa_trie.Trie(list(gathered.names))
    trie.save(str(folder / "names.marisa"))
    long = [key for key in gathered.names if key.count(" ") > 1]
    _write_set(folder / "pairs.txt", (_first_tokens(key, 2) for key in long))
    _write_set(folder / "openings.txt", (_first_tokens(key, 3) for key in long))
    words = (form for form, count in gathered.words.items() if count >= _WORD_MINIMUM)
    _write_set(folder / "words.txt", words)
    rows = sqlite3.connect(folder / "terms.sqlite")
    rows.executescript(
        "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
        "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;"
        "CREATE TABLE terms (curie TEXT PRIMARY KEY, type TEXT, label TEXT, body TEXT);"
        "CREATE TABLE names (key INTEGER PRIMARY KEY, names TEXT);"
        "CREATE TABLE members (member TEXT, family TEXT, relation TEXT);"
    )
    with rows:
        rows.executemany(
            "INSERT INTO terms VALUES (?, ?, ?, ?)",
            ((term.curie, term.type, term.label, _body(term)) for term in gathered.terms.values()),
        )
        rows.executemany(
            "INSERT INTO names VALUES (?, ?)",
            sorted(
                (trie[key], _names_body(of, gathered.terms)) for key, of in gathered.names.items()
            ),
        )
        rows.executemany("INSERT INTO members VALUES (?, ?, ?)", sorted(gathered.members))
        rows.execute("INSERT INTO meta VALUES ('tables', ?)", (_describe(chosen),))
    rows.executescript(
        "CREATE INDEX members_by_member ON members (member);"
        "CREATE INDEX members_by_family ON members (family);"
    )
    rows.close()


def _first_tokens(key: str, number: int) -> str:
    return " ".join(key.split(" ", number)[:number]).rstrip() + " "


def _write_set(path: Path, entries: Iterable[str]) -> None:
    path.write_text("\n".join(sorted(set(entries))), encoding="utf-8")


def _describe(chosen: list[Table]) -> str:
    return json.dumps(
        [
            {
                "vocabulary": table.vocabulary,
                "file": table.path.name,
                "sha256": table.sha256,
                "release": "; ".join(table.contents),
            }
            for table in chosen
        ]
    )


def _names_body(
    entries: dict[tuple[str, str], tuple[str, float, bool]], terms: dict[str, Term]
) -> str:
    """Return the names under one key as `Lexicon.names` reads them, best first."""
    rows = sorted(
        (-score, terms[curie].type.value, curie, terms[curie].label, text, status, int(is_symbol))
        for (curie, text), (status, score, is_symbol) in entries.items()
    )
    compact = [
        (curie, kind, "" if label == text else label, text, status, -score, is_symbol)
        for score, kind, curie, label, text, status, is_symbol in rows
    ]
    return json.dumps(compact, ensure_ascii=False, separators=(",", ":"))


def _body(term: Term) -> str:
    return json.dumps(
        {
            "synonyms": [(one.text, one.scope, one.kind, one.source) for one in term.synonyms],
            "xrefs": term.xrefs,
            "close": term.close,
            "parents": term.parents,
            "definition": term.definition,
            "taxon": term.taxon,
        },
        ensure_ascii=False,
    )
