"""Bugs of the pages about partners in the console; and the tests of each as their checks."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from tests.planted.bug import Bug

_SCREENS = "surfaces/console/offers/partners/"
_MADE_ONCE = "checks.partner_screens_agreed_a_partner_is_made_and_a_contract_written_once"
_WHO_MAY = "checks.partner_screens_agreed_who_may_not_agree_sees_no_form_and_is_refused"
SCREENS = (
    Bug(
        "a contract that was typed ends before its last day",
        _SCREENS + "agreed.py",
        "None if ends is None else ends + timedelta(days=1)",
        "ends",
        _MADE_ONCE,
    ),
    Bug(
        "a form that was sent twice signs two contracts",
        _SCREENS + "agreed.py",
        'name_check=form.get("name_check") == "yes",\n        asked=here.asked(form.get("key")),',
        'name_check=form.get("name_check") == "yes",\n        asked=here.asked(),',
        _MADE_ONCE,
    ),
    Bug(
        "another partner of a known short name takes its name",
        _SCREENS + "agreed.py",
        "if slug in known and known[slug].name != name.strip():",
        'if slug in known and name == "":',
        _MADE_ONCE,
    ),
    Bug(
        "whoever looks at the books makes partners",
        _SCREENS + "routes.py",
        "(PAGE, _ACTS, agreed.make)",
        "(PAGE, _SEES, agreed.make)",
        _WHO_MAY,
    ),
    Bug(
        "whoever looks at the books signs contracts",
        _SCREENS + "routes.py",
        '(_ONE + "/contract", _ACTS, agreed.sign)',
        '(_ONE + "/contract", _SEES, agreed.sign)',
        _WHO_MAY,
    ),
    Bug(
        "what is neither granted nor rejected is rejected",
        _SCREENS + "deciding.py",
        'if form.get("does") not in ("grant", "reject"):',
        'if form.get("does") == "":',
        "checks.partner_screens_decided_a_claim_is_granted_with_a_reason_and_once",
    ),
)


def _screens(name: str) -> Callable[[Any], None]:
    """Of the pages of the console: who may keep accounts is signed in."""
    about, _, test = name.partition("_")

    def check(shop: Any) -> None:
        from tempfile import mkdtemp

        from tests.surfaces.connect.feeds.partners import (
            agency,
            served,
            test_agreeing,
            test_console,
            test_settlements,
        )
        from tests.surfaces.console.browser import Browser, somebody

        from regulars.records.program.templates import load_template

        shop.begin(load_template("airline"), slug=f"sky-screens-{os.urandom(3).hex()}")
        counter = served.served(shop, Path(mkdtemp()), Path(mkdtemp()))
        told = agency.Agency(counter)
        if about == "decided":
            told = test_settlements.trading(told)
        mia = Browser(counter)
        mia.sign_in(somebody(counter, "finance").email)
        if about == "decided":
            getattr(test_console, f"test_{test}")(told, mia)
        elif test.startswith("who"):
            getattr(test_agreeing, f"test_{test}")(counter, told)
        else:
            getattr(test_agreeing, f"test_{test}")(counter, mia)
        shop.run(counter.client.aclose())

    return check


ALONE: Final = {
    bug.check.removeprefix("checks."): _screens(bug.check.removeprefix("checks.partner_screens_"))
    for bug in SCREENS
}
