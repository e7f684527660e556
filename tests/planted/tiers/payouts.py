"""Bugs in paying out; and the tests of each as the checks that notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final

from tests.planted.bug import Bug
from tests.planted.tiers.bugs import _opens

_DUE = "engine/rewarding/cashback/due.py"
_FILE = "engine/rewarding/cashback/bank_file.py"
_RUN = "flows/points/payouts/run_payouts.py"
_BACK = "flows/points/payouts/return_payouts.py"
_IBAN = "records/rewards/payouts/iban.py"
PAYOUTS = (
    Bug(
        "who is due nothing takes somebody's place",
        _RUN,
        "while more and len(paid.payouts) < most:",
        "while more and after is None:",
        "checks.payout_who_may_take_out_nothing_takes_nobodys_place",
    ),
    Bug(
        "less than the minimum is paid out",
        _DUE,
        "there < minimum_of(version)",
        "there <= 0",
        "checks.payout_what_is_due_is_asked_again_under_the_lock",
    ),
    Bug(
        "the same run again is another run",
        _RUN,
        'return natural_key("payouts", command.reference, "payout_run")',
        "return None",
        "checks.payout_the_same_run_asked_again_is_one_run",
    ),
    Bug(
        "a spoilt account is paid to",
        "records/rewards/payouts/write.py",
        "update bank_account set usable = false",
        "update bank_account set usable = true",
        "checks.payout_an_account_that_sent_money_back_is_not_used_until_it_is_said_anew",
    ),
    Bug(
        "what came back is booked as often as it is told",
        _BACK,
        "if payout.redemption_id in work.returned:",
        "if False:",
        "checks.payout_what_came_back_is_in_the_wallet_again_once",
    ),
    Bug(
        "the account that was told since is spoilt",
        "records/rewards/payouts/write.py",
        "and bank_account.iban = s.iban",
        "and s.iban is not null",
        "checks.payout_an_account_told_since_stays_usable_when_the_old_one_sends_money_back",
    ),
    Bug(
        "the control sum forgets a transfer",
        _FILE,
        "sum(one.amount_minor for one in sent)",
        "sum(one.amount_minor for one in sent[1:])",
        "checks.payout_the_file_is_what_the_standard_says_and_adds_up",
    ),
    Bug(
        "the file has the time it is made at",
        _FILE,
        '_say(head, "MsgId", run.run_id.hex)',
        '_say(head, "MsgId", f"{id(document):x}")',
        "checks.payout_the_file_is_what_the_standard_says_and_adds_up",
    ),
    Bug(
        "check digits are not looked at",
        _IBAN,
        "% 97 != 1",
        "% 97 == 98",
        "checks.payout_any_two_signs_changed_over_are_noticed",
    ),
    Bug(
        "an erased member is in the file",
        _FILE,
        "[one for one in payouts if one.iban]",
        "list(payouts)",
        "checks.payout_an_erasure_takes_the_account_everywhere_and_the_file_goes_on_without",
    ),
    Bug(
        "the account of who was merged comes up again",
        "records/rewards/payouts/write.py",
        "where a.program_id = $1::int and a.into_id = any($2::uuid[])))",
        "where false))",
        "checks.payout_who_was_merged_is_paid_to_the_account_of_who_stays",
    ),
    Bug(
        "what went to a bank pays for a sale",
        "engine/returning/payments.py",
        'if redemption.promised.kind == "payout":',
        "if False:",
        "checks.payout_what_went_to_a_bank_pays_for_no_sale",
    ),
)


def _payout(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from tests.flows.plans import test_payouts as tests

        test = getattr(tests, f"test_{name}")
        if "open_shop" in test.__code__.co_varnames:
            test(_opens(shop))
            return
        shop.begin(tests.CASH, slug=f"cash-{os.getpid()}")
        test(tests.met(shop))

    return check


_NAMES = {bug.check.removeprefix("checks.payout_") for bug in PAYOUTS}
ALONE: Final = {f"payout_{name}": _payout(name) for name in _NAMES}
