"""Top floor: what `kg vocabulary update` and `diff` share: options, files, what they print."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from kg.vocabulary.publishers import Differences, Entry, Updated

_Command = TypeVar("_Command", bound=Callable[..., Any])
_LIMIT = 20


def download_options(command: _Command) -> _Command:
    """Give a command the options that say what a table is rebuilt from, and what is printed."""
    for option in reversed(
        (
            click.argument("name", required=False),
            click.option(
                "--from",
                "files",
                multiple=True,
                metavar="FILE",
                type=click.Path(path_type=Path, exists=True),
                help="A download of the publisher's, or one that adds to it (NCBI gene_info, "
                "SSSOM, HGNC's withdrawn entries); FamPlex's is a folder or a ZIP file. May be "
                "repeated. [default: fetched from the publisher]",
            ),
            click.option(
                "--partial",
                is_flag=True,
                help="The download is a part: keep what it does not have.",
            ),
            click.option("--all", "show_all", is_flag=True, help="Print all changes, not 20 each."),
            click.option(
                "--format",
                "format_name",
                type=click.Choice(["text", "tsv"]),
                default="text",
                show_default=True,
                help="How to print the changes. A table (TSV) has all.",
            ),
        )
    ):
        command = option(command)
    return command


def tables_folder(chosen: Path | None) -> Path:
    """Return the folder of rebuilt tables: the one chosen, else one of the user's data."""
    if chosen is not None:
        return chosen
    from platformdirs import user_data_path  # noqa: PLC0415

    return user_data_path("kg") / "vocabulary"


@contextmanager
def downloads_of(name: str | None, files: tuple[Path, ...]) -> "Iterator[tuple[Entry, list[Path]]]":
    """Give the table that is meant, and the files that it is rebuilt from; fetched if none is.

    Raises:
        InputError: if no table is named, and the files do not tell which is meant.
        ServiceError: if the publisher cannot be reached.
    """
    from kg.vocabulary.publishers import find_entry  # noqa: PLC0415
    from kg.vocabulary.publishers.sources import tell_table  # noqa: PLC0415

    if name is None and not files:
        raise click.UsageError("name a vocabulary (kg vocabulary list), or a file with --from")
    entry = find_entry(name) if name is not None else tell_table(files[0])
    with ExitStack() as held:
        paths = list(files)
        if not files:
            from kg.web.documents import vocabulary_downloads  # noqa: PLC0415

            tell = lambda said: click.echo(said, err=True)  # noqa: E731
            paths = held.enter_context(vocabulary_downloads(entry.addresses, entry.name, tell))
        yield entry, paths


def show_differences(updated: "Updated", format_name: str, *, show_all: bool) -> None:
    """Print what changed between the old table and the new one."""
    differences = updated.differences
    if format_name == "tsv":
        click.echo("change\tid\tlabel\tother")
        for change, row in _rows(differences):
            click.echo("\t".join((change, *row)))
        return
    release = "; ".join(updated.contents)
    click.echo(f"vocabulary {updated.entry.name}: {release}")
    live = sum(not row.obsolete for row in updated.rows.values())
    click.echo(f"terms      {live:,}, and {len(updated.rows) - live:,} obsolete")
    for name, mark, lines in (
        ("gained", "+", [f"{label} ({one})" for one, label in differences.gained]),
        ("lost", "-", [f"{label} ({one})" for one, label in differences.lost]),
        ("renamed", "~", [f"{old} -> {new} ({one})" for one, old, new in differences.renamed]),
        (
            "obsolete",
            "x",
            [
                f"{label} ({one}), {f'replaced by {other}' if other else 'with no one successor'}"
                for one, label, other in differences.obsoleted
            ],
        ),
    ):
        click.echo(f"{name:<10} {len(lines):,}")
        _print(mark, lines, len(lines) if show_all else _LIMIT)


def _print(mark: str, lines: list[str], limit: int) -> None:
    for line in lines[:limit]:
        click.echo(f"{mark} {line}")
    if len(lines) > limit:
        click.echo(f"{mark} ... and {len(lines) - limit:,} more (--all)")


def _rows(differences: "Differences") -> Iterable[tuple[str, tuple[str, str, str]]]:
    yield from (("gained", (one, label, "")) for one, label in differences.gained)
    yield from (("lost", (one, label, "")) for one, label in differences.lost)
    yield from (("renamed", (one, new, old)) for one, old, new in differences.renamed)
    yield from (("obsolete", each) for each in differences.obsoleted)
