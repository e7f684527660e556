"""Every colour can be read on what is behind it, by day and by night."""

import re
from importlib.resources import files

import pytest

from regulars.surfaces.ui.branding import READABLE, accent_of, contrast, letters_on, theme_of

READ_ON = {
    "paper": ("ink", "soft", "accent", "accent-deep", "earn", "spend", "warn", "refuse"),
    "sheet": ("ink", "soft", "accent", "accent-deep", "earn", "spend", "warn", "refuse",
              *(f"tier-{step}" for step in range(6))),
    "sunk": ("ink", "soft"),
    "accent": ("on-accent",),
    "accent-deep": ("on-accent",),
    "accent-wash": ("ink", "accent"),
    "earn-wash": ("ink", "earn"),
    "spend-wash": ("ink", "spend"),
    "warn-wash": ("ink", "warn"),
    "refuse-wash": ("ink", "refuse"),
}  # fmt: skip
SEEN_ON = {"paper": ("edge",), "sheet": ("edge",)}
"""Lines round what can be used (WCAG 2.2, 1.4.11)."""


def tokens(place: int) -> dict[str, str]:
    """The colours of one theme: 0 the light one, 1 the dark one."""
    text = files("regulars.surfaces.ui").joinpath("static/css/tokens.css").read_text("utf-8")
    found = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", text)
    return {name: pair[place] for name, *pair in found}


@pytest.mark.parametrize("theme", [0, 1])
def test_letters_can_be_read_on_what_is_behind_them(theme: int) -> None:
    colours = tokens(theme)
    weak = {
        (ink, behind): round(contrast(colours[ink], colours[behind]), 2)
        for behind, inks in READ_ON.items()
        for ink in inks
        if contrast(colours[ink], colours[behind]) < READABLE
    }
    assert weak == {}


@pytest.mark.parametrize("theme", [0, 1])
def test_what_can_be_used_has_an_edge_that_is_seen(theme: int) -> None:
    colours = tokens(theme)
    for behind, edges in SEEN_ON.items():
        for edge in edges:
            assert contrast(colours[edge], colours[behind]) >= 3, (edge, behind)


def test_contrast_is_measured_as_the_standard_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#ffffff", "#777777") == contrast("#777777", "#ffffff")


@pytest.mark.parametrize("chosen", ["#ffd700", "#0f5c4d", "#ff0066", "#000000", "#ffffff", "#777"])
def test_a_shops_colour_is_moved_until_it_can_be_read(chosen: str) -> None:
    if len(chosen) != 7:
        with pytest.raises(ValueError, match="#7a1f3d"):
            accent_of(chosen)
        return
    found = accent_of(chosen)
    assert contrast(found.light, "#f8f5ef") >= READABLE
    assert contrast(found.dark, "#161311") >= READABLE
    assert contrast(found.light, found.on_light) >= READABLE
    assert contrast(found.dark, found.on_dark) >= READABLE
    assert found.moved == (found.light != chosen)
    assert found.light in theme_of(found)


def test_a_colour_that_can_be_read_is_left_as_it_is() -> None:
    assert accent_of("#0F5C4D").moved is False
    assert accent_of("#ffd700").moved is True
    assert letters_on("#ffd700") == "#14110f"
