"""Floor 10: files of statements that a form uploads (multipart/form-data), as one text. Pure."""

from email import message_from_bytes
from email.message import Message
from pathlib import PurePath

from pyoxigraph import RdfFormat, parse

from kg.errors import InputError

MULTIPART = "multipart/form-data"


def join_parts(data: bytes, content_type: str, base_iri: str) -> bytes:
    """Return the statements of all files of a form as N-Triples.

    Each file is of the format that its part names, or that its name ends in.

    Raises:
        InputError: if there is no file, or one cannot be read.
    """
    head = f"content-type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    form = message_from_bytes(head + data)
    lines: list[str] = []
    files = 0
    for part in form.walk():
        if part.is_multipart() or part is form:
            continue
        files += 1
        name = part.get_filename() or f"part {files}"
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)  # noqa: S101
        try:
            quads = parse(
                content,
                _form(part, name),
                base_iri=base_iri,
                without_named_graphs=True,
                rename_blank_nodes=True,
            )
            lines += [f"{quad.triple} .\n" for quad in quads]
        except SyntaxError as error:
            raise InputError(f"{name}: line {error.lineno}: {error.msg}") from error
    if not files:
        raise InputError("the form has no file in it")
    return "".join(lines).encode()


def _form(part: Message, name: str) -> RdfFormat:
    form = RdfFormat.from_media_type(part.get_content_type())
    if form is None or "content-type" not in part:
        form = RdfFormat.from_extension(PurePath(name).suffix.removeprefix(".")) or form
    if form is None:
        raise InputError(f"{name}: '{part.get_content_type()}' is no media type of RDF")
    return form
