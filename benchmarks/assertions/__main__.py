"""Assertions against annotated text: sentences, the relations of BioRED, and speed.

    python -m benchmarks.assertions [--sentences FILE.xml[.gz]] [--part dev|held-out|all]
        [--errors DIR] [--biored GOLD.jsonl...] [--speed FILE.xml[.gz] [--limit N]]

The reading list is always scored; the immunology sentences where the PubMed XML is named that
their text is taken from. `--errors` writes lists of errors of the sets that rules may be tuned on,
never of those held out. Each figure is one line: mode or gold, set, measure, value.
"""

import argparse
from pathlib import Path

import kg
from benchmarks.assertions.errors import write_errors
from benchmarks.assertions.gold import (
    DEV,
    IMMUNOLOGY_HELD_OUT,
    read_immunology,
    read_reading_list,
)
from benchmarks.assertions.reading import SentenceResult, read_all
from benchmarks.assertions.scoring import report, tally
from kg.assertions.reading import AssertionReader

_PARTS = {"dev": DEV, "held-out": (IMMUNOLOGY_HELD_OUT,), "all": (*DEV, IMMUNOLOGY_HELD_OUT)}


def main() -> None:
    """Score what is asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.assertions",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--sentences", type=Path, help="PubMed XML of the immunology sentences")
    parser.add_argument("--part", choices=_PARTS, default="all", help="which sets to print")
    parser.add_argument("--errors", type=Path, help="folder for the lists of errors")
    chosen = parser.parse_args()
    annotator = kg.Annotator(kg.open_lexicon())
    score_sentences(annotator, chosen.sentences, _PARTS[chosen.part], chosen.errors)


def score_sentences(
    annotator: kg.Annotator, path: Path | None, parts: tuple[str, ...], errors: Path | None
) -> None:
    """Print the figures of the annotated sentences, and write the lists of errors."""
    sentences = read_reading_list() + (read_immunology(path) if path is not None else [])
    chosen = [one for one in sentences if one.part in parts]
    for mode, results in read_all(chosen, annotator, AssertionReader()).items():
        present = [part for part in parts if any(one.sentence.part == part for one in results)]
        for part in present:
            print_figures(mode, part, [one for one in results if one.sentence.part == part])
        if len(present) > 1:
            print_figures(mode, "all", results)
        if errors is not None:
            write_errors(errors, mode, results)


def print_figures(mode: str, part: str, results: list[SentenceResult]) -> None:
    """Print the figures of a set of sentences, a line each."""
    for name, value in report(tally(results)):
        print(f"{mode:11}{part:21}{name:35}{value}")


if __name__ == "__main__":
    main()
