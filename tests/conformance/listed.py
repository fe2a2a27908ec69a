"""What docs/conformance.md says, so that it can be held to what came out.

Its tables are read: a row that begins with the name of a suite has how many tests it has and how
many pass; one that begins with the name of a test in backquotes is a test that fails.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "conformance.md"
_SUITE = re.compile(r"^\| ([a-z ]+) \| (\d+) \| (\d+) \|", re.MULTILINE)
_TEST = re.compile(r"^\| `([\w-]+/[\w-]+)` \| (.*) \|$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The tests of a suite that passed and that failed, by name."""

    passed: frozenset[str]
    failed: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What a page says: the tests of each suite and how many pass; and those that fail."""

    suites: Mapping[str, tuple[int, int]]
    failing: frozenset[str]


def read_page(text: str) -> Listed:
    """Return what a page says."""
    return Listed(
        suites={name: (int(count), int(passed)) for name, count, passed in _SUITE.findall(text)},
        failing=frozenset(name for name, cause in _TEST.findall(text) if cause.strip()),
    )


def differences(
    listed: Listed, outcomes: Mapping[str, Outcome], wanted: Iterable[str]
) -> Iterator[str]:
    """Yield what a page has wrong of the suites that were run; `wanted` are all that there are."""
    for name, outcome in outcomes.items():
        for test in sorted(outcome.failed - listed.failing):
            yield f"{test} fails, and the page does not list it"
        for test in sorted(outcome.passed & listed.failing):
            yield f"{test} passes, and the page lists it as one that fails"
        found = len(outcome.passed) + len(outcome.failed), len(outcome.passed)
        if listed.suites.get(name) != found:
            yield f"of {name}, {found[1]} of {found[0]} pass; the page says otherwise"
    if set(outcomes) == set(wanted):
        known = {test for each in outcomes.values() for test in each.passed | each.failed}
        for test in sorted(listed.failing - known):
            yield f"{test} is listed, and there is no such test"
