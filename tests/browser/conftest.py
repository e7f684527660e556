"""One Chromium for each worker that uses screens.

Playwright keeps an event loop running in its thread for as long as the browser lives, and other
tests start loops of their own. So the browser, and each test that uses it, has a thread aside.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright
from tests.browser.chromium import NEEDED, find_chromium
from tests.browser.house import House, opened

ASIDE = ThreadPoolExecutor(1, "browser")


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """A test that looks through the browser runs where the browser does."""
    given = pyfuncitem.funcargs
    if "browser" not in given:
        return None
    asked = {name: given[name] for name in pyfuncitem._fixtureinfo.argnames}
    ASIDE.submit(pyfuncitem.obj, **asked).result()
    return True


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium without a window."""
    found = find_chromium()
    if found is None:
        assert not os.environ.get(NEEDED), "there is no Chromium, and here there has to be one"
        pytest.skip("no Chromium: set CHROMIUM, or install Debian's package")
    playwright, running = ASIDE.submit(_start, found).result()
    yield running
    ASIDE.submit(running.close).result()
    ASIDE.submit(playwright.stop).result()


def _start(program: str) -> tuple[Playwright, Browser]:
    playwright = sync_playwright().start()
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright, playwright.chromium.launch(executable_path=program, args=flags)


@pytest.fixture(scope="module")
def house(database: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The coffee shop of the template, served."""
    home: Path = tmp_path_factory.mktemp("home")
    with opened(database, home) as shop:
        yield shop
