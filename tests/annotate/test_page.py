"""The page of annotated texts: whole, safe whatever the text, and legible."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from kg.annotate.annotator import Annotator
from kg.annotate.page import write_page
from kg.annotate.page_style import STYLE
from kg.errors import KgError
from kg.model import EntityType
from kg.vocabulary.lexicon import Lexicon


class Reader(HTMLParser):
    """Gathers the elements of a page, and the text of its documents."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)
        if dict(attrs).get("class") == "text":
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "p" in self.open and "article" in self.open:
            self.texts[-1] += data


def render(lexicon: Lexicon, path: Path, *texts: str) -> Reader:
    annotator = Annotator(lexicon)
    with write_page(path, lexicon, "Entities in <b>") as page:
        for text in texts:
            page.add(text[:20], [("", text, annotator.annotate([text])[0])])
    reader = Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    reader.close()
    assert reader.open == []
    return reader


def test_mentions_are_linked_and_told(lexicon: Lexicon, tmp_path: Path) -> None:
    text = "IL-7 in rheumatoid arthritis"
    reader = render(lexicon, tmp_path / "a.html", text, text)
    assert reader.texts == [text, text]
    links = [
        attributes for tag, attributes in reader.elements if tag == "a" and "title" in attributes
    ]
    assert len(links) == 4
    title = links[0].pop("title")
    assert re.fullmatch(r"IL7 \(HGNC:6023\), gene: [01]\.\d\d, approved symbol", str(title))
    assert links[0] == {
        "class": "mention gene",
        "data-type": "G",
        "href": "https://www.genenames.org/data/gene-symbol-report/#!/hgnc_id/HGNC:6023",
    }
    content = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "2 documents, 4 mentions of" in content
    assert '<span class="mention disease" data-type="D">disease</span> 2</li>' in content
    assert 'MONDO:0008383</a></td><td class="number">2</td><td class="number">2</td>' in content


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<script>alert('x')</script> IL-7 & \"so\"", None),
        ("</p></article><img src=x onerror=alert(1)>IL-7", None),
        ("\x00IL-7\x1b[31m\x7f\x85", "␀IL-7␛[31m␡\ufffd"),
        ("half a pair \ud800 of IL-7", "half a pair \ufffd of IL-7"),
        ("שלום IL-7 עולם \u202e", None),
        ("one\ntwo\tthree  IL-7", None),
        ("", None),
    ],
)
def test_any_text_is_shown_as_it_is(
    lexicon: Lexicon, tmp_path: Path, text: str, shown: str | None
) -> None:
    reader = render(lexicon, tmp_path / "a.html", text)
    assert reader.texts == [text if shown is None else shown]
    assert not {"script", "img"} & {tag for tag, _ in reader.elements}
    assert all(
        attributes.get("dir") == "auto"
        for _, attributes in reader.elements
        if attributes.get("class") == "text"
    )


def test_nothing_is_loaded_from_elsewhere(lexicon: Lexicon, tmp_path: Path) -> None:
    reader = render(lexicon, tmp_path / "a.html", "IL-7")
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in reader.elements}
    assert "url(" not in STYLE
    assert "@import" not in STYLE


def test_fields_have_headings(lexicon: Lexicon, tmp_path: Path) -> None:
    with write_page(tmp_path / "a.html", lexicon, "t") as page:
        page.add("one", [("title", "a", []), ("abstract", "b", [])])
    content = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert content.index("<h3>title</h3>") < content.index("<h3>abstract</h3>")
    assert "None was found" in content


def test_a_failure_leaves_the_page_that_was_there(lexicon: Lexicon, tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("old")

    def fail() -> None:
        with write_page(path, lexicon, "t") as page:
            page.add("one", [("", "a", [])])
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        fail()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["", "none/a.html"])
def test_where_no_page_can_be_written(lexicon: Lexicon, tmp_path: Path, name: str) -> None:
    with pytest.raises(KgError), write_page(tmp_path / name, lexicon, "t"):
        pass
    assert list(tmp_path.iterdir()) == []


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1])
def test_contrast(scheme: int) -> None:
    block = STYLE.split("@media (prefers-color-scheme: dark)")[scheme]
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
    assert contrast(colours["ink"], colours["page"]) >= 7
    assert contrast(colours["quiet"], colours["page"]) >= 4.5
    for kind in EntityType:
        tint = colours[kind.lower()]
        assert contrast(colours["ink"], tint) >= 7, kind
        assert contrast(colours[f"{kind.lower()}-line"], tint) >= 4.5, kind
