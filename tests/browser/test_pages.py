"""Plain pages and the gallery, as people see them: readable, whole on a phone."""

import pytest
from playwright.sync_api import Browser
from tests.browser.house import THEMES, WIDTHS, House, barriers, looking, overflows

PAGES = ("/", "/docs/problems", "/docs/design")


@pytest.mark.parametrize("path", PAGES)
def test_nothing_keeps_anybody_out(browser: Browser, house: House, path: str) -> None:
    found = {}
    for theme in THEMES:
        with looking(browser, color_scheme=theme) as page:
            page.goto(house.address + path)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                found[theme, width] = (barriers(page), overflows(page))
    assert {place: seen for place, seen in found.items() if seen != ([], 0)} == {}


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
        assert any("label" in one for one in barriers(page))
        assert overflows(page) > 0
