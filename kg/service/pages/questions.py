"""Floor 10: saved queries as pages: all of them by theme, and each as a form with its answer."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from markupsafe import Markup, escape
from pyoxigraph import Literal

from kg.descriptions import Edge
from kg.descriptions.model import Term
from kg.errors import ParameterError
from kg.namespaces import XSD
from kg.queries import Parameter, ParameterType, Resolved, SavedQuery
from kg.queries.run import Asked
from kg.queries.saved import QueryForm
from kg.queries.themes import by_theme
from kg.service.documents import address_of
from kg.service.pages.built import script_of
from kg.service.pages.rendering import render, visible
from kg.service.pages.shown import Link, Shown, Value

Given = Mapping[str, Sequence[str]]

TITLE = "Saved queries"

_NUMBERS = frozenset(
    f"{XSD}{name}"
    for name in ("integer", "decimal", "double", "float", "int", "nonNegativeInteger")
)
_WORDS = {"true": "yes", "false": "no"}
_TABLE_FORMATS = (("csv", "CSV"), ("tsv", "TSV"), ("json", "JSON"), ("turtle", "Turtle"))
_GRAPH_FORMATS = (("turtle", "Turtle"), ("ntriples", "N-Triples"), ("json", "JSON"))
_KINDS = {
    "Gene": "gene",
    "GeneFamily": "gene family",
    "CellType": "cell type",
    "Disease": "disease",
    "Organism": "organism",
    "Anatomy": "anatomy",
    "Process": "process",
    "Chemical": "chemical",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Rows of an answer: from row `start` on; `next` is where the page behind this one begins."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Term | None]]
    start: int = 0
    next: str = ""
    is_cut: bool = False
    unmentioned: Sequence[Resolved] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A saved query as it is asked: what was given, what that was taken for, what came of it.

    `wrong` is what cannot be asked so, `refused` why it is not asked at all; `generation` is the
    one that answers, `build` that for which the link was made.
    """

    query: SavedQuery
    given: Given = field(default_factory=dict)
    asked: Asked | None = None
    shelf: Shelf | None = None
    wrong: ParameterError | None = None
    refused: str = ""
    generation: str = ""
    build: str = ""


def write_questions_page(shown: Shown, queries: Iterable[SavedQuery]) -> bytes:
    """Return the page of all saved queries."""
    server = shown.addresses.server
    themes = [
        (
            theme,
            [
                {
                    "name": each.name,
                    "summary": each.summary,
                    "href": address_of(server, each.name),
                    "example": _example(server, each),
                    "tried": _tried(each),
                    "is_online": bool(each.online),
                }
                for each in some
            ],
        )
        for theme, some in by_theme(queries)
    ]
    return render("questions.html", server, title=TITLE, themes=themes)


def write_question_page(shown: Shown, question: Question) -> bytes:
    """Return the page of one saved query."""
    server, query = shown.addresses.server, question.query
    given = {name: values for name, values in question.given.items() if name != "after"}
    shelf = question.shelf
    return render(
        "question.html",
        server,
        title=query.summary,
        description=with_code(query.description),
        script=script_of("saved"),
        query=query,
        action=address_of(server, query.name),
        fields=[_field(shown, question, each) for each in query.parameters],
        wrong=_wrong(question),
        refused=question.refused,
        is_online=bool(query.online),
        example=_example(server, query),
        tried=_tried(query),
        editor=f"{server}/editor?{urlencode([('saved', query.name), *_pairs(given)])}",
        shelf=None if shelf is None else _shelf(shown, question, shelf),
        first=address_of(server, query.name, given.items()) if shelf and shelf.start else "",
        permanent=_permanent(server, question, given),
        changed=question.build if question.build not in ("", question.generation) else "",
        generation=question.generation,
        columns=[(each.name, with_code(each.description)) for each in query.columns],
        downloads=[
            {
                "name": name,
                "href": address_of(server, query.name, [*given.items(), ("format", (form,))]),
            }
            for form, name in (_TABLE_FORMATS if query.form is QueryForm.SELECT else _GRAPH_FORMATS)
        ],
    )


def _pairs(given: Given) -> list[tuple[str, str]]:
    return [(name, value) for name, values in given.items() for value in values]


def _example(server: str, query: SavedQuery) -> str:
    return address_of(server, query.name, query.example.parameters.items())


def _tried(query: SavedQuery) -> str:
    """Return the example of a query in words: "IL-7, STAT5"."""
    return ", ".join(" and ".join(values) for values in query.example.parameters.values())


def _permanent(server: str, question: Question, given: Given) -> str:
    """Return the address that keeps the question and the build that answered it."""
    build = [("build", (question.generation,))] if question.generation else []
    return address_of(server, question.query.name, [*given.items(), *build])


def _wrong(question: Question) -> str:
    """Return what is wrong with the question where no field of the form is at fault."""
    wrong = question.wrong
    if wrong is None or question.query.parameter(wrong.parameter) is not None:
        return ""
    return str(wrong)


def _field(shown: Shown, question: Question, parameter: Parameter) -> dict[str, object]:
    """Return a field of the form: what it takes, what stands in it, what that was taken for."""
    given = list(question.given.get(parameter.name, ()))
    default = parameter.default or ""
    taken = question.asked.parameters.get(parameter.name, ()) if question.asked else ()
    wrong = (
        question.wrong if question.wrong and question.wrong.parameter == parameter.name else None
    )
    return {
        "name": parameter.name,
        "label": _label(parameter.name),
        "description": with_code(_in_words(parameter)),
        "kind": parameter.type.value,
        "required": parameter.required,
        "values": given or [default],
        "options": _options(parameter, given[0] if given else default),
        "types": ", ".join(_KINDS.get(each.value, each.value) for each in parameter.types),
        "taken": [_taken(shown, each) for each in taken if each.id is not None],
        "wrong": "" if wrong is None else str(wrong),
        "candidates": [] if wrong is None else _candidates(shown, question, wrong),
    }


def _label(name: str) -> str:
    """Return the name of a parameter as a label.

    >>> _label("entity_a")
    'Entity A'
    """
    first, *rest = name.split("_")
    return " ".join(
        [first.capitalize(), *(each.upper() if len(each) == 1 else each for each in rest)]
    )


def _in_words(parameter: Parameter) -> str:
    """Return the description of a parameter, which speaks of values as the form does."""
    if parameter.type is not ParameterType.BOOLEAN:
        return parameter.description
    return re.sub(r"\b(true|false)\b", lambda found: f"`{_WORDS[found[0]]}`", parameter.description)


def with_code(text: str) -> Markup:
    """Return a text in which what stands between backticks is code.

    >>> str(with_code("`a` < b"))
    '<code>a</code> &lt; b'
    """
    parts = [
        Markup("<code>{}</code>").format(part) if place % 2 else escape(part)
        for place, part in enumerate(visible(text).split("`"))
    ]
    return Markup("").join(parts)


def _options(parameter: Parameter, chosen: str) -> list[tuple[str, str, bool]]:
    """Return what there is to choose from: values, words, which one is chosen."""
    if parameter.type is ParameterType.BOOLEAN:
        values = ["true", "false"] if parameter.default is not None else ["", "true", "false"]
    elif parameter.type is ParameterType.CHOICE:
        empty = [] if parameter.required or parameter.default is not None else [""]
        values = [*empty, *parameter.choices]
    else:
        return []
    folded = chosen.casefold()
    return [
        (value, _WORDS.get(value, value.replace("_", " ")) or "any", value.casefold() == folded)
        for value in values
    ]


def _taken(shown: Shown, resolved: Resolved) -> dict[str, object]:
    iri = getattr(resolved.term, "value", "")
    return {
        "given": resolved.given,
        "link": Link(text=resolved.label, href=shown.addresses.of(iri), short=resolved.id or iri),
        "kind": _KINDS.get(resolved.type.value, "") if resolved.type else "",
        "in_graph": resolved.in_graph,
    }


def _candidates(shown: Shown, question: Question, wrong: ParameterError) -> list[dict[str, str]]:
    """Return what may have been meant, each with the question that asks for it."""
    server = shown.addresses.server
    candidates = []
    for each in wrong.candidates:
        values = [
            str(each["id"]) if value == wrong.value else value
            for value in question.given.get(wrong.parameter, ())
        ]
        if str(each["id"]) not in values:
            values = [str(each["id"])]
        given = {**question.given, wrong.parameter: values}
        given.pop("after", None)
        candidates.append(
            {
                "label": str(each["label"]),
                "id": str(each["id"]),
                "kind": _KINDS.get(str(each.get("type")), ""),
                "href": address_of(server, question.query.name, given.items()),
            }
        )
    return candidates


def _shelf(shown: Shown, question: Question, shelf: Shelf) -> dict[str, object]:
    described = {column.name: column.description for column in question.query.columns}
    return {
        "columns": [(name, described.get(name, "").replace("`", "")) for name in shelf.columns],
        "rows": [[_cell(shown, term) for term in row] for row in shelf.rows],
        "start": shelf.start,
        "next": shelf.next,
        "is_cut": shelf.is_cut,
        "is_graph": question.query.form is not QueryForm.SELECT,
        "amount": _amount(shelf, question.query.form is QueryForm.SELECT),
        "unmentioned": [_taken(shown, each) for each in shelf.unmentioned],
    }


def _amount(shelf: Shelf, is_table: bool) -> str:  # noqa: FBT001
    """Return how many rows there are, or which of them these are."""
    what = "row" if is_table else "statement"
    number = len(shelf.rows)
    if shelf.start or shelf.next:
        first, last = shelf.start + 1, shelf.start + number
        return f"{what.capitalize()}s {first:,} to {last:,}{'; more follow' if shelf.next else ''}"
    more = "more than " if shelf.is_cut else ""
    return f"{more}{number:,} {what}{'' if number == 1 else 's'}"


def _cell(shown: Shown, term: Term | None) -> tuple[Value | None, str]:
    """Return what a cell shows, and its number where it is one."""
    if term is None:
        return None, ""
    value = shown.value(Edge(value=term))
    if value.link is not None:
        link = value.link
        if not link.style:
            # A paper by its key: its title has a column of its own.
            link = Link(text=link.short, href=link.href, short=link.short)
        return Value(link=link), ""
    is_number = isinstance(term, Literal) and term.datatype.value in _NUMBERS
    return value, term.value if is_number and isinstance(term, Literal) else ""
