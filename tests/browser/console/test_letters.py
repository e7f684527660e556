"""Letters as Chromium shows them: at 320 and 600 px, by day and by night, in both directions."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser
from tests.runtime.working.letters.test_letters_that_look import LETTER, MJML, VALUES

from regulars.records.outbox.campaigns.mailing import page as letter

ASKING = LETTER | {"survey": "https://club.test/card/survey?link=a"}
PAINTED = MJML.replace("<mj-section>", '<mj-section background-color="#f4e9d8">')
_PALE = """() => {
  const light = text => {
    const [r, g, b] = text.match(/[0-9.]+/g).map(Number).map(v => v / 255)
      .map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const behind = one => {
    for (let at = one; at; at = at.parentElement) {
      const found = getComputedStyle(at).backgroundColor;
      if (!found.endsWith(', 0)')) return found;
    }
    return 'rgb(255, 255, 255)';
  };
  const pale = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const one = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !one.getClientRects().length) continue;
    if (getComputedStyle(one).opacity === '0') continue;
    const [a, b] = [getComputedStyle(one).color, behind(one)].map(light).sort((x, y) => y - x);
    if ((a + .05) / (b + .05) < 4.5) pale.push(walk.currentNode.data.trim());
  }
  return pale;
}"""


@pytest.mark.in_turns(2)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 600])
@pytest.mark.parametrize("scale", [None, (0, 10)])
@pytest.mark.parametrize(("mjml", "language"), [(MJML, "en"), (MJML, "ar"), (PAINTED, "de")])
def test_a_letter_fits_and_can_be_read(
    browser: Browser, mjml: str, language: str, width: int, scheme: str, scale: Any
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 700},
        color_scheme=scheme,  # type: ignore[arg-type]
        java_script_enabled=True,
        offline=True,
    )
    try:
        page = context.new_page()
        page.set_content(
            letter(mjml, language, VALUES, ASKING, scale), wait_until="domcontentloaded"
        )
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, "nobody scrolls sideways"
        assert page.evaluate(_PALE) == []
        turned = page.evaluate("getComputedStyle(document.body).backgroundColor")
        dark = scheme == "dark" and mjml is not PAINTED
        assert (turned == "rgb(21, 23, 26)") == dark, turned
        assert "A tea" not in page.inner_text("body")[:20], "the preview is seen in the list alone"
        (says,) = page.evaluate(
            "[...document.querySelectorAll('h1')].map(one => getComputedStyle(one).direction)"
        )
        assert says == ("rtl" if language == "ar" else "ltr")
    finally:
        context.close()
