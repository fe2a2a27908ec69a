"""The lexicon as the verbs open it: which names are in it, and a progress bar where it is compiled.

`--lexicon`, `--vocabulary` and `--tables` are the options of every verb that recognises names.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from kg.cli.progress import Tell
    from kg.vocabulary.lexicon import Lexicon

_Command = TypeVar("_Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class LexiconChoice:
    """What the options choose: tables of own names, and vocabularies (none: the usual ones).

    `tables` is a folder of rebuilt tables, which stand for those that ship.
    """

    own_names: tuple[Path, ...] = ()
    vocabularies: tuple[str, ...] = ()
    tables: Path | None = None

    def open(self) -> "Lexicon":
        """Open the lexicon that is chosen; lines of own names that are lost are told on stderr.

        The bar is made when there is something to tell, so that a cached lexicon opens without one.

        Raises:
            click.BadParameter: if a vocabulary is not known.
        """
        from kg.cli.progress import progress_bar  # noqa: PLC0415
        from kg.vocabulary.compiling import open_lexicon as open_compiled  # noqa: PLC0415

        vocabularies = _find_vocabularies(self.vocabularies)
        with ExitStack() as shown:
            bars: list[Tell] = []

            def tell(name: str, done: int, total: int) -> None:
                if not bars:
                    bars.append(shown.enter_context(progress_bar()))
                bars[0](f"compiling names, once: {name}", done, total)

            lexicon = open_compiled(
                tables=self.tables,
                vocabularies=vocabularies,
                own_names=self.own_names,
                progress=tell,
            )
        for problem in lexicon.problems:
            click.echo(f"{problem.locator}: {problem.message}; the line is left out", err=True)
        return lexicon


def lexicon_options(command: _Command) -> _Command:
    """Give a command the options that choose a lexicon, passed as `lexicon`, a `LexiconChoice`."""

    @click.option(
        "--lexicon",
        "own_names",
        multiple=True,
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Your own names, which overrule the others: a table (TSV) of name, CURIE, type, "
        "scope; the scope NONE forbids a name. May be repeated.",
    )
    @click.option(
        "--vocabulary",
        "vocabularies",
        multiple=True,
        metavar="NAME",
        help="Use this vocabulary only, by the name of its table (mondo, cl, ...); may be "
        "repeated, or several parted by commas.",
    )
    @click.option(
        "--tables",
        metavar="DIR",
        envvar="KG_TABLES",
        type=click.Path(path_type=Path),
        help="Vocabulary tables that kg vocabulary update wrote, in place of those that ship. "
        "[default: $KG_TABLES, or none]",
    )
    @wraps(command)
    def with_choice(
        *arguments: Any,  # noqa: ANN401
        own_names: tuple[Path, ...],
        vocabularies: tuple[str, ...],
        tables: Path | None,
        **others: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        names = (name.strip() for each in vocabularies for name in each.split(","))
        choice = LexiconChoice(own_names, tuple(names), tables)
        return command(*arguments, lexicon=choice, **others)

    return with_choice  # type: ignore[return-value]


def _find_vocabularies(chosen: tuple[str, ...]) -> tuple[str, ...]:
    """Return the vocabularies that are chosen, in one order whatever theirs, so as to be cached."""
    from kg.vocabulary.compiling import DEFAULT_VOCABULARIES  # noqa: PLC0415
    from kg.vocabulary.tables import list_tables, vocabulary_folder  # noqa: PLC0415

    if not chosen:
        return DEFAULT_VOCABULARIES
    known = [table.name for table in list_tables(vocabulary_folder())]
    for name in chosen:
        if name not in known:
            raise click.BadParameter(
                f"no vocabulary called '{name}'; there are: {', '.join(known)}",
                param_hint="--vocabulary",
            )
    ordered = dict.fromkeys((*DEFAULT_VOCABULARIES, *known))
    return tuple(name for name in ordered if name in chosen)
