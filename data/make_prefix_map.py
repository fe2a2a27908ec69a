"""Make `data/prefix-map.json`: all spellings of the prefixes and IRIs of `kg.prefixes.PREFIXES`.

The spellings come from the Bioregistry, whose Python package has to be installed where this is run
(`make prefixes`); the canonical forms stay those of `kg.prefixes`. The file is an extended prefix
map as `curies` reads it, sorted, so that the same release gives the same bytes.
"""

import json
import re
from collections.abc import Iterator

import bioregistry

from kg.namespaces import PREFIX_MAP
from kg.prefixes import PREFIXES, Prefix
from kg.resources import resource_path

# Entries that are kept apart in the Bioregistry and are one registry here.
_MORE_KEYS = {"Orphanet": ("orphanet",)}
# Sites that resolve the CURIEs of any registry.
_RESOLVERS = ("identifiers.org", "bioregistry.io", "n2t.net")
# Not the same numbers, although the Bioregistry files them there: MEDLINE had its own, NCBI Protein
# and PubChem's references too. A page of PMC takes PMC's identifiers with their letters.
_OTHER_NUMBERS = frozenset({"MEDLINE"})
_OTHER_PAGES = re.compile(
    r"//www\.ncbi\.nlm\.nih\.gov/(?:protein/|pmc/articles/PMC)|/pubchem/reference/|//\d+\.\d+\."
)
_SPELLING = re.compile(r"[A-Za-z][\w.-]*")


def main() -> None:
    """Write the map, and say what is in it."""
    taken = {prefix.name.casefold() for prefix in PREFIXES.values()}
    taken_iris = {start(prefix.iri) for prefix in PREFIXES.values()}
    records = []
    for prefix in PREFIXES.values():
        names = sorted(spellings(prefix) - {prefix.name})
        # Spellings that differ in case only are understood in any case.
        others = [name for name in names if name.casefold() not in taken]
        same = [name for name in names if name.casefold() == prefix.name.casefold()]
        taken.update(name.casefold() for name in others)
        iris = sorted(set(iri_starts(prefix, [prefix.name, *others, *same])) - taken_iris)
        taken_iris.update(iris)
        records.append(
            {
                "prefix": prefix.name,
                "uri_prefix": start(prefix.iri),
                "prefix_synonyms": sorted([*others, *same]),
                "uri_prefix_synonyms": iris,
                "pattern": bioregistry.get_pattern(prefix.registry),
            }
        )
    path = resource_path(*PREFIX_MAP)
    text = json.dumps(records, indent=1, ensure_ascii=False) + "\n"
    path.write_text(text, encoding="utf-8")
    forms = sum(1 + len(record["uri_prefix_synonyms"]) for record in records)
    print(f"{len(records)} prefixes, {forms} forms of IRIs -> {path}")


def start(form: str) -> str:
    """Return what an IRI begins with, before the local identifier."""
    return form.partition("$1")[0]


def keys(prefix: Prefix) -> tuple[str, ...]:
    """Return the entries of the Bioregistry that a prefix stands for."""
    return (prefix.registry, *_MORE_KEYS.get(prefix.name, ()))


def spellings(prefix: Prefix) -> set[str]:
    """Return how a prefix is spelt."""
    found: set[str] = set()
    for key in keys(prefix):
        preferred = bioregistry.get_preferred_prefix(key)
        found |= {key, *([preferred] if preferred else ()), *bioregistry.get_synonyms(key)}
    return {name for name in found if _SPELLING.fullmatch(name)} - _OTHER_NUMBERS


def iri_starts(prefix: Prefix, names: list[str]) -> Iterator[str]:
    """Yield what the IRIs of a registry begin with, wherever the identifier ends them."""
    for form in (prefix.iri, prefix.page, *prefix.others):
        if form.endswith("$1"):
            yield from both_schemes(start(form))
    for key in keys(prefix):
        resource = bioregistry.get_resource(key)
        for form in resource.get_uri_prefixes():
            if not _OTHER_PAGES.search(form) and " " not in form:
                yield from both_schemes(form)
    for name in {*names, *(name.upper() for name in names[:1]), *keys(prefix)}:
        for host in _RESOLVERS:
            yield from both_schemes(f"https://{host}/{name}:")
            yield from both_schemes(f"https://{host}/{name}/")


def both_schemes(form: str) -> tuple[str, str]:
    """Return a form with http and with https."""
    rest = form.partition("://")[2]
    return f"http://{rest}", f"https://{rest}"


if __name__ == "__main__":
    main()
