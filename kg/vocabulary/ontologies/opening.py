"""Floor 5: a file of an ontology: unpacked, its syntax told from its content, and read."""

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import zstandard

from kg.errors import InputError
from kg.vocabulary.ontologies.terms import Ontology

_HEAD = 4096
SYNTAXES = (
    "OBO, obographs JSON, or OWL in RDF/XML, Turtle, functional, OWL/XML or Manchester syntax"
)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file for reading, unpacked where it is packed with gzip or zstd.

    Raises:
        InputError: if it cannot be read, or is damaged; also where that shows in the block.
    """
    try:
        if path.is_dir():
            raise InputError(f"{path}: is a directory; name a file in it")
        with path.open("rb") as raw:
            head = raw.peek(4)[:4]
            if not head:
                raise InputError(f"{path}: is empty")
            if head.startswith(b"\x1f\x8b"):
                yield cast("BinaryIO", io.BufferedReader(gzip.GzipFile(fileobj=raw)))
            elif head == b"\x28\xb5\x2f\xfd":
                # A file may hold several frames.
                reader = zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True)
                yield cast("BinaryIO", io.BufferedReader(cast("io.RawIOBase", reader)))
            else:
                yield raw
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except (gzip.BadGzipFile, EOFError, zlib.error, zstandard.ZstdError) as error:
        raise InputError(f"{path}: is damaged, and cannot be unpacked ({error})") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is no UTF-8 text ({error.reason})") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from error


@contextmanager
def opened_text(path: Path) -> Iterator[io.TextIOWrapper]:
    """Open a file as UTF-8 text, with or without a byte-order mark; else like `opened`."""
    with opened(path) as stream:
        yield io.TextIOWrapper(stream, encoding="utf-8-sig", newline=None)


def read_ontology(path: Path) -> Ontology:
    """Return the ontology in a file, whose syntax is told from its content.

    OBO is read as its `terms` are gone through; other syntaxes are held in memory.

    Raises:
        InputError: if the file cannot be read, or is no ontology; it says where and what.
    """
    from kg.vocabulary.ontologies.obo import read_obo  # noqa: PLC0415
    from kg.vocabulary.ontologies.obographs import read_obographs  # noqa: PLC0415
    from kg.vocabulary.ontologies.owl import read_owl  # noqa: PLC0415

    with opened(path) as stream:
        head = stream.read(_HEAD)
    syntax = tell_syntax(head)
    if syntax == "obo":
        return read_obo(path)
    if syntax == "obographs":
        return read_obographs(path)
    if syntax:
        return read_owl(path, syntax)
    raise InputError(f"{path}: is no ontology that can be read; it should be {SYNTAXES}")


def tell_syntax(head: bytes) -> str:
    r"""Return the syntax that a file begins in: obo, obographs, rdf, owx, ofn, omn, ttl, or "".

    >>> tell_syntax(b"format-version: 1.2"), tell_syntax(b'{"graphs": ['), tell_syntax(b"<html>")
    ('obo', 'obographs', '')
    >>> tell_syntax(b"# made by hand\n@prefix owl: <http://www.w3.org/2002/07/owl#> .")
    'ttl'
    """
    text = head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").lstrip()
    if text.startswith("{"):
        return "obographs"
    if text.startswith("<") and not text.startswith(("<http", "<urn")):
        folded = text.casefold()
        if "<html" in folded or "<!doctype html" in folded:
            return ""
        if "<rdf:rdf" in folded or "rdf-syntax-ns#" in folded:
            return "rdf"
        return "owx" if "<ontology" in folded else ""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    first = lines[0].strip() if lines else ""
    if first.startswith(("Prefix(", "Ontology(")):
        return "ofn"
    if first.startswith(("Prefix:", "Ontology:")):
        return "omn"
    if first.casefold().startswith(("@prefix", "@base", "prefix ", "base ", "<http", "<urn", "[]")):
        return "ttl"
    obo = ("format-version:", "ontology:", "data-version:", "[Term]", "date:", "default-namespace:")
    return "obo" if any(line.startswith((*obo, "!")) for line in lines[:20]) else ""
