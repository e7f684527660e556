"""The web shop of the demo in a real browser: nothing keeps anybody out, at any width and theme."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from tests.browser.house import NIGHTLY, THEMES, WIDTHS, House, barriers, looking, opened, overflows
from tests.surfaces.counter import Counter
from tests.surfaces.shop.page import shop_key

pytestmark = pytest.mark.in_turns(2, 1)
DEMO = "regulars.runtime.examples.shop.window.asgi:app"


@pytest.fixture(scope="module")
def house(database: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The coffee shop with its web shop beside it."""
    home: Path = tmp_path_factory.mktemp("demo")
    with opened(database, home, app=DEMO) as shop:

        def keys(counter: Counter) -> dict[str, str]:
            counter.shop.now = datetime.now(UTC)
            return {"shop_key": shop_key(counter, shop.address), "api_key": counter.key}

        (home / "demo.json").write_text(json.dumps(shop.do(keys)), "utf-8")
        yield shop


@pytest.mark.parametrize("theme", THEMES)
def test_the_page_and_its_panel_keep_nobody_out(browser: Browser, house: House, theme: str) -> None:
    found: dict[tuple[str, int, str], list[object]] = {}
    with looking(browser, color_scheme=theme) as page:
        for language in ("en", "de", "ar") if NIGHTLY or theme == "light" else ("ar",):
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                page.goto(f"{house.address}/demo-shop?lang={language}")
                expect(page.locator(".launcher")).to_be_visible()
                wide: list[object] = [over] if (over := overflows(page)) else []
                found[language, width, "page"] = wide + barriers(page)
                page.locator(".launcher").click()
                expect(page.locator("#f-address")).to_be_visible()
                found[language, width, "panel"] = [*barriers(page)]
    assert {place: seen for place, seen in found.items() if seen} == {}


def test_on_a_telephone_the_launcher_is_a_star_with_a_name(browser: Browser, house: House) -> None:
    with looking(browser, viewport={"width": 360, "height": 740}) as page:
        page.goto(f"{house.address}/demo-shop?lang=de")
        star = page.get_by_role("button", name="Meine Punkte").last
        expect(star).to_be_visible()
        box = star.bounding_box()
        assert box is not None
        assert box["width"] == box["height"] == 48
