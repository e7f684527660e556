"""Bugs of campaigns, and the tests that notice them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_TAKE = "flows/telling/campaigns/take_messages.py"
_SETTLE = "flows/telling/campaigns/settle_messages.py"
_READ = "records/outbox/campaigns/read.py"
_WRITE = "records/outbox/campaigns/write.py"
_BACK = "records/outbox/campaigns/returned/write.py"
CAMPAIGNS = (
    Bug(
        "the reward that is next is the farthest",
        "flows/telling/campaigns/show_campaigns.py",
        "missing, place, wallet = min(short)",
        "missing, place, wallet = max(short)",
        "checks.next_as_on_the_card",
    ),
    Bug(
        "a message that names the next reward has none",
        "flows/telling/campaigns/filling.py",
        "what.search(text)",
        'what.search("")',
        "checks.next_as_on_the_card",
    ),
    Bug(
        "whoever queues a large audience leaves tills nothing",
        "runtime/working/letters/campaigns.py",
        "await asyncio.sleep(min(PAUSES * (time.monotonic() - begun), LONGEST_PAUSE_S))",
        "pass",
        "checks.tills_have_most_while_many_are_queued",
    ),
    Bug(
        "a portion that is queued again stops at who has their row",
        _WRITE,
        "_QUEUE[bool(ahead), bool(one.instead)]",
        "_QUEUE[False, bool(one.instead)]",
        "checks.queued_again_as_it_was",
    ),
    Bug(
        "who knows a message's id knows the next one",
        _WRITE,
        "overlay(gen_random_uuid()::text placing $11::text from 1 for 13)::uuid",
        "overlay(d.member_id::text placing $11::text from 1 for 13)::uuid",
        "checks.queued_again_as_it_was",
    ),
    Bug(
        "whoever was asked once is written to for ever",
        "flows/telling/campaigns/reaching.py",
        "if channel not in people.given.get(who, ()):",
        "if False:",
        "checks.consent_is_asked_as_it_goes",
    ),
    Bug(
        "the cap looks at one campaign at a time",
        "flows/telling/campaigns/reaching.py",
        "if people.bounds.most and had >= people.bounds.most:",
        "if people.bounds.most and had >= people.bounds.most + 1:",
        "checks.the_cap_counts_all",
    ),
    Bug(
        "quiet hours are those of the shop",
        "flows/telling/campaigns/reaching.py",
        "zone_of(zone, people.shop)",
        'zone_of("", people.shop)',
        "checks.quiet_by_their_own_clock",
    ),
    Bug(
        "what a dead worker held is sent again without a key",
        _TAKE,
        "gone = [one for one in found if not senders[channel_of(going[one.campaign_id], one)]]",
        "again, gone = list(found), []",
        "checks.killed_and_not_sent_twice",
    ),
    Bug(
        "the other half of a person hears it once more",
        "flows/telling/campaigns/reaching.py",
        "if one.member_id in people.stands or one.message_id in people.had_before:",
        "if one.member_id in people.stands:",
        "checks.one_person_hears_once",
    ),
    Bug(
        "what may have arrived is said to be skipped",
        _TAKE,
        "write.lose(tx, [one for one, _ in skipped if one.taken])",
        "write.skip(tx, [(one, why) for one, why in skipped if one.taken])",
        "checks.under_way_is_unknown",
    ),
    Bug(
        "who reads a further channel gets the offer of a way they never read",
        _TAKE,
        'if channel not in ("", campaign.channel):',
        "if False:",
        "checks.a_further_channel_promises_the_first",
    ),
    Bug(
        "a channel that refuses ends the message although another would reach",
        _SETTLE,
        'if one.outcome == "never" and _nobody_there(one):',
        "if False:",
        "checks.refused_at_hand_over_goes_on",
    ),
    Bug(
        "what lies in cards makes the share of letters that came back smaller",
        "records/outbox/campaigns/returned/read.py",
        "and {_WENT} and {_BY_LETTER}",
        "and {_WENT}",
        "checks.back_is_of_letters",
    ),
    Bug(
        "by webhook it is sent although nobody listens",
        "runtime/working/letters/campaigns.py",
        "if await self._is_heard(program_id):",
        "if True:",
        "checks.heard_or_waits",
    ),
    Bug(
        "who waits for a channel that nothing sends waits for ever",
        _TAKE,
        "due += await read.due(tx, away,",
        "_ = await read.due(tx, away,",
        "checks.late_where_nothing_sends",
    ),
    Bug(
        "what comes back is of whatever went there last by then or later",
        _BACK,
        "and m.taken_at <= t.until and m.taken_at > t.at",
        "and m.taken_at > t.at",
        "checks.back_of_the_last_before",
    ),
    Bug(
        "a campaign of which too much came back goes on",
        _READ,
        "and state in ('approved', 'queueing', 'sending') and paused_at is null",
        "and state in ('approved', 'queueing', 'sending')",
        "checks.too_much_pauses",
    ),
    Bug(
        "what was let go on is paused for what came back before",
        _BACK,
        "paused_why = '', judged_from = $2::timestamptz",
        "paused_why = '', judged_from = nullif($2::timestamptz, $2::timestamptz)",
        "checks.judged_by_what_was_sent_since",
    ),
    Bug(
        "what may have arrived makes room in the cap",
        _SETTLE,
        'state: Literal["sending", "waiting"] = "sending" if perhaps else "waiting"',
        'state: Literal["sending", "waiting"] = "waiting"',
        "checks.perhaps_counts_to_the_cap",
    ),
    Bug(
        "what never answered in time was never sent",
        _SETTLE,
        'if one.outcome == "unsure" or perhaps:',
        'if one.outcome == "unsure":',
        "checks.never_in_time_is_unknown",
    ),
    Bug(
        "a stopped campaign waits for ever for its dead worker",
        _READ,
        "(m.state = 'sending' and m.try_at <= $2::timestamptz)",
        "m.state = 'sending'",
        "checks.stopped_holds_up_nobody",
    ),
    Bug(
        "what is asked again at night is looked at all night",
        _WRITE,
        "m.message_id = t.message_id and m.state in ('waiting', 'sending')\n\"\"\"\n_SKIP",
        'm.message_id = t.message_id and m.state = \'waiting\'\n"""\n_SKIP',
        "checks.asked_again_in_the_morning",
    ),
    Bug(
        "a letter says that points are there for a day more than they are",
        "flows/telling/campaigns/show_campaigns.py",
        "one.at - timedelta(microseconds=1)",
        "one.at + timedelta(days=1)",
        "checks.lapse_as_on_the_card",
    ),
    Bug(
        "of two wallets a letter says the number of the other",
        "flows/telling/campaigns/filling.py",
        'reader.points.get(one.wallet, 0)),\n        "days"',
        'max(reader.points.values())),\n        "days"',
        "checks.lapse_of_its_wallet",
    ),
)
_TESTS = {
    "lapse_of_its_wallet": "the_ready_letter_says_of_which_wallet_points_lapse",
    "lapse_as_on_the_card": "a_letter_names_what_lapses_next_and_the_last_day_it_is_there",
    "consent_is_asked_as_it_goes": "consent_taken_back_between_queueing_and_sending_is_seen",
    "next_as_on_the_card": "a_letter_names_the_reward_that_is_next_as_the_card_has_it",
    "tills_have_most_while_many_are_queued":
        "while_an_audience_is_queued_tills_have_most_of_each_moment",
    "queued_again_as_it_was": "a_portion_that_is_queued_again_leaves_who_has_their_row",
    "the_cap_counts_all": "the_cap_counts_all_campaigns_and_ends_with_its_days",
    "quiet_by_their_own_clock": "nobody_is_written_to_at_night_and_everybody_by_their_own_clock",
    "killed_and_not_sent_twice": "killed_between_call_and_answer_nobody_is_written_to_twice",
}  # fmt: skip
_TROUBLE = {
    "one_person_hears_once": "who_became_one_with_somebody_who_got_it_does_not_get_it_again",
    "under_way_is_unknown":
        "what_was_under_way_is_unknown_and_not_skipped_when_consent_is_taken_back",
    "perhaps_counts_to_the_cap":
        "what_may_have_arrived_counts_to_the_cap_while_it_waits_to_be_asked_again",
    "never_in_time_is_unknown": "what_never_answers_in_time_is_unknown_in_the_end",
    "stopped_holds_up_nobody":
        "a_campaign_stopped_while_its_worker_died_does_not_hold_up_the_others",
    "asked_again_in_the_morning": "what_is_asked_again_at_night_lets_others_pass",
}  # fmt: skip


_BACK_TESTS = {
    "back_of_the_last_before": "a_complaint_is_of_the_last_that_went_there",
    "too_much_pauses":
        "a_campaign_of_which_too_much_comes_back_pauses_and_goes_on_by_who_approves",
    "judged_by_what_was_sent_since": "what_goes_on_is_judged_by_what_was_sent_since",
}  # fmt: skip


_BY_CHANNEL = {
    "a_further_channel_promises_the_first":
        "a_further_channel_promises_the_first_offer_and_is_no_way",
    "refused_at_hand_over_goes_on":
        "a_channel_that_refuses_at_hand_over_is_followed_by_the_next",
    "back_is_of_letters": "what_came_back_is_judged_of_letters",
    "heard_or_waits": "by_webhook_it_waits_until_somebody_hears_it",
    "late_where_nothing_sends":
        "who_waits_for_a_channel_that_nothing_sends_is_late_after_a_while",
}  # fmt: skip


def _by_channel(name: str) -> Callable[[Shop], None]:
    """A check that is one test of campaigns by several channels."""

    def check(shop: Shop) -> None:
        from tests.runtime.working.senders.cards import test_by_channel as tests

        getattr(tests, f"test_{name}")(tests.campaigning(shop))

    return check


def _test(name: str, module: str) -> Callable[[Shop], None]:
    """A check that is one test of campaigns."""

    def check(shop: Shop) -> None:
        from importlib import import_module

        from tests.runtime.working.letters.journeying import Journeying
        from tests.runtime.working.senders.post_office import post_office, provider

        tests = import_module(f"tests.runtime.working.{module}")
        with post_office() as office, provider() as sms:
            getattr(tests, f"test_{name}")(Journeying(shop, office, sms))

    return check


_MODULES = {
    "letters.test_campaigns": _TESTS,
    "letters.test_campaigns_in_trouble": _TROUBLE,
    "senders.cards.test_what_comes_back": _BACK_TESTS,
}
ALONE = {
    check: _test(name, module)
    for module, tests in _MODULES.items()
    for check, name in tests.items()
} | {check: _by_channel(name) for check, name in _BY_CHANNEL.items()}
