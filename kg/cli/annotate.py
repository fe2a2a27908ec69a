"""`kg annotate`: the mentions in texts, as JSON lines."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

import click

from kg.cli import RECORDS_LOST
from kg.errors import InputError

if TYPE_CHECKING:
    from kg.model import Mention
    from kg.vocabulary.lexicon import Lexicon


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
    "--field",
    "fields",
    multiple=True,
    metavar="NAME",
    help="Field of each object that holds text; may be repeated, abbreviations then hold in all. "
    "By default 'text'.",
)
@click.option(
    "--species",
    type=click.Choice(["human", "auto"]),
    default="human",
    help="What a gene of mouse or rat is grounded to: its human ortholog, or (auto) the gene of "
    "the species that the text tells.",
)
def annotate(file: Path | None, fields: tuple[str, ...], species: Literal["human", "auto"]) -> int:
    """Find and ground the entities in texts.

    Reads JSON lines {"id", "text"} from FILE or stdin and prints {"id", "mentions"} for each.
    Offsets count code points. A line that is no such object is told on stderr with its number, and
    the exit code is then 3.
    """
    from kg.annotate.annotator import Annotator  # noqa: PLC0415
    from kg.cli.lexicon_option import open_lexicon  # noqa: PLC0415

    names = fields or ("text",)
    with _opened(file) as stream:
        annotator = Annotator(open_lexicon(), species)
        lost = 0
        for number, line in enumerate(stream, start=1):
            if not line.strip():
                continue
            try:
                document, texts = _read_document(line, names)
            except ValueError as error:
                lost += 1
                click.echo(f"{file or 'stdin'}:{number}: {error}; the line is left out", err=True)
                continue
            result: dict[str, Any] = {"id": document.get("id")}
            mentions = []
            for name, found in zip(texts, annotator.annotate(list(texts.values())), strict=True):
                for mention in found:
                    form = mention_to_json(mention, annotator.lexicon)
                    mentions.append(form if names == ("text",) else {"field": name, **form})
            result["mentions"] = mentions
            sys.stdout.buffer.write(json.dumps(result, ensure_ascii=False).encode() + b"\n")
        sys.stdout.buffer.flush()
    return RECORDS_LOST if lost else 0


def mention_to_json(mention: "Mention", lexicon: "Lexicon") -> dict[str, Any]:
    """Return the JSON form of a mention; `ids` holds its CURIE and every equivalent.

    `organism` is there where the species of a gene was told.
    """
    from kg.annotate.identifiers import mention_ids  # noqa: PLC0415

    best = mention.best
    term = lexicon.term(best.term)
    form = {
        "start": mention.start,
        "end": mention.end,
        "text": mention.text,
        "type": mention.type.value,
        "id": best.term,
        "ids": list(mention_ids(mention, lexicon)),
        "label": term.label if term is not None else "",
        "score": best.score,
        "method": best.method,
    }
    return {**form, "organism": mention.organism} if mention.organism else form


def _read_document(line: bytes, names: tuple[str, ...]) -> tuple[dict[str, Any], dict[str, str]]:
    try:
        document = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 at byte {error.start + 1}") from None
    except (json.JSONDecodeError, RecursionError) as error:
        raise ValueError(f"not JSON ({error})") from None
    if not isinstance(document, dict):
        raise ValueError("not an object with 'id' and 'text'")  # noqa: TRY004
    texts: dict[str, str] = {}
    for name in names:
        value = document.get(name, "" if len(names) > 1 else None)
        if not isinstance(value, str):
            raise ValueError(f"no text in the field '{name}'")  # noqa: TRY004
        texts[name] = value
    return document, texts


def _opened(file: Path | None) -> BinaryIO:
    if file is None or str(file) == "-":
        return sys.stdin.buffer
    try:
        return file.open("rb")
    except OSError as error:
        raise InputError(f"{file}: cannot be opened: {error.strerror}") from error
