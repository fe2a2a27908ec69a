"""Lists of errors to tune rules by; never of sentences that are held out.

They hold text of the sampled sentences, which may not be copied: keep them out of the project.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.assertions.gold import DEV, Gold
from benchmarks.assertions.reading import Found, SentenceResult
from benchmarks.assertions.scoring import can_be_found, is_right, judge_sign, match


def write_errors(folder: Path, mode: str, results: Iterable[SentenceResult]) -> None:
    """Write a file for each set and kind of error: `recognised.reading-list.misses.txt`."""
    folder.mkdir(parents=True, exist_ok=True)
    lists: dict[tuple[str, str], list[str]] = defaultdict(list)
    seen = set()
    for result in results:
        part = result.sentence.part
        if part in DEV:
            seen.add(part)
            for kind, line in _errors(result):
                lists[part, kind].append(line)
    for part in seen:
        for kind in ("misses", "false-alarms", "sign", "negation", "speculation"):
            blocks = lists[part, kind]
            path = folder / f"{mode}.{part}.{kind}.txt"
            path.write_text("\n".join(blocks), encoding="utf-8")


def _errors(result: SentenceResult) -> Iterator[tuple[str, str]]:
    golds = result.sentence.assertions
    matched = match(result, result.found, golds, is_right)
    of_found = {id(found) for found, _ in matched}
    of_gold = {id(gold) for _, gold in matched}
    missed = [gold for gold in golds if id(gold) not in of_gold]
    alarms = [found for found in result.found if id(found) not in of_found]
    for gold in missed:
        what = "miss" if can_be_found(result, gold) else "miss (no mentions for it)"
        yield "misses", _block(result, what, gold, None)
    for found in alarms:
        yield "false-alarms", _block(result, "false alarm", None, found)
    for found, gold in matched:
        sign = judge_sign(found.evidence.predicate, gold)
        if sign in {"wrong", "unsigned"}:
            yield "sign", _block(result, f"sign {sign}", gold, found)
        if found.evidence.negated != gold.negated:
            yield "negation", _block(result, "negation", gold, found)
        if found.evidence.speculative != gold.speculative:
            yield "speculation", _block(result, "speculation", gold, found)


def _block(result: SentenceResult, what: str, gold: Gold | None, found: Found | None) -> str:
    sentence = result.sentence
    lines = [f"{what}  {sentence.document.key} {sentence.field} {sentence.start}", sentence.text]
    if gold is not None:
        lines.append(f"  gold   {describe_gold(result, gold)}")
    else:
        lines.extend(f"  (gold) {describe_gold(result, one)}" for one in sentence.assertions)
    if found is not None:
        lines.append(f"  found  {describe_found(found)}")
    else:
        lines.extend(f"  (found) {describe_found(one)}" for one in result.found)
    return "\n".join(lines) + "\n"


def describe_gold(result: SentenceResult, gold: Gold) -> str:
    """Return a gold assertion in a line."""
    text = result.sentence.text
    subject, target = (text[slice(*one.span)] for one in (gold.subject, gold.object))
    also = f" (also {', '.join(gold.also)})" if gold.also else ""
    flags = _flags(negated=gold.negated, speculative=gold.speculative)
    note = f" — {gold.note}" if gold.note else ""
    return f"[{subject}] {gold.predicate}{also} [{target}]{flags}{note}"


def describe_found(found: Found) -> str:
    """Return a found assertion in a line, with the rule that found it and its trigger."""
    one = found.evidence
    flags = _flags(negated=one.negated, speculative=one.speculative)
    return (
        f"[{one.subject.text}] {one.predicate} [{one.object.text}]{flags}"
        f"  by {one.method} {one.confidence:.2f} at {one.trigger!r}"
    )


def _flags(*, negated: bool, speculative: bool) -> str:
    return (" NEGATED" if negated else "") + (" SPECULATIVE" if speculative else "")
