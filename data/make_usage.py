"""Make `data/usage`: what papers use as words, and what their short forms stand for.

    python data/make_usage.py FILE... [--to FOLDER]

The files are citations with abstracts, in any form that `kg build` reads; the more, the better, and
of all of medicine, so that no field has its own way. What is counted is in how many papers a word
is written in lower case, and in how many a short form is defined as what, by the method of Schwartz
and Hearst (2003). Nothing else of the papers is kept.
"""

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from kg.annotate.abbreviations import find_abbreviations
from kg.model import Record
from kg.readers import read_file
from kg.resources import resource_path
from kg.vocabulary.names import name_key
from kg.vocabulary.usage import LEAST_DEFINITIONS, SHORT_FORMS, WORDS

_WORD = re.compile(r"(?<![\w-])[a-z]{3,}(?![\w-])")
_LEAST_PAPERS = 5
_IN_OTHER_LANGUAGE = "vernacular-title"


def main() -> None:
    """Write the files, and say what is in them."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--to", type=Path, default=resource_path("data", "usage"))
    given = parser.parse_args()
    words: Counter[str] = Counter()
    meanings: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    papers = 0
    for texts in _texts(given.files):
        papers += 1
        words.update({word for text in texts for word in _WORD.findall(text)})
        for short, long in _definitions(texts).items():
            meanings[short][name_key(long)][long] += 1
    kept = sorted(word for word, count in words.items() if count >= _LEAST_PAPERS)
    given.to.joinpath(WORDS).write_text("".join(f"{word}\n" for word in kept), encoding="utf-8")
    rows = sorted(_rows(meanings))
    lines = (f"{short}\t{long}\t{count}\n" for short, long, count in rows)
    given.to.joinpath(SHORT_FORMS).write_text("".join(lines), encoding="utf-8")
    print(f"{papers:,} papers: {len(kept):,} words, {len(rows):,} meanings of short forms")


def _texts(paths: list[Path]) -> Iterator[list[str]]:
    for path in paths:
        for record in read_file(path):
            if isinstance(record, Record):
                yield [text.text for text in record.texts if text.field != _IN_OTHER_LANGUAGE]


def _definitions(texts: list[str]) -> dict[str, str]:
    """Return the short forms that a paper defines, each with the long form that it gives first."""
    found: dict[str, str] = {}
    for text in texts:
        for one in find_abbreviations(text):
            short, long = text[one.short_start : one.short_end], text[one.long_start : one.long_end]
            found.setdefault(" ".join(short.split()), " ".join(long.split()))
    return found


def _rows(meanings: dict[str, dict[str, Counter[str]]]) -> Iterator[tuple[str, str, int]]:
    """Yield short form, long form as it is mostly written, and in how many papers.

    A short form is kept that is defined often enough, however it is written.
    """
    totals: Counter[str] = Counter()
    for short, longs in meanings.items():
        totals[name_key(short)] += sum(map(Counter.total, longs.values()))
    for short, longs in meanings.items():
        if totals[name_key(short)] >= LEAST_DEFINITIONS:
            for spellings in longs.values():
                written = min(spellings, key=lambda text: (-spellings[text], text))
                yield short, written, spellings.total()


if __name__ == "__main__":
    main()
