"""What the tests of the web floor share: services on a local port, and a clock that never waits."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from kg.web.services import Settings
from tests.web.services import WebServices


@dataclass
class Clock:
    """A clock that goes on when someone sleeps; `slept` is how long, each time."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def services(clock: Clock) -> Iterator[WebServices]:
    running = WebServices()
    running.clock = clock
    running.start()
    yield running
    running.stop()


@pytest.fixture
def settings(services: WebServices) -> Settings:
    return Settings(
        email="ann@example.org",
        eutils_url=services.url,
        europepmc_url=services.url,
        crossref_url=services.url,
    )
