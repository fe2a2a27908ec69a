"""The cache is checked as it is opened, made again when it is damaged, and kept small."""

from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from kg.errors import VocabularyError
from kg.vocabulary.compiling import open_lexicon
from kg.vocabulary.lexicon import Lexicon


def compile_small(
    tables: Path, cache: Path | None, told: Callable[[str, int, int], None] | None = None
) -> Lexicon:
    return open_lexicon(tables, vocabularies=("genes", "cells"), cache=cache, progress=told)


def test_the_second_opening_compiles_nothing(tables: Path, tmp_path: Path) -> None:
    compile_small(tables, tmp_path / "cache").close()
    told: list[str] = []
    compile_small(tables, tmp_path / "cache", lambda name, _done, _total: told.append(name)).close()
    assert told == []


@pytest.mark.parametrize(
    "damaged", ["names.marisa", "names.rows", "terms.sqlite", "pairs.txt", "checksums.json"]
)
@pytest.mark.parametrize("how", ["cut", "flip", "remove"])
def test_a_damaged_cache_is_made_again(
    tables: Path, tmp_path: Path, damaged: str, how: str
) -> None:
    check_damage(tables, tmp_path, damaged, how)


@pytest.mark.parametrize("how", ["cut", "remove"])
def test_a_cache_without_all_spellings_is_made_again(
    tables: Path, tmp_path: Path, how: str
) -> None:
    check_damage(tables, tmp_path, "spellings.bits", how)


def check_damage(tables: Path, tmp_path: Path, damaged: str, how: str) -> None:
    cache = tmp_path / "cache"
    compile_small(tables, cache).close()
    (path,) = cache.glob(f"*/{damaged}")
    content = path.read_bytes()
    if how == "cut":
        path.write_bytes(content[: len(content) // 2])
    elif how == "flip":
        middle = len(content) // 2
        path.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
    else:
        path.unlink()
    lexicon = compile_small(tables, cache)
    assert path.read_bytes() == content
    assert lexicon.candidates("ABC1")[0].curie == "HGNC:1"
    lexicon.close()


def test_a_changed_table_gives_another_lexicon(
    tables: Path, tmp_path: Path, rewrite: Callable[[str, bytes], None]
) -> None:
    compile_small(tables, tmp_path / "cache").close()
    text = zstandard.decompress((tables / "genes.tsv.zst").read_bytes())
    rewrite("genes", zstandard.compress(text.replace(b"XYZ2", b"NEW2")))
    lexicon = compile_small(tables, tmp_path / "cache")
    assert lexicon.candidates("NEW2")[0].curie == "HGNC:2"
    lexicon.close()


def test_a_cache_that_cannot_be_written_is_told(tables: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(VocabularyError, match="cannot be cached"):
        compile_small(tables, tmp_path / "file")


def test_old_lexicons_are_removed(
    tables: Path, tmp_path: Path, rewrite: Callable[[str, bytes], None]
) -> None:
    text = zstandard.decompress((tables / "genes.tsv.zst").read_bytes())
    for number in range(5):
        rewrite("genes", zstandard.compress(text.replace(b"XYZ2", f"NEW{number}".encode())))
        compile_small(tables, tmp_path / "cache").close()
    assert len(list((tmp_path / "cache").iterdir())) == 3
    lexicon = compile_small(tables, tmp_path / "cache")
    assert lexicon.candidates("NEW4")[0].curie == "HGNC:2"
    lexicon.close()


def test_the_environment_names_the_cache(
    tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KG_CACHE", str(tmp_path / "named"))
    compile_small(tables, None).close()
    assert len(list((tmp_path / "named").iterdir())) == 1


def test_a_compilation_that_fails_leaves_nothing(tables: Path, tmp_path: Path) -> None:
    def fail(_name: str, done: int, total: int) -> None:
        if done == total - 1:
            raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        compile_small(tables, tmp_path / "cache", fail)
    assert list((tmp_path / "cache").iterdir()) == []
