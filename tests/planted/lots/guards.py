"""Bugs at the doors of screens; and the tests of each as the checks that notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

from tests.planted.bug import Bug

_PROXIES = "surfaces/api/front/proxies.py"
_HARDENS = "surfaces/api/front/hardening.py"
_COMING = "surfaces/ui/coming.py"
_FORMS = "surfaces/card/forms.py"
_PAPER = "surfaces/ui/paper.py"
_WALK = "checks.guard_bare_what_every_answer_carries_is_enough"

GUARDS = (
    Bug(
        "a stranger says from where they come",
        _PROXIES,
        "        if not self._proxies.believe(near):\n",
        "        if not near:\n",
        "checks.guard_proxies_nobody_says_for_themselves_from_where_they_come",
    ),
    Bug(
        "what a browser wrote before the proxy is believed",
        _PROXIES,
        "    for address in reversed(said):\n",
        "    for address in said:\n",
        "checks.guard_proxies_nobody_says_for_themselves_from_where_they_come",
    ),
    Bug(
        "who came by TLS may come without", _HARDENS, "if tls else ()", "if not tls else ()", _WALK
    ),
    Bug(
        "a redirect is kept by others",
        _HARDENS,
        "[*self._always, PERSONAL,",
        "[*self._always,",
        _WALK,
    ),
    Bug(
        "another site shows our page in a frame",
        _PAPER,
        "frame-ancestors 'none'",
        "frame-ancestors *",
        _WALK,
    ),
    Bug("a cookie goes by plain HTTP too", _COMING, "secure=tls,", "secure=False,", _WALK),
    Bug("a script reads a cookie", _COMING, "httponly=True,", "httponly=False,", _WALK),
    Bug(
        "a form of the card may come from anywhere",
        _FORMS,
        "    if not from_our_page(request):\n",
        "    if False:\n",
        "checks.guard_crawl_no_form_is_taken_without_its_token_or_from_elsewhere",
    ),
    Bug(
        "a key with a limit sends on",
        "surfaces/api/strict/metering.py",
        "        if sent >= most:\n",
        "        if sent > most:\n",
        "checks.guard_meter_the_answers_say_what_is_left",
    ),
    Bug(
        "nobody is told what is left of a limit",
        "surfaces/api/front/desk.py",
        "        return answer if left is None else answer.with_headers(left.headers)\n",
        "        return answer\n",
        "checks.guard_meter_what_is_refused_counts_and_says_so",
    ),
    Bug(
        "codes of pairing are guessed without end",
        "surfaces/api/access.py",
        "        self._guesses.count(address)\n",
        "",
        "checks.guard_guess_codes_of_pairing_are_tried_twenty_times_from_one_address",
    ),
    Bug(
        "one machine tries under every address of its network",
        "records/access/staff/tokens.py",
        'str(ip_network(f"{whole}/64", strict=False))',
        "address",
        "checks.guard_guess_codes_of_pairing_are_tried_twenty_times_from_one_address",
    ),
    Bug(
        "a form that was sent twice makes two keys",
        "surfaces/console/team/keys.py",
        'asked=here.asked(form.get("key")[:80]),',
        "asked=here.asked(),",
        "checks.guard_work_a_key_is_shown_once_and_opens_nothing_from_the_moment_it_is_revoked",
    ),
    Bug(
        "a form that was sent twice connects two web shops",
        "surfaces/console/team/web_shops.py",
        'asked=here.asked(form.get("key")[:80]),',
        "asked=here.asked(),",
        "checks.guard_work_a_web_shop_is_connected_moved_and_disconnected",
    ),
    Bug(
        "the heading of a file becomes a part of the page",
        _PAPER,
        "return text if text in sentences() else escape(text)",
        "return text",
        "checks.guard_said_a_sentence_of_somebody_else_is_text",
    ),
    Bug(
        "keys are made without being written down",
        "flows/access/api_keys.py",
        "keep(tx, rows) + acted(tx, done))",
        "keep(tx, rows))",
        "checks.guard_work_a_key_is_shown_once_and_opens_nothing_from_the_moment_it_is_revoked",
    ),
    Bug(
        "the session before lives on",
        "flows/access/use_codes.py",
        "        ended += [before[had].session_id] if had in before else []\n",
        "",
        "checks.guard_card_coming_in_again_is_another_session_and_the_one_before_is_over",
    ),
)
_FILES: Final = {
    "proxies": "tests.surfaces.guards.test_proxies",
    "bare": "tests.surfaces.guards.test_crawl",
    "crawl": "tests.surfaces.guards.test_crawl",
    "meter": "tests.surfaces.guards.test_metering",
    "guess": "tests.surfaces.guards.test_guessing",
    "work": "tests.surfaces.console.terms.test_workshop",
    "said": "tests.surfaces.ui.test_reader",
    "card": "tests.surfaces.card.test_coming_in",
}


def _check(name: str) -> Callable[[Any], None]:
    kind, _, rest = name.partition("_")

    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        test = getattr(import_module(_FILES[kind]), f"test_{rest}")
        if kind in ("proxies", "bare", "said"):
            test()
            return
        from tests.surfaces.counter import Counter

        from regulars.records.program.templates import load_template

        shop.begin(load_template("coffee-shop"), slug=f"guard-{os.getpid()}")
        counter = Counter(shop, channels=frozenset({"email", "sms"}))
        if kind == "work":
            from tests.surfaces.console.browser import Browser, somebody

            owner = Browser(counter)
            owner.sign_in(somebody(counter).email)
            test(counter, owner)
        else:
            test(import_module(_FILES[kind]).walking(counter) if kind == "crawl" else counter)
        shop.run(counter.client.aclose())

    return check


_NAMES = {bug.check.removeprefix("checks.guard_") for bug in GUARDS}
ALONE: Final = {f"guard_{name}": _check(name) for name in _NAMES}
