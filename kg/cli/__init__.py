"""Top floor: the command line. A verb is a few lines over the library.

Exit codes: 0 done; 1 failed; 2 wrong usage, or a parameter that is unknown or ambiguous; 3 done,
but some records could not be read; 130 interrupted.
"""

import sys
from importlib import import_module

import click

from kg import __version__
from kg.errors import KgError, ParameterError

RECORDS_LOST = 3

# verb -> module that defines a click command of that name; read in this order in `kg --help`.
VERBS: dict[str, str] = {
    "build": "kg.cli.build",
    "add": "kg.cli.add",
    "remove": "kg.cli.remove",
    "rebuild": "kg.cli.rebuild",
    "load": "kg.cli.load",
    "query": "kg.cli.query",
    "search": "kg.cli.search",
    "explain": "kg.cli.explain",
    "sparql": "kg.cli.sparql",
    "reason": "kg.cli.reason",
    "update": "kg.cli.update",
    "stats": "kg.cli.stats",
    "sources": "kg.cli.sources",
    "history": "kg.cli.history",
    "rollback": "kg.cli.rollback",
    "diff": "kg.cli.diff",
    "validate": "kg.cli.validate",
    "export": "kg.cli.export",
    "ontology": "kg.cli.ontology",
    "vocabulary": "kg.cli.vocabulary",
    "mappings": "kg.cli.mappings",
    "parse": "kg.cli.parse",
    "fetch": "kg.cli.fetch",
    "resolve": "kg.cli.resolve",
    "annotate": "kg.cli.annotate",
    "ground": "kg.cli.ground",
    "serve": "kg.cli.serve",
}


class _LazyGroup(click.Group):
    """Imports a verb's module only when that verb is called, so that start-up stays short."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        module = VERBS.get(cmd_name)
        if module is None:
            return None
        command = getattr(import_module(module), cmd_name)
        assert isinstance(command, click.Command)  # noqa: S101
        return command


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kg")
def cli() -> None:
    """Build, ask and export a knowledge graph of biomedical literature."""


def main(args: list[str] | None = None) -> None:
    """Run the command line and exit; errors become one message on stderr and an exit code."""
    try:
        code = cli.main(args=args, prog_name="kg", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("kg: interrupted", err=True)
        sys.exit(130)
    except BrokenPipeError:
        # The reader (`| head`) has what it wanted; what is left in the buffer has nowhere to go.
        sys.stdout = None
        sys.exit(0)
    except ParameterError as error:
        click.echo(f"kg: {error}", err=True)
        sys.exit(2)
    except KgError as error:
        click.echo(f"kg: {error}", err=True)
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)
