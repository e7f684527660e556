"""What a draft is warned of and how it is mended, in the language of whoever reads it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from regulars.records.program.problems import Problem
from regulars.surfaces.ui.reader import Reader

N: Final = str
"""Marks a sentence for the catalogues."""
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
        N(
            "%(part)s is less from then on, or another (%(fields)s); members who have it: "
            "%(members)s"
        ),
        N("%(part)s is no more from then on; members who have it: %(members)s"),
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
        N(
            "what members have of %(wallet)s buys or pays less from then on by %(parts)s, and "
            "`worth: keep` keeps none of that"
        ),
        N("what there is for %(kind)s hangs on what the member thinks"),
        N("who pays for this plan gets nothing"),
    }
)
"""Everything the checks warn of (`records/program/checks`, `engine/changing`, `flows/terms`); a
test looks."""
MENDS: Final = frozenset(
    {
        N("add `group:`, or remove it"),
        N("add `when: {if: amount, at_least: …}`, a limit or a budget"),
        N("add a base rule for the same wallet and activity"),
        N("add a rule for it, or remove it"),
        N("add a rule with `on: %(kind)s`"),
        N("add them, or members read these in the language of the file"),
        N("check price and cost"),
        N("check worth and cost"),
        N("compare its conditions and dates with those of the base rules"),
        N("did you mean %(near)s?"),
        N("give another one the same word, or remove it"),
        N("give fewer points, or ask for a higher fee"),
        N(
            "give less, let it be had less often, raise the prices of rewards, or raise "
            "`caution: {share_percent: …}`"
        ),
        N(
            "give less, let the friend buy for more (`amount`), say `most` or a narrower one, or "
            "a budget of each side"
        ),
        N(
            "give less, set a limit or a budget or a narrower one, raise the prices of rewards, "
            "or raise `caution: {share_percent: …}`"
        ),
        N("give those who stayed something of the kind, or accept that it is meant"),
        N("keep `tiers:` as it is"),
        N("leave it as it is, or add another ladder beside it"),
        N("leave it as it is; or tell those who have it, and say that it is meant"),
        N("leave these as they are while members have points for them"),
        N("limit the points, or another period"),
        N("look at the plan to see whom it touches; or remove it, and rate what is to come"),
        N("loosen it or remove it"),
        N("lower the price, or let rules give more"),
        N("move it up, or remove it"),
        N("name it once"),
        N("name no day, and it rules at once; or one that is to come"),
        N("name no day, and it rules from now on"),
        N("publish it once more from then on, or take that version back"),
        N("publish what is to rule from then on as well, if that is something else"),
        N("put another rule in, or remove it"),
        N("raise the prices of rewards, or raise `caution: {liability_percent: …}`"),
        N("remove `%(field)s:`, or accept this warning where the law allows it"),
        N("remove it, unless the law where you are lets it"),
        N("reward every honest word alike; the law of many countries asks for it"),
        N("write `budget: {points: …, per: month}`"),
        N("write `changeover: {worth: keep}`, so that only points of then on do"),
        N("write `negative: debt` in %(wallet)s, and an unused code is given back"),
        N("write `scale: %(n)s`"),
        N("write a benefit with `plan: %(plan)s`"),
        N("write a smaller price"),
        N("write more than 1"),
        N("write reject"),
        N("write the least purchase as `amount:`"),
    }
)
"""How each of it is mended, or what to do if it is meant; a test looks."""


def warnings_in_words(reader: Reader, slips: Iterable[Problem]) -> list[Problem]:
    """Of these what is a warning, told in their language, with its mend."""
    return [in_words(reader, one) for one in slips if one.severity == "warning"]


def in_words(reader: Reader, one: Problem) -> Problem:
    """A warning and its mend in the language of whoever reads it; an error as it is, as that names
    the words of the file."""
    if one.severity != "warning":
        return one
    says, mend, asked = one.says, one.mend, one.mend_text or one.mend
    if one.text in WARNINGS:
        says = reader.say(one.text, **one.places)
    if asked in MENDS:
        mend = reader.say(asked, **one.mend_places)
    return replace(one, says=says, mend=mend)
