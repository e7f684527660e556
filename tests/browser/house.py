"""A shop as people use it: its web server on a port, and a browser that looks at it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zlib import crc32

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page
from tests.makers import Made
from tests.surfaces import counter as shops
from tests.surfaces.port import serving
from tests.turns import LOOK_EVERY, NIGHTLY, day, on_turn

WIDTHS = (320, 768, 1280)
THEMES = ("light", "dark")
APP = "regulars.runtime.serving.asgi:app"


class House:
    """A shop with a server; what asks its database does so beside the browser's own loop."""

    def __init__(
        self, counter: shops.Counter, address: str, home: Path, aside: ThreadPoolExecutor
    ) -> None:
        self.counter = counter
        self.address = address
        self.home = home
        self._aside = aside

    def do(self, work: Callable[[shops.Counter], Any]) -> Any:
        """Something with the shop's database or API, not through the browser."""
        return self.begin(work).result()

    def begin(self, work: Callable[[shops.Counter], Any]) -> Future[Any]:
        """The same, while the browser goes on looking."""
        return self._aside.submit(work, self.counter)


@contextmanager
def opened(
    database: Made, home: Path, template: str = "coffee-shop", source: str = "", app: str = APP
) -> Iterator[House]:
    """The shop of a template, or of a program, served."""
    with ThreadPoolExecutor(1) as aside:
        counter = aside.submit(shops.Counter.open, database, template, source).result()
        with serving(database, home, app=app) as address:
            yield House(counter, address, home, aside)
        aside.submit(counter.close).result()


@contextmanager
def looking(browser: Browser, **how: Any) -> Iterator[Page]:
    """A page that may not complain: a script that fails, or a file that is missing, is a fault."""
    context: BrowserContext = browser.new_context(**how)
    page = context.new_page()
    slips: list[str] = []
    page.on("pageerror", lambda error: slips.append(str(error)))
    page.on("console", lambda said: slips.append(said.text) if _is_slip(said) else None)
    yield page
    context.close()
    assert slips == [], slips


def _is_slip(said: ConsoleMessage) -> bool:
    """A form that was refused at its fields is an answer like any other."""
    return said.type == "error" and "status of 422" not in said.text


SETTLES = """async () => {
  const drawn = () => new Promise((go) => requestAnimationFrame(go));
  await drawn(), await drawn();  // transitions begin with the next picture
  const forEver = (one) => one.effect.getTiming().iterations === Infinity;
  const hosts = [...document.querySelectorAll("*")].filter((one) => one.shadowRoot);
  const roots = [document, ...hosts.map((one) => one.shadowRoot)];  // each knows only its own
  const ends = roots.flatMap((one) => one.getAnimations()).filter((one) => !forEver(one));
  await Promise.allSettled(ends.map((one) => one.finished));
}"""
"""Until every colour and size has arrived where a change of theme or window sends it."""


STANDS = """() => ({
  system: matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light",
  own: document.documentElement.dataset.theme ?? "",
})"""
TURNS = """theme => {
  const { dataset } = document.documentElement;
  if (dataset.theme) dataset.theme = theme;
}"""
"""A page that was turned by hand does not follow the system."""


TOLD = {"resultTypes": ["violations"]}
"""What is well need not be told in full: of a long page that is most of the work."""


_looks: Counter[str] = Counter()


def barriers(page: Page, *, everywhere: bool | None = None) -> list[str]:
    """What keeps people out of this page, by axe-core: each with where it is.

    Order: as the page stands; by night in both themes at every width, and then as it stood before.
    In `make test` a test looks at every third place where it would, at others each day; it is a
    third of a second each time, and there are five hundred. Who says where looks in any case.
    """
    if everywhere is None:
        if not _is_looked_at_today():
            return []
        everywhere = NIGHTLY
    if not everywhere:
        return _barriers(page)
    size, found = page.viewport_size, []
    stood = page.evaluate(STANDS)
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        page.evaluate(TURNS, theme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": size["height"] if size else 900})
            found += [f"{theme} at {width}: {one}" for one in _barriers(page)]
    page.emulate_media(color_scheme=stood["system"])
    page.evaluate("was => { document.documentElement.dataset.theme = was }", stood["own"])
    if size:
        page.set_viewport_size(size)
    return found


def _is_looked_at_today() -> bool:
    test = os.environ["PYTEST_CURRENT_TEST"].rpartition(" ")[0]
    _looks[test] += 1
    return on_turn(_looks[test] + crc32(test.encode()), LOOK_EVERY, day())


def _barriers(page: Page) -> list[str]:
    page.evaluate(SETTLES)
    found = Axe().run(page, options=TOLD).response["violations"]
    return [
        f"{one['id']}: {node['target'][0]} {node.get('failureSummary', '')}"
        for one in found
        for node in one["nodes"]
    ]


def overflows(page: Page) -> int:
    """By how many pixels the page is wider than its window (WCAG 2.2, 1.4.10)."""
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    # A window that was just made smaller is laid out with the next picture.
    drawn = "requestAnimationFrame(() => requestAnimationFrame(() => on(WIDE)))"
    asked = f"new Promise((on) => {drawn.replace('WIDE', wide)})"
    return max(0, int(page.evaluate(asked)))
