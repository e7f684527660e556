"""Bugs of what leaves the house and of how members come in, and the checks that notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

ADA, NOBODY = "ada@example.org", "nobody@example.org"
SENDERS = (
    Bug(
        "where letters are stopped is folded on its way",
        "surfaces/senders/email/letters.py",
        '        return f"{name}: {value}\\r\\n".encode()\n',
        "        return SMTP.fold_binary(name, value)\n",
        "checks.stopped_in_one_piece",
    ),
    Bug(
        "what a member calls themselves is HTML in their letter",
        "records/outbox/campaigns/writing.py",
        "            said.append(escape(value) if escaped else value)\n",
        "            said.append(value)\n",
        "checks.filled_as_by_liquid",
    ),
    Bug(
        "a filter of a message is left out",
        "records/outbox/campaigns/writing.py",
        "type(said) is not FilteredExpression or said.filters or",
        "type(said) is not FilteredExpression or",
        "checks.filled_as_by_liquid",
    ),
    Bug(
        "a code opens as often as it is typed",
        "flows/access/use_codes.py",
        "        self._turn(replace(code, used_at=self._now))\n",
        "",
        "checks.a_code_opens_once",
    ),
    Bug(
        "wrong digits are not counted",
        "flows/access/use_codes.py",
        "tries=code.tries + 1",
        "tries=code.tries",
        "checks.five_tries",
    ),
    Bug(
        "only members are asked to wait",
        "flows/access/ask_for_codes.py",
        "        if stands is code:\n",
        "        if stands is code and letter is not None:\n",
        "checks.members_and_others_alike",
    ),
    Bug(
        "of a code for a member the database is asked more",
        "records/outbox/delivery/write.py",
        "    columns = [[tx.new_id() for _ in wanted]]\n",
        "    if not wanted:\n        return []\n    columns = [[tx.new_id() for _ in wanted]]\n",
        "checks.members_and_others_alike",
    ),
    Bug(
        "a session lasts however long nobody used it",
        "records/access/members/types.py",
        "fresh = now < self.seen_at + idle and now < self.opened_at + lasts",
        "fresh = now < self.opened_at + lasts",
        "checks.an_idle_session_is_over",
    ),
    Bug(
        "planning goes beyond transactions that still run",
        "records/outbox/following/read.py",
        "pg_snapshot_xmin(",
        "pg_snapshot_xmax(",
        "checks.what_commits_late_is_told",
    ),
    Bug(
        "members are told by the numbers of another cluster",
        "flows/telling/follow.py",
        "moves = one.cluster != here.cluster",
        "moves = False",
        "checks.what_waited_at_a_move_is_told",
    ),
    Bug(
        "members are told again what another cluster told",
        "flows/telling/plan_deliveries.py",
        "if one.recorded_at > max(floors)",
        "if True",
        "checks.what_waited_at_a_move_is_told",
    ),
    Bug(
        "what is being sent is anybody's at once",
        "flows/telling/take_deliveries.py",
        "tx.now + LEASE) for one",
        "tx.now) for one",
        "checks.taken_is_taken",
    ),
    Bug(
        "an old answer parks what is being sent again",
        "records/outbox/delivery/write.py",
        "  from unnest($3::uuid[], $4::smallint[], $5::text[]) as r "
        "(delivery_id, attempts, reason)\n"
        " where d.program_id = $1::int and d.delivery_id = r.delivery_id and d.state = 'waiting'\n"
        "   and d.attempts = r.attempts\n",
        "  from unnest($3::uuid[], $4::smallint[], $5::text[]) as r "
        "(delivery_id, attempts, reason)\n"
        " where d.program_id = $1::int and d.delivery_id = r.delivery_id and d.state = 'waiting'\n",
        "checks.an_old_answer_says_nothing",
    ),
    Bug(
        "who took their consent back is told all the same",
        "records/outbox/delivery/rules.py",
        'return channel != "email" or kind in ("earned", "redeemed", "line")',
        "return False",
        "checks.withdrawn_is_quiet",
    ),
    Bug(
        "after STOP a notice still comes as a text message",
        "records/outbox/delivery/rules.py",
        'return channel != "email" or kind in ("earned", "redeemed", "line")',
        'return kind in ("earned", "redeemed")',
        "checks.withdrawn_is_quiet",
    ),
    Bug(
        "the address a server quotes is kept",
        "records/outbox/delivery/reasons.py",
        "            plain = _without(plain, text, instead)\n",
        "            plain = str(plain)\n",
        "checks.no_address_in_reasons",
    ),
    Bug(
        "what a server quotes of others is kept",
        "records/outbox/delivery/reasons.py",
        "_QUOTED.sub(_unquoted, some)",
        "some",
        "checks.no_address_in_reasons",
    ),
    Bug(
        "the log repeats what a mail server says",
        "runtime/working/messages.py",
        "why=logged_reason(result.reason)",
        "why=result.reason",
        "checks.no_words_in_the_log",
    ),
    Bug(
        "what a fallen sender held stands in the log",
        "runtime/working/messages.py",
        "sender=carrier.name, **place_of(bug))",
        "sender=carrier.name, kind='KeyError', why=str(bug))",
        "checks.no_words_in_the_log",
    ),
    Bug(
        "what a sandbox would have sent is kept of whoever was erased meanwhile",
        "records/night/sandbox/write.py",
        " where exists (select from delivery d\n                where",
        " where true or exists (select from delivery d\n                where",
        "checks.no_letter_of_the_erased",
    ),
    Bug(
        "strangers are greeted with whatever was typed",
        "surfaces/senders/words/writing.py",
        "not name or _NO_NAME.search(name)",
        "not name",
        "checks.no_greeting_with_an_address",
    ),
    Bug(
        "a letter has another name each time",
        "surfaces/senders/words/writing.py",
        "    mark = delivery.delivery_id.hex\n",
        '    mark = f"{delivery.delivery_id.hex}{parcel.attempts}"\n',
        "checks.a_letter_keeps_its_name",
    ),
    Bug(
        "two who send each have a pace of their own",
        "surfaces/senders/pacing.py",
        "        at = max(now, self._free_at)\n",
        "        at = now\n",
        "checks.one_pace",
    ),
    Bug(
        "a sign of two places is cut in two",
        "surfaces/senders/sms/parts.py",
        "if places > left:",
        "if not left:",
        "checks.parts_are_counted",
    ),
)


def _open(shop: Shop, name: str) -> Any:
    """A shop of this process's own with Ada in it, and the door for members."""
    from regulars.records.members.types import Identifier, JoinMember
    from regulars.records.program.templates import load_template
    from regulars.runtime.serving.asgi import given_with
    from regulars.surfaces.signing_in import SigningIn

    shop.begin(load_template("coffee-shop"), slug=f"s{os.getpid()}-{name}")
    names = (Identifier("external", "ada"), Identifier("email", ADA))
    shop.join(JoinMember(identifiers=names, given_name="Ada", locale="en"))

    async def shown() -> int | None:
        return shop.program_id

    given = given_with(shop.database, shown, width=2, channels=frozenset({"email"}))
    return given, SigningIn(given)


def _asked(shop: Shop, door: Any, address: str) -> Any:
    return shop.run(door.ask(shop.program_id, "email", address, ""))


def _typed(shop: Shop, door: Any, asked: Any, code: str) -> str:
    outcome = shop.run(door.by_code(shop.program_id, asked.code_id, code))
    return getattr(outcome, "code", "in")


def _code(given: Any, asked: Any, more: int = 0) -> str:
    from regulars.records.access.members.spelling import code_of

    return str((int(code_of(given.keyed, asked.code_id)) + more) % 10**6).rjust(6, "0")


def a_code_opens_once(shop: Shop) -> None:
    given, door = _open(shop, "once")
    asked = _asked(shop, door, ADA)
    code = _code(given, asked)
    assert [_typed(shop, door, asked, code) for _ in range(2)] == ["in", "code_over"]


def five_tries(shop: Shop) -> None:
    given, door = _open(shop, "tries")
    asked = _asked(shop, door, ADA)
    for _ in range(5):
        assert _typed(shop, door, asked, _code(given, asked, 1)) == "code_wrong"
    assert _typed(shop, door, asked, _code(given, asked)) == "code_over"


def members_and_others_alike(shop: Shop) -> None:
    from regulars.base.tx import together
    from regulars.records.outbox.delivery.types import Wanted
    from regulars.records.outbox.delivery.write import send

    _given, door = _open(shop, "alike")
    answers = [
        [getattr(_asked(shop, door, who), "code", "sent") for _ in range(4)]
        for who in (ADA, NOBODY)
    ]
    assert answers == [["sent"] * 3 + ["too_many_codes"]] * 2

    async def said(tx: Any, _: Any) -> list[str]:
        one = Wanted(tx.new_id(), tx.new_id(), "code", "email", bytes(32), tx.now)
        return [together(send(tx, wanted))[0] if send(tx, wanted) else "" for wanted in ([one], [])]

    member, other = shop.do(said)
    assert member == other


def an_idle_session_is_over(shop: Shop) -> None:
    from tests.makers import by

    _given, door = _open(shop, "idle")
    handed = shop.run(door.hand_link(shop.program_id, by(external="ada")))
    inside = shop.run(door.by_link(shop.program_id, handed.link))
    assert shop.run(door.who(shop.program_id, inside.token)) is not None
    shop.now += timedelta(days=30)
    assert shop.run(door.who(shop.program_id, inside.token)) is None


def _telling(shop: Shop, name: str) -> Any:
    from regulars.flows.telling.choose_messages import ChooseMessages, choose_messages

    given, _ = _open(shop, name)
    shop.ask(choose_messages, ChooseMessages("earned", "email"))
    _plan(shop, given)
    return given


def _buys(cents: int) -> Any:
    from tests.makers import buys, by

    return buys(by(external="ada"), cents)


def _plan(shop: Shop, given: Any) -> int:
    from regulars.flows.telling.plan_deliveries import plan_deliveries

    return shop.do(lambda tx, _: plan_deliveries(tx, given.keyed, ["email"]))


def _take(shop: Shop, given: Any) -> list[Any]:
    from regulars.flows.telling.take_deliveries import take_deliveries

    return shop.do(lambda tx, terms: take_deliveries(tx, terms, given.keyed, ["email"]))


def what_commits_late_is_told(shop: Shop) -> None:
    from uuid import uuid4

    from regulars.flows.recording.record_activities import record_activities
    from regulars.flows.telling.plan_deliveries import plan_deliveries
    from regulars.records.outbox.write import Told, tell

    given, terms = _telling(shop, "late"), shop.terms

    async def late() -> None:
        async with shop.transaction() as slow:
            await record_activities(slow, terms, [_buys(3000)])
            async with shop.transaction() as quick:  # begins later and is over before
                await quick.write(tell(quick, [Told(uuid4(), 1, "member.joined", "{}")]))
            async with shop.transaction() as tx:
                await plan_deliveries(tx, given.keyed, ["email"])

    shop.run(late())
    _plan(shop, given)
    assert len(_take(shop, given)) == 1


def what_waited_at_a_move_is_told(shop: Shop) -> None:
    from tests.runtime.working.senders.test_messages_move import (
        test_what_waited_while_the_house_moved_is_told,
    )

    test_what_waited_while_the_house_moved_is_told(shop)


def taken_is_taken(shop: Shop) -> None:
    given = _telling(shop, "taken")
    shop.record(_buys(3000))
    _plan(shop, given)
    assert [len(_take(shop, given)) for _ in range(2)] == [1, 0]


def an_old_answer_says_nothing(shop: Shop) -> None:
    from regulars.flows.telling.settle_deliveries import settle_deliveries
    from regulars.records.outbox.delivery.rules import LEASE
    from regulars.records.outbox.delivery.types import Result

    given = _telling(shop, "answer")
    shop.record(_buys(3000))
    _plan(shop, given)
    (first,) = _take(shop, given)
    shop.now += LEASE
    assert len(_take(shop, given)) == 1
    old = Result(first.delivery.delivery_id, first.attempts, "never", "an old answer")
    shop.do(lambda tx, _: settle_deliveries(tx, [old]))
    assert shop.rows("select state from delivery where program_id = $1") == [("waiting",)]


def withdrawn_is_quiet(_: Shop) -> None:
    from regulars.records.outbox.delivery.rules import channel_for

    assert channel_for("earned", "any", ["email", "sms"], ["email"]) == "sms"
    assert channel_for("earned", "email", ["email", "sms"], ["email"]) is None
    assert channel_for("notice", "email", ["email"], ["email"]) == "email"
    assert channel_for("notice", "any", ["sms"], ["sms"]) is None
    assert channel_for("code", "any", ["sms"], ["sms"]) == "sms"


def no_address_in_reasons(_: Shop) -> None:
    from regulars.records.outbox.delivery.reasons import kept_reason

    assert kept_reason("550 <Ada@example.org>:\n no ada", ADA) == "550 <…>: no …"
    assert kept_reason("550 5.1.1 was ben@web.de", ADA) == "550 5.1.1 was …"


def no_words_in_the_log(shop: Shop) -> None:
    from tests.runtime.working.senders import test_logged

    test_logged.joined(shop)
    for falls in (False, True):
        test_logged.test_what_a_sender_repeats_stays_out_of_the_log(shop, "sms", falls)


def no_letter_of_the_erased(shop: Shop) -> None:
    from tests.runtime.working.senders import test_logged

    test_logged.joined(shop)
    test_logged.test_who_is_erased_while_their_letter_is_written_in_a_sandbox_leaves_none(shop)


def _letter(parcel_attempts: int, name: str) -> Any:
    import msgspec
    from tests.runtime.working.senders.test_words import DESK, parcel, reading

    from regulars.surfaces.senders.words.writing import letter_of

    one = reading(parcel("code"), "en", name)
    return letter_of(DESK, msgspec.structs.replace(one, attempts=parcel_attempts))


def no_greeting_with_an_address(_: Shop) -> None:
    assert _letter(1, "https://evil.test").text.startswith("Hello,")
    assert _letter(1, "Ada").text.startswith("Hello Ada,")


def a_letter_keeps_its_name(_: Shop) -> None:
    assert _letter(1, "Ada").mark == _letter(2, "Ada").mark


def one_pace(_: Shop) -> None:
    from tests.runtime.working.senders import test_pacing as tests

    tests.test_two_who_send_share_the_pace_of_their_provider()


def parts_are_counted(_: Shop) -> None:
    from regulars.surfaces.senders.sms.parts import parts_of

    assert parts_of("a" * 152 + "€" + "a" * 152).count == 3
    assert parts_of("ş" * 71).count == 2


def stopped_in_one_piece(_: Shop) -> None:
    from tests.runtime.working.senders import test_email as tests
    from tests.runtime.working.senders.post_office import post_office

    with post_office() as office:
        tests.test_where_it_is_stopped_is_in_one_piece_on_its_way(office)


def filled_as_by_liquid(_: Shop) -> None:
    from tests.records.outbox import test_writing as tests

    tests.test_what_is_plain_is_filled_and_what_is_not_is_asked_of_liquid()


TELLING: dict[str, Callable[[Shop], None]] = {
    check.__name__: check
    for check in (
        a_code_opens_once, five_tries, members_and_others_alike, an_idle_session_is_over,
        what_commits_late_is_told, what_waited_at_a_move_is_told, taken_is_taken, an_old_answer_says_nothing, withdrawn_is_quiet,
        no_address_in_reasons, no_words_in_the_log, no_letter_of_the_erased,
        no_greeting_with_an_address, a_letter_keeps_its_name, one_pace, parts_are_counted,
        stopped_in_one_piece, filled_as_by_liquid,
    )
}  # fmt: skip
