"""`kg annotate`: the mentions in texts, as JSON lines."""

import json
import sys
from bisect import bisect_left
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

import click

from kg.cli import RECORDS_LOST
from kg.cli.lexicon_option import LexiconChoice, lexicon_options
from kg.cli.triggers_option import triggers_option
from kg.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.annotate.annotator import Annotator
    from kg.assertions.reading import AssertionReader
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
    "--html",
    "page",
    type=click.Path(path_type=Path),
    metavar="OUT",
    help="Write a page to read, with the mentions coloured and linked, in place of JSON lines.",
)
@click.option(
    "--species",
    type=click.Choice(["human", "auto"]),
    default="human",
    help="What a gene of mouse or rat is grounded to: its human ortholog, or (auto) the gene of "
    "the species that the text tells.",
)
@click.option(
    "--explain",
    "explained",
    metavar="TEXT",
    help="Tell of each name in TEXT what it could be and which rule decided; FILE is not read.",
)
@click.option(
    "--assertions",
    "stating",
    is_flag=True,
    help="Tell what each sentence states of the entities that it names.",
)
@triggers_option
@lexicon_options
def annotate(
    file: Path | None,
    fields: tuple[str, ...],
    page: Path | None,
    species: Literal["human", "auto"],
    explained: str | None,
    stating: bool,
    triggers: Path | None,
    lexicon: LexiconChoice,
) -> int:
    """Find and ground the entities in texts.

    Reads JSON lines {"id", "text"} from FILE or stdin and prints {"id", "mentions"} for each, with
    --assertions also {"assertions"}. Offsets count code points. A line that is no such object is
    told on stderr with its number, and the exit code is then 3.
    """
    from kg.annotate.annotator import Annotator  # noqa: PLC0415

    if explained is not None:
        if file is not None or page is not None:
            raise click.UsageError("--explain takes its text itself: leave FILE and --html out")
        chosen = Annotator(lexicon.open(), species)
        _tell_decisions(explained, chosen)
        return RECORDS_LOST if chosen.lexicon.problems else 0
    if stating and page is not None:
        raise click.UsageError("--assertions goes into JSON lines: leave --html out")
    if triggers is not None and not stating:
        raise click.UsageError("--triggers goes with --assertions")
    reader = _open_reader(triggers) if stating else None
    names = fields or ("text",)
    with _opened(file) as stream:
        documents = _Documents(stream, str(file or "stdin"), names)
        annotator = Annotator(lexicon.open(), species)
        if page is not None:
            _write_page(page, documents, annotator)
        else:
            _write_lines(documents, annotator, reader)
    return RECORDS_LOST if documents.lost or annotator.lexicon.problems else 0


def _open_reader(triggers: Path | None) -> "AssertionReader":
    from kg.assertions.reading import AssertionReader  # noqa: PLC0415

    return AssertionReader(triggers)


_SHOWN = 6  # names that are shown of those that were considered


def _tell_decisions(text: str, annotator: "Annotator") -> None:
    from kg.annotate.explaining import explain  # noqa: PLC0415
    from kg.annotate.identifiers import mention_ids  # noqa: PLC0415

    decisions = explain(text, annotator)
    for number, decision in enumerate(decisions):
        if number:
            click.echo()
        if decision.mention is not None:
            best = decision.mention.best
            term = annotator.lexicon.term(best.term)
            label = term.label if term is not None else ""
            click.echo(f"{decision.text}  →  {label} ({best.term}), {decision.mention.type}")
            click.echo(
                f"    characters {decision.start} to {decision.end}; "
                f"score {best.score:.2f}; {best.method}"
            )
            others = mention_ids(decision.mention, annotator.lexicon)[1:]
            if others:
                click.echo(f"    also {', '.join(others[:_SHOWN])}")
        else:
            click.echo(f"{decision.text}  →  not a mention")
        for reason in decision.reasons:
            click.echo(f"    because {reason}" if decision.mention is None else f"    {reason}")
        for one in decision.considered[:_SHOWN]:
            mark = f"{one.score:.2f}" if one.score else "  no"
            click.echo(
                f"    {mark}  {one.name.label} ({one.name.curie}, {one.name.type}): "
                f"{one.name.status} “{one.name.text}”; {one.rule}"
            )
        if len(decision.considered) > _SHOWN:
            click.echo(f"          and {len(decision.considered) - _SHOWN} more")
    if not decisions:
        click.echo("Nothing in this text is written like a name of the vocabularies.")


class _Documents:
    """The documents of a stream of JSON lines; lines that are none are told and counted."""

    def __init__(self, stream: BinaryIO, name: str, fields: tuple[str, ...]) -> None:
        self._stream = stream
        self.name = name
        self.fields = fields
        self.lost = 0

    def __iter__(self) -> "Iterator[tuple[int, dict[str, Any], dict[str, str]]]":
        """Yield the number of the line, the object, and the texts of its fields."""
        for number, line in enumerate(self._stream, start=1):
            if not line.strip():
                continue
            try:
                document, texts = _read_document(line, self.fields)
            except ValueError as error:
                self.lost += 1
                click.echo(f"{self.name}:{number}: {error}; the line is left out", err=True)
                continue
            yield number, document, texts


def _write_lines(
    documents: _Documents, annotator: "Annotator", reader: "AssertionReader | None"
) -> None:
    is_plain = documents.fields == ("text",)
    for _, document, texts in documents:
        mentions = []
        assertions = []
        for name, found in zip(texts, annotator.annotate(list(texts.values())), strict=True):
            place = {} if is_plain else {"field": name}
            mentions += [place | mention_to_json(one, annotator.lexicon) for one in found]
            if reader is not None:
                assertions += [place | one for one in _state(name, texts[name], found, reader)]
        result = {"id": document.get("id"), "mentions": mentions}
        if reader is not None:
            result["assertions"] = assertions
        sys.stdout.buffer.write(_to_line(result))
    sys.stdout.buffer.flush()


def _state(
    field: str, text: str, mentions: "list[Mention]", reader: "AssertionReader"
) -> "Iterator[dict[str, Any]]":
    """Yield the JSON form of what the sentences of a text state; offsets count in the text.

    `start` and `end` are those of the sentence; the spans those of the words.
    """
    from kg.annotate.annotator import sentence_bounds  # noqa: PLC0415

    starts = [one.start for one in mentions]
    for start, end in sentence_bounds(field, text, mentions):
        inside = mentions[bisect_left(starts, start) : bisect_left(starts, end)]
        for evidence in reader.read_sentence(text[start:end], inside, start):
            yield {
                "subject": evidence.subject.best.term,
                "predicate": evidence.predicate.value,
                "object": evidence.object.best.term,
                "negated": evidence.negated,
                "speculative": evidence.speculative,
                "start": start,
                "end": end,
                "trigger": evidence.trigger,
                "confidence": evidence.confidence,
                "subject_span": [evidence.subject.start, evidence.subject.end],
                "object_span": [evidence.object.start, evidence.object.end],
                "trigger_span": [evidence.start, evidence.end],
                "method": evidence.method,
            }


def _to_line(result: dict[str, Any]) -> bytes:
    try:
        return json.dumps(result, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:
        # Half of a surrogate pair, which JSON can hold ("\\ud800") and UTF-8 cannot.
        return json.dumps(result).encode() + b"\n"


def _write_page(path: Path, documents: _Documents, annotator: "Annotator") -> None:
    from kg.annotate.page import write_page  # noqa: PLC0415

    is_plain = documents.fields == ("text",)
    title = "Entities" if documents.name == "stdin" else f"Entities in {Path(documents.name).name}"
    with write_page(path, annotator.lexicon, title) as page:
        for number, document, texts in documents:
            name = document.get("id")
            found = annotator.annotate(list(texts.values()))
            page.add(
                str(name) if isinstance(name, str | int) else f"line {number}",
                [
                    ("" if is_plain else field, text, mentions)
                    for (field, text), mentions in zip(texts.items(), found, strict=True)
                ],
            )
    what = "document" if page.documents == 1 else "documents"
    click.echo(f"{page.documents:,} {what} -> {path}", err=True)


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
    except (ValueError, RecursionError) as error:
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
