"""The style of pages: what is written can be read, light and dark (WCAG 2.2, 1.4.3)."""

import re
from itertools import product

import pytest

from kg.service.pages.rendering import static_file

KINDS = (
    *("gene", "genefamily", "celltype", "disease", "organism", "anatomy", "process", "chemical"),
)
PAIRS = (
    *product(("ink", "quiet", "accent"), ("page", "raised", "notice")),
    *product(("no", "maybe"), ("page",)),
    *(("ink", kind) for kind in KINDS),
    *((f"{kind}-line", "page") for kind in KINDS),
    *((f"{kind}-line", "notice") for kind in KINDS),
)


def palettes() -> dict[str, dict[str, str]]:
    """Return the colours of each scheme by name."""
    found = static_file("style.css")
    assert found is not None
    light, dark = re.findall(r":root \{(.*?)\}", found[1].decode(), re.DOTALL)[:2]
    colours = re.compile(r"--([\w-]+): (#[0-9a-f]{3,6})")
    first = dict(colours.findall(light))
    return {"light": first, "dark": first | dict(colours.findall(dark))}


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_written_stands_out(scheme: str) -> None:
    palette = palettes()[scheme]
    for written, behind in PAIRS:
        pair = sorted((luminance(palette[written]), luminance(palette[behind])))
        contrast = (pair[1] + 0.05) / (pair[0] + 0.05)
        assert contrast >= 4.5, f"{written} on {behind}: {contrast:.2f}"


def test_both_schemes_have_all_colours() -> None:
    found = palettes()
    assert found["light"].keys() == found["dark"].keys()
    assert not {name for name, colour in found["light"].items() if found["dark"][name] == colour}
