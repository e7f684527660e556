"""Bugs in what is counted beforehand for screens, and the tests that notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final

from tests.planted.bug import Bug

_FLOW = "flows/membership/office/prepare_rows.py"
_GOODS = "flows/membership/office/prepare_goods.py"
_READ = "records/prepared/read.py"
_ENDED = "records/prepared/ended/read.py"
_TYPES = "records/prepared/types.py"
_ANEW = "records/prepared/anew/__init__.py"
_WRITE = "records/prepared/write.py"
_LATE = "checks.counted_who_ends_late_is_counted_once"
_CUT = "checks.counted_a_round_that_is_cut_off_never_was"
_PORTIONS = "checks.counted_gaps_by_portions_are_those_of_all"
_ENDS = "checks.counted_a_days_end_by_portions_is_that_of_all"
_ROWS = "checks.counted_rows_follow_the_books"
_NOBODYS = "checks.counted_what_nobody_bought_is_added_once"
_TWO = "checks.counted_two_workers_at_once_count_once"
_CREDITED = "checks.counted_a_late_credit_moves_to_the_day_of_the_member"
_SECOND = "checks.counted_the_second_order_is_the_second_whenever_it_is_told"
_BETWEEN = "checks.counted_a_late_order_takes_its_place_between_others"
_MOMENT = "checks.counted_of_one_day_all_screens_say_the_same_at_every_moment"
_STALE = "checks.counted_a_worker_with_terms_of_before_does_not_go_on"
_HANDS = "checks.counted_several_hands_find_in_small_portions_what_one_finds_in_a_large_one"
_HEAVY = "checks.counted_a_heavy_transaction_after_an_idle_gap_is_passed"
_SELLS = "checks.counted_a_shop_that_sells_meanwhile_differs_in_nothing"
_STOOD = "checks.counted_who_stands_where_is_counted_soon_after_midnight_or_not_at_all"


def _sql(name: str, file: str, healthy: str, broken: str, check: str = _ROWS) -> Bug:
    """A bug in one of the statements, which are read from files."""
    read = f'_FOLDER.joinpath("{file}.sql").read_text("utf-8")'
    return Bug(name, _WRITE, read, f"{read}.replace({healthy!r}, {broken!r})", check)


COUNTED = (
    Bug("who ends late is not counted", _READ, "pg_snapshot_xmin(", "pg_snapshot_xmax(", _LATE),
    Bug("two workers add at once", _READ, " for update skip locked", "", _TWO),
    Bug("the place stays where it was", _FLOW, "_replace(below_tx=to)", "_replace()", _ROWS),
    Bug("some of everybody are all", _TYPES, "None if self.upto_id == EVERYBODY else self.upto_id",
        "None if self.upto_id > ALL_OF_NOBODY else self.upto_id", _CUT),
    Bug("a portion adds nothing", _WRITE, "await _run(tx, _ADD, {})", "pass", _CUT),
    Bug("a return tells of its own day alone", _WRITE, 'joinpath("members.sql").read_text("utf-8")',
        'joinpath("members.sql").read_text("utf-8").replace("t.sale_id is not null", "false")',
        _ROWS),
    Bug("only members are written down", _FLOW, "if added or to < below",
        "if to < below", _NOBODYS),
    Bug("an empty span before a heavy transaction is chosen for ever", _FLOW,
        "if added or to < below or to - since", "if added or to - since", _HEAVY),
    Bug("an empty span before a heavy transaction is chosen for ever, of goods", _GOODS,
        "if some or to < below or to - since", "if some or to - since", _HEAVY),
    Bug("yesterday is counted in the morning", _FLOW, "TOO_LATE_H: Final = 3",
        "TOO_LATE_H: Final = 24", _STOOD),
    Bug("a portion of a day's end takes the place of those before", _ENDED,
        "tiers = Counter(so_far.tiers)", "tiers = Counter[str]()", _ENDS),
    Bug("some of a day's end are all", _FLOW, "if found.after_id is not None:", "if False:", _ENDS),
    _sql("a sum forgets what was in it", "members", "select -1, kept.* from kept",
         "select 0, kept.* from kept"),
    _sql("two purchases of a day are two orders", "members", "max(orders)", "sum(orders)"),
    _sql("what came back is paid still", "members", "when b.sale_id is null then a.amount_minor",
         "when true then a.amount_minor"),
    _sql("a correction is issued", "points", "(where account = 14)", "(where account = 11)"),
    _sql("a redemption grows the triangle", "lots", "'redeemed')", "'none')"),
    _sql("what came back of a credited sale is nobody's still", "sold",
         "and sale.is_credited is not true", "and true", _CREDITED),
    _sql("a credited sale is nobody's still", "sold",
         "select 1 as sign, nobodys and not is_credited as nobodys", "select 1 as sign, nobodys",
         _CREDITED),
    _sql("who buys again late never bought a second time", "members",
         "least(l.second_on, min(o.day) filter (where o.sign = 1 and o.day > l.first_on))",
         "l.second_on", _SECOND),
    Bug("a worker follows by terms that are none any more", _FLOW,
        "if await program.latest(tx) != terms.latest:", "if False:", _STALE),
    Bug("where a cause happened is nowhere", _ANEW, 'read_text("utf-8")',
        'read_text("utf-8").replace("where store <> \'\' and", "where false and")', _ROWS),
    Bug("a day is of the month after it", _ANEW, 'read_text("utf-8")',
        'read_text("utf-8").replace("date_trunc(\'month\', day::timestamp)::date as month",'
        ' "(day + 31) as month")', _ROWS),
    _sql("of orders before a late one only the last is seen", "members",
         "group by d.day order by d.day desc limit 2", "group by d.day order by d.day desc limit 1",
         _BETWEEN),
    _sql("of orders after a late one only the next is seen", "members",
         "group by d.day order by d.day limit 2", "group by d.day order by d.day limit 1",
         _BETWEEN),
    Bug("gaps are counted with no portion", _WRITE, "gaps = None if some.next_id is not None else",
        "gaps = None if True else", _CUT),
    _sql("gaps of a portion take the place of others", "gaps", "t.last + excluded.last,",
         "excluded.last,", _PORTIONS),
    Bug("old gaps are counted twice", _WRITE, "limit $2::bigint", "limit 0 * $2::bigint",
        _PORTIONS),
    Bug("of portions that are looked at only the last is said to differ",
        "runtime/checking/counting.py", "self.differ += [some] if changed else []",
        "self.differ = [some] if changed else []", _HANDS),
    Bug("what is sold while a rebuild looks is said to differ",
        "runtime/checking/counting.py", "zone, there.below_tx, some, compare=True",
        "zone, (1 << 63) - 1, some, compare=True", _SELLS),
    Bug("what a worker does while a rebuild looks is said to differ",
        "runtime/checking/counting.py", "await self._folds(terms, some, read.reach)",
        "await self._folds(terms, some, read.begun)", _SELLS),
    _sql("a day has what was told since", "members", "and a.recorded_tx < $5::bigint", "", _MOMENT),
    _sql("a sale has what came back since", "members", "and r.recorded_tx < $5::bigint", "", _MOMENT),
    _sql("what comes back of old sales is forgotten", "sold", "a.known, a.before,",
         "false as known, a.before,"),
)  # fmt: skip


def _test(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        # Imported late, so that they meet the source with the bug in it.
        from tests.flows.night.counted import (
            test_counted_again,
            test_day_ends,
            test_gaps_by_portions,
            test_late_credit,
            test_prepare_rows,
            test_stale_terms,
        )

        def opened(source: str) -> Any:
            shop.begin(source, slug=f"counted-{os.getpid()}-{sorted(ALONE).index(name)}")
            return shop

        said = name.replace("counted_", "test_", 1)
        files = (test_prepare_rows, test_stale_terms, test_late_credit, test_gaps_by_portions,
                 test_day_ends, test_counted_again)  # fmt: skip
        next(getattr(one, said) for one in files if hasattr(one, said))(opened)

    return check


ALONE: Final = {
    name: _test(name) for name in sorted({bug.check.removeprefix("checks.") for bug in COUNTED})
}
