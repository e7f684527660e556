"""A shop whose language we have no words in writes to its members in it all the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

from regulars.base.languages import language_of, written_in
from regulars.flows.telling.campaigns.journeys.ready import ready_codes

SHOP = """
regulars: 1
program: boulangerie
name: La Boulangerie
currency: EUR
zone: Europe/Paris
locale: fr-FR
wallets: {points: {}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards: [{id: pain, name: Un pain, price: {points: 20}}]
"""
SAYS = {"fr": "On se retrouve", "en": "See you"}


@pytest.fixture(scope="module")
def counter(database: Any) -> Iterator[Counter]:
    made = Counter.open(database, source=SHOP)
    yield made
    made.close()


@pytest.fixture(scope="module")
def owner(counter: Counter) -> Browser:
    browser = Browser(counter)
    browser.sign_in(somebody(counter).email)
    return browser


def filled(page: str) -> dict[str, str]:
    """The form of a page as it stands there, as far as it is texts."""
    areas = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    lines = re.findall(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', page)
    return {name: text for name, text in (*areas, *lines) if name != "_form"}


def test_a_language_is_one_however_its_locale_is_written() -> None:
    assert {language_of(one) for one in ("fr", "fr-FR", "fr_CA")} == {"fr"}
    assert written_in("fr") == ("en", "de", "tr", "ar", "fr")
    assert written_in("de") == ("en", "de", "tr", "ar")


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("/v1/clubs/lecteurs", {"name": "Lecteurs", "joins": "open"}),
        ("/v1/offers/cinq", {"name": "Cinq", "gives": {"give": "bonus", "wallet": "points",
                             "points": 5, "at_least": "10.00"}, "days": 7}),
    ],
    ids=["a club", "an offer"],
)  # fmt: skip
def test_the_api_takes_it_and_no_other(counter: Counter, path: str, more: Any) -> None:
    kept = counter.ask("PUT", path, more | {"says": SAYS})
    assert kept.is_success, kept.text
    other = counter.ask("PUT", path, more | {"says": SAYS | {"es": "Nos vemos"}})
    assert other.status_code == 422, other.text
    without = counter.ask("PUT", path, more | {"says": {"en": "See you"}})
    assert without.status_code == 422, without.text


def test_the_console_has_a_line_for_it_and_keeps_what_stands_there(
    counter: Counter, owner: Browser
) -> None:
    form = {"name": "Après la visite", "code": "visite", "kind": "nps"}
    assert owner.post("/console/surveys", form).status_code == 303
    page = owner.get("/console/surveys/visite").text
    assert "French" in page
    change = filled(page) | {"asks-fr": "Nous recommandez-vous ?", "does": "write"}
    assert owner.post("/console/surveys/visite", change).status_code == 303
    kept = counter.get("/v1/surveys/visite").json()["survey"]
    assert kept["asks"]["fr"] == "Nous recommandez-vous ?"
    assert set(kept["asks"]) == {"en", "de", "tr", "ar", "fr"}


@pytest.mark.parametrize("code", ready_codes())
def test_every_ready_journey_can_be_begun(counter: Counter, owner: Browser, code: str) -> None:
    form = {"ready": code, "code": f"le-{code}", "name": code}
    begun = owner.post("/console/journeys", form)
    assert begun.status_code == 303, re.findall(r'class="wrong[^>]*>.*?<', begun.text)
    plan = counter.get(f"/v1/journeys/le-{code}").json()["plan"]
    said = [step["says"] for step in plan["steps"] if "says" in step]
    assert said
    assert all("fr" in texts for texts in said)
