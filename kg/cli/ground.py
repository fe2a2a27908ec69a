"""`kg ground`: what a name may stand for, and why."""

import json
from typing import TYPE_CHECKING

import click

from kg.cli import RECORDS_LOST
from kg.cli.lexicon_option import LexiconChoice, lexicon_options
from kg.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.vocabulary.lexicon import Candidate


@click.command()
@click.argument("text")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    help="How to print the candidates.",
)
@lexicon_options
def ground(text: str, form: str, lexicon: LexiconChoice) -> int:
    """Show the terms that TEXT may stand for, best first, with scores and the name that matched.

    TEXT is a name, or an identifier of any registry that is known: a CURIE or an IRI.
    """
    opened = lexicon.open()
    candidates = opened.candidates(text) or opened.identified(text)
    if not candidates:
        near = ", ".join(f"{one.matched} ({one.curie})" for one in opened.suggest(text))
        hint = f"; did you mean {near}?" if near else ""
        raise ParameterError(f"no entity called '{text}'{hint}")
    if form == "json":
        for one in candidates:
            click.echo(
                json.dumps(
                    {
                        "id": one.curie,
                        "label": one.label,
                        "type": one.type.value,
                        "score": one.score,
                        "matched": one.matched,
                        "why": one.status,
                    },
                    ensure_ascii=False,
                )
            )
    else:
        _show(candidates)
    return RECORDS_LOST if opened.problems else 0


def _show(candidates: "Sequence[Candidate]") -> None:
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("score", "id", "label", "type", "why"):
        table.add_column(
            heading, overflow="fold", justify="right" if heading == "score" else "left"
        )
    for one in candidates:
        why = f"{one.status} “{one.matched}”"
        table.add_row(f"{one.score:.2f}", one.curie, one.label, one.type.value, why)
    Console(highlight=False).print(table)
