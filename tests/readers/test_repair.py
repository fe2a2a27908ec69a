"""Repairs: what is mended, what is left alone, and the map between what is shown and what came."""

import re
import time

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from kg.model import Locator, Problem, Text
from kg.readers.mojibake import find_mojibake
from kg.readers.repair import raw_span, repair_characters, repair_text

WHERE = Locator(path="list.txt", format="reading-list", line=3)


def repair(raw: str) -> tuple[str, list[str]]:
    text, problems = repair_text(raw, "snippet", WHERE, cut_marks=True)
    return text.text, [problem.code for problem in problems]


# --- mojibake ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Samson Vill├ęger S", "Samson Villéger S"),
        ("Müller and Vill├ęger", "Müller and Villéger"),
        ("IL-7R╬▒ and TGF-╬▓", "IL-7Rα and TGF-β"),
        ("K├╢hler", "Köhler"),
        ("5 ┬▒ 3 ┬Ág", "5 ± 3 µg"),
        ("patientÔÇÖs", "patient’s"),
        ("CaffarÃ© and Ã©tude", "Caffaré and étude"),
        ("RORÎ³t", "RORγt"),
        ("a â€œquotedâ€\x9d word", "a “quoted” word"),
        ("GroÃŸ", "Groß"),
        ("it\x92s", "it’s"),
    ],
)
def test_garbled_text_is_mended(raw: str, shown: str) -> None:
    text, codes = repair(raw)
    assert text == shown
    assert set(codes) == {"mojibake"}


@given(st.text("éèêëàâäöüßçñøåæœłńśćžšőűαβγδεκλμπστφχψωΓΔΣΩ", min_size=1, max_size=6))
def test_text_shown_in_code_page_852_comes_back_where_it_can_be_told(letters: str) -> None:
    try:
        garbled = letters.encode("utf-8").decode("cp852")
    except UnicodeDecodeError:
        return
    found = repair_characters(f"Ab{garbled}cd", "title").text
    # Letter by letter: a letter comes back, or its garbled form stays as it came.
    position = 2
    for letter in letters:
        form = letter.encode("utf-8").decode("cp852")
        step = 1 if found.startswith(letter, position) else len(form)
        assert found[position : position + step] in {letter, form}
        position += step
    assert found[position:] == "cd"


@pytest.mark.parametrize("letter", "éèëáíóúäöüßçñłńśćšαβγδεκλμτω")
@pytest.mark.parametrize("page", ["cp852", "cp850", "cp437"])
def test_letters_of_names_and_symbols_come_back_from_dos_code_pages(letter: str, page: str) -> None:
    raw = f"Ab{letter.encode('utf-8').decode(page)}cd"
    assert repair_characters(raw, "title").text == f"Ab{letter}cd"


_ALPHABETS = [
    "abcdefghijklmnopqrstuvwxyzàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿœß",
    "aąbcćdeęfghijklłmnńoóprsśtuwyzźżáčďéěíňóřšťúůýžőű",
    "αβγδεζηθικλμνξοπρστυφχψωάέήίόύώ",
    "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    "あいうえおかきくけこ免疫細胞日本語アイウエオ",
    "abcdefghığijklmnoöprsştuüvyzç",
]


def _cased(word: str, style: int) -> str:
    return [word, word.capitalize(), word.upper()][style]


_WORDS = st.sampled_from(_ALPHABETS).flatmap(
    lambda alphabet: st.builds(_cased, st.text(alphabet, min_size=1, max_size=9), st.integers(0, 2))
)
_MARKS = st.sampled_from(
    [" ", ", ", ". ", "-", "–", " (", ") ", " “", "” ", "’s ", " ± 5 µg ", " 37 °C ", " ≥ ",
     "® ", "; "]
)  # fmt: skip
# A capital with an accent before a sign is what a garbled Greek letter looks like ("Î±" was "α"),
# and is read as one.
_LOOKS_GARBLED = re.compile(r"[À-ß](?:[^\w\s]|[ŒœŠšŽžŸƒ])")


@given(st.lists(st.tuples(_WORDS, _MARKS), max_size=12))
@example([("Łódź", " "), ("Ünal", " "), ("IL-7Rα", " ")])
@example([("José", "–"), ("Ångström", "” ")])
def test_ordinary_text_of_any_script_stays(pieces: list[tuple[str, str]]) -> None:
    text = "".join(word + mark for word, mark in pieces)
    assume(all(found[0][1].isascii() for found in _LOOKS_GARBLED.finditer(text)))
    assert list(find_mojibake(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "┌─┐ │a│ └─┘",
        "x─┐",
        "├── name",
        "║ a ║",
        "A├─B",
        "ÀÉÎÕÜ",
        "PAÑO",
        "naïve façade",
        "ſ",
        "½ × 3",
    ],
)
def test_drawings_and_capitals_stay(text: str) -> None:
    assert repair(text) == (text, [])


def test_control_characters_are_removed_and_reported() -> None:
    text, problems = repair_text("IL\x1f-7\x00 \ufeffx", "title", WHERE)
    assert text.text == "IL-7 x"
    assert [problem.code for problem in problems] == ["control-character"] * 3
    assert "U+001F" in problems[0].message


# --- markup and marks of a cut -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "shown", "codes"),
    [
        ("b>Interleukin 7 acts...", "Interleukin 7 acts.", ["stray-markup", "end-mark"]),
        ("..b>IL-7 acts.", "IL-7 acts.", ["cut-start", "stray-markup"]),
        ("b>..IL-7 acts.", "IL-7 acts.", ["stray-markup", "cut-start"]),
        ("b>IL-7</b> acts.", "IL-7 acts.", ["stray-markup"] * 2),
        ("b>IL-7/b> acts.", "IL-7 acts.", ["stray-markup"] * 2),
        ("IL-7 acts </b", "IL-7 acts ", ["stray-markup"]),
        ("<i>Il7</i> acts.", "Il7 acts.", ["stray-markup"] * 2),
        ("..Here we show. ..", "Here we show.", ["cut-start", "end-mark"]),
        ("..Here we ..", "Here we", ["cut-start", "cut-end"]),
        ("Here, ..", "Here,", ["cut-end"]),
        ("Here we..", "Here we", ["cut-end"]),
        ("Here we…", "Here we", ["cut-end"]),
        ("Is it? ..", "Is it?", ["end-mark"]),
        ("Is it?..", "Is it?", ["end-mark"]),
        ("(It is.) ..", "(It is.)", ["end-mark"]),
        ("..1, Ikaros.", "1, Ikaros.", ["cut-start"]),
        ("It acts....", "It acts.", ["end-mark"]),
    ],
)
def test_marks_and_markup_are_removed(raw: str, shown: str, codes: list[str]) -> None:
    assert repair(raw) == (shown, codes)


@pytest.mark.parametrize(
    "text",
    [
        "It acts.", "b>0.5 was taken.", "a/b>c holds", "p<0.05 and b > c", "vitamin b>", "....",
        "in CD4<sup>+</sup> cells", "one .. two", "A. B. C.", "i>", "",
    ],
)  # fmt: skip
def test_what_is_neither_mark_nor_markup_stays(text: str) -> None:
    assert repair(text) == (text, [])


def test_titles_keep_their_dots() -> None:
    text, problems = repair_text("..and then..", "title", WHERE)
    assert (text.text, problems) == ("..and then..", ())


# --- lost letters ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "the interleukin 7 receptor ? and microbial translocation",
        "receptor ? (IL-7R", "the (IL-7R?) gene", "IL-7R? and IL-2", "TNF-? blockade", "IFN-?.",
        "?-secretase", "NF-?B", "common ?-chain", "?2-microglobulin", " ?? T cells", "IL7R?, IL-2",
        "TNF?+ cells", "IL-7R?",
    ],
)  # fmt: skip
def test_lost_letters_are_reported_and_kept(text: str) -> None:
    found, problems = repair_text(text, "title", WHERE)
    if text == "IL-7R?":
        # At the end it may as well be a question: not reported.
        assert problems == ()
        return
    assert found.text == text
    assert found.edits == ()
    assert [(problem.code, problem.raw) for problem in problems] == [("lost-letter", text)]


@pytest.mark.parametrize(
    "text",
    [
        "Interleukin 7: friend or foe?", "Friend or foe? The role of IL-7", "Why? Because.",
        "Friend or foe? a review", "Is it IL-7? We show", "(what is the role of IL-7?)",
        "foe ? Yes",
        "the question “is it so?” remains", "https://x.org/y?z=1", "who?!", "IL-7 or IL-15?",
    ],
)  # fmt: skip
def test_questions_are_not_reported(text: str) -> None:
    assert repair_text(text, "title", WHERE)[1] == ()


# --- the map between shown and raw -------------------------------------------------------------

_PIECES = st.sampled_from(
    ["b>", "..", " ..", "...", "├ę", "Ã©", "IL-7 ", "T cell", ".", "\x01", "?", "é", "</b>",
     " ", "α", "(", "…"]
)  # fmt: skip
_BROKEN = st.lists(_PIECES, max_size=12).map("".join)


def _shown_piece(text: Text, index: int) -> str:
    return text.text[text.edits[index].start : text.edits[index].end]


@given(st.one_of(_BROKEN, st.text(max_size=40)), st.booleans())
def test_edits_are_the_whole_difference(raw: str, cut_marks: bool) -> None:
    text, problems = repair_text(raw, "snippet", WHERE, cut_marks=cut_marks)
    assert text.raw == raw
    shown_end = raw_end = 0
    rebuilt = ""
    for index, edit in enumerate(text.edits):
        between = text.text[shown_end : edit.start]
        assert between == raw[raw_end : edit.raw_start]
        assert raw[edit.raw_start : edit.raw_end] != _shown_piece(text, index)
        rebuilt += between + raw[edit.raw_start : edit.raw_end]
        shown_end, raw_end = edit.end, edit.raw_end
        assert edit.start <= edit.end
        assert edit.raw_start < edit.raw_end
    assert text.text[shown_end:] == raw[raw_end:]
    assert rebuilt + text.text[shown_end:] == raw
    # Every repair is a problem, and a lost letter is a problem without a repair.
    reports = [problem for problem in problems if problem.code != "lost-letter"]
    assert len(reports) == len(text.edits)
    assert all(isinstance(p, Problem) and p.field == "snippet" and p.raw == raw for p in problems)


@given(_BROKEN, st.data())
def test_span_of_shown_text_leads_to_where_it_stood(raw: str, data: st.DataObject) -> None:
    text, _ = repair_text(raw, "snippet", WHERE, cut_marks=True)
    start = data.draw(st.integers(0, len(text.text)))
    end = data.draw(st.integers(start, len(text.text)))
    raw_start, raw_end = raw_span(text, start, end)
    assert 0 <= raw_start <= raw_end <= len(raw)
    if not any(edit.start < end and edit.end > start for edit in text.edits) and not any(
        start < edit.start < end for edit in text.edits
    ):
        assert raw[raw_start:raw_end] == text.text[start:end]


def test_span_over_a_repair_takes_it_in() -> None:
    text = repair_characters("Vill├ęger S", "line")
    assert raw_span(text, 0, len("Villéger")) == (0, len("Vill├ęger"))
    assert raw_span(text, 4, 5) == (4, 6)
    assert raw_span(text, 5, 8) == (6, 9)
    assert raw_span(text, 9, 10) == (10, 11)


@given(st.one_of(_BROKEN, st.text(max_size=40)))
def test_repairing_characters_twice_changes_nothing_more(raw: str) -> None:
    once = repair_characters(raw, "title").text
    assert not any(char < " " and char not in "\t\n\r" for char in once)


@pytest.mark.parametrize(
    "piece", ["?", "IL7?) ", "é", "éa", "├", "..", " .", "<b", "/b>", "( ", "\x85"]
)
def test_time_grows_with_the_length_only(piece: str) -> None:
    start = time.perf_counter()
    repair_text(piece * (100_000 // len(piece)), "snippet", WHERE, cut_marks=True)
    assert time.perf_counter() - start < 30  # a square of the length takes minutes
