"""The page's colours: the contrast of every pair that is used, by WCAG 2.2 (1.4.3, level AA)."""

from __future__ import annotations

import re

import pytest

from exporters.web.render import Pages
from exporters.web.words import TONES

AA = 4.5
PAIRS = [
    *((text, ground) for text in ("text", "quiet", "link") for ground in ("ground", "surface")),
    *((tone, ground) for tone in TONES for ground in ("ground", "surface")),
    *(("on-tone", tone) for tone in TONES),
]


def css() -> str:
    return Pages().static("page.css", gzip=False).data.decode()


def palette(dark: bool) -> dict[str, str]:
    blocks = re.findall(r":root \{([^}]*)\}", css())
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", blocks[0]))
    if dark:
        own = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", blocks[1]))
        assert own.keys() == colours.keys()
        return own
    return colours


def luminance(colour: str) -> float:
    """Relative luminance of sRGB, 0 to 1."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_is_readable(text: str, ground: str, dark: bool) -> None:
    colours = palette(dark)
    assert contrast(colours[text], colours[ground]) >= AA


def test_a_colour_stands_in_the_palette_only() -> None:
    outside = re.sub(r":root \{[^}]*\}", "", css())
    assert not re.findall(r"#[0-9a-f]{3,8}\b|rgb|hsl", outside)


def test_the_style_asks_for_nothing() -> None:
    assert "url(" not in css()
    assert "@import" not in css()
