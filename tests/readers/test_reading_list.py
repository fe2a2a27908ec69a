"""The reader of reading lists: the real list, lists like it, and files that are none."""

import gzip
import io
import json
import os
import re
import time
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import InputError
from kg.model import Problem, Record, Topic
from kg.readers import READERS, Item, detect_reader, read_file, source_of
from kg.readers.byline import parse_author
from kg.readers.citation import expand_pages
from kg.readers.lines import MAX_LINE, MAX_RECORD, read_lines
from kg.readers.reading_list import ReadingListReader
from kg.resources import resource_path

IL7 = resource_path("data", "interleukin-7.txt")
GOLDEN = Path(__file__).parents[1] / "golden" / "interleukin-7.jsonl"

PAGE = """\
interleukin 9

Summary: A cytokine.

Top Publications

  1. Doe J, Roe B. One title. Blood. 2007;56:732-42 pubmed
    ..First snippet. ..
  2. Doe J, et al. Two titles? J Immunol. 2008;181 Suppl 2:S5-9 pubmed publisher

More Information

  1. Poe E. Three titles: a tale. PLoS ONE. 2006;1:e124
"""


def read(text: str | bytes) -> list[Item]:
    data = text.encode() if isinstance(text, str) else text
    return list(ReadingListReader().read(io.BytesIO(data), "list.txt"))


def records(text: str | bytes) -> list[Record]:
    return [item for item in read(text) if isinstance(item, Record)]


def problems(text: str) -> list[Problem]:
    return [item for item in read(text) if isinstance(item, Problem)]


def cite(citation: str) -> Record:
    [record] = records(f"x\n\n1. {citation}\n")
    return record


# --- the real list -----------------------------------------------------------------------------


def test_real_list_gives_one_topic_and_62_records_and_nothing_else() -> None:
    items = list(read_file(IL7))
    topic = items[0]
    assert isinstance(topic, Topic)
    assert topic.name == "interleukin 7"
    assert topic.summary.startswith("A cytokine produced by bone marrow stromal cells")
    assert topic.summary.endswith("mature T-LYMPHOCYTE activation.")
    assert all(isinstance(item, Record) for item in items[1:])
    assert len(items) == 63


def test_real_list_matches_the_records_checked_by_eye() -> None:
    golden = [json.loads(line) for line in GOLDEN.read_text("utf-8").splitlines()]
    found = [item for item in read_file(IL7) if isinstance(item, Record)]
    assert len(golden) == len(found) == 62
    for record, want in zip(found, golden, strict=True):
        assert [author.name for author in record.authors] == want["authors"]
        for name in ("title", "et_al", "journal", "year", "volume", "issue", "pages", "position"):
            assert getattr(record, name) == want[name]
        for name in ("first_page", "last_page", "section", "identifiers"):
            assert getattr(record, name) == want[name]
        assert list(record.snippets) == want["snippets"]
        assert list(record.links) == want["links"]


def test_every_citation_of_the_real_list_can_be_printed_again_from_its_parts() -> None:
    lines = IL7.read_text("utf-8").splitlines()
    for record in read_file(IL7):
        if not isinstance(record, Record):
            continue
        byline = ", ".join(author.name for author in record.authors)
        printed = (
            f"  {record.position}. {byline}{', et al' if record.et_al else ''}. {record.title}. "
            f"{record.journal}. {record.year};{record.volume}:{record.pages} "
            f"{' '.join(record.links)}"
        )
        assert printed == lines[record.locator.line - 1].replace("├ę", "é")


def test_every_snippet_of_the_real_list_is_there_as_it_came() -> None:
    lines = [line.strip() for line in IL7.read_text("utf-8").splitlines()]
    raws = [
        text.raw
        for record in read_file(IL7)
        if isinstance(record, Record)
        for text in record.texts
        if text.field == "snippet"
    ]
    assert raws == [line for line in lines if line in set(raws)]
    assert len(raws) == 50


@pytest.mark.parametrize(
    ("title", "name", "family"),
    [
        ("Proinflammatory", "van Amelsfort J", "van Amelsfort"),
        ("Persistence of", "Wenting van Wijk M", "Wenting van Wijk"),
        ("A thymic pathway", "Garcia Ojeda M", "Garcia Ojeda"),
        ("A thymic pathway", "Samson Villéger S", "Samson Villéger"),
        ("A thymic pathway", "Richard Le Goff O", "Richard Le Goff"),
        ("Cutting edge: IL-7 regulates", "Acha Orbea H", "Acha Orbea"),
        ("Serum cytokine", "ten Hoor K", "ten Hoor"),
        ("A function for IL-7R", "de la Barrera A", "de la Barrera"),
        ("Increased intraarticular", "Wijk M", "Wijk"),
        ("Murine and human", "Panoskaltsis Mortari A", "Panoskaltsis Mortari"),
    ],
)
def test_names_of_the_real_list_are_whole(title: str, name: str, family: str) -> None:
    [record] = [
        item for item in read_file(IL7) if isinstance(item, Record) and item.title.startswith(title)
    ]
    [author] = [author for author in record.authors if author.name == name]
    assert author.family == family
    assert author.initials == name.rpartition(" ")[2]


def test_defects_of_the_real_list_are_reported_where_they_are() -> None:
    found = [item for item in read_file(IL7) if isinstance(item, Record)]
    places: dict[str, list[tuple[str, int]]] = {}
    for record in found:
        for problem in record.problems:
            place = (problem.field, problem.locator.line)
            places.setdefault(problem.code, []).append(place)
    assert places["mojibake"] == [("authors", 34)]
    assert places["lost-letter"] == [("title", 53), ("snippet", 54)]
    assert places["stray-markup"] == [("snippet", line) for line in (12, 70, 78, 81)]
    assert places["cut-end"] == [("snippet", line) for line in (10, 35, 45)]
    assert len(places["cut-start"]) == 44
    assert set(places) == {
        "mojibake", "lost-letter", "stray-markup", "cut-end", "cut-start", "end-mark",
    }  # fmt: skip


# --- citations of other lists ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("citation", "want"),
    [
        (
            "Doe J. On IL-7. Nature. 2010;12(3):4-5 pubmed",
            {"title": "On IL-7", "volume": "12", "issue": "3", "pages": "4-5"},
        ),
        (
            "Doe J, Roe B. Lessons of 2009. Blood. 2010. [Epub ahead of print] pubmed",
            {"title": "Lessons of 2009", "journal": "Blood", "year": 2010, "volume": "",
             "pages": "", "links": ("pubmed",)},
        ),
        (
            "Doe J, Roe B. The crisis of 2008; a view. Lancet. 2010;375:1",
            {"title": "The crisis of 2008; a view", "journal": "Lancet", "year": 2010},
        ),
        (
            "Doe J. IL-7: friend or foe? A view. What next! Nat Immunol. 2010;11:1-2",
            {"title": "IL-7: friend or foe? A view. What next!", "journal": "Nat Immunol"},
        ),
        (
            "Doe J, Roe B. Is it so? eLife. 2014;3:e01234",
            {"title": "Is it so?", "journal": "eLife", "pages": "e01234"},
        ),
        (
            "Doe J, Roe B. Cells vs. tissues in B. subtilis. 2014;3:1",
            {"journal": "", "title": "Cells vs. tissues in B. subtilis"},
        ),
        ("News in brief. Nature. 2010;12:4", {"title": "News in brief", "journal": "Nature"}),
        ("Vitamin D. Lancet. 2007;56:1-9", {"title": "Vitamin D", "journal": "Lancet"}),
        (
            'Doe J, Roe B. "IL-7 works." Science (New York, N.Y.). 2004;1:70-5',
            {"title": '"IL-7 works."', "journal": "Science (New York, N.Y.)"},
        ),
        (
            "Doe J.A., Roe B.A. Oh. J. Sci. U.S.A. 2007;1:1-5. doi:10.1000/X.1. PMID: 17; PMC3",
            {"title": "Oh", "journal": "J. Sci. U.S.A.",
             "identifiers": {"DOI": "10.1000/X.1", "PMID": "17", "PMCID": "PMC3"}},
        ),
        (
            "Doe J, Roe B. A title. J Immunol 2007 Mar 15;178(6 Pt 2):57-62; discussion 63-70",
            {"journal": "J Immunol", "volume": "178", "issue": "6 Pt 2",
             "pages": "57-62; discussion 63-70", "first_page": "57", "last_page": "62"},
        ),
        ("Doe J, Roe B. A title. Zh Mikrobiol. 2004;:70-5", {"volume": "", "pages": "70-5"}),
        (
            "Doe J, Roe B. A title. Immunology (Oxford. Print). 2004;1:2",
            {"title": "A title", "journal": "Immunology (Oxford. Print)"},
        ),
        (
            "Doe J, Roe B. A title. Mol. Cell. Biol. 2004;1:2",
            {"title": "A title", "journal": "Mol. Cell. Biol."},
        ),
        ("Doe J, Roe B. Short. Letter. Blood. 2004;1:2", {"title": "Short. Letter"}),
        ("Doe J, Roe B. Short one? 2004;1:2", {"title": "Short one?", "journal": ""}),
        (". Strange. Blood. 2004;1:2", {"title": ". Strange", "authors": ()}),
        ("Doe J, Roe B. A title. Database. 2011:bar031", {"pages": "bar031", "volume": ""}),
        ("Doe J, Roe B. A title. Cancer. 2011;65 Suppl 3", {"volume": "65 Suppl 3"}),
    ],
)  # fmt: skip
def test_citations_of_other_forms(citation: str, want: dict[str, Any]) -> None:
    record = cite(citation)
    assert {name: getattr(record, name) for name in want} == want


@pytest.mark.parametrize(
    ("byline", "names", "et_al"),
    [
        ("Doe J-P, O'Brien K Jr, El-Sayed A", ["Doe J-P", "O'Brien K Jr", "El-Sayed A"], False),
        ("Doe J, ARDS Network", ["Doe J", "ARDS Network"], False),
        ("Genetics of IL-7 Consortium", ["Genetics of IL-7 Consortium"], False),
        ("Doe J, Roe B, et al", ["Doe J", "Roe B"], True),
        ("Doe J, Roe B et al", ["Doe J", "Roe B"], True),
        ("Doe J and Roe B", ["Doe J", "Roe B"], False),
        ("Doe J, Poe E, and Roe B", ["Doe J", "Poe E", "Roe B"], False),
        ("Doe J. A., St. John B. C.", ["Doe J. A.", "St. John B. C."], False),
        ("Suharto, Wang XiaoMing, Łoś Ł", ["Suharto", "Wang XiaoMing", "Łoś Ł"], False),
        ("van 't Hoff W, dos Santos JMR", ["van 't Hoff W", "dos Santos JMR"], False),
    ],
)
def test_bylines(byline: str, names: list[str], et_al: bool) -> None:
    record = cite(f"{byline.removesuffix('.')}. On the roles of IL-7. Blood. 2007;1:2-3")
    assert [author.name for author in record.authors] == names
    assert record.et_al is et_al
    assert record.title == "On the roles of IL-7"


def test_author_with_suffix_keeps_it_in_the_name_only() -> None:
    author = parse_author("O'Brien KM Jr")
    assert (author.name, author.family, author.initials) == ("O'Brien KM Jr", "O'Brien", "KM")


def test_missing_parts_are_reported() -> None:
    record = cite("Doe J, Roe B. A title with no journal to it. 2014;3:1 pubmed")
    assert [problem.code for problem in record.problems] == ["missing-journal"]
    record = cite("News in brief. Nature. 2010;12:4")
    assert [problem.code for problem in record.problems] == ["missing-authors"]
    record = cite("Doe J, Roe B. A title. Nature. 2010;12:4 see http://x.org/")
    assert [problem.code for problem in record.problems] == ["unread-tail"]
    assert record.pages == "4"


@pytest.mark.parametrize(
    ("pages", "first", "last"),
    [
        ("732-42", "732", "742"), ("997-1007", "997", "1007"), ("1197-203", "1197", "1203"),
        ("iii69-74", "iii69", "iii74"), ("S12-S19", "S12", "S19"), ("R23", "R23", ""),
        ("e124", "e124", ""), ("xi-xiv", "xi", "xiv"), ("12A-15A", "12A", "15A"),
        ("99-8", "99", "8"), ("", "", ""), ("100–5", "100", "105"), ("7-7", "7", "7"),
    ],
)  # fmt: skip
def test_pages_are_expanded_only_where_that_is_sure(pages: str, first: str, last: str) -> None:
    assert expand_pages(pages) == (first, last)


@given(st.integers(1, 99999), st.integers(0, 999))
def test_pages_printed_short_come_back_whole(first: int, length: int) -> None:
    begin, end = str(first), str(first + length)
    short = end
    while len(begin) == len(end) and len(short) > 1 and begin[: -len(short) + 1] + short[1:] == end:
        short = short[1:]
    assert expand_pages(f"{begin}-{short}") == (begin, end)


_SURNAMES = st.sampled_from(["Doe", "van der Berg", "Garcia Ojeda", "O'Neil", "Łoś", "De Milito"])
_INITIALS = st.sampled_from(["J", "JA", "M-C", "Ł"])
_WORDS = st.sampled_from(
    ["IL-7", "regulates", "CD4+", "T cells.", "why?", "a view:", "p27(Kip1)", "in 2005", "vs.",
     '"x"']
)  # fmt: skip


_JOURNALS = st.sampled_from(
    ["Blood", "Proc Natl Acad Sci U S A", "Arch Immunol (Warsz)", "PLoS ONE", "eLife"]
)
_PLACES = st.tuples(
    st.integers(1800, 2030),
    st.sampled_from(["5", "65 Suppl 3", ""]),
    st.sampled_from(["732-42", "e124", "R23", "iii69-74"]),
)


@given(
    st.lists(st.tuples(_SURNAMES, _INITIALS), min_size=2, max_size=8),
    st.booleans(),
    st.lists(_WORDS, min_size=1, max_size=12),
    _JOURNALS,
    _PLACES,
)
def test_any_printed_citation_is_read_back(
    people: list[tuple[str, str]],
    et_al: bool,
    words: list[str],
    journal: str,
    place: tuple[int, str, str],
) -> None:
    year, volume, pages = place
    names = [f"{family} {initials}" for family, initials in people]
    title = f"On {' '.join(words)} at last"
    record = cite(
        f"{', '.join(names)}{', et al' if et_al else ''}. {title}. {journal}. "
        f"{year};{volume}:{pages} pubmed"
    )
    assert [author.name for author in record.authors] == names
    assert (record.title, record.et_al, record.journal) == (title, et_al, journal)
    assert (record.year, record.volume, record.pages) == (year, volume, pages)


# --- pages of other forms ----------------------------------------------------------------------


def test_page_has_topic_sections_positions_and_places() -> None:
    topic, *rest = read(PAGE)
    assert isinstance(topic, Topic)
    assert (topic.name, topic.summary, topic.locator.line) == ("interleukin 9", "A cytokine.", 1)
    found = [item for item in rest if isinstance(item, Record)]
    assert len(found) == len(rest)
    assert [(r.section, r.position, r.locator.line, r.title) for r in found] == [
        ("Top Publications", 1, 7, "One title"),
        ("Top Publications", 2, 9, "Two titles?"),
        ("More Information", 1, 13, "Three titles: a tale"),
    ]
    assert found[0].snippets == ("First snippet.",)
    assert found[1].snippets == ()


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_byte_order_mark_change_nothing(end: str, mark: bytes) -> None:
    assert read(mark + PAGE.replace("\n", end).encode()) == read(PAGE)


@given(st.binary(max_size=300), st.integers(1, 7))
def test_lines_do_not_depend_on_how_the_bytes_arrive(data: bytes, size: int) -> None:
    class Slow(io.BytesIO):
        def read(self, _: int | None = -1) -> bytes:
            return super().read(size)

    text = data.replace(b"\0", b"\r").decode("latin-1").encode()
    whole = re.split(rb"\r\n|\r|\n", text.removeprefix(b"\xef\xbb\xbf"))
    lines = list(read_lines(Slow(text)))
    assert [line.text.encode() for line in lines] == (whole[:-1] if whole[-1] == b"" else whole)
    assert not any(line.fault for line in lines)


def test_page_without_indentation() -> None:
    flat = "\n".join(line.strip() for line in PAGE.splitlines())
    key = [(r.section, r.position, r.title, r.snippets) for r in records(flat)]
    assert key == [(r.section, r.position, r.title, r.snippets) for r in records(PAGE)]


def test_several_snippets_and_broken_lines() -> None:
    [record] = records(
        "t\n\n  1. Doe J, Roe B. A title that\n     goes on. Blood.\n     2007;1:2-3 pubmed\n"
        "    ..First is broken\n    over lines. ..\n\n    ..Second. ..\n    3. Third starts so.\n"
    )
    assert record.title == "A title that goes on"
    assert record.pages == "2-3"
    assert record.snippets == ("First is broken over lines.", "Second.", "3. Third starts so.")
    assert [text.field for text in record.texts] == ["title", "snippet", "snippet-2", "snippet-3"]
    assert not [p for p in record.problems if p.code not in {"cut-start", "end-mark"}]


def test_two_pages_in_one_file_are_two_topics() -> None:
    citation = "Doe J. A long title of it. Blood. 2001;1:2"
    items = read(f"{PAGE}\n\ninterleukin 10\n\nSummary: Another\none.\n\n  1. {citation}\n")
    topics = [(item.name, item.summary) for item in items if isinstance(item, Topic)]
    assert topics == [("interleukin 9", "A cytokine."), ("interleukin 10", "Another one.")]
    last = items[-1]
    assert isinstance(last, Record)
    assert last.section == ""


def test_broken_citation_in_the_middle_costs_only_itself() -> None:
    text = PAGE.replace(
        "J Immunol. 2008;181 Suppl 2:S5-9 pubmed publisher", "J Imm\n    ..Snip. .."
    )
    assert [record.title for record in records(text)] == ["One title", "Three titles: a tale"]
    [problem] = problems(text)
    assert (problem.code, problem.lost, problem.locator.line) == ("broken-citation", True, 9)
    assert problem.raw == "Doe J, et al. Two titles? J Imm\n..Snip. .."


def test_nothing_is_passed_over_in_silence() -> None:
    text = PAGE.replace("  2. Doe", "  4. Doe").replace(
        "Top Publications\n", "Some words that end in a full stop, and are no heading.\n"
    )
    assert [(p.code, p.lost) for p in problems(text)] == [
        ("unknown-line", False),
        ("numbering-gap", False),
    ]
    [problem] = problems(PAGE.replace("  2. Doe J, et al", "    Doe J, et al"))
    assert problem.code == "missing-number"
    assert len(records(PAGE.replace("  2. Doe J, et al", "    Doe J, et al"))) == 3
    [problem] = problems(PAGE.replace("interleukin 9\n", ""))
    assert (problem.code, problem.lost) == ("missing-topic", True)


def test_every_word_of_a_page_comes_out_somewhere() -> None:
    text = PAGE + "\nSome line that fits nowhere.\n  7. Broken beyond all hope\n    ..its snippet\n"
    out = " ".join(
        f"{item.name} Summary: {item.summary}"
        if isinstance(item, Topic)
        else item.raw
        if isinstance(item, Problem)
        else " ".join(
            [item.section, *(a.name for a in item.authors), *(t.raw for t in item.texts)]
            + [item.journal, str(item.year), item.volume, item.pages, *item.links]
            + ["et al"] * item.et_al
        )
        for item in read(text)
    )
    words = set(re.findall(r"\w+", text)) - {"2"}
    assert words <= set(re.findall(r"\w+", out)) | {"1", "7"}


def test_garbled_topic_and_journal_are_mended_and_reported() -> None:
    items = read(
        "R├ęcepteur\n\nSummary: Of C├┤te.\n\n1. Doe J, Roe B. A title. M├ędecine. 2001;1:2\n"
    )
    topic, record = items[0], items[-1]
    assert isinstance(topic, Topic)
    assert isinstance(record, Record)
    assert (topic.name, topic.summary, record.journal) == ("Récepteur", "Of Côte.", "Médecine")
    fields = [item.field for item in items if isinstance(item, Problem)]
    assert fields == ["topic", "summary"]
    assert [(p.code, p.field, p.raw) for p in record.problems] == [
        ("mojibake", "journal", "M├ędecine")
    ]


# --- files that are none -----------------------------------------------------------------------


def test_missing_directory_empty_binary_and_unknown_files_are_refused(tmp_path: Path) -> None:
    def refuse(path: Path) -> str:
        with pytest.raises(InputError) as caught:
            read_file(path)
        assert str(caught.value).startswith(f"{path}: ")
        return str(caught.value)

    def write(data: bytes) -> Path:
        path = tmp_path / "list.txt"
        path.write_bytes(data)
        return path

    assert "no such file" in refuse(tmp_path / "none.txt")
    assert "directory" in refuse(tmp_path)
    assert "empty" in refuse(write(b""))
    assert "empty" in refuse(write(b"\xef\xbb\xbf \r\n\n"))
    assert "binary" in refuse(write(b"\x7fELF\x00\x01"))
    assert "reading-list" in refuse(write(b"# Notes\n\n1. Buy milk\n"))
    assert "no such file" in refuse(tmp_path / "none" / "x.txt")


def test_utf_16_gzip_and_other_encodings_are_read_alike(tmp_path: Path) -> None:
    def read(data: bytes, encoding: str | None = None) -> list[tuple[str, str]]:
        path = tmp_path / "list.txt"
        path.write_bytes(data)
        items = list(read_file(path, encoding=encoding))
        return [(item.title, item.journal) for item in items if isinstance(item, Record)]

    page = PAGE.replace("Poe E", "Poé E")
    wanted = read(page.encode("utf-8"))
    assert len(wanted) > 1
    assert read(page.encode("utf-16")) == wanted
    assert read(gzip.compress(page.encode("utf-8"))) == wanted
    assert read(page.encode("cp1252"), "cp1252") == wanted
    with pytest.raises(InputError, match="no encoding called 'klingon'"):
        read(page.encode("utf-8"), "klingon")


def test_special_and_unreadable_files_are_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(InputError, match="not a plain file"):
        read_file(pipe)
    with pytest.raises(InputError, match="cannot be opened"):
        read_file(Path("a\0b"))
    with pytest.raises(InputError, match="cannot be opened"):
        read_file(tmp_path / ("x" * 300))


def lost(page: bytes) -> tuple[list[str], list[Problem]]:
    """Return the titles and topics that are read all the same, and what is lost."""
    items = read(page)
    named = [item.title if isinstance(item, Record) else item.name for item in items
             if not isinstance(item, Problem)]  # fmt: skip
    return named, [item for item in items if isinstance(item, Problem) and item.lost]


def test_citation_that_is_not_utf_8_is_lost_alone() -> None:
    named, [problem] = lost(PAGE.replace("First snippet", "Fürst snippet").encode("latin-1"))
    assert named == ["interleukin 9", "Two titles?", "Three titles: a tale"]
    assert (problem.locator.line, problem.code) == (7, "not-utf-8")
    assert "line 8, column 8: byte 0xfc" in problem.message
    assert "--encoding" in problem.message
    assert problem.raw.splitlines()[1] == "..F\ufffdrst snippet. .."


def test_headings_that_are_not_utf_8_are_lost_and_what_is_under_them_is_read() -> None:
    named, [problem] = lost(PAGE.replace("A cytokine", "A cytokiné").encode("latin-1"))
    assert named == ["One title", "Two titles?", "Three titles: a tale"]
    assert (problem.locator.line, problem.code) == (1, "not-utf-8")
    page = PAGE.replace("More Inf", "Moré Inf").encode("latin-1")
    [*_, record] = records(page)
    assert (record.title, record.section) == ("Three titles: a tale", "")
    assert [problem.locator.line for problem in lost(page)[1]] == [11]


def test_line_that_belongs_nowhere_is_lost_with_its_fault() -> None:
    named, [problem] = lost(b"x\n\nSummary: y\n\n(\xff.\n\n1. Doe J. A title. Blood. 2001;1:2\n")
    assert (named, problem.code, problem.locator.line) == (["x", "A title"], "not-utf-8", 5)


def test_nul_loses_its_citation() -> None:
    named, [problem] = lost(PAGE.encode().replace(b"Two", b"T\0o"))
    assert named == ["interleukin 9", "One title", "Three titles: a tale"]
    assert (problem.locator.line, problem.code) == (9, "nul")
    assert problem.raw.startswith("Doe J, et al. T␀o titles")


@pytest.mark.parametrize("field", ["One title", "First snippet", "Two titles"])
def test_endless_line_loses_its_citation_alone(field: str) -> None:
    whole, _ = lost(PAGE.encode())
    named, [problem] = lost(PAGE.replace(field, field + "a" * (3 * MAX_LINE)).encode())
    assert len(named) == len(whole) - 1
    assert problem.code == "long-line"
    assert len(problem.raw) < 1000


def test_citation_without_end_is_lost_alone() -> None:
    line = "    ..Much more. ..\n"
    page = PAGE.replace("    ..First snippet. ..\n", line * (MAX_RECORD // len(line)))
    named, [problem] = lost(page.encode())
    assert named == ["interleukin 9", "Two titles?", "Three titles: a tale"]
    assert (problem.locator.line, problem.code) == (7, "long-record")


def test_lines_are_cut_at_the_same_length_however_they_arrive() -> None:
    class Slow(io.BytesIO):
        def read(self, _: int | None = -1) -> bytes:
            return super().read(MAX_LINE // 3 + 1)

    for end in (b"\n", b"\r", b"\r\n"):
        data = end.join([b"a" * MAX_LINE, b"b" * (MAX_LINE + 1), b"\xef\xbb\xbfc", b"d" * MAX_LINE])
        for ending in (b"", end):
            for stream in (io.BytesIO, Slow):
                lines = list(read_lines(stream(data + ending)))
                assert [line.number for line in lines] == [1, 2, 3, 4]
                assert [line.fault and line.fault.code for line in lines] == [
                    None, "long-line", None, None
                ]  # fmt: skip
                assert lines[2].text == "c"


def test_source_is_named_by_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "mine.txt"
    path.write_text("x\n\nSummary: y\n")
    source = source_of(path)
    assert (source.name, source.format) == ("mine.txt", "reading-list")
    assert source.sha256 == sha256(path.read_bytes()).hexdigest()
    assert source_of(IL7).sha256 != source.sha256


def test_suffix_is_no_condition(tmp_path: Path) -> None:
    path = tmp_path / "list"
    path.write_text(PAGE)
    assert detect_reader(path).name == "reading-list"
    assert len({reader.name for reader in READERS}) == len(READERS)


# --- any input at all --------------------------------------------------------------------------

_FRAGMENTS = st.sampled_from(
    [b"\n", b"\r", b"  1. ", b"Doe J, ", b"et al. ", b". ", b"Blood. ", b"2007;1:2-3", b" pubmed",
     b"Summary: ", b"?", b"..", b"b>", b"\xe2\x94\x9c\xc4\x99", b"(", b")", b"\xff", b"    ",
     b"and "]
)  # fmt: skip


@given(st.one_of(st.binary(max_size=200), st.lists(_FRAGMENTS, max_size=40).map(b"".join)))
@settings(max_examples=300)
def test_any_bytes_are_read(data: bytes) -> None:
    for item in read(data):
        if isinstance(item, Record):
            assert item.title
            for text in item.texts:
                assert "\x1f" not in text.text
        # What came of bytes that are not UTF-8 goes into no value.
        json.dumps(asdict(item), ensure_ascii=False).encode()


@given(st.integers(0, IL7.stat().st_size))
@settings(max_examples=60, deadline=None)
def test_file_cut_at_any_byte_gives_what_was_before_the_cut(size: int) -> None:
    data = IL7.read_bytes()
    whole = records(data)
    items = read(data[:size])
    assert sum(isinstance(item, Problem) and item.lost for item in items) <= 1
    found = [item for item in items if isinstance(item, Record)]
    # All but the last record, which the cut may have gone through, are as in the whole file.
    assert found[:-1] == whole[: max(0, len(found) - 1)]


@pytest.mark.parametrize(
    "piece",
    ["A B, ", "x. ", "2007; ", "Blood. 2007;1:2 ", "IL7?) ", "( ", "J. A. ", "└├ ", ") ", "A "],
)
def test_time_grows_with_the_length_only(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    start = time.perf_counter()
    read(f"t\n\n1. {text}\n  {text}\n2. {text}. Blood. 2007;1:2 pubmed\n")
    assert time.perf_counter() - start < 30  # a square of the length takes minutes
