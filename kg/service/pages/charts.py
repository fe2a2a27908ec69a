"""Floor 10: how many papers there are of each year, as a chart of bars. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

_MOST_BARS = 100
_FEWEST_BARS = 4
_STEP, _WIDTH, _HEIGHT, _SHORTEST = 10, 8, 60, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar, in the units of its chart, and what it stands for; without papers it has no height."""

    year: int
    papers: int
    href: str
    x: int
    y: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Bars of all years from the first to the last, of those with papers; and the same as rows.

    `rows` also have papers of no year (0), and years that are too long ago for a bar.
    """

    bars: tuple[Bar, ...]
    rows: tuple[tuple[int, int, str], ...]
    width: int
    height: int
    most: int

    @property
    def is_small(self) -> bool:
        """Whether there are so few years that their numbers tell more than bars."""
        return len(self.bars) < _FEWEST_BARS

    @property
    def first(self) -> int:
        """The first year that has a bar."""
        return self.bars[0].year

    @property
    def last(self) -> int:
        """The last year that has a bar."""
        return self.bars[-1].year


def draw_years(years: Mapping[int, int], address: Callable[[int], str]) -> Chart | None:
    """Return the chart of papers by year, each leading to an address; None without any year.

    >>> chart = draw_years({2019: 1, 2021: 4}, lambda year: f"/papers?year={year}")
    >>> [(bar.year, bar.papers, bar.height) for bar in chart.bars]
    [(2019, 1, 15.0), (2020, 0, 0), (2021, 4, 60.0)]
    """
    rows = tuple(
        (year, papers, address(year)) for year, papers in sorted(years.items(), reverse=True)
    )
    dated = [year for year in years if year > 0]
    if not dated:
        return None
    last = max(dated)
    first = max(min(dated), last - _MOST_BARS + 1)
    most = max(years[year] for year in dated if year >= first)
    bars = []
    for number, year in enumerate(range(first, last + 1)):
        papers = years.get(year, 0)
        height = max(round(_HEIGHT * papers / most, 1), _SHORTEST) if papers else 0
        bars.append(
            Bar(
                year=year,
                papers=papers,
                href=address(year),
                x=number * _STEP + (_STEP - _WIDTH) // 2,
                y=_HEIGHT - height,
                height=height,
            )
        )
    return Chart(bars=tuple(bars), rows=rows, width=len(bars) * _STEP, height=_HEIGHT, most=most)
