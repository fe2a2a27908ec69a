"""`kg explain`: the case for a link between two entities: what is said of it, for and against."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli import RECORDS_LOST
from kg.cli.graph_option import graph_option
from kg.cli.lexicon_option import LexiconChoice, lexicon_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from kg.queries import Resolved
    from kg.queries.explain import Explanation, Finding


@click.command()
@click.argument("subject")
@click.argument("obj", metavar="OBJECT")
@graph_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="How to print the explanation.",
)
@lexicon_options
def explain(subject: str, obj: str, graph: Path, form: str, lexicon: LexiconChoice) -> int:
    """Print the case for a link from SUBJECT to OBJECT: what sentences say of it.

    Both are given by name, symbol, synonym or identifier. What is stated comes first, then what
    speaks against it, what is only put forward as possible, and what is said the other way round.
    Where nothing joins the two, entities that are named with each of them.

    \b
    kg explain IL-7 STAT5
    kg explain IL7 "multiple sclerosis" --format json
    """  # noqa: D301 (to click, "\b" is the character)
    from kg.queries.explain import explain_link  # noqa: PLC0415
    from kg.queries.verdict import explanation_as_json  # noqa: PLC0415
    from kg.store import open_graph  # noqa: PLC0415

    with open_graph(graph) as opened:
        names = lexicon.open()
        try:
            explanation = explain_link(opened, subject, obj, names)
        finally:
            names.close()
    if form == "json":
        click.echo(json.dumps(explanation_as_json(explanation), ensure_ascii=False, indent=2))
    else:
        _print_explanation(explanation)
    return RECORDS_LOST if names.problems else 0


def _print_explanation(explanation: "Explanation") -> None:
    from rich.text import Text  # noqa: PLC0415

    from kg.cli.cards import print_line  # noqa: PLC0415
    from kg.cli.tables import make_console  # noqa: PLC0415
    from kg.queries.explain import Stance  # noqa: PLC0415
    from kg.queries.verdict import label_of, say_verdict  # noqa: PLC0415

    console = make_console()
    for name, resolved in (("subject", explanation.subject), ("object", explanation.object)):
        for each in resolved:
            print_line(console, Text(f"{name}: {each.given} → {_name(each)}"))
    for each in explanation.unmentioned:
        print_line(console, Text(f"{_name(each)} is not mentioned in this graph"))
    console.print()
    print_line(console, Text(say_verdict(explanation), style="bold"))
    turned = f"The other way round, from {label_of(explanation.object)}"
    for stance, heading in (
        (Stance.FOR, "For"),
        (Stance.AGAINST, "Against"),
        (Stance.SPECULATIVE, "Only put forward as possible"),
        (Stance.REVERSE, f"{turned} to {label_of(explanation.subject)}"),
    ):
        _print_findings(console, heading, explanation.standing(stance), explanation)
    _print_together(console, explanation)
    _print_paths(console, explanation)


def _name(resolved: "Resolved") -> str:
    kind = f", {resolved.type.value}" if resolved.type else ""
    return f"{resolved.label} ({resolved.id}{kind})"


def _print_heading(console: "Console", text: str) -> None:
    from rich.text import Text  # noqa: PLC0415

    from kg.cli.cards import print_line  # noqa: PLC0415

    console.print()
    print_line(console, Text(text, style="bold underline"))


def _print_findings(
    console: "Console", heading: str, findings: "Sequence[Finding]", explanation: "Explanation"
) -> None:
    from kg.cli.cards import assertion_notes, print_assertion  # noqa: PLC0415
    from kg.queries.explain import count_papers, count_sentences  # noqa: PLC0415

    if not findings:
        return
    _print_heading(console, heading)
    for number, each in enumerate(findings):
        if number:
            console.print()
        notes = assertion_notes(
            {
                "sign": each.sign,
                "negated": each.negated,
                "papers": count_papers(each.rows),
                "sentences": count_sentences(each.rows),
                "confidence": each.confidence,
            }
        )
        print_assertion(console, each.text, each.rows, notes, explanation.links, indent=2)


def _print_together(console: "Console", explanation: "Explanation") -> None:
    """Print how often both are named together; the sentences, where none says anything of them."""
    from rich.text import Text  # noqa: PLC0415

    from kg.cli.cards import count_of, print_line, print_sentences  # noqa: PLC0415
    from kg.queries.explain import count_papers, count_sentences  # noqa: PLC0415

    rows = explanation.together
    silent = [row for row in rows if not row["assertion"]]
    if not rows and not explanation.papers:
        return
    _print_heading(console, "Named together")
    counted = count_of(count_papers(rows), "paper")
    notes = [
        f"{count_of(count_sentences(rows), 'sentence')} in {counted}" if rows else "no sentence"
    ]
    if explanation.findings:
        unsaid = count_sentences(silent)
        notes.append(f"{unsaid:,} of them without saying how they are related" if unsaid else "")
    notes.append(f"{count_of(explanation.papers, 'paper')} with both anywhere")
    if explanation.log_likelihood is not None:
        notes.append(f"log-likelihood {explanation.log_likelihood:.1f}")
    print_line(console, Text("; ".join(filter(None, notes))), indent=2)
    if not explanation.findings:
        print_sentences(console, silent, explanation.links, indent=2)


def _print_paths(console: "Console", explanation: "Explanation") -> None:
    from rich.text import Text  # noqa: PLC0415

    from kg.cli.cards import count_of, print_line  # noqa: PLC0415
    from kg.queries.verdict import label_of  # noqa: PLC0415

    if explanation.together:
        return
    if not explanation.paths:
        print_line(console, Text("No third entity is named with each of them either."))
        return
    subject, obj = label_of(explanation.subject), label_of(explanation.object)
    _print_heading(console, "Named with each of them: places to look, not findings")
    for row in explanation.paths:
        with_first, with_second = (int(str(row[name])) for name in ("papers_a", "papers_b"))
        line = (
            f"{row['name']} ({row['type']}): with {subject} in {count_of(with_first, 'paper')}, "
            f"with {obj} in {count_of(with_second, 'paper')}"
        )
        print_line(console, Text(line), indent=2)
