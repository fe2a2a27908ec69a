"""Floor 8: a graph as a package to cite and to keep: RO-Crate, a folder or a ZIP file.

The graph, the ontology, what it was built from, under which licences, each file with its digest.

Source: P. Sefton and others, "RO-Crate Metadata Specification 1.1", 2020.
"""

import gzip
import json
import shutil
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kg.exports.about import ONTOLOGY
from kg.exports.rdf import ExportFormat, export_graph
from kg.exports.view import View, Written
from kg.resources import resource_path
from kg.vocabulary.licences import licence_addresses, licence_of

_SPECIFICATION = "https://w3id.org/ro/crate/1.1"
_METADATA = "ro-crate-metadata.json"
_GRAPH = "graph.nq.gz"
_MANIFEST = "manifest.json"
_NOTICE = "NOTICE.md"
_CC0 = licence_addresses("CC0")[0]
_LICENCES = {
    _CC0: "CC0 1.0 Universal",
    "https://creativecommons.org/licenses/by/4.0/": "Creative Commons Attribution 4.0",
    "https://creativecommons.org/licenses/by/3.0/": "Creative Commons Attribution 3.0",
    "https://creativecommons.org/publicdomain/mark/1.0/": "Public Domain Mark 1.0",
    "https://www.nlm.nih.gov/databases/download/terms_and_conditions.html": (
        "Terms and Conditions for NLM Data"
    ),
}
_RIGHTS = {
    "@id": "#rights",
    "@type": "CreativeWork",
    "name": "Each part under its own licence",
    "description": (
        "The ontology is under CC0 1.0. Names, definitions and links of entities are under the "
        "licences of the vocabularies that they come from; NOTICE.md names these and gives credit. "
        "Titles and sentences are those of the publications, and under the rights of their authors "
        "or publishers."
    ),
}
_MEDIA_TYPES = {".ttl": "text/turtle", ".jsonld": "application/ld+json", ".md": "text/markdown"}

# No file of a ZIP tells when it was written, so that the same graph gives the same bytes.
_NO_TIME = (1980, 1, 1, 0, 0, 0)

_Entity = dict[str, Any]


class RoCrate:
    """An RO-Crate: the graph as N-Quads, the ontology, the manifest, and metadata on all of it."""

    name = "ro-crate"
    summary = "RO-Crate, a package to cite: N-Quads, ontology, inputs, versions, licences, digests"
    suffix = ""

    def write(self, view: View, target: Path) -> Written:
        """Write the crate as a folder, or as a ZIP file if that is the suffix of `target`."""
        if target.suffix.lower() != ".zip":
            target.mkdir()
            return Written(files={target: _fill(view, target)})
        with TemporaryDirectory(dir=target.parent, prefix=".kg-") as temporary:
            folder = Path(temporary)
            said = _fill(view, folder)
            _pack(folder, target)
        return Written(files={target: said})


def _fill(view: View, folder: Path) -> str:
    """Write the files of a crate, and return what they come to in words."""
    with (
        (folder / _GRAPH).open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=6, mtime=0) as packed,
    ):
        exported = export_graph(view, packed, ExportFormat.NQUADS)  # type: ignore[arg-type]
    manifest = json.dumps(view.manifest, ensure_ascii=False, indent=2, sort_keys=True)
    (folder / _MANIFEST).write_text(f"{manifest}\n", encoding="utf-8")
    shutil.copyfile(resource_path("data", "vocabulary", _NOTICE), folder / _NOTICE)
    (folder / "ontology").mkdir()
    for path in sorted(resource_path("ontology").iterdir()):
        if path.suffix in (".ttl", ".jsonld"):
            shutil.copyfile(path, folder / "ontology" / path.name)
    metadata = {
        "@context": [f"{_SPECIFICATION}/context", {"sha256": "https://schema.org/sha256"}],
        "@graph": list(_describe(view.manifest, folder, exported.statements, exported.sha256)),
    }
    text = json.dumps(metadata, ensure_ascii=False, indent=2)
    (folder / _METADATA).write_text(f"{text}\n", encoding="utf-8")
    files = sum(path.is_file() for path in folder.rglob("*"))
    return f"{exported.statements:,} statements, {files} files"


def _describe(
    manifest: Mapping[str, Any], folder: Path, statements: int, digest: str
) -> Iterator[_Entity]:
    """Yield the metadata: of the crate, its files, and what is known of how they came to be."""
    files = list(_files(folder, statements, digest))
    built_at = str(manifest.get("built_at") or datetime.now(UTC).isoformat(timespec="seconds"))
    software = {
        "@id": "#kg",
        "@type": "SoftwareApplication",
        "name": "kg",
        "description": "Builds knowledge graphs of biomedical literature",
        "version": str(manifest.get("kg_version", "")),
    }
    inputs = list(_inputs(manifest))
    tables = list(_tables(manifest))
    part = manifest.get("part")
    title = "Knowledge graph of biomedical literature"
    yield {
        "@id": _METADATA,
        "@type": "CreativeWork",
        "conformsTo": {"@id": _SPECIFICATION},
        "about": {"@id": "./"},
    }
    yield {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{title} (a part)" if part else title,
        "description": _description(manifest, statements),
        "datePublished": built_at,
        "license": {"@id": _RIGHTS["@id"]},
        "identifier": f"sha256:{digest}",
        "hasPart": [{"@id": each["@id"]} for each in files],
        "mentions": {"@id": "#build"},
    }
    yield {
        "@id": "#build",
        "@type": "CreateAction",
        "name": f"Build {str(manifest.get('build_hash', ''))[:12]}",
        "description": "The graph was built from these files and vocabularies.",
        "endTime": built_at,
        "instrument": {"@id": software["@id"]},
        "object": [{"@id": each["@id"]} for each in (*inputs, *tables)],
        "result": {"@id": _GRAPH},
    }
    yield from (software, _RIGHTS, *files, *inputs, *tables)
    named = (address for each in tables for address in licence_addresses(each.get("usageInfo", "")))
    for address in sorted({_CC0, *named}):
        yield {"@id": address, "@type": "CreativeWork", "name": _LICENCES[address]}


def _description(manifest: Mapping[str, Any], statements: int) -> str:
    """Return in a few sentences what is in the crate."""
    names = [str(each["name"]) for each in manifest.get("inputs", ())]
    shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    what = (
        f"{statements:,} RDF statements on publications, the sentences in them, the genes, cell "
        "types, diseases and other entities that the sentences name, and what they say of them."
    )
    said = [what]
    if shown:
        said.append(f"Built from {shown}.")
    if part := manifest.get("part"):
        said.append(f"{part['description']}.")
    return " ".join(said)


def _files(folder: Path, statements: int, digest: str) -> Iterator[_Entity]:
    """Yield each file of the crate with its size, its digest and what it is."""
    said: dict[str, _Entity] = {
        _GRAPH: {
            "name": "The graph",
            "description": (
                f"{statements:,} statements as N-Quads, packed with gzip. The SHA-256 of their "
                f"canonical form (RDFC-1.0) is {digest}."
            ),
            "encodingFormat": ["application/n-quads", "application/gzip"],
            "conformsTo": {"@id": "ontology/litkg.ttl"},
            "license": {"@id": _RIGHTS["@id"]},
        },
        _MANIFEST: {
            "name": "What the build wrote down",
            "description": "Inputs with their digests, versions, counts, and problems noted.",
            "encodingFormat": "application/json",
        },
        _NOTICE: {"name": "Vocabularies: sources, licences, credit"},
        "ontology/litkg.ttl": {
            "name": "Literature knowledge graph ontology",
            "url": ONTOLOGY,
            "license": {"@id": _CC0},
        },
    }
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        entity = {
            "@id": name,
            "@type": "File",
            "name": path.name,
            "contentSize": str(path.stat().st_size),
            "sha256": _digest(path),
        }
        if path.suffix in _MEDIA_TYPES:
            entity["encodingFormat"] = _MEDIA_TYPES[path.suffix]
        yield entity | said.get(name, {})


def _inputs(manifest: Mapping[str, Any]) -> Iterator[_Entity]:
    """Yield the files that the graph was built from; they are not in the crate."""
    for each in manifest.get("inputs", ()):
        yield {
            "@id": f"#input-{each['sha256'][:20]}",
            "@type": "CreativeWork",
            "name": each["name"],
            "description": "A file that the graph was built from; not in this crate.",
            "encodingFormat": each["format"],
            "sha256": each["sha256"],
        }


def _tables(manifest: Mapping[str, Any]) -> Iterator[_Entity]:
    """Yield the vocabulary tables that names and identifiers come from."""
    for each in manifest.get("vocabularies", ()):
        licence = licence_of(each["sha256"])
        entity: _Entity = {
            "@id": f"#vocabulary-{each['sha256'][:20]}",
            "@type": "CreativeWork",
            "name": f"{each['vocabulary']} ({each['file']})",
            "version": each["release"],
            "sha256": each["sha256"],
        }
        if licence:
            entity["usageInfo"] = licence
        if addresses := [{"@id": address} for address in licence_addresses(licence)]:
            entity["license"] = addresses[0] if len(addresses) == 1 else addresses
        yield entity


def _digest(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def _pack(folder: Path, target: Path) -> None:
    """Write the files of a folder as a ZIP file, in the order of their names."""
    paths: Iterable[Path] = sorted(path for path in folder.rglob("*") if path.is_file())
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            with path.open("rb") as stream, archive.open(entry, "w", force_zip64=True) as out:
                shutil.copyfileobj(stream, out)
