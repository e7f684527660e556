"""Accounts with several people: how many use the program, who falls quiet, what is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from regulars.insight.estimators.asking.nps import Nps, nps, nps_of_accounts
from regulars.insight.estimators.asking.shares import satisfied
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.metrics.figures import Figure, count_of, missing, share_of
from regulars.insight.metrics.metric import Metric
from regulars.insight.metrics.spans import Span
from regulars.records.standing.alerts.accounts.read import FEWEST_ORDERS, LATE

LOW: Final = 6
"""Who answers so much or less detracts."""
MANY_TICKETS: Final = 2
"""Of fewer support tickets than these nothing is said."""

ACCOUNTS: Final = (
    Metric(
        id="accounts_there",
        report="accounts",
        name="Accounts",
        means="Companies and households with two people or more today.",
        part="accounts with two people or more",
        unit="count",
        counts="account",
        rows="accounts",
    ),
    Metric(
        id="accounts_buying",
        report="accounts",
        name="Accounts that bought",
        means="Of these accounts, the share in which somebody placed an order in the time.",
        part="accounts with an order in the time",
        whole="accounts with two people or more",
        unit="share",
        counts="account",
        rows="accounts",
        wilson=True,
    ),
    Metric(
        id="contacts_buying",
        report="accounts",
        name="People of accounts who bought",
        means="Of people in these accounts, the share with an order in the time. An account that "
        "hangs on one person goes when that one goes.",
        part="people of accounts with an order in the time",
        whole="people of accounts",
        unit="share",
        counts="member",
        rows="members",
        wilson=True,
    ),
    Metric(
        id="accounts_quiet",
        report="accounts",
        name="Accounts that fall quiet",
        means="Of accounts with at least three orders in the year before the end of the time, the "
        "share whose last one is more than twice their usual gap ago. It is a signal, not a "
        "forecast; how right it was before stands beside alerts about accounts.",
        part="of these, accounts that are late",
        whole="accounts with at least three orders in that year",
        unit="share",
        counts="account",
        rows="accounts",
        wilson=True,
    ),
    Metric(
        id="accounts_again",
        report="accounts",
        name="Accounts that bought again in the next time",
        means="Of accounts that bought in the time before, of the same length, the share that "
        "bought in this one. It is no churn: who did not order may still order.",
        part="accounts that bought in both",
        whole="accounts that bought in the time before",
        unit="share",
        counts="account",
        rows="accounts",
        wilson=True,
    ),
    Metric(
        id="accounts_ended",
        report="accounts",
        name="Churn of accounts",
        means="Of accounts with two people or more as the time began, the share that had fewer as "
        "it ended: people left, or the account was given up.",
        part="of these, accounts left with fewer than two people",
        whole="accounts with two people or more as the time began",
        unit="share",
        counts="account",
        rows="accounts",
        wilson=True,
    ),
    Metric(
        id="accounts_staying",
        report="accounts",
        name="Accounts that stayed so long",
        means="Of accounts that had come so many months from their second person on as the time "
        "ended, the share that did not end in this month. The share in the table is of all "
        "accounts, from month to month (Kaplan-Meier).",
        part="accounts that did not end in this month",
        whole="accounts that came that far",
        unit="share",
        counts="account",
        rows="accounts",
        wilson=True,
    ),
    Metric(
        id="accounts_asking",
        report="accounts",
        name="Accounts that asked for help",
        means="Of these accounts, the share from which a support ticket came in the time. A ticket "
        "is an activity of the kind `ticket` of one of its people. "
        "What was taken back does not count.",
        part="accounts with a ticket in the time",
        whole="accounts with two people or more",
        unit="share",
        counts="account",
        rows="accounts",
        wilson=True,
    ),
    Metric(
        id="nps_accounts",
        report="accounts",
        name="NPS across accounts",
        means="Promoters less detractors, from -100 to 100: first each account by the mean of "
        "its people's last answers in the time, then over accounts, so that a large one does not "
        "drown the others; bounds by adjusted Wald. Answers are those to our own surveys and "
        "activities of the kind `nps` with a `score` from 0 to 10. What was taken back does not "
        "count.",
        part="accounts that promote less accounts that detract",
        unit="score",
        counts="account",
        rows="accounts",
    ),
    Metric(
        id="nps_members",
        report="accounts",
        name="NPS of all members",
        means="The same over every member who answered in the time, by their last answer.",
        part="members who promote less members who detract",
        unit="score",
        counts="member",
        rows="members",
    ),
    Metric(
        id="bought_after_answer",
        report="accounts",
        name="Bought in the 90 days after their answer",
        means="Of members who gave such an answer in the time, and at least 90 days ago, the share "
        "with an order in the 90 days after it. It says who stays, not why.",
        part="members with an order in the 90 days after their last answer",
        whole="members who answered so, at least 90 days ago",
        unit="share",
        counts="member",
        rows="members",
        wilson=True,
    ),
    Metric(
        id="csat_members",
        report="accounts",
        name="Satisfied members",
        means="Of members who said how satisfied they are, the share with 4 or 5 of 5, by their "
        "last answer in the time. Answers are those to our own surveys and activities of the kind "
        "`csat` with a `score` from 1 to 5. See also how many answered our surveys. What was "
        "taken back does not count.",
        part="members who said 4 or 5",
        whole="members who answered in the time",
        unit="share",
        counts="member",
        rows="members",
        wilson=True,
    ),
    Metric(
        id="survey_response",
        report="accounts",
        name="Answered our surveys",
        means="Of members whom a survey of ours was made for in the time, the share who answered "
        "one of these until now. Where few answer, what they say is what few say.",
        part="members who answered",
        whole="members whom a survey was made for in the time",
        unit="share",
        counts="member",
        rows="members",
        wilson=True,
    ),
)


class Account(NamedTuple):
    """An account, how it used the program in a span, and in the one before.

    `quiet_days` are those since its last order, `usual_days` its mean gap in a year, not rounded:
    of gaps of a day and a half, three days are not more than twice. Nothing where it has fewer than
    three orders.
    """

    account_id: UUID
    name: str
    head_id: UUID | None
    people: int
    buying: int
    orders: int
    orders_before: int
    net_minor: int
    last_on: date | None
    quiet_days: int | None
    usual_days: float | None

    @property
    def signal(self) -> str:
        """`quiet`, `fewer`, `steady`, or `none` where there is too little to say.

        Keeps: as alerts do, nobody buys fewer who placed less than three orders before: in a short
        time most accounts have none, and none before.
        Example: with an order each ten days until 25 days ago an account is quiet; one that bought
        half as often as in the time before, and lately, buys fewer.
        """
        if self.usual_days is None or self.quiet_days is None:
            return "none"
        if self.quiet_days > LATE * max(1, self.usual_days):
            return "quiet"
        often = self.orders_before >= FEWEST_ORDERS
        return "fewer" if often and 2 * self.orders <= self.orders_before else "steady"


class Tickets(NamedTuple):
    """How often people of an account asked for help in a span, and in the one before."""

    now: int = 0
    before: int = 0


def health(one: Account, score: int | None, asked: Tickets) -> str:
    """How an account is: `slipping`, `strained`, `well`, or `none` where nothing says it.

    Use comes first: who falls quiet or buys less slips, whatever they answer. Who buys as ever is
    strained where its people detract, or asked for help more often than before, twice at least.
    """
    if one.signal in ("quiet", "fewer"):
        return "slipping"
    more = asked.now >= MANY_TICKETS and asked.now > asked.before
    if more or (score is not None and score <= LOW):
        return "strained"
    return "none" if one.signal == "none" and score is None else "well"


class Answer(NamedTuple):
    """What a member said last, and in which account they are."""

    kind: str
    member_id: UUID
    account_id: UUID | None
    score: int


class Later(NamedTuple):
    """Members by what they said, and what they did in the 90 days after."""

    kind: str
    group: str
    members: int
    bought: int
    net_minor: int


def account_figures(
    span: Span, accounts: Sequence[Account], asking: Mapping[UUID, Tickets], ends: tuple[int, int]
) -> list[Figure]:
    """How many there are, who bought, who falls quiet, who asks for help; of those that were there,
    how many ended (`ends`)."""
    known = [one for one in accounts if one.signal != "none"]
    quiet = sum(one.signal == "quiet" for one in known)
    people = sum(one.people for one in accounts)
    before = [one for one in accounts if one.orders_before > 0]
    return [
        count_of("accounts_there", span, len(accounts)),
        share_of("accounts_buying", span, sum(one.orders > 0 for one in accounts), len(accounts)),
        share_of("contacts_buying", span, sum(one.buying for one in accounts), people),
        share_of("accounts_quiet", span, quiet, len(known)),
        share_of("accounts_again", span, sum(one.orders > 0 for one in before), len(before)),
        share_of("accounts_ended", span, *ends),
        share_of("accounts_asking", span, sum(a.now > 0 for a in asking.values()), len(accounts)),
    ]


def answer_figures(span: Span, answers: Sequence[Answer]) -> list[Figure]:
    """What members and accounts say of the shop; of no answer nothing is said."""
    scores = [one.score for one in answers if one.kind == "nps"]
    content = [one.score for one in answers if one.kind == "csat"]
    by_account = {key: tuple(some) for key, some in by(answers).items()}
    happy, _ = satisfied(content, len(content))
    return [
        _score("nps_accounts", span, nps_of_accounts(by_account)),
        _score("nps_members", span, nps(scores)),
        share_of("csat_members", span, happy.part, happy.whole)
        if content
        else missing("csat_members", span, NotEnough("answers", 0, 1)),
    ]


def by(answers: Sequence[Answer]) -> Mapping[str, list[int]]:
    """Scores of the question of NPS, by account."""
    found: dict[str, list[int]] = {}
    for one in answers:
        if one.kind == "nps" and one.account_id is not None:
            found.setdefault(one.account_id.hex, []).append(one.score)
    return found


def _score(metric: str, span: Span, found: Nps | NotEnough) -> Figure:
    if isinstance(found, NotEnough):
        return missing(metric, span, found)
    return Figure(metric, span, found.value, low=found.low, high=found.high, n=found.answers)
