"""What clients of Salesforce's loyalty resources send, and what they are answered.

Fields have their names. A journal may have any further field, also one of an org's own (`…__c`):
whatever we do not know is overlooked, as Salesforce's own processes overlook what no rule asks for.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final

from msgspec import Meta, Raw, Struct, field

MOST: Final = 200
Text = Annotated[str, Meta(max_length=200)]


class JournalSent(Struct, frozen=True, rename="pascal"):
    """Something a member did."""

    external_transaction_number: Text = ""
    """Its receipt, by which it counts once for ever."""
    journal_type_name: Text = ""
    journal_type_id: Text = ""
    """`Accrual`, by name or in place of the id."""
    journal_sub_type_name: Text = ""
    """What kind of activity it is, where it is no purchase."""
    membership_number: Text = ""
    member_id: Text = ""
    activity_date: Text = ""
    transaction_amount: Decimal | None = None
    """As a number or as a text."""
    currency_iso_code: Text = ""
    channel: Text = ""
    establishment: Text = ""
    """In which store."""


class RunSetting(Struct, frozen=True):
    """How journals are run."""

    isSimulation: bool = False  # noqa: N815 - as they call it


class JournalsSent(Struct, frozen=True):
    """Journals to be processed."""

    transactionJournals: Annotated[  # noqa: N815 - as they call it
        tuple[JournalSent, ...], Meta(min_length=1, max_length=MOST)
    ]
    runSetting: RunSetting = RunSetting()  # noqa: N815


class PointsSent(Struct, frozen=True, rename="pascal"):
    """Points of one journal that somebody else worked out."""

    transaction_journal: JournalSent
    points_to_credit: Decimal | None = None
    points_to_debit: Decimal | None = None
    program_currency_name: Text = ""
    """Of which kind; the program's first where that is not said."""


class RunSent(Struct, frozen=True):
    """What a process is run with."""

    each: Annotated[tuple[PointsSent, ...], Meta(min_length=1, max_length=MOST)] = field(
        name="processParameters"
    )


class RunDone(Struct, frozen=True, rename="pascal", omit_defaults=True):
    """What a process did for one of its parameters."""

    points_credited: Raw | None = None
    points_debited: Raw | None = None


class ResultsTold(Struct, frozen=True):
    """What it did for each, in their order."""

    results: list[RunDone]


class RunsDone(Struct, frozen=True, rename="camel"):
    """The same; twice within each other, as they have it."""

    output_parameters: ResultsTold


class RunTold(Struct, frozen=True, rename="camel"):
    """A process that ran."""

    message: str | None
    output_parameters: RunsDone
    simulation_details: dict[str, str]
    status: bool


class PointsTold(Struct, frozen=True, rename="camel"):
    """What one journal changed in one kind of points."""

    loyalty_program_currency_name: str
    change_in_points_balance: Raw


class SummaryTold(Struct, frozen=True, rename="camel"):
    """What came of a journal."""

    points_summary: list[PointsTold]


class JournalTold(Struct, frozen=True, rename="camel"):
    """A journal that was processed."""

    transaction_journal_id: str
    external_transaction_number: str
    loyalty_program: str
    member_id: str
    journal_type: str
    status: str
    execution_summary: SummaryTold


class CurrencyChanged(Struct, frozen=True, rename="camel"):
    """What one journal changed in one kind of points."""

    currency_name: str
    currency_type: str
    change_in_points_balance: Raw
    change_in_escrow_points_balance: Raw
    """Of that, points that wait."""


class MemberChanged(Struct, frozen=True, rename="camel"):
    """What one journal changed of one member."""

    member_ship_number: str
    change_in_member_currencies: list[CurrencyChanged]


class JournalResult(Struct, frozen=True, rename="camel"):
    """What came of a journal, as their own clients read it."""

    id: str
    change_in_member_points: list[MemberChanged]
    code: None = field(default=None, name="voucherResult")


class CurrencyStands(Struct, frozen=True, rename="camel"):
    """Where a member stands in one kind of points after all journals."""

    currency_name: str
    currency_type: str
    points_balance: Raw


class MemberStands(Struct, frozen=True, rename="camel"):
    """Where a member stands after all journals."""

    member_ship_number: str
    member_currencies: list[CurrencyStands]


class JournalsDone(Struct, frozen=True, rename="camel"):
    """What journals did, in their order, and where their members stand."""

    member_points_balance: list[MemberStands]
    transaction_journal_result: list[JournalResult]


class JournalsTold(Struct, frozen=True, rename="camel"):
    """Journals that were processed, in their order; as their resource tells it (`processResult`),
    and as its simulations do (`transactionJournals`)."""

    status: bool
    message: str | None
    transaction_journals: list[JournalTold]
    done: JournalsDone = field(name="processResult")
    program_name: str
    simulation_results: None = None


class ProfileQuery(Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """Whose profile: by id or by number; and of which kind of points alone."""

    member_id: Text | None = None
    membership_number: Text | None = None
    program_currency_name: Text | None = None


class ContactTold(Struct, frozen=True, rename="camel"):
    """Who it is."""

    contact_id: str | None
    first_name: str
    last_name: str
    email: str | None


class CurrencyTold(Struct, frozen=True, rename="camel"):
    """Where a member stands in one kind of points."""

    loyalty_program_currency_id: str
    loyalty_program_currency_name: str
    loyalty_member_currency_name: str
    points_balance: Raw
    escrow_points_balance: Raw
    """Points that wait."""
    total_points_accrued: Raw
    expirable_points: Raw
    """Of these, those that lapse next."""


class TierTold(Struct, frozen=True, rename="camel"):
    """On which tier a member stands."""

    tier_id: str
    loyalty_member_tier_name: str
    tier_group_name: str
    tier_sequence_number: int
    tier_effective_date: date | None
    tier_expiration_date: date | None


class ProfileTold(Struct, frozen=True, rename="camel"):
    """A member's account."""

    loyalty_program_name: str
    loyalty_program_member_id: str
    membership_number: str
    member_status: str
    member_type: str
    enrollment_date: date
    associated_contact: ContactTold
    associated_account: None
    member_currencies: list[CurrencyTold]
    member_tiers: list[TierTold]
    can_receive_promotions: bool
    additional_loyalty_program_member_fields: dict[str, Any]


def points(units: int, scale: int) -> Raw:
    """So many points as a number, exact. Example: 1250 of scale 2 is 12.50."""
    return Raw(f"{Decimal(units).scaleb(-scale):f}".encode())


def day_of(at: datetime | None, zone: Any) -> date | None:
    """The day of the program on which something happened."""
    return None if at is None else at.astimezone(zone).date()
