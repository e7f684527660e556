"""Every flow that writes is among the operations that are failed, or is named with a reason."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from tests.crash.operations import OPERATIONS, Operation

import regulars.flows

ROOT = Path(regulars.flows.__file__).parents[1]
_IMPORT = "an import begins again where it was: tests/runtime/importing/test_kill_import.py"
_SEAL = "killed while it seals: tests/tamper"
_PART = "a part of the flows that call it"
_CUT = "cut off after each flow of a hand-in: tests/surfaces/tills/test_cut_off.py"
_KLAVIYO = "how far it is moves with what was read: tests/surfaces/connect/klaviyo/test_told.py"
_TELLS = "the worker's: killed between its steps in tests/runtime/working/senders/test_messages.py"
_WAKES = "the worker's: killed between its steps in tests/runtime/working/test_passes.py"
_OUTLETS = "cut off anywhere, told again: tests/surfaces/connect/crm/test_away.py"
_SHOP_CODES = (
    "cut off, a shop is told again and knows the code: tests/surfaces/connect/shopify/test_codes.py"
)
_INLETS = "failed at each statement: tests/surfaces/connect/inlets/test_killed.py"
_HOOKS = "killed between their steps, asked again by id: tests/runtime/working/hooks"
_ERRAND = "begun again by number, asked again by id: tests/runtime/working/test_errands.py"
_CAMPAIGNS = "the worker's: killed in between in tests/runtime/working/letters/test_campaigns.py"
_JOURNEYS = "the worker's: killed in tests/runtime/working/letters/test_journeys_whatever_comes.py"
_ONE = "one statement that says the same when it is said again"
_AGAIN = "one transaction; said again it changes nothing, and what is left is done then"
_UNDO = "failed at each statement: tests/runtime/importing/undoing/test_undo_fails.py"
_FORGETS = "cut off between its steps: tests/flows/night/test_retention.py"
_LOOKS = "looks and writes nothing"
_SANDBOX = "failed at each statement: tests/runtime/working/test_sandboxes_fail.py"
LEFT_OUT = {
    "membership.benefits.cancelling.cancelled": _PART,
    "terms.comes.touched.on_ladders": _LOOKS,
    "access.ask_for_codes.ask_to_confirm": _PART,
    "membership.office.segments.desk.may": _LOOKS,
    "membership.office.segments.keep_segments.uses_of": _LOOKS,
    "show_standing.show_reaches": _LOOKS,
    "show_standing.show_lapses": _LOOKS,
    "telling.said.want_channels.waiting_for_word": _LOOKS,
    "terms.promised.fair.newcomers_alone": _LOOKS,
    "terms.promised.give_offers.would_give": _LOOKS,
    "telling.plan_deliveries.at_once": _LOOKS,
    "membership.office.segments.desk.the_list": _LOOKS,
    "membership.office.close_months.close_months": "one statement, once: under a lock of its own",
    "membership.benefits.cancelling.cancel_for_good": _PART,
    "points.codes.showing.codes_shown": _PART,
    "telling.tell_passes.plan_passes": _WAKES,
    "telling.tell_passes.take_passes": _WAKES,
    "telling.tell_passes.settle_passes": _WAKES,
    "telling.campaigns.queue_campaigns.queue_campaigns": "how far it came is written in the "
    "transaction that writes the rows; done again it changes nothing",
    "telling.campaigns.take_messages.take_messages": _CAMPAIGNS,
    "telling.campaigns.try_campaigns.ask_trials": "one row; whoever sees no letter asks once more",
    "telling.campaigns.try_campaigns.take_trials": "the worker's: what was under way is unsure",
    "telling.campaigns.try_campaigns.settle_trials": _ONE,
    "telling.campaigns.settle_messages.settle_messages": _CAMPAIGNS,
    "telling.campaigns.show_campaigns.show_reader": _LOOKS,
    "telling.campaigns.show_campaigns.readers": _LOOKS,
    "telling.campaigns.journeys.keep_journeys.named": _LOOKS,
    "telling.campaigns.journeys.leave_tasks.leave_tasks": _PART,
    "telling.campaigns.journeys.walk_journeys.begin_journeys": _JOURNEYS,
    "telling.campaigns.journeys.walk_journeys.walk_journeys": _JOURNEYS,
    "community.allowed.forbidden": _LOOKS,
    "community.allowed.unknown_place": _LOOKS,
    "community.room.begin": _PART,
    "community.room.look": _PART,
    "community.room.end": _PART,
    "community.seats.tell_moved_up.tell_moved_up": _AGAIN,
    "community.seats.tell_moved_up.tell_called_off": _AGAIN,
    "community.seats.tell_moved_up.tell_moved": _AGAIN,
    "community.room.anew": _PART,
    **{f"community.seats.pay.{one}": _PART for one in ("reserve", "settle", "give_back")},
    **{f"community.seats.come_along.{one}": _PART for one in ("let_go", "reserve_anew")},
    "community.seats.come_along.reserved_for_seats": _LOOKS,
    "community.seats.settle_seats.settle_seats": _AGAIN,
    "community.seats.settle_seats.keep_seats_longer": _AGAIN,
    "terms.promised.carried.carried": _LOOKS,
    "telling.surveys.keep_surveys.may": _LOOKS,
    "telling.said.keep_devices.keep_devices": _AGAIN,
    "membership.benefits.lines.write_words.write_words": "one transaction; said again under its "
    "number it is the same: tests/runtime/working/senders/lines",
    "membership.benefits.lines.keep_tasks.keep_tasks": _AGAIN,
    "membership.benefits.lines.heed_words.heed_words": _AGAIN,
    "membership.office.alerts.show_alerts.show_alerts": _LOOKS,
    "membership.office.alerts.show_alerts.seen": _LOOKS,
    "membership.office.alerts.show_alerts.looked_after_by": _LOOKS,
    "membership.benefits.lines.show_lines.show_mine": _LOOKS,
    "membership.benefits.lines.show_lines.show_line": _LOOKS,
    "membership.benefits.lines.show_lines.looks_after": _LOOKS,
    "telling.keep_bounces.note_bounces": _ONE,
    "telling.keep_bounces.confirm_addresses": "one statement, with what is written down of it",
    "telling.keep_requests.keep_requests": "beside the work: what is lost of it changes nothing",
    "telling.keep_requests.forget_requests": "taking out what is over twice does no harm",
    "terms.sandboxes.keep_sandboxes.make_sandbox": _SANDBOX,
    "terms.sandboxes.keep_sandboxes.open_sandbox": _SANDBOX,
    "terms.sandboxes.keep_sandboxes.renew_sandbox": _SANDBOX,
    "terms.sandboxes.keep_sandboxes.end_sandbox": _SANDBOX,
    "terms.sandboxes.keep_sandboxes.clear_sandbox": _ONE,
    "terms.sandboxes.keep_sandboxes.the_sandbox": _LOOKS,
    "membership.office.prepare_rows.fold_portion": "killed in between: tests/flows/night/counted",
    "membership.office.prepare_rows.count_gaps": "killed in between: tests/flows/night/counted",
    "membership.tiers.show_moves.show_moves": _LOOKS,
    "membership.tiers.show_moves.show_ladder_moves": _LOOKS,
    "terms.comes.stand_ins.publish_along": _PART,
    "terms.experiments.fill_arms.fill_arms": _ONE,
    "terms.experiments.fill_arms.empty_arms": _ONE,
    "terms.experiments.fill_arms.end_when_due": _ONE,
    "terms.experiments.keep_looks.keep_look": _ONE,
    "membership.office.alerts.raise_alerts.settle_alerts": _ONE,
    "membership.office.alerts.settle_unusual.settle_unusual": _ONE,
    "membership.office.forget_inactive.notice_inactive": _FORGETS,
    "membership.office.forget_inactive.forget_inactive": _FORGETS,
    "membership.office.forget_inactive.begin_anew": _ONE,
    "membership.office.forget_inactive.end_retention": _FORGETS,
    "membership.office.forget_inactive.forget_nobody": _ONE,
    "membership.office.keep_values.keep_values": "the same values again change nothing",
    "membership.office.keep_reports.keep_reports": "the same answers again change nothing",
    "membership.office.keep_values.end_run": "a run is there when all of it is, or is done again",
    "membership.office.keep_categories.say_categories": "the same words again change nothing",
    "membership.office.keep_categories.end_category_run": _ONE,
    "telling.send_months.keep_month": "one transaction under a lock; kept is kept",
    "telling.send_months.take_month_letter": "killed in between: reckoning/test_months.py",
    "telling.send_months.settle_month_letter": _ONE,
    "telling.send_months.note_months_bounced": _AGAIN,
    "membership.office.alerts.raise_alerts.end_day": _ONE,
    "terms.sandboxes.move_clock.move_clock": _SANDBOX,
    "terms.sandboxes.move_clock.go_on": _SANDBOX,
    "access.beginning.begin_session": _PART,
    "access.by_hand.hold_hands": _PART,
    "access.watch_counter.tidy_staff": "taking out what is over twice does no harm",
    "access.own.refuse_own": _PART,
    "access.own.own_memberships": _PART,
    "access.ask_for_codes.would_refuse": _PART,
    "access.ask_for_codes.count_asked": _PART,
    "errands.carry_errands.take_errand": _ERRAND,
    "errands.carry_errands.tell_errand": _ERRAND,
    "errands.carry_errands.end_errand": _ERRAND,
    "errands.carry_errands.give_up_errand": _ERRAND,
    "errands.keep_errands.ask_errand": _ERRAND,
    "errands.keep_errands.stop_errand": _ONE,
    "errands.keep_errands.forget_errand": _ONE,
    "errands.keep_uploads.room_for_upload": _LOOKS,
    "errands.keep_uploads.keep_upload": "without its row a file is swept away after a day",
    "errands.keep_uploads.choose_columns": _ONE,
    "errands.keep_uploads.drop_upload": _ONE,
    "errands.keep_uploads.old_uploads": "taking out what is over twice does no harm",
    "membership.office.keep_rounds.step_rounds": _ONE,
    "membership.office.follow_points.follow_points": "its place moves in the transaction that "
    "lists; listed twice is as once",
    "membership.office.prepare_rows.prepare_rows": "its place moves in the transaction that folds "
    "and adds; a round cut off never was (tests/flows/night/counted)",
    "membership.office.prepare_rows.count_anew": _ONE,
    "membership.office.segments.follow_segments.follow_segments": "how far it came is written in "
    "the transaction that changes members; a round cut off never was",
    "membership.office.segments.keep_segments.list_members": _AGAIN,
    "membership.office.segments.bring_lists.bring_lists": _AGAIN,
    "membership.office.segments.tell_segments.tell_segments": "what was told is said in the "
    "transaction that tells it; a round cut off never was",
    "importing.bring_members.bring_members": _IMPORT,
    "importing.bring_names.bring_names": _IMPORT,
    "importing.bring_consents.bring_consents": _IMPORT,
    "importing.bring_tiers.bring_tiers": _IMPORT,
    "importing.open_balances.open_balances": _IMPORT,
    "importing.open_counts.open_counts": _IMPORT,
    "importing.open_shelves.open_shelves": _IMPORT,
    "importing.bring_codes.bring_codes": _IMPORT,
    "importing.bring_had.bring_had": _IMPORT,
    "importing.finding.find": _PART,
    "importing.take_back.begin_to_take_back": _UNDO,
    "importing.take_back.check": _LOOKS,
    "importing.take_back.pick": _UNDO,
    "importing.take_back.returns_of": _LOOKS,
    "importing.take_back.take_members_back": _UNDO,
    "importing.take_back.end_taking_back": _UNDO,
    "recording.before.history.refuse_known_ids": _PART,
    "recording.before.told_elsewhere.told_elsewhere": _PART,
    "recording.milestones.load_lapsed": _PART,
    "recording.milestones.load_lapsed_before": _PART,
    "recording.newcomers.find_members": _PART,
    "recording.sales.find_sales": _PART,
    "recording.sales.follow": _PART,
    "recording.spent.spent_on": _PART,
    "recording.stories.load_stories": _PART,
    "recording.begin.begin": _PART,
    "redeem_rewards.load_redemptions": _PART,
    "recording.preview_activities.preview_activities": _LOOKS,
    "membership.benefits.use_benefits.show_benefits": _LOOKS,
    "membership.benefits.keep_appointments.show_slots": _LOOKS,
    "membership.benefits.show_associates.show_associates": _LOOKS,
    "membership.benefits.show_associates.show_looks": _LOOKS,
    "membership.benefits.looking_after.load": _PART,
    "membership.benefits.looking_after.give_associates": _PART,
    "membership.benefits.keep_associates.keep_associates": _AGAIN,
    "membership.benefits.keep_associates.pass_members_on": _AGAIN,
    "membership.benefits.follow_associates.follow_associates": _AGAIN,
    "membership.benefits.batch.begin": _PART,
    "membership.benefits.batch.tell": _PART,
    "membership.benefits.batch.parties": _PART,
    "show_standing.show_standing": _LOOKS,
    "show_standing.there_by": _LOOKS,
    "tills.bills.bring_back.bring_back": _PART,
    "telling.campaigns.judging.judge_returned": _PART,
    "telling.follow.follow": _PART,
    "telling.hooks.retell.retell_events": _HOOKS,
    "terms.promised.desk.ill_ruled": _LOOKS,
    "terms.promised.desk.may": _LOOKS,
    "terms.promised.open_offer.open_offer": "one transaction, as publishing; opened it stays so",
    "terms.promised.show_offers.show_offers": _LOOKS,
    "terms.promised.show_offers.having": _LOOKS,
    "terms.promised.give_offers.walk_offers": "how far it came is written in the transaction that "
    "gives; done again it changes nothing",
    "terms.promised.choose_offers.walk_choices": "how far it came is written in the transaction "
    "that chooses; done again it changes nothing",
    "terms.promised.keep_promotions.cancel_promotion": "the steps of making one, without its rule",
    "points.wishing.refuse_paid": _PART,
    "points.wishing.offered_at": _LOOKS,
    "points.quote_payment.household_of": _LOOKS,
    "points.quote_payment.quote_household": _LOOKS,
    "points.quote_payment.quote_payment": _LOOKS,
    "recording.paying.who_pays": _LOOKS,
    "points.quote_reward.quote_reward": _LOOKS,
    "points.choosing.show_choices.show_choices": _LOOKS,
    "points.choosing.load.load_choices": _PART,
    "membership.plans.paid.load_plans": _PART,
    "points.payouts.keep_accounts.show_account": _LOOKS,
    "points.payouts.show_causes.show_causes": _LOOKS,
    "points.partners.accounts.begin": _PART,
    "points.partners.told_in_events.book_told": _INLETS,
    "points.partners.keep_settlement_plans.plan_settlements": _ONE,
    "points.partners.keep_settlement_plans.end_settlements": _ONE,
    "points.partners.keep_settlement_plans.settle_now": _ONE,
    "points.partners.keep_settlement_plans.put_from": _ONE,
    "points.partners.keep_settlement_plans.settlements_put": _ONE,
    "points.gaming.show_games.show_games": _LOOKS,
    "points.gaming.hand_rewards.begin_handing": _PART,
    "points.gaming.close_boards.close_boards": "closes every board at once, so no run has its own: "
    "cut off and gone on with in tests/flows/members/playing/test_won_rewards.py",
    "points.gaming.show_tickets.show_tickets": _LOOKS,
    "points.show_advocacy.show_advocacy": _LOOKS,
    "points.gaming.show_milestones.show_milestones": _LOOKS,
    "points.gaming.show_boards.show_board": _LOOKS,
    "points.gaming.show_boards.show_places": _LOOKS,
    "points.gaming.hold_draws.show_draw": _LOOKS,
    "points.gaming.book_prizes.book_prizes": _PART,
    "membership.benefits.show_eligible.show_eligible": _LOOKS,
    "membership.benefits.show_eligible.show_grants": _LOOKS,
    "membership.plans.show_memberships.show_memberships": _LOOKS,
    "membership.plans.show_memberships.find_membership": _LOOKS,
    "membership.plans.show_memberships.show_membership": _LOOKS,
    "membership.plans.show_memberships.quote_change": _LOOKS,
    "sealing.anchor_checkpoints.untold": _LOOKS,
    "sealing.anchor_checkpoints.newest": _LOOKS,
    "sealing.anchor_checkpoints.keep_told": "one statement, and told twice does no harm",
    "sealing.seal_entries.seal_round": _SEAL,
    "tills.pair_tills.make_pairings": "a code that nobody was shown ends by itself",
    "tills.pair_tills.pair_tills": "asked again it meets its used code: tests/surfaces/tills",
    "tills.pair_tills.turn_tills": _CUT,
    "tills.end_records.end_records": _CUT,
    "access.api_keys.show_keys_at": _ONE,
    "access.member_sessions.show_inside": _LOOKS,
    "access.member_sessions.show_sessions": _LOOKS,
    "access.member_sessions.show_visit": _LOOKS,
    "telling.said.marking.mark_addresses": _PART,
    "telling.said.agreeing.keep_words": _PART,
    "telling.campaigns.open_letters.open_letters": _ONE,
    "telling.hooks.klaviyo.keep_link.connect": _ONE,
    "telling.hooks.klaviyo.keep_link.end": _ONE,
    "telling.hooks.klaviyo.keep_link.walk": _ONE,
    "telling.hooks.klaviyo.keep_link.replay": _ONE,
    "telling.hooks.klaviyo.move_on.keep_page": _KLAVIYO,
    "telling.hooks.klaviyo.move_on.keep_link": _KLAVIYO,
    "telling.choose_messages.choose_messages": _ONE,
    "telling.choose_messages.say_in_own_words": _ONE,
    "telling.choose_messages.show_choices": _LOOKS,
    "telling.plan_deliveries.plan_deliveries": _TELLS,
    "telling.settle_deliveries.forget_settled": _TELLS,
    "telling.settle_deliveries.send_again": _ONE,
    "telling.settle_deliveries.settle_deliveries": _TELLS,
    "telling.take_deliveries.take_deliveries": _TELLS,
    "inlets.book_arrivals.book_arrivals": _INLETS,
    "inlets.about_people.about_people": _PART,
    "inlets.codes_used.codes_used": _PART,
    "inlets.carts.claims.free_for": _LOOKS,
    "inlets.carts.claims.known_facts": _LOOKS,
    "inlets.carts.unpaid.off_orders": _LOOKS,
    "inlets.carts.unpaid.refuse_ordered": _LOOKS,
    "inlets.carts.claims.paid_now": "a part of booking; told again nothing changes",
    "inlets.carts.claims.carts_ordered": "a part of booking; told again nothing changes",
    "inlets.carts.holding.hold_for_orders": "a part of booking; told again nothing changes",
    "inlets.carts.promises.best_offers": _LOOKS,
    "inlets.carts.offers.open_offer": _LOOKS,
    "inlets.carts.offers.carts_paid": "a part of booking: "
    "tests/surfaces/connect/magento/test_cut_off.py",
    "points.codes.keep_in_shops.choose_code_shops": _ONE,
    "points.codes.keep_in_shops.try_shop_codes": _ONE,
    "points.codes.keep_in_shops.plan_shop_codes": _AGAIN,
    "points.codes.keep_in_shops.take_shop_codes": _SHOP_CODES,
    "points.codes.keep_in_shops.settle_shop_codes": _SHOP_CODES,
    "inlets.forgetting.bodies_that_name": _PART,
    "inlets.keep_arrivals.keep_arrivals": _INLETS,
    "inlets.hear_texts.hear_texts": "one transaction, once by the id of the message; what is cut "
    "off was not heard, and the provider says it again",
    "inlets.keep_catch_ups.ask_shops": _ONE,
    "inlets.keep_catch_ups.end_asking": _ONE,
    "inlets.keep_catch_ups.move_on": "in one transaction with what it moved over: "
    "tests/surfaces/connect/woocommerce/test_cut_off.py",
    "inlets.outlets.hearing.hear": _PART,
    "inlets.outlets.hearing.hear_no_more": _PART,
    "inlets.outlets.hearing.is_heard": _LOOKS,
    "inlets.outlets.keep_outlets.tell_systems": _ONE,
    "inlets.outlets.keep_outlets.end_telling": _ONE,
    "inlets.outlets.keep_outlets.tell_again": _ONE,
    "inlets.outlets.pictures.pictures": _LOOKS,
    "inlets.outlets.tell_members.plan_members": _OUTLETS,
    "inlets.outlets.tell_members.take_members": _OUTLETS,
    "inlets.outlets.tell_members.settle_members": _OUTLETS,
    "inlets.keep_feeds.feed_from": _ONE,
    "inlets.keep_feeds.end_feeds": _ONE,
    "inlets.keep_feeds.look_at_files": "looked at again, it writes down the same",
    "inlets.keep_feeds.move_feeds": "looked at again, it says the same",
    "inlets.keep_feeds.move_files": "in one transaction with the rows it moved over: "
    "tests/surfaces/connect/feeds/test_rows.py",
    "inlets.keep_streams.stream_from": _ONE,
    "errands.keep_extracts.plan_extracts": _ONE,
    "errands.keep_extracts.end_extracts": _ONE,
    "errands.keep_extracts.write_now": _ONE,
    "errands.keep_extracts.begin_extract": "begun once, under its number: "
    "tests/surfaces/connect/extracts/test_daily.py",
    "errands.keep_extracts.begin_anew": "begun anew, it has its name of then: "
    "tests/surfaces/connect/extracts/test_meanwhile.py",
    "errands.keep_extracts.carry_on": "done together with where the next goes on: "
    "tests/surfaces/connect/extracts/test_daily.py",
    "inlets.keep_streams.end_streams": _ONE,
    "inlets.keep_streams.move_streams": "in one transaction with the messages it moved over: "
    "tests/surfaces/connect/streams/test_reading.py",
    "inlets.again.told_before.as_told_before": _PART,
    "inlets.outlets.keep_rotated.keep_rotated": _ONE,
    "inlets.settle_hints.settle_hints": "in one transaction with what was asked for: "
    "tests/surfaces/connect/stripe/test_cut_off.py",
    "membership.plans.follow_subscriptions.follow_subscriptions": "with the event that tells them: "
    "tests/surfaces/connect/stripe/test_cut_off.py",
    "inlets.keep_inlets.change_inlets": _ONE,
    "inlets.keep_inlets.make_inlets": "made once by its key, as webhooks are",
    "inlets.keep_inlets.rotate_inlet_secrets": "changed once by its key, as webhooks are",
    "inlets.again.say_another.say_another": _ONE,
    "inlets.again.say_same.say_same": "one transaction with the return; said again nothing changes",
    "points.partners.end_contracts.end_contracts": "said once by its key, in one statement with it",
    "recording.before.set_apart.set_apart": _PART,
    "recording.before.other_lines.other_lines": _PART,
    "recording.before.other_lines.keep_other_lines": _PART,
    "inlets.keep_inlets.run_again": _ONE,
    "inlets.take_arrivals.sweep_arrivals": _ONE,
    "inlets.take_arrivals.take_arrivals": _INLETS,
    "telling.hooks.keep_hooks.make_hooks": _HOOKS,
    "telling.hooks.keep_hooks.change_hooks": _HOOKS,
    "telling.hooks.keep_hooks.rotate_secrets": _HOOKS,
    "telling.hooks.keep_hooks.replay_hooks": _HOOKS,
    "telling.hooks.keep_hooks.send_once_more": _HOOKS,
    "telling.hooks.plan_sendings.plan_sendings": _HOOKS,
    "telling.hooks.take_sendings.take_sendings": _HOOKS,
    "telling.hooks.settle_sendings.settle_sendings": _HOOKS,
    "telling.hooks.forget.forget_settled_sendings": _HOOKS,
    "telling.hooks.forget.clear_deleted_hooks": _HOOKS,
    "telling.hooks.move_back.move_back": _HOOKS,
    "terms.keep_look.keep_look": _ONE,
    "terms.open_shop.type_step": _ONE,
    "terms.open_shop.found_shop": "with its owner or not at all: surfaces/console/test_begin.py",
    "terms.start_for_real.start_for_real": "one statement: flows/terms/test_opening.py",
    "terms.plan_version.plan_version": _LOOKS,
    "terms.plan_version.people_of_plan": _LOOKS,
    "terms.comes.owed.plan_owed": _LOOKS,
    "terms.comes.touched.how_many": _LOOKS,
    "terms.comes.versions.coming": _LOOKS,
    "terms.plan_ladders.changes_of": _LOOKS,
    "terms.move_over.move_over": "killed at each statement: tests/flows/terms/test_changeovers.py",
    "terms.rates.rate_again.rate_again": "killed at each statement: flows/terms/test_rates.py",
    "terms.rates.plan_rates.plan_rates": _LOOKS,
    "terms.rates.settled.settled": _LOOKS,
    "terms.rates.told.tell": _LOOKS,
    "points.referring.count_friends.count_friends": _PART,
    "midnight.foretell_tiers": "the kiosk tells nobody before a tier is lost",
    "membership.tiers.foretell_ladders.foretell_ladders": "nor before a step of a club is",
}
"""Flows that are not failed at every statement, and why."""
ANYTHING = SimpleNamespace(
    activity_id=UUID(int=1), staff_id=UUID(int=1), principal="staff_1", member=UUID(int=1), one=SimpleNamespace(principal="staff_1"), round_id=UUID(int=1), boss=UUID(int=1), alert_id=UUID(int=1), member_id=UUID(int=1), redemption_id=UUID(int=1),
    use_id=UUID(int=1), times=(None, None), membership_id=UUID(int=1), claim_id=UUID(int=1), entry_id=UUID(int=1), key=SimpleNamespace(key_id=UUID(int=1)),
    till_id=UUID(int=1), told=(), code="one",
)  # fmt: skip


def flows_there_are() -> Iterator[str]:
    """Every public function of a flow that begins with a transaction, by where it stands."""
    package = regulars.flows
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if found.name.startswith("regulars.flows.batch"):
            continue
        for name, one in vars(importlib.import_module(found.name)).items():
            here = inspect.iscoroutinefunction(one) and one.__module__ == found.name
            if (
                here
                and not name.startswith("_")
                and next(iter(inspect.signature(one).parameters)) == "tx"
            ):
                yield _place(one)


def _place(flow: Callable[..., Any]) -> str:
    return f"{flow.__module__.removeprefix('regulars.flows.')}.{flow.__name__}"


def behind(flow: Any) -> Iterator[str]:
    """The flow itself, or those that a test's wrapper around it calls."""
    if flow.__module__.startswith("regulars.flows."):
        yield _place(flow)
        return
    closed = inspect.getclosurevars(flow)
    for one in (*closed.nonlocals.values(), *closed.globals.values()):
        if inspect.isfunction(one) and one.__module__.startswith("regulars.flows."):
            yield _place(one)


def failed(operation: Operation) -> set[str]:
    """The flows that an operation fails."""
    given: Any = "kiosk" if operation.name == "publish" else ANYTHING
    return set(behind(operation.ask(1, given)[0]))


def test_every_flow_is_failed_or_named_with_a_reason() -> None:
    there, tried = set(flows_there_are()), set[str]().union(*map(failed, OPERATIONS))
    assert sorted(there - tried - LEFT_OUT.keys()) == [], "add an operation, or say why not"
    assert sorted(LEFT_OUT.keys() - there) == [], "these are no flows any more"
    assert sorted(LEFT_OUT.keys() & tried) == [], "these are failed after all"


NO_FLOWS = {
    "batch.load.hold_members": _LOOKS,
}
"""What other rooms ask of the flows and await, and is none."""


def asked_from_outside() -> set[str]:
    """Everything of the flows that any other room imports and awaits, by where it stands."""
    found = set[str]()
    for file in sorted(ROOT.rglob("*.py")):
        text = file.read_text("utf-8")
        if file.is_relative_to(ROOT / "flows") or "regulars.flows" not in text:
            continue
        for node in ast.parse(text).body:
            module = getattr(node, "module", None) or ""
            if isinstance(node, ast.ImportFrom) and module.startswith("regulars.flows"):
                found |= set(_awaited(module, [one.name for one in node.names]))
    return found


def _awaited(module: str, names: list[str]) -> Iterator[str]:
    there = importlib.import_module(module)
    for name in names:
        one = getattr(there, name, None) or importlib.import_module(f"{module}.{name}")
        every = vars(one).values() if inspect.ismodule(one) else [one]
        yield from (
            _place(each)
            for each in every
            if inspect.iscoroutinefunction(each)
            and (each is one or each.__module__ == one.__name__)
            and not each.__name__.startswith("_")
            and each.__module__.startswith("regulars.flows.")
        )


def test_whatever_is_asked_from_outside_is_a_flow_that_is_counted() -> None:
    """One that begins with something else than a transaction, or hides in `batch`, is seen too."""
    asked = asked_from_outside()
    assert len(asked) > 150
    assert sorted(asked - set(flows_there_are()) - NO_FLOWS.keys()) == []
    assert sorted(NO_FLOWS.keys() - asked) == []


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_every_operation_fails_a_flow(operation: Operation) -> None:
    assert failed(operation)


def test_control_a_flow_without_an_operation_would_be_named() -> None:
    left = [one for one in OPERATIONS if one.name != "transfer"]
    tried = set[str]().union(*map(failed, left))
    assert set(flows_there_are()) - tried - LEFT_OUT.keys() == {
        "points.transfer_points.transfer_points"
    }
