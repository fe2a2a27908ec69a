"""Floor 10: the page on which queries are written, and their answers as a table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from kg.descriptions import Edge
from kg.descriptions.model import Term
from kg.queries import SavedQuery
from kg.queries.themes import by_theme
from kg.service.negotiation import GRAPHS, TABLES
from kg.service.pages.built import script_of
from kg.service.pages.rendering import count, render
from kg.service.pages.shown import Shown, Value
from kg.service.pages.things import FORMAT_NAMES

TITLE = "Ask in SPARQL"

START = """\
# The papers that mention IL7 (HGNC:6023), newest first
SELECT ?paper ?title ?year WHERE {
  ?paper kg:mentions HGNC:6023 ;
    dcterms:title ?title ;
    kg:year ?year .
}
ORDER BY DESC(?year) ?title
LIMIT 100
"""
"""What stands in the editor before anything is written."""

# For tables and for statements: of several names, the one counts that there is.
_ANSWERS = (
    ("html", "a page"),
    ("csv,turtle", "CSV; statements: Turtle"),
    ("tsv,ntriples", "TSV; statements: N-Triples"),
    ("json", "JSON; statements: JSON-LD"),
    ("xml", "XML; statements: RDF/XML"),
)
_TABLE_NAMES = {"json": "JSON", "xml": "XML", "csv": "CSV", "tsv": "TSV"}
_LONGEST_LINK = 8_000
"""Characters of an address that every proxy lets pass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer to show: `what` its rows are, and whether there are more; a `verdict` of an ASK."""

    columns: Sequence[str] = ()
    rows: Sequence[Sequence[Term | None]] = ()
    what: str = "row"
    is_cut: bool = False
    verdict: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Why there is no answer, and where in the query, both from 1; 0: not known."""

    message: str
    line: int = 0
    column: int = 0


def write_editor_page(
    shown: Shown,
    text: str,
    saved: Iterable[SavedQuery],
    *,
    answer: Answered | None = None,
    failed: Failed | None = None,
    unclear: str = "",
) -> bytes:
    """Return the page with a query in it, and its answer or why there is none.

    `unclear` says what is wrong with the parameters of a saved query that was asked for.
    """
    server = shown.addresses.server
    link = f"{server}/editor?{urlencode({'query': text})}"
    is_short = len(link) < _LONGEST_LINK
    themes = [
        (
            theme,
            [
                {
                    "name": each.name,
                    "summary": each.summary,
                    "href": f"{server}/editor?{urlencode({'saved': each.name})}",
                }
                for each in some
            ],
        )
        for theme, some in by_theme(saved)
    ]
    return render(
        "editor.html",
        server,
        title=TITLE,
        script=script_of("editor"),
        text=text,
        answers=_ANSWERS,
        unclear=unclear,
        again=answer is not None,
        answer=None if answer is None else _shown(shown, answer),
        downloads=_downloads(server, text, answer) if answer is not None and is_short else [],
        link=link,
        themes=themes,
        **_place(text, failed),
    )


def _shown(shown: Shown, answer: Answered) -> Mapping[str, object]:
    more = "more than " if answer.is_cut else ""
    return {
        "columns": answer.columns,
        "rows": [[_value(shown, term) for term in row] for row in answer.rows],
        "what": answer.what,
        "is_cut": answer.is_cut,
        "verdict": answer.verdict,
        "amount": "" if answer.verdict else f"{more}{count(len(answer.rows), answer.what)}",
    }


def _value(shown: Shown, term: Term | None) -> Value | None:
    if term is None:
        return None
    value = shown.value(Edge(value=term))
    if value.link is None or not isinstance(term, NamedNode):
        return value
    # Who writes SPARQL wants to see what can be written in it.
    return Value(link=shown.link(term.value, value.link.short))


def _downloads(server: str, text: str, answer: Answered) -> list[dict[str, str]]:
    if answer.what == "statement":
        names = [(offer.name, FORMAT_NAMES[offer.name]) for offer in GRAPHS[:4]]
    else:
        names = [(offer.name, _TABLE_NAMES[offer.name]) for offer in TABLES]
    return [
        {"name": name, "href": f"{server}/sparql?{urlencode({'query': text, 'format': form})}"}
        for form, name in names
    ]


def _place(text: str, failed: Failed | None) -> dict[str, str]:
    """Return what is wrong, with the line of the query and a mark below where that is."""
    if failed is None:
        return {"error": "", "line": "", "pointer": ""}
    lines = text.splitlines()
    if not 0 < failed.line <= len(lines):
        return {"error": failed.message, "line": "", "pointer": ""}
    line = lines[failed.line - 1]
    before = "".join("\t" if each == "\t" else " " for each in line[: failed.column - 1])
    return {"error": failed.message, "line": line, "pointer": f"{before}^"}
