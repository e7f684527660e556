"""Every sentence of the page about a month; `words/` says each in other languages."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

N: Final = str
"""Marks a text for the translators."""

TITLE: Final = N("The month of %(month)s")
HAPPENED: Final = N("What happened")
BESIDE: Final = N("Beside other months")
MEANS: Final = N("What it means")
NEXT: Final = N("Three things to do next")
COUNTED: Final = N("How it was counted")
HEADS: Final = (N("Measured"), N("This month"), N("Month before"), N("A year before"))
UNFINISHED: Final = N("This month has not ended: what is said of it will change.")
NOT_ENOUGH: Final = N("not enough to say")

BOUGHT: Final = (
    N("%(n)s member bought, %(orders)s times, for %(money)s."),
    N("%(n)s members bought, %(orders)s times in all, for %(money)s."),
)
JOINED: Final = (N("%(n)s person joined."), N("%(n)s people joined."))
NOBODY: Final = N("By what was told to Regulars, no member bought anything in this month.")
MOVED: Final = N("Members got %(issued)s %(points)s and spent %(spent)s.")
HELD: Final = N(
    "As the month ended they held %(held)s; if all were spent, that would cost %(money)s."
)
HELD_ONLY: Final = N("As the month ended they held %(held)s.")

NAMES: Final = MappingProxyType(
    {
        "orders": N("Orders of members"),
        "net_minor": N("Net revenue of members"),
        "period_retention": N("Came again from the month before"),
        "second_order_90": N("Came again within 90 days, of who first bought in %(month)s"),
        "points_issued": N("Points issued"),
        "points_redeemed": N("Points redeemed"),
    }
)
"""Of lines that are called otherwise here than in the reports."""
CHANGES: Final = MappingProxyType(
    {
        ("active_members", "last", "up"): N(
            "More members bought than in the month before, and by more than chance brings."
        ),
        ("active_members", "last", "down"): N(
            "Fewer members bought than in the month before, and by more than chance brings."
        ),
        ("active_members", "last", "chance"): N(
            "Whether more or fewer members come than in the month before cannot be said: a "
            "difference as small as this comes by chance."
        ),
        ("active_members", "last", "same"): N("As many members bought as in the month before."),
        ("active_members", "last", "unknown"): N(
            "Nothing can be said beside the month before: Regulars does not know the whole of it."
        ),
        ("active_members", "year", "up"): N(
            "Beside the same month a year ago more members bought, and by more than chance brings."
        ),
        ("active_members", "year", "down"): N(
            "Beside the same month a year ago fewer members bought, and by more than chance brings."
        ),
        ("active_members", "year", "chance"): N(
            "Beside the same month a year ago there is no difference that chance would not bring."
        ),
        ("active_members", "year", "same"): N("As many members bought as a year ago."),
        ("active_members", "year", "unknown"): N(
            "Nothing can be said beside the same month a year ago: Regulars does "
            "not know the whole "
            "of it. Without a year of history a good month and a good season look the same."
        ),
        ("period_retention", "last", "up"): N("That is more than in the month before."),
        ("period_retention", "last", "down"): N("That is less than in the month before."),
        ("joined", "last", "up"): N(
            "More people joined than in the month before, and by more than chance brings."
        ),
        ("joined", "last", "down"): N(
            "Fewer people joined than in the month before, and by more than chance brings."
        ),
    }
)
"""What a change means; what is not here is not worth a sentence."""
CAME_AGAIN: Final = N(
    "Of %(whole)s members who bought in the month before, %(part)s bought again: %(share)s, "
    "and but for chance between %(low)s and %(high)s."
)
NONE_AGAIN: Final = N("How many came again from the month before cannot be said yet.")

STEPS: Final = MappingProxyType(
    {
        "win_back": (
            N("Write to who slips away"),
            N("Members who slip away and to whom nobody has written: %(count)s. They stand under "
              "“Members to win back”, who is worth most first."),
        ),
        "end_experiment": (
            N("End an experiment"),
            N("“%(about)s” has said what it can say. Look at it, and keep what was better."),
        ),
        "name_sales": (
            N("Ask for the card at each sale"),
            N("Only %(part)s of %(whole)s purchases name a member. Whoever is not "
              "asked is not known."),
        ),
        "come_again": (
            N("Give a reason for the second visit"),
            N("Of %(whole)s who bought for the first time in %(month)s, %(part)s came again within "
              "90 days. A small reward for the second visit is the cheapest place to begin."),
        ),
        "find_why": (
            N("Ask why fewer came"),
            N("Ask at the counter, and look at the stores one by one: is it all of them, or one?"),
        ),
        "first_reward": (
            N("Bring the first reward nearer"),
            N("Of %(whole)s who joined in the month before, %(part)s have had a reward. Try in a "
              "draft what a smaller first one would cost."),
        ),
        "lapsing": (
            N("Tell members what lapses"),
            N("%(count)s %(points)s lapse by the end of next month. Who is told "
              "comes to spend them."),
        ),
        "spend_points": (
            N("Make points worth spending"),
            N("Of each five points given in the month, less than one was spent. Points nobody "
              "spends bring nobody back."),
        ),
        "cover_owed": (
            N("Look at what you owe"),
            N("Outstanding points would cost %(part)s if all were spent; members bought for "
              "%(whole)s in the month. See “Points owed”."),
        ),
        "try_out": (
            N("Try something, and measure it"),
            N("%(count)s members are enough to find out what a change brings: let chance give it "
              "to one half, under “Experiments”."),
        ),
        "bring_sales": (
            N("Tell Regulars what is sold"),
            N("Let tills, the web shop or a file of past sales tell it: then next month there is "
              "more to say here."),
        ),
        "ask_staff": (
            N("Ask whoever stands at the counter"),
            N("What do members ask for, and what do they not understand? That is in no table."),
        ),
        "look_around": (
            N("Look at the reports"),
            N("Each figure there says what it means and opens what it is made of."),
        ),
    }
)  # fmt: skip
"""Each thing to do, and why."""
NOTES: Final = (
    N("An order is what somebody paid on one day, less what came back, whenever it came back; so "
      "past months may still change a little."),
    N("“More than chance brings” means: of a hundred months in which nothing changed, at most five "
      "would differ as much."),
    N("It says what happened, not why. What the program changed is shown by experiments alone."),
)  # fmt: skip
AS_OF: Final = N("Up to the books of %(at)s.")
LETTER: Final = N("%(shop)s: the month of %(month)s")
OPEN_IT: Final = N("The whole page is attached. In the console it stands here:")
BECAUSE: Final = N("You get this letter because you asked for it. You can end it on your page:")


def all_texts() -> tuple[str, ...]:
    """Every text above that is no count."""
    tables = [*NAMES.values(), *CHANGES.values(), *(one for two in STEPS.values() for one in two)]
    single = (
        TITLE, HAPPENED, BESIDE, MEANS, NEXT, COUNTED, *HEADS, UNFINISHED, NOT_ENOUGH, NOBODY,
        MOVED, HELD, HELD_ONLY, CAME_AGAIN, NONE_AGAIN, *NOTES, AS_OF, LETTER,
        OPEN_IT, BECAUSE,
    )  # fmt: skip
    return tuple(dict.fromkeys((*single, *tables)))


COUNTS: Final = (BOUGHT, JOINED)
"""Sentences about a count, in both forms."""
