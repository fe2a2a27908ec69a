"""What exports say of the vocabularies is what their manifest says."""

import json

import pytest

from kg.exports.sources import LICENSES, TABLES
from kg.namespaces import PREFIXES
from kg.resources import resource_path

MANIFEST = json.loads(
    resource_path("data", "vocabulary", "MANIFEST.json").read_text(encoding="utf-8")
)
WORDS = {
    "https://creativecommons.org/publicdomain/zero/1.0/": "CC0",
    "https://creativecommons.org/licenses/by/4.0/": "CC-BY 4.0",
    "https://creativecommons.org/licenses/by/3.0/": "CC-BY 3.0",
    "https://www.nlm.nih.gov/databases/download/terms_and_conditions.html": "NLM terms",
}


def test_every_table_has_a_prefix() -> None:
    assert set(TABLES.values()) == set(MANIFEST)
    assert TABLES.keys() == LICENSES.keys()
    assert TABLES.keys() <= PREFIXES.keys()


@pytest.mark.parametrize("prefix", TABLES)
def test_the_license(prefix: str) -> None:
    assert WORDS[LICENSES[prefix]] in MANIFEST[TABLES[prefix]]["licence"]
