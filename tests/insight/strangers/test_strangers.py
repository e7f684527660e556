"""Whatever a shop is like, what is said of it is true, or it is said what is missing to say it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from tests.insight.strangers.shops import SHOPS
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter
from tests.turns import todays

from regulars.insight.metrics.catalogue import METRICS
from regulars.records.program.templates import load_template
from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.reckoning.alerts import Alerts
from regulars.runtime.working.reckoning.categories import Categories
from regulars.runtime.working.reckoning.values import Values
from regulars.surfaces.in_words.reports.asking import REPORTS

_numbers = count()
SPANS = (
    "",
    "from=2026-11-01&until=2026-11-02&compare=year&granularity=day",
    "from=2023-01-01&until=2026-12-01&compare=previous&granularity=week",
    "from=2031-01-01&until=2031-02-01&compare=previous",
)
ZONES = ("Europe/Berlin", "Pacific/Kiritimati", "America/St_Johns")


@pytest.fixture(scope="module")
def street(database: Any) -> Iterator[Counter]:
    opened = Counter.open(database)
    yield opened
    opened.close()


EACH = [(name, ZONES[at % 3]) for at, name in enumerate(SHOPS)]
"""By day a third of them."""


@pytest.fixture(scope="module", params=todays(EACH, 3), ids=lambda one: f"{one[0]} in {one[1]}")
def stranger(street: Counter, request: pytest.FixtureRequest) -> Counter:
    """A shop of its own after its night: values, what is bought next, alerts."""
    name, zone = request.param
    source = load_template("coffee-shop")
    assert "zone: Europe/Berlin" in source
    source = source.replace("zone: Europe/Berlin", f"zone: {zone}")
    street.shop.begin(source, slug=f"stranger-{next(_numbers)}")
    street.key = street.made_key("all")
    vars(street).pop("console", None)
    street.shop.at("2026-11-28 11:30")
    SHOPS[name](street)
    shop = street.shop
    programs = Programs(shop.database)
    for duty in (Values, Categories, Alerts):
        shop.run(duty(shop.database, programs).go(shop.program_id, shop.now))
    return street


def whole(one: Any) -> Iterator[float]:
    """Every number in an answer."""
    if isinstance(one, dict):
        one = list(one.values())
    if isinstance(one, list):
        for each in one:
            yield from whole(each)
    elif isinstance(one, float | int) and not isinstance(one, bool):
        yield one


def sane(figure: dict[str, Any]) -> None:
    assert (figure["value"] is None) == (figure["missing"] is not None), figure
    if figure["missing"]:
        assert figure["missing"]["have"] < figure["missing"]["wanted"], figure
        return
    metric = METRICS[figure["metric"]]
    if metric.unit == "share":
        low, high = figure["low"], figure["high"]
        assert 0 <= figure["value"] <= 1, figure
        assert low is None or 0 <= low <= figure["value"] <= high <= 1, figure


def opens(stranger: Counter, figure: dict[str, Any]) -> None:
    """Behind a figure are as many members as it counts."""
    page = stranger.get(figure["rows"])
    assert page.status_code == 200, (figure, page.text)
    if METRICS[figure["metric"]].counts == "member" and figure["whole"]:
        counted = len(page.json()["items"])
        assert page.json()["has_more"] or counted == figure["whole"], figure


def test_every_report_says_what_is_true_or_what_is_missing(stranger: Counter) -> None:
    for name in REPORTS:
        for query in SPANS:
            answer = stranger.get(f"/v1/insight/{name}?{query}")
            assert answer.status_code == 200, (name, query, answer.text)
            found = answer.json()
            assert all(math.isfinite(one) for one in whole(found)), (name, query)
            for figure in (*found["figures"], *found["before"]):
                sane(figure)
            for figure in (one for one in found["figures"] if one["rows"]):
                opens(stranger, figure)


def test_alerts_say_how_good_they_are_or_what_is_missing(stranger: Counter) -> None:
    found = stranger.get("/v1/member-alerts/outcomes").json()
    listed = stranger.get("/v1/member-alerts").json()["items"]
    assert (found["weekly"], found["told_this_week"]) == (
        20, sum(one["kind"] == "slipping" for one in listed),
    )  # fmt: skip
    if found["missing"]:
        assert found["missing"]["have"] < found["missing"]["wanted"]
        assert not [one for one in listed if one["kind"] == "slipping"]
        assert found["picked"] is None
    if found["unusual_missing"]:
        assert not [
            one for one in listed
            if one["kind"] == "unusual" and one["reasons"][0]["sort"] == "spent_much"
        ]  # fmt: skip
    assert all(math.isfinite(one) for one in whole([found, listed]))
    for one in listed:
        assert one["reasons"], one
        assert one["chance"] is None or 100 <= one["chance"] < 400


def test_no_screen_breaks_and_none_makes_a_number_up(stranger: Counter) -> None:
    owner = Browser(stranger)
    owner.sign_in(somebody(stranger).email)
    owner.post("/console/me/view", {"full": "yes"})
    paths = [f"/console/reports/{name}" for name in REPORTS]
    paths += ["/console", "/console/win-back", "/console/win-back?show=unusual",
              "/console/reports/monthly"]  # fmt: skip
    for path in paths:
        page = owner.get(path)
        assert page.status_code == 200, (path, page.text[:2000])
        text = re.sub(r"<script.*?</script>|<style.*?</style>", "", page.text, flags=re.DOTALL)
        assert not re.search(r"\b(nan|inf|None)\b", re.sub(r"<[^>]*>", " ", text)), path


def test_a_shop_of_which_little_is_known_says_so_on_its_page(street: Counter) -> None:
    street.shop.begin(load_template("coffee-shop"), slug=f"stranger-{next(_numbers)}")
    street.key = street.made_key("all")
    vars(street).pop("console", None)
    street.shop.at("2026-11-28 11:30")
    SHOPS["opened yesterday"](street)
    shop = street.shop
    for duty in (Values, Alerts):
        shop.run(duty(shop.database, Programs(shop.database)).go(shop.program_id, shop.now))
    owner = Browser(street)
    owner.sign_in(somebody(street).email)
    todo = owner.get("/console/win-back").text
    assert "too short to learn from yet" in todo
    assert "Nobody here" not in todo
    unusual = owner.get("/console/win-back?show=unusual").text
    assert "members bought on 0 days" in unusual
    assert "Nothing unusual" not in unusual
    found = street.get("/v1/member-alerts/outcomes").json()
    assert found["missing"]["what"] == "history"
    assert found["unusual_missing"] == {"what": "purchases", "have": 0, "wanted": 200}
    assert found["as_of"] == "2026-11-27"
