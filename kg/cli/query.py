"""Top floor: `kg query`: the saved queries: which there are, and their answers."""

import json
import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli import RECORDS_LOST
from kg.cli.lexicon_option import LexiconChoice, lexicon_options
from kg.cli.service_options import service_options, services_of_query
from kg.cli.source_options import open_source, source_options
from kg.errors import ParameterError

if TYPE_CHECKING:
    from kg.queries import Answer, Parameter, Queryable, Resolved, SavedQuery
    from kg.store import Graph, Services
    from kg.vocabulary.lexicon import Lexicon
    from kg.web.remote import RemoteGraph

FORMATS = ("table", "json", "csv", "tsv", "markdown", "turtle")


@click.command()
@click.argument("name", required=False)
@click.argument("parameters", nargs=-1, metavar="[KEY=VALUE]...")
@source_options
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="table",
    show_default=True,
    help="How to print the answer.",
)
@click.option("--limit", type=int, metavar="N", help="The most rows to give.")
@click.option("--describe", is_flag=True, help="Say what the query NAME does and takes.")
@click.option(
    "--queries",
    "folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    metavar="DIR",
    help="A folder of saved queries (*.rq) of your own.",
)
@click.option(
    "--online", is_flag=True, help="Let the query NAME ask the endpoints that it is made for."
)
@service_options
@lexicon_options
def query(
    name: str | None,
    parameters: tuple[str, ...],
    graph: Path | None,
    endpoint: str | None,
    endpoint_timeout: float,
    form: str,
    limit: int | None,
    describe: bool,
    folder: Path | None,
    online: bool,
    allow_service: tuple[str, ...],
    service_timeout: float,
    lexicon: LexiconChoice,
) -> int:
    """Ask a graph a saved query; without NAME, list the saved queries.

    Entities are given by name, symbol, synonym or identifier, and the answer says what each was
    taken for. Give a KEY twice, or values between commas, for either of several.

    \b
    kg query papers-connecting entity_a=IL-7 entity_b=STAT5
    kg query papers-mentioning entity="memory T cells" --format csv
    """  # noqa: D301 (to click, "\b" is the character)
    from kg.queries import load_saved_queries  # noqa: PLC0415

    if name is None:
        _list_queries(list(load_saved_queries(folder).values()), form)
        return 0
    chosen = find_query(name, folder)
    if folder is not None:
        from kg.queries.scopes import check_saved_query  # noqa: PLC0415

        # The queries that ship are checked by the tests; for others this is the only time.
        check_saved_query(chosen)
    if describe:
        _describe(chosen)
        return 0
    given = read_parameters(chosen, parameters)
    services = services_of_query(chosen, allow_service, service_timeout, online=online)
    with open_source(graph, endpoint, endpoint_timeout) as opened:
        return _ask(chosen, given, opened, form, limit, lexicon, services)


def find_query(name: str, folder: Path | None = None) -> "SavedQuery":
    """Return a saved query by its name.

    Raises:
        click.UsageError: if there is none of that name.
    """
    from kg.queries import load_saved_queries  # noqa: PLC0415

    saved = load_saved_queries(folder)
    if name not in saved:
        raise click.UsageError(_unknown(name, list(saved)))
    return saved[name]


def _unknown(name: str, known: Sequence[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415

    near = get_close_matches(name, known, n=3)
    hint = f"did you mean {' or '.join(near)}?" if near else "'kg query' lists them"
    return f"no saved query called '{name}'; {hint}"


def read_parameters(chosen: "SavedQuery", given: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Read `key=value` words; a hyphen in a key counts as an underscore."""
    read: dict[str, tuple[str, ...]] = {}
    for word in given:
        key, equals, value = word.partition("=")
        if not equals:
            raise click.UsageError(
                f"'{word}' is no parameter: write KEY=VALUE, for example {example_of(chosen)}"
            )
        key = key.strip().replace("-", "_")
        read[key] = (*read.get(key, ()), value)
    missing = [each for each in chosen.parameters if each.required and each.name not in read]
    # What is misspelt is told first, by the query itself.
    if missing and all(chosen.parameter(key) for key in read):
        lines = [f"{chosen.name} needs {' and '.join(each.name for each in missing)}"]
        lines += [f"  {_explain(each)}" for each in chosen.parameters]
        raise ParameterError("\n".join([*lines, f"for example: {example_of(chosen)}"]))
    return read


def example_of(chosen: "SavedQuery") -> str:
    """Return a command line that asks a query its example's question."""
    words = [
        shlex.quote(f"{key}={value}")
        for key, values in chosen.example.parameters.items()
        for value in values
    ]
    online = ["--online"] if chosen.online else []
    return " ".join(["kg query", chosen.name, *words, *online])


def _explain(parameter: "Parameter") -> str:
    """Return one line on a parameter: its name, type and default, and what it means."""
    kind = parameter.type.value
    if parameter.types:
        kind = f"{kind}: {' or '.join(each.value for each in parameter.types)}"
    if parameter.choices:
        kind = f"{kind}: {', '.join(parameter.choices)}"
    if not parameter.required:
        kind = f"{kind}; default {parameter.default}" if parameter.default else f"{kind}; optional"
    return f"{parameter.name} ({kind}): {parameter.description}"


def _signature(chosen: "SavedQuery") -> str:
    """Return the parameters in one line, those that need not be given in brackets."""
    words = []
    for each in chosen.parameters:
        word = f"{each.name}={each.default or each.type.value.upper()}"
        words.append(word if each.required else f"[{word}]")
    return " ".join(words)


def _list_queries(saved: "Sequence[SavedQuery]", form: str) -> None:
    if form == "json":
        entries = [
            {
                "name": each.name,
                "summary": each.summary,
                "parameters": {
                    one.name: {
                        "type": one.type.value,
                        "description": one.description,
                        "required": one.required,
                        "default": one.default,
                    }
                    for one in each.parameters
                },
                "columns": [column.name for column in each.columns],
                "online": list(each.online),
            }
            for each in saved
        ]
        click.echo(json.dumps(entries, ensure_ascii=False, indent=2))
        return
    for each in saved:
        click.echo(click.style(each.name, bold=True) + f"  {_signature(each)}".rstrip())
        needs = " (needs the internet: --online)" if each.online else ""
        click.echo(f"    {each.summary}{needs}")
    click.echo(
        "\nAsk one with 'kg query NAME KEY=VALUE ...'; 'kg query NAME --describe' tells more."
    )


def _describe(chosen: "SavedQuery") -> None:
    from textwrap import fill  # noqa: PLC0415

    click.echo(f"{click.style(chosen.name, bold=True)}: {chosen.summary}\n")
    click.echo(fill(chosen.description, 88))
    if chosen.parameters:
        click.echo("\nParameters")
    for parameter in chosen.parameters:
        click.echo(f"  {_explain(parameter)}")
    click.echo("\nColumns")
    for column in chosen.columns:
        click.echo(f"  {column.name}: {column.description}")
    if chosen.online:
        click.echo("\nNeeds the internet, and --online; asks")
    for address in chosen.online:
        click.echo(f"  {address}")
    click.echo(f"\nExample\n  {example_of(chosen)}")


def _ask(
    chosen: "SavedQuery",
    given: dict[str, tuple[str, ...]],
    graph: "Graph | RemoteGraph",
    form: str,
    limit: int | None,
    choice: LexiconChoice,
    services: "Services",
) -> int:
    from kg.queries import run_query  # noqa: PLC0415
    from kg.queries.run import find_unmentioned  # noqa: PLC0415
    from kg.store import FederatedGraph  # noqa: PLC0415

    takes_entities = any(
        each.type.value == "entity" and each.name in given for each in chosen.parameters
    )
    with _opened(choice) if takes_entities else nullcontext() as lexicon:
        answer = run_query(FederatedGraph(graph, services), chosen, given, lexicon, limit=limit)
    _print_answer(answer, form, graph)
    for resolved in find_unmentioned(graph, answer) if not answer.terms else ():
        # Beside data, a remark is for stderr.
        click.echo(f"{_name(resolved)} is not mentioned in this graph", err=form != "table")
    return RECORDS_LOST if lexicon is not None and lexicon.problems else 0


@contextmanager
def _opened(choice: LexiconChoice) -> "Iterator[Lexicon]":
    lexicon = choice.open()
    try:
        yield lexicon
    finally:
        lexicon.close()


def _print_answer(answer: "Answer", form: str, graph: "Queryable") -> None:
    from kg.queries import formats  # noqa: PLC0415

    values = [tuple(row.values()) for row in answer.rows]
    if form == "json":
        click.echo(formats.write_json(answer))
        return
    if form == "table":
        _print_for_people(answer, graph)
        return
    # What each parameter was taken for goes with a table to paste, but not into data.
    for line in taken_lines(answer):
        click.echo(line, err=form != "markdown")
    if form == "markdown":
        click.echo("\n" + formats.write_markdown(answer.columns, values), nl=False)
    elif form == "turtle":
        click.echo(formats.write_turtle(answer), nl=False)
    else:
        write = formats.write_csv if form == "csv" else formats.write_tsv
        # As bytes: RFC 4180 ends lines its own way, which text output would change.
        sys.stdout.buffer.write(write(answer.columns, values).encode("utf-8"))
        sys.stdout.buffer.flush()
    if not answer.complete:
        click.echo(_cut(answer), err=True)


def _print_for_people(answer: "Answer", graph: "Queryable") -> None:
    from kg.cli.tables import count_rows, make_console, print_rows  # noqa: PLC0415
    from kg.queries.run import find_pages  # noqa: PLC0415

    console = make_console()
    for line in taken_lines(answer):
        console.print(line, soft_wrap=True)
    if taken_lines(answer):
        console.print()
    rows = answer.rows
    if not rows:
        console.print("no answer: nothing in this graph fits")
        return
    papers = [str(row["paper"]) for row in rows if row.get("paper")]
    print_rows(console, answer.columns, rows, find_pages(graph, papers))
    console.print(f"\n{count_rows(answer.columns, rows)}")
    if not answer.complete:
        console.print(_cut(answer))


def _cut(answer: "Answer") -> str:
    return f"there are more rows than these {len(answer.terms):,}; --limit N gives up to N"


def _name(resolved: "Resolved") -> str:
    kind = f", {resolved.type.value}" if resolved.type else ""
    return f"{resolved.label} ({resolved.id}{kind})"


def taken_lines(answer: "Answer") -> list[str]:
    """Return a line for each entity, with what it was taken for, and for each other choice made."""
    lines = []
    for parameter in answer.query.parameters:
        resolved = answer.parameters[parameter.name]
        if parameter.type.value == "entity":
            lines += [f"{parameter.name}: {each.given} → {_name(each)}" for each in resolved]
        elif parameter.name != "limit" and [each.label for each in resolved] not in (
            [],
            [parameter.default],
        ):
            lines.append(f"{parameter.name}: {', '.join(each.label for each in resolved)}")
    return lines
