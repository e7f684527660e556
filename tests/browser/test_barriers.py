"""What keeps somebody out at one width in one theme alone is found, by night as by day."""

import pytest
from playwright.sync_api import Browser
from tests.browser.house import THEMES, WIDTHS, barriers, looking

PAGE = """<!doctype html><html lang="en"%s><head><title>A page</title><style>
  p { color: #111; background: #fff }
  %s { p { color: #222; background: #111 } }
</style></head><body><main><h1>A page</h1><p>Who can read this?</p></main></body></html>"""
HIDDEN = "@media (prefers-color-scheme: dark) and (min-width: 1280px)"
TURNED = "@media (min-width: 1280px) { [data-theme=dark]"


@pytest.mark.in_turns(2)
@pytest.mark.parametrize("by_hand", [False, True])
def test_a_barrier_in_dark_at_1280_alone_is_found_by_the_whole_matrix_alone(
    browser: Browser, *, by_hand: bool
) -> None:
    """The control of what the night looks at: each other place finds nothing on this page."""
    page_with = PAGE % ("", HIDDEN)
    if by_hand:  # a page that was turned by a switch of its own follows no system
        page_with = PAGE % (' data-theme="light"', TURNED)
        page_with = page_with.replace("#111 } }", "#111 } } }")
    with looking(browser, color_scheme="light") as page:
        page.set_viewport_size({"width": 768, "height": 700})
        page.set_content(page_with)
        stood = page.evaluate(_STANDS)
        assert barriers(page, everywhere=False) == []
        found = barriers(page, everywhere=True)
        assert [one.split("\n")[0].split(" ")[:4] for one in found] == [
            ["dark", "at", "1280:", "color-contrast:"]
        ]
        # And the page stands as it stood: what a test does next meets no other theme or width.
        assert page.evaluate(_STANDS) == stood
        assert barriers(page, everywhere=False) == []


def test_the_matrix_is_that_of_the_brief() -> None:
    assert (THEMES, WIDTHS) == (("light", "dark"), (320, 768, 1280))


_STANDS = """() => [innerWidth, innerHeight, document.documentElement.dataset.theme ?? "",
  matchMedia("(prefers-color-scheme: dark)").matches]"""
