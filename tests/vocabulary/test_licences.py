"""What is said of the licences of vocabularies is what their manifest says."""

import json

import pytest

from kg.prefixes import PREFIXES
from kg.resources import resource_path
from kg.vocabulary.licences import TABLE_OF_PREFIX, licence_of_prefix

MANIFEST = json.loads(
    resource_path("data", "vocabulary", "MANIFEST.json").read_text(encoding="utf-8")
)
WORDS = {
    "https://creativecommons.org/publicdomain/zero/1.0/": "CC0",
    "https://creativecommons.org/publicdomain/mark/1.0/": "public domain",
    "https://creativecommons.org/licenses/by/4.0/": "CC-BY 4.0",
    "https://creativecommons.org/licenses/by/3.0/": "CC-BY 3.0",
    "https://www.nlm.nih.gov/databases/download/terms_and_conditions.html": "NLM terms",
}


def test_every_table_has_a_prefix() -> None:
    assert set(TABLE_OF_PREFIX.values()) == set(MANIFEST)
    assert TABLE_OF_PREFIX.keys() <= PREFIXES.keys()


@pytest.mark.parametrize("prefix", TABLE_OF_PREFIX)
def test_the_licence(prefix: str) -> None:
    words = MANIFEST[TABLE_OF_PREFIX[prefix]]["licence"]
    assert words.startswith(WORDS[licence_of_prefix(prefix)])


def test_a_prefix_without_a_table_has_none() -> None:
    assert licence_of_prefix("UniProt") == ""
