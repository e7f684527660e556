"""What a replay found, as tables: who wins and loses, what is assumed, what is not known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from regulars.base.decimals import text_of
from regulars.engine.replaying import compare
from regulars.engine.replaying.compare import Group, Move
from regulars.surfaces.replay.result import Result
from regulars.surfaces.replay.words import (
    ASSUMED,
    MECHANICAL,
    Section,
    money,
    number,
    per_cent,
    signed,
)

EXAMPLES: Final = 5
MOST_LEFT_OUT: Final = 50


def people(result: Result) -> list[Section]:
    """Winners and losers, with examples; segments and stores."""
    segments = compare.segments(
        result.moves, lambda member_id: result.segments.get(member_id, "") or "none"
    )
    return [
        _winners(result),
        _examples(result),
        _groups("Segments", f"Members by {result.segment_called}.", "Members", segments, result),
        _groups(
            "Stores", "What each store sold and gave.", "Activities",
            compare.stores(result.before, result.after, result.worths), result,
        ),
    ]  # fmt: skip


def _winners(result: Result) -> Section:
    parts: list[tuple[str, list[Move]]] = [
        ("get more", [one for one in result.moves if one.by > 0]),
        ("get the same", [one for one in result.moves if not one.by]),
        ("get less", [one for one in result.moves if one.by < 0]),
        ("end on another tier", [o for o in result.moves if o.tier_before != o.tier_after]),
    ]
    everybody = len(result.moves)
    rows = [
        (called, number(len(those)), per_cent(len(those), everybody),
         money(sum((one.by for one in those), Fraction(0)), result.program))
        for called, those in parts
    ]  # fmt: skip
    says = "What members get from the rules between the two days, in money, net of returns."
    headings = ("Members who", "How many", "Share", "In all")
    return Section("Winners and losers", MECHANICAL, says, headings, rows)


def _examples(result: Result) -> Section:
    gain = [one for one in result.moves if one.by > 0][:EXAMPLES]
    lose = [one for one in reversed(result.moves) if one.by < 0][:EXAMPLES]
    rows = [
        (
            result.names.get(one.member_id, str(one.member_id)),
            f"{one.tier_before or 'none'} → {one.tier_after or 'none'}",
            money(one.sales_minor, result.program),
            money(one.before, result.program),
            money(one.after, result.program),
            signed(money(one.by, result.program), one.by),
        )
        for one in [*gain, *lose]
    ]
    says = f"The {EXAMPLES} who gain most, then the {EXAMPLES} who lose most."
    headings = ("Member", "Tier", "Bought", "In force", "Draft", "Difference")
    return Section("Examples", MECHANICAL, says, headings, rows, 2)


def _groups(
    title: str, says: str, counted: str, groups: Sequence[Group], result: Result
) -> Section:
    rows = [
        (
            one.name or "none",
            number(one.activities),
            money(one.sales_minor, result.program),
            money(one.before, result.program),
            money(one.after, result.program),
            signed(money(one.after - one.before, result.program), one.after - one.before),
        )
        for one in groups
    ]
    headings = (title[:-1], counted, "Bought", "In force", "Draft", "Difference")
    return Section(title, MECHANICAL, says, headings, rows)


def assumed(result: Result) -> Section:
    """What sales and cost would be if people answered to the change; an assumption each."""
    before = sum((one.before for one in result.moves), Fraction(0))
    after = sum((one.after for one in result.moves), Fraction(0))
    rows = []
    for elasticity in result.elasticities:
        told = compare.respond(result.sales_minor, before, after, elasticity)
        if told is not None:
            more = told.sales_minor - result.sales_minor
            rows.append(
                (
                    text_of(int(elasticity * 1000), 3).rstrip("0").rstrip("."),
                    money(told.sales_minor, result.program),
                    signed(money(more, result.program), more),
                    money(told.cost_minor, result.program),
                    signed(
                        money(told.cost_minor - before, result.program), told.cost_minor - before
                    ),
                )
            )
    return Section(
        "If people answer",
        ASSUMED,
        "Nobody knows how people will answer. An elasticity of 0.1 assumes: where what is left to "
        "pay falls by a tenth, a hundredth more is bought. Take the range, not a line of it.",
        ("Elasticity", "Sales", "More sales", "Cost of points", "More cost"),
        rows,
    )


_UNKNOWN: Final = (
    ("Behaviour", "Who would have bought more, less, or elsewhere under the draft."),
    ("Redemptions", "Members take what they took then; other prices would have tempted others."),
    ("Who is not in it", "Sales to nobody we know, people who never joined, and who would have."),
    ("Margins", "What the goods cost; more sales are not more profit."),
    ("Attributes", "What was known of a member then, where no rule had asked: today's is taken."),
    ("Rewards", "Stock, limits and doors of rewards are not played again."),
    ("Notices", "Where none were sent before, those a draft promises count as shown in time."),
    (
        "Prizes",
        "What places on boards, teams and draws would give under the draft hangs on everybody, or "
        "on chance: what they gave stays as it was. Prizes that are no points are in no sum. "
        "Nobody says that they take part in a challenge that was not there.",
    ),
    (
        "Friends",
        "Who brings whom is not played again: friends count for tiers who stayed while a ladder of "
        "the program counted them. A table of sales knows of none.",
    ),
    ("Gifts", "Members hand on what they handed on then, as far as it is there."),
)


def unknown(result: Result) -> Section:
    """What a replay cannot know."""
    rows = [*_UNKNOWN, *_plans(result.plans_missed)]
    return Section("What a replay cannot know", ASSUMED, "", ("What", "Why it matters"), rows, 2)


def _plans(missed: Sequence[str]) -> list[tuple[str, str]]:
    if not missed:
        return []
    says = (
        f"Who paid for a membership ({', '.join(missed)}) stands in no table of sales: nobody has "
        "one here, and rules that ask for one gave nothing, under both."
    )
    return [("Paid memberships", says)]


def left_out(result: Result) -> Section:
    """Lines that took no part, by reason, then one by one."""
    told = result.everything_left_out()
    reasons = Counter((by, one.why) for by, one in told)
    rows = [(by, f"{number(count)} in all", why) for (by, why), count in reasons.most_common()]
    rows += [(by, one.where, one.why) for by, one in told[:MOST_LEFT_OUT]]
    more = (
        f"; the first {MOST_LEFT_OUT}, all are in left_out.parquet"
        if len(told) > MOST_LEFT_OUT
        else ""
    )
    says = f"{number(len(told))} lines take no part{more}."
    return Section("Left out", MECHANICAL, says, ("By", "Line", "Why"), rows, 3)
