"""One counter and one device for each file of tests, and right books after all they did."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from tests.browser.conftest import ASIDE
from tests.browser.house import House
from tests.browser.till.counter import Office, TillPage


@pytest.fixture(scope="module")
def office(house: House) -> Office:
    """What goes on behind the counter."""
    return Office(house)


@pytest.fixture(scope="module")
def till(browser: Browser, house: House, office: Office) -> Iterator[TillPage]:
    """One device, paired by a code."""
    made = ASIDE.submit(lambda: TillPage(browser, house).paired(office.code())).result()
    yield made
    ASIDE.submit(made.closed).result()
    assert office.wrong() == {}
