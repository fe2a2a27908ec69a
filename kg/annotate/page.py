"""Floor 6: annotated texts as one HTML page: mentions coloured by type, each with its best term.

The page stands alone: no script, nothing loaded from elsewhere. Documents are written as they come,
so that memory does not grow with them; what is counted over all of them is put together at the end,
and the page takes its name only when it is whole.
"""

import os
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from html import escape
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from kg.annotate.page_style import STYLE
from kg.errors import KgError
from kg.model import EntityType, Mention
from kg.namespaces import curie_to_page, has_iri
from kg.vocabulary.lexicon import Lexicon

# What each type is called, and the letters that stand beside its mentions: no colour alone.
_TYPES = {
    EntityType.GENE: ("gene", "G"),
    EntityType.GENE_FAMILY: ("gene family", "GF"),
    EntityType.CELL_TYPE: ("cell type", "CT"),
    EntityType.DISEASE: ("disease", "D"),
    EntityType.ORGANISM: ("organism", "O"),
    EntityType.ANATOMY: ("anatomy", "A"),
    EntityType.PROCESS: ("process", "P"),
    EntityType.CHEMICAL: ("chemical", "C"),
}
_MOST_ENTITIES = 2000  # rows of the table; a page of more is slow to open
_UNSHOWN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

# A field of a document: its name (empty where there is one alone), its text, its mentions.
Field = tuple[str, str, Sequence[Mention]]


class Page:
    """Takes the documents of a page one by one; made by `write_page`."""

    def __init__(self, documents: IO[str], lexicon: Lexicon) -> None:
        self._documents = documents
        self._lexicon = lexicon
        self._mentions: Counter[tuple[EntityType, str]] = Counter()
        self._in_documents: Counter[tuple[EntityType, str]] = Counter()
        self.documents = 0

    def add(self, name: str, fields: Iterable[Field]) -> None:
        """Write a document: its name, and its fields with their mentions in order."""
        self.documents += 1
        out = self._documents
        out.write(f'<article>\n<h2 dir="auto">{_safe(name)}</h2>\n')
        here: set[tuple[EntityType, str]] = set()
        for field, text, mentions in fields:
            if field:
                out.write(f"<h3>{_safe(field)}</h3>\n")
            out.write('<p class="text" dir="auto">')
            done = 0
            for one in mentions:
                out.write(_safe(text[done : one.start]))
                out.write(self._mark(one))
                done = one.end
                key = (one.type, one.best.term)
                self._mentions[key] += 1
                here.add(key)
            out.write(f"{_safe(text[done:])}</p>\n")
        self._in_documents.update(here)
        out.write("</article>\n")

    def head(self, title: str) -> Iterator[str]:
        """Yield what stands before the documents: the style, and the legend with its counts."""
        counts: Counter[EntityType] = Counter()
        for (kind, _), count in self._mentions.items():
            counts[kind] += count
        yield (
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            '<meta http-equiv="Content-Security-Policy" '
            "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<meta name="color-scheme" content="light dark">\n'
            f"<title>{_safe(title)}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n"
            f'<header>\n<h1 dir="auto">{_safe(title)}</h1>\n'
        )
        total = sum(counts.values())
        yield (
            f"<p>{_count(self.documents, 'document')}, {_count(total, 'mention')} of "
            f'<a href="#entities">{_count(len(self._mentions), "entity", "entities")}</a></p>\n'
            '<ul class="legend" aria-label="Types of entities">\n'
        )
        for kind, (label, letters) in _TYPES.items():
            if counts[kind]:
                yield (
                    f'<li><span class="mention {kind.lower()}" data-type="{letters}">{label}</span>'
                    f" {counts[kind]:,}</li>\n"
                )
        yield "</ul>\n</header>\n<main>\n"

    def tail(self) -> Iterator[str]:
        """Yield what stands after the documents: the table of the entities."""
        rows = sorted(self._mentions.items(), key=lambda one: (-one[1], one[0]))
        yield '</main>\n<section id="entities">\n<h2>Entities</h2>\n'
        if not rows:
            yield "<p>None was found.</p>\n</section>\n</body>\n</html>\n"
            return
        yield '<div class="scroll">\n<table>\n<thead><tr>'
        yield "".join(f'<th scope="col">{each}</th>' for each in ("type", "entity", "id"))
        yield '<th scope="col" class="number">mentions</th>'
        yield '<th scope="col" class="number">documents</th></tr></thead>\n<tbody>\n'
        for key, count in rows[:_MOST_ENTITIES]:
            kind, curie = key
            label, letters = _TYPES[kind]
            yield (
                f'<tr><td><span class="mention {kind.lower()}" data-type="{letters}">{label}</span>'
                f'</td><th scope="row"><bdi>{_safe(self._label(curie))}</bdi></th>'
                f"<td>{_link(curie, _safe(curie))}</td>"
                f'<td class="number">{count:,}</td>'
                f'<td class="number">{self._in_documents[key]:,}</td></tr>\n'
            )
        yield "</tbody>\n</table>\n</div>\n"
        if len(rows) > _MOST_ENTITIES:
            yield f"<p>and {len(rows) - _MOST_ENTITIES:,} more, each mentioned more rarely</p>\n"
        yield "</section>\n</body>\n</html>\n"

    def _mark(self, mention: Mention) -> str:
        best = mention.best
        label, letters = _TYPES[mention.type]
        title = f"{self._label(best.term)} ({best.term}), {label}: {best.score:.2f}, {best.method}"
        attributes = (
            f' class="mention {mention.type.lower()}" data-type="{letters}" title="{_safe(title)}"'
        )
        return _link(best.term, _safe(mention.text), attributes)

    def _label(self, curie: str) -> str:
        term = self._lexicon.term(curie)
        return term.label if term is not None else curie


@contextmanager
def write_page(path: Path, lexicon: Lexicon, title: str) -> Iterator[Page]:
    """Give a page to put documents on; at the end of the block it is written to a file.

    What was there is replaced by the whole page at once, and stays if anything fails.

    Raises:
        KgError: if the file cannot be written.
    """
    # Resolved, so that a link to a file is kept, and the file behind it is written.
    target = path.resolve()
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        if target.exists() and not target.is_file():
            raise KgError(f"{path}: is no plain file, and a page is written to one")
        with (
            unfinished.open("w", encoding="utf-8", newline="\n") as out,
            TemporaryFile("w+", encoding="utf-8", newline="\n", dir=target.parent) as documents,
        ):
            page = Page(documents, lexicon)
            yield page
            out.writelines(page.head(title))
            documents.seek(0)
            shutil.copyfileobj(documents, out, 1 << 20)
            out.writelines(page.tail())
        unfinished.replace(target)
    except OSError as error:
        raise KgError(
            f"{path}: the page could not be written ({error.strerror or error})"
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)


def _link(curie: str, inside: str, attributes: str = "") -> str:
    """Return a link to the page of a term; without the link where none is known."""
    if not has_iri(curie):
        return f"<span{attributes}>{inside}</span>"
    return f'<a href="{escape(curie_to_page(curie))}"{attributes}>{inside}</a>'


def _safe(text: str) -> str:
    r"""Return a text as HTML shows it; characters that HTML may not hold become visible ones.

    >>> _safe("<b> & \x00")
    '&lt;b&gt; &amp; \u2400'
    """
    return escape(_UNSHOWN.sub(_picture, text))


def _picture(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"


def _count(number: int, what: str, several: str = "") -> str:
    return f"{number:,} {what if number == 1 else several or what + 's'}"
