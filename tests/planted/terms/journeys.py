"""Bugs of journeys, and the tests that notice them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_WALK = "engine/segments/walking.py"
_FLOW = "flows/telling/campaigns/journeys/walk_journeys.py"
_READ = "records/outbox/campaigns/journeys/read.py"
_WRITE = "records/outbox/campaigns/journeys/write.py"
JOURNEYS = (
    Bug(
        "nobody waits",
        _WALK,
        "if due > now:",
        "if due < since:",
        "checks.welcomed_step_by_step",
    ),
    Bug(
        "whoever is blocked is written to all the same",
        _WALK,
        "if who.gone or who.united:",
        "if who.united:",
        "checks.gone_goes_no_further",
    ),
    Bug(
        "nobody says that somebody became one with another",
        _WALK,
        '"united" if who.united else "gone"',
        '"gone"',
        "checks.united_goes_no_further",
    ),
    Bug(
        "a wait until an hour is over before it began",
        _WALK,
        "at = datetime.combine(day + timedelta(days=1), hour, zone)",
        "at = datetime.combine(day, hour, zone)",
        "checks.welcomed_step_by_step",
    ),
    Bug(
        "a change of the plan is for who is on their way",
        _FLOW,
        "plan = plans[run.journey_id, run.version].plan",
        "plan = plans[max(key for key in plans if key[0] == run.journey_id)].plan",
        "checks.finish_on_their_version",
    ),
    Bug(
        "whoever was asked not long ago is asked again",
        _FLOW,
        'if isinstance(step, MessageStep) and outcome == "asked":',
        "if isinstance(step, MessageStep):",
        "checks.asked_lately_is_spared",
    ),
    Bug(
        "what ends it is not seen",
        _WRITE,
        "            and e.member_id = w.who and e.begun_at < w.at\n",
        "            and e.member_id = w.who and e.begun_at > w.at\n",
        "checks.ends_on_what_ends_it",
    ),
    Bug(
        "whoever came through begins again at once",
        _WRITE,
        "r.member_id = w.who\n              and (r.ended_at is null or $11::int is null",
        "r.member_id = w.who\n              and (r.ended_at is null or $11::int < 0",
        "checks.begins_once",
    ),
    Bug(
        "members of a journey that pauses go on",
        _READ,
        "and state = 'running' order by made_at, code",
        "and state in ('running', 'paused') order by made_at, code",
        "checks.a_pause_holds",
    ),
    Bug(
        "what waits is sent though its journey pauses",
        "records/outbox/campaigns/read.py",
        "and j.state = 'paused'",
        "and j.state = 'ended'",
        "checks.nothing_goes_out_of_a_pause",
    ),
    Bug(
        "journeys that tell begin each other for ever",
        "flows/telling/campaigns/journeys/ill_planned.py",
        " or one.event in OF_OURS",
        "",
        "checks.another_system_hears",
    ),
    Bug(
        "what ends a journey is not seen while it pauses",
        _READ,
        "and state in ('running', 'paused') order by made_at, code",
        "and state in ('running') order by made_at, code",
        "checks.ends_in_a_pause",
    ),
    Bug(
        "somebody begins a journey that pauses",
        _FLOW,
        'if one.begins and journey.state == "running":',
        "if one.begins:",
        "checks.ends_in_a_pause",
    ),
    Bug(
        "what waits is sent to whom the journey is over for",
        "flows/telling/campaigns/reaching.py",
        "    if one.over:",
        "    if one.over and one.taken:",
        "checks.nothing_goes_once_it_is_over",
    ),
    Bug(
        "what waits is sent to whoever came to the end before it was over",
        _WRITE,
        "e.why = 'done' and exists (",
        "e.why = 'gone' and exists (",
        "checks.nothing_goes_once_it_is_over",
    ),
    Bug(
        "members are judged by segments that are behind",
        _FLOW,
        "        below = max(min(since + WINDOW, sees, until), since)\n",
        "        below = max(min(since + WINDOW, max(sees, until), until), since)\n",
        "checks.judged_by_what_is",
    ),
    Bug(
        "a segment that is being filled holds journeys that do not name it",
        _FLOW,
        "known is None or named & filling else known",
        "known is None or filling else known",
        "checks.filled_holds_its_own",
    ),
    Bug(
        "what ends a journey is looked at only as far as segments are followed",
        _FLOW,
        "        await _leave(tx, plan, (since, until))",
        "        await _leave(tx, plan, began)",
        "checks.ends_though_behind",
    ),
    Bug(
        "a fee that failed is told by a notice and a journey at once",
        "flows/telling/plan_deliveries.py",
        "    return any(one.begins == OnEvent(event)",
        "    return all(one.begins == OnEvent(event)",
        "checks.not_told_twice",
    ),
    Bug(
        "whoever fills a list after publishing writes to many alone",
        "flows/telling/campaigns/journeys/keep_journeys.py",
        "        return await active(tx)\n    return",
        "        pass\n    return",
        "checks.somebody_else_publishes",
    ),
    Bug(
        "of an earlier version goes out what its journey is over for",
        _READ,
        "and c.journey_version = v.version and m.state in ('waiting', 'sending')",
        "and c.journey_version = v.version and m.state in ('sending')",
        "checks.nothing_goes_once_it_is_over",
    ),
    Bug(
        "whoever wrote a journey publishes it for everybody",
        "flows/telling/campaigns/journeys/keep_journeys.py",
        "    if many <= alone:",
        "    if many >= alone:",
        "checks.somebody_else_publishes",
    ),
    Bug(
        "everybody reads a step in its first way, whatever was drawn",
        _FLOW,
        "way_of(by.campaign_id, run.member_id, by.ways) if by.ways > 1 else None",
        "0 if by.ways > 1 else None",
        "checks.said_in_ways",
    ),
    Bug(
        "of one term a member hears again and again",
        _WRITE,
        "          and x.begun_at >= t.at)",
        "          and x.begun_at > t.at)",
        "checks.term_ends_once",
    ),
    Bug(
        "whoever has a term shorter than the days before its end hears of it as it begins",
        _WRITE,
        "else (n.until_at - n.from_at) / 2 end as at",
        "else (n.until_at - n.from_at) end as at",
        "checks.term_ends_halfway",
    ),
    Bug(
        "whoever has a term shorter than the days before its end never hears of it",
        _WRITE,
        "make_interval(days => $5::text::int) / 2)",
        "make_interval(days => $5::text::int) * 0)",
        "checks.term_ends_halfway",
    ),
    Bug(
        "a step tells of nobody",
        _FLOW,
        "    tells = [one for one in meant if (one[0].run_id, one[1].id) not in became]",
        "    tells = [one for one in meant if (one[0].run_id, one[1].id) in became]",
        "checks.another_system_hears",
    ),
)
_TESTS = {
    "another_system_hears": "another_system_hears_once_of_who_came_to_a_step_that_tells",
    "welcomed_step_by_step": "who_joins_is_welcomed_at_once_and_written_to_again_after_a_wait",
    "gone_goes_no_further": "who_is_blocked_or_erased_on_their_way_goes_no_further",
    "united_goes_no_further":
        "who_became_one_with_another_goes_no_further_and_the_other_goes_on",
    "finish_on_their_version": "people_finish_on_the_version_they_entered",
    "asked_lately_is_spared": "a_message_bears_its_survey_and_who_was_asked_lately_is_spared",
    "ends_on_what_ends_it": "what_ends_a_journey_lets_its_member_go_no_further",
    "begins_once": "nobody_begins_twice_but_where_the_plan_says_so",
    "nothing_goes_out_of_a_pause":
        "of_a_journey_that_pauses_nothing_goes_out_that_was_passed_before",
    "a_pause_holds": "a_journey_that_pauses_moves_nobody_and_one_that_ended_sends_nothing",
}  # fmt: skip


def _test(name: str) -> Callable[[Shop], None]:
    """A check that is one test of journeys."""

    def check(shop: Shop) -> None:
        from importlib import import_module

        from tests.runtime.working.letters.journeying import Journeying
        from tests.runtime.working.senders.post_office import post_office, provider

        tests = import_module("tests.runtime.working.letters.test_journeys")
        with post_office() as office, provider() as sms:
            getattr(tests, f"test_{name}")(Journeying(shop, office, sms))

    return check


def _in_time(name: str, *more: object) -> Callable[[Shop], None]:
    """A check that is one test of what is true when a journey speaks."""

    def check(shop: Shop) -> None:
        from tests.runtime.working.letters.journeying import Journeying
        from tests.runtime.working.letters.walked import test_in_time as tests
        from tests.runtime.working.senders.post_office import post_office, provider

        with post_office() as office, provider() as sms:
            getattr(tests, f"test_{name}")(Journeying(shop, office, sms), *more)

    return check


ALONE = {check: _test(name) for check, name in _TESTS.items()} | {
    "ends_in_a_pause": _in_time("what_ends_a_journey_while_it_pauses_ends_it"),
    "nothing_goes_once_it_is_over": _in_time(
        "what_waits_to_be_sent_is_not_once_the_journey_is_over_for_its_member"
    ),
    "filled_holds_its_own": _in_time("a_segment_that_is_filled_holds_no_journey_but_its_own"),
    "ends_though_behind": _in_time("a_segment_that_is_behind_holds_nobody_but_who_begins_by_it"),
    "not_told_twice": _in_time("what_a_journey_says_on_the_day_no_notice_says_too"),
    "judged_by_what_is": _in_time("nobody_is_judged_by_segments_that_are_behind", True),
    "term_ends_halfway": _in_time("of_a_term_shorter_than_its_days_a_member_hears_halfway"),
    "term_ends_once": _in_time("so_many_days_before_a_term_is_over_its_member_hears_of_it_once"),
    "said_in_ways": _in_time("a_step_is_said_in_several_ways_each_drawn_once_and_told_apart"),
    "somebody_else_publishes": _in_time("for_many_members_somebody_else_publishes_than_wrote_it"),
}
