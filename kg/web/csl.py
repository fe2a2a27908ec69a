"""Web floor: resolved citations -> a CSL-JSON file that `kg build` reads beside the original.

It holds the citation as the original had it, and the identifiers: by its fingerprint (journal,
year, volume, first page, title) the record is the same paper as the original one, and the paper
then goes by its identifiers. What `kg resolve` was sure of alone stands in it.
"""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kg.errors import InputError
from kg.model import Author
from kg.publications import fingerprint
from kg.web.resolving import Resolution


def to_csl(resolution: Resolution) -> dict[str, Any]:
    """Return a resolved citation as an item of CSL-JSON (schema 1.0.2).

    The authors of a citation that cut them are left out, since CSL-JSON cannot say "et al"; the
    original has them. The note says which method gave the identifiers, and how well they fit.
    """
    record = resolution.record
    fields: dict[str, Any] = {
        "id": f"cit-{fingerprint(record)}",
        "type": "article-journal" if record.journal else "document",
        "title": record.title,
        "author": [] if record.et_al and record.title else list(map(_to_name, record.authors)),
        "container-title": record.journal_title or record.journal,
        "container-title-short": record.journal,
        "issued": {"date-parts": [[record.year]]} if record.year is not None else {},
        "volume": record.volume,
        "issue": record.issue,
        "page": record.pages,
        "ISSN": record.issns[0] if record.issns else "",
        **resolution.identifiers,
        "note": _describe(resolution),
    }
    return {name: value for name, value in fields.items() if value}


def write_csl(path: Path, resolutions: Iterable[Resolution]) -> None:
    """Write resolved citations; the file is the whole new one or the old one at every instant.

    Raises:
        InputError: if it cannot be written.
    """
    items = [to_csl(one) for one in resolutions]
    target = path.resolve()
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        if target.exists() and not target.is_file():
            raise InputError(f"{path}: is no plain file, and the citations are written to one")
        text = json.dumps(items, ensure_ascii=False, indent=1)
        unfinished.write_text(f"{text}\n", encoding="utf-8", errors="replace")
        unfinished.replace(target)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror or error})") from error
    finally:
        unfinished.unlink(missing_ok=True)


def _to_name(author: Author) -> dict[str, str]:
    if author.collective:
        return {"literal": author.name}
    # The suffix of a name stands behind its initials only in the whole name.
    suffix = author.name.removeprefix(f"{author.family} {author.initials}").strip()
    name = {"family": author.family, "given": author.given or author.initials}
    if suffix and suffix != author.name:
        name["suffix"] = suffix
    return {part: value for part, value in name.items() if value}


def _describe(resolution: Resolution) -> str:
    said = [
        f"{', '.join(one.new)} by {one.method} ({one.fit.score:.2f})"
        for one in resolution.proposals
        if one.new
    ]
    return f"kg resolve: {'; '.join(said)}"
