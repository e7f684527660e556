"""What comes back of a campaign is counted with it, and too much of it pauses it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from tests.makers import Shop
from tests.runtime.working.letters.campaigning import OTTO
from tests.runtime.working.letters.journeying import Journeying, says
from tests.runtime.working.senders.post_office import PostOffice, Provider, post_office, provider
from tests.runtime.working.senders.test_messages import KEYED, SOURCE

from regulars.base.tx import Write
from regulars.flows.access.commands import ChangeSetting
from regulars.flows.access.keep_staff import keep_staff
from regulars.flows.telling.keep_bounces import NoteBounce, note_bounces
from regulars.records.outbox.bounces.types import Bounce, BounceKind
from regulars.records.outbox.campaigns.returned import read, write
from regulars.records.outbox.campaigns.returned.types import (
    Bearable,
    Suspect,
    Tally,
    looked_at,
    too_much,
)
from regulars.records.outbox.delivery.types import address_digest

NAMES = tuple("abcdefghij")
_DELIVERED = """
insert into delivery (program_id, delivery_id, member_id, cause_id, kind, channel, address, state,
                      try_at, best_before, recorded_at, settled_at)
select $1, $2, $3, $2, 'notice', 'email', $4, 'sent', $5, $5, $5, $5
"""


@pytest.fixture(scope="module")
def world() -> Iterator[tuple[PostOffice, Provider]]:
    with post_office() as office, provider() as sms:
        yield office, sms


@pytest.fixture(scope="module")
def opened(database: Any) -> Iterator[Shop]:
    shop = Shop.open(database, SOURCE)
    yield shop
    shop.close()


@pytest.fixture
def told(opened: Shop, world: tuple[PostOffice, Provider]) -> Journeying:
    return Journeying(opened, *world)


def sets(told: Journeying, **values: int) -> None:
    for name, value in values.items():
        told.shop.ask(keep_staff, ChangeSetting(name, value, OTTO))


def complains(told: Journeying, name: str, kind: BounceKind = "complaint", **ago: Any) -> None:
    """A provider tells of an address, and of no message."""
    at = told.shop.now - timedelta(**ago)
    address = address_digest(KEYED, "email", f"{name}@example.org")
    one = Bounce(address, told.id_of(name), "spam", at, kind)
    told.shop.do(lambda tx, _: tx.write(write.back_by_address(tx, [one], "email")))


def comes_back(told: Journeying, name: str) -> None:
    """A letter itself comes back, by its number."""
    sql = "select message_id from campaign_message where program_id = $1 and member_id = $2"
    ((id_,),) = told.shop.rows(sql, told.id_of(name))
    told.shop.do(lambda tx, _: note_bounces(tx, [NoteBounce(id_, "no such user")]))


def back(told: Journeying) -> list[tuple[str, str, str]]:
    sql = """
    select c.code, i.value, m.returned from campaign_message m
      join campaign c using (program_id, campaign_id)
      join identifier i on i.program_id = m.program_id and i.member_id = m.member_id
       and i.kind = 'external'
     where m.program_id = $1 and m.returned is not null order by 1, 2
    """
    return told.shop.rows(sql)  # type: ignore[return-value]


def pauses(told: Journeying) -> list[tuple[str, str]]:
    sql = """
    select code, paused_why from campaign
     where program_id = $1 and paused_at is not null order by 1
    """
    return told.shop.rows(sql)  # type: ignore[return-value]


def alerts(told: Journeying) -> list[tuple[Any, ...]]:
    sql = """
    select kind, subject, place, count, out_of from alert where program_id = $1 order by raised_at
    """
    return told.shop.rows(sql)


def tallies(told: Journeying, code: str = "spring") -> list[Tally]:
    sql = "select campaign_id from campaign where program_id = $1 and code = $2"
    ((id_,),) = told.shop.rows(sql, code)

    async def look(tx: Any, _: Any) -> list[Tally]:
        return await read.by_way(tx, id_)

    return told.shop.do(look)  # type: ignore[return-value]


def test_a_bound_is_judged_exactly_and_not_of_few() -> None:
    bounds = Bearable(bounces=500, complaints=30, least=100)
    assert too_much(Tally(99, 99, 99), bounds) is None, "of too few nothing is said"
    assert too_much(Tally(100, 5, 0), bounds) is None, "5 of 100 is borne"
    assert too_much(Tally(100, 6, 0), bounds) == "bounces"
    assert too_much(Tally(334, 0, 1), bounds) is None
    assert too_much(Tally(333, 300, 1), bounds) == "complaints", "they weigh more"
    assert too_much(Tally(100, 100, 100), Bearable(0, 0, 100)) is None, "0 bears all"


@pytest.mark.parametrize("bounces", [0, 1, 7, 50])
@pytest.mark.parametrize("complaints", [0, 1, 3])
def test_counting_no_further_than_it_matters_changes_no_verdict(
    bounces: int, complaints: int
) -> None:
    bounds = Bearable(bounces=500, complaints=30, least=100)
    one = Suspect(uuid4(), "a", "A", None, "", bounces, complaints)
    most = looked_at(one, bounds)
    for sent in (0, 50, 99, 100, 140, 141, 333, 334, 999, 1000, 1001, 5000):
        whole = too_much(Tally(sent, bounces, complaints), bounds)
        assert too_much(Tally(min(sent, most), bounces, complaints), bounds) == whole, sent


def test_a_letter_that_came_back_is_counted_with_its_campaign_once(told: Journeying) -> None:
    told.joins("a", "b", "c")
    told.released()
    told.goes()
    comes_back(told, "a")
    complains(told, "a", "hard")
    complains(told, "b", "soft")
    complains(told, "c")
    assert back(told) == [("spring", "a", "hard"), ("spring", "c", "complaint")]
    assert tallies(told) == [Tally(3, 1, 1)]
    complains(told, "a")
    assert tallies(told) == [Tally(3, 0, 2)], "who complains has the address"


def test_what_nobody_took_as_it_was_handed_over_came_back_too(told: Journeying) -> None:
    told.joins("a", "b")
    told.office.answers.append("550 5.1.1 no such user")
    told.released()
    told.goes()
    assert [state for _, state, _ in told.kept()].count("sent") == 1
    assert tallies(told) == [Tally(2, 1, 0)]


def test_a_complaint_is_of_the_last_that_went_there(told: Journeying) -> None:
    told.joins("a", "b")
    told.released("first")
    told.goes()
    told.shop.now += timedelta(hours=1)
    told.released("second")
    told.goes()
    told.shop.now += timedelta(minutes=30)
    complains(told, "a", minutes=45)
    assert back(told) == [("first", "a", "complaint")], "the second had not gone yet"
    complains(told, "a")
    assert back(told) == [("first", "a", "complaint"), ("second", "a", "complaint")]
    address = address_digest(KEYED, "email", "b@example.org")
    args = (uuid4(), told.id_of("b"), address, told.shop.now - timedelta(minutes=9))
    told.shop.do(lambda tx, _: tx.write([Write(_DELIVERED, (tx.program_id, *args))]))
    complains(told, "b")
    assert len(back(told)) == 2, "it was of a necessary letter"


def test_a_campaign_of_which_too_much_comes_back_pauses_and_goes_on_by_who_approves(
    told: Journeying,
) -> None:
    sets(told, returned_least=4, complaints_most=2_500, bounces_most=0)
    told.joins(*NAMES)
    told.released()
    told.goes()
    late = told.shop.now + timedelta(days=1)
    sql = """
    with l as (select member_id from campaign_message where program_id = $1
                order by member_id limit 4)
    update campaign_message set state = 'waiting', taken_at = null, settled_at = null, try_at = $2
     where program_id = $1 and member_id in (select member_id from l)
    returning 1
    """
    assert len(told.shop.rows(sql, late)) == 4
    told.shop.rows("update campaign set state = 'sending' where program_id = $1 returning 1")
    gone = [name for name, state, _ in told.kept() if state == "sent"]
    complains(told, gone[0])
    told.goes()
    assert pauses(told) == [], "1 of 6 is borne"
    complains(told, gone[1])
    told.goes()
    assert pauses(told) == [("spring", "complaints")]
    assert alerts(told) == [("complaints", "spring", "", 2, 6)]
    sent = len(told.to())
    told.shop.now = late
    told.goes()
    assert len(told.to()) == sent, "nothing of it goes out"
    assert told.state() == "sending"
    assert told.steps("resume").paused_why == ""
    told.goes()
    assert len(told.to()) == sent + 4
    assert (pauses(told), told.state()) == ([], "sent")
    assert tallies(told) == [Tally(10, 0, 2)], "what came back stays counted"


def test_what_goes_on_is_judged_by_what_was_sent_since(told: Journeying) -> None:
    sets(told, returned_least=2, complaints_most=0, bounces_most=4_000)
    told.joins(*NAMES[:4])
    told.published(says("hello"))
    told.walks()
    told.shop.now += timedelta(minutes=1)
    told.joins("k", "l")
    told.goes_on(minutes=1)
    comes_back(told, "k")
    told.goes_on(minutes=1)
    assert pauses(told) == [("hello", "bounces")]
    assert alerts(told)[-1] == ("bounces", "welcome", "hello", 1, 2)
    sql = "select state from journey where program_id = $1"
    assert told.shop.rows(sql) == [("paused",)]
    assert told.moves("resume").state == "running"
    told.goes_on(minutes=2)
    comes_back(told, "l")
    told.goes_on(minutes=1)
    assert pauses(told) == [], "both were sent before"
    told.joins("m", "n")
    told.goes_on(minutes=1)
    comes_back(told, "m")
    told.goes_on(minutes=1)
    assert pauses(told) == [("hello", "bounces")]
