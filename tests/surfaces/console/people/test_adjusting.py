"""The form that gives points by hand says until when they are good, before anything is booked."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.surfaces.console.browser import Browser
from tests.surfaces.console.people.test_members import held, joined, signed_in, wished
from tests.surfaces.counter import Counter

from regulars.surfaces.api.strict.ids import addressed


@pytest.fixture(scope="module")
def owner(counter: Counter) -> Browser:
    return signed_in(counter)


def ends(counter: Counter, member: str) -> list[str]:
    """The day on which each lot of this member is good for the last time."""
    sql = (
        "select coalesce(((nullif(expires_at, '9999-12-31 00:00+00') - interval '1 second')"
        " at time zone 'Europe/Berlin')::date::text, 'never') from lot"
        " where program_id = $1 and member_id = $2"
    )
    return [str(one) for (one,) in counter.shop.rows(sql, addressed("mem", member))]


def test_the_rule_of_the_program_is_said_where_nobody_chooses(
    counter: Counter, owner: Browser
) -> None:
    member = joined(counter, "Rule")
    page = wished(owner, member, amount="50").text
    assert "These points can be spent until" in page
    assert held(counter, member) == 0
    assert wished(owner, member, amount="50", sure="yes").status_code == 303
    (end,) = ends(counter, member)
    assert date.fromisoformat(end) > counter.shop.now.date() + timedelta(days=300)


@pytest.mark.parametrize(
    ("lang", "says"),
    [
        ("en", "These points never expire."),
        ("de", "Diese Punkte verfallen nie."),
        ("tr", "Bu puanların süresi hiç dolmaz."),
        ("ar", "هذه النقاط لا تنتهي أبدًا."),
    ],
)
def test_points_without_end_are_said_to_have_none(
    counter: Counter, owner: Browser, lang: str, says: str
) -> None:
    member = joined(counter, "Never")
    assert says in wished(owner, member, lang, amount="5", lasts="never").text
    assert wished(owner, member, amount="5", lasts="never", sure="yes").status_code == 303
    assert ends(counter, member) == ["never"]


def test_a_day_is_said_kept_and_stands_in_the_log(counter: Counter, owner: Browser) -> None:
    member = joined(counter, "Day")
    day = (counter.shop.now + timedelta(days=20)).date()
    page = wished(owner, member, amount="5", lasts="day", last_on=day.isoformat()).text
    assert f"can be spent until {day.day} " in page or f"until {day:%b} {day.day}," in page
    for field in ('name="lasts" value="day"', f'name="last_on" value="{day}"'):
        assert field in page  # or the second step would book something else
    told = {"amount": "5", "lasts": "day", "last_on": day.isoformat(), "sure": "yes"}
    assert wished(owner, member, **told).status_code == 303
    assert ends(counter, member) == [day.isoformat()]
    assert "Can be spent until" in owner.get("/console/audit").text


@pytest.mark.parametrize("last_on", ["", "soon", "2020-01-01", "2999-01-01", "01/02/2027"])
def test_a_day_that_cannot_be_is_said_at_its_field(
    counter: Counter, owner: Browser, last_on: str
) -> None:
    member = joined(counter, "Wrong")
    answer = wished(owner, member, amount="5", lasts="day", last_on=last_on, sure="yes")
    assert (answer.status_code, 'id="last_on-wrong"' in answer.text) == (422, True)
    assert ends(counter, member) == []


def test_of_points_that_are_taken_no_end_is_asked(counter: Counter, owner: Browser) -> None:
    member = joined(counter, "Taken")
    assert wished(owner, member, amount="5", sure="yes").status_code == 303
    told = {"amount": "2", "way": "take", "lasts": "day", "last_on": "2020-01-01"}
    assert "can be spent until" not in wished(owner, member, **told).text
    assert wished(owner, member, sure="yes", **told).status_code == 303
    assert held(counter, member) == 3


def test_a_colleague_sees_the_end_they_agree_to(counter: Counter, owner: Browser) -> None:
    support, member = signed_in(counter, "support"), joined(counter, "Asked")
    told = {"amount": "501", "lasts": "never", "sure": "yes", "ask": "yes"}
    assert wished(support, member, **told).status_code == 303
    page = owner.get("/console/requests").text
    assert "These points never expire." in page
    sql = "select request_id from adjustment_request where program_id = $1 and state = 'waiting'"
    ((request,),) = counter.shop.rows(sql)
    owner.post(f"/console/requests/{request.hex}", {"yes": "yes"})
    assert ends(counter, member) == ["never"]


def test_a_day_that_went_by_while_it_waited_is_said(counter: Counter, owner: Browser) -> None:
    support, member = signed_in(counter, "support"), joined(counter, "Late")
    today = counter.shop.now.date().isoformat()
    told = {"amount": "501", "lasts": "day", "last_on": today, "sure": "yes", "ask": "yes"}
    assert wished(support, member, **told).status_code == 303
    sql = "select request_id from adjustment_request where program_id = $1 and state = 'waiting'"
    ((request,),) = counter.shop.rows(sql)
    counter.shop.now += timedelta(days=2)
    late = signed_in(counter)
    answer = late.post(f"/console/requests/{request.hex}", {"yes": "yes"})
    assert answer.status_code == 409
    assert "this day is over" in answer.text.lower()
    assert held(counter, member) == 0


def test_the_api_says_when_what_was_given_is_gone(counter: Counter) -> None:
    member = joined(counter, "Api")
    body = {"member": {"id": member}, "wallet": "points", "units": 7, "reason": "late"}
    done = counter.post("/v1/adjustments", body | {"expires_on": "never"})
    assert (done.status_code, done.json()["expires_at"]) == (201, None)
    assert ends(counter, member) == ["never"]
    for wrong, status in (("soon", 422), ("2020-01-01", 422)):
        answer = counter.post("/v1/adjustments", body | {"expires_on": wrong})
        assert answer.status_code == status, answer.text
        assert "expires_on" in answer.text
    assert len(ends(counter, member)) == 1
