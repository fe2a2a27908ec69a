"""Top floor: papers and assertions on the terminal, each a card with its sentences.

In a terminal the words that name the entities are highlighted and titles are links; elsewhere it is
plain text, and lines are not broken.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from kg.namespaces import iri_to_curie
from kg.queries import Value
from kg.queries.formats import VOCABULARIES

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

Row = Mapping[str, Value]

# The columns whose words are highlighted, and how.
_STYLES = (
    ("bold cyan", ("text_a", "subject_text", "text")),
    ("bold magenta", ("text_b", "object_text")),
    ("underline", ("trigger",)),
)
# What has its place on a card, or is said by the assertion in words.
_ON_CARD = frozenset(
    "paper title year journal sentence field text text_a text_b link assertion predicate sign "
    "negated speculative confidence subject_text object_text trigger fact fact_confidence "
    "retracted".split()
)


def shorten_iri(value: Value) -> str:
    """Return a value as a person reads it: an IRI as its CURIE or prefixed name, if it has one.

    >>> shorten_iri("http://identifiers.org/hgnc/6023"), shorten_iri(f"{VOCABULARIES['kg']}Gene")
    ('HGNC:6023', 'kg:Gene')
    """
    text = plain_text(value)
    curie = iri_to_curie(text) if text.startswith("http") else None
    if curie is not None:
        return curie
    for name, start in VOCABULARIES.items():
        local = text.removeprefix(start)
        if local != text and re.fullmatch(r"\w+", local):
            return f"{name}:{local}"
    return text


def plain_text(value: Value) -> str:
    """Return a value as text: nothing for what is missing, truth values in small letters.

    >>> plain_text(None), plain_text(True), plain_text(2005)
    ('', 'true', '2005')
    """
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def count_of(count: int, what: str) -> str:
    """Return a count in words.

    >>> count_of(1, "paper"), count_of(1200, "paper")
    ('1 paper', '1,200 papers')
    """
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def highlight_spans(sentence: str, words: Sequence[str]) -> list[tuple[int, int, int]]:
    """Return where words stand in a sentence: start, end, and which of the words it is.

    Whole words where there are any, so that "IL-7" is not found in "IL-7R". Earlier words win.

    >>> highlight_spans("IL-7R binds IL-7", ["IL-7"])
    [(12, 16, 0)]
    """
    spans: list[tuple[int, int, int]] = []
    for number, word in enumerate(words):
        if not word:
            continue
        found = list(re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", sentence))
        found = found or list(re.finditer(re.escape(word), sentence))[:1]
        for match in found:
            if all(match.end() <= start or end <= match.start() for start, end, _ in spans):
                spans.append((match.start(), match.end(), number))
    return sorted(spans)


def print_papers(
    console: "Console", columns: Sequence[str], rows: Sequence[Row], links: Mapping[str, str]
) -> None:
    """Print rows as papers with their sentences, and under each sentence what it says, if known.

    `links` are the pages of the papers. Rows that differ in `link` stand under headings.
    """
    from rich.text import Text  # noqa: PLC0415

    for number, link in enumerate(dict.fromkeys(row.get("link") for row in rows)):
        if link is not None:
            if number:
                console.print()
            print_line(console, Text(f"{link}:", style="bold"))
        _print_papers(console, columns, [row for row in rows if row.get("link") == link], links)


def _print_papers(
    console: "Console", columns: Sequence[str], rows: Sequence[Row], links: Mapping[str, str]
) -> None:
    from rich.text import Text  # noqa: PLC0415

    others = [name for name in columns if name not in _ON_CARD]
    # What is the same in every row is said once, above the papers.
    shared = [
        name for name in others if all(row[name] == rows[0][name] for row in rows) and len(rows) > 1
    ]
    for name in shared:
        print_line(console, Text(f"{name}: {shorten_iri(rows[0][name])}"))
    if shared:
        console.print()
    own = [name for name in others if name not in shared]
    for number, paper in enumerate(dict.fromkeys(row["paper"] for row in rows)):
        if paper is None:
            continue
        if number:
            console.print()
        of_paper = [row for row in rows if row["paper"] == paper]
        _print_paper(console, of_paper, own, links.get(str(paper), ""))


def _print_paper(console: "Console", rows: Sequence[Row], others: Sequence[str], link: str) -> None:
    from rich.text import Text  # noqa: PLC0415

    first = rows[0]
    # Where the title is the sentence, it is not printed twice.
    in_title = [row for row in rows if row.get("sentence") == row["title"]]
    title = Text(str(first["title"]), style=f"bold link {link}" if link else "bold")
    highlight(title, in_title)
    print_line(console, title)
    _print_said(console, in_title, indent=2)
    where = cite(first, with_title=False)
    notes = [where, "in the title"] if in_title else [where]
    if any(notes):
        print_line(console, Text(" · ".join(filter(None, notes)), style="dim"), indent=2)
    print_address(console, link, indent=2)
    for name in others:
        if first[name] is not None:
            print_line(console, Text(f"{name}: {shorten_iri(first[name])}"), indent=2)
    rest = [row for row in rows if row.get("sentence") and row not in in_title]
    for alike in _by_sentence(rest):
        text = quote(alike)
        if alike[0].get("field"):
            text.append(f"  ({alike[0]['field']})", style="dim")
        print_line(console, text, indent=2)
        _print_said(console, alike, indent=4)


def _by_sentence(rows: Iterable[Row]) -> list[list[Row]]:
    """Return rows put together by their sentence, in the order in which sentences come first."""
    found: dict[tuple[Value, Value, Value], list[Row]] = {}
    for row in rows:
        found.setdefault((row["paper"], row.get("field"), row["sentence"]), []).append(row)
    return list(found.values())


def _print_said(console: "Console", rows: Sequence[Row], indent: int) -> None:
    """Print what a sentence says, where that is known."""
    from rich.text import Text  # noqa: PLC0415

    for assertion in dict.fromkeys(row.get("assertion") for row in rows):
        if assertion:
            print_line(console, Text(f"→ {assertion}"), indent=indent)


def print_assertions(
    console: "Console", rows: Sequence[Row], links: Mapping[str, str], indent: int = 0
) -> None:
    """Print rows as assertions with their sentences; those with a `between` under that heading."""
    from rich.text import Text  # noqa: PLC0415

    for number, between in enumerate(dict.fromkeys(row.get("between") for row in rows)):
        group = [row for row in rows if row.get("between") == between]
        deeper = indent
        if number:
            console.print()
        if between:
            print_line(console, Text(f"{between}:", style="bold"), indent=indent)
            deeper += 2
        for place, assertion in enumerate(dict.fromkeys(row["assertion"] for row in group)):
            if place:
                console.print()
            alike = [row for row in group if row["assertion"] == assertion]
            notes = assertion_notes(alike[0])
            print_assertion(console, str(assertion), alike, notes, links, indent=deeper)


def assertion_notes(row: Row) -> list[str]:
    """Return what is known of an assertion as a whole, in words.

    >>> assertion_notes({"sign": "negative", "papers": 1, "sentences": 2, "confidence": 0.9})
    ['negative', '1 paper', '2 sentences', 'confidence 0.9']
    """
    # The sign is the relation's: of what is denied it would mislead.
    notes = [str(row["sign"])] if row.get("sign") and not row.get("negated") else []
    for name in ("papers", "sentences"):
        count = row.get(name)
        if isinstance(count, int):
            notes.append(count_of(count, name.removesuffix("s")))
    if isinstance(row.get("confidence"), float):
        notes.append(f"confidence {row['confidence']:g}")
    return notes


def print_assertion(
    console: "Console",
    assertion: str,
    rows: Sequence[Row],
    notes: Sequence[str],
    links: Mapping[str, str],
    *,
    indent: int,
) -> None:
    """Print an assertion: in words, what is known of it, and its sentences with their papers."""
    from rich.text import Text  # noqa: PLC0415

    print_line(console, Text(assertion, style="bold"), indent=indent)
    if notes:
        print_line(console, Text(" · ".join(notes), style="dim"), indent=indent + 2)
    print_sentences(
        console, rows, links, indent=indent + 2, mark=not assertion.endswith("(speculative)")
    )


def print_sentences(
    console: "Console",
    rows: Sequence[Row],
    links: Mapping[str, str],
    *,
    indent: int,
    mark: bool = True,
) -> None:
    """Print sentences, each with its paper below it; `mark` those that are speculative."""
    from rich.text import Text  # noqa: PLC0415

    for alike in _by_sentence(rows):
        first = alike[0]
        link = links.get(str(first["paper"]), "")
        text = quote(alike)
        if mark and all(row.get("speculative") for row in alike):
            text.append("  (speculative)", style="dim")
        print_line(console, text, indent=indent)
        in_title = first["sentence"] == first["title"]
        notes = [cite(first, with_title=not in_title), "in the title" if in_title else ""]
        source = Text(" · ".join(filter(None, notes)), style=f"dim link {link}" if link else "dim")
        print_line(console, source, indent=indent + 2)
        print_address(console, link, indent=indent + 2)


def cite(row: Row, *, with_title: bool) -> str:
    """Return where a paper appeared, after its title or without it, and whether it was retracted.

    >>> cite({"title": "A", "journal": "J Immunol", "year": 2005}, with_title=True)
    'A. J Immunol 2005'
    >>> cite({"title": "A", "journal": None, "year": 2005, "retracted": True}, with_title=False)
    '2005 [retracted]'
    """
    parts = [str(row[name]) for name in ("journal", "year") if row[name] is not None]
    where = " ".join([*parts, *(["[retracted]"] if row.get("retracted") else [])])
    title = str(row["title"]) if with_title else ""
    end = "" if title.endswith((".", "?", "!")) else "."
    return f"{title}{end} {where}" if title and where else title or where


def quote(rows: Sequence[Row]) -> "Text":
    """Return the sentence of rows that share one, with the words of all of them highlighted."""
    from rich.text import Text  # noqa: PLC0415

    text = Text(f"“{rows[0]['sentence']}”")
    highlight(text, rows)
    return text


def highlight(text: "Text", rows: Sequence[Row]) -> None:
    """Highlight in a text the words that rows have for their entities."""
    words: dict[str, str] = {}
    for style, columns in _STYLES:
        for row in rows:
            for name in columns:
                if row.get(name):
                    words.setdefault(str(row[name]), style)
    styles = list(words.values())
    for start, end, number in highlight_spans(text.plain, list(words)):
        text.stylize(styles[number], start, end)


def print_address(console: "Console", link: str, *, indent: int) -> None:
    """Print the address of a paper's page; in a terminal, where it fits, for the title leads there.

    An empty address prints nothing.
    """
    from rich.text import Text  # noqa: PLC0415

    if link and (not console.is_terminal or len(link) + indent <= console.width):
        print_line(console, Text(link, style="dim"), indent=indent)


def print_line(console: "Console", text: "Text", indent: int = 0) -> None:
    """Print a paragraph, indented; it is broken at the width of a terminal, and nowhere else."""
    if console.is_terminal:
        from rich.padding import Padding  # noqa: PLC0415

        console.print(Padding(text, (0, 0, 0, indent), expand=False))
    else:
        console.print(f"{' ' * indent}{text.plain}", soft_wrap=True)
