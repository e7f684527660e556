"""Bugs about staff; and the tests of each as the checks that notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

from tests.planted.bug import Bug

_HANDS = "flows/access/by_hand.py"
_OWN = "flows/access/own.py"
_KEEPS = "flows/access/keep_staff.py"
_COMES = "flows/access/keep_sessions.py"
_BEGINS = "flows/access/beginning.py"
_KEYS = "flows/access/keep_passkeys.py"
_ROWS = "records/access/staff/write.py"
_WATCH = "records/access/watching/write.py"
_GUARD = "surfaces/console/door/guard.py"
_COMING = "surfaces/ui/coming.py"
_PROVES = "surfaces/console/door/proving.py"
_ROUNDS = "surfaces/console/people/many/choosing.py"
STAFF = (
    Bug(
        "staff credit themselves by their own number",
        _OWN,
        "        if any(stands.get(owners[item.place]) in own.get(one, ()) for one in who):",
        "        if False:",
        "checks.staff_hand_nobody_credits_or_redeems_for_themselves",
    ),
    Bug(
        "a key names somebody who credits themselves",
        _OWN,
        'staff_of(getattr(command, "actor", ""))',
        'staff_of("")',
        "checks.staff_self_a_key_that_names_somebody_of_the_shop_does_nothing_for_them",
    ),
    Bug(
        "staff use their own code at the till",
        "flows/points/codes/use_codes.py",
        "    await refuse_own(tx, terms, fresh, whose)\n",
        "",
        "checks.staff_self_nobody_uses_their_own_code_or_makes_one_for_themselves",
    ),
    Bug(
        "staff make themselves a code",
        "flows/points/codes/issue_codes.py",
        "    who = acting(command) if command.members else frozenset()\n",
        "    who: frozenset[UUID] = frozenset()\n",
        "checks.staff_self_nobody_uses_their_own_code_or_makes_one_for_themselves",
    ),
    Bug(
        "who grants a round has their part of it",
        _HANDS,
        "if one.decided_by is not None and member_id in self.own.get(one.decided_by, ()):",
        "if False:",
        "checks.staff_self_a_round_gives_nothing_to_who_began_or_granted_it",
    ),
    Bug(
        "a round books more than it says",
        _HANDS,
        "if meant != (by, command.wallet, command.units, member_id, True):",
        "if False:",
        "checks.staff_self_nobody_grants_their_own_round_and_one_books_only_what_it_says",
    ),
    Bug(
        "a budget in money counts each wallet alone",
        _HANDS,
        "if b.staff_id == one.staff_id and b.month_on == self.month_on",
        "if b.wallet == 'none'",
        "checks.staff_self_a_budget_in_money_counts_all_wallets_together",
    ),
    Bug(
        "who types in sales is compared with nobody",
        _WATCH,
        " and f.typed * f.other_sales > 2 * f.other_typed * f.sales",
        "",
        "checks.staff_watch_who_types_in_sales_without_receipts_as_nobody_else_does_is_told_of",
    ),
    Bug(
        "somebody names another member as themselves",
        _KEEPS,
        "if own and named:",
        "if False and named:",
        "checks.staff_hand_who_somebody_is_as_a_member_is_said_once_by_themselves",
    ),
    Bug(
        "a membership that is known by one's address is nobody's",
        _OWN,
        "    refs += [(one.staff_id, MemberRef(email=one.email)) for one in staff if one.email]\n",
        "",
        "checks.staff_hand_somebodys_address_tells_that_a_membership_is_theirs",
    ),
    Bug(
        "a budget may be passed by the last gift",
        _HANDS,
        "if command.units > left:",
        "if left <= 0 < command.units:",
        "checks.staff_hand_a_months_budget_is_spent_to_the_point_and_begins_anew",
    ),
    Bug(
        "two give of one budget at once",
        _WATCH,
        "        await tx.fetch(_HOLD_BUDGET, tx.program_id, named)\n",
        "        assert named\n",
        "checks.staff_hand_many_at_once_never_overshoot_a_budget",
    ),
    Bug(
        "taking is not limited",
        _HANDS,
        "if abs(command.units) > limit:",
        "if command.units > limit:",
        "checks.staff_limit_taking",
    ),
    Bug(
        "somebody grants their own request",
        _HANDS,
        "if request.asked_by == one.staff_id:",
        "if False:",
        "checks.staff_hand_nobody_grants_or_rejects_what_they_asked_for",
    ),
    Bug(
        "a request is granted twice",
        _HANDS,
        'if request.state != "waiting":',
        "if False:",
        "checks.staff_hand_somebody_else_grants_what_is_above_the_limit_exactly_once",
    ),
    Bug(
        "a manager takes on owners",
        "records/access/staff/permissions.py",
        'return other == "cashier" and permits(role, Permission.CASHIERS_WRITE)',
        "return permits(role, Permission.CASHIERS_WRITE)",
        "checks.staff_keep_a_manager_keeps_cashiers_of_their_own_stores_and_nobody_else",
    ),
    Bug(
        "a manager keeps staff of other stores",
        _BEGINS,
        "if not may_keep(keeper.role, role) or not inside:",
        "if not may_keep(keeper.role, role):",
        "checks.staff_keep_a_manager_keeps_cashiers_of_their_own_stores_and_nobody_else",
    ),
    Bug(
        "the last owner goes",
        _KEEPS,
        "return one.is_active and not others",
        "return False",
        "checks.staff_keep_the_last_owner_stays",
    ),
    Bug(
        "a link works again",
        _ROWS,
        "link_hash = $2::bytea and used_at is null\n   and ends_at > $3::timestamptz\nreturning",
        "link_hash = $2::bytea\n   and ends_at > $3::timestamptz\nreturning",
        "checks.staff_keep_a_link_works_once_and_not_after_a_day",
    ),
    Bug(
        "another session goes on under a new role",
        _KEEPS,
        "    if widens or after.email != before.email:",
        "    if after.email != before.email:",
        "checks.staff_web_who_is_closed_or_changes_role_is_out_at_once",
    ),
    Bug(
        "a form needs no token",
        _GUARD,
        "if not from_our_page(request) or not token or not is_form_token(sent, token):",
        "if not from_our_page(request) or not token:",
        "checks.staff_web_every_form_is_refused_without_its_token_or_from_elsewhere",
    ),
    Bug(
        "a form may come from anywhere",
        _COMING,
        'return site in ("same-origin", "none") and (not origin or origin == origin_of(request))',
        'return site != ""',
        "checks.staff_web_every_form_is_refused_without_its_token_or_from_elsewhere",
    ),
    Bug(
        "the session a browser had goes on",
        _BEGINS,
        "    if session.instead_of:\n",
        "    if False:\n",
        "checks.staff_web_signing_in_again_ends_the_session_this_browser_had",
    ),
    Bug(
        "a session keeps the token the browser came with",
        _PROVES,
        "    token = make_token(program_id, given.random_bytes(SECRET_BYTES))\n",
        "    token = typed.token\n",
        "checks.staff_web_a_token_that_was_planted_before_opens_nothing_afterwards",
    ),
    Bug(
        "an unknown address is answered at once",
        _PROVES,
        "    right = await house.prover.right(typed.password, kept)\n",
        "    right = bool(kept) and await house.prover.right(typed.password, kept)\n",
        "checks.staff_web_an_unknown_address_takes_as_long_as_a_wrong_password",
    ),
    Bug(
        "tries are counted and nobody minds",
        _COMES,
        "if one.tries > MOST_TRIES[kind]:",
        "if one.tries > 10**9:",
        "checks.staff_web_a_pin_takes_over_a_till_of_ones_own_store_and_is_tried_six_times",
    ),
    Bug(
        "a session lasts as long as it is used",
        "records/access/staff/types.py",
        "return self.ended_at is None and now < self.ends_at and now < idle_until",
        "return self.ended_at is None and now < idle_until",
        "checks.staff_web_a_session_ends_by_itself",
    ),
    Bug(
        "an answer of a passkey is taken again",
        _KEYS,
        "if asked != (None,) or known is None",
        "if known is None",
        "checks.staff_key_an_answer_is_taken_once",
    ),
    Bug(
        "whoever finds a console open adds a passkey of their own",
        "surfaces/console/door/passkeys.py",
        "    if isinstance(proved, Refused):\n        return _not_them(request, proved)\n",
        "",
        "checks.staff_key_a_passkey_is_added_by_who_knows_the_password_alone",
    ),
    Bug(
        "a stranger's passkey outlives the password that was set anew",
        _KEEPS,
        '        *write.end_passkeys(tx, found.staff_id, "another password by a link"),\n',
        "",
        "checks.staff_key_a_password_that_is_set_anew_by_a_link_ends_every_passkey",
    ),
    Bug(
        "anybody who keeps somebody ends everybody's passkeys",
        _KEYS,
        "        await check_keeps(tx, one.by, staff)\n",
        "        pass\n",
        "checks.staff_key_an_owner_ends_a_passkey_of_a_colleague_and_a_cashier_does_not",
    ),
    Bug(
        "a copied passkey goes on",
        _ROWS,
        "   and ($3::bigint > uses or ($3::bigint = 0 and uses = 0))\n",
        "   and $3::bigint >= 0\n",
        "checks.staff_key_a_copied_passkey_opens_nothing_any_more",
    ),
    Bug(
        "two rounds begun together pass limit and budget",
        "flows/membership/office/keep_rounds.py",
        "given[each.wallet] = given.get(each.wallet, 0) + max(0, each.rest)",
        "given[each.wallet] = given.get(each.wallet, 0)",
        "checks.staff_self_what_a_round_has_still_to_book_counts_for_the_next_one",
    ),
    Bug(
        "what was booked when the worker was killed is not counted",
        "flows/membership/office/keep_rounds.py",
        "        if booked:\n",
        "        if False:\n",
        "checks.staff_self_what_was_booked_before_a_round_was_stopped_is_counted",
    ),
    Bug(
        "the last stretch says when a round was stopped",
        "records/access/office/write.py",
        "ended_at = case when state = 'going' and ",
        "ended_at = case when ",
        "checks.staff_self_the_last_stretch_of_a_stopped_round_leaves_when_it_was_stopped",
    ),
    Bug(
        "a slip in a field gives points to everybody",
        _ROUNDS,
        "    if said.wrong:  # a slip would be everybody\n",
        "    if False:\n",
        "checks.staff_look_a_slip_in_a_field_finds_nobody_and_nobody_is_given_anything",
    ),
    Bug(
        "an alert is raised every minute",
        _WATCH,
        "                      and a.subject = f.member_id::text and a.place = f.store\n"
        "                      and a.raised_at > f.began_at)\n    on conflict do nothing",
        "                      and a.subject = f.member_id::text and a.place = f.store\n"
        "                      and a.raised_at < f.began_at)\n",
        "checks.staff_watch_who_earns_again_and_again_in_one_store_is_told_of_once",
    ),
)
_FILES: Final = {
    "hand": "tests.flows.members.staff.test_by_hand",
    "keep": "tests.flows.members.staff.test_keep_staff",
    "self": "tests.flows.members.staff.test_for_oneself",
    "watch": "tests.flows.members.staff.test_alerts",
    "web": "tests.surfaces.console.test_coming_in",
    "key": "tests.surfaces.console.test_passkeys",
    "look": "tests.surfaces.console.people.test_looking",
}


def _check(name: str) -> Callable[[Any], None]:
    kind, _, rest = name.partition("_")

    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from regulars.records.program.templates import load_template

        shop.begin(load_template("coffee-shop"), slug=f"staff-{os.getpid()}")
        if kind in ("web", "key", "look"):
            from tests.surfaces.counter import Counter

            counter = Counter(shop)
            getattr(import_module(_FILES[kind]), f"test_{rest}")(counter)
            shop.run(counter.client.aclose())
        elif kind == "limit":
            import_module(_FILES["hand"]).test_beyond_the_limit_nothing_is_written(
                shop, -501, "support"
            )
        else:
            getattr(import_module(_FILES[kind]), f"test_{rest}")(shop)

    return check


_NAMES = {bug.check.removeprefix("checks.staff_") for bug in STAFF}
ALONE: Final = {f"staff_{name}": _check(name) for name in _NAMES}
