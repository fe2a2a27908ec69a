"""What docs/exports.md says there is, there is."""

import re
from pathlib import Path

from kg.exports import PROFILES
from kg.exports.rdf import format_of
from tests.docs_pages import read_page


def test_every_profile_is_named_and_no_other() -> None:
    page = read_page("exports.md")
    named = set(re.findall(r"^## `(.+)`$", page, re.MULTILINE))
    table = page.partition("\n## Other profiles\n")[2].partition("\n## ")[0]
    for row in re.findall(r"^\| (`.+?) \|", table, re.MULTILINE):
        named |= set(re.findall(r"`(.+?)`", row))
    assert {profile.name for profile in PROFILES} == named


def test_every_format_is_named() -> None:
    page = read_page("exports.md")
    for suffix in (".ttl", ".nt", ".nq", ".trig", ".rdf", ".jsonld"):
        assert format_of(Path(f"a{suffix}"))
        assert f"`{suffix}`" in page
