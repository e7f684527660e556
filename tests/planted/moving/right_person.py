"""Bugs of what is to reach the right person, and the tests that notice them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tests.planted.bug import Bug
from tests.planted.tiers.bugs import _opens

_ALERTS = "records/standing/alerts/read.py"
_TASKS = "flows/membership/benefits/lines/keep_tasks.py"
_LINES = "records/benefits/lines/read.py"
RIGHT_PERSON = (
    Bug(
        "an alert goes to the store though somebody looks after the member",
        _ALERTS,
        "        or (not exists ({_LOOKED_AFTER})\n            and (",
        "        or (true\n            and (",
        "checks.right_alerts",
    ),
    Bug(
        "an alert that was put off stands there all the same",
        _ALERTS,
        "when snoozed_until > $2::date then 'snoozed'",
        "when snoozed_until < $2::date then 'snoozed'",
        "checks.right_alerts",
    ),
    Bug(
        "an offer that was given is suggested once more",
        "records/program/changes/offers/read.py",
        "and h.member_id = w.member_id)\n order by w.member_id",
        "and h.member_id = w.member_id and false)\n order by w.member_id",
        "checks.right_alerts",
    ),
    Bug(
        "any store does what is left to one",
        _TASKS,
        "staff.may(Permission.TILL_SERVE) and staff.works_in(store)",
        "staff.may(Permission.TILL_SERVE)",
        "checks.right_tasks",
    ),
    Bug(
        "a step that is walked again leaves another task",
        "records/benefits/lines/write.py",
        "    on conflict (program_id, run_id, step) where run_id is not null do nothing\n",
        "",
        "checks.right_tasks",
    ),
    Bug(
        "somebody is handed to a person though chance holds them out",
        "flows/telling/campaigns/journeys/leave_tasks.py",
        "if isinstance(step, TaskStep) and (run.run_id, step.id) not in held",
        "if isinstance(step, TaskStep)",
        "checks.right_tasks_held",
    ),
    Bug(
        "a complaint waits for nobody, as its member is left alone for good",
        "flows/telling/campaigns/journeys/walk_journeys.py",
        "if run.member_id in everywhere and not spares:",
        "if run.member_id in everywhere:",
        "checks.right_tasks_spared",
    ),
    Bug(
        "who has somebody stands before everybody, too, when they write",
        _LINES,
        " from last s\n where not exists (",
        " from last s\n where true or not exists (",
        "checks.right_words",
    ),
    Bug(
        "whoever serves at a till answers whom nobody looks after",
        "flows/membership/benefits/lines/write_words.py",
        "if one.may(Permission.MEMBERS_WRITE)}",
        "if one.may(Permission.TILL_SERVE)}",
        "checks.right_words",
    ),
)


def _of_alerts(shop: Any) -> None:
    from tests.surfaces.console.people import test_win_back as tests
    from tests.surfaces.counter import Counter

    from regulars.records.program.templates import load_template

    counter = Counter(_opens(shop)(load_template("coffee-shop")))
    tests.test_it_reaches_who_looks_after_them_else_the_store_and_waits_until_a_day(counter)


def _of_tasks(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        from tests.flows.terms.experiments import test_tasks_of_journeys as tests

        from regulars.records.program.templates import load_template

        getattr(tests, f"test_{name}")(_opens(shop)(load_template("coffee-shop")))

    return check


def _of_words(shop: Any) -> None:
    from tests.runtime.working.senders.lines import test_direct_line as lines
    from tests.runtime.working.senders.post_office import post_office, provider

    with post_office() as office, provider() as sms:
        lines.test_words_of_who_has_nobody_wait_until_somebody_answers_or_says_there_is_no_need(
            lines.Talking(shop, office, sms)
        )


RIGHT_PERSON_CHECKS: Final[dict[str, Callable[[Any], None]]] = {
    "right_alerts": _of_alerts,
    "right_tasks": _of_tasks("a_step_leaves_one_task_to_the_store_of_the_last_order"),
    "right_tasks_spared": _of_tasks(
        "where_nobody_is_to_be_held_out_who_is_left_alone_for_good_has_a_task_too"
    ),
    "right_tasks_held": _of_tasks("of_who_is_held_out_of_a_journey_nobody_has_a_task"),
    "right_words": _of_words,
}
