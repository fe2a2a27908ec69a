"""The scoring of assertions: figures that can be told beforehand, on sentences made up here."""

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, combinations
from pathlib import Path
from typing import Any

import pytest

from benchmarks.assertions import gold as gold_module
from benchmarks.assertions.__main__ import sums_of
from benchmarks.assertions.biored import _stated, read_document, report_biored
from benchmarks.assertions.gold import (
    DEV,
    HELD_OUT,
    IMMUNOLOGY_DEV,
    IMMUNOLOGY_HELD_OUT,
    POLARITY,
    READING_LIST,
    Argument,
    Document,
    Gold,
    GoldSentence,
    parse_assertions,
    part_of,
    read_reading_list,
    unite_arguments,
)
from benchmarks.assertions.kinds import report_kinds, words_of
from benchmarks.assertions.reading import (
    GIVEN,
    MODES,
    RECOGNISED,
    Reader,
    SentenceResult,
    read_one,
)
from benchmarks.assertions.scoring import GROUPS, SIGNS, Tally, judge_sign, report, tally
from kg import Annotator
from kg.assertions.triggers import load_triggers
from kg.model import EntityType, Evidence, Grounding, Mention, Predicate
from kg.vocabulary.lexicon import Lexicon

TEXT = "IL-7 does not activate STAT5 in T cells, and may bind IL-7R."
START = 10  # of the sentence in its field


class Planned:
    """A reader that finds what it was told to: (subject, predicate, object), flags by keyword."""

    def __init__(self, *plan: tuple[str, Predicate, str], negated: bool = False) -> None:
        self.plan = plan
        self.negated = negated

    def read_sentence(
        self, text: str, mentions: Sequence[Mention], offset: int = 0
    ) -> tuple[Evidence, ...]:
        by_text = {one.text: one for one in mentions}
        for one in mentions:
            assert text[one.start - offset : one.end - offset] == one.text
        return tuple(
            Evidence(
                subject=by_text[subject],
                predicate=predicate,
                object=by_text[target],
                negated=self.negated,
                speculative=False,
                start=offset,
                end=offset,
                trigger="",
                method="planned",
                confidence=1.0,
            )
            for subject, predicate, target in self.plan
        )


def spot(text: str, sentence: str = TEXT) -> tuple[int, int]:
    start = sentence.index(text)
    return start, start + len(text)


def argument(*texts: str, sentence: str = TEXT) -> Argument:
    first, *other = (spot(text, sentence) for text in texts)
    return Argument(first, tuple(other))


def gold(subject: str, predicate: Predicate, target: str, *also: Predicate) -> Gold:
    return Gold(argument(subject), predicate, argument(target), also=also)


def sentence(*assertions: Gold, text: str = TEXT) -> GoldSentence:
    document = Document("1", {"title": "x", "abstract": "y" * START + text})
    return GoldSentence(READING_LIST, document, "abstract", START, START + len(text), assertions)


def mention(
    text: str, term: str, kind: EntityType = EntityType.GENE, within: str = TEXT
) -> Mention:
    start, end = spot(text, within)
    return Mention(
        start=start + START,
        end=end + START,
        text=text,
        type=kind,
        groundings=(Grounding(term=term, score=1.0, method="test"),),
    )


RECOGNISED_MENTIONS = [
    mention("IL-7", "HGNC:6023"),
    mention("STAT5", "HGNC:11366"),
    mention("T cells", "CL:0000084", EntityType.CELL_TYPE),
    mention("IL-7R", "HGNC:6024"),
]


def score(
    reader: Reader, *assertions: Gold, mode: str = GIVEN, found: Sequence[Mention] | None = None
) -> Tally:
    mentions = RECOGNISED_MENTIONS if found is None else found
    return tally([read_one(sentence(*assertions), mentions, reader, mode)])


ACTIVATES = gold("IL-7", Predicate.ACTIVATES, "STAT5", Predicate.UPREGULATES)


@pytest.mark.parametrize("mode", MODES)
def test_perfect_reader(mode: str) -> None:
    binds = gold("IL-7", Predicate.BINDS, "IL-7R")
    total = score(
        Planned(("IL-7", Predicate.ACTIVATES, "STAT5"), ("IL-7R", Predicate.BINDS, "IL-7")),
        ACTIVATES,
        binds,
        mode=mode,
    )
    for one in (total.right, total.pair, total.exact):
        assert (one.found, one.gold, one.right) == (2, 2, 2)
        assert "F1 1.000" in one.row()
    assert total.signs["right"] == 1
    assert total.by_sentence == [1.0]
    assert total.reachable == 2


@pytest.mark.parametrize("mode", MODES)
def test_reversed_direction_is_right_as_a_pair_only(mode: str) -> None:
    total = score(Planned(("STAT5", Predicate.ACTIVATES, "IL-7")), ACTIVATES, mode=mode)
    assert (total.right.right, total.exact.right, total.pair.right) == (0, 0, 1)


def test_predicate_of_the_same_group() -> None:
    total = score(Planned(("IL-7", Predicate.REGULATES, "STAT5")), ACTIVATES)
    assert (total.right.right, total.exact.right) == (1, 0)
    assert total.signs["unsigned"] == 1
    other = score(Planned(("IL-7", Predicate.BINDS, "STAT5")), ACTIVATES)
    assert (other.right.right, other.pair.right) == (0, 1)


def test_defensible_predicate_is_exact() -> None:
    total = score(Planned(("IL-7", Predicate.UPREGULATES, "STAT5")), ACTIVATES)
    assert (total.right.right, total.exact.right, total.signs["right"]) == (1, 1, 1)


def test_defensible_predicate_of_another_group() -> None:
    either = gold("IL-7", Predicate.REGULATES, "STAT5", Predicate.ASSOCIATED_WITH)
    total = score(Planned(("STAT5", Predicate.ASSOCIATED_WITH, "IL-7")), either)
    assert (total.right.right, total.exact.right) == (1, 1)
    assert score(Planned(("STAT5", Predicate.REGULATES, "IL-7")), either).right.right == 0


def test_signs() -> None:
    assert judge_sign(Predicate.INHIBITS, ACTIVATES) == "wrong"
    assert judge_sign(Predicate.PROMOTES, ACTIVATES) == "right"
    unsigned = gold("IL-7", Predicate.REGULATES, "STAT5")
    assert judge_sign(Predicate.INHIBITS, unsigned) == ""
    either = gold("IL-7", Predicate.REGULATES, "STAT5", Predicate.ACTIVATES)
    assert judge_sign(Predicate.REGULATES, either) == ""
    assert set(GROUPS) == set(Predicate)
    assert set(SIGNS) < set(Predicate)


def test_duplicates_count_once_and_a_second_predicate_does_not_match_twice() -> None:
    activates = ("IL-7", Predicate.ACTIVATES, "STAT5")
    total = score(Planned(activates, activates), ACTIVATES)
    assert (total.right.found, total.right.right) == (1, 1)
    total = score(Planned(("IL-7", Predicate.REGULATES, "STAT5"), activates), ACTIVATES)
    assert (total.right.found, total.right.right, total.pair.found) == (2, 1, 1)
    assert total.predicates[Predicate.ACTIVATES].right_exactly == 1
    assert total.predicates[Predicate.REGULATES].right == 0


def test_negation_counts_matched_and_missed() -> None:
    denied = replace(ACTIVATES, negated=True)
    missed = replace(gold("IL-7", Predicate.REGULATES, "T cells"), negated=True)
    total = score(Planned(("IL-7", Predicate.ACTIVATES, "STAT5"), negated=True), denied, missed)
    lines = dict(report(total))
    assert lines["negation, of matched"].startswith("P 1.000  R 1.000")
    assert lines["negation, end to end"].startswith("P 1.000  R 0.500")


def test_silent_reader_and_co_mention() -> None:
    total = score(Planned(), ACTIVATES)
    assert (total.right.found, total.right.gold, total.right.right) == (0, 1, 0)
    assert (total.co_mention_pair.found, total.co_mention_pair.right) == (6, 1)
    assert total.co_mention_directed.right == 1
    backward = gold("STAT5", Predicate.ACTIVATES, "IL-7")
    total = score(Planned(), backward)
    assert (total.co_mention_pair.right, total.co_mention_directed.right) == (1, 0)


def test_other_spans_of_an_argument_are_the_same_argument() -> None:
    either = Gold(argument("IL-7R", "IL-7"), Predicate.ACTIVATES, argument("STAT5"))
    for mode in MODES:
        total = score(Planned(("IL-7", Predicate.ACTIVATES, "STAT5")), either, mode=mode)
        assert total.right.right == 1
    total = score(Planned(), either)
    assert total.co_mention_pair.found == 3  # IL-7 and IL-7R have one term


def test_arguments_that_are_named_alike_are_one() -> None:
    text = "Lines need IL-3 or IL-7, primary lines IL 7."
    lines, again = Argument(spot("Lines", text)), Argument(spot("lines", text))
    hyphen, space = Argument(spot("IL-7", text)), Argument(spot("IL 7", text))
    golds = unite_arguments(
        text,
        [
            Gold(hyphen, Predicate.REQUIRED_FOR, lines),
            Gold(space, Predicate.REQUIRED_FOR, again),
            Gold(Argument(spot("IL-3", text)), Predicate.REQUIRED_FOR, lines),
        ],
    )
    assert [one.subject.spans for one in golds] == [
        (hyphen.span, space.span),
        (spot("IL-3", text),),
    ]
    assert {one.object.spans for one in golds} == {(lines.span, again.span)}


def test_given_mentions_do_not_overlap_and_take_the_longest() -> None:
    text = "IL-7 induces T cell apoptosis, not T cell growth."
    apoptosis = Argument(spot("T cell apoptosis", text))
    cell = Argument(spot("T cell", text))
    il7 = Argument(spot("IL-7", text))
    of_text = sentence(
        Gold(il7, Predicate.PROMOTES, apoptosis), Gold(il7, Predicate.REGULATES, cell), text=text
    )
    recognised = [mention("T cell", "CL:0000084", EntityType.CELL_TYPE, text)]
    result = read_one(of_text, recognised, Planned(), GIVEN)
    assert [one.text for one in result.mentions] == ["IL-7", "T cell apoptosis"]
    assert result.mentions[1].type is EntityType.PROCESS
    assert result.accepts[cell] == result.accepts[apoptosis]
    recognised.insert(0, mention("IL-7", "HGNC:6023", within=text))
    result = read_one(of_text, recognised, Planned(), RECOGNISED)
    assert result.accepts[cell]
    assert not result.accepts[apoptosis]  # a cell is not its death
    assert tally([result]).reachable == 1


def test_span_that_turns_the_sense_wants_the_whole() -> None:
    text = "mTOR inhibitors reduce anti-tumour responses."
    whole = Gold(
        Argument(spot("mTOR inhibitors", text)),
        Predicate.DOWNREGULATES,
        Argument(spot("anti-tumour responses", text)),
    )
    recognised = [
        mention("mTOR", "HGNC:3942", within=text),
        mention("tumour", "MONDO:0005070", EntityType.DISEASE, text),
    ]
    reader = Planned(("mTOR", Predicate.DOWNREGULATES, "tumour"))
    total = tally([read_one(sentence(whole, text=text), recognised, reader, RECOGNISED)])
    assert (total.right.found, total.right.right, total.reachable) == (1, 0, 0)


def test_reading_list_is_whole_and_parts_are_fixed() -> None:
    sentences = read_reading_list()
    assert len(sentences) == 120
    # 241 as annotated, of which one says again what another says of the same names.
    assert sum(len(one.assertions) for one in sentences) == 240
    assert {part_of(str(number)) for number in range(50)} == {
        "immunology-dev",
        "immunology-held-out",
    }
    assert {part_of(str(number), "polarity") for number in range(50)} == set(POLARITY)


def test_old_sum_is_without_polarity() -> None:
    assert sums_of([READING_LIST]) == {}
    assert sums_of(HELD_OUT) == {"all+polarity": list(HELD_OUT)}
    every = [*DEV, *HELD_OUT]
    assert sums_of(every)["all+polarity"] == every
    assert sums_of(every)["all"] == [READING_LIST, IMMUNOLOGY_DEV, IMMUNOLOGY_HELD_OUT]


@pytest.mark.parametrize(("name", "number"), [("immunology", 180), ("polarity", 140)])
def test_sampled_sentences_are_whole_and_without_text(name: str, number: int) -> None:
    path = Path(gold_module.__file__).with_name(f"{name}.jsonl")
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len({(line["pmid"], line["field"], line["start"]) for line in lines}) == number
    for line in lines:
        length = line["end"] - line["start"]
        assert not {"text", "surface"} & {*line, *chain.from_iterable(line["assertions"])}
        parse_assertions(line["assertions"])
        for row in line["assertions"]:
            spans = [row["subject"], row["object"], row["trigger"]]
            spans += row.get("subject_alt", []) + row.get("object_alt", [])
            for span in spans:
                assert set(span) == {"start", "end"}
                assert 0 <= span["start"] < span["end"] <= length


ROW: dict[str, Any] = {
    "id": "PMID:1",
    "text": "A and B. A, C and D with E in mice. F is G.",
    "title_end": 8,
    "entities": [
        {"start": start, "end": start + 1, "text": text, "type": kind, "ids": ids}
        for text, start, kind, ids in (
            ("A", 0, "Gene", ["g1"]),
            ("B", 6, "Disease", ["d1"]),
            ("A", 9, "Gene", ["g1"]),
            ("C", 12, "Chemical", ["c1", "c2"]),
            ("D", 18, "Disease", ["d2"]),
            ("E", 25, "Variant", ["v1"]),
            ("F", 36, "CellLine", ["l1"]),
            ("G", 41, "Gene", []),
        )
    ],
    "relations": [
        {"type": "Negative_Correlation", "subject": "c1", "object": "d2"},
        {"type": "Positive_Correlation", "subject": "d1", "object": "g1"},
        {"type": "Association", "subject": "d1", "object": "c2"},
    ],
}


class EveryPair:
    """A reader that finds the same of every two mentions of a sentence."""

    def __init__(self, predicate: Predicate) -> None:
        self.predicate = predicate

    def read_sentence(
        self, text: str, mentions: Sequence[Mention], offset: int = 0
    ) -> tuple[Evidence, ...]:
        plan = [(a.text, self.predicate, b.text) for a, b in combinations(mentions, 2)]
        return Planned(*plan).read_sentence(text, mentions, offset)


def test_biored_pairs(tmp_path: Path, lexicon: Lexicon) -> None:
    path = tmp_path / "biored.jsonl"
    path.write_text(json.dumps(ROW) + "\n", encoding="utf-8")
    reader = EveryPair(Predicate.TREATS)
    lines = list(report_biored(path, Annotator(lexicon), reader))
    given = {name: value for mode, name, value in lines if mode == GIVEN}
    # g1-d1; g1-c1 g1-c2 g1-d2 c1-d2 c2-d2 d2-v1 c1-v1 c2-v1, g1-v1 being of a type that is not
    # annotated, and no cell line; found of the three of gold: d1-g1 and c1-d2.
    assert given["co-mention: same sentence"].endswith("(found 9, gold 3, right 2)")
    assert given["pair, not negated"] == given["co-mention: same sentence"]
    assert given["pair, confidence 0.9 or more"] == given["pair, not negated"]
    assert given["pair, variants aside"].endswith("(found 6, gold 3, right 2)")
    assert given["sign, where found"].startswith("0.500  (1 of 2)")
    denied = Planned(("A", Predicate.PROMOTES, "B"), negated=True)
    cut = {**ROW, "text": "A and B.", "entities": ROW["entities"][:2], "relations": []}
    assert not _stated(read_document(cut, GIVEN, Annotator(lexicon), denied))


def test_kinds_of_errors() -> None:
    known = words_of(load_triggers())
    read = gold("IL-7", Predicate.ACTIVATES, "STAT5")
    in_table = replace(read, trigger=spot("activate"))
    result = read_one(sentence(in_table), RECOGNISED_MENTIONS, Planned(), RECOGNISED)
    assert kinds(result, known) == {"missed: trigger in the table": 1}
    assert kinds(result, frozenset()) == {"missed: trigger not in the table": 1}
    unread = read_one(sentence(read), RECOGNISED_MENTIONS[:1], Planned(), RECOGNISED)
    assert kinds(unread, known) == {"missed: argument not recognised": 1}
    turned = Planned(("STAT5", Predicate.ACTIVATES, "IL-7"), ("IL-7", Predicate.BINDS, "IL-7R"))
    assert kinds(read_one(sentence(read), RECOGNISED_MENTIONS, turned, GIVEN), known) == {
        "missed: relation or direction": 1,
        "false alarm: relation or direction": 1,
        "false alarm: pair not in gold": 1,
    }


def kinds(result: SentenceResult, known: frozenset[str]) -> dict[str, int]:
    counted = {
        name: int(value.partition("(")[2].split()[0])
        for name, value in report_kinds([result], known)
    }
    return {name: count for name, count in counted.items() if count}
