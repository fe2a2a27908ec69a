"""Floor 5: the prefixes of entities and papers, in the forms that other tools read."""

import tempfile
from pathlib import Path

from kg.namespaces import PREFIX_MAP, converter
from kg.resources import resource_path


def write_prefixes(form: str) -> str:
    """Return the prefixes as a text: `epm`, `jsonld` or `shacl` (in Turtle).

    The extended prefix map has all other spellings of prefixes and IRIs too.
    """
    if form == "epm":
        return resource_path(*PREFIX_MAP).read_text(encoding="utf-8")
    import curies  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "prefixes"
        if form == "shacl":
            curies.write_shacl(converter(), path)
        else:
            # Written out, since a prefix that ends in a letter or "_" is else none in JSON-LD 1.1.
            curies.write_jsonld_context(converter(), path, expand=True)
        return path.read_text(encoding="utf-8").rstrip("\n") + "\n"
