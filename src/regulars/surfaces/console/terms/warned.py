"""What a draft is warned of, in the language of whoever reads it; its author accepts some of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from regulars.records.program.problems import Problem
from regulars.surfaces.console.words import N
from regulars.surfaces.ui.reader import Reader

WARNINGS: Final = frozenset(
    {
        N("%(name)s is put back: members have this offer until it is over"),
        N("%(n)s texts are not translated, the first is %(first)s"),
        N("a priority counts only among the rules of a group"),
        N("a purchase that comes back takes nothing that became a code before"),
        N("a row before it fits whatever this one fits"),
        N(
            "it begins on %(day)s, which is over: what is told late of the days since then is "
            "decided by it, and what was told already is not"
        ),
        N(
            "it also rules from %(day)s on, where version %(version)s stands in for one that was "
            "taken back"
        ),
        N("it rules until %(day)s only; from then on version %(version)s does"),
        N("version %(version)s rules since %(day)s, so this never would from now on"),
        N("a rule fires only once for an activity anyway"),
        N("a friend gets more than the member who brought them"),
        N("only newcomers have this, and nothing of the kind is for those who stayed"),
        N("any purchase counts, be it of one cent"),
        N(
            "its price is worth %(worth)s where points pay for a basket, and it costs the "
            "shop %(cost)s"
        ),
        N("members of %(tier)s pay no less than everybody"),
        N("money in %(currency)s has %(n)s decimals"),
        N("no base rule for %(wallet)s can hold when this one does"),
        N("no base rule gives %(wallet)s on %(kind)s, so this gives nothing"),
        N("no other rule is in the group %(group)s"),
        N("no rule gives anything for %(kind)s"),
        N("no rule gives anything to the wallet %(wallet)s"),
        N("nobody can ever have this much in %(wallet)s"),
        N("nothing bounds what this costs in all"),
        N("nothing else is chosen from under %(word)s"),
        N("only a base rule can leave its place to another; this one is rejected instead"),
        N("points worth %(percent)s %% of a purchase of %(amount)s without end"),
        N("points worth %(percent)s %% of a sale without end; %(most)s %% is called careful"),
        N(
            "points worth %(percent)s %% of a purchase of %(amount)s, and limits and budgets too "
            "wide to end it"
        ),
        N(
            "points worth %(percent)s %% of a sale, and limits and budgets too wide to end it; "
            "%(most)s %% is called careful"
        ),
        N("points worth %(amount)s with each term, for which %(fee)s are paid"),
        N(
            "worth %(amount)s each time, and nothing ends it in time; up to %(most)s is called "
            "careful"
        ),
        N(
            "worth %(amount)s each time, and limits and budgets too wide to end it; up to "
            "%(most)s is called careful"
        ),
        N("nothing else is told of %(kind)s, and %(near)s is spelled almost like it"),
        N("the store %(store)s is named here alone, and %(near)s is spelled almost like it"),
        N("the ladder %(ladder)s is no more, and nobody stands on it from then on"),
        N("the store %(store)s is in this group already"),
        N("there are no tiers any more, and who has one keeps its name and nothing else"),
        N("this alternative can never hold"),
        N("this costs the shop more than it is worth to the member"),
        N("this is money that members own, and in many countries it must not lapse"),
        N("times 1 changes nothing"),
        N(
            "what happened since %(day)s is rated anew by %(rules)s, and points that were "
            "too many are taken back"
        ),
        N(
            "what members have already becomes worth %(more)s more (in the smallest coin, "
            "now %(now)s); up to %(most)s %% more is called careful"
        ),
        N("what members have of %(wallet)s buys or pays less from then on"),
        N("what there is for %(kind)s hangs on what the member thinks"),
        N("who pays for this plan gets nothing"),
    }
)
"""Everything the checks warn of (`records/program/checks`, `engine/changing`); a test looks."""


def warnings_in_words(reader: Reader, slips: Iterable[Problem]) -> list[Problem]:
    """Of these what is a warning, told in their language."""
    return [
        replace(one, says=reader.say(one.text, **one.places)) if one.text in WARNINGS else one
        for one in slips
        if one.severity == "warning"
    ]
