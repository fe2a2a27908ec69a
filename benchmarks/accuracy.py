"""Recognition against annotated text: precision, recall and F1, by file and type.

    python -m benchmarks.accuracy GOLD.jsonl... [--type T]... [--errors DIR] [--species auto]

A gold file holds one document a line: {"id", "text", "title_end"?, "entities": [{"start", "end",
"text", "type", "ids"}]}, with offsets in code points. Three measures: `span` (same offsets and
type), `span+id` (and one of our ids is one of the gold ids), and `document` (the set of gold ids a
document, each met by one of ours). A type that a file does not annotate is not scored on it. Gene
families count as genes, since gold text does not part them.
"""

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg import Annotator, open_lexicon
from kg.annotate.identifiers import mention_ids
from kg.model import EntityType

# (start, end, type) -> ids, folded
Spans = dict[tuple[int, int, str], frozenset[str]]


@dataclass
class Score:
    """Counts of one measure: what was found, what there is, what of the found is right."""

    found: int = 0
    gold: int = 0
    right: int = 0
    right_gold: int = 0

    def row(self) -> str:
        """Return precision, recall and F1 as text."""
        precision = self.right / self.found if self.found else 0.0
        recall = self.right_gold / self.gold if self.gold else 0.0
        both = precision + recall
        harmonic = 2 * precision * recall / both if both else 0.0
        return f"P {precision:.3f}  R {recall:.3f}  F1 {harmonic:.3f}"


@dataclass
class Result:
    """The scores of one type in one file, and its errors."""

    span: Score = field(default_factory=Score)
    span_id: Score = field(default_factory=Score)
    document: Score = field(default_factory=Score)
    misses: Counter[str] = field(default_factory=Counter)
    false_alarms: Counter[str] = field(default_factory=Counter)
    wrong_ids: Counter[str] = field(default_factory=Counter)


def main() -> None:
    """Score the files that are named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__)
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--type", action="append", choices=[kind.value for kind in EntityType])
    parser.add_argument("--errors", type=Path, help="folder for the lists of errors")
    parser.add_argument("--species", choices=["human", "auto"], default="human")
    chosen = parser.parse_args()
    annotator = Annotator(open_lexicon(), chosen.species)
    for path in chosen.gold:
        results = score_file(
            path, annotator, set(chosen.type or [kind.value for kind in EntityType])
        )
        for kind, result in sorted(results.items()):
            for name, score in (
                ("span", result.span),
                ("span+id", result.span_id),
                ("document", result.document),
            ):
                print(f"{path.stem:28} {kind:10} {name:9} {score.row()}  (gold {score.gold})")
            if chosen.errors:
                write_errors(chosen.errors, path.stem, kind, result)


def score_file(path: Path, annotator: Annotator, kinds: set[str]) -> dict[str, Result]:
    """Return the scores of a file by type, of the types that it annotates."""
    documents = list(_read(path))
    annotated = {one["type"] for document in documents for one in document["entities"]}
    results: dict[str, Result] = defaultdict(Result)
    for document in documents:
        gold = {
            (one["start"], one["end"], one["type"]): frozenset(map(str.upper, one["ids"]))
            for one in document["entities"]
            if one["type"] in kinds
        }
        found = _found(document, annotator, kinds & annotated)
        for kind in {key[2] for key in (*gold, *found)}:
            of_gold = {key: ids for key, ids in gold.items() if key[2] == kind}
            of_found = {key: ids for key, ids in found.items() if key[2] == kind}
            _compare(results[kind], document["text"], of_gold, of_found)
    return results


def _read(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _found(document: dict[str, Any], annotator: Annotator, kinds: set[str]) -> Spans:
    text: str = document["text"]
    (mentions,) = annotator.annotate([text])
    found: Spans = {}
    for mention in mentions:
        kind = "Gene" if mention.type is EntityType.GENE_FAMILY else mention.type.value
        if kind in kinds:
            ids = mention_ids(mention, annotator.lexicon)
            found[mention.start, mention.end, kind] = frozenset(map(str.upper, ids))
    return found


def _compare(result: Result, text: str, gold: Spans, found: Spans) -> None:
    same = gold.keys() & found.keys()
    agreed = {key for key in same if gold[key] & found[key]}
    for score, right in ((result.span, same), (result.span_id, agreed)):
        score.found += len(found)
        score.gold += len(gold)
        score.right += len(right)
        score.right_gold += len(right)
    gold_ids = set(gold.values())
    found_ids = set(found.values())
    result.document.gold += len(gold_ids)
    result.document.found += len(found_ids)
    result.document.right += sum(any(ids & one for one in gold_ids) for ids in found_ids)
    result.document.right_gold += sum(any(ids & one for one in found_ids) for ids in gold_ids)
    result.misses.update(text[a:b] for a, b, _ in gold.keys() - same)
    result.false_alarms.update(text[a:b] for a, b, _ in found.keys() - same)
    result.wrong_ids.update(
        f"{text[key[0] : key[1]]}\t{min(found[key])}\t{min(gold[key], default='')}"
        for key in same - agreed
    )


def write_errors(folder: Path, name: str, kind: str, result: Result) -> None:
    """Write the misses, false alarms and wrong ids of a type, the commonest first."""
    folder.mkdir(parents=True, exist_ok=True)
    for what, counts in (
        ("misses", result.misses),
        ("false-alarms", result.false_alarms),
        ("wrong-ids", result.wrong_ids),
    ):
        lines = (f"{count}\t{entry}\n" for entry, count in counts.most_common())
        (folder / f"{name}.{kind}.{what}.tsv").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
