"""Floor 5: under which licences the vocabulary tables stand, as addresses where they have one."""

from functools import cache

from kg.vocabulary.tables import Table, list_tables, vocabulary_folder

_CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
_ADDRESSES = {
    "CC0": _CC0,
    "CC-BY 4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY 3.0": "https://creativecommons.org/licenses/by/3.0/",
    "public domain": "https://creativecommons.org/publicdomain/mark/1.0/",
    "NLM terms and conditions": "https://www.nlm.nih.gov/databases/download/terms_and_conditions.html",
}


@cache
def shipped_tables() -> dict[str, Table]:
    """Return the tables that ship with the package, by their sha256."""
    return {table.sha256: table for table in list_tables(vocabulary_folder())}


def licence_of(sha256: str) -> str:
    """Return the licence of a vocabulary table in words, or nothing where it is not one of ours."""
    table = shipped_tables().get(sha256)
    return "" if table is None else table.licence


def licence_addresses(licence: str) -> list[str]:
    """Return the addresses of the licences that a text names, in the order in which it does.

    >>> licence_addresses("CC-BY 4.0 (MGI)")
    ['https://creativecommons.org/licenses/by/4.0/']
    """
    found = sorted((licence.find(name), address) for name, address in _ADDRESSES.items())
    return [address for place, address in found if place >= 0]
