"""Names that are spelt much alike are found among many, without comparing all of them."""

import random
from pathlib import Path

import marisa_trie
import pytest
from rapidfuzz import fuzz, process

from kg.vocabulary.spelling import Spellings, write_spellings

_WORDS = (
    *(
        "alpha",
        "beta",
        "binding",
        "cell",
        "chain",
        "complex",
        "factor",
        "growth",
        "helper",
        "kinase",
    ),
    *(
        "ligand",
        "memory",
        "nuclear",
        "protein",
        "receptor",
        "regulatory",
        "subunit",
        "transcription",
    ),
)


@pytest.fixture(scope="module")
def trie() -> marisa_trie.Trie:
    chance = random.Random(3)
    keys = {
        f"{' '.join(chance.sample(_WORDS, chance.randrange(1, 5)))} {chance.randrange(1, 30)} "
        for _ in range(5_000)
    }
    return marisa_trie.Trie(sorted({*keys, "il 7 ", "il 17 ", "x "}))


@pytest.fixture(scope="module")
def spellings(trie: marisa_trie.Trie, tmp_path_factory: pytest.TempPathFactory) -> Spellings:
    path = tmp_path_factory.mktemp("spellings") / "bits"
    write_spellings(path, trie)
    return Spellings(path, trie)


def test_what_is_near_among_all_is_near_among_few(
    trie: marisa_trie.Trie, spellings: Spellings
) -> None:
    keys = trie.keys()
    chance = random.Random(4)
    for key in chance.sample(keys, 100):
        place = chance.randrange(len(key) - 1)
        wrong = f"{key[:place]}q{key[place + 1 :]}"
        few = spellings.near(wrong, 0.75, 300)
        assert len(few) < len(keys) / 4
        best = process.extractOne(wrong, keys, scorer=fuzz.ratio)
        assert process.extractOne(wrong, few, scorer=fuzz.ratio)[1] == best[1]


def test_short_names_are_found(spellings: Spellings) -> None:
    assert "il 7 " in spellings.near("il 77 ", 0.75, 100)
    assert "x " in spellings.near("x ", 0.75, 100)


def test_what_is_much_longer_or_shorter_is_left_out(spellings: Spellings) -> None:
    assert all(3 <= len(key) <= 8 for key in spellings.near("il 7 ", 0.75, 10_000))


@pytest.mark.parametrize("text", ["", " ", "\u4e2d\u6587 ", "qzqzqz "])
def test_what_is_like_nothing_gives_nothing_or_little(spellings: Spellings, text: str) -> None:
    assert not process.extract(text, spellings.near(text, 0.75, 100), score_cutoff=80)


def test_a_file_of_other_names_is_refused(trie: marisa_trie.Trie, tmp_path: Path) -> None:
    write_spellings(tmp_path / "bits", marisa_trie.Trie(["il 7 ", "il 17 "]))
    with pytest.raises(ValueError, match="other names"):
        Spellings(tmp_path / "bits", trie)
    write_spellings(tmp_path / "cut", trie)
    content = (tmp_path / "cut").read_bytes()
    (tmp_path / "cut").write_bytes(content[:-1])
    with pytest.raises(ValueError, match="other names"):
        Spellings(tmp_path / "cut", trie)
