"""Bugs of what other systems hear, and the checks that notice them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_TAKE = "flows/telling/hooks/take_sendings.py"
_SETTLE = "flows/telling/hooks/settle_sendings.py"
HOOKS = (
    Bug(
        "a killed worker takes with it what it had in its hands",
        _TAKE,
        "write.take(tx, hook_id, until, turns)",
        "write.take(tx, hook_id, until + LEASE * 99999, turns)",
        "checks.a_storm_loses_nothing",
    ),
    Bug(
        "what was given up in vain counts as delivered",
        _SETTLE,
        "        if not tried.arrived:\n            break\n",
        "",
        "checks.a_storm_loses_nothing",
    ),
    Bug(
        "a line goes on past what did not arrive",
        "surfaces/senders/hooks/courier.py",
        "                        off.set()\n                    break\n",
        "                        off.set()\n",
        "checks.a_storm_loses_nothing",
    ),
    Bug(
        "a body says when it was tried",
        "surfaces/senders/hooks/forms.py",
        '        "position": sending.position,\n',
        '        "position": sending.position, "at": __import__("time").time_ns(),\n',
        "checks.a_storm_loses_nothing",
    ),
    Bug(
        "a killed worker takes with it what somebody asked for once more",
        _TAKE,
        "write.take_again(tx, hook_id, until, events)",
        "write.take_again(tx, hook_id, None, events)",
        "checks.what_is_asked_for_is_kept",
    ),
    Bug(
        "a late answer moves a line that somebody else has",
        "records/outbox/hooks/write.py",
        "\n   and l.turn = s.turn\n",
        "\n",
        "checks.a_late_answer_says_nothing",
    ),
    Bug(
        "planning of webhooks goes beyond transactions that still run",
        "records/outbox/following/read.py",
        "pg_snapshot_xmin(",
        "pg_snapshot_xmax(",
        "checks.what_commits_late_is_heard",
    ),
    Bug(
        "what stands before an event is planned when its own turn comes",
        "flows/telling/hooks/plan_sendings.py",
        "whole = [*events, *await read.earlier(tx, end, look.types, events)]",
        "whole = [*events]",
        "checks.each_stands_where_it_belongs",
    ),
    Bug(
        "what was planned before its turn is planned again",
        "flows/telling/hooks/plan_sendings.py",
        " if (hook.hook_id, one.event_id) not in known",
        "",
        "checks.each_stands_where_it_belongs",
    ),
    Bug(
        "a member's events stand in the order of transactions",
        "flows/telling/hooks/plan_sendings.py",
        "key=lambda one: (one.member_id, one.sequence, one.event_id)",
        "key=lambda one: (one.member_id, one.recorded_tx, one.event_id)",
        "checks.each_stands_where_it_belongs",
    ),
    Bug(
        "what nobody planned before a restore is sent by itself after it",
        "flows/telling/hooks/plan_sendings.py",
        "return event.recorded_at if event.recorded_at <= raised_at else now",
        "return now",
        "checks.what_was_before_a_restore_is_not_sent",
    ),
    Bug(
        "who is new after a restore hears nothing of before",
        "flows/telling/hooks/plan_sendings.py",
        "if raised_at is None or hook.made_at > raised_at:",
        "if raised_at is None:",
        "checks.what_was_before_a_restore_is_not_sent",
    ),
    Bug(
        "the numbers of another cluster are taken for ours",
        "flows/telling/follow.py",
        "moves = one.cluster != here.cluster",
        "moves = False",
        "checks.a_move_loses_nothing",
    ),
    Bug(
        "what another cluster told is told again when our numbers come to its",
        "flows/telling/hooks/plan_sendings.py",
        "if one.recorded_at > self._floors[hook.hook_id]",
        "if True",
        "checks.a_move_loses_nothing",
    ),
    Bug(
        "a part of a line is sent before all of it is moved back",
        "records/outbox/hooks/replays/write.py",
        "case when p.whole then $3::timestamptz else 'infinity' end",
        "$3::timestamptz",
        "checks.a_replay_goes_in_order",
    ),
    Bug(
        "a replay leaves a line where it was",
        "records/outbox/hooks/replays/write.py",
        "set done = least(l.done, p.first - 1), turn",
        "set done = l.done, turn",
        "checks.a_replay_goes_in_order",
    ),
    Bug(
        "a name is looked up again after it was checked",
        "surfaces/senders/outgoing/client.py",
        "            found[0], port,",
        "            host, port,",
        "checks.the_checked_address_is_called",
    ),
    Bug(
        "one good address makes all good",
        "surfaces/senders/outgoing/client.py",
        "        for one in found:  # one",
        "        for one in found[:1]:  # one",
        "checks.the_checked_address_is_called",
    ),
    Bug(
        "an address inside another one is public",
        "surfaces/senders/outgoing/guard.py",
        "            plain = address.ipv4_mapped\n",
        "            return True\n",
        "checks.nothing_private_is_called",
    ),
    Bug(
        "the secret before is good for ever",
        "records/outbox/hooks/types.py",
        "now < hook.old_until and hook.secret_number > 1",
        "hook.secret_number > 1",
        "checks.an_old_secret_ends",
    ),
)


def a_storm_loses_nothing(shop: Shop) -> None:
    from tests.runtime.working.hooks.storm import storm

    done = storm(shop, seed=3, events=150, hooks=1)
    assert done.wrong() == []


def a_late_answer_says_nothing(shop: Shop) -> None:
    from tests.runtime.working.hooks.storm import Storm

    from regulars.flows.telling.hooks.plan_sendings import plan_sendings
    from regulars.flows.telling.hooks.settle_sendings import settle_sendings
    from regulars.flows.telling.hooks.take_sendings import take_sendings
    from regulars.records.outbox.hooks.rules import LEASE
    from regulars.records.outbox.hooks.types import Try, Went

    made = Storm(shop, 1)
    made.listens("late")
    while not made.events:
        made.happens(1)
    id_ = made.hooks[0].hook_id
    first = None
    while first is None:  # others in this database may still be in their transactions
        shop.do(lambda tx, _: plan_sendings(tx))
        first = shop.do(lambda tx, _: take_sendings(tx, id_))
    shop.now += LEASE
    assert shop.do(lambda tx, _: take_sendings(tx, id_))
    line = first.lines[0]
    tried = Try(line.sendings[0].event.event_id, shop.now, 1, 204, "")
    shop.do(lambda tx, _: settle_sendings(tx, id_, [Went(line, (tried,))]))
    asked = "select done from hook_line where program_id = $1 and hook_id = $2"
    assert shop.rows(asked, id_) == [(0,)]


def what_is_asked_for_is_kept(shop: Shop) -> None:
    from tests.runtime.working.hooks.storm import Storm

    from regulars.flows.telling.hooks.keep_hooks import SendOnceMore, send_once_more
    from regulars.flows.telling.hooks.plan_sendings import plan_sendings
    from regulars.flows.telling.hooks.settle_sendings import settle_sendings
    from regulars.flows.telling.hooks.take_sendings import take_sendings
    from regulars.records.access.staff.types import By
    from regulars.records.outbox.hooks.rules import LEASE
    from regulars.records.outbox.hooks.types import Try, Went

    made = Storm(shop, 1)
    made.listens("again")
    while not made.events:
        made.happens(1)
    id_ = made.hooks[0].hook_id
    first = None
    while first is None:  # others in this database may still be in their transactions
        shop.do(lambda tx, _: plan_sendings(tx))
        first = shop.do(lambda tx, _: take_sendings(tx, id_))
    event_id = first.lines[0].sendings[0].event.event_id
    went = Went(first.lines[0], (Try(event_id, shop.now, 1, 204, ""),))
    shop.do(lambda tx, _: settle_sendings(tx, id_, [went]))
    shop.do(lambda tx, _: send_once_more(tx, [SendOnceMore(id_, event_id, By(words="x"))]))
    for _ in range(2):  # whoever took it the first time is killed
        taken = shop.do(lambda tx, _: take_sendings(tx, id_))
        assert taken is not None
        assert event_id in [one.sendings[0].event.event_id for one in taken.lines if one.alone]
        shop.now += LEASE


def _two_at_once(shop: Shop, name: str, sequences: tuple[int, int]) -> list[int]:
    """Two events of a member, the first of which commits last; in which order they are planned."""
    import time

    from tests.runtime.working.hooks.storm import TYPE, Storm

    from regulars.flows.telling.hooks.plan_sendings import plan_sendings
    from regulars.records.outbox.write import Told, tell

    made = Storm(shop, 1)
    made.listens(name)
    who = made.members[0]
    one, other = (Told(who, sequence, TYPE, "{}") for sequence in sequences)
    asked = """select o.sequence from hook_sending s
                 join outbox o on (o.program_id, o.outbox_id) = (s.program_id, s.event_id)
                where s.program_id = $1 and s.member_id = $2 order by s.position"""

    async def look() -> None:
        for most in (1, 1, 9):
            async with shop.transaction() as tx:
                await plan_sendings(tx, most)

    async def both() -> None:
        async with shop.transaction() as between:
            async with shop.transaction() as slow:
                await slow.write(tell(slow, [one]))
                await between.write(tell(between, [Told(made.members[1], 1, TYPE, "{}")]))
                async with shop.transaction() as quick:
                    await quick.write(tell(quick, [other]))
                await look()
            await look()  # the slow one is over, and one that began between the two still runs

    shop.run(both())
    for _ in range(60):  # others in this database may still be in their transactions
        shop.run(look())
        if len(shop.rows(asked, who)) > 1:
            break
        time.sleep(0.05)
    return [row[0] for row in shop.rows(asked, who)]


def what_commits_late_is_heard(shop: Shop) -> None:
    assert _two_at_once(shop, "slow", (1, 2)) == [1, 2]


def each_stands_where_it_belongs(shop: Shop) -> None:
    assert _two_at_once(shop, "turned", (2, 1)) == [1, 2]


def what_was_before_a_restore_is_not_sent(_: Shop) -> None:
    from datetime import timedelta

    from msgspec.structs import replace
    from tests.runtime.working.hooks.test_forms import AT, HOOK

    from regulars.flows.telling.hooks.plan_sendings import planned_at
    from regulars.records.outbox.following.read import Happened

    id_, hour = HOOK.hook_id, timedelta(hours=1)
    event = Happened(id_, id_, 1, "points.earned", AT, 1)
    old = replace(HOOK, made_at=AT - hour)
    assert planned_at(old, event, AT + hour, AT + 2 * hour) == AT
    assert planned_at(old, event, AT - hour, AT + 2 * hour) == AT + 2 * hour
    assert planned_at(old, event, None, AT) == AT
    young = replace(HOOK, made_at=AT + 2 * hour)
    assert planned_at(young, event, AT + hour, AT + 3 * hour) == AT + 3 * hour


def a_move_loses_nothing(shop: Shop) -> None:
    from tests.runtime.working.hooks.test_moving import (
        test_a_move_loses_nothing_and_sends_nothing_of_before,
    )

    test_a_move_loses_nothing_and_sends_nothing_of_before(shop)


def a_replay_goes_in_order(shop: Shop) -> None:
    import os

    from tests.runtime.working.hooks.receiver import receiver
    from tests.runtime.working.hooks.test_replay import (
        test_a_long_line_goes_back_piece_by_piece_and_is_whole_all_the_time,
    )
    from tests.runtime.working.hooks.town import Town
    from tests.runtime.working.senders.test_messages import SOURCE

    shop.begin(SOURCE, slug=f"r{os.urandom(4).hex()}")
    shop.joined("ada", "ben")
    town = Town(shop)
    with receiver() as house:
        test_a_long_line_goes_back_piece_by_piece_and_is_whole_all_the_time(town, house)
    town.close()


def the_checked_address_is_called(_: Shop) -> None:
    from tests.runtime.working.hooks.test_guard import (
        test_a_name_that_comes_to_a_private_address_is_not_called,
        test_the_address_that_was_checked_is_the_one_that_is_called,
    )

    test_a_name_that_comes_to_a_private_address_is_not_called()
    test_the_address_that_was_checked_is_the_one_that_is_called()


def nothing_private_is_called(_: Shop) -> None:
    from tests.runtime.working.hooks.test_guard import (
        PRIVATE,
        test_what_is_not_public_is_not_called,
    )

    for address in PRIVATE:
        test_what_is_not_public_is_not_called(address)


def an_old_secret_ends(shop: Shop) -> None:
    from datetime import timedelta

    from msgspec.structs import replace
    from tests.runtime.working.hooks.test_forms import AT, HOOK
    from tests.runtime.working.hooks.town import KEYED

    from regulars.records.outbox.hooks.types import secrets_of

    hook = replace(HOOK, secret_number=2, old_until=AT + timedelta(hours=1))
    assert len(secrets_of(KEYED, 1, hook, AT)) == 2
    assert len(secrets_of(KEYED, 1, hook, AT + timedelta(hours=1))) == 1


HEARD: dict[str, Callable[[Shop], None]] = {
    check.__name__: check
    for check in (
        a_storm_loses_nothing, a_late_answer_says_nothing, what_is_asked_for_is_kept,
        what_commits_late_is_heard, each_stands_where_it_belongs, a_move_loses_nothing,
        a_replay_goes_in_order, what_was_before_a_restore_is_not_sent,
        the_checked_address_is_called, nothing_private_is_called, an_old_secret_ends,
    )
}  # fmt: skip
