"""What happened to one member: bookings, messages and what staff did, in order and by pages."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, get_args

import pytest
from tests.surfaces.console.browser import Browser
from tests.surfaces.console.people.test_members import joined, signed_in, wished
from tests.surfaces.counter import Counter

from regulars.flows.adjust_balances import adjust_balances
from regulars.flows.commands import Adjust
from regulars.records.members.types import Asked, MemberRef
from regulars.records.outbox.bounces.types import Bounce, BounceKind
from regulars.records.outbox.bounces.write import mark
from regulars.records.outbox.delivery.types import CHANNELS, State, Wanted
from regulars.records.outbox.delivery.write import send
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.console.people.lately.timeline import A_PAGE, BY_CHANNEL, OUTCOMES

_LINE = re.compile(r"<li>(.*?)</li>", re.DOTALL)
HERE = bytes(32)


@pytest.fixture(scope="module")
def owner(counter: Counter) -> Browser:
    return signed_in(counter)


def lines(page: str) -> list[str]:
    told = page.partition('<ol class="timeline">')[2].partition("</ol>")[0]
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in _LINE.findall(told)]


def sends(counter: Counter, member: str, *, address: bytes = HERE, channel: Any = "email") -> Any:
    """A letter to this member is on its way; its id."""
    who, now = addressed("mem", member), counter.shop.now

    async def go(tx: Any, _: Any) -> None:
        letter = Wanted(who, tx.new_id(), "earned", channel, address, now + timedelta(days=2))
        await tx.write(send(tx, [letter]))

    counter.shop.do(go)
    sql = """select delivery_id from delivery where program_id = $1 and member_id = $2
              order by delivery_id desc limit 1"""
    return counter.shop.rows(sql, who)[0][0]


def settles(counter: Counter, delivery: Any, state: str, reason: str = "") -> None:
    sql = """update delivery set state = $2, reason = $3, settled_at = $4
              where program_id = $1 and delivery_id = $5 returning 1"""
    assert counter.shop.rows(sql, state, reason, counter.shop.now, delivery)


def test_every_outcome_and_every_way_has_words() -> None:
    assert set(OUTCOMES) == {*get_args(State), *get_args(BounceKind)}
    assert set(BY_CHANNEL) == set(CHANNELS)


def test_a_message_stands_among_the_bookings_with_what_became_of_it(
    counter: Counter, owner: Browser
) -> None:
    member = joined(counter, "Letters")
    first = sends(counter, member)
    settles(counter, first, "sent")
    wished(owner, member, amount="50", sure="yes", note="late")
    second = sends(counter, member, channel="sms")
    settles(counter, second, "parked", "the provider knows no such number")
    sends(counter, member, address=b"1" * 32)
    page = owner.get(f"/console/members/{member}").text
    told = lines(page)
    assert [line.split(" · ")[0].split(" +")[0] for line in told] != []
    assert "On its way" in told[0]
    assert "E-mail" in told[0]
    assert "Did not leave" in told[1]
    assert "the provider knows no such number" in told[1]
    assert "Text message" in told[1]
    assert "Adjusted by hand" in told[2]
    assert "Goodwill: late" in told[2]
    assert "Points that came" in told[3]
    assert "Sent" in told[3]


def test_the_last_letter_before_it_came_back_is_marked_and_no_other(
    counter: Counter, owner: Browser
) -> None:
    member = joined(counter, "Bounced")
    address = b"b" * 32
    for _ in range(2):
        settles(counter, sends(counter, member, address=address), "sent")
        counter.shop.now += timedelta(minutes=5)
    who, at = addressed("mem", member), counter.shop.now
    bounce = Bounce(address, who, "550 no such user", at)
    counter.shop.do(lambda tx, _: tx.write(mark(tx, [bounce])))
    counter.shop.now += timedelta(minutes=5)
    settles(counter, sends(counter, member, address=address), "sent")
    told = lines(signed_in(counter).get(f"/console/members/{member}?kind=messages").text)
    assert [("Came back" in one, "550 no such user" in one) for one in told] == [
        (False, False), (True, True), (False, False),
    ]  # fmt: skip


def test_who_blocked_somebody_and_why_stands_there_once(counter: Counter, owner: Browser) -> None:
    member = joined(counter, "Blocked")
    path = f"/console/members/{member}"
    owner.post(f"{path}/block", {"blocked": "yes", "reason": "cards of others"})
    owner.post(f"{path}/block", {"blocked": "no", "reason": "it was their sister"})
    wished(owner, member, amount="50", sure="yes")
    told = lines(owner.get(f"{path}?kind=staff").text)
    assert len(told) == 3
    assert "Adjusted by hand" in told[0]
    assert "Goodwill" in told[0]
    assert ("Let a member in again" in told[1], "it was their sister" in told[1]) == (True, True)
    assert ("Blocked a member" in told[2], "cards of others" in told[2]) == (True, True)
    assert all("Person " in one for one in told), told


def test_each_sort_can_be_looked_at_alone(counter: Counter, owner: Browser) -> None:
    member = joined(counter, "Sorts")
    path = f"/console/members/{member}"
    settles(counter, sends(counter, member), "sent")
    owner.post(f"{path}/block", {"blocked": "yes", "reason": "a test"})
    wished(owner, member, amount="50", sure="yes")
    counts = {sort: len(lines(owner.get(f"{path}?kind={sort}").text))
              for sort in ("", "messages", "staff", "by_hand", "earned", "nonsense")}  # fmt: skip
    assert counts == {"": 3, "messages": 1, "staff": 2, "by_hand": 1, "earned": 0, "nonsense": 3}
    for sort in ("messages", "staff"):
        assert f'kind={sort}" aria-current="true"' in owner.get(f"{path}?kind={sort}").text


def test_pages_go_on_without_a_gap_and_without_saying_anything_twice(
    counter: Counter, owner: Browser
) -> None:
    member = joined(counter, "Pages")
    path, wanted = f"/console/members/{member}", A_PAGE + 8
    for n in range(wanted):
        if n % 2:
            settles(counter, sends(counter, member), "parked", f"reason <{n}>")
        else:
            body = {"member": {"id": member}, "wallet": "points", "units": 1, "reason": f"no {n} "}
            assert counter.post("/v1/adjustments", body).status_code == 201
    seen: list[int] = []
    while path:
        page = owner.get(path).text
        for line in lines(page):
            found = re.search(r"reason &lt;(\d+)&gt;|no (\d+)", line)
            assert found is not None, line
            seen.append(int(found[1] or found[2]))
        following = re.search(
            r'href="([^"]+cursor=[^"]+)"[^>]*rel="next"|rel="next"[^>]*href="([^"]+)"', page
        )
        path = (following[1] or following[2]).replace("&amp;", "&") if following else ""
    assert seen == list(reversed(range(wanted)))


def test_what_the_program_gave_is_nobodys_hand(counter: Counter, owner: Browser) -> None:
    """Both are corrections in the books; for a friend who stayed nobody of the shop gave them."""
    member = joined(counter, "Hands")
    path, whom = f"/console/members/{member}", MemberRef(id=addressed("mem", member))
    for actor in ("referral", "plan:gold"):
        gives = Adjust(whom, "points", 7, "a promise", actor, Asked(actor, f"{actor}-hands"))
        counter.shop.ask(adjust_balances, gives)
    wished(owner, member, amount="50", sure="yes")
    for place, beside in ((path, {}), ("/console/activity", {"all": True})):
        found = {sort: owner.get(f"{place}?kind={sort}").text for sort in ("by_hand", "earned")}
        by_hand, earned = found["by_hand"], found["earned"]
        assert ("Given by the program" in by_hand, "Given by the program" in earned) == (
            False, True
        ), place  # fmt: skip
        assert ("Adjusted by hand" in by_hand, "Adjusted by hand" in earned) == (True, False)
        assert beside or earned.count("Given by the program") == 2


def test_why_the_program_gave_something_is_said_in_the_readers_language(
    counter: Counter, owner: Browser
) -> None:
    """Between German lines stood "brought a friend"; what people write stays as it is."""
    member = joined(counter, "Nadia", ("card", "77003"))
    who = MemberRef(addressed("mem", member))
    given = [("referral", "brought a friend"), ("staff", "a birthday present")]
    for actor, why in given:
        gives = Adjust(who, "points", 5, why, actor, Asked(actor, f"why-{actor}"))
        counter.shop.ask(adjust_balances, gives)
    german = {"accept-language": "de"}
    for path in (f"/console/members/{member}", "/console/activity"):
        page = owner.get(path, **german).text
        assert "jemanden geworben" in page, path
        assert "brought a friend" not in page, path
        assert "a birthday present" in page, path


def test_what_campaigns_and_journeys_wrote_stands_there_and_in_their_own_file(
    counter: Counter, owner: Browser
) -> None:
    member = joined(counter, "Written")
    says = {"en": {"about": "Hi", "text": "Hi"}}
    step = {"does": "message", "id": "hello", "channel": "email", "says": says}
    plan = {"begins": {"on": "joined"}, "steps": [step]}
    counter.ask("PUT", "/v1/journeys/hello", {"name": "Hello there", "plan": plan})
    assert counter.ask("POST", "/v1/journeys/hello/publish", {"version": 1}).is_success
    for minutes, told in enumerate(
        (("sent", "", "hard"), ("skipped", "over", None), ("waiting", "", None)), 1
    ):
        at = counter.shop.now + timedelta(minutes=minutes)
        counter.shop.rows(_WRITTEN, addressed("mem", member), *told, at)
    page = owner.get(f"/console/members/{member}?kind=messages").text
    waits, skipped, came = lines(page)
    for line, became in ((came, "Came back"), (waits, "Waits"),
                         (skipped, "What ends the journey happened before")):  # fmt: skip
        assert line.startswith(f"Hello there {became}"), line
        assert line.endswith("E-mail · hello")
    path = f"/v1/members/{member}/campaign-messages"
    first = counter.get(f"{path}?limit=2").json()
    rest = counter.get(f"{path}?cursor={first['next_cursor']}").json()
    told = [(one["journey"], one["code"], one["state"], one["reason"], one["returned"])
            for one in (*first["items"], *rest["items"])]  # fmt: skip
    assert told == [("hello", "hello", "waiting", "", ""), ("hello", "hello", "skipped", "over", ""),
                    ("hello", "hello", "sent", "", "hard")]  # fmt: skip
    assert (first["has_more"], rest["has_more"]) == (True, False)
    holds = counter.get(f"/v1/members/{member}/export").json()["holds"]["campaign_message"]
    names = ("name", "step", "channel", "state", "reason")
    kept = tuple(holds[1][name] for name in names)
    assert kept == ("Hello there", "hello", "email", "skipped", "over")


_WRITTEN = """
insert into campaign_message (program_id, campaign_id, member_id, run_id, state, reason, returned,
                              returned_at, try_at, asked_at, taken_at, settled_at)
select $1, campaign_id, $2::uuid, gen_random_uuid(), $3::text, $4::text, $5::text,
       case when $5::text is not null then $6::timestamptz end, $6::timestamptz, $6::timestamptz,
       case when $3::text = 'sent' then $6::timestamptz end,
       case when $3::text <> 'waiting' then $6::timestamptz end
  from campaign where program_id = $1 and journey_id is not null returning 1
"""
