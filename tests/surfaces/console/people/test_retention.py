"""How long data is kept is an owner's to say: counted before, refused where it would be at once."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.console.team.test_settings import kept
from tests.surfaces.counter import Counter


@pytest.fixture(scope="module")
def owner(counter: Counter) -> Browser:
    counter.joined("quiet-1")
    counter.joined("quiet-2")
    counter.shop.now += timedelta(days=800)
    counter.joined("new-1")
    browser = Browser(counter)
    browser.sign_in(somebody(counter).email)
    return browser


def typed(browser: Browser) -> dict[str, str]:
    """The form as it is shown, choices included."""
    page = browser.get("/console/settings").text
    form = page.partition('action="/console/settings"')[2].partition("</form>")[0]
    fields = dict(re.findall(r'<input class="input" id="([^"]+)"[^>]*? value="([^"]*)"', form))
    for name, options in re.findall(
        r'<select class="input" id="([^"]+)".*?>(.*?)</select>', form, re.S
    ):
        fields[name] = re.findall(r'value="([^"]*)" selected', options)[0]
    return {name: html.unescape(value) for name, value in fields.items()}


def counted(browser: Browser, lang: str = "en", **said: str) -> str:
    told = typed(browser) | said | {"count": "yes"}
    answer = browser.post(f"/console/settings?lang={lang}", told)
    assert answer.status_code == 200, answer.text[-500:]
    found = re.search(r'<p role="status">(.*?)</p>', answer.text)
    assert found is not None
    return " ".join(re.sub(r"<[^>]+>", "", found[1]).split())


@pytest.mark.parametrize(
    ("lang", "says"),
    [
        ("en", "With this, 2 members would be told now and erased later."),
        ("de", "Damit würden 2 Mitglieder jetzt benachrichtigt und später gelöscht."),
        ("tr", "Bununla 2 üyeye şimdi haber verilir ve üyeler sonra silinir."),
        ("ar", "بهذا يُبلَّغ عضوان الآن وتُحذف بياناتهما لاحقًا."),
    ],
)
def test_whom_it_would_erase_is_counted_and_nothing_is_kept(
    counter: Counter, owner: Browser, lang: str, says: str
) -> None:
    assert counted(owner, lang, inactive_months="24").startswith(says)
    assert kept(counter) == {}
    assert counter.shop.rows("select 1 from erasure_notice where program_id = $1") == []


def test_with_nought_or_a_longer_time_nobody_is_counted(owner: Browser) -> None:
    for months in ("0", "60"):
        assert counted(owner, inactive_months=months).startswith("With this, nobody would be")


def test_what_was_typed_stays_beside_the_count(owner: Browser) -> None:
    told = typed(owner) | {"inactive_months": "24", "idle_minutes": "45", "count": "yes"}
    page = owner.post("/console/settings", told).text
    assert 'name="inactive_months" type="text" value="24"' in page
    assert 'name="idle_minutes" type="text" value="45"' in page


@pytest.mark.parametrize(
    ("field", "value"),
    [("inactive_months", "1"), ("inactive_months", "11"), ("inactive_months", "x"),
     ("inactive_notice_days", "0"), ("inactive_points_too", "2"), ("messages_kept_days", "1"),
     ("requests_kept_days", "0"), ("soft_bounces", "1")],
)  # fmt: skip
def test_nobody_is_erased_at_once_by_a_slip(
    counter: Counter, owner: Browser, field: str, value: str
) -> None:
    for more in ({}, {"count": "yes"}):
        answer = owner.post("/console/settings", typed(owner) | {field: value} | more)
        assert (answer.status_code, f'id="{field}-wrong"' in answer.text) == (422, True)
    assert kept(counter) == {}


def test_what_is_said_holds_and_only_an_owner_says_it(counter: Counter, owner: Browser) -> None:
    manager = Browser(counter)
    manager.sign_in(somebody(counter, "manager").email)
    told = typed(owner) | {"inactive_months": "36", "inactive_points_too": "1"}
    assert manager.post("/console/settings", told).status_code == 403
    assert kept(counter) == {}
    assert owner.post("/console/settings", told).status_code == 303
    assert kept(counter) == {"inactive_months:": 36, "inactive_points_too:": 1}
    again = typed(owner)
    assert (again["inactive_months"], again["inactive_points_too"]) == ("36", "1")


def test_whoever_sets_it_hears_that_nobody_can_be_told_without_a_sender(owner: Browser) -> None:
    assert "nobody can be told before they are erased" in owner.get("/console/settings").text
