"""Bugs of messages in cards and of campaigns in several ways, and the checks that notice them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_TAKES = "flows/telling/campaigns/take_messages.py"
_LAYS = "records/outbox/campaigns/inbox/write.py"
_WAYS = "records/outbox/campaigns/rules.py"
IN_CARDS = (
    Bug(
        "who never agreed has it in their card",
        "flows/telling/campaigns/reaching.py",
        "if channel not in people.given.get(who, ()):",
        'if channel not in {*people.given.get(who, ()), "inbox"}:',
        "checks.the_card_asks_for_consent",
    ),
    Bug(
        "who was erased meanwhile has it laid",
        _LAYS,
        "                                 and m.state = 'sending'\n",
        "",
        "checks.the_erased_have_no_card",
    ),
    Bug(
        "who is erased at that moment has it laid",
        _LAYS,
        " for update of m) w",
        ") w",
        "checks.the_erased_are_waited_for",
    ),
    Bug(
        "it is told in English whatever language it was written in",
        "records/outbox/campaigns/inbox/read.py",
        "select message_id, campaign_id, language, about, says, laid_at, read_at from card_letter",
        "select message_id, campaign_id, 'en', about, says, laid_at, read_at from card_letter",
        "checks.the_card_asks_for_consent",
    ),
    Bug(
        "somebody else opens it",
        _LAYS,
        "and member_id = any(array(\n",
        "and $3::uuid is not null or member_id = any(array(\n",
        "checks.the_card_is_opened_by_whose_it_is",
    ),
    Bug(
        "a card does not count to the cap",
        "flows/telling/campaigns/reaching.py",
        "    people.had[one.member_id] = had + 1\n",
        '    people.had[one.member_id] = had + (campaign.channel != "inbox")\n',
        "checks.a_batch_counts_cards",
    ),
    Bug(
        "the way is drawn anew where it is written",
        _WAYS,
        'sha256(b"way" + campaign_id.bytes + member_id.bytes)',
        'sha256(b"say" + campaign_id.bytes + member_id.bytes)',
        "checks.each_reads_the_way_that_was_drawn",
    ),
    Bug(
        "whoever is not written to has the offer all the same",
        "flows/telling/campaigns/take_messages.py",
        "        if said.address and (code :=",
        "        if (code :=",
        "checks.each_way_gives_its_offer",
    ),
    Bug(
        "whoever cannot have the offer is told of it",
        "flows/telling/campaigns/take_messages.py",
        "(one, without if one.message_id in lost else said)",
        "(one, said)",
        "checks.each_way_gives_its_offer",
    ),
    Bug(
        "who is held out is drawn with the way",
        _WAYS,
        'sha256(b"way" + campaign_id.bytes + member_id.bytes)',
        "sha256(campaign_id.bytes + member_id.bytes)",
        "checks.ways_are_drawn_apart",
    ),
    Bug(
        "bounds of one look are taken for those of every look",
        "insight/estimators/comparing/sums.py",
        "return More(found.value, found.value - width, found.value + width)",
        "return found",
        "checks.whoever_stops_is_seldom_wrong",
    ),
    Bug(
        "what is not sent for want of its offer uses up the cap",
        "flows/telling/campaigns/take_messages.py",
        "            people.had[who] -= 1",
        "            people.had[who] -= 0",
        "checks.no_offer_uses_up_nothing",
    ),
    Bug(
        "a test goes to whoever joined under the address of who asked",
        "flows/telling/campaigns/try_campaigns.py",
        "(one == who.member_id or one in shown)",
        "(one == who.member_id or shown is not None)",
        "checks.a_test_goes_to_oneself",
    ),
    Bug(
        "whoever refused messages over a channel gets tests over it",
        "flows/telling/campaigns/try_campaigns.py",
        "channel not in no.get(one, ())",
        "channel not in no.get(who.staff_id, ())",
        "checks.a_test_goes_to_oneself",
    ),
    Bug(
        "a test in the card does not say that it is one",
        "surfaces/senders/words/campaigns.py",
        "_tried(phrases, text)\n",
        "text\n",
        "checks.a_test_goes_to_oneself",
    ),
    Bug(
        "a test that lies in no card is told as sent",
        "flows/telling/campaigns/try_campaigns.py",
        "        if one.trial_id in none\n",
        "        if one.trial_id in none and not laid\n",
        "checks.a_test_goes_to_oneself",
    ),
    Bug(
        "the first way wins whatever came",
        "insight/experiments/variants.py",
        "won, lost = (one, other) if found.low > 0 else (other, one)",
        "won, lost = (one, other)",
        "checks.the_better_way_is_found",
    ),
)


def _letters(name: str) -> Callable[[Shop], None]:
    def check(shop: Shop) -> None:
        from tests.runtime.working.senders.cards import test_in_the_card

        getattr(test_in_the_card, f"test_{name}")(_told(shop))

    return check


def _told(shop: Shop) -> Any:
    from tests.runtime.working.senders.cards.test_in_the_card import campaigning

    return campaigning(shop)


def a_test_goes_to_oneself(shop: Shop) -> None:
    from tests.runtime.working.letters import test_trials

    told = _told(shop)
    name = "a_text_message_and_one_in_the_card_go_to_ones_own_membership_alone"
    getattr(test_trials, f"test_{name}")(told, "inbox")


def each_reads_the_way_that_was_drawn(shop: Shop) -> None:
    from tests.runtime.working.senders.cards import test_said_in_ways as test_ways

    test_ways.test_each_reads_the_way_that_is_drawn_for_them(test_ways.campaigning(shop))


def each_way_gives_its_offer(shop: Shop) -> None:
    from tests.runtime.working.senders.cards import test_said_in_ways as test_ways

    told = test_ways.campaigning(shop)
    test_ways.test_each_way_gives_its_own_offer_and_only_to_who_is_written_to(told)


def no_offer_uses_up_nothing(shop: Shop) -> None:
    from tests.runtime.working.senders.cards import test_said_in_ways as test_ways

    told = test_ways.campaigning(shop)
    test_ways.test_what_is_not_sent_for_want_of_its_offer_uses_up_nothing_of_the_cap(told)


def ways_are_drawn_apart(_: Shop) -> None:
    from tests.runtime.working.senders.cards import test_said_in_ways as test_ways

    test_ways.test_ways_are_equal_and_drawn_apart_from_who_is_held_out()


def whoever_stops_is_seldom_wrong(_: Shop) -> None:
    from tests.insight.experiments import test_ways

    test_ways.test_whoever_stops_by_them_is_seldom_wrong()


def the_better_way_is_found(shop: Shop) -> None:
    from tests.insight.experiments import test_ways

    test_ways.test_the_better_way_is_found_and_beside_who_was_held_out(shop)


IN_CARDS_CHECKS: dict[str, Callable[[Shop], None]] = {
    "the_card_asks_for_consent": _letters("it_lies_there_once_in_the_language_of_its_member"),
    "the_erased_have_no_card": _letters("whoever_is_erased_between_has_nothing_laid"),
    "the_erased_are_waited_for": _letters("whoever_is_erased_at_that_moment_has_nothing_laid"),
    "the_card_is_opened_by_whose_it_is": _letters("it_is_opened_once_and_by_nobody_else"),
    "a_test_goes_to_oneself": a_test_goes_to_oneself,
    "a_batch_counts_cards": _letters("the_cap_counts_what_goes_at_once"),
    "each_reads_the_way_that_was_drawn": each_reads_the_way_that_was_drawn,
    "each_way_gives_its_offer": each_way_gives_its_offer,
    "no_offer_uses_up_nothing": no_offer_uses_up_nothing,
    "ways_are_drawn_apart": ways_are_drawn_apart,
    "whoever_stops_is_seldom_wrong": whoever_stops_is_seldom_wrong,
    "the_better_way_is_found": the_better_way_is_found,
}
