"""A campaign into the card: laid once, in the member's language, by consent and cap, gone with
whoever is erased."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.makers import Shop, by
from tests.runtime.working.letters.campaigning import MIA, OTTO, Campaigning
from tests.runtime.working.senders.post_office import PostOffice, Provider
from tests.runtime.working.senders.test_messages import KEYED, SOURCE

from regulars.flows.membership.commands import MergeMembers
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.membership.merge_members import merge_members
from regulars.flows.telling.campaigns.commands import Posting
from regulars.flows.telling.campaigns.journeys.commands import KeepJourney, MoveJourney
from regulars.flows.telling.campaigns.journeys.keep_journeys import keep_journeys
from regulars.flows.telling.campaigns.journeys.walk_journeys import begin_journeys, walk_journeys
from regulars.flows.telling.campaigns.open_letters import OpenLetters, open_letters
from regulars.flows.telling.campaigns.queue_campaigns import queue_campaigns
from regulars.flows.telling.campaigns.settle_messages import Went, settle_messages
from regulars.flows.telling.campaigns.take_messages import take_messages
from regulars.records.access.staff.read import chosen
from regulars.records.members.types import EraseMember, Identifier, JoinMember
from regulars.records.outbox.campaigns import read as campaigns
from regulars.records.outbox.campaigns.inbox import read, write
from regulars.records.outbox.campaigns.inbox.types import Laid, Lying
from regulars.records.outbox.campaigns.journeys.types import JourneyPlan, MessageStep, OnEvent
from regulars.records.outbox.campaigns.types import Said
from regulars.records.outbox.surveys import read as surveys

SAYS = {
    "en": Said("Hi {{ member.given_name }}, {{ points.points }} points.", "Spring"),
    "de": Said("Hallo {{ member.given_name }}.", "Frühling"),
}


@pytest.fixture(scope="module")
def opened(database: Any) -> Iterator[Shop]:
    shop = Shop.open(database, SOURCE)
    yield shop
    shop.close()


@pytest.fixture
def told(opened: Shop) -> Campaigning:
    return campaigning(opened)


def campaigning(opened: Shop) -> Campaigning:
    """Three members of whom two agreed to hear of it in their card; nothing else is set up."""
    office, sms = PostOffice(), Provider()
    office.envelopes, office.answers, office.port = [], [], 1  # type: ignore[misc]
    sms.asked, sms.answers, sms.url = [], [], "http://127.0.0.1:1"  # type: ignore[misc]
    made = Campaigning(opened, office, sms)
    made.joins("ada", "ben")
    made.shop.join(JoinMember((Identifier("external", "cem"),), given_name="Cem", locale="de"))
    made.listed("ada", "ben", "cem")
    for name in ("ada", "cem"):
        made.says(name, "inbox", "given")
    return made


def lies(told: Campaigning, name: str) -> list[Lying]:
    who = told.id_of(name)
    return told.shop.do(lambda tx, _: read.lying(tx, who, before=None, limit=20))


def goes(told: Campaigning) -> None:
    """Without any sender: a card needs none."""
    told.shop.run(told.campaigner().go(told.shop.program_id))


def test_it_lies_there_once_in_the_language_of_its_member(told: Campaigning) -> None:
    told.released(channel="inbox", says=SAYS)
    for _ in range(3):
        goes(told)
    (ada,), (cem,) = lies(told, "ada"), lies(told, "cem")
    assert (ada.about, ada.says, ada.read_at) == ("Spring", "Hi Ada, 0 points.", None)
    assert (cem.language, cem.says) == ("de", "Hallo Cem.")
    assert lies(told, "ben") == []
    assert told.kept() == [
        ("ada", "sent", ""), ("ben", "skipped", "no_consent"), ("cem", "sent", ""),
    ]  # fmt: skip
    assert told.state() == "sent"


def test_it_is_opened_once_and_by_nobody_else(told: Campaigning) -> None:
    told.released(channel="inbox", says=SAYS)
    goes(told)
    (letter,) = lies(told, "ada")
    ada, ben = told.id_of("ada"), told.id_of("ben")
    first = told.shop.now + timedelta(hours=1)
    for who in (ben, ada, ada):
        told.shop.now += timedelta(minutes=30)
        wish = OpenLetters(who, (letter.message_id,))
        told.shop.do(lambda tx, _, wish=wish: open_letters(tx, [wish]))
    assert lies(told, "ada")[0].read_at == first
    assert told.shop.do(lambda tx, _: read.opened(tx, letter.campaign_id)) == 1
    assert told.shop.do(lambda tx, _: read.unread(tx, ada)) == 0


def test_letters_of_several_are_opened_in_the_order_of_members(
    told: Campaigning, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two batches that meet on two members wait for each other instead of both being stuck."""
    who = sorted((told.id_of("ada"), told.id_of("ben")))
    batch = [OpenLetters(who[1], ()), OpenLetters(UUID(int=1), ()), OpenLetters(who[0], ())]
    written: list[UUID] = []
    plain = write.opened

    def opened(tx: Any, member_id: UUID, messages: Any) -> Any:
        written.append(member_id)
        return plain(tx, member_id, messages)

    monkeypatch.setattr(write, "opened", opened)
    outcomes = told.shop.do(lambda tx, _: open_letters(tx, batch))
    assert written == who
    assert [one is None for one in outcomes] == [True, False, True]


def test_the_cap_counts_what_lies_in_the_card(told: Campaigning) -> None:
    for code in ("one", "two", "three", "four", "five", "six"):
        told.released(code, channel="inbox", says=SAYS)
        goes(told)
    assert ("ada", "skipped", "capped") in told.kept("six")


def test_the_cap_counts_what_goes_at_once(told: Campaigning) -> None:
    codes = ("one", "two", "three", "four", "five", "six")
    for code in codes:
        told.released(code, channel="inbox", says=SAYS)
    while told.shop.do(lambda tx, _: queue_campaigns(tx)):
        pass
    taken = told.shop.do(lambda tx, terms: take_messages(tx, terms, KEYED, {"inbox": True}))
    most = told.shop.do(lambda tx, _: chosen(tx)).of("campaign_most")
    ada = told.id_of("ada")
    assert len([one for one in taken if one.due.member_id == ada]) == most < len(codes)


def test_it_is_gone_with_whoever_is_erased(told: Campaigning) -> None:
    told.released(channel="inbox", says=SAYS)
    goes(told)
    ada = told.id_of("ada")
    told.shop.ask(erase_members, EraseMember(ada))
    assert told.shop.rows(_KEPT) == [("Hallo Cem.",)]


def test_whoever_is_erased_between_has_nothing_laid(told: Campaigning) -> None:
    told.released(channel="inbox", says=SAYS)
    while told.shop.do(lambda tx, _: queue_campaigns(tx)):
        postings = told.shop.do(lambda tx, terms: take_messages(tx, terms, KEYED, {"inbox": True}))
        if postings:
            break
    told.shop.ask(erase_members, EraseMember(told.id_of("ada")))
    went = [Went(one, "sent", laid=_laid(one)) for one in postings]
    told.shop.do(lambda tx, _: settle_messages(tx, went))
    assert told.shop.rows(_KEPT) == [("Hi",)]  # the other one's


def test_whoever_is_erased_at_that_moment_has_nothing_laid(told: Campaigning) -> None:
    told.released(channel="inbox", says=SAYS)
    while told.shop.do(lambda tx, _: queue_campaigns(tx)):
        postings = told.shop.do(lambda tx, terms: take_messages(tx, terms, KEYED, {"inbox": True}))
        if postings:
            break
    went = [Went(one, "sent", laid=_laid(one)) for one in postings]
    gone = EraseMember(told.id_of("ada"))
    _, waited = told.shop.at_once(
        lambda tx, terms: erase_members(tx, terms, [gone]), lambda tx, _: settle_messages(tx, went)
    )
    assert waited == {1}
    assert told.shop.rows(_KEPT) == [("Hi",)]  # the other one's


def test_two_who_became_one_find_both(told: Campaigning) -> None:
    told.released(channel="inbox", says=SAYS)
    goes(told)
    gone, stays = by(external="cem"), by(external="ada")
    (done,) = told.shop.ask(merge_members, MergeMembers(gone, stays, "one", "mia"))
    assert not isinstance(done, Exception), done
    assert sorted(one.language for one in lies(told, "ada")) == ["de", "en"]


def test_a_journey_lays_its_steps_there_too(told: Campaigning) -> None:
    steps = (MessageStep("hello", "inbox", SAYS),)
    plan = JourneyPlan(OnEvent("member.joined"), steps)
    told.shop.ask(keep_journeys, KeepJourney("hello", "Hello", plan, MIA))
    told.shop.ask(keep_journeys, MoveJourney("hello", "publish", OTTO))
    told.shop.now += timedelta(minutes=1)
    told.joins("dan")
    told.says("dan", "inbox", "given")
    for flow in (begin_journeys, walk_journeys):
        told.shop.do(lambda tx, terms, flow=flow: flow(tx, terms))
    goes(told)
    assert [one.about for one in lies(told, "dan")] == ["Spring"]


def test_what_is_a_members_is_found_by_the_member_and_not_among_all(told: Campaigning) -> None:
    """As long as they were looked through, each visit took as long as the whole shop is big."""
    told.shop.rows(_MANY_CARDS)
    told.shop.rows(_MANY_MESSAGES)
    told.shop.rows(_MANY_ASKED)
    _bare(told, "analyze card_letter, campaign_message, survey_invitation")
    for table, asked in (
        ("card_letter", read._PAGE),
        ("card_letter", read._UNREAD),
        ("card_letter", write._OPENED),
        ("campaign_message", campaigns._HAD),
        ("survey_invitation", surveys._WAITING),
        ("survey_invitation", surveys._ASKED),
        ("survey_invitation", surveys._OPEN),
    ):
        plan = _bare(told, f"explain (format json) {_plain(told, asked)}")[0][0]
        scans = list(_scans(json.loads(plan)[0]["Plan"], table))
        assert scans, table
        for scan in scans:
            assert "member_id = ANY" in scan.get("Index Cond", ""), (asked, scan)


def _bare(told: Campaigning, sql: str) -> Any:
    """A statement of the owner of the database that takes no arguments."""

    async def ask() -> Any:
        return await (await told.shop.owning()).fetch(sql)

    return told.shop.run(ask())


def _plain(told: Campaigning, asked: str) -> str:
    """A statement with what it is asked for, so that it can be explained."""
    who, now = told.id_of("ada"), f"'{told.shop.now.isoformat()}'"
    ids = f"array['{who}'::uuid]"
    for name, value in {
        "$1::int": str(told.shop.program_id), "$2::uuid[]": ids, "$4::uuid[]": ids,
        "$3::uuid[]": f"array[{_SURVEY}]", "$2::uuid": f"'{who}'::uuid",
        "$2::timestamptz": now, "$4::int": "20",
        "$3::timestamptz": now, "$4::timestamptz": now,
        "$3::uuid": f"'{who}'::uuid" if asked is write._OPENED else "null::uuid",
    }.items():  # fmt: skip
        asked = asked.replace(name, value)
    return asked


def _scans(plan: Any, table: str) -> Iterator[dict[str, Any]]:
    """Each look into this table; one by a bitmap with what its bitmap is made from."""
    if plan.get("Relation Name") == table and plan["Node Type"] != "ModifyTable":
        yield plan["Plans"][0] | plan if plan["Node Type"] == "Bitmap Heap Scan" else plan
    for part in plan.get("Plans", ()):
        yield from _scans(part, table)


_MANY_CARDS = """
insert into card_letter (program_id, member_id, message_id, campaign_id, language, about, says,
                         laid_at)
select $1, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'en', 'Spring', 'Hi', now()
  from generate_series(1, 4000)
"""
_MANY_MESSAGES = """
insert into campaign_message (program_id, campaign_id, member_id, state, try_at, taken_at,
                              settled_at)
select $1, gen_random_uuid(), gen_random_uuid(), 'sent', now(), now(), now()
  from generate_series(1, 4000)
"""
_SURVEY = "'00000000000000000000000000000007'::uuid"
_MANY_ASKED = f"""
insert into survey_invitation (program_id, invitation_id, survey_id, member_id, made_at, made_by,
                               expires_at)
select $1, gen_random_uuid(), {_SURVEY}, gen_random_uuid(), now(), 'mia',
       now() + interval '1 day'
  from generate_series(1, 4000)
"""


def _laid(one: Posting) -> Laid:
    return Laid(one.due.message_id, "en", "Spring", "Hi")


_KEPT = "select says from card_letter where program_id = $1"
