"""On the wire: settlements, their lines, what partners answer, and where they are put."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.records.rewards.partners.settling.types import (
    Answered,
    Every,
    Reconciled,
    SettledLine,
    Settlement,
    SettlementFormat,
    SettlementPlan,
)
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.parts import CurrencyText, Id, Limit, Money, Text
from regulars.surfaces.api.wire.rewarding.plans import SignedMoney
from regulars.surfaces.connect.extracts.settlements.ending import ContractEndShown
from regulars.surfaces.connect.extracts.settlements.files import Between
from regulars.surfaces.connect.feeds.places.addresses import fingerprint
from regulars.surfaces.connect.feeds.wire import (
    FeedAccount,
    FeedAddress,
    FeedPrivateKey,
    FeedSecret,
)


class SettlementSent(Struct, frozen=True, forbid_unknown_fields=True):
    """An account is settled."""

    until_on: date | None = None
    """Everything that was booked before this day; before today, unless said."""
    actor: Text = ""


class SettlementAnswers(Struct, frozen=True):
    """How far a settlement is answered."""

    accepted: int
    accepted_amount: SignedMoney
    disputed: int
    disputed_amount: SignedMoney
    undecided: int
    """Of the disputed lines, those nobody decided yet."""
    granted: int
    """Of the disputed lines, those whose price went back; the next settlement has it."""
    unanswered: int
    unanswered_amount: SignedMoney


class SettlementShown(Struct, frozen=True):
    """A stretch of an account: opening, all that was booked, and closing add up."""

    id: str
    partner: str
    number: int
    from_at: datetime | None
    """From the beginning, where nothing is said."""
    until_at: datetime
    lines: int
    opening: SignedMoney
    payments: SignedMoney
    accruals: SignedMoney
    redemptions: SignedMoney
    returns: SignedMoney
    corrections: SignedMoney
    closing: SignedMoney
    made_at: datetime
    actor: str
    answers: SettlementAnswers | None = None
    """Left out of lists."""
    ended: list[ContractEndShown] = []
    """Contracts that ended before their time in this stretch; left empty in lists."""


class SettlementsPage(Struct, frozen=True):
    """Settlements, the newest first."""

    items: list[SettlementShown]
    has_more: bool
    next_cursor: str | None


class SettlementsQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which of them."""

    cursor: str | None = None
    limit: Limit = 50


class SettledLineShown(Struct, frozen=True):
    """One line, with what the partner answered."""

    id: str
    line: int
    kind: str
    reference: str
    also_known_as: str
    """By which other number the partner told of what was claimed."""
    takes_back: str
    """Of what came back: the partner's reference of it."""
    occurred_at: datetime
    booked_at: datetime
    wallet: str
    units: int
    moved: int
    price: Money | None
    per_units: int | None
    amount: SignedMoney
    balance: SignedMoney
    answer: Answered | None
    reason: str
    decided: str
    """Of a disputed line: granted or rejected."""


class SettledLinesPage(Struct, frozen=True):
    """Lines in their order."""

    items: list[SettledLineShown]
    has_more: bool
    next_cursor: str | None


class SettlementFileQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """How it is written."""

    format: Literal["csv", "parquet", "totals"] = "csv"
    """The lines as CSV or Parquet, or the control totals as JSON."""


class LineAmount(Struct, frozen=True, forbid_unknown_fields=True):
    """What a partner has for a line, below nothing where it owes it."""

    minor: Annotated[int, Meta(ge=-(2**53 - 1), le=2**53 - 1)]
    currency: CurrencyText


class LineAnswerSent(Struct, frozen=True, forbid_unknown_fields=True):
    """What a partner says of a line."""

    entry: Id
    answer: Answered
    amount: LineAmount | None = None
    """What the partner has for it; another one than the line's cannot be accepted."""
    reason: Annotated[str, Meta(max_length=200)] = ""
    """Why it is disputed."""


class LineAnswersSent(Struct, frozen=True, forbid_unknown_fields=True):
    """What a partner answers to a settlement."""

    lines: Annotated[list[LineAnswerSent], Meta(min_length=1, max_length=500)]
    actor: Text = ""


class LineAnsweredShown(Struct, frozen=True):
    """What became of an answer."""

    entry: str
    answer: Answered
    dispute: str | None = None
    code: str = ""
    """Why it is not kept; empty: it is."""
    field: str = ""
    reason: str = ""


class LineAnswersDone(Struct, frozen=True):
    """One result for each line, in the order they were sent."""

    results: list[LineAnsweredShown]
    answers: SettlementAnswers


class SettlementPlanSent(Struct, frozen=True, forbid_unknown_fields=True):
    """How often a partner gets its settlements, and where. What is secret stays where place and
    account do."""

    every: Every
    place: Literal["folder", "sftp", "s3"]
    address: FeedAddress = ""
    """Of a folder: its name below this program's own. Of an SFTP server `sftp://host:22/folder`, of
    an object store `s3://bucket/prefix`."""
    format: SettlementFormat = "csv"
    account: FeedAccount | None = None
    secret: FeedSecret | None = None
    """The password, what opens the private key, or the secret of the access key. Kept encrypted and
    shown to nobody."""
    private_key: FeedPrivateKey | None = None
    host_key: Annotated[str, Meta(min_length=1, max_length=2000)] | None = None
    endpoint: Annotated[str, Meta(max_length=500)] | None = None
    region: Annotated[str, Meta(max_length=40)] | None = None
    paused: bool = False


class PutFromSent(Struct, frozen=True, forbid_unknown_fields=True):
    """From which day on settlements are put there once more."""

    from_on: date


class SettlementPlanShown(Struct, frozen=True):
    """How often and where, without keys."""

    partner: str
    every: Every
    place: Literal["folder", "sftp", "s3"]
    address: str
    format: SettlementFormat
    account: str
    endpoint: str
    region: str
    host_key: str
    paused: bool
    put: int
    """The number of the last settlement that is there."""
    put_at: datetime | None
    waiting: int
    """How many settlements are made and not there yet."""
    next_at: datetime
    problem: str


class SettlementPlanTried(Struct, frozen=True):
    """Whether a place answers."""

    answers: bool
    problem: str
    host_key: str


def settlement_shown(
    one: Settlement,
    about: Between,
    found: Reconciled | None = None,
    ended: Sequence[ContractEndShown] = (),
) -> SettlementShown:
    """As the world sees it."""
    money = {
        name: SignedMoney(getattr(one, f"{name}_minor"), about.currency)
        for name in ("opening", "payments", "accruals", "redemptions", "returns", "corrections",
                     "closing")
    }  # fmt: skip
    return SettlementShown(
        id=shown("stl", one.settlement_id),
        partner=about.partner,
        number=one.number,
        from_at=one.from_at,
        until_at=one.until_at,
        lines=one.lines,
        made_at=one.made_at,
        actor=one.actor,
        answers=None if found is None else answers_shown(found, about.currency),
        ended=list(ended),
        **money,
    )


def answers_shown(one: Reconciled, currency: str) -> SettlementAnswers:
    """How far it is answered, as the world sees it."""
    return SettlementAnswers(
        one.accepted,
        SignedMoney(one.accepted_minor, currency),
        one.disputed,
        SignedMoney(one.disputed_minor, currency),
        one.undecided,
        one.granted,
        one.unanswered,
        SignedMoney(one.unanswered_minor, currency),
    )


def line_shown(one: SettledLine, about: Between) -> SettledLineShown:
    """As the world sees it."""
    price = one.price_minor
    return SettledLineShown(
        id=shown("pen", one.entry_id),
        line=one.step,
        kind=one.kind,
        reference=one.external_id,
        also_known_as=one.known_as,
        takes_back=one.takes_back,
        occurred_at=one.occurred_at,
        booked_at=one.booked_at,
        wallet="" if one.kind == "payment" else about.wallets[one.wallet],
        units=one.units,
        moved=one.moved,
        price=None if price is None else Money(price, about.currency),
        per_units=one.per_units,
        amount=SignedMoney(one.amount_minor, about.currency),
        balance=SignedMoney(one.balance_minor, about.currency),
        answer=one.answer,
        reason=one.reason,
        decided=one.decided,
    )


def plan_shown(one: SettlementPlan, about: tuple[str, int]) -> SettlementPlanShown:
    """As the world sees it; `about` is the partner, and the number of its last settlement."""
    partner, last = about
    return SettlementPlanShown(
        partner=partner,
        every=one.every,
        place=one.place,
        address=one.address,
        format=one.format,
        account=one.account,
        endpoint=one.endpoint,
        region=one.region,
        host_key=fingerprint(one.host_key),
        paused=one.state == "paused",
        put=one.put_number,
        put_at=one.put_at,
        waiting=last - one.put_number,
        next_at=one.next_at,
        problem=one.problem,
    )
