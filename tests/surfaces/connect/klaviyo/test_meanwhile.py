"""What happens while everybody is told of: somebody is erased, it breaks off, it is too slow."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from tests.makers import Shop
from tests.runtime.working.senders.test_messages import SOURCE
from tests.surfaces.connect.klaviyo.town import BY, KlaviyoTown

from regulars.flows.membership.erase_members import erase_members
from regulars.flows.membership.link_identifiers import link_identifiers
from regulars.flows.telling.hooks.klaviyo.keep_link import Walk, walk
from regulars.records.members.types import EraseMember, Identifier, LinkIdentifiers, MemberRef
from regulars.records.outbox.klaviyo.bulk import bulk_of
from regulars.runtime.working.hooks.dispatcher import Way
from regulars.runtime.working.hooks.klaviyo import marketer
from regulars.surfaces.senders.outgoing.client import Answer, NoAnswer, Sending


@pytest.fixture(scope="module")
def opened(database: Any) -> Iterator[Shop]:
    shop = Shop.open(database, SOURCE)
    yield shop
    shop.close()


@pytest.fixture
def town(opened: Shop) -> Iterator[KlaviyoTown]:
    made = KlaviyoTown(opened)
    yield made
    opened.run(made.dispatcher.close())


def _erased_meanwhile(town: KlaviyoTown, *, breaks: bool) -> None:
    """Ada is erased, and forgotten there, before what is on its way of her arrives."""
    town.connects()
    ada, _ = town.joins("ada"), town.joins("ben")
    town.tells()
    terms, send, erased = town.shop.terms, town.account.send, []

    async def sends(wish: Sending) -> Answer:
        if erased or not wish.url.endswith("profile-import"):
            return await send(wish)
        erased.append(ada)
        async with town.shop.database.transaction(town.shop.program_id) as tx:
            await erase_members(tx, terms, [EraseMember(ada)])
        await town.dispatcher.plan(town.shop.program_id)
        await town.dispatcher.send(Way(town.shop.program_id, town.link_id))
        assert len(town.account.deleted) == 1
        answer = await send(wish)
        if breaks:
            raise NoAnswer("the connection broke off")
        return answer

    town.marketer._send = sends
    town.walks()
    town.later(minutes=1)
    town.asks()
    assert erased == [ada]
    assert town.account.found(email="ada@example.org") is None
    assert town.account.found(email="ben@example.org") is not None
    assert town.link.walk_at is None


def test_many_are_told_of_by_jobs_that_are_asked_after_and_what_they_refuse_is_kept(
    town: KlaviyoTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marketer, "BULK_FROM", 3)
    monkeypatch.setattr(marketer, "BULK", 4)
    names = ("ada", "odd", "two", "ben", "cleo", "dan", "eve")
    who = {name: town.joins(name) for name in names}
    for name in ("ada", "eve"):
        town.says(who[name], "given")
    # Two profiles there are one member here: one has our id, the other one their address.
    town.account._upsert({"external_id": f"mem_{who['two'].hex}"})
    town.account._upsert({"email": "two@example.org"})
    town.connects()
    town.walks()
    link = town.link
    job = bulk_of(link.bulk)
    assert (job.of, job.to, link.walked_past, link.walked) == (4, who["ben"], None, 0)
    assert town.account.found(email="ada@example.org") is None, "it is not done yet"
    town.erases(who["ben"])
    for _ in range(8):
        town.later(seconds=6)
        town.asks()
    link, jobs = town.link, bulk_of(town.link.bulk)
    assert (link.walk_at, link.walked, jobs.job, jobs.jobs) == (None, 7, "", 2)
    assert [(one.member_id, one.code, one.field) for one in jobs.refused] == [
        (who["odd"], "invalid", "email")
    ]
    assert jobs.missed == 1
    assert town.account.consent("ada@example.org") == "SUBSCRIBED"
    assert town.account.consent("eve@example.org") == "SUBSCRIBED"
    assert town.account.found(email="ben@example.org") is None, "they were erased meanwhile"
    paths = [path for _, path, _ in town.account.asked]
    assert paths.count("profile-import") == 3, "whom a job refused, and one of two profiles twice"
    town.walks()
    assert bulk_of(town.link.bulk).jobs == 0


def test_a_job_that_is_gone_is_begun_anew_and_a_pause_is_kept(
    town: KlaviyoTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marketer, "BULK_FROM", 3)
    for name in ("ada", "ben", "cleo"):
        town.joins(name)
    town.connects()
    town.walks()
    town.account.jobs.clear()
    town.later(seconds=6)
    town.asks()
    assert (bulk_of(town.link.bulk).job, town.link.walk_fails) == ("", 1)
    for _ in range(8):
        town.later(minutes=1)
        town.asks()
    assert (len(town.account.jobs), town.link.walked, town.link.walk_at) == (1, 3, None)
    assert town.link.problem == ""


def test_a_job_that_does_not_end_is_begun_anew(
    town: KlaviyoTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marketer, "BULK_FROM", 3)
    for name in ("ada", "ben", "cleo"):
        town.joins(name)
    town.connects()
    town.walks()
    (job,) = town.account.jobs
    for _ in range(2):
        town.account.jobs[job]["status"] = "queued"
        town.later(hours=4)
        town.asks()
    assert (bulk_of(town.link.bulk).job, town.link.walk_fails) == ("", 1)
    assert "begun anew" in town.link.problem


def test_who_is_erased_while_everybody_is_told_of_is_forgotten_there(town: KlaviyoTown) -> None:
    _erased_meanwhile(town, breaks=False)


def test_who_is_erased_while_it_breaks_off_is_forgotten_there(town: KlaviyoTown) -> None:
    _erased_meanwhile(town, breaks=True)


def test_an_account_that_is_too_slow_is_left_alone_for_a_while(
    town: KlaviyoTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.joins("ada")
    town.connects()

    async def sends(wish: Sending) -> Answer:
        if wish.method == "POST":
            await asyncio.sleep(30)
        return await town.account.send(wish)

    monkeypatch.setattr(marketer, "PORTION_S", 0.05, raising=False)
    town.marketer._send = sends
    town.walks()
    assert (town.link.walk_fails, town.link.problem) == (1, "it takes too long to answer")


@pytest.mark.parametrize("walks", [False, True])
def test_a_yes_does_not_go_there_for_an_address_that_came_after_it(
    town: KlaviyoTown, walks: bool
) -> None:
    town.connects()
    ada = town.joins("ada")
    town.later(minutes=1)
    town.says(ada, "given")
    town.later(minutes=1)
    old, new = (Identifier("email", one) for one in ("ada@example.org", "victim@example.net"))
    wish = LinkIdentifiers(MemberRef(id=ada), (new,), unlink=(old,))
    town.shop.do(lambda tx, _: link_identifiers(tx, "DE", [wish]))
    town.tells()
    if walks:
        town.shop.do(lambda tx, _: walk(tx, [Walk(BY)]))
        town.asks()
    assert not any("bulk-create" in path for _, path, _ in town.account.asked)
