"""Bugs about partners; and the tests of each as the checks that notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from tests.planted.bug import Bug

_ACCOUNT = "engine/rewarding/partnering/account.py"
_ACCOUNTS = "flows/points/partners/accounts.py"
_BOOKING = "flows/points/partners/book_activities.py"
_API = "surfaces/api/operations/rewarding/partners.py"
_BOUND = "checks.partner_http_a_key_of_one_partner_tells_for_it_and_knows_of_no_other"
_MATCHING = "flows/points/partners/matching.py"
_SETTLING = "flows/points/partners/settle_accounts.py"
_ANSWERING = "flows/points/partners/answer_lines.py"
_SOLD = "checks.partner_feeds_sold_"
_SETTLED = "checks.partner_feeds_settled_"
_CLAIMING = "flows/points/partners/claim_activities.py"
_ENDS = "checks.partner_ends_"
PARTNERS = (
    Bug(
        "a contract that ended early goes on",
        "records/rewards/partners/read.py",
        "least(c.until_at, e.ends_at) as until_at",
        "c.until_at as until_at",
        f"{_ENDS}what_was_sold_before_is_booked_whenever_it_is_told_and_nothing_after",
    ),
    Bug(
        "a contract ends where something was sold since",
        "flows/points/partners/end_contracts.py",
        "(ends_at < tx.now,",
        "(ends_at < found.from_at,",
        f"{_ENDS}an_end_is_said_once_for_what_is_to_come",
    ),
    Bug(
        "prices are cut",
        _ACCOUNT,
        "(2 * contract.price_minor * units + contract.per_units) // (2 * contract.per_units)",
        "contract.price_minor * units // contract.per_units",
        "checks.partner_an_activity_gives_miles_to_the_member_and_its_price_to_the_account",
    ),
    Bug(
        "a pack may be overdrawn",
        _ACCOUNT,
        "        if after < 0:",
        "        if balance < 0:",
        "checks.partner_a_pack_that_is_used_up_gives_no_more",
    ),
    Bug(
        "a limit is looked at before the price",
        _ACCOUNT,
        "elif after < -contract.limit_minor:",
        "elif balance < -contract.limit_minor:",
        "checks.partner_a_limit_is_never_passed_not_even_by_two_at_once",
    ),
    Bug(
        "accounts are not locked",
        "records/rewards/partners/read.py",
        "    for id_ in sorted(set(partner_ids)):",
        "    for id_ in []:",
        "checks.partner_a_limit_is_never_passed_not_even_by_two_at_once",
    ),
    Bug(
        "a contract that is over still counts",
        "records/rewards/partners/types.py",
        "(self.until_at is None or at < self.until_at)",
        "(self.until_at is None or at >= self.from_at)",
        "checks.partner_the_contract_that_was_in_force_counts",
    ),
    Bug(
        "nobody looks how long before they joined it was",
        _ACCOUNT,
        "if days_after(zone, at, contract.look_back_days) >= joined_at:",
        "if at >= at:",
        "checks.partner_before_somebody_joined_counts_as_far_as_is_looked_back",
    ),
    Bug(
        "parts that come back are cut each by itself",
        _ACCOUNT,
        "return amount * (gone + units) // whole - back",
        "return amount * units // whole",
        "checks.partner_what_comes_back_takes_its_price_back_as_it_was_booked",
    ),
    Bug(
        "a return gives back what was spent",
        _BOOKING,
        "moved = -min(units, _there(work, line, gone, state))",
        "moved = -units",
        "checks.partner_of_what_was_spent_only_what_is_there_goes_back_and_the_price_all_the_same",
    ),
    Bug(
        "a claim is granted beside what the partner told",
        _MATCHING,
        "        self.work.decided.append(decision)",
        "        pass",
        "checks.partner_what_the_partner_told_meanwhile_is_not_booked_by_a_claim_too",
    ),
    Bug(
        "a claim that was granted stands for everything like it",
        _MATCHING,
        "or claim.claim_id in self.matched:",
        "or not claim.claim_id:",
        "checks.partner_meeting_what_was_granted_is_not_booked_by_another_number_too",
    ),
    Bug(
        "a claim whose line came back still stands for what is told",
        _MATCHING,
        "if back or decision.entry_id in self.gone:",
        "if back:",
        "checks.partner_meeting_what_came_back_of_a_claim_swallows_nothing_that_is_told_later",
    ),
    Bug(
        "what was claimed is booked under the partner's number, too",
        _MATCHING,
        "if line is not None and self._meets(claim, told):",
        "if line is None and self._meets(claim, told):",
        "checks.partner_meeting_what_was_granted_is_not_booked_by_another_number_too",
    ),
    Bug(
        "days are not looked at where numbers differ",
        "engine/rewarding/partnering/claims.py",
        "return days > 0 and same and apart <= timedelta(days=days)",
        "return days > 0 and same",
        "checks.partner_meeting_other_units_and_other_days_are_another_activity",
    ),
    Bug(
        "what was told is claimed once more",
        _CLAIMING,
        "if isinstance(claim, Claim) and _is_there(work, claim, had):",
        "if isinstance(claim, Claim) and not claim.units:",
        "checks.partner_meeting_what_was_told_before_is_not_claimed_by_another_number",
    ),
    Bug(
        "a claim never lapses",
        "records/rewards/partners/types.py",
        'return "open" if now < claim.decide_by else "lapsed"',
        'return "open"',
        "checks.partner_a_claim_is_too_early_too_late_or_lapses_by_the_clock",
    ),
    Bug(
        "a granted dispute gives back what came back already",
        _CLAIMING,
        "    amount = share_back(disputed, gone, units)\n",
        "    amount = abs(disputed.amount_minor)\n",
        "checks.partner_a_dispute_that_is_granted_gives_the_price_back_and_leaves_the_member",
    ),
    Bug(
        "points move to the erased",
        _BOOKING,
        'if state.state == "erased":',
        "if False:",
        "checks.partner_of_the_erased_no_points_move_and_the_price_goes_back_all_the_same",
    ),
    Bug(
        "what was decided in the same batch is decided again",
        _CLAIMING,
        "    quarrel.before[command.about_id] = decision\n",
        "",
        "checks.partner_what_is_decided_in_one_batch_is_decided_once_and_sees_what_was_booked",
    ),
    Bug(
        "every page of a statement begins anew",
        "records/rewards/partners/read.py",
        "           and step > $5 and step <= $6",
        "           and $5::int >= 0 and step <= $6",
        "checks.partner_a_statement_by_pages_is_the_same_statement",
    ),
    Bug(
        "days to claim have 24 hours",
        "engine/rewarding/partnering/claims.py",
        'return add_span(zone, at, f"{days} days") if days else at',
        "return at.fromtimestamp(at.timestamp() + 86_400 * days, at.tzinfo)",
        "story a-flight-nobody-told-of",
    ),
    Bug(
        "claims that lapsed are listed as waiting",
        "records/rewards/partners/read.py",
        "    begin = after or (tx.now, UUID(int=0))\n"
        "    rows = await tx.fetch(_OPEN, tx.program_id, tx.now, *begin,",
        "    begin = after or (tx.now.replace(year=2000), UUID(int=0))\n"
        "    rows = await tx.fetch(_OPEN, tx.program_id, tx.now.replace(year=2000), *begin,",
        "checks.partner_claims_that_wait_are_listed_until_they_are_decided_or_lapse",
    ),
    Bug(
        "claims that were decided are listed as waiting",
        "records/rewards/partners/read.py",
        "where d.program_id = c.program_id and d.about_id = c.claim_id)",
        "where d.program_id = c.program_id and false)",
        "checks.partner_claims_that_wait_are_listed_until_they_are_decided_or_lapse",
    ),
    Bug(
        "what lapsed is taken from other points when it comes back",
        _BOOKING,
        "own = line.moved - lapsed + sum(one.moved for one in gone)",
        "own = line.moved + sum(one.moved for one in gone)",
        "checks.partner_again_what_lapsed_is_not_taken_from_other_points_when_it_comes_back",
    ),
    Bug(
        "a second return takes what the first one took",
        _BOOKING,
        "own = line.moved - lapsed + sum(one.moved for one in gone)",
        "own = line.moved - lapsed",
        "checks.partner_again_what_lapsed_is_not_taken_from_other_points_when_it_comes_back",
    ),
    Bug(
        "two who keep the same partner at once keep two",
        "flows/points/partners/keep_partners.py",
        "    await read.hold_names(tx, [item.command.slug for item in todo])\n",
        "",
        "checks.partner_again_two_who_keep_the_same_new_partner_at_once_keep_one",
    ),
    Bug(
        "a claim that was rejected bars everybody",
        _CLAIMING,
        'if state in ("open", "granted"):',
        'if state in ("open", "granted", "rejected"):',
        "checks.partner_again_a_claim_of_somebody_else_that_was_rejected_takes_nothing",
    ),
    Bug(
        "who was rejected claims it again and again",
        _CLAIMING,
        "return barred is None or member_id in barred",
        "return barred is None",
        "checks.partner_again_a_claim_of_somebody_else_that_was_rejected_takes_nothing",
    ),
    Bug(
        "a merge forgets who was rejected",
        _CLAIMING,
        "barred.add(into.get(one.member_id, one.member_id))",
        "barred.add(one.member_id)",
        "checks.partner_again_who_was_rejected_does_not_claim_it_again_as_whom_they_stand",
    ),
    Bug(
        "a claim nobody decided bars everybody",
        _CLAIMING,
        'if state in ("open", "granted"):',
        'if state in ("open", "granted", "lapsed"):',
        "checks.partner_again_what_nobody_decided_in_time_may_be_claimed_anew",
    ),
    Bug(
        "a blank makes another activity of it",
        _ACCOUNTS,
        "if number != number.strip():",
        "if False:",
        "checks.partner_again_a_number_is_told_as_it_is_written",
    ),
    Bug(
        "the key of a partner opens the accounts of all",
        "surfaces/api/access.py",
        "return partners_of(self.scopes) or None if every.isdisjoint(self.scopes) else None",
        "return None",
        _BOUND,
    ),
    Bug(
        "a partner takes back what another one told",
        _API,
        "    if mine is not None and slug not in mine:",
        "    if False:",
        _BOUND,
    ),
    Bug(
        "a partner sees claims and disputes lines of another one",
        _API,
        "if all(one.partner_id != partner_id for one in known.values()):",
        "if False:",
        _BOUND,
    ),
    Bug(
        "a partner sees who else is one",
        _API,
        "None if mine is None else sorted(mine)",
        "None",
        _BOUND,
    ),
    Bug(
        "the key of a partner makes one for all of them",
        "records/access/types.py",
        "return not had.isdisjoint({Scope.ALL, needed, whole})",
        "return bool(partners_of(had)) or not had.isdisjoint({Scope.ALL, needed, whole})",
        "checks.partner_http_a_key_of_one_partner_makes_none_for_another_or_for_all",
    ),
    Bug(
        "numbers are not looked at",
        "engine/rewarding/partnering/numbers.py",
        "return total % 10 == 0",
        "return total >= 0",
        _SOLD + "what_does_not_count_is_kept_with_the_field_that_failed",
    ),
    Bug(
        "names of a feed are not compared",
        "surfaces/connect/inlets/places/partners.py",
        'name=short(f"{name(root)} {family(root)}".strip(), place_of(one.name)),',
        'name="Ada Sen",',
        _SOLD + "what_does_not_count_is_kept_with_the_field_that_failed",
    ),
    Bug(
        "a sale of our own till counts beside the partner's",
        _BOOKING,
        "item.keys += [",
        "_ = [",
        _SOLD + "a_sale_our_own_till_told_counts_once_whoever_is_first",
    ),
    Bug(
        "a refusal says no field",
        "flows/points/partners/told_in_events.py",
        'field = one.places.get(_FIELDS.get(outcome.code, ""), "")',
        'field = ""',
        _SOLD + "what_does_not_count_is_kept_with_the_field_that_failed",
    ),
    Bug(
        "bodies of partners outlive an erasure",
        "records/inlets/write.py",
        "where p.program_id = $1::int and p.member_id = any($4::uuid[])",
        "where p.program_id = $1::int and p.member_id = any($4::uuid[]) and false",
        _SOLD + "who_is_erased_is_in_no_event_of_a_partner_any_more",
    ),
    Bug(
        "a return that comes before its sale is refused",
        "flows/points/partners/told_in_events.py",
        "now >= arrival.received_at + SALE_WITHIN:",
        "now >= arrival.received_at:",
        _SOLD + "a_return_waits_for_its_sale_for_some_days",
    ),
    Bug(
        "a settlement begins at nothing",
        _SETTLING,
        "after = 0 if last is None else last.to_step",
        "after = 0",
        _SETTLED + "each_line_is_in_one_settlement_and_the_sums_add_up",
    ),
    Bug(
        "a day is settled that is not over",
        _SETTLING,
        "if until > tx.now:",
        "if until < tx.now and False:",
        _SETTLED + "each_line_is_in_one_settlement_and_the_sums_add_up",
    ),
    Bug(
        "another amount is accepted",
        _ANSWERING,
        "command.amount_minor != line.amount_minor:",
        "command.amount_minor == line.units:",
        _SETTLED + "what_a_partner_answers_is_held_against_the_lines",
    ),
    Bug(
        "a disputed line has no dispute",
        _ANSWERING,
        "        there.opened.append(dispute)",
        "        pass",
        _SETTLED + "an_answer_file_is_reconciled_row_by_row",
    ),
    Bug(
        "a line under dispute is accepted",
        _ANSWERING,
        'said.answer == "accepted" and dispute is not None:',
        'said.answer == "accepted" and dispute is line:',
        _SETTLED + "a_line_under_dispute_is_not_accepted",
    ),
    Bug(
        "totals leave out what came back",
        "surfaces/connect/extracts/settlements/files.py",
        "was.units + line.units",
        "was.units",
        _SETTLED + "the_files_say_the_same_and_the_totals_prove_them",
    ),
    Bug(
        "what is there is not counted",
        "flows/points/partners/keep_settlement_plans.py",
        "number = before.put_number if lowered else max(before.put_number, one.number)",
        "number = before.put_number",
        _SETTLED + "settlements_are_put_there_each_month_whole",
    ),
    Bug(
        "a statement begins at nothing",
        "engine/rewarding/partnering/statement.py",
        "opening = 0 if before is None else before.balance_minor",
        "opening = 0",
        "checks.partner_a_statement_adds_up_and_ends_where_the_next_begins",
    ),
)


def _partner(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from tests.flows.plans import test_partners as tests

        shop.begin(tests.SKY, slug=f"sky-{os.getpid()}")
        getattr(tests, f"test_{name}")(tests.met(shop))

    return check


def _ends(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        from tests.flows.plans import test_contract_ends as tests

        shop.begin(tests.SKY, slug=f"sky-{os.getpid()}")
        getattr(tests, f"test_{name}")(tests.met(shop))

    return check


def _again(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        from tests.flows.plans import test_partners_again as tests

        shop.begin(tests.LAPSING, slug=f"sky-again-{os.getpid()}")
        run = getattr(tests, f"test_{name}")
        run(tests.met(shop), *((True,) if "lapsed" in name else ()))

    return check


def _meeting(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        from tests.flows.plans import test_partners_meeting as tests

        shop.begin(tests.SKY, slug=f"sky-meeting-{os.getpid()}")
        getattr(tests, f"test_{name}")(tests.meeting(shop))

    return check


def _http(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        from tests.flows.plans.test_partners import SKY
        from tests.surfaces.counter import Counter
        from tests.surfaces.money import test_partner_accounts as tests

        shop.begin(SKY, slug=f"sky-http-{os.getpid()}")
        counter = tests.met(Counter(shop))
        getattr(tests, f"test_{name}")(counter)
        shop.run(counter.client.aclose())

    return check


_NAMES = {
    bug.check.removeprefix("checks.partner_") for bug in PARTNERS if bug.check[:6] == "checks"
}


def _feeds(name: str) -> Callable[[Any], None]:
    """Of a feed, or of a settlement."""
    about, _, test = name.partition("_")

    def check(shop: Any) -> None:
        from tempfile import mkdtemp

        from tests.surfaces.connect.feeds.partners import (
            agency,
            served,
            test_feeds,
            test_settlements,
        )

        from regulars.records.program.templates import load_template

        shop.begin(load_template("airline"), slug=f"sky-feeds-{os.getpid()}")
        counter = served.served(shop, Path(mkdtemp()), Path(mkdtemp()))
        told = agency.Agency(counter)
        if about == "sold":
            getattr(test_feeds, f"test_{test}")(told)
        else:
            getattr(test_settlements, f"test_{test}")(test_settlements.trading(told))
        shop.run(counter.client.aclose())

    return check


_MADE: Final = {"ends": _ends, "again": _again, "http": _http, "meeting": _meeting, "feeds": _feeds}


def _check(name: str) -> Callable[[Any], None]:
    kind, _, rest = name.partition("_")
    return _MADE[kind](rest) if kind in _MADE else _partner(name)


ALONE: Final = {f"partner_{name}": _check(name) for name in _NAMES}
