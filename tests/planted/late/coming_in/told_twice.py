"""Bugs of one sale that several sources tell, and of what is looked at again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_ELSEWHERE = "flows/recording/before/told_elsewhere.py"
_ALIKE = "flows/recording/before/told_alike.py"
_OTHERWISE = "engine/returning/told_otherwise.py"
TOLD_TWICE = (
    Bug(
        "what others tell, too, is known by its own receipt alone",
        _ELSEWHERE,
        "for one in more.receipts",
        "for one in more.receipts[:0]",
        "checks.in_any_order_it_is_one",
    ),
    Bug(
        "a till and the worker at once book a sale twice",
        _ELSEWHERE,
        "for one in more.receipts",
        "for one in more.receipts[:0]",
        "checks.at_once_it_is_one",
    ),
    Bug(
        "a receipt of a duplicate stands for nothing",
        _ELSEWHERE,
        "item.fresh_keys = [key for key in item.keys if key not in found]",
        "item.fresh_keys = []",
        "checks.it_comes_back_by_any_receipt",
    ),
    Bug(
        "within one batch nobody says that two are one",
        _ELSEWHERE,
        "if item.open and not told.isdisjoint(item.keys):",
        "if False:",
        "checks.the_second_of_three_links_them",
    ),
    Bug(
        "whatever it comes to, it is a duplicate",
        _ELSEWHERE,
        "and booked is not None and amount != booked:",
        "and False:",
        "checks.another_amount_is_no_duplicate",
    ),
    Bug(
        "whosever it is, it is a duplicate",
        _ELSEWHERE,
        "owners.get(command.member, owner) != owner:",
        "False:",
        "checks.another_amount_is_no_duplicate",
    ),
    Bug(
        "two equal sales of one member are one",
        _ALIKE,
        "and (command.source, one.activity_id) not in self.taken",
        "and True",
        "checks.without_a_receipt_it_is_known",
    ),
    Bug(
        "whoever is named by another receipt may be the same",
        _ALIKE,
        "and (one.source not in named or not one.external_id)",
        "and True",
        "checks.another_receipt_is_another_sale",
    ),
    Bug(
        "a sale met by a receipt stands for a second row, too",
        _ALIKE,
        "taken | met",
        "taken",
        "checks.another_receipt_is_another_sale",
    ),
    Bug(
        "what waits for what was refused says so before its own reason",
        "flows/inlets/book_arrivals.py",
        "no.sort(key=lambda each: isinstance(each[1], ToldBeside))",
        "no.sort(key=lambda each: not isinstance(each[1], ToldBeside))",
        "checks.what_shares_a_receipt_ends",
    ),
    Bug(
        "what waits is refused where a part of it would be booked",
        "flows/inlets/book_arrivals.py",
        "len(no) + len(booked) == len(came)",
        "len(no) == len(came)",
        "checks.what_shares_a_receipt_ends",
    ),
    Bug(
        "points reserved for what was told before stay reserved and nobody is told",
        _ELSEWHERE,
        "not set(redemptions_of(command.body)).issubset(redemptions_of(activity.body))",
        "False",
        "checks.reserved_points_are_not_passed_over",
    ),
    Bug(
        "a piece of one amount is a minor unit",
        "flows/recording/sales.py",
        "if told is None:",
        "if True:",
        "checks.pieces_the_till_told_as_one_are_a_share",
    ),
    Bug(
        "what comes back in pieces is never back whole",
        _OTHERWISE,
        "wanted += -(-whole * share[0] * part.quantity // share[1])",
        "wanted += whole * share[0] * part.quantity // share[1]",
        "checks.pieces_are_back_in_any_order",
    ),
    Bug(
        "of another number of pieces the article says which",
        _OTHERWISE,
        "if same and pieces_of(booked[line] for line in same) == pieces_of(theirs):",
        "if same:",
        "checks.what_nobody_can_say_is_not_guessed",
    ),
    Bug(
        "more comes back than its source sold",
        _OTHERWISE,
        "if back[part.line] > sold:",
        "if sold < 0:",
        "checks.no_more_comes_back_than_was_sold",
    ),
    Bug(
        "of two lines of one article any comes back",
        _OTHERWISE,
        "return sorted(same, key=lambda line: not alike(booked[line], meant))",
        "return same",
        "checks.the_line_that_cost_as_much_is_meant",
    ),
    Bug(
        "either of two equal lines is meant",
        _OTHERWISE,
        "if len(equal) == 1 and sum(alike(one, meant) for one in told) == 1 and not same:",
        "if equal and not same:",
        "checks.what_nobody_can_say_is_not_guessed",
    ),
    Bug(
        "a return that waited means the lines that were booked",
        "flows/recording/catch_up.py",
        "sales.told = await other_lines(tx, [_unpack(one.command) for one in found])",
        "sales.told = await other_lines(tx, [])",
        "checks.pieces_come_back_in_any_order",
    ),
    Bug(
        "what was passed as told before overtakes nothing",
        "records/inlets/read.py",
        "and (b.state = 'booked' or b.code = 'duplicate')",
        "and b.state = 'booked'",
        "checks.a_duplicate_overtakes",
    ),
    Bug(
        "a sale of another hour is the same",
        "surfaces/connect/inlets/reading.py",
        "Alike(timedelta(minutes=one.within_minutes)",
        "Alike(timedelta(minutes=one.within_minutes * 9)",
        "checks.without_a_receipt_it_is_known",
    ),
    Bug(
        "what was passed is never looked at again",
        "flows/inlets/keep_inlets.py",
        "write.again(tx, one.inlet_id, one.arrival_id, states, one.since)",
        "write.again(tx, one.inlet_id, one.arrival_id)",
        "checks.what_was_passed_is_read_anew",
    ),
    Bug(
        "a letter that failed counts each time it is looked at",
        "records/inlets/types.py",
        'PASSED_AGAIN: Final = ("", DUPLICATE,',
        'PASSED_AGAIN: Final = ("counted", "", DUPLICATE,',
        "checks.letters_count_once",
    ),
    Bug(
        "a shop is asked on, however much waits",
        "runtime/working/inlets/catcher.py",
        "if waits < most:",
        "if True:",
        "checks.no_more_is_asked_than_is_booked",
    ),
    Bug(
        "webhooks that are gone are not missed",
        "records/inlets/catching/read.py",
        "type <> all($3::text[])",
        "true",
        "checks.silent_webhooks_are_missed",
    ),
    Bug(
        "the day from which it counts is left aside",
        "surfaces/connect/inlets/places/values.py",
        "at.astimezone(zone).date() < first",
        "at.astimezone(zone).date() <= first",
        "checks.what_is_older_is_left_aside",
    ),
    Bug(
        "what is another sale keeps no receipt of its own",
        "flows/recording/before/set_apart.py",
        "return key == item.receipt or one.content == item.content",
        "return False",
        "checks.another_sale_has_its_receipt",
    ),
    Bug(
        "what is another sale takes the other one's receipts, too",
        "flows/recording/before/set_apart.py",
        "return key == item.receipt or one.content == item.content",
        "return True",
        "checks.another_sale_has_its_receipt",
    ),
    Bug(
        "a rule passes what somebody said to be another sale",
        _ALIKE,
        "if self.beside[item.place].apart:",
        "if False:",
        "checks.another_sale_is_passed_by_no_rule",
    ),
    Bug(
        "what is another sale still takes the place of the one it was taken for",
        "records/inlets/read.py",
        "and not g.activity_id = any(a.apart)",
        "",
        "checks.another_sale_is_passed_by_no_rule",
    ),
    Bug(
        "what came back of the other sale is not asked",
        "flows/inlets/again/say_another.py",
        "if not any(row.source == inlet.source for row in rows.values()):",
        "if True:",
        "checks.another_sale_was_taken_for_that",
    ),
    Bug(
        "of an order only one state is another sale",
        "records/inlets/write.py",
        "and a.name = said.name and a.told_at is not null",
        "and a.name = said.name and a.told_at is null",
        "checks.another_sale_brings_its_states",
    ),
    Bug(
        "of a file that is read all of it is left",
        "records/inlets/feeding/read.py",
        "sum(size - position)::bigint",
        "sum(size)::bigint",
        "checks.what_is_left_is_said",
    ),
)


def _counter(shop: Shop) -> Any:
    from tests.surfaces.counter import Counter

    from regulars.surfaces.senders.outgoing.guard import Guard, networks_of

    return Counter(
        shop,
        ticks=lambda: shop.now.timestamp(),  # noqa: PLW0108
        feeds=Path(mkdtemp(prefix="planted-")),
        receivers=Guard(networks_of(["127.0.0.0/8"])),
    )


def _ways(shop: Shop) -> Any:
    from tests.surfaces.connect.feeds.test_same_sale import opened

    return opened(_counter(shop))


def in_any_order_it_is_one(shop: Shop) -> None:
    from tests.surfaces.connect.feeds import test_same_sale as tests

    tests.test_in_any_order_of_arrival_it_is_one(_ways(shop), ("hook", "file", "till"))


def at_once_it_is_one(shop: Shop) -> None:
    from tests.surfaces.connect.feeds import test_same_sale as tests

    tests.test_a_till_and_the_worker_at_once_make_one(_ways(shop))


def it_comes_back_by_any_receipt(shop: Shop) -> None:
    from tests.surfaces.connect.feeds import test_same_sale as tests

    tests.test_a_return_finds_the_sale_by_any_of_its_receipts(_ways(shop))


def the_second_of_three_links_them(shop: Shop) -> None:
    from tests.surfaces.connect.feeds import test_same_sale as tests

    tests.test_of_one_batch_the_second_says_that_the_first_and_third_are_one(_ways(shop))


def another_amount_is_no_duplicate(shop: Shop) -> None:
    from tests.surfaces.connect.feeds import test_same_sale as tests

    tests.test_what_comes_to_another_amount_or_member_is_no_duplicate(_ways(shop))


def without_a_receipt_it_is_known(shop: Shop) -> None:
    from tests.surfaces.connect.feeds import test_same_sale as tests

    tests.test_without_a_common_receipt_it_is_known_by_member_total_and_time(_counter(shop))


def another_receipt_is_another_sale(shop: Shop) -> None:
    from tests.surfaces.connect.feeds import test_same_sale as tests

    tests.test_whoever_is_named_by_another_receipt_told_another_sale(_counter(shop))


def what_shares_a_receipt_ends(shop: Shop) -> None:
    from tests.surfaces.connect.feeds import test_same_sale as tests

    tests.test_what_shares_a_receipt_with_what_was_refused_ends_and_stops_nobody(_counter(shop))


def reserved_points_are_not_passed_over(shop: Shop) -> None:
    from tests.surfaces.connect.feeds import test_same_sale as tests

    tests.test_points_reserved_for_what_was_told_before_are_not_passed_over(_ways(shop))


def pieces_the_till_told_as_one_are_a_share(shop: Shop) -> None:
    from tests.surfaces.connect.woocommerce import test_elsewhere as tests

    tests.test_pieces_of_what_the_till_told_as_one_amount_are_their_share_of_it(_counter(shop))


def pieces_come_back_in_any_order(shop: Shop) -> None:
    from tests.surfaces.connect.feeds import test_other_lines as tests

    tests.test_in_any_order_its_pieces_take_back_what_they_cost(tests.Way(_counter(shop)))


def pieces_are_back_in_any_order(shop: Shop) -> None:
    from tests.engine.orders import test_told_otherwise as tests

    tests.test_whatever_the_order_the_same_is_back_and_the_whole_of_it_piece_by_piece()


def no_more_comes_back_than_was_sold(shop: Shop) -> None:
    from tests.engine.orders import test_told_otherwise as tests

    tests.test_no_more_comes_back_than_its_source_sold()


def the_line_that_cost_as_much_is_meant(shop: Shop) -> None:
    from tests.engine.orders import test_told_otherwise as tests

    tests.test_of_two_lines_of_one_article_the_one_that_cost_as_much_is_meant()


def what_nobody_can_say_is_not_guessed(shop: Shop) -> None:
    from tests.engine.orders import test_told_otherwise as tests

    for told in tests.UNKNOWN:
        tests.test_what_nobody_can_say_is_not_guessed(told)


def a_duplicate_overtakes(shop: Shop) -> None:
    from tests.surfaces.connect.woocommerce import test_elsewhere as tests

    tests.test_what_was_passed_as_told_before_overtakes_what_is_older(_counter(shop))


def what_was_passed_is_read_anew(shop: Shop) -> None:
    from tests.surfaces.connect.inlets import test_booking as tests
    from tests.surfaces.connect.inlets.sender import Sender

    tests.test_what_was_passed_is_read_by_a_mended_mapping_and_counts_once(Sender(_counter(shop)))


def another_sale_has_its_receipt(shop: Shop) -> None:
    from tests.surfaces.connect.feeds import test_another_sale as tests

    tests.test_a_receipt_that_was_used_twice_is_two_sales(_ways(shop))


def another_sale_was_taken_for_that(shop: Shop) -> None:
    from tests.surfaces.connect.feeds import test_another_sale as tests

    tests.test_what_belongs_to_neither_is_refused(_ways(shop))


def another_sale_is_passed_by_no_rule(shop: Shop) -> None:
    from tests.surfaces.connect.feeds import test_another_sale as tests

    tests.test_what_a_rule_took_for_the_same_is_not_taken_for_another_one_either(_counter(shop))


def another_sale_brings_its_states(shop: Shop) -> None:
    from tests.surfaces.connect.feeds import test_another_sale as tests

    tests.test_of_an_order_told_again_and_again_all_states_come_with_it(_counter(shop))


def letters_count_once(shop: Shop) -> None:
    from tests.surfaces.connect.inlets import test_soft_letters as tests
    from tests.surfaces.connect.inlets.sender import Sender
    from tests.surfaces.connect.inlets.test_letters import POSTMARK

    sender = Sender(_counter(shop), POSTMARK, "letters")
    tests.says(sender, 5, 30)
    tests.test_what_was_counted_is_not_looked_at_again(sender)


def _hook(shop: Shop) -> Any:
    from tests.surfaces.connect.woocommerce.shop import Hook

    return Hook(_counter(shop))


def no_more_is_asked_than_is_booked(shop: Shop) -> None:
    import pytest
    from tests.surfaces.connect.woocommerce import test_catching_up as tests

    with pytest.MonkeyPatch.context() as patch:
        tests.test_it_is_not_asked_for_more_than_is_booked_meanwhile(_hook(shop), patch)


def silent_webhooks_are_missed(shop: Shop) -> None:
    from tests.surfaces.connect.woocommerce import test_catching_up as tests

    tests.test_where_no_webhook_tells_for_a_day_it_is_said(_hook(shop))


def what_is_older_is_left_aside(shop: Shop) -> None:
    from tests.surfaces.connect.feeds import test_rows as tests

    tests.test_what_happened_before_the_day_from_which_it_counts_is_left_aside(_counter(shop))


def what_is_left_is_said(shop: Shop) -> None:
    import pytest
    from tests.surfaces.connect.feeds import test_rows as tests
    from tests.surfaces.connect.feeds.drop import Drop

    with pytest.MonkeyPatch.context() as patch:
        tests.test_how_much_is_left_is_said_while_a_file_is_read(
            Drop(_counter(shop)).from_folder(), patch
        )


TOLD_ONCE: dict[str, Callable[[Shop], None]] = {
    check.__name__: check
    for check in (
        in_any_order_it_is_one, at_once_it_is_one, it_comes_back_by_any_receipt,
        the_second_of_three_links_them, another_amount_is_no_duplicate,
        another_sale_has_its_receipt, another_sale_was_taken_for_that,
        another_sale_is_passed_by_no_rule, another_sale_brings_its_states,
        without_a_receipt_it_is_known, what_was_passed_is_read_anew, letters_count_once,
        no_more_is_asked_than_is_booked, silent_webhooks_are_missed, what_is_older_is_left_aside,
        what_is_left_is_said, another_receipt_is_another_sale, what_shares_a_receipt_ends,
        reserved_points_are_not_passed_over, pieces_the_till_told_as_one_are_a_share, pieces_come_back_in_any_order,
        pieces_are_back_in_any_order, what_nobody_can_say_is_not_guessed,
        no_more_comes_back_than_was_sold, the_line_that_cost_as_much_is_meant,
        a_duplicate_overtakes,
    )
}  # fmt: skip
