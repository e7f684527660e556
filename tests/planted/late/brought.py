"""Bugs about what comes along, and about what was shown or cannot be; and their checks."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

BROUGHT = (
    Bug(
        "years long ago are earned at today's tier",
        "engine/restating/late.py",
        "(now - at > ACCEPTED and not state.brought)",
        "now - at > ACCEPTED",
        "checks.old_years_earn_as_of_then",
    ),
    Bug(
        "a batch does not see that its history is old",
        "flows/recording/stories.py",
        " = state.united, moved, state.brought",
        " = state.united, moved, False",
        "checks.old_years_earn_as_of_then",
    ),
    Bug(
        "points that wait forget what for by moving",
        "engine/deciding/bring_over.py",
        "opening.activity_id or cause.cause_id",
        "cause.cause_id",
        "checks.what_waits_is_confirmed_after_a_move",
    ),
    Bug(
        "a replay forgets what brought points wait for",
        "engine/replaying/given.py",
        "        activity_id=fact.activity_id,\n",
        "",
        "checks.what_waits_is_confirmed_after_a_move",
    ),
    Bug(
        "what the card says was not shown",
        "surfaces/card/showing/home.py",
        'for one in seen["untold"]]',
        "for one in ()]",
        "checks.a_card_that_is_opened_tells",
    ),
    Bug(
        "the card tells of the next end alone",
        "surfaces/card/showing/purses.py",
        "*further[:MOST_ENDINGS]",
        "*further[:0]",
        "checks.a_card_that_is_opened_tells",
    ),
    Bug(
        "whoever cannot be forgiven keeps all others in debt",
        "flows/points/write_off_debts.py",
        "        with about(STEP, due):\n",
        "        if True:\n",
        "checks.one_debtor_stops_nobody",
    ),
    Bug(
        "what an older browser fetches ahead was shown",
        "surfaces/card/showing/home.py",
        '("sec-purpose", "purpose", "x-purpose", "x-moz")',
        '("sec-purpose",)',
        "checks.a_card_that_is_opened_tells",
    ),
    Bug(
        "whoever is on the list of a backup stays in it",
        "runtime/backup/erasure_list.py",
        "more = await apply_list(owner, database, id_, found)",
        "more = Applied(0, 0, 0, 0)",
        "checks.a_list_forgets_again",
    ),
    Bug(
        "a backup of books that forgot takes erasures off the list",
        "runtime/backup/erasure_list.py",
        "found = _united(before, found)",
        "pass",
        "checks.a_backup_takes_nobody_off_the_list",
    ),
    Bug(
        "a program without a list is passed over",
        "runtime/backup/erasure_list.py",
        'if row["slug"] not in listed',
        "if not lists",
        "checks.a_list_forgets_again",
    ),
    Bug(
        "erasing again that fails leaves the books without a word",
        "runtime/backup/restoring.py",
        "except Exception as wrong:",
        "except MemoryError as wrong:",
        "checks.erasing_again_that_fails_is_told",
    ),
    Bug(
        "points beside a debt are spent and pay nothing",
        "engine/deciding/redeem.py",
        "        _pay_owed(changes, state, version, wish, promised)\n    if reward.cooldown",
        "        pass\n    if reward.cooldown",
        "story points-pay-what-was-owed",
    ),
    Bug(
        "what costs nothing pays a debt",
        "engine/deciding/redeem.py",
        "in promised.price.items() if units}\n    pay",
        "in version.program.wallets.items()}\n    pay",
        "checks.owed_what_costs_no_points_pays_nothing",
    ),
    Bug(
        "a payment is weighed before what is owed is paid",
        "engine/deciding/redeem.py",
        "quote(version, as_paid(state), basket, where, wish.now)",
        "quote(version, state, basket, where, wish.now)",
        "checks.owed_whoever_asks_is_answered_as_if_it_were_paid",
    ),
    Bug(
        "a quote forgets that points pay what is owed",
        "flows/points/quote_payment.py",
        "quote(version, as_paid(state), basket, where, tx.now)",
        "quote(version, state, basket, where, tx.now)",
        "checks.owed_whoever_asks_is_answered_as_if_it_were_paid",
    ),
    Bug(
        "the card forgets that points pay what is owed",
        "flows/show_standing.py",
        "way_for(version, as_paid(state), wish, changes.stock)",
        "way_for(version, state, wish, changes.stock)",
        "checks.owed_whoever_asks_is_answered_as_if_it_were_paid",
    ),
    Bug(
        "a replay pays what is owed in every wallet",
        "engine/replaying/given.py",
        'fact.now, "", OWED), (scene.code,))',
        'fact.now, "", OWED), state.balances.keys())',
        "checks.owed_a_replay_pays_in_the_same_wallet",
    ),
    Bug(
        "what is lent for somebody's basket pays what the lender owes",
        "engine/deciding/redeem.py",
        "as_paid(state) if own else state",
        "as_paid(state)",
        "checks.owed_what_somebody_lends_for_another_basket_pays_nothing_of_theirs",
    ),
    Bug(
        "whoever owes can have nothing though their points would pay it",
        "engine/deciding/redeem.py",
        "way_for(version, as_paid(state), wish, changes.stock)",
        "way_for(version, state, wish, changes.stock)",
        "story points-pay-what-was-owed",
    ),
)


def old_years_earn_as_of_then(shop: Shop) -> None:
    from tests.makers import buys
    from tests.runtime.importing.test_import import TWICE_FOR_GOLD

    from regulars.flows.commands import History
    from regulars.flows.importing.bring_tiers import bring_tiers
    from regulars.flows.importing.commands import BringTier
    from regulars.flows.recording.record_activities import record_activities

    begun = datetime(2026, 11, 25, 12, tzinfo=UTC)
    slug = f"old-years-{os.getpid()}"
    shop.begin(TWICE_FOR_GOLD.replace("program: old-years", f"program: {slug}"), now=begun)
    (ada,) = shop.joined("ada", joined_at=datetime(2018, 1, 1, tzinfo=UTC))
    history = History(UUID(int=os.getpid()))
    gold = BringTier(ada, "gold", datetime(2026, 1, 1, tzinfo=UTC))
    long_ago = datetime(2020, 5, 1, tzinfo=UTC)

    async def comes(tx: Any, terms: Any) -> Any:
        await bring_tiers(tx, terms, [gold], history)
        return await record_activities(
            tx, terms, [buys(ada, 10_000, occurred_at=long_ago)], history
        )

    (told,) = shop.do(comes)
    assert told.earned == {"points": 100}


def what_waits_is_confirmed_after_a_move(shop: Shop) -> None:
    from tests.leaving.planting import CORNER
    from tests.makers import buys
    from tests.planted.replay.checks import differences

    from regulars.flows.commands import Confirm, History
    from regulars.flows.importing.commands import OpenLot
    from regulars.flows.importing.open_balances import open_balances
    from regulars.flows.recording.record_activities import record_activities
    from regulars.records.activity.types import SaleRef

    asks = "pending: {until: event, cancel_after: 90 days}"
    slug = f"waits-{os.getpid()}"
    source = CORNER.replace("program: corner", f"program: {slug}")
    shop.begin(source.replace("id: euro, on: purchase,", "id: euro, on: purchase, from_on: 2099-01-01,")
               .replace("round_up_to: day}}", f"round_up_to: day}}, {asks}}}"))  # fmt: skip
    (ada,) = shop.joined("ada")
    history, ids = History(UUID(int=os.getpid())), [shop.database.ids.new_id() for _ in "12"]
    lots = [OpenLot(ada, "points", 50, "regulars", id_.hex, shop.now, cancels_at=shop.now + timedelta(9),
                    activity_id=id_) for id_ in ids]  # fmt: skip

    async def comes(tx: Any, terms: Any) -> Any:
        await open_balances(tx, terms, lots, history)
        sales = [buys(ada, 5_000, receipt=id_.hex, activity_id=id_) for id_ in ids]
        return await record_activities(tx, terms, sales, history)

    shop.do(comes)
    words: Any = ("confirmed", "cancelled")
    for id_, outcome in zip(ids, words, strict=True):
        (told,) = shop.confirm(Confirm(SaleRef(source="till", external_id=id_.hex), outcome))
        assert told.points == {"points": 50}, told
    assert differences(shop) == []


def a_card_that_is_opened_tells(shop: Shop) -> None:
    from tests.flows.points.test_notices import TOLD
    from tests.surfaces.card.written import test_told_in_time
    from tests.surfaces.counter import Counter

    shop.begin(TOLD.replace("program: told", f"program: told-{os.getpid()}"))
    counter = Counter(shop)
    test_told_in_time.test_points_lapse_of_who_opened_the_card_and_of_nobody_else(counter)


def a_list_forgets_again(shop: Shop) -> None:
    from tests.leaving.planting import CORNER

    from regulars.runtime.backup.erasure_list import (
        ErasureList,
        OfMember,
        apply_lists,
    )
    from regulars.runtime.backup.restoring import _unlisted
    from regulars.runtime.installation.addresses import Addresses

    slug = f"forgets-{os.getpid()}"
    shop.begin(CORNER.replace("program: corner", f"program: {slug}"))
    shop.joined("ada", "ben")
    who = "select member_id from identifier where program_id = $1 and value = 'ada'"
    ((ada,),) = shop.rows(who)
    listed = ErasureList(slug, (), (OfMember(ada, shop.now),), ())
    where = Addresses(owner=shop.made.owner_dsn, app=shop.made.app_dsn)
    done = shop.run(apply_lists(where, [listed]))
    assert done.erased == 1
    states = "select state from member where program_id = $1 order by state"
    assert shop.rows(states) == [("active",), ("erased",)]
    other = ErasureList("of another shop", (), (), ())
    unlisted = [shop.run(_unlisted(shop.made.owner_dsn, one)) for one in ((listed,), (other,))]
    assert [slug in them for them in unlisted] == [False, True]


def a_backup_takes_nobody_off_the_list(_: Shop) -> None:
    from tempfile import TemporaryDirectory

    from tests.runtime.backup import test_erasure_lists as tests

    with TemporaryDirectory() as folder:
        tests.test_books_that_forgot_an_erasure_do_not_take_it_off_the_list(Path(folder))


def erasing_again_that_fails_is_told(_: Shop) -> None:
    from regulars.runtime.backup.restoring import _forget_again

    nowhere: Any = None
    wanted: Any = SimpleNamespace(erasures=("a list",))
    done, failed = _forget_again(nowhere, wanted, lambda _: None)
    assert (done, failed.split(":")[0]) == (None, "AttributeError")


def _owed(name: str) -> Callable[[Shop], None]:
    def check(_: Shop) -> None:
        import pytest
        from tests.engine.replaying import test_owed

        with pytest.MonkeyPatch.context() as patched:
            test = getattr(test_owed, f"test_{name}")
            test(*[patched] * test.__code__.co_argcount)

    check.__name__ = f"owed_{name}"
    return check


def one_debtor_stops_nobody(shop: Shop) -> None:
    from tests.runtime.working import test_parked

    test_parked.test_a_debt_that_cannot_be_forgiven_keeps_nobody_else_in_debt(shop)


BROUGHT_CHECKS: dict[str, Callable[[Shop], None]] = {
    one.__name__: one
    for one in (
        old_years_earn_as_of_then,
        what_waits_is_confirmed_after_a_move,
        a_card_that_is_opened_tells,
        a_list_forgets_again,
        a_backup_takes_nobody_off_the_list,
        erasing_again_that_fails_is_told,
        one_debtor_stops_nobody,
        _owed("what_costs_no_points_pays_nothing"),
        _owed("whoever_asks_is_answered_as_if_it_were_paid"),
        _owed("a_replay_pays_in_the_same_wallet"),
        _owed("what_somebody_lends_for_another_basket_pays_nothing_of_theirs"),
    )
}
