"""Bugs about tills that were cut off; and the tests of each as the checks that notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final

from tests.planted.bug import Bug

_TAKING = "flows/tills/take_records.py"
_ENDING = "flows/tills/end_records.py"
_APPLYING = "surfaces/till/sync/applying.py"
_RESERVING = "surfaces/till/sync/reserving.py"
_LATE = "flows/tills/credit_late.py"
_READING = "surfaces/till/sync/reading.py"
_DAY = "surfaces/till/counter/day.py"
_KEEPING = "flows/membership/benefits/keep_appointments.py"
TILLS = (
    Bug(
        "a signature is not looked at",
        "records/tills/signing.py",
        "    except InvalidSignature:\n        return False",
        "    except InvalidSignature:\n        return True",
        "checks.till_what_is_not_signed_by_the_till_is_set_aside",
    ),
    Bug(
        "a forged record stands for the true one",
        "records/tills/signing.py",
        "(forged or b" + '"")',
        'b""',
        "checks.till_what_is_not_signed_by_the_till_is_set_aside",
    ),
    Bug(
        "another content under a number is no fork",
        "records/tills/chain.py",
        "if here is not None and here != link:",
        "if False:",
        "checks.till_another_content_under_a_number_is_a_fork",
    ),
    Bug(
        "a later record is not compared with an earlier one",
        "records/tills/chain.py",
        "return after is None or after.previous == link.hash",
        "return True",
        "checks.till_an_earlier_record_that_does_not_lead_to_a_later_one_is_a_fork",
    ),
    Bug(
        "a fork suspends nobody",
        _TAKING,
        'if till.state == "paired":',
        "if False:",
        "checks.till_another_content_under_a_number_is_a_fork",
    ),
    Bug(
        "a till that is suspended goes on",
        _TAKING,
        'if book.till.state != "paired":',
        "if False:",
        "checks.till_a_till_that_is_suspended_hands_in_and_does_no_more",
    ),
    Bug(
        "the device's clock is believed",
        "records/tills/clock.py",
        "    if at > now + SLACK:",
        "    if False:",
        "checks.till_turned",
    ),
    Bug(
        "a clock that is off is not put right",
        "records/tills/clock.py",
        "told.device_at + timedelta(milliseconds=told.offset_ms)",
        "told.device_at",
        "checks.till_off",
    ),
    Bug(
        "what was in the books before counts as applied",
        _ENDING,
        "if not first or record.record_id in by_others:",
        "if False:",
        "checks.till_a_receipt_told_on_line_before_is_a_duplicate",
    ),
    Bug(
        "what waits for its member is not tried again",
        "surfaces/till/sync/devices.py",
        "        await apply_waiting(books)\n",
        "        pass\n",
        "checks.till_who_is_not_known_waits_until_they_are",
    ),
    Bug(
        "what was erased is kept in quarantine",
        _ENDING,
        'or command.reason in FORGETS',
        "or False",
        "checks.till_who_was_erased_is_not_booked_and_nothing_of_them_is_kept",
    ),
    Bug(
        "a record has another key each time",
        _READING,
        "asked = Asked(acting(head.cashier, till), work.key)",
        "asked = Asked(acting(head.cashier, till), __import__('uuid').uuid4().hex)",
        "checks.till_cut_killed_at_any_step_nothing_is_lost_and_nothing_doubled",
    ),
    Bug(
        "what another till reserved is handed over",
        _APPLYING,
        "if redemption is None or redemption.actor != till.reserving:",
        "if redemption is None:",
        "checks.till_kept_another_tills_reservation_cannot_be_handed_over",
    ),
    Bug(
        "what was handed over too late is not taken",
        _APPLYING,
        "if isinstance(outcome, Refused) and outcome.code in _OVER:",
        "if False:",
        "checks.till_late",
    ),
    Bug(
        "a till reserves as much as it likes",
        _RESERVING,
        "or len(held) >= store.offline_most",
        "or False",
        "checks.till_kept_a_till_reserves_no_more_than_its_store_allows",
    ),
    Bug(
        "a code pairs twice",
        "records/tills/types.py",
        "return self.till_id is None and now < self.ends_at",
        "return now < self.ends_at",
        "checks.till_kept_a_code_pairs_one_device_once_and_not_for_long",
    ),
    Bug(
        "what a cashier records is the till's alone",
        _READING,
        "return till.principal if staff_of(cashier) is None else",
        "return till.principal if True else",
        "checks.till_by_nobody_credits_or_redeems_for_themselves_at_a_till",
    ),
    Bug(
        "anybody of the shop is a cashier everywhere",
        _READING,
        "return worked or staff.works_in(till.store)",
        "return True",
        "checks.till_by_who_does_not_work_in_the_store_is_no_cashier_of_it",
    ),
    Bug(
        "who was moved meanwhile loses what they sold before",
        _READING,
        "return worked or staff.works_in(till.store)",
        "return staff.works_in(till.store)",
        "checks.till_by_who_was_moved_meanwhile_could_stand_there_then",
    ),
    Bug(
        "what a cashier recorded counts as told by somebody else",
        _ENDING,
        'actors[subject].rpartition(" ")[2] != ',
        "actors[subject] != ",
        "checks.till_by_what_a_cashier_recorded_is_theirs",
    ),
    Bug(
        "one showing of a card is taken at two tills",
        "surfaces/till/sync/cashiers.py",
        "uuid5(till.till_id, call.asked.key)",
        "uuid5(UUID(int=0), call.asked.key)",
        "checks.till_by_the_code_of_a_card_proves_its_member_once",
    ),
    Bug(
        "what another till recorded is booked when it is tried again",
        _READING,
        "    if head.till != till_id_of(till):\n",
        "    if False:\n",
        "checks.till_odd_what_another_till_recorded_is_not_booked_when_it_is_tried_again",
    ),
    Bug(
        "a record may say a name twice",
        _READING,
        "    scan(work.signed.encode())\n",
        "    pass\n",
        "checks.till_odd_a_name_that_stands_twice_is_no_record",
    ),
    Bug(
        "a purchase is credited to whoever asks",
        _LATE,
        "    if owner != one.member_id:\n",
        "    if False:\n",
        "checks.till_desk_a_forgotten_telephone_is_credited_late",
    ),
    Bug(
        "what was credited late is nobody's, too",
        _LATE,
        "or outcome.replayed or one.sale_id is None:",
        "or True:",
        "checks.till_desk_a_forgotten_telephone_is_credited_late",
    ),
    Bug(
        "a return goes to the books beside a late credit of the same receipt",
        _APPLYING,
        '("joins", "happens", "credits", "comes back", "hands over")',
        '("joins", "happens", "comes back", "credits", "hands over")',
        "checks.till_desk_a_credit_and_a_return_of_one_receipt_in_one_hand_in",
    ),
    Bug(
        "another store's receipt is taken for ours",
        "records/activity/read.py",
        "       and kind = 'purchase' and store = s.store\n",
        "       and kind = 'purchase'\n",
        "checks.till_desk_cut_off_a_receipt_is_named_by_its_store",
    ),
    Bug(
        "a till that is cut off knows no receipt of the register",
        "surfaces/till/sync/receipts.py",
        "        if sales:\n",
        "        if False:\n",
        "checks.till_desk_cut_off_a_receipt_is_named_by_its_store",
    ),
    Bug(
        "a return takes back what somebody bought after it",
        "surfaces/till/sync/receipts.py",
        "    until = [(one.receipt, one.at + CLOCKS) for one in others]\n",
        "    until = [(one.receipt, None) for one in others]\n",
        "checks.till_desk_what_is_bought_after_a_return_was_noted_is_left_alone",
    ),
    Bug(
        "of several purchases with one number the last one is taken",
        "surfaces/till/sync/receipts.py",
        "if len(sales) == 1 else None",
        "if sales else None",
        "checks.till_desk_of_several_purchases_with_one_number_somebody_chooses",
    ),
    Bug(
        "a till that takes a visit back takes the purchase of the same number",
        "surfaces/till/sync/receipts.py",
        "return SaleRef(source=till.store, external_id=one.receipt, kind=one.kind)",
        "return SaleRef(source=till.store, external_id=one.receipt)",
        "checks.till_desk_a_visit_and_a_purchase_of_one_number_are_told_apart",
    ),
    Bug(
        "a visit of nobody becomes a member's purchase",
        "flows/tills/credit_late.py",
        'if sale is None or sale.activity.kind != "purchase":',
        "if sale is None:",
        "checks.till_desk_a_visit_and_a_purchase_of_one_number_are_told_apart",
    ),
    Bug(
        "a manager's PIN is asked of nobody",
        "engine/rewarding/counter/proving.py",
        "if most is not None and units_ > most",
        "if False and units_ > most",
        "checks.till_desk_a_reward_above_the_limit_needs_a_manager",
    ),
    Bug(
        "whoever has a PIN is a manager",
        "surfaces/till/sync/cashiers.py",
        "    if not permits(found.role, Permission.ADJUST_APPROVE):\n",
        "    if False:\n",
        "checks.till_desk_a_reward_above_the_limit_needs_a_manager",
    ),
    Bug(
        "a square of the till opens a card twice",
        "flows/access/use_codes.py",
        "        self._turn(replace(code, used_at=self._now))\n",
        "",
        "checks.till_desk_a_square_opens_a_card_once_and_not_for_long",
    ),
    Bug(
        "a square of the till is good for as long as a letter",
        "records/access/members/types.py",
        "            return TILL_LASTS",
        "            return LINK_LASTS",
        "checks.till_desk_a_square_opens_a_card_once_and_not_for_long",
    ),
    Bug(
        "a till is told all that is known of a member",
        "surfaces/till/sync/counted.py",
        "        told = _told(known.get(name), questions)",
        "        told = known.get(name)",
        "checks.till_told_a_till_is_told_what_rules_ask_for_and_no_more",
    ),
    Bug(
        "what was used yesterday is told as today's",
        "surfaces/till/sync/counted.py",
        "else here - 1",
        "else 0",
        "checks.till_told_a_till_is_told_what_rules_ask_for_and_no_more",
    ),
    Bug(
        "a return by the number of the store waits where its purchase never comes",
        _APPLYING,
        '        return UnknownSale("no purchase has',
        '        return ask or UnknownSale("no purchase has',
        "checks.till_desk_cut_off_a_receipt_is_named_by_its_store",
    ),
    Bug(
        "a return that was set aside is never tried again",
        "records/tills/read.py",
        "kind in ('credit', 'void')",
        "kind = 'credit'",
        "checks.till_desk_cut_off_a_receipt_is_named_by_its_store",
    ),
    Bug(
        "a birthday is greeted for a week",
        "surfaces/till/counter/greeting.py",
        "near_anniversary(born, today.toordinal(), 0, 0)",
        "near_anniversary(born, today.toordinal(), 3, 3)",
        "checks.till_greeted_born_on_a_day_that_most_years_do_not_have",
    ),
    Bug(
        "a till changes what is booked in another store",
        _DAY,
        'found.store not in ("", till.store)',
        "False",
        "checks.till_day_what_is_booked_elsewhere_is_seen_and_left_alone",
    ),
    Bug(
        "a till cancels whatever was promised",
        _DAY,
        "UndoUse(id_, asked)",
        "UndoUse(id_, asked, late=True)",
        "checks.till_day_too_late_it_is_neither_cancelled_nor_moved",
    ),
    Bug(
        "who comes is said on any day",
        _KEEPING,
        "    if local(zone, used.included.booked.from_at).day != local(zone, now).day:\n",
        "    if False:\n",
        "checks.till_day_who_came_is_said_on_the_day_and_taken_back_by_nobody_came",
    ),
    Bug(
        "who comes, comes again and again",
        _KEEPING,
        "    if used.came_at is None:\n",
        "    if True:\n",
        "checks.till_day_who_came_is_said_on_the_day_and_taken_back_by_nobody_came",
    ),
    Bug(
        "what is not included is handed over at the till",
        _DAY,
        "if answer.no is None and (booked or answer.left is not None):",
        "if answer.left is not None or booked:",
        "checks.till_day_a_gift_is_handed_over_once",
    ),
)  # fmt: skip


def _counter(shop: Any) -> Any:
    from tests.surfaces.counter import Counter

    from regulars.records.program.templates import load_template

    shop.begin(load_template("coffee-shop"), slug=f"tills-{os.getpid()}")
    return Counter(shop)


def _run(module: str, name: str, *more: Any) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from importlib import import_module

        tests = import_module(f"tests.surfaces.tills.{module}")
        counter = _counter(shop)
        getattr(tests, f"test_{name}")(counter, *more)
        shop.run(counter.client.aclose())

    return check


def _day(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        from tests.surfaces.counter import Counter
        from tests.surfaces.tills import test_day as tests
        from tests.surfaces.tills.device import Device

        slug = f"day-{os.getpid()}"
        shop.begin(tests.source(slug), slug=slug)
        shop.at("2026-07-06T12:00")
        counter = Counter(shop)
        getattr(tests, f"test_{name}")(counter, Device(counter))
        shop.run(counter.client.aclose())

    return check


def _plain(module: str, name: str) -> Callable[[Any], None]:
    def check(_: Any) -> None:
        from importlib import import_module

        getattr(import_module(f"tests.surfaces.tills.{module}"), f"test_{name}")()

    return check


def _cut(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        from tests.surfaces.counter import Counter
        from tests.surfaces.tills import test_cut_off as tests

        from regulars.runtime.serving.gate import Gate
        from regulars.runtime.serving.programs import Programs

        gate = tests.CutGate(Gate(shop.database, Programs(shop.database), width=3))
        counter = Counter(shop, gate=gate)
        tests.PREFIX = f"cut-{os.getpid()}"
        getattr(tests, f"test_{name}")((counter, gate))
        shop.run(counter.client.aclose())

    return check


def _of(name: str) -> Callable[[Any], None]:
    what, _, rest = name.partition("_")
    made = {
        "kept": lambda: _run("test_reserved", rest),
        "cut": lambda: _cut(rest),
        "by": lambda: _run("test_cashiers", rest),
        "odd": lambda: _run("test_hostile", rest),
        "told": lambda: _plain("test_counted", rest),
        "greeted": lambda: _plain("test_day", rest),
        "day": lambda: _day(rest),
        "desk": lambda: _run("test_counter", rest),
    }
    return made[what]() if what in made else _run("test_handing_in", name)


_NAMES = {bug.check.removeprefix("checks.till_") for bug in TILLS} - {"late", "turned", "off"}
ALONE: Final = {f"till_{name}": _of(name) for name in _NAMES} | {
    "till_late": _run(
        "test_reserved",
        "handed_over_and_told_too_late_it_is_taken_where_it_can_be",
        False,
    ),
    "till_turned": _run(
        "test_handing_in", "a_clock_that_was_turned_is_not_believed", 525_600, "clock_ahead"
    ),
    "till_off": _run("test_handing_in", "a_clock_that_is_off_is_put_right", 365, 365),
}
