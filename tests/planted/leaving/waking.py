"""Bugs of telephones that are woken and of letters that come back, and what notices them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

WAKING = (
    Bug(
        "a change while a telephone is told is forgotten",
        "records/access/cards/write.py",
        "try_at = case when p.changed = d.changed then null else $2::timestamptz end",
        "try_at = case when $2::timestamptz is null then p.try_at end",
        "checks.a_change_meanwhile_is_told",
    ),
    Bug(
        "whatever Apple refuses forgets a telephone",
        "surfaces/senders/push/apple.py",
        'Woken("gone" if answer.status == 410 else "later", reason)',
        'Woken("gone" if answer.status < 500 else "later", reason)',
        "checks.only_gone_is_gone",
    ),
    Bug(
        "whatever Google refuses forgets a card",
        "surfaces/senders/push/google.py",
        '"absent" if answer.status == 404 else "later"',
        '"absent" if answer.status < 500 else "later"',
        "checks.only_a_card_that_is_not_there_is_absent",
    ),
    Bug(
        "who is about to save a card is forgotten",
        "flows/telling/tell_passes.py",
        "soon = tx.now < told.one.registered_at + SAVED_WITHIN",
        "soon = tx.now < told.one.registered_at",
        "checks.who_is_about_to_save_a_card_is_kept",
    ),
    Bug(
        "a token of Google's is used after its end",
        "surfaces/senders/push/google.py",
        "return told.access_token, now + lasts - EARLIER",
        "return told.access_token, now + lasts + ASKED_FOR",
        "checks.a_token_of_google_ends",
    ),
    Bug(
        "letters go on to where they come back from",
        "flows/telling/plan_deliveries.py",
        " and digest not in bounced:",
        ":",
        "checks.what_comes_back_is_left_alone",
    ),
    Bug(
        "who does not like us has no address",
        "surfaces/senders/email/refusals.py",
        '    return "hard" if place == ("2", "1") else ""\n',
        '    return "hard"\n',
        "checks.only_the_address_counts",
    ),
    Bug(
        "two editions of a pass have one moment",
        "flows/access/keep_passes.py",
        "at = now if at is None else max(now, at + _SECOND)",
        "at = now",
        "checks.every_edition_has_its_moment",
    ),
    Bug(
        "a pass is another edition each time",
        "flows/access/keep_passes.py",
        "if at is None or edition != one.edition:",
        "if True:",
        "checks.every_edition_has_its_moment",
    ),
)


def a_change_meanwhile_is_told(shop: Shop) -> None:
    from tests.makers import buys, by
    from tests.runtime.working.senders.test_messages import SOURCE

    from regulars.flows.access.keep_passes import RegisterPass, keep_passes
    from regulars.flows.telling.tell_passes import (
        PassTold,
        plan_passes,
        settle_passes,
        take_passes,
    )

    shop.begin(SOURCE, slug=f"p{os.getpid()}-wake")
    shop.joined("ada")
    who = shop.rows("select member_id from member where program_id = $1")[0][0]
    one = RegisterPass("phone", who, "token")
    shop.do(lambda tx, _: keep_passes(tx, [one]))
    shop.do(lambda tx, _: plan_passes(tx))
    shop.record(buys(by(external="ada"), 100))
    shop.do(lambda tx, _: plan_passes(tx))
    (taken,) = shop.do(lambda tx, _: take_passes(tx))
    shop.record(buys(by(external="ada"), 100))
    shop.do(lambda tx, _: plan_passes(tx))
    shop.do(lambda tx, _: settle_passes(tx, [PassTold(taken, "told")]))
    assert len(shop.do(lambda tx, _: take_passes(tx))) == 1


def only_gone_is_gone(_: Shop) -> None:
    from regulars.surfaces.senders.outgoing.client import Answer
    from regulars.surfaces.senders.push.apple import judged

    kinds = [judged(Answer(status, {}, b"")).outcome for status in (200, 400, 403, 410, 503)]
    assert kinds == ["told", "later", "later", "gone", "later"]


def what_comes_back_is_left_alone(shop: Shop) -> None:
    from tests.makers import buys, by
    from tests.runtime.working.senders.test_messages import KEYED, SOURCE

    from regulars.flows.telling.choose_messages import ChooseMessages, choose_messages
    from regulars.flows.telling.keep_bounces import NoteBounce, note_bounces
    from regulars.flows.telling.plan_deliveries import plan_deliveries
    from regulars.records.members.types import Identifier, JoinMember

    shop.begin(SOURCE, slug=f"p{os.getpid()}-back")
    mail = Identifier("email", "ada@example.org")
    shop.join(JoinMember(identifiers=(Identifier("external", "ada"), mail)))
    shop.ask(choose_messages, ChooseMessages("earned", "any"))

    def planned() -> list[Any]:
        shop.do(lambda tx, _: plan_deliveries(tx, KEYED, ["email"]))
        return shop.rows("select delivery_id from delivery where program_id = $1")

    planned()
    shop.record(buys(by(external="ada"), 100))
    ((first,),) = planned()
    shop.do(lambda tx, _: note_bounces(tx, [NoteBounce(first, "5.1.1")]))
    shop.record(buys(by(external="ada"), 100))
    assert planned() == [(first,)]


def only_the_address_counts(_: Shop) -> None:
    from tests.runtime.working.senders.returned import report

    from regulars.surfaces.senders.email.bounces import returned_by

    assert len(returned_by(report())) == 1
    assert returned_by(report("5.7.1")) == []


def only_a_card_that_is_not_there_is_absent(_: Shop) -> None:
    from regulars.surfaces.senders.outgoing.client import Answer
    from regulars.surfaces.senders.push.google import judged

    said = [judged(Answer(status, {}, b"")).outcome for status in (200, 404, 403, 400, 503)]
    assert said == ["told", "absent", "later", "later", "later"]


def a_token_of_google_ends(shop: Shop) -> None:
    from datetime import timedelta

    from regulars.surfaces.senders.outgoing.client import Answer
    from regulars.surfaces.senders.push.google import given

    answer = Answer(200, {}, b'{"access_token": "a", "expires_in": 3600}')
    assert given(answer, shop.now) == ("a", shop.now + timedelta(minutes=59))


def who_is_about_to_save_a_card_is_kept(shop: Shop) -> None:
    from datetime import timedelta

    from regulars.flows.access.keep_passes import RegisterPass, keep_passes
    from regulars.flows.telling.tell_passes import PassTold, settle_passes
    from regulars.records.access.cards.types import GOOGLE, PassDue

    shop.joined("greta")
    who = shop.rows("select member_id from member where program_id = $1 order by 1 desc")[0][0]
    shop.do(lambda tx, _: keep_passes(tx, [RegisterPass(GOOGLE, who, GOOGLE)]))
    due = PassDue(GOOGLE, who, GOOGLE, 1, 1, shop.now)
    there = "select count(*) from pass_device where program_id = $1 and device = 'google'"
    for minutes, left in ((30, 1), (60, 0)):
        before, shop.now = shop.now, due.registered_at + timedelta(minutes=minutes)
        shop.do(lambda tx, _: settle_passes(tx, [PassTold(due, "absent")]))
        shop.now = before
        assert shop.rows(there) == [(left,)], minutes


def every_edition_has_its_moment(shop: Shop) -> None:
    from datetime import timedelta

    from regulars.flows.access.keep_passes import (
        GiveEdition,
        RegisterPass,
        give_editions,
        keep_passes,
    )

    shop.joined("eda")
    who = shop.rows("select member_id from member where program_id = $1 order by 1 desc")[0][0]
    shop.do(lambda tx, _: keep_passes(tx, [RegisterPass("phone", who, "t")]))
    told = [bytes([number]) * 32 for number in (1, 1, 2, 1)]
    kept = shop.do(lambda tx, _: give_editions(tx, [GiveEdition(who, one) for one in told]))
    first = shop.now.replace(microsecond=0)
    seconds = [(one.at - first) / timedelta(seconds=1) for one in kept]
    assert seconds == [0, 0, 1, 2]
    (again,) = shop.do(lambda tx, _: give_editions(tx, [GiveEdition(who, told[0])]))
    assert again.at == kept[-1].at


WOKEN: dict[str, Callable[[Shop], None]] = {
    check.__name__: check
    for check in (
        a_change_meanwhile_is_told, only_gone_is_gone, what_comes_back_is_left_alone,
        only_the_address_counts, only_a_card_that_is_not_there_is_absent, a_token_of_google_ends,
        who_is_about_to_save_a_card_is_kept, every_edition_has_its_moment,
    )
}  # fmt: skip
