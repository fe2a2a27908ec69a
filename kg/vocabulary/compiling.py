"""Floor 5: the vocabulary tables compiled to a lexicon: what is done, in which order."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from kg.errors import VocabularyError
from kg.model import EntityType, Term
from kg.vocabulary.cache import cached_lexicon
from kg.vocabulary.enriching import add_derived, enrich
from kg.vocabulary.gathering import Gathered
from kg.vocabulary.headings import lend_names
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.overruling import Overruling
from kg.vocabulary.own_names import OwnTable, load_own_table
from kg.vocabulary.referents import index_headings
from kg.vocabulary.tables import (
    Table,
    check_table,
    list_tables,
    read_labels,
    read_table,
    vocabulary_folder,
)
from kg.vocabulary.usage import apply_usage, usage_files
from kg.vocabulary.weighing import weigh
from kg.vocabulary.writing import write_lexicon

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


def open_lexicon(
    folder: Path | None = None,
    *,
    tables: Path | None = None,
    vocabularies: tuple[str, ...] = DEFAULT_VOCABULARIES,
    own_names: Sequence[Path] = (),
    cache: Path | None = None,
    progress: Progress | None = None,
) -> Lexicon:
    """Open the lexicon of the vocabulary tables in a folder, compiling it where no cache holds it.

    `tables` is a folder with tables that stand for those of their names (`kg vocabulary update`
    writes such). `own_names` are tables of a user's names (see `kg.vocabulary.own_names`), which
    overrule the others; lines of them that cannot be used are `Lexicon.problems`.
    `progress(vocabulary, done, total)` is called as tables are compiled.

    Raises:
        VocabularyError: if a table is missing or damaged, or the cache cannot be written.
        InputError: if a table of own names cannot be read, or is none.
    """
    found = {table.name: table for table in list_tables(folder or vocabulary_folder())}
    if tables is not None:
        found |= {table.name: table for table in list_tables(tables)}
    missing = [name for name in vocabularies if name not in found]
    if missing:
        raise VocabularyError(
            f"no vocabulary called '{missing[0]}'; there are: {', '.join(sorted(found))}"
        )
    chosen = [found[name] for name in vocabularies]
    own = [load_own_table(path) for path in own_names]

    def compile_into(home: Path) -> None:
        with _without_garbage_collection():
            _compile(chosen, own, home, progress)

    return cached_lexicon(cache, chosen, own, usage_files(), compile_into)


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


def _compile(
    chosen: Sequence[Table],
    own: Sequence[OwnTable],
    folder: Path,
    progress: Progress | None,
) -> None:
    gathered = Gathered()
    descriptors: list[Term] = []
    headings: dict[str, str] = {}
    for number, table in enumerate(chosen):
        if progress is not None:
            progress(table.vocabulary, number, len(chosen) + 1)
        check_table(table)
        if table.vocabulary == "MeSH":
            headings.update(read_labels(table))
        for term in read_table(table):
            if term.curie.startswith("MESH:") and not term.obsolete:
                descriptors.append(term)
            else:
                gathered.add(term)
    # Headings of cells can be mapped by derived names too.
    add_derived(gathered, frozenset({EntityType.CELL_TYPE}))
    lend_names(gathered, descriptors)
    index_headings(gathered, descriptors, headings)
    enrich(gathered)
    weigh(gathered)
    apply_usage(gathered, *usage_files())
    overruling = Overruling(gathered, own)
    overruling.apply()
    if progress is not None:
        progress("writing", len(chosen), len(chosen) + 1)
    write_lexicon(folder, gathered, chosen, own, overruling)
