"""Assertions against annotated text: sentences, the relations of BioRED, and speed.

    python -m benchmarks.assertions [--sentences FILE.xml[.gz]] [--part dev|held-out|all]
        [--errors DIR] [--biored GOLD.jsonl...] [--speed FILE.xml[.gz] [--limit N]] [--doubling]

The reading list is always scored; the immunology and polarity sentences where the PubMed XML is
named that their text is taken from. "all" is the figure without the polarity sentences, which were
chosen by cue words; "all+polarity" is with them. `--errors` writes lists of errors of the sets that
rules may be tuned on, never of those held out. Each figure is one line: mode or gold, set, measure,
value.
"""

import argparse
from collections.abc import Collection
from itertools import chain
from pathlib import Path

import kg
from benchmarks.assertions.biored import report_biored
from benchmarks.assertions.doubling import report_doubling
from benchmarks.assertions.errors import write_errors
from benchmarks.assertions.gold import (
    DEV,
    HELD_OUT,
    POLARITY,
    read_immunology,
    read_polarity,
    read_reading_list,
)
from benchmarks.assertions.kinds import report_kinds, words_of
from benchmarks.assertions.reading import Reader, SentenceResult, read_all
from benchmarks.assertions.scoring import report, tally
from benchmarks.assertions.speed import report_speed
from kg.assertions.reading import AssertionReader
from kg.assertions.triggers import load_triggers

_PARTS = {"dev": DEV, "held-out": HELD_OUT, "all": (*DEV, *HELD_OUT)}


def main() -> None:
    """Score what is asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.assertions",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--sentences", type=Path, help="PubMed XML of the sampled sentences")
    parser.add_argument("--part", choices=_PARTS, default="all", help="which sets to print")
    parser.add_argument("--errors", type=Path, help="folder for the lists of errors")
    parser.add_argument("--biored", nargs="+", type=Path, default=[], help="files of BioRED")
    parser.add_argument("--speed", type=Path, help="PubMed XML to time")
    parser.add_argument("--limit", type=int, help="how many citations to time")
    parser.add_argument("--doubling", action="store_true", help="time hostile sentences")
    chosen = parser.parse_args()
    annotator, reader = kg.Annotator(kg.open_lexicon()), AssertionReader()
    score_sentences(annotator, reader, chosen.sentences, _PARTS[chosen.part], chosen.errors)
    for path in chosen.biored:
        for mode, name, value in report_biored(path, annotator, reader):
            print_figure(mode, path.stem, name, value)
    if chosen.speed is not None:
        for name, value in report_speed(chosen.speed, chosen.limit, reader):
            print_figure("speed", chosen.speed.name, name, value)
    if chosen.doubling:
        for name, value in report_doubling(reader):
            print_figure("doubling", "", name, value)


def score_sentences(
    annotator: kg.Annotator,
    reader: Reader,
    path: Path | None,
    parts: tuple[str, ...],
    errors: Path | None,
) -> None:
    """Print the figures of the annotated sentences, and write the lists of errors."""
    sentences = read_reading_list()
    if path is not None:
        sentences += read_immunology(path) + read_polarity(path)
    chosen = [one for one in sentences if one.part in parts]
    for mode, results in read_all(chosen, annotator, reader).items():
        present = [part for part in parts if any(one.sentence.part == part for one in results)]
        for part in present:
            print_figures(mode, part, [one for one in results if one.sentence.part == part])
        for name, of_name in sums_of(present).items():
            print_figures(mode, name, [one for one in results if one.sentence.part in of_name])
        if errors is not None:
            write_errors(errors, mode, results)


def sums_of(present: Collection[str]) -> dict[str, list[str]]:
    """Return the sets that are scored together, by name, where they are more than one."""
    sums = {"all": [part for part in present if part not in POLARITY]}
    if any(part in POLARITY for part in present):
        sums["all+polarity"] = list(present)
    return {name: parts for name, parts in sums.items() if len(parts) > 1}


def print_figures(mode: str, part: str, results: list[SentenceResult]) -> None:
    """Print the figures of a set of sentences, a line each."""
    words = words_of(load_triggers())
    for name, value in chain(report(tally(results)), report_kinds(results, words)):
        print_figure(mode, part, name, value)


def print_figure(mode: str, part: str, name: str, value: str) -> None:
    """Print a figure."""
    print(f"{mode:10} {part:23} {name:36} {value}")


if __name__ == "__main__":
    main()
