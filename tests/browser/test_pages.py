"""Plain pages and the gallery, as people see them: readable, whole on a phone."""

import pytest
from playwright.sync_api import Browser
from tests.browser.house import THEMES, WIDTHS, House, barriers, looking, overflows
from tests.turns import todays

PAGES = ("/", "/docs/problems", "/docs/design")


@pytest.mark.in_turns(2)
@pytest.mark.parametrize("path", PAGES)
def test_nothing_keeps_anybody_out(browser: Browser, house: House, path: str) -> None:
    """By day at two of six places, others each day."""
    found = {}
    for theme, width in todays([(theme, width) for theme in THEMES for width in WIDTHS], 3):
        size = {"width": width, "height": 900}
        with looking(browser, color_scheme=theme, viewport=size) as page:
            page.goto(house.address + path)
            found[theme, width] = (barriers(page, everywhere=False), overflows(page))
    assert {place: seen for place, seen in found.items() if seen != ([], 0)} == {}


@pytest.mark.in_turns(4)
@pytest.mark.parametrize("language", ["de", "tr", "ar", "en-XA"])
def test_there_is_room_for_every_language(browser: Browser, house: House, language: str) -> None:
    with looking(browser) as page:
        page.goto(f"{house.address}/docs/design?lang={language}")
        assert page.locator("html").get_attribute("lang") == language
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert overflows(page) == 0
        assert barriers(page) == []


def test_a_barrier_is_found(browser: Browser, house: House) -> None:
    with looking(browser) as page:
        page.goto(house.address + "/docs/design")
        page.evaluate("document.querySelector('label[for=phone]').remove()")
        page.evaluate("document.querySelector('h1').style.width = '3000px'")
        assert any("label" in one for one in barriers(page, everywhere=False))
        assert overflows(page) > 0


def test_by_night_a_page_is_looked_at_in_both_themes_at_every_width(
    browser: Browser, house: House
) -> None:
    """One place that is pale in the dark alone, at one width alone: by day nobody meets it."""
    pale = (
        "@media (prefers-color-scheme: dark) and (width: 768px) { h1 { color: #333 !important } }"
    )
    with looking(browser, color_scheme="light", viewport={"width": 1280, "height": 800}) as page:
        page.goto(house.address + "/")
        assert barriers(page, everywhere=True) == []
        # As a sheet that the page makes itself: its rules allow no other.
        page.evaluate(
            "css => { const one = new CSSStyleSheet(); one.replaceSync(css);"
            " document.adoptedStyleSheets = [one]; }",
            pale,
        )
        assert barriers(page, everywhere=False) == []
        seen = barriers(page, everywhere=True)
        assert [one.partition(": ")[0] for one in seen] == ["dark at 768"]
        # It stands as it stood.
        assert page.viewport_size == {"width": 1280, "height": 800}
        assert page.evaluate("matchMedia('(prefers-color-scheme: light)').matches") is True
