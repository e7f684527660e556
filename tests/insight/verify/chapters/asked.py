"""Members are asked and answer, join a club and come to a gathering; and faults about that."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.insight.verify.planting import ELSE, at, planted

from regulars.flows.community.check_in import check_in_members
from regulars.flows.community.commands import CheckIn, JoinClub, KeepClub, KeepGathering, TakeSeat
from regulars.flows.community.join_clubs import join_clubs
from regulars.flows.community.keep_clubs import keep_clubs
from regulars.flows.community.keep_gatherings import keep_gatherings
from regulars.flows.community.take_seats import take_seats
from regulars.flows.telling.said.keep_devices import KeepDevice, keep_devices
from regulars.flows.telling.surveys.answer_surveys import answer_surveys
from regulars.flows.telling.surveys.commands import AnswerSurvey, InviteMember, KeepSurvey
from regulars.flows.telling.surveys.invite_members import invite_members
from regulars.flows.telling.surveys.keep_surveys import keep_surveys
from regulars.records.access.staff.types import By
from regulars.records.members.types import MemberRef

_BY = By(words="mia")
_OURS = "kind = 'survey' and source = 'regulars-survey'"


async def asked(shop: Any) -> None:
    """One answers with a 3, another leaves it."""
    texts = {"en": "Would you?"}
    await shop.act(keep_surveys, KeepSurvey("ask", "Ask", "csat", texts, (), texts, _BY))
    for email, score in (("ann@example.org", 3), ("ben@example.org", None)):
        await shop.join(email)
        who = MemberRef(email=email)
        (there,) = await shop.act(invite_members, InviteMember("ask", who, _BY))
        shop.later(hours=1)
        if score is not None:
            said = AnswerSurvey(there.invitation_id, score, {}, "en")
            (done,) = await shop.act(answer_surveys, said)
            assert done.score == score, done
            shop.later(hours=1)
    kim = await shop.join("kim@example.org")
    address = "https://push.example.org/a"
    leave = KeepDevice(kim.id, address, b"\4" + bytes(64), bytes(16), "Android", "the card")
    (device,) = await shop.act(keep_devices, leave)
    assert device.member_id == kim.id, device
    shop.later(hours=1)


ASKED = {
    "an answer to what nobody was asked": planted(
        at(f"update survey_answer set invitation_id = {ELSE}", "survey_answer"), "answers_fit"
    ),
    "an answer before the question": planted(
        at("update survey_answer set answered_at = answered_at - interval '1 day'",
           "survey_answer"),
        "answers_fit",
    ),
    "a score of another scale": planted(
        at("update survey_answer set score = 0", "survey_answer"), "answers_fit"
    ),
    "rules are told the score": planted(
        at("""update activity set body = jsonb_set(body, '{details,score}', '3')""", "activity",
           _OURS),
        "answers_blind",
    ),
    "a device of nobody": planted(
        at(f"update push_device set member_id = {ELSE}", "push_device"), "devices_fit"
    ),
    "a device that nobody gave leave on": planted(
        at("update consent set channel = 'post'", "consent", "channel = 'push'"),
        "devices_fit",
        "consents_told",
    ),
}  # fmt: skip


async def met(shop: Any) -> None:
    """One has the only seat and comes, another waits; a third seat is at something to come."""
    texts = {"en": "We meet"}
    await shop.act(keep_clubs, KeepClub("runners", "Runners", texts, "open", _BY))
    begins = shop.now + timedelta(hours=3)
    for code, at_ in (("tasting", begins), ("later", begins + timedelta(days=90))):
        wish = KeepGathering(code, code, texts, at_, at_ + timedelta(hours=1), 1, _BY)
        await shop.act(keep_gatherings, wish)
    for email in ("mona@example.org", "nils@example.org"):
        await shop.join(email)
        who = MemberRef(email=email)
        await shop.act(join_clubs, JoinClub(who, "runners"))
        for code in ("tasting", "later"):
            await shop.act(take_seats, TakeSeat(who, code))
    shop.later(hours=3)
    here = CheckIn(MemberRef(email="mona@example.org"), "tasting", "mia")
    (done,) = await shop.act(check_in_members, here)
    assert done.came_at is not None, done


_ENDED = "(select redemption_id from redemption where state = '{}' limit 1)"
MET = {
    "more have a seat than there are": planted(
        at("update seat set state = 'held', held_at = now()", "seat", "state = 'waiting'"),
        "seats_fit",
    ),
    "somebody waits while a seat is free": planted(
        at("update gathering set capacity = 2", "gathering"), "seats_fit"
    ),
    "a seat that takes points, and nothing is reserved": planted(
        at("update seat set redemption_id = gen_random_uuid()", "seat", "state = 'waiting'"),
        "seats_paid",
    ),
    "whoever waited in vain pays for it": planted(
        at(
            f"update seat set settled_at = now(), redemption_id = {_ENDED.format('captured')}",
            "seat",
            "state = 'waiting'",
        ),
        "seats_paid",
    ),
    "a seat that was had for nothing": planted(
        at(
            f"update seat set settled_at = now(), redemption_id = {_ENDED.format('voided')}",
            "seat",
            "state = 'held'",
        ),
        "seats_paid",
    ),
    "a seat at no gathering": planted(
        at(f"update seat set gathering_id = {ELSE}", "seat", "state = 'waiting'"), "seats_fit"
    ),
    "somebody came, and there is nothing for it": planted(
        at("update seat set came_at = now()", "seat", "state = 'held' and came_at is null"),
        "belonging_once",
    ),
    "there is something for it, and nobody came": planted(
        at("update seat set came_at = null", "seat", "came_at is not null"), "belonging_once"
    ),
}
