"""What docs/exports.md says there is, there is."""

import re
from pathlib import Path

from kg.exports import PROFILES
from kg.exports.rdf import format_of
from tests.docs_pages import read_page


def test_every_profile_has_a_section() -> None:
    sections = set(re.findall(r"^## `(.+)`$", read_page("exports.md"), re.MULTILINE))
    assert {profile.name for profile in PROFILES} <= sections


def test_every_format_is_named() -> None:
    page = read_page("exports.md")
    for suffix in (".ttl", ".nt", ".nq", ".trig", ".rdf", ".jsonld"):
        assert format_of(Path(f"a{suffix}"))
        assert f"`{suffix}`" in page
