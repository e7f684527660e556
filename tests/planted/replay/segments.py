"""Bugs of segments, and the tests of each as the checks that notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final

from tests.planted.bug import Bug

_COMPILES = "insight/segments/questions.py"
_ASKS = "engine/segments/asking.py"
_FOLLOWS = "flows/membership/office/segments/follow_segments.py"
SEGMENTED = (
    Bug(
        "who has nothing is not counted where nothing fits",
        _COMPILES,
        "return (low is None or low <= 0) and (high is None or high >= 0)",
        "return False",
        "checks.segments_one_and_all",
    ),
    Bug(
        "who is blocked is counted where one question is asked",
        "insight/segments/compiling.py",
        """and m.state <> 'active' and m.member_id = s.member_id)""",
        """and m.state = 'nobody' and m.member_id = s.member_id)""",
        "checks.segments_one_and_all",
    ),
    Bug(
        "true is as good as 1",
        _ASKS,
        "type(has) is type(value) and has == value",
        "has == value",
        "checks.segments_one_and_all",
    ),
    Bug(
        "an edited condition makes members come and go",
        _FOLLOWS,
        'await _fill(tx, fresh[0]._replace(because=""), base.today, by)',
        "await _fill(tx, fresh[0], base.today, by)",
        "checks.segments_edited",
    ),
    Bug(
        "nobody comes or goes as a day begins",
        _FOLLOWS,
        "(one.segment.filled_on, one.segment.filled_by) != (today, by)",
        "one.segment.filled_by != by",
        "checks.segments_by_time",
    ),
    Bug(
        "what no entry tells of is not followed",
        _FOLLOWS,
        "touched = await read.touched(tx, below)",
        "touched = set()",
        "checks.segments_touched",
    ),
    Bug(
        "another version of the program is not followed",
        _FOLLOWS,
        "(one.segment.filled_on, one.segment.filled_by) != (today, by)",
        "one.segment.filled_on != today",
        "checks.segments_ruled",
    ),
    Bug(
        "what stands on an edited segment stays as it was",
        "flows/membership/office/segments/keep_segments.py",
        "await tx.write(write.anew(tx, others))",
        "await tx.write(write.anew(tx, others[:0]))",
        "checks.segments_stood_on",
    ),
    Bug(
        "segments that tell nothing tell all the same",
        "records/program/changes/segments/write.py",
        "because, one.saved, not one.tells]",
        "because, one.saved, False]",
        "checks.segments_told",
    ),
    Bug(
        "lines that name nobody are left out in silence",
        "flows/membership/office/segments/bring_lists.py",
        "if wrong and not command.partly:",
        "if not ids and not command.partly:",
        "checks.segments_brought",
    ),
    Bug(
        "days are counted store by store",
        _COMPILES,
        "having count(distinct day) >= {sheet",
        "having count(day) >= {sheet",
        "checks.segments_one_and_all",
    ),
    Bug(
        "what was done counts from midnight in Greenwich",
        _COMPILES,
        "::timestamp at time zone $2::text",
        "::timestamp at time zone 'UTC'",
        "checks.segments_one_and_all",
    ),
    Bug(
        "who is likely to come back counts as lapsing",
        _COMPILES,
        "low = 0 if one.at_most is None else 1000 - one.at_most",
        "low = 0 if one.at_most is None else one.at_most",
        "checks.segments_one_and_all",
    ),
    Bug(
        "who left a club is in it",
        _COMPILES,
        "and p.until is null{sheet",
        "{sheet",
        "checks.segments_one_and_all",
    ),
    Bug(
        "another chance brings nobody in or out",
        "records/program/changes/segments/write.py",
        "where (v.chance is distinct from w.chance",
        "where (false and v.chance is distinct from w.chance",
        "checks.segments_valued",
    ),
    Bug(
        "who is worth more comes into no segment",
        "records/program/changes/segments/write.py",
        "or (v.worth_minor is distinct from w.worth_minor",
        "or (false and v.worth_minor is distinct from w.worth_minor",
        "checks.segments_valued",
    ),
    Bug(
        "what was done within some days stays done",
        "records/program/changes/segments/conditions.py",
        "    Spent, Orders, Visits, Did, CategoryBought,",
        "    Spent, Orders, Visits, CategoryBought,",
        "checks.segments_valued",
    ),
)


def _flows(test: str, file: str = "following") -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        from importlib import import_module

        from regulars.records.program.templates import load_template

        slug = f"p{os.getpid()}-{test.replace('_', '-')[:20].strip('-')}"
        shop.begin(load_template("coffee-shop"), slug=slug)
        module = import_module(f"tests.flows.terms.segments.test_{file}")
        getattr(module, f"test_{test}")(shop)

    return check


def _one_and_all(shop: Any) -> None:
    from tests.insight.segments import test_one_and_all

    shop.begin(test_one_and_all.SHOP, slug=f"p{os.getpid()}-segments")
    test_one_and_all.lives(shop)
    test_one_and_all.test_what_one_is_told_is_what_all_are_counted_by(shop)


ALONE: Final[dict[str, Callable[[Any], None]]] = {
    "segments_one_and_all": _one_and_all,
    "segments_edited": _flows("an_edited_condition_moves_nobody"),
    "segments_by_time": _flows("time_alone_brings_somebody_in_as_the_day_begins"),
    "segments_touched": _flows("what_no_entry_tells_of_is_followed_too"),
    "segments_valued": _flows("another_chance_and_a_further_deed_are_followed"),
    "segments_ruled": _flows("another_version_of_the_program_is_followed"),
    "segments_stood_on": _flows("whatever_stands_on_an_edited_segment_is_filled_anew_too"),
    "segments_told": _flows(
        "a_segment_that_tells_says_who_comes_and_who_goes_and_no_other_does", "telling"
    ),
    "segments_brought": _flows(
        "a_line_that_names_nobody_is_told_and_nothing_is_changed", "bringing"
    ),
}
